// Files that are no sweep files at all are refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "refused.hpp"

namespace qbsweep {
namespace {

using test::plain;
using test::Refusal;
using test::Refused;
using test::with;
using testing::HasSubstr;
using testing::StartsWith;

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) {
    all += text;
  }
  return all;
}

INSTANTIATE_TEST_SUITE_P(
    Yaml, Refusal,
    testing::Values(
        Refused{with("N: 4", "N: 4\n  N: 5"), "f.yaml:5: parameters.N: ", "(first on line 4)"},
        Refused{plain + "name: again\n", "f.yaml:8: name: ", "the key again"},
        Refused{with("N: 4", "N: &n 4"), "f.yaml:4: parameters.N: ", "a YAML anchor"},
        Refused{with("N: 4", "N: *n"), "f.yaml:4: ", "what is not YAML"},
        Refused{with("N: 4", "N: !!int 4"), "f.yaml:4: parameters.N: ", "a YAML tag"},
        Refused{plain + "---\n" + plain, "f.yaml:8: ", "a second YAML document"},
        Refused{with("N: 4", "N: [4"), "f.yaml:5: ", "what is not YAML"},
        Refused{with("N: 4", "\tN: 4"), "f.yaml:4: ", "what is not YAML"},
        Refused{with("N: 4", "[1, 2]: 4"), "f.yaml:4: parameters: ", "a list as a key"},
        Refused{with("N: 4", "? {a: b}\n  : 4"), "f.yaml:4: parameters: ", "a map as a key"},
        Refused{repeated("[", 100'000), "f.yaml:1: ", "nested more than"},
        Refused{repeated("{a: ", 100'000), "f.yaml:1: ", "nested more than"},
        Refused{repeated("- ", 100'000), "f.yaml:1: ", "nested more than"},
        Refused{repeated("? ", 100'000), "f.yaml:1: ", "nested more than"},
        Refused{repeated("name: x\n", 140'000), "f.yaml: ", "more than 1048576 bytes"},
        Refused{plain + std::string(1, '\0'), "f.yaml:8: ", "the byte 0x00; accepted: UTF-8 text"},
        Refused{plain + "# \xff\xfe", "f.yaml:8: ", "the byte 0xff"},
        Refused{"\x89HDF\r\n\x1a\n", "f.yaml:1: ", "the byte 0x89"},
        Refused{plain + "# \xed\xa0\x80", "f.yaml:8: ", "the byte 0xed"},
        Refused{plain + "# \xc0\x80", "f.yaml:8: ", "the byte 0xc0"},
        Refused{with("name: plain", "name: " + repeated("long ", 1000)),
                "f.yaml:1: name: ", "..."}));

TEST(RefusalOfFiles, IsAboutTheInput) {
  const auto message = [](const std::string& path) -> std::string {
    try {
      (void)Sweep::from_file(path);
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  };
  const std::string folder = testing::TempDir();
  EXPECT_EQ(
      message(folder + "missing.yaml"),
      folder + "missing.yaml: found no such file; accepted: a sweep file (YAML) that can be read");
  EXPECT_THAT(message(folder), StartsWith(folder + ": found a directory"));
  EXPECT_THAT(message("/dev/zero"), StartsWith("/dev/zero: found more than 1048576 bytes"));
  EXPECT_THAT(message(""), HasSubstr("found no such file"));
}

}  // namespace
}  // namespace qbsweep
