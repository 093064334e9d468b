#include "qbsweep/support/error.hpp"

#include <cctype>

namespace qbsweep {

LibraryError::LibraryError(const std::string& library, int code, const std::string& doing,
                           const std::string& text)
    : EnvironmentError(one_line("cannot " + doing + ": " + library + " error " +
                                std::to_string(code) + (text.empty() ? "" : ": " + text))),
      library_(library),
      code_(code) {}

std::string one_line(const std::string& text) {
  std::string folded;
  for (const char c : text) {
    const bool blank = std::isspace(static_cast<unsigned char>(c)) != 0;
    if (!blank) {
      folded += c;
    } else if (!folded.empty() && folded.back() != ' ') {
      folded += ' ';
    }
  }
  while (!folded.empty() && folded.back() == ' ') {
    folded.pop_back();
  }
  return folded;
}

}  // namespace qbsweep
