#include "run_preparation.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <utility>

#include "earlier_deaths.hpp"
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

/// An archive takes the points of the shard that it was made for, or all.
void refuse_other_shard(const std::optional<Shard>& wanted, const std::optional<Shard>& archived,
                        const std::string& path) {
  if (wanted == archived) {
    return;
  }
  if (!archived) {
    throw InputError(fmt::format(
        "{} is for all points of its sweep, and --shard {} was given; leave it out, or give "
        "another -o",
        path, shard_text(*wanted)));
  }
  const auto archived_text = shard_text(*archived);
  throw InputError(fmt::format(
      "{} is for shard {} of its sweep, and {} was given; give --shard {}, or another -o", path,
      archived_text, wanted ? "--shard " + shard_text(*wanted) : "no --shard", archived_text));
}

std::string default_name(const Sweep& sweep, const std::optional<Shard>& shard) {
  return shard ? fmt::format("{}.shard-{}-of-{}.h5", sweep.name(), shard->number, shard->count)
               : sweep.name() + ".h5";
}

/// The cost by which points are handed out: the estimate, in steps of sqrt(2). Estimates are no
/// better than that, and points of the same step keep their order, so that neighbours on the grid
/// are computed and written together.
double cost_step(double seconds) {
  return std::exp2(std::round(2 * std::log2(seconds)) / 2);
}

/// Points that were under way when the job died too often to be simply computed.
struct Deadly {
  std::vector<DeadlyPoint> pending;
  std::vector<PendingPoint> failed;  ///< given up by an earlier run, or failed at last
};

/// Sorts a point into what is to be done with it.
void sort_point(RunPreparation& preparation, Deadly& deadly, const DeadlyPoint& point,
                SlotStatus status) {
  const bool too_often = point.deaths >= attempts_before_giving_up;
  switch (status) {
    case SlotStatus::done:
      ++preparation.done_before;
      return;
    case SlotStatus::failed:
      if (too_often) {
        deadly.failed.push_back(point.point);
      } else {
        preparation.retried.push_back(point.point.index);
        preparation.pending.push_back(point.point);
      }
      return;
    case SlotStatus::pending:
      break;
  }
  if (too_often) {
    deadly.pending.push_back(point);
  } else if (point.deaths > 0) {
    preparation.attempts[point.point.index] = point.deaths;
    preparation.suspects.push_back(point.point);
  } else {
    preparation.pending.push_back(point.point);
  }
}

/// Sorts those that seem to kill, once all others are sorted.
void sort_deadly(RunPreparation& preparation, Deadly deadly, const EarlierDeaths& deaths) {
  // While there are others to compute, a point that was given up must not kill once more.
  const bool others =
      !preparation.pending.empty() || !preparation.suspects.empty() || !deadly.pending.empty();
  for (const PendingPoint& point : deadly.failed) {
    (others ? preparation.still_failed : preparation.retried).push_back(point.index);
    if (!others) {
      preparation.pending.push_back(point);
    }
  }
  Verdict verdict = deaths.judge(std::move(deadly.pending));
  preparation.given_up = std::move(verdict.given_up);
  for (const DeadlyPoint& point : verdict.tried_again) {
    preparation.attempts[point.point.index] = point.deaths;
    preparation.suspects.push_back(point.point);
  }
}

RunPreparation prepare_on_master(const RunOptions& options, const std::vector<NodeShare>& shares,
                                 std::vector<OomKills> hosts) {
  RunPreparation preparation;
  preparation.sweep = Sweep::from_file(options.source.path, options.source.overrides);
  const Sweep& sweep = *preparation.sweep;
  preparation.archive_path =
      options.archive_path.empty() ? default_name(sweep, options.shard) : options.archive_path;

  std::vector<SlotStatus> status(sweep.size(), SlotStatus::pending);
  std::vector<std::int32_t> attempts(sweep.size(), 0);
  const bool resumed = exists(preparation.archive_path);
  if (resumed) {
    const ArchiveReader archive(preparation.archive_path);
    refuse_other_sweep(sweep, archive.sweep(), preparation.archive_path);
    refuse_other_shard(options.shard, archive.shard(), preparation.archive_path);
    status = archive.status();
    attempts = archive.attempts();
  }

  Deadly deadly;
  std::vector<std::pair<double, std::int64_t>> memory;
  const std::vector<bool> own = shard_points(sweep, options.shard);
  preparation.points = std::count(own.begin(), own.end(), true);
  for (std::int64_t index = 0; index < sweep.size(); ++index) {
    if (!own[index]) {
      continue;
    }
    const PointEstimate estimate = estimate_point(sweep, index, options.method);
    sort_point(preparation, deadly,
               {{index, cost_step(estimate.seconds)}, attempts[index], estimate.memory_bytes},
               status[index]);
    // A point with automatic Fock levels is refused when it is computed: only then its levels are
    // known.
    if (status[index] != SlotStatus::done && !sweep.point(index).auto_fock_dim) {
      memory.emplace_back(estimate.memory_bytes, index);
    }
  }
  const EarlierDeaths deaths(preparation.archive_path, std::move(hosts));
  sort_deadly(preparation, std::move(deadly), deaths);
  preparation.note = deaths.note_of_this_run();
  check_memory(sweep, std::move(memory), shares);
  if (!resumed) {
    create_archive(preparation.archive_path, sweep, options.shard);
  }
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
  std::vector<OomKills> hosts = gather_hosts(comm);
  RunPreparation preparation;
  Outcome outcome = Outcome::ready;
  std::string error;
  if (comm.rank() == master_rank) {
    try {
      preparation = prepare_on_master(options, shares, std::move(hosts));
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
