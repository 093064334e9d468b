#include "charging_memory.hpp"

#include <fmt/format.h>

#include "qbsweep/dynamics/charging_estimate.hpp"
#include "qbsweep/support/error.hpp"
#include "qbsweep/support/node_memory.hpp"

namespace qbsweep {

void check_charging_memory(const BatteryParameters& battery, ChargingSettings settings, int ranks) {
  settings.auto_fock_dim = false;
  const double needed =
      memory_per_rank(battery, estimate_charging(battery, settings).memory_bytes, ranks);
  if (needed > available_memory_bytes()) {
    throw EnvironmentError(fmt::format(
        "fock_dim: auto needs {} levels or more, and with them about {} of memory, of which {} "
        "are available",
        battery.fock_dim, size_text(needed), size_text(available_memory_bytes())));
  }
}

}  // namespace qbsweep
