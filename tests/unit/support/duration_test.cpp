// Durations as users give them and as they are shown.
#include "qbsweep/support/duration.hpp"

#include <gtest/gtest.h>

namespace qbsweep {
namespace {

TEST(ParseDuration, TakesSecondsUnitsAndClocks) {
  EXPECT_EQ(parse_duration("90"), 90);
  EXPECT_EQ(parse_duration("0.5"), 0.5);
  EXPECT_EQ(parse_duration("45s"), 45);
  EXPECT_EQ(parse_duration("30min"), 1800);
  EXPECT_EQ(parse_duration("30m"), 1800);
  EXPECT_EQ(parse_duration("1.5h"), 5400);
  EXPECT_EQ(parse_duration("2d"), 172800);
  EXPECT_EQ(parse_duration("1h30min"), 5400);
  EXPECT_EQ(parse_duration("1d2h3min4s"), 86400 + 7200 + 180 + 4);
  EXPECT_EQ(parse_duration("05:30"), 330);
  EXPECT_EQ(parse_duration("02:30:00"), 9000);
  EXPECT_EQ(parse_duration("1-12:00:00"), 129600);
}

TEST(ParseDuration, TakesNothingElse) {
  for (const char* text :
       {"",    " ",   "0",    "0s",      "-5",        "5x",      "h",   "1h-5min",
        "1:",  ":30", "1:60", "1:2:3:4", "1-2",       "a-1:00",  "inf", "nan",
        "1e3", "5 s", "1,5h", "1.2.3h",  "10minutes", "1h 30min"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << "'" << text << "'";
  }
}

}  // namespace
}  // namespace qbsweep
