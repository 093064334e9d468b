#include "rightmost.hpp"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <memory>
#include <random>

#include "qbsweep/model/dissipators.hpp"
#include "qbsweep/support/error.hpp"
#include "qbsweep/support/petsc_shell.hpp"
#include "steady_states.hpp"

namespace qbsweep {
namespace {

using petsc::check;

/// How many vectors the iteration keeps.
std::int64_t krylov_vectors(int count, std::int64_t size) {
  return std::min<std::int64_t>(std::max(24, 2 * count + 8), size);
}

double dot(const std::vector<double>& a, const double* b) {
  double sum = 0.0;
  for (std::size_t e = 0; e < a.size(); ++e) {
    sum += a[e] * b[e];
  }
  return sum;
}

/// Takes the part along `removed` out of `vector`.
void remove(const HalfVectors& removed, double* vector) {
  // Twice, against the rounding of the first pass.
  for (int pass = 0; pass < 2; ++pass) {
    for (const std::vector<double>& direction : removed) {
      const double part = dot(direction, vector);
      for (std::size_t e = 0; e < direction.size(); ++e) {
        vector[e] -= part * direction[e];
      }
    }
  }
}

/// exp(L T) on what is left beside `removed`.
struct Propagation {
  Evolution* evolution;
  const HalfVectors* removed;

  void apply(const double* from, double* to) const {
    evolution->apply(from, to);
    remove(*removed, to);
  }
};

/// The invariant subspace that belongs to the first `count` converged eigenvalues, and to one more
/// where a conjugate pair would be parted. What converged beyond has been damped by exp(L T), and
/// is less accurate.
HalfVectors invariant_subspace(EPS eps, Mat like, PetscInt count) {
  const char* const doing = "read an invariant subspace";
  PetscInt converged = 0;
  check(EPSGetConverged(eps, &converged), doing);
  std::vector<petsc::Vector> owned(static_cast<std::size_t>(converged));
  std::vector<Vec> handles;
  for (petsc::Vector& vector : owned) {
    check(MatCreateVecs(like, vector.out(), nullptr), doing);
    handles.push_back(vector.get());
  }
  check(EPSGetInvariantSubspace(eps, handles.data()), doing);
  PetscInt kept = 0;
  while (kept < std::min(count, converged)) {
    PetscScalar imaginary = 0;
    check(EPSGetEigenvalue(eps, kept, nullptr, &imaginary), doing);
    kept += imaginary != 0 ? 2 : 1;
  }
  handles.resize(static_cast<std::size_t>(std::min(kept, converged)));
  HalfVectors vectors;
  for (const Vec handle : handles) {
    vectors.push_back(numbers_of(handle));
  }
  return vectors;
}

/// Eigenvalues of L on the subspace, and how well they are eigenvalues of L on the whole.
std::vector<Eigenvalue> eigenvalues_on(const HalfVectors& subspace, Evolution& evolution,
                                       const HalfVectors& removed) {
  const auto count = static_cast<Eigen::Index>(subspace.size());
  if (count == 0) {
    return {};
  }
  const auto size = static_cast<Eigen::Index>(subspace[0].size());
  Eigen::MatrixXd images(size, count);
  Eigen::MatrixXd projected(count, count);
  for (Eigen::Index c = 0; c < count; ++c) {
    evolution.apply_liouvillian(subspace[c].data(), images.col(c).data());
    remove(removed, images.col(c).data());
    for (Eigen::Index r = 0; r < count; ++r) {
      projected(r, c) = dot(subspace[r], images.col(c).data());
    }
  }
  // What L leads out of the subspace: its small Gram matrix gives the residuals.
  for (Eigen::Index c = 0; c < count; ++c) {
    for (Eigen::Index r = 0; r < count; ++r) {
      const Eigen::Map<const Eigen::VectorXd> vector(subspace[r].data(), size);
      images.col(c) -= projected(r, c) * vector;
    }
  }
  const Eigen::MatrixXd gram = images.transpose() * images;
  const Eigen::EigenSolver<Eigen::MatrixXd> solver(projected);
  std::vector<Eigenvalue> values;
  for (Eigen::Index e = 0; e < count; ++e) {
    const Eigen::VectorXcd coefficients = solver.eigenvectors().col(e);
    const double square = std::real(coefficients.dot(gram * coefficients));
    values.push_back(
        {solver.eigenvalues()[e], std::sqrt(std::max(square, 0.0)) / coefficients.norm()});
  }
  std::sort(values.begin(), values.end(), [](const Eigenvalue& a, const Eigenvalue& b) {
    return a.value.real() > b.value.real();
  });
  return values;
}

/// What the iteration has come to know of the eigenvalue of exp(L T) behind those asked for.
struct NextEigenvalue {
  PetscInt place = 0;
  std::optional<double> modulus;

  /// \param errors  relative to the moduli of the eigenvalues
  static PetscErrorCode look(EPS, PetscInt, PetscInt, PetscScalar* real, PetscScalar* imaginary,
                             PetscReal* errors, PetscInt values, void* context) {
    auto* const next = static_cast<NextEigenvalue*>(context);
    next->modulus.reset();
    if (next->place < values) {
      constexpr double digits = 1e-2;
      const double modulus = std::hypot(real[next->place], imaginary[next->place]);
      if (errors[next->place] * modulus <= digits * (1 - modulus)) {
        next->modulus = modulus;
      }
    }
    return 0;
  }
};

double worst_residual(const std::vector<Eigenvalue>& values) {
  double worst = 0.0;
  for (const Eigenvalue& value : values) {
    worst = std::max(worst, value.residual);
  }
  return worst;
}

double first_residual_of(std::vector<double> start, Evolution& evolution,
                         const HalfVectors& removed) {
  const double norm = std::sqrt(dot(start, start.data()));
  for (double& number : start) {
    number /= norm;
  }
  return worst_residual(eigenvalues_on({std::move(start)}, evolution, removed));
}

}  // namespace

Rightmost rightmost_eigenvalues(Evolution& evolution, const ParityHalf& half,
                                const std::vector<double>& start, const HalfVectors& removed,
                                const RightmostRequest& request) {
  const char* const doing = "find dominant eigenvalues of exp(L T)";
  const auto left = half.size() - static_cast<std::int64_t>(removed.size());
  if (left <= 0) {
    return {};
  }
  const petsc::Matrix matrix =
      petsc::make_shell(PETSC_COMM_SELF, half.size(),
                        std::make_unique<Propagation>(Propagation{&evolution, &removed}), doing);

  Rightmost result;
  std::vector<double> first = start;
  remove(removed, first.data());
  result.first_residual = first_residual_of(first, evolution, removed);
  petsc::Vector first_vector = make_vector(matrix.get(), first);

  petsc::EigenSolver solver;
  check(EPSCreate(PETSC_COMM_SELF, solver.out()), doing);
  EPS eps = solver.get();
  check(EPSSetOperators(eps, matrix.get(), nullptr), doing);
  check(EPSSetProblemType(eps, EPS_NHEP), doing);
  check(EPSSetType(eps, EPSKRYLOVSCHUR), doing);
  check(EPSSetWhichEigenpairs(eps, EPS_LARGEST_MAGNITUDE), doing);
  const auto count = static_cast<PetscInt>(std::min<std::int64_t>(request.count, left));
  const auto vectors = static_cast<PetscInt>(krylov_vectors(request.count, half.size()));
  check(EPSSetDimensions(eps, count, vectors, PETSC_DEFAULT), doing);
  check(EPSSetConvergenceTest(eps, EPS_CONV_REL), doing);
  NextEigenvalue next = {count, {}};
  check(EPSSetTrackAll(eps, PETSC_TRUE), doing);
  check(EPSMonitorSet(eps, &NextEigenvalue::look, &next, nullptr), doing);

  // L may make more of what exp(L T) has left: then that has to be smaller.
  double tolerance = std::max(0.1 * request.tolerance * std::min(1.0, evolution.duration()), 1e-14);
  constexpr int refinements = 4;
  constexpr PetscInt most_restarts = 400;
  for (int pass = 0;; ++pass) {
    check(EPSSetTolerances(eps, tolerance, most_restarts), doing);
    Vec initial = first_vector.get();
    check(EPSSetInitialSpace(eps, 1, &initial), doing);
    check(EPSSolve(eps), doing);
    result.subspace = invariant_subspace(eps, matrix.get(), count);
    result.values = eigenvalues_on(result.subspace, evolution, removed);
    const double worst = worst_residual(result.values);
    const bool all = static_cast<PetscInt>(result.values.size()) >= count;
    if (all && worst <= request.tolerance) {
      result.next_modulus = next.modulus;
      return result;
    }
    if (!all || pass == refinements || tolerance <= 1e-14) {
      throw EnvironmentError(fmt::format(
          "the dominant eigenvectors of exp(L T), T = {:.3g}, did not converge: {} of {} found, "
          "residual {:.1e} at first, {:.1e} at last, {:.1e} required",
          evolution.duration(), result.values.size(), count, result.first_residual, worst,
          request.tolerance));
    }
    tolerance = std::max(0.3 * tolerance * request.tolerance / worst, 1e-14);
    first_vector = make_vector(matrix.get(), result.subspace[0]);
  }
}

double damping_rate(const BatteryParameters& battery) {
  // At which coherences between neighbouring states decay.
  double rate = battery.kappa / 2;
  for (const auto& [jump, of_jump] : active_jumps(battery)) {
    if (!acts_on_cavity(jump)) {
      rate += (jump == Jump::single_pauli_z ? 2.0 : 0.5) * of_jump;
    }
  }
  return rate;
}

double propagation_time(const BatteryParameters& battery) {
  const double shortest = 0.2 / battery.omega_c;
  const double longest = 10 / battery.omega_c;
  return std::clamp(2 / damping_rate(battery), shortest, longest);
}

double rightmost_bytes(const BatteryParameters& battery, int count) {
  const double half =
      static_cast<double>(count_unknowns(battery.N, battery.fock_dim, has_local_noise(battery))) /
      2;
  // The Krylov basis, what it was found from, and the subspace with its images.
  const auto basis = static_cast<double>(krylov_vectors(count, std::int64_t{1} << 40));
  return 8 * half * (basis + 4 + 3 * count);
}

std::vector<double> trace_vector(const ParityHalf& even) {
  std::vector<double> vector(static_cast<std::size_t>(even.size()), 0.0);
  const double each = 1 / std::sqrt(static_cast<double>(even.diagonal().size()));
  for (const std::int64_t position : even.diagonal()) {
    vector[position] = each;
  }
  return vector;
}

std::vector<double> generic_vector(std::int64_t size) {
  std::mt19937_64 random(1);
  std::vector<double> numbers(static_cast<std::size_t>(size));
  for (double& number : numbers) {
    number = 2 * static_cast<double>(random() >> 11) * 0x1p-53 - 1;
  }
  return numbers;
}

}  // namespace qbsweep
