#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "point_estimates.hpp"
#include "qbsweep/archive/archive.hpp"
#include "qbsweep/commands/commands.hpp"
#include "qbsweep/support/duration.hpp"

namespace qbsweep {

void print_status(const std::string& archive_path) {
  const ArchiveReader archive(archive_path);
  const Sweep& sweep = archive.sweep();
  const std::vector<SlotStatus> status = archive.status();
  const std::vector<double> wall_seconds = archive.wall_seconds();

  const std::vector<bool> own = shard_points(sweep, archive.shard());
  const std::int64_t points = std::count(own.begin(), own.end(), true);

  std::int64_t done = 0;
  std::int64_t failed = 0;
  double spent = 0;           // seconds, on the points that are done
  double estimated_done = 0;  // what their estimates said
  double estimated_left = 0;
  for (std::int64_t point = 0; point < sweep.size(); ++point) {
    if (!own[point]) {
      continue;
    }
    const double estimate = estimate_point(sweep, point).seconds;
    if (status[point] == SlotStatus::done) {
      ++done;
      estimated_done += estimate;
      spent += std::isnan(wall_seconds[point]) ? 0.0 : wall_seconds[point];
    } else {
      failed += status[point] == SlotStatus::failed ? 1 : 0;
      estimated_left += status[point] == SlotStatus::pending ? estimate : 0.0;
    }
  }
  const std::int64_t pending = points - done - failed;

  fmt::print("{}: {} of {} points{} done, {} failed, {} pending\n", archive_path, done, points,
             of_shard_text(archive.shard()), failed, pending);
  fmt::print("time spent  {} of one core\n", duration_text(spent));
  if (pending > 0) {
    // The estimates of the points that are done, held against the clock, scale those of the others.
    const double slowness = done > 0 && estimated_done > 0 ? spent / estimated_done : 1.0;
    fmt::print("time left   about {} of one core\n", duration_text(estimated_left * slowness));
  }
  if (failed > 0) {
    fmt::print("failures    {}.failures.jsonl says why; run the sweep again to retry them\n",
               archive_path);
  }
}

}  // namespace qbsweep
