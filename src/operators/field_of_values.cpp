#include "qbsweep/operators/field_of_values.hpp"

#include <Eigen/Eigenvalues>
#include <Eigen/SparseCore>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include "qbsweep/model/dissipators.hpp"
#include "qbsweep/model/hamiltonian.hpp"
#include "qbsweep/model/model_terms.hpp"
#include "qbsweep/model/spin_blocks.hpp"
#include "qbsweep/operators/ellipse_series.hpp"

namespace qbsweep {
namespace {

EnergyRange eigenvalue_range(const Eigen::VectorXd& diagonal, const Eigen::VectorXd& beside) {
  if (diagonal.size() == 1) {
    return {diagonal[0], diagonal[0]};
  }
  Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver;
  solver.computeFromTridiagonal(diagonal, beside, Eigen::EigenvaluesOnly);
  return {solver.eigenvalues().minCoeff(), solver.eigenvalues().maxCoeff()};
}

// The spread is largest for j = N/2: the off-diagonal elements of H are non-negative, and those of
// a smaller j are a part of these or smaller, so the largest eigenvalue of H, and of -H with the
// signs of every other level turned, is that of the largest block (Perron-Frobenius).

// That takes terms that change n by an odd number. What the others come to at most is added.

using RowMatrix = Eigen::SparseMatrix<double, Eigen::RowMajor>;

Terms without_odd_change_of_photons() {
  Terms terms;
  for (const HamiltonianTerm& term : hamiltonian_table()) {
    const bool beside_diagonal = term.plus_adjoint || changes(term.spin).size() > 1;
    if (beside_diagonal && change(term.cavity) % 2 == 0) {
      terms.add(term.name);
    }
  }
  return terms;
}

/// Some terms of H on j = N/2 and all Fock levels, before the rotation.
RowMatrix hamiltonian_matrix(const BatteryParameters& battery, const Terms& terms) {
  const SpinBlock block = {battery.N};
  const Hamiltonian hamiltonian(battery, terms);
  std::vector<Eigen::Triplet<double>> elements;
  for (int i = 0; i < block.dim(); ++i) {
    for (int n = 0; n < battery.fock_dim; ++n) {
      const int row = i * battery.fock_dim + n;
      elements.emplace_back(row, row, hamiltonian.diagonal(block, i, n));
      hamiltonian.for_each_beside_diagonal(block, i, n, [&](int k, int l, double value) {
        elements.emplace_back(row, k * battery.fock_dim + l, value);
      });
      // Elements by their modulus have the larger norm.
      hamiltonian.for_each_imaginary(block, i, n, [&](int k, int l, double value) {
        elements.emplace_back(row, k * battery.fock_dim + l, std::abs(value));
      });
    }
  }
  const int size = block.dim() * battery.fock_dim;
  RowMatrix H(size, size);
  H.setFromTriplets(elements.begin(), elements.end());
  return H;
}

/// A bound of the modulus of every eigenvalue.
double largest_row_sum(const RowMatrix& H) {
  return (H.cwiseAbs() * Eigen::VectorXd::Ones(H.cols())).maxCoeff();
}

struct Direction {
  double angle;
  double cosine;
  double sine;
};

/// Directions above the real axis, the rest being their mirror image: evenly spread ones, and more
/// near the imaginary axis, where flat shapes bend.
const std::vector<Direction>& spread_directions() {
  static const std::vector<Direction> directions = [] {
    constexpr int each = 48;
    std::vector<Direction> spread;
    const auto add = [&](double cosine) {
      const double angle = std::acos(cosine);
      spread.push_back({angle, cosine, std::sin(angle)});
    };
    for (int step = 1; step <= each; ++step) {
      for (const double sign : {-1.0, 1.0}) {
        add(sign * std::sin(std::numbers::pi / 2 * step / each));
        add(sign * std::pow(10.0, -5.0 * step / each));
      }
    }
    return spread;
  }();
  return directions;
}

}  // namespace

double ising_spread(const BatteryParameters& battery) {
  // J^2 of a component is N^2/4 at most.
  return (std::abs(battery.ising_z) + std::abs(battery.ising_x)) * battery.N / 4.0;
}

EnergyRange rotating_energy_range(const BatteryParameters& battery, int excitations) {
  // For a given number of excitations H - omega_c N_ex is tridiagonal over the excited atoms e. It
  // grows with the excitations.
  const SpinBlock block = {battery.N};
  BatteryParameters wide = battery;
  wide.fock_dim = excitations + 1;
  const Hamiltonian hamiltonian(wide);
  const int levels = std::min(battery.N, excitations) + 1;
  const double g_prime = effective_coupling(battery);
  Eigen::VectorXd diagonal(levels);
  Eigen::VectorXd beside(std::max(levels - 1, 1));
  for (int e = 0; e < levels; ++e) {
    diagonal[e] = hamiltonian.diagonal(block, e, excitations - e) - battery.omega_c * excitations;
    if (e + 1 < levels) {
      beside[e] = g_prime * raising_element(block, e) * std::sqrt(excitations - e);
    }
  }
  return eigenvalue_range(diagonal, beside);
}

double rotating_energy_spread(const BatteryParameters& battery, int excitations) {
  // A band over e whose off-diagonal varies slowly has its eigenvalues within twice its largest
  // one.
  const SpinBlock block = {battery.N};
  double largest = 0.0;
  for (int e = 0; e + 1 <= std::min(battery.N, excitations); ++e) {
    largest = std::max(largest, raising_element(block, e) * std::sqrt(excitations - e));
  }
  const double detuning =
      std::abs(battery.omega_0 - battery.omega_c) * battery.N + ising_spread(battery);
  return std::hypot(4 * effective_coupling(battery) * largest, detuning);
}

EnergyRange energy_range(const BatteryParameters& battery) {
  // By Lanczos, whose extreme values converge first.
  const Terms others = without_odd_change_of_photons();
  const RowMatrix H = hamiltonian_matrix(battery, Terms::all().without(others));
  const Eigen::Index size = H.rows();
  constexpr int longest = 80;
  const auto steps = static_cast<int>(std::min<Eigen::Index>(longest, size));
  Eigen::VectorXd diagonal(steps);
  Eigen::VectorXd beside(steps);
  Eigen::VectorXd before = Eigen::VectorXd::Zero(size);
  Eigen::VectorXd here(size);
  for (Eigen::Index e = 0; e < size; ++e) {
    here[e] = 1.0 + 0.5 * std::sin(3.0 * static_cast<double>(e));  // no symmetry
  }
  here.normalize();
  int done = 0;
  double residual = 0.0;
  double largest = 0.0;
  while (done < steps) {
    Eigen::VectorXd next = H * here;
    diagonal[done] = here.dot(next);
    next -= diagonal[done] * here;
    if (done > 0) {
      next -= beside[done - 1] * before;
    }
    residual = next.norm();
    beside[done] = residual;
    largest = std::max({largest, std::abs(diagonal[done]), residual});
    ++done;
    if (residual <= 1e-12 * largest) {
      break;
    }
    before.swap(here);
    here = next / residual;
  }
  EnergyRange range = eigenvalue_range(diagonal.head(done), beside.head(std::max(done - 1, 1)));
  // Lanczos finds the ends from within.
  const double margin =
      0.002 * (range.high - range.low) + largest_row_sum(hamiltonian_matrix(battery, others));
  range.low -= margin;
  range.high += margin;
  return range;
}

double FieldOfValues::support(double angle) const {
  const double cosine = std::cos(angle);
  const double sine = std::abs(std::sin(angle));
  // kappa D[a]: discs around -kappa s with radius kappa (s + 1/2), 0 <= s <= fock_dim - 1; alike
  // for the other ladders.
  const double ladders = std::max(-ladder_loss * cosine + ladder_loss, 0.0) + ladder_step;
  // gamma D[sigma_-] of one atom: discs around -gamma s with radius gamma/2, 0 <= s <= 1.
  const double atoms = std::max(-single_loss * cosine, 0.0) + single_step;
  // gamma_phi D[sigma_z] of one atom is Hermitian, with values in [-2 gamma_phi, 0].
  const double phases = std::max(-2 * dephasing * cosine, 0.0);
  return energy_spread * sine + ladders + atoms + phases;
}

double FieldOfValues::reach() const {
  return std::hypot(support(std::numbers::pi), support(std::numbers::pi / 2));
}

double FieldOfValues::expected_support(double angle) const {
  const double cosine = std::cos(angle);
  // Motion averages over dephasing: what turns fastest was seen to lose its phase at about half of
  // the largest rate, as with decay, but not all of it.
  const double averaged = 0.5 * 2 * dephasing;
  const double half = (ladder_loss + single_loss + averaged) / 2;
  const double height = 1.02 * energy_spread;
  return -half * cosine + std::hypot(half * cosine, height * std::sin(angle)) +
         std::max((averaged - 2 * dephasing) * cosine, 0.0);
}

FieldOfValues field_of_values(const BatteryParameters& battery, int fock_dim,
                              const EnergyRange& energies) {
  require_carried(Carrier::field_of_values, battery);
  FieldOfValues values;
  values.energy_spread = energies.high - energies.low;
  for (const auto& [jump, rate] : active_jumps(battery)) {
    const double loss = rate * largest_jump_loss(jump, battery.N, fock_dim);
    if (excitations_gained(jump) == 0) {
      // Single atoms: -2 gamma_phi N at most. D[J_z]: -(M - M')^2/2, which is -2 (N/2)^2 at most.
      values.dephasing += loss;
    } else if (acts_on_single_atoms(jump)) {
      values.single_loss += loss;
      values.single_step += loss / 2;
    } else {
      values.ladder_loss += loss;
      values.ladder_step += rate * (acts_on_cavity(jump) ? 1 : battery.N) / 2;
    }
  }
  return values;
}

double steps_for_growth(const Ellipse& ellipse, double duration, double growth) {
  return std::max(1.0, std::ceil(ellipse.right_end() * duration / growth));
}

Ellipse enclosing_ellipse(const FieldOfValues& values, bool expected, double duration,
                          double tolerance, double growth) {
  const auto support = [&](double angle) {
    return expected ? values.expected_support(angle) : values.support(angle);
  };
  constexpr double flattest = 1e-12;  // where nothing turns
  const double right = support(0);
  const double left = -support(std::numbers::pi);
  const double height = std::max(support(std::numbers::pi / 2), flattest / duration);
  const double center = (left + right) / 2;
  const std::vector<Direction>& directions = spread_directions();
  std::vector<double> reaches;  // squares, from the center
  reaches.reserve(directions.size());
  for (const Direction& direction : directions) {
    reaches.push_back(std::pow(support(direction.angle) - center * direction.cosine, 2));
  }
  Ellipse best;
  double fewest = std::numeric_limits<double>::infinity();
  int best_power = 0;
  const auto try_stretch = [&](int power) {
    const double imaginary_axis = std::pow(1.02, power) * height;
    double square = std::pow(std::max((right - left) / 2, 1e-3 * height), 2);
    for (std::size_t d = 0; d < directions.size(); ++d) {
      const double beyond = reaches[d] - std::pow(imaginary_axis * directions[d].sine, 2);
      square = std::max(square, beyond / (directions[d].cosine * directions[d].cosine));
    }
    const Ellipse ellipse = {center, std::sqrt(square), imaginary_axis};
    const double steps = steps_for_growth(ellipse, duration, growth);
    const double terms =
        steps * static_cast<double>(EllipseSeries(ellipse).terms(duration / steps, tolerance));
    if (terms < fewest) {
      fewest = terms;
      best = ellipse;
      best_power = power;
    }
  };
  // Up to three times as high as the region; near the best of some, all.
  constexpr int stretches = 56;
  constexpr int between = 7;
  for (int power = 0; power < stretches; power += between) {
    try_stretch(power);
  }
  const int first = std::max(best_power - between + 1, 0);
  const int last = std::min(best_power + between - 1, stretches - 1);
  for (int power = first; power <= last; ++power) {
    try_stretch(power);
  }
  return best;
}

}  // namespace qbsweep
