#pragma once
// Small operators as dense matrices, column by column.
#include <Eigen/Dense>
#include <vector>

#include "assembled_action.hpp"

namespace qbsweep::testing {

/// \param apply  takes a state, a std::vector<double> of `size` numbers, and gives another
template <typename Apply>
Eigen::MatrixXd dense_matrix(std::int64_t size, Apply&& apply) {
  Eigen::MatrixXd matrix(size, size);
  std::vector<double> unit(static_cast<std::size_t>(size), 0.0);
  for (std::int64_t column = 0; column < size; ++column) {
    unit[column] = 1;
    const std::vector<double> product = apply(unit);
    matrix.col(column) = Eigen::Map<const Eigen::VectorXd>(product.data(), size);
    unit[column] = 0;
  }
  return matrix;
}

/// The whole assembled Liouvillian.
inline Eigen::MatrixXd dense_liouvillian(const StateBasis& basis,
                                         const BatteryParameters& battery) {
  const petsc::Matrix L = assemble_liouvillian(MPI_COMM_SELF, basis, battery);
  return dense_matrix(basis.size(),
                      [&](const std::vector<double>& state) { return multiply(L.get(), state); });
}

}  // namespace qbsweep::testing
