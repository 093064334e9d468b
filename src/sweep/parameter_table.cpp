#include "qbsweep/sweep/parameter_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "messages.hpp"

namespace qbsweep {
namespace {

using Kind = ValueRule::Kind;

constexpr std::string_view frequency_unit = "omega";

ValueRule not_negative() {
  return {.kind = Kind::real, .min = 0.0};
}
ValueRule positive() {
  return {.kind = Kind::real, .min = 0.0, .positive = true};
}
ValueRule one_of(std::vector<std::string_view> words) {
  return {.kind = Kind::word, .words = std::move(words)};
}

/// Words stand in the order of the enumerations of physics/parameters.hpp.
std::vector<ParameterInfo> make_table() {
  using Id = ParameterId;
  const ParameterValue none = 0.0;
  return {
      {Id::interaction, "interaction", one_of({"dicke", "tavis_cummings"}), "1",
       "interaction of battery and charger"},
      {Id::coupling_scaling, "coupling_scaling", one_of({"sqrt_n", "bare"}), "1",
       "scaling of the coupling with the number of atoms", "sqrt_n"},
      {Id::N,
       "N",
       {.kind = Kind::integer, .min = 1, .max = largest_N},
       "1",
       "number of two-level systems"},
      {Id::g, "g", not_negative(), frequency_unit, "coupling", std::nullopt, Id::g_over_gc},
      {Id::g_over_gc, "g_over_gc", not_negative(), "1", "coupling over critical coupling",
       std::nullopt, Id::g},
      {Id::omega_0, "omega_0", positive(), frequency_unit, "level splitting of the atoms", 1.0},
      {Id::omega_c, "omega_c", positive(), frequency_unit, "frequency of the cavity", 1.0,
       Id::detuning_ratio},
      {Id::detuning_ratio, "detuning_ratio", positive(), "1", "omega_0 over omega_c", std::nullopt,
       Id::omega_c},
      {Id::kappa, "kappa", not_negative(), frequency_unit, "photon loss rate of the cavity", none},
      {Id::gamma_down, "gamma_down", not_negative(), frequency_unit,
       "decay rate of every single atom", none},
      {Id::gamma_phi, "gamma_phi", not_negative(), frequency_unit,
       "dephasing rate of every single atom", none},
      {Id::initial_state, "initial_state", one_of({"charged_cavity", "ground_state"}), "1",
       "state at the start of the charge", "charged_cavity"},
      {Id::charger, "charger", one_of({"coherent", "fock"}), "1",
       "state of the cavity at the start of the charge", "coherent"},
      {Id::m, "m", not_negative(), "1", "mean photon number of the charger at the start",
       std::nullopt, Id::m_per_n},
      {Id::m_per_n, "m_per_n", not_negative(), "1",
       "mean photon number of the charger at the start per atom", std::nullopt, Id::m},
      {Id::fock_dim,
       "fock_dim",
       {.kind = Kind::integer, .min = 2, .max = largest_fock_dim, .words = {"paper", "auto"}},
       "1",
       "number of Fock levels kept",
       "paper"},
  };
}

/// Dimensions and datasets of the archive.
constexpr auto reserved_names = std::to_array<std::string_view>({
    "status",
    "sample",
    "time",
    "ergotropy_definition",
    // figures of merit
    "ergotropy_max",
    "tau",
    "battery_energy_at_tau",
    "locked_energy_at_tau",
    "quench_energy_at_tau",
    "power_ergotropy_max",
    "tau_power_ergotropy_max",
    "tau_at_window_end",
    "battery_energy_max",
    "tau_battery_energy_max",
    "power_energy_max",
    "tau_power_energy_max",
    // trajectories
    "battery_energy",
    "photon_number",
    "interaction_energy",
    "total_energy",
    "ergotropy",
    // steady states and ground states
    "steady_battery_energy",
    "steady_photon_number",
    "steady_total_energy",
    "steady_ergotropy",
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
});

std::string accepted_numbers(const ValueRule& rule) {
  if (rule.kind == Kind::integer) {
    return fmt::format("a whole number from {:.0f} to {:.0f}", rule.min, rule.max);
  }
  if (rule.positive) {
    return fmt::format("a number > 0 (from {} to {})", 1 / largest_number, rule.max);
  }
  if (rule.min == -largest_number) {
    return fmt::format("a number (of magnitude up to {})", rule.max);
  }
  return fmt::format("a number >= {} (and <= {})", rule.min, rule.max);
}

}  // namespace

std::string accepted_text(const ValueRule& rule) {
  std::vector<std::string> choices(rule.words.begin(), rule.words.end());
  if (rule.kind != Kind::word) {
    choices.push_back(accepted_numbers(rule));
  }
  return join_choices(choices);
}

const std::vector<ParameterInfo>& parameter_table() {
  static const std::vector<ParameterInfo> table = make_table();
  return table;
}

const ParameterInfo& parameter_info(ParameterId id) {
  return parameter_table().at(static_cast<std::size_t>(id));
}

const ParameterInfo* find_parameter(std::string_view name) {
  const auto& table = parameter_table();
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const ParameterInfo& info) { return info.name == name; });
  return found == table.end() ? nullptr : &*found;
}

bool is_reserved_name(std::string_view name) {
  return std::find(reserved_names.begin(), reserved_names.end(), name) != reserved_names.end();
}

}  // namespace qbsweep
