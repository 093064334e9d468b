#pragma once
// States in real storage (state_basis.hpp) as Hermitian matrices, block by block.
#include <Eigen/Dense>
#include <algorithm>
#include <complex>
#include <span>
#include <vector>

#include "qbsweep/model/spin_blocks.hpp"
#include "random_batteries.hpp"

namespace qbsweep::testing {

using Complex = std::complex<double>;
using Eigen::MatrixXcd;
using Eigen::MatrixXd;

/// The Hermitian matrix of every block, with rows and columns (i, n) in the order i * fock_dim + n.
/// fock_dim 1 stands for states of the battery alone.
inline std::vector<MatrixXcd> hermitian_blocks(const std::vector<SpinBlock>& blocks, int fock_dim,
                                               std::span<const double> numbers) {
  std::vector<MatrixXcd> matrices;
  std::size_t next = 0;
  for (const SpinBlock block : blocks) {
    const int rows = block.dim() * fock_dim;
    MatrixXd R(rows, rows);
    for (int i = 0; i < block.dim(); ++i) {
      for (int k = 0; k < block.dim(); ++k) {
        for (int n = 0; n < fock_dim; ++n) {
          for (int l = 0; l < fock_dim; ++l) {
            R(i * fock_dim + n, k * fock_dim + l) = numbers[next++];
          }
        }
      }
    }
    const MatrixXd X = (R + R.transpose()) / 2;
    const MatrixXd Y = (R - R.transpose()) / 2;
    matrices.push_back(X.cast<Complex>() + Complex(0, 1) * Y.cast<Complex>());
  }
  return matrices;
}

/// The inverse of hermitian_blocks().
inline std::vector<double> real_storage(const std::vector<MatrixXcd>& matrices,
                                        const std::vector<SpinBlock>& blocks, int fock_dim) {
  std::vector<double> numbers;
  for (std::size_t b = 0; b < blocks.size(); ++b) {
    for (int i = 0; i < blocks[b].dim(); ++i) {
      for (int k = 0; k < blocks[b].dim(); ++k) {
        for (int n = 0; n < fock_dim; ++n) {
          for (int l = 0; l < fock_dim; ++l) {
            const Complex element = matrices[b](i * fock_dim + n, k * fock_dim + l);
            numbers.push_back(element.real() + element.imag());
          }
        }
      }
    }
  }
  return numbers;
}

/// A random state of the battery alone: every block positive, traces summing to 1. `rank` bounds
/// the rank of each block.
inline std::vector<double> random_battery_state(Random& random,
                                                const std::vector<SpinBlock>& blocks, int rank) {
  std::vector<MatrixXcd> matrices;
  double trace = 0;
  for (const SpinBlock block : blocks) {
    MatrixXcd G(block.dim(), std::min(rank, block.dim()));
    for (Complex& element : G.reshaped()) {
      element = {uniform(random, -1, 1), uniform(random, -1, 1)};
    }
    matrices.emplace_back(uniform(random, 0.1, 1) * G * G.adjoint());
    trace += matrices.back().trace().real();
  }
  for (MatrixXcd& matrix : matrices) {
    matrix /= trace;
  }
  return real_storage(matrices, blocks, 1);
}

}  // namespace qbsweep::testing
