#include "qbsweep/scheduler/shared_estimates.hpp"

#include <cmath>
#include <tuple>

#include "qbsweep/parallel/collectively.hpp"
#include "qbsweep/parallel/message_transport.hpp"
#include "qbsweep/scheduler/dispatcher.hpp"
#include "qbsweep/scheduler/point_estimates.hpp"
#include "qbsweep/scheduler/representative_points.hpp"

namespace qbsweep {

template <ConstOrNot<BriefEstimate> T>
auto message_fields(T& estimate) {
  return std::tie(estimate.cost, estimate.memory_bytes);
}

namespace {

float cost_step(double seconds) {
  return static_cast<float>(std::exp2(std::round(2 * std::log2(seconds)) / 2));
}

/// Every size-th representative is a rank's, so that costly corners of the grid are shared, too.
std::vector<BriefEstimate> estimate_share(const Sweep& sweep, const RepresentativePoints& points,
                                          const ChargingMethod& method, std::int64_t rank,
                                          std::int64_t size) {
  std::vector<BriefEstimate> share;
  for (std::int64_t number = rank; number < points.size(); number += size) {
    const std::int64_t index = points.index(number);
    const PointEstimate estimate = estimate_point(sweep, index, method);
    const bool known = !sweep.point(index).auto_fock_dim;
    share.push_back(
        {cost_step(estimate.seconds), known ? static_cast<float>(estimate.memory_bytes) : 0.0F});
  }
  return share;
}

}  // namespace

std::vector<BriefEstimate> estimate_all_points(const Communicator& comm, const Sweep& sweep,
                                               const ChargingMethod& method) {
  const RepresentativePoints points(sweep);
  std::vector<BriefEstimate> share;
  collectively(comm.get(),
               [&] { share = estimate_share(sweep, points, method, comm.rank(), comm.size()); });
  const std::vector<std::vector<BriefEstimate>> shares =
      gather(comm.get(), master_rank, share, "gather the estimates");
  std::vector<BriefEstimate> all(shares.empty() ? 0 : sweep.size());
  for (std::size_t index = 0; index < all.size(); ++index) {
    const std::size_t number = points.number_of(static_cast<std::int64_t>(index));
    all[index] = shares[number % shares.size()][number / shares.size()];
  }
  return all;
}

}  // namespace qbsweep
