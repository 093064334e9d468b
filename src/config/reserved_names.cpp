// What no dimension of a sweep may be called, because the archive has it itself.
#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "qbsweep/config/parameter_table.hpp"
#include "qbsweep/model/observable.hpp"

namespace qbsweep {
namespace {

/// Dimensions and datasets of the archive.
constexpr auto reserved_names = std::to_array<std::string_view>({
    "status",
    "sample",
    "time",
    "ergotropy_definition",
    "photon",
    "element",
    "complex",
    "storage_sample",
    // figures of merit
    "ergotropy_max",
    "tau",
    "battery_energy_at_tau",
    "locked_energy_at_tau",
    "quench_energy_at_tau",
    "quench_energy_at_tau_power_ergotropy_max",
    "quench_energy_at_tau_power_energy_max",
    "power_ergotropy_max",
    "tau_power_ergotropy_max",
    "tau_at_window_end",
    "tau_power_ergotropy_max_at_window_end",
    "battery_energy_max",
    "tau_battery_energy_max",
    "tau_battery_energy_max_at_window_end",
    "power_energy_max",
    "tau_power_energy_max",
    "tau_power_energy_max_at_window_end",
    // trajectories
    "ergotropy",
    // storage
    "storage_time",
    "storage_battery_energy",
    "storage_ergotropy",
    "storage_half_life",
    // steady states and ground states
    "steady_battery_energy",
    "steady_photon_number",
    "steady_total_energy",
    "steady_ergotropy",
    "steady_error",
    "steady_residual",
    "steady_multiplicity",
    "liouvillian_gap",
    "steady_method",
    "steady_fock_dim",
    "steady_unknowns",
    "steady_fock_tail",
    "steady_truncation_error",
    "steady_operator_applications",
    "ground_energy",
    "ground_state_j",
    "ground_state_parity",
    // the points and what they cost
    "point_g",
    "point_omega_c",
    "point_m",
    "point_fock_dim",
    "point_unknowns",
    "reductions",
    "trace_error_max",
    "fock_tail_max",
    "truncation_error",
    "coherent_weight_cut",
    "wall_seconds",
    "operator_applications",
    "progress",
    "attempts",
    "checksum",
});

}  // namespace

bool is_reserved_name(std::string_view name) {
  if (std::ranges::find(reserved_names, name) != reserved_names.end()) {
    return true;
  }
  return std::ranges::any_of(observable_table(), [&](const Observable& observable) {
    const std::string dataset(observable.name);
    return name == dataset || name == dataset + "_at_tau" || name == "steady_" + dataset;
  });
}

}  // namespace qbsweep
