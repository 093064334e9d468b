// Which points are given up after deaths of the job, and what is said of them.
//
// What would be caught: points lost that were merely under way, a sweep that never gets past a
// point that kills, a cause that is not the noted one, deaths of other machines counted.
#include "qbsweep/scheduler/earlier_deaths.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "temporary_folder.hpp"

namespace qbsweep {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr double MiB = 1024.0 * 1024.0;

class EarlierDeathsTest : public ::testing::Test {
 protected:
  void note_crash(int point, int rank, const std::string& signal) const {
    std::ofstream(archive_ + ".crashes.jsonl", std::ios::app)
        << R"({"point":)" << point << R"(,"rank":)" << rank << R"(,"host":"n1","signal":")"
        << signal << "\",\"time\":1}\n";
  }
  void note_run(const std::vector<OomKills>& hosts) const {
    MachineNoteFile(archive_).write({hosts, ""});
  }
  [[nodiscard]] Verdict judge(const std::vector<DeadlyPoint>& suspected,
                              const std::vector<OomKills>& hosts = {}) const {
    return EarlierDeaths(archive_, hosts).judge(suspected);
  }
  [[nodiscard]] std::string cause(const std::vector<OomKills>& hosts) const {
    return judge({{{7, 1.0}, 3, 60 * MiB}}, hosts).given_up.at(0).message;
  }

  test::Folder folder_;
  std::string archive_ = folder_.file("a.h5");
};

std::vector<std::int64_t> given_up(const Verdict& verdict) {
  std::vector<std::int64_t> points;
  for (const PointFailure& point : verdict.given_up) {
    points.push_back(point.index);
  }
  return points;
}

std::vector<std::int64_t> tried_again(const Verdict& verdict) {
  std::vector<std::int64_t> points;
  for (const DeadlyPoint& point : verdict.tried_again) {
    points.push_back(point.point.index);
  }
  return points;
}

TEST_F(EarlierDeathsTest, NothingDeadlyIsNothingGivenUp) {
  note_crash(3, 0, "SIGSEGV");
  const Verdict verdict = judge({});
  EXPECT_TRUE(verdict.given_up.empty());
  EXPECT_TRUE(verdict.tried_again.empty());
}

TEST_F(EarlierDeathsTest, OfSeveralPointsTheOneThatNeedsMostIsGivenUp) {
  const Verdict verdict =
      judge({{{1, 9.0}, 2, 60 * MiB}, {{4, 1.0}, 2, 900 * MiB}, {{8, 1.0}, 2, 70 * MiB}});
  EXPECT_THAT(given_up(verdict), ::testing::ElementsAre(4));
  EXPECT_THAT(tried_again(verdict), ::testing::UnorderedElementsAre(1, 8));
}

TEST_F(EarlierDeathsTest, PointsWithNotedCrashesAreGivenUpAndNoOthers) {
  note_crash(1, 3, "SIGSEGV");
  note_crash(8, 0, "SIGABRT");
  note_crash(1, 3, "SIGSEGV");
  note_crash(1, 2, "SIGBUS");
  const Verdict verdict =
      judge({{{1, 1.0}, 3, 60 * MiB}, {{4, 1.0}, 2, 900 * MiB}, {{8, 1.0}, 2, 70 * MiB}});
  EXPECT_THAT(given_up(verdict), ::testing::UnorderedElementsAre(1, 8));
  EXPECT_THAT(tried_again(verdict), ::testing::ElementsAre(4));
  for (const PointFailure& point : verdict.given_up) {
    EXPECT_EQ(point.message, point.index == 1
                                 ? "the job died 3 times while this point was computed (SIGSEGV on "
                                   "n1, rank 3; SIGBUS on n1, rank 2)"
                                 : "the job died 2 times while this point was computed (SIGABRT on "
                                   "n1, rank 0)");
  }
}

TEST_F(EarlierDeathsTest, OomKillsOfTheSameBootAreCountedOverAllDeaths) {
  note_run({{"n1", "boot", 5}, {"n2", "boot", 5}, {"n3", "boot", 1}, {"n4", "boot", {}}});
  const std::vector<OomKills> now = {
      {"n1", "boot", 7}, {"n2", "rebooted", 9}, {"n4", "boot", 3}, {"n5", "boot", 20}};
  EXPECT_THAT(cause(now), HasSubstr("(no signal was noted, so it was killed from outside: the "
                                    "kernel ended 2 processes for want of memory meanwhile; the "
                                    "point needs about 60 MiB of memory, and "));
  // The next run counts from where this sequence of deaths began, on old machines and new.
  note_run(EarlierDeaths(archive_, now).note_of_this_run().hosts);
  EXPECT_THAT(cause({{"n1", "boot", 8}}), HasSubstr("ended 3 processes"));
  EXPECT_THAT(cause({{"n3", "boot", 2}}), HasSubstr("ended 1 process for"));
  EXPECT_THAT(cause({{"n5", "boot", 24}}), HasSubstr("ended 4 processes"));
}

TEST_F(EarlierDeathsTest, WithoutAnythingKnownOnlyTheNeedIsTold) {
  const std::string without_note = cause({{"n1", "boot", 7}});
  EXPECT_THAT(without_note, HasSubstr("the job died 3 times while this point was computed (killed "
                                      "from outside or its node was lost; the point needs about 60 "
                                      "MiB of memory, and "));
  EXPECT_THAT(without_note, HasSubstr(" are available on this machine)"));
  note_run({{"n1", "boot", 7}});
  EXPECT_THAT(cause({{"n1", "boot", 7}}), Not(HasSubstr("kernel")));
  std::ofstream(archive_ + ".run.json") << "{\"hosts\": [1, {\"host\": 3}]";
  EXPECT_THAT(cause({{"n1", "boot", 9}}), Not(HasSubstr("kernel")));
}

}  // namespace
}  // namespace qbsweep
