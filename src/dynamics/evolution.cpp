#include "qbsweep/dynamics/evolution.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

#include "qbsweep/dynamics/quick_field_of_values.hpp"
#include "qbsweep/support/error.hpp"

namespace qbsweep {
namespace {

/// Tries with shorter steps, both ways together, before it is given up.
constexpr int most_tries = 20;

/// To what coefficients of a series may grow by plan. Where no more than 1e2 was allowed, gaps of 3
/// and 4 atoms took a quarter more applications.
constexpr double most_coefficient_growth = 1e6;

/// By so many powers of e what decays fastest falls in one exp(L T), and each takes terms.
constexpr double most_decay = 2e4;

double decay_over(const BatteryParameters& battery, double duration) {
  return quick_field_of_values(battery).support(std::numbers::pi) * duration;
}

}  // namespace

bool Evolution::is_stiff(const BatteryParameters& battery, double duration) {
  return decay_over(battery, duration) > most_decay;
}

Evolution::Evolution(const BatteryParameters& battery, const ParityHalf& half, double duration,
                     double tolerance, Watch watch)
    : battery_(battery),
      half_(half),
      values_(field_of_values(battery, battery.fock_dim, energy_range(battery))),
      duration_(duration),
      tolerance_(tolerance),
      watch_(std::move(watch)),
      sector_(battery, half.parity()),
      full_(static_cast<std::size_t>(half.basis().size()), 0.0),
      state_(sector_.size()),
      previous_(sector_.size()),
      here_(sector_.size()),
      sum_(sector_.size()) {
  if (is_stiff(battery, duration)) {
    throw EnvironmentError(fmt::format(
        "the fastest decay falls by {:.1e} powers of e while the slowest motion is followed for "
        "{:.1g}, and up to {:.0e} are accepted",
        decay_over(battery, duration), duration, most_decay));
  }
  plan(1);
}

void Evolution::plan(std::int64_t fewest_steps) {
  // Coefficients are as large as exp(z t) on the ellipse: where it reaches to the right of 0 they
  // grow, and cancel, while no vector of the series shows it. Vectors mostly fall off meanwhile, so
  // that step() is to judge; here steps are cut that would hardly pass.
  const double growth_allowed = std::log(most_coefficient_growth);
  const double longest = duration_ / static_cast<double>(fewest_steps);
  ellipse_ = enclosing_ellipse(values_, !careful_, longest, tolerance_, growth_allowed);
  steps_ =
      fewest_steps * static_cast<std::int64_t>(steps_for_growth(ellipse_, longest, growth_allowed));
  const double step = duration_ / static_cast<double>(steps_);
  const SeriesStep plan = {ellipse_, step, EllipseSeries(ellipse_).terms(step, tolerance_)};
  propagator_.emplace(sector_, plan, std::array{step});
}

void Evolution::apply(const double* from, double* to) {
  load(from, state_);
  for (std::int64_t done = 0; done < steps_;) {
    if (step()) {
      ++done;
      continue;
    }
    // Growth and cancellation build up along a series, so shorter ones may do; where they do not,
    // the ellipse that holds the whole field of values bounds them. What is planned stays for later
    // applications, and this one begins again: all of them are then the same map.
    if (++tries_ > most_tries) {
      throw EnvironmentError(
          fmt::format("the series for exp(L T) grows or cancels even over {:.2e}: rounding would "
                      "cost more than "
                      "{:.0e}",
                      duration_ / static_cast<double>(steps_), tolerance_));
    }
    const bool turns_careful = tries_ == shorter_series_tries;
    careful_ = careful_ || turns_careful;
    plan(turns_careful ? 1 : 2 * steps_);
    load(from, state_);
    done = 0;
  }
  store(state_, to);
}

bool Evolution::step() {
  const double size = norm(state_);
  std::copy_n(state_.data(), state_.size(), here_.data());
  std::fill_n(sum_.data(), sum_.size(), 0.0);
  SeriesRounding rounding;
  const auto on_term = [this](std::int64_t k) {
    applications_ += k > 0 ? 1 : 0;
    look_in(watch_);
  };
  if (!propagator_->run_watched(here_, previous_, {&sum_, 1}, rounding, 0.0, on_term) ||
      !(rounding.cost() <= tolerance_ * size)) {
    return false;
  }
  std::swap(state_, sum_);
  return true;
}

void Evolution::apply_liouvillian(const double* from, double* to) {
  load(from, here_);
  sector_.apply(here_.data(), previous_.data(), {});
  ++applications_;
  store(previous_, to);
}

void Evolution::load(const double* from, SectorState& state) {
  half_.expand(from, full_.data());
  sector_.gather(full_.data(), state.data());
}

void Evolution::store(const SectorState& state, double* to) {
  sector_.scatter(state.data(), full_.data());
  half_.restrict(full_.data(), to);
}

double Evolution::bytes(const BatteryParameters& battery) {
  const double full =
      static_cast<double>(count_unknowns(battery.N, battery.fock_dim, has_local_noise(battery)));
  return 8 * (full + 4 * parity_sector_doubles(battery));
}

}  // namespace qbsweep
