#pragma once
/// \file
/// The physical terms of the Liouvillian, each as the matrix elements of one row.
///
/// With R = X + Y (state_basis.hpp), A = -i H_I and E the free energies, the master equation reads
///
///     dR_pq/dt = [A, R]_pq - (E_p - E_q) R_qp + kappa D[a](R)_pq + atomic decay + dephasing
///
/// where p = (j, i, n) and q = (j, k, l). A row of the Liouvillian belongs to one element pq; a
/// term gives the weight with which each element enters its derivative.

#include <cmath>
#include <cstdint>

#include "qbsweep/physics/coupling.hpp"
#include "qbsweep/physics/model_terms.hpp"
#include "qbsweep/physics/parameters.hpp"
#include "qbsweep/physics/single_atom_jump.hpp"
#include "qbsweep/physics/state_basis.hpp"

namespace qbsweep {

/// [A, R]_pq = sum_r ( A_pr R_rq + A_qr R_pr ), because A is antisymmetric.
template <typename Emit>
void coupling_row(const StateBasis& basis, const BatteryParameters& battery, const Element& row,
                  Emit&& emit) {
  const SpinBlock block = basis.blocks()[row.block];
  const double g_prime = effective_coupling(battery);
  if (g_prime == 0) {
    return;
  }
  for_each_coupling(battery, g_prime, block, row.i, row.n, [&](int i, int n, double A) {
    emit(basis.index({row.block, i, row.k, n, row.l}), A);
  });
  for_each_coupling(battery, g_prime, block, row.k, row.l, [&](int k, int l, double A) {
    emit(basis.index({row.block, row.i, k, row.n, l}), A);
  });
}

/// -(E_p - E_q) R_qp: the free rotation turns X into Y and back.
template <typename Emit>
void free_evolution_row(const StateBasis& basis, const BatteryParameters& battery,
                        const Element& row, Emit&& emit) {
  const SpinBlock block = basis.blocks()[row.block];
  const double difference =
      free_energy(battery, block, row.i, row.n) - free_energy(battery, block, row.k, row.l);
  if (difference != 0) {
    emit(basis.index({row.block, row.k, row.i, row.l, row.n}), -difference);
  }
}

/// kappa ( a R a^dag - (n R + R n)/2 ).
template <typename Emit>
void cavity_loss_row(const StateBasis& basis, const BatteryParameters& battery, const Element& row,
                     Emit&& emit) {
  const double kappa = battery.kappa;
  if (kappa == 0) {
    return;
  }
  if (row.n + 1 < basis.fock_dim() && row.l + 1 < basis.fock_dim()) {
    emit(basis.index({row.block, row.i, row.k, row.n + 1, row.l + 1}),
         kappa * std::sqrt((row.n + 1.0) * (row.l + 1.0)));
  }
  emit(basis.index(row), -kappa * (row.n + row.l) / 2);
}

/// rate * sum_i sigma_q^i R sigma_q^i^dag, gathered: what the row receives from the blocks j, j + 1
/// and j - 1 (single_atom_jump.hpp).
template <typename Emit>
void single_atom_gain_row(const StateBasis& basis, AtomOperator q, double rate, const Element& row,
                          Emit&& emit) {
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
    const double weight = rate * jump_prefactor(basis.N(), from, to) *
                          jump_amplitude(q, from, to, i) * jump_amplitude(q, from, to, k);
    if (weight != 0) {
      emit(basis.index({b, i, k, row.n, row.l}), weight);
    }
  }
}

/// gamma_down sum_i D[sigma_-^i]: the loss takes one share for every excited atom.
template <typename Emit>
void atomic_decay_row(const StateBasis& basis, const BatteryParameters& battery, const Element& row,
                      Emit&& emit) {
  if (battery.gamma_down == 0) {
    return;
  }
  single_atom_gain_row(basis, AtomOperator::lowering, battery.gamma_down, row, emit);
  const SpinBlock block = basis.blocks()[row.block];
  const int excited =
      excited_atoms(basis.N(), block, row.i) + excited_atoms(basis.N(), block, row.k);
  emit(basis.index(row), -battery.gamma_down * excited / 2);
}

/// gamma_phi sum_i D[sigma_z^i]: sigma_z = 2 (sigma_z/2), so the gain has four times the rate.
template <typename Emit>
void dephasing_row(const StateBasis& basis, const BatteryParameters& battery, const Element& row,
                   Emit&& emit) {
  if (battery.gamma_phi == 0) {
    return;
  }
  single_atom_gain_row(basis, AtomOperator::half_pauli_z, 4 * battery.gamma_phi, row, emit);
  emit(basis.index(row), -battery.gamma_phi * basis.N());
}

/// Calls emit(column, weight) for the elements that enter the derivative of `row` through `term`. A
/// column may come more than once: the weights add up.
template <typename Emit>
void term_row(Term term, const StateBasis& basis, const BatteryParameters& battery,
              const Element& row, Emit&& emit) {
  switch (term) {
    case Term::coupling:
      return coupling_row(basis, battery, row, emit);
    case Term::free_evolution:
      return free_evolution_row(basis, battery, row, emit);
    case Term::cavity_loss:
      return cavity_loss_row(basis, battery, row, emit);
    case Term::atomic_decay:
      return atomic_decay_row(basis, battery, row, emit);
    case Term::dephasing:
      return dephasing_row(basis, battery, row, emit);
  }
}

}  // namespace qbsweep
