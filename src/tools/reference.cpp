// Prints a page of docs/ to standard output: the target `docs` writes them, the test
// docs.references compares. Not installed.
#include <cstdio>
#include <exception>
#include <string_view>

#include "pages.hpp"

namespace {

int print(const std::string& page) {
  const bool complete = std::fwrite(page.data(), 1, page.size(), stdout) == page.size();
  return std::fflush(stdout) == 0 && complete ? 0 : 2;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const std::string_view page = argc == 2 ? argv[1] : "";
    if (page == "sweep-file") {
      return print(qbsweep::reference::sweep_file_page());
    }
    if (page == "archive") {
      return print(qbsweep::reference::archive_page());
    }
    std::fputs("usage: qbsweep_reference sweep-file|archive\n", stderr);
    return 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "qbsweep_reference: %s\n", error.what());
    return 2;
  }
}
