#include "layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <numeric>
#include <type_traits>

#include "observable_fields.hpp"

namespace qbsweep::layout {

namespace {

template <typename Number>
requires std::is_arithmetic_v<Number>
void append(Number number, std::vector<double>& numbers) {
  numbers.push_back(static_cast<double>(number));
}

void append(const std::vector<double>& samples, std::vector<double>& numbers) {
  numbers.insert(numbers.end(), samples.begin(), samples.end());
}

void append(const Reductions& reductions, std::vector<double>& numbers) {
  append(reductions.bits(), numbers);
}

void append(SteadyMethod method, std::vector<double>& numbers) {
  append(static_cast<int>(method), numbers);
}

template <typename T>
void append(const PerDefinition<T>& definitions, std::vector<double>& numbers) {
  for (const T& definition : definitions) {
    append(definition, numbers);
  }
}

template <auto member>
void figure(const PointRecord& record, std::vector<double>& numbers) {
  append(record.charging.figures.*member, numbers);
}

template <auto member>
void sampled(const PointRecord& record, std::vector<double>& numbers) {
  append(record.charging.trajectory.*member, numbers);
}

template <auto member>
void stored(const PointRecord& record, std::vector<double>& numbers) {
  append(record.charging.storage.*member, numbers);
}

template <auto member>
void diagnostic(const PointRecord& record, std::vector<double>& numbers) {
  append(record.charging.diagnostics.*member, numbers);
}

template <auto member>
void battery(const PointRecord& record, std::vector<double>& numbers) {
  append(record.point.battery.*member, numbers);
}

void seconds(const PointRecord& record, std::vector<double>& numbers) {
  append(record.wall_seconds, numbers);
}

/// Whoever has a record has computed it all.
void all_of_it(const PointRecord&, std::vector<double>& numbers) {
  append(1.0, numbers);
}

template <auto member>
void of_steady(const PointRecord& record, std::vector<double>& numbers) {
  append(record.steady.*member, numbers);
}

void ground_energy(const PointRecord& record, std::vector<double>& numbers) {
  append(record.ground ? record.ground->energy : unset, numbers);
}

void ground_j(const PointRecord& record, std::vector<double>& numbers) {
  append(record.ground ? record.ground->two_j / 2.0 : unset, numbers);
}

/// 0 stands for none, so that even is 1 and odd -1.
void ground_parity(const PointRecord& record, std::vector<double>& numbers) {
  append(record.ground ? 1 - 2 * record.ground->parity : 0, numbers);
}

constexpr auto every = Part::every;
constexpr auto charging = Part::charging;
constexpr auto trajectory = Part::trajectory;
constexpr auto steady = Part::steady;
constexpr auto gap = Part::gap;
constexpr auto ground = Part::ground;
constexpr auto storage = Part::storage;
constexpr auto slots = Extent::slots;
constexpr auto definitions = Extent::definitions;
constexpr auto samples = Extent::samples;
constexpr auto real = Element::real;
constexpr auto int64 = Element::int64;

constexpr auto reduction_flags = [] {
  std::array<Flag, all_reductions.size()> flags;
  for (std::size_t f = 0; f < flags.size(); ++f) {
    flags[f] = {static_cast<std::int32_t>(all_reductions[f]), reduction_names[f],
                reduction_texts[f]};
  }
  return flags;
}();

/// The methods that may have been used: every one but `auto`.
constexpr auto method_flags = [] {
  std::array<Flag, steady_method_table.size() - 1> flags;
  for (std::size_t f = 0; f < flags.size(); ++f) {
    const SteadyMethodInfo& info = steady_method_table[f + 1];
    flags[f] = {static_cast<std::int32_t>(info.method), info.word.data(),
                "as `steady_state.method` says it"};
  }
  return flags;
}();

constexpr std::array<Flag, 2> parity_flags = {
    {{-1, "odd", "an odd number of photons and excited atoms"},
     {1, "even", "an even number of them"}}};

using Figures = FiguresOfMerit;
using Storage = StorageResult;
using Steady = SteadyStateResult;
using Diagnostics = ChargingDiagnostics;
using Battery = BatteryParameters;

// clang-format off
const Field table[] = {
    {status, every, slots, Element::int8, "1", "state of the point: 0 pending, 1 done, 2 failed", nullptr},

    {"ergotropy_max", charging, definitions, real, "omega", "largest ergotropy in the charging window", figure<&Figures::ergotropy_max>},
    {"tau", charging, definitions, real, "1/omega", "time of the largest ergotropy; of maxima equal within the tolerance the first", figure<&Figures::tau>},
    {"battery_energy_at_tau", charging, definitions, real, "omega", "energy of the battery at tau", figure<&Figures::battery_energy_at_tau>},
    {"locked_energy_at_tau", charging, definitions, real, "omega", "battery energy that is not ergotropy at tau", figure<&Figures::locked_energy_at_tau>},
    {"quench_energy_at_tau", charging, definitions, real, "omega", "energy -<H_I> of switching the interaction off at tau", figure<&Figures::quench_energy_at_tau>},
    {"power_ergotropy_max", charging, definitions, real, "omega^2", "largest (ergotropy(t) - ergotropy(0))/t in the charging window; negative if the battery only loses", figure<&Figures::power_ergotropy_max>},
    {"tau_power_ergotropy_max", charging, definitions, real, "1/omega", "time of the largest (ergotropy(t) - ergotropy(0))/t; 0 stands for the limit", figure<&Figures::tau_power_ergotropy_max>},
    {"tau_at_window_end", charging, definitions, Element::int8, "1", "1 if tau is the end of the charging window, 0 if not or unset", figure<&Figures::tau_at_window_end>},
    {"tau_power_ergotropy_max_at_window_end", charging, definitions, Element::int8, "1", "1 if tau_power_ergotropy_max is the end of the charging window, 0 if not or unset", figure<&Figures::tau_power_ergotropy_max_at_window_end>, {}, 4},
    {"quench_energy_at_tau_power_ergotropy_max", charging, definitions, real, "omega", "energy -<H_I> of switching the interaction off at the time of the largest (ergotropy(t) - ergotropy(0))/t", figure<&Figures::quench_energy_at_power_ergotropy_max>, {}, 5},
    {"battery_energy_max", charging, slots, real, "omega", "largest energy of the battery in the charging window", figure<&Figures::battery_energy_max>},
    {"tau_battery_energy_max", charging, slots, real, "1/omega", "time of the largest energy of the battery; of maxima equal within the tolerance the first", figure<&Figures::tau_battery_energy_max>},
    {"tau_battery_energy_max_at_window_end", charging, slots, Element::int8, "1", "1 if tau_battery_energy_max is the end of the charging window, 0 if not or unset", figure<&Figures::tau_battery_energy_max_at_window_end>, {}, 4},
    {"power_energy_max", charging, slots, real, "omega^2", "largest (battery energy(t) - battery energy(0))/t in the charging window; negative if the battery only loses", figure<&Figures::power_energy_max>},
    {"tau_power_energy_max", charging, slots, real, "1/omega", "time of the largest (battery energy(t) - battery energy(0))/t; 0 stands for the limit", figure<&Figures::tau_power_energy_max>},
    {"quench_energy_at_tau_power_energy_max", charging, slots, real, "omega", "energy -<H_I> of switching the interaction off at the time of the largest (battery energy(t) - battery energy(0))/t", figure<&Figures::quench_energy_at_power_energy_max>, {}, 5},
    {"tau_power_energy_max_at_window_end", charging, slots, Element::int8, "1", "1 if tau_power_energy_max is the end of the charging window, 0 if not or unset", figure<&Figures::tau_power_energy_max_at_window_end>, {}, 4},

    {trajectory_time, trajectory, samples, real, "1/omega", "time of the sample", sampled<&Trajectory::time>},
    {"ergotropy", trajectory, Extent::definitions_and_samples, real, "omega", "ergotropy of the battery", sampled<&Trajectory::ergotropy>},

    {storage_time, storage, Extent::storage_samples, real, "1/omega", "time since the charging ended", stored<&Storage::time>},
    {"storage_battery_energy", storage, definitions | Extent::storage_samples, real, "omega", "energy of the battery that is stored from tau, or from t_max, on", stored<&Storage::battery_energy>},
    {"storage_ergotropy", storage, definitions | Extent::storage_samples, real, "omega", "ergotropy of the battery that is stored from its own tau, or from t_max, on", stored<&Storage::ergotropy>},
    {"storage_half_life", storage, definitions, real, "1/omega", "time after which half of the ergotropy is lost; NaN if it is not within the duration of the storage, or there was none", stored<&Storage::half_life>},

    {"steady_battery_energy", steady, slots, real, "omega", "energy of the battery in the steady state", of_steady<&Steady::battery_energy>},
    {"steady_photon_number", steady, slots, real, "1", "mean photon number of the cavity in the steady state", of_steady<&Steady::photon_number>},
    {"steady_total_energy", steady, slots, real, "omega", "energy <H> of the steady state with the interaction switched on", of_steady<&Steady::total_energy>},
    {"steady_ergotropy", steady, definitions, real, "omega", "ergotropy of the battery in the steady state", of_steady<&Steady::ergotropy>},
    {"steady_error", steady, slots, real, "omega", "estimated error of the steady state's energies, ergotropies and omega_c times its photon number, by the residual over the gap", of_steady<&Steady::error>, {}, 4},
    {"steady_residual", steady, slots, real, "omega", "||L rho|| / ||rho|| of the steady state", of_steady<&Steady::residual>},
    {"steady_multiplicity", steady, slots, Element::int32, "1", "zero eigenvalues of the Liouvillian on permutation-invariant states, in all blocks j, 0 if unset; the steady state is unique if it is 1; without local noise each block has its own, and that of j = N/2 is stored", of_steady<&Steady::multiplicity>},
    {"liouvillian_gap", gap, slots, real, "omega", "-(largest real part) of the eigenvalues of the Liouvillian that are not zero, on permutation-invariant states, in all blocks j", of_steady<&Steady::gap>},
    {"steady_method", steady, slots, Element::int32, "1", "how the steady state was found, 0 if unset", of_steady<&Steady::method>, {Flags::Kind::values, method_flags}},
    {"steady_fock_dim", steady, slots, int64, "1", "Fock levels kept for the steady state, 0 if unset", of_steady<&Steady::fock_dim>},
    {"steady_unknowns", steady, slots, int64, "1", "real numbers in the steady state, 0 if unset", of_steady<&Steady::unknowns>},
    {"steady_fock_tail", steady, slots, real, "1", "population of the two highest Fock levels kept in the steady state", of_steady<&Steady::fock_tail>},
    {"steady_truncation_error", steady, slots, real, "omega", "estimated error of the steady state's energies, ergotropies and omega_c times its photon number by truncation of the Fock space", of_steady<&Steady::truncation_error>},
    {"steady_operator_applications", steady, slots, int64, "1", "applications of the Liouvillian, or of the inverse that stands for it, to a state for the steady state, 0 if unset", of_steady<&Steady::operator_applications>},

    {"ground_energy", ground, slots, real, "omega", "energy <H> of the ground state that the charging run starts from", ground_energy},
    {"ground_state_j", ground, slots, real, "1", "total spin j of the ground state", ground_j},
    {"ground_state_parity", ground, slots, Element::int32, "1", "parity of photons and excited atoms in the ground state: 1 even, -1 odd, 0 if unset", ground_parity, {Flags::Kind::values, parity_flags}},

    {"point_g", every, slots, real, "omega", "coupling g of the point, before scaling with N", battery<&Battery::g>},
    {"point_omega_c", every, slots, real, "omega", "cavity frequency of the point", battery<&Battery::omega_c>},
    {"point_m", every, slots, real, "1", "first mean photon number of the point, 0 if none is given", battery<&Battery::m>},
    {"point_fock_dim", charging, slots, int64, "1", "Fock levels kept for the charging run, 0 if unset", diagnostic<&Diagnostics::fock_dim>},
    {"point_unknowns", charging, slots, int64, "1", "real numbers in a state of the charging run, 0 if unset", diagnostic<&Diagnostics::unknowns>},
    {"reductions", charging, slots, Element::int32, "1", "symmetries that made the charging run smaller: the sum of their flags, 0 if none or unset", diagnostic<&Diagnostics::reductions>, {Flags::Kind::masks, reduction_flags}},

    {"trace_error_max", charging, slots, real, "1", "largest deviation of the trace from 1", diagnostic<&Diagnostics::trace_error_max>},
    {"fock_tail_max", charging, slots, real, "1", "largest population of the two highest Fock levels kept", diagnostic<&Diagnostics::fock_tail_max>},
    {"truncation_error", charging, slots, real, "omega", "estimated error of energies and ergotropies by truncation of the Fock space", diagnostic<&Diagnostics::truncation_error>},
    {"coherent_weight_cut", charging, slots, real, "1", "weight of the charger's initial state above the Fock levels kept, before normalisation", diagnostic<&Diagnostics::coherent_weight_cut>},
    {wall_seconds, every, slots, real, "s", "wall time spent on the point, in all runs; so far if it is not done", seconds},
    {"operator_applications", charging, slots, int64, "1", "applications of the Liouvillian to a state, 0 if unset", diagnostic<&Diagnostics::operator_applications>},
    {progress, every, slots, real, "1", "fraction of the point's work that is done; 1 when the point is done", all_of_it, {}, 3},
    {attempts, every, slots, Element::int32, "1", "times the computation of the point was started", nullptr},
    {checksum, every, slots, int64, "1", "CRC-32 of the point's results, or of `attempts` as long as there are none, 0 if unset", nullptr, {}, 4},
};
// clang-format on

struct Presence {
  bool (*in)(const Sweep& sweep);  ///< whether the archive of a sweep has it
  const char* text;
};

/// In the order of Part.
constexpr Presence presences[] = {
    {[](const Sweep&) { return true; }, "always"},
    {[](const Sweep& sweep) { return sweep.charging().has_value(); }, "`charging`"},
    {[](const Sweep& sweep) { return sweep.samples() > 0; }, "`charging` with `samples` above 0"},
    {[](const Sweep& sweep) { return sweep.steady_state().has_value(); }, "`steady_state`"},
    {[](const Sweep& sweep) { return sweep.steady_state() && sweep.steady_state()->gap; },
     "`steady_state` with `gap: true`"},
    {[](const Sweep& sweep) { return sweep.storage().has_value(); }, "`storage`"},
    {[](const Sweep& sweep) { return sweep.has_ground_states(); },
     "`initial_state: ground_state` at any point"},
};

static_assert(std::size(presences) == static_cast<std::size_t>(Part::ground) + 1);

const Presence& presence_of(Part part) {
  return presences[static_cast<std::size_t>(part)];
}

}  // namespace

const char* present_text(Part part) {
  return presence_of(part).text;
}

std::string present_text(const Field& field) {
  std::string text = present_text(field.part);
  if (field.observable != nullptr) {
    text += fmt::format(", `observables` with `{}`", field.observable->name);
  }
  return text;
}

std::span<const Field> all_fields() {
  // The samples of observables behind their time, and what is asked for at the end.
  static const std::vector<Field> fields = [] {
    std::vector<Field> all(std::begin(table), std::end(table));
    const auto time = std::ranges::find(all, std::string_view(trajectory_time), &Field::name);
    const std::vector<Field> always = fields_of_observables(true);
    all.insert(time + 1, always.begin(), always.end());
    const std::vector<Field> asked_for = fields_of_observables(false);
    all.insert(all.end(), asked_for.begin(), asked_for.end());
    return all;
  }();
  return fields;
}

const Field& field_called(std::string_view name) {
  return *std::ranges::find(all_fields(), name, &Field::name);
}

std::vector<Field> fields_of(const Sweep& sweep, std::int32_t version) {
  std::vector<Field> fields;
  const auto& asked_for = sweep.observables();
  std::ranges::copy_if(all_fields(), std::back_inserter(fields), [&](const Field& field) {
    const bool wanted = field.observable == nullptr ||
                        std::ranges::find(asked_for, field.observable) != asked_for.end();
    return wanted && field.since <= version && presence_of(field.part).in(sweep);
  });
  return fields;
}

std::span<const InnerDimension> inner_dimensions() {
  static constexpr std::array<const char*, 2> parts = {"real", "imaginary"};
  static constexpr std::array dimensions = {
      InnerDimension{Extent::definitions, "ergotropy_definition",
                     [](const Sweep&) { return hsize_t{ergotropy_definitions}; }, "3", "always",
                     "definition of the ergotropy", ergotropy_definition_names},
      InnerDimension{Extent::samples, "sample",
                     [](const Sweep& sweep) { return static_cast<hsize_t>(sweep.samples()); },
                     "`samples` of the section `charging`", "`charging` with `samples` above 0",
                     "number of the trajectory sample"},
      InnerDimension{Extent::storage_samples, "storage_sample",
                     [](const Sweep& sweep) {
                       return static_cast<hsize_t>(sweep.storage() ? sweep.storage()->samples : 0);
                     },
                     "`samples` of the section `storage`", "`storage`",
                     "number of the sample of what is stored"},
      InnerDimension{
          Extent::photons, "photon",
          [](const Sweep& sweep) { return static_cast<hsize_t>(sweep.observable_sizes().photons); },
          "`photon_levels`", "`observables` with `photon_distribution`", "number of photons"},
      InnerDimension{Extent::battery_state, "element",
                     [](const Sweep& sweep) {
                       return static_cast<hsize_t>(sweep.observable_sizes().battery_state);
                     },
                     "(N + 1)(N + 2)(N + 3)/6 of the largest N",
                     "`observables` with `battery_state`",
                     "element of the battery's blocks j = N/2, N/2 - 1, ..., row by row"},
      InnerDimension{Extent::battery_state, "complex", [](const Sweep&) { return hsize_t{2}; }, "2",
                     "`observables` with `battery_state`", "real and imaginary part", parts},
  };
  return dimensions;
}

std::vector<hsize_t> inner_shape(Extent extent, const Sweep& sweep) {
  std::vector<hsize_t> sizes;
  for (const InnerDimension& dimension : inner_dimensions()) {
    if (has(extent, dimension.extent)) {
      sizes.push_back(dimension.size(sweep));
    }
  }
  return sizes;
}

std::vector<hsize_t> shape(Extent extent, const Sweep& sweep) {
  std::vector<hsize_t> sizes;
  for (const Axis& axis : sweep.axes()) {
    sizes.push_back(static_cast<hsize_t>(axis.size()));
  }
  const auto inner = inner_shape(extent, sweep);
  sizes.insert(sizes.end(), inner.begin(), inner.end());
  return sizes;
}

std::vector<std::string> dimension_names(Extent extent, const Sweep& sweep) {
  std::vector<std::string> names;
  for (const Axis& axis : sweep.axes()) {
    names.push_back(axis.name);
  }
  for (const InnerDimension& dimension : inner_dimensions()) {
    if (has(extent, dimension.extent)) {
      names.emplace_back(dimension.name);
    }
  }
  return names;
}

hsize_t volume(const std::vector<hsize_t>& sizes) {
  return std::accumulate(sizes.begin(), sizes.end(), hsize_t{1}, std::multiplies<>());
}

hid_t stored_type(Element element) {
  switch (element) {
    case Element::int8:
      return H5T_STD_I8LE;
    case Element::int32:
      return H5T_STD_I32LE;
    case Element::int64:
      return H5T_STD_I64LE;
    case Element::real:
      break;
  }
  return H5T_IEEE_F64LE;
}

const char* stored_name(Element element) {
  switch (element) {
    case Element::int8:
      return "int8";
    case Element::int32:
      return "int32";
    case Element::int64:
      return "int64";
    case Element::real:
      break;
  }
  return "float64";
}

hsize_t stored_bytes(Element element) {
  switch (element) {
    case Element::int8:
      return 1;
    case Element::int32:
      return 4;
    case Element::int64:
    case Element::real:
      break;
  }
  return 8;
}

}  // namespace qbsweep::layout
