#pragma once
/// \file
/// Where the Liouvillian's values lie in the complex plane.
///
/// The field of values of L is the set of <R, L R> over all R of norm 1. It contains the spectrum,
/// and, other than the spectrum, it bounds what polynomials of the non-normal L can do: on a convex
/// set that contains it, ||p(L)|| is at most about twice the largest |p| (Crouzeix). The norm is
/// that of the 2^N space, in which the elements of block j, sums over d_j equal copies, count by
/// 1/sqrt(d_j).

#include <limits>

#include "qbsweep/model/parameters.hpp"

namespace qbsweep {

/// The ellipse with axes along the real and the imaginary direction.
struct Ellipse {
  double center = 0.0;  ///< on the real axis
  double real_axis = 0.0;
  double imaginary_axis = 0.0;

  [[nodiscard]] double right_end() const { return center + real_axis; }
};

/// What bounds the field of values: that of -i[H, .] is i [-spread, spread], with the spread of the
/// spectrum of H; that of each dissipator is a disc or a segment in the left half-plane.
struct FieldOfValues {
  double energy_spread = 0.0;  ///< largest minus smallest eigenvalue of H
  /// Largest rate times <O^dag O> of the jumps up or down the ladders of photons and of |j, M>.
  double ladder_loss = 0.0;
  /// Half of what <O^dag O> changes by from step to step of a ladder, times the rate: how far jumps
  /// reach to the right of 0.
  double ladder_step = 0.0;
  double single_loss = 0.0;  ///< the largest of jumps of single atoms up or down
  double single_step = 0.0;
  double dephasing = 0.0;  ///< the largest rate at which coherences of the atoms decay, halved

  /// The largest Re(exp(-i angle) z) of all its points z: the support function.
  [[nodiscard]] double support(double angle) const;

  /// A bound of the distance of its points from 0, by how far it reaches to the left, which is
  /// further than to the right, and up.
  [[nodiscard]] double reach() const;

  /// The same of a smaller region, in which the values that matter are expected: loss and decay
  /// only lower, so their spectrum is that of their diagonal, and the coherences that turn fastest,
  /// between the ends of the ladder, decay at half the rate of its upper end. That makes an ellipse
  /// through 0, -d and -d/2 +- i energy_spread, d the rate of the upper end. Dephasing counts half
  /// to d, and adds the other half of its segment. A series on it is about a third shorter, but has
  /// to be watched for growth.
  [[nodiscard]] double expected_support(double angle) const;
};

/// Smallest and largest eigenvalue, or bounds of them.
struct EnergyRange {
  double low = 0.0;
  double high = 0.0;
};

/// How far apart ising_z and ising_x move the energies at most.
[[nodiscard]] double ising_spread(const BatteryParameters& battery);

/// Of the whole H on the Fock levels kept, over all j; a little wider than exact.
[[nodiscard]] EnergyRange energy_range(const BatteryParameters& battery);

/// Of H - omega_c N_ex for Tavis-Cummings with at most `excitations` excitations (N_ex).
[[nodiscard]] EnergyRange rotating_energy_range(const BatteryParameters& battery, int excitations);

/// The length of that range, without an eigensolver: on resonance a close bound, else a guess.
[[nodiscard]] double rotating_energy_spread(const BatteryParameters& battery, int excitations);

/// For states on fock_dim Fock levels and a Hamiltonian of the given range.
[[nodiscard]] FieldOfValues field_of_values(const BatteryParameters& battery, int fock_dim,
                                            const EnergyRange& energies);

/// How often `duration` has to be cut so that the coefficients of a series on `ellipse`, which grow
/// with exp(right end t), stay within exp(`growth`). Rounding grows with them.
[[nodiscard]] double steps_for_growth(const Ellipse& ellipse, double duration, double growth);

/// Of the ellipses that contain the field of values (or, with `expected`, the smaller region), one
/// on which series for exp(L t) up to `duration` with error `tolerance` need few terms, cut into
/// steps_for_growth().
[[nodiscard]] Ellipse enclosing_ellipse(const FieldOfValues& values, bool expected, double duration,
                                        double tolerance,
                                        double growth = std::numeric_limits<double>::infinity());

}  // namespace qbsweep
