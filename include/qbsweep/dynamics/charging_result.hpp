#pragma once
/// \file
/// What a charging run leaves behind: figures of merit, the sampled trajectory, diagnostics.

#include <cstdint>
#include <string_view>
#include <vector>

#include "qbsweep/model/figures_of_merit.hpp"
#include "qbsweep/model/reductions.hpp"

namespace qbsweep {

/// The trajectory at equidistant times from 0 to t_max; every vector has one entry per sample, and
/// all are empty when no samples were asked for.
struct Trajectory {
  std::vector<double> time;
  /// What was sampled of one observable.
  struct Sampled {
    std::string_view name;
    std::vector<double> values;
  };
  std::vector<Sampled> observables;  ///< ChargingSettings::observables, in their order
  PerDefinition<std::vector<double>> ergotropy;

  /// The samples of the observable called `name`. \throws std::out_of_range if there are none
  [[nodiscard]] const std::vector<double>& of(std::string_view name) const;
  [[nodiscard]] std::vector<double>& of(std::string_view name);
};

/// What a battery still has while it is stored, one sample for each of `time`; empty where it is not
/// stored.
struct StorageResult {
  std::vector<double> time;  ///< since the charging ended
  PerDefinition<std::vector<double>> battery_energy;
  PerDefinition<std::vector<double>> ergotropy;  ///< of the definition whose tau it is stored from
  PerDefinition<double> half_life = {unset, unset, unset};
};

/// How far the numbers can be trusted, and what they cost.
struct ChargingDiagnostics {
  double trace_error_max = 0.0;   ///< largest |Tr rho - 1| of all steps
  double fock_tail_max = 0.0;     ///< largest population of the two highest Fock levels kept
  double truncation_error = 0.0;  ///< estimate for all results, see fock_levels.hpp
  double coherent_weight_cut =
      0.0;  ///< weight of the charger's initial state above the levels kept
  std::int64_t operator_applications = 0;  ///< times the Liouvillian was applied to a state
  std::int64_t unknowns = 0;               ///< reals in a state, after the reductions
  int fock_dim = 0;                        ///< Fock levels kept
  /// Kept at any time, as photons were lost: of Fock levels or, in excitation sectors, of numbers
  /// of excitations. 0 where nothing looked for it.
  int fewest_levels = 0;
  Reductions reductions;  ///< symmetries that were used
};

struct ChargingResult {
  FiguresOfMerit figures;
  Trajectory trajectory;
  StorageResult storage;
  /// rho_B that storage begins with, at the tau of each definition or at t_max, in real storage;
  /// empty where the battery is not stored.
  PerDefinition<std::vector<double>> stored_state;
  ChargingDiagnostics diagnostics;
};

}  // namespace qbsweep
