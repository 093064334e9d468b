#pragma once
/// \file
/// What ranks tell each other, as bytes: numbers, texts, vectors, optionals, maps, and structures
/// of these. message_transport.hpp carries them. All ranks run the same program on the same kind of
/// machine, so numbers travel as they lie in memory.
///
/// A structure names its fields once, for both directions, in its own namespace:
///
///     template <ConstOrNot<PointFailure> T>
///     auto message_fields(T& failure) {
///       return std::tie(failure.index, failure.message);
///     }

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace qbsweep {

using Bytes = std::vector<std::byte>;

/// `Structure` or `const Structure`.
template <typename T, typename Structure>
concept ConstOrNot = std::same_as<std::remove_const_t<T>, Structure>;

template <typename T>
concept MessageNumber = std::is_arithmetic_v<T> || std::is_enum_v<T>;

/// Numbers of which all bytes mean something: many of them are copied at once.
template <typename T>
concept CopiedNumber = MessageNumber<T> && !std::same_as<T, bool>;

/// Appends values to a message.
class MessageWriter {
 public:
  template <MessageNumber T>
  void put(const T& number) {
    append(&number, sizeof number);
  }
  void put(const std::string& text) {
    put_size(text.size());
    append(text.data(), text.size());
  }
  template <typename T>
  void put(const std::vector<T>& values) {
    put_size(values.size());
    if constexpr (CopiedNumber<T>) {
      append(values.data(), values.size() * sizeof(T));
    } else {
      for (const T& value : values) {
        put(value);
      }
    }
  }
  template <typename T>
  void put(const std::optional<T>& value) {
    put(value.has_value());
    if (value) {
      put(*value);
    }
  }
  template <typename Key, typename T>
  void put(const std::map<Key, T>& values) {
    put_size(values.size());
    for (const auto& [key, value] : values) {
      put(key);
      put(value);
    }
  }
  /// A structure.
  template <typename T>
  void put(const T& structure) {
    std::apply([this](const auto&... field) { (put(field), ...); }, message_fields(structure));
  }

  /// The message. Leaves an empty one.
  [[nodiscard]] Bytes take() { return std::exchange(bytes_, {}); }

 private:
  void put_size(std::uint64_t size) { put(size); }
  void append(const void* data, std::size_t size);

  Bytes bytes_;
};

/// Takes the values of a message, in the order in which they were put. Every member throws
/// EnvironmentError where MessageWriter cannot have made what it finds; a value that was begun is
/// then of no use.
class MessageReader {
 public:
  /// \param bytes  outlive this
  explicit MessageReader(std::span<const std::byte> bytes) : rest_(bytes) {}

  template <MessageNumber T>
  void get(T& number) {
    if constexpr (CopiedNumber<T>) {
      copy(&number, sizeof number);
    } else {
      number = get_bool();
    }
  }
  void get(std::string& text);
  template <typename T>
  void get(std::vector<T>& values) {
    // No memory is taken for more than can follow: each value has a byte at least.
    if constexpr (CopiedNumber<T>) {
      values.resize(get_size(sizeof(T)));
      copy(values.data(), values.size() * sizeof(T));
    } else {
      values.clear();
      for (std::size_t left = get_size(1); left > 0; --left) {
        get(values.emplace_back());
      }
    }
  }
  template <typename T>
  void get(std::optional<T>& value) {
    value.reset();
    if (get_bool()) {
      get(value.emplace());
    }
  }
  template <typename Key, typename T>
  void get(std::map<Key, T>& values) {
    values.clear();
    for (std::size_t left = get_size(1); left > 0; --left) {
      Key key{};
      get(key);
      require(values.empty() || values.rbegin()->first < key);
      get(values.emplace_hint(values.end(), std::move(key), T{})->second);
    }
  }
  /// A structure.
  template <typename T>
  void get(T& structure) {
    std::apply([this](auto&... field) { (get(field), ...); }, message_fields(structure));
  }

  /// Nothing may follow.
  void expect_end() const { require(rest_.empty()); }

 private:
  static void require(bool fine);
  [[nodiscard]] bool get_bool();
  /// How many values follow, of `bytes_each` at least.
  [[nodiscard]] std::size_t get_size(std::size_t bytes_each);
  void copy(void* data, std::size_t size);

  std::span<const std::byte> rest_;
};

/// A message of these values.
template <typename... T>
[[nodiscard]] Bytes to_bytes(const T&... values) {
  MessageWriter writer;
  (writer.put(values), ...);
  return writer.take();
}

/// The values of a message that has these and no others.
/// \throws EnvironmentError for bytes that to_bytes() cannot have made of such values
template <typename... T>
void from_bytes(std::span<const std::byte> bytes, T&... values) {
  MessageReader reader(bytes);
  (reader.get(values), ...);
  reader.expect_end();
}

}  // namespace qbsweep
