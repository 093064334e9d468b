#pragma once
/// \file
/// What ranks tell each other while points are handed out, as bytes. All ranks run the same program
/// on the same kind of machine, so numbers travel as they lie in memory.

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "qbsweep/scheduler/dispatcher.hpp"
#include "qbsweep/scheduler/point_queue.hpp"

namespace qbsweep {

using Bytes = std::vector<std::byte>;

/// A rank's account of its last batch, which asks for the next one.
struct Request {
  std::int32_t stage = 0;  ///< of which points are asked for; the account is of it, too
  BatchResult result;
  double seconds = 0.0;              ///< wall time spent on the batch
  bool stop = false;                 ///< this rank got a stop signal
  std::optional<std::string> fatal;  ///< why this rank cannot continue
};

[[nodiscard]] Bytes pack(const Request& request);
[[nodiscard]] Bytes pack(std::span<const std::int64_t> points);
[[nodiscard]] Bytes pack(const RunOutcome& outcome);

/// Each throws EnvironmentError for bytes that pack() cannot have made.
[[nodiscard]] Request unpack_request(std::span<const std::byte> bytes);
[[nodiscard]] std::vector<std::int64_t> unpack_points(std::span<const std::byte> bytes);
[[nodiscard]] RunOutcome unpack_outcome(std::span<const std::byte> bytes);

}  // namespace qbsweep
