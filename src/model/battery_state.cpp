#include "qbsweep/model/battery_state.hpp"

#include <cmath>

namespace qbsweep {
namespace {

/// In logarithms, so that neither factor overflows.
double rotated_amplitude(int N, double angle, int i) {
  const double up = std::sin(angle / 2);
  const double down = std::cos(angle / 2);
  if ((up == 0 && i > 0) || (down == 0 && i < N)) {
    return 0.0;
  }
  double log_size = (std::lgamma(N + 1.0) - std::lgamma(i + 1.0) - std::lgamma(N - i + 1.0)) / 2;
  log_size += i > 0 ? i * std::log(std::abs(up)) : 0.0;
  log_size += i < N ? (N - i) * std::log(std::abs(down)) : 0.0;
  const bool negative = (up < 0 && i % 2 != 0) != (down < 0 && (N - i) % 2 != 0);
  return (negative ? -1 : 1) * std::exp(log_size);
}

}  // namespace

std::vector<double> battery_amplitudes(const BatteryParameters& battery) {
  std::vector<double> amplitudes(static_cast<std::size_t>(most_excited_at_first(battery)) + 1, 0.0);
  if (battery.battery_state != BatteryState::rotated) {
    amplitudes.back() = 1.0;
    return amplitudes;
  }
  for (int i = 0; i <= battery.N; ++i) {
    amplitudes[i] = rotated_amplitude(battery.N, battery.battery_angle, i);
  }
  return amplitudes;
}

}  // namespace qbsweep
