// What points are estimated to cost.
//
// What would be caught: an estimate that grows without bound where a rate is small or a number
// extreme, and one that is no number.
#include "qbsweep/scheduler/point_estimates.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace qbsweep {
namespace {

double seconds_of(const std::string& parameters, const std::string& sections) {
  const Sweep sweep =
      Sweep::from_text("name: point\nparameters: {" + parameters + "}\n" + sections + "\n", "test");
  const PointEstimate estimate = estimate_point(sweep, 0);
  EXPECT_TRUE(std::isfinite(estimate.seconds) && estimate.seconds > 0) << parameters;
  EXPECT_TRUE(std::isfinite(estimate.memory_bytes)) << parameters;
  EXPECT_TRUE(std::isfinite(estimate.operator_applications)) << parameters;
  return estimate.seconds;
}

// Eight such points took 21 s, and 14 days were predicted.
TEST(PointEstimates, OfSmallRatesAreThoseOfOtherRates) {
  const std::string battery =
      "interaction: dicke, N: 4, g: 0.9, kappa: 0.3, fock_dim: 24, gamma_down: ";
  const std::string gap = "steady_state: {gap: true}";
  const double usual = seconds_of(battery + "0.1", gap);
  EXPECT_LT(usual, 10);
  EXPECT_LT(seconds_of(battery + "3.0e-8", gap), 3 * usual);
}

TEST(PointEstimates, AreNumbersWhateverThePoint) {
  for (const std::string interaction : {"dicke", "tavis_cummings"}) {
    for (const std::string number : {"1e-100", "1", "1e100"}) {
      for (const std::string levels : {"2", "100000", "auto"}) {
        for (const std::string start : {"charged_cavity", "ground_state"}) {
          seconds_of("interaction: " + interaction + ", N: 1000, m: 1, omega_0: " + number +
                         ", omega_c: " + number + ", g: " + number + ", kappa: " + number +
                         ", gamma_down: " + number + ", fock_dim: " + levels +
                         ", initial_state: " + start,
                     "charging: {t_max: " + number + "}\nsteady_state: {gap: true}");
        }
      }
    }
  }
}

}  // namespace
}  // namespace qbsweep
