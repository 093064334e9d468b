#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <nlohmann/json.hpp>

#include "archive_datasets.hpp"
#include "archive_file.hpp"
#include "format.hpp"
#include "hdf5_attribute.hpp"
#include "hdf5_handle.hpp"
#include "layout.hpp"
#include "metadata_checksums.hpp"
#include "posix_file.hpp"
#include "qbsweep/archive/archive.hpp"
#include "qbsweep/support/error.hpp"
#include "slot_check.hpp"

namespace qbsweep {

namespace {

void check_is_readable_hdf5(const std::string& path) {
  struct stat found = {};
  if (::stat(path.c_str(), &found) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) {
      throw InputError(fmt::format("{} does not exist; accepted is an archive of qbsweep", path));
    }
    fail_system("open", path, errno);
  }
  if (!S_ISREG(found.st_mode)) {
    throw InputError(fmt::format("{} is {}; accepted is an archive of qbsweep", path,
                                 S_ISDIR(found.st_mode) ? "a folder" : "no regular file"));
  }
  if (::access(path.c_str(), R_OK) != 0) {
    fail_system("read", path, errno);
  }
  if (H5Fis_hdf5(path.c_str()) <= 0) {
    throw InputError(
        fmt::format("{} is not an HDF5 file; accepted is an archive of qbsweep", path));
  }
}

}  // namespace

hdf5::File open_for_reading(const std::string& path) {
  const hdf5::Doing opening{"open", "", path};
  const hdf5::PropertyList access(H5Pcreate(H5P_FILE_ACCESS), opening);
  hdf5::checked(H5Pset_file_locking(access.get(), 0, 1), opening);
  const hid_t id = H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.get());
  if (id < 0) {
    throw DamagedArchive(
        one_line(fmt::format("{} is a damaged HDF5 file: {}", path, hdf5::last_error())));
  }
  return {id, opening};
}

namespace {

/// \return the format version
std::int32_t check_format(const hdf5::File& file, const std::string& path) {
  std::string found;
  try {
    found = hdf5::read_long_text(file.get(), format::name_attribute, path);
  } catch (const LibraryError&) {
    throw InputError(
        fmt::format("{} is an HDF5 file, but no archive of qbsweep: it has no attribute '{}'", path,
                    format::name_attribute));
  }
  if (found != format::name) {
    throw InputError(fmt::format(
        "{} is an HDF5 file, but no archive of qbsweep: its attribute '{}' is '{}', not '{}'", path,
        format::name_attribute, one_line(found), format::name));
  }
  const auto claimed = hdf5::read_number(file.get(), format::version_attribute, path);
  const hdf5::Doing looking{"look for attribute", format::sweep_checksum_attribute, path};
  const bool has_checksums =
      hdf5::checked(H5Aexists(file.get(), format::sweep_checksum_attribute), looking) > 0;
  if (has_checksums || claimed == format::first_with_checksums) {
    require_sound_sweep(file, path);  // which the version is part of
  }
  return read_version(file, path);
}

void refuse_copies(const hdf5::File& file, const std::string& path) {
  // The netCDF library, h5netcdf and what is built on them write it into every file of theirs.
  constexpr const char* mark = "_NCProperties";
  if (hdf5::checked(H5Aexists(file.get(), mark), {"look for attribute", mark, path}) > 0) {
    throw InputError(fmt::format(
        "{} was written by xarray or another netCDF program, as a copy of an archive or "
        "a part of it; accepted is the archive itself",
        path));
  }
}

/// The archive keeps the edition that it was made with.
Sweep read_sweep(const hdf5::File& file, const std::string& path, std::int32_t version) {
  const auto text = hdf5::read_long_text(file.get(), format::sweep_file_attribute, path);
  const auto overrides = hdf5::read_long_text(file.get(), format::sweep_overrides_attribute, path);
  const auto list = nlohmann::json::parse(overrides).get<std::vector<std::string>>();
  const auto read_as = [&](SweepEdition edition) {
    return Sweep::from_text(text, "the sweep file kept in " + path, list, edition);
  };
  if (version < format::first_with_current_edition) {
    return read_as(SweepEdition::format_3);
  }
  Sweep sweep = read_as(SweepEdition::current);
  const auto hash = hdf5::read_long_text(file.get(), format::identity_attribute, path);
  if (sweep.identity_hash() != hash) {
    // Merged of earlier archives it means what they meant.
    if (Sweep earlier = read_as(SweepEdition::format_3); earlier.identity_hash() == hash) {
      return earlier;
    }
  }
  return sweep;
}

std::optional<Shard> read_shard(const hdf5::File& file, const std::string& path) {
  const hdf5::Doing looking{"look for attribute", format::shard_attribute, path};
  if (hdf5::checked(H5Aexists(file.get(), format::shard_attribute), looking) == 0) {
    return std::nullopt;
  }
  const auto text = hdf5::read_long_text(file.get(), format::shard_attribute, path);
  const auto shard = parse_shard(text);
  if (!shard) {
    throw DamagedArchive(fmt::format("{} is damaged: its attribute '{}' is '{}', which is no shard",
                                     path, format::shard_attribute, one_line(text)));
  }
  return shard;
}

}  // namespace

struct ArchiveReader::State {
  State(std::string archive_path, hdf5::File opened, std::int32_t format_version, Sweep read,
        std::optional<Shard> share)
      : path(std::move(archive_path)),
        file(std::move(opened)),
        version(format_version),
        sweep(std::move(read)),
        shard(share) {}

  /// Everything in a dataset. Opened anew each time: a writer may be at work.
  [[nodiscard]] std::vector<double> numbers(const layout::Field& field) const {
    const auto dataset = open_dataset(file, path, field, sweep);
    std::vector<double> all(layout::volume(layout::shape(field.extent, sweep)));
    hdf5::checked(
        H5Dread(dataset.handle.get(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, all.data()),
        {"read", field.name, path});
    return all;
  }

  [[nodiscard]] std::vector<double> numbers(std::string_view name) const {
    return numbers(layout::field_called(name));
  }

  std::string path;
  hdf5::File file;
  std::int32_t version;
  Sweep sweep;
  std::optional<Shard> shard;
};

ArchiveReader::ArchiveReader(const std::string& path) {
  hdf5::silence();
  check_is_readable_hdf5(path);
  try_metadata(path);
  auto file = open_for_reading(path);
  try {
    const std::int32_t version = check_format(file, path);
    refuse_copies(file, path);
    Sweep sweep = read_sweep(file, path, version);
    static_cast<void>(open_datasets(file, path, sweep, version));
    const auto shard = read_shard(file, path);
    state_ = std::make_unique<State>(path, std::move(file), version, std::move(sweep), shard);
  } catch (const LibraryError& error) {
    throw DamagedArchive(fmt::format("{} is damaged: {}", path, error.what()));
  } catch (const nlohmann::json::exception& error) {
    throw DamagedArchive(one_line(fmt::format("{} is damaged: its attribute '{}': {}", path,
                                              format::sweep_overrides_attribute, error.what())));
  }
}

ArchiveReader::~ArchiveReader() = default;
ArchiveReader::ArchiveReader(ArchiveReader&&) noexcept = default;
ArchiveReader& ArchiveReader::operator=(ArchiveReader&&) noexcept = default;

std::int32_t ArchiveReader::version() const {
  return state_->version;
}

bool ArchiveReader::has_sound_metadata() const {
  return state_->version < format::first_with_checksums ||
         qbsweep::has_sound_metadata(state_->path, state_->sweep, state_->version);
}

std::string ArchiveReader::fingerprint() const {
  return hdf5::read_long_text(state_->file.get(), format::identity_attribute, state_->path);
}

const Sweep& ArchiveReader::sweep() const {
  return state_->sweep;
}

const std::optional<Shard>& ArchiveReader::shard() const {
  return state_->shard;
}

std::vector<SlotStatus> ArchiveReader::status() const {
  std::vector<SlotStatus> states;
  for (const double number : state_->numbers(layout::status)) {
    if (number != 0 && number != 1 && number != 2) {
      throw DamagedArchive(
          fmt::format("{} is damaged: dataset {} holds {}; accepted are 0, 1 and 2", state_->path,
                      layout::status, number));
    }
    states.push_back(static_cast<SlotStatus>(number));
  }
  return states;
}

CheckedSlots ArchiveReader::check_slots() const {
  try {
    return qbsweep::check_slots(state_->file, state_->path, state_->sweep, state_->version);
  } catch (const LibraryError& error) {
    throw DamagedArchive(fmt::format("{} is damaged: {}", state_->path, error.what()));
  }
}

std::vector<std::int32_t> ArchiveReader::attempts() const {
  std::vector<std::int32_t> counts;
  const auto numbers = state_->numbers(layout::attempts);
  std::transform(numbers.begin(), numbers.end(), std::back_inserter(counts),
                 [](double number) { return static_cast<std::int32_t>(number); });
  return counts;
}

std::vector<double> ArchiveReader::progress() const {
  if (layout::field_called(layout::progress).since > state_->version) {
    return std::vector<double>(state_->sweep.size(), unset);
  }
  return state_->numbers(layout::progress);
}

std::vector<double> ArchiveReader::wall_seconds() const {
  return state_->numbers(layout::wall_seconds);
}

std::vector<ArchiveReader::Column> ArchiveReader::scalar_columns(
    const std::function<bool(std::string_view)>& wanted) const {
  std::vector<Column> columns;
  for (const auto& field : layout::fields_of(state_->sweep, state_->version)) {
    const bool integer = field.element != layout::Element::real;
    const bool scalar = (field.extent | layout::Extent::definitions) == layout::Extent::definitions;
    if (!scalar || field.name == std::string_view(layout::status) ||
        field.name == std::string_view(layout::checksum) || (wanted && !wanted(field.name))) {
      continue;
    }
    auto numbers = state_->numbers(field);
    if (!layout::has(field.extent, layout::Extent::definitions)) {
      columns.push_back({field.name, integer, std::move(numbers)});
      continue;
    }
    for (std::size_t i = 0; i < ergotropy_definitions; ++i) {
      Column column{fmt::format("{}_{}", field.name, ergotropy_definition_names[i]), integer, {}};
      for (std::size_t at = i; at < numbers.size(); at += ergotropy_definitions) {
        column.values.push_back(numbers[at]);
      }
      columns.push_back(std::move(column));
    }
  }
  return columns;
}

}  // namespace qbsweep
