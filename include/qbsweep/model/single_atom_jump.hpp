#pragma once
/// \file
/// How the jumps of single atoms move a state between the blocks j.
///
/// sum_i sigma_q^i . (sigma_q^i)^dag sends |j,M><j,M'| (each block standing for the sum of its
/// copies) to
///
///     (N/2+1)/(2 j (j+1))        A_q(j,M) A_q(j,M')  |j,  M_q><j,  M'_q|      (0 if j = 0)
///   + (N/2+j+1)/(2 j (2j+1))     B_q(j,M) B_q(j,M')  |j-1,M_q><j-1,M'_q|
///   + (N/2-j)/(2 (j+1)(2j+1))    D_q(j,M) D_q(j,M')  |j+1,M_q><j+1,M'_q|
///
/// with M_q = M - 1 for sigma_-, M + 1 for sigma_+ and M for sigma_z/2. B. A. Chase and J. M.
/// Geremia, "Collective processes of an ensemble of spin-1/2 particles", Phys. Rev. A 78, 052101
/// (2008).

#include "qbsweep/model/spin_blocks.hpp"

namespace qbsweep {

/// The operator that acts on every single atom.
enum class AtomOperator {
  lowering,     ///< sigma_-, takes M to M - 1
  raising,      ///< sigma_+, takes M to M + 1
  half_pauli_z  ///< sigma_z/2, leaves M; a rate of sigma_z acts here four times
};

/// M - M_q in steps of the spin index: 1 for `lowering`, -1 for `raising`, 0 for `half_pauli_z`.
[[nodiscard]] int levels_lost(AtomOperator q);

/// The factor in front of the amplitudes for a jump from block `from` to block `to`, whose spins
/// differ by at most 1; 0 where no such jump exists.
[[nodiscard]] double jump_prefactor(int N, SpinBlock from, SpinBlock to);

/// A_q(j,M), B_q(j,M) or D_q(j,M), whichever leads from block `from` to block `to`, with M = i - j.
///
///     A_- = sqrt((j+M)(j-M+1))    B_- = sqrt((j+M)(j+M-1))    D_- = sqrt((j-M+1)(j-M+2))
///     A_z = M                     B_z = sqrt((j+M)(j-M))      D_z = sqrt((j+M+1)(j-M+1))
///
/// and for sigma_+ those of sigma_- at -M, up to a sign that no product of two has.
[[nodiscard]] double jump_amplitude(AtomOperator q, SpinBlock from, SpinBlock to, int i);

}  // namespace qbsweep
