#include "qbsweep/scheduler/shared_estimates.hpp"

#include <algorithm>
#include <cmath>

#include "qbsweep/parallel/collectively.hpp"
#include "qbsweep/scheduler/dispatcher.hpp"
#include "qbsweep/scheduler/point_estimates.hpp"
#include "qbsweep/scheduler/representative_points.hpp"

namespace qbsweep {
namespace {

float cost_step(double seconds) {
  return static_cast<float>(std::exp2(std::round(2 * std::log2(seconds)) / 2));
}

/// How many of the points are a rank's.
std::int64_t share_size(std::int64_t points, std::int64_t rank, std::int64_t size) {
  return (points - rank + size - 1) / size;
}

/// Every size-th representative is a rank's, so that costly corners of the grid are shared, too.
std::vector<BriefEstimate> estimate_share(const Sweep& sweep, const RepresentativePoints& points,
                                          const ChargingMethod& method, std::int64_t rank,
                                          std::int64_t size) {
  std::vector<BriefEstimate> share;
  share.reserve(share_size(points.size(), rank, size));
  for (std::int64_t number = rank; number < points.size(); number += size) {
    const std::int64_t index = points.index(number);
    const PointEstimate estimate = estimate_point(sweep, index, method);
    const bool known = !sweep.point(index).auto_fock_dim;
    share.push_back(
        {cost_step(estimate.seconds), known ? static_cast<float>(estimate.memory_bytes) : 0.0F});
  }
  return share;
}

/// On the master the shares of all ranks in the order of the representatives. Collective.
std::vector<BriefEstimate> gather_shares(const Communicator& comm,
                                         const std::vector<BriefEstimate>& share,
                                         std::int64_t points) {
  static_assert(sizeof(BriefEstimate) == 2 * sizeof(float));
  const std::int64_t size = comm.size();
  const bool master = comm.rank() == master_rank;
  std::vector<int> floats(master ? size : 0);
  std::vector<int> places(master ? size : 0);
  std::vector<BriefEstimate> by_rank(master ? points : 0);
  int place = 0;
  for (std::size_t rank = 0; rank < floats.size(); ++rank) {
    places[rank] = place;
    floats[rank] = 2 * static_cast<int>(share_size(points, static_cast<std::int64_t>(rank), size));
    place += floats[rank];
  }
  check_mpi(MPI_Gatherv(share.data(), 2 * static_cast<int>(share.size()), MPI_FLOAT, by_rank.data(),
                        floats.data(), places.data(), MPI_FLOAT, master_rank, comm.get()),
            "gather the estimates");
  std::vector<BriefEstimate> all(by_rank.size());
  for (std::size_t rank = 0; rank < floats.size(); ++rank) {
    const BriefEstimate* next = by_rank.data() + places[rank] / 2;
    for (std::size_t index = rank; index < all.size(); index += size) {
      all[index] = *next++;
    }
  }
  return all;
}

}  // namespace

std::vector<BriefEstimate> estimate_all_points(const Communicator& comm, const Sweep& sweep,
                                               const ChargingMethod& method) {
  const RepresentativePoints points(sweep);
  std::vector<BriefEstimate> share;
  collectively(comm.get(),
               [&] { share = estimate_share(sweep, points, method, comm.rank(), comm.size()); });
  const std::vector<BriefEstimate> gathered = gather_shares(comm, share, points.size());
  std::vector<BriefEstimate> all(gathered.empty() ? 0 : sweep.size());
  for (std::size_t index = 0; index < all.size(); ++index) {
    all[index] = gathered[points.number_of(static_cast<std::int64_t>(index))];
  }
  return all;
}

}  // namespace qbsweep
