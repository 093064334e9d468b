#pragma once
/// \file
/// The inverse of what the Liouvillian does between jumps: a preconditioner for steady states.
///
/// L = L0 + J, where J holds the gain of every jump and L0 rho = G rho + rho G^dag, G = -i H_eff.
/// G acts on each block j by itself and conserves the parity of n + i. With G = V diag(e) V^-1 for
/// every block and parity, the even half of a state is transformed by products of matrices:
///
///     L0^-1 rho = V [ (V^-1 rho V^-dag)_pq / (e_p + conj(e_q)) ] V^dag
///
/// The products are done in single precision and on one triangle of the Hermitian rho, which takes
/// about a third of the time; solvers that begin again at their residual reach any accuracy with
/// it. Dark states make L0 singular, so all of it is shifted a little to the left. To take into L0
/// what the jumps of dephasing give back to the element they start from was tried: it changes
/// nothing.

#include <complex>
#include <cstddef>
#include <vector>

#include "qbsweep/model/parameters.hpp"
#include "qbsweep/operators/parity_half.hpp"

namespace qbsweep {

class NoJumpInverse {
 public:
  /// Diagonalises G. Where its eigenvectors are almost dependent (exceptional points), it is that
  /// of slightly different losses: a preconditioner need not be exact.
  /// \param even  the even half; must outlive this
  /// \throws EnvironmentError where no such eigenvectors are found
  NoJumpInverse(const BatteryParameters& battery, const ParityHalf& even);

  /// out <- (L0 - shift)^-1 in, vectors of the even half.
  void apply(const double* in, double* out);

  /// How far L0 is shifted to the left.
  [[nodiscard]] double shift() const { return shift_; }

  /// Bytes that one takes.
  [[nodiscard]] static double bytes(const BatteryParameters& battery);

 private:
  using Complex = std::complex<double>;
  using Single = std::complex<float>;

  /// The states of one block with one parity of n + i.
  struct Subspace {
    int block = 0;
    int parity = 0;
    std::size_t dim = 0;
    std::vector<std::size_t> first;  // of each i; every other photon number follows
    std::vector<Complex> values;     // e
    std::vector<Single> vectors;     // V, column by column
    std::vector<Single> inverse;     // V^-1
  };
  [[nodiscard]] std::vector<Complex> no_jump_generator(const BatteryParameters& battery,
                                                       const Subspace& subspace) const;
  void diagonalise(const BatteryParameters& battery, Subspace& subspace);
  void load(const Subspace& subspace, const double* in);
  void transform(const Subspace& subspace, const std::vector<Single>& by);
  void store(const Subspace& subspace, double* out) const;

  const ParityHalf& even_;
  double shift_;
  std::vector<Subspace> subspaces_;
  std::vector<Single> rho_;  // the upper triangle, half of the diagonal: rho without its adjoint
  std::vector<Single> product_;
};

}  // namespace qbsweep
