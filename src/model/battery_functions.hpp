#pragma once
/// \file
/// Functions of a battery's state rho_B that observables are made of. A block rho_j is the sum over
/// its d_j equal copies: on the 2^N space there are d_j blocks rho_j/d_j.

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

#include "qbsweep/model/spin_blocks.hpp"

namespace qbsweep {

/// rho_B in real storage, as ObservedState has it.
struct BatteryBlocks {
  int N;
  const std::vector<SpinBlock>& blocks;
  std::span<const double> rho_B;
};

/// <J_z + N/2> and its square.
[[nodiscard]] double mean_excitations(const BatteryBlocks& state);
[[nodiscard]] double mean_square_excitations(const BatteryBlocks& state);

/// <J_->, in the frame of the state.
[[nodiscard]] std::complex<double> mean_lowering(const BatteryBlocks& state);

/// Tr rho_B^2.
[[nodiscard]] double purity(const BatteryBlocks& state);

/// -Tr rho_B ln rho_B, and the same of its populations in the energy basis alone.
[[nodiscard]] double entropy(const BatteryBlocks& state);
[[nodiscard]] double entropy_of_populations(const BatteryBlocks& state);

/// Global ergotropy of the populations in the energy basis.
[[nodiscard]] double incoherent_ergotropy(const BatteryBlocks& state, double omega_0);

/// Wineland's N min Var(J_perp)/|<J>|^2 over the directions across <J>; NaN where <J> is 0 within
/// 1e-8 N/2.
[[nodiscard]] double spin_squeezing(const BatteryBlocks& state);

/// <j, i| rho_B |j, k> before the spins' rotation (state_basis.hpp).
[[nodiscard]] std::complex<double> density_element(SpinBlock block, const double* elements, int i,
                                                   int k);

/// Calls visit(block, its elements).
template <typename Visit>
void for_each_block(const BatteryBlocks& state, Visit&& visit) {
  const double* elements = state.rho_B.data();
  for (const SpinBlock block : state.blocks) {
    visit(block, elements);
    elements += static_cast<std::ptrdiff_t>(block.dim()) * block.dim();
  }
}

}  // namespace qbsweep
