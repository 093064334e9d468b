// What truncation of the Fock space costs, and how many levels `fock_dim: auto` keeps, against runs
// on many more levels.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "charging_differences.hpp"
#include "qbsweep/dynamics/charging_run.hpp"
#include "qbsweep/dynamics/fock_levels.hpp"
#include "qbsweep/support/error.hpp"
#include "random_batteries.hpp"

namespace qbsweep {
namespace {

using testing::largest_difference;
using testing::Random;
using testing::uniform;
using testing::uniform_int;

ChargingSettings settings_for(double t_max, double tolerance) {
  ChargingSettings settings;
  settings.t_max = t_max;
  settings.samples = 101;
  settings.tolerance = tolerance;
  return settings;
}

ChargingResult on_levels(BatteryParameters battery, int fock_dim, double t_max, double tolerance) {
  battery.fock_dim = fock_dim;
  return charging_run(MPI_COMM_SELF, battery, settings_for(t_max, tolerance));
}

ChargingResult on_automatic_levels(const BatteryParameters& battery, double t_max,
                                   double tolerance) {
  ChargingSettings settings = settings_for(t_max, tolerance);
  settings.auto_fock_dim = true;
  return charging_run(MPI_COMM_SELF, battery, settings);
}

/// N = 1, a Fock charger with one photon.
BatteryParameters single_atom(double g_over_gc) {
  BatteryParameters battery;
  battery.charger = Charger::fock;
  battery.m = 1;
  battery.g = g_over_gc / 2;
  return battery;
}

// Without noise what is reflected at the top comes back with its phase. The value is that of 150
// levels, which a dense exponential of H confirms.
TEST(AutomaticFockLevels, AreEnoughWithoutNoise) {
  const ChargingResult result = on_automatic_levels(single_atom(1.5), 20, 1e-8);
  EXPECT_NEAR(result.figures.ergotropy_max[0], 0.52420199, 2e-8);
}

TEST(AutomaticFockLevels, AreEnoughWithoutOrWithLittleNoiseAtEveryCoupling) {
  for (const double g_over_gc : {1.0, 2.0, 3.0}) {
    for (const double kappa : {0.0, 1e-4}) {
      BatteryParameters battery = single_atom(g_over_gc);
      battery.kappa = kappa;
      const ChargingResult wide = on_levels(battery, 100, 20, 1e-12);
      for (const double tolerance : {1e-6, 1e-8, 1e-10}) {
        const ChargingResult result = on_automatic_levels(battery, 20, tolerance);
        EXPECT_LT(largest_difference(battery, result, wide), 10 * tolerance)
            << g_over_gc << " g_c, kappa " << kappa << ", tolerance " << tolerance << ", "
            << result.diagnostics.fock_dim << " levels";
      }
    }
  }
}

TEST(TruncationError, IsAnAmplitudeWithoutNoise) {
  BatteryParameters battery = single_atom(2);
  battery.N = 3;
  const ChargingResult wide = on_levels(battery, 120, 20, 1e-13);
  for (const int fock_dim : {30, 40, 50}) {
    const ChargingResult narrow = on_levels(battery, fock_dim, 20, 1e-13);
    const double error = largest_difference(battery, narrow, wide);
    EXPECT_GT(narrow.diagnostics.truncation_error, 0.1 * error) << fock_dim;
    EXPECT_LT(narrow.diagnostics.truncation_error, 100 * error) << fock_dim;
  }
}

// An energy is compared with an energy, whatever the unit.
TEST(AutomaticFockLevels, AreTheSameInEveryUnitOfEnergy) {
  std::vector<int> levels;
  for (const double unit : {1.0, 0x1p-20, 0x1p20}) {
    BatteryParameters battery;
    battery.N = 2;
    battery.m = 2;
    battery.omega_0 = battery.omega_c = unit;
    battery.g = 0.6 * unit;
    battery.kappa = 0.1 * unit;
    battery.gamma_down = battery.gamma_phi = 0.05 * unit;
    const ChargingResult result = on_automatic_levels(battery, 10 / unit, 1e-8 * unit);
    levels.push_back(result.diagnostics.fock_dim);
    const ChargingResult wide = on_levels(battery, 2 * levels.back(), 10 / unit, 1e-11 * unit);
    EXPECT_LT(largest_difference(battery, result, wide), 1e-7 * unit) << unit;
  }
  EXPECT_EQ(levels[1], levels[0]);
  EXPECT_EQ(levels[2], levels[0]);
}

struct ChargingRun {
  BatteryParameters battery;
  double t_max = 0.0;
  double tolerance = 0.0;
};

/// Weakly and strongly coupled, on and off resonance, half of them without local noise, rates from
/// 1e-5 to 0.3, in units of energy from 1e-3 to 1e3. If `large`, up to 3 g_c, five atoms (every
/// eighth time 10 to 14) and, every tenth time, 50 periods.
ChargingRun any_run(Random& random, bool large) {
  ChargingRun run;
  BatteryParameters& battery = run.battery;
  const double unit = std::pow(10.0, uniform(random, -3, 3));
  const bool local = uniform_int(random, 0, 1) == 0;
  battery.interaction =
      uniform_int(random, 0, 4) == 0 ? Interaction::tavis_cummings : Interaction::dicke;
  battery.N = large && uniform_int(random, 0, 7) == 0 ? uniform_int(random, 10, 14)
                                                      : uniform_int(random, 1, large ? 5 : 2);
  battery.omega_0 = unit;
  battery.omega_c = unit * (uniform_int(random, 0, 1) == 0 ? 1.0 : uniform(random, 0.4, 2));
  battery.g = uniform(random, 0.1, large ? 3 : 1.2) * critical_coupling(battery);
  if (uniform_int(random, 0, 3) == 0) {
    battery.coupling_scaling = CouplingScaling::bare;
    battery.g /= std::sqrt(battery.N);
  }
  const double damping =
      unit * std::pow(10.0, uniform_int(random, 0, 1) == 0 ? 0.0 : uniform(random, -4, 0));
  const auto rate = [&] { return testing::random_rate(random, 0.3 * damping); };
  battery.kappa = rate();
  if (local) {
    battery.gamma_down = rate();
    battery.gamma_phi = rate();
  }
  battery.charger = uniform_int(random, 0, 1) == 0 ? Charger::fock : Charger::coherent;
  battery.m = battery.charger == Charger::fock ? uniform_int(random, 0, 4) : uniform(random, 0, 4);
  run.t_max = uniform(random, 4, large && uniform_int(random, 0, 9) == 0 ? 300 : 15) / unit;
  run.tolerance = std::pow(10.0, -6 - 2 * uniform_int(random, 0, 2)) * unit;
  return run;
}

/// Levels that hold what the charger has at first, the field that the atoms drive coherently
/// (sqrt(N) times twice the coupling over omega_c at most) and what jumps heat in, which move it by
/// 2 g / (sqrt(N) omega_c) each and leave an exponential tail. Rough on purpose: the program's own
/// prediction would draw other runs whenever it is mended.
double rough_levels(const ChargingRun& run) {
  const BatteryParameters& battery = run.battery;
  const double collective =
      battery.coupling_scaling == CouplingScaling::bare ? std::sqrt(battery.N) : 1.0;
  const double kick = 2 * battery.g * collective / battery.omega_c;
  const double heated_for = std::min(run.t_max, 1 / std::max(battery.kappa, 1e-300));
  const double heating = kick * kick * (battery.gamma_down + battery.gamma_phi) * heated_for;
  const double amplitude = std::sqrt(battery.m) + (battery.interaction == Interaction::dicke
                                                       ? kick * std::sqrt(battery.N)
                                                       : std::sqrt(battery.N));
  constexpr double e_folds = 20;
  return (amplitude + 4) * (amplitude + 4) + e_folds * heating;
}

/// What can be computed ten times within a minute: numbers of the state times applications.
bool is_affordable(const ChargingRun& run, double levels) {
  constexpr double most_work = 5e9;
  const BatteryParameters& battery = run.battery;
  const double N = battery.N;
  const bool local = battery.gamma_down > 0 || battery.gamma_phi > 0;
  const bool closed = !local && battery.kappa == 0;
  const double atoms = local ? (N + 1) * (N + 2) * (N + 3) / 6 : (N + 1) * (N + 1);
  const double numbers = closed ? (N + 1) * levels : atoms * levels * levels;
  const double applications = run.t_max * battery.omega_c * levels;
  return numbers * applications < most_work;
}

/// The next of any_run() that is affordable. Strongly coupled, those with local noise have few
/// atoms therefore.
ChargingRun random_run(Random& random, bool large) {
  while (true) {
    const ChargingRun run = any_run(random, large);
    if (is_affordable(run, rough_levels(run))) {
      return run;
    }
  }
}

/// What others are compared with, and its tolerance.
struct Reference {
  double finest = 0.0;
  ChargingResult result;
};

/// Nothing where rounding costs more, as it does over long and noisy windows: the program fails
/// such runs.
std::optional<ChargingResult> if_it_can(const ChargingRun& run, int fock_dim, double tolerance) {
  try {
    return on_levels(run.battery, fock_dim, run.t_max, tolerance);
  } catch (const EnvironmentError&) {
    return std::nullopt;
  }
}

/// To a tenth of the run's tolerance at least.
std::optional<Reference> reference(const ChargingRun& run, int fock_dim) {
  for (double finest = 1e-12 * run.battery.omega_0; finest < 0.11 * run.tolerance; finest *= 10) {
    if (auto result = if_it_can(run, fock_dim, finest)) {
      return Reference{finest, std::move(*result)};
    }
  }
  return std::nullopt;
}

/// So many random runs; the test slow.truncation has more.
int runs() {
  const char* const text = std::getenv("QBSWEEP_TRUNCATION_RUNS");
  return text != nullptr ? std::atoi(text) : 12;
}

/// The first of them are left out, so that several processes may share them.
int first_run() {
  const char* const text = std::getenv("QBSWEEP_TRUNCATION_FIRST");
  return text != nullptr ? std::atoi(text) : 0;
}

/// Hours of silence would not tell how far it is.
void tell_progress(int number, int count) {
  if (count > 100 && number % 5 == 0) {
    std::printf("%d of %d\n", number, count);
    std::fflush(stdout);
  }
}

double median(std::vector<double> numbers) {
  std::nth_element(numbers.begin(), numbers.begin() + numbers.size() / 2, numbers.end());
  return numbers[numbers.size() / 2];
}

// Levels enough, and not many more than a search finds to be enough.
TEST(AutomaticFockLevels, KeepTheToleranceOfRandomRuns) {
  Random random(141);
  std::vector<double> errors;
  std::vector<double> surplus;
  int without_reference = 0;
  const int count = runs();
  const bool large = count > 100;
  for (int number = 0; number < count; ++number) {
    tell_progress(number, count);
    const ChargingRun run = random_run(random, large);
    if (number < first_run()) {
      continue;
    }
    const BatteryParameters& battery = run.battery;
    SCOPED_TRACE(testing::describe(battery) + " t_max " + std::to_string(run.t_max));
    const ChargingResult chosen = on_automatic_levels(battery, run.t_max, run.tolerance);
    const int levels = chosen.diagnostics.fock_dim;
    const int wide_levels = static_cast<int>(1.6 * levels) + 6;
    const std::optional<Reference> found = reference(run, wide_levels);
    if (!found) {
      ++without_reference;
      continue;
    }
    const auto& [finest, wide] = *found;
    const double error = largest_difference(battery, chosen, wide);
    EXPECT_LT(error, 10 * run.tolerance) << levels << " levels";
    errors.push_back(error / run.tolerance);
    if (!is_affordable(run, wide_levels)) {
      continue;
    }

    int enough = levels;
    int too_few = std::max(1, battery.charger == Charger::fock ? static_cast<int>(battery.m) : 1);
    while (enough - too_few > 1) {
      const int middle = (enough + too_few) / 2;
      const ChargingResult tried = on_levels(battery, middle, run.t_max, finest);
      (largest_difference(battery, tried, wide) <= run.tolerance ? enough : too_few) = middle;
    }
    surplus.push_back(static_cast<double>(levels) / enough);
  }
  EXPECT_LE(without_reference, 0.02 * count);
  ASSERT_GE(surplus.size(), errors.size() * 3 / 4);
  EXPECT_LE(median(surplus), 1.3);
  std::printf(
      "%d runs: error over tolerance at most %.3g, levels over those needed %.3g (%zu runs)\n",
      count, *std::max_element(errors.begin(), errors.end()), median(surplus), surplus.size());
}

// With any number of levels, as far as the cost of truncation stands out from rounding.
TEST(TruncationError, OfRandomRunsIsNearTheTruth) {
  Random random(142);
  int compared = 0;
  int near = 0;
  const int count = 2 * runs();
  const bool large = count > 200;
  for (int number = 0; number < count; ++number) {
    tell_progress(number, count);
    const ChargingRun run = random_run(random, large);
    const BatteryParameters& battery = run.battery;
    const int wide =
        static_cast<int>(1.6 * predict_fock_dim(battery, run.t_max, 1e-10 * battery.omega_0)) + 6;
    const int fewest =
        battery.charger == Charger::fock ? std::max(2, static_cast<int>(battery.m) + 1) : 4;
    if (fewest > wide / 2) {
      continue;  // nothing to cut
    }
    const int few = uniform_int(random, fewest, wide / 2);
    const std::optional<Reference> found = reference(run, wide);
    if (!found) {
      continue;
    }
    const auto& [finest, right] = *found;
    const std::optional<ChargingResult> narrow = if_it_can(run, few, finest);
    if (!narrow) {
      continue;
    }
    const double error = largest_difference(battery, *narrow, right);
    if (error < 100 * finest) {
      continue;
    }
    ++compared;
    const double ratio = narrow->diagnostics.truncation_error / error;
    near += ratio >= 0.1 && ratio <= 1000 ? 1 : 0;
    if (ratio < 0.1 || ratio > 1000) {
      std::printf("estimate over error %.2g (%.2g): %s t_max %g, fock_dim %d\n", ratio, error,
                  testing::describe(battery).c_str(), run.t_max, narrow->diagnostics.fock_dim);
    }
  }
  EXPECT_GE(compared, count / 3);
  EXPECT_GE(near, 0.95 * compared);
  std::printf("%d of %d estimates between 0.1 and 1000 times the error\n", near, compared);
}

}  // namespace
}  // namespace qbsweep
