#include "run_preparation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "earlier_runs.hpp"
#include "error_report.hpp"
#include "qbsweep/archive/archive.hpp"
#include "qbsweep/archive/damaged_notes.hpp"
#include "qbsweep/dynamics/charging_estimate.hpp"
#include "qbsweep/parallel/message_transport.hpp"
#include "qbsweep/scheduler/earlier_deaths.hpp"
#include "qbsweep/scheduler/master_alone.hpp"
#include "qbsweep/scheduler/node_memory_check.hpp"
#include "qbsweep/scheduler/point_estimates.hpp"
#include "qbsweep/scheduler/shared_estimates.hpp"

namespace qbsweep {

template <ConstOrNot<SavedWork> T>
auto message_fields(T& work) {
  return std::tie(work.fraction, work.seconds);
}

namespace {

constexpr const char* telling = "tell all ranks about the sweep";

std::string default_name(const Sweep& sweep, const std::optional<Shard>& shard) {
  return shard ? fmt::format("{}.shard-{}-of-{}.h5", sweep.name(), shard->number, shard->count)
               : sweep.name() + ".h5";
}

/// Says of every point of the shard what is to be done with it.
class PointSorter {
 public:
  PointSorter(RunPreparation& preparation, const EarlierRuns& earlier)
      : preparation_(preparation), earlier_(earlier) {
    pending_.reserve(
        std::count(earlier.slots.status.begin(), earlier.slots.status.end(), SlotStatus::pending));
  }

  void sort(std::int64_t index, const BriefEstimate& estimate) {
    const auto saved = earlier_.saved.find(index);
    const double fraction = saved != earlier_.saved.end() ? saved->second.fraction : 0.0;
    const PendingPoint point = {index, estimate.cost * (1 - fraction)};
    const std::int32_t deaths = earlier_.slots.attempts[index];
    const bool too_often = deaths >= attempts_before_giving_up;
    switch (earlier_.slots.status[index]) {
      case SlotStatus::done:
        ++preparation_.done_before;
        return;
      case SlotStatus::failed:
        if (too_often) {
          given_up_before_.push_back(point);
        } else {
          preparation_.retried.push_back(index);
          pending_.push_back(point);
        }
        return;
      case SlotStatus::pending:
        break;
    }
    if (fraction > 0) {
      preparation_.saved_fractions.push_back(fraction);
    }
    if (too_often) {
      deadly_.push_back({point, deaths, estimate.memory_bytes});
    } else if (deaths > 0) {
      preparation_.attempts[index] = deaths;
      // One that was saved is half done: it is not put last.
      (earlier_.saved.count(index) > 0 ? pending_ : suspects_).push_back(point);
    } else {
      pending_.push_back(point);
    }
  }

  /// Decides about those that seem to kill, once all others are sorted.
  void judge(const EarlierDeaths& deaths) {
    // While there are others to compute, a point that was given up must not kill once more.
    const bool others = !pending_.empty() || !suspects_.empty() || !deadly_.empty();
    for (const PendingPoint& point : given_up_before_) {
      (others ? preparation_.still_failed : preparation_.retried).push_back(point.index);
      if (!others) {
        pending_.push_back(point);
      }
    }
    Verdict verdict = deaths.judge(std::move(deadly_));
    preparation_.given_up = std::move(verdict.given_up);
    for (const DeadlyPoint& point : verdict.tried_again) {
      preparation_.attempts[point.point.index] = point.deaths;
      suspects_.push_back(point.point);
    }
  }

  [[nodiscard]] std::vector<PendingPoint>& pending() { return pending_; }
  [[nodiscard]] std::vector<PendingPoint>& suspects() { return suspects_; }

 private:
  RunPreparation& preparation_;
  const EarlierRuns& earlier_;
  std::vector<PendingPoint> pending_;
  std::vector<PendingPoint> suspects_;  // under way when an earlier job died
  std::vector<DeadlyPoint> deadly_;
  std::vector<PendingPoint> given_up_before_;
};

/// How many ranks the points of a sweep are computed on.
class GroupSizes {
 public:
  GroupSizes(const Sweep& sweep, const ChargingMethod& method, const std::vector<NodeShare>& shares,
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
  [[nodiscard]] int worth(const PendingPoint& point) const {
    // Only charging runs are shared; and of a point so cheap there is no need to look closer.
    if (!sweep_.charging() || point.cost < shortest_shared_seconds / 2) {
      return 1;
    }
    const PointEstimate estimate = estimate_point(sweep_, point.index, method_);
    return ranks_worth(sweep_.point(point.index).battery, estimate.seconds, estimate.memory_bytes,
                       fair_share_, machines_);
  }

  /// A point that needs `bytes` on one rank, on the ranks that compute it.
  [[nodiscard]] MemoryNeed need(const PendingPoint& point, double bytes) const {
    if (sweep_.ranks_per_point() == 1 || machines_.ranks == 1 || !sweep_.charging()) {
      return {bytes, 1, point.index};
    }
    const std::int64_t asked =
        sweep_.ranks_per_point() == 0 ? worth(point) : sweep_.ranks_per_point();
    const int ranks = static_cast<int>(std::min<std::int64_t>(asked, machines_.ranks));
    return {memory_per_rank(sweep_.point(point.index).battery, bytes, ranks), ranks, point.index};
  }

 private:
  const Sweep& sweep_;
  const ChargingMethod& method_;
  Machines machines_;
  double fair_share_ = 0;
};

/// All of what is decided about the points. The master's.
void plan_points(RunPreparation& preparation, const RunOptions& options, const EarlierRuns& earlier,
                 const std::vector<BriefEstimate>& estimates, const std::vector<NodeShare>& shares,
                 std::vector<OomKills> hosts) {
  const Sweep& sweep = *preparation.sweep;
  const std::vector<bool> own = shard_points(sweep, options.shard);
  PointSorter sorter(preparation, earlier);
  double seconds = 0;
  for (std::int64_t index = 0; index < sweep.size(); ++index) {
    if (own[index]) {
      ++preparation.points;
      seconds += earlier.slots.status[index] == SlotStatus::done ? 0.0 : estimates[index].cost;
      sorter.sort(index, estimates[index]);
    }
  }
  const EarlierDeaths deaths(preparation.archive_path, std::move(hosts));
  sorter.judge(deaths);
  preparation.note = deaths.note_of_this_run();

  const GroupSizes groups(sweep, options.method, shares, seconds);
  LargestPoints largest(shares);
  for (const auto* points : {&sorter.pending(), &sorter.suspects()}) {
    for (const PendingPoint& point : *points) {
      // None is known where the Fock levels are not: such a point is refused when it is computed.
      if (const double bytes = estimates[point.index].memory_bytes; bytes > 0) {
        largest.add(groups.need(point, bytes));
      }
    }
  }
  check_memory(sweep, largest.take(), shares);
  preparation.stages = plan_stages(std::move(sorter.pending()), std::move(sorter.suspects()),
                                   static_cast<int>(shares.size()), sweep.ranks_per_point(),
                                   [&](const PendingPoint& point) { return groups.worth(point); });
}

/// What all ranks need to know of the master's plan.
void share_plan(const Communicator& comm, RunPreparation& preparation) {
  std::vector<std::int32_t> ranks;
  for (const StagePlan& stage : preparation.stages) {
    ranks.push_back(stage.ranks);
  }
  broadcast(comm.get(), master_rank, telling, preparation.attempts, preparation.saved, ranks);
  preparation.stages.resize(ranks.size());
  for (std::size_t s = 0; s < ranks.size(); ++s) {
    preparation.stages[s].ranks = ranks[s];
  }
}

}  // namespace

RunPreparation prepare_run(const Communicator& comm, const RunOptions& options) {
  const std::vector<NodeShare> shares = gather_node_shares(comm);
  std::vector<OomKills> hosts = gather_hosts(comm);
  const MasterAlone master_alone(comm);
  RunPreparation preparation;
  EarlierRuns earlier;
  master_alone.act([&] {
    preparation.sweep = Sweep::from_file(options.source.path, options.source.overrides);
    preparation.archive_path = options.archive_path.empty()
                                   ? default_name(*preparation.sweep, options.shard)
                                   : options.archive_path;
    preparation.lock = std::make_unique<ArchiveLock>(preparation.archive_path, comm.size());
    earlier = read_earlier_runs(*preparation.sweep, options, preparation.archive_path);
    preparation.saved = earlier.saved;
    preparation.resumed = earlier.resumed;
    preparation.fingerprint = earlier.fingerprint;
    preparation.unmarked = earlier.slots.unmarked;
    preparation.damaged = earlier.slots.damaged;
    preparation.damaged.insert(preparation.damaged.end(), earlier.slots.doubtful.begin(),
                               earlier.slots.doubtful.end());
    for (const std::string& text : damaged_notes(preparation.archive_path)) {
      warn(text);
    }
    tell_of_damage(*preparation.sweep, earlier.slots.damaged, preparation.archive_path);
  });

  std::string text = preparation.sweep ? preparation.sweep->text() : "";
  SweepEdition edition = preparation.sweep ? preparation.sweep->edition() : SweepEdition::current;
  broadcast(comm.get(), master_rank, telling, text, edition, preparation.archive_path,
            preparation.fingerprint);
  if (!preparation.sweep) {
    preparation.sweep =
        Sweep::from_text(text, options.source.path, options.source.overrides, edition);
  }
  const std::vector<BriefEstimate> estimates =
      estimate_all_points(comm, *preparation.sweep, options.method);

  master_alone.act([&] {
    plan_points(preparation, options, earlier, estimates, shares, std::move(hosts));
    if (!earlier.resumed) {
      create_archive(preparation.archive_path, *preparation.sweep, options.shard);
    }
    preparation.lock->note_done_before(preparation.done_before);
  });
  share_plan(comm, preparation);
  return preparation;
}

}  // namespace qbsweep
