#pragma once
/// \file
/// The checksum by which damage to stored bytes is found.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace qbsweep {

/// The CRC-32 of some bytes (zlib's, that of gzip and PNG): every change of up to 32 neighbouring
/// bits is found, any other with a probability of 1 - 2^-32. May be called in a signal handler.
/// \param before  the checksum of the bytes before these; 0 if there are none
[[nodiscard]] std::uint32_t checksum(const void* bytes, std::size_t size,
                                     std::uint32_t before = 0) noexcept;

[[nodiscard]] inline std::uint32_t text_checksum(std::string_view text,
                                                 std::uint32_t before = 0) noexcept {
  return checksum(text.data(), text.size(), before);
}

}  // namespace qbsweep
