#pragma once
/// \file
/// Memory that could not be had, in words.

#include <new>
#include <string>

namespace qbsweep {

/// A std::bad_alloc that knows how much was asked for. In the program `operator new` throws it,
/// too.
class OutOfMemory : public std::bad_alloc {
 public:
  explicit OutOfMemory(double bytes) noexcept : bytes_(bytes) {}
  [[nodiscard]] double bytes() const noexcept { return bytes_; }

 private:
  double bytes_;
};

/// "out of memory: 3.1 GiB more are needed, and 1.2 GiB are available", as far as it is known.
[[nodiscard]] std::string describe(const std::bad_alloc& error);

}  // namespace qbsweep
