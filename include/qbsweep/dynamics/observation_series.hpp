#pragma once
/// \file
/// Observations of a charging run over one step of the propagator, from what was observed of every
/// vector of its series.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "qbsweep/operators/ellipse_series.hpp"

namespace qbsweep {

/// Numbers in rows.
struct Table {
  std::int64_t rows = 0;
  std::int64_t columns = 0;
  std::vector<double> numbers;

  Table() = default;
  Table(std::int64_t row_count, std::int64_t column_count)
      : rows(row_count),
        columns(column_count),
        numbers(static_cast<std::size_t>(row_count * column_count), 0.0) {}
  [[nodiscard]] double* row(std::int64_t r) { return numbers.data() + r * columns; }
  [[nodiscard]] const double* row(std::int64_t r) const { return numbers.data() + r * columns; }
};

/// sum_k c_k(t) r_k, where r_k are the observations of the k-th vector of the step's series: known
/// at every time of the step without another application of L.
class ObservationSeries {
 public:
  /// Of F_k(L) applied to the state at t = 0.
  ObservationSeries(const EllipseSeries& series, double tolerance)
      : series_(series), tolerance_(tolerance) {}

  /// Of the terms h^k rho_k of a power series: c_k(t) = (t/h)^k.
  explicit ObservationSeries(double h) : h_(h) {}

  /// A row for each time; times are relative to the begin of the step.
  /// \param terms  r_k as row k
  [[nodiscard]] Table at(const Table& terms, std::span<const double> times) const;

 private:
  /// c_k(t) of the first `count` vectors, with zeros up to that.
  void coefficients(double t, std::int64_t count, std::vector<double>& out) const;

  std::optional<EllipseSeries> series_;
  double tolerance_ = 0.0;
  double h_ = 0.0;
};

}  // namespace qbsweep
