#include "qbsweep/scheduler/point_queue.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace qbsweep {

namespace {

constexpr double batches_per_rank = 4.0;

/// Results wait about this long to be written, so it is what a kill costs a rank.
constexpr double usual_batch_seconds = 1.0;

/// What a request costs the one who hands out: twice what tests/benchmark measured.
constexpr double service_seconds = 6e-6;

/// Long enough that serving all ranks takes a tenth of it.
double longest_batch_seconds(int ranks) {
  return std::max(usual_batch_seconds, 10 * ranks * service_seconds);
}

/// Towards the end, short batches even out what the ranks have left to do. If they are shorter than
/// it takes to serve all ranks, the ranks only queue for them.
double shortest_batch_seconds(int ranks) {
  return ranks * service_seconds;
}

void sort_for_handing_out(std::vector<PendingPoint>& points) {
  std::sort(points.begin(), points.end(), [](const PendingPoint& a, const PendingPoint& b) {
    return a.cost != b.cost ? a.cost > b.cost : a.index < b.index;
  });
}

// Summed from the cheapest, so that many small costs are not lost beside a large one.
double total_cost(const std::vector<PendingPoint>& sorted) {
  double sum = 0.0;
  for (auto point = sorted.rbegin(); point != sorted.rend(); ++point) {
    sum += point->cost;
  }
  return sum;
}

void check_costs(const std::vector<PendingPoint>& points) {
  for (const PendingPoint& point : points) {
    if (!(point.cost > 0.0) || !std::isfinite(point.cost)) {
      throw std::invalid_argument("point " + std::to_string(point.index) + " has the cost " +
                                  std::to_string(point.cost) +
                                  ", accepted are finite numbers above 0");
    }
  }
}

}  // namespace

PointQueue::PointQueue(std::vector<PendingPoint> points, int ranks,
                       std::vector<PendingPoint> suspects)
    : points_(std::move(points)), ranks_(ranks) {
  if (ranks < 1) {
    throw std::invalid_argument("points cannot be shared by " + std::to_string(ranks) + " ranks");
  }
  check_costs(points_);
  check_costs(suspects);
  sort_for_handing_out(points_);
  sort_for_handing_out(suspects);
  first_suspect_ = points_.size();
  cost_waiting_ = total_cost(points_);
  counts_.cost_total = cost_waiting_ + total_cost(suspects);
  points_.insert(points_.end(), suspects.begin(), suspects.end());
  counts_.total = static_cast<std::int64_t>(points_.size());
}

double PointQueue::batch_cost_limit() const {
  const double fair_share = cost_waiting_ / (batches_per_rank * ranks_);
  if (seconds_per_cost_ == 0.0) {
    return fair_share;
  }
  return std::clamp(fair_share, shortest_batch_seconds(ranks_) / seconds_per_cost_,
                    longest_batch_seconds(ranks_) / seconds_per_cost_);
}

Batch PointQueue::next_batch() {
  const std::lock_guard lock(mutex_);
  Batch batch;
  if (stopped_ || next_ == points_.size()) {
    return batch;
  }
  const bool suspect = next_ >= first_suspect_;
  const double limit = batch_cost_limit();
  const std::size_t most =
      suspect ? 1
              : std::min(std::max<std::size_t>(2 * largest_reported_, 1), first_suspect_ - next_);
  std::size_t size = 1;
  batch.cost = points_[next_].cost;
  while (size < most && batch.cost + points_[next_ + size].cost <= limit) {
    batch.cost += points_[next_ + size].cost;
    ++size;
  }
  batch.points.reserve(size);
  for (std::size_t k = next_; k < next_ + size; ++k) {
    batch.points.push_back(points_[k].index);
  }
  std::sort(batch.points.begin(), batch.points.end());
  next_ += size;
  if (!suspect) {
    cost_waiting_ = std::max(cost_waiting_ - batch.cost, 0.0);
  }
  return batch;
}

PointCounts PointQueue::report(const Batch& batch, const BatchResult& result, double seconds) {
  const std::lock_guard lock(mutex_);
  const auto failed = static_cast<std::int64_t>(result.failures.size());
  const std::int64_t finished = result.done + failed;
  counts_.done += result.done;
  counts_.failed += failed;
  if (finished > 0 && !batch.empty()) {
    const double cost =
        batch.cost * static_cast<double>(finished) / static_cast<double>(batch.points.size());
    counts_.cost_finished += cost;
    // The mean leans on the latest batches: what comes next is more like them than like the first.
    const double seen = seconds / cost;
    seconds_per_cost_ = seconds_per_cost_ > 0.0 ? 0.5 * (seconds_per_cost_ + seen) : seen;
    largest_reported_ = std::max(largest_reported_, static_cast<std::size_t>(finished));
  }
  return counts_;
}

void PointQueue::stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
}

PointCounts PointQueue::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

}  // namespace qbsweep
