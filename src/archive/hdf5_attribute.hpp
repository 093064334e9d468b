#pragma once
/// \file
/// Attributes of HDF5 objects: texts, numbers. `path` names the file in messages.

#include <cstdint>
#include <span>
#include <string>

#include "hdf5_handle.hpp"

namespace qbsweep::hdf5 {

/// The datatype of a UTF-8 string of variable length.
[[nodiscard]] Datatype variable_text(const std::string& path);

/// A text of fixed length, for short ones: it must fit into the object's header.
void write_text(hid_t object, const char* name, const std::string& text, const std::string& path);

/// A text of any length.
void write_long_text(hid_t object, const char* name, const std::string& text,
                     const std::string& path);

void write_number(hid_t object, const char* name, std::int32_t number, const std::string& path);
void write_number(hid_t object, const char* name, double number, const std::string& path);

/// Several numbers, at least one.
void write_numbers(hid_t object, const char* name, std::span<const std::int32_t> numbers,
                   const std::string& path);

/// What write_long_text wrote. \throws LibraryError also if there is no such attribute
[[nodiscard]] std::string read_long_text(hid_t object, const char* name, const std::string& path);

[[nodiscard]] std::int32_t read_number(hid_t object, const char* name, const std::string& path);

}  // namespace qbsweep::hdf5
