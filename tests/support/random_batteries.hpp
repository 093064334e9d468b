#pragma once
// Random parameter sets and states. Every test seeds its own engine, so a failure repeats.
#include <array>
#include <cstdint>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "qbsweep/model/model_terms.hpp"
#include "qbsweep/model/parameters.hpp"

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
  // here or in random_model(), and joins the words of describe(). Not drawn are initial_state, whose
  // ground states ask for levels of their own (random_start() does), and the quadratures of drives,
  // which no sweep file has.
  [[maybe_unused]] const auto& [interaction, coupling_scaling, N, g, anisotropy, omega_0, omega_c,
                                kappa, n_th, gamma_down, gamma_up, gamma_phi, collective_down,
                                collective_up, collective_phi, ising_z, ising_x, drive, atom_drive,
                                omega_d, drive_quadrature, atom_drive_quadrature, initial_state,
                                battery_state, battery_angle, battery_excitations, charger, m,
                                fock_dim] = battery;
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

/// A battery with every term of the model and every initial state, each of them in about every
/// other case; without drives, which break the parity, unless `driven`.
inline BatteryParameters random_model(Random& random, int largest_N, bool driven) {
  BatteryParameters battery = random_battery(random, largest_N);
  const auto number = [&](double low, double high) {
    return uniform_int(random, 0, 1) == 0 ? 0.0 : uniform(random, low, high);
  };
  battery.interaction = static_cast<Interaction>(uniform_int(random, 0, 2));
  battery.anisotropy =
      battery.interaction == Interaction::anisotropic ? uniform(random, 0.1, 1.7) : 0.0;
  battery.n_th = number(0, 1.5);
  battery.gamma_up = number(0, 0.5);
  battery.collective_down = number(0, 0.5);
  battery.collective_up = number(0, 0.3);
  battery.collective_phi = number(0, 0.5);
  battery.ising_z = number(-1, 1);
  battery.ising_x = number(-1, 1);
  battery.battery_state = static_cast<BatteryState>(uniform_int(random, 0, 3));
  battery.battery_angle =
      battery.battery_state == BatteryState::rotated ? uniform(random, -3, 3) : 0.0;
  battery.battery_excitations =
      battery.battery_state == BatteryState::dicke ? uniform_int(random, 0, battery.N) : 0;
  battery.charger = static_cast<Charger>(uniform_int(random, 0, 3));
  battery.fock_dim += battery.N;
  if (battery.charger == Charger::fock) {
    battery.m = uniform_int(random, 0, 3 - 1);
  }
  if (driven) {
    battery.drive = number(0.05, 0.8);
    battery.atom_drive = number(0.05, 0.8);
    // Beside counter-rotating terms and ising_x a drive that turns does not stand still anywhere.
    const bool rotating =
        battery.interaction == Interaction::tavis_cummings && battery.ising_x == 0;
    battery.omega_d = rotating ? number(0.3, 1.5) : 0.0;
  }
  return battery;
}

/// The same as random_battery(), half of them from the ground state of H, which 12 levels hold for
/// these couplings.
inline BatteryParameters random_start(Random& random, int largest_N) {
  BatteryParameters battery = random_battery(random, largest_N);
  if (uniform_int(random, 0, 1) == 0) {
    battery.initial_state = InitialState::ground_state;
    battery.fock_dim = 12;
  }
  return battery;
}

/// `battery` with one term of the master equation and no other. The blocks that are stored depend
/// on the noise: a rate too small to be seen keeps them. Not for cavity_heating, which always has
/// loss beside it.
inline BatteryParameters with_only(BatteryParameters battery, TermName term) {
  constexpr double unseen = 1e-300;
  const bool local = has_local_noise(battery);
  const auto keep = [term](TermName of_number, double& number) {
    number = term == of_number ? number : 0.0;
  };
  keep("coupling", battery.g);
  keep("drive of the cavity", battery.drive);
  keep("drive of the atoms", battery.atom_drive);
  keep("turned drive of the cavity", battery.drive_quadrature);
  keep("turned drive of the atoms", battery.atom_drive_quadrature);
  keep("ising_z", battery.ising_z);
  keep("ising_x", battery.ising_x);
  keep("atomic decay", battery.gamma_down);
  keep("atomic pumping", battery.gamma_up);
  keep("dephasing", battery.gamma_phi);
  keep("collective decay", battery.collective_down);
  keep("collective pumping", battery.collective_up);
  keep("collective dephasing", battery.collective_phi);
  keep("cavity loss", battery.kappa);
  battery.n_th = 0;
  if (term != "free evolution") {
    battery.omega_0 = battery.omega_c = unseen;
  }
  if (local && !has_local_noise(battery)) {
    battery.gamma_phi = unseen;
  }
  return battery;
}

/// The parameters in words, for SCOPED_TRACE.
inline std::string describe(const BatteryParameters& battery) {
  std::ostringstream text;
  constexpr std::array interactions = {"dicke", "tavis_cummings", "anisotropic"};
  constexpr std::array battery_states = {"ground", "excited", "rotated", "dicke"};
  constexpr std::array chargers = {"coherent", "fock", "thermal", "squeezed_vacuum"};
  text << interactions[static_cast<std::size_t>(battery.interaction)] << " "
       << (battery.coupling_scaling == CouplingScaling::sqrt_n ? "sqrt_n" : "bare")
       << " N=" << battery.N << " g=" << battery.g << " omega_0=" << battery.omega_0
       << " omega_c=" << battery.omega_c << " kappa=" << battery.kappa
       << " gamma_down=" << battery.gamma_down << " gamma_phi=" << battery.gamma_phi
       << (battery.initial_state == InitialState::ground_state ? " from the ground state" : "")
       << " " << battery_states[static_cast<std::size_t>(battery.battery_state)] << " "
       << chargers[static_cast<std::size_t>(battery.charger)] << " m=" << battery.m
       << " fock_dim=" << battery.fock_dim;
  const auto add = [&](const char* name, double value) {
    if (value != 0) {
      text << " " << name << "=" << value;
    }
  };
  add("counter_rotating", battery.anisotropy);
  add("n_th", battery.n_th);
  add("gamma_up", battery.gamma_up);
  add("collective_down", battery.collective_down);
  add("collective_up", battery.collective_up);
  add("collective_phi", battery.collective_phi);
  add("ising_z", battery.ising_z);
  add("ising_x", battery.ising_x);
  add("drive", battery.drive);
  add("atom_drive", battery.atom_drive);
  add("omega_d", battery.omega_d);
  add("battery_angle", battery.battery_angle);
  add("battery_excitations", battery.battery_excitations);
  return text.str();
}

}  // namespace qbsweep::testing
