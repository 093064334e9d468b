#include "qbsweep/support/duration.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>

namespace qbsweep {

std::string duration_text(double seconds) {
  constexpr double minute = 60.0;
  constexpr double hour = 60.0 * minute;
  constexpr double day = 24.0 * hour;
  // Each limit is where the rounded text would reach the next form: 59.6 s is a minute.
  if (!(seconds > 0.0)) {
    return "0.0 s";
  }
  if (seconds < 9.95) {
    return fmt::format("{:.1f} s", seconds);
  }
  if (seconds < minute - 0.5) {
    return fmt::format("{:.0f} s", seconds);
  }
  if (seconds < hour - 0.5) {
    const auto whole = std::llround(seconds);
    return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  }
  if (seconds < day - 0.5 * minute) {
    const auto whole = std::llround(seconds / minute);
    return fmt::format("{} h {:02} min", whole / 60, whole % 60);
  }
  const double hours = std::round(seconds / hour);
  return fmt::format("{:.0f} d {:02.0f} h", std::floor(hours / 24.0), std::fmod(hours, 24.0));
}

}  // namespace qbsweep
