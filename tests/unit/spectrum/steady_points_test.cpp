// Steady states of random batteries by `auto`: none may fail, and their stored errors are held
// against the truth. QBSWEEP_STEADY_POINTS says how many; the slow test steady200 takes 200. Of
// these QBSWEEP_STEADY_FIRST leaves out the first ones, so that several processes may share them.
//
// What would be caught: a method that fails where no other takes over, an estimate of the error
// that is below the truth or far above it, too few Fock levels.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "qbsweep/spectrum/steady_estimate.hpp"
#include "qbsweep/spectrum/steady_shift_invert.hpp"
#include "qbsweep/spectrum/steady_state.hpp"
#include "qbsweep/support/error.hpp"
#include "random_batteries.hpp"
#include "steady_deviation.hpp"

namespace qbsweep {
namespace {

using testing::uniform;

/// 1 to `most_atoms`, small ensembles more often; up to 3 g_c; damped with 1e-3 to 3 times omega_0.
BatteryParameters any_point(testing::Random& random, int most_atoms) {
  BatteryParameters battery;
  battery.N = 1 + static_cast<int>(most_atoms * std::pow(uniform(random, 0, 1), 2.5));
  battery.interaction =
      uniform(random, 0, 1) < 0.85 ? Interaction::dicke : Interaction::tavis_cummings;
  battery.omega_c = uniform(random, 0, 1) < 0.5 ? 1.0 : uniform(random, 0.5, 1.5);
  battery.g = uniform(random, 0, 3) * critical_coupling(battery);
  const double damping = std::pow(10.0, uniform(random, -3, 0.5));
  const auto rate = [&](double low, double high) {
    return damping * std::pow(10.0, uniform(random, low, high));
  };
  const auto chance = [&](double share) { return uniform(random, 0, 1) < share; };
  battery.kappa = chance(0.95) ? rate(-0.5, 0.5) : 0.0;
  // Without cavity loss strongly coupled atoms heat the cavity without bounds.
  battery.g *= battery.kappa == 0 ? 0.15 : 1.0;
  battery.gamma_down = chance(0.85) || battery.kappa == 0 ? rate(-1, 0.5) : 0.0;
  battery.gamma_phi = chance(0.6) ? rate(-1.5, 0) : 0.0;
  return battery;
}

/// The next of any_point() that takes minutes and not hours: eight atoms that heat a cavity at 3
/// g_c need hundreds of levels. Some 1 in 100 is passed over.
BatteryParameters random_point(testing::Random& random, int most_atoms) {
  constexpr double most_unknowns = 1e6;
  while (true) {
    const BatteryParameters battery = any_point(random, most_atoms);
    if (static_cast<double>(count_unknowns(battery.N, guess_steady_levels(battery),
                                           has_local_noise(battery))) < most_unknowns) {
      return battery;
    }
  }
}

/// What is near enough to be computed again by factorisation, with more digits.
bool can_be_checked(const BatteryParameters& battery) {
  constexpr double bytes = 600e6;
  return steady_shift_invert_memory(battery) < bytes;
}

/// By factorisation; nothing where that does not converge, as with many levels and no cavity loss.
std::optional<SteadySolution> factorised(const BatteryParameters& battery, double tolerance) {
  if (!can_be_checked(battery)) {
    return std::nullopt;
  }
  try {
    return steady_shift_invert(MPI_COMM_SELF, battery, tolerance);
  } catch (const EnvironmentError&) {
    return std::nullopt;
  }
}

TEST(SteadyPoints, RandomOnesAreWithinTheirErrors) {
  const char* const wanted = std::getenv("QBSWEEP_STEADY_POINTS");
  constexpr int few = 12;
  const int points = wanted != nullptr ? std::stoi(wanted) : few;
  const char* const begin = std::getenv("QBSWEEP_STEADY_FIRST");
  const int first = begin != nullptr ? std::stoi(begin) : 0;
  testing::Random random(2026);
  int failed = 0;
  int below = 0;
  int truncated = 0;
  int checked_truncation = 0;
  std::vector<double> ratios;
  for (int point = 0; point < points; ++point) {
    BatteryParameters battery = random_point(random, points > few ? 8 : 3);
    SCOPED_TRACE(std::to_string(point) + ": " + testing::describe(battery));
    if (point < first) {
      continue;
    }
    if (points > few) {
      std::cout << point << " of " << points << ": " << testing::describe(battery) << std::endl;
    }
    const SteadyStateSettings settings = {.auto_fock_dim = true};
    SteadyStateResult result;
    try {
      result = steady_state(MPI_COMM_SELF, battery, settings);
    } catch (const std::exception& error) {
      ADD_FAILURE() << error.what();
      ++failed;
      continue;
    }
    EXPECT_LE(result.error, settings.tolerance);
    battery.fock_dim = result.fock_dim;
    if (std::isnan(result.battery_energy)) {
      continue;
    }
    constexpr double as_far_as_it_goes = 1e-15;
    if (const auto right = factorised(battery, as_far_as_it_goes)) {
      const double truth = testing::steady_deviation(battery, result, right->state);
      below += result.error < truth - right->error ? 1 : 0;
      ratios.push_back(result.error / std::max(truth, 1e-15));
      if (points > few) {
        std::cout << "  steady_error " << result.error << ", the truth " << truth << " within "
                  << right->error << std::endl;
      }
    }
    battery.fock_dim *= 2;
    if (const auto wide = factorised(battery, 1e-10)) {
      ++checked_truncation;
      const double moved = testing::steady_deviation(battery, result, wide->state);
      EXPECT_LE(moved, steady_truncation_tolerance(battery, settings));
      truncated += moved > result.truncation_error + result.error + wide->error ? 1 : 0;
    }
  }
  ASSERT_GE(ratios.size(), static_cast<std::size_t>(points - first + 1) / 2);
  std::sort(ratios.begin(), ratios.end());
  std::cout << points - first << " points, " << failed << " failed; of " << ratios.size()
            << " that were checked the error was above steady_error for " << below << ", which was "
            << ratios[ratios.size() / 2] << " times it in the median (" << ratios.front() << " to "
            << ratios.back() << "); of " << checked_truncation
            << " that were checked truncation cost more than was estimated for " << truncated
            << '\n';
  EXPECT_EQ(failed, 0);
  EXPECT_LE(below, 0.02 * static_cast<double>(ratios.size()));
  EXPECT_LE(ratios[ratios.size() / 2], 100);
  EXPECT_LE(truncated, 0.02 * checked_truncation);
}

// Of published code, single-atom noise in every block: n/N = 0.168 for eight atoms.
TEST(SlowSteadyPoints, OfEightAtoms) {
  BatteryParameters battery;
  battery.N = 8;
  battery.g = 0.9;
  battery.kappa = 1;
  battery.gamma_down = 0.2;
  battery.gamma_phi = 0.1;
  const SteadyStateResult result = steady_state(MPI_COMM_SELF, battery, {.auto_fock_dim = true});
  EXPECT_NEAR(result.photon_number / battery.N, 0.16773443, 5e-8);
  EXPECT_LE(result.error, 1e-9);
}

}  // namespace
}  // namespace qbsweep
