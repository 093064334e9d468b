// Shapes of controls and their schedules.
//
// What would be caught: a shape with another formula, a Taylor series that is not the shape's, a jump
// or a kink inside of a piece, a pulse that falls between two looks.
#include "qbsweep/model/schedule.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <memory>
#include <vector>

#include "random_schedules.hpp"

namespace qbsweep {
namespace {

TEST(Schedule, HasTheShapesAndTheirTaylorSeries) {
  testing::Random random(91);
  constexpr double t_max = 3;
  for (int set = 0; set < 200; ++set) {
    const testing::DrawnShape drawn = testing::random_shape(random, t_max, -10);
    Schedule schedule(t_max);
    schedule.add(Control::coupling, drawn.shape);
    for (const SchedulePiece& piece : schedule.pieces()) {
      SCOPED_TRACE(::testing::Message() << drawn.shape.info->word << " from " << piece.begin);
      for (const double part : {0.01, 0.37, 0.5, 0.99}) {
        const double t = piece.begin + part * (piece.end - piece.begin);
        const double scale = std::max(1.0, std::abs(drawn.factor(t)));
        EXPECT_NEAR(schedule.at(piece, t)[Control::coupling], drawn.factor(t), 1e-13 * scale);
        EXPECT_EQ(schedule.at(piece, t)[Control::kappa], 1.0);
        std::array<double, 40> c = {};
        schedule.expand(Control::coupling, piece, t, c);
        const double s = std::min(1e-2 * (piece.end - piece.begin), (piece.end - t) / 2);
        double sum = 0;
        for (std::size_t m = c.size(); m-- > 0;) {
          sum = sum * s + c[m];
        }
        EXPECT_NEAR(sum, drawn.factor(t + s), 1e-12 * scale);
      }
    }
  }
}

TEST(Schedule, EndsPiecesAtJumpsAndKinks) {
  Schedule schedule(10);
  schedule.add(Control::coupling, {find_shape("sin2"), {2.0, 3.0, 0.0}});
  schedule.add(Control::kappa,
               {find_shape("steps"),
                {2.5, 0.0, 0.0},
                {},
                std::make_shared<const std::vector<double>>(std::vector{1.0, 0.0, 1.0, 1.0})});
  std::vector<double> begins;
  for (const SchedulePiece& piece : schedule.pieces()) {
    begins.push_back(piece.begin);
  }
  EXPECT_EQ(begins, (std::vector<double>{0, 2, 2.5, 5, 7, 7.5}));
  EXPECT_EQ(schedule.pieces().back().end, 10);
  EXPECT_EQ(schedule.moving(schedule.pieces()[0]), std::vector{Control::coupling});
  EXPECT_TRUE(schedule.moving(schedule.pieces()[1]).empty());
  EXPECT_EQ(schedule.at(schedule.pieces()[2], 3)[Control::kappa], 0);
  EXPECT_EQ(schedule.largest()[Control::coupling], 1);
  EXPECT_EQ(schedule.smallest(Control::kappa), 0);
}

TEST(Schedule, SeesAPulseOfAMillionthOfTheWindow) {
  Schedule schedule(1000);
  schedule.add(Control::drive, {find_shape("gaussian"), {500.0, 1e-3, 0.0}});
  ASSERT_EQ(schedule.pieces().size(), 3U);
  EXPECT_EQ(schedule.at(schedule.pieces()[0], 300)[Control::drive], 0);
  EXPECT_EQ(schedule.at(schedule.pieces()[1], 500)[Control::drive], 1);
  EXPECT_TRUE(schedule.moving(schedule.pieces()[2]).empty());
}

// At whatever times one looks.
TEST(Schedule, FindsTheExtremesOfEveryShape) {
  constexpr double t_max = 5;
  const auto extremes = [&](const ControlShape& shape) {
    Schedule schedule(t_max);
    schedule.add(Control::kappa, shape);
    return std::pair(schedule.smallest(Control::kappa), schedule.largest()[Control::kappa]);
  };
  for (const double turns : {1.5, 16.0, 128.0, 4096.0}) {
    const double frequency = 2 * M_PI * turns / t_max;
    for (const double sign : {1.0, -1.0}) {
      const auto [low, high] = extremes({find_shape("sine"), {sign * frequency, M_PI / 2, 0.9998}});
      EXPECT_NEAR(low, -0.0002, 1e-12) << turns;
      EXPECT_NEAR(high, 1.9998, 1e-12) << turns;
    }
  }
  const auto [low, high] = extremes({find_shape("sine"), {0.1, 0.0, 0.0}});
  EXPECT_NEAR(low, 0, 1e-15);
  EXPECT_NEAR(high, std::sin(0.5), 1e-15);
  EXPECT_EQ(extremes({find_shape("gaussian"), {4.6, 0.9, 0.0}}).second, 1);
  EXPECT_EQ(extremes({find_shape("linear"), {-2.0, 1.0, 0.0}}), std::pair(-2.0, 2.0));
}

// A term whose control is 0 is still there, and frequencies that a control makes equal are not.
TEST(Schedule, KeepsTermsAndSymmetries) {
  BatteryParameters battery;
  battery.g = 0.3;
  battery.omega_0 = battery.omega_c = 1;
  Schedule schedule(1);
  schedule.add(Control::coupling, {find_shape("constant"), {0.0}});
  ControlValues none;
  none[Control::coupling] = 0;
  EXPECT_NE(schedule.battery_with(battery, none).g, 0);
  EXPECT_LT(schedule.battery_with(battery, none).g, 1e-150);
  EXPECT_EQ(schedule.battery_with(battery, none).omega_0, 1);
  schedule.add(Control::omega_c, {find_shape("constant"), {1.0}});
  EXPECT_NE(schedule.battery_with(battery, {}).omega_0, schedule.battery_with(battery, {}).omega_c);
  EXPECT_NEAR(schedule.battery_with(battery, {}).omega_0, 1, 1e-15);
}

TEST(Schedule, RefusesShapesThatDoNotFit) {
  const auto shape_problem = [](const ControlShape& shape, double t_max) {
    return shape.info->problem(shape, t_max);
  };
  const auto values = std::make_shared<const std::vector<double>>(std::vector{1.0, 2.0});
  EXPECT_EQ(shape_problem({find_shape("sin2"), {1.0, 1.0, 0.0}}, 2), "");
  EXPECT_NE(shape_problem({find_shape("sin2"), {1.0, 1.1, 0.0}}, 2), "");
  EXPECT_EQ(shape_problem({find_shape("steps"), {1.0, 0.0, 0.0}, {}, values}, 2), "");
  EXPECT_EQ(shape_problem({find_shape("steps"), {0.0, 0.0, 0.0}, {}, values}, 9), "");
  EXPECT_NE(shape_problem({find_shape("steps"), {1.0, 0.0, 0.0}, {}, values}, 2.1), "");
  const auto times = std::make_shared<const std::vector<double>>(std::vector{0.0, 2.0});
  EXPECT_EQ(shape_problem({find_shape("table"), {}, times, values}, 2), "");
  EXPECT_NE(shape_problem({find_shape("table"), {}, times, values}, 2.1), "");
}

}  // namespace
}  // namespace qbsweep
