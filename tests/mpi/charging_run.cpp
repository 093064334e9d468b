// Several ranks inside one point: the matrix, the charging run and its figures are those of one
// rank.
//
// What would be caught: rows counted or filled for the wrong range, observations gathered in part,
// a start that only the first rank sets, ranks that decide differently about steps or maxima.
#include <gtest/gtest.h>
#include <petscmat.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "charging_paths.hpp"
#include "qbsweep/archive/checkpoint_file.hpp"
#include "qbsweep/dynamics/charging_run.hpp"
#include "qbsweep/operators/assembled.hpp"
#include "qbsweep/parallel/message_transport.hpp"
#include "qbsweep/parallel/mpi.hpp"
#include "random_batteries.hpp"

namespace qbsweep {
namespace {

/// All noise, both interactions; a state of 16 numbers with 7 observations; and `random_ones` more.
std::vector<BatteryParameters> batteries(int random_ones = 8) {
  std::vector<BatteryParameters> all;
  BatteryParameters noisy;
  noisy.N = 4;
  noisy.g = 0.5;
  noisy.kappa = 0.15;
  noisy.gamma_down = 0.1;
  noisy.gamma_phi = 0.1;
  noisy.m = 1.2;
  noisy.fock_dim = 6;
  for (const Interaction interaction : {Interaction::dicke, Interaction::tavis_cummings}) {
    noisy.interaction = interaction;
    all.push_back(noisy);
  }
  BatteryParameters smallest;
  smallest.g = 0.5;
  all.push_back(smallest);
  testing::Random random(71);
  for (int set = 0; set < random_ones; ++set) {
    all.push_back(testing::random_battery(random, 4));
  }
  return all;
}

/// Every number of a result but the time it took.
std::vector<double> numbers_of(const ChargingResult& result) {
  std::vector<double> numbers;
  const auto add = [&](double number) { numbers.push_back(number); };
  const auto add_all = [&](const auto& list) {
    std::for_each(list.begin(), list.end(), [&](auto entry) { add(static_cast<double>(entry)); });
  };
  const FiguresOfMerit& figures = result.figures;
  add_all(figures.ergotropy_max);
  add_all(figures.tau);
  add_all(figures.battery_energy_at_tau);
  add_all(figures.locked_energy_at_tau);
  add_all(figures.quench_energy_at_tau);
  add_all(figures.power_ergotropy_max);
  add_all(figures.tau_power_ergotropy_max);
  add_all(figures.tau_at_window_end);
  add_all(figures.tau_power_ergotropy_max_at_window_end);
  add(figures.battery_energy_max);
  add(figures.tau_battery_energy_max);
  add(figures.power_energy_max);
  add(figures.tau_power_energy_max);
  add(figures.tau_battery_energy_max_at_window_end);
  add(figures.tau_power_energy_max_at_window_end);
  const Trajectory& trajectory = result.trajectory;
  add_all(trajectory.time);
  add_all(trajectory.of("battery_energy"));
  add_all(trajectory.of("photon_number"));
  add_all(trajectory.of("interaction_energy"));
  add_all(trajectory.of("total_energy"));
  for (const std::vector<double>& ergotropy : trajectory.ergotropy) {
    add_all(ergotropy);
  }
  add(result.diagnostics.trace_error_max);
  add(result.diagnostics.fock_tail_max);
  add(result.diagnostics.coherent_weight_cut);
  add(static_cast<double>(result.diagnostics.unknowns));
  return numbers;
}

void expect_equal_runs(MPI_Comm comm, const BatteryParameters& battery,
                       const testing::ChargingPath& path = testing::plain_path,
                       const Schedule& schedule = {}) {
  SCOPED_TRACE(testing::describe(battery) + " " + path.name);
  ChargingSettings settings = testing::settings_on(path, 5, 41, 1e-9);
  settings.schedule = schedule;
  const std::vector<double> together = numbers_of(charging_run(comm, battery, settings));
  const std::vector<double> alone = numbers_of(charging_run(MPI_COMM_SELF, battery, settings));
  ASSERT_EQ(together.size(), alone.size());
  for (std::size_t n = 0; n < alone.size(); ++n) {
    EXPECT_NEAR(together[n], alone[n], 1e-10) << "number " << n;
  }
  // Every rank returns the same, to the last bit: all decide alike about what comes next.
  std::vector<double> first = together;
  MPI_Bcast(first.data(), static_cast<int>(first.size()), MPI_DOUBLE, 0, comm);
  EXPECT_EQ(together, first);
}

TEST(SeveralRanks, ChargingAsOneDoes) {
  const Communicator world(MPI_COMM_WORLD);
  for (const BatteryParameters& battery : batteries(100)) {
    expect_equal_runs(world.get(), battery, testing::fast_path);
    expect_equal_runs(world.get(), battery, testing::assembled_series);
  }
  // PETSc's integrator takes many small steps, on each of which the ranks meet several times.
  for (const BatteryParameters& battery : batteries(12)) {
    expect_equal_runs(world.get(), battery, testing::plain_path);
  }
}

TEST(SeveralRanks, FollowAScheduleAsOneDoes) {
  const Communicator world(MPI_COMM_WORLD);
  Schedule schedule(5);
  schedule.add(Control::coupling, {find_shape("sin2"), {1.5, 1.0, 0.0}});
  schedule.add(Control::omega_0,
               {find_shape("steps"),
                {},
                {},
                std::make_shared<const std::vector<double>>(std::vector{1.0, 0.4, 1.6})});
  for (const BatteryParameters& battery : batteries(24)) {
    expect_equal_runs(world.get(), battery, testing::fast_path, schedule);
  }
  for (const BatteryParameters& battery : batteries(4)) {
    expect_equal_runs(world.get(), battery, testing::plain_path, schedule);
  }
}

// Groups of ranks on different points at the same time: nothing may use the world communicator.
TEST(SeveralRanks, GroupsWorkOnDifferentPoints) {
  const int rank = Communicator::rank_of(MPI_COMM_WORLD);
  const int group = rank == 0 ? 0 : 1;
  MPI_Comm part = MPI_COMM_NULL;
  ASSERT_EQ(MPI_Comm_split(MPI_COMM_WORLD, group, rank, &part), MPI_SUCCESS);
  const std::vector<BatteryParameters> all = batteries();
  const std::size_t points = group == 0 ? 2 : 3;  // also a different number of charges
  for (std::size_t point = 0; point < points; ++point) {
    for (const testing::ChargingPath& path : {testing::plain_path, testing::fast_path}) {
      expect_equal_runs(part, all[2 * point + static_cast<std::size_t>(group)], path);
    }
  }
  MPI_Comm_free(&part);
}

TEST(SeveralRanks, AssembleTheMatrixOfOne) {
  for (const BatteryParameters& battery : batteries()) {
    SCOPED_TRACE(testing::describe(battery));
    const StateBasis basis(battery.N, battery.fock_dim, has_local_noise(battery));
    const petsc::Matrix shared = assemble_liouvillian(MPI_COMM_WORLD, basis, battery);
    const petsc::Matrix whole = assemble_liouvillian(MPI_COMM_SELF, basis, battery);
    MatInfo info;
    ASSERT_EQ(MatGetInfo(shared.get(), MAT_LOCAL, &info), 0);
    EXPECT_EQ(info.nz_unneeded, 0);
    EXPECT_EQ(info.mallocs, 0);

    PetscInt begin = 0;
    PetscInt end = 0;
    ASSERT_EQ(MatGetOwnershipRange(shared.get(), &begin, &end), 0);
    for (PetscInt row = begin; row < end; ++row) {
      const auto entries_of = [row](Mat matrix) {
        PetscInt count = 0;
        const PetscInt* columns = nullptr;
        const PetscScalar* weights = nullptr;
        EXPECT_EQ(MatGetRow(matrix, row, &count, &columns, &weights), 0);
        std::vector<std::pair<PetscInt, PetscScalar>> entries;
        entries.reserve(static_cast<std::size_t>(count));
        for (PetscInt e = 0; e < count; ++e) {
          entries.emplace_back(columns[e], weights[e]);
        }
        EXPECT_EQ(MatRestoreRow(matrix, row, &count, &columns, &weights), 0);
        return entries;
      };
      ASSERT_EQ(entries_of(shared.get()), entries_of(whole.get())) << "row " << row;
    }
  }
}

// The first rank's watch counts: all leave together, and the next charge works.
TEST(SeveralRanks, LeaveTogether) {
  PetscPushErrorHandler(&PetscReturnErrorHandler, nullptr);
  const Communicator world(MPI_COMM_WORLD);
  const BatteryParameters battery = batteries().front();
  for (const testing::ChargingPath& path : {testing::plain_path, testing::fast_path}) {
    const ChargingSettings settings = testing::settings_on(path, 5, 0, 1e-8);
    int looks = 0;
    Watch watch;
    watch.look = [&](const Progress&) {
      EXPECT_EQ(world.rank(), 0);
      return ++looks == 4 ? WatchAction::save_and_stop : WatchAction::proceed;
    };
    EXPECT_THROW(static_cast<void>(charging_run(world.get(), battery, settings, watch)),
                 ComputationLeft);
    expect_equal_runs(world.get(), battery, path);
  }
  PetscPopErrorHandler();
}

/// A charging run in pieces: every run is left after a few looks, on `ranks_of(run)` ranks of the
/// world.
template <typename RanksOf>
ChargingResult charging_in_pieces(const Communicator& world, const BatteryParameters& battery,
                                  const ChargingSettings& settings, const std::string& path,
                                  const RanksOf& ranks_of) {
  for (int run = 0;; ++run) {
    const bool takes_part = world.rank() < ranks_of(run);
    const Communicator group = Communicator::split(world.get(), takes_part ? 0 : 1);
    std::int8_t left = 0;
    ChargingResult result;
    if (takes_part) {
      CheckpointFile store(group.get(), path, "a charging run");
      int looks = 0;
      Watch watch;
      watch.store = &store;
      watch.look = [&](const Progress& progress) {
        if (progress.bytes == 0) {
          return WatchAction::proceed;  // the search for levels, which leaves nothing to resume
        }
        return ++looks == 3 ? WatchAction::save_and_stop : WatchAction::proceed;
      };
      watch.warn = [](const std::string& why) { ADD_FAILURE() << why; };
      try {
        result = charging_run(group.get(), battery, settings, watch);
      } catch (const ComputationLeft&) {
        left = 1;
      }
    }
    broadcast(world.get(), 0, "tell whether it was left", left);
    if (left == 0) {
      EXPECT_GT(run, 2);
      std::filesystem::remove(path);
      return result;
    }
  }
}

// What was saved by some ranks is resumed by others.
TEST(SeveralRanks, GoOnFromWhatOtherNumbersOfRanksSaved) {
  const Communicator world(MPI_COMM_WORLD);
  std::string path =
      (std::filesystem::temp_directory_path() / "qbsweep-checkpoint-XXXXXX").string();
  if (world.rank() == 0) {
    close(mkstemp(path.data()));
  }
  broadcast(world.get(), 0, "share a name", path);
  for (const Interaction interaction : {Interaction::dicke, Interaction::tavis_cummings}) {
    for (const double t_max : {5.0, 300.0}) {  // one series, and several
      BatteryParameters battery = batteries().front();
      battery.interaction = interaction;
      battery.fock_dim = 9;
      const ChargingSettings settings = testing::settings_on(testing::fast_path, t_max, 41, 1e-9);
      const std::vector<double> alone = numbers_of(charging_run(MPI_COMM_SELF, battery, settings));
      const ChargingResult pieces = charging_in_pieces(
          world, battery, settings, path, [&](int run) { return 1 + run % world.size(); });
      if (world.rank() == 0) {
        const std::vector<double> together = numbers_of(pieces);
        ASSERT_EQ(together.size(), alone.size());
        for (std::size_t n = 0; n < alone.size(); ++n) {
          EXPECT_NEAR(together[n], alone[n], 1e-10) << "number " << n << " t_max " << t_max;
        }
      }
    }
  }
}

}  // namespace
}  // namespace qbsweep
