#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>

#include "sweep_texts.hpp"

namespace qbsweep {
namespace {

using test::plain;
using test::read;
using test::refusal;
using test::with;
using test::with_axes;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

struct Refused {
  std::string text;
  std::string begin;  ///< of the message: place and key
  std::string rest;   ///< what else it says
};

std::ostream& operator<<(std::ostream& out, const Refused& refused) {
  return out << refused.text;
}

class Refusal : public testing::TestWithParam<Refused> {};

TEST_P(Refusal, IsOneLineWithPlaceKeyFoundAndAccepted) {
  const std::string message = refusal(GetParam().text);
  EXPECT_THAT(message, StartsWith(GetParam().begin + "found "));
  EXPECT_THAT(message, HasSubstr(GetParam().rest));
  EXPECT_THAT(message, HasSubstr("; accepted: "));
  EXPECT_THAT(message, Not(HasSubstr("\n")));
  EXPECT_LT(message.size(), 500u);
}

/// A parameter on line 5, in the place of g.
Refused parameter(const std::string& line, const std::string& key, const std::string& rest) {
  return {with("g: 0.5", line), "f.yaml:5: parameters." + key + ": ", rest};
}

/// Like parameter(), but beside a coupling of its own.
Refused extra(const std::string& line, const std::string& key, const std::string& rest) {
  return {with("g: 0.5", line + "\n  g: 0.5"), "f.yaml:5: parameters." + key + ": ", rest};
}

/// An axis on line 7.
Refused axis(const std::string& axis, const std::string& key, const std::string& rest) {
  return {with_axes("axes: [" + axis + "]\n"), "f.yaml:7: axes" + key + ": ", rest};
}

/// An axis N on line 7, N being no parameter.
Refused axis_n(const std::string& form, const std::string& key, const std::string& rest) {
  Refused refused = axis("{name: N, " + form + "}", ".N" + key, rest);
  refused.text = with("  N: 4\n", "", with("name: plain", "\nname: plain", refused.text));
  return refused;
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
        extra("omega_d: 1\n  drive: 0.1", "omega_d",
              "found omega_d = 1; accepted: omega_d = 0 beside counter-rotating terms or ising_x"),
        extra("battery_excitations: 5\n  battery_state: dicke", "battery_excitations",
              "found battery_excitations = 5 with N = 4; accepted: battery_excitations of at most"),
        extra("fock_dim: paper\n  battery_state: excited", "fock_dim",
              "found fock_dim = paper with another first state"),
        extra("fock_dim: paper\n  charger: thermal", "fock_dim",
              "found fock_dim = paper with another first state"),
        extra("omega_d: 1\n  drive: 0.1\n  ising_x: 0.1", "omega_d",
              "found omega_d = 1; accepted: omega_d = 0 beside counter-rotating terms or ising_x"),
        extra("initial_state: ground_state\n  drive: 0.1", "initial_state",
              "found initial_state = ground_state with a drive or ising_x")));

INSTANTIATE_TEST_SUITE_P(
    Parameters, Refusal,
    testing::Values(
        extra("kapa: 1", "kapa", "an unknown key; accepted: interaction"),
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
        Refused{"name: x\nparameters: 3\ncharging: {}", "f.yaml:2: parameters: ", "found 3;"},
        Refused{with_axes("axes: {name: kappa}\n"),
                "f.yaml:7: axes: ", "a map; accepted: a list"}));

INSTANTIATE_TEST_SUITE_P(
    Axes, Refusal,
    testing::Values(
        axis("3", "[0]", "found 3; accepted: {name: ..., values: [...]}"),
        axis("{values: [1]}", "[0].name", "found nothing; accepted: the name of a parameter"),
        axis("{name: [kappa], values: [1]}", "[0].name", "found a list"),
        axis("{name: kapa, values: [1]}", ".kapa.name", "no parameter of this name"),
        axis("{name: kappa}", ".kappa", "no values; accepted: exactly one of values, range"),
        axis("{name: kappa, value: [1]}", "[0].value", "(did you mean values?)"),
        axis("{name: kappa, values: [1], linspace: {from: 1, to: 2, count: 2}}", ".kappa",
             "both values and linspace"),
        axis("{name: kappa, values: 1}", ".kappa.values", "found 1; accepted: a list"),
        axis("{name: kappa, values: []}", ".kappa.values", "an empty list"),
        axis("{name: kappa, values: [1, x]}", ".kappa.values[1]", "found x; accepted: a number"),
        axis("{name: kappa, values: [0, 1, 1.0]}", ".kappa.values",
             "1 twice; accepted: every value"),
        axis("{name: kappa, values: [0, -0.0]}", ".kappa.values", "0 twice"),
        axis("{name: N, values: [1]}", ".N", "N again (also at f.yaml:4, parameters.N)"),
        axis("{name: m, values: [1]}", ".m", "m beside m_per_n (at f.yaml:6, parameters.m_per_n)"),
        axis("{name: g_over_gc, values: [1]}", ".g_over_gc",
             "accepted: exactly one of g and g_over"),
        axis("{name: kappa, values: [1]}, {name: kappa, values: [2]}", ".kappa", "second axis"),
        axis("{name: omega_c, values: [1]}, {name: detuning_ratio, values: [1]}", ".detuning_ratio",
             "at most one of detuning_ratio and omega_c"),
        axis("{name: charger, range: {from: 1, to: 2, step: 1}}", ".charger.range",
             "accepted: a list of values: coherent, fock, thermal or squeezed_vacuum"),
        axis("{name: kappa, range: [0, 1, 2]}", ".kappa.range", "a list; accepted: {from"),
        axis("{name: kappa, range: {from: 0, to: 1}}", ".kappa.range.step", "found nothing"),
        axis("{name: kappa, range: {from: 0, to: 1, step: 0}}", ".kappa.range.step",
             "found 0; accepted: a step that leads from 0 to 1"),
        axis("{name: kappa, range: {from: 0, to: 1, step: -0.1}}", ".kappa.range.step",
             "found -0.1"),
        axis("{name: kappa, range: {from: -1, to: 1, step: 1}}", ".kappa.range.from", "found -1"),
        axis("{name: kappa, range: {from: 0, to: 1, step: 1, count: 3}}", ".kappa.range.count",
             "an unknown key; accepted: from, to or step"),
        axis("{name: kappa, range: {from: 0, to: 1, step: 1e-12}}", "",
             "1000000000001 points; accepted: at most 100000000 points"),
        axis("{name: kappa, range: {from: 0, to: 1e100, step: 1e-100}}", "",
             "more than 1e15 points"),
        axis("{name: kappa, linspace: {from: 0, to: 1, count: 100000}},"
             " {name: gamma_phi, linspace: {from: 0, to: 1, count: 1001}}",
             "", "100100000 points"),
        axis("{name: kappa, linspace: {from: 0, to: 1, count: 1000001}}", ".kappa",
             "1000001 values; accepted: at most 1000000 values"),
        axis("{name: kappa, linspace: {from: 0, to: 1, count: 0}}", ".kappa.linspace.count", "0;"),
        axis("{name: kappa, linspace: {from: 0, to: 1, count: 1}}", ".kappa.linspace.count",
             "1 value from 0 to 1; accepted: a count of at least 2"),
        axis("{name: kappa, linspace: {from: 1, to: 1, count: 2}}", ".kappa.linspace", "1 twice"),
        axis("{name: kappa, logspace: {from: 0, to: 1, count: 2}}", ".kappa.logspace.from",
             "found 0; accepted: a number > 0"),
        axis("{name: fock_dim, values: [paper, automatic]}", ".fock_dim.values[1]",
             "found automatic; accepted: paper, auto or a whole number from 2"),
        axis("{name: fock_dim, values: [auto, 9, auto]}", ".fock_dim.values", "auto twice"),
        axis("{name: fock_dim, range: {from: paper, to: 9, step: 1}}", ".fock_dim.range.from",
             "found paper; accepted: a whole number from 2"),
        axis("{name: fock_dim, range: {from: 2, to: auto, step: 1}}", ".fock_dim.range.to",
             "found auto; accepted: a whole number from 2"),
        axis("{name: initial_state, values: [ground_state, charged_cavity, ground_state]}",
             ".initial_state.values", "ground_state twice"),
        axis_n("range: {from: 1, to: 4, step: 0.5}", ".range.step", "found 0.5; accepted: a whole"),
        axis_n("linspace: {from: 1, to: 4, count: 3}", ".linspace", "found the value 2.5"),
        axis_n("range: {from: 1, to: 1001, step: 1}", ".range.to", "found 1001")));

INSTANTIATE_TEST_SUITE_P(
    ZippedAxes, Refusal,
    testing::Values(
        axis("{name: z, values: {kappa: [1]}}", ".z.labels", "found nothing; accepted: a list of"),
        axis("{name: z, labels: [a]}", ".z.values", "found nothing; accepted: {parameter: [...]"),
        axis("{name: z, labels: [a], values: [1]}", ".z.values", "found a list"),
        axis("{name: z, labels: [a], values: {}}", ".z.values", "an empty map"),
        axis("{name: z, labels: [], values: {kappa: []}}", ".z.labels", "an empty list"),
        axis("{name: z, labels: [a, a], values: {kappa: [1, 2]}}", ".z.labels[1]", "a twice"),
        axis("{name: z, labels: [a, ~], values: {kappa: [1, 2]}}", ".z.labels[1]", "found nothing"),
        axis("{name: z, labels: [a, b], values: {kappa: [1]}}", ".z.values.kappa",
             "1 values; accepted: 2 values, one for each label"),
        axis("{name: z, labels: [a, b], values: {kapa: [1]}}", ".z.values.kapa",
             "did you mean kappa"),
        axis("{name: z, labels: [a, b], values: {kappa: [1, 1]}}", ".z.values",
             "the same values at a and at b"),
        axis("{name: z, labels: [a], values: {kappa: [-1]}}", ".z.values.kappa[0]", "found -1"),
        axis("{name: z, labels: [a], values: {N: [1]}}", ".z", "N again"),
        axis("{name: z, labels: [a], values: {m: [1]}}", ".z", "m beside m_per_n"),
        axis("{name: kappa, labels: [a], values: {kappa: [1]}}", ".kappa.name",
             "not a parameter's"),
        axis("{name: tau, labels: [a], values: {kappa: [1]}}", ".tau.name", "the archive does not"),
        axis("{name: a-b, labels: [a], values: {kappa: [1]}}", ".a-b.name", "a letter, then"),
        axis("{name: z, labels: [a], range: {from: 1, to: 1, step: 1}}", ".z.range",
             "beside labels"),
        axis("{name: z, labels: [a], values: {kappa: [1]}},"
             " {name: z, labels: [a], values: {gamma_phi: [1]}}",
             ".z", "a second axis of this name")));

INSTANTIATE_TEST_SUITE_P(
    GridPoints, Refusal,
    testing::Values(
        axis("{name: charger, values: [coherent, fock]}, {name: fock_dim, values: [9, 4]}",
             ".fock_dim", "found fock_dim = 4 with m = 4 at charger=fock, fock_dim=4; accepted:"),
        Refused{with("m_per_n: 1", "m_per_n: 100",
                     with("  N: 4\n", "",
                          with_axes("axes: [{name: fock_dim, values: [auto, paper]},"
                                    " {name: N, values: [4, 999]}]\n"))),
                "f.yaml:5: parameters.m_per_n: ",
                "found m = 99900 at fock_dim=paper, N=999; accepted:"},
        Refused{with("m_per_n: 1", "m_per_n: 0.5\n  charger: fock",
                     with("  N: 4\n", "", with_axes("axes: [{name: N, values: [2, 4, 5]}]\n"))),
                "f.yaml:5: parameters.m_per_n: ", "found m = 2.5 at N=5; accepted: a whole number"},
        Refused{with("  g: 0.5\n", "", with_axes("axes: [{name: g, values: [1, 0]}]\n")),
                "f.yaml:6: axes.g: ", "found g = 0 at g=0; accepted: g > 0, or"}));

/// A sweep that starts no charge with a charger, with an axis on line 7.
Refused idle(const std::string& axis, const std::string& key, bool steady) {
  std::string text =
      with("  m_per_n: 1\n",
           steady ? "  fock_dim: 9\n" : "  fock_dim: 9\n  initial_state: ground_state\n",
           with_axes("axes: [" + axis + "]\n"));
  if (steady) {
    text = with("charging", "steady_state", text);
  }
  return {text, fmt::format("f.yaml:{}: axes.{}: ", steady ? 7 : 8, key),
          "an axis along which nothing changes: no charge starts with a charger"};
}

INSTANTIATE_TEST_SUITE_P(
    IdleAxes, Refusal,
    testing::Values(idle("{name: m, values: [1, 2]}", "m", true),
                    idle("{name: m_per_n, values: [1, 2]}", "m_per_n", false),
                    idle("{name: charger, values: [coherent, fock]}", "charger", true),
                    idle("{name: charger, values: [coherent, fock]}", "charger", false),
                    idle("{name: start, labels: [a, b], values: {m: [1, 2], charger: [fock, "
                         "coherent]}}",
                         "start", false)));

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) {
    all += text;
  }
  return all;
}

INSTANTIATE_TEST_SUITE_P(
    Yaml, Refusal,
    testing::Values(
        Refused{with("N: 4", "N: 4\n  N: 5"), "f.yaml:5: parameters.N: ", "(first on line 4)"},
        Refused{plain + "name: again\n", "f.yaml:8: name: ", "the key again"},
        Refused{with("N: 4", "N: &n 4"), "f.yaml:4: parameters.N: ", "a YAML anchor"},
        Refused{with("N: 4", "N: *n"), "f.yaml:4: ", "what is not YAML"},
        Refused{with("N: 4", "N: !!int 4"), "f.yaml:4: parameters.N: ", "a YAML tag"},
        Refused{plain + "---\n" + plain, "f.yaml:8: ", "a second YAML document"},
        Refused{with("N: 4", "N: [4"), "f.yaml:5: ", "what is not YAML"},
        Refused{with("N: 4", "\tN: 4"), "f.yaml:4: ", "what is not YAML"},
        Refused{with("N: 4", "[1, 2]: 4"), "f.yaml:4: parameters: ", "a list as a key"},
        Refused{with("N: 4", "? {a: b}\n  : 4"), "f.yaml:4: parameters: ", "a map as a key"},
        Refused{repeated("[", 100'000), "f.yaml:1: ", "nested more than"},
        Refused{repeated("{a: ", 100'000), "f.yaml:1: ", "nested more than"},
        Refused{repeated("- ", 100'000), "f.yaml:1: ", "nested more than"},
        Refused{repeated("? ", 100'000), "f.yaml:1: ", "nested more than"},
        Refused{repeated("name: x\n", 140'000), "f.yaml: ", "more than 1048576 bytes"},
        Refused{plain + std::string(1, '\0'), "f.yaml:8: ", "the byte 0x00; accepted: UTF-8 text"},
        Refused{plain + "# \xff\xfe", "f.yaml:8: ", "the byte 0xff"},
        Refused{"\x89HDF\r\n\x1a\n", "f.yaml:1: ", "the byte 0x89"},
        Refused{plain + "# \xed\xa0\x80", "f.yaml:8: ", "the byte 0xed"},
        Refused{plain + "# \xc0\x80", "f.yaml:8: ", "the byte 0xc0"},
        Refused{with("name: plain", "name: " + repeated("long ", 1000)),
                "f.yaml:1: name: ", "..."}));

TEST(RefusalOfFiles, IsAboutTheInput) {
  const auto message = [](const std::string& path) -> std::string {
    try {
      (void)Sweep::from_file(path);
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  };
  const std::string folder = testing::TempDir();
  EXPECT_EQ(
      message(folder + "missing.yaml"),
      folder + "missing.yaml: found no such file; accepted: a sweep file (YAML) that can be read");
  EXPECT_THAT(message(folder), StartsWith(folder + ": found a directory"));
  EXPECT_THAT(message("/dev/zero"), StartsWith("/dev/zero: found more than 1048576 bytes"));
  EXPECT_THAT(message(""), HasSubstr("found no such file"));
}

}  // namespace
}  // namespace qbsweep
