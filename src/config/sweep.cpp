#include "qbsweep/config/sweep.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <type_traits>

#include "point_resolver.hpp"
#include "qbsweep/support/error.hpp"
#include "refusal.hpp"
#include "sweep_reader.hpp"
#include "yaml_document.hpp"

namespace qbsweep {
namespace {

/// The text of a file, but not more than is needed to see that it is too long.
std::string read_text(const std::string& path) {
  const std::string accepted = "a sweep file (YAML) that can be read";
  const Place place{std::make_shared<const std::string>(path)};
  std::error_code code;
  const auto type = std::filesystem::status(path, code).type();
  if (type == std::filesystem::file_type::not_found) {
    refuse(place, "", "no such file", accepted);
  }
  if (type == std::filesystem::file_type::directory) {
    refuse(place, "", "a directory", accepted);
  }
  std::ifstream file(path, std::ios::binary);
  std::string text(largest_file + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file.is_open() || file.bad()) {
    refuse(place, "", "a file that cannot be read", accepted);
  }
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.starts_with("\x89HDF\r\n")) {
    refuse(place, "", "an HDF5 file, as archives are",
           "a sweep file (YAML); `qbsweep run SWEEP.yaml -o OUT.h5` resumes an archive");
  }
  return text;
}

}  // namespace

std::string to_text(const ParameterValue& value) {
  return std::visit([](const auto& held) { return fmt::format("{}", held); }, value);
}

Sweep Sweep::from_file(const std::string& path, const std::vector<std::string>& overrides) {
  return from_text(read_text(path), path, overrides);
}

Sweep Sweep::from_text(const std::string& text, const std::string& origin,
                       const std::vector<std::string>& overrides, SweepEdition edition) {
  return SweepReader::read(text, origin, overrides, edition);
}

std::vector<std::int64_t> Sweep::position(std::int64_t index) const {
  std::vector<std::int64_t> position(axes_.size());
  for (std::size_t axis = axes_.size(); axis-- > 0;) {
    position[axis] = index % axes_[axis].size();
    index /= axes_[axis].size();
  }
  return position;
}

SweepPoint Sweep::point(std::int64_t index) const {
  return resolver_->point(index);
}

std::string Sweep::describe(std::int64_t index) const {
  if (axes_.empty()) {
    return "the only point";
  }
  const auto along = position(index);
  std::string text;
  for (std::size_t a = 0; a < axes_.size(); ++a) {
    const Axis& axis = axes_[a];
    const auto i = static_cast<std::size_t>(along[a]);
    text += fmt::format("{}{}={}", a == 0 ? "" : ", ", axis.name,
                        axis.zipped() ? axis.labels[i] : to_text(axis.parameters[0].values[i]));
  }
  return text;
}

}  // namespace qbsweep
