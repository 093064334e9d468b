#include "qbsweep/solvers/no_jump_truncation.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "first_state.hpp"
#include "qbsweep/liouvillian/ellipse_series.hpp"
#include "qbsweep/liouvillian/field_of_values.hpp"
#include "qbsweep/liouvillian/pure_state.hpp"
#include "qbsweep/liouvillian/sector_state.hpp"
#include "qbsweep/liouvillian/series_vectors.hpp"
#include "qbsweep/physics/coupling.hpp"
#include "qbsweep/solvers/observation_series.hpp"

namespace qbsweep {
namespace {

/// Of a step of the series, for a state of norm 1.
constexpr double accuracy = 1e-14;

/// What is left of a state that is no longer looked at: its probability to have met no jump.
constexpr double least_probability = 1e-5;

/// Times at which states are compared: enough to meet each return of what was reflected, and no
/// more than memory is worth.
std::int64_t looks_for(const BatteryParameters& battery) {
  constexpr double most_bytes = 32e6;
  const double state_bytes = 8.0 * 2 * (battery.N + 1) * battery.fock_dim;
  return 1 + static_cast<std::int64_t>(std::clamp(most_bytes / state_bytes, 16.0, 96.0));
}

/// Of the generator between jumps.
FieldOfValues values_of(const BatteryParameters& battery, const EnergyRange& range) {
  FieldOfValues values;
  values.energy_spread = (range.high - range.low) / 2;
  values.cavity_loss = battery.kappa * (battery.fock_dim - 1) / 2;
  values.decay = battery.gamma_down * battery.N / 2;
  return values;
}

/// What the length of a step is measured by. Where states decay the terms of the series cancel, and
/// rounding grows with the step.
double rate_of_turns(const FieldOfValues& values) {
  constexpr double weight_of_decay = 20;
  return values.energy_spread + weight_of_decay * (values.cavity_loss + values.decay);
}

/// Calls visit(look, psi) at `looks` equidistant times from 0 to t_max until it returns false. psi
/// is stored as by PureStateOperator.
template <typename Visit>
void follow(const BatteryParameters& battery, double t_max, std::int64_t looks, Visit&& visit) {
  const EnergyRange range = energy_range(battery);
  const PureStateOperator flow(battery, (range.low + range.high) / 2);
  const FieldOfValues values = values_of(battery, range);

  // A step of a hundred terms or so is worth its overhead. It has several looks, or a look several
  // steps.
  constexpr double turns_of_step = 100;
  const double interval = t_max / static_cast<double>(looks - 1);
  const double turns = interval * rate_of_turns(values);
  const auto looks_at_once = static_cast<std::int64_t>(
      std::clamp(turns_of_step / turns, 1.0, static_cast<double>(looks - 1)));
  const auto steps_of_look =
      static_cast<std::int64_t>(std::max(1.0, std::ceil(turns / turns_of_step)));
  const double part = interval / static_cast<double>(steps_of_look);

  SectorState state(flow.size());
  SectorState previous(flow.size());
  flow.set_pure_state(first_state(battery).amplitudes, state.data());
  if (!visit(std::int64_t{0}, std::span<const double>(state.data(), flow.size()))) {
    return;
  }
  for (std::int64_t look = 1; look < looks;) {
    const std::int64_t together = std::min(looks_at_once, looks - look);
    for (std::int64_t step = 0; step < steps_of_look; ++step) {
      const double duration = together > 1 ? interval * static_cast<double>(together) : part;
      // The whole field of values: errors of rounding are what small differences are told from.
      const EllipseSeries series(enclosing_ellipse(values, false, duration, accuracy));
      const std::int64_t terms = series.terms(duration, accuracy);
      std::vector<std::vector<double>> coefficients(static_cast<std::size_t>(together));
      for (std::int64_t l = 0; l < together; ++l) {
        const double time = duration * static_cast<double>(l + 1) / static_cast<double>(together);
        series.coefficients(time, terms, coefficients[l]);
      }
      Table states(together, flow.size());
      for_each_series_vector(flow, series, terms, state, previous,
                             [&](std::int64_t k, const SectorState& vector) {
                               for (std::int64_t l = 0; l < together; ++l) {
                                 const double c = coefficients[l][k];
                                 double* const sum = states.row(l);
                                 for (std::int64_t e = 0; c != 0 && e < flow.size(); ++e) {
                                   sum[e] += c * vector.data()[e];
                                 }
                               }
                               return true;
                             });
      std::copy_n(states.row(together - 1), flow.size(), state.data());
      if (step + 1 < steps_of_look) {
        continue;
      }
      for (std::int64_t l = 0; l < together; ++l) {
        if (!visit(look + l, std::span<const double>(states.row(l), flow.size()))) {
          return;
        }
      }
    }
    look += together;
  }
}

double square(std::span<const double> psi) {
  double sum = 0.0;
  for (const double x : psi) {
    sum += x * x;
  }
  return sum;
}

}  // namespace

double amplitude_energy(const BatteryParameters& battery, int fock_dim, double population) {
  return (battery.N * battery.omega_0 + fock_dim * battery.omega_c) * std::sqrt(population);
}

double no_jump_window(const BatteryParameters& battery, double t_max) {
  constexpr double decay_times = 100;
  constexpr double most_turns = 1e5;
  double window = t_max;
  if (battery.kappa > 0) {
    window = std::min(window, decay_times / battery.kappa);
  }
  if (battery.gamma_down > 0) {
    window =
        std::min(window, most_turns / rate_of_turns(values_of(battery, energy_range(battery))));
  }
  return window;
}

double NoJumpTruncation::jump_free(std::int64_t look) const {
  // Dephasing lets every state decay alike, so the operator leaves it out.
  const double time = t_max_ * static_cast<double>(look) / static_cast<double>(looks_ - 1);
  return std::exp(-battery_.N * battery_.gamma_phi * time);
}

NoJumpTruncation::NoJumpTruncation(const BatteryParameters& battery, double t_max)
    : battery_(battery),
      t_max_(no_jump_window(battery, t_max)),
      looks_(looks_for(battery)),
      populations_(static_cast<std::size_t>(battery.fock_dim), 0.0),
      weights_(populations_) {
  const std::size_t levels = populations_.size();
  follow(battery, t_max_, looks_, [&](std::int64_t look, std::span<const double> psi) {
    std::vector<double> now(levels, 0.0);
    for (std::size_t e = 0; e < psi.size(); ++e) {
      now[e % levels] += psi[e] * psi[e];
    }
    const double norm = square(psi);
    const double free = jump_free(look);
    for (std::size_t n = 0; n < levels; ++n) {
      populations_[n] = std::max(populations_[n], now[n] / norm);
      weights_[n] = std::max(weights_[n], now[n] * free);
    }
    states_.emplace_back(psi.begin(), psi.end());
    return norm * free > least_probability;
  });
}

double NoJumpTruncation::error(int fock_dim) const {
  BatteryParameters narrow = battery_;
  narrow.fock_dim = fock_dim;
  const auto compared = static_cast<std::int64_t>(states_.size());
  double largest = 0.0;
  follow(narrow, t_max_, looks_, [&](std::int64_t look, std::span<const double> psi) {
    largest = std::max(largest, jump_free(look) * difference(look, psi, fock_dim));
    return look + 1 < compared;
  });
  const double rounding =
      10 * accuracy * (battery_.N * battery_.omega_0 + battery_.fock_dim * battery_.omega_c);
  return largest > rounding ? std::min(largest, amplitude(fock_dim)) : 0.0;
}

double NoJumpTruncation::amplitude(int fock_dim) const {
  return amplitude_energy(battery_, fock_dim, weights_[fock_dim - 1] + weights_[fock_dim - 2]);
}

double NoJumpTruncation::difference(std::int64_t look, std::span<const double> narrow,
                                    int fock_dim) const {
  // Of the battery's state the elements next to the diagonal, which in large batteries are most of
  // the work, stand for those farther off.
  constexpr int coherences = 16;
  const SpinBlock block = {battery_.N};
  const double g_prime = effective_coupling(battery_);
  const auto element = [](std::span<const double> psi, std::int64_t p, std::int64_t q) {
    const auto half = static_cast<std::int64_t>(psi.size() / 2);
    // Real and imaginary part of psi_p conj(psi_q).
    return std::array{psi[p] * psi[q] + psi[half + p] * psi[half + q],
                      psi[half + p] * psi[q] - psi[p] * psi[half + q]};
  };
  const auto photons_and_coupling = [&](std::span<const double> psi, int levels) {
    std::array<double, 2> sums = {};
    BatteryParameters on_levels = battery_;
    on_levels.fock_dim = levels;
    for (int i = 0; i < block.dim(); ++i) {
      for (int n = 0; n < levels; ++n) {
        const std::int64_t p = std::int64_t{i} * levels + n;
        sums[0] += n * element(psi, p, p)[0];
        for_each_coupling(on_levels, g_prime, block, i, n, [&](int k, int l, double A) {
          sums[1] += A * element(psi, p, std::int64_t{k} * levels + l)[1];
        });
      }
    }
    return sums;
  };
  const std::span<const double> wide = states_[static_cast<std::size_t>(look)];
  const int levels = battery_.fock_dim;
  double square = 0.0;
  for (int i = 0; i < block.dim(); ++i) {
    for (int k = std::max(0, i - coherences); k <= i; ++k) {
      std::array<double, 2> gap = {};
      for (int n = 0; n < levels; ++n) {
        const auto more = element(wide, std::int64_t{i} * levels + n, std::int64_t{k} * levels + n);
        gap[0] += more[0];
        gap[1] += more[1];
        if (n < fock_dim) {
          const auto less =
              element(narrow, std::int64_t{i} * fock_dim + n, std::int64_t{k} * fock_dim + n);
          gap[0] -= less[0];
          gap[1] -= less[1];
        }
      }
      square += (i == k ? 1 : 2) * (gap[0] * gap[0] + gap[1] * gap[1]);
    }
  }
  const auto more = photons_and_coupling(wide, levels);
  const auto less = photons_and_coupling(narrow, fock_dim);
  return std::max({battery_.N * battery_.omega_0 * std::sqrt(square),
                   battery_.omega_c * std::abs(more[0] - less[0]), std::abs(more[1] - less[1])});
}

}  // namespace qbsweep
