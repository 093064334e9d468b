#pragma once
/// \file
/// The attributes of an archive's root. One table drives their writing and docs/archive.md.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>

#include "qbsweep/config/shard.hpp"
#include "qbsweep/config/sweep.hpp"

namespace qbsweep::layout {

/// What the attributes of an archive come from.
struct Origin {
  const Sweep& sweep;
  const std::optional<Shard>& shard;
  const std::string& path;  ///< for messages
};

struct RootAttribute {
  using Text = std::optional<std::string> (*)(const Origin&);
  using Number = std::int32_t (*)(const Origin&);

  /// A number that is known once everything else is there (metadata_checksums.hpp).
  struct Checksum {};

  const char* name;
  const char* meaning;  ///< in Markdown
  /// A text that is nothing is not written.
  std::variant<Text, Number, Checksum> value;
  const char* present = "always";  ///< when the archive has it, in Markdown
};

/// In the order in which they are written.
[[nodiscard]] std::span<const RootAttribute> root_attributes();

}  // namespace qbsweep::layout
