#pragma once
/// \file
/// What the slots of an archive are found to hold when their checksums are looked at.

#include <cstdint>
#include <vector>

namespace qbsweep {

/// The state of a slot, as the dataset `status` holds it.
enum class SlotStatus : std::int8_t { pending = 0, done = 1, failed = 2 };

struct CheckedSlots {
  /// What each point may be taken for: done exactly if its results are whole.
  std::vector<SlotStatus> status;
  /// How often each was started; what is not believed is 0.
  std::vector<std::int32_t> attempts;
  /// Points marked done whose results are not those that were written. Pending in `status`.
  std::vector<std::int64_t> damaged;
  /// Points whose results are whole, but not marked done: a kill came in between, or the mark is
  /// damaged. Done in `status`.
  std::vector<std::int64_t> unmarked;
  /// Points without results whose mark or number of starts is damaged.
  std::vector<std::int64_t> doubtful;
  /// Whether the archive has checksums at all (format version 4); without them all is believed.
  bool checked = false;

  [[nodiscard]] bool sound() const { return damaged.empty() && doubtful.empty(); }
};

}  // namespace qbsweep
