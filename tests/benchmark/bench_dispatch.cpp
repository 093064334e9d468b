// bench_dispatch, under mpirun: what run_points costs when points themselves cost nothing.
//   mpirun -n RANKS bench_dispatch service             the master's service time
//   mpirun -n RANKS bench_dispatch sleep POINTS SECONDS   a sweep of ranks that sleep instead of
//                                                      computing, to hold simulate_scheduling
//                                                      against
#include <fmt/format.h>
#include <mpi.h>
#include <time.h>

#include <atomic>
#include <chrono>
#include <optional>
#include <string_view>
#include <thread>

#include "imaginary_points.hpp"
#include "qbsweep/scheduler/dispatcher.hpp"

namespace qbsweep {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

double thread_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// Notes, as the observer of a run, how much the thread that serves the other ranks computed.
class ServiceMeter {
 public:
  explicit ServiceMeter(std::int64_t total) : total_(total) {}

  void observe(const PointCounts& counts) {
    finished_ = counts.done + counts.failed;
    if (std::this_thread::get_id() == owner_) {
      return;
    }
    last_ = thread_seconds();
    if (requests_++ == 0) {
      first_ = last_;
    }
  }

  /// As the master's own worker: waits until only its own points are left, so that the service has
  /// a core for itself.
  BatchResult wait_for_others(std::int64_t mine) const {
    while (finished_ < total_ - mine) {
      std::this_thread::sleep_for(1ms);
    }
    return {mine, {}};
  }

  [[nodiscard]] std::int64_t requests() const { return requests_; }
  /// Between the first and the last account that the thread took.
  [[nodiscard]] double seconds() const { return last_ - first_; }

 private:
  std::int64_t total_;
  std::thread::id owner_ = std::this_thread::get_id();
  std::atomic<std::int64_t> finished_ = 0;
  std::int64_t requests_ = 0;
  double first_ = 0.0;
  double last_ = 0.0;
};

/// Points that cost nothing, in batches as the queue makes them or (`singly`) one by one.
void measure_service(const Communicator& comm, const StopSignal& signal, std::int64_t count,
                     bool singly) {
  const bool master = comm.rank() == master_rank;
  std::vector<PendingPoint> points(master ? count : 0);
  for (std::size_t p = 0; p < points.size(); ++p) {
    points[p].index = static_cast<std::int64_t>(p);
  }
  std::optional<PointQueue> queue;
  if (master) {
    // Suspects come one by one.
    queue.emplace(singly ? std::vector<PendingPoint>{} : points, comm.size(),
                  singly ? points : std::vector<PendingPoint>{});
  }
  ServiceMeter meter(count);
  const Clock::time_point start = Clock::now();
  run_points(
      comm, master ? &*queue : nullptr,
      [&](std::span<const std::int64_t> batch) -> BatchResult {
        const auto size = static_cast<std::int64_t>(batch.size());
        return master ? meter.wait_for_others(size) : BatchResult{size, {}};
      },
      signal,
      [&meter](const PointCounts& counts, std::span<const PointFailure>) {
        meter.observe(counts);
      });
  if (master) {
    const auto requests = static_cast<double>(meter.requests());
    fmt::print(
        "{:3} ranks  {:8} points in {:7} requests  {:7.2f} us wall  {:7.2f} us of the "
        "master's service for a request, {:7.1f} ns for a point\n",
        comm.size(), count, meter.requests(), 1e6 * seconds_since(start) / requests,
        1e6 * meter.seconds() / requests, 1e9 * meter.seconds() / static_cast<double>(count));
  }
}

void sleep_through(const Communicator& comm, const StopSignal& signal, std::int64_t count,
                   double mean_seconds) {
  const ImaginaryPoints points = imagine_points(count, mean_seconds);
  std::optional<PointQueue> queue;
  if (comm.rank() == master_rank) {
    queue.emplace(points.estimated, comm.size());
  }
  barrier_asleep(comm.get(), "begin together");
  const Clock::time_point start = Clock::now();
  run_points(
      comm, queue ? &*queue : nullptr,
      [&](std::span<const std::int64_t> batch) -> BatchResult {
        double seconds = 0.0;
        for (const std::int64_t point : batch) {
          seconds += points.seconds[point];
        }
        std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
        return {static_cast<std::int64_t>(batch.size()), {}};
      },
      signal);
  if (queue) {
    const double makespan = seconds_since(start);
    fmt::print("{} ranks, {} points of {:g} s: makespan {:.4f} s, efficiency {:.2f} %\n",
               comm.size(), count, mean_seconds, makespan,
               100 * points.total_seconds() / comm.size() / makespan);
  }
}

constexpr const char* usage =
    "usage: mpirun -n RANKS bench_dispatch service | sleep POINTS SECONDS (two ranks or more)\n";

int run(int argc, char** argv) {
  const Communicator comm(MPI_COMM_WORLD);
  const StopSignal signal;
  const std::string_view what = argc > 1 ? argv[1] : "";
  if (what == "service" && argc == 2 && comm.size() > 1) {
    measure_service(comm, signal, std::int64_t{10'000} * comm.size(), true);
    measure_service(comm, signal, 10'000'000, false);
  } else if (what == "sleep" && argc == 4) {
    sleep_through(comm, signal, std::stoll(argv[2]), std::stod(argv[3]));
  } else {
    fmt::print(stderr, "{}", usage);
    return 1;
  }
  return 0;
}

}  // namespace
}  // namespace qbsweep

int main(int argc, char** argv) {
  int provided = 0;
  MPI_Init_thread(&argc, &argv, MPI_THREAD_MULTIPLE, &provided);
  int code = 0;
  try {
    code = qbsweep::run(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench_dispatch: {}\n", error.what());
    MPI_Abort(MPI_COMM_WORLD, 1);
  }
  MPI_Finalize();
  return code;
}
