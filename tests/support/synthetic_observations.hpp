#pragma once
// Observations of a one-atom battery whose excited population follows a given function of time.
#include <array>
#include <functional>
#include <vector>

#include "qbsweep/dynamics/hermite_step.hpp"

namespace qbsweep::testing {

/// A function of time with its first two derivatives.
using Curve = std::array<std::function<double(double)>, 3>;

/// rho_B = diag(1 - p, p), p photons fewer than one, <H_I> = -p/10, an empty Fock tail and
/// nothing below it; the layout
/// of StateBasis(1, fock_dim, ...).
inline Observation one_atom(const Curve& population, double t) {
  Observation observation;
  for (std::size_t derivative = 0; derivative < observation.size(); ++derivative) {
    const double p = population[derivative](t);
    const double one = derivative == 0 ? 1 : 0;
    observation[derivative] = {one - p, 0, 0, p, one - p, -p / 10, 0, 0};
  }
  return observation;
}

inline HermiteStep one_atom_step(const Curve& population, double begin, double end) {
  return {begin, one_atom(population, begin), end, one_atom(population, end)};
}

}  // namespace qbsweep::testing
