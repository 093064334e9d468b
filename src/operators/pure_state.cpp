#include "qbsweep/operators/pure_state.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "qbsweep/model/dissipators.hpp"
#include "qbsweep/model/hamiltonian.hpp"
#include "qbsweep/model/model_terms.hpp"
#include "qbsweep/model/observations.hpp"
#include "qbsweep/model/spin_blocks.hpp"

namespace qbsweep {

PureStateOperator::PureStateOperator(const BatteryParameters& battery, double energy_origin)
    : battery_(battery) {
  require_carried(Carrier::state_vector, battery);
  const SpinBlock block = {battery.N};
  const Hamiltonian H(battery);
  const Dissipators noise(battery);
  // All states lose alike to dephasing: a factor that the operator leaves out.
  const double of_all = noise.rate(Jump::single_pauli_z) * battery.N;
  for (int i = 0; i < block.dim(); ++i) {
    for (int n = 0; n < battery.fock_dim; ++n) {
      energy_.push_back(H.diagonal(block, i, n) - energy_origin);
      damping_.push_back((noise.loss(block, i, n) - of_all) / 2);
    }
  }
  add_coupling();
  add_other_elements();
  observed_.resize(static_cast<std::size_t>(size()));
  std::iota(observed_.begin(), observed_.end(), 0);
}

void PureStateOperator::add_coupling() {
  const SpinBlock block = {battery_.N};
  const double g_prime = effective_coupling(battery_);
  for (int n = 0; n < battery_.fock_dim; ++n) {
    root_.push_back(std::sqrt(n));
  }
  for (int i = 0; i < block.dim(); ++i) {
    raise_.push_back(i + 1 < block.dim() ? g_prime * raising_element(block, i) : 0.0);
  }
}

void PureStateOperator::add_other_elements() {
  const SpinBlock block = {battery_.N};
  const Hamiltonian H(battery_, Terms::all().without({"coupling"}));
  for (int i = 0; i < block.dim(); ++i) {
    for (int n = 0; n < battery_.fock_dim; ++n) {
      H.for_each_rotated(block, i, n, [&](int k, int l, double value, bool in_A) {
        (in_A ? antisymmetric_ : symmetric_)
            .push_back({std::int64_t{i} * battery_.fock_dim + n,
                        std::int64_t{k} * battery_.fock_dim + l, value});
      });
    }
  }
}

std::int64_t PureStateOperator::size() const {
  return 2 * static_cast<std::int64_t>(energy_.size());
}

void PureStateOperator::apply(const double* x, double* y, const Recurrence& weights) const {
  const double r = counter_rotating(battery_);
  const int fock_dim = battery_.fock_dim;
  const std::int64_t half = size() / 2;
  for (int part = 0; part < 2; ++part) {
    const double turn = part == 0 ? 1.0 : -1.0;
    for (int i = 0; i <= battery_.N; ++i) {
      const std::int64_t row = std::int64_t{i} * fock_dim;
      const double* const own = x + part * half + row;
      const double* const other = x + (1 - part) * half + row;
      const double* const below = i > 0 ? own - fock_dim : own;
      const double* const above = i < battery_.N ? own + fock_dim : own;
      const double from_below = i > 0 ? raise_[i - 1] : 0.0;
      const double from_above = -raise_[i];  // 0 at the top
      double* const out = y + part * half + row;
      for (int n = 0; n < fock_dim; ++n) {
        double sum = turn * energy_[row + n] * other[n] - damping_[row + n] * own[n];
        if (n + 1 < fock_dim) {
          const double root = root_[n + 1];
          sum +=
              root * (from_below * below[n + 1] + (r != 0 ? r * from_above * above[n + 1] : 0.0));
        }
        if (n > 0) {
          sum += root_[n] *
                 (from_above * above[n - 1] + (r != 0 ? r * from_below * below[n - 1] : 0.0));
        }
        const double before = weights.gamma == 0 ? 0.0 : weights.gamma * out[n];
        out[n] = weights.alpha * sum + weights.beta * own[n] + before;
      }
    }
    // The other elements, few or none: du/dt = A u + S v, dv/dt = A v - S u.
    double* const out = y + part * half;
    for (const MatrixElement& element : antisymmetric_) {
      out[element.row] += weights.alpha * element.value * x[part * half + element.column];
    }
    for (const MatrixElement& element : symmetric_) {
      out[element.row] +=
          turn * weights.alpha * element.value * x[(1 - part) * half + element.column];
    }
  }
}

void PureStateOperator::set_pure_state(std::span<const double> amplitudes, double* x) const {
  std::fill_n(x, size(), 0.0);
  const int fock_dim = battery_.fock_dim;
  const int rows = static_cast<int>(amplitudes.size()) / fock_dim;
  for (int i = 0; i < rows; ++i) {
    double* const part = i % 2 == 0 ? x : x + size() / 2;
    for (int n = 0; n < fock_dim; ++n) {
      part[i * fock_dim + n] = rotation_sign(i) * amplitudes[i * fock_dim + n];
    }
  }
}

void PureStateOperator::observe(const double* x, double* observations) const {
  std::copy_n(x, size(), observations);
}

void pure_state_observations(const BatteryParameters& battery, const ObservationLayout& layout,
                             std::span<const double> psi, std::span<double> observations) {
  const std::vector<ObservedEnergy> energies = observed_energies(layout, battery);
  const SpinBlock block = {battery.N};
  const CavityObservations cavity(layout, battery.fock_dim);
  const int fock_dim = battery.fock_dim;
  const double* const u = psi.data();
  const double* const v = u + psi.size() / 2;
  std::fill(observations.begin(), observations.end(), 0.0);
  for (int i = 0; i < block.dim(); ++i) {
    for (int k = 0; k < block.dim(); ++k) {
      // rho_ik = psi_i conj(psi_k), stored as the sum of its real and its imaginary part.
      double sum = 0.0;
      for (int n = 0; n < fock_dim; ++n) {
        const std::int64_t p = std::int64_t{i} * fock_dim + n;
        const std::int64_t q = std::int64_t{k} * fock_dim + n;
        sum += u[p] * u[q] + v[p] * v[q] + v[p] * u[q] - u[p] * v[q];
      }
      observations[std::int64_t{i} * block.dim() + k] = sum;
    }
    for (int n = 0; n < fock_dim; ++n) {
      const std::int64_t p = std::int64_t{i} * fock_dim + n;
      const double population = u[p] * u[p] + v[p] * v[p];
      cavity.for_each(n, [&](std::int64_t position, double weight) {
        observations[position] += weight * population;
      });
      // Of R_pq = X + Y an element of A or S meets Y or X alone.
      const auto mean = [&](int k, int l, double value, bool in_A) {
        const std::int64_t q = std::int64_t{k} * fock_dim + l;
        return value * (in_A ? v[p] * u[q] - u[p] * v[q] : u[p] * u[q] + v[p] * v[q]);
      };
      for (const auto& [position, H] : energies) {
        observations[position] += mean(i, n, H.diagonal(block, i, n), false);
        H.for_each_rotated(block, i, n, [&, at = position](int k, int l, double value, bool in_A) {
          observations[at] += mean(k, l, value, in_A);
        });
      }
    }
  }
  for_each_requested_observation(
      layout, StateBasis(battery.N, fock_dim, false), battery,
      [&](std::int64_t position, const Element& element, double weight) {
        const std::int64_t p = std::int64_t{element.i} * fock_dim + element.n;
        const std::int64_t q = std::int64_t{element.k} * fock_dim + element.l;
        observations[position] += weight * (u[p] * u[q] + v[p] * v[q] + v[p] * u[q] - u[p] * v[q]);
      });
}

}  // namespace qbsweep
