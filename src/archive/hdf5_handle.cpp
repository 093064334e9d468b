#include "hdf5_handle.hpp"

#include <fmt/format.h>
#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): setenv

#include "qbsweep/archive/archive.hpp"
#include "qbsweep/support/error.hpp"

namespace qbsweep::hdf5 {

namespace {

herr_t keep_most_specific(unsigned depth, const H5E_error2_t* entry, void* text) {
  if (depth == 0 && entry->desc != nullptr) {
    *static_cast<std::string*>(text) = entry->desc;
  }
  return 0;
}

}  // namespace

void silence() {
  // HDF5's locks, which this variable can force on any program, fail on file systems that know
  // none, and keep readers away. An archive has a lock of its own. HDF5 looks at it once.
  ::setenv("HDF5_USE_FILE_LOCKING", "FALSE", 1);
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

std::string last_error() {
  std::string text;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_most_specific, &text);
  // The file drivers wrap the system's words in times, addresses and sizes.
  const std::string_view opening = "error message = '";
  const auto begin = text.find(opening);
  if (begin == std::string::npos) {
    return text;
  }
  const auto first = begin + opening.size();
  return text.substr(first, text.find('\'', first) - first);
}

void fail(int code, const Doing& doing) {
  const auto part = doing.what.empty() ? "" : fmt::format("{} of ", doing.what);
  throw LibraryError("HDF5", code, fmt::format("{} {}{}", doing.verb, part, doing.path),
                     last_error());
}

std::vector<hsize_t> shape_of(const Dataset& dataset, const Doing& doing) {
  const Dataspace space(H5Dget_space(dataset.get()), doing);
  const int rank = checked(H5Sget_simple_extent_ndims(space.get()), doing);
  std::vector<hsize_t> sizes(static_cast<std::size_t>(rank));
  checked(H5Sget_simple_extent_dims(space.get(), sizes.data(), nullptr), doing);
  return sizes;
}

}  // namespace qbsweep::hdf5

std::string qbsweep::hdf5_version() {
  return fmt::format("{}.{}.{}", H5_VERS_MAJOR, H5_VERS_MINOR, H5_VERS_RELEASE);
}
