#include "qbsweep/model/dissipators.hpp"

#include <algorithm>

namespace qbsweep {
namespace {

double square(double x) {
  return x * x;
}

}  // namespace

bool acts_on_cavity(Jump jump) {
  return jump == Jump::annihilation || jump == Jump::creation || jump == Jump::photon_number;
}

bool acts_on_single_atoms(Jump jump) {
  return jump == Jump::single_lowering || jump == Jump::single_raising ||
         jump == Jump::single_pauli_z;
}

int excitations_gained(Jump jump) {
  switch (jump) {
    case Jump::annihilation:
    case Jump::single_lowering:
    case Jump::collective_lowering:
      return -1;
    case Jump::creation:
    case Jump::single_raising:
    case Jump::collective_raising:
      return 1;
    case Jump::photon_number:
    case Jump::single_pauli_z:
    case Jump::collective_z:
      break;
  }
  return 0;
}

double jump_loss(Jump jump, int N, int fock_dim, SpinBlock block, int i, int n) {
  const double M = block.M(i);
  switch (jump) {
    case Jump::annihilation:
      return n;
    case Jump::creation:
      return n + 1 < fock_dim ? n + 1 : 0;
    case Jump::photon_number:
      return square(n);
    case Jump::single_lowering:
      return excited_atoms(N, block, i);
    case Jump::single_raising:
      return N - excited_atoms(N, block, i);
    case Jump::single_pauli_z:
      return N;
    case Jump::collective_lowering:
      return i > 0 ? square(raising_element(block, i - 1)) : 0.0;
    case Jump::collective_raising:
      return i + 1 < block.dim() ? square(raising_element(block, i)) : 0.0;
    case Jump::collective_z:
      break;
  }
  return M * M;
}

double largest_jump_loss(Jump jump, int N, int fock_dim) {
  const double half_N = N / 2.0;
  switch (jump) {
    case Jump::annihilation:
    case Jump::creation:
      return fock_dim - 1;
    case Jump::photon_number:
      return square(fock_dim - 1);
    case Jump::single_lowering:
    case Jump::single_raising:
    case Jump::single_pauli_z:
      return N;
    case Jump::collective_lowering:
    case Jump::collective_raising:
      return half_N * (half_N + 1) + (N % 2 == 0 ? 0.0 : 0.25);
    case Jump::collective_z:
      break;
  }
  return half_N * half_N;
}

std::vector<ActiveJump> active_jumps(const BatteryParameters& battery, const Terms& terms) {
  std::vector<ActiveJump> active;
  for (const Dissipator& dissipator : dissipator_table()) {
    const double rate = dissipator.rate(battery);
    if (terms.has(dissipator.name) && rate != 0) {
      active.push_back({dissipator.jump, rate});
    }
  }
  return active;
}

double sum_of_rates(const BatteryParameters& battery) {
  double sum = 0.0;
  for (const auto& [jump, rate] : active_jumps(battery)) {
    sum += rate;
  }
  return sum;
}

Dissipators::Dissipators(const BatteryParameters& battery, const Terms& terms)
    : N_(battery.N), fock_dim_(battery.fock_dim), active_(active_jumps(battery, terms)) {}

double Dissipators::loss(SpinBlock block, int i, int n) const {
  double sum = 0.0;
  for (const auto& [jump, rate] : active_) {
    sum += rate * jump_loss(jump, N_, fock_dim_, block, i, n);
  }
  return sum;
}

double Dissipators::rate(Jump jump) const {
  double sum = 0.0;
  for (const ActiveJump& active : active_) {
    sum += active.jump == jump ? active.rate : 0.0;
  }
  return sum;
}

bool Dissipators::act_on_single_atoms() const {
  return std::ranges::any_of(
      active_, [](const ActiveJump& active) { return acts_on_single_atoms(active.jump); });
}

bool Dissipators::never_add_excitations() const {
  return std::ranges::none_of(
      active_, [](const ActiveJump& active) { return excitations_gained(active.jump) > 0; });
}

}  // namespace qbsweep
