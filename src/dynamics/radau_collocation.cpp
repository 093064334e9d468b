#include "radau_collocation.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <limits>

#include "qbsweep/support/error.hpp"

namespace qbsweep {
namespace {

constexpr int s = RadauCollocation::stages;

/// One pair of eigenvalues of A: (1, mu) is a left eigenvector of its diagonal block of T.
struct Pair {
  std::complex<double> lambda;
  std::complex<double> mu;
  Eigen::Matrix2d inverse;  // of the block
};

struct Tableau {
  Eigen::MatrixXd T;
  Eigen::MatrixXd Q;
  Eigen::VectorXd ones;  // Q^T (1, .., 1)
  std::array<Pair, s / 2> pairs;
  Eigen::MatrixXd to_coefficients;  // of T_k, from the values at 0 and the c_i
};

/// The roots of P_s - P_(s-1) on [-1, 1], ascending to 1: eigenvalues of the Jacobi matrix of the
/// Legendre polynomials, whose last element makes 1 one of them (Golub 1973).
Eigen::VectorXd radau_points() {
  const auto beside = [](int k) { return k / std::sqrt(4.0 * k * k - 1); };
  Eigen::VectorXd diagonal = Eigen::VectorXd::Zero(s);
  Eigen::VectorXd off(s - 1);
  for (int k = 1; k < s; ++k) {
    off[k - 1] = beside(k);
  }
  // p_(s-1)(1) / p_(s-2)(1) of the orthonormal polynomials is sqrt((2s - 1) / (2s - 3)).
  diagonal[s - 1] = 1 - beside(s - 1) * std::sqrt((2.0 * s - 3) / (2.0 * s - 1));
  Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver;
  solver.computeFromTridiagonal(diagonal, off, Eigen::EigenvaluesOnly);
  Eigen::VectorXd points = solver.eigenvalues();
  points[s - 1] = 1;
  return points;
}

Tableau make_tableau() {
  const Eigen::VectorXd x = radau_points();
  // At the points, and at -1 before them: T_k and its integral from -1.
  Eigen::MatrixXd values(s + 1, s + 1);
  Eigen::MatrixXd integrals(s, s);
  for (int point = 0; point <= s; ++point) {
    const double at = point == 0 ? -1.0 : x[point - 1];
    const double angle = std::acos(std::clamp(at, -1.0, 1.0));
    for (int k = 0; k <= s; ++k) {
      values(point, k) = std::cos(k * angle);
    }
    for (int k = 0; k < s && point > 0; ++k) {
      const auto primitive = [&](double cosine) {
        const double theta = std::acos(std::clamp(cosine, -1.0, 1.0));
        if (k == 0) {
          return cosine;
        }
        if (k == 1) {
          return cosine * cosine / 2;
        }
        return (std::cos((k + 1) * theta) / (k + 1) - std::cos((k - 1) * theta) / (k - 1)) / 2;
      };
      integrals(point - 1, k) = (primitive(at) - primitive(-1.0)) / 2;  // over [0, 1]
    }
  }
  Tableau tableau;
  tableau.to_coefficients = values.inverse();
  const Eigen::MatrixXd A = integrals * values.bottomLeftCorner(s, s).inverse();
  const Eigen::RealSchur<Eigen::MatrixXd> schur(A);
  tableau.T = schur.matrixT();
  tableau.Q = schur.matrixU();
  tableau.ones = tableau.Q.transpose() * Eigen::VectorXd::Ones(s);
  for (Eigen::Index p = 0; p < s / 2; ++p) {
    const Eigen::Matrix2d block = tableau.T.block<2, 2>(2 * p, 2 * p);
    const double half_trace = block.trace() / 2;
    const double imaginary = std::sqrt(block.determinant() - half_trace * half_trace);
    const std::complex<double> lambda(half_trace, imaginary);
    tableau.pairs[p] = {lambda, (lambda - block(0, 0)) / block(1, 0), block.inverse()};
  }
  return tableau;
}

const Tableau& tableau() {
  static const Tableau made = make_tableau();
  return made;
}

}  // namespace

RadauCollocation::RadauCollocation(const Matrix& L)
    : L_(L), stages_(L.rows(), s), changes_(L.rows(), s), values_(L.rows(), s + 1) {}

void RadauCollocation::set_length(double h) {
  ComplexMatrix identity(L_.rows(), L_.cols());
  identity.setIdentity();
  const ComplexMatrix L = L_.cast<double>().cast<Complex>();
  for (int p = 0; p < pairs; ++p) {
    const ComplexMatrix shifted = identity - (tableau().pairs[p].lambda * h) * L;
    if (!analysed_) {
      factors_[p].analyzePattern(shifted);
    }
    factors_[p].factorize(shifted);
    if (factors_[p].info() != Eigen::Success) {
      throw EnvironmentError("a matrix of the implicit steps is singular: " +
                             factors_[p].lastErrorMessage());
    }
  }
  analysed_ = true;
  h_ = h;
}

Eigen::VectorXcd RadauCollocation::solve_pair(int p, const Eigen::VectorXcd& right) {
  using Extended = Eigen::Matrix<long double, Eigen::Dynamic, 1>;
  constexpr int most_refinements = 4;
  const std::complex<long double> factor(tableau().pairs[p].lambda * h_);
  Eigen::VectorXcd solution = factors_[p].solve(right);
  double before = std::numeric_limits<double>::infinity();
  for (int refinement = 0; refinement < most_refinements; ++refinement) {
    const Extended real = solution.real().cast<long double>();
    const Extended imag = solution.imag().cast<long double>();
    const Extended L_real = L_ * real;
    const Extended L_imag = L_ * imag;
    Eigen::VectorXcd residual(right.size());
    residual.real() =
        (right.real().cast<long double>() - real + factor.real() * L_real - factor.imag() * L_imag)
            .cast<double>();
    residual.imag() =
        (right.imag().cast<long double>() - imag + factor.real() * L_imag + factor.imag() * L_real)
            .cast<double>();
    const Eigen::VectorXcd correction = factors_[p].solve(residual);
    const double size = correction.lpNorm<Eigen::Infinity>();
    if (!(size < before)) {
      break;
    }
    solution += correction;
    before = size;
    if (size <= std::numeric_limits<double>::epsilon() * solution.lpNorm<Eigen::Infinity>()) {
      break;
    }
  }
  ++solutions_;
  return solution;
}

void RadauCollocation::solve(const Eigen::VectorXd& begin, Eigen::MatrixXd& coefficients) {
  const Tableau& tab = tableau();
  for (int p = pairs - 1; p >= 0; --p) {
    const int first = 2 * p;
    const Pair& pair = tab.pairs[p];
    const int after = s - first - 2;
    Eigen::MatrixXd right = begin * tab.ones.segment<2>(first).transpose();
    if (after > 0) {
      right.noalias() +=
          changes_.rightCols(after) * tab.T.block(first, first + 2, 2, after).transpose();
    }
    const Eigen::VectorXcd combined =
        solve_pair(p, right.col(0).cast<Complex>() + pair.mu * right.col(1).cast<Complex>());
    stages_.col(first + 1) = combined.imag() / pair.mu.imag();
    stages_.col(first) = combined.real() - pair.mu.real() * stages_.col(first + 1);
    // hL Y without a product: from T (hL Y) = Y - right.
    changes_.middleCols<2>(first).noalias() =
        (stages_.middleCols<2>(first) - right) * pair.inverse.transpose();
  }
  values_.col(0) = begin;
  values_.rightCols(s).noalias() = stages_ * tab.Q.transpose();
  coefficients.noalias() = values_ * tab.to_coefficients.transpose();
}

}  // namespace qbsweep
