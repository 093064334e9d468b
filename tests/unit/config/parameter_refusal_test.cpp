// Parameters that are refused.
#include <gtest/gtest.h>

#include <string>

#include "refused.hpp"

namespace qbsweep {
namespace {

using test::Refusal;
using test::Refused;
using test::with;

/// A parameter on line 5, in the place of g.
Refused parameter(const std::string& line, const std::string& key, const std::string& rest) {
  return {with("g: 0.5", line), "f.yaml:5: parameters." + key + ": ", rest};
}

/// Like parameter(), but beside a coupling of its own.
Refused extra(const std::string& line, const std::string& key, const std::string& rest) {
  return {with("g: 0.5", line + "\n  g: 0.5"), "f.yaml:5: parameters." + key + ": ", rest};
}

INSTANTIATE_TEST_SUITE_P(
    Values, Refusal,
    testing::Values(
        extra("kappa: -0.1", "kappa", "found -0.1; accepted: a number >= 0"),
        extra("kappa: nan", "kappa", "found nan; accepted: a number"),
        extra("kappa: .inf", "kappa", "found .inf; accepted: a number"),
        extra("kappa: 1e999", "kappa", "found 1e999; accepted: a number"),
        extra("kappa: 1e101", "kappa", "and <= 1e+100"),
        extra("kappa: 0x10", "kappa", "found 0x10;"), extra("kappa: 1_000", "kappa", "found 1_000"),
        extra("kappa: 1,5", "kappa", "found 1,5"),
        extra("kappa: 0.1 0.2", "kappa", "found 0.1 0.2"),
        extra("kappa: '0.1'", "kappa", "found \"0.1\" (in quotes); accepted: a number"),
        extra("kappa:", "kappa", "found nothing"), extra("kappa: [0.1]", "kappa", "found a list"),
        extra("kappa: {a: 1}", "kappa", "found a map"), extra("kappa: .", "kappa", "found .;"),
        extra("kappa: +-1", "kappa", "found +-1"), extra("kappa: true", "kappa", "found true"),
        extra("omega_0: 0", "omega_0", "found 0; accepted: a number > 0"),
        extra("omega_c: 1e-200", "omega_c", "accepted: a number > 0 (from 1e-100 to 1e+100)"),
        extra("charger: foc", "charger",
              "accepted: coherent, fock, thermal or squeezed_vacuum (did you mean fock?)"),
        extra("charger: 3", "charger",
              "found 3; accepted: coherent, fock, thermal or squeezed_vacuum"),
        extra("initial_state: ground", "initial_state",
              "found ground; accepted: charged_cavity or ground_state"),
        extra("initial_state: groundstate", "initial_state", "(did you mean ground_state?)"),
        extra("fock_dim: most", "fock_dim",
              "found most; accepted: paper, auto or a whole number from 2 to 100000"),
        extra("fock_dim: 'Auto'", "fock_dim",
              "found \"Auto\" (in quotes); accepted: paper, auto or"),
        extra("fock_dim: 1", "fock_dim", "found 1; accepted: paper, auto or a whole number from 2"),
        extra("fock_dim: 100001", "fock_dim", "found 100001;"),
        parameter("g: -1", "g", "found -1; accepted: a number >= 0"),
        Refused{with("N: 4", "N: 0"),
                "f.yaml:4: parameters.N: ", "found 0; accepted: a whole number from 1 to 1000"},
        Refused{with("N: 4", "N: 1001"), "f.yaml:4: parameters.N: ", "found 1001"},
        Refused{with("N: 4", "N: 8.0"), "f.yaml:4: parameters.N: ",
                "found 8.0; accepted: a whole number from 1 to 1000, written without a point"},
        Refused{
            with("N: 4", "N: 010"), "f.yaml:4: parameters.N: ",
            "found 010; accepted: a whole number from 1 to 1000, written without zeros before it"},
        parameter("kappa: 010", "kappa", "written without zeros before it"),
        Refused{with("N: 4", "N: 99999999999999999999"), "f.yaml:4: parameters.N: ", "found 9999"},
        Refused{
            with("dicke", "dick"), "f.yaml:3: parameters.interaction: ",
            "found dick; accepted: dicke, tavis_cummings or anisotropic (did you mean dicke?)"}));

// What is given and stands for nothing would be ignored; terms that have no frame in common, first
// states that do not fit.
INSTANTIATE_TEST_SUITE_P(
    Model, Refusal,
    ::testing::Values(
        extra("counter_rotating: 0.5", "counter_rotating",
              "accepted: interaction: anisotropic at some point, or no counter_rotating"),
        extra("n_th: 1", "n_th", "accepted: kappa > 0 at some point, or no n_th"),
        extra("omega_d: 1", "omega_d", "accepted: drive > 0 or atom_drive > 0 at some point"),
        extra("battery_angle: 1", "battery_angle", "accepted: battery_state: rotated at some"),
        extra("battery_excitations: 1", "battery_excitations", "battery_state: dicke at some"),
        extra("gamma_up: -1", "gamma_up", "found -1; accepted: a number >= 0"),
        Refused{with("charging", "steady_state", with("m: 4", "m: 4\n  omega_d: 1\n  drive: 0.1")),
                "f.yaml:7: parameters.omega_d: ",
                "found omega_d = 1; accepted: no section steady_state, or omega_d = 0 beside"},
        extra("battery_excitations: 5\n  battery_state: dicke", "battery_excitations",
              "found battery_excitations = 5 with N = 4; accepted: battery_excitations of at most"),
        extra("fock_dim: paper\n  battery_state: excited", "fock_dim",
              "found fock_dim = paper with another initial state"),
        extra("fock_dim: paper\n  charger: thermal", "fock_dim",
              "found fock_dim = paper with another initial state"),
        Refused{with("charging: {}", "charging: {}\nsteady_state: {}",
                     with("m: 4", "m: 4\n  omega_d: 1\n  drive: 0.1\n  ising_x: 0.1")),
                "f.yaml:7: parameters.omega_d: ", "stands still in no frame, and nothing comes to"},
        extra("initial_state: ground_state\n  drive: 0.1", "initial_state",
              "found initial_state = ground_state with drive of the cavity")));

INSTANTIATE_TEST_SUITE_P(
    Parameters, Refusal,
    testing::Values(
        extra("kapa: 1", "kapa", "an unknown key; accepted: interaction"),
        extra("two_axis_twisting: 1", "two_axis_twisting", "an unknown key; accepted: interaction"),
        extra("kapa: 1", "kapa", "(did you mean kappa?)"),
        extra("omega: 1", "omega", "an unknown key"),
        Refused{with("m: 4", "g_over_gc: 1\n  m: 4"), "f.yaml:6: parameters.g_over_gc: ",
                "g_over_gc beside g (at f.yaml:5, parameters.g); accepted: exactly one of g and"},

        Refused{with("  g: 0.5\n", ""), "f.yaml:3: parameters.g: ",
                "neither g nor g_over_gc; accepted: exactly one of g and g_over_gc"},
        Refused{with("  m: 4\n", ""), "f.yaml:3: parameters.m: ", "neither m nor m_per_n"},
        Refused{with("  m: 4\n", "  initial_state: ground_state\n  fock_dim: paper\n"),
                "f.yaml:3: parameters.m: ", "neither m nor m_per_n"},
        Refused{with("  m: 4\ncharging", "  fock_dim: paper\nsteady_state"),
                "f.yaml:3: parameters.m: ", "neither m nor m_per_n"},
        Refused{with("  N: 4\n", ""), "f.yaml:3: parameters.N: ",
                "found nothing; accepted: a whole number from 1 to 1000, or an axis N"},
        Refused{with("  m: 4\n", "  m: 4\n  m_per_n: 1\n"), "f.yaml:7: parameters.m_per_n: ",
                "m_per_n beside m (at f.yaml:6, parameters.m); accepted: exactly one of m and"},
        Refused{
            with("m: 4", "omega_c: 1\n  detuning_ratio: 1\n  m: 4"),
            "f.yaml:7: parameters.detuning_ratio: ", "at most one of detuning_ratio and omega_c"},
        Refused{with("g: 0.5", "kapa:\n    - 1"), "f.yaml:5: parameters.kapa: ", "an unknown key"},

        extra("detuning_ratio: 1e-100\n  omega_0: 10", "detuning_ratio",
              "omega_c = 1e+101; accepted: omega_c of at most 1e+100"),
        extra("detuning_ratio: 1e100\n  omega_0: 0.1", "detuning_ratio", "1/omega_c = "),
        parameter("g_over_gc: 1e99\n  omega_c: 1e90", "g_over_gc", "found g = "),
        parameter("g: 0", "g", "accepted: g > 0, or a window of your own: give charging.t_max"),
        parameter("g: 1e-200", "g", "give charging.t_max"),
        Refused{with("m: 4", "m: 2.5\n  charger: fock"), "f.yaml:6: parameters.m: ",
                "found m = 2.5; accepted: a whole number m for a fock charger"},
        Refused{with("m: 4", "m: 4\n  charger: fock\n  fock_dim: 4"),
                "f.yaml:8: parameters.fock_dim: ", "found fock_dim = 4 with m = 4; accepted: "},
        Refused{with("m: 4", "m: 25000\n  fock_dim: paper"),
                "f.yaml:6: parameters.m: ", "found m = 25000; accepted:"},
        Refused{with("m: 4", "m: 100000\n  fock_dim: auto"), "f.yaml:6: parameters.m: ",
                "found m = 100000; accepted: an m below 100000, the most Fock levels"},
        Refused{with("m: 4", "m_per_n: 25000\n  charger: fock\n  fock_dim: auto"),
                "f.yaml:6: parameters.m_per_n: ", "found m = 100000; accepted: an m below 100000"},
        Refused{with("m: 4", "m: 2.5\n  charger: fock\n  fock_dim: auto"),
                "f.yaml:6: parameters.m: ",
                "found m = 2.5; accepted: a whole number m for a fock charger"},
        Refused{with("m: 4", "m: 1e100\n  fock_dim: paper"),
                "f.yaml:6: parameters.m: ", "4 m + 1, is at most 100000"},
        Refused{with("m: 4", "m_per_n: 1e100"), "f.yaml:6: parameters.m_per_n: ", "m = 4e+100"}));

}  // namespace
}  // namespace qbsweep
