#include "qbsweep/support/out_of_memory.hpp"

#include <fmt/format.h>

#include "qbsweep/support/node_memory.hpp"

namespace qbsweep {

std::string describe(const std::bad_alloc& error) {
  const auto* const sized = dynamic_cast<const OutOfMemory*>(&error);
  return fmt::format("out of memory: {}{} are available",
                     sized != nullptr ? size_text(sized->bytes()) + " more are needed, and " : "",
                     size_text(unclaimed_memory_bytes()));
}

}  // namespace qbsweep
