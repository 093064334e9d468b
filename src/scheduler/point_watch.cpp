#include "qbsweep/scheduler/point_watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "qbsweep/scheduler/saved_work.hpp"
#include "qbsweep/support/error.hpp"

namespace qbsweep {
namespace {

double seconds_between(std::chrono::steady_clock::time_point begin,
                       std::chrono::steady_clock::time_point end) {
  return std::chrono::duration<double>(end - begin).count();
}

/// Who asked for a stop waits this long for a point that is nearly done.
constexpr double patience_seconds = 10.0;

constexpr double seconds_between_notes = 2.0;

/// Of a disk that nothing is known of yet.
constexpr double bytes_per_second = 50e6;

/// A note that cannot be written is no reason to lose the point, and must not end it on one rank
/// alone: that the archive takes nothing shows when the results are written.
template <typename Note>
void take_note(const Note& note) {
  try {
    note();
  } catch (const EnvironmentError&) {
    return;
  }
}

}  // namespace

PointStore::PointStore(const Communicator& group, const CheckpointSettings& settings,
                       std::int64_t point, bool saved)
    : speaks_(group.rank() == 0),
      path_(checkpoint_path(settings.archive_path, point)),
      file_(group.get(), path_, checkpoint_identity(point, settings.identity)),
      there_(saved) {}

void PointStore::save(const Checkpoint& checkpoint) {
  const Clock::time_point begin = Clock::now();
  Checkpoint with_work = checkpoint;
  add_work({fraction_, seconds_spent()}, with_work.numbers);
  file_.save(with_work);
  there_ = saved_now_ = true;
  saved_at_ = Clock::now();
  seconds_ = seconds_between(begin, saved_at_);
}

std::map<std::string, std::vector<double>> PointStore::load_numbers() {
  if (!there_) {
    return {};
  }
  auto numbers = file_.load_numbers();
  if (numbers.empty() && speaks_) {
    fmt::print(stderr,
               "qbsweep: warning: {} is damaged or of another computation; its point begins anew\n",
               path_);
  }
  earlier_seconds_ = work_of(numbers).seconds;
  return numbers;
}

double PointStore::seconds_spent() const {
  return earlier_seconds_ + seconds_between(begun_, Clock::now());
}

void PointStore::discard() {
  if (std::exchange(there_, false)) {
    file_.discard();
  }
}

double PointStore::seconds_to_save(double bytes) const {
  return saved_now_ ? seconds_ : bytes / bytes_per_second;
}

WatchAction PointWatch::look(const Progress& progress) {
  const Clock::time_point now = Clock::now();
  // Saving and noting are no part of what lies between two looks.
  between_looks_ = std::max(between_looks_ / 2, seconds_between(last_look_, now));
  if (store_.saved_now() && save_noted_ != store_.saved_at()) {
    save_noted_ = store_.saved_at();
    take_note(notes_.saved);
  }
  if (seconds_between(progress_noted_, now) > seconds_between_notes) {
    progress_noted_ = now;
    take_note([&] { notes_.progress(progress.fraction); });
  }
  store_.note_fraction(progress.fraction);
  const WatchAction action = action_for(progress);
  last_look_ = Clock::now();
  return action;
}

WatchAction PointWatch::action_for(const Progress& progress) {
  if (signal_.stop() && !std::exchange(stop_noted_, true)) {
    take_note(notes_.stop_asked);
  }
  if (signal_.abandon()) {
    return WatchAction::stop;
  }
  if (progress.bytes <= 0) {
    return WatchAction::proceed;
  }
  const double to_save = store_.seconds_to_save(progress.bytes);
  const double to_limit = signal_.seconds_left() - to_save - between_looks_;
  // An unknown time left is no short one.
  const bool ends_in_time = progress.seconds_left < to_limit;
  if (signal_.stop()) {
    return ends_in_time && progress.seconds_left < patience_seconds ? WatchAction::proceed
                                                                    : WatchAction::save_and_stop;
  }
  if (to_limit < 0) {
    return WatchAction::save_and_stop;
  }
  const double unsaved = seconds_between(store_.saved_at(), Clock::now());
  // The work until this save is done must not exceed what may be lost.
  return unsaved + to_save + between_looks_ >= seconds_between_saves_ ? WatchAction::save
                                                                      : WatchAction::proceed;
}

}  // namespace qbsweep
