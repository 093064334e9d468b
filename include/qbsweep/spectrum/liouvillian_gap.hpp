#pragma once
/// \file
/// The end of the Liouvillian's spectrum: how many steady states there are, and how slowly others
/// decay.
///
/// The eigenvalues are those of L on permutation-invariant states: the blocks rho_j, nothing
/// between different j, and nothing that tells one copy of a block from another. On the whole 2^N
/// space L has more: the coherence of |gg> with the singlet of two atoms, say, decays with
/// gamma_down/2, which may be slower than all of these; but no permutation-invariant state holds
/// any of it. With local noise the blocks exchange population, and L is one. Without it every block
/// evolves by itself and has steady states and a gap of its own: of all of them the zeros are
/// summed and the smallest gap taken, also of those j < N/2 that no charging run reaches.
///
/// Both parities of k = (n + i) - (l + k) count, for either interaction: the slowest mode often is
/// a coherence of the odd half. Small halves are diagonalised densely. On larger ones the
/// rightmost eigenvalues are the dominant ones of exp(L T) (Krylov-Schur). Of a multiple eigenvalue
/// one start shows one eigenvector, so what is found at zero is taken out and the rest searched
/// again, until it holds no zero. Without any noise the spectrum is that of H.
///
/// An eigenvalue counts as zero where double precision cannot tell it from zero, about 1e-14 of the
/// largest frequency in L. One zero is certain, because the trace is conserved.

#include <cstdint>
#include <vector>

#include "qbsweep/dynamics/watch.hpp"
#include "qbsweep/model/parameters.hpp"

namespace qbsweep {

struct GapSettings {
  /// Of the residual ||L v - lambda v|| / ||v|| of eigenvectors. Eigenvalues below a hundred times
  /// that are found to two digits.
  double tolerance = 1e-9;
  /// Halves of at most so many unknowns are diagonalised densely.
  std::int64_t dense_unknowns = 400;
  /// The same where rates differ so much that exp(L T) takes too many terms.
  std::int64_t stiff_dense_unknowns = 2000;
};

struct LiouvillianGap {
  double gap = 0.0;               ///< -(largest real part of the eigenvalues that are not zero)
  std::int64_t multiplicity = 0;  ///< eigenvalues that are zero, at least 1
  std::int64_t reached = 0;       ///< those of them with states that charging runs may reach
  double residual = 0.0;          ///< largest one of the eigenvalues that decide
  std::int64_t operator_applications = 0;
};

/// Whether a half with so many unknowns is diagonalised densely.
[[nodiscard]] bool gap_by_diagonalisation(const BatteryParameters& battery, double half,
                                          const GapSettings& settings = {});

/// On one process.
/// \param watch  called for each application of L; the dense diagonalisations (small halves, and
///                 the energies without noise) cannot be interrupted
/// \throws EnvironmentError where it does not converge: first, last and required residual
[[nodiscard]] LiouvillianGap liouvillian_gap(const BatteryParameters& battery,
                                             const GapSettings& settings = {},
                                             const Watch& watch = {});

/// The same on the even half alone, where the steady states are, and of j = N/2 alone without local
/// noise: for those who need to know whether a steady state is unique, and how fast errors in it
/// decay.
[[nodiscard]] LiouvillianGap even_half_gap(const BatteryParameters& battery,
                                           const GapSettings& settings = {},
                                           const Watch& watch = {});

/// Without local noise block j evolves as 2j atoms of the same coupling g' do: those batteries, for
/// the j < N/2 but j = 0, which is the cavity alone.
[[nodiscard]] std::vector<BatteryParameters> lower_blocks(const BatteryParameters& battery);

/// Bytes that liouvillian_gap() takes where the steady state is unique.
[[nodiscard]] double liouvillian_gap_bytes(const BatteryParameters& battery,
                                           const GapSettings& settings = {});

}  // namespace qbsweep
