#include "qbsweep/scheduler/stop_signal.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <string>

#include "qbsweep/support/error.hpp"

namespace qbsweep {

namespace {

std::atomic<int> received{0};
std::atomic<bool> watched{false};
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler may touch nothing else");

}  // namespace

extern "C" {
static void count_signal(int /*signal*/) {
  received.fetch_add(1, std::memory_order_relaxed);
}
}

TimeLimit::TimeLimit(double seconds_from_now)
    : end(Clock::now() + std::chrono::duration_cast<Clock::duration>(
                             std::chrono::duration<double>(seconds_from_now))),
      margin(std::clamp(0.05 * seconds_from_now, 2.0, 60.0)) {}

double TimeLimit::seconds_left() const {
  return std::chrono::duration<double>(end - Clock::now()).count() - margin;
}

StopSignal::StopSignal(const std::optional<TimeLimit>& limit) : limit_(limit) {
  if (watched.exchange(true)) {
    throw std::logic_error("the stop signals are watched already");
  }
  received = 0;
  struct sigaction action {};
  action.sa_handler = count_signal;
  action.sa_flags = SA_RESTART;  // reads and writes under way continue
  sigemptyset(&action.sa_mask);
  for (std::size_t k = 0; k < signals.size(); ++k) {
    if (sigaction(signals[k], &action, &previous_[k]) != 0) {
      const int error = errno;
      while (k-- > 0) {
        sigaction(signals[k], &previous_[k], nullptr);
      }
      watched = false;
      throw EnvironmentError("cannot watch for stop signals: " + std::string(std::strerror(error)));
    }
  }
}

StopSignal::~StopSignal() {
  for (std::size_t k = 0; k < signals.size(); ++k) {
    sigaction(signals[k], &previous_[k], nullptr);
  }
  watched = false;
}

int StopSignal::count() const noexcept {
  return received.load(std::memory_order_relaxed);
}

double StopSignal::seconds_left() const noexcept {
  return limit_ ? limit_->seconds_left() : std::numeric_limits<double>::infinity();
}

bool StopSignal::abandon() const noexcept {
  return count() > 1 || (limit_ && limit_->seconds_left() <= -limit_->margin / 2);
}

}  // namespace qbsweep
