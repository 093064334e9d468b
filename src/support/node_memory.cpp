#include "qbsweep/support/node_memory.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <limits>
#include <optional>

namespace qbsweep {
namespace {

constexpr double unlimited = std::numeric_limits<double>::infinity();

/// MemAvailable of /proc/meminfo.
double available_to_the_machine() {
  std::ifstream file("/proc/meminfo");
  std::string key;
  double kibibytes = 0;
  std::string unit;
  while (file >> key >> kibibytes) {
    std::getline(file, unit);
    if (key == "MemAvailable:") {
      return kibibytes * 1024;
    }
  }
  return unlimited;
}

std::optional<double> number_in(const std::string& path) {
  std::ifstream file(path);
  double number = 0;
  if (file >> number) {
    return number;
  }
  return std::nullopt;
}

/// What is left in the control group of this process and in those above it.
double available_to_the_control_group() {
  double left = unlimited;
  std::ifstream membership("/proc/self/cgroup");
  std::string line;
  while (std::getline(membership, line)) {
    const auto first = line.find(':');
    const auto second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) {
      continue;
    }
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const bool version_2 = controllers.empty();
    if (!version_2 && controllers.find("memory") == std::string::npos) {
      continue;
    }
    const std::string root = version_2 ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory";
    const char* const limit_file = version_2 ? "/memory.max" : "/memory.limit_in_bytes";
    const char* const usage_file = version_2 ? "/memory.current" : "/memory.usage_in_bytes";
    for (std::string group = line.substr(second + 1);; group = group.substr(0, group.rfind('/'))) {
      if (group == "/") {
        group.clear();
      }
      const auto limit = number_in(root + group + limit_file);
      const auto usage = number_in(root + group + usage_file);
      if (limit && usage) {
        left = std::min(left, std::max(*limit - *usage, 0.0));
      }
      if (group.empty()) {
        break;
      }
    }
  }
  return left;
}

double address_space_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) {
    return unlimited;
  }
  return static_cast<double>(limit.rlim_cur);
}

}  // namespace

double available_memory_bytes() {
  return std::min(
      {available_to_the_machine(), available_to_the_control_group(), address_space_limit()});
}

double unclaimed_memory_bytes() {
  double left = std::min(available_to_the_machine(), available_to_the_control_group());
  // The first number is the size of the address space, in pages.
  const double claimed =
      number_in("/proc/self/statm").value_or(0.0) * static_cast<double>(::sysconf(_SC_PAGESIZE));
  return std::min(left, std::max(address_space_limit() - claimed, 0.0));
}

std::string size_text(double bytes) {
  const char* const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  std::size_t unit = 0;
  while (bytes >= 1024 && unit + 1 < std::size(units)) {
    bytes /= 1024;
    ++unit;
  }
  return bytes < 10 && unit > 0 ? fmt::format("{:.1f} {}", bytes, units[unit])
                                : fmt::format("{:.0f} {}", bytes, units[unit]);
}

}  // namespace qbsweep
