#pragma once
/// \file
/// The Hamiltonian: a table of its terms, and its matrix elements.
///
/// Each term is a real coefficient times the product of a spin operator and a cavity operator, both
/// with real elements between |j, M; n>, plus its adjoint where it is not its own; some have the
/// imaginary unit before the product. All that the program knows of H follows from the table
/// (hamiltonian_table.cpp).
///
/// States are stored in the spin basis rotated by exp(i pi J_z/2) (state_basis.hpp), where J_+
/// becomes i J_+. There -iH = A - iS with A real antisymmetric and S real symmetric. Of the real terms
/// those that move M by an odd number are in A, the others in S; of the imaginary ones iH' it is the
/// other way round:
///
///     real:       <i, n| A or S |k, l> = rotation_sign(i - k) <i, n| H |k, l>
///     imaginary:  <i, n| A |k, l> = rotation_sign(i - k) <i, n| H' |k, l>, S the same with a minus

#include <array>
#include <cmath>
#include <span>
#include <string_view>
#include <vector>

#include "qbsweep/model/model_terms.hpp"
#include "qbsweep/model/parameters.hpp"
#include "qbsweep/model/spin_blocks.hpp"

namespace qbsweep {

enum class SpinFactor {
  one,
  raising,        ///< J_+
  excited_atoms,  ///< J_z + N/2
  jz_squared,
  jx_squared
};

enum class CavityFactor {
  one,
  annihilation,  ///< a
  creation,      ///< a^dag
  photons        ///< a^dag a
};

/// To which of the stored energies a term belongs.
enum class EnergyOf {
  battery,
  photons,
  interaction,
  other,
  drive,
  atom_drive,
  drive_quadrature,
  atom_drive_quadrature
};
inline constexpr std::array all_energies = {EnergyOf::battery,
                                            EnergyOf::photons,
                                            EnergyOf::interaction,
                                            EnergyOf::other,
                                            EnergyOf::drive,
                                            EnergyOf::atom_drive,
                                            EnergyOf::drive_quadrature,
                                            EnergyOf::atom_drive_quadrature};

struct HamiltonianTerm {
  TermName name;
  std::string_view equation;
  double (*coefficient)(const BatteryParameters&);
  SpinFactor spin;
  CavityFactor cavity;
  bool plus_adjoint;  ///< the product is not its own adjoint, which is to be added
  EnergyOf energy;
  bool imaginary = false;  ///< the coefficient is that of i times the product
};

/// Every term of H. Several entries may make one Term.
[[nodiscard]] std::span<const HamiltonianTerm> hamiltonian_table();

/// By how much a factor changes M or n, as a ket is acted on: the differences that occur.
[[nodiscard]] std::span<const int> changes(SpinFactor factor);
[[nodiscard]] int change(CavityFactor factor);

/// <j, i| factor |j, k>; 0 where k is no state.
[[nodiscard]] double spin_element(SpinFactor factor, int N, SpinBlock block, int i, int k);

/// <n| factor |l>, of all levels.
[[nodiscard]] double cavity_element(CavityFactor factor, int n, int l);

/// What a pure state psi of real amplitudes before the rotation becomes in real storage
/// (state_basis.hpp): |j, i> turns by the i-th power of the imaginary unit, so
/// R_pq = rotation_sign(i - k) psi_p psi_q for p = (i, n), q = (k, l), in X where i - k is even and
/// in Y where it is odd.
[[nodiscard]] inline double rotation_sign(int turns) {
  return (turns & 3) < 2 ? 1.0 : -1.0;
}

/// The terms of one battery's H, or those of them that make one of its energies.
class Hamiltonian {
 public:
  explicit Hamiltonian(const BatteryParameters& battery);
  Hamiltonian(const BatteryParameters& battery, EnergyOf energy);
  Hamiltonian(const BatteryParameters& battery, const Terms& terms);

  [[nodiscard]] bool empty() const { return active_.empty(); }

  /// Calls visit(k, l, <j, i; n| H |j, k; l>) for the non-zero elements of a row beside the
  /// diagonal, before the rotation, of the real terms. An element may come more than once: the
  /// values add up.
  template <typename Visit>
  void for_each_beside_diagonal(SpinBlock block, int i, int n, Visit&& visit) const {
    for_each_product(false, block, i, n, visit);
  }

  /// The same of H' of the imaginary terms iH', which have no diagonal.
  template <typename Visit>
  void for_each_imaginary(SpinBlock block, int i, int n, Visit&& visit) const {
    for_each_product(true, block, i, n, visit);
  }

  /// Calls visit(k, l, value, whether it is one of A) for the elements of A and S beside the
  /// diagonal, after the rotation.
  template <typename Visit>
  void for_each_rotated(SpinBlock block, int i, int n, Visit&& visit) const {
    for_each_beside_diagonal(block, i, n, [&](int k, int l, double value) {
      visit(k, l, rotation_sign(i - k) * value, (i - k) % 2 != 0);
    });
    for_each_imaginary(block, i, n, [&](int k, int l, double value) {
      const bool in_A = (i - k) % 2 == 0;
      visit(k, l, (in_A ? 1 : -1) * rotation_sign(i - k) * value, in_A);
    });
  }

  /// <j, i; n| H |j, i; n>.
  [[nodiscard]] double diagonal(SpinBlock block, int i, int n) const;

  /// Whether no term moves an excitation: then the free evolution only turns coherences.
  [[nodiscard]] bool is_diagonal() const;

  /// Whether every term conserves the excitation number, photons and excited atoms; its parity.
  [[nodiscard]] bool conserves_excitations() const;
  [[nodiscard]] bool conserves_parity() const;

 private:
  struct Active {
    const HamiltonianTerm* term;
    double coefficient;
  };

  template <typename Visit>
  void for_each_product(bool imaginary, SpinBlock block, int i, int n, Visit&& visit) const {
    for (const Active& active : active_) {
      if (active.term->imaginary == imaginary) {
        visit_product(active, false, block, i, n, visit);
        if (active.term->plus_adjoint) {
          visit_product(active, true, block, i, n, visit);
        }
      }
    }
  }

  template <typename Visit>
  void visit_product(const Active& active, bool adjoint, SpinBlock block, int i, int n,
                     Visit&& visit) const {
    const HamiltonianTerm& term = *active.term;
    const int photons = adjoint ? -change(term.cavity) : change(term.cavity);
    const int l = n - photons;
    if (l < 0 || l >= fock_dim_) {
      return;
    }
    for (const int turn : changes(term.spin)) {
      const int k = adjoint ? i + turn : i - turn;
      if ((k == i && l == n) || k < 0 || k >= block.dim()) {
        continue;
      }
      const double value =
          adjoint ? spin_element(term.spin, N_, block, k, i) * cavity_element(term.cavity, l, n)
                  : spin_element(term.spin, N_, block, i, k) * cavity_element(term.cavity, n, l);
      if (value != 0) {  // the adjoint of i O is -i O^dag
        visit(k, l, (term.imaginary && adjoint ? -1 : 1) * active.coefficient * value);
      }
    }
  }

  int N_;
  int fock_dim_;
  std::vector<Active> active_;
};

}  // namespace qbsweep
