// What a process leaves when a signal ends it, and what becomes of it.
//
// What would be caught: no note or two of one death, a wrong point, a death that ends otherwise
// than without the notes, a handler that does not survive a stack overflow, notes kept or lost
// wrongly.
#include "qbsweep/archive/crash_log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>

#include "qbsweep/support/crash_note.hpp"
#include "qbsweep/support/host.hpp"
#include "temporary_folder.hpp"

namespace qbsweep {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

class CrashLogTest : public ::testing::Test {
 protected:
  /// The signal that ends a process which does `work` for point 17 on rank 3.
  [[nodiscard]] int death_of(const std::function<void()>& work) const {
    const pid_t child = ::fork();
    if (child == 0) {
      const rlimit no_core = {0, 0};
      ::setrlimit(RLIMIT_CORE, &no_core);
      for (const int signal : CrashNote::signals) {
        ::signal(signal, SIG_DFL);  // MPI's prints a trace
      }
      ::close(STDERR_FILENO);
      const CrashNote note(log_path(), 3);
      const CrashNote::Computing computing(17);
      work();
      ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  }

  [[nodiscard]] std::string archive() const { return folder_.file("a.h5"); }
  [[nodiscard]] std::string log_path() const { return CrashLog(archive()).path(); }

  test::Folder folder_;
};

TEST_F(CrashLogTest, EverySignalIsNotedOnceAndEndsTheProcessAsBefore) {
  const std::string names[] = {"SIGSEGV", "SIGBUS", "SIGFPE", "SIGILL", "SIGABRT"};
  std::vector<Crash> expected;
  for (std::size_t k = 0; k < CrashNote::signals.size(); ++k) {
    EXPECT_EQ(death_of([k] { ::raise(CrashNote::signals[k]); }), CrashNote::signals[k]);
    expected.push_back({names[k], host_name(), 3});
  }
  EXPECT_THAT(CrashLog(archive()).read(), ElementsAre(Pair(17, expected)));
}

TEST_F(CrashLogTest, AbortAndTerminateAreNoted) {
  EXPECT_EQ(death_of([] { std::abort(); }), SIGABRT);
  EXPECT_EQ(death_of([] { std::terminate(); }), SIGABRT);
  EXPECT_EQ(CrashLog(archive()).read().at(17).size(), 2U);
}

TEST_F(CrashLogTest, AWrongAddressIsNoted) {
  EXPECT_EQ(death_of([] {
              volatile int* nowhere = nullptr;
              *nowhere = 1;  // NOLINT(clang-analyzer-core.NullDereference)
            }),
            SIGSEGV);
  EXPECT_EQ(CrashLog(archive()).read().at(17).size(), 1U);
}

// Not to be a loop, it uses what it got.
int overflow(int depth) {  // NOLINT(misc-no-recursion)
  volatile char much[4096] = {};
  much[depth % 4096] = 1;
  return depth < 0 ? 0 : overflow(depth + 1) + much[0];
}

TEST_F(CrashLogTest, AnOverflowOfTheStackIsNoted) {
  EXPECT_EQ(death_of([] { static_cast<void>(overflow(1)); }), SIGSEGV);
  EXPECT_EQ(CrashLog(archive()).read().at(17).size(), 1U);
}

TEST_F(CrashLogTest, SigkillAndAnEndWithoutASignalLeaveNothing) {
  EXPECT_EQ(death_of([] { ::raise(SIGKILL); }), SIGKILL);
  EXPECT_EQ(death_of([] {}), 0);
  EXPECT_FALSE(std::filesystem::exists(log_path()));
  EXPECT_THAT(CrashLog(archive()).read(), IsEmpty());
}

TEST_F(CrashLogTest, ADeathBetweenPointsBelongsToNone) {
  EXPECT_EQ(death_of([] {
              { const CrashNote::Computing another(18); }
              ::raise(SIGBUS);
            }),
            SIGBUS);
  EXPECT_TRUE(std::filesystem::exists(log_path()));
  EXPECT_THAT(CrashLog(archive()).read(), IsEmpty());
}

TEST_F(CrashLogTest, HandlersAreThereOncePutBackAndThereAgain) {
  struct sigaction before {};
  struct sigaction after {};
  ::sigaction(SIGSEGV, nullptr, &before);
  for (int time = 0; time < 2; ++time) {
    const CrashNote note(log_path(), 0);
    EXPECT_THROW(CrashNote(log_path(), 1), std::logic_error);
  }
  ::sigaction(SIGSEGV, nullptr, &after);
  EXPECT_EQ(before.sa_handler, after.sa_handler);
}

TEST_F(CrashLogTest, NotesAreKeptByPoint) {
  std::ofstream(log_path()) << R"({"point":1,"rank":0,"host":"a","signal":"SIGSEGV","time":1})"
                            << "\n"
                            << R"({"point":null,"rank":0,"host":"a","signal":"SIGBUS","time":1})"
                            << "\nrubbish\n"
                            << R"({"point":2,"rank":1,"host":"b","signal":"SIGFPE","time":1})"
                            << "\n"
                            << R"({"point":2,"rank":1,"ho)";
  CrashLog log(archive());
  EXPECT_THAT(log.read(), ElementsAre(Pair(1, ElementsAre(Crash{"SIGSEGV", "a", 0})),
                                      Pair(2, ElementsAre(Crash{"SIGFPE", "b", 1}))));
  log.keep_if([](std::int64_t point) { return point == 2; });
  EXPECT_THAT(log.read(), ElementsAre(Pair(2, ElementsAre(Crash{"SIGFPE", "b", 1}))));
  log.keep_if([](std::int64_t) { return false; });
  EXPECT_FALSE(std::filesystem::exists(log_path()));
  log.keep_if([](std::int64_t) { return true; });
  EXPECT_FALSE(std::filesystem::exists(log_path()));
}

}  // namespace
}  // namespace qbsweep
