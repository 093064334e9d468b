#include "level_control.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "qbsweep/model/dissipators.hpp"
#include "qbsweep/model/reductions.hpp"
#include "qbsweep/operators/charging_operators.hpp"
#include "qbsweep/support/error.hpp"

namespace qbsweep {
namespace {

/// What a step on cut levels may cost, of the tolerance.
constexpr double share_of_step = 0.05;

/// Cuts that save less are not worth the new operators.
constexpr double worth_a_cut = 0.92;

bool loses_excitations(const BatteryParameters& battery) {
  return std::ranges::any_of(active_jumps(battery), [](const ActiveJump& active) {
    return excitations_gained(active.jump) < 0;
  });
}

}  // namespace

LevelControl::LevelControl(const BatteryParameters& battery, const ChargingSettings& settings,
                           std::optional<LaterWeights> later)
    : battery_(battery),
      tolerance_(settings.tolerance),
      grows_(settings.auto_fock_dim && !excitations_are_bounded(battery)),
      later_(std::move(later)),
      cuts_(later_ && loses_excitations(battery) &&
            settings.liouvillian == LiouvillianKind::matrix_free),
      in_excitations_(exact_reductions(battery).has(Reduction::excitation_sectors)),
      most_(in_excitations_ ? excitation_sectors(battery).excitations + 1 : battery.fock_dim),
      fewest_(most_),
      margin_(first_margin(battery)),
      // In which half of the photons are lost.
      longest_step_(cuts_ && battery.kappa > 0 ? 0.7 / battery.kappa
                                               : std::numeric_limits<double>::infinity()) {}

int LevelControl::first_margin(const BatteryParameters& battery) {
  return exact_reductions(battery).has(Reduction::excitation_sectors) ? 0 : 2 + battery.N / 2;
}

int LevelControl::levels_after(double t, const std::vector<double>& populations, int levels) {
  const int needed = cuts_ ? levels_needed(t, populations, levels) : levels;
  if (needed > worth_a_cut * levels) {
    longest_step_ *= 2;
    return levels;
  }
  fewest_ = std::min(fewest_, needed);
  return needed;
}

int LevelControl::levels_needed(double t, const std::vector<double>& populations,
                                int levels) const {
  const double energy_of_battery = battery_.N * battery_.omega_0;
  const double allowed = share_of_cut * tolerance_;
  const auto population = [&](int n) {
    return n < 0 ? 1.0 : std::max(populations[static_cast<std::size_t>(n)], 0.0);
  };
  const int moved_down = in_excitations_ ? battery_.N : 2;
  int needed = levels;
  for (double cost = 0.0; needed > 2; --needed) {
    const int n = needed - 1;
    cost += std::sqrt(population(n) * population(n - moved_down)) *
            (energy_of_battery + n * battery_.omega_c);
    if (cost > allowed) {
      break;
    }
  }
  if (!in_excitations_) {
    needed = std::max(needed, later_->levels(battery_, t, allowed));
  }
  return needed + margin_;
}

double LevelControl::allowed(int levels) const {
  if (levels < most_) {
    return share_of_step * tolerance_;
  }
  return grows_ ? tolerance_ : std::numeric_limits<double>::infinity();
}

int LevelControl::more(int levels, const ChargingDiagnostics& seen, double duration) {
  // What heats goes on heating: it will need more from step to step.
  longest_step_ = duration / 2;
  BatteryParameters tried = battery_;
  tried.fock_dim = levels;
  int wanted = more_levels(tried, seen, allowed(levels));
  if (levels < most_) {
    wanted = std::min(wanted, most_);
    margin_ += wanted - levels;
  }
  most_ = std::max(most_, wanted);
  return wanted;
}

std::vector<double> LevelControl::state() const {
  return {static_cast<double>(most_), static_cast<double>(fewest_), static_cast<double>(margin_),
          longest_step_};
}

void LevelControl::restore(const std::vector<double>& state) {
  if (state.size() != 4) {
    throw EnvironmentError("what was saved of a charging run has no levels");
  }
  most_ = static_cast<int>(state[0]);
  fewest_ = static_cast<int>(state[1]);
  margin_ = static_cast<int>(state[2]);
  longest_step_ = state[3];
}

}  // namespace qbsweep
