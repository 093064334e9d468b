// The log of failed points beside an archive.
#include "qbsweep/archive/failures_log.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "archive_example.hpp"

namespace qbsweep::test {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;

class Failures : public testing::Test {
 protected:
  [[nodiscard]] std::vector<json> entries() const {
    std::vector<json> all;
    std::ifstream file(log_.path());
    for (std::string line; std::getline(file, line);) {
      all.push_back(json::parse(line));
    }
    return all;
  }

  Folder folder_;
  FailuresLog log_{folder_.file("a.h5")};
};

TEST_F(Failures, OneObjectALine) {
  EXPECT_THAT(folder_.contents(), IsEmpty());
  log_.append(17, "N=4, noise=all", "no convergence\nafter 3 tries");
  log_.append(3, "N=1", "bytes that are no text: \xff");
  EXPECT_THAT(folder_.contents(), ElementsAre("a.h5.failures.jsonl"));
  const auto all = entries();
  ASSERT_EQ(all.size(), 2);
  EXPECT_EQ(all[0]["point"], 17);
  EXPECT_EQ(all[0]["where"], "N=4, noise=all");
  EXPECT_EQ(all[0]["message"], "no convergence\nafter 3 tries");
  EXPECT_THAT(all[0]["time"].get<std::string>(),
              MatchesRegex("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"));
  EXPECT_THAT(all[1]["message"].get<std::string>(),
              HasSubstr("bytes that are no text: \xef\xbf\xbd"));
}

TEST_F(Failures, TheLatestLineOfAPointIsKept) {
  log_.append(1, "N=1", "first");
  log_.append(2, "N=2", "other");
  log_.append(1, "N=1", "second");
  log_.append(5, "N=5", "mended");
  log_.keep_only({1, 2, 4});
  const auto all = entries();
  ASSERT_EQ(all.size(), 2);
  EXPECT_EQ(all[0]["message"], "second");
  EXPECT_EQ(all[1]["message"], "other");
  EXPECT_THAT(folder_.contents(), ElementsAre("a.h5.failures.jsonl"));
  log_.keep_only({});
  EXPECT_THAT(folder_.contents(), IsEmpty());
  log_.keep_only({});
}

TEST_F(Failures, ALineThatWasCutOffCostsNoOther) {
  log_.append(1, "N=1", "whole");
  std::ofstream(log_.path(), std::ios::app) << R"({"point": 2, "mess)";
  log_.append(3, "N=3", "after the kill");
  log_.keep_only({1, 2, 3});
  const auto all = entries();
  ASSERT_EQ(all.size(), 2);
  EXPECT_EQ(all[0]["point"], 1);
  EXPECT_EQ(all[1]["point"], 3);
}

TEST_F(Failures, WritingErrorsAreReported) {
  FailuresLog nowhere(folder_.file("none/a.h5"));
  EXPECT_THAT(message_of<EnvironmentError>([&] { nowhere.append(1, "N=1", "lost"); }),
              HasSubstr("No such file or directory"));
}

}  // namespace
}  // namespace qbsweep::test
