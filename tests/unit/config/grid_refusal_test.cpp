#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sweep_texts.hpp"

namespace qbsweep {
namespace {

using test::refusal;
using testing::HasSubstr;

// A grid is not looked at point by point: what is wrong must be found wherever on it.
TEST(RefusalOfAGrid, FindsTheOnePointThatIsWrong) {
  const auto with_parameters = [](const std::string& parameters, const std::string& axes) {
    return refusal("name: grid\nparameters: {interaction: dicke, " + parameters + "}\naxes:\n" +
                   axes + "charging: {}\n");
  };
  const std::string rates =
      "  - {name: kappa, linspace: {from: 0.1, to: 0.9, count: 100}}\n"
      "  - {name: gamma_phi, linspace: {from: 0.1, to: 0.9, count: 100}}\n";
  // The least of an axis, in its middle: no window.
  EXPECT_THAT(with_parameters("N: 2, m: 1", rates + "  - {name: g, values: [1, 0, 2]}\n"),
              HasSubstr("found g = 0 at kappa=0.1, gamma_phi=0.1, g=0; "));
  // The last of two axes together: too many levels.
  EXPECT_THAT(with_parameters("g: 1, gamma_down: 0, fock_dim: paper",
                              "  - {name: kappa, linspace: {from: 0.1, to: 0.9, count: 1000}}\n"
                              "  - {name: m_per_n, linspace: {from: 1, to: 30, count: 30}}\n"
                              "  - {name: N, range: {from: 1, to: 1000, step: 1}}\n"),
              HasSubstr("found m = 30000 at kappa=0.1, m_per_n=30, N=1000; "));
  // Not at an end: half a photon.
  EXPECT_THAT(with_parameters("g: 1, charger: fock, fock_dim: 9, m_per_n: 0.5",
                              rates + "  - {name: N, values: [2, 4, 5, 6]}\n"),
              HasSubstr("found m = 2.5 at kappa=0.1, gamma_phi=0.1, N=5; "));
  EXPECT_THAT(with_parameters("g: 1, charger: fock, fock_dim: 9, N: 1",
                              rates + "  - {name: m, values: [2, 4.5, 6]}\n"),
              HasSubstr("found m = 4.5 at kappa=0.1, gamma_phi=0.1, m=4.5; "));
  // A product, of the largest of both.
  EXPECT_THAT(with_parameters("N: 1, m: 1",
                              "  - {name: g_over_gc, values: [1, 1e60, 2]}\n"
                              "  - {name: omega_0, values: [1, 1e90, 2]}\n"),
              HasSubstr(" at g_over_gc=1e+60, omega_0=1e+90; "));
}

}  // namespace
}  // namespace qbsweep
