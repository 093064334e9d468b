#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>
#include <vector>

#include "archive/coordinates.hpp"
#include "archive/layout.hpp"
#include "archive/root_attributes.hpp"
#include "markdown.hpp"
#include "pages.hpp"
#include "qbsweep/config/parameter_table.hpp"
#include "qbsweep/model/figures_of_merit.hpp"

namespace qbsweep::reference {
namespace {

using layout::Field;
using layout::Part;
using Row = std::vector<std::string>;

constexpr const char* introduction = R"(# The archive

What is in the file that `qbsweep run` makes of [a sweep file](sweep-file.md): HDF5 that is valid
netCDF-4, so that xarray, h5py, ncdump and h5dump open it as it is. [How to](how-to.md) shows it in
use.

    import xarray
    sweep = xarray.open_dataset("fig4.h5", engine="h5netcdf")       # or engine="netcdf4"
    sweep.ergotropy_max.sel(interaction="dicke", ergotropy_definition="global").plot.line(x="N")

hbar = 1. `omega` is the unit in which the sweep file gives omega_0.

## Dimensions and coordinates

The dimensions are the axes of the sweep, outermost first, then these where a dataset has them.
Without axes there is one point, and these are all.

)";

constexpr const char* coordinates_text = R"(
Every dimension has a coordinate of its own name. An axis with labels has one more for each of its
parameters.

)";

constexpr const char* definitions_text_after = R"(
What the definitions of ergotropy are is said in [the README](../README.md#three-ergotropies).
`time` is a coordinate of the trajectories, too, and `storage_time` of what is stored: they depend
on the point.
)";

constexpr const char* datasets_text = R"(
## Datasets

"axes" stands for all axes of the sweep. A dataset is there, or not, for the whole file, by what the
sweep computes. Slots without a number (not computed yet, failed, or nothing to tell) hold NaN,
integers 0; the point's `status` tells them from zeros.

)";

constexpr const char* observables_text = R"(
## Observables

`observables: [...]` in a sweep file asks for those that are not always there: NAME along the
samples, NAME_at_tau at the time of the largest ergotropy of each definition, steady_NAME of steady
states. The copies d_j of a block count in each: all are those of the state on the 2^N space, seen from
the laboratory, where coherences turn. A steady state beside a drive of omega_d is the exception: it rests
in the frame of the drive, and `steady_jx` and the like are those of that frame.

)";

constexpr const char* attributes_of_datasets = R"(
Every dataset has the attributes `units` and `long_name`; those of real numbers `_FillValue` = NaN;
those of observables `symbol`, in LaTeX without the dollar signs; those that have more coordinates
than the ones of their dimensions name them in `coordinates`; those
with flags have `flag_values` (the number is one of them) or `flag_masks` (it is a sum of them),
with a word for each in `flag_meanings`.

## Flags

)";

constexpr const char* root_text = R"(
## Attributes of the root

)";

/// As coordinates_of() stores a parameter's values.
std::string stored_name(const ValueRule& rule) {
  switch (rule.kind) {
    case ValueRule::Kind::integer:
      return rule.words.empty() ? "int64" : "int64, or text if any value is a word";
    case ValueRule::Kind::real:
      return "float64";
    case ValueRule::Kind::word:
      break;
  }
  return "text";
}

std::string dimensions_table() {
  std::vector<Row> rows;
  for (const layout::InnerDimension& dimension : layout::inner_dimensions()) {
    rows.push_back({code(dimension.name), dimension.size_text, dimension.where_text});
  }
  return table({"dimension", "size", "where"}, rows);
}

std::string coordinates_table() {
  const auto row = [](const std::string& name, const std::string& type,
                      const layout::CoordinateText& text, const std::string& values) {
    return Row{name, type, text.units, text.long_name, values};
  };
  std::vector<Row> rows;
  rows.reserve(model_parameters().size() + 3);
  for (const ParameterInfo& info : model_parameters()) {
    rows.push_back({code(info.name), stored_name(info.rule), std::string(info.unit),
                    std::string(info.long_name), "of the axis"});
  }
  rows.push_back({"a number of a shape, as `coupling.rise`", "float64",
                  "as the table of shapes says", "number of a schedule's shape", "of the axis"});
  rows.push_back(row("an axis with labels", "text", layout::labels_text, "the labels"));
  for (const layout::InnerDimension& dimension : layout::inner_dimensions()) {
    const bool numbers = dimension.words.empty();
    rows.push_back(
        {code(dimension.name), numbers ? "int64" : "text", "1", dimension.long_name,
         numbers ? "0, 1, ..." : fmt::format("`{}`", fmt::join(dimension.words, "`, `"))});
  }
  return table({"coordinate", "type", "units", "long_name", "values"}, rows);
}

std::string dimensions_of(const Field& field) {
  std::string text = "axes";
  for (const layout::InnerDimension& dimension : layout::inner_dimensions()) {
    if (layout::has(field.extent, dimension.extent)) {
      text += fmt::format(", `{}`", dimension.name);
    }
  }
  return text;
}

std::string datasets_table() {
  std::vector<Row> rows;
  rows.reserve(layout::all_fields().size());
  for (const Field& field : layout::all_fields()) {
    rows.push_back({code(field.name), layout::stored_name(field.element), dimensions_of(field),
                    field.units, field.long_name, layout::present_text(field)});
  }
  return table({"dataset", "type", "dimensions", "units", "long_name", "there with"}, rows);
}

std::string observables_table() {
  std::vector<Row> rows;
  for (const Observable& observable : observable_table()) {
    rows.push_back({code(observable.name), std::string(observable.unit),
                    std::string(observable.long_name), std::string(observable.note),
                    fmt::format("`{}`", observable.symbol),
                    observable.always ? "always" : "asked for"});
  }
  return table({"observable", "unit", "what it is", "definition", "LaTeX", "there"}, rows);
}

std::string flags_table() {
  std::vector<Row> rows;
  for (const Field& field : layout::all_fields()) {
    const bool masks = field.flags.kind == layout::Flags::Kind::masks;
    for (const auto& [value, meaning, text] : field.flags.all) {
      rows.push_back({code(field.name), masks ? "`flag_masks`" : "`flag_values`",
                      fmt::format("{}", value), code(meaning), text});
    }
  }
  return table({"dataset", "kind", "number", "word", "meaning"}, rows);
}

std::string attributes_table() {
  std::vector<Row> rows;
  rows.reserve(layout::root_attributes().size());
  for (const layout::RootAttribute& attribute : layout::root_attributes()) {
    const bool text = std::holds_alternative<layout::RootAttribute::Text>(attribute.value);
    rows.push_back(
        {code(attribute.name), text ? "text" : "int32", attribute.meaning, attribute.present});
  }
  return table({"attribute", "type", "meaning", "where"}, rows);
}

}  // namespace

std::string archive_page() {
  std::string page = made_by_notice;
  page += introduction + dimensions_table();
  page += coordinates_text + coordinates_table() + definitions_text_after;
  page += datasets_text + datasets_table();
  page += observables_text + observables_table();
  page += attributes_of_datasets + flags_table();
  page += root_text + attributes_table();
  return page;
}

}  // namespace qbsweep::reference
