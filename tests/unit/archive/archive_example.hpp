#pragma once
/// \file
/// Sweeps and records for the tests of the archive.

#include <gtest/gtest.h>
#include <hdf5.h>

#include <algorithm>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "qbsweep/archive/archive.hpp"
#include "qbsweep/support/error.hpp"
#include "temporary_folder.hpp"

namespace qbsweep::test {

/// A sweep over `axes` (lines of a sweep file, maybe none) with trajectories of `samples` samples.
inline Sweep sweep_with(const std::string& axes, int samples,
                        const std::vector<std::string>& overrides = {}) {
  const bool over_N = axes.find("name: N,") != std::string::npos;
  const bool over_interaction = axes.find("name: interaction,") != std::string::npos;
  return Sweep::from_text(
      "name: example\n"
      "description: two words\n"
      "parameters:\n"
      "  g: 0.25\n"
      "  m: 1\n" +
          std::string(over_N ? "" : "  N: 2\n") +
          (over_interaction ? "" : "  interaction: dicke\n") +
          (axes.empty() ? "" : "axes:\n" + axes) +
          "charging: {t_max: 2.0, samples: " + std::to_string(samples) + "}\n",
      "example.yaml", overrides);
}

/// The line that asks for every observable there is.
inline std::string every_observable() {
  std::string names;
  for (const Observable& observable : observable_table()) {
    if (!observable.always) {
      names += (names.empty() ? "" : ", ") + std::string(observable.name);
    }
  }
  return "observables: [" + names + "]\nphoton_levels: 3\n";
}

/// The same with another section in the place of charging, or further lines.
inline Sweep sweep_of(const std::string& axes, const std::string& sections) {
  const std::string charging = "charging: {t_max: 2.0, samples: 0}\n";
  std::string text = sweep_with(axes, 0).text();
  return Sweep::from_text(text.replace(text.find(charging), charging.size(), sections),
                          "example.yaml");
}

inline const std::string charging_section = "charging: {t_max: 2.0, samples: 2}\n";
inline const std::string storage_section = "storage: {duration: 3.0, samples: 4}\n";
inline const std::string steady_section = "steady_state: {}\n";
inline const std::string gap_section = "steady_state: {gap: true}\n";

inline const std::string start_axis =
    "  - {name: initial_state, values: [charged_cavity, ground_state]}\n";
inline const std::string words_axis = "  - {name: interaction, values: [dicke, tavis_cummings]}\n";
inline const std::string noise_axis =
    "  - name: noise\n"
    "    labels: [none, cavity, \"all \xc2\xb5\"]\n"
    "    values: {kappa: [0, 0.15, 0.15], gamma_down: [0, 0, 0.1]}\n";
inline const std::string number_axis = "  - {name: N, range: {from: 1, to: 4, step: 1}}\n";

/// A record whose every number differs from those of all other slots.
inline PointRecord record_of(const Sweep& sweep, std::int64_t index) {
  PointRecord record;
  record.index = index;
  record.point = sweep.point(index);
  record.wall_seconds = 0.5 + static_cast<double>(index);
  double next = 1000.0 * static_cast<double>(index);
  const auto number = [&next] { return next += 1; };
  auto& figures = record.charging.figures;
  for (auto* values : {&figures.ergotropy_max, &figures.tau, &figures.battery_energy_at_tau,
                       &figures.locked_energy_at_tau, &figures.quench_energy_at_tau,
                       &figures.quench_energy_at_power_ergotropy_max, &figures.power_ergotropy_max,
                       &figures.tau_power_ergotropy_max}) {
    for (double& value : *values) {
      value = number();
    }
  }
  figures.tau_at_window_end = {index % 2 == 0, true, false};
  figures.tau_power_ergotropy_max_at_window_end = {false, index % 2 == 1, true};
  figures.tau_battery_energy_max_at_window_end = index % 2 == 0;
  figures.tau_power_energy_max_at_window_end = index % 2 == 1;
  for (auto* value :
       {&figures.battery_energy_max, &figures.tau_battery_energy_max, &figures.power_energy_max,
        &figures.tau_power_energy_max, &figures.quench_energy_at_power_energy_max}) {
    *value = number();
  }
  auto& trajectory = record.charging.trajectory;
  const auto fill = [&](std::vector<double>& samples) {
    samples.resize(static_cast<std::size_t>(sweep.samples()));
    for (double& sample : samples) {
      sample = number();
    }
  };
  const auto fill_observable = [&](const Observable& observable, std::vector<double>& numbers) {
    const auto count = sweep.samples() * observable.size(sweep.observable_sizes());
    for (std::int64_t n = 0; n < count; ++n) {
      numbers.push_back(number());
    }
  };
  fill(trajectory.time);
  for (const Observable& observable : observable_table()) {
    const bool asked_for =
        std::ranges::find(sweep.observables(), &observable) != sweep.observables().end();
    if (observable.always || asked_for) {
      fill_observable(observable, trajectory.observables.emplace_back(observable.name).values);
    }
  }
  for (auto& samples : trajectory.ergotropy) {
    fill(samples);
  }
  record.steady = {.battery_energy = number(),
                   .photon_number = number(),
                   .interaction_energy = number(),
                   .total_energy = number(),
                   .ergotropy = {number(), number(), number()},
                   .observables = {},
                   .residual = number(),
                   .error = number(),
                   .multiplicity = 1 + index,
                   .gap = number(),
                   .method = static_cast<SteadyMethod>(1 + index % 3),
                   .fock_dim = 2000 + static_cast<int>(index),
                   .unknowns = 5'000'000'000 + index,
                   .operator_applications = 17 + index,
                   .fock_tail = number(),
                   .truncation_error = number()};
  record.observables = sweep.observables();
  record.sizes = sweep.observable_sizes();
  const auto fill_all = [&](const std::vector<const Observable*>& all,
                            std::vector<double>& numbers) {
    for (std::int64_t n = 0; n < size_of(all, record.sizes); ++n) {
      numbers.push_back(number());
    }
  };
  for (auto& at_tau : figures.observables_at_tau) {
    fill_all(record.observables, at_tau);
  }
  fill_all(steady_observables(record.observables), record.steady.observables);
  if (sweep.storage()) {
    auto& storage = record.charging.storage;
    const auto fill_storage = [&](std::vector<double>& samples) {
      for (std::int64_t s = 0; s < sweep.storage()->samples; ++s) {
        samples.push_back(number());
      }
    };
    fill_storage(storage.time);
    for (std::size_t d = 0; d < ergotropy_definitions; ++d) {
      fill_storage(storage.battery_energy[d]);
      fill_storage(storage.ergotropy[d]);
      storage.half_life[d] = number();
    }
  }
  if (record.point.battery.initial_state == InitialState::ground_state) {
    record.ground = GroundState{number(), 3, static_cast<int>(index / 2 % 2), {}};
  }
  auto& diagnostics = record.charging.diagnostics;
  diagnostics = {number(),
                 number(),
                 number(),
                 number(),
                 7 + index,
                 3'000'000'000 + index,
                 1000 + static_cast<int>(index),
                 0,  // not stored
                 {}};
  for (const Reduction reduction : all_reductions) {
    if (((index + 1) & static_cast<std::int64_t>(reduction)) != 0) {
      diagnostics.reductions.add(reduction);
    }
  }
  return record;
}

/// What the slot of a record that was written must hold, by dataset: of the charging run; those
/// along `sample` only if there are samples.
inline std::map<std::string, std::vector<double>> slot_of(const PointRecord& record) {
  const auto all = [](const auto& numbers) {
    return std::vector<double>(numbers.begin(), numbers.end());
  };
  const auto& figures = record.charging.figures;
  const auto& diagnostics = record.charging.diagnostics;
  const auto& battery = record.point.battery;
  std::map<std::string, std::vector<double>> slot = {
      {"status", {1}},
      {"ergotropy_max", all(figures.ergotropy_max)},
      {"tau", all(figures.tau)},
      {"battery_energy_at_tau", all(figures.battery_energy_at_tau)},
      {"locked_energy_at_tau", all(figures.locked_energy_at_tau)},
      {"quench_energy_at_tau", all(figures.quench_energy_at_tau)},
      {"quench_energy_at_tau_power_ergotropy_max",
       all(figures.quench_energy_at_power_ergotropy_max)},
      {"quench_energy_at_tau_power_energy_max", {figures.quench_energy_at_power_energy_max}},
      {"power_ergotropy_max", all(figures.power_ergotropy_max)},
      {"tau_power_ergotropy_max", all(figures.tau_power_ergotropy_max)},
      {"tau_at_window_end", all(figures.tau_at_window_end)},
      {"tau_power_ergotropy_max_at_window_end", all(figures.tau_power_ergotropy_max_at_window_end)},
      {"battery_energy_max", {figures.battery_energy_max}},
      {"tau_battery_energy_max", {figures.tau_battery_energy_max}},
      {"tau_battery_energy_max_at_window_end",
       {static_cast<double>(figures.tau_battery_energy_max_at_window_end)}},
      {"power_energy_max", {figures.power_energy_max}},
      {"tau_power_energy_max", {figures.tau_power_energy_max}},
      {"tau_power_energy_max_at_window_end",
       {static_cast<double>(figures.tau_power_energy_max_at_window_end)}},
      {"point_g", {battery.g}},
      {"point_omega_c", {battery.omega_c}},
      {"point_m", {battery.m}},
      {"point_fock_dim", {static_cast<double>(diagnostics.fock_dim)}},
      {"point_unknowns", {static_cast<double>(diagnostics.unknowns)}},
      {"reductions", {static_cast<double>(diagnostics.reductions.bits())}},
      {"trace_error_max", {diagnostics.trace_error_max}},
      {"fock_tail_max", {diagnostics.fock_tail_max}},
      {"truncation_error", {diagnostics.truncation_error}},
      {"coherent_weight_cut", {diagnostics.coherent_weight_cut}},
      {"wall_seconds", {record.wall_seconds}},
      {"progress", {1}},
      {"operator_applications", {static_cast<double>(diagnostics.operator_applications)}},
  };
  const auto& trajectory = record.charging.trajectory;
  if (!trajectory.time.empty()) {
    slot["time"] = trajectory.time;
    slot["battery_energy"] = trajectory.of("battery_energy");
    slot["photon_number"] = trajectory.of("photon_number");
    slot["interaction_energy"] = trajectory.of("interaction_energy");
    slot["total_energy"] = trajectory.of("total_energy");
    for (const auto& samples : trajectory.ergotropy) {
      slot["ergotropy"].insert(slot["ergotropy"].end(), samples.begin(), samples.end());
    }
  }
  return slot;
}

/// The same of the steady state, the gap included, and of the ground state.
inline std::map<std::string, std::vector<double>> steady_slot_of(const PointRecord& record) {
  const SteadyStateResult& steady = record.steady;
  return {
      {"steady_battery_energy", {steady.battery_energy}},
      {"steady_photon_number", {steady.photon_number}},
      {"steady_total_energy", {steady.total_energy}},
      {"steady_ergotropy", {steady.ergotropy.begin(), steady.ergotropy.end()}},
      {"steady_error", {steady.error}},
      {"steady_residual", {steady.residual}},
      {"steady_multiplicity", {static_cast<double>(steady.multiplicity)}},
      {"liouvillian_gap", {steady.gap}},
      {"steady_method", {static_cast<double>(steady.method)}},
      {"steady_fock_dim", {static_cast<double>(steady.fock_dim)}},
      {"steady_unknowns", {static_cast<double>(steady.unknowns)}},
      {"steady_fock_tail", {steady.fock_tail}},
      {"steady_truncation_error", {steady.truncation_error}},
      {"steady_operator_applications", {static_cast<double>(steady.operator_applications)}},
  };
}

inline std::map<std::string, std::vector<double>> ground_slot_of(const GroundState& ground) {
  return {{"ground_energy", {ground.energy}},
          {"ground_state_j", {ground.two_j / 2.0}},
          {"ground_state_parity", {ground.parity == 0 ? 1.0 : -1.0}}};
}

/// A dataset as plain HDF5 reads it.
struct RawDataset {
  std::vector<hsize_t> shape;
  std::vector<double> numbers;

  /// The numbers of slot `index` of `slots`.
  [[nodiscard]] std::vector<double> slot(std::int64_t index, std::int64_t slots) const {
    const auto size = static_cast<std::int64_t>(numbers.size()) / slots;
    return {numbers.begin() + index * size, numbers.begin() + (index + 1) * size};
  }
};

inline RawDataset read_raw(const std::string& path, const std::string& name) {
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  const hid_t dataset = H5Dopen2(file, name.c_str(), H5P_DEFAULT);
  const hid_t space = H5Dget_space(dataset);
  RawDataset raw;
  raw.shape.resize(static_cast<std::size_t>(std::max(0, H5Sget_simple_extent_ndims(space))));
  H5Sget_simple_extent_dims(space, raw.shape.data(), nullptr);
  raw.numbers.resize(static_cast<std::size_t>(H5Sget_simple_extent_npoints(space)));
  const herr_t failed =
      H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, raw.numbers.data());
  H5Sclose(space);
  H5Dclose(dataset);
  H5Fclose(file);
  if (failed < 0) {
    throw std::runtime_error("cannot read " + name + " of " + path);
  }
  return raw;
}

/// The message of the exception of type `Error` that `action` throws; fails the test without one.
template <typename Error, typename Action>
std::string message_of(const Action& action) {
  try {
    action();
  } catch (const Error& error) {
    std::string message = error.what();
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
    return message;
  }
  ADD_FAILURE() << "nothing of the expected type was thrown";
  return "";
}

}  // namespace qbsweep::test
