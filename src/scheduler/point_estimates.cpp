#include "qbsweep/scheduler/point_estimates.hpp"

#include <algorithm>

#include "qbsweep/dynamics/charging_estimate.hpp"
#include "qbsweep/operators/charging_operators.hpp"
#include "qbsweep/spectrum/steady_estimate.hpp"

namespace qbsweep {

ChargingSettings charging_settings(const Sweep& sweep, const SweepPoint& point,
                                   const ChargingMethod& method) {
  return {.t_max = point.t_max,
          .samples = sweep.samples(),
          .tolerance = sweep.charging()->tolerance,
          .auto_fock_dim = point.auto_fock_dim,
          .observables = sampled_observables(sweep.observables()),
          .sizes = sweep.observable_sizes(),
          .schedule = point.schedule,
          .storage = sweep.storage(),
          .liouvillian = method.liouvillian,
          .propagator = method.propagator};
}

SteadyStateSettings steady_settings(const Sweep& sweep, const SweepPoint& point) {
  const SteadyStateSection& section = *sweep.steady_state();
  return {.method = section.method,
          .gap = section.gap,
          .tolerance = section.tolerance,
          .auto_fock_dim = point.auto_fock_dim,
          .observables = steady_observables(sweep.observables()),
          .sizes = sweep.observable_sizes()};
}

PointEstimate estimate_point(const Sweep& sweep, std::int64_t index, const ChargingMethod& method) {
  const SweepPoint point = sweep.point(index);
  PointEstimate sum;
  if (sweep.charging()) {
    const ChargingEstimate charging =
        estimate_charging(point.battery, charging_settings(sweep, point, method));
    sum = {charging.unknowns, charging.memory_bytes, charging.operator_applications,
           charging.seconds,  charging.seconds,      charging.refusal};
    if (method.liouvillian == LiouvillianKind::matrix_free &&
        method.propagator == Propagator::chebyshev) {
      sum.assembled_for = terms_kernels_lack(point.battery);
    }
  }
  if (sweep.steady_state()) {
    const SteadyEstimate steady =
        estimate_steady_point(point.battery, steady_settings(sweep, point));
    sum.unknowns = std::max(sum.unknowns, steady.unknowns);
    sum.memory_bytes = std::max(sum.memory_bytes, steady.memory_bytes);
    sum.seconds += steady.seconds;
  }
  return sum;
}

}  // namespace qbsweep
