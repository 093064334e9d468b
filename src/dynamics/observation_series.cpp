#include "qbsweep/dynamics/observation_series.hpp"

#include <petscsys.h>

#include <algorithm>

#include <petscblaslapack.h>  // after petscsys.h, which it needs

namespace qbsweep {

void ObservationSeries::coefficients(double t, std::int64_t count, std::vector<double>& out) const {
  if (series_) {
    series_->coefficients(t, count, out);
    return;
  }
  out.assign(static_cast<std::size_t>(count), 1.0);
  for (std::size_t k = 1; k < out.size(); ++k) {
    out[k] = out[k - 1] * t / h_;
  }
}

Table ObservationSeries::at(const Table& terms, std::span<const double> times) const {
  Table result(static_cast<std::int64_t>(times.size()), terms.columns);
  if (times.empty() || terms.columns == 0) {
    return result;
  }
  // Early times need fewer terms than the whole step.
  const double last = *std::max_element(times.begin(), times.end());
  const std::int64_t count =
      series_ ? std::min(terms.rows, series_->terms(last, tolerance_)) : terms.rows;
  Table weights(result.rows, count);
  std::vector<double> numbers;
  for (std::int64_t t = 0; t < result.rows; ++t) {
    coefficients(times[static_cast<std::size_t>(t)], count, numbers);
    std::copy(numbers.begin(), numbers.end(), weights.row(t));
  }
  // Row by row what BLAS, which counts in columns, sees turned over: result^T = terms^T weights^T.
  const auto columns = static_cast<PetscBLASInt>(terms.columns);
  const auto rows = static_cast<PetscBLASInt>(result.rows);
  const auto inner = static_cast<PetscBLASInt>(count);
  const double one = 1.0;
  const double zero = 0.0;
  BLASgemm_("N", "N", &columns, &rows, &inner, &one, terms.numbers.data(), &columns,
            weights.numbers.data(), &inner, &zero, result.numbers.data(), &columns);
  return result;
}

}  // namespace qbsweep
