#pragma once
/// \file
/// What a message says of the words that are accepted, and which of them may have been meant.

#include <string>
#include <vector>

namespace qbsweep {

/// "a", "a or b", "a, b or c".
[[nodiscard]] std::string join_choices(const std::vector<std::string>& choices);

/// The choices that `word` may have been meant to be: those that differ least from it, if that is a
/// slip. Capitals do not count. Of dotted choices the last part alone may be meant: `t_max` is
/// `charging.t_max`.
[[nodiscard]] std::vector<std::string> closest_choices(const std::string& word,
                                                       const std::vector<std::string>& choices);

/// " (did you mean a or b?)" for those of closest_choices(), or else for those of them among
/// `elsewhere`; empty without any.
[[nodiscard]] std::string guess_text(const std::string& word,
                                     const std::vector<std::string>& choices,
                                     const std::vector<std::string>& elsewhere = {});

/// The choices joined, and which of them `word` may have been meant to be, if one is close.
/// \param elsewhere  what is not accepted here, but may have been meant
[[nodiscard]] std::string choices_and_guess(const std::string& word,
                                            const std::vector<std::string>& choices,
                                            const std::vector<std::string>& elsewhere = {});

}  // namespace qbsweep
