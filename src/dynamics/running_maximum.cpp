#include "qbsweep/dynamics/running_maximum.hpp"

#include <algorithm>
#include <cstddef>

#include "qbsweep/support/error.hpp"

namespace qbsweep {
namespace {

constexpr std::size_t numbers_besides = 5;

}  // namespace

void RunningMaximum::note(const Peak& peak) {
  const auto first_equal = std::find_if(peaks_.begin(), peaks_.end(), [&](const Peak& earlier) {
    return earlier.value >= peak.value - tie_;
  });
  peaks_.erase(peaks_.begin(), first_equal);
  peaks_.push_back(peak);
}

std::vector<double> RunningMaximum::state() const {
  std::vector<double> numbers;
  for (const Peak& peak : peaks_) {
    numbers.insert(numbers.end(), {peak.time, peak.value, peak.battery_energy, peak.locked_energy,
                                   peak.quench_energy});
    numbers.insert(numbers.end(), peak.observables.begin(), peak.observables.end());
  }
  return numbers;
}

void RunningMaximum::restore(const std::vector<double>& state) {
  const std::size_t numbers_of_a_peak = numbers_besides + observables_;
  if (state.size() % numbers_of_a_peak != 0) {
    throw EnvironmentError("what was saved of a maximum is incomplete");
  }
  peaks_.clear();
  for (std::size_t p = 0; p < state.size(); p += numbers_of_a_peak) {
    const auto observables = state.begin() + static_cast<std::ptrdiff_t>(p + numbers_besides);
    peaks_.push_back({state[p],
                      state[p + 1],
                      state[p + 2],
                      state[p + 3],
                      state[p + 4],
                      {observables, observables + static_cast<std::ptrdiff_t>(observables_)}});
  }
}

}  // namespace qbsweep
