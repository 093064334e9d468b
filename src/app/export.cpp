#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>
#include <vector>

#include "error_report.hpp"
#include "qbsweep/app/commands.hpp"
#include "qbsweep/archive/archive.hpp"

namespace qbsweep {
namespace {

/// The cells of a table, row by row, the header first.
using Rows = std::vector<std::vector<std::string>>;

std::string status_word(SlotStatus status) {
  switch (status) {
    case SlotStatus::pending:
      return "pending";
    case SlotStatus::done:
      return "done";
    case SlotStatus::failed:
      return "failed";
  }
  return "unknown";
}

std::string number_text(double value, bool integer, ExportFormat format) {
  if (std::isnan(value)) {
    return format == ExportFormat::csv ? "" : "-";
  }
  if (integer) {
    return fmt::format("{:.0f}", value);
  }
  value += 0.0;  // turns -0 into 0
  if (format == ExportFormat::csv) {
    return fmt::format("{}", value);
  }
  // Energies and times are of order 1, so that this is rounding, which the CSV keeps.
  constexpr double rounding = 1e-13;
  return fmt::format("{:.9g}", std::abs(value) < rounding ? 0.0 : value);
}

/// In a table only what a person looks for first; the CSV has everything.
bool shown_in_table(const std::string& column) {
  static const std::vector<std::string> shown = {"ergotropy_max_global",
                                                 "tau_global",
                                                 "battery_energy_at_tau_global",
                                                 "locked_energy_at_tau_global",
                                                 "quench_energy_at_tau_global",
                                                 "battery_energy_max",
                                                 "power_energy_max",
                                                 "tau_at_window_end_global",
                                                 "truncation_error",
                                                 "steady_battery_energy",
                                                 "steady_photon_number",
                                                 "steady_total_energy",
                                                 "steady_ergotropy_global",
                                                 "steady_multiplicity",
                                                 "liouvillian_gap",
                                                 "steady_error",
                                                 "steady_truncation_error",
                                                 "ground_energy"};
  return std::find(shown.begin(), shown.end(), column) != shown.end();
}

/// Text as one CSV field (RFC 4180).
std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) {
    return text;
  }
  std::string quoted(1, '"');
  for (const char c : text) {
    quoted.append(c == '"' ? 2 : 1, c);
  }
  quoted.push_back('"');
  return quoted;
}

Rows table_of(const ArchiveReader& archive, const CheckedSlots& slots, ExportFormat format) {
  const Sweep& sweep = archive.sweep();
  std::vector<ArchiveReader::Column> columns = archive.scalar_columns();
  if (format == ExportFormat::table) {
    std::erase_if(columns, [](const auto& column) { return !shown_in_table(column.name); });
  }

  Rows rows(1);
  for (const Axis& axis : sweep.axes()) {
    if (axis.zipped()) {
      rows[0].push_back(axis.name);
    }
    for (const AxisParameter& parameter : axis.parameters) {
      if (!axis.zipped() || format == ExportFormat::csv) {
        rows[0].push_back(parameter.name);
      }
    }
  }
  rows[0].emplace_back("status");
  for (const auto& column : columns) {
    rows[0].push_back(column.name);
  }

  std::vector<bool> damaged(sweep.size(), false);
  for (const std::int64_t point : slots.damaged) {
    damaged[point] = true;
  }
  for (std::int64_t point = 0; point < sweep.size(); ++point) {
    std::vector<std::string> row;
    const std::vector<std::int64_t> position = sweep.position(point);
    for (std::size_t a = 0; a < position.size(); ++a) {
      const Axis& axis = sweep.axes()[a];
      if (axis.zipped()) {
        row.push_back(axis.labels[position[a]]);
      }
      for (const AxisParameter& parameter : axis.parameters) {
        if (!axis.zipped() || format == ExportFormat::csv) {
          row.push_back(to_text(parameter.values[position[a]]));
        }
      }
    }
    row.push_back(damaged[point] ? "damaged" : status_word(slots.status[point]));
    for (const auto& column : columns) {
      row.push_back(
          number_text(damaged[point] ? unset : column.values[point], column.integer, format));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

void print_csv(const Rows& rows) {
  for (const auto& row : rows) {
    std::vector<std::string> fields;
    std::transform(row.begin(), row.end(), std::back_inserter(fields), csv_field);
    fmt::print("{}\n", fmt::join(fields, ","));
  }
}

void print_aligned(const Rows& rows) {
  std::vector<std::size_t> widths(rows[0].size(), 0);
  for (const auto& row : rows) {
    for (std::size_t c = 0; c < row.size(); ++c) {
      widths[c] = std::max(widths[c], row[c].size());
    }
  }
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t c = 0; c < row.size(); ++c) {
      line += fmt::format("{:<{}}", row[c], c + 1 == row.size() ? 0 : widths[c] + 2);
    }
    fmt::print("{}\n", line);
  }
}

}  // namespace

ExitCode print_export(const std::string& archive_path, ExportFormat format) {
  const ArchiveReader archive(archive_path);
  const CheckedSlots slots = archive.check_slots();  // before the numbers: a run may add some
  const Rows rows = table_of(archive, slots, format);
  if (format == ExportFormat::csv) {
    print_csv(rows);
  } else {
    print_aligned(rows);
  }
  for (const std::int64_t point : slots.damaged) {
    warn(
        fmt::format("{}: {} is damaged, and its numbers are left out; `qbsweep run` computes it "
                    "again",
                    archive_path, archive.sweep().describe(point)));
  }
  return slots.damaged.empty() ? ExitCode::complete : damage_found;
}

}  // namespace qbsweep
