#include "qbsweep/config/sweep.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "qbsweep/config/parameter_table.hpp"
#include "sweep_texts.hpp"

namespace qbsweep {
namespace {

using test::plain;
using test::read;
using test::with;
using test::with_axes;
using testing::DoubleEq;
using testing::ElementsAre;

std::vector<std::string> values_of(const Sweep& sweep, std::size_t axis = 0,
                                   std::size_t parameter = 0) {
  std::vector<std::string> texts;
  for (const ParameterValue& value : sweep.axes().at(axis).parameters.at(parameter).values) {
    texts.push_back(to_text(value));
  }
  return texts;
}

TEST(ParameterTable, StandsInTheOrderOfItsIds) {
  ASSERT_EQ(parameter_table().size(), parameter_table().size());
  for (std::size_t i = 0; i < parameter_table().size(); ++i) {
    const ParameterInfo& info = parameter_table()[i];
    EXPECT_EQ(static_cast<std::size_t>(info.id), i);
    EXPECT_EQ(find_parameter(info.name), &info);
    if (info.has_partner()) {
      EXPECT_EQ(parameter_info(parameter_id(info.partner)).partner, info.name);
    }
  }
  EXPECT_EQ(find_parameter("tau"), nullptr);
  EXPECT_TRUE(is_reserved_name("tau"));
}

TEST(ToText, IsTheShortestThatReadsBack) {
  EXPECT_EQ(to_text(4.0), "4");
  EXPECT_EQ(to_text(0.1), "0.1");
  EXPECT_EQ(to_text(1e-8), "1e-08");
  EXPECT_EQ(to_text(0.1 + 0.2), "0.30000000000000004");
  EXPECT_EQ(to_text(std::int64_t{12}), "12");
  EXPECT_EQ(to_text(std::string("paper")), "paper");
}

TEST(Sweep, OfOnePointFillsInTheDefaults) {
  const Sweep sweep = read(plain);
  EXPECT_EQ(sweep.name(), "plain");
  EXPECT_EQ(sweep.text(), plain);
  EXPECT_EQ(sweep.size(), 1);
  EXPECT_EQ(sweep.describe(0), "the only point");
  EXPECT_FALSE(sweep.charging()->t_max.has_value());
  EXPECT_EQ(sweep.charging()->samples, 0);
  EXPECT_EQ(sweep.charging()->tolerance, 1e-8);

  const SweepPoint point = sweep.point(0);
  EXPECT_EQ(point.battery.interaction, Interaction::dicke);
  EXPECT_EQ(point.battery.coupling_scaling, CouplingScaling::sqrt_n);
  EXPECT_EQ(point.battery.charger, Charger::coherent);
  EXPECT_EQ(point.battery.N, 4);
  EXPECT_EQ(point.battery.g, 0.5);
  EXPECT_EQ(point.battery.omega_0, 1.0);
  EXPECT_EQ(point.battery.omega_c, 1.0);
  EXPECT_EQ(point.battery.kappa, 0.0);
  EXPECT_EQ(point.battery.m, 4.0);
  EXPECT_EQ(point.battery.fock_dim, 17);  // until the solver has chosen
  EXPECT_TRUE(point.auto_fock_dim);
  EXPECT_DOUBLE_EQ(point.t_max, 10.0);
}

/// Section 7 of the design.
const std::string fig4 = R"(# Figure 4
name: fig4
description: free text
parameters:
  coupling_scaling: sqrt_n
  g_over_gc: 0.5
  omega_0: 1.0
  omega_c: 1.0
  initial_state: charged_cavity
  charger: coherent
  m_per_n: 1.0
  fock_dim: paper
axes:
  - {name: interaction, values: [dicke, tavis_cummings]}
  - name: noise
    labels: [none, cavity, cavity+dephasing, all]
    values: {kappa: [0, 0.15, 0.15, 0.15], gamma_phi: [0, 0, 0.1, 0.1], gamma_down: [0, 0, 0, 0.1]}
  - {name: N, range: {from: 1, to: 12, step: 1}}
charging: {t_max: 20.0, samples: 201, tolerance: 1.0e-8}
)";

TEST(Sweep, OfTheDesignIsRead) {
  const Sweep sweep = read(fig4);
  ASSERT_EQ(sweep.size(), 2 * 4 * 12);
  EXPECT_EQ(sweep.description(), "free text");
  EXPECT_EQ(sweep.charging()->samples, 201);
  ASSERT_EQ(sweep.axes().size(), 3u);
  EXPECT_TRUE(sweep.axes()[1].zipped());
  EXPECT_FALSE(sweep.axes()[2].zipped());
  EXPECT_THAT(values_of(sweep, 1, 1), ElementsAre("0", "0", "0.1", "0.1"));

  const std::int64_t index = (1 * 4 + 2) * 12 + 5;
  EXPECT_THAT(sweep.position(index), ElementsAre(1, 2, 5));
  EXPECT_EQ(sweep.describe(index), "interaction=tavis_cummings, noise=cavity+dephasing, N=6");
  const SweepPoint point = sweep.point(index);
  EXPECT_EQ(point.battery.interaction, Interaction::tavis_cummings);
  EXPECT_EQ(point.battery.N, 6);
  EXPECT_DOUBLE_EQ(point.battery.g, 0.5);  // g_c = 1 here, 1/2 for Dicke
  EXPECT_EQ(point.battery.kappa, 0.15);
  EXPECT_EQ(point.battery.gamma_phi, 0.1);
  EXPECT_EQ(point.battery.gamma_down, 0.0);
  EXPECT_EQ(point.battery.m, 6.0);
  EXPECT_EQ(point.battery.fock_dim, 25);
  EXPECT_EQ(point.t_max, 20.0);
  EXPECT_DOUBLE_EQ(sweep.point(0).battery.g, 0.25);
}

TEST(Sweep, ResolvesDetuningAndTheDefaultWindow) {
  const Sweep sweep = read(
      "{name: d, parameters: {interaction: dicke, coupling_scaling: bare, N: 9, omega_0: 2,"
      " m: 1.5, fock_dim: 30}, axes: [{name: detuning_ratio, values: [0.5, 4]},"
      " {name: g_over_gc, values: [0.1, 2]}], charging: {}}");
  const SweepPoint point = sweep.point(3);
  EXPECT_DOUBLE_EQ(point.battery.omega_c, 0.5);
  EXPECT_DOUBLE_EQ(point.battery.g, 2 * 0.5);
  EXPECT_DOUBLE_EQ(point.t_max, 5 / (1.0 * 3));
  EXPECT_EQ(point.battery.fock_dim, 30);
  EXPECT_DOUBLE_EQ(sweep.point(0).battery.omega_c, 4.0);
  EXPECT_DOUBLE_EQ(sweep.point(0).battery.g, 0.1 * std::sqrt(8.0) / 2);
}

TEST(Sweep, RoundsThePhotonsOfAFockCharger) {
  const Sweep sweep = read(with("g: 0.5\n  m: 4", "g: 0.5\n  charger: fock\n  m: 7.0000000001"));
  EXPECT_EQ(sweep.point(0).battery.m, 7.0);
  EXPECT_EQ(sweep.point(0).battery.fock_dim, 29);
}

TEST(Sweep, LeavesTheFockLevelsToTheChargingRunOnRequest) {
  for (const char* charger : {"coherent", "fock"}) {
    // From no photons at all to more than the paper's 4 m + 1 levels could hold.
    for (const int m : {0, 1, 4, 24'999, 25'000, 99'999}) {
      const Sweep sweep =
          read(with("m: 4", fmt::format("m: {}\n  charger: {}\n  fock_dim: auto", m, charger)));
      const SweepPoint point = sweep.point(0);
      EXPECT_TRUE(point.auto_fock_dim) << m;
      EXPECT_EQ(point.battery.m, m);
      EXPECT_EQ(point.battery.fock_dim, std::clamp(4 * m + 1, 2, largest_fock_dim)) << m;
      EXPECT_GT(point.battery.fock_dim, m);
    }
  }
}

TEST(Axes, CanBeWrittenInFourWays) {
  const auto g = [](const std::string& form) {
    return values_of(read(with("  g: 0.5\n", "", with_axes("axes: [{name: g, " + form + "}]\n"))));
  };
  EXPECT_THAT(g("values: [.15, 4, 1.0e-8, +2.]"), ElementsAre("0.15", "4", "1e-08", "2"));
  EXPECT_THAT(g("range: {from: 0.1, to: 0.4, step: 0.1}"), ElementsAre("0.1", "0.2", "0.3", "0.4"));
  EXPECT_THAT(g("range: {from: 1, to: 0.1, step: -0.3}"), ElementsAre("1", "0.7", "0.4", "0.1"));
  EXPECT_THAT(g("range: {from: 1, to: 2, step: 0.4}"), ElementsAre("1", "1.4", "1.8"));
  EXPECT_THAT(g("range: {from: 1, to: 1, step: 1}"), ElementsAre("1"));
  EXPECT_THAT(g("linspace: {from: 1, to: 2, count: 5}"),
              ElementsAre("1", "1.25", "1.5", "1.75", "2"));
  EXPECT_THAT(g("linspace: {from: 0.1, to: 0.1, count: 1}"), ElementsAre("0.1"));
  EXPECT_THAT(g("logspace: {from: 0.001, to: 1, count: 4}"),
              ElementsAre("0.001", "0.01", "0.1", "1"));
  EXPECT_THAT(g("logspace: {from: 0.3, to: 0.003, count: 2}"), ElementsAre("0.3", "0.003"));
}

/// The values along the axis of this form, as the edition makes them.
std::vector<std::string> along(const std::string& form,
                               SweepEdition edition = SweepEdition::current) {
  const std::string text = with_axes("axes: [{name: kappa, " + form + "}]\n");
  return values_of(Sweep::from_text(text, "f.yaml", {}, edition));
}

TEST(Axes, HoldTheDecimalsThatAreMeant) {
  // 3 * 0.0375 is 0.11249999999999999 in doubles.
  EXPECT_THAT(along("linspace: {from: 0, to: 0.15, count: 5}"),
              ElementsAre("0", "0.0375", "0.075", "0.1125", "0.15"));
  EXPECT_THAT(along("linspace: {from: 0.4, to: 0, count: 5}"),
              ElementsAre("0.4", "0.3", "0.2", "0.1", "0"));
  EXPECT_THAT(along("linspace: {from: 0.7e-20, to: 0.1e-20, count: 7}"),
              ElementsAre("7e-21", "6e-21", "5e-21", "4e-21", "3e-21", "2e-21", "1e-21"));
  // More digits than 15 are the user's.
  EXPECT_THAT(along("linspace: {from: 0.11249999999999999, to: 1, count: 2}"),
              ElementsAre("0.11249999999999999", "1"));
  EXPECT_THAT(along("linspace: {from: 0, to: 1, count: 4}"),
              ElementsAre("0", "0.333333333333333", "0.666666666666667", "1"));
  EXPECT_THAT(along("logspace: {from: 1.0e-6, to: 1.0e+6, count: 13}"),
              ElementsAre("1e-06", "1e-05", "0.0001", "0.001", "0.01", "0.1", "1", "10", "100",
                          "1000", "10000", "100000", "1000000"));
  EXPECT_THAT(along("logspace: {from: 1.0e-90, to: 1.0e+9, count: 100}")[33], "1e-57");
}

/// Every k / 10^digits of an axis of n values, in either form and direction, is that decimal.
TEST(Axes, HoldTheDecimalsOfAnyStep) {
  for (const int digits : {1, 3, 7, 12}) {
    for (const int first : {0, 1, 7, 4095}) {
      for (const int step : {1, 3, 25}) {
        const auto decimal = [&](int i) { return fmt::format("{}e-{}", first + i * step, digits); };
        std::vector<std::string> meant;
        for (int i = 0; i <= 40; ++i) {
          meant.push_back(fmt::format("{}", std::stod(decimal(i))));
        }
        EXPECT_EQ(along(fmt::format("linspace: {{from: {}, to: {}, count: 41}}", decimal(0),
                                    decimal(40))),
                  meant);
        EXPECT_EQ(along(fmt::format("range: {{from: {}, to: {}, step: {}e-{}}}", decimal(0),
                                    decimal(40), step, digits)),
                  meant);
        std::reverse(meant.begin(), meant.end());
        EXPECT_EQ(along(fmt::format("linspace: {{from: {}, to: {}, count: 41}}", decimal(40),
                                    decimal(0))),
                  meant);
      }
    }
  }
}

TEST(Axes, OfEarlierArchivesKeepTheirValues) {
  EXPECT_EQ(along("linspace: {from: 0, to: 0.15, count: 5}", SweepEdition::format_3)[3],
            "0.11249999999999999");
  EXPECT_EQ(along("logspace: {from: 1.0e-3, to: 1, count: 7}", SweepEdition::format_3),
            (std::vector<std::string>{"0.001", "0.0031622776601683794", "0.01",
                                      "0.03162277660168379", "0.1", "0.31622776601683794", "1"}));
}

TEST(Axes, OfWholeNumbersStayWhole) {
  const auto N = [](const std::string& form) {
    return values_of(read(with("  N: 4\n", "", with_axes("axes: [{name: N, " + form + "}]\n"))));
  };
  EXPECT_THAT(N("range: {from: 9, to: 1, step: -3}"), ElementsAre("9", "6", "3"));
  EXPECT_THAT(N("linspace: {from: 2, to: 10, count: 3}"), ElementsAre("2", "6", "10"));
  EXPECT_THAT(N("logspace: {from: 1, to: 100, count: 3}"), ElementsAre("1", "10", "100"));
  const Sweep words = read(with_axes("axes: [{name: fock_dim, values: [paper, 40, auto]}]\n"));
  EXPECT_EQ(words.point(0).battery.fock_dim, 17);
  EXPECT_FALSE(words.point(0).auto_fock_dim);
  EXPECT_EQ(words.point(1).battery.fock_dim, 40);
  EXPECT_FALSE(words.point(1).auto_fock_dim);
  EXPECT_TRUE(words.point(2).auto_fock_dim);
  EXPECT_EQ(words.describe(0), "fock_dim=paper");
  EXPECT_EQ(words.describe(2), "fock_dim=auto");
}

TEST(Axes, OfAHundredThousandPointsAreReadWithoutStoringThem) {
  const Sweep sweep =
      read(with_axes("axes: [{name: kappa, linspace: {from: 0, to: 1, count: 1000}},"
                     " {name: gamma_phi, linspace: {from: 0, to: 1, count: 100}}]\n"));
  EXPECT_EQ(sweep.size(), 100'000);
  EXPECT_EQ(sweep.point(99'999).battery.gamma_phi, 1.0);
  EXPECT_EQ(sweep.point(99'999).battery.kappa, 1.0);
}

TEST(Axes, MayBeEmptyLikeTheOtherSections) {
  EXPECT_EQ(read(with_axes("axes:\n")).size(), 1);
  EXPECT_EQ(read(with_axes("axes: []\n")).size(), 1);
  EXPECT_EQ(read(with("charging: {}", "charging:")).charging()->samples, 0);
}

TEST(SteadyState, SectionIsReadWithItsDefaults) {
  EXPECT_FALSE(read(plain).steady_state().has_value());
  const Sweep sweep = read(with("charging: {}", "steady_state:"));
  EXPECT_FALSE(sweep.charging().has_value());
  EXPECT_EQ(sweep.samples(), 0);
  ASSERT_TRUE(sweep.steady_state().has_value());
  EXPECT_EQ(sweep.steady_state()->method, SteadyMethod::automatic);
  EXPECT_FALSE(sweep.steady_state()->gap);
  EXPECT_EQ(sweep.steady_state()->tolerance, 1e-9);
  EXPECT_EQ(sweep.point(0).t_max, 0.0);

  for (const SteadyMethodInfo& method : steady_method_table) {
    const Sweep given = read(plain + fmt::format("steady_state: {{method: {}, gap: true, "
                                                 "tolerance: 1e-7}}\n",
                                                 method.word));
    EXPECT_TRUE(given.charging().has_value());
    EXPECT_EQ(given.steady_state()->method, method.method);
    EXPECT_TRUE(given.steady_state()->gap);
    EXPECT_EQ(given.steady_state()->tolerance, 1e-7);
  }
}

TEST(SteadyState, NeedsNoWindowAndNoCharger) {
  const std::string steady = with("charging: {}", "steady_state: {}");
  EXPECT_EQ(read(with("g: 0.5", "g: 0", steady)).point(0).battery.g, 0.0);
  // m matters as far as the Fock levels follow it.
  const SweepPoint point = read(with("m: 4", "m: 1.5\n  charger: fock", steady)).point(0);
  EXPECT_EQ(point.battery.fock_dim, 7);
  const SweepPoint few =
      read(with("m: 4", "m: 7\n  charger: fock\n  fock_dim: 5", steady)).point(0);
  EXPECT_EQ(few.battery.fock_dim, 5);
  for (const char* fock_dim : {"5", "auto"}) {
    EXPECT_EQ(read(with("m: 4", fmt::format("fock_dim: {}", fock_dim), steady)).point(0).battery.m,
              0.0);
  }
}

TEST(GroundState, IsAParameterAndAnAxis) {
  EXPECT_EQ(read(plain).point(0).battery.initial_state, InitialState::charged_cavity);
  EXPECT_FALSE(read(plain).has_ground_states());
  const Sweep one = read(with("m: 4", "initial_state: ground_state\n  fock_dim: 9"));
  EXPECT_TRUE(one.has_ground_states());
  EXPECT_EQ(one.point(0).battery.initial_state, InitialState::ground_state);
  EXPECT_EQ(one.point(0).battery.m, 0.0);
  EXPECT_EQ(one.point(0).t_max, 10.0);

  const Sweep both =
      read(with_axes("axes: [{name: initial_state, values: [charged_cavity, ground_state]}]\n"));
  EXPECT_TRUE(both.has_ground_states());
  EXPECT_EQ(both.point(0).battery.initial_state, InitialState::charged_cavity);
  EXPECT_EQ(both.point(1).battery.initial_state, InitialState::ground_state);
  EXPECT_EQ(both.describe(1), "initial_state=ground_state");
  EXPECT_TRUE(read(with_axes("axes: [{name: z, labels: [a, b], values:"
                             " {initial_state: [ground_state, charged_cavity], kappa: [0, 1]}}]\n"))
                  .has_ground_states());
}

TEST(GroundState, LeavesChargersAlone) {
  // No charge begins with one and a half photons.
  const SweepPoint point =
      read(with("m: 4", "m: 1.5\n  charger: fock\n  initial_state: ground_state")).point(0);
  EXPECT_EQ(point.battery.fock_dim, 7);
  // With the levels of the paper, m still makes a difference, and between both starts, too.
  const std::string m_axis =
      with("  m_per_n: 1\n", "  fock_dim: paper\n  initial_state: ground_state\n",
           with_axes("axes: [{name: m, values: [1, 2]}]\n"));
  EXPECT_EQ(read(m_axis).size(), 2);
  EXPECT_EQ(read(with("paper\n  initial_state: ground_state", "9\n  initial_state: charged_cavity",
                      m_axis))
                .size(),
            2);
  EXPECT_EQ(read(with_axes("axes: [{name: initial_state, values: [charged_cavity, ground_state]},"
                           " {name: charger, values: [coherent, fock]}]\n"))
                .size(),
            4);
}

TEST(Sweep, IsReadFromAFile) {
  const std::string path = testing::TempDir() + "sweep_test.yaml";
  FILE* file = std::fopen(path.c_str(), "w");
  ASSERT_NE(file, nullptr);
  std::fputs(plain.c_str(), file);
  std::fclose(file);
  EXPECT_EQ(Sweep::from_file(path, {"N=5"}).point(0).battery.N, 5);
  EXPECT_EQ(Sweep::from_file(path).text(), plain);
  std::remove(path.c_str());
}

}  // namespace
}  // namespace qbsweep
