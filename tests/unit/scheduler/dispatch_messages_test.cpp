// What ranks tell each other while points are handed out comes as it was sent, every field of it.
#include "scheduler/dispatch_messages.hpp"

#include <gtest/gtest.h>

namespace qbsweep {
namespace {

TEST(DispatchMessages, RequestsComeAsTheyWereSent) {
  for (const bool fatal : {false, true}) {
    Request sent;
    sent.stage = 3;
    sent.result = {7, {{11, "no memory"}, {13, ""}}};
    sent.seconds = 2.5;
    sent.stop = true;
    if (fatal) {
      sent.fatal = "the disk is full";
    }
    Request found;
    from_bytes(to_bytes(sent), found);
    EXPECT_EQ(found.stage, 3);
    EXPECT_EQ(found.result.done, 7);
    ASSERT_EQ(found.result.failures.size(), 2U);
    EXPECT_EQ(found.result.failures[0].index, 11);
    EXPECT_EQ(found.result.failures[0].message, "no memory");
    EXPECT_EQ(found.result.failures[1].index, 13);
    EXPECT_EQ(found.result.failures[1].message, "");
    EXPECT_EQ(found.seconds, 2.5);
    EXPECT_TRUE(found.stop);
    EXPECT_EQ(found.fatal, sent.fatal);
  }
}

TEST(DispatchMessages, OutcomesComeAsTheyWereSent) {
  const RunOutcome sent = {RunOutcome::End::fatal, {10, 5, 2, 100.0, 60.5}, "rank 3: no memory"};
  RunOutcome found;
  from_bytes(to_bytes(sent), found);
  EXPECT_EQ(found.end, RunOutcome::End::fatal);
  EXPECT_EQ(found.counts.total, 10);
  EXPECT_EQ(found.counts.done, 5);
  EXPECT_EQ(found.counts.failed, 2);
  EXPECT_EQ(found.counts.cost_total, 100.0);
  EXPECT_EQ(found.counts.cost_finished, 60.5);
  EXPECT_EQ(found.fatal, "rank 3: no memory");
}

}  // namespace
}  // namespace qbsweep
