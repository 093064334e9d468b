// Charging runs whose controls change, against the full 2^N space (scheduled_full_space.hpp).
//
// What would be caught: a control that multiplies something else or nothing, a shape that is another,
// a step over a jump or a pulse, an energy with the controls of another time.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "charging_paths.hpp"
#include "qbsweep/dynamics/charging_run.hpp"
#include "qbsweep/model/reductions.hpp"
#include "random_schedules.hpp"

namespace qbsweep {
namespace {

constexpr int samples = 4;

/// What is compared, at each sample.
struct Seen {
  double battery_energy = 0.0;
  double photon_energy = 0.0;
  double ergotropy = 0.0;
  double interaction_energy = 0.0;
  double total_energy = 0.0;
  bool at_a_jump = false;  // where energies that a control multiplies are those of one side
};

std::vector<Seen> in_full_space(const BatteryParameters& battery,
                                const testing::DrawnSchedule& drawn, double t_max) {
  const int bounded_atoms = excitations_are_bounded(battery) ? most_excited_at_first(battery) : 0;
  testing::ScheduledFullSpace full(battery, battery.fock_dim - bounded_atoms, drawn.factors);
  std::vector<double> ends = drawn.ends;
  std::ranges::sort(ends);
  std::vector<Seen> seen;
  double t = 0;
  for (int s = 0; s < samples; ++s) {
    const double sampled = t_max * s / (samples - 1);
    for (const double end : ends) {
      if (end > t && end < sampled) {
        full.evolve(t, end);
        t = end;
      }
    }
    if (sampled > t) {
      full.evolve(t, sampled);
      t = sampled;
    }
    const testing::FullSpaceCharging& now = full.now();
    const double inside = std::min(t, t_max * (1 - 1e-13));
    seen.push_back({now.battery_energy(), battery.omega_c * now.photons(), now.ergotropy(),
                    full.factor(Control::coupling, inside) * now.interaction_energy(),
                    full.energy(inside), std::ranges::any_of(ends, [&](double end) {
                      return std::abs(end - sampled) < 1e-9 * t_max;
                    })});
  }
  return seen;
}

void expect_random_schedules(int first, int sets, const std::vector<double>& tolerances,
                             const testing::ChargingPath& path) {
  testing::Random random(81);
  for (int set = 0; set < first + sets; ++set) {
    BatteryParameters battery = testing::random_model(random, 2, set % 2 == 0);
    battery.fock_dim = 2 + battery.N + testing::uniform_int(random, 1, 2);
    battery.m = battery.charger == Charger::fock ? testing::uniform_int(random, 0, 2)
                                                 : testing::uniform(random, 0, 1.5);
    const double t_max = testing::uniform(random, 0.5, 4);
    const testing::DrawnSchedule drawn = testing::random_schedule(random, battery, t_max);
    if (set < first) {
      continue;
    }
    const std::vector<Seen> full = in_full_space(battery, drawn, t_max);
    for (const double tolerance : tolerances) {
      SCOPED_TRACE(std::to_string(set) + ": " + testing::describe(battery) + " t_max " +
                   std::to_string(t_max) + drawn.text);
      ChargingSettings settings = testing::settings_on(path, t_max, samples, tolerance);
      settings.schedule = drawn.schedule;
      const Trajectory found = charging_run(MPI_COMM_SELF, battery, settings).trajectory;
      const double accepted = 10 * tolerance;
      for (std::size_t s = 0; s < full.size(); ++s) {
        EXPECT_NEAR(found.of("battery_energy")[s], full[s].battery_energy, accepted) << s;
        EXPECT_NEAR(battery.omega_c * found.of("photon_number")[s], full[s].photon_energy, accepted)
            << s;
        EXPECT_NEAR(found.ergotropy[0][s], full[s].ergotropy, accepted) << s;
        if (!full[s].at_a_jump) {
          EXPECT_NEAR(found.of("interaction_energy")[s], full[s].interaction_energy, accepted) << s;
          EXPECT_NEAR(found.of("total_energy")[s], full[s].total_energy, 2 * accepted) << s;
        }
      }
    }
  }
}

TEST(ScheduledCharging, IsThatOfTheFullSpace) {
  const char* const wanted = std::getenv("QBSWEEP_SCHEDULES");
  expect_random_schedules(0, wanted != nullptr ? std::stoi(wanted) : 16, {1e-6, 1e-8, 1e-10},
                          testing::fast_path);
}

TEST(ScheduledCharging, OnTheAssembledMatrixIsThatOfTheFullSpace) {
  expect_random_schedules(16, 4, {1e-8}, testing::assembled_series);
}

TEST(ScheduledCharging, ByTheIntegratorIsThatOfTheFullSpace) {
  expect_random_schedules(20, 6, {1e-8}, testing::plain_path);
}

}  // namespace
}  // namespace qbsweep
