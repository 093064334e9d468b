#pragma once
/// \file
/// What ranks tell each other while points are handed out.

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>

#include "qbsweep/parallel/message.hpp"
#include "qbsweep/scheduler/dispatcher.hpp"
#include "qbsweep/scheduler/point_queue.hpp"

namespace qbsweep {

/// A rank's account of its last batch, which asks for the next one. The reply is the points of that
/// batch.
struct Request {
  std::int32_t stage = 0;  ///< of which points are asked for; the account is of it, too
  BatchResult result;
  double seconds = 0.0;              ///< wall time spent on the batch
  bool stop = false;                 ///< this rank got a stop signal
  std::optional<std::string> fatal;  ///< why this rank cannot continue
};

template <ConstOrNot<Request> T>
auto message_fields(T& request) {
  return std::tie(request.stage, request.result, request.seconds, request.stop, request.fatal);
}

template <ConstOrNot<BatchResult> T>
auto message_fields(T& result) {
  return std::tie(result.done, result.failures);
}

template <ConstOrNot<PointFailure> T>
auto message_fields(T& failure) {
  return std::tie(failure.index, failure.message);
}

template <ConstOrNot<RunOutcome> T>
auto message_fields(T& outcome) {
  return std::tie(outcome.end, outcome.counts, outcome.fatal);
}

template <ConstOrNot<PointCounts> T>
auto message_fields(T& counts) {
  return std::tie(counts.total, counts.done, counts.failed, counts.cost_total,
                  counts.cost_finished);
}

}  // namespace qbsweep
