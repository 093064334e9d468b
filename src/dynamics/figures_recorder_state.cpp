// What a recorder has seen, as numbers, and back.
#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "qbsweep/dynamics/figures_recorder.hpp"
#include "qbsweep/support/error.hpp"

namespace qbsweep {

template <typename Recorder, typename Visit>
void FiguresRecorder::for_each_part(Recorder& recorder, Visit&& visit) {
  for (auto& maximum : recorder.maxima_) {
    visit(maximum);
  }
  visit(recorder.result_.trajectory.time);
  for (auto& sampled : recorder.result_.trajectory.observables) {
    visit(sampled.values);
  }
  for (auto& ergotropy : recorder.result_.trajectory.ergotropy) {
    visit(ergotropy);
  }
  visit(recorder.result_.diagnostics.trace_error_max);
  visit(recorder.result_.diagnostics.fock_tail_max);
  visit(recorder.result_.diagnostics.truncation_error);
  visit(recorder.first_energies_);
  visit(recorder.last_.time);
  visit(recorder.last_.value);
  visit(recorder.last_.rate);
  visit(recorder.last_.fock_tail);
  visit(recorder.last_.fock_tail_rate);
  visit(recorder.last_observations_);
  if (recorder.has_balance_) {
    visit(recorder.balance_);
  }
}

namespace {

/// Appends what it visits to `numbers`; vectors with their length before them.
struct Save {
  std::vector<double>& numbers;
  void operator()(double number) const { numbers.push_back(number); }
  template <std::size_t size>
  void operator()(const std::array<double, size>& part) const {
    numbers.insert(numbers.end(), part.begin(), part.end());
  }
  void operator()(const std::vector<double>& part) const {
    numbers.push_back(static_cast<double>(part.size()));
    numbers.insert(numbers.end(), part.begin(), part.end());
  }
  void operator()(const RunningMaximum& maximum) const { (*this)(maximum.state()); }
  void operator()(const EnergyBalance& balance) const { (*this)(balance.state()); }
};

/// Takes what Save has put there.
struct Restore {
  std::span<const double> rest;
  std::span<const double> take(std::size_t count) {
    if (count > rest.size()) {
      throw EnvironmentError("what was saved of a charging run is incomplete");
    }
    const auto taken = rest.first(count);
    rest = rest.subspan(count);
    return taken;
  }
  void operator()(double& number) { number = take(1)[0]; }
  template <std::size_t size>
  void operator()(std::array<double, size>& part) {
    std::ranges::copy(take(size), part.begin());
  }
  void operator()(std::vector<double>& part) {
    const auto taken = take(static_cast<std::size_t>(take(1)[0]));
    part.assign(taken.begin(), taken.end());
  }
  void operator()(RunningMaximum& maximum) {
    std::vector<double> state;
    (*this)(state);
    maximum.restore(state);
  }
  void operator()(EnergyBalance& balance) {
    Integrals totals;
    (*this)(totals);
    balance.restore(totals);
  }
};

}  // namespace

std::vector<double> FiguresRecorder::state() const {
  std::vector<double> numbers;
  for_each_part(*this, Save{numbers});
  return numbers;
}

void FiguresRecorder::restore(const std::vector<double>& state) {
  Restore saved{state};
  for_each_part(*this, saved);
  if (!saved.rest.empty()) {
    throw EnvironmentError("what was saved of a charging run belongs to another one");
  }
}

}  // namespace qbsweep
