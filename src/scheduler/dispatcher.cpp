#include "qbsweep/scheduler/dispatcher.hpp"

#include <exception>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "dispatch_messages.hpp"
#include "qbsweep/parallel/message_transport.hpp"
#include "qbsweep/support/error.hpp"
#include "rank_groups.hpp"
#include "run_state.hpp"

namespace qbsweep {

namespace {

constexpr int request_tag = 1;
constexpr int reply_tag = 2;

/// Answers the requests of the other groups until all of them have been told that nothing is left.
class RequestService {
 public:
  /// \param groups  of the last stage, that of the master included
  RequestService(const Communicator& comm, int last_stage, int groups, RunState& run_state,
                 const StopSignal& signal)
      : comm_(comm),
        last_stage_(last_stage),
        groups_(groups),
        ledger_(run_state),
        signal_(signal),
        clients_(comm.size()) {}

  void run() {
    Backoff backoff;
    for (int at_work = groups_ - 1; at_work > 0;) {
      if (signal_.stop()) {
        ledger_.stop();
      }
      const std::optional<Received> received =
          poll_message(comm_.get(), MPI_ANY_SOURCE, request_tag);
      if (!received) {
        backoff.sleep();
        continue;
      }
      backoff.reset();
      Request request;
      from_bytes(received->bytes, request);
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
    client.reply = to_bytes(client.batch.points);
    client.sending = start_send(comm_.get(), client.reply, rank, reply_tag);
    return client.batch;
  }

  static void finish_reply(Client& client) { wait_asleep(client.sending, "send a batch"); }

  const Communicator& comm_;
  int last_stage_;
  int groups_;
  RunState& ledger_;
  const StopSignal& signal_;
  std::vector<Client> clients_;  // by rank, those that are the first of a group
};

RunOutcome run_master(const Communicator& comm, std::span<const Stage> stages,
                      const GroupWorker& work, const StopSignal& signal,
                      const ReportObserver& observer) {
  RunState run_state(stages, observer);
  std::vector<int> ranks;
  for (const Stage& stage : stages) {
    ranks.push_back(stage.ranks);
  }
  const int groups = group_counts(comm.size(), ranks).back();
  std::jthread service;
  if (groups > 1) {
    service = std::jthread([&] {
      try {
        RequestService(comm, static_cast<int>(stages.size()) - 1, groups, run_state, signal).run();
      } catch (const std::exception& error) {
        abort_job(comm.get(), error.what());
      }
    });
  }
  try {
    Groups(comm, stages).for_each_stage([&](int stage, const Communicator& group) {
      for (Batch batch = run_state.next_batch(stage); !batch.empty();
           batch = run_state.next_batch(stage)) {
        Request account = compute_batch(group, batch.points, work, signal);
        account.stage = stage;
        run_state.take(master_rank, batch, account);
      }
      dismiss(group);
    });
  } catch (const std::exception& error) {
    abort_job(comm.get(), error.what());  // the service would wait for ever for this rank's group
  }
  if (service.joinable()) {
    service.join();
  }
  return run_state.outcome();
}

/// The first rank of a group at one stage.
void run_leader(const Communicator& comm, int stage, const Communicator& group,
                const GroupWorker& work, const StopSignal& signal) {
  Request request;
  request.stop = signal.stop();
  for (;;) {
    request.stage = stage;
    const Bytes bytes = to_bytes(request);
    MPI_Request sending = start_send(comm.get(), bytes, master_rank, request_tag);
    wait_asleep(sending, "send a request");
    Backoff backoff;
    std::optional<Received> reply = poll_message(comm.get(), master_rank, reply_tag);
    while (!reply) {
      backoff.sleep();
      reply = poll_message(comm.get(), master_rank, reply_tag);
    }
    std::vector<std::int64_t> points;
    from_bytes(reply->bytes, points);
    if (points.empty()) {
      dismiss(group);
      return;
    }
    request = compute_batch(group, points, work, signal);
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
    // The master knows it when all ranks are through, so this is also where they meet.
    broadcast(comm.get(), master_rank, "share the outcome of a run", outcome);
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
