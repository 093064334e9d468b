#include "evolution.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

#include "qbsweep/liouvillian/series_vectors.hpp"
#include "qbsweep/solvers/quick_field_of_values.hpp"
#include "qbsweep/support/error.hpp"

namespace qbsweep {
namespace {

/// Tries with shorter steps, both ways together, before it is given up.
constexpr int most_tries = 20;

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
  plan();
}

void Evolution::plan() {
  // Where the ellipse reaches to the right of 0 coefficients grow, and rounding with them.
  const double right = careful_ ? values_.support(0) : 0.0;
  const double growth_allowed = std::log(largest_series_growth);
  const double parts = std::max(1.0, std::ceil(right * duration_ / growth_allowed));
  steps_ = static_cast<std::int64_t>(parts) << shorter_;
  const double step = duration_ / static_cast<double>(steps_);
  ellipse_ = enclosing_ellipse(values_, !careful_, step, tolerance_);
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
    // Growth builds up along a series, so shorter ones may do; where they do not, the ellipse that
    // holds the whole field of values bounds it. What is planned stays for later applications, and
    // this one begins again: all of them are then the same map.
    if (++tries_ > most_tries) {
      throw EnvironmentError(fmt::format(
          "the series for exp(L T) grows even over {:.2e}: rounding would cost more than {:.0e}",
          duration_ / static_cast<double>(steps_), tolerance_));
    }
    ++shorter_;
    if (tries_ == shorter_series_tries) {
      careful_ = true;
      shorter_ = 0;
    }
    plan();
    load(from, state_);
    done = 0;
  }
  store(state_, to);
}

bool Evolution::step() {
  const EllipseSeries series(ellipse_);
  const double allowed = largest_series_growth * norm(state_);
  std::copy_n(state_.data(), state_.size(), here_.data());
  std::fill_n(sum_.data(), sum_.size(), 0.0);
  const auto terms = static_cast<std::int64_t>(coefficients_.size());
  const auto add = [&](std::int64_t k, const SectorState& vector) {
    applications_ += k > 0 ? 1 : 0;
    look_in(on_step_);
    if (k % 2 == 0) {
      return k + 1 < terms ||  // then it is added with the next one
             std::sqrt(add_scaled(coefficients_[k], vector.data(), sum_.data(), sum_.size())) <=
                 allowed;
    }
    const auto [before, here] =
        add_scaled({coefficients_[k - 1], coefficients_[k]}, previous_.data(), vector.data(),
                   sum_.data(), sum_.size());
    return std::sqrt(std::max(before, here)) <= allowed;
  };
  if (!for_each_series_vector(sector_, series, terms, here_, previous_, add)) {
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
