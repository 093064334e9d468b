#pragma once
/// \file
/// The eigenvalues of one block of a battery's state.

#include <Eigen/Eigenvalues>
#include <complex>
#include <span>

namespace qbsweep {

/// Of the sum over a block's copies, not of one of them.
struct Eigenvalue {
  double value = 0.0;
  double rate = 0.0;  ///< its time derivative

  friend bool operator>(const Eigenvalue& a, const Eigenvalue& b) {
    return a.value != b.value ? a.value > b.value : a.rate > b.rate;
  }
};

/// Finds the eigenvalues of blocks of one size. Keeps its memory from call to call.
class BlockSpectrum {
 public:
  explicit BlockSpectrum(int dim) : dim_(dim) {}

  /// The eigenvalues, descending; equal ones by descending rate where the block is diagonal, which
  /// is the order in which they leave the crossing.
  ///
  /// A block that is exactly diagonal has its eigenvalues ready, and one that is exactly symmetric
  /// (Y = 0) has real eigenvectors, whatever its rate is: <v| d rho/dt |v> needs no more.
  ///
  /// \param block  row-major, in real storage R = X + Y (state_basis.hpp)
  /// \param rate   the same of its time derivative; nullptr for values alone, all rates are then 0
  /// \param out    of the block's dimension
  void compute(const double* block, const double* rate, std::span<Eigenvalue> out);

 private:
  template <typename Scalar>
  using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;

  template <typename Scalar>
  struct DenseWork {
    Matrix<Scalar> matrix;
    Matrix<Scalar> rate;
    Matrix<Scalar> rate_on_vectors;
    Eigen::SelfAdjointEigenSolver<Matrix<Scalar>> solver;
  };

  template <typename Scalar>
  void compute_dense(DenseWork<Scalar>& work, const double* block, const double* rate,
                     std::span<Eigenvalue> out) const;
  void compute_diagonal(const double* block, const double* rate, std::span<Eigenvalue> out) const;

  int dim_;
  DenseWork<double> real_;
  DenseWork<std::complex<double>> complex_;
};

}  // namespace qbsweep
