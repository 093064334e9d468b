#include "refined_state.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "qbsweep/model/dissipators.hpp"
#include "qbsweep/model/hamiltonian.hpp"
#include "qbsweep/model/reductions.hpp"
#include "qbsweep/operators/field_of_values.hpp"
#include "qbsweep/support/error.hpp"

namespace qbsweep {
namespace {

double norm_of(const ExtendedState& numbers) {
  long double square = 0.0L;
  for (const long double number : numbers) {
    square += number * number;
  }
  return static_cast<double>(std::sqrt(square));
}

}  // namespace

RefinedState::RefinedState(const BatteryParameters& battery, const std::vector<double>& start)
    : battery_(battery),
      basis_(battery.N, battery.fock_dim, has_local_noise(battery)),
      x_(start.begin(), start.end()) {
  if (parity_is_conserved(battery)) {
    parity_ = Parity::even;
  }
  extended_product(basis_, battery_, parity_, x_, Lx_);
}

void RefinedState::add(const std::vector<double>& vector, double part) {
  for (std::size_t e = 0; e < x_.size(); ++e) {
    x_[e] += static_cast<long double>(part) * vector[e];
  }
  extended_product(basis_, battery_, parity_, x_, Lx_);
}

void RefinedState::add(const RefinedState& other, double part) {
  for (std::size_t e = 0; e < x_.size(); ++e) {
    x_[e] += part * other.x_[e];
    Lx_[e] += part * other.Lx_[e];
  }
}

double RefinedState::trace() const {
  long double sum = 0.0L;
  Element element;
  for (std::size_t e = 0; e < x_.size(); ++e, basis_.advance(element)) {
    sum += element.i == element.k && element.n == element.l ? x_[e] : 0.0L;
  }
  return static_cast<double>(sum);
}

void RefinedState::normalise() {
  const long double trace_now = trace();
  // The norm of a state is at most its trace.
  if (!(std::abs(trace_now) >= 1e-3L * norm())) {
    throw EnvironmentError(fmt::format(
        "the steady state found is none: its trace is {:.1e}, its norm {:.1e}, which is at most "
        "the trace of a state",
        static_cast<double>(trace_now), norm()));
  }
  for (std::size_t e = 0; e < x_.size(); ++e) {
    x_[e] /= trace_now;
    Lx_[e] /= trace_now;
  }
}

double RefinedState::norm() const {
  return norm_of(x_);
}

double RefinedState::residual_norm() const {
  return norm_of(Lx_);
}

double rounding_frequency(const BatteryParameters& battery) {
  const double photons = battery.fock_dim;
  const double turning = battery.omega_c * photons + battery.omega_0 * battery.N;
  const double coupling =
      2 * (effective_coupling(battery) * battery.N + battery.drive) * std::sqrt(photons) +
      battery.atom_drive * battery.N + ising_spread(battery);
  double decay = 0.0;
  for (const auto& [jump, rate] : active_jumps(battery)) {
    const bool turns = excitations_gained(jump) == 0;
    decay += (turns ? 2 : 1) * rate * largest_jump_loss(jump, battery.N, battery.fock_dim);
  }
  return 4 * std::numeric_limits<double>::epsilon() * (turning + coupling + decay);
}

}  // namespace qbsweep
