#pragma once
/// \file
/// Looking after a point that is computed: when to save it, when to leave it, what to tell of it.

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "qbsweep/archive/archive.hpp"
#include "qbsweep/archive/checkpoint_file.hpp"
#include "qbsweep/dynamics/watch.hpp"
#include "qbsweep/parallel/mpi.hpp"
#include "qbsweep/scheduler/stop_signal.hpp"

namespace qbsweep {

/// Where and how often points are saved.
struct CheckpointSettings {
  std::string archive_path;
  std::string identity;        ///< of the sweep, with the method: what a saved state depends on
  double seconds_between = 0;  ///< at most so much work may be lost
};

/// The checkpoint of one point, in a file that is not looked for where there is none: most points
/// are done before they would be saved.
class PointStore final : public CheckpointStore {
 public:
  /// \param group  the ranks that compute the point; outlives this
  /// \param saved  whether an earlier run has left a checkpoint
  PointStore(const Communicator& group, const CheckpointSettings& settings, std::int64_t point,
             bool saved);

  void save(const Checkpoint& checkpoint) override;
  [[nodiscard]] std::map<std::string, std::vector<double>> load_numbers() override;
  void load_array(const ArrayColumns& part) override { file_.load_array(part); }
  void discard() override;

  /// When it was last saved; the begin before that.
  [[nodiscard]] std::chrono::steady_clock::time_point saved_at() const { return saved_at_; }
  /// What the last save took, or may take if there was none.
  [[nodiscard]] double seconds_to_save(double bytes) const;
  /// Whether there is a checkpoint.
  [[nodiscard]] bool is_there() const { return there_; }
  /// Whether it was saved in this run.
  [[nodiscard]] bool saved_now() const { return saved_now_; }

  /// What a save notes of how far the point is. On the first rank.
  void note_fraction(double fraction) { fraction_ = fraction; }
  /// What the point took until now, with the work of earlier runs that it continues.
  [[nodiscard]] double seconds_spent() const;

 private:
  using Clock = std::chrono::steady_clock;

  bool speaks_;  // for the ranks of the group
  std::string path_;
  CheckpointFile file_;
  bool there_;
  bool saved_now_ = false;
  double fraction_ = 0.0;
  double earlier_seconds_ = 0.0;
  Clock::time_point begun_ = Clock::now();
  Clock::time_point saved_at_ = begun_;
  double seconds_ = 0.0;
  double bytes_ = 0.0;
};

/// What a point's watch notes in the archive; called on the first rank of the group.
struct PointNotes {
  std::function<void()> stop_asked;      ///< once: a kill that follows is not its doing
  std::function<void(double)> progress;  ///< every few seconds
  std::function<void()> saved;           ///< after each save
};

/// Decides for one point; on the first rank of its group.
class PointWatch {
 public:
  PointWatch(const StopSignal& signal, PointStore& store, double seconds_between_saves,
             PointNotes notes)
      : signal_(signal),
        store_(store),
        seconds_between_saves_(seconds_between_saves),
        notes_(std::move(notes)) {}

  [[nodiscard]] WatchAction look(const Progress& progress);

 private:
  using Clock = std::chrono::steady_clock;

  [[nodiscard]] WatchAction action_for(const Progress& progress);

  const StopSignal& signal_;
  PointStore& store_;
  double seconds_between_saves_;
  PointNotes notes_;
  bool stop_noted_ = false;
  std::optional<Clock::time_point> save_noted_;
  Clock::time_point progress_noted_ = Clock::now();
  Clock::time_point last_look_ = Clock::now();
  double between_looks_ = 0.0;  // the longest lately, in seconds
};

}  // namespace qbsweep
