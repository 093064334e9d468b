#pragma once
// Random schedules: each control's shape as the program has it, and as a plain function of time.
#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "qbsweep/model/schedule.hpp"
#include "random_batteries.hpp"
#include "scheduled_full_space.hpp"

namespace qbsweep::testing {

struct DrawnShape {
  ControlShape shape;
  FactorOfTime factor;
  std::vector<double> ends;  ///< where it jumps or has a kink
};

/// \param least  no factor is below it
inline DrawnShape random_shape(Random& random, double t_max, double least) {
  constexpr std::array words = {"constant", "linear", "sin2", "gaussian", "sine", "steps", "table"};
  const std::string word = words[static_cast<std::size_t>(uniform_int(random, 0, 6))];
  // Those at which a term vanishes, or two frequencies are equal, are not met by chance.
  const auto factor = [&] {
    const int kind = uniform_int(random, 0, 7);
    return kind == 0 ? 0.0 : kind < 3 ? 1.0 : std::max(least, uniform(random, -1.2, 1.5));
  };
  DrawnShape drawn;
  drawn.shape.info = find_shape(word);
  std::array<double, 3>& x = drawn.shape.numbers;
  if (word == "constant") {
    x = {factor()};
    drawn.factor = [x](double) { return x[0]; };
  } else if (word == "linear") {
    x = {factor(), factor()};
    drawn.factor = [x, t_max](double t) { return x[0] * (1 - t / t_max) + x[1] * t / t_max; };
  } else if (word == "sin2") {
    const double rise = uniform_int(random, 0, 3) == 0 ? 0.0 : uniform(random, 0.1, 0.5) * t_max;
    const double fall = uniform_int(random, 0, 3) == 0 ? 0.0 : uniform(random, 0.1, 0.5) * t_max;
    x = {rise, fall};
    drawn.factor = [=](double t) {
      const double s = t < rise                       ? std::sin(M_PI / 2 * t / rise)
                       : fall > 0 && t > t_max - fall ? std::sin(M_PI / 2 * (t_max - t) / fall)
                                                      : 1.0;
      return s * s;
    };
    drawn.ends = {rise, t_max - fall};
  } else if (word == "gaussian") {
    x = {uniform(random, -0.2, 1.2) * t_max, std::exp(uniform(random, -4, 0)) * t_max};
    drawn.factor = [x](double t) { return std::exp(-std::pow((t - x[0]) / x[1], 2) / 2); };
    // Narrow ones are seen by those who look: not kinks, but ends of the oracle's steps.
    for (int k = -9; k <= 9; ++k) {
      drawn.ends.push_back(x[0] + k * x[1]);
    }
  } else if (word == "sine") {
    x = {uniform(random, 0, 6), uniform(random, -3, 3), std::max(least + 1, factor())};
    drawn.factor = [x](double t) { return x[2] + std::sin(x[0] * t + x[1]); };
  } else if (word == "steps") {
    std::vector<double> values(static_cast<std::size_t>(uniform_int(random, 1, 6)));
    std::ranges::generate(values, factor);
    const auto count = static_cast<double>(values.size());
    const double step = uniform_int(random, 0, 1) == 0 ? 0.0 : t_max / count * 1.2;
    x = {step};
    const double length = step > 0 ? step : t_max / count;
    for (std::size_t k = 1; k < values.size(); ++k) {
      drawn.ends.push_back(length * static_cast<double>(k));
    }
    drawn.shape.values = std::make_shared<const std::vector<double>>(values);
    drawn.factor = [=](double t) {
      return values[std::min(static_cast<std::size_t>(t / length), values.size() - 1)];
    };
  } else {
    std::vector<double> times = {0.0, uniform(random, 0.1, 0.5) * t_max,
                                 uniform(random, 0.6, 0.9) * t_max, t_max};
    std::vector<double> values(times.size());
    std::ranges::generate(values, factor);
    drawn.shape.times = std::make_shared<const std::vector<double>>(times);
    drawn.shape.values = std::make_shared<const std::vector<double>>(values);
    drawn.ends = times;
    drawn.factor = [=](double t) {
      std::size_t k = 1;
      while (k + 1 < times.size() && t > times[k]) {
        ++k;
      }
      return values[k - 1] +
             (values[k] - values[k - 1]) * (t - times[k - 1]) / (times[k] - times[k - 1]);
    };
  }
  return drawn;
}

struct DrawnSchedule {
  Schedule schedule;
  std::array<FactorOfTime, number_of_controls> factors;
  std::vector<double> ends;
  std::string text;
};

/// Shapes for some of the controls whose parameters `battery` has; at least one.
inline DrawnSchedule random_schedule(Random& random, const BatteryParameters& battery,
                                     double t_max) {
  DrawnSchedule drawn;
  drawn.schedule = Schedule(t_max);
  while (drawn.schedule.empty()) {
    for (const ControlInfo& info : sweep_file_controls()) {
      if (battery.*info.parameter == 0 || uniform_int(random, 0, 2) > 0) {
        continue;
      }
      const double least = info.control == Control::kappa ? 0.0 : -10.0;
      DrawnShape shape = random_shape(random, t_max, least);
      drawn.schedule.add(info.control, shape.shape);
      drawn.factors[static_cast<std::size_t>(info.control)] = shape.factor;
      drawn.ends.insert(drawn.ends.end(), shape.ends.begin(), shape.ends.end());
      std::ostringstream text;
      text << " " << info.name << ": " << shape.shape.info->word;
      for (const double number : shape.shape.numbers) {
        text << " " << number;
      }
      drawn.text += text.str();
    }
  }
  return drawn;
}

}  // namespace qbsweep::testing
