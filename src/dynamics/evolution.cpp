#include "qbsweep/dynamics/evolution.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

#include "qbsweep/dynamics/quick_field_of_values.hpp"
#include "qbsweep/operators/series_vectors.hpp"
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
                     double tolerance, StepHook on_step)
    : battery_(battery),
      half_(half),
      values_(field_of_values(battery, battery.fock_dim, energy_range(battery))),
      duration_(duration),
      tolerance_(tolerance),
      on_step_(std::move(on_step)),
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
  const EllipseSeries series(ellipse_);
  series.coefficients(step, series.terms(step, tolerance_), coefficients_);
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
  const EllipseSeries series(ellipse_);
  const double size = norm(state_);
  const double rounding_allowed = tolerance_ / std::numeric_limits<double>::epsilon() * size;
  double added = 0.0;  // the sizes of all that is added up, each of which is rounded
  std::copy_n(state_.data(), state_.size(), here_.data());
  std::fill_n(sum_.data(), sum_.size(), 0.0);
  const auto terms = static_cast<std::int64_t>(coefficients_.size());
  const auto is_small = [&](std::int64_t k, double square) {
    const double length = std::sqrt(square);
    added += std::abs(coefficients_[k]) * length;
    return length <= largest_series_growth * size;
  };
  const auto add = [&](std::int64_t k, const SectorState& vector) {
    applications_ += k > 0 ? 1 : 0;
    look_in(on_step_);
    if (k % 2 == 0) {
      return k + 1 < terms ||  // then it is added with the next one
             is_small(k, add_scaled(coefficients_[k], vector.data(), sum_.data(), sum_.size()));
    }
    const auto [before, here] =
        add_scaled({coefficients_[k - 1], coefficients_[k]}, previous_.data(), vector.data(),
                   sum_.data(), sum_.size());
    return is_small(k - 1, before) && is_small(k, here);
  };
  if (!for_each_series_vector(sector_, series, terms, here_, previous_, add) ||
      !(added <= rounding_allowed)) {
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
