#pragma once
/// \file
/// The machine this process runs on.

#include <cstdint>
#include <optional>
#include <string>

namespace qbsweep {

/// As the kernel names it; "" where it does not.
[[nodiscard]] std::string host_name();

/// How many processes the kernel of a machine has ended for want of memory since it was booted, in
/// control groups or anywhere. Comparable where host and boot are the same.
struct OomKills {
  std::string host;
  std::string boot_id;  ///< "" where it cannot be read
  std::optional<std::int64_t> count;
};
[[nodiscard]] OomKills count_oom_kills();

}  // namespace qbsweep
