#include "qbsweep/spectrum/liouvillian_gap.hpp"

#include <fmt/format.h>

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "qbsweep/model/hamiltonian.hpp"
#include "qbsweep/model/model_terms.hpp"
#include "qbsweep/model/reductions.hpp"
#include "qbsweep/operators/liouvillian_rows.hpp"
#include "qbsweep/operators/parity_half.hpp"
#include "qbsweep/support/error.hpp"
#include "refined_state.hpp"
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

  /// \param zero  the frequency below which nothing can be told from zero
  void add(const Eigenvalue& value, double zero) {
    if (std::abs(value.value) <= std::max(zero, value.residual)) {
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

/// Eigenvalues of H, largest block alone: on the states with one parity of n + i, or on all.
Eigen::VectorXd energies(const BatteryParameters& battery, std::optional<int> parity) {
  const auto belongs = [&](int i, int n) { return !parity || (i + n) % 2 == *parity; };
  const SpinBlock block = {battery.N};
  std::vector<Eigen::Index> number(static_cast<std::size_t>(block.dim()) * battery.fock_dim, -1);
  Eigen::Index size = 0;
  const auto at = [&](int i, int n) -> Eigen::Index& {
    return number[static_cast<std::size_t>(i) * battery.fock_dim + n];
  };
  for (int i = 0; i < block.dim(); ++i) {
    for (int n = 0; n < battery.fock_dim; ++n) {
      if (belongs(i, n)) {
        at(i, n) = size++;
      }
    }
  }
  const Hamiltonian hamiltonian(battery);
  Eigen::MatrixXd H = Eigen::MatrixXd::Zero(size, size);
  for (int i = 0; i < block.dim(); ++i) {
    for (int n = 0; n < battery.fock_dim; ++n) {
      if (!belongs(i, n)) {
        continue;
      }
      H(at(i, n), at(i, n)) = hamiltonian.diagonal(block, i, n);
      hamiltonian.for_each_beside_diagonal(
          block, i, n, [&](int k, int l, double value) { H(at(i, n), at(k, l)) += value; });
    }
  }
  return Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(H, Eigen::EigenvaluesOnly).eigenvalues();
}

/// Pairs of equal energies. All other eigenvalues are imaginary.
SpectrumEnd noiseless_spectrum(const BatteryParameters& battery, bool both, const Watch& watch) {
  const double zero = rounding_frequency(battery);
  const bool halves = parity_is_conserved(battery);
  look_in(watch);
  const Eigen::VectorXd even = energies(battery, halves ? std::optional(0) : std::nullopt);
  look_in(watch);
  const Eigen::VectorXd odd = halves ? energies(battery, 1) : Eigen::VectorXd();
  look_in(watch);
  SpectrumEnd end;
  const auto count = [&](const Eigen::VectorXd& a, const Eigen::VectorXd& b) {
    for (const double energy : a) {
      const auto first = std::lower_bound(b.begin(), b.end(), energy - zero);
      const auto last = std::upper_bound(b.begin(), b.end(), energy + zero);
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
  end.residual =
      std::numeric_limits<double>::epsilon() *
      std::max(even.cwiseAbs().maxCoeff(), odd.size() > 0 ? odd.cwiseAbs().maxCoeff() : 0.0);
  return end;
}

/// \param holds_trace  the trace is a sum over these elements
SpectrumEnd spectrum_of_dense(const BatteryParameters& battery, const Eigen::MatrixXd& dense,
                              bool holds_trace) {
  const Eigen::Index size = dense.rows();
  const Eigen::EigenSolver<Eigen::MatrixXd> solver(dense, false);
  if (solver.info() != Eigen::Success) {
    throw EnvironmentError(
        fmt::format("the dense Liouvillian of {} unknowns could not be diagonalised", size));
  }
  std::vector<std::complex<double>> values(solver.eigenvalues().begin(),
                                           solver.eigenvalues().end());
  SpectrumEnd end;
  end.applications = size;
  if (holds_trace) {
    // The trace is conserved: one zero is certain, however it was rounded.
    const auto nearest =
        std::min_element(values.begin(), values.end(),
                         [](const auto& a, const auto& b) { return std::abs(a) < std::abs(b); });
    values.erase(nearest);
    end.zeros = 1;
  }
  const double rounding = std::numeric_limits<double>::epsilon() * dense.norm();
  for (const std::complex<double>& value : values) {
    end.add({value, rounding}, rounding_frequency(battery));
  }
  return end;
}

SpectrumEnd dense_spectrum(const BatteryParameters& battery, const ParityHalf& half,
                           const Watch& watch) {
  const petsc::Matrix L = half_liouvillian(battery, half);
  const auto size = static_cast<Eigen::Index>(half.size());
  Eigen::MatrixXd dense(size, size);
  std::vector<double> unit(static_cast<std::size_t>(size), 0.0);
  for (Eigen::Index column = 0; column < size; ++column) {
    look_in(watch);
    unit[column] = 1.0;
    const petsc::Vector in = make_vector(L.get(), unit);
    const petsc::Vector out = make_vector(L.get(), unit);
    petsc::check(MatMult(L.get(), in.get(), out.get()), "make a dense Liouvillian");
    const std::vector<double> product = numbers_of(out.get());
    dense.col(column) = Eigen::Map<const Eigen::VectorXd>(product.data(), size);
    unit[column] = 0.0;
  }
  return spectrum_of_dense(battery, dense, half.parity() == Parity::even);
}

/// For terms that the kernels do not carry: of the elements of one parity, or of all.
SpectrumEnd dense_spectrum_by_rows(const BatteryParameters& battery, std::optional<Parity> parity) {
  constexpr std::int64_t most_unknowns = 2500;  // minutes
  const StateBasis basis(battery.N, battery.fock_dim, has_local_noise(battery));
  std::vector<Eigen::Index> number(static_cast<std::size_t>(basis.size()), -1);
  Eigen::Index size = 0;
  Element row;
  for (std::int64_t r = 0; r < basis.size(); ++r, basis.advance(row)) {
    const int odd = (row.n + row.i + row.l + row.k) % 2;
    if (!parity || odd == (*parity == Parity::odd ? 1 : 0)) {
      number[static_cast<std::size_t>(r)] = size++;
    }
  }
  if (size > most_unknowns) {
    throw EnvironmentError(fmt::format(
        "with a drive or ising_x the gap is found by diagonalising a dense matrix, for up to {} "
        "unknowns: here are {}",
        most_unknowns, size));
  }
  const LiouvillianRows rows(basis, battery);
  Eigen::MatrixXd dense = Eigen::MatrixXd::Zero(size, size);
  row = basis.element(0);
  for (std::int64_t r = 0; r < basis.size(); ++r, basis.advance(row)) {
    const Eigen::Index own = number[static_cast<std::size_t>(r)];
    if (own >= 0) {
      rows.for_each_in_row(row, [&](std::int64_t column, double weight) {
        dense(own, number[static_cast<std::size_t>(column)]) += weight;
      });
    }
  }
  return spectrum_of_dense(battery, dense, parity != Parity::odd);
}

/// The rightmost eigenvalues, those that are not zero to enough digits to tell so, as far as these
/// can be had.
Rightmost telling_eigenvalues(Evolution& evolution, const ParityHalf& half,
                              const std::vector<double>& start, const HalfVectors& removed,
                              RightmostRequest request, double zero) {
  constexpr double digits = 1e-2;
  Rightmost found = rightmost_eigenvalues(evolution, half, start, removed, request);
  for (;;) {
    double wanted = request.tolerance;
    for (const Eigenvalue& value : found.values) {
      const double modulus = std::abs(value.value);
      if (modulus > zero && value.residual > digits * modulus) {
        wanted = std::min(wanted, digits * modulus);
      }
    }
    wanted = std::max(wanted, zero);
    if (wanted >= request.tolerance) {
      return found;
    }
    request.tolerance = wanted;
    const std::vector<double> first = found.subspace.front();
    try {
      found = rightmost_eigenvalues(evolution, half, first, removed, request);
    } catch (const EnvironmentError&) {
      return found;  // of many zeros at once not all come to rounding
    }
  }
}

SpectrumEnd propagated_spectrum(const BatteryParameters& battery, const ParityHalf& half,
                                double tolerance, const Watch& watch) {
  SpectrumEnd end;
  HalfVectors removed;
  if (half.parity() == Parity::even) {
    // The trace is conserved: one zero is certain, and the others are those of traceless states.
    removed.push_back(trace_vector(half));
    end.zeros = 1;
  }
  Evolution evolution(battery, half, propagation_time(battery), propagation_tolerance, watch);
  const double zero =
      std::max(rounding_frequency(battery), propagation_tolerance / evolution.duration());
  const std::vector<double> start = generic_vector(half.size());
  for (int count = 1;; count = std::min(2 * count, 32)) {
    Rightmost found =
        telling_eigenvalues(evolution, half, start, removed, {count, tolerance}, zero);
    const std::int64_t before = end.zeros;
    for (const Eigenvalue& value : found.values) {
      end.add(value, zero);
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
                        const GapSettings& settings, const Watch& watch) {
  if (!carries(Carrier::parity_kernel, battery)) {
    return dense_spectrum_by_rows(battery, parity);
  }
  const ParityHalf half(battery, parity);
  return gap_by_diagonalisation(battery, static_cast<double>(half.size()), settings)
             ? dense_spectrum(battery, half, watch)
             : propagated_spectrum(battery, half, settings.tolerance, watch);
}

/// Of what charging runs reach: all j with local noise, j = N/2 without.
SpectrumEnd reached_spectrum(const BatteryParameters& battery, const GapSettings& settings,
                             const Watch& watch) {
  if (without_noise(battery)) {
    require_carried(Carrier::assembled_matrix, battery);
    return noiseless_spectrum(battery, true, watch);
  }
  if (!parity_is_conserved(battery)) {
    look_in(watch);
    return dense_spectrum_by_rows(battery, std::nullopt);
  }
  SpectrumEnd end = spectrum_of(battery, Parity::even, settings, watch);
  end.add(spectrum_of(battery, Parity::odd, settings, watch));
  return end;
}

/// Of j = 0 without local noise, the cavity alone: its levels, or elements |n><l| that decay with
/// kappa (n + l)/2.
SpectrumEnd bare_cavity_spectrum(const BatteryParameters& battery) {
  SpectrumEnd end;
  end.zeros = battery.kappa > 0 ? 1 : battery.fock_dim;
  end.rightmost = -battery.kappa / 2;  // thermal photons do not change it
  return end;
}

}  // namespace

bool gap_by_diagonalisation(const BatteryParameters& battery, double half,
                            const GapSettings& settings) {
  return half <= static_cast<double>(settings.dense_unknowns) ||
         (half <= static_cast<double>(settings.stiff_dense_unknowns) &&
          Evolution::is_stiff(battery, propagation_time(battery)));
}

std::vector<BatteryParameters> lower_blocks(const BatteryParameters& battery) {
  std::vector<BatteryParameters> blocks;
  for (const SpinBlock block : spin_blocks(battery.N, true)) {
    if (block.two_j == battery.N || block.two_j == 0) {
      continue;
    }
    BatteryParameters alone = battery;
    alone.N = block.two_j;
    alone.g = effective_coupling(battery);
    alone.coupling_scaling = CouplingScaling::bare;
    alone.ising_z *= 1.0 * alone.N / battery.N;  // J^2/N of all atoms
    alone.ising_x *= 1.0 * alone.N / battery.N;
    blocks.push_back(alone);
  }
  return blocks;
}

LiouvillianGap liouvillian_gap(const BatteryParameters& battery, const GapSettings& settings,
                               const Watch& watch) {
  SpectrumEnd end = reached_spectrum(battery, settings, watch);
  const std::int64_t reached = end.zeros;
  if (!has_local_noise(battery)) {
    for (const BatteryParameters& block : lower_blocks(battery)) {
      end.add(reached_spectrum(block, settings, watch));
    }
    if (battery.N % 2 == 0) {
      end.add(bare_cavity_spectrum(battery));
    }
  }
  return {end.rightmost < 0 ? -end.rightmost : 0.0, end.zeros, reached, end.residual,
          end.applications};
}

LiouvillianGap even_half_gap(const BatteryParameters& battery, const GapSettings& settings,
                             const Watch& watch) {
  const SpectrumEnd end = without_noise(battery)
                              ? noiseless_spectrum(battery, false, watch)
                              : spectrum_of(battery, Parity::even, settings, watch);
  return {end.rightmost < 0 ? -end.rightmost : 0.0, end.zeros, end.zeros, end.residual,
          end.applications};
}

double liouvillian_gap_bytes(const BatteryParameters& battery, const GapSettings& settings) {
  const double half =
      static_cast<double>(count_unknowns(battery.N, battery.fock_dim, has_local_noise(battery))) /
      2;
  if (gap_by_diagonalisation(battery, half, settings)) {
    return 8 * 4 * half * half;
  }
  return Evolution::bytes(battery) + rightmost_bytes(battery, 1) + 8 * 2 * half;
}

}  // namespace qbsweep
