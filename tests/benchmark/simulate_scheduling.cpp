// simulate_scheduling: how many ranks one master can keep busy. A discrete-event simulation with a
// virtual clock, in which the batches come from the PointQueue of `qbsweep run`. See README.md for
// what is in it and what is not; --help for its parameters.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <cmath>
#include <fstream>
#include <limits>
#include <queue>
#include <string>
#include <vector>

#include "imaginary_points.hpp"
#include "qbsweep/scheduler/point_queue.hpp"

namespace qbsweep {
namespace {

/// What a request and its answer take, in seconds. Defaults measured by bench_dispatch.
struct Times {
  double service = 3.4e-6;           ///< of the master for one request
  double service_per_point = 14e-9;  ///< and for each point of the batch it answers with
  double latency = 2e-6;             ///< from one rank to another
  double oversleep = 60e-6;          ///< what a short sleep of Linux takes longer than asked for
};

/// When somebody who begins to look at `start`, and sleeps between looks as Backoff does, sees what
/// comes at `arrival`.
double seen_by_poller(double start, double arrival, double oversleep) {
  constexpr double shortest = 50e-6;
  constexpr double longest = 5e-3;
  double look = start;
  double sleep = shortest;
  while (look < arrival && sleep < longest) {
    look += sleep + oversleep;
    sleep *= 2;
  }
  if (look < arrival) {
    look += std::ceil((arrival - look) / (longest + oversleep)) * (longest + oversleep);
  }
  return look;
}

struct Outcome {
  double makespan = 0.0;
  double master_busy = 0.0;  ///< seconds that the master served
  std::int64_t requests = 0;
  std::size_t largest_batch = 0;
};

/// Hands out all points to `ranks` ranks, of which the first is the master's own worker.
class Simulation {
 public:
  Simulation(const ImaginaryPoints& points, int ranks, const Times& times)
      : points_(points), times_(times), queue_(points.estimated, ranks), in_hand_(ranks) {}

  Outcome run() {
    for (std::size_t rank = 0; rank < in_hand_.size(); ++rank) {
      requests_.push({rank == 0 ? 0.0 : times_.latency, rank});
    }
    while (!requests_.empty()) {
      const Request request = requests_.top();
      requests_.pop();
      const double answered =
          request.rank == 0 ? request.arrival : serve(request.arrival, in_hand_[request.rank]);
      hand_over(request, answered);
    }
    return outcome_;
  }

 private:
  struct Request {
    double arrival;
    std::size_t rank;
    bool operator>(const Request& other) const { return arrival > other.arrival; }
  };
  struct InHand {
    Batch batch;
    double seconds = 0.0;  // that the rank spends on it
    double asked = 0.0;    // when it began to wait for it
  };

  /// The master takes a request up when it is free and looks.
  double serve(double arrival, InHand& next) {
    const double begun =
        arrival <= free_ ? free_ : seen_by_poller(free_, arrival, times_.oversleep);
    take_account(next);
    next.batch = queue_.next_batch();
    const double service =
        times_.service + times_.service_per_point * static_cast<double>(next.batch.points.size());
    free_ = begun + service;
    outcome_.master_busy += service;
    ++outcome_.requests;
    return free_;
  }

  void take_account(const InHand& finished) {
    if (!finished.batch.empty()) {
      const auto done = static_cast<std::int64_t>(finished.batch.points.size());
      queue_.report(finished.batch, {done, {}}, finished.seconds);
    }
  }

  /// The rank computes what it got, if anything, and asks again.
  void hand_over(const Request& request, double answered) {
    InHand& mine = in_hand_[request.rank];
    const bool own_master = request.rank == 0;
    if (own_master) {
      take_account(mine);
      mine.batch = queue_.next_batch();
    }
    outcome_.makespan = std::max(outcome_.makespan, answered);
    if (mine.batch.empty()) {
      return;
    }
    outcome_.largest_batch = std::max(outcome_.largest_batch, mine.batch.points.size());
    mine.seconds = 0.0;
    for (const std::int64_t point : mine.batch.points) {
      mine.seconds += points_.seconds[point];
    }
    const double latency = own_master ? 0.0 : times_.latency;
    const double begun = own_master ? answered
                                    : seen_by_poller(request.arrival - latency, answered + latency,
                                                     times_.oversleep);
    requests_.push({begun + mine.seconds + latency, request.rank});
  }

  const ImaginaryPoints& points_;
  const Times& times_;
  PointQueue queue_;
  std::vector<InHand> in_hand_;  // by rank
  std::priority_queue<Request, std::vector<Request>, std::greater<>> requests_;
  double free_ = 0.0;  // when the master is through with what it has taken up
  Outcome outcome_;
};

struct Options {
  Times times;
  std::int64_t points = 10'000'000;
  std::vector<double> seconds = {1.0, 0.01};
  std::vector<int> ranks;
  std::string measured_path;
};

/// One number a line; lines that hold none (a header, nan) are left out.
std::vector<double> read_numbers(const std::string& path) {
  std::vector<double> numbers;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    try {
      if (const double number = std::stod(line); number > 0) {
        numbers.push_back(number);
      }
    } catch (const std::logic_error&) {
      continue;
    }
  }
  if (numbers.empty()) {
    throw std::runtime_error(path + " holds no positive numbers");
  }
  return numbers;
}

/// Where a line through two measured points, straight in log(ranks), passes 90 %.
double ranks_at_90_percent(double ranks_above, double above, double ranks_below, double below) {
  const double along = (above - 0.9) / (above - below);
  return ranks_above * std::pow(ranks_below / ranks_above, along);
}

void simulate(double seconds, const Options& options, const std::vector<double>& measured) {
  const ImaginaryPoints points = imagine_points(options.points, seconds, measured);
  const double total = points.total_seconds();
  fmt::print("\n{} points of {:g} s on average ({})\n", options.points, seconds,
             measured.empty() ? "within a factor of 3" : "spread as measured");
  fmt::print(
      "    ranks   efficiency   makespan      ideal  points/rank   requests  largest  master\n"
      "                                s          s                          batch    busy\n");
  double last_ranks = 0;
  double last_efficiency = 0;
  std::string limit = fmt::format("never under 90 % up to {} ranks", options.ranks.back());
  bool passed = false;
  for (const int ranks : options.ranks) {
    const Outcome outcome = Simulation(points, ranks, options.times).run();
    const double ideal = total / ranks;
    const double efficiency = ideal / outcome.makespan;
    fmt::print("{:9} {:11.1f}% {:10.4g} {:10.4g} {:12.0f} {:10} {:8} {:6.1f}%\n", ranks,
               100 * efficiency, outcome.makespan, ideal,
               static_cast<double>(options.points) / ranks, outcome.requests, outcome.largest_batch,
               100 * outcome.master_busy / outcome.makespan);
    std::fflush(stdout);
    if (!passed && efficiency < 0.9) {
      passed = true;
      limit =
          last_ranks == 0
              ? fmt::format("under 90 % already with {} ranks", ranks)
              : fmt::format("under 90 % from about {:.2g} ranks on",
                            ranks_at_90_percent(last_ranks, last_efficiency, ranks, efficiency));
    }
    last_ranks = ranks;
    last_efficiency = efficiency;
  }
  fmt::print("{}\n", limit);
}

}  // namespace
}  // namespace qbsweep

int main(int argc, char** argv) {
  qbsweep::Options options;
  for (int ranks = 1; ranks <= 131072; ranks *= ranks < 1024 ? 8 : 2) {
    options.ranks.push_back(ranks);
  }
  CLI::App app("How many ranks one master can keep busy");
  app.add_option("--points", options.points, "how many")->capture_default_str();
  app.add_option("--seconds", options.seconds, "what a point takes on average; a table for each")
      ->capture_default_str();
  app.add_option("--ranks", options.ranks, "ascending")->capture_default_str();
  app.add_option("--measured", options.measured_path,
                 "seconds of real points, one a line, whose spread is taken");
  app.add_option("--service", options.times.service, "seconds of the master for a request")
      ->capture_default_str();
  app.add_option("--service-per-point", options.times.service_per_point,
                 "and for each point it answers with")
      ->capture_default_str();
  app.add_option("--latency", options.times.latency, "seconds from one rank to another")
      ->capture_default_str();
  app.add_option("--oversleep", options.times.oversleep, "seconds that a sleep takes too long")
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  try {
    std::vector<double> measured;
    if (!options.measured_path.empty()) {
      measured = qbsweep::read_numbers(options.measured_path);
    }
    for (const double seconds : options.seconds) {
      qbsweep::simulate(seconds, options, measured);
    }
  } catch (const std::exception& error) {
    fmt::print(stderr, "simulate_scheduling: {}\n", error.what());
    return 1;
  }
  return 0;
}
