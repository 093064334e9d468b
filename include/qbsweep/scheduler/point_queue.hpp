#pragma once
/// \file
/// The points that are still to be computed, in the order in which ranks get them. Nothing here
/// knows what a point is: it has an index and an estimated cost.

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

namespace qbsweep {

/// A point to be computed.
struct PendingPoint {
  std::int64_t index = 0;
  double cost = 1.0;  ///< estimated effort, > 0 and finite, in a unit of the caller's choice
};

/// Points that one rank computes before it asks again.
struct Batch {
  std::vector<std::int64_t> points;  ///< indices, ascending; none: there is nothing left to do
  double cost = 0.0;                 ///< of all of them together

  [[nodiscard]] bool empty() const { return points.empty(); }
};

/// A point that could not be computed, and why.
struct PointFailure {
  std::int64_t index = 0;
  std::string message;
};

/// What became of a batch. Points that are neither done nor failed were not computed and stay
/// pending for a later run.
struct BatchResult {
  std::int64_t done = 0;
  std::vector<PointFailure> failures;
};

/// How far the points of a queue are.
struct PointCounts {
  std::int64_t total = 0;
  std::int64_t done = 0;
  std::int64_t failed = 0;
  double cost_total = 0.0;
  double cost_finished = 0.0;  ///< of the points done and failed

  [[nodiscard]] std::int64_t left() const { return total - done - failed; }
};

/// Hands out points, the costly ones first and each of them on its own, so that no rank is left
/// alone with a long one at the end. Cheap ones come in batches ("guided self-scheduling"), which
/// keeps messages few: a batch holds at most 1/(4 ranks) of the cost that is left, about 1 s by the
/// speed seen so far, and twice the points of the largest batch reported, for costs are only
/// estimates. Beyond some ten thousand ranks batches are longer than that, as long as it takes to
/// keep the one who hands them out from being what all wait for (tests/benchmark has a simulation).
/// Equally costly points keep the order of their indices, so that neighbours on the grid stay
/// together.
///
/// All members may be called from several threads. Takes 16 bytes a point.
class PointQueue {
 public:
  /// \param points    the points to be computed, indices all different
  /// \param ranks     how many ranks share them, >= 1
  /// \param suspects  further points, which were under way when an earlier job died: they are
  ///                  handed out last and singly, so that the others are safe should one of them
  ///                  kill this job too
  /// \throws std::invalid_argument for a cost that is not above zero and finite, or ranks < 1
  PointQueue(std::vector<PendingPoint> points, int ranks, std::vector<PendingPoint> suspects = {});

  /// The next points for a rank; empty when all were handed out or stop() was called.
  [[nodiscard]] Batch next_batch();

  /// Counts what became of `batch`, on which a rank spent `seconds` of wall time.
  /// \return the counts after it
  PointCounts report(const Batch& batch, const BatchResult& result, double seconds);

  /// No more batches from now on. Those handed out may still be reported.
  void stop();

  [[nodiscard]] PointCounts counts() const;

 private:
  [[nodiscard]] double batch_cost_limit() const;

  mutable std::mutex mutex_;
  std::vector<PendingPoint> points_;  // in the order of handing out, suspects at the end
  std::size_t next_ = 0;              // the first of points_ that was not handed out
  std::size_t first_suspect_ = 0;
  int ranks_ = 1;
  bool stopped_ = false;
  double cost_waiting_ = 0.0;         // of the points not handed out, suspects left out
  double seconds_per_cost_ = 0.0;     // as seen lately; 0 before the first report
  std::size_t largest_reported_ = 0;  // points in the largest batch that was finished
  PointCounts counts_;
};

}  // namespace qbsweep
