#pragma once
// The ways in which a charging run can be computed: what holds for charging runs must hold on each
// of them.
#include "qbsweep/dynamics/charging_settings.hpp"

namespace qbsweep::testing {

struct ChargingPath {
  const char* name;
  LiouvillianKind liouvillian;
  Propagator propagator;
};

inline constexpr ChargingPath plain_path = {"plain", LiouvillianKind::assembled, Propagator::ts};
inline constexpr ChargingPath fast_path = {"fast", LiouvillianKind::matrix_free,
                                           Propagator::chebyshev};
/// The series of the fast path on the matrix of the plain one: no reduction but j = N/2.
inline constexpr ChargingPath assembled_series = {"assembled_series", LiouvillianKind::assembled,
                                                  Propagator::chebyshev};

inline ChargingSettings settings_on(const ChargingPath& path, double t_max, std::int64_t samples,
                                    double tolerance) {
  ChargingSettings settings;
  settings.t_max = t_max;
  settings.samples = samples;
  settings.tolerance = tolerance;
  settings.liouvillian = path.liouvillian;
  settings.propagator = path.propagator;
  return settings;
}

}  // namespace qbsweep::testing
