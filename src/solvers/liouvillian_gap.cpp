#include "qbsweep/solvers/liouvillian_gap.hpp"

#include <fmt/format.h>

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "qbsweep/liouvillian/parity_half.hpp"
#include "qbsweep/physics/coupling.hpp"
#include "qbsweep/support/error.hpp"
#include "rightmost.hpp"
#include "steady_states.hpp"

namespace qbsweep {
namespace {

constexpr double none = -std::numeric_limits<double>::infinity();

/// What is known of one half, or of both.
struct SpectrumEnd {
  std::int64_t zeros = 0;
  double rightmost = none;  ///< real part, of those that are not zero
  double residual = 0.0;
  std::int64_t applications = 0;

  void add(const Eigenvalue& value, double tolerance) {
    if (std::abs(value.value) <= tolerance) {
      ++zeros;
    } else {
      rightmost = std::max(rightmost, value.value.real());
    }
    residual = std::max(residual, value.residual);
  }
  void add(const SpectrumEnd& other) {
    zeros += other.zeros;
    rightmost = std::max(rightmost, other.rightmost);
    residual = std::max(residual, other.residual);
    applications += other.applications;
  }
};

/// Eigenvalues of H on the states with one parity of n + i, largest block alone.
Eigen::VectorXd energies(const BatteryParameters& battery, int parity) {
  const SpinBlock block = {battery.N};
  std::vector<Eigen::Index> number(static_cast<std::size_t>(block.dim()) * battery.fock_dim, -1);
  Eigen::Index size = 0;
  const auto at = [&](int i, int n) -> Eigen::Index& {
    return number[static_cast<std::size_t>(i) * battery.fock_dim + n];
  };
  for (int i = 0; i < block.dim(); ++i) {
    for (int n = (i + parity) % 2; n < battery.fock_dim; n += 2) {
      at(i, n) = size++;
    }
  }
  Eigen::MatrixXd H = Eigen::MatrixXd::Zero(size, size);
  for (int i = 0; i < block.dim(); ++i) {
    for (int n = (i + parity) % 2; n < battery.fock_dim; n += 2) {
      H(at(i, n), at(i, n)) = free_energy(battery, block, i, n);
      for_each_coupling(battery, effective_coupling(battery), block, i, n,
                        [&](int k, int l, double A) {
                          H(at(i, n), at(k, l)) += std::abs(A);  // before the rotation
                        });
    }
  }
  return Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(H, Eigen::EigenvaluesOnly).eigenvalues();
}

/// Pairs of equal energies, within the tolerance. All other eigenvalues are imaginary.
SpectrumEnd noiseless_spectrum(const BatteryParameters& battery, double tolerance, bool both,
                               const StepHook& on_step) {
  look_in(on_step);
  const Eigen::VectorXd even = energies(battery, 0);
  look_in(on_step);
  const Eigen::VectorXd odd = energies(battery, 1);
  look_in(on_step);
  SpectrumEnd end;
  const auto count = [&](const Eigen::VectorXd& a, const Eigen::VectorXd& b) {
    for (const double energy : a) {
      const auto first = std::lower_bound(b.begin(), b.end(), energy - tolerance);
      const auto last = std::upper_bound(b.begin(), b.end(), energy + tolerance);
      end.zeros += last - first;
    }
  };
  count(even, even);
  count(odd, odd);
  if (both) {
    count(even, odd);
    count(odd, even);
  }
  end.rightmost = 0.0;
  end.residual = std::numeric_limits<double>::epsilon() *
                 std::max(even.cwiseAbs().maxCoeff(), odd.cwiseAbs().maxCoeff());
  return end;
}

SpectrumEnd dense_spectrum(const BatteryParameters& battery, const ParityHalf& half,
                           double tolerance, const StepHook& on_step) {
  const petsc::Matrix L = half_liouvillian(battery, half);
  const auto size = static_cast<Eigen::Index>(half.size());
  Eigen::MatrixXd dense(size, size);
  std::vector<double> unit(static_cast<std::size_t>(size), 0.0);
  for (Eigen::Index column = 0; column < size; ++column) {
    look_in(on_step);
    unit[column] = 1.0;
    const petsc::Vector in = make_vector(L.get(), unit);
    const petsc::Vector out = make_vector(L.get(), unit);
    petsc::check(MatMult(L.get(), in.get(), out.get()), "make a dense Liouvillian");
    const std::vector<double> product = numbers_of(out.get());
    dense.col(column) = Eigen::Map<const Eigen::VectorXd>(product.data(), size);
    unit[column] = 0.0;
  }
  const Eigen::EigenSolver<Eigen::MatrixXd> solver(dense, false);
  if (solver.info() != Eigen::Success) {
    throw EnvironmentError(
        fmt::format("the dense Liouvillian of {} unknowns could not be diagonalised", size));
  }
  SpectrumEnd end;
  end.applications = half.size();
  const double rounding = std::numeric_limits<double>::epsilon() * dense.norm();
  for (const std::complex<double>& value : solver.eigenvalues()) {
    end.add({value, rounding}, tolerance);
  }
  return end;
}

SpectrumEnd propagated_spectrum(const BatteryParameters& battery, const ParityHalf& half,
                                double tolerance, const StepHook& on_step) {
  SpectrumEnd end;
  HalfVectors removed;
  if (half.parity() == Parity::even) {
    // The trace is conserved: one zero is certain, and the others are those of traceless states.
    removed.push_back(trace_vector(half));
    end.zeros = 1;
  }
  Evolution evolution(battery, half, propagation_time(battery), propagation_tolerance, on_step);
  const std::vector<double> start = generic_vector(half.size());
  for (int count = 1;; count = std::min(2 * count, 32)) {
    Rightmost found = rightmost_eigenvalues(evolution, half, start, removed, {count, tolerance});
    const std::int64_t before = end.zeros;
    for (const Eigenvalue& value : found.values) {
      end.add(value, tolerance);
    }
    if (end.zeros == before) {
      end.applications = evolution.applications();
      return end;
    }
    for (std::vector<double>& vector : found.subspace) {
      removed.push_back(std::move(vector));
    }
  }
}

SpectrumEnd spectrum_of(const BatteryParameters& battery, Parity parity,
                        const GapSettings& settings, const StepHook& on_step) {
  const ParityHalf half(battery, parity);
  return half.size() <= settings.dense_unknowns
             ? dense_spectrum(battery, half, settings.tolerance, on_step)
             : propagated_spectrum(battery, half, settings.tolerance, on_step);
}

}  // namespace

LiouvillianGap liouvillian_gap(const BatteryParameters& battery, const GapSettings& settings,
                               const StepHook& on_step) {
  SpectrumEnd end;
  if (without_noise(battery)) {
    end = noiseless_spectrum(battery, settings.tolerance, true, on_step);
  } else {
    end = spectrum_of(battery, Parity::even, settings, on_step);
    end.add(spectrum_of(battery, Parity::odd, settings, on_step));
  }
  return {end.rightmost < 0 ? -end.rightmost : 0.0, end.zeros, end.residual, end.applications};
}

LiouvillianGap steady_multiplicity(const BatteryParameters& battery, const GapSettings& settings,
                                   const StepHook& on_step) {
  const SpectrumEnd end = without_noise(battery)
                              ? noiseless_spectrum(battery, settings.tolerance, false, on_step)
                              : spectrum_of(battery, Parity::even, settings, on_step);
  return {std::numeric_limits<double>::quiet_NaN(), end.zeros, end.residual, end.applications};
}

double liouvillian_gap_bytes(const BatteryParameters& battery, const GapSettings& settings) {
  const double half =
      static_cast<double>(count_unknowns(battery.N, battery.fock_dim, has_local_noise(battery))) /
      2;
  if (half <= static_cast<double>(settings.dense_unknowns)) {
    return 8 * 4 * half * half;
  }
  return Evolution::bytes(battery) + rightmost_bytes(battery, 1) + 8 * 2 * half;
}

}  // namespace qbsweep
