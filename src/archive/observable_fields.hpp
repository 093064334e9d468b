#pragma once
/// \file
/// The datasets of the observables: NAME along the samples and, of those that a sweep asks for,
/// NAME_at_tau and steady_NAME.

#include <vector>

#include "layout.hpp"

namespace qbsweep::layout {

/// Of those that are always there, or of the others.
[[nodiscard]] std::vector<Field> fields_of_observables(bool always);

}  // namespace qbsweep::layout
