#include "qbsweep/model/hamiltonian.hpp"

#include <algorithm>
#include <string>

#include "qbsweep/support/error.hpp"

namespace qbsweep {
namespace {

constexpr std::array stays = {0};
constexpr std::array up = {1};
constexpr std::array two_or_none = {-2, 0, 2};

}  // namespace

std::span<const int> changes(SpinFactor factor) {
  switch (factor) {
    case SpinFactor::raising:
      return up;
    case SpinFactor::jx_squared:
      return two_or_none;
    case SpinFactor::one:
    case SpinFactor::excited_atoms:
    case SpinFactor::jz_squared:
      break;
  }
  return stays;
}

int change(CavityFactor factor) {
  return factor == CavityFactor::annihilation ? -1 : (factor == CavityFactor::creation ? 1 : 0);
}

double spin_element(SpinFactor factor, int N, SpinBlock block, int i, int k) {
  if (k < 0 || k >= block.dim()) {
    return 0.0;
  }
  const double M = block.M(i);
  switch (factor) {
    case SpinFactor::one:
      return i == k ? 1.0 : 0.0;
    case SpinFactor::raising:
      return i == k + 1 ? raising_element(block, k) : 0.0;
    case SpinFactor::excited_atoms:
      return i == k ? excited_atoms(N, block, i) : 0.0;
    case SpinFactor::jz_squared:
      return i == k ? M * M : 0.0;
    case SpinFactor::jx_squared:
      break;
  }
  if (i == k) {  // (J_+ J_- + J_- J_+)/4
    return (block.j() * (block.j() + 1) - M * M) / 2;
  }
  const int low = std::min(i, k);  // J_+^2/4 or its adjoint
  return std::abs(i - k) == 2 ? raising_element(block, low) * raising_element(block, low + 1) / 4
                              : 0.0;
}

double cavity_element(CavityFactor factor, int n, int l) {
  switch (factor) {
    case CavityFactor::one:
      return n == l ? 1.0 : 0.0;
    case CavityFactor::annihilation:
      return l == n + 1 ? std::sqrt(static_cast<double>(l)) : 0.0;
    case CavityFactor::creation:
      return n == l + 1 ? std::sqrt(static_cast<double>(n)) : 0.0;
    case CavityFactor::photons:
      break;
  }
  return n == l ? n : 0.0;
}

Hamiltonian::Hamiltonian(const BatteryParameters& battery) : Hamiltonian(battery, Terms::all()) {}

Hamiltonian::Hamiltonian(const BatteryParameters& battery, EnergyOf energy)
    : Hamiltonian(battery, Terms::all()) {
  std::erase_if(active_, [&](const Active& active) { return active.term->energy != energy; });
}

Hamiltonian::Hamiltonian(const BatteryParameters& battery, const Terms& terms)
    : N_(battery.N), fock_dim_(battery.fock_dim) {
  if (!drives_stand_still(battery)) {
    throw InputError("a drive at omega_d = " + std::to_string(battery.omega_d) +
                     " does not stand still beside counter-rotating terms or ising_x");
  }
  for (const HamiltonianTerm& term : hamiltonian_table()) {
    const double coefficient = term.coefficient(battery);
    if (terms.has(term.name) && coefficient != 0) {
      active_.push_back({&term, coefficient});
    }
  }
}

double Hamiltonian::diagonal(SpinBlock block, int i, int n) const {
  double sum = 0.0;
  for (const auto& [term, coefficient] : active_) {
    if (change(term->cavity) == 0) {
      sum += coefficient * spin_element(term->spin, N_, block, i, i) *
             cavity_element(term->cavity, n, n);
    }
  }
  return sum;
}

bool Hamiltonian::is_diagonal() const {
  return std::ranges::none_of(active_, [](const Active& active) {
    return active.term->plus_adjoint || changes(active.term->spin).size() > 1;
  });
}

bool Hamiltonian::conserves_excitations() const {
  return std::ranges::all_of(active_, [](const Active& active) {
    return std::ranges::all_of(changes(active.term->spin),
                               [&](int turn) { return turn + change(active.term->cavity) == 0; });
  });
}

bool Hamiltonian::conserves_parity() const {
  return std::ranges::all_of(active_, [](const Active& active) {
    return std::ranges::all_of(changes(active.term->spin), [&](int turn) {
      return (turn + change(active.term->cavity)) % 2 == 0;
    });
  });
}

}  // namespace qbsweep
