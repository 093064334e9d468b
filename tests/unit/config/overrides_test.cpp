#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "qbsweep/config/sweep.hpp"
#include "sweep_texts.hpp"

namespace qbsweep {
namespace {

using test::plain;
using test::read;
using test::with;
using test::with_axes;
using testing::ElementsAre;

/// What the overrides make of `before` is what `after` says.
void expect_same(const std::string& before, const std::vector<std::string>& overrides,
                 const std::string& after) {
  const Sweep changed = read(before, overrides);
  EXPECT_EQ(changed.identity(), read(after).identity());
  EXPECT_EQ(changed.text(), before);
  EXPECT_EQ(changed.overrides(), overrides);
}

const std::string kappa_axis = with_axes(
    "axes: [{name: kappa, values: [0, 1]}, {name: gamma_phi, range: {from: 0, to: 1, step: 1}}]\n");

TEST(Overrides, ReplaceAParameter) {
  expect_same(plain, {"N=7"}, with("N: 4", "N: 7"));
  expect_same(plain, {"kappa=0.2", "charger=fock"},
              with("N: 4", "N: 4\n  kappa: 0.2\n  charger: fock"));
  expect_same(plain, {"N=7", "N=8"}, with("N: 4", "N: 8"));
  expect_same(plain, {"fock_dim=auto"}, with("N: 4", "N: 4\n  fock_dim: auto"));
}

TEST(Overrides, ReplaceTheOtherOfAPair) {
  expect_same(plain, {"g_over_gc=0.2"}, with("g: 0.5", "g_over_gc: 0.2"));
  expect_same(plain, {"detuning_ratio=2"}, with("N: 4", "N: 4\n  detuning_ratio: 2"));
  const std::string axis = "axes: [{name: m, values: [1, 2]}]\n";
  expect_same(with("  m_per_n: 1\n", "", with_axes(axis)), {"m_per_n=1"}, with_axes(""));
  expect_same(with_axes(""), {"m=[1, 2]"}, with("  m_per_n: 1\n", "", with_axes(axis)));
}

TEST(Overrides, TurnAnAxisIntoAParameter) {
  expect_same(
      kappa_axis, {"kappa=0.2"},
      with("N: 4", "N: 4\n  kappa: 0.2", with_axes("axes: [{name: gamma_phi, values: [0, 1]}]\n")));
}

TEST(Overrides, ReplaceTheValuesOfAnAxisInItsPlace) {
  expect_same(
      kappa_axis, {"kappa=[3,4]"},
      with_axes("axes: [{name: kappa, values: [3, 4]}, {name: gamma_phi, values: [0, 1]}]\n"));
}

TEST(Overrides, AppendAnInnermostAxis) {
  const Sweep sweep = read(kappa_axis, {"N=[1,2,3]"});
  EXPECT_EQ(sweep.size(), 12);
  ASSERT_EQ(sweep.axes().size(), 3u);
  EXPECT_EQ(sweep.axes().back().name, "N");
}

TEST(Overrides, MakeAnAxisOfWordsAndNumbers) {
  expect_same(with_axes(""), {"fock_dim=[auto, 9, paper]"},
              with_axes("axes: [{name: fock_dim, values: [auto, 9, paper]}]\n"));
}

TEST(Overrides, ReachTheOtherSections) {
  const Sweep sweep = read(
      plain, {"charging.t_max=10", "charging.samples=3", "charging.tolerance=1e-9", "name=other"});
  EXPECT_EQ(sweep.charging()->t_max, 10.0);
  EXPECT_EQ(sweep.charging()->samples, 3);
  EXPECT_EQ(sweep.charging()->tolerance, 1e-9);
  EXPECT_EQ(sweep.name(), "other");
}

TEST(Overrides, MakeTheSectionTheySetAKeyOf) {
  expect_same(plain, {"steady_state.gap=true", "steady_state.tolerance=1e-7"},
              plain + "steady_state: {gap: true, tolerance: 1e-7}\n");
  expect_same(with("charging: {}", "steady_state:"), {"charging.samples=3"},
              with("charging: {}", "steady_state: {}\ncharging: {samples: 3}"));
  expect_same(plain + "steady_state: {gap: true}\n",
              {"steady_state.method=gmres", "steady_state.gap=false"},
              plain + "steady_state: {method: gmres}\n");
  expect_same(plain, {"initial_state=[ground_state, charged_cavity]"},
              with("charging",
                   "axes: [{name: initial_state, values: [ground_state, charged_cavity]}]\n"
                   "charging"));
}

TEST(Overrides, CanMakeAnAxisSmallEnough) {
  const std::string huge =
      with_axes("axes: [{name: kappa, linspace: {from: 0, to: 1, count: 1000000000}}]\n");
  EXPECT_EQ(read(huge, {"kappa=[0, 1]"}).size(), 2);
}

}  // namespace
}  // namespace qbsweep
