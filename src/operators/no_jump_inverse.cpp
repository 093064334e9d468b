#include "qbsweep/operators/no_jump_inverse.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "lapack.hpp"
#include "qbsweep/model/dissipators.hpp"
#include "qbsweep/model/hamiltonian.hpp"
#include "qbsweep/model/model_terms.hpp"
#include "qbsweep/support/error.hpp"

namespace qbsweep {
namespace {

/// Of the rates: small beside all of L0 but its dark states.
constexpr double relative_shift = 0.01;

/// Beyond this V^-1 has too few digits left in single precision.
constexpr double worst_condition = 1e5;

/// Dimensions of the two subspaces of a block: states |i, n> with even and odd n + i.
std::size_t subspace_dim(const BatteryParameters& battery, SpinBlock block, int parity) {
  std::size_t dim = 0;
  for (int i = 0; i < block.dim(); ++i) {
    dim += static_cast<std::size_t>((battery.fock_dim + 1 - (i + parity) % 2) / 2);
  }
  return dim;
}

/// Largest sum of moduli of a column.
double one_norm(const std::vector<std::complex<double>>& matrix, std::size_t dim) {
  double largest = 0.0;
  for (std::size_t q = 0; q < dim; ++q) {
    double sum = 0.0;
    for (std::size_t p = 0; p < dim; ++p) {
      sum += std::abs(matrix[q * dim + p]);
    }
    largest = std::isfinite(sum) ? std::max(largest, sum) : sum;
  }
  return largest;
}

}  // namespace

NoJumpInverse::NoJumpInverse(const BatteryParameters& battery, const ParityHalf& even)
    : even_(even), shift_(relative_shift * sum_of_rates(battery)) {
  require_carried(Carrier::no_jump_inverse, battery);
  const auto& blocks = even.basis().blocks();
  std::size_t largest = 0;
  for (int block = 0; block < static_cast<int>(blocks.size()); ++block) {
    for (const int parity : {0, 1}) {
      Subspace subspace;
      subspace.block = block;
      subspace.parity = parity;
      for (int i = 0; i < blocks[block].dim(); ++i) {
        subspace.first.push_back(subspace.dim);
        subspace.dim += static_cast<std::size_t>((battery.fock_dim + 1 - (i + parity) % 2) / 2);
      }
      diagonalise(battery, subspace);
      largest = std::max(largest, subspace.dim);
      subspaces_.push_back(std::move(subspace));
    }
  }
  rho_.resize(largest * largest);
  product_.resize(largest * largest);
}

std::vector<std::complex<double>> NoJumpInverse::no_jump_generator(const BatteryParameters& battery,
                                                                   const Subspace& subspace) const {
  const SpinBlock block = even_.basis().blocks()[subspace.block];
  const Hamiltonian H(battery);
  const Dissipators noise(battery);
  std::vector<Complex> G(subspace.dim * subspace.dim);
  for (int i = 0; i < block.dim(); ++i) {
    for (int n = (i + subspace.parity) % 2; n < battery.fock_dim; n += 2) {
      const std::size_t p = subspace.first[i] + n / 2;
      G[p + p * subspace.dim] = {-noise.loss(block, i, n) / 2, -H.diagonal(block, i, n)};
      H.for_each_beside_diagonal(block, i, n, [&](int k, int l, double value) {
        const double rotated = rotation_sign(i - k) * value;
        G[p + (subspace.first[k] + l / 2) * subspace.dim] +=
            (i - k) % 2 != 0 ? Complex(rotated, 0) : Complex(0, -rotated);
      });
    }
  }
  return G;
}

void NoJumpInverse::diagonalise(const BatteryParameters& battery, Subspace& subspace) {
  const std::size_t dim = subspace.dim;
  const auto d = static_cast<PetscBLASInt>(dim);
  const PetscBLASInt work_size = 66 * d;
  std::vector<Complex> work(static_cast<std::size_t>(work_size));
  std::vector<double> real_work(2 * dim);
  std::vector<PetscBLASInt> pivots(dim);
  std::vector<Complex> vectors(dim * dim);
  subspace.values.resize(dim);
  double condition = 0.0;
  for (const double disturbance : {0.0, 1e-4, 1e-3, 1e-2}) {
    std::vector<Complex> G = no_jump_generator(battery, subspace);
    for (std::size_t p = 0; p < dim; ++p) {
      // Uneven, so that whatever coincides moves apart.
      const double uneven = std::fmod(0.6180339887 * static_cast<double>(p + 1), 1.0);
      G[p + p * dim] -= disturbance * shift_ / relative_shift * uneven;
    }
    PetscBLASInt info = 0;
    const PetscBLASInt one = 1;
    Complex unused;
    zgeev_("N", "V", &d, G.data(), &d, subspace.values.data(), &unused, &one, vectors.data(), &d,
           work.data(), &work_size, real_work.data(), &info);
    if (info != 0) {
      continue;
    }
    subspace.vectors.assign(vectors.begin(), vectors.end());
    const double norm = one_norm(vectors, dim);
    std::fill(G.begin(), G.end(), 0.0);
    for (std::size_t p = 0; p < dim; ++p) {
      G[p + p * dim] = 1.0;
    }
    zgesv_(&d, &d, vectors.data(), &d, pivots.data(), G.data(), &d, &info);
    condition = norm * one_norm(G, dim);
    if (info == 0 && condition <= worst_condition) {
      subspace.inverse.assign(G.begin(), G.end());
      return;
    }
  }
  throw EnvironmentError(fmt::format(
      "the eigenvectors of H_eff have a condition number of {:.1e}, and {:.0e} is the most that "
      "method gmres takes: use propagator",
      condition, worst_condition));
}

void NoJumpInverse::load(const Subspace& subspace, const double* in) {
  const std::size_t dim = subspace.dim;
  const int levels = even_.basis().blocks()[subspace.block].dim();
  // rho_pq = (R_pq + R_qp)/2 + i (R_pq - R_qp)/2 for p <= q.
  for (int i = 0; i < levels; ++i) {
    for (int k = i; k < levels; ++k) {
      for (int n = (i + subspace.parity) % 2; n < even_.basis().fock_dim(); n += 2) {
        const ParityHalf::Row row = even_.row(subspace.block, i, k, n);
        const std::size_t p = subspace.first[i] + n / 2;
        for (int s = k == i ? n / 2 : 0; s < row.count; ++s) {
          const std::size_t q = subspace.first[k] + s;
          const double R = in[row.position + s];
          const double adjoint =
              in[even_.row(subspace.block, k, i, row.first_l + 2 * s).position + n / 2];
          rho_[p + q * dim] = {static_cast<float>((R + adjoint) / 2),
                               static_cast<float>((R - adjoint) / 2)};
        }
        if (k == i) {
          rho_[p + p * dim] *= 0.5F;
        }
      }
    }
  }
}

void NoJumpInverse::store(const Subspace& subspace, double* out) const {
  const std::size_t dim = subspace.dim;
  const int levels = even_.basis().blocks()[subspace.block].dim();
  for (int i = 0; i < levels; ++i) {
    for (int k = i; k < levels; ++k) {
      for (int n = (i + subspace.parity) % 2; n < even_.basis().fock_dim(); n += 2) {
        const ParityHalf::Row row = even_.row(subspace.block, i, k, n);
        const std::size_t p = subspace.first[i] + n / 2;
        for (int s = k == i ? n / 2 : 0; s < row.count; ++s) {
          const Single rho = rho_[p + (subspace.first[k] + s) * dim];
          const std::int64_t adjoint =
              even_.row(subspace.block, k, i, row.first_l + 2 * s).position + n / 2;
          out[adjoint] = rho.real() - rho.imag();
          out[row.position + s] = rho.real() + rho.imag();
        }
      }
    }
  }
}

/// rho <- by rho by^dag = W by^dag + by W^dag with W = by T, rho = T + T^dag.
void NoJumpInverse::transform(const Subspace& subspace, const std::vector<Single>& by) {
  const auto d = static_cast<PetscBLASInt>(subspace.dim);
  const Single one = 1.0F;
  const float zero = 0.0F;
  std::copy(by.begin(), by.end(), product_.begin());
  ctrmm_("R", "U", "N", "N", &d, &d, &one, rho_.data(), &d, product_.data(), &d);
  cher2k_("U", "N", &d, &d, &one, product_.data(), &d, by.data(), &d, &zero, rho_.data(), &d);
}

void NoJumpInverse::apply(const double* in, double* out) {
  for (const Subspace& subspace : subspaces_) {
    load(subspace, in);
    transform(subspace, subspace.inverse);
    for (std::size_t q = 0; q < subspace.dim; ++q) {
      const Complex value = std::conj(subspace.values[q]) - shift_;
      Single* const column = rho_.data() + q * subspace.dim;
      for (std::size_t p = 0; p <= q; ++p) {
        column[p] *= static_cast<Single>(1.0 / (subspace.values[p] + value));
      }
      column[q] *= 0.5F;
    }
    transform(subspace, subspace.vectors);
    store(subspace, out);
  }
}

double NoJumpInverse::bytes(const BatteryParameters& battery) {
  double matrices = 0.0;
  double largest = 0.0;
  for (const SpinBlock& block : spin_blocks(battery.N, has_local_noise(battery))) {
    for (const int parity : {0, 1}) {
      const double dim = static_cast<double>(subspace_dim(battery, block, parity));
      matrices += 2 * dim * dim;
      largest = std::max(largest, dim * dim);
    }
  }
  // Diagonalising the largest one takes three matrices in double precision.
  return static_cast<double>(sizeof(Single)) * (matrices + 2 * largest) +
         static_cast<double>(sizeof(Complex)) * 3 * largest;
}

}  // namespace qbsweep
