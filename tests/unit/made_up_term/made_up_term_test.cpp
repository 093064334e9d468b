// A term that nobody knows, put into the model by this program's own present_terms() and
// carried_terms() in place of the library's (the linker takes what it meets first): whatever
// computes with the equation refuses it, or leaves it to what carries it, and never ignores it.
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <set>
#include <string>

#include "charge_paths.hpp"
#include "qbsweep/liouvillian/assembled.hpp"
#include "qbsweep/liouvillian/charge_operators.hpp"
#include "qbsweep/liouvillian/no_jump_inverse.hpp"
#include "qbsweep/liouvillian/parity_sector.hpp"
#include "qbsweep/liouvillian/pure_state.hpp"
#include "qbsweep/liouvillian/reached_liouvillian.hpp"
#include "qbsweep/liouvillian/stored_size.hpp"
#include "qbsweep/liouvillian/tavis_cummings_sector.hpp"
#include "qbsweep/physics/model_terms.hpp"
#include "qbsweep/physics/reductions.hpp"
#include "qbsweep/solvers/charge.hpp"
#include "qbsweep/solvers/charge_estimate.hpp"
#include "qbsweep/solvers/collocation_charge.hpp"
#include "qbsweep/solvers/figures_recorder.hpp"
#include "qbsweep/solvers/ground_state.hpp"
#include "qbsweep/solvers/steady_state.hpp"
#include "qbsweep/support/error.hpp"

namespace qbsweep {
namespace {

constexpr auto made_up = static_cast<Term>(31);

std::set<Carrier> those_who_know;

}  // namespace

Terms present_terms(const BatteryParameters& battery) {
  Terms present(std::array{Term::coupling, Term::free_evolution, made_up});
  if (battery.kappa > 0) {
    present.add(Term::cavity_loss);
  }
  if (battery.gamma_down > 0) {
    present.add(Term::atomic_decay);
  }
  return present;
}

Terms carried_terms(Carrier carrier) {
  Terms carried(all_terms);
  if (those_who_know.count(carrier) > 0) {
    carried.add(made_up);
  }
  return carried;
}

namespace {

BatteryParameters noisy_battery(Interaction interaction) {
  BatteryParameters battery;
  battery.interaction = interaction;
  battery.N = 2;
  battery.g = 0.4;
  battery.kappa = 0.1;
  battery.gamma_down = 0.1;
  battery.fock_dim = 5;
  return battery;
}

/// Everything that computes with the equation.
std::map<std::string, std::function<void(const BatteryParameters&)>> all_that_compute() {
  std::map<std::string, std::function<void(const BatteryParameters&)>> all;
  const auto basis_of = [](const BatteryParameters& battery) {
    return StateBasis(battery.N, battery.fock_dim, has_local_noise(battery));
  };
  all["parity sector"] = [](const auto& b) { ParitySector(b, Parity::even); };
  all["excitation sector"] = [](const auto& b) { TavisCummingsSector(b, 0, 2, false); };
  all["state vector"] = [](const auto& b) { PureStateOperator(b, 0.0); };
  all["no-jump inverse"] = [](const auto& b) {
    const ParityHalf even(b, Parity::even);
    NoJumpInverse(b, even);
  };
  all["matrix"] = [=](const auto& b) { (void)assemble_liouvillian(MPI_COMM_SELF, basis_of(b), b); };
  all["reached"] = [=](const auto& b) { (void)reached_liouvillian(basis_of(b), b, {}, {}); };
  all["matrix-free operators"] = [](const auto& b) { (void)matrix_free_operators(b); };
  all["assembled operators"] = [](const auto& b) { (void)assembled_operators(b); };
  all["field of values"] = [](const auto& b) { (void)field_of_values(b, 5, {0.0, 1.0}); };
  all["ground state"] = [](const auto& b) { (void)ground_state(MPI_COMM_SELF, b); };
  all["recorder"] = [=](const auto& b) { FiguresRecorder(basis_of(b), b, ChargeSettings()); };
  all["entries"] = [](const auto& b) { (void)estimate_liouvillian_entries(b); };
  all["sizes"] = [](const auto& b) { (void)matrix_free_size(b); };
  all["estimate"] = [](const auto& b) {
    (void)estimate_charge(b, testing::settings_on(testing::fast_path, 1.0, 0, 1e-8));
  };
  for (const auto& path : {testing::fast_path, testing::plain_path, testing::assembled_series}) {
    all[std::string("charge ") + path.name] = [path](const auto& b) {
      (void)charge(MPI_COMM_SELF, b, testing::settings_on(path, 1.0, 0, 1e-8));
    };
  }
  all["collocation"] = [](const auto& b) {
    (void)collocation_charge(MPI_COMM_SELF, b,
                             testing::settings_on(testing::fast_path, 1.0, 0, 1e-8));
  };
  for (const SteadyMethod method : {SteadyMethod::automatic, SteadyMethod::shift_invert,
                                    SteadyMethod::propagator, SteadyMethod::gmres}) {
    all["steady state " + std::to_string(static_cast<int>(method))] = [method](const auto& b) {
      SteadyStateSettings settings;
      settings.method = method;
      (void)steady_state(MPI_COMM_SELF, b, settings);
    };
  }
  return all;
}

TEST(MadeUpTerm, IsRefusedByAllThatDoNotKnowIt) {
  those_who_know = {};
  for (const Interaction interaction : {Interaction::dicke, Interaction::tavis_cummings}) {
    const BatteryParameters battery = noisy_battery(interaction);
    for (const auto& [name, compute] : all_that_compute()) {
      EXPECT_THROW(compute(battery), EnvironmentError) << name;
    }
  }
}

// Nothing is assumed of its symmetries, not even that it leaves j = N/2 alone.
TEST(MadeUpTerm, LeavesNoReduction) {
  those_who_know = {};
  BatteryParameters battery = noisy_battery(Interaction::tavis_cummings);
  battery.gamma_down = battery.kappa = 0;
  EXPECT_TRUE(has_local_noise(battery));
  EXPECT_EQ(exact_reductions(battery).bits(), 0U);
}

// Where the kernels do not know it but the matrix does, the matrix is taken. (Here it has no rows
// for it, so that the numbers are those without it.)
TEST(MadeUpTerm, IsLeftToTheMatrixThatCarriesIt) {
  those_who_know = {Carrier::assembled_matrix, Carrier::field_of_values, Carrier::figures_of_merit,
                    Carrier::estimates};
  for (const Interaction interaction : {Interaction::dicke, Interaction::tavis_cummings}) {
    const BatteryParameters battery = noisy_battery(interaction);
    const auto on = [&](const testing::ChargePath& path) {
      return charge(MPI_COMM_SELF, battery, testing::settings_on(path, 3.0, 4, 1e-8));
    };
    const ChargeResult fast = on(testing::fast_path);
    const ChargeResult assembled = on(testing::assembled_series);
    EXPECT_EQ(fast.diagnostics.unknowns, count_unknowns(battery.N, battery.fock_dim, true));
    EXPECT_EQ(fast.figures.ergotropy_max, assembled.figures.ergotropy_max);
    EXPECT_EQ(fast.trajectory.battery_energy, assembled.trajectory.battery_energy);
  }
}

// One that everybody knows but the kernels' reductions, or but one other, does not slip through.
TEST(MadeUpTerm, IsNotIgnoredByTheOneThatDoesNotKnowIt) {
  const BatteryParameters battery = noisy_battery(Interaction::dicke);
  for (const Carrier carrier :
       {Carrier::assembled_matrix, Carrier::field_of_values, Carrier::figures_of_merit}) {
    those_who_know = {Carrier::assembled_matrix, Carrier::field_of_values,
                      Carrier::figures_of_merit, Carrier::estimates};
    those_who_know.erase(carrier);
    EXPECT_THROW(all_that_compute().at("charge fast")(battery), EnvironmentError)
        << static_cast<int>(carrier);
  }
}

}  // namespace
}  // namespace qbsweep
