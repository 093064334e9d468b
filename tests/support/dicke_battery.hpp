#pragma once
// A Dicke battery by its coupling and its rates.
#include "qbsweep/model/parameters.hpp"

namespace qbsweep::testing {

inline BatteryParameters dicke(int N, double g, double kappa, double gamma_down, double gamma_phi) {
  BatteryParameters battery;
  battery.N = N;
  battery.g = g;
  battery.kappa = kappa;
  battery.gamma_down = gamma_down;
  battery.gamma_phi = gamma_phi;
  return battery;
}

}  // namespace qbsweep::testing
