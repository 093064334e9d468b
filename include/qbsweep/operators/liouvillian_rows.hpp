#pragma once
/// \file
/// The Liouvillian's matrix elements, row by row, from the tables of the model.
///
/// With R = X + Y (state_basis.hpp) and -iH = A - iS (hamiltonian.hpp) the master equation reads
///
///     dR/dt = [A, R] - (S R^T - R^T S) + sum over the dissipators of rate D[O](R)
///
/// where R^T has the elements R_qp, p = (j, i, n) and q = (j, k, l). A row belongs to one element
/// pq; it has the weights with which the elements enter its derivative.

#include <cstdint>

#include "qbsweep/model/dissipators.hpp"
#include "qbsweep/model/hamiltonian.hpp"
#include "qbsweep/model/model_terms.hpp"
#include "qbsweep/model/parameters.hpp"
#include "qbsweep/model/state_basis.hpp"

namespace qbsweep {

class LiouvillianRows {
 public:
  /// Of all terms, or some. `basis` must outlive it.
  LiouvillianRows(const StateBasis& basis, const BatteryParameters& battery,
                  const Terms& terms = Terms::all())
      : basis_(basis), hamiltonian_(battery, terms), dissipators_(battery, terms) {}

  /// Calls emit(column, weight) for the elements that enter the derivative of `row`. A column may
  /// come more than once: the weights add up.
  template <typename Emit>
  void for_each_in_row(const Element& row, Emit&& emit) const {
    commutator(row, emit);
    for (const auto& [jump, rate] : dissipators_.active()) {
      for_each_jump_source(jump, basis_, row, [&, rate = rate](const Element& from, double weight) {
        emit(basis_.index(from), rate * weight);
      });
      const double lost = jump_loss(jump, basis_.N(), basis_.fock_dim(), block(row), row.i, row.n) +
                          jump_loss(jump, basis_.N(), basis_.fock_dim(), block(row), row.k, row.l);
      if (lost != 0) {
        emit(basis_.index(row), -rate * lost / 2);
      }
    }
  }

 private:
  [[nodiscard]] SpinBlock block(const Element& row) const { return basis_.blocks()[row.block]; }

  /// [A, R]_pq = sum_r ( A_pr R_rq + A_qr R_pr ), because A is antisymmetric, and
  /// -(S R^T - R^T S)_pq = sum_r ( -S_pr R_qr + S_qr R_rp ), because S is symmetric.
  template <typename Emit>
  void commutator(const Element& row, Emit&& emit) const {
    const int b = row.block;
    const int i = row.i;
    const int k = row.k;
    const int n = row.n;
    const int l = row.l;
    const double turning =
        hamiltonian_.diagonal(block(row), i, n) - hamiltonian_.diagonal(block(row), k, l);
    if (turning != 0) {
      emit(basis_.index({b, k, i, l, n}), -turning);
    }
    hamiltonian_.for_each_rotated(block(row), i, n,
                                  [&](int r, int photons, double value, bool in_A) {
                                    if (in_A) {
                                      emit(basis_.index({b, r, k, photons, l}), value);
                                    } else {
                                      emit(basis_.index({b, k, r, l, photons}), -value);
                                    }
                                  });
    hamiltonian_.for_each_rotated(block(row), k, l,
                                  [&](int r, int photons, double value, bool in_A) {
                                    if (in_A) {
                                      emit(basis_.index({b, i, r, n, photons}), value);
                                    } else {
                                      emit(basis_.index({b, r, i, photons, n}), value);
                                    }
                                  });
  }

  const StateBasis& basis_;
  Hamiltonian hamiltonian_;
  Dissipators dissipators_;
};

}  // namespace qbsweep
