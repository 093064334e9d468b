#pragma once
/// \file
/// exp(L T) on a parity half of the state, as a matrix for eigensolvers.

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "qbsweep/dynamics/series_propagator.hpp"
#include "qbsweep/dynamics/watch.hpp"
#include "qbsweep/model/parameters.hpp"
#include "qbsweep/operators/ellipse_series.hpp"
#include "qbsweep/operators/parity_half.hpp"
#include "qbsweep/operators/sector_state.hpp"
#include "qbsweep/support/petsc.hpp"

namespace qbsweep {

class Evolution {
 public:
  /// Over `duration`, in as many equal steps, each one series, as it takes.
  /// \param tolerance  of what is left out of one step, for a state of norm 1
  /// \param watch    called after each application of L in apply(), the fraction unknown
  /// \throws EnvironmentError where it is stiff
  Evolution(const BatteryParameters& battery, const ParityHalf& half, double duration,
            double tolerance, Watch watch = {});

  /// Whether rates differ so much that too many terms of the series would only follow the decay.
  [[nodiscard]] static bool is_stiff(const BatteryParameters& battery, double duration);

  [[nodiscard]] double duration() const { return duration_; }
  /// Into how many it is cut.
  [[nodiscard]] std::int64_t steps() const { return steps_; }
  /// Applications of L so far.
  [[nodiscard]] std::int64_t applications() const { return applications_; }

  /// to <- exp(L T) from; both vectors of the half.
  /// \throws EnvironmentError where rounding costs too much in however short steps
  void apply(const double* from, double* to);

  /// to <- L from.
  void apply_liouvillian(const double* from, double* to);

  /// Bytes that it takes.
  [[nodiscard]] static double bytes(const BatteryParameters& battery);

 private:
  void plan(std::int64_t fewest_steps);
  /// state_ <- exp(L step) state_; false, and state_ is as before, where rounding costs too much.
  bool step();
  void load(const double* from, SectorState& state);
  void store(const SectorState& state, double* to);

  BatteryParameters battery_;
  const ParityHalf& half_;
  FieldOfValues values_;
  double duration_;
  double tolerance_;
  Watch watch_;
  ParitySector sector_;
  std::vector<double> full_;
  SectorState state_;
  SectorState previous_;
  SectorState here_;
  SectorState sum_;

  bool careful_ = false;
  int tries_ = 0;
  std::int64_t steps_ = 1;
  Ellipse ellipse_;
  std::optional<SeriesPropagator> propagator_;  // of one step
  std::int64_t applications_ = 0;
};

}  // namespace qbsweep
