#include "slot_checksums.hpp"

#include <bit>
#include <string_view>

#include "qbsweep/support/checksum.hpp"

namespace qbsweep {

namespace {

static_assert(std::endian::native == std::endian::little, "checksums are of little-endian numbers");

/// 0 stands for none.
std::uint32_t not_zero(std::uint32_t value) {
  return value == 0 ? 1 : value;
}

}  // namespace

SlotChecksums::SlotChecksums(std::int64_t first, std::int64_t count) {
  values_.reserve(count);
  for (std::int64_t point = first; point < first + count; ++point) {
    values_.push_back(not_zero(checksum(&point, sizeof point)));
  }
}

void SlotChecksums::add(const layout::Field& field, std::int64_t offset,
                        std::span<const double> numbers, std::size_t in_slot) {
  const std::string_view name = field.name;
  for (std::size_t at = 0; at < numbers.size(); at += in_slot) {
    std::uint32_t& value = values_.at(offset + at / in_slot);
    value = not_zero(checksum(&numbers[at], in_slot * sizeof(double), text_checksum(name, value)));
  }
}

std::uint32_t attempts_checksum(std::int64_t point, std::int32_t attempts) {
  const std::int64_t number = attempts;
  return not_zero(checksum(&number, sizeof number,
                           text_checksum(layout::attempts, checksum(&point, sizeof point))));
}

bool goes_with_attempts(std::uint32_t found, std::int64_t point, std::int32_t attempts) {
  if (attempts == 0) {
    return true;  // never started: nothing hangs on it
  }
  if (attempts < 0) {
    return false;
  }
  if (found == 0) {
    return attempts == 1;
  }
  for (const std::int32_t near : {attempts, attempts - 1, attempts + 1}) {
    if (found == attempts_checksum(point, near)) {
      return true;
    }
  }
  return false;
}

}  // namespace qbsweep
