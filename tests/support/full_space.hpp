#pragma once
// The oracle: battery and cavity on the full space of 2^N x fock_dim dimensions, where every atom
// has its own operators and no symmetry is used. The copies of a multiplet j are found as the
// vectors that J_+ destroys, and their ladders by J_-; none of the formulas under test enters.
#include <Eigen/Dense>
#include <Eigen/SVD>
#include <bit>
#include <cmath>
#include <complex>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "block_states.hpp"
#include "qbsweep/model/model_terms.hpp"

namespace qbsweep::testing {

/// The tensor product a x b.
inline MatrixXcd kronecker(const MatrixXcd& a, const MatrixXcd& b) {
  MatrixXcd product(a.rows() * b.rows(), a.cols() * b.cols());
  for (int row = 0; row < a.rows(); ++row) {
    for (int column = 0; column < a.cols(); ++column) {
      product.block(row * b.rows(), column * b.cols(), b.rows(), b.cols()) = a(row, column) * b;
    }
  }
  return product;
}

class FullSpace {
 public:
  /// fock_dim 1 leaves the battery alone.
  FullSpace(int N, int fock_dim, std::vector<SpinBlock> blocks)
      : N_(N), fock_dim_(fock_dim), blocks_(std::move(blocks)) {
    for (const SpinBlock block : blocks_) {
      find_copies(block);
    }
  }

  /// sigma_- or any other matrix of one atom, in the basis (down, up).
  [[nodiscard]] MatrixXcd atom(int which, const Eigen::Matrix2cd& matrix) const {
    MatrixXcd product = MatrixXcd::Identity(1, 1);
    for (int a = N_ - 1; a >= 0; --a) {
      product = kronecker(product, a == which ? MatrixXcd(matrix) : MatrixXcd::Identity(2, 2));
    }
    return with_cavity(product);
  }
  [[nodiscard]] MatrixXcd sigma_minus(int which) const {
    return atom(which, (Eigen::Matrix2cd() << 0, 1, 0, 0).finished());
  }
  [[nodiscard]] MatrixXcd sigma_z(int which) const {
    return atom(which, (Eigen::Matrix2cd() << -1, 0, 0, 1).finished());
  }
  /// Photon annihilation.
  [[nodiscard]] MatrixXcd a() const {
    MatrixXcd matrix = MatrixXcd::Zero(fock_dim_, fock_dim_);
    for (int n = 1; n < fock_dim_; ++n) {
      matrix(n - 1, n) = std::sqrt(n);
    }
    return kronecker(MatrixXcd::Identity(spin_dim(), spin_dim()), matrix);
  }
  /// Sum over the atoms of sigma_-.
  [[nodiscard]] MatrixXcd J_minus() const {
    MatrixXcd sum = sigma_minus(0);
    for (int which = 1; which < N_; ++which) {
      sum += sigma_minus(which);
    }
    return sum;
  }

  [[nodiscard]] MatrixXcd H_B(double omega_0) const {
    MatrixXcd sum = MatrixXcd::Zero(dim(), dim());
    for (int which = 0; which < N_; ++which) {
      sum += omega_0 * sigma_minus(which).adjoint() * sigma_minus(which);
    }
    return sum;
  }
  [[nodiscard]] MatrixXcd H_I(const BatteryParameters& battery) const {
    const double g_prime =
        battery.coupling_scaling == CouplingScaling::sqrt_n ? battery.g / std::sqrt(N_) : battery.g;
    const MatrixXcd minus = J_minus();
    const MatrixXcd plus = minus.adjoint();
    const MatrixXcd photon = a();
    const MatrixXcd rotating = plus * photon + minus * photon.adjoint();
    const MatrixXcd counter = plus * photon.adjoint() + minus * photon;
    switch (battery.interaction) {
      case Interaction::dicke:
        return g_prime * (rotating + counter);
      case Interaction::tavis_cummings:
        return g_prime * rotating;
      case Interaction::anisotropic:
        break;
    }
    return g_prime * (rotating + battery.anisotropy * counter);
  }

  /// D[O] rho.
  static MatrixXcd dissipator(const MatrixXcd& O, const MatrixXcd& rho) {
    const MatrixXcd square = O.adjoint() * O;
    return O * rho * O.adjoint() - (square * rho + rho * square) / 2;
  }

  /// What one term of the master equation makes of rho.
  [[nodiscard]] MatrixXcd apply(TermName term, const BatteryParameters& battery,
                                const MatrixXcd& rho) const {
    const Complex minus_i(0, -1);
    const auto commutator = [&](const MatrixXcd& H) -> MatrixXcd {
      return minus_i * (H * rho - rho * H);
    };
    const auto single_atoms = [&](double rate, const auto& operator_of) {
      MatrixXcd sum = MatrixXcd::Zero(dim(), dim());
      for (int which = 0; which < N_; ++which) {
        sum += rate * dissipator(operator_of(which), rho);
      }
      return sum;
    };
    const MatrixXcd minus = J_minus();
    const MatrixXcd plus = minus.adjoint();
    const MatrixXcd identity = MatrixXcd::Identity(dim(), dim());
    const MatrixXcd jz = H_B(1.0) - N_ / 2.0 * identity;
    const MatrixXcd jx = (plus + minus) / 2;
    if (term == "coupling") {
      return commutator(H_I(battery));
    }
    if (term == "free evolution") {
      // In the frame of a drive that stands still there.
      const bool driven = battery.drive != 0 || battery.atom_drive != 0;
      const bool turns = battery.interaction == Interaction::tavis_cummings || battery.g == 0;
      const double frame = driven && turns ? battery.omega_d : 0.0;
      return commutator(H_B(battery.omega_0 - frame) +
                        (battery.omega_c - frame) * a().adjoint() * a());
    }
    if (term == "drive of the cavity") {
      return commutator(battery.drive * (a() + a().adjoint()));
    }
    if (term == "drive of the atoms") {
      return commutator(battery.atom_drive * (minus + plus));
    }
    if (term == "turned drive of the cavity") {
      return commutator(battery.drive_quadrature * Complex(0, 1) * (a() - a().adjoint()));
    }
    if (term == "turned drive of the atoms") {
      return commutator(battery.atom_drive_quadrature * Complex(0, 1) * (minus - plus));
    }
    if (term == "ising_z") {
      return commutator(battery.ising_z / N_ * jz * jz);
    }
    if (term == "ising_x") {
      return commutator(battery.ising_x / N_ * jx * jx);
    }
    if (term == "cavity loss") {
      return battery.kappa * (battery.n_th + 1) * dissipator(a(), rho);
    }
    if (term == "thermal photons") {
      return battery.kappa * battery.n_th * dissipator(a().adjoint(), rho);
    }
    if (term == "atomic decay") {
      return single_atoms(battery.gamma_down, [&](int which) { return sigma_minus(which); });
    }
    if (term == "atomic pumping") {
      return single_atoms(battery.gamma_up,
                          [&](int which) -> MatrixXcd { return sigma_minus(which).adjoint(); });
    }
    if (term == "dephasing") {
      return single_atoms(battery.gamma_phi, [&](int which) { return sigma_z(which); });
    }
    if (term == "collective decay") {
      return battery.collective_down * dissipator(minus, rho);
    }
    if (term == "collective pumping") {
      return battery.collective_up * dissipator(plus, rho);
    }
    if (term == "collective dephasing") {
      return battery.collective_phi * dissipator(jz, rho);
    }
    throw std::logic_error("the full space does not know the term " + std::string(term));
  }

  /// The state on the full space that `numbers` (real storage) stand for.
  [[nodiscard]] MatrixXcd embed(std::span<const double> numbers) const {
    const std::vector<MatrixXcd> matrices = hermitian_blocks(blocks_, fock_dim_, numbers);
    MatrixXcd rho = MatrixXcd::Zero(dim(), dim());
    for (std::size_t b = 0; b < blocks_.size(); ++b) {
      const MatrixXcd matrix = rotation(b).adjoint() * matrices[b] * rotation(b);
      for (const MatrixXcd& copy : copies_[b]) {
        rho += copy * matrix * copy.adjoint() / static_cast<double>(copies_[b].size());
      }
    }
    return rho;
  }
  /// The blocks of a permutation-invariant state, each summed over its copies, in real storage.
  [[nodiscard]] std::vector<double> project(const MatrixXcd& rho) const {
    std::vector<MatrixXcd> matrices;
    for (std::size_t b = 0; b < blocks_.size(); ++b) {
      MatrixXcd matrix = MatrixXcd::Zero(copies_[b][0].cols(), copies_[b][0].cols());
      for (const MatrixXcd& copy : copies_[b]) {
        matrix += copy.adjoint() * rho * copy;
      }
      matrices.emplace_back(rotation(b) * matrix * rotation(b).adjoint());
    }
    return real_storage(matrices, blocks_, fock_dim_);
  }

  /// One isometry for every copy of a block: its columns are the states M = -j .. j (and n) of the
  /// copy.
  [[nodiscard]] const std::vector<MatrixXcd>& copies(std::size_t block) const {
    return copies_[block];
  }

  /// Tr_cavity rho, a matrix of 2^N dimensions.
  [[nodiscard]] MatrixXcd battery_part(const MatrixXcd& rho) const {
    MatrixXcd part = MatrixXcd::Zero(spin_dim(), spin_dim());
    for (Eigen::Index row = 0; row < spin_dim(); ++row) {
      for (Eigen::Index column = 0; column < spin_dim(); ++column) {
        part(row, column) =
            rho.block(row * fock_dim_, column * fock_dim_, fock_dim_, fock_dim_).trace();
      }
    }
    return part;
  }

 private:
  [[nodiscard]] int spin_dim() const { return 1 << N_; }
  [[nodiscard]] int dim() const { return spin_dim() * fock_dim_; }
  [[nodiscard]] MatrixXcd with_cavity(const MatrixXcd& spins) const {
    return kronecker(spins, MatrixXcd::Identity(fock_dim_, fock_dim_));
  }
  /// exp(i pi J_z/2) on a block; its global phase does not matter.
  [[nodiscard]] MatrixXcd rotation(std::size_t b) const {
    Eigen::VectorXcd phases(blocks_[b].dim());
    for (int i = 0; i < blocks_[b].dim(); ++i) {
      phases(i) = std::pow(Complex(0, 1), i);
    }
    return kronecker(phases.asDiagonal().toDenseMatrix(),
                     MatrixXcd::Identity(fock_dim_, fock_dim_));
  }

  void find_copies(SpinBlock block) {
    const FullSpace spins(N_);
    const MatrixXd minus = spins.J_minus().real();
    // The spin states with N/2 + j atoms up; bit a of a state's number says whether atom a is up.
    std::vector<int> top;
    for (int state = 0; state < spin_dim(); ++state) {
      if (std::popcount(static_cast<unsigned>(state)) == (N_ + block.two_j) / 2) {
        top.push_back(state);
      }
    }
    const MatrixXd plus = minus.transpose()(Eigen::all, top);
    const Eigen::JacobiSVD<MatrixXd> svd(plus, Eigen::ComputeFullV);
    std::vector<MatrixXcd> ladders;
    for (int v = 0; v < svd.matrixV().cols(); ++v) {
      if (v < svd.singularValues().size() && svd.singularValues()(v) > 1e-8) {
        continue;
      }
      MatrixXd ladder = MatrixXd::Zero(spin_dim(), block.dim());
      for (std::size_t s = 0; s < top.size(); ++s) {
        ladder(top[s], block.dim() - 1) = svd.matrixV()(static_cast<int>(s), v);
      }
      for (int i = block.dim() - 2; i >= 0; --i) {
        ladder.col(i) = (minus * ladder.col(i + 1)).normalized();
      }
      ladders.push_back(with_cavity(ladder));
    }
    copies_.push_back(ladders);
  }
  explicit FullSpace(int N) : N_(N), fock_dim_(1) {}

  int N_;
  int fock_dim_;
  std::vector<SpinBlock> blocks_;
  std::vector<std::vector<MatrixXcd>> copies_;  // of each block: isometries into the full space
};

}  // namespace qbsweep::testing
