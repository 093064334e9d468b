#include <fmt/format.h>

#include <string>
#include <vector>

#include "markdown.hpp"
#include "pages.hpp"
#include "qbsweep/config/parameter_table.hpp"
#include "qbsweep/config/sweep_file_keys.hpp"
#include "qbsweep/model/control.hpp"
#include "qbsweep/model/shape.hpp"

namespace qbsweep::reference {
namespace {

using Row = std::vector<std::string>;

constexpr const char* introduction = R"(# The sweep file

What a sweep file may hold, as `qbsweep validate` checks it. [How to](how-to.md) shows it in use,
[the archive](archive.md) is what comes out, and [inputs/](../inputs) has complete ones.

    name: fig4
    description: free text
    parameters:                         # every parameter that is not an axis
      g_over_gc: 0.5
      m_per_n: 1.0
    axes:                               # outermost first; the grid is their product
      - {name: interaction, values: [dicke, tavis_cummings]}
      - name: noise                     # several parameters that change together, with labels
        labels: [none, all]
        values: {kappa: [0, 0.15], gamma_phi: [0, 0.1], gamma_down: [0, 0.1]}
      - {name: N, range: {from: 1, to: 12, step: 1}}
    charging: {t_max: 20.0, samples: 201, tolerance: 1.0e-8}
    steady_state: {gap: true}

It is YAML. A mistake (a key that is not in the tables below, a value that is not accepted, a value
that is missing, the same thing twice) is told in one line with file, line, key, what was found and
what is accepted, before anything is created. Numbers are decimal and not in quotes; whole ones have
no point and no exponent.
)";

constexpr const char* top_level_text = R"(
## Top level

)";

constexpr const char* after_top_level = R"(
At least one of the sections `charging` and `steady_state` must be there, maybe empty: it says what
is computed.
)";

constexpr const char* parameters_text = R"(
## Parameters

Every parameter has one value in `parameters`, or is an axis, or has its default. Of two that are an
either/or pair only one may be given, be it as a value or as an axis. hbar = 1: energies and rates
have one unit, `omega`, the unit in which omega_0 is given; times are in its inverse. H, D and g'
are those of [the model](../README.md#the-model).

)";

constexpr const char* needed_with_charger =
    "must be given where a charging run starts from a charged cavity or `fock_dim` is `paper`; "
    "else 0";

constexpr const char* axes_text = R"(
## Axes

An axis of one parameter has its name and its values in one of four ways:

    - {name: kappa, values: [0, 0.1, 0.3]}
    - {name: N, range: {from: 2, to: 12, step: 2}}
    - {name: g_over_gc, linspace: {from: 0.1, to: 2.0, count: 20}}
    - {name: gamma_phi, logspace: {from: 1.0e-3, to: 1.0, count: 7}}

An axis of several parameters that change together has labels, which are its coordinate in the
archive, and for each parameter as many values as labels. Its name is your own (a letter, then
letters, digits and `_`), but none that a parameter or the archive has:

    - name: noise
      labels: [none, cavity, all]
      values: {kappa: [0, 0.15, 0.15], gamma_phi: [0, 0, 0.1], gamma_down: [0, 0, 0.1]}

)";

constexpr const char* schedule_text = R"(
## Schedules

What changes during a charging run is a *control*: a factor u(t) of a parameter, with a *shape*.

    schedule:
      coupling: {shape: sin2, rise: 0.5}
      omega_c: {shape: linear, from: 1.2, to: 0.8}
      drive: {steps: [0.3, -0.3, 0.1], step: 0.2}       # the shape steps
      kappa: {file: kappa.csv, interpolation: linear}   # the shape table

Controls that are not named stay at 1. The numbers of a shape may be axes of the sweep, under the names
`coupling.rise`, `omega_c.from` and so on, and are changed by `--set coupling.rise=0.2`; `--set
"schedule.coupling={shape: sin2, rise: 1}"` changes a whole shape. A CSV file has the first line
`time,value`, and its path is relative to the sweep file; what it holds becomes part of the sweep and is kept
in the archive, among `sweep_overrides`; it is read again where the sweep is resumed. The battery's H_B, and with it its energy and ergotropies, keep the parameter omega_0;
`interaction_energy` and `total_energy` are those of H(t). At the time of a jump they are those before it.
`initial_state: ground_state` is the ground state with all controls at 1, and a steady state beside a
schedule is one with all controls at 1. A schedule needs the section `charging`.

)";

constexpr const char* shapes_text = R"(
A shape is one of the following; times without a unit of their own count in 1/omega from the start of the
charging run, and `steps` and `table`, of at most 100000 numbers, have to cover the window. `file:` names a
CSV file of a table; between its times the factor is `interpolation: linear`. Where a control jumps, has a
kink, or a Gaussian pulse begins, a step of the integration ends, so that no pulse is missed.

)";

constexpr const char* set_text = R"(
## Changes from the command line

`--set key=value` of `run`, `plan` and `validate` changes a value for one run without touching the
file. The key is a parameter (`--set kappa=0.1`; a list makes it an axis or replaces the one it is:
`--set N=[2,4]`), a key of a section (`--set charging.samples=101`), a control or a number of its shape
(`--set coupling.rise=0.2`), `observables`, `photon_levels`, `name` or `ranks_per_point`.
Of two parameters that exclude each other the one that is set takes the place of the other:
`--set g=0.4` that of g_over_gc, `--set m=3` that of m_per_n. Axes with labels change in the file
only. What was set is kept in the archive.
)";

std::string identity_of(const ParameterInfo& info) {
  return info.note.empty() ? std::string(info.long_name)
                           : fmt::format("{}; {}", info.long_name, info.note);
}

std::string default_of(const ParameterInfo& info) {
  if (info.default_value) {
    return code(to_text(*info.default_value));
  }
  if (info.has_partner() && parameter_info(parameter_id(info.partner)).default_value) {
    const ParameterInfo& partner = parameter_info(parameter_id(info.partner));
    return fmt::format("`{}` = {}", partner.name, to_text(*partner.default_value));
  }
  return info.only_with_charger ? needed_with_charger : "must be given";
}

std::string parameters_table() {
  std::vector<Row> rows;
  rows.reserve(model_parameters().size());
  for (const ParameterInfo& info : model_parameters()) {
    rows.push_back({code(info.name), std::string(info.unit), identity_of(info),
                    accepted_text(info.rule), default_of(info),
                    info.has_partner() ? pair_text(info) : ""});
  }
  return table({"parameter", "unit", "meaning", "accepted", "default", "either/or"}, rows);
}

std::string keys_table(const KeyTable& keys) {
  std::vector<Row> rows;
  rows.reserve(keys.size());
  for (const KeyInfo& key : keys) {
    rows.push_back({code(key.name), key.meaning, accepted_text(key),
                    key.if_missing.empty() ? "must be given" : key.if_missing});
  }
  return table({"key", "meaning", "accepted", "if missing"}, rows);
}

std::string controls_table() {
  std::vector<Row> rows;
  for (const ControlInfo& control : sweep_file_controls()) {
    rows.push_back({code(control.name), std::string(control.meaning)});
  }
  return table({"control", "meaning"}, rows);
}

std::string shapes_table() {
  std::vector<Row> rows;
  for (const ShapeInfo& shape : shape_table()) {
    std::string numbers;
    for (const ShapeNumber& number : shape.numbers) {
      numbers += fmt::format(
          "{}`{}`: {}{}", numbers.empty() ? "" : "; ", number.name, number.meaning,
          number.otherwise ? fmt::format(" (default {})", *number.otherwise) : std::string());
    }
    if (shape.list != ShapeList::none) {
      numbers += fmt::format("{}{}", numbers.empty() ? "" : "; ",
                             shape.list == ShapeList::steps
                                 ? "`steps`: a list of factors"
                                 : "`times`, ascending, and `values`: lists of as many numbers");
    }
    rows.push_back({code(shape.word), std::string(shape.formula), numbers});
  }
  return table({"shape", "factor", "numbers"}, rows);
}

}  // namespace

std::string sweep_file_page() {
  std::string page = made_by_notice;
  page += introduction;
  page += top_level_text + keys_table(top_level_keys()) + after_top_level;
  page += parameters_text + parameters_table();
  page += axes_text + keys_table(axis_keys());
  page += fmt::format(
      "\nEvery value stands once on an axis; those of a whole-number parameter must come out "
      "whole. An axis has at most {:.0f} values, a grid at most "
      "{:.0f} "
      "points.\n",
      largest_axis, largest_grid);
  for (const SettingsSection* section : settings_sections()) {
    page += fmt::format("\n## The section `{}`\n\n", section->name) + keys_table(section->keys);
  }
  page += schedule_text + controls_table() + shapes_text + shapes_table();
  return page + set_text;
}

}  // namespace qbsweep::reference
