// Axes that are refused.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "refused.hpp"

namespace qbsweep {
namespace {

using test::Refusal;
using test::Refused;
using test::with;
using test::with_axes;

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
          "an axis along which nothing changes: no charging run starts with a charger"};
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

}  // namespace
}  // namespace qbsweep
