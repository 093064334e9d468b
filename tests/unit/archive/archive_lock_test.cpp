// One run at a time has the lock of an archive; what dead runs left is no obstacle.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <iterator>
#include <optional>
#include <thread>

#include "archive_example.hpp"
#include "qbsweep/archive/archive_lock.hpp"
#include "qbsweep/archive/run_record.hpp"

namespace qbsweep::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr double short_beat = 0.05;

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

timespec touched(const std::string& path) {
  struct stat found = {};
  EXPECT_EQ(stat(path.c_str(), &found), 0) << path;
  return found.st_mtim;
}

bool operator==(const timespec& a, const timespec& b) {
  return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

/// A process that is gone.
RunRecord dead_run() {
  RunRecord run = record_of_this_process(2, short_beat);
  run.pid = fork();
  if (run.pid == 0) {
    _exit(0);
  }
  waitpid(static_cast<pid_t>(run.pid), nullptr, 0);
  return run;
}

RunRecord run_elsewhere() {
  RunRecord run = record_of_this_process(8, short_beat);
  run.host = "node3";
  run.machine = "another boot";
  run.slurm_job = "4711";
  run.started = 1'715'934'600;  // the same in every record of it
  return run;
}

/// Touches a file now and then while it lives, as a run elsewhere does.
class Beating {
 public:
  explicit Beating(const std::string& path)
      : thread_([path](const std::stop_token& stop) {
          while (!stop.stop_requested()) {
            EXPECT_EQ(utimensat(AT_FDCWD, path.c_str(), nullptr, 0), 0);
            std::this_thread::sleep_for(std::chrono::duration<double>(short_beat / 2));
          }
        }) {}

 private:
  std::jthread thread_;
};

class Lock : public testing::Test {
 protected:
  [[nodiscard]] std::string refusal() const {
    return message_of<EnvironmentError>([&] { const ArchiveLock lock(archive_, 1, short_beat); });
  }
  void leave(const std::string& text) const { std::ofstream(lock_) << text; }
  void expect_taken() const {
    const ArchiveLock lock(archive_, 3, short_beat);
    const auto seen = look_for_run(archive_);
    ASSERT_TRUE(seen.has_value());
    EXPECT_TRUE(seen->alive);
    EXPECT_EQ(seen->record.pid, getpid());
    EXPECT_EQ(seen->record.ranks, 3);
    EXPECT_EQ(text_of(lock_), to_json(seen->record)) << "something of the last record is left";
  }

  Folder folder_;
  std::string archive_ = folder_.file("out.h5");
  std::string lock_ = archive_ + ".lock";
};

TEST(RunRecords, AsText) {
  RunRecord run = run_elsewhere();
  run.pid = 17;
  run.process_started = 123456;
  run.started = 1'715'934'600;
  EXPECT_EQ(describe(run), "process 17 on node3 (Slurm job 4711), started 2024-05-17T08:30:00Z");
  run.slurm_job.clear();
  EXPECT_EQ(describe(run), "process 17 on node3, started 2024-05-17T08:30:00Z");

  for (const auto done : {std::optional<std::int64_t>(), std::optional<std::int64_t>(412)}) {
    run.done_before = done;
    const std::string text = to_json(run);
    const auto again = run_record_from_json(text);
    ASSERT_TRUE(again.has_value());
    EXPECT_EQ(to_json(*again), text);
    EXPECT_EQ(again->started, run.started);
    EXPECT_EQ(again->process_started, run.process_started);
    EXPECT_EQ(again->done_before, done);
    for (std::size_t length = 0; length + 1 < text.size(); ++length) {
      EXPECT_FALSE(run_record_from_json(text.substr(0, length)).has_value()) << length;
    }
  }
}

TEST(RunRecords, ProcessesOfThisMachine) {
  RunRecord run = record_of_this_process(1, 5);
  EXPECT_EQ(process_state(run), ProcessState::alive);
  ++run.process_started;  // another process of that number
  EXPECT_EQ(process_state(run), ProcessState::gone);
  EXPECT_EQ(process_state(dead_run()), ProcessState::gone);
  EXPECT_EQ(process_state(run_elsewhere()), ProcessState::unknown);
}

TEST_F(Lock, LivesAsLongAsItsOwner) {
  EXPECT_FALSE(look_for_run(archive_).has_value());
  {
    ArchiveLock lock(archive_, 4, short_beat);
    EXPECT_THAT(folder_.contents(), ElementsAre("out.h5.lock"));
    auto seen = look_for_run(archive_);
    ASSERT_TRUE(seen.has_value());
    EXPECT_TRUE(seen->alive);
    EXPECT_EQ(seen->record.ranks, 4);
    EXPECT_FALSE(seen->record.done_before.has_value());
    lock.note_done_before(412);
    seen = look_for_run(archive_);
    ASSERT_TRUE(seen.has_value());
    EXPECT_EQ(seen->record.done_before, 412);
  }
  EXPECT_THAT(folder_.contents(), IsEmpty());
}

TEST_F(Lock, BeatsAgainAndAgain) {
  const ArchiveLock lock(archive_, 1, 0.01);
  for (int beats = 0; beats < 3; ++beats) {
    const timespec before = touched(lock_);
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (touched(lock_) == before) {
      ASSERT_LT(std::chrono::steady_clock::now(), end) << "no sign of life";
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }
}

TEST_F(Lock, RefusesTheSecondAndLeavesTheFirst) {
  const ArchiveLock lock(archive_, 1);
  const std::string before = text_of(lock_);
  EXPECT_EQ(refusal(), archive_ + " is being written by another run: " +
                           describe(*run_record_from_json(before)) + "; wait for it or stop it");
  EXPECT_EQ(text_of(lock_), before);
}

TEST_F(Lock, OneFileHasOneLockUnderAllItsNames) {
  std::ofstream(folder_.file("file.h5")) << "x";
  std::filesystem::create_symlink("file.h5", archive_);
  const ArchiveLock lock(folder_.file("file.h5"), 1);
  EXPECT_THAT(refusal(), HasSubstr("out.h5 is being written by another run"));
}

TEST_F(Lock, OfADeadProcessIsTakenOver) {
  leave(to_json(dead_run()));
  const auto seen = look_for_run(archive_);
  ASSERT_TRUE(seen.has_value());
  EXPECT_FALSE(seen->alive);
  expect_taken();
  EXPECT_THAT(folder_.contents(), IsEmpty());
}

TEST_F(Lock, FilesThatTellNothingAreTakenOver) {
  for (const std::string& text :
       {std::string(), std::string("{\"host\": \"no"), std::string(3000, 'x')}) {
    leave(text);
    EXPECT_FALSE(look_for_run(archive_).has_value());
    expect_taken();
  }
}

TEST_F(Lock, OfAnotherMachineIsTakenOverWhenItStandsStill) {
  leave(to_json(run_elsewhere()));
  expect_taken();
}

TEST_F(Lock, OfAnotherMachineIsRespectedAsLongAsItMoves) {
  leave(to_json(run_elsewhere()));
  const Beating beating(lock_);
  EXPECT_THAT(refusal(), HasSubstr("node3 (Slurm job 4711), started"));
  EXPECT_EQ(text_of(lock_), to_json(run_elsewhere()));
  const auto seen = look_for_run(archive_);
  ASSERT_TRUE(seen.has_value());
  EXPECT_TRUE(seen->alive);
}

TEST_F(Lock, AnotherMachineThatIsSilentIsTakenForDead) {
  leave(to_json(run_elsewhere()));
  const timespec times[] = {{1'000'000'000, 0}, {1'000'000'000, 0}};
  ASSERT_EQ(utimensat(AT_FDCWD, lock_.c_str(), times, 0), 0);
  const auto seen = look_for_run(archive_);
  ASSERT_TRUE(seen.has_value());
  EXPECT_FALSE(seen->alive);
  EXPECT_GT(seen->silent_seconds, 1e8);
}

/// The kernel's lock on the file, for a machine that cannot give it back any more.
class HeldLock {
 public:
  explicit HeldLock(const std::string& path) : descriptor_(open(path.c_str(), O_RDWR)) {
    struct flock whole = {};
    whole.l_type = F_WRLCK;
    EXPECT_EQ(fcntl(descriptor_, F_OFD_SETLK, &whole), 0);
  }
  HeldLock(const HeldLock&) = delete;
  HeldLock& operator=(const HeldLock&) = delete;
  HeldLock(HeldLock&&) = delete;
  HeldLock& operator=(HeldLock&&) = delete;
  ~HeldLock() { close(descriptor_); }

 private:
  int descriptor_;
};

TEST_F(Lock, HeldForEverByAMachineThatIsGone) {
  leave(to_json(run_elsewhere()));
  const HeldLock held(lock_);
  {
    const Beating beating(lock_);
    EXPECT_THAT(refusal(), HasSubstr("node3"));
  }
  expect_taken();
}

TEST_F(Lock, HeldBySomebodyWhoDoesNotSayWho) {
  leave("");
  const HeldLock held(lock_);
  EXPECT_EQ(refusal(), archive_ + " is being written by another run; wait for it or stop it");
}

TEST_F(Lock, NewcomersAtOnceGetItOneAtATime) {
  leave(to_json(dead_run()));
  constexpr int newcomers = 4;
  constexpr int times_each = 50;
  std::atomic<int> holders = 0;
  std::atomic<bool> together = false;
  std::atomic<int> taken = 0;
  std::vector<std::jthread> threads;
  threads.reserve(newcomers);
  for (int n = 0; n < newcomers; ++n) {
    threads.emplace_back([&] {
      for (int time = 0; time < times_each;) {
        try {
          const ArchiveLock lock(archive_, 1);
          if (++holders > 1) {
            together = true;
          }
          std::this_thread::yield();
          --holders;
          ++taken;
          ++time;
        } catch (const EnvironmentError& refused) {
          EXPECT_THAT(refused.what(), HasSubstr("is being written by another run"));
        }
      }
    });
  }
  threads.clear();
  EXPECT_FALSE(together);
  EXPECT_EQ(taken, newcomers * times_each);
  EXPECT_THAT(folder_.contents(), IsEmpty());
}

TEST_F(Lock, FoldersThatTakeNoFile) {
  EXPECT_THAT(message_of<EnvironmentError>(
                  [&] { const ArchiveLock lock(folder_.file("nowhere/a.h5"), 1); }),
              AllOf(HasSubstr("cannot create"), HasSubstr("nowhere: No such file or directory")));
  std::filesystem::create_directory(lock_);
  EXPECT_THAT(refusal(), AllOf(HasSubstr("cannot create"), HasSubstr("Is a directory")));
}

}  // namespace
}  // namespace qbsweep::test
