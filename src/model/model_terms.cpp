#include "qbsweep/model/model_terms.hpp"

#include <fmt/format.h>

#include "qbsweep/model/dissipators.hpp"
#include "qbsweep/model/hamiltonian.hpp"
#include "qbsweep/support/error.hpp"

namespace qbsweep {
namespace {

/// In the order of Carrier.
constexpr std::array<const char*, carriers> carrier_names = {"the assembled matrix",
                                                             "the kernel of parity sectors",
                                                             "the kernel of driven sectors",
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
constexpr std::array<const char*, all_terms.size()> term_names = {"free evolution",
                                                                  "coupling",
                                                                  "drive of the cavity",
                                                                  "drive of the atoms",
                                                                  "ising_z",
                                                                  "ising_x",
                                                                  "cavity loss",
                                                                  "thermal photons",
                                                                  "atomic decay",
                                                                  "atomic pumping",
                                                                  "dephasing",
                                                                  "collective decay",
                                                                  "collective pumping",
                                                                  "collective dephasing"};

}  // namespace

Terms present_terms(const BatteryParameters& battery) {
  Terms present;
  for (const HamiltonianTerm& term : hamiltonian_table()) {
    if (term.coefficient(battery) != 0) {
      present.add(term.term);
    }
  }
  for (const Dissipator& dissipator : dissipator_table()) {
    if (dissipator.rate(battery) != 0) {
      present.add(dissipator.term);
    }
  }
  return present;
}

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
