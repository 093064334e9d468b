#include "qbsweep/dynamics/no_jump_truncation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include "initial_state.hpp"
#include "no_jump_schedule.hpp"
#include "no_jump_steps.hpp"
#include "qbsweep/dynamics/series_propagator.hpp"
#include "qbsweep/model/dissipators.hpp"
#include "qbsweep/model/observations.hpp"
#include "qbsweep/operators/ellipse_series.hpp"
#include "qbsweep/operators/field_of_values.hpp"
#include "qbsweep/operators/pure_state.hpp"
#include "qbsweep/operators/sector_state.hpp"
#include "qbsweep/support/error.hpp"

namespace qbsweep {
namespace {

/// What is left of a state that is no longer looked at: its probability to have met no jump.
constexpr double least_probability = 1e-5;

double square(std::span<const double> psi) {
  double sum = 0.0;
  for (const double x : psi) {
    sum += x * x;
  }
  return sum;
}

/// Calls visit(look, psi) at `looks` equidistant times from 0 to t_max until it returns false. psi
/// is stored as by PureStateOperator. `range` is energy_range() of the battery.
template <typename Visit>
void follow(const BatteryParameters& battery, const EnergyRange& range, double t_max,
            std::int64_t looks, const Watch& watch, Visit&& visit) {
  const PureStateOperator flow(battery, (range.low + range.high) / 2);
  const FieldOfValues values = no_jump_values(battery, (range.high - range.low) / 2);
  const NoJumpSteps steps = no_jump_steps(values, t_max, looks);
  const double interval = t_max / static_cast<double>(looks - 1);
  const double part = interval / static_cast<double>(steps.steps_of_look);

  SectorState state(flow.size());
  SectorState previous(flow.size());
  initial_mixture(battery).set(flow, state.data());
  if (!visit(std::int64_t{0}, std::span<const double>(state.data(), flow.size()))) {
    return;
  }
  std::optional<SeriesPropagator> series;  // to make one takes longer than to use it
  std::vector<SectorState> states;         // at the times of a step
  const auto look_on = [&watch](std::int64_t term) {
    if (term == 0) {
      look_in(watch, 0.0);
    }
  };
  for (std::int64_t look = 1; look < looks;) {
    const auto at_once = static_cast<std::size_t>(std::min(steps.looks_at_once, looks - look));
    if (states.size() != at_once) {
      const double step = at_once > 1 ? interval * static_cast<double>(at_once) : part;
      std::vector<double> times;
      for (std::size_t l = 1; l <= at_once; ++l) {
        times.push_back(step * static_cast<double>(l) / static_cast<double>(at_once));
      }
      const std::int64_t terms = EllipseSeries(steps.ellipse).terms(step, no_jump_accuracy);
      series.emplace(flow, SeriesStep{steps.ellipse, step, terms}, times);
      states.clear();
      for (std::size_t l = 0; l < at_once; ++l) {
        states.emplace_back(flow.size());
      }
    }
    for (std::int64_t step = 1; step <= steps.steps_of_look; ++step) {
      for (SectorState& end : states) {
        std::fill_n(end.data(), end.size(), 0.0);
      }
      SeriesRounding rounding;
      if (!series->run_watched(state, previous, states, rounding, 1.0, look_on) ||
          !(rounding.cost() <= most_no_jump_rounding)) {
        throw EnvironmentError(
            "what truncation costs cannot be told: rounding grows in the evolution between jumps");
      }
      std::copy_n(states.back().data(), flow.size(), state.data());
    }
    for (const SectorState& seen : states) {
      if (!visit(look, std::span<const double>(seen.data(), flow.size()))) {
        return;
      }
      ++look;
    }
  }
}

double half_of(const EnergyRange& range) {
  return (range.high - range.low) / 2;
}

}  // namespace

double amplitude_energy(const BatteryParameters& battery, int fock_dim, double population) {
  return (battery.N * battery.omega_0 + fock_dim * battery.omega_c) * std::sqrt(population);
}

double no_jump_window(const BatteryParameters& battery, double t_max) {
  return no_jump_window(battery, half_of(energy_range(battery)), t_max);
}

double NoJumpTruncation::jump_free(std::int64_t look) const {
  // Dephasing of single atoms lets every state decay alike, so the operator leaves it out.
  const double time = t_max_ * static_cast<double>(look) / static_cast<double>(looks_ - 1);
  return std::exp(-battery_.N * battery_.gamma_phi * time);
}

void NoJumpTruncation::follow_levels(
    const BatteryParameters& battery,
    const std::function<bool(std::int64_t, std::span<const double>)>& visit) const {
  if (schedule_.empty()) {
    follow(battery, energy_range(battery), t_max_, looks_, watch_, visit);
  } else {
    follow_schedule(battery, schedule_, t_max_, looks_, watch_, visit);
  }
}

NoJumpTruncation::NoJumpTruncation(const BatteryParameters& battery, double t_max, Watch watch,
                                   const Schedule& schedule)
    : battery_(battery),
      schedule_(schedule),
      largest_coupling_(schedule.largest()[Control::coupling]),
      watch_(std::move(watch)),
      range_(energy_range(schedule.widest(battery))),
      t_max_(no_jump_window(battery, half_of(range_), t_max)),
      looks_(no_jump_looks(battery, half_of(range_), t_max_)),
      populations_(static_cast<std::size_t>(battery.fock_dim), 0.0),
      weights_(populations_) {
  const std::size_t levels = populations_.size();
  follow_levels(battery, [&](std::int64_t look, std::span<const double> psi) {
    std::vector<double> now(levels, 0.0);
    for (std::size_t e = 0; e < psi.size(); ++e) {
      now[e % levels] += psi[e] * psi[e];
    }
    const double norm = square(psi);
    const double free = jump_free(look);
    for (std::size_t n = 0; n < levels; ++n) {
      populations_[n] = std::max(populations_[n], now[n] / norm);
      now[n] *= free;
      weights_[n] = std::max(weights_[n], now[n]);
    }
    weights_of_looks_.push_back(std::move(now));
    states_.emplace_back(psi.begin(), psi.end());
    return norm * free > least_probability;
  });
}

LaterWeights NoJumpTruncation::later_weights() const {
  LaterWeights later = {t_max_ / static_cast<double>(looks_ - 1), weights_of_looks_};
  for (std::size_t look = later.weights.size() - 1; look-- > 0;) {
    for (std::size_t n = 0; n < populations_.size(); ++n) {
      later.weights[look][n] = std::max(later.weights[look][n], later.weights[look + 1][n]);
    }
  }
  return later;
}

int LaterWeights::levels(const BatteryParameters& battery, double t, double allowed) const {
  const auto look = static_cast<std::size_t>(t / interval);
  if (look >= weights.size()) {
    return 0;
  }
  const std::vector<double>& populations = weights[look];
  auto levels = static_cast<int>(populations.size());
  for (double beyond = 0.0; levels > 0; --levels) {
    beyond += populations[levels - 1];
    if (amplitude_energy(battery, levels, beyond) > allowed) {
      break;
    }
  }
  return levels;
}

double NoJumpTruncation::error(int fock_dim) const {
  BatteryParameters narrow = battery_;
  narrow.fock_dim = fock_dim;
  const auto compared = static_cast<std::int64_t>(states_.size());
  double largest = 0.0;
  follow_levels(narrow, [&](std::int64_t look, std::span<const double> psi) {
    largest = std::max(largest, jump_free(look) * difference(look, psi, fock_dim));
    return look + 1 < compared;
  });
  const double rounding = 10 * no_jump_accuracy *
                          (battery_.N * battery_.omega_0 + battery_.fock_dim * battery_.omega_c);
  // A state that has jumped is cut off as well, and no longer compared.
  const bool jumps = !Dissipators(battery_).empty();
  constexpr double with_jumps = 3.0;
  const double error = (jumps ? with_jumps : 1.0) * largest;
  return largest > rounding ? std::min(error, amplitude(fock_dim)) : 0.0;
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
    const Hamiltonian interaction(on_levels, EnergyOf::interaction);
    for (int i = 0; i < block.dim(); ++i) {
      for (int n = 0; n < levels; ++n) {
        const std::int64_t p = std::int64_t{i} * levels + n;
        sums[0] += n * element(psi, p, p)[0];
        for_each_energy_element(interaction, block, i, n, [&](int k, int l, double value) {
          sums[1] +=
              value * element(psi, p, std::int64_t{k} * levels + l)[(i - k) % 2 != 0 ? 1 : 0];
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
                   battery_.omega_c * std::abs(more[0] - less[0]),
                   largest_coupling_ * std::abs(more[1] - less[1])});
}

}  // namespace qbsweep
