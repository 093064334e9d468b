#include "qbsweep/dynamics/charging_result.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

namespace qbsweep {

const std::vector<double>& Trajectory::of(std::string_view name) const {
  const auto found = std::ranges::find(observables, name, &Sampled::name);
  if (found == observables.end()) {
    throw std::out_of_range("no samples of " + std::string(name));
  }
  return found->values;
}

std::vector<double>& Trajectory::of(std::string_view name) {
  return const_cast<std::vector<double>&>(std::as_const(*this).of(name));
}

}  // namespace qbsweep
