#include "yaml_node.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace qbsweep {

const YamlNode* YamlNode::find(const std::string& key) const {
  const auto entry = std::find_if(entries.begin(), entries.end(),
                                  [&](const auto& candidate) { return candidate.key == key; });
  return entry == entries.end() ? nullptr : &entry->value;
}

YamlNode* YamlNode::find(const std::string& key) {
  return const_cast<YamlNode*>(std::as_const(*this).find(key));
}

void YamlNode::set(const std::string& key, YamlNode value) {
  if (YamlNode* present = find(key)) {
    *present = std::move(value);
  } else {
    const Place at = value.place;
    entries.push_back({key, at, std::move(value)});
  }
}

void YamlNode::erase(const std::string& key) {
  std::erase_if(entries, [&](const auto& candidate) { return candidate.key == key; });
}

std::string YamlNode::found() const {
  switch (kind) {
    case Kind::null:
      return "nothing";
    case Kind::list:
      return "a list";
    case Kind::map:
      return "a map";
    case Kind::scalar:
      break;
  }
  return quoted ? fmt::format("\"{}\" (in quotes)", shown(text)) : shown(text);
}

}  // namespace qbsweep
