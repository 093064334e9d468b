#include "qbsweep/archive/merge.hpp"

#include <fmt/format.h>

#include "error_report.hpp"
#include "qbsweep/app/commands.hpp"
#include "warnings.hpp"

namespace qbsweep {

ExitCode merge_parts(const std::string& archive_path, const std::vector<std::string>& parts) {
  if (!is_first_rank()) {  // of a launcher that started several: they would write the same file
    return ExitCode::complete;
  }
  const MergedPoints points = merge_archives(archive_path, parts);
  for (const DamagedPoint& point : points.damaged) {
    warn(fmt::format("{}: {} is damaged and left out", point.part, point.where));
  }
  fmt::print("{}: {} of {} points done, {} failed, {} pending\n", archive_path, points.done,
             points.total, points.failed, points.pending());
  print_warnings(ArchiveReader(archive_path));
  if (points.pending() > 0) {
    return ExitCode::stopped_early;
  }
  return points.failed > 0 ? ExitCode::some_points_failed : ExitCode::complete;
}

}  // namespace qbsweep
