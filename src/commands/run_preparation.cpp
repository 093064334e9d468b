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
#include "qbsweep/archive/checkpoint_file.hpp"
#include "qbsweep/solvers/charge_estimate.hpp"
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

/// What a point takes of each of the ranks that compute it.
struct MemoryNeed {
  double bytes_per_rank = 0;
  int ranks = 1;
  std::int64_t index = 0;
};

/// Refuses a sweep whose largest points, when they fill the ranks of a machine, exceed its memory.
void check_memory(const Sweep& sweep, std::vector<MemoryNeed> points,
                  const std::vector<NodeShare>& shares) {
  if (points.empty()) {
    return;
  }
  std::sort(points.begin(), points.end(), [](const MemoryNeed& a, const MemoryNeed& b) {
    return a.bytes_per_rank != b.bytes_per_rank ? a.bytes_per_rank > b.bytes_per_rank
                                                : a.index < b.index;
  });
  for (const NodeShare& share : shares) {
    double needed = 0;
    double ranks = 0;
    std::size_t together = 0;
    for (; together < points.size() && ranks < share.ranks; ++together) {
      const double here = std::min<double>(points[together].ranks, share.ranks - ranks);
      needed += here * points[together].bytes_per_rank;
      ranks += here;
    }
    if (needed <= share.available_bytes) {
      continue;
    }
    const MemoryNeed& largest = points.front();
    const std::string where = sweep.describe(largest.index);
    if (largest.bytes_per_rank > share.available_bytes) {
      throw InputError(fmt::format(
          "{}{} needs about {} of memory{}, and {} are available: leave it out, or run on a "
          "machine with more memory",
          sweep.axes().empty() ? "" : "the point ", where, size_text(largest.bytes_per_rank),
          largest.ranks > 1 ? fmt::format(" on each of {} ranks", largest.ranks) : "",
          size_text(share.available_bytes)));
    }
    throw InputError(fmt::format(
        "the {} largest points, {}, need about {} of memory, and {} are available: start fewer "
        "ranks (the largest, {}, needs {}{})",
        together,
        largest.ranks > 1 ? "computed at a time on a machine" : "one on each rank of a machine",
        size_text(needed), size_text(share.available_bytes), where,
        size_text(largest.bytes_per_rank), largest.ranks > 1 ? " on each of its ranks" : ""));
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
    // One that was saved is half done: it is not put last.
    const bool saved = preparation.saved.count(point.point.index) > 0;
    (saved ? preparation.pending : preparation.suspects).push_back(point.point);
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

/// How many ranks the points of a sweep are computed on.
class GroupSizes {
 public:
  GroupSizes(const Sweep& sweep, const ChargeMethod& method, const std::vector<NodeShare>& shares,
             double seconds_of_all)
      : sweep_(sweep), method_(method) {
    machines_.ranks = static_cast<int>(shares.size());
    machines_.bytes_per_node = shares.front().available_bytes;
    for (const NodeShare& share : shares) {
      machines_.ranks_per_node = std::max(machines_.ranks_per_node, share.ranks);
      machines_.bytes_per_node = std::min(machines_.bytes_per_node, share.available_bytes);
    }
    fair_share_ = seconds_of_all / machines_.ranks;
  }

  /// For ranks_per_point: auto.
  [[nodiscard]] int worth(std::int64_t index) const {
    if (!sweep_.charging()) {
      return 1;  // only charges are shared
    }
    const PointEstimate estimate = estimate_point(sweep_, index, method_);
    return ranks_worth(sweep_.point(index).battery, estimate.seconds, estimate.memory_bytes,
                       fair_share_, machines_);
  }

  /// Turns needs on one rank into those on the ranks that compute the point.
  void share_out(std::vector<MemoryNeed>& needs) const {
    if (sweep_.ranks_per_point() == 1 || machines_.ranks == 1 || !sweep_.charging()) {
      return;
    }
    for (MemoryNeed& need : needs) {
      const std::int64_t asked =
          sweep_.ranks_per_point() == 0 ? worth(need.index) : sweep_.ranks_per_point();
      need.ranks = static_cast<int>(std::min<std::int64_t>(asked, machines_.ranks));
      need.bytes_per_rank =
          memory_per_rank(sweep_.point(need.index).battery, need.bytes_per_rank, need.ranks);
    }
  }

 private:
  const Sweep& sweep_;
  const ChargeMethod& method_;
  Machines machines_;
  double fair_share_ = 0;
};

RunPreparation prepare_on_master(const RunOptions& options, const std::vector<NodeShare>& shares,
                                 std::vector<OomKills> hosts) {
  RunPreparation preparation;
  preparation.sweep = Sweep::from_file(options.source.path, options.source.overrides);
  const Sweep& sweep = *preparation.sweep;
  preparation.archive_path =
      options.archive_path.empty() ? default_name(sweep, options.shard) : options.archive_path;

  preparation.lock =
      std::make_unique<ArchiveLock>(preparation.archive_path, static_cast<int>(shares.size()));
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

  if (resumed) {
    preparation.saved = saved_points(preparation.archive_path);
  }
  Deadly deadly;
  double seconds = 0;
  std::vector<MemoryNeed> memory;
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
    seconds += status[index] == SlotStatus::done ? 0.0 : estimate.seconds;
    // A point with automatic Fock levels is refused when it is computed: only then its levels are
    // known.
    if (status[index] != SlotStatus::done && !sweep.point(index).auto_fock_dim) {
      memory.push_back({estimate.memory_bytes, 1, index});
    }
  }
  const EarlierDeaths deaths(preparation.archive_path, std::move(hosts));
  sort_deadly(preparation, std::move(deadly), deaths);
  preparation.note = deaths.note_of_this_run();

  const GroupSizes groups(sweep, options.method, shares, seconds);
  preparation.stages =
      plan_stages(std::move(preparation.pending), std::move(preparation.suspects),
                  static_cast<int>(shares.size()), sweep.ranks_per_point(),
                  [&](const PendingPoint& point) { return groups.worth(point.index); });
  groups.share_out(memory);
  check_memory(sweep, std::move(memory), shares);
  if (!resumed) {
    create_archive(preparation.archive_path, sweep, options.shard);
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
  std::vector<std::int64_t> saved(preparation.saved.begin(), preparation.saved.end());
  from_master.numbers(saved);
  preparation.saved = {saved.begin(), saved.end()};
  std::vector<std::int32_t> stage_ranks;
  for (const StagePlan& stage : preparation.stages) {
    stage_ranks.push_back(stage.ranks);
  }
  from_master.numbers(stage_ranks);
  preparation.stages.resize(stage_ranks.size());
  for (std::size_t s = 0; s < stage_ranks.size(); ++s) {
    preparation.stages[s].ranks = stage_ranks[s];
  }
  if (!preparation.sweep) {
    preparation.sweep = Sweep::from_text(text, options.source.path, options.source.overrides);
  }
  return preparation;
}

}  // namespace qbsweep
