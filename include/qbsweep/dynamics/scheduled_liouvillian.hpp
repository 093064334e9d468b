#pragma once
/// \file
/// L(t) of a schedule as PETSc matrices: the plain path, a cross-check of series.

#include <functional>
#include <vector>

#include "qbsweep/model/parameters.hpp"
#include "qbsweep/model/schedule.hpp"
#include "qbsweep/support/petsc.hpp"

namespace qbsweep {

/// L(t) = sum_i w_i(t) L_i, with the L_i at as many values of the controls as needed: L is linear in
/// them. Without a schedule L_0 alone.
class ScheduledLiouvillian {
 public:
  /// Collective, as all that follows, on the communicator of what `make` returns.
  /// \param make  L of a battery that stands still
  ScheduledLiouvillian(const BatteryParameters& battery, const Schedule& schedule,
                       const std::function<petsc::Matrix(const BatteryParameters&)>& make);

  /// L with all controls at 1.
  [[nodiscard]] Mat standing() const { return matrices_.front().get(); }
  [[nodiscard]] bool stands_still() const { return matrices_.size() == 1; }

  /// The piece of the schedule that the times below lie in.
  void enter(const SchedulePiece& piece) { piece_ = piece; }

  /// y = L(t) x.
  void apply(double t, Vec x, Vec y) const;
  /// y += (dL/dt) x.
  void add_rate(double t, Vec x, Vec y) const;

  [[nodiscard]] std::size_t matrices() const { return matrices_.size(); }

 private:
  Schedule schedule_;
  SchedulePiece piece_;
  std::vector<Control> controls_;
  std::vector<petsc::Matrix> matrices_;  // the second and later ones with a control elsewhere
  petsc::Vector product_;
};

}  // namespace qbsweep
