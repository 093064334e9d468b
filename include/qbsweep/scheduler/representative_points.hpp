#pragma once
/// \file
/// Points of a grid that stand for their neighbours, so that a plan takes no longer for a larger
/// grid.
///
/// Every axis keeps some of its positions, evenly spread, the first and the last among them: what
/// grows along an axis is largest at an end. A point is represented by the nearest positions kept,
/// and the points that are kept on all axes are the representatives. A small grid keeps all.

#include <cstdint>
#include <vector>

#include "qbsweep/config/sweep.hpp"

namespace qbsweep {

/// Of so many points all are estimated, or so many of more: some 0.1 ms each.
inline constexpr std::int64_t most_representatives = 2000;

class RepresentativePoints {
 public:
  /// At most `most` of the points of `sweep`. Axes of words and of several parameters, on which
  /// neighbours have nothing in common, are thinned out last.
  explicit RepresentativePoints(const Sweep& sweep, std::int64_t most = most_representatives);

  [[nodiscard]] std::int64_t size() const { return size_; }

  /// The index on the grid of representative `number`, ascending. 0 <= number < size().
  [[nodiscard]] std::int64_t index(std::int64_t number) const;

  /// How many points it stands for, itself included.
  [[nodiscard]] double weight(std::int64_t number) const;

  /// The number of the one that stands for the point `index` of the grid.
  [[nodiscard]] std::int64_t number_of(std::int64_t index) const;

 private:
  struct KeptAxis {
    std::int64_t positions = 1;
    std::int64_t kept = 1;

    [[nodiscard]] std::int64_t position(std::int64_t kept_number) const;
    [[nodiscard]] std::int64_t nearest(std::int64_t position) const;
    /// Positions that are nearest to this one.
    [[nodiscard]] std::int64_t represented(std::int64_t kept_number) const;
  };

  std::vector<KeptAxis> axes_;
  std::int64_t size_ = 1;
};

}  // namespace qbsweep
