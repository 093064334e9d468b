#pragma once
/// \file
/// The names of the master equation's terms, and which of them each part of the program carries.
/// The terms themselves stand in the tables of hamiltonian.hpp and dissipators.hpp.
///
/// Whatever computes with the equation declares the terms it knows (carried_terms()) and refuses a
/// battery that has others (require_carried()): a term that is left out somewhere is an error or
/// another path, never another result.

#include <array>
#include <cstdint>
#include <string>

#include "qbsweep/model/parameters.hpp"

namespace qbsweep {

enum class Term : std::uint8_t {
  free_evolution,
  coupling,
  cavity_drive,
  atom_drive,
  ising_z,
  ising_x,
  cavity_loss,
  cavity_heating,
  atomic_decay,
  atomic_pumping,
  dephasing,
  collective_decay,
  collective_pumping,
  collective_dephasing
};
inline constexpr std::array all_terms = {Term::free_evolution,
                                         Term::coupling,
                                         Term::cavity_drive,
                                         Term::atom_drive,
                                         Term::ising_z,
                                         Term::ising_x,
                                         Term::cavity_loss,
                                         Term::cavity_heating,
                                         Term::atomic_decay,
                                         Term::atomic_pumping,
                                         Term::dephasing,
                                         Term::collective_decay,
                                         Term::collective_pumping,
                                         Term::collective_dephasing};

/// A set of terms.
class Terms {
 public:
  constexpr Terms() = default;
  template <typename List>
  constexpr explicit Terms(const List& terms) {
    for (const Term term : terms) {
      add(term);
    }
  }
  /// Those that have names, and those that a test makes up.
  [[nodiscard]] static constexpr Terms all() {
    Terms every;
    every.bits_ = ~std::uint32_t{0};
    return every;
  }
  constexpr void add(Term term) { bits_ |= bit(term); }
  [[nodiscard]] constexpr bool has(Term term) const { return (bits_ & bit(term)) != 0; }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
  /// Those that are not in `others`.
  [[nodiscard]] constexpr Terms without(Terms others) const {
    Terms rest;
    rest.bits_ = bits_ & ~others.bits_;
    return rest;
  }

 private:
  static constexpr std::uint32_t bit(Term term) { return 1U << static_cast<unsigned>(term); }
  std::uint32_t bits_ = 0;
};

/// What computes with the terms.
enum class Carrier : std::uint8_t {
  assembled_matrix,       ///< the rows of liouvillian_rows.hpp, and all that is made of them
  parity_kernel,          ///< ParitySector
  driven_kernel,          ///< DrivenSector
  tavis_cummings_kernel,  ///< TavisCummingsSector
  state_vector,           ///< PureStateOperator
  reductions,             ///< exact_reductions(): which symmetries they leave
  field_of_values,        ///< field_of_values(), which bounds series and steps
  no_jump_inverse,        ///< NoJumpInverse
  ground_state,           ///< ground_state(): what stands in H; dissipators do not matter
  figures_of_merit,       ///< <H_I> and <H>; dissipators do not matter
  estimates               ///< sizes, entries and work, before anything is computed
};
inline constexpr std::size_t carriers = 11;

/// Those that act in `battery`: those of the tables whose coefficient or rate is not 0.
[[nodiscard]] Terms present_terms(const BatteryParameters& battery);

/// Those that `carrier` knows.
[[nodiscard]] Terms carried_terms(Carrier carrier);

/// Whether it knows all terms of `battery`.
[[nodiscard]] bool carries(Carrier carrier, const BatteryParameters& battery);

/// \throws EnvironmentError naming a term of `battery` that `carrier` does not know
void require_carried(Carrier carrier, const BatteryParameters& battery);

}  // namespace qbsweep
