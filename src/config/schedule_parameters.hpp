#pragma once
/// \file
/// The numbers of shapes as parameters: coupling.rise and the like.

#include <vector>

#include "qbsweep/config/parameter_table.hpp"

namespace qbsweep {

/// Those of all shapes, of every control.
[[nodiscard]] std::vector<ParameterInfo> schedule_parameters();

}  // namespace qbsweep
