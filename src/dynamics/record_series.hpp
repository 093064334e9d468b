#pragma once
/// \file
/// From the terms of a series to the figures of merit.

#include "qbsweep/dynamics/figures_recorder.hpp"
#include "qbsweep/model/observations.hpp"
#include "qbsweep/operators/charging_operators.hpp"
#include "series_under_way.hpp"

namespace qbsweep {

/// Hands `recorder` the step from `t_begin` on as segments of Chebyshev polynomials, once the terms
/// of all parts are observed and shared. Collective over the ranks of the charging run.
/// \param tolerance  of what the series leaves out of an observation
void record_series(const BatteryParameters& battery, const ObservationLayout& layout,
                   const ChargingOperators& operators, const SeriesUnderWay& step, double t_begin,
                   double tolerance, FiguresRecorder& recorder);

}  // namespace qbsweep
