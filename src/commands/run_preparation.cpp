#include "run_preparation.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <functional>
#include <queue>
#include <utility>

#include "qbsweep/archive/archive.hpp"
#include "qbsweep/support/node_memory.hpp"
#include "qbsweep/sweep/dispatcher.hpp"
#include "shared_estimates.hpp"

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

using SizedPoint = std::pair<double, std::int64_t>;  // memory in bytes, index

/// The points that need most memory, as many as the ranks of a machine can have in hand at once.
class LargestPoints {
 public:
  explicit LargestPoints(const std::vector<NodeShare>& shares) {
    for (const NodeShare& share : shares) {
      most_ = std::max(most_, static_cast<std::size_t>(share.ranks));
    }
  }

  void add(double bytes, std::int64_t index) {
    if (kept_.size() == most_ && SizedPoint(bytes, index) < kept_.top()) {
      return;
    }
    kept_.emplace(bytes, index);
    if (kept_.size() > most_) {
      kept_.pop();
    }
  }

  /// Descending.
  [[nodiscard]] std::vector<SizedPoint> take() {
    std::vector<SizedPoint> points;
    for (; !kept_.empty(); kept_.pop()) {
      points.push_back(kept_.top());
    }
    std::reverse(points.begin(), points.end());
    return points;
  }

 private:
  std::size_t most_ = 1;
  std::priority_queue<SizedPoint, std::vector<SizedPoint>, std::greater<>> kept_;
};

/// Refuses a sweep whose largest points, one on each rank of a machine, exceed its memory.
/// \param points  the largest, descending
void check_memory(const Sweep& sweep, const std::vector<SizedPoint>& points,
                  const std::vector<NodeShare>& shares) {
  if (points.empty()) {
    return;
  }
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

/// What the archive knows of every point, if it is there.
struct EarlierRuns {
  bool resumed = false;
  std::vector<SlotStatus> status;
  std::vector<std::int32_t> attempts;
};

EarlierRuns read_earlier_runs(const Sweep& sweep, const std::string& archive_path) {
  if (!exists(archive_path)) {
    return {false, std::vector<SlotStatus>(sweep.size(), SlotStatus::pending),
            std::vector<std::int32_t>(sweep.size(), 0)};
  }
  const ArchiveReader archive(archive_path);
  refuse_other_sweep(sweep, archive.sweep(), archive_path);
  return {true, archive.status(), archive.attempts()};
}

/// Says of every point what is to be done with it.
void sort_points(RunPreparation& preparation, const EarlierRuns& earlier,
                 const std::vector<BriefEstimate>& estimates,
                 const std::vector<NodeShare>& shares) {
  const Sweep& sweep = *preparation.sweep;
  preparation.pending.reserve(
      std::count(earlier.status.begin(), earlier.status.end(), SlotStatus::pending));
  LargestPoints largest(shares);
  for (std::int64_t index = 0; index < sweep.size(); ++index) {
    const BriefEstimate& estimate = estimates[index];
    sort_point(preparation, index, estimate.cost, earlier.status[index], earlier.attempts[index]);
    if (earlier.status[index] != SlotStatus::done && estimate.memory_bytes > 0) {
      largest.add(estimate.memory_bytes, index);
    }
  }
  check_memory(sweep, largest.take(), shares);
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

/// What only the master does while the others sleep, and what becomes of its errors.
class MasterAlone {
 public:
  explicit MasterAlone(const Communicator& comm) : comm_(comm) {}

  /// Collective. If `action` throws, every rank throws an error of the same kind and text.
  template <typename Action>
  void act(const Action& action) const {
    enum class Outcome : std::int64_t { fine, bad_input, environment };
    Outcome outcome = Outcome::fine;
    std::string error;
    if (comm_.rank() == master_rank) {
      try {
        action();
      } catch (const InputError& caught) {
        outcome = Outcome::bad_input;
        error = caught.what();
      } catch (const std::exception& caught) {
        outcome = Outcome::environment;
        error = caught.what();
      }
    }
    barrier_asleep(comm_.get(), "wait for the master");  // a broadcast would spin
    const Broadcast from_master(comm_);
    auto code = static_cast<std::int64_t>(outcome);
    from_master.number(code);
    from_master.text(error);
    switch (static_cast<Outcome>(code)) {
      case Outcome::fine:
        break;
      case Outcome::bad_input:
        throw InputError(error);
      case Outcome::environment:
        throw EnvironmentError(error);
    }
  }

 private:
  const Communicator& comm_;
};

}  // namespace

RunPreparation prepare_run(const Communicator& comm, const RunOptions& options) {
  const std::vector<NodeShare> shares = gather_node_shares(comm);
  const MasterAlone master_alone(comm);
  RunPreparation preparation;
  EarlierRuns earlier;
  master_alone.act([&] {
    preparation.sweep = Sweep::from_file(options.source.path, options.source.overrides);
    preparation.archive_path =
        options.archive_path.empty() ? preparation.sweep->name() + ".h5" : options.archive_path;
    earlier = read_earlier_runs(*preparation.sweep, preparation.archive_path);
  });

  const Broadcast from_master(comm);
  std::string text = preparation.sweep ? preparation.sweep->text() : "";
  from_master.text(text);
  from_master.text(preparation.archive_path);
  if (!preparation.sweep) {
    preparation.sweep = Sweep::from_text(text, options.source.path, options.source.overrides);
  }
  const std::vector<BriefEstimate> estimates =
      estimate_all_points(comm, *preparation.sweep, options.method);

  master_alone.act([&] {
    sort_points(preparation, earlier, estimates, shares);
    if (!earlier.resumed) {
      create_archive(preparation.archive_path, *preparation.sweep);
    }
  });
  std::vector<std::pair<std::int64_t, std::int32_t>> attempts(preparation.attempts.begin(),
                                                              preparation.attempts.end());
  from_master.numbers(attempts);
  preparation.attempts = {attempts.begin(), attempts.end()};
  return preparation;
}

}  // namespace qbsweep
