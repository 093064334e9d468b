#pragma once
/// \file
/// HDF5 with owned handles and checked codes. Only src/archive includes it.

#include <hdf5.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace qbsweep::hdf5 {

/// Stops HDF5 from printing its error stack, since errors become exceptions, and from locking
/// files. Every entry point of the archive calls it first.
void silence();

/// The reason of the last failed call: the operating system's words where HDF5 passes them on, else
/// the most specific entry of the error stack.
[[nodiscard]] std::string last_error();

/// What is being done, for the message "cannot <verb> <what> of <path>"; an empty `what` is the
/// file.
struct Doing {
  const char* verb;
  std::string_view what;
  std::string_view path;
};

/// \throws LibraryError("HDF5", ...) with last_error()
[[noreturn]] void fail(int code, const Doing& doing);

/// `code` itself unless it is negative, HDF5's sign of failure.
/// \throws LibraryError("HDF5", ...)
template <typename Code>
Code checked(Code code, const Doing& doing) {
  if (code < 0) {
    fail(static_cast<int>(code), doing);
  }
  return code;
}

/// An owned identifier, closed by `close_function`.
template <herr_t (*close_function)(hid_t)>
class Handle {
 public:
  Handle() = default;
  /// Takes over what an HDF5 call returned. \throws LibraryError if that is a failure
  Handle(hid_t id, const Doing& doing) : id_(checked(id, doing)) {}
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  Handle(Handle&& other) noexcept : id_(other.release()) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(id_, other.id_);
    return *this;
  }
  ~Handle() {
    if (id_ >= 0) {
      close_function(id_);
    }
  }

  [[nodiscard]] hid_t get() const noexcept { return id_; }
  /// Gives the identifier away, unclosed.
  hid_t release() noexcept { return std::exchange(id_, H5I_INVALID_HID); }
  /// Closes now, and reports it if that fails.
  void close(const Doing& doing) {
    if (id_ >= 0) {
      checked(close_function(release()), doing);
    }
  }

 private:
  hid_t id_ = H5I_INVALID_HID;
};

using File = Handle<H5Fclose>;
using Group = Handle<H5Gclose>;
using Dataset = Handle<H5Dclose>;
using Dataspace = Handle<H5Sclose>;
using Datatype = Handle<H5Tclose>;
using Attribute = Handle<H5Aclose>;
using PropertyList = Handle<H5Pclose>;

/// The sizes of a dataset's dimensions; none for a scalar. \throws LibraryError
[[nodiscard]] std::vector<hsize_t> shape_of(const Dataset& dataset, const Doing& doing);

}  // namespace qbsweep::hdf5
