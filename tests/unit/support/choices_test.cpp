// Which of the accepted words a wrong one may have been meant to be.
#include "qbsweep/support/choices.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace qbsweep {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Choices, AreJoined) {
  EXPECT_EQ(join_choices({}), "");
  EXPECT_EQ(join_choices({"a"}), "a");
  EXPECT_EQ(join_choices({"a", "b"}), "a or b");
  EXPECT_EQ(join_choices({"a", "b", "c"}), "a, b or c");
}

TEST(Choices, ClosestIsASlipAway) {
  const std::vector<std::string> words = {"kappa", "gamma_down", "gamma_phi", "N", "m", "csv"};
  EXPECT_THAT(closest_choices("kapa", words), ElementsAre("kappa"));
  EXPECT_THAT(closest_choices("gamma-phi", words), ElementsAre("gamma_phi"));
  EXPECT_THAT(closest_choices("cvs", words), ElementsAre("csv"));
  EXPECT_THAT(closest_choices("n", words), ElementsAre("N"));
  EXPECT_THAT(closest_choices("KAPPA", words), ElementsAre("kappa"));
  EXPECT_THAT(closest_choices("x", words), IsEmpty());
  EXPECT_THAT(closest_choices("", words), IsEmpty());
  EXPECT_THAT(closest_choices("omega", words), IsEmpty());
  EXPECT_THAT(closest_choices(std::string(100'000, 'k'), words), IsEmpty());
}

TEST(Choices, LastPartOfDottedOnesSuffices) {
  const std::vector<std::string> keys = {"g", "charging.t_max", "charging.tolerance",
                                         "steady_state.tolerance"};
  EXPECT_THAT(closest_choices("t_max", keys), ElementsAre("charging.t_max"));
  EXPECT_THAT(closest_choices("tmax", keys), ElementsAre("charging.t_max"));
  EXPECT_THAT(closest_choices("charge.t_max", keys), ElementsAre("charging.t_max"));
  EXPECT_THAT(closest_choices("tolerance", keys),
              ElementsAre("charging.tolerance", "steady_state.tolerance"));
  EXPECT_THAT(closest_choices("charging.tolerence", keys), ElementsAre("charging.tolerance"));
  EXPECT_THAT(closest_choices("parameters.g", keys), ElementsAre("g"));
}

TEST(Choices, GuessLooksElsewhereOnlyWhereNothingHereIsClose) {
  EXPECT_EQ(choices_and_guess("kapa", {"kappa", "g"}, {"other.kapa"}),
            "kappa or g (did you mean kappa?)");
  EXPECT_EQ(choices_and_guess("t_max", {"kappa", "g"}, {"charging.t_max"}),
            "kappa or g (did you mean charging.t_max?)");
  EXPECT_EQ(choices_and_guess("other", {"kappa", "g"}, {"charging.t_max"}), "kappa or g");
}

}  // namespace
}  // namespace qbsweep
