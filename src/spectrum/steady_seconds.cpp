// What a steady state costs, from how often L or its factors are applied. Measured for N = 2 .. 8
// of both interactions with 8 to 44 Fock levels, rates from 0.01 to 1 and g from 0.5 to 2 g_c; and
// by tests/benchmark/measure_plan.py for rates from 1e-6.
#include "steady_seconds.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "qbsweep/dynamics/quick_field_of_values.hpp"
#include "qbsweep/model/dissipators.hpp"
#include "qbsweep/model/spin_blocks.hpp"
#include "qbsweep/spectrum/liouvillian_gap.hpp"
#include "qbsweep/spectrum/steady_shift_invert.hpp"
#include "rightmost.hpp"
#include "steady_states.hpp"

namespace qbsweep {
namespace {

double unknowns_of(const BatteryParameters& battery) {
  return static_cast<double>(count_unknowns(battery.N, battery.fock_dim, has_local_noise(battery)));
}

}  // namespace

double shift_invert_seconds(const BatteryParameters& battery) {
  constexpr double factors_of_a_process = 50e6;
  const double bytes = std::max(steady_shift_invert_memory(battery) - factors_of_a_process, 0.0);
  const double one_half = 2e-3 + 1.4e-5 * unknowns_of(battery) + 2.4e-13 * std::pow(bytes, 1.5);
  // Unless the state is known to be unique, the odd half is factorised as well.
  return (unique_by_decay(battery) ? 1 : 2) * one_half;
}

namespace {

/// An iteration goes from jump to jump: those that dephase before anything decays, and those that
/// take photons one by one out of many levels. Without much noise it is the turning between them.
double gmres_applications(const BatteryParameters& battery) {
  double slowest = std::numeric_limits<double>::infinity();
  double fastest = 0.0;
  for (const auto& [jump, rate] : active_jumps(battery)) {
    if (excitations_gained(jump) != 0) {
      slowest = std::min(slowest, rate);
    }
    fastest = std::max(fastest, (jump == Jump::single_pauli_z ? 4 : 1) * rate);
  }
  fastest /= battery.omega_c;
  const double levels = battery.fock_dim;
  const double turning = 15 * std::sqrt(levels) * (1 + 0.05 / std::sqrt(std::max(fastest, 1e-9)));
  const double dephasing = 6 * battery.gamma_phi * battery.N / slowest;
  const double losing = 0.13 * battery.kappa / battery.omega_c * levels * levels;
  constexpr double most = 2000;
  return std::min(turning + dephasing + losing, most);
}

}  // namespace

/// An application multiplies dense matrices of every block, and makes the new vector orthogonal to
/// those before it.
double gmres_seconds(const BatteryParameters& battery) {
  double multiplied = 0.0;
  for (const SpinBlock block : spin_blocks(battery.N, has_local_noise(battery))) {
    multiplied += std::pow(1.0 * block.dim() * battery.fock_dim, 3);
  }
  const double applications = gmres_applications(battery);
  const double orthogonal = 0.5e-9 * unknowns_of(battery) / 2 * std::min(applications, 100.0);
  return 1e-3 + applications * (1e-5 + 2.8e-10 * multiplied + orthogonal);
}

namespace {

/// Of a Krylov space of 24 vectors of exp(L T): T is cut where it is too long for what does not
/// decay, and then it takes restarts.
double krylov_seconds(const BatteryParameters& battery) {
  const double T = propagation_time(battery);
  const double decay = quick_field_of_values(battery).expected_support(std::numbers::pi);
  const double turns = T * (quick_energy_spread(battery, battery.fock_dim) + decay / 2);
  const double terms = turns + 9 * std::cbrt(turns) + 8;
  const double damped = T * damping_rate(battery);
  constexpr double most_restarts = 6;
  const double exponentials = 24 * (1 + std::min(0.5 / damped, most_restarts));
  return exponentials * terms * (2e-6 + 2.4e-9 * unknowns_of(battery));
}

}  // namespace

double propagator_seconds(const BatteryParameters& battery) {
  // Once for the state, and once more where it has to be shown that it is the only one.
  return 1e-3 + (unique_by_decay(battery) ? 1 : 2) * krylov_seconds(battery);
}

double gap_seconds(const BatteryParameters& battery) {
  const double half = unknowns_of(battery) / 2;
  if (gap_by_diagonalisation(battery, half)) {
    return 2 * (2.2e-9 * std::pow(half, 3) + 2e-6 * half);
  }
  constexpr double more_digits = 1.6;
  return 2 * more_digits * krylov_seconds(battery);
}

}  // namespace qbsweep
