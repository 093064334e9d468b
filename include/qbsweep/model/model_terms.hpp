#pragma once
/// \file
/// Sets of the master equation's terms, and which of them each part of the program carries. The
/// terms themselves, and their names, stand in the tables of hamiltonian.hpp and dissipators.hpp.
///
/// Whatever computes with the equation declares the terms it knows (carried_terms()) and refuses a
/// battery that has others (require_carried()): a term that is left out somewhere is an error or
/// another path, never another result.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "qbsweep/model/parameters.hpp"

namespace qbsweep {

/// A term by its name in the tables, such as "cavity loss". Several entries may make one term.
using TermName = std::string_view;

/// A set of terms.
class Terms {
 public:
  Terms() = default;
  Terms(std::initializer_list<TermName> names) : names_(names) {}
  /// Whatever the tables have.
  [[nodiscard]] static Terms all() {
    Terms every;
    every.complement_ = true;
    return every;
  }
  void add(TermName name);
  [[nodiscard]] bool has(TermName name) const;
  /// Those of this set that are not in `others`.
  [[nodiscard]] Terms without(const Terms& others) const;

 private:
  std::vector<TermName> names_;
  bool complement_ = false;  ///< the set is of all terms but these
};

/// The names of all terms, each once: those of H first.
[[nodiscard]] std::vector<TermName> all_terms();

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
[[nodiscard]] std::vector<TermName> present_terms(const BatteryParameters& battery);

/// Those that `carrier` knows.
[[nodiscard]] const Terms& carried_terms(Carrier carrier);

/// Whether it knows all terms of `battery`.
[[nodiscard]] bool carries(Carrier carrier, const BatteryParameters& battery);

/// The names of the others, for messages: "ising_x, drive of the cavity".
[[nodiscard]] std::string terms_not_carried(Carrier carrier, const BatteryParameters& battery);

/// \throws EnvironmentError naming the terms of `battery` that `carrier` does not know
void require_carried(Carrier carrier, const BatteryParameters& battery);

}  // namespace qbsweep
