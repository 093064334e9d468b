#pragma once
/// \file
/// A charging run by series as a checkpoint, and back.

#include <map>
#include <string>
#include <vector>

#include "qbsweep/dynamics/checkpoint.hpp"
#include "qbsweep/operators/charging_operators.hpp"
#include "series_under_way.hpp"

namespace qbsweep {

using SavedNumbers = std::map<std::string, std::vector<double>>;

[[nodiscard]] SavedNumbers to_numbers(const RunProgress& progress, const SeriesUnderWay& step,
                                      int fock_dim);

/// Fock levels of a saved charging run, 0 where there is none.
[[nodiscard]] int levels_of(const SavedNumbers& numbers);
[[nodiscard]] std::int64_t earlier_applications_of(const SavedNumbers& numbers);

/// Fills `progress` and all of `step` but its terms and ends.
/// \throws EnvironmentError for numbers that to_numbers() cannot have made
void from_numbers(const SavedNumbers& numbers, RunProgress& progress, SeriesUnderWay& step);

/// The arrays of a charging run under way. A rank saves what it owns, and loads its ghosts, too.
enum class ArrayPurpose { save, load };
/// \param begins    the parts at the begin of the step; empty in the first
/// \param here      the last vector of the series under way
/// \param previous  the one before
[[nodiscard]] std::vector<ArrayColumns> arrays_of(ArrayPurpose purpose,
                                                  const ChargingOperators& operators,
                                                  SeriesUnderWay& step,
                                                  std::vector<SectorState>& begins,
                                                  SectorState& here, SectorState& previous);

}  // namespace qbsweep
