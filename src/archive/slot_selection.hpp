#pragma once
/// \file
/// Runs of neighbouring slots as selections of a dataset.

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "hdf5_handle.hpp"
#include "layout.hpp"

namespace qbsweep {

/// A rectangular part of the grid.
struct SlotBlock {
  std::vector<hsize_t> start;
  std::vector<hsize_t> count;
};

/// The slots first .. first + count - 1 (counted with the last axis fastest) of a grid with axes of
/// the given sizes, as few rectangular blocks: at most two for each axis, less one.
[[nodiscard]] std::vector<SlotBlock> blocks_of_run(const std::vector<hsize_t>& axes,
                                                   std::int64_t first, std::int64_t count);

/// The dataspaces of an archive's datasets with a run of slots selected, one for each extent.
class SlotSelection {
 public:
  /// \param path the archive, for messages
  SlotSelection(const Sweep& sweep, const std::string& path);

  /// Selects the run in every extent.
  void select(std::int64_t first, std::int64_t count);

  /// For H5Dwrite: where the run lies in a dataset, and in memory, where it is contiguous.
  [[nodiscard]] hid_t in_file(layout::Extent extent) const { return at(extent).in_file.get(); }
  [[nodiscard]] hid_t in_memory(layout::Extent extent) const { return at(extent).in_memory.get(); }

  /// Numbers that the run has in such a dataset.
  [[nodiscard]] std::size_t numbers(layout::Extent extent) const { return at(extent).numbers; }

 private:
  struct Spaces {
    std::vector<hsize_t> inner;  // sizes of the dimensions after the axes
    hdf5::Dataspace in_file;
    hdf5::Dataspace in_memory;
    std::size_t numbers = 0;
  };
  [[nodiscard]] const Spaces& at(layout::Extent extent) const {
    return spaces_[static_cast<std::size_t>(extent)];
  }

  std::string path_;
  std::vector<hsize_t> axes_;
  std::array<Spaces, layout::extents> spaces_;
};

}  // namespace qbsweep
