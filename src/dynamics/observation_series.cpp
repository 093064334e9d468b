#include "qbsweep/dynamics/observation_series.hpp"

#include <petscsys.h>

#include <algorithm>

#include <petscblaslapack.h>  // after petscsys.h, which it needs

namespace qbsweep {

Table ObservationSeries::at(const Table& terms, std::span<const double> times) const {
  Table result(static_cast<std::int64_t>(times.size()), terms.columns);
  if (times.empty() || terms.columns == 0) {
    return result;
  }
  // Early times need fewer terms than the whole step.
  const double last = *std::max_element(times.begin(), times.end());
  const std::int64_t count = std::min(terms.rows, series_.terms(last, tolerance_));
  Table weights(result.rows, count);
  std::vector<double> coefficients;
  for (std::int64_t t = 0; t < result.rows; ++t) {
    series_.coefficients(times[static_cast<std::size_t>(t)], count, coefficients);
    std::copy(coefficients.begin(), coefficients.end(), weights.row(t));
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
