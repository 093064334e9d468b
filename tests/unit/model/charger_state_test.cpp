// The charger's initial state.
#include "qbsweep/model/charger_state.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "qbsweep/support/error.hpp"

namespace qbsweep {
namespace {

using ::testing::HasSubstr;

double mean_photons(const ChargerState& state) {
  double mean = 0;
  for (std::size_t n = 0; n < state.amplitudes.size(); ++n) {
    mean += static_cast<double>(n) * state.amplitudes[n] * state.amplitudes[n];
  }
  return mean;
}

TEST(ChargerState, CoherentAmplitudesAreAnalyticAndRenormalised) {
  for (const double m : {0.25, 1.0, 3.7}) {
    const int fock_dim = 6;
    const ChargerState state = charger_state(Charger::coherent, m, fock_dim);
    double factorial = 1;
    double kept = 0;
    std::vector<double> expected;
    for (int n = 0; n < fock_dim; ++n) {
      factorial *= n > 0 ? n : 1;
      expected.push_back(std::exp(-m / 2) * std::pow(m, n / 2.0) / std::sqrt(factorial));
      kept += expected.back() * expected.back();
    }
    ASSERT_EQ(state.amplitudes.size(), expected.size());
    for (int n = 0; n < fock_dim; ++n) {
      EXPECT_NEAR(state.amplitudes[n], expected[n] / std::sqrt(kept), 1e-14);
    }
    EXPECT_NEAR(state.weight_cut, 1 - kept, 1e-14);
  }
}

// The paper's 4m + 1 levels cut 0.4 % of the coherent state at m = 1: 1 - 65/(24 e).
TEST(ChargerState, PaperTruncationAtOnePhotonCutsFourPerMille) {
  const ChargerState state = charger_state(Charger::coherent, 1.0, 5);
  EXPECT_NEAR(state.weight_cut, 1 - 65.0 / 24 / std::exp(1.0), 1e-15);
  EXPECT_NEAR(state.weight_cut, 0.004, 4e-4);
}

// 1 minus the kept weight would be 0 here. The sum of e^-1/n! from n = 30 up.
TEST(ChargerState, TinyCutsAreAccurate) {
  double tail = 0;
  for (int n = 45; n >= 30; --n) {
    tail += std::exp(-1.0 - std::lgamma(n + 1.0));
  }
  EXPECT_NEAR(charger_state(Charger::coherent, 1.0, 30).weight_cut / tail, 1, 1e-12);
}

TEST(ChargerState, LargeCoherentStatesNeitherOverflowNorVanish) {
  const ChargerState state = charger_state(Charger::coherent, 800, 1500);
  EXPECT_NEAR(mean_photons(state), 800, 1e-8);
  EXPECT_LT(state.weight_cut, 1e-80);
  EXPECT_GT(state.weight_cut, 0);
}

TEST(ChargerState, NoPhotonsIsTheVacuum) {
  const ChargerState state = charger_state(Charger::coherent, 0, 4);
  EXPECT_THAT(state.amplitudes, ::testing::ElementsAre(1, 0, 0, 0));
  EXPECT_EQ(state.weight_cut, 0);
}

TEST(ChargerState, FockStateIsOneLevel) {
  const ChargerState state = charger_state(Charger::fock, 2, 4);
  EXPECT_THAT(state.amplitudes, ::testing::ElementsAre(0, 0, 1, 0));
  EXPECT_EQ(state.weight_cut, 0);
}

void expect_refusal(Charger charger, double m, int fock_dim, const std::string& words) {
  try {
    static_cast<void>(charger_state(charger, m, fock_dim));
    FAIL() << "m = " << m << " was accepted";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr(words));
    EXPECT_THAT(error.what(), HasSubstr("fock_dim = " + std::to_string(fock_dim)));
  }
}

TEST(ChargerState, RefusesWhatDoesNotFit) {
  expect_refusal(Charger::fock, 4, 4, "a whole number below");
  expect_refusal(Charger::fock, 1.5, 4, "a whole number below");
  expect_refusal(Charger::fock, -1, 4, "a whole number below");
  expect_refusal(Charger::coherent, 1000, 2, "no weight");
}

}  // namespace
}  // namespace qbsweep
