#pragma once
/// \file
/// What is asked of a battery after charging.

#include <array>
#include <cstdint>
#include <string_view>

namespace qbsweep {

/// From when on a battery is stored.
enum class StorageAfter {
  tau,  ///< of each definition of ergotropy
  t_max
};
inline constexpr std::array<std::string_view, 2> storage_after_words = {"tau", "t_max"};

/// While it is stored everything but the battery is switched off: coupling, drives, cavity. Its own
/// noise and Ising terms stay.
struct StorageSettings {
  double duration = 0.0;       ///< > 0
  std::int64_t samples = 201;  ///< equidistant from 0 to duration, >= 2
  StorageAfter after = StorageAfter::tau;
};

}  // namespace qbsweep
