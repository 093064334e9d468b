#include "qbsweep/solvers/fock_levels.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>
#include <vector>

#include "first_state.hpp"
#include "qbsweep/liouvillian/ellipse_series.hpp"
#include "qbsweep/liouvillian/field_of_values.hpp"
#include "qbsweep/liouvillian/pure_state.hpp"
#include "qbsweep/liouvillian/sector_state.hpp"
#include "qbsweep/liouvillian/series_vectors.hpp"
#include "qbsweep/physics/charger_state.hpp"
#include "qbsweep/solvers/observation_series.hpp"

namespace qbsweep {
namespace {

/// Truncation is accepted up to the tolerance; the levels that are tried first aim lower, because
/// another try costs more than a level.
constexpr double predicted_share = 0.8;

/// The photons and the excited atoms of a ground state by mean field: one large spin in a coherent
/// field.
struct MeanField {
  double photons = 0.0;
  double excited = 0.0;
};
MeanField mean_field_ground_state(const BatteryParameters& battery) {
  const bool dicke = battery.interaction == Interaction::dicke;
  const double g = effective_coupling(battery) * std::sqrt(battery.N);
  const double ratio = critical_coupling(battery.interaction, battery.omega_0, battery.omega_c) / g;
  const double z = ratio < 1 ? ratio * ratio : 1.0;  // of the spin, 1 all down
  const double field = (dicke ? 1.0 : 0.5) * g * std::sqrt(battery.N) / battery.omega_c;
  return {field * field * (1 - z * z), battery.N * (1 - z) / 2};
}

/// The smallest number of levels for which fock_dim times the weight cut off the first state is
/// below `tolerance`.
int levels_of_first_state(const BatteryParameters& battery, double tolerance) {
  if (battery.initial_state == InitialState::ground_state) {
    return battery.interaction == Interaction::tavis_cummings
               ? std::max(2, ground_excitations(battery) + 1)
               : 2;
  }
  if (battery.charger == Charger::fock) {
    return std::max(2, static_cast<int>(battery.m) + 1);
  }
  int levels = std::max(2, static_cast<int>(battery.m));
  while (levels * charger_state(battery.charger, battery.m, levels).weight_cut > tolerance) {
    ++levels;
  }
  return levels;
}

/// The largest populations of each Fock level over [0, t_max], of the state vector between jumps.
class NoJumpEvolution {
 public:
  NoJumpEvolution(const BatteryParameters& battery, double t_max)
      : battery_(battery), t_max_(t_max), range_(energy_range(battery)) {}

  [[nodiscard]] std::vector<double> largest_populations() const {
    const PureStateOperator flow(battery_, (range_.low + range_.high) / 2);
    FieldOfValues values;
    values.energy_spread = (range_.high - range_.low) / 2;
    values.cavity_loss = battery_.kappa * (battery_.fock_dim - 1) / 2;
    values.decay = battery_.gamma_down * battery_.N / 2;
    // Once loss has taken most of the norm the state lies far below its first levels.
    const double photons = battery_.initial_state == InitialState::ground_state
                               ? mean_field_ground_state(battery_).photons
                               : battery_.m;
    const double fade = battery_.kappa * photons + battery_.gamma_down * battery_.N;
    const double window = std::min(t_max_, fade > 0 ? 12 / fade : t_max_);
    // The amplitudes of all terms of a step are kept, by every rank: not more than a charge keeps.
    const double step = std::min(window, 100 / std::max(values.energy_spread, 1e-9));
    const auto steps = std::ceil(window / step);

    std::vector<double> populations(static_cast<std::size_t>(battery_.fock_dim), 0.0);
    SectorState state(flow.size());
    flow.set_pure_state(first_state(battery_).amplitudes, state.data());
    for (int s = 0; s < static_cast<int>(steps); ++s) {
      take_step(flow, values, window / steps, state, populations);
    }
    return populations;
  }

 private:
  static constexpr double accuracy = 1e-13;

  void take_step(const PureStateOperator& flow, const FieldOfValues& values, double duration,
                 SectorState& state, std::vector<double>& populations) const {
    const EllipseSeries series(enclosing_ellipse(values, true, duration, accuracy));
    Table terms(series.terms(duration, accuracy), flow.size());
    SectorState previous(flow.size());
    for_each_series_vector(flow, series, terms.rows, state, previous,
                           [&](std::int64_t k, const SectorState& vector) {
                             flow.observe(vector.data(), terms.row(k));
                             return true;
                           });
    constexpr int looks = 12;
    std::vector<double> times;
    for (int look = 0; look <= looks; ++look) {
      times.push_back(duration * look / looks);
    }
    const Table states = ObservationSeries(series, accuracy).at(terms, times);
    for (std::int64_t look = 0; look < states.rows; ++look) {
      note_populations(states.row(look), populations);
    }
    std::copy_n(states.row(states.rows - 1), flow.size(), state.data());
  }

  void note_populations(const double* psi, std::vector<double>& populations) const {
    const std::int64_t half = std::int64_t{battery_.N + 1} * battery_.fock_dim;
    std::vector<double> now(populations.size(), 0.0);
    double norm = 0.0;
    for (std::int64_t e = 0; e < half; ++e) {
      const double weight = psi[e] * psi[e] + psi[half + e] * psi[half + e];
      now[static_cast<std::size_t>(e % battery_.fock_dim)] += weight;
      norm += weight;
    }
    for (std::size_t n = 0; n < now.size(); ++n) {
      populations[n] = std::max(populations[n], now[n] / norm);
    }
  }

  BatteryParameters battery_;
  double t_max_;
  EnergyRange range_;
};

}  // namespace

double tail_error(int fock_dim, double tail, double below) {
  constexpr double slowest = 0.97;  // a tail that does not fall off at all has no sum
  const double ratio = below > 0 ? std::min(tail / below, slowest) : (tail > 0 ? slowest : 0.0);
  return tail * (1 + fock_dim * ratio / (1 - ratio));
}

double truncation_error(const BatteryParameters& battery, const ChargeDiagnostics& diagnostics) {
  const double cut = battery.fock_dim * diagnostics.coherent_weight_cut;
  return battery.interaction == Interaction::tavis_cummings
             ? cut
             : std::max(cut, diagnostics.truncation_error);
}

int predict_fock_dim(const BatteryParameters& battery, double t_max, double tolerance) {
  tolerance *= predicted_share;
  const int first = levels_of_first_state(battery, tolerance);
  if (battery.interaction == Interaction::tavis_cummings) {
    return first;
  }
  BatteryParameters wide = battery;
  for (wide.fock_dim = first + first / 2 + 8;; wide.fock_dim += wide.fock_dim / 2) {
    const std::vector<double> p = NoJumpEvolution(wide, t_max).largest_populations();
    int levels = wide.fock_dim;
    const auto error = [&p](int n) {
      return tail_error(n, p[n - 1] + p[n - 2], p[n - 3] + p[n - 4]);
    };
    while (levels > std::max(first, 5) && error(levels - 1) <= tolerance) {
      --levels;
    }
    // Near the end of the wide space its own truncation shows.
    constexpr int widest = 4000;
    if (levels <= wide.fock_dim - wide.fock_dim / 8 || wide.fock_dim > widest) {
      return levels;
    }
  }
}

int guess_fock_dim(const BatteryParameters& battery, double tolerance) {
  if (battery.initial_state == InitialState::ground_state) {
    const auto [photons, excited] = mean_field_ground_state(battery);
    if (battery.interaction == Interaction::tavis_cummings) {
      return 3 + static_cast<int>(photons + excited);
    }
    // A flipped atom leaves the field swinging around another equilibrium, up to twice as far.
    const double reached = has_local_noise(battery) ? 4 * photons : photons;
    const double width = 2 - 0.5 * std::log10(tolerance);
    return 10 + static_cast<int>(reached + width * std::sqrt(reached + 1));
  }
  const int first = levels_of_first_state(battery, predicted_share * tolerance);
  if (battery.interaction == Interaction::tavis_cummings) {
    return first;
  }
  const double g_c = critical_coupling(battery.interaction, battery.omega_0, battery.omega_c) /
                     std::sqrt(battery.N);
  const double strength = effective_coupling(battery) / g_c;
  return first + static_cast<int>(std::ceil(first * 0.1 * strength + 8 * strength * strength));
}

}  // namespace qbsweep
