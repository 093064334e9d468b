// Whole trajectories against independent calculations: brute force on the 2^N space, and
// QuTiP/PIQS. A wrong block coefficient, a wrong dephasing factor (PIQS' rate is 4 gamma_phi), a
// wrong degeneracy in the global ergotropy or a wrong sign of <H_I> each move some column by far
// more than the tolerance.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <tuple>

#include "charging_paths.hpp"
#include "qbsweep/dynamics/charging_run.hpp"
#include "reference.hpp"

namespace qbsweep {
namespace {

double value_of(const std::string& column, const Trajectory& trajectory, std::size_t sample) {
  if (column == "t") return trajectory.time[sample];
  if (column == "battery_energy") return trajectory.of("battery_energy")[sample];
  if (column == "photon_number") return trajectory.of("photon_number")[sample];
  if (column == "quench_energy") return -trajectory.of("interaction_energy")[sample];
  if (column == "total_energy") return trajectory.of("total_energy")[sample];
  if (column == "ergotropy_global") return trajectory.ergotropy[0][sample];
  if (column == "ergotropy_permutation_invariant") return trajectory.ergotropy[1][sample];
  if (column == "ergotropy_dicke_subspace") return trajectory.ergotropy[2][sample];
  ADD_FAILURE() << "no such column: " << column;
  return unset;
}

struct Case {
  const char* name;
  double accuracy;  // what the reference file is good to
};

using testing::ChargingPath;

class ReferenceTrajectory : public ::testing::TestWithParam<std::tuple<Case, ChargingPath>> {};

TEST_P(ReferenceTrajectory, EveryColumnAtEveryTime) {
  const auto& [file, path] = GetParam();
  const testing::Reference reference = testing::read_reference(file.name);
  const ChargingSettings settings = testing::settings_on(
      path, reference.t_max(), static_cast<std::int64_t>(reference.rows.size()), 1e-10);
  const ChargingResult result = charging_run(MPI_COMM_SELF, reference.battery, settings);
  ASSERT_EQ(result.trajectory.time.size(), reference.rows.size());
  for (std::size_t sample = 0; sample < reference.rows.size(); ++sample) {
    for (std::size_t c = 0; c < reference.columns.size(); ++c) {
      const std::string& column = reference.columns[c];
      if (column == "trace") {
        continue;  // of the other program; ours is in the diagnostics
      }
      EXPECT_NEAR(value_of(column, result.trajectory, sample), reference.rows[sample][c],
                  file.accuracy)
          << column << " at t = " << reference.rows[sample][0];
    }
  }
  EXPECT_LT(result.diagnostics.trace_error_max, 10 * settings.tolerance);
}

INSTANTIATE_TEST_SUITE_P(
    References, ReferenceTrajectory,
    ::testing::Combine(
        ::testing::Values(
            Case{"brute_dicke_n2_coherent", 2e-8}, Case{"brute_dicke_n3_coherent", 2e-8},
            Case{"brute_tc_n3_bare_decay", 2e-8}, Case{"brute_tc_n4_strong_dephasing", 2e-8},
            Case{"qutip_dicke_n3_coherent", 1e-6}, Case{"qutip_dicke_n5_fock_bare", 1e-6},
            Case{"qutip_dicke_n6_lossy_only", 1e-6}, Case{"qutip_tc_n4_coherent", 1e-6},
            Case{"qutip_tc_n5_detuned", 1e-6}),
        ::testing::Values(testing::plain_path, testing::fast_path, testing::assembled_series)),
    [](const auto& run) {
      return std::string(std::get<0>(run.param).name) + "_" + std::get<1>(run.param).name;
    });

// Beyond what brute force and PIQS reach: a prototype of the same equations, with ergotropies on a
// grid of 401 times, gave these numbers to the digits written here.
TEST(LargeReference, TwentyAtomsWithAFockCharger) {
  BatteryParameters battery;
  battery.interaction = Interaction::tavis_cummings;
  battery.N = 20;
  battery.g = 0.5;
  battery.kappa = 0.15;
  battery.gamma_down = 0.1;
  battery.gamma_phi = 0.1;
  battery.charger = Charger::fock;
  battery.m = 20;
  battery.fock_dim = 81;
  ChargingSettings settings;
  settings.t_max = 10;
  settings.samples = 401;
  const Trajectory trajectory = charging_run(MPI_COMM_SELF, battery, settings).trajectory;
  const auto sample_of_largest = [&](ErgotropyDefinition definition) {
    const auto& samples = trajectory.ergotropy[static_cast<std::size_t>(definition)];
    return std::max_element(samples.begin(), samples.end()) - samples.begin();
  };
  const auto global = sample_of_largest(ErgotropyDefinition::global);
  EXPECT_NEAR(trajectory.time[global], 2.600, 1e-9);
  EXPECT_NEAR(trajectory.ergotropy[0][global], 6.14743, 5e-6);
  EXPECT_NEAR(trajectory.of("battery_energy")[global], 10.2017, 5e-5);
  const auto dicke = sample_of_largest(ErgotropyDefinition::dicke_subspace);
  EXPECT_NEAR(trajectory.time[dicke], 3.525, 1e-9);
  EXPECT_NEAR(trajectory.ergotropy[2][dicke], 9.7710, 5e-5);
}

}  // namespace
}  // namespace qbsweep
