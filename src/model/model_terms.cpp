#include "qbsweep/model/model_terms.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

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

/// The names of the entries that `selected` picks, each once.
template <typename Select>
std::vector<TermName> names_of_entries(Select&& selected) {
  std::vector<TermName> names;
  const auto add = [&](const auto& entry) {
    if (selected(entry) && std::ranges::find(names, entry.name) == names.end()) {
      names.push_back(entry.name);
    }
  };
  std::ranges::for_each(hamiltonian_table(), add);
  std::ranges::for_each(dissipator_table(), add);
  return names;
}

double strength(const HamiltonianTerm& term, const BatteryParameters& battery) {
  return term.coefficient(battery);
}
double strength(const Dissipator& dissipator, const BatteryParameters& battery) {
  return dissipator.rate(battery);
}

}  // namespace

void Terms::add(TermName name) {
  if (complement_) {
    std::erase(names_, name);
  } else {
    names_.push_back(name);
  }
}

bool Terms::has(TermName name) const {
  const bool named = std::ranges::find(names_, name) != names_.end();
  return named != complement_;
}

Terms Terms::without(const Terms& others) const {
  Terms rest;
  if (complement_ && !others.complement_) {
    rest = *this;
    rest.names_.insert(rest.names_.end(), others.names_.begin(), others.names_.end());
    return rest;
  }
  for (const TermName name : complement_ ? all_terms() : names_) {
    if (has(name) && !others.has(name)) {
      rest.add(name);
    }
  }
  return rest;
}

std::vector<TermName> all_terms() {
  return names_of_entries([](const auto&) { return true; });
}

std::vector<TermName> present_terms(const BatteryParameters& battery) {
  return names_of_entries([&](const auto& entry) { return strength(entry, battery) != 0; });
}

bool carries(Carrier carrier, const BatteryParameters& battery) {
  const Terms& carried = carried_terms(carrier);
  const auto is_carried = [&](const auto& entry) {
    return carried.has(entry.name) || strength(entry, battery) == 0;
  };
  return std::ranges::all_of(hamiltonian_table(), is_carried) &&
         std::ranges::all_of(dissipator_table(), is_carried);
}

std::string terms_not_carried(Carrier carrier, const BatteryParameters& battery) {
  std::string names;
  for (const TermName name : present_terms(battery)) {
    if (!carried_terms(carrier).has(name)) {
      names += fmt::format("{}{}", names.empty() ? "" : ", ", name);
    }
  }
  return names;
}

void require_carried(Carrier carrier, const BatteryParameters& battery) {
  if (!carries(carrier, battery)) {
    throw EnvironmentError(fmt::format("{} does not carry a term of this point ({})",
                                       carrier_names[static_cast<int>(carrier)],
                                       terms_not_carried(carrier, battery)));
  }
}

}  // namespace qbsweep
