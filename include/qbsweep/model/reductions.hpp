#pragma once
/// \file
/// Which symmetries make a charging run smaller without changing any result.

#include <array>
#include <cstdint>

#include "qbsweep/model/parameters.hpp"

namespace qbsweep {

/// A reduction that is exact for a charging run. The values are bits: they are stored with every
/// point.
enum class Reduction : std::uint32_t {
  /// Without local noise only the block j = N/2 is reached.
  symmetric_subspace = 1,
  /// Without any noise a pure state stays pure: a state vector is evolved.
  state_vector = 2,
  /// Without a drive the parity of k = (n + excited atoms) - (n' + excited atoms') is conserved;
  /// many initial states have even k alone, so the odd half of the elements stays empty.
  even_parity = 4,
  /// Tavis-Cummings conserves k itself: sectors evolve one by one in the frame that rotates at
  /// omega_c; only |k| <= N enters the battery's state, and sector -k is the adjoint of sector k.
  excitation_sectors = 8,
  /// Tavis-Cummings never climbs above the first excitation number, unless something pumps, so no
  /// element beyond it is stored: truncation costs nothing but what it cuts of the initial state.
  bounded_excitations = 16,
  /// Tavis-Cummings on resonance: in the rotating frame the free evolution vanishes, and a state
  /// that starts real symmetric stays so; its imaginary half is not stored.
  real_state = 32
};

inline constexpr std::array all_reductions = {
    Reduction::symmetric_subspace, Reduction::state_vector,        Reduction::even_parity,
    Reduction::excitation_sectors, Reduction::bounded_excitations, Reduction::real_state};
inline constexpr std::array<const char*, all_reductions.size()> reduction_names = {
    "symmetric_subspace", "state_vector",        "even_parity",
    "excitation_sectors", "bounded_excitations", "real_state"};

/// What each leaves of a charging run, in a few words.
inline constexpr std::array<const char*, all_reductions.size()> reduction_texts = {
    "of the blocks only j = N/2",
    "of the density matrix a state vector",
    "of the matrix elements those between states of the same parity",
    "of the matrix elements those whose excitation numbers differ by at most N, sector by sector",
    "of the excitation numbers those that the initial state has, and below",
    "of the state its real part, in the frame that rotates at omega_c"};

/// A set of reductions.
class Reductions {
 public:
  Reductions() = default;
  [[nodiscard]] bool has(Reduction reduction) const {
    return (bits_ & static_cast<std::uint32_t>(reduction)) != 0;
  }
  void add(Reduction reduction) { bits_ |= static_cast<std::uint32_t>(reduction); }
  /// As they are stored: the sum of the values.
  [[nodiscard]] std::uint32_t bits() const { return bits_; }

 private:
  std::uint32_t bits_ = 0;
};

/// Whether a charging run starts from a single state vector.
[[nodiscard]] bool starts_pure(const BatteryParameters& battery);

/// Whether the excitation number, photons and excited atoms, is conserved by H and never grows by a
/// jump: Tavis-Cummings without pumping. Without a coupling atoms and photons are conserved each by
/// themselves, and this is not made use of: the levels of the one need not hold the other.
[[nodiscard]] bool excitations_are_bounded(const BatteryParameters& battery);

/// Whether the parity of n + i in the row and the column of an element is conserved: without
/// drives.
[[nodiscard]] bool parity_is_conserved(const BatteryParameters& battery);

/// All that are exact for the charging run of `battery`. None where it has a term whose symmetries
/// are not known here (Carrier::reductions). A ground state of H has one parity of n + i (Dicke) or
/// one excitation number (Tavis-Cummings), but coherences between i and i + 1, so it does not stay
/// real.
[[nodiscard]] Reductions exact_reductions(const BatteryParameters& battery);

}  // namespace qbsweep
