#include "coordinates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <numeric>
#include <string_view>

#include "qbsweep/config/parameter_table.hpp"

namespace qbsweep::layout {

namespace {

template <typename T>
bool all_hold(const std::vector<ParameterValue>& values) {
  return std::all_of(values.begin(), values.end(),
                     [](const ParameterValue& value) { return std::holds_alternative<T>(value); });
}

template <typename T>
std::vector<T> unwrapped(const std::vector<ParameterValue>& values) {
  std::vector<T> plain;
  std::transform(values.begin(), values.end(), std::back_inserter(plain),
                 [](const ParameterValue& value) { return std::get<T>(value); });
  return plain;
}

Coordinate along(const std::string& dimension, const AxisParameter& parameter) {
  const ParameterInfo& info = *find_parameter(parameter.name);
  Coordinate coordinate{
      parameter.name, dimension, std::string(info.unit), std::string(info.long_name), {}};
  if (all_hold<std::int64_t>(parameter.values)) {
    coordinate.values = unwrapped<std::int64_t>(parameter.values);
  } else if (all_hold<double>(parameter.values)) {
    coordinate.values = unwrapped<double>(parameter.values);
  } else {
    std::vector<std::string> words;
    std::transform(parameter.values.begin(), parameter.values.end(), std::back_inserter(words),
                   to_text);
    coordinate.values = std::move(words);
  }
  return coordinate;
}

}  // namespace

hsize_t Coordinate::size() const {
  return std::visit([](const auto& entries) { return static_cast<hsize_t>(entries.size()); },
                    values);
}

std::vector<Coordinate> coordinates_of(const Sweep& sweep) {
  std::vector<Coordinate> coordinates;
  for (const Axis& axis : sweep.axes()) {
    if (axis.zipped()) {
      coordinates.push_back(
          {axis.name, axis.name, labels_text.units, labels_text.long_name, axis.labels});
    }
    for (const AxisParameter& parameter : axis.parameters) {
      coordinates.push_back(along(axis.name, parameter));
    }
  }
  const std::vector<Field> fields = fields_of(sweep, format::version);
  for (const InnerDimension& dimension : inner_dimensions()) {
    const bool used = std::ranges::any_of(
        fields, [&](const Field& field) { return has(field.extent, dimension.extent); });
    if (!used && dimension.extent != Extent::definitions) {
      continue;
    }
    Coordinate coordinate{dimension.name, dimension.name, "1", dimension.long_name, {}};
    if (dimension.words.empty()) {
      std::vector<std::int64_t> numbers(static_cast<std::size_t>(dimension.size(sweep)));
      std::iota(numbers.begin(), numbers.end(), 0);
      coordinate.values = std::move(numbers);
    } else {
      coordinate.values = std::vector<std::string>(dimension.words.begin(), dimension.words.end());
    }
    coordinates.push_back(std::move(coordinate));
  }
  return coordinates;
}

std::string auxiliary_coordinates(const Field& field, const std::vector<Coordinate>& coordinates,
                                  const Sweep& sweep) {
  const auto dimensions = dimension_names(field.extent, sweep);
  std::vector<std::string> names;
  for (const Coordinate& coordinate : coordinates) {
    if (!coordinate.is_scale() &&
        std::find(dimensions.begin(), dimensions.end(), coordinate.dimension) != dimensions.end()) {
      names.push_back(coordinate.name);
    }
  }
  const auto add_time = [&](Extent along, const char* time) {
    if (has(field.extent, along) && std::string_view(field.name) != time) {
      names.emplace_back(time);
    }
  };
  add_time(Extent::samples, trajectory_time);
  add_time(Extent::storage_samples, storage_time);
  return fmt::format("{}", fmt::join(names, " "));
}

}  // namespace qbsweep::layout
