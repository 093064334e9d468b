#pragma once
/// \file
/// The observables: a table of what is looked at in a state.
///
/// The operators give a few linear functionals of a state (observations.hpp): the battery's state
/// rho_B, energies, and what they are asked for of the photon distribution. Every observable is a
/// function of these, written once in observable_table.cpp; sampling, what is stored at tau and of
/// steady states, the archive's datasets, checkpoints and docs/archive.md loop over the table.

#include <array>
#include <complex>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "qbsweep/model/control.hpp"
#include "qbsweep/model/energy_flows.hpp"
#include "qbsweep/model/ergotropy.hpp"
#include "qbsweep/model/frame.hpp"
#include "qbsweep/model/observations.hpp"
#include "qbsweep/model/parameters.hpp"
#include "qbsweep/model/spin_blocks.hpp"

namespace qbsweep {

/// One state, as observables see it.
struct ObservedState {
  const BatteryParameters& battery;
  const std::vector<SpinBlock>& blocks;
  /// The blocks of the battery's state one after the other, each a row-major (2j+1) x (2j+1) matrix
  /// in real storage R = X + Y (state_basis.hpp); the populations are on the diagonals.
  std::span<const double> rho_B;
  const BatteryEnergies& energies;  ///< of rho_B
  double photon_number;
  double interaction_energy;  ///< <H_I>, with lambda(t)
  double other_energy;        ///< of ising_z and ising_x
  /// Of the drives of the cavity and of the atoms, and of their quadratures.
  std::array<double, 4> drive_energies;
  /// The population of every Fock level; empty unless ObservationRequest asks for it.
  std::span<const double> photon_distribution;
  /// <a>, in the frame that the state is computed in; 0 unless ObservationRequest asks for it.
  std::complex<double> field;
  ControlValues controls = {};  ///< at the time of the state
  FrameAngles turned = {};      ///< the frame that the state is computed in
  EnergyFlows flowed = {};      ///< since t = 0

  /// Energies that were observed with the controls `observed_with` become those with `now`.
  void set_controls(const ControlValues& now, const ControlValues& observed_with);
};

/// The state that `observations` are of.
/// \param energies  those of its rho_B; must outlive what is returned, as must all the others
[[nodiscard]] ObservedState observed_state(const BatteryParameters& battery,
                                           const std::vector<SpinBlock>& blocks,
                                           const ObservationLayout& layout,
                                           std::span<const double> observations,
                                           const BatteryEnergies& energies);

/// How many numbers an observable is.
enum class ObservableExtent {
  number,
  photons,       ///< one for each Fock level that is stored
  battery_state  ///< real and imaginary part of each element of the blocks
};

/// What is stored of every point of a sweep, whatever the size of its own state.
struct ObservableSizes {
  std::int64_t photons = 0;        ///< Fock levels
  std::int64_t battery_state = 0;  ///< elements of all blocks
};

/// Elements of all blocks j of N atoms: (N + 1)(N + 2)(N + 3)/6.
[[nodiscard]] std::int64_t battery_state_size(int N);

struct Observable {
  std::string_view name;       ///< of the dataset, and in the list `observables` of a sweep file
  std::string_view unit;       ///< "1" if it has none, "omega" for an energy
  std::string_view symbol;     ///< LaTeX, without the dollar signs
  std::string_view long_name;  ///< a few words for plots and tables
  std::string_view note;       ///< its definition and source, in Markdown
  double (*value)(const ObservedState&);  ///< null unless it is one number
  bool always = false;                    ///< sampled whether a sweep file asks for it or not
  ObservationRequest needs = {};
  /// It counts from the begin of a charging run, so that a steady state has none.
  bool since_begin = false;
  ObservableExtent extent = ObservableExtent::number;
  /// Sets all of `out`, which has as many numbers as are stored.
  void (*values)(const ObservedState&, std::span<double> out) = nullptr;

  /// How many numbers are stored.
  [[nodiscard]] std::int64_t size(const ObservableSizes& sizes) const;
  void append(const ObservedState& state, const ObservableSizes& sizes,
              std::vector<double>& numbers) const;
};

/// Every observable.
[[nodiscard]] std::span<const Observable> observable_table();

/// The one called `name`, nullptr if there is none.
[[nodiscard]] const Observable* find_observable(std::string_view name);

/// Those that are sampled where a sweep file asks for `names` besides: in the order of the table.
[[nodiscard]] std::vector<const Observable*> sampled_observables(
    std::span<const std::string_view> names);

/// The same by themselves.
[[nodiscard]] std::vector<const Observable*> sampled_observables(
    std::span<const Observable* const> asked_for);

/// How many numbers all of `observables` are.
[[nodiscard]] std::int64_t size_of(std::span<const Observable* const> observables,
                                   const ObservableSizes& sizes);

/// Those of `observables` that a steady state has.
[[nodiscard]] std::vector<const Observable*> steady_observables(
    std::span<const Observable* const> observables);

/// What `observables` need of the operators.
[[nodiscard]] ObservationRequest request_of(std::span<const Observable* const> observables);

}  // namespace qbsweep
