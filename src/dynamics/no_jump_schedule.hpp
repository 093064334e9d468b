#pragma once
/// \file
/// The evolution between jumps while controls change (no_jump_truncation.hpp): for an estimate, so
/// that a control that moves stands still for a fraction of the time between two looks, at its mean.

#include <cstdint>
#include <functional>
#include <span>

#include "qbsweep/dynamics/watch.hpp"
#include "qbsweep/model/parameters.hpp"
#include "qbsweep/model/schedule.hpp"
#include "qbsweep/operators/field_of_values.hpp"

namespace qbsweep {

/// Calls visit(look, psi) at `looks` equidistant times from 0 to t_max until it returns false. psi is
/// stored as by PureStateOperator.
void follow_schedule(const BatteryParameters& battery, const Schedule& schedule, double t_max,
                     std::int64_t looks, const Watch& watch,
                     const std::function<bool(std::int64_t, std::span<const double>)>& visit);

}  // namespace qbsweep
