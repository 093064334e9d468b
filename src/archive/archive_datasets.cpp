#include "archive_datasets.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "format.hpp"
#include "hdf5_attribute.hpp"
#include "qbsweep/support/error.hpp"

namespace qbsweep {

namespace {

bool has_type(const hdf5::Dataset& dataset, hid_t type, const hdf5::Doing& opening) {
  const hdf5::Datatype found(H5Dget_type(dataset.get()), opening);
  return hdf5::checked(H5Tequal(found.get(), type), opening) > 0;
}

}  // namespace

ArchiveDataset open_dataset(const hdf5::File& file, const std::string& path,
                            const layout::Field& field, const Sweep& sweep) {
  const hdf5::Doing opening{"open dataset", field.name, path};
  try {
    ArchiveDataset dataset{field,
                           hdf5::Dataset(H5Dopen2(file.get(), field.name, H5P_DEFAULT), opening)};
    const auto expected = layout::shape(field.extent, sweep);
    const auto found = hdf5::shape_of(dataset.handle, opening);
    if (found != expected) {
      throw DamagedArchive(
          fmt::format("{} is damaged: dataset {} has the shape ({}), but its sweep needs ({})",
                      path, field.name, fmt::join(found, ", "), fmt::join(expected, ", ")));
    }
    if (!has_type(dataset.handle, layout::stored_type(field.element), opening)) {
      throw DamagedArchive(
          fmt::format("{} is damaged: dataset {} has another type of numbers than archives of this "
                      "version have",
                      path, field.name));
    }
    return dataset;
  } catch (const LibraryError& error) {
    throw DamagedArchive(fmt::format("{} is damaged: {}", path, error.what()));
  }
}

std::vector<ArchiveDataset> open_datasets(const hdf5::File& file, const std::string& path,
                                          const Sweep& sweep, std::int32_t version) {
  std::vector<ArchiveDataset> datasets;
  for (const auto& field : layout::fields_of(sweep, version)) {
    datasets.push_back(open_dataset(file, path, field, sweep));
  }
  return datasets;
}

const ArchiveDataset* find_dataset(const std::vector<ArchiveDataset>& datasets,
                                   std::string_view name) {
  const auto found =
      std::find_if(datasets.begin(), datasets.end(),
                   [&](const ArchiveDataset& dataset) { return dataset.field.name == name; });
  return found == datasets.end() ? nullptr : &*found;
}

std::int32_t read_version(const hdf5::File& file, const std::string& path) {
  const auto version = hdf5::read_number(file.get(), format::version_attribute, path);
  if (version < format::oldest || version > format::version) {
    const bool older = version < format::oldest;
    throw OtherFormatVersion(fmt::format(
        "{} has the archive format version {} of {} qbsweep, and this program reads versions {} to "
        "{}: use that qbsweep, or run the sweep file again with another -o",
        path, version, older ? "an older" : "a newer", format::oldest, format::version));
  }
  return version;
}

}  // namespace qbsweep
