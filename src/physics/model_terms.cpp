#include "qbsweep/physics/model_terms.hpp"

#include <fmt/format.h>

#include "qbsweep/support/error.hpp"

namespace qbsweep {
namespace {

/// In the order of Carrier.
constexpr std::array<const char*, carriers> carrier_names = {"the assembled matrix",
                                                             "the kernel of parity sectors",
                                                             "the kernel of excitation sectors",
                                                             "the state vector",
                                                             "the reductions by symmetry",
                                                             "the field of values",
                                                             "the inverse between jumps",
                                                             "the ground state",
                                                             "the figures of merit",
                                                             "the estimates"};
static_assert(static_cast<std::size_t>(Carrier::estimates) + 1 == carriers);

/// In the order of Term.
constexpr std::array<const char*, all_terms.size()> term_names = {
    "coupling", "free evolution", "cavity loss", "atomic decay", "dephasing"};

}  // namespace

bool carries(Carrier carrier, const BatteryParameters& battery) {
  return present_terms(battery).without(carried_terms(carrier)).empty();
}

void require_carried(Carrier carrier, const BatteryParameters& battery) {
  const Terms missing = present_terms(battery).without(carried_terms(carrier));
  if (missing.empty()) {
    return;
  }
  std::string names;
  for (const Term term : all_terms) {
    if (missing.has(term)) {
      names += fmt::format("{}{}", names.empty() ? "" : ", ", term_names[static_cast<int>(term)]);
    }
  }
  throw EnvironmentError(fmt::format("{} does not carry a term of this point ({})",
                                     carrier_names[static_cast<int>(carrier)],
                                     names.empty() ? "one that has no name" : names));
}

}  // namespace qbsweep
