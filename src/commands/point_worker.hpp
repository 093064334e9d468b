#pragma once
/// \file
/// What a rank does with the points it is handed: compute, and write into their slots.

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <vector>

#include "qbsweep/archive/archive.hpp"
#include "qbsweep/commands/commands.hpp"
#include "qbsweep/sweep/dispatcher.hpp"
#include "qbsweep/sweep/stop_signal.hpp"
#include "qbsweep/sweep/sweep.hpp"

namespace qbsweep {

/// The PointWorker of a sweep on one rank. Everything outlives it.
class SweepWorker {
 public:
  /// \param attempts  how often points were started by earlier runs; left out where never
  SweepWorker(const Sweep& sweep, const ChargeMethod& method,
              const std::map<std::int64_t, std::int32_t>& attempts, ArchiveWriter& archive,
              const StopSignal& signal)
      : sweep_(sweep), method_(method), attempts_(attempts), archive_(archive), signal_(signal) {}

  /// Computes a batch; what cannot be computed is a failure, an archive that cannot be written an
  /// exception. After a signal points that were not started stay pending; after the second one
  /// those under way do too.
  BatchResult operator()(std::span<const std::int64_t> points);

  /// Whether this rank has computed any point, to its end or not.
  [[nodiscard]] bool has_computed() const { return has_computed_; }

 private:
  struct Abandoned {};  // thrown out of a point that is given up

  PointRecord compute(std::int64_t index);
  void compute_parts(PointRecord& record, const std::function<void()>& look_for_signals) const;
  void note_attempts(std::span<const std::int64_t> points, std::int32_t started);
  void write_finished();

  const Sweep& sweep_;
  const ChargeMethod& method_;
  const std::map<std::int64_t, std::int32_t>& attempts_;
  ArchiveWriter& archive_;
  const StopSignal& signal_;

  bool has_computed_ = false;
  std::vector<PointRecord> finished_;  // computed and not yet written
  std::chrono::steady_clock::time_point last_write_;
};

}  // namespace qbsweep
