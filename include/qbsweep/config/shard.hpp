#pragma once
/// \file
/// Shares of a sweep that are computed apart, each into an archive of its own.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "qbsweep/config/sweep.hpp"

namespace qbsweep {

/// IndexRange `number` of `count`, counted from 1.
struct Shard {
  std::int64_t number = 1;
  std::int64_t count = 1;
  friend bool operator==(const Shard&, const Shard&) = default;
};

/// "2/4" as a shard; nothing if `text` is something else, or 0/4, or 5/4.
[[nodiscard]] std::optional<Shard> parse_shard(std::string_view text);

/// "2/4".
[[nodiscard]] std::string shard_text(const Shard& shard);

/// " of shard 2/4", to be said after points; without a shard nothing.
[[nodiscard]] std::string of_shard_text(const std::optional<Shard>& shard);

/// Whether each point of the sweep belongs to `shard`; without one, all do. Every point belongs to
/// exactly one of the shards 1 .. count.
///
/// The points of one kind of battery are sorted by the size of their states, their window, coupling
/// and damping, and dealt out back and forth like cards, so that all shards cost about the same.
/// Estimates of the cost itself have no say: they depend on the machine, and the shards of a sweep
/// are computed on several.
[[nodiscard]] std::vector<bool> shard_points(const Sweep& sweep, const std::optional<Shard>& shard);

}  // namespace qbsweep
