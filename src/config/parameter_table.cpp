#include "qbsweep/config/parameter_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <string>

#include "qbsweep/support/choices.hpp"
#include "refusal.hpp"
#include "schedule_parameters.hpp"

namespace qbsweep {
namespace {

using Kind = ValueRule::Kind;

constexpr std::string_view frequency_unit = "omega";

ValueRule whole_number(double min, double max) {
  return {.kind = Kind::integer, .min = min, .max = max};
}
ValueRule any_number() {
  return {.kind = Kind::real, .min = -largest_number};
}
ValueRule not_negative() {
  return {.kind = Kind::real, .min = 0.0};
}
ValueRule positive() {
  return {.kind = Kind::real, .min = 0.0, .positive = true};
}
ValueRule one_of(std::vector<std::string_view> words) {
  return {.kind = Kind::word, .words = std::move(words)};
}

/// Words stand in the order of the enumerations of model/parameters.hpp.
std::vector<ParameterInfo> make_table() {
  const ParameterValue none = 0.0;
  return {
      {.name = "interaction",
       .rule = one_of({"dicke", "tavis_cummings", "anisotropic"}),
       .unit = "1",
       .long_name = "interaction of battery and charger",
       .note = "`dicke`: g' (J_+ + J_-)(a + a^dag); `tavis_cummings`: g' (J_+ a + J_- a^dag); "
               "`anisotropic`: g' (J_+ a + J_- a^dag + r (J_+ a^dag + J_- a)) with r = "
               "`counter_rotating`"},
      {.name = "coupling_scaling",
       .rule = one_of({"sqrt_n", "bare"}),
       .unit = "1",
       .long_name = "scaling of the coupling with the number of atoms",
       .note = "`sqrt_n`: g' = g/sqrt(N); `bare`: g' = g",
       .default_value = "sqrt_n"},
      {.name = "N",
       .rule = {.kind = Kind::integer, .min = 1, .max = largest_N},
       .unit = "1",
       .long_name = "number of two-level systems"},
      {.name = "g",
       .rule = not_negative(),
       .unit = frequency_unit,
       .long_name = "coupling",
       .note = "before `coupling_scaling`",
       .partner = "g_over_gc"},
      {.name = "g_over_gc",
       .rule = not_negative(),
       .unit = "1",
       .long_name = "coupling over critical coupling",
       .note = "g_c = sqrt(omega_0 omega_c)/(1 + r), r = 1 for `dicke`, 0 for `tavis_cummings`, "
               "`counter_rotating` for `anisotropic`",
       .partner = "g"},
      {.name = "omega_0",
       .member = &BatteryParameters::omega_0,
       .rule = positive(),
       .unit = frequency_unit,
       .long_name = "level splitting of the atoms",
       .default_value = 1.0},
      {.name = "omega_c",
       .member = &BatteryParameters::omega_c,
       .rule = positive(),
       .unit = frequency_unit,
       .long_name = "frequency of the cavity",
       .default_value = 1.0,
       .partner = "detuning_ratio"},
      {.name = "detuning_ratio",
       .rule = positive(),
       .unit = "1",
       .long_name = "omega_0 over omega_c",
       .note = "sets omega_c = omega_0/detuning_ratio",
       .partner = "omega_c"},
      {.name = "kappa",
       .member = &BatteryParameters::kappa,
       .rule = not_negative(),
       .unit = frequency_unit,
       .long_name = "photon loss rate of the cavity",
       .default_value = none},
      {.name = "gamma_down",
       .member = &BatteryParameters::gamma_down,
       .rule = not_negative(),
       .unit = frequency_unit,
       .long_name = "decay rate of every single atom",
       .default_value = none},
      {.name = "gamma_phi",
       .member = &BatteryParameters::gamma_phi,
       .rule = not_negative(),
       .unit = frequency_unit,
       .long_name = "dephasing rate of every single atom",
       .note = "of D[sigma_z] with the Pauli matrix: a quarter of PIQS's `dephasing`",
       .default_value = none},
      {.name = "initial_state",
       .rule = one_of({"charged_cavity", "ground_state"}),
       .unit = "1",
       .long_name = "state at the start of the charging run",
       .note = "`charged_cavity`: the atoms as `battery_state` says, in their ground state by "
               "default, and "
               "the cavity as `charger` says; `ground_state` of H, for which these and `m` do not "
               "matter",
       .default_value = "charged_cavity"},
      {.name = "charger",
       .rule = one_of({"coherent", "fock", "thermal", "squeezed_vacuum"}),
       .unit = "1",
       .long_name = "state of the cavity at the start of the charging run",
       .note = "`coherent` with alpha = sqrt(m), cut off at fock_dim levels and normalised again; "
               "`fock` with exactly m photons; `thermal`, a mixed state; `squeezed_vacuum` with "
               "sinh(r)^2 = m, squeezed in a + a^dag",
       .default_value = "coherent"},
      {.name = "m",
       .rule = not_negative(),
       .unit = "1",
       .long_name = "mean photon number of the charger at the start",
       .note = "whole for a Fock charger",
       .partner = "m_per_n",
       .only_with_charger = true},
      {.name = "m_per_n",
       .rule = not_negative(),
       .unit = "1",
       .long_name = "mean photon number of the charger at the start per atom",
       .note = "m = m_per_n N",
       .partner = "m",
       .only_with_charger = true},
      {.name = "fock_dim",
       .rule =
           {.kind = Kind::integer, .min = 2, .max = largest_fock_dim, .words = {"paper", "auto"}},
       .unit = "1",
       .long_name = "number of Fock levels kept",
       .note =
           "`paper`: ceil(4 m) + 1, for atoms that start in their ground state; `auto`: as many as "
           "the charging run needs for truncation to cost "
           "less than its tolerance, and the steady state for 1e-6 omega_0 (or its tolerance if "
           "that is looser), each its own; more than m for a Fock charger",
       .default_value = "auto",
       .original_default = "paper"},
      {.name = "counter_rotating",
       .member = &BatteryParameters::anisotropy,
       .rule = not_negative(),
       .unit = "1",
       .long_name = "weight of the counter-rotating terms",
       .note = "r of `interaction: anisotropic`",
       .default_value = none,
       .only_with = {{"interaction", "anisotropic"}}},
      {.name = "n_th",
       .member = &BatteryParameters::n_th,
       .rule = not_negative(),
       .unit = "1",
       .long_name = "thermal photons of the cavity's surroundings",
       .note = "kappa (n_th + 1) D[a] + kappa n_th D[a^dag]",
       .default_value = none,
       .only_with = {{"kappa", ""}}},
      {.name = "gamma_up",
       .member = &BatteryParameters::gamma_up,
       .rule = not_negative(),
       .unit = frequency_unit,
       .long_name = "pumping rate of every single atom",
       .note = "PIQS's `pumping`",
       .default_value = none},
      {.name = "collective_down",
       .member = &BatteryParameters::collective_down,
       .rule = not_negative(),
       .unit = frequency_unit,
       .long_name = "collective decay rate of the atoms",
       .note = "of D[J_-]: PIQS's `collective_emission`",
       .default_value = none},
      {.name = "collective_up",
       .member = &BatteryParameters::collective_up,
       .rule = not_negative(),
       .unit = frequency_unit,
       .long_name = "collective pumping rate of the atoms",
       .note = "of D[J_+]: PIQS's `collective_pumping`",
       .default_value = none},
      {.name = "collective_phi",
       .member = &BatteryParameters::collective_phi,
       .rule = not_negative(),
       .unit = frequency_unit,
       .long_name = "collective dephasing rate of the atoms",
       .note = "of D[J_z]: PIQS's `collective_dephasing`",
       .default_value = none},
      {.name = "ising_z",
       .member = &BatteryParameters::ising_z,
       .rule = any_number(),
       .unit = frequency_unit,
       .long_name = "Ising coupling of the atoms along z",
       .note = "(ising_z/N) J_z^2",
       .default_value = none},
      {.name = "ising_x",
       .member = &BatteryParameters::ising_x,
       .rule = any_number(),
       .unit = frequency_unit,
       .long_name = "Ising coupling of the atoms along x",
       .note = "(ising_x/N) J_x^2",
       .default_value = none},
      {.name = "drive",
       .member = &BatteryParameters::drive,
       .rule = not_negative(),
       .unit = frequency_unit,
       .long_name = "amplitude of the cavity's drive",
       .note = "drive (a e^(i omega_d t) + a^dag e^(-i omega_d t))",
       .default_value = none},
      {.name = "atom_drive",
       .member = &BatteryParameters::atom_drive,
       .rule = not_negative(),
       .unit = frequency_unit,
       .long_name = "amplitude of the atoms' drive",
       .note = "atom_drive (J_- e^(i omega_d t) + J_+ e^(-i omega_d t))",
       .default_value = none},
      {.name = "omega_d",
       .member = &BatteryParameters::omega_d,
       .rule = not_negative(),
       .unit = frequency_unit,
       .long_name = "frequency of the drives",
       .note = "of both, in the frame of the laboratory; with counter-rotating terms only 0 is "
               "accepted beside a drive",
       .default_value = none,
       .only_with = {{"drive", ""}, {"atom_drive", ""}}},
      {.name = "battery_state",
       .rule = one_of({"ground", "excited", "rotated", "dicke"}),
       .unit = "1",
       .long_name = "state of the atoms at the start of the charging run",
       .note =
           "`ground`: all down; `excited`: all up; `rotated`: every atom in cos(theta/2)|down> + "
           "sin(theta/2)|up>, theta = `battery_angle`; `dicke`: |N/2, k - N/2> with k = "
           "`battery_excitations`",
       .default_value = "ground"},
      {.name = "battery_angle",
       .member = &BatteryParameters::battery_angle,
       .rule = any_number(),
       .unit = "1",
       .long_name = "angle of the rotated atoms",
       .note = "theta of `battery_state: rotated`, in radians from all down",
       .default_value = none,
       .only_with = {{"battery_state", "rotated"}}},
      {.name = "battery_excitations",
       .rule = whole_number(0, largest_N),
       .unit = "1",
       .long_name = "excited atoms of the Dicke state",
       .note = "k of `battery_state: dicke`, at most N",
       .default_value = std::int64_t{0},
       .only_with = {{"battery_state", "dicke"}}},
  };
}

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
  static const std::vector<ParameterInfo> table = [] {
    std::vector<ParameterInfo> made = make_table();
    std::ranges::move(schedule_parameters(), std::back_inserter(made));
    for (std::size_t position = 0; position < made.size(); ++position) {
      made[position].id = static_cast<ParameterId>(position);
    }
    return made;
  }();
  return table;
}

std::span<const ParameterInfo> model_parameters() {
  const std::vector<ParameterInfo>& table = parameter_table();
  const auto of_schedule = std::ranges::find(table, true, &ParameterInfo::of_schedule);
  return {table.data(), static_cast<std::size_t>(of_schedule - table.begin())};
}

const ParameterInfo& parameter_info(ParameterId id) {
  return parameter_table().at(static_cast<std::size_t>(id));
}

ParameterId parameter_id(std::string_view name) {
  const ParameterInfo* const info = find_parameter(name);
  if (info == nullptr) {
    throw std::logic_error("no parameter " + std::string(name));
  }
  return info->id;
}

std::string pair_text(const ParameterInfo& info) {
  const ParameterInfo& partner = *find_parameter(info.partner);
  const bool needed = !info.default_value && !partner.default_value;
  return fmt::format("{} one of {} and {}", needed ? "exactly" : "at most",
                     std::min(info.name, partner.name), std::max(info.name, partner.name));
}

const ParameterInfo* find_parameter(std::string_view name) {
  const auto& table = parameter_table();
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const ParameterInfo& info) { return info.name == name; });
  return found == table.end() ? nullptr : &*found;
}

}  // namespace qbsweep
