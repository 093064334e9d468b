#include "run_preparation.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <utility>

#include "point_estimates.hpp"
#include "qbsweep/archive/archive.hpp"
#include "qbsweep/support/node_memory.hpp"
#include "qbsweep/sweep/dispatcher.hpp"

namespace qbsweep {
namespace {

/// The ranks that share one machine and what memory it has for them.
struct NodeShare {
  double ranks = 1;
  double available_bytes = 0;
};

std::vector<NodeShare> gather_node_shares(const Communicator& comm) {
  MPI_Comm node = MPI_COMM_NULL;
  check_mpi(MPI_Comm_split_type(comm.get(), MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &node),
            "find the ranks that share a machine");
  const NodeShare own = {static_cast<double>(Communicator::size_of(node)),
                         available_memory_bytes()};
  MPI_Comm_free(&node);
  std::vector<NodeShare> shares(comm.size());
  check_mpi(MPI_Allgather(&own, 2, MPI_DOUBLE, shares.data(), 2, MPI_DOUBLE, comm.get()),
            "gather the memory of all machines");
  return shares;
}

/// Refuses a sweep whose largest points, one on each rank of a machine, exceed its memory.
void check_memory(const Sweep& sweep, std::vector<std::pair<double, std::int64_t>> points,
                  const std::vector<NodeShare>& shares) {
  if (points.empty()) {
    return;
  }
  std::sort(points.begin(), points.end(), std::greater<>());
  for (const NodeShare& share : shares) {
    const auto together = std::min(points.size(), static_cast<std::size_t>(share.ranks));
    double needed = 0;
    for (std::size_t p = 0; p < together; ++p) {
      needed += points[p].first;
    }
    if (needed <= share.available_bytes) {
      continue;
    }
    const auto& [largest, index] = points.front();
    if (largest > share.available_bytes) {
      throw InputError(fmt::format(
          "{}{} needs about {} of memory, and {} are available: leave it out, or run on a machine "
          "with more memory",
          sweep.axes().empty() ? "" : "the point ", sweep.describe(index), size_text(largest),
          size_text(share.available_bytes)));
    }
    throw InputError(fmt::format(
        "the {} largest points, one on each rank of a machine, need about {} of memory, and {} are "
        "available: start fewer ranks (the largest, {}, needs {})",
        together, size_text(needed), size_text(share.available_bytes), sweep.describe(index),
        size_text(largest)));
  }
}

bool exists(const std::string& path) {
  struct stat ignored {};
  return ::stat(path.c_str(), &ignored) == 0;
}

void refuse_other_sweep(const Sweep& wanted, const Sweep& archived, const std::string& path) {
  const std::vector<std::string> keys = differing_keys(wanted.meaning(), archived.meaning());
  if (!keys.empty()) {
    throw InputError(fmt::format(
        "{} belongs to another sweep: {} differ{} from this sweep file; give another -o, or the "
        "sweep file that the archive was made for",
        path, fmt::join(keys, ", "), keys.size() == 1 ? "s" : ""));
  }
}

/// The cost by which points are handed out: the estimate, in steps of sqrt(2). Estimates are no
/// better than that, and points of the same step keep their order, so that neighbours on the grid
/// are computed and written together.
double cost_step(double seconds) {
  return std::exp2(std::round(2 * std::log2(seconds)) / 2);
}

/// Sorts a point into what is to be done with it.
void sort_point(RunPreparation& preparation, std::int64_t index, double cost, SlotStatus status,
                std::int32_t attempts) {
  switch (status) {
    case SlotStatus::done:
      ++preparation.done_before;
      return;
    case SlotStatus::failed:
      preparation.retried.push_back(index);
      preparation.pending.push_back({index, cost});
      return;
    case SlotStatus::pending:
      break;
  }
  if (attempts >= attempts_before_giving_up) {
    preparation.given_up.push_back(index);
  } else if (attempts > 0) {
    preparation.attempts[index] = attempts;
    preparation.suspects.push_back({index, cost});
  } else {
    preparation.pending.push_back({index, cost});
  }
}

RunPreparation prepare_on_master(const RunOptions& options, const std::vector<NodeShare>& shares,
                                 int ranks) {
  RunPreparation preparation;
  preparation.sweep = Sweep::from_file(options.source.path, options.source.overrides);
  const Sweep& sweep = *preparation.sweep;
  preparation.archive_path =
      options.archive_path.empty() ? sweep.name() + ".h5" : options.archive_path;

  preparation.lock = std::make_unique<ArchiveLock>(preparation.archive_path, ranks);
  std::vector<SlotStatus> status(sweep.size(), SlotStatus::pending);
  std::vector<std::int32_t> attempts(sweep.size(), 0);
  const bool resumed = exists(preparation.archive_path);
  if (resumed) {
    const ArchiveReader archive(preparation.archive_path);
    refuse_other_sweep(sweep, archive.sweep(), preparation.archive_path);
    status = archive.status();
    attempts = archive.attempts();
  }

  std::vector<std::pair<double, std::int64_t>> memory;
  for (std::int64_t index = 0; index < sweep.size(); ++index) {
    const PointEstimate estimate = estimate_point(sweep, index, options.method);
    sort_point(preparation, index, cost_step(estimate.seconds), status[index], attempts[index]);
    // A point with automatic Fock levels is refused when it is computed: only then its levels are
    // known.
    if (status[index] != SlotStatus::done && !sweep.point(index).auto_fock_dim) {
      memory.emplace_back(estimate.memory_bytes, index);
    }
  }
  check_memory(sweep, std::move(memory), shares);
  if (!resumed) {
    create_archive(preparation.archive_path, sweep);
  }
  preparation.lock->note_done_before(preparation.done_before);
  return preparation;
}

/// Texts and numbers from the master to all. Every member is collective.
class Broadcast {
 public:
  explicit Broadcast(const Communicator& comm) : comm_(comm) {}

  template <typename T>
  void numbers(std::vector<T>& values) const {
    auto size = static_cast<std::int64_t>(values.size());
    bytes(&size, sizeof size);
    values.resize(size);
    bytes(values.data(), size * static_cast<std::int64_t>(sizeof(T)));
  }
  void text(std::string& value) const {
    std::vector<char> characters(value.begin(), value.end());
    numbers(characters);
    value.assign(characters.begin(), characters.end());
  }
  void number(std::int64_t& value) const { bytes(&value, sizeof value); }

 private:
  void bytes(void* data, std::int64_t size) const {
    constexpr std::int64_t at_once = 1 << 30;
    auto* begin = static_cast<char*>(data);
    for (std::int64_t sent = 0; sent < size; sent += at_once) {
      check_mpi(MPI_Bcast(begin + sent, static_cast<int>(std::min(at_once, size - sent)), MPI_BYTE,
                          master_rank, comm_.get()),
                "tell all ranks about the sweep");
    }
  }
  const Communicator& comm_;
};

enum class Outcome : std::int64_t { ready, bad_input, environment };

}  // namespace

RunPreparation prepare_run(const Communicator& comm, const RunOptions& options) {
  const std::vector<NodeShare> shares = gather_node_shares(comm);
  RunPreparation preparation;
  Outcome outcome = Outcome::ready;
  std::string error;
  if (comm.rank() == master_rank) {
    try {
      preparation = prepare_on_master(options, shares, comm.size());
    } catch (const InputError& caught) {
      outcome = Outcome::bad_input;
      error = caught.what();
    } catch (const std::exception& caught) {
      outcome = Outcome::environment;
      error = caught.what();
    }
  }

  barrier_asleep(comm.get(), "wait for the sweep file to be read");  // a broadcast would spin
  const Broadcast from_master(comm);
  auto code = static_cast<std::int64_t>(outcome);
  from_master.number(code);
  from_master.text(error);
  switch (static_cast<Outcome>(code)) {
    case Outcome::ready:
      break;
    case Outcome::bad_input:
      throw InputError(error);
    case Outcome::environment:
      throw EnvironmentError(error);
  }

  std::string text = preparation.sweep ? preparation.sweep->text() : "";
  from_master.text(text);
  from_master.text(preparation.archive_path);
  std::vector<std::pair<std::int64_t, std::int32_t>> attempts(preparation.attempts.begin(),
                                                              preparation.attempts.end());
  from_master.numbers(attempts);
  preparation.attempts = {attempts.begin(), attempts.end()};
  if (!preparation.sweep) {
    preparation.sweep = Sweep::from_text(text, options.source.path, options.source.overrides);
  }
  return preparation;
}

}  // namespace qbsweep
