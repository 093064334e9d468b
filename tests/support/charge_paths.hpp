#pragma once
// The ways in which a charge can be computed: what holds for charges must hold on each of them.
#include "qbsweep/solvers/charge_settings.hpp"

namespace qbsweep::testing {

struct ChargePath {
  const char* name;
  LiouvillianKind liouvillian;
  Propagator propagator;
};

inline constexpr ChargePath plain_path = {"plain", LiouvillianKind::assembled, Propagator::ts};
inline constexpr ChargePath fast_path = {"fast", LiouvillianKind::matrix_free,
                                         Propagator::chebyshev};
/// The series of the fast path on the matrix of the plain one: no reduction but j = N/2.
inline constexpr ChargePath assembled_series = {"assembled_series", LiouvillianKind::assembled,
                                                Propagator::chebyshev};

inline ChargeSettings settings_on(const ChargePath& path, double t_max, std::int64_t samples,
                                  double tolerance) {
  ChargeSettings settings;
  settings.t_max = t_max;
  settings.samples = samples;
  settings.tolerance = tolerance;
  settings.liouvillian = path.liouvillian;
  settings.propagator = path.propagator;
  return settings;
}

}  // namespace qbsweep::testing
