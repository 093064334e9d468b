#include "qbsweep/parallel/message.hpp"

#include <algorithm>

#include "qbsweep/support/error.hpp"

namespace qbsweep {

void MessageWriter::append(const void* data, std::size_t size) {
  const auto* first = static_cast<const std::byte*>(data);
  bytes_.insert(bytes_.end(), first, first + size);
}

void MessageReader::get(std::string& text) {
  text.resize(get_size(1));
  copy(text.data(), text.size());
}

void MessageReader::require(bool fine) {
  if (!fine) {
    throw EnvironmentError("a message between ranks is damaged");
  }
}

bool MessageReader::get_bool() {
  std::uint8_t value = 0;
  get(value);
  require(value <= 1);
  return value == 1;
}

std::size_t MessageReader::get_size(std::size_t bytes_each) {
  std::uint64_t size = 0;
  get(size);
  require(size <= rest_.size() / bytes_each);
  return size;
}

void MessageReader::copy(void* data, std::size_t size) {
  require(size <= rest_.size());
  std::copy_n(rest_.begin(), size, static_cast<std::byte*>(data));
  rest_ = rest_.subspan(size);
}

}  // namespace qbsweep
