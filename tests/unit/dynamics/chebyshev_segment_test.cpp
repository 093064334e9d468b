// Observations as polynomials in time, of functions that are known.
//
// What would be caught: segments that leave a gap, come out of order or forget where the step
// began, coefficients of the wrong polynomial, a wrong rate, segments that are too long to be
// followed.
#include "qbsweep/dynamics/chebyshev_segment.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <vector>

#include "random_batteries.hpp"

namespace qbsweep {
namespace {

/// amplitude exp(-decay t) cos(omega t + phase), with its derivative.
struct Wave {
  double amplitude;
  double omega;
  double phase;
  double decay;

  [[nodiscard]] double at(double t) const {
    return amplitude * std::exp(-decay * t) * std::cos(omega * t + phase);
  }
  [[nodiscard]] double rate_at(double t) const {
    return -decay * at(t) - amplitude * std::exp(-decay * t) * omega * std::sin(omega * t + phase);
  }
};

using Sum = std::vector<Wave>;

double value(const Sum& waves, double t) {
  double sum = 0;
  for (const Wave& wave : waves) {
    sum += wave.at(t);
  }
  return sum;
}

double rate(const Sum& waves, double t) {
  double sum = 0;
  for (const Wave& wave : waves) {
    sum += wave.rate_at(t);
  }
  return sum;
}

/// Waves of all frequencies up to the highest, with amplitudes that sum to 1.
Sum random_waves(testing::Random& random, double highest, double largest_decay) {
  constexpr int count = 6;
  Sum waves;
  for (int w = 0; w < count; ++w) {
    waves.push_back({1.0 / count, testing::uniform(random, 0, highest),
                     testing::uniform(random, 0, 7), testing::uniform(random, 0, largest_decay)});
  }
  return waves;
}

/// Columns 0, 1 and 2 stand at positions 3, 1 and 3 of five: two columns share a place.
struct Observed {
  std::vector<Sum> columns;
  std::shared_ptr<const std::vector<std::int64_t>> positions =
      std::make_shared<std::vector<std::int64_t>>(std::vector<std::int64_t>{3, 1, 3});
  static constexpr std::int64_t size = 5;

  /// t from the begin of the step, as the columns are.
  [[nodiscard]] ObservationsAt at() const {
    return [this](std::span<const double> times) {
      Table table(static_cast<std::int64_t>(times.size()),
                  static_cast<std::int64_t>(columns.size()));
      for (std::size_t r = 0; r < times.size(); ++r) {
        for (std::size_t c = 0; c < columns.size(); ++c) {
          table.row(static_cast<std::int64_t>(r))[c] = value(columns[c], times[r]);
        }
      }
      return table;
    };
  }
  template <typename Function>
  [[nodiscard]] std::vector<double> expected(Function&& function, double t) const {
    std::vector<double> all(size, 0.0);
    for (std::size_t c = 0; c < columns.size(); ++c) {
      all[(*positions)[c]] += function(columns[c], t);
    }
    return all;
  }
};

Observed random_observed(testing::Random& random, double highest, double largest_decay) {
  Observed observed;
  for (int c = 0; c < 3; ++c) {
    observed.columns.push_back(random_waves(random, highest, largest_decay));
  }
  return observed;
}

std::vector<ChebyshevSegment> segments_of(const Observed& observed,
                                          const SegmentSettings& settings) {
  std::vector<ChebyshevSegment> segments;
  for_each_segment(observed.at(), observed.positions, Observed::size, settings,
                   [&](const ChebyshevSegment& segment) { segments.push_back(segment); });
  return segments;
}

/// The errors of values and of rates, the latter over the highest frequency.
struct Errors {
  double values = 0.0;
  double rates = 0.0;
};

Errors largest_errors(const Observed& observed, const std::vector<ChebyshevSegment>& segments,
                      const SegmentSettings& settings) {
  Errors errors;
  std::vector<double> found;
  for (const ChebyshevSegment& segment : segments) {
    constexpr int looks = 97;
    for (int look = 0; look <= looks; ++look) {
      const double t = segment.t_begin() + (segment.t_end() - segment.t_begin()) * look / looks;
      const std::vector<double> values = observed.expected(value, t - settings.t_begin);
      const std::vector<double> rates = observed.expected(rate, t - settings.t_begin);
      segment.values(t, found);
      EXPECT_EQ(found.size(), values.size());
      for (std::size_t o = 0; o < values.size(); ++o) {
        errors.values = std::max(errors.values, std::abs(found[o] - values[o]));
      }
      segment.rates(t, found);
      for (std::size_t o = 0; o < rates.size(); ++o) {
        errors.rates = std::max(errors.rates, std::abs(found[o] - rates[o]) / settings.frequency);
      }
    }
  }
  return errors;
}

TEST(ChebyshevSegments, FollowTheObservations) {
  testing::Random random(70);
  for (int set = 0; set < 60; ++set) {
    SegmentSettings settings;
    settings.t_begin = set % 3 == 0 ? 0.0 : testing::uniform(random, 0, 40);
    settings.duration = std::pow(10, testing::uniform(random, -2, 1.5));
    settings.frequency = std::pow(10, testing::uniform(random, -1, 1.5));
    settings.tolerance = std::pow(10, testing::uniform(random, -12, -4));
    settings.first_tolerance = settings.tolerance;
    // The bound of the frequencies holds for motion and decay, and is most often far from reached.
    const double highest = settings.frequency * (set % 2 == 0 ? 1.0 : 0.05);
    const Observed observed = random_observed(random, highest, set % 4 < 2 ? 0.0 : highest / 2);
    SCOPED_TRACE(::testing::Message()
                 << "duration " << settings.duration << " frequency " << settings.frequency
                 << " tolerance " << settings.tolerance << " highest " << highest);
    const std::vector<ChebyshevSegment> segments = segments_of(observed, settings);
    const Errors errors = largest_errors(observed, segments, settings);
    // Two columns share a position; rounding comes with the time, t_begin + duration.
    const double rounding = 1e-13 + 1e-15 * settings.frequency * (40 + settings.duration);
    EXPECT_LE(errors.values, 2 * settings.tolerance + rounding);
    EXPECT_LE(errors.rates, 100 * settings.tolerance + 100 * rounding);
  }
}

TEST(ChebyshevSegments, CoverTheStepInOrderAndWithoutGaps) {
  testing::Random random(71);
  for (int set = 0; set < 40; ++set) {
    SegmentSettings settings;
    settings.t_begin = testing::uniform(random, 0, 40);
    settings.duration = std::pow(10, testing::uniform(random, -2, 1.5));
    settings.frequency = std::pow(10, testing::uniform(random, -1, 1.5));
    settings.tolerance = settings.first_tolerance = 1e-9;
    const std::vector<ChebyshevSegment> segments =
        segments_of(random_observed(random, settings.frequency, 0), settings);
    ASSERT_FALSE(segments.empty());
    EXPECT_EQ(segments.front().t_begin(), settings.t_begin);
    EXPECT_DOUBLE_EQ(segments.back().t_end(), settings.t_begin + settings.duration);
    for (std::size_t s = 0; s + 1 < segments.size(); ++s) {
      ASSERT_EQ(segments[s].t_end(), segments[s + 1].t_begin()) << "after segment " << s;
      ASSERT_LT(segments[s].t_begin(), segments[s].t_end());
    }
  }
}

// What is slow takes one segment; what has died out takes longer ones than what has not.
TEST(ChebyshevSegments, AreAsShortAsTheObservationsAsk) {
  const SegmentSettings settings = {0.0, 5.3, 12.0, 1e-5, 1e-12};
  Observed slow;
  slow.columns.assign(3, Sum{{1, 0.5, 0, 0}});
  EXPECT_EQ(segments_of(slow, settings).size(), 1U);

  Observed pulse = slow;
  pulse.columns[1].push_back({1, 8, 0, 5});
  const std::vector<ChebyshevSegment> segments = segments_of(pulse, settings);
  EXPECT_LE(largest_errors(pulse, segments, settings).values, 2 * settings.tolerance);
  EXPECT_LE(segments.front().t_end(), 1.325);
  EXPECT_EQ(segments.back().t_begin(), 2.65);
}

// A power divides by the time: the begin has to be exact, and what follows it good to more digits.
TEST(ChebyshevSegments, BeginExactly) {
  testing::Random random(72);
  for (int set = 0; set < 20; ++set) {
    const Observed observed = random_observed(random, 10, 5);
    const SegmentSettings settings = {testing::uniform(random, 0, 40), 8.0, 15.0, 1e-4, 1e-11};
    const std::vector<ChebyshevSegment> segments = segments_of(observed, settings);
    std::vector<double> found;
    segments.front().values(settings.t_begin, found);
    const std::vector<double> expected = observed.expected(value, 0.0);
    for (std::size_t o = 0; o < found.size(); ++o) {
      EXPECT_NEAR(found[o], expected[o], 1e-15) << "observation " << o;
    }
    EXPECT_LE(largest_errors(observed, {segments.front()}, settings).values,
              4 * settings.first_tolerance);
  }
}

// A kink that cannot be followed must not be halved for ever.
TEST(ChebyshevSegments, EndAtAKink) {
  const SegmentSettings settings = {0.0, 1.0, 1.0, 1e-12, 1e-12};
  const auto kinked = [](std::span<const double> times) {
    Table table(static_cast<std::int64_t>(times.size()), 1);
    for (std::size_t r = 0; r < times.size(); ++r) {
      table.row(static_cast<std::int64_t>(r))[0] = std::abs(times[r] - 0.3);
    }
    return table;
  };
  int count = 0;
  double end = 0;
  for_each_segment(kinked, std::make_shared<std::vector<std::int64_t>>(1, 0), 1, settings,
                   [&](const ChebyshevSegment& segment) {
                     ++count;
                     end = segment.t_end();
                   });
  EXPECT_EQ(end, 1.0);
  EXPECT_LT(count, 100);
}

/// T_k alone over [2, 6].
ChebyshevSegment polynomial(int k, int degree) {
  Table coefficients(8, 1);
  coefficients.row(k)[0] = 1;
  return {2.0, 6.0, coefficients, std::make_shared<std::vector<std::int64_t>>(1, 0), 1, degree};
}

TEST(ChebyshevSegment, IsTheExpansionOfItsCoefficients) {
  std::vector<double> found;
  for (int k = 0; k < 8; ++k) {
    const ChebyshevSegment segment = polynomial(k, 7);
    EXPECT_EQ(segment.t_begin(), 2.0);
    EXPECT_EQ(segment.t_end(), 6.0);
    for (const double x : {-1.0, -0.7, 0.0, 0.3, 1.0}) {
      const double angle = std::acos(x);
      segment.values(4 + 2 * x, found);
      EXPECT_NEAR(found[0], std::cos(k * angle), 1e-13);
      const double slope =
          std::abs(x) == 1 ? k * k * std::pow(x, k + 1) : k * std::sin(k * angle) / std::sin(angle);
      segment.rates(4 + 2 * x, found);
      EXPECT_NEAR(found[0], slope / 2, 1e-12);
    }
  }
}

TEST(ChebyshevSegment, LeavesOutWhatIsAboveItsDegree) {
  std::vector<double> found;
  polynomial(5, 4).values(2.5, found);
  EXPECT_EQ(found[0], 0.0);
  polynomial(5, 5).values(2.5, found);
  EXPECT_NE(found[0], 0.0);
}

// A polynomial of degree d turns d - 1 times, between d or more parts that each turn at most once.
TEST(ChebyshevSegment, IsSearchedInEnoughParts) {
  for (const int degree : {1, 4, 7}) {
    EXPECT_GE(polynomial(degree, degree).parts(), degree);
    EXPECT_GE(polynomial(degree, degree).parts(), 4);
  }
}

}  // namespace
}  // namespace qbsweep
