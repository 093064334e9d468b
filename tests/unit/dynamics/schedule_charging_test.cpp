// Charging runs whose controls change, against the full 2^N space (scheduled_full_space.hpp).
//
// What would be caught: a control that multiplies something else or nothing, a shape that is another,
// a step over a jump or a pulse, an energy with the controls of another time.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "charging_paths.hpp"
#include "qbsweep/dynamics/charging_estimate.hpp"
#include "qbsweep/dynamics/charging_run.hpp"
#include "qbsweep/model/reductions.hpp"
#include "qbsweep/support/error.hpp"
#include "random_schedules.hpp"

namespace qbsweep {
namespace {

constexpr int samples = 4;

/// Where energy comes from: their sum is the change of total_energy.
constexpr std::array<std::string_view, 4> flows = {"work_switching", "work_drive", "heat_cavity",
                                                   "heat_atoms"};

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

/// Makes a battery's drives turn at omega_d in the laboratory. What is returned is the same, drive by
/// drive: drive (a e^(i omega_d t) + h.c.) is cos(omega_d t) (a + a^dag) and sin(omega_d t) i (a - a^dag).
BatteryParameters turned(const BatteryParameters& battery, testing::DrawnSchedule& drawn) {
  BatteryParameters in_parts = battery;
  const auto split = [&](Control control, Control quadrature) {
    const testing::FactorOfTime given = drawn.factors[static_cast<std::size_t>(control)];
    const testing::FactorOfTime factor = given ? given : [](double) { return 1.0; };
    const double omega_d = battery.omega_d;
    drawn.factors[static_cast<std::size_t>(control)] = [=](double t) {
      return factor(t) * std::cos(omega_d * t);
    };
    drawn.factors[static_cast<std::size_t>(quadrature)] = [=](double t) {
      return factor(t) * std::sin(omega_d * t);
    };
  };
  split(Control::drive, Control::drive_quadrature);
  split(Control::atom_drive, Control::atom_drive_quadrature);
  in_parts.drive_quadrature = battery.drive;
  in_parts.atom_drive_quadrature = battery.atom_drive;
  in_parts.omega_d = 0;
  return in_parts;
}

void expect_random_schedules(int first, int sets, const std::vector<double>& tolerances,
                             const testing::ChargingPath& path, bool turning_drives = false) {
  testing::Random random(81);
  for (int set = 0; set < first + sets; ++set) {
    BatteryParameters battery = testing::random_model(random, 2, set % 2 == 0);
    if (set % 16 == 15) {
      battery.N = set % 32 == 31 ? 4 : 3;
    }
    battery.fock_dim = 2 + battery.N + testing::uniform_int(random, 1, 2);
    battery.m = battery.charger == Charger::fock ? testing::uniform_int(random, 0, 2)
                                                 : testing::uniform(random, 0, 1.5);
    if (set % 4 == 3) {  // closed
      battery.kappa = battery.gamma_down = battery.gamma_up = battery.gamma_phi = 0;
      battery.collective_down = battery.collective_up = battery.collective_phi = 0;
    }
    const double t_max = testing::uniform(random, 0.5, 4);
    testing::DrawnSchedule drawn = testing::random_schedule(random, battery, t_max);
    if (turning_drives) {
      battery.interaction = Interaction::dicke;
      battery.drive = testing::uniform(random, 0.1, 0.5);
      battery.atom_drive = testing::uniform(random, 0.1, 0.5);
      battery.omega_d = testing::uniform(random, 0.3, 2.0);
    }
    if (set < first) {
      continue;
    }
    const BatteryParameters in_parts = turning_drives ? turned(battery, drawn) : battery;
    const std::vector<Seen> full = in_full_space(in_parts, drawn, t_max);
    for (const double tolerance : tolerances) {
      SCOPED_TRACE(std::to_string(set) + ": " + testing::describe(battery) + " t_max " +
                   std::to_string(t_max) + drawn.text);
      ChargingSettings settings = testing::settings_on(path, t_max, samples, tolerance);
      settings.schedule = drawn.schedule;
      settings.observables = sampled_observables(flows);
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
        double flowed = 0.0;
        for (const std::string_view flow : flows) {
          flowed += found.of(flow)[s];
        }
        EXPECT_NEAR(found.of("total_energy")[s] - found.of("total_energy")[0], flowed, accepted)
            << s;
      }
    }
  }
}

TEST(ScheduledCharging, IsThatOfTheFullSpace) {
  const char* const wanted = std::getenv("QBSWEEP_SCHEDULES");
  expect_random_schedules(0, wanted != nullptr ? std::stoi(wanted) : 16, {1e-6, 1e-8, 1e-10},
                          testing::fast_path);
}

TEST(ScheduledCharging, WithDrivesThatTurnIsThatOfTheFullSpace) {
  expect_random_schedules(0, 8, {1e-8}, testing::fast_path, true);
  expect_random_schedules(8, 2, {1e-8}, testing::plain_path, true);
}

// Nearly no counter-rotating terms leave nothing but the frame of the drive, in which it stands still.
TEST(ScheduledCharging, WithADriveThatTurnsIsThatInTheFrameOfTheDrive) {
  BatteryParameters battery;
  battery.interaction = Interaction::tavis_cummings;
  battery.N = 2;
  battery.g = 0.4;
  battery.drive = 0.2;
  battery.atom_drive = 0.1;
  battery.omega_d = 0.9;
  battery.kappa = battery.gamma_down = 0.1;
  battery.m = 1;
  battery.fock_dim = 10;
  ChargingSettings settings = testing::settings_on(testing::fast_path, 5, 6, 1e-9);
  std::vector<std::string_view> names = {"jx", "jy", "cavity_x", "cavity_p"};
  names.insert(names.end(), flows.begin(), flows.end());
  settings.observables = sampled_observables(names);
  names.insert(names.end(), {"battery_energy", "photon_number", "total_energy"});
  const Trajectory in_frame = charging_run(MPI_COMM_SELF, battery, settings).trajectory;
  battery.interaction = Interaction::anisotropic;
  battery.anisotropy = 1e-12;
  const Trajectory in_laboratory = charging_run(MPI_COMM_SELF, battery, settings).trajectory;
  for (const std::string_view name : names) {
    for (std::size_t s = 0; s < 6; ++s) {
      EXPECT_NEAR(in_laboratory.of(name)[s], in_frame.of(name)[s], 1e-7) << name << " " << s;
    }
  }
  EXPECT_GT(std::abs(in_frame.of("work_drive").back()), 0.05);
}

TEST(ScheduledCharging, OnTheAssembledMatrixIsThatOfTheFullSpace) {
  expect_random_schedules(16, 4, {1e-8}, testing::assembled_series);
}

/// Closed, with a Fock charger of N photons and no scaling of the coupling.
BatteryParameters closed_battery(Interaction interaction, int N) {
  BatteryParameters battery;
  battery.interaction = interaction;
  battery.coupling_scaling = CouplingScaling::bare;
  battery.N = N;
  battery.g = 0.3;
  battery.charger = Charger::fock;
  battery.m = N;
  battery.fock_dim = 4 * N;
  return battery;
}

// A thousand random steps are a thousand charging runs of a step, one after the other.
TEST(ScheduledCharging, OfAThousandStepsIsTheProductOfTheirExponentials) {
  testing::Random random(82);
  BatteryParameters battery = closed_battery(Interaction::dicke, 1);
  battery.fock_dim = 4;
  battery.kappa = 0.1;
  battery.gamma_down = 0.05;
  std::vector<double> values(1000);
  std::ranges::generate(values, [&] { return testing::uniform(random, -1, 1); });
  constexpr double t_max = 20;
  constexpr double step = t_max / 1000;
  ChargingSettings settings = testing::settings_on(testing::fast_path, t_max, 3, 1e-12);
  settings.schedule = Schedule(t_max);
  settings.schedule.add(
      Control::coupling,
      {find_shape("steps"), {}, {}, std::make_shared<const std::vector<double>>(values)});
  const Trajectory found = charging_run(MPI_COMM_SELF, battery, settings).trajectory;
  testing::FullSpaceCharging full(battery, battery.fock_dim);
  for (const double value : values) {
    BatteryParameters now = battery;
    now.g *= value;
    testing::FullSpaceCharging next(now, battery.fock_dim);
    next.set_state(full.state());
    next.evolve(step);
    full.set_state(next.state());
  }
  EXPECT_NEAR(found.of("battery_energy").back(), full.battery_energy(), 1e-11);
  EXPECT_NEAR(found.of("photon_number").back(), full.photons(), 1e-11);
  EXPECT_NEAR(found.ergotropy[0].back(), full.ergotropy(), 1e-11);
}

// A pulse much shorter than a period of anything turns by its area: J_x by 2 atom_drive sqrt(2 pi)
// width, which lifts a single atom to sin^2 of half the angle.
TEST(ScheduledCharging, DoesNotMissAPulse) {
  BatteryParameters battery;
  battery.g = 0;
  battery.atom_drive = 300;
  battery.charger = Charger::fock;
  battery.m = 0;
  battery.fock_dim = 2;
  constexpr double width = 1e-3;
  ChargingSettings settings = testing::settings_on(testing::fast_path, 1000, 5, 1e-8);
  settings.schedule = Schedule(1000);
  settings.schedule.add(Control::atom_drive, {find_shape("gaussian"), {500.0, width, 0.0}});
  const Trajectory found = charging_run(MPI_COMM_SELF, battery, settings).trajectory;
  const double angle = 2 * battery.atom_drive * std::sqrt(2 * M_PI) * width;
  EXPECT_NEAR(found.of("battery_energy")[1], 0, 1e-8);
  EXPECT_NEAR(found.of("battery_energy")[3], std::pow(std::sin(angle / 2), 2), 1e-5);
  EXPECT_GT(found.of("battery_energy")[3], 0.1);
}

// Switched off at once the interaction costs -<H_I>, the paper's Eq. (5); switched off slowly it costs
// Tavis-Cummings on resonance nothing: <H_I> stays 0 from a state without coherence.
TEST(ScheduledCharging, EndsWithTheInteractionSwitchedOff) {
  BatteryParameters battery = closed_battery(Interaction::dicke, 3);
  ChargingSettings settings = testing::settings_on(testing::fast_path, 2, 3, 1e-9);
  settings.schedule = Schedule(2);
  settings.schedule.add(Control::coupling,
                        {find_shape("steps"),
                         {},
                         {},
                         std::make_shared<const std::vector<double>>(std::vector{1.0, 0.0})});
  const Trajectory off = charging_run(MPI_COMM_SELF, battery, settings).trajectory;
  EXPECT_LT(std::abs(off.of("interaction_energy")[2]), 1e-12);
  const double lost = off.of("total_energy")[1] - off.of("total_energy")[2];
  EXPECT_NEAR(lost, off.of("interaction_energy")[1], 1e-8);  // the sample at the jump is before it
  EXPECT_GT(std::abs(lost), 0.05);
  battery.interaction = Interaction::tavis_cummings;
  settings.schedule = Schedule(2);
  settings.schedule.add(Control::coupling, {find_shape("sin2"), {0.0, 1.5, 0.0}});
  const ChargingResult slow = charging_run(MPI_COMM_SELF, battery, settings);
  EXPECT_NEAR(slow.figures.quench_energy_at_tau[0], 0, 1e-8);
  EXPECT_NEAR(slow.trajectory.of("total_energy").back(), battery.m, 1e-8);
}

// Numbers of an independent calculation: the best single-atom ergotropy of the coupling 0.3, switched
// on for 5.6 (Dicke, closed, m = N), in continuous time. The samples here miss it by less than 1e-4.
TEST(ScheduledCharging, OnAndOffGivesTheKnownErgotropyOfAnAtom) {
  BatteryParameters battery = closed_battery(Interaction::dicke, 8);
  ChargingSettings settings = testing::settings_on(testing::fast_path, 5.6, 561, 1e-7);
  settings.auto_fock_dim = true;
  settings.schedule = Schedule(5.6);
  settings.schedule.add(Control::coupling, {find_shape("constant"), {1.0}});
  settings.observables =
      sampled_observables(std::vector<std::string_view>{"single_atom_ergotropy"});
  const Trajectory found = charging_run(MPI_COMM_SELF, battery, settings).trajectory;
  EXPECT_NEAR(std::ranges::max(found.of("single_atom_ergotropy")), 0.2571, 1e-4);
}

// Steps are as short as the control asks for, which the estimate knows.
TEST(ScheduledCharging, WithAFastControlIsPlannedAndRefusedWhereItDoesNotEnd) {
  BatteryParameters battery = closed_battery(Interaction::dicke, 2);
  battery.kappa = 0.1;
  ChargingSettings settings = testing::settings_on(testing::fast_path, 2, 2, 1e-8);
  for (const double frequency : {10.0, 300.0, 3000.0}) {
    settings.schedule = Schedule(2);
    settings.schedule.add(Control::coupling, {find_shape("sine"), {frequency, 0.0, 0.0}});
    const double planned = estimate_charging(battery, settings).operator_applications;
    const auto taken = static_cast<double>(
        charging_run(MPI_COMM_SELF, battery, settings).diagnostics.operator_applications);
    EXPECT_GT(planned, taken / 3) << frequency;
    EXPECT_LT(planned, taken * 3) << frequency;
  }
  settings.schedule = Schedule(2);
  settings.schedule.add(Control::coupling, {find_shape("sine"), {1e9, 0.0, 0.0}});
  EXPECT_NE(estimate_charging(battery, settings).refusal, "");
  EXPECT_THROW((void)charging_run(MPI_COMM_SELF, battery, settings), EnvironmentError);
}

TEST(ScheduledCharging, ByTheIntegratorIsThatOfTheFullSpace) {
  expect_random_schedules(20, 6, {1e-8}, testing::plain_path);
}

}  // namespace
}  // namespace qbsweep
