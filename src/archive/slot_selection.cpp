#include "slot_selection.hpp"

#include <algorithm>

namespace qbsweep {

std::vector<SlotBlock> blocks_of_run(const std::vector<hsize_t>& axes, std::int64_t first,
                                     std::int64_t count) {
  std::vector<SlotBlock> blocks;
  auto next = static_cast<hsize_t>(first);
  const auto end = next + static_cast<hsize_t>(count);
  while (next < end) {
    SlotBlock block;
    block.start.resize(axes.size());
    hsize_t rest = next;
    for (std::size_t axis = axes.size(); axis-- > 0;) {
      block.start[axis] = rest % axes[axis];
      rest /= axes[axis];
    }
    // The outermost axis along which whole hyperplanes fit in, and how many of them.
    block.count = axes;
    hsize_t plane = layout::volume(axes);
    hsize_t planes = 1;
    for (std::size_t axis = 0; axis < axes.size(); ++axis) {
      plane /= axes[axis];
      if (next % plane == 0 && next + plane <= end) {
        planes = std::min((end - next) / plane, axes[axis] - block.start[axis]);
        block.count[axis] = planes;
        break;
      }
      block.count[axis] = 1;
    }
    next += planes * plane;
    blocks.push_back(std::move(block));
  }
  return blocks;
}

SlotSelection::SlotSelection(const Sweep& sweep, const std::string& path)
    : path_(path), axes_(layout::shape(layout::Extent::slots, sweep)) {
  const hdf5::Doing doing{"describe", "slots", path_};
  for (std::size_t i = 0; i < spaces_.size(); ++i) {
    const auto extent = static_cast<layout::Extent>(i);
    const auto sizes = layout::shape(extent, sweep);
    spaces_[i].inner = layout::inner_shape(extent, sweep);
    // Without samples there are no datasets along them.
    if (layout::volume(sizes) > 0) {
      spaces_[i].in_file = hdf5::Dataspace(
          sizes.empty() ? H5Screate(H5S_SCALAR)
                        : H5Screate_simple(static_cast<int>(sizes.size()), sizes.data(), nullptr),
          doing);
    }
  }
}

void SlotSelection::select(std::int64_t first, std::int64_t count) {
  const hdf5::Doing doing{"select", "slots", path_};
  const auto blocks = blocks_of_run(axes_, first, count);
  for (Spaces& spaces : spaces_) {
    spaces.numbers = static_cast<std::size_t>(count) * layout::volume(spaces.inner);
    if (spaces.numbers == 0) {
      continue;
    }
    const hsize_t numbers = spaces.numbers;
    spaces.in_memory = hdf5::Dataspace(H5Screate_simple(1, &numbers, nullptr), doing);
    if (axes_.size() + spaces.inner.size() == 0) {
      continue;  // a scalar is always selected as a whole
    }
    H5S_seloper_t combine = H5S_SELECT_SET;
    for (SlotBlock block : blocks) {
      block.start.resize(axes_.size() + spaces.inner.size(), 0);
      block.count.insert(block.count.end(), spaces.inner.begin(), spaces.inner.end());
      hdf5::checked(H5Sselect_hyperslab(spaces.in_file.get(), combine, block.start.data(), nullptr,
                                        block.count.data(), nullptr),
                    doing);
      combine = H5S_SELECT_OR;
    }
  }
}

}  // namespace qbsweep
