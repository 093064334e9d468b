// Vectors of a series added up, by every set of kernels that runs here.
//
// What would be caught: a factor or a square given to the wrong vector, numbers left out or added
// twice where a count is no multiple of what the kernels take at a time, writing beyond the end.
#include "qbsweep/operators/series_vectors.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "operators/kernels/kernels.hpp"
#include "random_batteries.hpp"

namespace qbsweep {
namespace {

using testing::Random;

constexpr double epsilon = std::numeric_limits<double>::epsilon();

/// Vectors of some length, begun at an address that no register is aligned to.
struct Example {
  Example(Random& random, std::int64_t length)
      : count(length),
        first(testing::random_numbers(random, length + 1)),
        second(testing::random_numbers(random, length + 1)),
        start(testing::random_numbers(random, length + 2)) {}

  /// What `to` should become with these factors, and not beyond its end.
  [[nodiscard]] std::vector<double> expected(double a, double b) const {
    std::vector<double> to = start;
    for (std::int64_t e = 0; e < count; ++e) {
      to[1 + e] += a * first[1 + e] + b * second[1 + e];
    }
    return to;
  }
  [[nodiscard]] double square_of(const std::vector<double>& vector) const {
    double sum = 0.0;
    for (std::int64_t e = 0; e < count; ++e) {
      sum += vector[1 + e] * vector[1 + e];
    }
    return sum;
  }
  void expect(const std::vector<double>& to, double a, double b) const {
    const std::vector<double> wanted = expected(a, b);
    for (std::size_t e = 0; e < to.size(); ++e) {
      EXPECT_NEAR(to[e], wanted[e], 4 * epsilon * 4) << e;  // none is larger than 4
    }
  }
  void expect_square(double square, const std::vector<double>& vector) const {
    const auto roundings = static_cast<double>(count + 1);
    EXPECT_NEAR(square, square_of(vector), roundings * epsilon * square_of(vector));
  }

  std::int64_t count;
  std::vector<double> first;
  std::vector<double> second;
  std::vector<double> start;
};

constexpr double a = 1.25;
constexpr double b = -0.75;

TEST(SeriesVectors, AreAddedByEverySetOfKernels) {
  Random random(61);
  for (const kernels::KernelSet& kernels : kernels::available()) {
    SCOPED_TRACE(kernels.name);
    for (std::int64_t count = 0; count < 70; ++count) {
      SCOPED_TRACE(count);
      const Example example(random, count);
      const double factors[] = {a, b};
      const double* const from[] = {example.first.data() + 1, example.second.data() + 1};
      double squares[] = {-1, -1};
      std::vector<double> to = example.start;
      kernels.add_one(factors, from, to.data() + 1, count, squares);
      example.expect(to, a, 0);
      example.expect_square(squares[0], example.first);
      EXPECT_EQ(squares[1], -1);

      to = example.start;
      kernels.add_two(factors, from, to.data() + 1, count, squares);
      example.expect(to, a, b);
      example.expect_square(squares[0], example.first);
      example.expect_square(squares[1], example.second);
    }
  }
}

TEST(SeriesVectors, AreCombinedByEverySetOfKernels) {
  Random random(63);
  for (const kernels::KernelSet& kernels : kernels::available()) {
    SCOPED_TRACE(kernels.name);
    for (std::int64_t count = 0; count < 70; ++count) {
      SCOPED_TRACE(count);
      const Example example(random, count);
      std::vector<double> to(example.start.size(), -7.0);
      const double factors[] = {a, b, 1.0};
      const double* const from[] = {example.first.data() + 1, example.second.data() + 1,
                                    example.start.data() + 1};
      kernels.combine(factors, from, 3, to.data() + 1, count);
      EXPECT_EQ(to.front(), -7.0);
      EXPECT_EQ(to.back(), -7.0);
      to.front() = example.start.front();
      to.back() = example.start.back();
      example.expect(to, a, b);
    }
  }
}

TEST(SeriesVectors, AreAddedOneOrTwoAtATime) {
  Random random(62);
  const Example example(random, 1000);
  std::vector<double> to = example.start;
  const double square = add_scaled(a, example.first.data() + 1, to.data() + 1, example.count);
  example.expect(to, a, 0);
  example.expect_square(square, example.first);

  to = example.start;
  const auto [first, second] = add_scaled({a, b}, example.first.data() + 1,
                                          example.second.data() + 1, to.data() + 1, example.count);
  example.expect(to, a, b);
  example.expect_square(first, example.first);
  example.expect_square(second, example.second);
}

}  // namespace
}  // namespace qbsweep
