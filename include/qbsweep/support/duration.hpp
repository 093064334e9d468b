#pragma once
/// \file
/// Durations as people read them.

#include <string>

namespace qbsweep {

/// "3.2 s", "48 s", "4 min 05 s", "1 h 04 min", "2 d 03 h": two units at most, rounded to the last
/// one shown. Anything that is not a number above zero is "0.0 s".
[[nodiscard]] std::string duration_text(double seconds);

}  // namespace qbsweep
