#pragma once
/// \file
/// How many Fock levels `fock_dim: auto` will take, without computing anything: for plans and for
/// the order of points, in microseconds whatever the parameters.
///
/// A Dicke battery moves the field of its cavity. Were the atoms all in one state of J_x, the field
/// would circle around 2 g' J_x / omega_c, so that its amplitude grows from sqrt(m) by up to
/// 2 g' N / omega_c (J_x = N/2 is a part of the discharged battery), as far as it gets in the
/// charging window. A weak coupling on resonance only exchanges excitations, and how much of that
/// is reached grows with the coupling. The levels are those that hold a coherent state of that
/// amplitude, or a Fock state that is displaced by it.
///
/// How much is reached, and the tail that is allowed, are fitted to the levels that
/// predict_fock_dim() finds (tests/benchmark/measure_plan.py shows both): N = 1 .. 16, g/g_c = 0.03
/// .. 3, both ways of scaling, t_max = 1 .. 100, tolerances 1e-10 .. 1e-6.

#include "qbsweep/model/parameters.hpp"

namespace qbsweep {

/// More levels than any estimate gives: a sweep file takes no more either.
inline constexpr int most_estimated_levels = 100'000;

/// Levels that are tried at first, and those that are kept in the end: more where jumps heat the
/// cavity (field_heating.hpp).
struct LevelEstimate {
  int tried = 0;
  int kept = 0;
};

/// Of a charging run. For Tavis-Cummings, which never climbs, those of the initial state.
[[nodiscard]] LevelEstimate estimate_fock_levels(const BatteryParameters& battery, double t_max,
                                                 double tolerance);

}  // namespace qbsweep
