// Sections of a sweep file that are refused.
#include <gtest/gtest.h>

#include "refused.hpp"

namespace qbsweep {
namespace {

using test::Refusal;
using test::Refused;
using test::with;
using test::with_axes;

INSTANTIATE_TEST_SUITE_P(
    Sections, Refusal,
    testing::Values(
        Refused{"", "f.yaml:1: ", "found nothing; accepted: a map with name"},
        Refused{"# nothing\n", "f.yaml:1: ", "found nothing"},
        Refused{"just words", "f.yaml:1: ", "found just words; accepted: a map"},
        Refused{"- a\n- b\n", "f.yaml:1: ", "found a list; accepted: a map"},
        Refused{with("name: plain\n", ""), "f.yaml:1: name: ", "found nothing"},
        Refused{with("name: plain", "name: a b"),
                "f.yaml:1: name: ", "found a b; accepted: up to 200 letters"},
        Refused{with("name: plain", "name: ../x"), "f.yaml:1: name: ", "found ../x"},
        Refused{with("name: plain", "name: ''"), "f.yaml:1: name: ", "found \"\" (in quotes)"},
        Refused{with("name: plain", "name: [a]"), "f.yaml:1: name: ", "found a list"},
        Refused{with("name: plain", "name: a\ndescription: [b]"),
                "f.yaml:2: description: ", "a list"},
        Refused{with("charging", "chargin"), "f.yaml:7: chargin: ", "(did you mean charging?)"},
        Refused{with("charging: {}\n", ""), "f.yaml:1: ",
                "neither charging nor steady_state; accepted: one of these sections or both"},
        Refused{with("charging", "steady_stat"),
                "f.yaml:7: steady_stat: ", "(did you mean steady_state?)"},
        Refused{with("charging: {}", "steady_state: 3"),
                "f.yaml:7: steady_state: ", "found 3; accepted: {method"},
        Refused{with("charging: {}", "steady_state: {fock_dim: 9}"),
                "f.yaml:7: steady_state.fock_dim: ",
                "an unknown key; accepted: method, gap or tolerance"},
        Refused{
            with("charging: {}", "steady_state: {method: shift-invert}"),
            "f.yaml:7: steady_state.method: ",
            "found shift-invert; accepted: auto, shift_invert, propagator or gmres (did you mean "
            "shift_invert?)"},
        Refused{with("charging: {}", "steady_state: {gap: yes}"),
                "f.yaml:7: steady_state.gap: ", "found yes; accepted: true or false"},
        Refused{with("charging: {}", "steady_state: {gap: 1}"),
                "f.yaml:7: steady_state.gap: ", "found 1; accepted: true or false"},
        Refused{with("charging: {}", "steady_state: {tolerance: 0}"),
                "f.yaml:7: steady_state.tolerance: ", "found 0; accepted: a number > 0"},
        Refused{with("{}", "3"), "f.yaml:7: charging: ", "found 3; accepted: {t_max"},
        Refused{with("{}", "{tmax: 1}"), "f.yaml:7: charging.tmax: ", "(did you mean t_max?)"},
        Refused{with("{}", "{t_max: 0}"), "f.yaml:7: charging.t_max: ", "accepted: a number > 0"},
        Refused{with("{}", "{samples: 1}"), "f.yaml:7: charging.samples: ",
                "found 1; accepted: 0 or a whole number from 2 to 10000000"},
        Refused{with("{}", "{samples: -1}"), "f.yaml:7: charging.samples: ", "found -1"},
        Refused{with("{}", "{samples: 20.0}"), "f.yaml:7: charging.samples: ", "without a point"},
        Refused{with("{}", "{tolerance: 0}"),
                "f.yaml:7: charging.tolerance: ", "accepted: a number > 0"},
        Refused{with("{}", "{}\nstorage: {samples: 5}"),
                "f.yaml:8: storage.duration: ", "found nothing; accepted: a number > 0"},
        Refused{with("{}", "{}\nstorage: {duration: 0}"),
                "f.yaml:8: storage.duration: ", "found 0; accepted: a number > 0"},
        Refused{with("{}", "{}\nstorage: {duration: 1, samples: 1}"),
                "f.yaml:8: storage.samples: ", "found 1; accepted: a whole number from 2"},
        Refused{with("{}", "{}\nstorage: {duration: 1, after: tau_max}"),
                "f.yaml:8: storage.after: ", "found tau_max; accepted: tau or t_max"},
        Refused{with("{}", "{}\nstorage: {duration: 1, time: 2}"),
                "f.yaml:8: storage.time: ", "accepted: duration, samples or after"},
        Refused{with("charging: {}", "steady_state: {}\nstorage: {duration: 1}"),
                "f.yaml:8: storage: ", "no section charging beside it"},
        Refused{with("charging: {}", "steady_state: {}\nobservables: [jz, heat_atoms]"),
                "f.yaml:8: observables[1]: ", "heat_atoms, which counts from the begin of a"},
        Refused{with("{}", "{}\nphoton_levels: 5"),
                "f.yaml:8: photon_levels: ", "no photon_distribution among the observables"},
        Refused{with("{}", "{}\nobservables: [photon_distribution]\nphoton_levels: 1"),
                "f.yaml:9: photon_levels: ", "found 1; accepted: a whole number from 2"},
        Refused{with("{}", "{}\nobservables: [photon_distribution]"), "f.yaml:8: photon_levels: ",
                "found nothing, and fock_dim is auto or paper at some"},
        Refused{"name: x\nparameters: 3\ncharging: {}", "f.yaml:2: parameters: ", "found 3;"},
        Refused{with_axes("axes: {name: kappa}\n"),
                "f.yaml:7: axes: ", "a map; accepted: a list"}));

}  // namespace
}  // namespace qbsweep
