#include "qbsweep/solvers/chebyshev_charge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <utility>

#include "first_state.hpp"
#include "qbsweep/liouvillian/charge_operators.hpp"
#include "qbsweep/liouvillian/ellipse_series.hpp"
#include "qbsweep/liouvillian/pure_state.hpp"
#include "qbsweep/liouvillian/sector_state.hpp"
#include "qbsweep/liouvillian/series_vectors.hpp"
#include "qbsweep/physics/observables.hpp"
#include "qbsweep/solvers/chebyshev_segment.hpp"
#include "qbsweep/solvers/figures_recorder.hpp"
#include "qbsweep/solvers/observation_series.hpp"
#include "qbsweep/solvers/series_steps.hpp"
#include "qbsweep/support/error.hpp"

namespace qbsweep {
namespace {

constexpr double rounding = std::numeric_limits<double>::epsilon();

/// Each failure shortens the step; after so many it is not the length.
constexpr int most_failures = 40;

class ChebyshevCharge {
 public:
  ChebyshevCharge(const BatteryParameters& battery, const ChargeSettings& settings,
                  const StepCallback& on_step)
      : battery_(battery),
        settings_(settings),
        on_step_(on_step),
        first_(first_state(battery)),
        basis_(battery.N, battery.fock_dim, has_local_noise(battery)),
        layout_(basis_),
        operators_(settings.liouvillian == LiouvillianKind::assembled
                       ? assembled_operators(battery)
                       : matrix_free_operators(battery)),
        recorder_(basis_, battery, settings) {
    series_tolerance_ = series_tolerance(battery, settings.tolerance);
    for (const auto& part : operators_.parts) {
      columns_ += static_cast<std::int64_t>(part->observed().size());
    }
  }

  ChargeResult run() {
    double t = 0.0;
    double longest = settings_.t_max;
    int failures = 0;
    while (t < settings_.t_max * (1 - 1e-12)) {
      // Growth builds up along a series, so shorter ones may do; where they do not, the ellipse
      // that holds the whole field of values bounds it.
      const bool careful = failures >= shorter_series_tries;
      const SeriesStep plan = plan_step(std::min(longest, settings_.t_max - t), careful);
      if (step(plan, t)) {
        t += plan.duration;
        continue;
      }
      if (++failures > most_failures) {
        throw EnvironmentError(
            fmt::format("the series for exp(L t) grows at t = {} even over {:.2e}: rounding would "
                        "cost more than the tolerance {:.0e}",
                        t, plan.duration, settings_.tolerance));
      }
      longest = failures == shorter_series_tries ? settings_.t_max : plan.duration / 2;
    }
    ChargeResult result = recorder_.finish();
    // L conserves the trace exactly, so the trace shows what rounding and the bounds overlooked.
    if (!(result.diagnostics.trace_error_max <= 10 * settings_.tolerance)) {
      throw EnvironmentError(
          fmt::format("the trace deviates from 1 by {:.1e} for a tolerance of {:.0e}",
                      result.diagnostics.trace_error_max, settings_.tolerance));
    }
    result.diagnostics.coherent_weight_cut = first_.weight_cut;
    result.diagnostics.operator_applications = applications_;
    result.diagnostics.unknowns = operators_.unknowns();
    result.diagnostics.fock_dim = battery_.fock_dim;
    result.diagnostics.reductions = operators_.reductions;
    return result;
  }

 private:
  [[nodiscard]] SeriesStep plan_step(double window, bool careful) const;
  /// False, and nothing is recorded, where the vectors of the series grow.
  bool step(const SeriesStep& plan, double t);
  bool run_part(const SeriesStep& plan, std::size_t p, double t, bool last, Table& terms,
                std::int64_t column, SectorState& end);
  void record(const SeriesStep& plan, double t, Table terms);

  BatteryParameters battery_;
  ChargeSettings settings_;
  const StepCallback& on_step_;
  FirstState first_;
  StateBasis basis_;
  ObservationLayout layout_;
  ChargeOperators operators_;
  FiguresRecorder recorder_;
  double series_tolerance_ = 0.0;
  std::int64_t columns_ = 0;  // observations of all parts
  std::int64_t applications_ = 0;
  std::vector<SectorState> states_;  // of the parts, at the begin of a step; empty in the first
  SectorState previous_;
  SectorState here_;
};

SeriesStep ChebyshevCharge::plan_step(double window, bool careful) const {
  // Where the ellipse reaches to the right of 0 coefficients grow, and rounding with them.
  const double right = careful ? operators_.values.support(0) : 0.0;
  const double growth_allowed = std::log(std::max(2.0, 0.01 * settings_.tolerance / rounding));
  const double parts = std::max(1.0, std::ceil(right * window / growth_allowed));
  const double window_part = window / parts;
  const Ellipse ellipse =
      enclosing_ellipse(operators_.values, !careful, window_part, series_tolerance_);
  return longest_step(ellipse, window_part, series_tolerance_, static_cast<double>(columns_));
}

bool ChebyshevCharge::step(const SeriesStep& plan, double t) {
  const bool last = t + plan.duration >= settings_.t_max * (1 - 1e-12);
  Table terms(plan.terms, columns_);
  std::vector<SectorState> ends(last ? 0 : operators_.parts.size());
  SectorState unused;
  std::int64_t column = 0;
  for (std::size_t p = 0; p < operators_.parts.size(); ++p) {
    if (!run_part(plan, p, t, last, terms, column, last ? unused : ends[p])) {
      return false;
    }
    column += static_cast<std::int64_t>(operators_.parts[p]->observed().size());
  }
  states_ = std::move(ends);
  record(plan, t, std::move(terms));
  return true;
}

bool ChebyshevCharge::run_part(const SeriesStep& plan, std::size_t p, double t, bool last,
                               Table& terms, std::int64_t column, SectorState& end) {
  const MatrixFreeOperator& part = *operators_.parts[p];
  const EllipseSeries series(plan.ellipse);
  if (here_.size() != part.size()) {
    here_ = SectorState(part.size());
    previous_ = SectorState(part.size());
  }
  if (t == 0) {
    part.set_pure_state(first_.amplitudes, here_.data());
  } else {
    std::copy_n(states_[p].data(), part.size(), here_.data());
  }
  std::vector<double> coefficients;
  if (!last) {
    end = SectorState(part.size());
    series.coefficients(plan.duration, plan.terms, coefficients);
  }
  const double allowed = largest_series_growth * std::max(norm(here_), series_tolerance_);
  const auto visit = [&](std::int64_t k, const SectorState& vector) {
    applications_ += k > 0 ? 1 : 0;
    part.observe(vector.data(), terms.row(k) + column);
    if (!last) {
      for (std::int64_t e = 0; e < part.size(); ++e) {
        end.data()[e] += coefficients[k] * vector.data()[e];
      }
    }
    constexpr std::int64_t look_every = 16;
    if (k % look_every == look_every - 1 || k + 1 == plan.terms) {
      if (!(norm(vector) <= allowed)) {
        return false;
      }
      if (on_step_) {
        on_step_(t, nullptr);
      }
    }
    return true;
  };
  return for_each_series_vector(part, series, plan.terms, here_, previous_, visit);
}

void ChebyshevCharge::record(const SeriesStep& plan, double t, Table terms) {
  const ObservationSeries series(EllipseSeries(plan.ellipse), std::move(terms), series_tolerance_);
  auto positions = std::make_shared<std::vector<std::int64_t>>();
  ObservationsAt at;
  const bool pure = operators_.reductions.has(Reduction::state_vector) &&
                    settings_.liouvillian == LiouvillianKind::matrix_free;
  if (pure) {
    for (std::int64_t position = 0; position < layout_.size(); ++position) {
      positions->push_back(position);
    }
    at = [&](std::span<const double> times) {
      const Table states = series.at(times);
      Table observations(states.rows, layout_.size());
      for (std::int64_t r = 0; r < states.rows; ++r) {
        pure_state_observations(
            battery_, {states.row(r), static_cast<std::size_t>(states.columns)},
            {observations.row(r), static_cast<std::size_t>(observations.columns)});
      }
      return observations;
    };
  } else {
    for (const auto& part : operators_.parts) {
      positions->insert(positions->end(), part->observed().begin(), part->observed().end());
    }
    at = [&](std::span<const double> times) { return series.at(times); };
  }
  SegmentSettings segments;
  segments.t_begin = t;
  segments.duration = plan.duration;
  segments.frequency = plan.ellipse.imaginary_axis + plan.ellipse.real_axis;
  const double noise = 16 * rounding * std::sqrt(static_cast<double>(plan.terms));
  segments.tolerance = std::max(10 * series_tolerance_, noise);
  segments.first_tolerance = t == 0 ? noise : segments.tolerance;
  bool first = t == 0;
  for_each_segment(at, positions, layout_.size(), segments, [&](const ChebyshevSegment& segment) {
    if (first) {
      std::vector<double> observations;
      std::vector<double> rates;
      segment.values(0.0, observations);
      segment.rates(0.0, rates);
      recorder_.begin(observations, rates);
      first = false;
    }
    recorder_.step(segment);
  });
}

}  // namespace

ChargeResult chebyshev_charge(const BatteryParameters& battery, const ChargeSettings& settings,
                              const StepCallback& on_step) {
  return ChebyshevCharge(battery, settings, on_step).run();
}

}  // namespace qbsweep
