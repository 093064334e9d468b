#pragma once
/// \file
/// Which way a charging run goes, and how much work that is: known before it starts, to plans as
/// well.

#include <cstdint>
#include <string>

#include "qbsweep/dynamics/charging_settings.hpp"
#include "qbsweep/model/parameters.hpp"
#include "qbsweep/operators/field_of_values.hpp"

namespace qbsweep {

struct ChargingPath {
  enum class Method : std::int8_t {
    series,       ///< series_charging()
    collocation,  ///< collocation_charging(), where decay is much faster than everything else
    integrator,   ///< ts_charging()
    none          ///< there is none that comes to an end: `refusal` says why
  };
  Method method = Method::series;
  /// Of the Liouvillian to every part of the state, or solutions of a linear system each; within a
  /// factor of 3, by series as many as it may take at worst. 0 where it is far from the limit and
  /// was not looked at.
  double applications = 0.0;
  std::int64_t unknowns = 0;  ///< of the matrix that collocation factorises
  double factorisations = 0;  ///< of that matrix, shifted; 0 on other paths
  double seconds = 0;         ///< that collocation takes, 0 on other paths
  std::string refusal;
};

/// More applications than this are refused: the smallest states take some minutes for them.
inline constexpr double most_applications = 2e7;

/// For battery.fock_dim Fock levels. Takes microseconds for most points, at most milliseconds.
[[nodiscard]] ChargingPath charging_path(const BatteryParameters& battery,
                                         const ChargingSettings& settings);

}  // namespace qbsweep
