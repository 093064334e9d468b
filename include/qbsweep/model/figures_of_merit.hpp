#pragma once
/// \file
/// The numbers a charging run is judged by. Energies in the unit of omega_0, times in its inverse.

#include <array>
#include <cstddef>
#include <limits>
#include <vector>

namespace qbsweep {

/// The three definitions of ergotropy (see ergotropy.hpp), in the order in which they are stored.
enum class ErgotropyDefinition : std::size_t { global, permutation_invariant, dicke_subspace };
inline constexpr std::size_t ergotropy_definitions = 3;
inline constexpr std::array<const char*, ergotropy_definitions> ergotropy_definition_names = {
    "global", "permutation_invariant", "dicke_subspace"};

/// One number for each definition of ergotropy.
template <typename T>
using PerDefinition = std::array<T, ergotropy_definitions>;

inline constexpr double unset = std::numeric_limits<double>::quiet_NaN();

/// Figures of merit over the charging window [0, t_max]. Paper, section III and Eq. (5).
///
/// A maximum is the largest value of all. Its time is the earliest at which the quantity has a
/// local maximum equal to it within the tolerance; what is given at tau belongs to that time.
///
/// Powers count what was gained since t = 0, where a battery beside a charged cavity holds nothing.
/// At t = 0 they stand for their limit, the rate of gain. A battery that only loses has negative
/// powers, and the largest of them is often at the end of the window.
struct FiguresOfMerit {
  PerDefinition<double> ergotropy_max = {unset, unset, unset};
  PerDefinition<double> tau = {unset, unset, unset};  ///< time of the largest ergotropy
  PerDefinition<double> battery_energy_at_tau = {unset, unset, unset};
  PerDefinition<double> locked_energy_at_tau = {unset, unset, unset};  ///< E_B - ergotropy at tau
  PerDefinition<double> quench_energy_at_tau = {unset, unset, unset};  ///< -<H_I>
  PerDefinition<double> power_ergotropy_max = {unset, unset, unset};   ///< max of gain/t
  PerDefinition<double> tau_power_ergotropy_max = {unset, unset, unset};
  /// -<H_I> at that time: with it there is the net power, of what is left after switching off.
  PerDefinition<double> quench_energy_at_power_ergotropy_max = {unset, unset, unset};
  /// Whether the time is the window's end, so that a longer window may show a larger value.
  PerDefinition<bool> tau_at_window_end = {false, false, false};
  PerDefinition<bool> tau_power_ergotropy_max_at_window_end = {false, false, false};

  /// Of the observables that were asked for besides, in their order.
  PerDefinition<std::vector<double>> observables_at_tau;

  double battery_energy_max = unset;
  double tau_battery_energy_max = unset;
  bool tau_battery_energy_max_at_window_end = false;
  double power_energy_max = unset;  ///< max of (E_B(t) - E_B(0))/t
  double tau_power_energy_max = unset;
  double quench_energy_at_power_energy_max = unset;  ///< -<H_I> at that time
  bool tau_power_energy_max_at_window_end = false;
};

}  // namespace qbsweep
