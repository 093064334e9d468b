// Every refusal of a sweep file is one line: its place, its key, what was found, what is accepted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "refused.hpp"

namespace qbsweep {
namespace {

using test::Refusal;
using test::refusal;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST_P(Refusal, IsOneLineWithPlaceKeyFoundAndAccepted) {
  const std::string message = refusal(GetParam().text);
  EXPECT_THAT(message, StartsWith(GetParam().begin + "found "));
  EXPECT_THAT(message, HasSubstr(GetParam().rest));
  EXPECT_THAT(message, HasSubstr("; accepted: "));
  EXPECT_THAT(message, Not(HasSubstr("\n")));
  EXPECT_LT(message.size(), 500u);
}

}  // namespace
}  // namespace qbsweep
