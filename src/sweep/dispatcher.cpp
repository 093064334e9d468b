#include "qbsweep/sweep/dispatcher.hpp"

#include <algorithm>
#include <chrono>
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

/// What a group does with a batch, as its first rank tells it.
struct Order {
  std::int64_t points = 0;  // that follow
  std::int8_t more = 0;     // whether another order comes
};

/// Gives the first rank's order to the group. Collective on it.
void share_order(const Communicator& group, Order& order, std::vector<std::int64_t>& points) {
  if (group.size() == 1) {
    return;
  }
  const char* const doing = "tell a group what to compute";
  broadcast_asleep(group.get(), &order, sizeof order, doing);
  points.resize(static_cast<std::size_t>(order.points));
  if (order.points > 0) {
    broadcast_asleep(group.get(), points.data(), static_cast<int>(order.points * 8), doing);
  }
}

/// Computes `points` unless a signal came; an exception becomes a fatal error of this group. For
/// the first rank of a group.
[[nodiscard]] Request compute(const Communicator& group, std::vector<std::int64_t> points,
                              const GroupWorker& work, const StopSignal& signal) {
  using Clock = std::chrono::steady_clock;
  Request request;
  const Clock::time_point start = Clock::now();
  if (!signal.stop()) {
    Order order = {static_cast<std::int64_t>(points.size()), 1};
    share_order(group, order, points);
    try {
      request.result = work(group, points);
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

/// The other ranks of a group, until the first one has nothing more of a stage.
void follow(const Communicator& group, const GroupWorker& work) {
  for (;;) {
    Order order;
    std::vector<std::int64_t> points;
    share_order(group, order, points);
    if (order.more == 0) {
      return;
    }
    static_cast<void>(work(group, points));
  }
}

void dismiss(const Communicator& group) {
  Order none;
  std::vector<std::int64_t> no_points;
  share_order(group, none, no_points);
}

/// The groups of one rank, from stage to stage.
class Groups {
 public:
  Groups(const Communicator& comm, std::span<const Stage> stages) : stages_(stages), all_(comm) {}

  /// Calls compute_stage(stage, group) for one stage after the other.
  template <typename ComputeStage>
  void for_each_stage(ComputeStage&& compute_stage) {
    std::optional<Communicator> group;
    for (std::size_t s = 0; s < stages_.size(); ++s) {
      const MPI_Comm before = group ? group->get() : all_.get();
      const int size = Communicator::size_of(before);
      const int count = group_count(size, stages_[s].ranks);
      if (count == size) {
        group.emplace(MPI_COMM_SELF);
      } else {
        const auto color = static_cast<int>(
            static_cast<std::int64_t>(Communicator::rank_of(before)) * count / size);
        group.emplace(Communicator::split(before, color));
      }
      compute_stage(static_cast<int>(s), *group);
    }
  }

 private:
  std::span<const Stage> stages_;
  const Communicator& all_;
};

/// The queues as the two threads of the master use them. An error in here stops the queues and
/// becomes the run's fatal error, so that the ranks come home as they do otherwise.
class Ledger {
 public:
  Ledger(std::span<const Stage> stages, const ReportObserver& observer)
      : stages_(stages), observer_(observer) {}

  [[nodiscard]] Batch next_batch(int stage) {
    Batch batch;
    guarded(master_rank, [&] { batch = queue(stage).next_batch(); });
    return batch;
  }

  void stop() {
    for (const Stage& stage : stages_) {
      stage.queue->stop();
    }
  }

  /// Takes the account that `rank` gave of `batch`, which is empty in its first request.
  void take(int rank, const Batch& batch, const Request& request) {
    if (request.stop) {
      stop();
    }
    if (request.fatal) {
      end_run(rank, *request.fatal);
    }
    if (!batch.empty()) {
      guarded(master_rank, [&] {
        const std::lock_guard lock(reporting_);
        queue(request.stage).report(batch, request.result, request.seconds);
        if (observer_) {
          observer_(counts(), request.result.failures);
        }
      });
    }
  }

  /// Once all ranks have given their last account.
  [[nodiscard]] RunOutcome outcome() const {
    using End = RunOutcome::End;
    const PointCounts all = counts();
    const End end = !fatal_.empty() ? End::fatal : all.left() == 0 ? End::complete : End::stopped;
    return {end, all, fatal_};
  }

 private:
  [[nodiscard]] PointQueue& queue(int stage) const {
    return *stages_[static_cast<std::size_t>(stage)].queue;
  }

  [[nodiscard]] PointCounts counts() const {
    PointCounts sum;
    for (const Stage& stage : stages_) {
      const PointCounts counts = stage.queue->counts();
      sum.total += counts.total;
      sum.done += counts.done;
      sum.failed += counts.failed;
      sum.cost_total += counts.cost_total;
      sum.cost_finished += counts.cost_finished;
    }
    return sum;
  }

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
    stop();
    const std::lock_guard lock(ending_);
    if (fatal_.empty()) {
      fatal_ = one_line("rank " + std::to_string(rank) + ": " + why);
    }
  }

  std::span<const Stage> stages_;
  const ReportObserver& observer_;
  std::mutex reporting_;
  std::mutex ending_;
  std::string fatal_;
};

/// Answers the requests of the other groups until all of them have been told that nothing is left.
class RequestService {
 public:
  /// \param groups  of the last stage, that of the master included
  RequestService(const Communicator& comm, int last_stage, int groups, Ledger& ledger,
                 const StopSignal& signal)
      : comm_(comm),
        last_stage_(last_stage),
        groups_(groups),
        ledger_(ledger),
        signal_(signal),
        clients_(comm.size()) {}

  void run() {
    Backoff backoff;
    for (int at_work = groups_ - 1; at_work > 0;) {
      if (signal_.stop()) {
        ledger_.stop();
      }
      const std::optional<Received> received = poll_message(comm_, MPI_ANY_SOURCE, request_tag);
      if (!received) {
        backoff.sleep();
        continue;
      }
      backoff.reset();
      const Request request = unpack_request(received->bytes);
      if (answer(received->rank, request).empty() && request.stage == last_stage_) {
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

  const Batch& answer(int rank, const Request& request) {
    Client& client = clients_[static_cast<std::size_t>(rank)];
    finish_reply(client);  // it asks again, so it has this reply
    ledger_.take(rank, client.batch, request);
    client.batch = ledger_.next_batch(request.stage);
    client.reply = pack(client.batch.points);
    client.sending = start_send(comm_, client.reply, rank, reply_tag);
    return client.batch;
  }

  static void finish_reply(Client& client) { wait_asleep(client.sending, "send a batch"); }

  const Communicator& comm_;
  int last_stage_;
  int groups_;
  Ledger& ledger_;
  const StopSignal& signal_;
  std::vector<Client> clients_;  // by rank, those that are the first of a group
};

RunOutcome run_master(const Communicator& comm, std::span<const Stage> stages,
                      const GroupWorker& work, const StopSignal& signal,
                      const ReportObserver& observer) {
  Ledger ledger(stages, observer);
  std::vector<int> ranks;
  for (const Stage& stage : stages) {
    ranks.push_back(stage.ranks);
  }
  const int groups = group_counts(comm.size(), ranks).back();
  std::jthread service;
  if (groups > 1) {
    service = std::jthread([&] {
      try {
        RequestService(comm, static_cast<int>(stages.size()) - 1, groups, ledger, signal).run();
      } catch (const std::exception& error) {
        abort_job(comm.get(), error.what());
      }
    });
  }
  try {
    Groups(comm, stages).for_each_stage([&](int stage, const Communicator& group) {
      for (Batch batch = ledger.next_batch(stage); !batch.empty();
           batch = ledger.next_batch(stage)) {
        Request account = compute(group, batch.points, work, signal);
        account.stage = stage;
        ledger.take(master_rank, batch, account);
      }
      dismiss(group);
    });
  } catch (const std::exception& error) {
    abort_job(comm.get(), error.what());  // the service would wait for ever for this rank's group
  }
  if (service.joinable()) {
    service.join();
  }
  return ledger.outcome();
}

/// The first rank of a group at one stage.
void run_leader(const Communicator& comm, int stage, const Communicator& group,
                const GroupWorker& work, const StopSignal& signal) {
  Request request;
  request.stop = signal.stop();
  for (;;) {
    request.stage = stage;
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
      dismiss(group);
      return;
    }
    request = compute(group, points, work, signal);
  }
}

void run_worker(const Communicator& comm, std::span<const Stage> stages, const GroupWorker& work,
                const StopSignal& signal) {
  Groups(comm, stages).for_each_stage([&](int stage, const Communicator& group) {
    if (group.rank() == 0) {
      run_leader(comm, stage, group, work, signal);
    } else {
      follow(group, work);
    }
  });
}

/// Every rank gets the master's `outcome`. The master knows it when all ranks are through, so this
/// is also where they meet.
void share_outcome(const Communicator& comm, RunOutcome& outcome) {
  const char* const doing = "share the outcome of a run";
  Bytes bytes = pack(outcome);
  int size = message_size(bytes);
  broadcast_asleep(comm.get(), &size, sizeof size, doing);
  bytes.resize(static_cast<std::size_t>(size));
  broadcast_asleep(comm.get(), bytes.data(), size, doing);
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

int group_count(int size, int ranks) {
  return std::max(1, size / std::max(ranks, 1));
}

std::vector<int> group_counts(int size, std::span<const int> stage_ranks) {
  std::vector<int> counts;
  std::vector<int> sizes = {size};
  for (const int ranks : stage_ranks) {
    std::vector<int> divided;
    for (const int group : sizes) {
      const int count = group_count(group, ranks);
      // Rank r of the group goes to part r * count / group.
      const auto begin = [&](std::int64_t part) { return (part * group + count - 1) / count; };
      for (int part = 0; part < count; ++part) {
        divided.push_back(static_cast<int>(begin(part + 1) - begin(part)));
      }
    }
    sizes = std::move(divided);
    counts.push_back(static_cast<int>(sizes.size()));
  }
  return counts;
}

RunOutcome run_points(const Communicator& comm, std::span<const Stage> stages,
                      const GroupWorker& work, const StopSignal& signal,
                      const ReportObserver& observer) {
  require_threads(comm);
  try {
    RunOutcome outcome;
    if (comm.rank() == master_rank) {
      outcome = run_master(comm, stages, work, signal, observer);
    } else {
      run_worker(comm, stages, work, signal);
    }
    share_outcome(comm, outcome);
    return outcome;
  } catch (const std::exception& error) {
    abort_job(comm.get(), error.what());
  }
}

RunOutcome run_points(const Communicator& comm, PointQueue* queue, const PointWorker& work,
                      const StopSignal& signal, const ReportObserver& observer) {
  const Stage single = {1, queue};
  return run_points(
      comm, std::span(&single, 1),
      [&work](const Communicator& /*group*/, std::span<const std::int64_t> points) {
        return work(points);
      },
      signal, observer);
}

}  // namespace qbsweep
