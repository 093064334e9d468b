#pragma once
/// \file
/// The dissipators: a table of them, and what their jumps do to the elements of a state.
///
///     D[O] rho = O rho O^dag - (O^dag O rho + rho O^dag O)/2
///
/// For every jump operator O here, O^dag O is diagonal between |j, M; n>, and O rho O^dag moves the
/// row and the column of an element alike. Each dissipator is a rate and an operator; for single
/// atoms it is the sum over all atoms. All that the program knows of noise follows from the table
/// (dissipator_table.cpp).

#include <cmath>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "qbsweep/model/model_terms.hpp"
#include "qbsweep/model/parameters.hpp"
#include "qbsweep/model/single_atom_jump.hpp"
#include "qbsweep/model/state_basis.hpp"

namespace qbsweep {

/// The operators of jumps.
enum class Jump : std::uint8_t {
  annihilation,         ///< a
  creation,             ///< a^dag, which leaves the highest Fock level alone
  photon_number,        ///< a^dag a
  single_lowering,      ///< sigma_- of each atom
  single_raising,       ///< sigma_+ of each atom
  single_pauli_z,       ///< sigma_z of each atom
  collective_lowering,  ///< J_-
  collective_raising,   ///< J_+
  collective_z          ///< J_z
};

struct Dissipator {
  TermName name;
  std::string_view equation;
  double (*rate)(const BatteryParameters&);
  Jump jump;
};

/// Every dissipator.
[[nodiscard]] std::span<const Dissipator> dissipator_table();

[[nodiscard]] bool acts_on_cavity(Jump jump);
[[nodiscard]] bool acts_on_single_atoms(Jump jump);

/// By how much a jump changes the excitation number, photons and excited atoms.
[[nodiscard]] int excitations_gained(Jump jump);

/// <j, i; n| O^dag O |j, i; n>, summed over the atoms.
[[nodiscard]] double jump_loss(Jump jump, int N, int fock_dim, SpinBlock block, int i, int n);

/// The largest of these, over all states of N atoms and fock_dim levels.
[[nodiscard]] double largest_jump_loss(Jump jump, int N, int fock_dim);

/// Calls emit(element, weight) for the elements from which O rho O^dag comes to `row`.
template <typename Emit>
void for_each_jump_source(Jump jump, const StateBasis& basis, const Element& row, Emit&& emit);

/// A jump operator and the rate of its dissipator, > 0.
struct ActiveJump {
  Jump jump;
  double rate;
};

/// Those of a battery.
[[nodiscard]] std::vector<ActiveJump> active_jumps(const BatteryParameters& battery,
                                                   const Terms& terms = Terms::all());

/// The sum of their rates.
[[nodiscard]] double sum_of_rates(const BatteryParameters& battery);

/// The noise of one battery.
class Dissipators {
 public:
  explicit Dissipators(const BatteryParameters& battery, const Terms& terms = Terms::all());

  [[nodiscard]] const std::vector<ActiveJump>& active() const { return active_; }
  [[nodiscard]] bool empty() const { return active_.empty(); }

  /// Sum over the dissipators of rate <O^dag O>: what a state loses without a jump, per time.
  [[nodiscard]] double loss(SpinBlock block, int i, int n) const;

  [[nodiscard]] double rate(Jump jump) const;

  [[nodiscard]] bool act_on_single_atoms() const;
  /// Whether no jump adds an excitation.
  [[nodiscard]] bool never_add_excitations() const;

 private:
  int N_;
  int fock_dim_;
  std::vector<ActiveJump> active_;
};

/// sum_i O_i rho O_i^dag of single atoms, from the blocks j, j + 1 and j - 1
/// (single_atom_jump.hpp).
template <typename Emit>
void for_each_single_atom_source(AtomOperator q, double factor, const StateBasis& basis,
                                 const Element& row, Emit&& emit) {
  const SpinBlock to = basis.blocks()[row.block];
  const int last = static_cast<int>(basis.blocks().size()) - 1;
  for (int b = row.block > 0 ? row.block - 1 : 0; b <= row.block + 1 && b <= last; ++b) {
    const SpinBlock from = basis.blocks()[b];
    // The source's M is the row's M plus what the jump takes; both counted from their own -j.
    const int shift = levels_lost(q) + (from.two_j - to.two_j) / 2;
    const int i = row.i + shift;
    const int k = row.k + shift;
    if (i < 0 || i >= from.dim() || k < 0 || k >= from.dim()) {
      continue;
    }
    const double weight = factor * jump_prefactor(basis.N(), from, to) *
                          jump_amplitude(q, from, to, i) * jump_amplitude(q, from, to, k);
    if (weight != 0) {
      emit(Element{b, i, k, row.n, row.l}, weight);
    }
  }
}

template <typename Emit>
void for_each_jump_source(Jump jump, const StateBasis& basis, const Element& row, Emit&& emit) {
  const SpinBlock block = basis.blocks()[row.block];
  switch (jump) {
    case Jump::annihilation:
      if (row.n + 1 < basis.fock_dim() && row.l + 1 < basis.fock_dim()) {
        emit(Element{row.block, row.i, row.k, row.n + 1, row.l + 1},
             std::sqrt((row.n + 1.0) * (row.l + 1.0)));
      }
      return;
    case Jump::creation:
      if (row.n > 0 && row.l > 0) {
        emit(Element{row.block, row.i, row.k, row.n - 1, row.l - 1},
             std::sqrt(1.0 * row.n * row.l));
      }
      return;
    case Jump::photon_number:
      if (row.n > 0 && row.l > 0) {
        emit(row, 1.0 * row.n * row.l);
      }
      return;
    case Jump::single_lowering:
      return for_each_single_atom_source(AtomOperator::lowering, 1.0, basis, row, emit);
    case Jump::single_raising:
      return for_each_single_atom_source(AtomOperator::raising, 1.0, basis, row, emit);
    case Jump::single_pauli_z:  // sigma_z is twice sigma_z/2
      return for_each_single_atom_source(AtomOperator::half_pauli_z, 4.0, basis, row, emit);
    case Jump::collective_lowering:
      if (row.i + 1 < block.dim() && row.k + 1 < block.dim()) {
        emit(Element{row.block, row.i + 1, row.k + 1, row.n, row.l},
             raising_element(block, row.i) * raising_element(block, row.k));
      }
      return;
    case Jump::collective_raising:
      if (row.i > 0 && row.k > 0) {
        emit(Element{row.block, row.i - 1, row.k - 1, row.n, row.l},
             raising_element(block, row.i - 1) * raising_element(block, row.k - 1));
      }
      return;
    case Jump::collective_z:
      if (const double weight = block.M(row.i) * block.M(row.k); weight != 0) {
        emit(row, weight);
      }
      return;
  }
}

}  // namespace qbsweep
