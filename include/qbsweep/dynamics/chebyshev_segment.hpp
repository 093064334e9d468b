#pragma once
/// \file
/// Observations as polynomials in time.

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "qbsweep/dynamics/dense_output.hpp"
#include "qbsweep/dynamics/observation_series.hpp"

namespace qbsweep {

/// Observations over [t_begin, t_end] as a Chebyshev expansion in time.
class ChebyshevSegment final : public DenseStep {
 public:
  /// \param coefficients  row k: the coefficients of T_k, one column for each of `positions`
  /// \param positions     where the columns stand in the observations
  /// \param size          of the observations; what has no column is 0
  /// \param degree        the highest k that matters
  ChebyshevSegment(double t_begin, double t_end, Table coefficients,
                   std::shared_ptr<const std::vector<std::int64_t>> positions, std::int64_t size,
                   int degree);

  [[nodiscard]] double t_begin() const override { return t_begin_; }
  [[nodiscard]] double t_end() const override { return t_end_; }
  void values(double t, std::vector<double>& out) const override;
  void rates(double t, std::vector<double>& out) const override;
  /// A polynomial of degree d turns at most d - 1 times, and does so most densely at the ends.
  [[nodiscard]] int parts() const override;

 private:
  void combine(const std::vector<double>& weights, std::vector<double>& out) const;

  double t_begin_;
  double t_end_;
  Table coefficients_;
  std::shared_ptr<const std::vector<std::int64_t>> positions_;
  std::int64_t size_;
  int degree_;
};

/// Observations at any times of [0, duration], a row for each.
using ObservationsAt = std::function<Table(std::span<const double> times)>;

struct SegmentSettings {
  double t_begin = 0.0;    ///< of the whole, added to the times of `observations`
  double duration = 0.0;   ///< of the whole
  double frequency = 0.0;  ///< the highest that the observations can contain
  double tolerance = 0.0;  ///< of every observation, relative to its scale
  /// Of the first segment, which also begins exactly: what is divided by the time (a power) needs
  /// it.
  double first_tolerance = 0.0;
  std::vector<double> scales = {};  ///< of every column of `observations`; none: all are 1
};

/// Covers a step by segments as long as `tolerance` lets them be, in the order of time.
void for_each_segment(const ObservationsAt& observations,
                      const std::shared_ptr<const std::vector<std::int64_t>>& positions,
                      std::int64_t size, const SegmentSettings& settings,
                      const std::function<void(const ChebyshevSegment&)>& visit);

}  // namespace qbsweep
