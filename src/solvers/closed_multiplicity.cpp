#include "closed_multiplicity.hpp"

#include <Eigen/Dense>

#include "qbsweep/physics/coupling.hpp"

namespace qbsweep {

std::int64_t closed_multiplicity(const BatteryParameters& battery, double tolerance) {
  const SpinBlock block = {battery.N};
  const int fock_dim = battery.fock_dim;
  const Eigen::Index size = Eigen::Index{block.dim()} * fock_dim;
  constexpr Eigen::Index most_diagonalised = 2000;
  if (size > most_diagonalised) {
    return size;
  }
  const double g_prime = effective_coupling(battery);
  Eigen::MatrixXd H = Eigen::MatrixXd::Zero(size, size);
  for (int i = 0; i < block.dim(); ++i) {
    for (int n = 0; n < fock_dim; ++n) {
      const Eigen::Index row = Eigen::Index{i} * fock_dim + n;
      H(row, row) = free_energy(battery, block, i, n);
      for_each_coupling(battery, g_prime, block, i, n, [&](int k, int l, double A) {
        // Before the rotation J_- has the sign of J_+.
        H(row, Eigen::Index{k} * fock_dim + l) = k < i ? A : -A;
      });
    }
  }
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(H, Eigen::EigenvaluesOnly);
  const Eigen::VectorXd& energies = solver.eigenvalues();
  std::int64_t pairs = 0;
  for (Eigen::Index a = 0; a < size; ++a) {
    ++pairs;
    for (Eigen::Index b = a + 1; b < size && energies[b] - energies[a] <= tolerance; ++b) {
      pairs += 2;
    }
  }
  return pairs;
}

}  // namespace qbsweep
