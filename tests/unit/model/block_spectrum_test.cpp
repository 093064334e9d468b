// Diagonal and real blocks take shorter ways to their eigenvalues than complex ones. What rounding
// hides sends a block the longer way, with the same result.
//
// What would be caught: a shape that is seen where it is not, in any element; eigenvalues and rates
// of one way in another order than those of another, or mixed up with each other.
#include "model/block_spectrum.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "block_states.hpp"

namespace qbsweep {
namespace {

using testing::MatrixXcd;
using testing::MatrixXd;
using testing::Random;

/// Nothing next to numbers of order 1.
constexpr double unseen = 1e-200;

/// In real storage; no rates where `rate` is empty.
std::vector<Eigenvalue> spectrum(const MatrixXd& block, const MatrixXd& rate = {}) {
  using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const RowMajor numbers = block;
  const RowMajor rate_numbers = rate;
  const auto dim = static_cast<int>(block.rows());
  std::vector<Eigenvalue> eigenvalues(static_cast<std::size_t>(dim));
  BlockSpectrum(dim).compute(numbers.data(), rate.size() > 0 ? rate_numbers.data() : nullptr,
                             eigenvalues);
  return eigenvalues;
}

void expect_equal(const std::vector<Eigenvalue>& found, const std::vector<Eigenvalue>& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t e = 0; e < found.size(); ++e) {
    EXPECT_NEAR(found[e].value, expected[e].value, 1e-13);
    EXPECT_NEAR(found[e].rate, expected[e].rate, 1e-11);
  }
}

/// No two elements closer than 0.1, in no order.
MatrixXd random_diagonal(Random& random, int dim) {
  std::vector<double> numbers = testing::random_numbers(random, dim);
  for (int i = 0; i < dim; ++i) {
    numbers[i] = 0.2 * i + 0.05 * numbers[i];
  }
  std::shuffle(numbers.begin(), numbers.end(), random);
  return Eigen::Map<Eigen::VectorXd>(numbers.data(), dim).asDiagonal();
}

MatrixXd random_matrix(Random& random, int dim) {
  const std::vector<double> numbers = testing::random_numbers(random, std::int64_t{dim} * dim);
  return Eigen::Map<const MatrixXd>(numbers.data(), dim, dim);
}

/// A symmetric matrix whose eigenvalues are not close to each other.
MatrixXd random_symmetric(Random& random, int dim) {
  const MatrixXd turn = random_matrix(random, dim).householderQr().householderQ();
  const MatrixXd matrix = turn * random_diagonal(random, dim) * turn.transpose();
  return (matrix + matrix.transpose()) / 2;
}

TEST(BlockSpectrum, DiagonalRealAndComplexWaysAgree) {
  Random random(61);
  for (int set = 0; set < 100; ++set) {
    const int dim = testing::uniform_int(random, 2, 12);
    MatrixXd block = random_diagonal(random, dim);
    const MatrixXd rate = random_matrix(random, dim);
    const std::vector<Eigenvalue> diagonal = spectrum(block, rate);
    const std::vector<Eigenvalue> values_alone = spectrum(block);
    block(dim - 1, 0) = block(0, dim - 1) = unseen;
    expect_equal(spectrum(block, rate), diagonal);
    block(dim - 1, 0) = -unseen;
    expect_equal(spectrum(block, rate), diagonal);
    for (int i = 0; i < dim; ++i) {
      EXPECT_EQ(values_alone[i].value, diagonal[i].value);
      EXPECT_EQ(values_alone[i].rate, 0);
    }
  }
}

TEST(BlockSpectrum, RealAndComplexWaysAgree) {
  Random random(62);
  for (int set = 0; set < 100; ++set) {
    const int dim = testing::uniform_int(random, 2, 12);
    MatrixXd block = random_symmetric(random, dim);
    const MatrixXd rate = random_matrix(random, dim);
    const std::vector<Eigenvalue> real = spectrum(block, rate);
    const std::vector<Eigenvalue> real_values = spectrum(block);
    block(0, dim - 1) = std::nextafter(block(0, dim - 1), 2.0);
    expect_equal(spectrum(block, rate), real);
    const std::vector<Eigenvalue> complex_values = spectrum(block);
    for (int i = 0; i < dim; ++i) {
      EXPECT_NEAR(complex_values[i].value, real_values[i].value, 1e-13);
    }
  }
}

// One pair of coherences, wherever it is, in its real or imaginary part: two levels repel.
TEST(BlockSpectrum, EveryElementIsLookedAt) {
  for (const int dim : {2, 3, 6, 9}) {
    for (int i = 0; i < dim; ++i) {
      for (int k = 0; k < dim; ++k) {
        if (i == k) {
          continue;
        }
        MatrixXd block = MatrixXd::Zero(dim, dim);
        block(i, i) = block(k, k) = 1;
        block(i, k) = 0.5;  // X = Y = 1/4 here, so the coherence has size sqrt(1/8)
        EXPECT_NEAR(spectrum(block).front().value, 1 + std::sqrt(0.125), 1e-14);
        block(k, i) = 0.5;
        EXPECT_NEAR(spectrum(block).front().value, 1.5, 1e-14);
        block(k, i) = -0.5;
        EXPECT_NEAR(spectrum(block).front().value, 1.5, 1e-14);
      }
    }
  }
}

// The eigenvalues of equal populations part by their rates: those after the crossing are returned.
TEST(BlockSpectrum, EqualPopulationsPartByTheirRates) {
  MatrixXd block = MatrixXd::Zero(4, 4);
  MatrixXd rate = MatrixXd::Zero(4, 4);
  block.diagonal() << 0.25, 0.5, 0.25, 0;
  rate.diagonal() << -2, 1, 3, -2;
  const std::vector<Eigenvalue> eigenvalues = spectrum(block, rate);
  const std::vector<Eigenvalue> expected = {{0.5, 1}, {0.25, 3}, {0.25, -2}, {0, -2}};
  expect_equal(eigenvalues, expected);
}

// Blocks of one observer keep their memory from call to call, and one shape must not see what
// another left behind.
TEST(BlockSpectrum, ShapesTakeTurnsOnOneSolver) {
  Random random(63);
  const int dim = 5;
  BlockSpectrum solver(dim);
  for (int set = 0; set < 30; ++set) {
    const MatrixXd block = set % 3 == 0   ? random_diagonal(random, dim)
                           : set % 3 == 1 ? random_symmetric(random, dim)
                                          : random_matrix(random, dim);
    const MatrixXd transposed = block.transpose();  // column-major becomes row-major
    std::vector<Eigenvalue> found(dim);
    solver.compute(transposed.data(), set % 2 == 0 ? nullptr : transposed.data(), found);
    const Eigen::SelfAdjointEigenSolver<MatrixXcd> expected(testing::hermitian_blocks(
        {{dim - 1}}, 1, std::span(transposed.data(), std::size_t{dim} * dim))[0]);
    for (int i = 0; i < dim; ++i) {
      EXPECT_NEAR(found[i].value, expected.eigenvalues()[dim - 1 - i], 1e-13);
      EXPECT_NEAR(found[i].rate, set % 2 == 0 ? 0.0 : found[i].value, 1e-13);
    }
  }
}

}  // namespace
}  // namespace qbsweep
