#include "metadata_checksums.hpp"

#include <fmt/format.h>
#include <hdf5_hl.h>

#include <array>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "archive_file.hpp"
#include "coordinates.hpp"
#include "format.hpp"
#include "hdf5_attribute.hpp"
#include "layout.hpp"
#include "qbsweep/archive/archive.hpp"
#include "qbsweep/support/checksum.hpp"
#include "qbsweep/support/error.hpp"
#include "root_attributes.hpp"

namespace qbsweep {

namespace {

using hdf5::Doing;

/// The checksum of things that pass by.
class Sum {
 public:
  void add(std::string_view text) {
    const auto size = static_cast<std::uint64_t>(text.size());
    value_ = text_checksum(text, checksum(&size, sizeof size, value_));
  }
  template <typename Number>
  requires std::is_arithmetic_v<Number>
  void add(Number number) { value_ = checksum(&number, sizeof number, value_); }
  [[nodiscard]] std::uint32_t value() const { return value_; }

 private:
  std::uint32_t value_ = 0;
};

/// Adds `count` elements of a type, read by read(type in memory, where to).
template <typename Read>
void add_elements(const hdf5::Datatype& type, std::size_t count, const Doing& doing,
                  const Read& read, Sum& sum) {
  if (hdf5::checked(H5Tis_variable_str(type.get()), doing) > 0) {
    const hdf5::Datatype held = hdf5::variable_text(std::string(doing.path));
    std::vector<char*> texts(count, nullptr);
    read(held.get(), static_cast<void*>(texts.data()));
    for (char* const text : texts) {
      sum.add(std::string_view(text != nullptr ? text : ""));
      H5free_memory(text);
    }
    return;
  }
  std::vector<char> bytes(count * H5Tget_size(type.get()));
  read(type.get(), static_cast<void*>(bytes.data()));
  sum.add(std::string_view(bytes.data(), bytes.size()));
}

std::size_t elements(const hdf5::Dataspace& space, const Doing& doing) {
  return static_cast<std::size_t>(hdf5::checked(H5Sget_simple_extent_npoints(space.get()), doing));
}

void add_attribute(hid_t object, const char* name, const std::string& path, Sum& sum) {
  const Doing reading{"read attribute", name, path};
  if (hdf5::checked(H5Aexists(object, name), reading) == 0) {
    return;
  }
  const hdf5::Attribute attribute(H5Aopen(object, name, H5P_DEFAULT), reading);
  const hdf5::Datatype type(H5Aget_type(attribute.get()), reading);
  const hdf5::Dataspace space(H5Aget_space(attribute.get()), reading);
  sum.add(name);
  add_elements(
      type, elements(space, reading), reading,
      [&](hid_t held, void* to) { hdf5::checked(H5Aread(attribute.get(), held, to), reading); },
      sum);
}

/// Those that create_archive gives to datasets.
constexpr std::array<const char*, 7> dataset_attributes = {
    "units", "long_name", "_FillValue", "flag_masks", "flag_values", "flag_meanings", "symbol"};

/// \param dimensions  the scales that its dimensions should have
void add_dataset(const hdf5::File& file, const std::string& name,
                 const std::vector<std::string>& dimensions, bool with_values,
                 const std::string& path, Sum& sum) {
  const Doing reading{"read", name, path};
  const hdf5::Dataset dataset(H5Dopen2(file.get(), name.c_str(), H5P_DEFAULT), reading);
  const hdf5::Datatype type(H5Dget_type(dataset.get()), reading);
  const hdf5::Dataspace space(H5Dget_space(dataset.get()), reading);
  sum.add(name);
  sum.add(static_cast<std::int32_t>(H5Tget_class(type.get())));
  sum.add(static_cast<std::uint64_t>(H5Tget_size(type.get())));
  for (const hsize_t size : hdf5::shape_of(dataset, reading)) {
    sum.add(static_cast<std::uint64_t>(size));
  }
  sum.add(static_cast<std::uint64_t>(H5Dget_offset(dataset.get())));
  for (const char* const attribute : dataset_attributes) {
    add_attribute(dataset.get(), attribute, path, sum);
  }
  add_attribute(dataset.get(), "coordinates", path, sum);
  for (std::size_t d = 0; d < dimensions.size(); ++d) {
    const hdf5::Dataset scale(H5Dopen2(file.get(), dimensions[d].c_str(), H5P_DEFAULT), reading);
    sum.add(static_cast<std::int32_t>(
        H5DSis_attached(dataset.get(), scale.get(), static_cast<unsigned>(d))));
  }
  if (with_values) {
    add_elements(
        type, elements(space, reading), reading,
        [&](hid_t held, void* to) {
          hdf5::checked(H5Dread(dataset.get(), held, H5S_ALL, H5S_ALL, H5P_DEFAULT, to), reading);
        },
        sum);
  }
}

std::uint32_t stored(const hdf5::File& file, const char* name, const std::string& path) {
  return static_cast<std::uint32_t>(hdf5::read_number(file.get(), name, path));
}

}  // namespace

std::uint32_t sweep_checksum(const hdf5::File& file, const std::string& path) {
  Sum sum;
  for (const char* const name :
       {format::name_attribute, format::version_attribute, format::sweep_file_attribute,
        format::sweep_overrides_attribute, format::identity_attribute, format::shard_attribute}) {
    add_attribute(file.get(), name, path, sum);
  }
  return sum.value();
}

std::uint32_t metadata_checksum(const hdf5::File& file, const std::string& path, const Sweep& sweep,
                                std::int32_t version) {
  Sum sum;
  for (const layout::RootAttribute& attribute : layout::root_attributes()) {
    if (!std::holds_alternative<layout::RootAttribute::Checksum>(attribute.value)) {
      add_attribute(file.get(), attribute.name, path, sum);
    }
  }
  for (const layout::Coordinate& coordinate : layout::coordinates_of(sweep)) {
    const std::vector<std::string> along = {coordinate.dimension};
    add_dataset(file, coordinate.name, coordinate.is_scale() ? std::vector<std::string>() : along,
                true, path, sum);
  }
  for (const layout::Field& field : layout::fields_of(sweep, version)) {
    add_dataset(file, field.name, layout::dimension_names(field.extent, sweep), false, path, sum);
  }
  return sum.value();
}

void write_checksums(const hdf5::File& file, const std::string& path, const Sweep& sweep) {
  hdf5::write_number(file.get(), format::sweep_checksum_attribute,
                     static_cast<std::int32_t>(sweep_checksum(file, path)), path);
  hdf5::write_number(
      file.get(), format::metadata_checksum_attribute,
      static_cast<std::int32_t>(metadata_checksum(file, path, sweep, format::version)), path);
}

void require_sound_sweep(const hdf5::File& file, const std::string& path) {
  if (stored(file, format::sweep_checksum_attribute, path) != sweep_checksum(file, path)) {
    throw DamagedArchive(
        fmt::format("{} is damaged: what it says of its sweep is not what it was made with", path));
  }
}

bool has_sound_metadata(const std::string& path, const Sweep& sweep, std::int32_t version) {
  try {
    return ask_apart(path, [&] {
      const hdf5::File file = open_for_reading(path);
      return stored(file, format::metadata_checksum_attribute, path) ==
             metadata_checksum(file, path, sweep, version);
    });
  } catch (const DamagedArchive&) {
    return false;
  }
}

}  // namespace qbsweep
