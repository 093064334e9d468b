#pragma once
/// \file
/// Checksums of what the slots of an archive hold.
///
/// The dataset `checksum` has, for every point, one of
///   - the checksum of its results, of the names of their datasets, and of its place on the grid;
///     written after the results and before `status`,
///   - the checksum of how often it was started, as long as it has no results,
///   - 0 where nothing was ever noted.

#include <cstdint>
#include <span>
#include <vector>

#include "layout.hpp"

namespace qbsweep {

/// Of the results of a run of slots, while their datasets pass by in the archive's own order.
class SlotChecksums {
 public:
  /// \param first  the place on the grid of the first of `count` slots
  SlotChecksums(std::int64_t first, std::int64_t count);

  /// Whether a dataset holds results.
  [[nodiscard]] static bool cover(const layout::Field& field) { return field.take != nullptr; }

  /// Adds a dataset's numbers of some of the slots.
  /// \param offset  of the first of them in the run
  /// \param numbers  slot by slot, a multiple of `in_slot`, as the file holds them
  void add(const layout::Field& field, std::int64_t offset, std::span<const double> numbers,
           std::size_t in_slot);

  [[nodiscard]] std::span<const std::uint32_t> values() const { return values_; }

 private:
  std::vector<std::uint32_t> values_;
};

/// Of how often a point was started that has no results.
[[nodiscard]] std::uint32_t attempts_checksum(std::int64_t point, std::int32_t attempts);

/// Whether `found` goes with a point that has no results and was started so often. A kill between
/// the two writes leaves the checksum of the number before or after.
[[nodiscard]] bool goes_with_attempts(std::uint32_t found, std::int64_t point,
                                      std::int32_t attempts);

}  // namespace qbsweep
