#include "qbsweep/support/duration.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

namespace qbsweep {
namespace {

/// Takes a number without a sign off the begin of `rest`.
std::optional<double> take_number(std::string_view& rest) {
  double number = 0;
  if (rest.empty() || rest.front() == '-') {
    return std::nullopt;
  }
  const auto [end, error] =
      std::from_chars(rest.data(), rest.data() + rest.size(), number, std::chars_format::fixed);
  if (error != std::errc{}) {
    return std::nullopt;
  }
  rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
  return number;
}

/// "D-HH:MM:SS", "HH:MM:SS", "MM:SS".
std::optional<double> parse_clock(std::string_view rest) {
  double days = 0;
  if (const auto dash = rest.find('-'); dash != std::string_view::npos) {
    std::string_view front = rest.substr(0, dash);
    const auto number = take_number(front);
    if (!number || !front.empty()) {
      return std::nullopt;
    }
    days = *number;
    rest.remove_prefix(dash + 1);
  }
  double seconds = 0;
  for (int place = 0;; ++place) {
    const auto number = take_number(rest);
    if (!number || place > 2 || (place > 0 && *number >= 60)) {
      return std::nullopt;
    }
    seconds = 60 * seconds + *number;
    if (rest.empty()) {
      return place > 0 ? std::optional(seconds + 86400 * days) : std::nullopt;
    }
    if (rest.front() != ':') {
      return std::nullopt;
    }
    rest.remove_prefix(1);
  }
}

/// "1h30min", "45s", "90".
std::optional<double> parse_units(std::string_view rest) {
  static const std::map<std::string_view, double> units = {
      {"s", 1}, {"min", 60}, {"m", 60}, {"h", 3600}, {"d", 86400}};
  if (std::string_view number = rest; take_number(number) && number.empty()) {
    return take_number(rest);
  }
  double seconds = 0;
  while (!rest.empty()) {
    const auto number = take_number(rest);
    const auto unit = units.find(rest.substr(0, rest.find_first_of("0123456789.")));
    if (!number || unit == units.end()) {
      return std::nullopt;
    }
    seconds += *number * unit->second;
    rest.remove_prefix(unit->first.size());
  }
  return seconds;
}

}  // namespace

std::string about_text(double seconds) {
  const std::string text = duration_text(seconds);
  return (text.starts_with("over") ? "" : "about ") + text;
}

std::optional<double> parse_duration(const std::string& text) {
  const auto seconds = text.find(':') != std::string::npos ? parse_clock(text) : parse_units(text);
  return seconds && *seconds > 0 && std::isfinite(*seconds) ? seconds : std::nullopt;
}

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
  constexpr double longest_days = 365'000;
  if (seconds > longest_days * day) {
    return fmt::format("over {:.0f} years", longest_days / 365);
  }
  const double hours = std::round(seconds / hour);
  return fmt::format("{:.0f} d {:02.0f} h", std::floor(hours / 24.0), std::fmod(hours, 24.0));
}

}  // namespace qbsweep
