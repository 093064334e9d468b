#include "dispatch_messages.hpp"

#include <cstring>
#include <type_traits>

#include "qbsweep/support/error.hpp"

namespace qbsweep {

namespace {

class Packer {
 public:
  template <typename T>
  void put(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    append(&value, sizeof value);
  }
  void put(const std::string& text) {
    put(text.size());
    append(text.data(), text.size());
  }
  void put(std::span<const std::int64_t> numbers) {
    put(numbers.size());
    append(numbers.data(), numbers.size_bytes());
  }
  [[nodiscard]] Bytes take() { return std::move(bytes_); }

 private:
  void append(const void* data, std::size_t size) {
    const auto* first = static_cast<const std::byte*>(data);
    bytes_.insert(bytes_.end(), first, first + size);
  }
  Bytes bytes_;
};

class Unpacker {
 public:
  explicit Unpacker(std::span<const std::byte> bytes) : rest_(bytes) {}

  template <typename T>
  [[nodiscard]] T number() {
    static_assert(std::is_trivially_copyable_v<T>);
    T value{};
    std::memcpy(&value, next(sizeof value), sizeof value);
    return value;
  }
  [[nodiscard]] std::string text() {
    const auto size = number<std::size_t>();
    return {reinterpret_cast<const char*>(next(size)), size};
  }
  [[nodiscard]] std::vector<std::int64_t> numbers() {
    const auto size = number<std::size_t>();
    require(size <= rest_.size() / sizeof(std::int64_t));
    std::vector<std::int64_t> values(size);
    if (size > 0) {
      std::memcpy(values.data(), next(size * sizeof(std::int64_t)), size * sizeof(std::int64_t));
    }
    return values;
  }
  void expect_end() const { require(rest_.empty()); }

 private:
  static void require(bool fine) {
    if (!fine) {
      throw EnvironmentError("a message between ranks is damaged");
    }
  }
  const std::byte* next(std::size_t size) {
    require(size <= rest_.size());
    const std::byte* data = rest_.data();
    rest_ = rest_.subspan(size);
    return data;
  }
  std::span<const std::byte> rest_;
};

}  // namespace

Bytes pack(const Request& request) {
  Packer packer;
  packer.put(request.stage);
  packer.put(request.result.done);
  packer.put(request.result.failures.size());
  for (const PointFailure& failure : request.result.failures) {
    packer.put(failure.index);
    packer.put(failure.message);
  }
  packer.put(request.seconds);
  packer.put(request.stop);
  packer.put(request.fatal.has_value());
  packer.put(request.fatal.value_or(""));
  return packer.take();
}

Bytes pack(std::span<const std::int64_t> points) {
  Packer packer;
  packer.put(points);
  return packer.take();
}

Bytes pack(const RunOutcome& outcome) {
  Packer packer;
  packer.put(outcome.end);
  packer.put(outcome.counts);
  packer.put(outcome.fatal);
  return packer.take();
}

Request unpack_request(std::span<const std::byte> bytes) {
  Unpacker unpacker(bytes);
  Request request;
  request.stage = unpacker.number<std::int32_t>();
  request.result.done = unpacker.number<std::int64_t>();
  for (auto failures = unpacker.number<std::size_t>(); failures > 0; --failures) {
    const auto index = unpacker.number<std::int64_t>();
    request.result.failures.push_back({index, unpacker.text()});
  }
  request.seconds = unpacker.number<double>();
  request.stop = unpacker.number<bool>();
  const bool fatal = unpacker.number<bool>();
  const std::string text = unpacker.text();
  if (fatal) {
    request.fatal = text;
  }
  unpacker.expect_end();
  return request;
}

std::vector<std::int64_t> unpack_points(std::span<const std::byte> bytes) {
  Unpacker unpacker(bytes);
  std::vector<std::int64_t> points = unpacker.numbers();
  unpacker.expect_end();
  return points;
}

RunOutcome unpack_outcome(std::span<const std::byte> bytes) {
  Unpacker unpacker(bytes);
  RunOutcome outcome;
  outcome.end = unpacker.number<RunOutcome::End>();
  outcome.counts = unpacker.number<PointCounts>();
  outcome.fatal = unpacker.text();
  unpacker.expect_end();
  return outcome;
}

}  // namespace qbsweep
