#pragma once
/// \file
/// The root of a function of one variable in a bracket.

#include <cmath>
#include <utility>

namespace qbsweep {

/// Where f, positive at `left` and negative at `right`, crosses zero, to within `accuracy`
/// (absolute): the Illinois variant of regula falsi, which falls back to halving where that is
/// slow. If f does not change sign between the ends, the end at which the bracket's crossing would
/// lie.
template <typename Function>
double find_falling_root(Function&& f, double left, double right, double accuracy) {
  double f_left = f(left);
  double f_right = f(right);
  if (f_left <= 0) {
    return left;
  }
  if (f_right >= 0) {
    return right;
  }
  int kept_side =
      0;  // how often in a row the same end stayed: negative for left, positive for right
  while (right - left > accuracy) {
    double middle = left + (right - left) * f_left / (f_left - f_right);
    if (!(middle > left && middle < right) || std::abs(kept_side) > 3) {
      middle = left + (right - left) / 2;
      kept_side = 0;
      if (middle <= left || middle >= right) {
        break;  // no double lies between the ends
      }
    }
    const double f_middle = f(middle);
    if (f_middle == 0) {
      return middle;
    }
    if (f_middle > 0) {
      left = middle;
      f_left = f_middle;
      kept_side = kept_side > 0 ? kept_side + 1 : 1;
      if (kept_side > 1) {
        f_right /= 2;
      }
    } else {
      right = middle;
      f_right = f_middle;
      kept_side = kept_side < 0 ? kept_side - 1 : -1;
      if (kept_side < -1) {
        f_left /= 2;
      }
    }
  }
  return left + (right - left) / 2;
}

}  // namespace qbsweep
