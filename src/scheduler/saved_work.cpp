#include "qbsweep/scheduler/saved_work.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "qbsweep/archive/checkpoint_file.hpp"

namespace qbsweep {
namespace {

constexpr const char* key = "work";

}  // namespace

void add_work(const SavedWork& work, std::map<std::string, std::vector<double>>& numbers) {
  numbers[key] = {work.fraction, work.seconds};
}

SavedWork work_of(const std::map<std::string, std::vector<double>>& numbers) {
  const auto found = numbers.find(key);
  if (found == numbers.end() || found->second.size() != 2 || !(found->second[1] >= 0)) {
    return {};
  }
  return {std::clamp(found->second[0], 0.0, 1.0), found->second[1]};
}

std::map<std::int64_t, SavedWork> saved_work(const std::string& archive_path,
                                             const std::string& identity) {
  std::map<std::int64_t, SavedWork> work;
  for (const std::int64_t point : saved_points(archive_path)) {
    work[point] = work_of(read_checkpoint_numbers(checkpoint_path(archive_path, point),
                                                  checkpoint_identity(point, identity)));
  }
  return work;
}

std::string percent_text(double fraction) {
  constexpr double little = 0.005;
  return fraction > 0 && fraction < little ? fmt::format("{:.1g} %", 100 * fraction)
                                           : fmt::format("{:.0f} %", 100 * fraction);
}

std::string checkpoint_identity(std::int64_t point, const std::string& identity) {
  return fmt::format("point {} of {}", point, identity);
}

}  // namespace qbsweep
