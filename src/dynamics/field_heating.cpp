#include "qbsweep/dynamics/field_heating.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>

namespace qbsweep {
namespace {

double square(double x) {
  return x * x;
}

/// At which the correlations of sigma_x decay.
double telegraph_rate(const BatteryParameters& battery) {
  return (battery.gamma_down + battery.gamma_up) / 2 + 2 * battery.gamma_phi;
}

}  // namespace

double steady_heating(const BatteryParameters& battery) {
  return battery.kappa > 0 ? mean_heating(battery, std::numeric_limits<double>::infinity()) : 0.0;
}

double mean_heating(const BatteryParameters& battery, double t_max) {
  const double rate = telegraph_rate(battery);
  if (counter_rotating(battery) == 0 || rate == 0) {
    return 0.0;
  }
  const double coupling = square(effective_coupling(battery)) * battery.N;
  const auto spectrum = [&](double omega) { return 2 * rate / (square(rate) + square(omega)); };
  // Weakly coupled atoms that decay to their ground state absorb photons; fitted is where that
  // ends.
  const double critical = critical_coupling(battery);
  const double ground_state_share = std::exp(-3 * coupling / square(critical)) *
                                    battery.gamma_down / (battery.gamma_down + battery.gamma_phi);
  const double absorbed =
      coupling * ground_state_share *
      (spectrum(battery.omega_c - battery.omega_0) - spectrum(battery.omega_c + battery.omega_0));
  const double lost = battery.kappa + absorbed;
  const double lifetimes = lost > 0 ? -std::expm1(-lost * t_max) / lost : t_max;
  return coupling * spectrum(battery.omega_c) * lifetimes;
}

double largest_heating(const BatteryParameters& battery, double t_max, double probability) {
  const double rate = telegraph_rate(battery);
  if (counter_rotating(battery) == 0 || rate == 0) {
    return 0.0;
  }
  const double lifetime = battery.kappa > 0 ? 1 / battery.kappa : t_max;
  const double kicks = battery.N * rate / 2 * std::min(t_max, lifetime);
  const double kick = 4 * square(effective_coupling(battery)) /
                      (square(battery.omega_c) + square(rate));  // of the square of the amplitude
  const double most = battery.omega_c * std::min(t_max, 2 * lifetime) / std::numbers::pi;
  double largest = 0.0;
  constexpr double beyond = 1e9;
  const auto end = static_cast<std::int64_t>(std::ceil(std::min(most * most + 1, beyond)));
  for (std::int64_t number = 1; number < end; number += 1 + number / 10) {
    const auto k = static_cast<double>(number);
    const double log_poisson = k * std::log(kicks) - kicks - std::lgamma(k + 1);
    largest = std::max(largest, k * (log_poisson - std::log(probability)));
  }
  return kick * std::min(largest, most * most);
}

}  // namespace qbsweep
