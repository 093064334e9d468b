#pragma once
/// \file
/// Memory for a stored state of a sector.

#include <cstdint>

#include "qbsweep/support/mapped_memory.hpp"

namespace qbsweep {

/// Doubles in one piece, aligned for vector registers, zero at first, and readable (as zeros) a
/// little beyond both ends: kernels may load a whole register where only a part of it belongs to
/// the state.
class SectorState {
 public:
  /// Doubles that may be read before the first and after the last one.
  static constexpr std::int64_t margin = 64;

  SectorState() = default;
  /// \throws std::bad_alloc
  explicit SectorState(std::int64_t size);

  [[nodiscard]] std::int64_t size() const { return size_; }
  [[nodiscard]] double* data() { return begin_; }
  [[nodiscard]] const double* data() const { return begin_; }

 private:
  MappedMemory memory_;
  double* begin_ = nullptr;
  std::int64_t size_ = 0;
};

}  // namespace qbsweep
