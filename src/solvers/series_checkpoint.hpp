#pragma once
/// \file
/// A charge by series as a checkpoint, and back.

#include <map>
#include <string>
#include <vector>

#include "qbsweep/liouvillian/charge_operators.hpp"
#include "qbsweep/solvers/checkpoint.hpp"
#include "series_under_way.hpp"

namespace qbsweep {

using SavedNumbers = std::map<std::string, std::vector<double>>;

[[nodiscard]] SavedNumbers to_numbers(const ChargeUnderWay& charge, const SeriesUnderWay& step,
                                      int fock_dim);

/// Fock levels of a saved charge, 0 where there is none.
[[nodiscard]] int levels_of(const SavedNumbers& numbers);
[[nodiscard]] std::int64_t earlier_applications_of(const SavedNumbers& numbers);

/// Fills `charge` and all of `step` but its terms and ends.
/// \throws EnvironmentError for numbers that to_numbers() cannot have made
void from_numbers(const SavedNumbers& numbers, ChargeUnderWay& charge, SeriesUnderWay& step);

/// The arrays of a charge under way. A rank saves what it owns, and loads its ghosts, too.
enum class ArrayPurpose { save, load };
/// \param begins    the parts at the begin of the step; empty in the first
/// \param here      the last vector of the series under way
/// \param previous  the one before
[[nodiscard]] std::vector<ArrayColumns> arrays_of(ArrayPurpose purpose,
                                                  const ChargeOperators& operators,
                                                  SeriesUnderWay& step,
                                                  std::vector<SectorState>& begins,
                                                  SectorState& here, SectorState& previous);

}  // namespace qbsweep
