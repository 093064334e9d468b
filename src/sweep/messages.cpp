#include "messages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "qbsweep/support/error.hpp"

namespace qbsweep {
namespace {

constexpr std::size_t longest_shown = 80;

/// The least number of letters to insert, remove or replace that turns `a` into `b` (Levenshtein).
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row.back();
}

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

std::string join_choices(const std::vector<std::string>& choices) {
  if (choices.size() < 2) {
    return choices.empty() ? "" : choices.front();
  }
  return fmt::format("{} or {}", fmt::join(choices.begin(), choices.end() - 1, ", "),
                     choices.back());
}

std::string choices_and_guess(const std::string& word, const std::vector<std::string>& choices) {
  std::string text = join_choices(choices);
  if (word.size() > longest_shown || choices.empty()) {
    return text;
  }
  const auto closest = std::min_element(choices.begin(), choices.end(),
                                        [&](const std::string& a, const std::string& b) {
                                          return edit_distance(word, a) < edit_distance(word, b);
                                        });
  // A third of the letters wrong is a slip; more than that is another word.
  if (3 * edit_distance(word, *closest) <= closest->size()) {
    text += fmt::format(" (did you mean {}?)", *closest);
  }
  return text;
}

std::string dotted(const std::string& path, const std::string& key) {
  return path.empty() ? key : path + "." + key;
}

}  // namespace qbsweep
