#include "qbsweep/dynamics/ground_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include "qbsweep/dynamics/gather.hpp"
#include "qbsweep/model/hamiltonian.hpp"
#include "qbsweep/model/model_terms.hpp"
#include "qbsweep/model/reductions.hpp"
#include "qbsweep/operators/field_of_values.hpp"
#include "qbsweep/support/petsc.hpp"

namespace qbsweep {
namespace {

using petsc::check;

constexpr double accuracy = 1e-13;  // of the eigensolver, relative to the shifted energies

/// The states |j = N/2, i; n> of one parity of n + i.
class ParityStates {
 public:
  ParityStates(const BatteryParameters& battery, int parity)
      : fock_dim_(battery.fock_dim), numbers_(count_all(battery), -1) {
    for (std::int64_t state = 0; state < count_all(battery); ++state) {
      if ((excited(state) + photons(state)) % 2 == parity) {
        numbers_[state] = static_cast<PetscInt>(states_.size());
        states_.push_back(state);
      }
    }
  }

  [[nodiscard]] const std::vector<std::int64_t>& states() const { return states_; }
  [[nodiscard]] PetscInt size() const { return static_cast<PetscInt>(states_.size()); }
  [[nodiscard]] int excited(std::int64_t state) const {
    return static_cast<int>(state / fock_dim_);
  }
  [[nodiscard]] int photons(std::int64_t state) const {
    return static_cast<int>(state % fock_dim_);
  }
  [[nodiscard]] PetscInt number(int i, int n) const { return numbers_[i * fock_dim_ + n]; }

 private:
  static std::int64_t count_all(const BatteryParameters& battery) {
    return std::int64_t{battery.N + 1} * battery.fock_dim;
  }

  std::int64_t fock_dim_;
  std::vector<std::int64_t> states_;  // [i][n] of each
  std::vector<PetscInt> numbers_;     // among those of the parity, of each [i][n]
};

petsc::Matrix assemble_hamiltonian(MPI_Comm comm, const BatteryParameters& battery,
                                   const ParityStates& basis) {
  const char* const doing = "assemble the Hamiltonian";
  const SpinBlock block = {battery.N};
  const Hamiltonian hamiltonian(battery);
  constexpr int most_in_a_row = 5;
  petsc::Matrix H;
  check(MatCreateAIJ(comm, PETSC_DECIDE, PETSC_DECIDE, basis.size(), basis.size(), most_in_a_row,
                     nullptr, most_in_a_row, nullptr, H.out()),
        doing);
  PetscInt begin = 0;
  PetscInt end = 0;
  check(MatGetOwnershipRange(H.get(), &begin, &end), doing);
  for (PetscInt row = begin; row < end; ++row) {
    const std::int64_t state = basis.states()[row];
    const int i = basis.excited(state);
    const int n = basis.photons(state);
    check(MatSetValue(H.get(), row, row, hamiltonian.diagonal(block, i, n), ADD_VALUES), doing);
    hamiltonian.for_each_beside_diagonal(block, i, n, [&](int k, int l, double value) {
      check(MatSetValue(H.get(), row, basis.number(k, l), value, ADD_VALUES), doing);
    });
  }
  check(MatAssemblyBegin(H.get(), MAT_FINAL_ASSEMBLY), doing);
  check(MatAssemblyEnd(H.get(), MAT_FINAL_ASSEMBLY), doing);
  check(MatSetOption(H.get(), MAT_SYMMETRIC, PETSC_TRUE), doing);
  return H;
}

PetscErrorCode before_application(KSP, Vec, Vec, void* watch) {
  return petsc::guarded([watch] { look_in(*static_cast<const Watch*>(watch)); });
}

/// Around a shift below the whole spectrum, the inverse's largest eigenvalue is the lowest energy.
/// \param watch  outlives the solver
petsc::EigenSolver make_solver(MPI_Comm comm, Mat H, double shift, const Watch& watch) {
  const char* const doing = "set up the eigensolver of H";
  petsc::EigenSolver solver;
  check(EPSCreate(comm, solver.out()), doing);
  EPS eps = solver.get();
  check(EPSSetOptionsPrefix(eps, "ground_state_"), doing);
  check(EPSSetOperators(eps, H, nullptr), doing);
  check(EPSSetProblemType(eps, EPS_HEP), doing);
  check(EPSSetWhichEigenpairs(eps, EPS_TARGET_MAGNITUDE), doing);
  check(EPSSetTarget(eps, shift), doing);
  check(EPSSetTolerances(eps, accuracy, 1000), doing);
  ST transformation = nullptr;
  KSP linear = nullptr;
  PC preconditioner = nullptr;
  check(EPSGetST(eps, &transformation), doing);
  check(STSetType(transformation, STSINVERT), doing);
  check(STGetKSP(transformation, &linear), doing);
  check(KSPSetType(linear, KSPPREONLY), doing);
  check(KSPSetPreSolve(linear, &before_application, const_cast<Watch*>(&watch)), doing);
  check(KSPGetPC(linear, &preconditioner), doing);
  check(PCSetType(preconditioner, PCLU), doing);
  check(PCFactorSetMatSolverType(preconditioner, MATSOLVERMUMPS), doing);
  check(EPSSetFromOptions(eps), doing);
  return solver;
}

/// A first vector that the ground state cannot be orthogonal to: with the cavity's odd levels
/// counted negative all its amplitudes have one sign.
void begin_with_alternating_signs(EPS eps, Mat H, const ParityStates& basis) {
  const char* const doing = "set the eigensolver's first vector";
  petsc::Vector first;
  check(MatCreateVecs(H, first.out(), nullptr), doing);
  PetscInt begin = 0;
  PetscInt end = 0;
  check(VecGetOwnershipRange(first.get(), &begin, &end), doing);
  for (PetscInt row = begin; row < end; ++row) {
    check(VecSetValue(first.get(), row, basis.photons(basis.states()[row]) % 2 == 0 ? 1.0 : -1.0,
                      INSERT_VALUES),
          doing);
  }
  check(VecAssemblyBegin(first.get()), doing);
  check(VecAssemblyEnd(first.get()), doing);
  Vec handle = first.get();
  check(EPSSetInitialSpace(eps, 1, &handle), doing);
}

/// The excitation number n + i with the most weight; all others are set to zero.
void keep_one_excitation_number(const BatteryParameters& battery, std::vector<double>& amplitudes) {
  std::vector<double> weights(static_cast<std::size_t>(battery.N + battery.fock_dim), 0.0);
  const auto number = [&](std::size_t state) {
    return state / battery.fock_dim + state % battery.fock_dim;
  };
  for (std::size_t state = 0; state < amplitudes.size(); ++state) {
    weights[number(state)] += amplitudes[state] * amplitudes[state];
  }
  const auto most =
      static_cast<std::size_t>(std::max_element(weights.begin(), weights.end()) - weights.begin());
  for (std::size_t state = 0; state < amplitudes.size(); ++state) {
    amplitudes[state] = number(state) == most ? amplitudes[state] / std::sqrt(weights[most]) : 0.0;
  }
}

double mean_energy(const BatteryParameters& battery, const std::vector<double>& amplitudes) {
  const SpinBlock block = {battery.N};
  const Hamiltonian H(battery);
  const int fock_dim = battery.fock_dim;
  double energy = 0.0;
  for (int i = 0; i <= battery.N; ++i) {
    for (int n = 0; n < fock_dim; ++n) {
      const double own = amplitudes[static_cast<std::size_t>(i) * fock_dim + n];
      energy += H.diagonal(block, i, n) * own * own;
      H.for_each_beside_diagonal(block, i, n, [&](int k, int l, double value) {
        energy += value * own * amplitudes[static_cast<std::size_t>(k) * fock_dim + l];
      });
    }
  }
  return energy;
}

GroundState lowest_of_parity(MPI_Comm comm, const BatteryParameters& battery,
                             const EnergyRange& energies, int parity, const Watch& watch) {
  const char* const doing = "find the ground state";
  const ParityStates basis(battery, parity);
  const petsc::Matrix H = assemble_hamiltonian(comm, battery, basis);
  const double margin = 0.05 * (energies.high - energies.low) + 0.1 * battery.omega_0;
  const petsc::EigenSolver solver = make_solver(comm, H.get(), energies.low - margin, watch);
  begin_with_alternating_signs(solver.get(), H.get(), basis);
  look_in(watch);
  check(EPSSolve(solver.get()), doing);
  PetscInt converged = 0;
  check(EPSGetConverged(solver.get(), &converged), doing);
  if (converged < 1) {
    PetscInt iterations = 0;
    check(EPSGetIterationNumber(solver.get(), &iterations), doing);
    throw EnvironmentError(fmt::format(
        "the ground state of H did not converge to {:.0e} in {} iterations", accuracy, iterations));
  }
  petsc::Vector vector;
  check(MatCreateVecs(H.get(), vector.out(), nullptr), doing);
  check(EPSGetEigenvector(solver.get(), 0, vector.get(), nullptr), doing);
  const std::vector<double> found = gather_everywhere(vector.get());

  GroundState ground;
  ground.two_j = battery.N;
  ground.parity = parity;
  ground.amplitudes.assign(static_cast<std::size_t>(battery.N + 1) * battery.fock_dim, 0.0);
  for (std::size_t s = 0; s < found.size(); ++s) {
    ground.amplitudes[basis.states()[s]] = found[s];
  }
  if (Hamiltonian(battery).conserves_excitations()) {
    keep_one_excitation_number(battery, ground.amplitudes);
  }
  ground.energy = mean_energy(battery, ground.amplitudes);
  return ground;
}

}  // namespace

GroundState ground_state(MPI_Comm comm, const BatteryParameters& battery, const Watch& watch) {
  require_carried(Carrier::ground_state, battery);
  const EnergyRange energies = energy_range(battery);
  GroundState even = lowest_of_parity(comm, battery, energies, 0, watch);
  GroundState odd = lowest_of_parity(comm, battery, energies, 1, watch);
  // Rounding of the energies grows with their range.
  const double indistinguishable = 1e-13 * (energies.high - energies.low);
  return odd.energy < even.energy - indistinguishable ? std::move(odd) : std::move(even);
}

}  // namespace qbsweep
