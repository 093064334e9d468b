#pragma once
// Steady states of small batteries by dense elimination with more digits than double precision has.
#include <Eigen/Dense>
#include <vector>

#include "qbsweep/operators/extended_product.hpp"

namespace qbsweep::testing {

/// The null vector of L on the even half, trace 1, in the full basis; unique states only. Takes a
/// second for a half of 500 elements.
inline std::vector<double> extended_null_vector(const BatteryParameters& battery) {
  const StateBasis basis(battery.N, battery.fock_dim, has_local_noise(battery));
  std::vector<std::int64_t> even;
  std::vector<bool> diagonal;
  Element element;
  for (std::int64_t e = 0; e < basis.size(); ++e, basis.advance(element)) {
    if ((element.i + element.k + element.n + element.l) % 2 == 0) {
      even.push_back(e);
      diagonal.push_back(element.i == element.k && element.n == element.l);
    }
  }
  const auto size = static_cast<Eigen::Index>(even.size());
  using Matrix = Eigen::Matrix<long double, Eigen::Dynamic, Eigen::Dynamic>;
  Matrix L(size, size);
  ExtendedState unit(static_cast<std::size_t>(basis.size()), 0.0L);
  ExtendedState product;
  for (Eigen::Index column = 0; column < size; ++column) {
    unit[even[column]] = 1.0L;
    extended_product(basis, battery, Parity::even, unit, product);
    unit[even[column]] = 0.0L;
    for (Eigen::Index row = 0; row < size; ++row) {
      L(row, column) = product[even[row]];
    }
    // One population's equation follows from the others; the trace takes its place.
    L(0, column) = diagonal[column] ? 1.0L : 0.0L;
  }
  Eigen::Matrix<long double, Eigen::Dynamic, 1> right = decltype(right)::Zero(size);
  right[0] = 1.0L;
  const Eigen::Matrix<long double, Eigen::Dynamic, 1> solution = L.partialPivLu().solve(right);
  std::vector<double> state(static_cast<std::size_t>(basis.size()), 0.0);
  for (Eigen::Index e = 0; e < size; ++e) {
    state[even[e]] = static_cast<double>(solution[e]);
  }
  return state;
}

}  // namespace qbsweep::testing
