// One series for exp(L t), at several times of a step, and what its norms tell.
//
// What would be caught: a term that is added to a state twice or not at all, a state at another
// time, growth or rounding that is not seen.
#include "qbsweep/dynamics/series_propagator.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace qbsweep {
namespace {

/// An operator that multiplies each number of a vector by one of its own.
class Diagonal final : public MatrixFreeOperator {
 public:
  explicit Diagonal(std::vector<double> values) : values_(std::move(values)) {}
  [[nodiscard]] std::int64_t size() const override { return std::ssize(values_); }
  [[nodiscard]] std::int64_t unknowns() const override { return size(); }
  void apply(const double* x, double* y, const Recurrence& weights) const override {
    for (std::size_t e = 0; e < values_.size(); ++e) {
      y[e] = weights.alpha * values_[e] * x[e] + weights.beta * x[e] +
             (weights.gamma != 0 ? weights.gamma * y[e] : 0.0);
    }
  }
  void set_pure_state(std::span<const double>, double*) const override {}
  void observe_more(ObservationRequest /*request*/, const BatteryParameters& /*battery*/) override {
  }
  [[nodiscard]] const std::vector<std::int64_t>& observed() const override { return observed_; }
  void observe(const double*, double*) const override {}

 private:
  std::vector<double> values_;
  std::vector<std::int64_t> observed_;
};

SectorState state_of(const std::vector<double>& numbers) {
  SectorState state(std::ssize(numbers));
  std::copy(numbers.begin(), numbers.end(), state.data());
  return state;
}

TEST(SeriesPropagator, IsTheExponentialAtEveryTime) {
  const std::vector<double> values = {0.0, -0.3, -1.0, -2.5, -4.0};
  const Diagonal L(values);
  const Ellipse ellipse = {-2.0, 2.0, 0.5};
  for (const std::int64_t extra : {0, 1}) {  // an even and an odd number of terms
    const std::int64_t terms = EllipseSeries(ellipse).terms(3.0, 1e-14) + extra;
    const std::vector<double> times = {0.5, 1.7, 3.0};
    const SeriesPropagator series(L, {ellipse, 3.0, terms}, times);
    SectorState state = state_of({1, 2, 3, 4, 5});
    SectorState previous(5);
    std::vector<SectorState> ends;
    for (int l = 0; l < 3; ++l) {
      ends.emplace_back(5);
    }
    SeriesRounding rounding;
    ASSERT_TRUE(series.run_watched(state, previous, ends, rounding, 0.0));
    for (std::size_t l = 0; l < times.size(); ++l) {
      for (std::size_t e = 0; e < values.size(); ++e) {
        EXPECT_NEAR(ends[l].data()[e], static_cast<double>(e + 1) * std::exp(values[e] * times[l]),
                    1e-12);
      }
    }
    EXPECT_LT(rounding.cost(), 1e-12);
    EXPECT_GT(rounding.cost(), 0);
  }
}

TEST(SeriesPropagator, SeesVectorsGrow) {
  // An eigenvalue far outside of the ellipse.
  const Diagonal L({0.0, -40.0});
  const Ellipse ellipse = {-1.0, 1.0, 0.5};
  const SeriesPropagator series(L, {ellipse, 3.0, 60}, std::vector{3.0});
  SectorState state = state_of({1, 1});
  SectorState previous(2);
  std::vector<SectorState> ends;
  ends.emplace_back(2);
  SeriesRounding rounding;
  EXPECT_FALSE(series.run_watched(state, previous, ends, rounding, 0.0));
}

// Coefficients as large as exp(12): what they cancel to has lost as much to rounding, though no
// vector of the series has grown.
TEST(SeriesPropagator, TellsWhatCancellationCosts) {
  const std::vector<double> values = {0.0, -0.5, -1.0};
  const Diagonal L(values);
  const Ellipse ellipse = {0.0, 4.0, 1.0};
  const double duration = 3.0;
  const std::int64_t terms = EllipseSeries(ellipse).terms(duration, 1e-16);
  const SeriesPropagator series(L, {ellipse, duration, terms}, std::vector{duration});
  SectorState state = state_of({1, 1, 1});
  SectorState previous(3);
  std::vector<SectorState> ends;
  ends.emplace_back(3);
  SeriesRounding rounding;
  ASSERT_TRUE(series.run_watched(state, previous, ends, rounding, 0.0));
  double error = 0;
  for (std::size_t e = 0; e < values.size(); ++e) {
    error = std::max(error, std::abs(ends[0].data()[e] - std::exp(values[e] * duration)));
  }
  EXPECT_LT(error, 10 * rounding.cost());
  EXPECT_GT(rounding.cost(), 1e-13);
}

}  // namespace
}  // namespace qbsweep
