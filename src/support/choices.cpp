#include "qbsweep/support/choices.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <numeric>
#include <optional>
#include <string_view>

namespace qbsweep {
namespace {

/// Longer ones are no slips; and the cost of comparing grows with the length.
constexpr std::size_t longest_word = 80;

/// The least number of letters to insert, remove or replace, or of neighbours to swap, that turns
/// `a` into `b` (optimal string alignment).
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> rows(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  std::iota(rows[0].begin(), rows[0].end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    rows[i][0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      rows[i][j] = std::min({rows[i - 1][j] + 1, rows[i][j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        rows[i][j] = std::min(rows[i][j], rows[i - 2][j - 2] + 1);
      }
    }
  }
  return rows.back().back();
}

/// How far `word` is from `choice`, if that is a slip: at most a third of the letters wrong. More
/// than that is another word.
std::optional<std::size_t> slip(std::string_view word, std::string_view choice) {
  const std::size_t distance = edit_distance(word, choice);
  return 3 * distance <= choice.size() ? std::optional(distance) : std::nullopt;
}

std::string_view last_part(std::string_view dotted) {
  return dotted.substr(dotted.rfind('.') + 1);  // all of it where there is no dot
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

/// The choices of the least distance, of those that have one.
template <typename Distance>
std::vector<std::string> closest_by(const Distance& distance_of,
                                    const std::vector<std::string>& choices) {
  std::vector<std::string> closest;
  std::size_t least = longest_word;
  for (const std::string& choice : choices) {
    const std::optional<std::size_t> distance = distance_of(choice);
    if (!distance || *distance > least) {
      continue;
    }
    if (*distance < least) {
      closest.clear();
      least = *distance;
    }
    closest.push_back(choice);
  }
  return closest;
}

}  // namespace

std::string join_choices(const std::vector<std::string>& choices) {
  if (choices.size() < 2) {
    return choices.empty() ? "" : choices.front();
  }
  return fmt::format("{} or {}", fmt::join(choices.begin(), choices.end() - 1, ", "),
                     choices.back());
}

std::vector<std::string> closest_choices(const std::string& word,
                                         const std::vector<std::string>& choices) {
  if (word.size() > longest_word) {
    return {};
  }
  const std::string found = lower(word);
  auto closest =
      closest_by([&](const std::string& choice) { return slip(found, lower(choice)); }, choices);
  if (closest.empty()) {
    closest = closest_by(
        [&](const std::string& choice) { return slip(last_part(found), last_part(lower(choice))); },
        choices);
  }
  return closest;
}

std::string guess_text(const std::string& word, const std::vector<std::string>& choices,
                       const std::vector<std::string>& elsewhere) {
  auto closest = closest_choices(word, choices);
  if (closest.empty()) {
    closest = closest_choices(word, elsewhere);
  }
  return closest.empty() ? "" : fmt::format(" (did you mean {}?)", join_choices(closest));
}

std::string choices_and_guess(const std::string& word, const std::vector<std::string>& choices,
                              const std::vector<std::string>& elsewhere) {
  return join_choices(choices) + guess_text(word, choices, elsewhere);
}

}  // namespace qbsweep
