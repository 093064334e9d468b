#pragma once
/// \file
/// A YAML document as a plain tree in which every node knows its place.

#include <string>
#include <vector>

#include "refusal.hpp"

namespace qbsweep {

struct YamlEntry;

struct YamlNode {
  enum class Kind { null, scalar, list, map };

  Kind kind = Kind::null;
  Place place;
  bool quoted = false;             ///< a scalar in quotes: never a number
  std::string text;                ///< of a scalar
  std::vector<YamlNode> items;     ///< of a list
  std::vector<YamlEntry> entries;  ///< of a map, no key twice

  [[nodiscard]] bool is_null() const { return kind == Kind::null; }
  [[nodiscard]] bool is_scalar() const { return kind == Kind::scalar; }
  [[nodiscard]] bool is_list() const { return kind == Kind::list; }
  [[nodiscard]] bool is_map() const { return kind == Kind::map; }

  /// The value of `key` in a map, nullptr if it is not there.
  [[nodiscard]] const YamlNode* find(const std::string& key) const;
  [[nodiscard]] YamlNode* find(const std::string& key);

  /// Gives `key` of a map a value, in the place of the one it has or at the end.
  void set(const std::string& key, YamlNode value);
  void erase(const std::string& key);

  /// What a message says was found: `-0.1`, `"8" (in quotes)`, `a list`, `nothing`.
  [[nodiscard]] std::string found() const;
};

struct YamlEntry {
  std::string key;
  Place key_place;
  YamlNode value;
};

}  // namespace qbsweep
