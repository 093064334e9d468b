// Every point is in one shard, and all shards have about the same work.
#include "qbsweep/config/shard.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <numeric>

#include "sweep_texts.hpp"

namespace qbsweep::test {
namespace {

using testing::AllOf;
using testing::Each;
using testing::SizeIs;

/// The shards 1 .. count of a sweep.
std::vector<std::vector<bool>> all_shards(const Sweep& sweep, std::int64_t count) {
  std::vector<std::vector<bool>> shards;
  for (std::int64_t number = 1; number <= count; ++number) {
    shards.push_back(shard_points(sweep, Shard{number, count}));
  }
  return shards;
}

const std::string atoms_axis =
    "  - {name: N, values: [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]}\n";
const std::string noise_axis =
    "  - {name: kappa, linspace: {from: 0, to: 0.7, count: 8}}\n"
    "  - {name: gamma_phi, values: [0, 0.1]}\n";

std::string mixed() {
  return with("  interaction: dicke\n", "",
              with("  N: 4\n", "",
                   with_axes("axes:\n  - {name: interaction, values: [dicke, tavis_cummings]}\n" +
                             atoms_axis + noise_axis)));
}

TEST(Shards, EveryPointIsInOne) {
  const Sweep sweep = read(mixed());
  ASSERT_EQ(sweep.size(), 2 * 15 * 8 * 2);
  for (const std::int64_t count : {1, 2, 3, 4, 7, 480, 500}) {
    std::vector<int> owners(sweep.size(), 0);
    for (const auto& shard : all_shards(sweep, count)) {
      ASSERT_THAT(shard, SizeIs(sweep.size()));
      const auto points = std::count(shard.begin(), shard.end(), true);
      EXPECT_GE(points, sweep.size() / count) << count;
      EXPECT_LE(points, (sweep.size() + count - 1) / count) << count;
      std::transform(shard.begin(), shard.end(), owners.begin(), owners.begin(),
                     [](bool mine, int before) { return before + (mine ? 1 : 0); });
    }
    EXPECT_THAT(owners, Each(1)) << count;
  }
}

TEST(Shards, WithoutOneAllPointsAreMeant) {
  EXPECT_THAT(shard_points(read(mixed()), std::nullopt), AllOf(SizeIs(480), Each(true)));
}

/// Atoms are the innermost axis, of as many values as there are cards in a round back and forth:
/// dealt by index alone, one shard would get every point with 2 and every one with 9 atoms.
TEST(Shards, LargePointsAreShared) {
  const Sweep sweep = read(
      with("  N: 4\n", "",
           with_axes("axes:\n  - {name: gamma_phi, linspace: {from: 0.1, to: 0.5, count: 40}}\n"
                     "  - {name: N, values: [2, 3, 4, 5, 6, 7, 8, 9]}\n")));
  std::vector<double> sizes;
  for (const auto& shard : all_shards(sweep, 4)) {
    double size = 0;
    for (std::int64_t point = 0; point < sweep.size(); ++point) {
      const auto battery = sweep.point(point).battery;
      size += shard[point] ? static_cast<double>(count_unknowns(battery.N, battery.fock_dim, true))
                           : 0.0;
    }
    sizes.push_back(size);
  }
  const auto [least, most] = std::minmax_element(sizes.begin(), sizes.end());
  EXPECT_EQ(*least, *most);
}

TEST(Shards, ByWindowAndDampingToo) {
  const Sweep sweep = read(
      with("  g: 0.5\n", "",
           with("  N: 4\n", "  N: 4\n  gamma_phi: 0.1\n",
                with_axes("axes:\n  - {name: g, logspace: {from: 0.01, to: 1, count: 40}}\n"))));
  std::vector<double> windows;
  for (const auto& shard : all_shards(sweep, 2)) {
    double sum = 0;
    for (std::int64_t point = 0; point < sweep.size(); ++point) {
      sum += shard[point] ? sweep.point(point).t_max : 0.0;
    }
    windows.push_back(sum);
  }
  // Costs are convex in the logarithm, so that dealing back and forth takes the slope out.
  EXPECT_NEAR(windows[0] / windows[1], 1, 0.02);
}

TEST(Shards, DoNotDependOnHowTheSweepIsWritten) {
  const std::string other = "# the same\n" + with("name: plain", "name: other", mixed());
  EXPECT_EQ(all_shards(read(mixed()), 4), all_shards(read(other), 4));
}

TEST(Shards, AreWrittenAsFractions) {
  EXPECT_EQ(parse_shard("2/4"), (Shard{2, 4}));
  EXPECT_EQ(parse_shard("1/1"), (Shard{1, 1}));
  EXPECT_EQ(shard_text({12, 250}), "12/250");
  EXPECT_EQ(of_shard_text(Shard{2, 4}), " of shard 2/4");
  EXPECT_EQ(of_shard_text(std::nullopt), "");
  for (const char* text : {"", "2", "/", "2/", "/4", "0/4", "5/4", "1/0", "-1/4", "+1/4", "a/b",
                           "1/4x", " 1/4", "1 /4", "1/2/4", "1.0/4", "1/99999999999999999999"}) {
    EXPECT_EQ(parse_shard(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace qbsweep::test
