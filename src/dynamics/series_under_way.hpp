#pragma once
/// \file
/// How far a charging run by series is: all that has to be kept to resume it.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "qbsweep/dynamics/series_propagator.hpp"
#include "qbsweep/dynamics/series_steps.hpp"
#include "qbsweep/operators/sector_state.hpp"
#include "shared_terms.hpp"

namespace qbsweep {

/// Between steps.
struct RunProgress {
  double t = 0.0;        ///< the begin of the step under way
  double longest = 0.0;  ///< that the next step may be
  int failures = 0;      ///< series that grew so far
  std::int64_t applications = 0;
  std::int64_t earlier_applications = 0;  ///< with other numbers of Fock levels
};

/// Within a step: the parts of the state follow each other, and in each the terms of its series.
struct SeriesUnderWay {
  SeriesStep plan;
  bool last = false;               ///< nothing comes after it
  std::size_t part = 0;            ///< that is under way
  std::int64_t next_term = 0;      ///< of its series
  SeriesRounding rounding;         ///< of the parts up to here
  std::vector<SharedTerms> terms;  ///< what was observed, of each part
  std::vector<SectorState> ends;   ///< the parts at the end of the step; none in the last step
};

/// How fast work is done.
class WorkMeter {
 public:
  void count(double units) { units_ += units; }
  /// NaN before any work was counted.
  [[nodiscard]] double seconds_per_unit() const {
    const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
    return units_ > 0 ? seconds / units_ : std::numeric_limits<double>::quiet_NaN();
  }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point start_ = Clock::now();
  double units_ = 0.0;
};

}  // namespace qbsweep
