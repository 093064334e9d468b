#include "battery_functions.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "block_spectrum.hpp"

namespace qbsweep {
namespace {

/// Calls visit(block, its elements).
template <typename Visit>
void for_each_block(const ObservedState& state, Visit&& visit) {
  const double* elements = state.rho_B.data();
  for (const SpinBlock block : state.blocks) {
    visit(block, elements);
    elements += static_cast<std::ptrdiff_t>(block.dim()) * block.dim();
  }
}

/// Calls visit(block, i, population).
template <typename Visit>
void for_each_population(const ObservedState& state, Visit&& visit) {
  for_each_block(state, [&](SpinBlock block, const double* elements) {
    for (int i = 0; i < block.dim(); ++i) {
      visit(block, i, elements[static_cast<std::ptrdiff_t>(i) * (block.dim() + 1)]);
    }
  });
}

/// What an eigenvalue of rho_j adds to the entropy: -lambda ln(lambda/d_j). Rounding leaves some
/// below 0.
double entropy_of(double eigenvalue, double copies) {
  return eigenvalue > 0 ? -eigenvalue * std::log(eigenvalue / copies) : 0.0;
}

}  // namespace

double mean_excitations(const ObservedState& state) {
  double sum = 0.0;
  for_each_population(state, [&](SpinBlock block, int i, double population) {
    sum += excited_atoms(state.battery.N, block, i) * population;
  });
  return sum;
}

double mean_square_excitations(const ObservedState& state) {
  double sum = 0.0;
  for_each_population(state, [&](SpinBlock block, int i, double population) {
    const double excited = excited_atoms(state.battery.N, block, i);
    sum += excited * excited * population;
  });
  return sum;
}

double mean_lowering(const ObservedState& state) {
  // <J_-> = sum raising_element(i) rho_(i+1, i); in real storage X and Y of a pair of adjoints are
  // half the sum and half the difference.
  double real = 0.0;
  double imaginary = 0.0;
  for_each_block(state, [&](SpinBlock block, const double* elements) {
    const auto dim = static_cast<std::ptrdiff_t>(block.dim());
    for (int i = 0; i + 1 < block.dim(); ++i) {
      const double below = elements[(i + 1) * dim + i];
      const double above = elements[i * dim + i + 1];
      real += raising_element(block, i) * (below + above) / 2;
      imaginary += raising_element(block, i) * (below - above) / 2;
    }
  });
  return std::hypot(real, imaginary);
}

double purity(const ObservedState& state) {
  // X is symmetric and Y antisymmetric, so the squares of X + Y sum to those of X + iY.
  double sum = 0.0;
  for_each_block(state, [&](SpinBlock block, const double* elements) {
    double squares = 0.0;
    for (std::ptrdiff_t e = 0; e < static_cast<std::ptrdiff_t>(block.dim()) * block.dim(); ++e) {
      squares += elements[e] * elements[e];
    }
    sum += squares / block_degeneracy(state.battery.N, block);
  });
  return sum;
}

double entropy(const ObservedState& state) {
  double sum = 0.0;
  for_each_block(state, [&](SpinBlock block, const double* elements) {
    std::vector<Eigenvalue> eigenvalues(static_cast<std::size_t>(block.dim()));
    BlockSpectrum(block.dim()).compute(elements, nullptr, eigenvalues);
    for (const Eigenvalue& eigenvalue : eigenvalues) {
      sum += entropy_of(eigenvalue.value, block_degeneracy(state.battery.N, block));
    }
  });
  return sum;
}

double entropy_of_populations(const ObservedState& state) {
  double sum = 0.0;
  for_each_population(state, [&](SpinBlock block, int /*i*/, double population) {
    sum += entropy_of(population, block_degeneracy(state.battery.N, block));
  });
  return sum;
}

double incoherent_ergotropy(const ObservedState& state) {
  const auto size = static_cast<std::size_t>(state.rho_B.size());
  std::vector<double> populations(size, 0.0);
  const double* const first = state.rho_B.data();
  for_each_block(state, [&](SpinBlock block, const double* elements) {
    for (int i = 0; i < block.dim(); ++i) {
      const double* const population =
          elements + static_cast<std::ptrdiff_t>(i) * (block.dim() + 1);
      populations[static_cast<std::size_t>(population - first)] = *population;
    }
  });
  BatteryObserver observer(state.battery.N, state.blocks, state.battery.omega_0);
  return observer.energies(populations)
      .ergotropy[static_cast<std::size_t>(ErgotropyDefinition::global)];
}

}  // namespace qbsweep
