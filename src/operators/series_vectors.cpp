#include "qbsweep/operators/series_vectors.hpp"

#include "kernels/kernels.hpp"

namespace qbsweep {

double add_scaled(double factor, const double* from, double* to, std::int64_t count) {
  double square = 0.0;
  kernels::best().add_one(&factor, &from, to, count, &square);
  return square;
}

std::array<double, 2> add_scaled(const std::array<double, 2>& factors, const double* first,
                                 const double* second, double* to, std::int64_t count) {
  const std::array<const double*, 2> from = {first, second};
  std::array<double, 2> squares = {};
  kernels::best().add_two(factors.data(), from.data(), to, count, squares.data());
  return squares;
}

void combine(std::span<const double> factors, std::span<const double* const> from, double* to,
             std::int64_t count) {
  kernels::best().combine(factors.data(), from.data(), static_cast<long>(from.size()), to, count);
}

}  // namespace qbsweep
