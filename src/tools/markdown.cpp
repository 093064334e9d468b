#include "markdown.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace qbsweep::reference {
namespace {

std::string escaped(std::string_view cell) {
  std::string text;
  bool in_code = false;
  for (const char c : cell) {
    in_code = in_code != (c == '`');
    // A bar ends the cell in code, too; the others are as good as letters there.
    if (c == '|' || (!in_code && (c == '<' || c == '*'))) {
      text += '\\';
    }
    text += c;
  }
  return text;
}

std::string line(const std::vector<std::string>& cells) {
  return fmt::format("| {} |\n", fmt::join(cells, " | "));
}

}  // namespace

std::string code(std::string_view text) {
  return fmt::format("`{}`", text);
}

std::string table(const std::vector<std::string>& head,
                  const std::vector<std::vector<std::string>>& rows) {
  std::string text = line(head) + line(std::vector<std::string>(head.size(), "---"));
  for (auto cells : rows) {
    for (std::string& cell : cells) {
      cell = escaped(cell);
    }
    text += line(cells);
  }
  return text;
}

}  // namespace qbsweep::reference
