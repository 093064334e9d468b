#include "qbsweep/dynamics/storage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "qbsweep/dynamics/charging_path.hpp"
#include "qbsweep/dynamics/observation_series.hpp"
#include "qbsweep/dynamics/result_scales.hpp"
#include "qbsweep/dynamics/root.hpp"
#include "qbsweep/dynamics/series_propagator.hpp"
#include "qbsweep/dynamics/series_steps.hpp"
#include "qbsweep/model/dissipators.hpp"
#include "qbsweep/model/ergotropy.hpp"
#include "qbsweep/model/hamiltonian.hpp"
#include "qbsweep/operators/assembled_operator.hpp"
#include "qbsweep/operators/field_of_values.hpp"
#include "qbsweep/support/error.hpp"

namespace qbsweep {
namespace {

/// Each failure shortens the steps; after so many it is not their length.
constexpr int most_failures = 40;

/// The battery beside one Fock level.
BatteryParameters alone(BatteryParameters battery) {
  battery.fock_dim = 1;
  battery.g = battery.drive = battery.atom_drive = 0.0;
  battery.drive_quadrature = battery.atom_drive_quadrature = 0.0;
  battery.kappa = 0.0;
  battery.omega_c = 0.0;
  // Where nothing else tells one phase of the spins from another, their free evolution changes no
  // energy and no ergotropy.
  BatteryParameters standing = battery;
  standing.omega_0 = 0.0;
  return Hamiltonian(standing).conserves_excitations() ? standing : battery;
}

/// With the energies that the tolerance is measured by.
BatteryParameters with_scales(const BatteryParameters& battery) {
  BatteryParameters scales = alone(battery);
  scales.omega_0 = battery.omega_0;
  return scales;
}

bool stands_still(const BatteryParameters& alone) {
  return Hamiltonian(alone).empty() && Dissipators(alone).empty();
}

class Storage {
 public:
  Storage(const BatteryParameters& battery, const StorageSettings& settings, double tolerance,
          const Watch& watch)
      : battery_(battery),
        alone_(alone(battery)),
        scales_(with_scales(battery)),
        settings_(settings),
        tolerance_(tolerance),
        watch_(watch),
        observer_(battery.N, spin_blocks(battery.N, has_local_noise(battery)), battery.omega_0),
        L_(alone_),
        values_(field_of_values(alone_, alone_.fock_dim, energy_range(alone_))),
        stands_still_(stands_still(alone_)) {
    for (std::int64_t s = 0; s < settings.samples; ++s) {
      result_.time.push_back(settings.duration *
                             (static_cast<double>(s) / static_cast<double>(settings.samples - 1)));
    }
  }

  /// Follows the state that a definition of ergotropy starts from.
  void follow(std::size_t definition, const std::vector<double>& rho_B) {
    definition_ = definition;
    longest_ = settings_.duration;
    failures_ = 0;
    const BatteryEnergies first = observer_.energies(rho_B);
    half_ = first.ergotropy[definition] / 2;
    looks_for_half_ = first.ergotropy[definition] > tolerance_;
    last_look_ = 0.0;
    if (stands_still_) {
      result_.battery_energy[definition].assign(result_.time.size(), first.energy);
      result_.ergotropy[definition].assign(result_.time.size(), first.ergotropy[definition]);
      return;
    }
    SectorState state(L_.size());
    std::ranges::copy(rho_B, state.data());
    for (double t = 0.0; t < settings_.duration * (1 - 1e-12);) {
      t += step(t, state);
    }
  }

  StorageResult finish() { return std::move(result_); }

 private:
  /// Moves `state` on by what is returned; not at all where rounding costs too much.
  double step(double t, SectorState& state) {
    const bool careful = failures_ >= shorter_series_tries;
    const double window = std::min(longest_, settings_.duration - t);
    const SeriesStep plan = series_step(values_, scales_, tolerance_, window, careful,
                                        static_cast<double>(L_.observed().size()));
    const double end = plan.duration;
    const SeriesPropagator propagator(L_, plan, {&end, 1});
    SectorState here(L_.size());
    SectorState previous(L_.size());
    SectorState next(L_.size());
    std::copy_n(state.data(), state.size(), here.data());
    SeriesRounding rounding;
    rounding.begin(norm(here), series_tolerance(scales_, tolerance_));
    Table terms(plan.terms, static_cast<std::int64_t>(L_.observed().size()));
    const bool done =
        propagator.run(here, previous, {&next, 1}, [&](std::int64_t k, const SectorState& vector) {
          look_in(watch_);
          L_.observe(vector.data(), terms.row(k));
          const bool last = k + 1 == plan.terms;
          if (!last && (k + 1) % SeriesRounding::terms_between_norms != 0) {
            return true;
          }
          const double length = norm(vector);
          rounding.note(propagator.coefficients(), k + 1, length);
          return !rounding.has_grown(length);
        });
    if (!done || rounding.cost() > relative_tolerance(scales_, tolerance_)) {
      if (++failures_ > most_failures) {
        throw EnvironmentError(fmt::format(
            "the series for the stored battery grows even over {:.2e}: rounding would cost more "
            "than the tolerance {:.0e}",
            plan.duration, tolerance_));
      }
      longest_ = failures_ == shorter_series_tries ? settings_.duration : plan.duration / 2;
      return 0.0;
    }
    record(t, plan, terms);
    state = std::move(next);
    return plan.duration;
  }

  void record(double t_begin, const SeriesStep& plan, const Table& terms) {
    const ObservationSeries series(EllipseSeries(plan.ellipse),
                                   series_tolerance(scales_, tolerance_));
    const auto energies = [&](double t) {
      const double relative = std::clamp(t - t_begin, 0.0, plan.duration);
      const Table seen = series.at(terms, {&relative, 1});
      const auto size = static_cast<std::size_t>(observer_.size());
      trace_error_ = std::max(trace_error_, std::abs(observer_.trace({seen.row(0), size}) - 1));
      return observer_.energies({seen.row(0), size});
    };
    const double t_end = t_begin + plan.duration;
    const double rounding = 1e-12 * settings_.duration;
    std::vector<double>& ergotropy = result_.ergotropy[definition_];
    while (ergotropy.size() < result_.time.size() &&
           result_.time[ergotropy.size()] <= t_end + rounding) {
      const BatteryEnergies now = energies(result_.time[ergotropy.size()]);
      ergotropy.push_back(now.ergotropy[definition_]);
      result_.battery_energy[definition_].push_back(now.energy);
    }
    look_for_half(t_begin, plan, energies);
    require_trace(trace_error_, battery_, tolerance_);
  }

  template <typename Energies>
  void look_for_half(double t_begin, const SeriesStep& plan, const Energies& energies) {
    // A term of the series is half a turn of what moves fastest, or less.
    const std::int64_t looks = std::max<std::int64_t>(16, plan.terms);
    const auto above_half = [&](double t) { return energies(t).ergotropy[definition_] - half_; };
    for (std::int64_t look = 1; look <= looks && looks_for_half_; ++look) {
      const double t =
          t_begin + plan.duration * (static_cast<double>(look) / static_cast<double>(looks));
      if (above_half(t) <= 0) {
        result_.half_life[definition_] = find_falling_root(
            above_half, std::max(last_look_, t_begin), t, 1e-13 * settings_.duration);
        looks_for_half_ = false;
      }
      last_look_ = t;
    }
  }

  BatteryParameters battery_;
  BatteryParameters alone_;
  BatteryParameters scales_;
  StorageSettings settings_;
  double tolerance_;
  Watch watch_;
  BatteryObserver observer_;
  AssembledOperator L_;
  FieldOfValues values_;
  bool stands_still_;
  StorageResult result_;

  std::size_t definition_ = 0;
  double longest_ = 0.0;  // step
  int failures_ = 0;
  double half_ = 0.0;  // of the first ergotropy
  bool looks_for_half_ = false;
  double last_look_ = 0.0;
  double trace_error_ = 0.0;
};

}  // namespace

StorageEstimate estimate_storage(const BatteryParameters& battery, const StorageSettings& settings,
                                 double tolerance) {
  const BatteryParameters by_itself = alone(battery);
  if (stands_still(by_itself)) {
    return {};
  }
  const auto unknowns = static_cast<double>(
      count_unknowns(by_itself.N, by_itself.fock_dim, has_local_noise(by_itself)));
  const SeriesStep step =
      series_step(field_of_values(by_itself, by_itself.fock_dim, energy_range(by_itself)),
                  with_scales(battery), tolerance, settings.duration, false, unknowns);
  const double applications =
      ergotropy_definitions * static_cast<double>(step.terms) * settings.duration / step.duration;
  if (applications > most_applications) {
    return {0.0, fmt::format("storage for {} takes {:.2g} applications of the battery's "
                             "Liouvillian, and up to {:.0e} are accepted: a shorter "
                             "storage.duration",
                             settings.duration, applications, most_applications)};
  }
  // A row has some ten entries, and the library is entered once each time.
  constexpr double seconds_per_unknown = 2e-8;
  constexpr double seconds_per_application = 1e-6;
  return {applications * (seconds_per_application + seconds_per_unknown * unknowns)};
}

StorageResult store_battery(const BatteryParameters& battery, const StorageSettings& settings,
                            const PerDefinition<std::vector<double>>& rho_B, double tolerance,
                            const Watch& watch) {
  Storage storage(battery, settings, tolerance, watch);
  for (std::size_t d = 0; d < ergotropy_definitions; ++d) {
    storage.follow(d, rho_B[d]);
  }
  return storage.finish();
}

}  // namespace qbsweep
