#include <fmt/format.h>

#include <algorithm>

#include "error_report.hpp"
#include "qbsweep/app/commands.hpp"
#include "qbsweep/archive/archive.hpp"
#include "qbsweep/archive/damaged_notes.hpp"

namespace qbsweep {

namespace {

ExitCode verify_readable(const std::string& archive_path) {
  const ArchiveReader archive(archive_path);
  const CheckedSlots slots = archive.check_slots();
  if (!slots.checked) {
    fmt::print(
        "{}: format version {} has no checksums, so that nothing can be said of its numbers\n",
        archive_path, archive.version());
    return ExitCode::complete;
  }
  const Sweep& sweep = archive.sweep();
  const bool metadata = archive.has_sound_metadata();
  if (!metadata) {
    fmt::print(
        "{}: damaged: attributes, coordinates or places of datasets are not those that it was "
        "made with\n",
        archive_path);
  }
  auto beside = damaged_notes(archive_path);
  const auto checkpoints = damaged_checkpoints(archive_path);
  beside.insert(beside.end(), checkpoints.begin(), checkpoints.end());
  for (const std::string& text : beside) {
    fmt::print("{}\n", text);
  }
  const auto print_points = [&](const std::vector<std::int64_t>& points, const char* what) {
    for (const std::int64_t point : points) {
      fmt::print("{}: {}: {}\n", archive_path, sweep.describe(point), what);
    }
  };
  print_points(slots.damaged, "damaged: its numbers are not those that were written");
  print_points(slots.doubtful, "damaged: its mark or its number of starts; it is not done");
  print_points(slots.unmarked, "whole, but not marked done; `qbsweep run` marks it");
  const auto done = std::count(slots.status.begin(), slots.status.end(), SlotStatus::done);
  if (slots.sound() && metadata) {
    fmt::print("{}: sound; {} of {} points done\n", archive_path, done, sweep.size());
    return beside.empty() ? ExitCode::complete : damage_found;
  }
  fmt::print(
      "{}: damaged; {} of {} points are, {} are done and sound; `qbsweep run` with its sweep "
      "file keeps these and computes the others again\n",
      archive_path, slots.damaged.size() + slots.doubtful.size(), sweep.size(), done);
  return damage_found;
}

}  // namespace

ExitCode verify_archive(const std::string& archive_path) {
  try {
    return verify_readable(archive_path);
  } catch (const DamagedArchive&) {
    static_cast<void>(report_exception());
    return damage_found;
  }
}

}  // namespace qbsweep
