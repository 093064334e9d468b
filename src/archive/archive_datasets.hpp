#pragma once
/// \file
/// The datasets of an open archive, checked against the sweep it belongs to.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hdf5_handle.hpp"
#include "layout.hpp"

namespace qbsweep {

struct ArchiveDataset {
  layout::Field field;
  hdf5::Dataset handle;
};

/// Opens the dataset of `field`.
/// \throws InputError if it is missing or has another shape or kind of numbers than the archive of
///         `sweep` must have
[[nodiscard]] ArchiveDataset open_dataset(const hdf5::File& file, const std::string& path,
                                          const layout::Field& field, const Sweep& sweep);

/// Every dataset that the archive of `sweep` in this format version has, in its own order.
/// \throws InputError as above
[[nodiscard]] std::vector<ArchiveDataset> open_datasets(const hdf5::File& file,
                                                        const std::string& path, const Sweep& sweep,
                                                        std::int32_t version);

/// The one of this name; nullptr if it is not among them.
[[nodiscard]] const ArchiveDataset* find_dataset(const std::vector<ArchiveDataset>& datasets,
                                                 std::string_view name);

/// The format version of an archive. \throws InputError if this program cannot read it
[[nodiscard]] std::int32_t read_version(const hdf5::File& file, const std::string& path);

}  // namespace qbsweep
