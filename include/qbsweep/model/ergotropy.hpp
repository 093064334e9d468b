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

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "qbsweep/model/figures_of_merit.hpp"
#include "qbsweep/model/spin_blocks.hpp"

namespace qbsweep {

/// What a battery holds and what can be had from it; also used for the time derivatives of both.
struct BatteryEnergies {
  double energy = 0.0;  ///< E_B = Tr(H_B rho_B)
  PerDefinition<double> ergotropy = {0.0, 0.0, 0.0};
};

/// Evaluates energies of battery states of one shape. Keeps its work space from call to call, so
/// every thread needs an observer of its own.
class BatteryObserver {
 public:
  BatteryObserver(int N, std::vector<SpinBlock> blocks, double omega_0);
  BatteryObserver(const BatteryObserver&) = delete;
  BatteryObserver& operator=(const BatteryObserver&) = delete;
  ~BatteryObserver();

  /// Numbers in a battery state: the sum over the blocks of (2j+1)^2.
  [[nodiscard]] std::int64_t size() const { return size_; }

  /// Costs about (2j+1)^3 for every block; less where a block is exactly real, and next to nothing
  /// where it is exactly diagonal.
  /// \param rho_B  the blocks one after the other, each a row-major (2j+1) x (2j+1) matrix in real
  ///               storage R = X + Y (see state_basis.hpp)
  [[nodiscard]] BatteryEnergies energies(std::span<const double> rho_B);

  /// The same, and the time derivatives of all of it in `rates`, where rho_B changes by
  /// `rho_B_rate`. Where two eigenvalues cross, an ergotropy has a kink, and its rate is that of
  /// one of the sides.
  BatteryEnergies energies(std::span<const double> rho_B, std::span<const double> rho_B_rate,
                           BatteryEnergies& rates);

  /// Tr rho_B.
  [[nodiscard]] double trace(std::span<const double> rho_B) const;

 private:
  struct WorkSpace;

  void find_eigenvalues(const double* rho_B, const double* rho_B_rate, BatteryEnergies& values,
                        BatteryEnergies& rates);

  int N_;
  std::vector<SpinBlock> blocks_;
  double omega_0_;
  std::vector<double> degeneracies_;          // d_j of each block
  std::vector<double> level_multiplicities_;  // C(N, k)
  std::int64_t size_ = 0;
  std::unique_ptr<WorkSpace> work_;
};

/// Levels 0, 1, 2, ... of given multiplicities that are filled from below.
///
/// Multiplicities and counts are whole numbers far beyond 2^53 for large N. Doubles serve all the
/// same, because eigenvalues come in descending order of their value per copy: one whose count is
/// small against the rounding of what was filled before it also weighs less than that rounding.
class LevelFilling {
 public:
  /// `multiplicities` must outlive the filling.
  explicit LevelFilling(std::span<const double> multiplicities)
      : multiplicities_(multiplicities), room_(multiplicities.front()) {}

  /// Fills the next `count` places, and returns the sum of the levels they are on. The last level
  /// takes whatever rounding leaves over.
  double fill(double count) {
    double sum = 0.0;
    while (count > room_ && level_ + 1 < multiplicities_.size()) {
      sum += static_cast<double>(level_) * room_;
      count -= room_;
      room_ = multiplicities_[++level_];
    }
    room_ -= count;
    return sum + static_cast<double>(level_) * count;
  }

 private:
  std::span<const double> multiplicities_;
  std::size_t level_ = 0;
  double room_;  // on this level
};

}  // namespace qbsweep
