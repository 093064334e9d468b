#include "qbsweep/support/host.hpp"

#include <unistd.h>

#include <array>
#include <fstream>

namespace qbsweep {

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

OomKills count_oom_kills() {
  OomKills kills;
  kills.host = host_name();
  std::getline(std::ifstream("/proc/sys/kernel/random/boot_id"), kills.boot_id);
  std::ifstream counters("/proc/vmstat");
  std::string name;
  for (std::int64_t count = 0; counters >> name >> count;) {
    if (name == "oom_kill") {
      kills.count = count;
    }
  }
  return kills;
}

}  // namespace qbsweep
