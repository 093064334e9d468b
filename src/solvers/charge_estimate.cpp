#include "qbsweep/solvers/charge_estimate.hpp"

#include <algorithm>
#include <cmath>

#include "qbsweep/liouvillian/assembled.hpp"

namespace qbsweep {
namespace {

// Measured on one core with PETSc 3.18 (N = 2 .. 10, both interactions): peak memory of the process
// over the matrix entries, and run time over entries times applications.
constexpr double process_bytes = 45e6;
constexpr double bytes_per_entry = 42;
constexpr double seconds_per_entry_application = 0.8e-9;
constexpr double seconds_per_application = 1e-6;
constexpr double seconds_per_point = 0.5e-3;

/// How fast the observables and the elements that matter turn, which sets the step: coherences of
/// the photon distribution turn with omega_c times its width, populations with the Rabi frequency.
double motion_rate(const BatteryParameters& battery) {
  const bool dicke = battery.interaction == Interaction::dicke;
  const bool coherent = battery.charger == Charger::coherent;
  const double rabi =
      4 * effective_coupling(battery) * std::sqrt(std::max(battery.m, 1.0) * battery.N);
  const double free = battery.omega_c * std::sqrt(std::max(battery.m, 1.0));
  return 0.5 + (dicke || coherent ? 2 * free : 0.0) + (dicke ? 0.9 : 0.3) * rabi;
}

}  // namespace

ChargeEstimate estimate_charge(const BatteryParameters& battery, const ChargeSettings& settings) {
  const auto entries = static_cast<double>(estimate_liouvillian_entries(battery));
  ChargeEstimate estimate;
  estimate.unknowns = count_unknowns(battery.N, battery.fock_dim, has_local_noise(battery));
  estimate.memory_bytes = process_bytes + bytes_per_entry * entries;

  // An order-5 step of 6 stages is as long as its error estimate of order 4 allows ...
  const double accuracy_rate = motion_rate(battery) * std::pow(settings.tolerance, -0.2);
  // ... and no longer than the stability of the fastest decay.
  const double decay_rate =
      battery.kappa * battery.fock_dim + (battery.gamma_down + 2 * battery.gamma_phi) * battery.N;
  const double stability_rate = 6 * decay_rate / 3.3;
  estimate.operator_applications = 50 + settings.t_max * std::max(accuracy_rate, stability_rate);
  estimate.seconds =
      seconds_per_point + estimate.operator_applications *
                              (seconds_per_application + entries * seconds_per_entry_application);
  return estimate;
}

}  // namespace qbsweep
