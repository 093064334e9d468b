#pragma once
/// \file
/// exp(L t) by one series on an ellipse, term by term: what charging runs (series_run.hpp),
/// exp(L T) for eigensolvers (evolution.hpp) and the evolution between jumps
/// (no_jump_truncation.hpp) have in common.

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "qbsweep/dynamics/series_steps.hpp"
#include "qbsweep/operators/ellipse_series.hpp"
#include "qbsweep/operators/sector.hpp"
#include "qbsweep/operators/sector_state.hpp"
#include "qbsweep/operators/series_vectors.hpp"

namespace qbsweep {

/// What the norms of a series' vectors tell: whether they grow, and what rounding costs the state
/// that they are added up to. The trace of a state cannot tell: it sees one sector, and one half.
class SeriesRounding {
 public:
  /// Norms are measured after so many terms, the same on any number of ranks.
  static constexpr std::int64_t terms_between_norms = 16;

  /// Begins with the vector k = 0 of this norm; one below `smallest` counts as that much.
  void begin(double first_norm, double smallest);

  /// Whether a vector of this norm has grown beyond what can be told from rounding.
  [[nodiscard]] bool has_grown(double new_norm) const { return !(new_norm <= allowed); }

  /// Takes the vectors since the last time, up to end - 1, which has this norm.
  /// \param coefficients  of all terms
  void note(std::span<const double> coefficients, std::int64_t end, double new_norm);

  /// What rounding has cost the sum of all series that were noted, as a norm.
  [[nodiscard]] double cost() const;

  // All that is kept, for checkpoints.
  double allowed = 0.0;   ///< norm beyond which a vector has grown
  double norm = 0.0;      ///< of the last vector that was measured
  double injected = 0.0;  ///< squares of all norms: what rounding has added to the vectors
  double squares = 0.0;   ///< of what that comes to in the sum, in units of rounding
};

class SeriesPropagator {
 public:
  /// \param L      must outlive this
  /// \param times  0 < t <= step.duration at which the state is made
  SeriesPropagator(const MatrixFreeOperator& L, const SeriesStep& step,
                   std::span<const double> times);

  /// Goes on with another part of the state.
  void use(const MatrixFreeOperator& L) { L_ = &L; }

  /// c_k of the last time.
  [[nodiscard]] const std::vector<double>& coefficients() const { return coefficients_.back(); }
  [[nodiscard]] std::int64_t terms() const { return terms_; }

  /// Applies L to get the vectors k = first .. terms() - 1, adds them to the states at all times,
  /// and calls visit(k, vector); ends early, and returns false, where `visit` does. Collective on
  /// the ranks that share L.
  /// \param state     the state at t = 0, or the last vector if the series is resumed; destroyed
  /// \param previous  as large; the vector before the last one if it is resumed; destroyed
  /// \param ends      a state for each time, zero at first; none: nothing is added up
  template <typename Visit>
  bool run(SectorState& state, SectorState& previous, std::span<SectorState> ends, Visit&& visit,
           std::int64_t first = 0) const {
    return for_each_series_vector(
        *L_, series_, terms_, state, previous,
        [&](std::int64_t k, const SectorState& vector) {
          add_to_ends(k, previous, vector, ends);
          return visit(k, vector);
        },
        first);
  }

  /// The same from beginning to end on one rank, with an eye on growth and rounding. False, and
  /// `ends` are of no use, where vectors grow.
  /// \param rounding  of all series of the step so far; begins anew with this one's first vector
  bool run_watched(SectorState& state, SectorState& previous, std::span<SectorState> ends,
                   SeriesRounding& rounding, double smallest_norm,
                   const std::function<void(std::int64_t k)>& on_term = {}) const;

 private:
  /// Two terms at a time, with the second.
  void add_to_ends(std::int64_t k, const SectorState& previous, const SectorState& vector,
                   std::span<SectorState> ends) const;

  const MatrixFreeOperator* L_;
  EllipseSeries series_;
  std::int64_t terms_;
  std::vector<std::vector<double>> coefficients_;  // [time][term]
};

}  // namespace qbsweep
