#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sweep_texts.hpp"

namespace qbsweep {
namespace {

using test::plain;
using test::refusal;
using test::with;
using test::with_axes;
using testing::HasSubstr;
using testing::StartsWith;

TEST(RefusalOfOverrides, NamesTheArgument) {
  const auto message = [](const std::string& override) { return refusal(plain, {override}); };
  EXPECT_THAT(message("kappa=-1"), StartsWith("--set kappa=-1: parameters.kappa: found -1; acc"));
  EXPECT_THAT(message("N=[1,1]"), StartsWith("--set N=[1,1]: axes.N.values: found 1 twice"));
  EXPECT_THAT(message("N"), StartsWith("--set N: found no key=value; accepted: key=value"));
  EXPECT_THAT(message("=3"), StartsWith("--set =3: found no key=value"));
  EXPECT_THAT(message("N="),
              StartsWith("--set N=: N: found nothing; accepted: a value, or a list"));
  EXPECT_THAT(message("N={a: 1}"), HasSubstr("found a map"));
  EXPECT_THAT(message("fock_dim=all"),
              StartsWith("--set fock_dim=all: parameters.fock_dim: found all; "
                         "accepted: paper, auto or a whole number from 2"));
  EXPECT_THAT(message("N=[1"), StartsWith("--set N=[1: found what is not YAML"));
  EXPECT_THAT(message("N=&a 3"), HasSubstr("a YAML anchor"));
  EXPECT_THAT(message("n_atoms=3"), HasSubstr("n_atoms: found an unknown key; accepted: inter"));
  EXPECT_THAT(message("kapa=3"), HasSubstr("(did you mean kappa?)"));
  EXPECT_THAT(message("charging.t_max=[1]"), HasSubstr("charging.t_max: found a list"));
  EXPECT_THAT(message("charging.samples=1"),
              HasSubstr("charging.samples: found 1; accepted: 0 or"));
  EXPECT_THAT(message("steady_state.method=fast"),
              StartsWith("--set steady_state.method=fast: steady_state.method: found fast; "
                         "accepted: auto, shift_invert, propagator or gmres"));
  EXPECT_THAT(message("steady_state.gpa=true"), HasSubstr("(did you mean steady_state.gap?)"));
  EXPECT_THAT(message("steady_state.gap=[true]"), HasSubstr("steady_state.gap: found a list"));
  EXPECT_THAT(message("steady_state=true"), HasSubstr("steady_state: found an unknown key"));
  EXPECT_THAT(message("charging.tmax=1"), HasSubstr("(did you mean charging.t_max?)"));
  EXPECT_THAT(message("description=x"), HasSubstr("an unknown key"));
  EXPECT_THAT(message("name=a b"), StartsWith("--set name=a b: name: found a b"));
  EXPECT_THAT(message("g=0"), HasSubstr("give charging.t_max"));
}

TEST(RefusalOfOverrides, LeavesZippedAxesAlone) {
  const std::string zipped = with_axes("axes: [{name: z, labels: [a], values: {kappa: [1]}}]\n");
  EXPECT_THAT(refusal(zipped, {"kappa=1"}),
              StartsWith("--set kappa=1: kappa: found a parameter of the axis z with labels"));
  EXPECT_THAT(refusal(zipped, {"z=1"}), StartsWith("--set z=1: z: found an axis with labels"));
  const std::string pair =
      with("  g: 0.5\n", "", with_axes("axes: [{name: z, labels: [a], values: {g: [1]}}]\n"));
  EXPECT_THAT(refusal(pair, {"g_over_gc=1"}), HasSubstr("a parameter of the axis z"));
}

}  // namespace
}  // namespace qbsweep
