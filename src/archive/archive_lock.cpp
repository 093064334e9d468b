#include "qbsweep/archive/archive_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

#include "file_lock.hpp"
#include "lock_file.hpp"
#include "posix_file.hpp"

namespace qbsweep {

namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

/// How long a file that is locked may tell nothing: its owner is about to write into it.
constexpr Seconds patience_with_silence{2.0};
constexpr Seconds pause{0.05};

bool exists(const std::string& path) {
  struct stat ignored {};
  return ::stat(path.c_str(), &ignored) == 0;
}

[[noreturn]] void refuse(const std::string& archive, const std::string& who) {
  throw EnvironmentError(
      one_line(fmt::format("{} is being written by another run{}; wait for it or stop it", archive,
                           who.empty() ? "" : ": " + who)));
}

/// Watches a file for so many beats of the run that left it. Whether it moved.
bool moves(const std::string& path, const SeenLockFile& first, int beats) {
  const Seconds beat(beat_of(*first.record));
  constexpr int looks_per_beat = 10;
  const auto end = Clock::now() + beats * beat;
  while (Clock::now() < end) {
    std::this_thread::sleep_for(beat / looks_per_beat);
    const auto now = read_lock_file(path);
    if (!now || has_moved(first, *now)) {
      return true;
    }
  }
  return false;
}

/// What may be done with a lock file that was opened.
enum class Verdict {
  ours,
  try_again,  ///< something happened to it
  remove      ///< it is locked for ever: its holder's machine is gone
};

}  // namespace

struct ArchiveLock::State {
  State(std::string archive_path, int ranks, double beat_seconds)
      : archive(std::move(archive_path)),
        path(lock_path(archive)),
        record(record_of_this_process(ranks, beat_seconds)) {}

  State(const State&) = delete;
  State& operator=(const State&) = delete;
  State(State&&) = delete;
  State& operator=(State&&) = delete;
  ~State() {
    beating = {};
    if (file.is_open() && is_same_file(file.get(), path)) {
      ::unlink(path.c_str());
    }
  }

  void acquire();
  [[nodiscard]] FileDescriptor open() const;
  [[nodiscard]] Verdict judge(Locking locking, Clock::time_point since) const;
  [[nodiscard]] Verdict judge_by_beat(const SeenLockFile& seen, Locking locking) const;
  void write_record() const;
  void beat(const std::stop_token& stop) const;

  std::string archive;
  std::string path;
  RunRecord record;
  FileDescriptor file;
  std::jthread beating;
};

FileDescriptor ArchiveLock::State::open() const {
  const char* const verb = exists(archive) ? "write" : "create";
  check_folder_of(archive, verb);
  FileDescriptor opened(::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666));
  if (!opened.is_open()) {
    throw EnvironmentError(
        fmt::format("cannot {} {}: {}: {}", verb, archive, path, system_reason(errno)));
  }
  return opened;
}

/// \throws EnvironmentError if another run is alive
Verdict ArchiveLock::State::judge(Locking locking, Clock::time_point since) const {
  const auto seen = read_lock_file(path);
  if (!seen) {
    return Verdict::try_again;
  }
  const bool held = locking == Locking::held_by_another;
  if (!seen->record) {
    if (held && Clock::now() - since > patience_with_silence) {
      refuse(archive, "");
    }
    return held ? Verdict::try_again : Verdict::ours;
  }
  switch (process_state(*seen->record)) {
    case ProcessState::alive:
      if (locking != Locking::taken) {
        refuse(archive, describe(*seen->record));
      }
      return Verdict::ours;
    case ProcessState::gone:
      // Held nevertheless: by somebody who has not yet written who it is.
      if (held && Clock::now() - since > patience_with_silence) {
        refuse(archive, "");
      }
      return held ? Verdict::try_again : Verdict::ours;
    case ProcessState::unknown:
      break;
  }
  return judge_by_beat(*seen, locking);
}

/// Of a run on another machine.
Verdict ArchiveLock::State::judge_by_beat(const SeenLockFile& seen, Locking locking) const {
  const bool held = locking == Locking::held_by_another;
  // Longer if it is held, maybe by another newcomer who is watching, too, and takes over first.
  if (!moves(path, seen, held ? beats_until_dead + 1 : beats_until_dead)) {
    return held ? Verdict::remove : Verdict::ours;
  }
  const auto now = read_lock_file(path);
  if (!now || now->stat.st_ino != seen.stat.st_ino) {
    return Verdict::try_again;
  }
  refuse(archive, now->record ? describe(*now->record) : "");
}

void ArchiveLock::State::acquire() {
  const auto since = Clock::now();
  for (;;) {
    FileDescriptor opened = open();
    const Locking locking = try_to_lock(opened.get());
    if (!is_same_file(opened.get(), path)) {
      continue;  // its last holder removed it meanwhile
    }
    const Verdict verdict = judge(locking, since);
    if (verdict == Verdict::ours) {
      file = std::move(opened);
      write_record();
      return;
    }
    if (verdict == Verdict::remove && is_same_file(opened.get(), path)) {
      remove_if_there(path);
    }
    std::this_thread::sleep_for(pause);
  }
}

/// In place and never empty: others read it meanwhile.
void ArchiveLock::State::write_record() const {
  const std::string text = to_json(record);
  const ssize_t written = ::pwrite(file.get(), text.data(), text.size(), 0);
  if (written < 0 && errno != ENOSPC && errno != EDQUOT) {
    fail_system("write", path, errno);
  }
  // On a full disk a run can continue with its archive, which has its room; then the kernel's lock
  // alone protects it.
  const auto size = written < 0 ? off_t{0} : static_cast<off_t>(written);
  if (::ftruncate(file.get(), size) != 0) {
    fail_system("write", path, errno);
  }
}

/// Until it is told to stop. What goes wrong is not told: the run continues.
void ArchiveLock::State::beat(const std::stop_token& stop) const {
  std::mutex mutex;
  std::condition_variable_any asleep;
  std::unique_lock lock(mutex);
  while (!stop.stop_requested()) {
    asleep.wait_for(lock, stop, Seconds(record.beat_seconds), [] { return false; });
    static_cast<void>(::futimens(file.get(), nullptr));
  }
}

ArchiveLock::ArchiveLock(const std::string& archive_path, int ranks, double beat_seconds)
    : state_(std::make_unique<State>(archive_path, ranks, beat_seconds)) {
  state_->acquire();
  state_->beating =
      std::jthread([state = state_.get()](const std::stop_token& stop) { state->beat(stop); });
}

ArchiveLock::~ArchiveLock() = default;

void ArchiveLock::check_folder(const std::string& archive_path) {
  check_folder_of(archive_path, "create");
}

void ArchiveLock::note_done_before(std::int64_t points) {
  state_->record.done_before = points;
  state_->write_record();
}

}  // namespace qbsweep
