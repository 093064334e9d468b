#pragma once
/// \file
/// Implicit steps of dx/dt = L x that stiffness does not shorten: collocation at the Radau points.
///
/// Over a step of length h the solution is the polynomial of degree s in time that begins at x(0)
/// and obeys the equation at s points c_i, the last of which is the end: the s-stage Radau IIA
/// method, of order 2s - 1 at the end, L-stable, and of spectral accuracy all along the step. Its
/// stages Y_i = x(0) + sum_j A_ij hL Y_j are decoupled by the real Schur form A = Q T Q^T, whose
/// diagonal blocks have the pairs of complex eigenvalues lambda of A: each takes one solution with
/// 1 - lambda hL. E. Hairer and G. Wanner, "Solving Ordinary Differential Equations II", sections
/// IV.5 and IV.8.
///
/// A fast exchange between occupied states multiplies rounding: a solution may be off by the
/// rounding of hL. So solutions are refined with residuals in extended precision, until they are
/// right to double precision.

#include <Eigen/Dense>
#include <Eigen/Sparse>
#include <Eigen/SparseLU>
#include <array>
#include <complex>
#include <cstdint>

namespace qbsweep {

class RadauCollocation {
 public:
  /// Even, so that all eigenvalues of A come in pairs. At this degree a step spans more than one
  /// turn of the fastest motion in double precision.
  static constexpr int stages = 20;

  using Matrix = Eigen::SparseMatrix<long double>;

  /// \param L  must outlive this
  explicit RadauCollocation(const Matrix& L);

  /// Factorises 1 - lambda hL for every lambda. Steps of the same length share it.
  /// \throws EnvironmentError where one is singular
  void set_length(double h);
  [[nodiscard]] double length() const { return h_; }

  /// The solution over a step from `begin`: column k has the coefficients of T_k, k = 0 .. stages,
  /// on the step mapped to [-1, 1].
  void solve(const Eigen::VectorXd& begin, Eigen::MatrixXd& coefficients);

  /// Solutions of linear systems so far, each of them complex and refined.
  [[nodiscard]] std::int64_t solutions() const { return solutions_; }

 private:
  using Complex = std::complex<double>;
  using ComplexMatrix = Eigen::SparseMatrix<Complex>;
  using Factors = Eigen::SparseLU<ComplexMatrix>;
  static constexpr int pairs = stages / 2;

  /// Of (1 - lambda_p hL) x = right.
  [[nodiscard]] Eigen::VectorXcd solve_pair(int p, const Eigen::VectorXcd& right);

  const Matrix& L_;
  double h_ = 0.0;
  std::array<Factors, pairs> factors_;
  bool analysed_ = false;
  Eigen::MatrixXd stages_;   // Q^T Y, a column each
  Eigen::MatrixXd changes_;  // hL times that
  Eigen::MatrixXd values_;   // x(0) and Y
  std::int64_t solutions_ = 0;
};

}  // namespace qbsweep
