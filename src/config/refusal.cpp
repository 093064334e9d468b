#include "refusal.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "qbsweep/support/error.hpp"

namespace qbsweep {
namespace {

constexpr std::size_t longest_shown = 80;

}  // namespace

std::string Place::text() const {
  return line > 0 ? fmt::format("{}:{}", *origin, line) : *origin;
}

void refuse(const Place& place, const std::string& key, const std::string& found,
            const std::string& accepted) {
  throw InputError(one_line(fmt::format("{}: {}{}found {}; accepted: {}", place.text(), key,
                                        key.empty() ? "" : ": ", found, accepted)));
}

std::string shown(const std::string& text) {
  std::string line = one_line(text);
  std::replace_if(
      line.begin(), line.end(), [](unsigned char c) { return c < ' ' || c == 0x7f; }, '?');
  if (line.size() > longest_shown) {
    std::size_t end = longest_shown;
    while ((static_cast<unsigned char>(line[end]) & 0xc0) == 0x80) {
      --end;  // not within a character of several bytes
    }
    line = line.substr(0, end) + "...";
  }
  return line;
}

std::string dotted(const std::string& path, const std::string& key) {
  return path.empty() ? key : path + "." + key;
}

}  // namespace qbsweep
