// Which points of a grid are estimated in the place of others.
//
// What would be caught: points that nobody stands for or two do (the sum of a plan), ends of axes
// that are left out (the largest points), a point that stands for others but not for itself.
#include "qbsweep/scheduler/representative_points.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

namespace qbsweep {
namespace {

Sweep sweep_of(const std::string& axes) {
  return Sweep::from_text(
      "name: grid\nparameters: {interaction: dicke, N: 2, g: 1, m: 1}\naxes:\n" + axes +
          "charging: {}\n",
      "test");
}

std::string linspace(const std::string& name, int count) {
  return fmt::format("  - {{name: {}, linspace: {{from: 0.1, to: 0.9, count: {}}}}}\n", name,
                     count);
}

TEST(RepresentativePoints, OfASmallGridAreAllPoints) {
  const Sweep sweep = sweep_of(linspace("kappa", 7) + linspace("gamma_phi", 5));
  const RepresentativePoints points(sweep, 35);
  ASSERT_EQ(points.size(), 35);
  for (std::int64_t index = 0; index < 35; ++index) {
    EXPECT_EQ(points.index(index), index);
    EXPECT_EQ(points.number_of(index), index);
    EXPECT_EQ(points.weight(index), 1);
  }
}

TEST(RepresentativePoints, StandForEveryPointOnce) {
  for (const std::int64_t most : {1, 2, 7, 40, 150, 1000}) {
    const Sweep sweep = sweep_of(linspace("kappa", 31) + linspace("gamma_phi", 2) +
                                 linspace("gamma_down", 13) + "  - {name: omega_0, values: [1]}\n");
    const RepresentativePoints points(sweep, most);
    EXPECT_LE(points.size(), most);
    EXPECT_GT(4 * points.size(), std::min(most, sweep.size()));
    std::map<std::int64_t, double> represented;
    for (std::int64_t index = 0; index < sweep.size(); ++index) {
      const std::int64_t number = points.number_of(index);
      ASSERT_TRUE(number >= 0 && number < points.size());
      represented[number] += 1;
    }
    double sum = 0;
    std::int64_t before = -1;
    for (std::int64_t number = 0; number < points.size(); ++number) {
      EXPECT_EQ(points.weight(number), represented[number]);
      EXPECT_EQ(points.number_of(points.index(number)), number);
      EXPECT_GT(points.index(number), before);
      before = points.index(number);
      sum += points.weight(number);
    }
    EXPECT_EQ(sum, static_cast<double>(sweep.size()));
  }
}

TEST(RepresentativePoints, AreTheNearestAndKeepTheEnds) {
  const Sweep sweep = sweep_of(linspace("kappa", 101));
  const RepresentativePoints points(sweep, 9);
  EXPECT_EQ(points.index(0), 0);
  EXPECT_EQ(points.index(points.size() - 1), 100);
  for (std::int64_t index = 0; index <= 100; ++index) {
    const std::int64_t own = std::abs(points.index(points.number_of(index)) - index);
    for (std::int64_t other = 0; other < points.size(); ++other) {
      EXPECT_LE(own, std::abs(points.index(other) - index));
    }
  }
}

TEST(RepresentativePoints, LeaveWordsAndLabelsAlone) {
  const Sweep sweep = sweep_of(
      "  - {name: charger, values: [coherent, fock]}\n"
      "  - {name: noise, labels: [a, b, c], values: {gamma_down: [0, 1, 2]}}\n" +
      linspace("kappa", 1000));
  const RepresentativePoints points(sweep, 60);
  EXPECT_GE(points.size(), 40);
  std::map<std::vector<std::int64_t>, int> seen;
  for (std::int64_t number = 0; number < points.size(); ++number) {
    std::vector<std::int64_t> position = sweep.position(points.index(number));
    position.pop_back();
    ++seen[position];
  }
  EXPECT_EQ(seen.size(), 6U);
}

TEST(RepresentativePoints, AreFewOfTheLargestGrid) {
  std::string axes;
  for (const char* const name : {"kappa", "gamma_phi", "gamma_down", "omega_0"}) {
    axes += linspace(name, 100);
  }
  const Sweep sweep = sweep_of(axes);
  EXPECT_EQ(sweep.size(), 100'000'000);
  const RepresentativePoints points(sweep);
  EXPECT_LE(points.size(), most_representatives);
  EXPECT_GT(points.size(), most_representatives / 3);
}

}  // namespace
}  // namespace qbsweep
