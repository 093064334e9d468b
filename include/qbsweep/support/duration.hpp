#pragma once
/// \file
/// Durations as people read them.

#include <optional>
#include <string>

namespace qbsweep {

/// "3.2 s", "48 s", "4 min 05 s", "1 h 04 min", "2 d 03 h": two units at most, rounded to the last
/// one shown. Anything that is not a number above zero is "0.0 s".
[[nodiscard]] std::string duration_text(double seconds);

/// "about 3.2 s", or "over 1000 years".
[[nodiscard]] std::string about_text(double seconds);

/// Seconds of "90", "45s", "30min", "1.5h", "2d", parts of these one after the other as in
/// "1h30min", and of what Slurm writes: "MM:SS", "HH:MM:SS", "D-HH:MM:SS". Nothing for any other
/// text, and for one that means no time at all.
[[nodiscard]] std::optional<double> parse_duration(const std::string& text);

/// What parse_duration() accepts, for messages.
inline constexpr const char* accepted_durations =
    "a duration as 90, 45s, 30min, 1.5h, 1h30min, 02:30:00";

}  // namespace qbsweep
