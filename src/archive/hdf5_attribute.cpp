#include "hdf5_attribute.hpp"

#include <algorithm>
#include <array>

namespace qbsweep::hdf5 {

namespace {

/// Without a shape a single value.
void write_attribute(hid_t object, const char* name, hid_t stored_as, hid_t held_as,
                     const void* values, const std::string& path,
                     std::span<const hsize_t> shape = {}) {
  const Doing doing{"write attribute", name, path};
  const Dataspace space(
      shape.empty() ? H5Screate(H5S_SCALAR)
                    : H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr),
      doing);
  const Attribute attribute(
      H5Acreate2(object, name, stored_as, space.get(), H5P_DEFAULT, H5P_DEFAULT), doing);
  checked(H5Awrite(attribute.get(), held_as, values), doing);
}

Datatype text_type(std::size_t size, const std::string& path) {
  const Doing doing{"make", "a type of texts", path};
  Datatype type(H5Tcopy(H5T_C_S1), doing);
  checked(H5Tset_size(type.get(), size), doing);
  checked(H5Tset_cset(type.get(), H5T_CSET_UTF8), doing);
  return type;
}

}  // namespace

Datatype variable_text(const std::string& path) {
  return text_type(H5T_VARIABLE, path);
}

void write_text(hid_t object, const char* name, const std::string& text, const std::string& path) {
  const Datatype type = text_type(std::max<std::size_t>(text.size(), 1), path);
  write_attribute(object, name, type.get(), type.get(), text.c_str(), path);
}

void write_long_text(hid_t object, const char* name, const std::string& text,
                     const std::string& path) {
  const Datatype type = variable_text(path);
  const char* characters = text.c_str();
  write_attribute(object, name, type.get(), type.get(), &characters, path);
}

void write_number(hid_t object, const char* name, std::int32_t number, const std::string& path) {
  write_attribute(object, name, H5T_STD_I32LE, H5T_NATIVE_INT32, &number, path);
}

void write_number(hid_t object, const char* name, double number, const std::string& path) {
  write_attribute(object, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, &number, path);
}

void write_numbers(hid_t object, const char* name, std::span<const std::int32_t> numbers,
                   const std::string& path) {
  const std::array<hsize_t, 1> shape = {numbers.size()};
  write_attribute(object, name, H5T_STD_I32LE, H5T_NATIVE_INT32, numbers.data(), path, shape);
}

std::string read_long_text(hid_t object, const char* name, const std::string& path) {
  const Doing doing{"read attribute", name, path};
  const Attribute attribute(H5Aopen(object, name, H5P_DEFAULT), doing);
  const Datatype type = variable_text(path);
  char* characters = nullptr;
  checked(H5Aread(attribute.get(), type.get(), static_cast<void*>(&characters)), doing);
  std::string text = characters != nullptr ? characters : "";
  H5free_memory(characters);
  return text;
}

std::int32_t read_number(hid_t object, const char* name, const std::string& path) {
  const Doing doing{"read attribute", name, path};
  const Attribute attribute(H5Aopen(object, name, H5P_DEFAULT), doing);
  std::int32_t number = 0;
  checked(H5Aread(attribute.get(), H5T_NATIVE_INT32, &number), doing);
  return number;
}

}  // namespace qbsweep::hdf5
