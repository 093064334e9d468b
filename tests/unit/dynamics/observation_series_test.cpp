// Observations along a step against the sums that they stand for, term by term.
#include "qbsweep/dynamics/observation_series.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "random_batteries.hpp"

namespace qbsweep {
namespace {

/// As many terms as the step needs. Those of a real step are no larger than about 1.
Table random_terms(testing::Random& random, std::int64_t count, std::int64_t columns) {
  Table terms(count, columns);
  terms.numbers = testing::random_numbers(random, count * columns);
  return terms;
}

TEST(ObservationSeries, IsTheSumOfItsTermsAtAnyTime) {
  testing::Random random(80);
  for (int set = 0; set < 30; ++set) {
    const Ellipse ellipse = {-testing::uniform(random, 1, 3), testing::uniform(random, 0, 1),
                             testing::uniform(random, 0.1, 20)};
    const double duration = testing::uniform(random, 0.5, 8);
    const double tolerance = std::pow(10, testing::uniform(random, -13, -5));
    const EllipseSeries coefficients(ellipse);
    const Table terms = random_terms(random, coefficients.terms(duration, tolerance),
                                     testing::uniform_int(random, 1, 9));
    const ObservationSeries series(coefficients, tolerance);

    // In no order, both ends among them.
    std::vector<double> times = {duration, 0.0};
    for (int t = 0; t < 10; ++t) {
      times.push_back(duration * testing::uniform(random, 0, 1));
    }
    const Table found = series.at(terms, times);
    ASSERT_EQ(found.rows, static_cast<std::int64_t>(times.size()));
    ASSERT_EQ(found.columns, terms.columns);
    std::vector<double> weights;
    for (std::size_t t = 0; t < times.size(); ++t) {
      coefficients.coefficients(times[t], terms.rows, weights);
      for (std::int64_t o = 0; o < terms.columns; ++o) {
        double sum = 0;
        for (std::int64_t k = 0; k < terms.rows; ++k) {
          sum += weights[k] * terms.row(k)[o];
        }
        ASSERT_NEAR(found.row(static_cast<std::int64_t>(t))[o], sum, 1e-13)
            << "t = " << times[t] << " observation " << o;
      }
    }
  }
}

// Times that are all early need fewer terms; what is left out stays below the tolerance.
TEST(ObservationSeries, KeepsTheToleranceAtEarlyTimes) {
  testing::Random random(81);
  const EllipseSeries coefficients({-1, 1, 20});
  constexpr double duration = 10;
  for (const double tolerance : {1e-4, 1e-8, 1e-12}) {
    const Table terms = random_terms(random, coefficients.terms(duration, tolerance), 4);
    const ObservationSeries series(coefficients, tolerance);
    std::vector<double> weights;
    for (const double t : {1e-6, 0.01, 0.3, 2.0}) {
      const Table found = series.at(terms, std::vector<double>{t});
      coefficients.coefficients(t, terms.rows, weights);
      for (std::int64_t o = 0; o < terms.columns; ++o) {
        double sum = 0;
        for (std::int64_t k = 0; k < terms.rows; ++k) {
          sum += weights[k] * terms.row(k)[o];
        }
        EXPECT_NEAR(found.row(0)[o], sum, tolerance + 1e-14) << "t = " << t;
      }
    }
  }
}

TEST(ObservationSeries, HasNothingToSayAboutNoTime) {
  const EllipseSeries coefficients({-1, 1, 2});
  const ObservationSeries series(coefficients, 1e-8);
  const Table none = series.at(Table(5, 3), {});
  EXPECT_EQ(none.rows, 0);
  EXPECT_EQ(none.columns, 3);
  EXPECT_EQ(series.at(Table(5, 0), std::vector<double>{1.0}).rows, 1);
}

}  // namespace
}  // namespace qbsweep
