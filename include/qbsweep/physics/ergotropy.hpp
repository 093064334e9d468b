#pragma once
/// \file
/// Battery energy and the three ergotropies of a permutation-invariant battery state.
///
/// The battery's state rho_B (the partial trace over the cavity) has a block rho_B,j for every j,
/// each the sum of its d_j equal copies. Its ergotropy is E_B minus the energy of the passive
/// state, in which the eigenvalues fill the levels of H_B in descending order (paper, Eq. (4)).
/// What "the eigenvalues" and "the levels" are depends on which unitaries may extract the energy:
///
///   global                 all unitaries on the 2^N space. The eigenvalues are lambda/d_j,
///   d_j-fold, for
///                          lambda in the spectrum of rho_B,j; they fill the levels k omega_0 with
///                          multiplicities C(N, k).
///   permutation_invariant  U = direct sum of U_j x 1: every block is made passive on its own.
///   dicke_subspace         the counting of the paper's appendix B: lambda is *not* divided by d_j,
///   each
///                          lambda counts once, and together they fill the levels k omega_0 with
///                          multiplicities C(N, k). Equal to `global` without local noise; above it
///                          otherwise, because it forgets the copies.

#include <cstdint>
#include <span>
#include <vector>

#include "qbsweep/physics/figures_of_merit.hpp"
#include "qbsweep/physics/spin_blocks.hpp"

namespace qbsweep {

/// What a battery holds and what can be had from it; also used for the time derivatives of both.
struct BatteryEnergies {
  double energy = 0.0;  ///< E_B = Tr(H_B rho_B)
  PerDefinition<double> ergotropy = {0.0, 0.0, 0.0};
};

/// Evaluates energies of battery states of one shape.
class BatteryObserver {
 public:
  BatteryObserver(int N, std::vector<SpinBlock> blocks, double omega_0);

  /// Numbers in a battery state: the sum over the blocks of (2j+1)^2.
  [[nodiscard]] std::int64_t size() const { return size_; }

  /// \param rho_B  the blocks one after the other, each a row-major (2j+1) x (2j+1) matrix in real
  ///               storage R = X + Y (see state_basis.hpp)
  [[nodiscard]] BatteryEnergies energies(std::span<const double> rho_B) const;

  /// The same, and the time derivatives of all of it in `rates`, where rho_B changes by
  /// `rho_B_rate`. Where two eigenvalues cross, an ergotropy has a kink, and its rate is that of
  /// one of the sides.
  BatteryEnergies energies(std::span<const double> rho_B, std::span<const double> rho_B_rate,
                           BatteryEnergies& rates) const;

  /// Tr rho_B.
  [[nodiscard]] double trace(std::span<const double> rho_B) const;

 private:
  struct Eigenvalue {
    double value;       ///< lambda, of the sum over the block's copies
    double rate;        ///< d lambda/dt
    double degeneracy;  ///< d_j of its block
  };
  [[nodiscard]] std::vector<Eigenvalue> spectrum(std::span<const double> rho_B,
                                                 std::span<const double> rho_B_rate,
                                                 BatteryEnergies& values,
                                                 BatteryEnergies& rates) const;

  int N_;
  std::vector<SpinBlock> blocks_;
  double omega_0_;
  std::vector<double> degeneracies_;          // d_j of each block
  std::vector<double> level_multiplicities_;  // C(N, k)
  std::int64_t size_ = 0;
};

/// Fills levels 0, 1, 2, ... of the given capacities with entries of the given multiplicities, one
/// after the other, and returns the mean level that each entry ends up on.
///
/// Multiplicities and capacities are whole numbers far beyond 2^53 for large N. Doubles serve all
/// the same, because entries come in descending order of their value per copy: an entry that is
/// small against the rounding of what was filled before it also weighs less than that rounding.
[[nodiscard]] std::vector<double> mean_levels(std::span<const double> multiplicities,
                                              std::span<const double> capacities);

}  // namespace qbsweep
