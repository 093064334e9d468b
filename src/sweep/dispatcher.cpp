#include "qbsweep/sweep/dispatcher.hpp"

#include <chrono>
#include <cstdio>
#include <exception>
#include <limits>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "dispatch_messages.hpp"
#include "qbsweep/support/error.hpp"

namespace qbsweep {

namespace {

constexpr int request_tag = 1;
constexpr int reply_tag = 2;

/// Ends the job when the other ranks cannot be told any more.
[[noreturn]] void abort_job(const Communicator& comm, const std::string& why) {
  std::fprintf(stderr, "qbsweep: %s\n", one_line(why).c_str());
  MPI_Abort(comm.get(), static_cast<int>(ExitCode::environment));
  std::terminate();
}

[[nodiscard]] int message_size(const Bytes& bytes) {
  if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
    throw EnvironmentError("a message between ranks has " + std::to_string(bytes.size()) +
                           " bytes, MPI takes less than 2^31");
  }
  return static_cast<int>(bytes.size());
}

[[nodiscard]] MPI_Request start_send(const Communicator& comm, const Bytes& bytes, int rank,
                                     int tag) {
  MPI_Request request = MPI_REQUEST_NULL;
  check_mpi(MPI_Isend(bytes.data(), message_size(bytes), MPI_BYTE, rank, tag, comm.get(), &request),
            "send a message to rank " + std::to_string(rank));
  return request;
}

struct Received {
  int rank = 0;
  Bytes bytes;
};

/// The message with `tag` from `rank` (or MPI_ANY_SOURCE), if one has come.
[[nodiscard]] std::optional<Received> poll_message(const Communicator& comm, int rank, int tag) {
  int there = 0;
  MPI_Message message = MPI_MESSAGE_NULL;
  MPI_Status status;
  check_mpi(MPI_Improbe(rank, tag, comm.get(), &there, &message, &status), "look for a message");
  if (there == 0) {
    return std::nullopt;
  }
  int size = 0;
  check_mpi(MPI_Get_count(&status, MPI_BYTE, &size), "ask for the size of a message");
  Received received{status.MPI_SOURCE, Bytes(static_cast<std::size_t>(size))};
  MPI_Request request = MPI_REQUEST_NULL;
  check_mpi(MPI_Imrecv(received.bytes.data(), size, MPI_BYTE, &message, &request),
            "receive a message");
  wait_asleep(request, "receive a message");
  return received;
}

/// Computes `points` unless a signal came; an exception becomes a fatal error of this rank.
[[nodiscard]] Request compute(const std::vector<std::int64_t>& points, const PointWorker& work,
                              const StopSignal& signal) {
  using Clock = std::chrono::steady_clock;
  Request request;
  const Clock::time_point start = Clock::now();
  if (!signal.stop()) {
    try {
      request.result = work(points);
    } catch (const std::exception& error) {
      request.fatal = error.what();
    } catch (...) {
      request.fatal = "an exception of unknown type";
    }
  }
  request.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  request.stop = signal.stop();
  return request;
}

/// The queue as the two threads of the master use it. An error in here stops the queue and becomes
/// the run's fatal error, so that the ranks come home as they do otherwise.
class Ledger {
 public:
  Ledger(PointQueue& queue, const ReportObserver& observer) : queue_(queue), observer_(observer) {}

  [[nodiscard]] Batch next_batch() {
    Batch batch;
    guarded(master_rank, [&] { batch = queue_.next_batch(); });
    return batch;
  }

  void stop() { queue_.stop(); }

  /// Takes the account that `rank` gave of `batch`, which is empty in its first request.
  void take(int rank, const Batch& batch, const Request& request) {
    if (request.stop) {
      queue_.stop();
    }
    if (request.fatal) {
      end_run(rank, *request.fatal);
    }
    if (!batch.empty()) {
      guarded(master_rank, [&] {
        const std::lock_guard lock(reporting_);
        const PointCounts counts = queue_.report(batch, request.result, request.seconds);
        if (observer_) {
          observer_(counts, request.result.failures);
        }
      });
    }
  }

  /// Once all ranks have given their last account.
  [[nodiscard]] RunOutcome outcome() const {
    using End = RunOutcome::End;
    const PointCounts counts = queue_.counts();
    const End end = !fatal_.empty()      ? End::fatal
                    : counts.left() == 0 ? End::complete
                                         : End::stopped;
    return {end, counts, fatal_};
  }

 private:
  template <typename Action>
  void guarded(int rank, const Action& action) {
    try {
      action();
    } catch (const std::exception& error) {
      end_run(rank, error.what());
    } catch (...) {
      end_run(rank, "an exception of unknown type");
    }
  }

  void end_run(int rank, const std::string& why) {
    queue_.stop();
    const std::lock_guard lock(ending_);
    if (fatal_.empty()) {
      fatal_ = one_line("rank " + std::to_string(rank) + ": " + why);
    }
  }

  PointQueue& queue_;
  const ReportObserver& observer_;
  std::mutex reporting_;
  std::mutex ending_;
  std::string fatal_;
};

/// Answers the requests of the other ranks until all of them have been told that nothing is left.
class RequestService {
 public:
  RequestService(const Communicator& comm, Ledger& ledger, const StopSignal& signal)
      : comm_(comm), ledger_(ledger), signal_(signal), clients_(comm.size()) {}

  void run() {
    Backoff backoff;
    for (std::size_t at_work = clients_.size() - 1; at_work > 0;) {
      if (signal_.stop()) {
        ledger_.stop();
      }
      const std::optional<Received> received = poll_message(comm_, MPI_ANY_SOURCE, request_tag);
      if (!received) {
        backoff.sleep();
        continue;
      }
      backoff.reset();
      if (answer(*received).empty()) {
        --at_work;
      }
    }
    for (Client& client : clients_) {
      finish_reply(client);
    }
  }

 private:
  struct Client {
    Batch batch;  // that it has in hand
    Bytes reply;  // under way to it while `sending` is active
    MPI_Request sending = MPI_REQUEST_NULL;
  };

  const Batch& answer(const Received& received) {
    Client& client = clients_[static_cast<std::size_t>(received.rank)];
    finish_reply(client);  // it asks again, so it has this reply
    ledger_.take(received.rank, client.batch, unpack_request(received.bytes));
    client.batch = ledger_.next_batch();
    client.reply = pack(client.batch.points);
    client.sending = start_send(comm_, client.reply, received.rank, reply_tag);
    return client.batch;
  }

  static void finish_reply(Client& client) { wait_asleep(client.sending, "send a batch"); }

  const Communicator& comm_;
  Ledger& ledger_;
  const StopSignal& signal_;
  std::vector<Client> clients_;  // by rank; the master's own is not used
};

RunOutcome run_master(const Communicator& comm, PointQueue& queue, const PointWorker& work,
                      const StopSignal& signal, const ReportObserver& observer) {
  Ledger ledger(queue, observer);
  std::jthread service;
  if (comm.size() > 1) {
    service = std::jthread([&] {
      try {
        RequestService(comm, ledger, signal).run();
      } catch (const std::exception& error) {
        abort_job(comm, error.what());
      }
    });
  }
  for (Batch batch = ledger.next_batch(); !batch.empty(); batch = ledger.next_batch()) {
    ledger.take(master_rank, batch, compute(batch.points, work, signal));
  }
  if (service.joinable()) {
    service.join();
  }
  return ledger.outcome();
}

void run_worker(const Communicator& comm, const PointWorker& work, const StopSignal& signal) {
  Request request;
  request.stop = signal.stop();
  for (;;) {
    const Bytes bytes = pack(request);
    MPI_Request sending = start_send(comm, bytes, master_rank, request_tag);
    wait_asleep(sending, "send a request");
    Backoff backoff;
    std::optional<Received> reply = poll_message(comm, master_rank, reply_tag);
    while (!reply) {
      backoff.sleep();
      reply = poll_message(comm, master_rank, reply_tag);
    }
    const std::vector<std::int64_t> points = unpack_points(reply->bytes);
    if (points.empty()) {
      return;
    }
    request = compute(points, work, signal);
  }
}

/// Every rank gets the master's `outcome`. The master knows it when all ranks are through, so this
/// is also where they meet.
void share_outcome(const Communicator& comm, RunOutcome& outcome) {
  const auto broadcast = [&](void* data, int size) {
    MPI_Request request = MPI_REQUEST_NULL;
    check_mpi(MPI_Ibcast(data, size, MPI_BYTE, master_rank, comm.get(), &request),
              "share the outcome of a run");
    wait_asleep(request, "share the outcome of a run");
  };
  Bytes bytes = pack(outcome);
  int size = message_size(bytes);
  broadcast(&size, sizeof size);
  bytes.resize(static_cast<std::size_t>(size));
  broadcast(bytes.data(), size);
  outcome = unpack_outcome(bytes);
}

void require_threads(const Communicator& comm) {
  int provided = MPI_THREAD_SINGLE;
  check_mpi(MPI_Query_thread(&provided), "ask for the thread support of MPI");
  if (comm.size() > 1 && provided != MPI_THREAD_MULTIPLE) {
    throw EnvironmentError(
        "MPI does not take calls from several threads here (MPI_THREAD_MULTIPLE), which more than "
        "one rank needs: use an MPI library built with thread support, or a single rank");
  }
}

}  // namespace

RunOutcome run_points(const Communicator& comm, PointQueue* queue, const PointWorker& work,
                      const StopSignal& signal, const ReportObserver& observer) {
  require_threads(comm);
  try {
    RunOutcome outcome;
    if (comm.rank() == master_rank) {
      outcome = run_master(comm, *queue, work, signal, observer);
    } else {
      run_worker(comm, work, signal);
    }
    share_outcome(comm, outcome);
    return outcome;
  } catch (const std::exception& error) {
    abort_job(comm, error.what());
  }
}

}  // namespace qbsweep
