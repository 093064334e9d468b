#include "qbsweep/scheduler/shared_estimates.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "qbsweep/scheduler/dispatcher.hpp"
#include "qbsweep/scheduler/point_estimates.hpp"

namespace qbsweep {
namespace {

// 7 x 2 points, which neither 2 nor 3 ranks share evenly along N; every N has a cost of its own.
constexpr const char* text = R"(
name: shares
parameters: {interaction: dicke, g: 0.25, m_per_n: 1, kappa: 0.1, gamma_down: 0.1}
axes:
  - {name: N, values: [1, 12, 2, 9, 4, 6, 15]}
  - {name: fock_dim, values: [paper, auto]}
charging: {}
)";

TEST(SharedEstimates, AreThoseOfEveryPointInOrder) {
  const Communicator comm(MPI_COMM_WORLD);
  const Sweep sweep = Sweep::from_text(text, "test");
  const std::vector<BriefEstimate> all = estimate_all_points(comm, sweep, {});
  if (comm.rank() != master_rank) {
    EXPECT_TRUE(all.empty());
    return;
  }
  ASSERT_EQ(static_cast<std::int64_t>(all.size()), sweep.size());
  for (std::int64_t index = 0; index < sweep.size(); ++index) {
    const PointEstimate expected = estimate_point(sweep, index);
    const BriefEstimate& found = all[static_cast<std::size_t>(index)];
    EXPECT_NEAR(std::log2(found.cost), std::log2(expected.seconds), 0.2501) << index;
    EXPECT_NEAR(2 * std::log2(found.cost), std::round(2 * std::log2(found.cost)), 1e-5) << index;
    const double bytes = sweep.point(index).auto_fock_dim ? 0.0 : expected.memory_bytes;
    EXPECT_NEAR(found.memory_bytes, bytes, 1e-6 * bytes) << index;
  }
}

TEST(SharedEstimates, NeedNoPointForEveryRank) {
  const Communicator comm(MPI_COMM_WORLD);
  const Sweep sweep = Sweep::from_text(text, "test", {"N=[3]", "fock_dim=[paper]"});
  const std::vector<BriefEstimate> all = estimate_all_points(comm, sweep, {});
  EXPECT_EQ(all.size(), comm.rank() == master_rank ? 1U : 0U);
}

}  // namespace
}  // namespace qbsweep
