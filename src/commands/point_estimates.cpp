#include "point_estimates.hpp"

#include <algorithm>

#include "qbsweep/solvers/charge_estimate.hpp"
#include "qbsweep/solvers/steady_estimate.hpp"

namespace qbsweep {

ChargeSettings charge_settings(const Sweep& sweep, const SweepPoint& point,
                               const ChargeMethod& method) {
  return {.t_max = point.t_max,
          .samples = sweep.samples(),
          .tolerance = sweep.charging()->tolerance,
          .auto_fock_dim = point.auto_fock_dim,
          .liouvillian = method.liouvillian,
          .propagator = method.propagator};
}

SteadyStateSettings steady_settings(const Sweep& sweep, const SweepPoint& point) {
  const SteadyStateSection& section = *sweep.steady_state();
  const auto word =
      std::find(steady_state_methods.begin(), steady_state_methods.end(), section.method);
  return {.method = static_cast<SteadyMethod>(word - steady_state_methods.begin()),
          .gap = section.gap,
          .tolerance = section.tolerance,
          .auto_fock_dim = point.auto_fock_dim};
}

PointEstimate estimate_point(const Sweep& sweep, std::int64_t index, const ChargeMethod& method) {
  const SweepPoint point = sweep.point(index);
  PointEstimate sum;
  if (sweep.charging()) {
    const ChargeEstimate charge =
        estimate_charge(point.battery, charge_settings(sweep, point, method));
    sum = {charge.unknowns, charge.memory_bytes, charge.operator_applications,
           charge.seconds,  charge.seconds,      charge.refusal};
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
