#pragma once
/// \file
/// What a rank does with the points it is handed: compute, and write into their slots.

#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "qbsweep/archive/archive.hpp"
#include "qbsweep/config/sweep.hpp"
#include "qbsweep/dynamics/charging_settings.hpp"
#include "qbsweep/scheduler/dispatcher.hpp"
#include "qbsweep/scheduler/point_watch.hpp"
#include "qbsweep/scheduler/saved_work.hpp"
#include "qbsweep/scheduler/stop_signal.hpp"

namespace qbsweep {

/// What earlier runs left of points that are still to be computed.
struct EarlierStarts {
  std::map<std::int64_t, std::int32_t> attempts;  ///< how often started; left out where never
  std::map<std::int64_t, SavedWork> saved;        ///< of those with a checkpoint
};

/// The GroupWorker of a sweep on one rank. Everything outlives it.
class SweepWorker {
 public:
  SweepWorker(const Sweep& sweep, const ChargingMethod& method,
              const CheckpointSettings& checkpoints, const EarlierStarts& earlier,
              ArchiveWriter& archive, const StopSignal& signal)
      : sweep_(sweep),
        method_(method),
        checkpoints_(checkpoints),
        earlier_(earlier),
        archive_(archive),
        signal_(signal) {}

  /// Computes a batch with the other ranks of `group`, of which the first one writes what comes
  /// out; what cannot be computed is a failure, an archive that cannot be written an exception.
  /// After a signal points that were not started stay pending, and those under way are saved, if
  /// they can be and are not nearly done; after the second one they are given up. Where one of
  /// several ranks fails alone, the job is aborted: the others cannot be told.
  BatchResult operator()(const Communicator& group, std::span<const std::int64_t> points);

  /// Whether this rank has computed any point, to its end or not.
  [[nodiscard]] bool has_computed() const { return has_computed_; }

 private:
  /// The points under way in this call.
  struct Batch {
    const Communicator& group;
    bool first;  // of the group
    BatchResult result;
  };

  /// False if it is left, and so are those behind it.
  bool compute_guarded(Batch& batch, std::int64_t index);
  void compute(const Batch& batch, std::int64_t index);
  void compute_parts(const Batch& batch, PointRecord& record, PointStore& store,
                     PointWatch& watch) const;
  [[nodiscard]] std::string need_of(std::int64_t index) const;
  [[nodiscard]] double charging_share(std::int64_t index) const;
  void note_attempts(std::span<const std::int64_t> points, std::int32_t started);
  void note_earlier_work(std::span<const std::int64_t> points);
  void write_finished();

  const Sweep& sweep_;
  const ChargingMethod& method_;
  const CheckpointSettings& checkpoints_;
  const EarlierStarts& earlier_;
  ArchiveWriter& archive_;
  const StopSignal& signal_;

  bool has_computed_ = false;
  std::set<std::int64_t> lived_;       // points that were saved in this run
  std::vector<PointRecord> finished_;  // computed and not yet written
  std::chrono::steady_clock::time_point last_write_;
};

}  // namespace qbsweep
