#include "yaml_document.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <sstream>
#include <string_view>
#include <unordered_map>

namespace qbsweep {
namespace {

/// The deepest thing in a sweep file is a value of a zipped axis, on level 6.
constexpr std::size_t deepest = 12;

/// Builds the tree from the parser's events, and refuses what is not wanted as soon as it appears:
/// before the parser could recurse into it.
class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(std::shared_ptr<const std::string> origin, bool count_lines)
      : origin_(std::move(origin)), count_lines_(count_lines) {}

  [[nodiscard]] Place place(const YAML::Mark& mark) const {
    return {origin_, count_lines_ && !mark.is_null() ? mark.line + 1 : 0};
  }
  [[nodiscard]] YamlNode take_root() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (documents_++ > 0) {
      refuse(place(mark), "", "a second YAML document", "one document");
    }
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add(make(YamlNode::Kind::null, mark, anchor, "?"));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    refuse(place(mark), path(), "a YAML alias (*name)", "the value itself");
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    YamlNode node = make(YamlNode::Kind::scalar, mark, anchor, tag);
    node.text = value;
    node.quoted = tag == "!";
    add(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open(make(YamlNode::Kind::list, mark, anchor, tag));
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open(make(YamlNode::Kind::map, mark, anchor, tag));
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override { close(); }

 private:
  /// A list or map that is not complete yet.
  struct Open {
    YamlNode node;
    bool has_key = false;  ///< of a map: the key was read, its value comes next
    std::string key;
    Place key_place;
    std::unordered_map<std::string, int> key_lines;
  };

  YamlNode make(YamlNode::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor,
                const std::string& tag) const {
    if (anchor != 0) {
      refuse(place(mark), path(), "a YAML anchor (&name)", "the value itself");
    }
    // "?" and "!" are the parser's own marks of plain and of quoted text.
    if (!tag.empty() && tag != "?" && tag != "!") {
      refuse(place(mark), path(), fmt::format("a YAML tag ({})", shown(tag)), "the value itself");
    }
    YamlNode node;
    node.kind = kind;
    node.place = place(mark);
    return node;
  }

  void open(YamlNode node) {
    if (open_.size() >= deepest) {
      refuse(node.place, "", fmt::format("lists or maps nested more than {} deep", deepest),
             "the nesting of a sweep file");
    }
    open_.push_back({std::move(node), false, {}, {}, {}});
  }

  void close() {
    YamlNode node = std::move(open_.back().node);
    open_.pop_back();
    add(std::move(node));
  }

  void add(YamlNode node) {
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    Open& parent = open_.back();
    if (parent.node.is_list()) {
      parent.node.items.push_back(std::move(node));
    } else if (!parent.has_key) {
      add_key(parent, node);
    } else {
      if (node.is_null()) {
        node.place = parent.key_place;  // the parser's mark is where it gave up looking
      }
      parent.node.entries.push_back({parent.key, parent.key_place, std::move(node)});
      parent.has_key = false;
    }
  }

  void add_key(Open& parent, const YamlNode& key) const {
    if (!key.is_scalar()) {
      refuse(key.place, path(), key.found() + " as a key", "a word as a key");
    }
    const auto [first, is_new] = parent.key_lines.emplace(key.text, key.place.line);
    if (!is_new) {
      refuse(key.place, dotted(path(), shown(key.text)),
             fmt::format("the key again (first on line {})", first->second), "every key once");
    }
    parent.key = key.text;
    parent.key_place = key.place;
    parent.has_key = true;
  }

  /// The dotted keys that lead to where the parser is.
  [[nodiscard]] std::string path() const {
    std::string keys;
    for (const Open& level : open_) {
      if (level.node.is_list()) {
        keys += fmt::format("[{}]", level.node.items.size());
      } else if (level.has_key) {
        keys = dotted(keys, shown(level.key));
      }
    }
    return keys;
  }

  std::shared_ptr<const std::string> origin_;
  bool count_lines_;
  int documents_ = 0;
  std::vector<Open> open_;
  YamlNode root_;
};

/// The length of the UTF-8 character that `text` starts with, 0 if it is none or a control
/// character other than tab and line ends.
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  if (first < 0x80) {
    const bool printable = first >= 0x20 && first != 0x7f;
    return printable || first == '\t' || first == '\n' || first == '\r' ? 1 : 0;
  }
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) {
    return 0;
  }
  unsigned code = first & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0U) != 0x80U) {
      return 0;
    }
    code = code << 6U | (byte(i) & 0x3fU);
  }
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  const bool surrogate = code >= 0xd800 && code <= 0xdfff;
  return overlong || surrogate || code > 0x10ffff ? 0 : length;
}

void require_text(const std::string& text, const TreeBuilder& builder) {
  YAML::Mark mark;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t length = character_length(rest);
    if (length == 0) {
      refuse(builder.place(mark), "",
             fmt::format("the byte 0x{:02x}", static_cast<unsigned char>(rest.front())),
             "UTF-8 text");
    }
    mark.line += rest.front() == '\n' ? 1 : 0;
    rest.remove_prefix(length);
  }
}

}  // namespace

YamlNode parse_yaml(const std::string& text, const std::string& origin, bool count_lines) {
  TreeBuilder builder(std::make_shared<const std::string>(origin), count_lines);
  if (text.size() > largest_file) {
    refuse(builder.place(YAML::Mark::null_mark()), "",
           fmt::format("more than {} bytes", largest_file),
           fmt::format("a text of at most {} bytes", largest_file));
  }
  require_text(text, builder);
  try {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& error) {
    refuse(builder.place(error.mark), "", "what is not YAML (" + shown(error.msg) + ")", "YAML");
  }
  YamlNode root = builder.take_root();
  if (root.place.origin == nullptr) {
    root.place = builder.place(YAML::Mark());
  }
  return root;
}

}  // namespace qbsweep
