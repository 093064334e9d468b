#include "qbsweep/scheduler/progress.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <sstream>
#include <stdexcept>

#include "qbsweep/scheduler/stop_signal.hpp"
#include "qbsweep/support/duration.hpp"

namespace qbsweep {
namespace {

TEST(Duration, UsesAtMostTwoUnits) {
  EXPECT_EQ(duration_text(0.0), "0.0 s");
  EXPECT_EQ(duration_text(3.21), "3.2 s");
  EXPECT_EQ(duration_text(12.3), "12 s");
  EXPECT_EQ(duration_text(245.0), "4 min 05 s");
  EXPECT_EQ(duration_text(3840.0), "1 h 04 min");
  EXPECT_EQ(duration_text(2 * 86400.0 + 3 * 3600.0 + 100.0), "2 d 03 h");
  EXPECT_EQ(duration_text(1e200), "over 1000 years");
}

TEST(Duration, RoundsIntoTheNextUnit) {
  EXPECT_EQ(duration_text(9.96), "10 s");
  EXPECT_EQ(duration_text(59.7), "1 min 00 s");
  EXPECT_EQ(duration_text(3599.8), "1 h 00 min");
  EXPECT_EQ(duration_text(86399.0), "1 d 00 h");
  EXPECT_EQ(duration_text(2 * 86400.0 - 10.0), "2 d 00 h");
}

TEST(Duration, IsZeroForWhatIsNone) {
  EXPECT_EQ(duration_text(-1.0), "0.0 s");
  EXPECT_EQ(duration_text(std::nan("")), "0.0 s");
}

TEST(Rate, PicksTheUnit) {
  EXPECT_EQ(rate_text(250.4), "250/s");
  EXPECT_EQ(rate_text(3.41), "3.4/s");
  EXPECT_EQ(rate_text(0.2), "12.0/min");
  EXPECT_EQ(rate_text(0.001), "3.6/h");
}

class ProgressLineTest : public testing::Test {
 protected:
  std::function<ProgressLine::Clock::time_point()> clock() {
    return [this] { return now_; };
  }
  void pass(double seconds) {
    now_ += std::chrono::duration_cast<ProgressLine::Clock::duration>(
        std::chrono::duration<double>(seconds));
  }
  /// What was written since the last call.
  std::string written() {
    std::string text = out_.str();
    out_.str("");
    return text;
  }
  std::ostringstream out_;

 private:
  ProgressLine::Clock::time_point now_{};
};

PointCounts counts(std::int64_t done, std::int64_t failed, double cost_finished) {
  return {1000, done, failed, 200.0, cost_finished};
}

TEST_F(ProgressLineTest, PrintsPlainLinesNowAndThen) {
  ProgressLine progress(out_, false, 0, clock());
  progress.update(counts(1, 0, 1.0));
  pass(4.9);
  progress.update(counts(2, 0, 2.0));
  EXPECT_EQ(written(), "");
  pass(5.1);
  progress.update(counts(20, 0, 50.0));
  EXPECT_EQ(written(), "20/1000 points done, 2.0/s, 30 s left\n");
  pass(29.0);
  progress.update(counts(30, 0, 60.0));
  EXPECT_EQ(written(), "");
  pass(1.0);
  progress.update(counts(38, 2, 80.0));
  EXPECT_EQ(written(), "38/1000 points done, 2 failed, 1.0/s, 1 min 00 s left\n");
}

TEST_F(ProgressLineTest, RewritesOneLineOnATerminal) {
  ProgressLine progress(out_, true, 0, clock());
  progress.update(counts(0, 0, 0.0));
  EXPECT_EQ(written(), "\r\033[K0/1000 points done");
  pass(0.1);
  progress.update(counts(1, 0, 1.0));
  EXPECT_EQ(written(), "");
  pass(0.9);
  progress.update(counts(10, 0, 100.0));
  EXPECT_EQ(written(), "\r\033[K10/1000 points done, 10/s, 1.0 s left");
  pass(1.0);
  progress.finish(counts(1000, 0, 200.0));
  EXPECT_EQ(written(), "\r\033[K1000/1000 points done after 2.0 s\n");
}

TEST_F(ProgressLineTest, CountsEarlierRunsAsDoneButNotAsSpeed) {
  ProgressLine progress(out_, false, 500, clock());
  pass(10.0);
  progress.update(counts(10, 0, 20.0));
  EXPECT_EQ(written(), "510/1500 points done, 1.0/s, 1 min 30 s left\n");
}

TEST_F(ProgressLineTest, FinishesWithALineOfItsOwnEvenAfterAShortTime) {
  ProgressLine progress(out_, false, 0, clock());
  pass(1.0);
  progress.finish(counts(998, 2, 200.0));
  EXPECT_EQ(written(), "998/1000 points done, 2 failed after 1.0 s\n");
}

TEST(StopSignal, CountsSignals) {
  const StopSignal signal;
  EXPECT_FALSE(signal.stop());
  std::raise(SIGUSR1);
  EXPECT_TRUE(signal.stop());
  EXPECT_FALSE(signal.abandon());
  std::raise(SIGTERM);
  EXPECT_TRUE(signal.abandon());
  std::raise(SIGINT);
  EXPECT_EQ(signal.count(), 3);
}

TEST(StopSignal, StartsAtZeroEachTime) {
  {
    const StopSignal signal;
    std::raise(SIGUSR1);
  }
  const StopSignal signal;
  EXPECT_EQ(signal.count(), 0);
}

volatile std::sig_atomic_t earlier_handler_calls = 0;

TEST(StopSignal, PutsBackWhatWasThere) {
  const auto original = std::signal(SIGUSR1, [](int) { earlier_handler_calls = 1; });
  {
    const StopSignal signal;
    std::raise(SIGUSR1);
    EXPECT_EQ(earlier_handler_calls, 0);
  }
  std::raise(SIGUSR1);
  EXPECT_EQ(earlier_handler_calls, 1);
  std::signal(SIGUSR1, original);
}

TEST(StopSignal, IsThereOnce) {
  const StopSignal signal;
  EXPECT_THROW(StopSignal(), std::logic_error);
}

}  // namespace
}  // namespace qbsweep
