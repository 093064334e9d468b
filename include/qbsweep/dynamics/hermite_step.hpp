#pragma once
/// \file
/// Observations between the steps of an integrator that knows their derivatives.

#include <array>
#include <vector>

#include "qbsweep/dynamics/dense_output.hpp"
#include "qbsweep/dynamics/state_observer.hpp"

namespace qbsweep {

/// The observations over one step, from their values and exact first and second derivatives at both
/// ends: the quintic Hermite polynomial. Its error, at most h^6 |f^(6)| / 46080, is well below the
/// local error of the order-5 step that it spans.
class HermiteStep final : public DenseStep {
 public:
  HermiteStep() = default;
  /// Both observations are copied.
  HermiteStep(double t_begin, Observation begin, double t_end, Observation end);

  [[nodiscard]] double t_begin() const override { return t_begin_; }
  [[nodiscard]] double t_end() const override { return t_end_; }

  [[nodiscard]] const Observation& end() const { return end_; }

  void values(double t, std::vector<double>& out) const override;
  void rates(double t, std::vector<double>& out) const override;
  /// An order-5 step follows the motion with a polynomial of degree 5; four parts see every turn of
  /// that.
  [[nodiscard]] int parts() const override { return 4; }

  /// How far this polynomial and that of the step before are from the truth, from the jump of the
  /// third derivative where they meet: the largest error of any observation, relative to its scale.
  [[nodiscard]] double error_estimate(const HermiteStep& before,
                                      const std::vector<double>& scales) const;

 private:
  using Weights = std::array<double, 6>;
  void combine(const Weights& weights, std::vector<double>& out) const;
  [[nodiscard]] double length() const { return t_end_ - t_begin_; }

  double t_begin_ = 0.0;
  double t_end_ = 0.0;
  Observation begin_;
  Observation end_;
};

}  // namespace qbsweep
