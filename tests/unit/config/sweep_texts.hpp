#pragma once
/// \file
/// Sweep files for the tests, and what happens when they are read.

#include <string>
#include <vector>

#include "qbsweep/config/sweep.hpp"
#include "qbsweep/support/error.hpp"

namespace qbsweep::test {

/// The file every test starts from: one point. The parameters are on lines 3 to 5.
inline const std::string plain =
    "name: plain\n"
    "parameters:\n"
    "  interaction: dicke\n"
    "  N: 4\n"
    "  g: 0.5\n"
    "  m: 4\n"
    "charging: {}\n";

/// `plain` with one text replaced by another.
inline std::string with(const std::string& from, const std::string& to, std::string text = plain) {
  return text.replace(text.find(from), from.size(), to);
}

/// `plain` without m, with `axes`; `axes` starts on line 7.
inline std::string with_axes(const std::string& axes) {
  return with("  m: 4\n", "  m_per_n: 1\n", with("charging: {}\n", axes + "charging: {}\n"));
}

inline Sweep read(const std::string& text, const std::vector<std::string>& overrides = {}) {
  return Sweep::from_text(text, "f.yaml", overrides);
}

/// The message `text` is refused with, empty if it is accepted.
inline std::string refusal(const std::string& text,
                           const std::vector<std::string>& overrides = {}) {
  try {
    (void)read(text, overrides);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

}  // namespace qbsweep::test
