#pragma once
/// \file
/// MPI with checked codes, owned communicators, and waiting that does not burn a core.

#include <mpi.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <limits>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "qbsweep/support/error.hpp"

namespace qbsweep {

/// Throws LibraryError("MPI", ...) unless `code` is MPI_SUCCESS. Communicators must return their
/// errors (MPI_ERRORS_RETURN), which Communicator sees to.
inline void check_mpi(int code, const std::string& doing) {
  if (code != MPI_SUCCESS) {
    char text[MPI_MAX_ERROR_STRING] = "";
    int length = 0;
    MPI_Error_string(code, text, &length);
    throw LibraryError("MPI", code, doing, std::string(text, static_cast<std::size_t>(length)));
  }
}

/// An owned duplicate of a communicator: messages on it meet no others. Errors are returned as
/// codes.
class Communicator {
 public:
  /// Collective on `original`.
  explicit Communicator(MPI_Comm original) {
    check_mpi(MPI_Comm_dup(original, &handle_), "duplicate a communicator");
    MPI_Comm_set_errhandler(handle_, MPI_ERRORS_RETURN);
  }
  Communicator(const Communicator&) = delete;
  Communicator& operator=(const Communicator&) = delete;
  Communicator(Communicator&& other) noexcept
      : handle_(std::exchange(other.handle_, MPI_COMM_NULL)) {}
  Communicator& operator=(Communicator&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  /// The ranks of `original` that give the same `color`, in the order of `original`. Collective on
  /// `original`.
  [[nodiscard]] static Communicator split(MPI_Comm original, int color) {
    Communicator part;
    check_mpi(MPI_Comm_split(original, color, rank_of(original), &part.handle_),
              "split a communicator");
    MPI_Comm_set_errhandler(part.handle_, MPI_ERRORS_RETURN);
    return part;
  }
  ~Communicator() {
    if (handle_ != MPI_COMM_NULL) {
      MPI_Comm_free(&handle_);
    }
  }

  [[nodiscard]] MPI_Comm get() const noexcept { return handle_; }
  [[nodiscard]] int rank() const { return rank_of(handle_); }
  [[nodiscard]] int size() const { return size_of(handle_); }

  [[nodiscard]] static int rank_of(MPI_Comm comm) {
    int rank = 0;
    check_mpi(MPI_Comm_rank(comm, &rank), "ask for a rank");
    return rank;
  }
  [[nodiscard]] static int size_of(MPI_Comm comm) {
    int size = 1;
    check_mpi(MPI_Comm_size(comm, &size), "ask for the number of ranks");
    return size;
  }

 private:
  Communicator() = default;
  MPI_Comm handle_ = MPI_COMM_NULL;
};

/// Ends the job with exit code 2, where one rank cannot continue and the others cannot be told.
[[noreturn]] inline void abort_job(MPI_Comm comm, const std::string& why) {
  std::fprintf(stderr, "qbsweep: %s\n", one_line(why).c_str());
  MPI_Abort(comm, static_cast<int>(ExitCode::environment));
  std::terminate();
}

/// Sleeps ever longer between polls, from 50 microseconds to `longest`: OpenMPI's blocking calls
/// spin at 100 % of a core, so qbsweep polls instead.
class Backoff {
 public:
  explicit Backoff(std::chrono::microseconds longest = std::chrono::milliseconds(5))
      : longest_(longest) {}
  void sleep() {
    std::this_thread::sleep_for(next_);
    next_ = std::min(next_ * 2, longest_);
  }
  void reset() { next_ = shortest; }

 private:
  static constexpr std::chrono::microseconds shortest{50};
  std::chrono::microseconds longest_;
  std::chrono::microseconds next_ = shortest;
};

/// Waits for `request` asleep.
inline void wait_asleep(MPI_Request& request, const std::string& doing) {
  Backoff backoff;
  for (int done = 0;;) {
    check_mpi(MPI_Test(&request, &done, MPI_STATUS_IGNORE), doing);
    if (done != 0) {
      return;
    }
    backoff.sleep();
  }
}

/// Requests that are freed with their owner, however it ends. What they send and receive must
/// outlive them.
class Requests {
 public:
  explicit Requests(std::size_t count = 0) : handles_(count, MPI_REQUEST_NULL) {}
  Requests(const Requests&) = delete;
  Requests& operator=(const Requests&) = delete;
  ~Requests() {
    for (MPI_Request& handle : handles_) {
      if (handle != MPI_REQUEST_NULL) {
        MPI_Request_free(&handle);
      }
    }
  }

  /// One more, null until it is set.
  [[nodiscard]] MPI_Request& add() { return handles_.emplace_back(MPI_REQUEST_NULL); }
  [[nodiscard]] MPI_Request& operator[](std::size_t number) { return handles_[number]; }
  [[nodiscard]] std::span<MPI_Request> all() { return handles_; }

 private:
  std::vector<MPI_Request> handles_;
};

/// The number of doubles in one message, as MPI takes it.
/// \throws EnvironmentError where one message cannot hold them
[[nodiscard]] inline int message_count(std::int64_t doubles) {
  if (doubles > std::numeric_limits<int>::max()) {
    throw EnvironmentError("a message of " + std::to_string(doubles) +
                           " numbers is larger than MPI's 2^31: use more ranks per point");
  }
  return static_cast<int>(doubles);
}

/// Whether all of `requests` are done.
inline bool are_done(std::span<MPI_Request> requests, const std::string& doing) {
  int done = 0;
  check_mpi(
      MPI_Testall(static_cast<int>(requests.size()), requests.data(), &done, MPI_STATUSES_IGNORE),
      doing);
  return done != 0;
}

/// Waits for ranks that go in step with this one, so that what is waited for is there at once: for
/// a millisecond awake, giving way to other threads, then asleep. `done` is asked again and again.
template <typename Done>
void wait_in_step(const Done& done) {
  const auto patience = std::chrono::steady_clock::now() + std::chrono::milliseconds(1);
  Backoff backoff;
  while (!done()) {
    if (std::chrono::steady_clock::now() < patience) {
      std::this_thread::yield();
    } else {
      backoff.sleep();
    }
  }
}

/// The same for messages.
inline void wait_in_step(std::span<MPI_Request> requests, const std::string& doing) {
  wait_in_step([&] { return are_done(requests, doing); });
}

/// A barrier on which the early ranks sleep. Collective.
inline void barrier_asleep(MPI_Comm comm, const std::string& doing) {
  MPI_Request request = MPI_REQUEST_NULL;
  check_mpi(MPI_Ibarrier(comm, &request), doing);
  wait_asleep(request, doing);
}

}  // namespace qbsweep
