#include <fmt/format.h>
#include <hdf5_hl.h>

#include <algorithm>
#include <iterator>
#include <map>

#include "coordinates.hpp"
#include "file_in_creation.hpp"
#include "format.hpp"
#include "hdf5_attribute.hpp"
#include "hdf5_handle.hpp"
#include "layout.hpp"
#include "metadata_checksums.hpp"
#include "qbsweep/archive/archive.hpp"
#include "root_attributes.hpp"
#include "write_layout.hpp"

namespace qbsweep {

namespace {

using hdf5::Doing;
using layout::Coordinate;
using layout::Field;

/// Fills a new file. `path_` is the name that messages use: the final one.
class Creation {
 public:
  Creation(const std::string& temporary, const std::string& path, const Sweep& sweep)
      : path_(path), sweep_(sweep), file_(create_file(temporary)) {}

  void write_root(const std::optional<Shard>& shard) const;
  void write_coordinate(const Coordinate& coordinate);
  void create_field(const Field& field, const std::vector<Coordinate>& coordinates) const;
  /// The last: of everything that is there.
  void write_checksums() const { qbsweep::write_checksums(file_, path_, sweep_); }

  /// What is written on closing is checked, too: HDF5 keeps the last of it until then.
  void close() {
    scales_.clear();
    file_.close(doing("close", ""));
  }

 private:
  [[nodiscard]] Doing doing(const char* verb, std::string_view what) const {
    return {verb, what, path_};
  }
  [[nodiscard]] hdf5::File create_file(const std::string& temporary) const;
  [[nodiscard]] hdf5::Dataset create_dataset(const std::string& name, hid_t type,
                                             const std::vector<hsize_t>& sizes,
                                             hid_t properties) const;
  void describe(const hdf5::Dataset& dataset, const std::string& units,
                const std::string& long_name) const;
  void explain_flags(const hdf5::Dataset& dataset, const layout::Flags& flags) const;
  void attach_scale(const hdf5::Dataset& dataset, const std::string& name,
                    const std::string& dimension, unsigned position) const;

  const std::string& path_;
  const Sweep& sweep_;
  hdf5::File file_;
  std::map<std::string, hdf5::Dataset> scales_;  // by dimension, open until the file is closed
};

hdf5::File Creation::create_file(const std::string& temporary) const {
  const auto creating = doing("create", "");
  const hdf5::PropertyList access(H5Pcreate(H5P_FILE_ACCESS), creating);
  // FileInCreation holds a lock of its own.
  hdf5::checked(H5Pset_file_locking(access.get(), 0, 1), creating);
  const hdf5::PropertyList creation(H5Pcreate(H5P_FILE_CREATE), creating);
  // Tools list the datasets in the order of the table instead of by name.
  hdf5::checked(
      H5Pset_link_creation_order(creation.get(), H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED),
      creating);
  return {H5Fcreate(temporary.c_str(), H5F_ACC_TRUNC, creation.get(), access.get()), creating};
}

void Creation::write_root(const std::optional<Shard>& shard) const {
  const layout::Origin origin{sweep_, shard, path_};
  for (const layout::RootAttribute& attribute : layout::root_attributes()) {
    if (const auto* const number = std::get_if<layout::RootAttribute::Number>(&attribute.value)) {
      hdf5::write_number(file_.get(), attribute.name, (*number)(origin), path_);
    } else if (const auto* const make =
                   std::get_if<layout::RootAttribute::Text>(&attribute.value)) {
      if (const auto text = (*make)(origin)) {
        hdf5::write_long_text(file_.get(), attribute.name, *text, path_);
      }
    }
  }
}

hdf5::Dataset Creation::create_dataset(const std::string& name, hid_t type,
                                       const std::vector<hsize_t>& sizes, hid_t properties) const {
  const auto creating = doing("create dataset", name);
  const hdf5::Dataspace space(
      sizes.empty() ? H5Screate(H5S_SCALAR)
                    : H5Screate_simple(static_cast<int>(sizes.size()), sizes.data(), nullptr),
      creating);
  return {H5Dcreate2(file_.get(), name.c_str(), type, space.get(), H5P_DEFAULT, properties,
                     H5P_DEFAULT),
          creating};
}

void Creation::describe(const hdf5::Dataset& dataset, const std::string& units,
                        const std::string& long_name) const {
  hdf5::write_text(dataset.get(), "units", units, path_);
  hdf5::write_text(dataset.get(), "long_name", long_name, path_);
}

/// As the CF conventions have it.
void Creation::explain_flags(const hdf5::Dataset& dataset, const layout::Flags& flags) const {
  std::vector<std::int32_t> values;
  std::vector<std::string_view> meanings;
  for (const auto& [value, meaning, text] : flags.all) {
    values.push_back(value);
    meanings.emplace_back(meaning);
  }
  hdf5::write_numbers(dataset.get(),
                      flags.kind == layout::Flags::Kind::masks ? "flag_masks" : "flag_values",
                      values, path_);
  hdf5::write_text(dataset.get(), "flag_meanings", fmt::format("{}", fmt::join(meanings, " ")),
                   path_);
}

void Creation::attach_scale(const hdf5::Dataset& dataset, const std::string& name,
                            const std::string& dimension, unsigned position) const {
  hdf5::checked(H5DSattach_scale(dataset.get(), scales_.at(dimension).get(), position),
                doing("attach a dimension to", name));
}

void Creation::write_coordinate(const Coordinate& coordinate) {
  const auto writing = doing("write coordinate", coordinate.name);
  const auto put = [&](hid_t stored_as, hid_t held_as, const void* values) {
    auto dataset = create_dataset(coordinate.name, stored_as, {coordinate.size()}, H5P_DEFAULT);
    hdf5::checked(H5Dwrite(dataset.get(), held_as, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), writing);
    return dataset;
  };
  auto dataset = std::visit(
      [&](const auto& values) {
        using Value = typename std::decay_t<decltype(values)>::value_type;
        if constexpr (std::is_same_v<Value, std::int64_t>) {
          return put(H5T_STD_I64LE, H5T_NATIVE_INT64, values.data());
        } else if constexpr (std::is_same_v<Value, double>) {
          return put(H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, values.data());
        } else {
          // Fixed-length strings would be misread by the netCDF library.
          std::vector<const char*> texts;
          std::transform(values.begin(), values.end(), std::back_inserter(texts),
                         [](const std::string& text) { return text.c_str(); });
          const auto type = hdf5::variable_text(path_);
          return put(type.get(), type.get(), texts.data());
        }
      },
      coordinate.values);
  describe(dataset, coordinate.units, coordinate.long_name);
  if (coordinate.is_scale()) {
    hdf5::checked(H5DSset_scale(dataset.get(), coordinate.name.c_str()),
                  doing("make a dimension of", coordinate.name));
    scales_.emplace(coordinate.dimension, std::move(dataset));
  } else {
    attach_scale(dataset, coordinate.name, coordinate.dimension, 0);
  }
}

void Creation::create_field(const Field& field, const std::vector<Coordinate>& coordinates) const {
  const auto creating = doing("create dataset", field.name);
  const hdf5::PropertyList properties(H5Pcreate(H5P_DATASET_CREATE), creating);
  hdf5::checked(H5Pset_layout(properties.get(), H5D_CONTIGUOUS), creating);
  hdf5::checked(H5Pset_alloc_time(properties.get(), H5D_ALLOC_TIME_EARLY), creating);
  // Writing the fill value also takes the blocks on disk: a full disk shows now, not at night.
  hdf5::checked(H5Pset_fill_time(properties.get(), H5D_FILL_TIME_ALLOC), creating);
  const bool real = field.element == layout::Element::real;
  if (real) {
    hdf5::checked(H5Pset_fill_value(properties.get(), H5T_NATIVE_DOUBLE, &unset), creating);
  }
  const auto dataset = create_dataset(field.name, layout::stored_type(field.element),
                                      layout::shape(field.extent, sweep_), properties.get());
  describe(dataset, field.units, field.long_name);
  if (*field.symbol != '\0') {
    hdf5::write_text(dataset.get(), "symbol", field.symbol, path_);
  }
  if (real) {
    hdf5::write_number(dataset.get(), "_FillValue", unset, path_);
  }
  if (!field.flags.all.empty()) {
    explain_flags(dataset, field.flags);
  }
  if (const auto names = layout::auxiliary_coordinates(field, coordinates, sweep_);
      !names.empty()) {
    hdf5::write_text(dataset.get(), "coordinates", names, path_);
  }
  unsigned position = 0;
  for (const auto& dimension : layout::dimension_names(field.extent, sweep_)) {
    attach_scale(dataset, field.name, dimension, position++);
  }
}

/// What the file will take on disk, a little more rather than less. A real number: a careless sweep
/// file can ask for more than any integer holds.
double bytes_needed(const Sweep& sweep, const std::vector<Field>& fields) {
  constexpr double bytes_for_headers = 128'000;
  constexpr double bytes_per_coordinate_value = 64;
  double bytes = bytes_for_headers + static_cast<double>(sweep.text().size());
  for (const layout::InnerDimension& dimension : layout::inner_dimensions()) {
    bytes += static_cast<double>(dimension.size(sweep)) * bytes_per_coordinate_value;
  }
  for (const Axis& axis : sweep.axes()) {
    bytes += static_cast<double>(axis.size()) * static_cast<double>(axis.parameters.size() + 1) *
             bytes_per_coordinate_value;
  }
  for (const Field& field : fields) {
    bytes += static_cast<double>(sweep.size()) *
             static_cast<double>(layout::volume(layout::inner_shape(field.extent, sweep))) *
             static_cast<double>(layout::stored_bytes(field.element));
  }
  return bytes;
}

}  // namespace

void write_layout(const FileInCreation& file, const std::string& path, const Sweep& sweep,
                  const std::optional<Shard>& shard) {
  const auto fields = layout::fields_of(sweep, format::version);
  file.check_room_for(bytes_needed(sweep, fields));
  const auto coordinates = layout::coordinates_of(sweep);
  Creation creation(file.path(), path, sweep);
  creation.write_root(shard);
  for (const Coordinate& coordinate : coordinates) {
    creation.write_coordinate(coordinate);
  }
  for (const Field& field : fields) {
    creation.create_field(field, coordinates);
  }
  creation.write_checksums();
  creation.close();
}

void create_archive(const std::string& path, const Sweep& sweep,
                    const std::optional<Shard>& shard) {
  hdf5::silence();
  FileInCreation file(path);
  write_layout(file, path, sweep, shard);
  file.publish();
}

}  // namespace qbsweep
