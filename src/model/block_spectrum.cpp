#include "block_spectrum.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <complex>
#include <cstdint>
#include <functional>

namespace qbsweep {
namespace {

using RealStorage =
    Eigen::Map<const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>;

/// Whether `count` numbers are all +0 or -0. Over their bits, because a compiler that must not
/// reorder floating-point operations can still work on several of these at a time.
bool all_zero(const double* numbers, std::int64_t count) {
  std::uint64_t bits = 0;
  for (std::int64_t e = 0; e < count; ++e) {
    bits |= std::bit_cast<std::uint64_t>(numbers[e]) << 1U;  // without the sign
  }
  return bits == 0;
}

bool is_diagonal(const double* block, std::int64_t dim) {
  // Between one diagonal element and the next lie dim others.
  for (std::int64_t i = 0; i + 1 < dim; ++i) {
    if (!all_zero(block + i * (dim + 1) + 1, dim)) {
      return false;
    }
  }
  return true;
}

bool is_symmetric(const double* block, std::int64_t dim) {
  for (std::int64_t i = 0; i < dim; ++i) {
    for (std::int64_t k = 0; k < i; ++k) {
      if (block[i * dim + k] != block[k * dim + i]) {
        return false;
      }
    }
  }
  return true;
}

/// X of R = X + Y. Y may stay: between real vectors it is 0.
void set_hermitian(const double* block, std::int64_t dim, Eigen::MatrixXd& matrix) {
  matrix = RealStorage(block, dim, dim);
}

/// X + iY of R = X + Y.
void set_hermitian(const double* block, std::int64_t dim, Eigen::MatrixXcd& matrix) {
  const RealStorage R(block, dim, dim);
  matrix.resize(dim, dim);
  matrix.real() = (R + R.transpose()) / 2;
  matrix.imag() = (R - R.transpose()) / 2;
}

}  // namespace

void BlockSpectrum::compute_diagonal(const double* block, const double* rate,
                                     std::span<Eigenvalue> out) const {
  for (std::int64_t i = 0; i < dim_; ++i) {
    const std::int64_t element = i * (dim_ + 1);
    out[i] = {block[element], rate != nullptr ? rate[element] : 0.0};
  }
  std::sort(out.begin(), out.end(), std::greater<>());
}

template <typename Scalar>
void BlockSpectrum::compute_dense(DenseWork<Scalar>& work, const double* block, const double* rate,
                                  std::span<Eigenvalue> out) const {
  set_hermitian(block, dim_, work.matrix);
  work.solver.compute(work.matrix,
                      rate != nullptr ? Eigen::ComputeEigenvectors : Eigen::EigenvaluesOnly);
  for (int i = 0; i < dim_; ++i) {
    out[i] = {work.solver.eigenvalues()[dim_ - 1 - i], 0.0};  // Eigen sorts ascending
  }
  if (rate == nullptr) {
    return;
  }
  // d lambda/dt = <v| d rho/dt |v>
  set_hermitian(rate, dim_, work.rate);
  const auto& vectors = work.solver.eigenvectors();
  work.rate_on_vectors.noalias() = work.rate * vectors;
  for (int i = 0; i < dim_; ++i) {
    const int column = dim_ - 1 - i;
    out[i].rate = std::real(vectors.col(column).dot(work.rate_on_vectors.col(column)));
  }
}

void BlockSpectrum::compute(const double* block, const double* rate, std::span<Eigenvalue> out) {
  if (is_diagonal(block, dim_)) {
    compute_diagonal(block, rate, out);
  } else if (is_symmetric(block, dim_)) {
    compute_dense(real_, block, rate, out);
  } else {
    compute_dense(complex_, block, rate, out);
  }
}

}  // namespace qbsweep
