#pragma once
// Random parameter sets and states. Every test seeds its own engine, so a failure repeats.
#include <cstdint>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "qbsweep/physics/parameters.hpp"

namespace qbsweep::testing {

using Random = std::mt19937_64;

inline double uniform(Random& random, double low, double high) {
  return std::uniform_real_distribution<double>(low, high)(random);
}

inline int uniform_int(Random& random, int low, int high) {
  return std::uniform_int_distribution<int>(low, high)(random);
}

/// `count` numbers between -1 and 1.
inline std::vector<double> random_numbers(Random& random, std::int64_t count) {
  std::vector<double> numbers(static_cast<std::size_t>(count));
  for (double& number : numbers) {
    number = uniform(random, -1, 1);
  }
  return numbers;
}

/// A rate of a noise channel, absent in every third case.
inline double random_rate(Random& random, double highest) {
  return uniform_int(random, 0, 2) == 0 ? 0.0 : uniform(random, 0, highest);
}

/// Any battery of up to `largest_N` atoms that starts beside a charged cavity, with both
/// interactions, scalings and chargers, each noise channel on or off, on and off resonance.
inline BatteryParameters random_battery(Random& random, int largest_N) {
  BatteryParameters battery;
  // All members by name, so that a new one does not compile before it stands here: it is drawn
  // below, and joins the words of describe(). Not drawn is initial_state, whose ground states ask
  // for levels of their own; random_start() does.
  [[maybe_unused]] const auto& [interaction, coupling_scaling, N, g, omega_0, omega_c, kappa,
                                gamma_down, gamma_phi, initial_state, charger, m, fock_dim] =
      battery;
  battery.interaction =
      uniform_int(random, 0, 1) == 0 ? Interaction::dicke : Interaction::tavis_cummings;
  battery.coupling_scaling =
      uniform_int(random, 0, 1) == 0 ? CouplingScaling::sqrt_n : CouplingScaling::bare;
  battery.N = uniform_int(random, 1, largest_N);
  battery.g = uniform(random, 0.05, 1.0);
  battery.omega_0 = uniform(random, 0.5, 1.5);
  battery.omega_c = uniform_int(random, 0, 1) == 0 ? battery.omega_0 : uniform(random, 0.5, 1.5);
  battery.kappa = random_rate(random, 0.5);
  battery.gamma_down = random_rate(random, 0.5);
  battery.gamma_phi = random_rate(random, 0.5);
  battery.fock_dim = uniform_int(random, 3, 9);
  battery.charger = uniform_int(random, 0, 1) == 0 ? Charger::coherent : Charger::fock;
  battery.m = battery.charger == Charger::fock ? uniform_int(random, 0, battery.fock_dim - 1)
                                               : uniform(random, 0, battery.fock_dim / 2.0);
  return battery;
}

/// The same, half of them from the ground state of H, which 12 levels hold for these couplings.
inline BatteryParameters random_start(Random& random, int largest_N) {
  BatteryParameters battery = random_battery(random, largest_N);
  if (uniform_int(random, 0, 1) == 0) {
    battery.initial_state = InitialState::ground_state;
    battery.fock_dim = 12;
  }
  return battery;
}

/// The parameters in words, for SCOPED_TRACE.
inline std::string describe(const BatteryParameters& battery) {
  std::ostringstream text;
  text << (battery.interaction == Interaction::dicke ? "dicke" : "tavis_cummings") << " "
       << (battery.coupling_scaling == CouplingScaling::sqrt_n ? "sqrt_n" : "bare")
       << " N=" << battery.N << " g=" << battery.g << " omega_0=" << battery.omega_0
       << " omega_c=" << battery.omega_c << " kappa=" << battery.kappa
       << " gamma_down=" << battery.gamma_down << " gamma_phi=" << battery.gamma_phi
       << (battery.initial_state == InitialState::ground_state ? " from the ground state" : "")
       << (battery.charger == Charger::fock ? " fock" : " coherent") << " m=" << battery.m
       << " fock_dim=" << battery.fock_dim;
  return text.str();
}

}  // namespace qbsweep::testing
