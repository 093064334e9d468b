#include "qbsweep/spectrum/steady_shift_invert.hpp"
#include "qbsweep/model/dissipators.hpp"
#include "qbsweep/model/reductions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <optional>
#include <vector>

#include "qbsweep/dynamics/gather.hpp"
#include "qbsweep/model/state_basis.hpp"
#include "qbsweep/operators/assembled.hpp"
#include "qbsweep/support/error.hpp"
#include "refined_state.hpp"
#include "shifted_inverse.hpp"
#include "steady_energies.hpp"
#include "steady_states.hpp"

namespace qbsweep {
namespace {

using petsc::check;
using IndexSet = petsc::Owned<IS, ISDestroy>;

constexpr double accuracy = 1e-12;  // of eigenvalues of the inverse, relative
constexpr int most_restarts = 300;

/// Small against every rate at which something decays, large against rounding.
double shift(const BatteryParameters& battery) {
  double slowest = std::numeric_limits<double>::infinity();
  for (const auto& [jump, rate] : active_jumps(battery)) {
    slowest = std::min(slowest, rate);
  }
  return 1e-3 * slowest;
}

/// The elements that a steady state may have: those of even k = (n + i) - (l + k) where parity is
/// conserved, in which case the odd ones are by themselves; all where a drive mixes them.
enum class Which { even, odd, all };

bool belongs(const Element& element, Which which) {
  const int parity = (element.n + element.i + element.l + element.k) % 2;
  return which == Which::all || parity == (which == Which::odd ? 1 : 0);
}

/// Some of the state's elements, which L does not mix with others.
class Half {
 public:
  /// Collective.
  Half(Mat liouvillian, const StateBasis& basis, Which which) {
    const char* const doing = "take a part of the Liouvillian";
    PetscInt begin = 0;
    PetscInt end = 0;
    check(MatGetOwnershipRange(liouvillian, &begin, &end), doing);
    std::vector<PetscInt> rows;
    Element element = begin < end ? basis.element(begin) : Element{};
    for (PetscInt row = begin; row < end; ++row, basis.advance(element)) {
      if (belongs(element, which)) {
        rows.push_back(row);
      }
    }
    IndexSet kept;
    check(ISCreateGeneral(PetscObjectComm(reinterpret_cast<PetscObject>(liouvillian)),
                          static_cast<PetscInt>(rows.size()), rows.data(), PETSC_COPY_VALUES,
                          kept.out()),
          doing);
    check(
        MatCreateSubMatrix(liouvillian, kept.get(), kept.get(), MAT_INITIAL_MATRIX, matrix_.out()),
        doing);
  }

  [[nodiscard]] Mat matrix() const { return matrix_.get(); }

  [[nodiscard]] petsc::Vector make_vector() const {
    petsc::Vector vector;
    check(MatCreateVecs(matrix_.get(), vector.out(), nullptr), "make a state");
    return vector;
  }

  /// ||L x|| / ||x||.
  [[nodiscard]] double residual(Vec x) const {
    const petsc::Vector product = make_vector();
    PetscReal change = 0;
    PetscReal size = 0;
    check(MatMult(matrix_.get(), x, product.get()), "apply the Liouvillian");
    check(VecNorm(product.get(), NORM_2, &change), "take a norm");
    check(VecNorm(x, NORM_2, &size), "take a norm");
    return change / size;
  }

 private:
  petsc::Matrix matrix_;
};

struct Eigenpair {
  std::complex<double> value;  // of L
  petsc::Vector vector;
};

/// Eigenpairs of L nearest to sigma, one after the other.
class NearestEigenpairs {
 public:
  NearestEigenpairs(const Half& half, double sigma, const Watch& watch)
      : half_(half), inverse_(half.matrix(), sigma, watch) {}

  /// The one nearest to sigma outside the span of `known` (eigenvectors found before); none where
  /// they span everything.
  /// \param first  a vector to begin with, or nullptr for a random one
  [[nodiscard]] std::optional<Eigenpair> next(const std::vector<petsc::Vector>& known, Vec first) {
    const char* const doing = "find eigenvalues of the Liouvillian around zero";
    PetscInt size = 0;
    check(MatGetSize(half_.matrix(), &size, nullptr), doing);
    if (static_cast<std::size_t>(size) <= known.size()) {
      return std::nullopt;
    }
    petsc::EigenSolver solver;
    check(EPSCreate(PetscObjectComm(reinterpret_cast<PetscObject>(half_.matrix())), solver.out()),
          doing);
    EPS eps = solver.get();
    check(EPSSetOptionsPrefix(eps, "steady_"), doing);
    check(EPSSetOperators(eps, inverse_.get(), nullptr), doing);
    check(EPSSetProblemType(eps, EPS_NHEP), doing);
    check(EPSSetWhichEigenpairs(eps, EPS_LARGEST_MAGNITUDE), doing);
    check(EPSSetTolerances(eps, accuracy, most_restarts), doing);
    std::vector<Vec> deflated;
    deflated.reserve(known.size());
    for (const petsc::Vector& vector : known) {
      deflated.push_back(vector.get());
    }
    if (!deflated.empty()) {
      check(EPSSetDeflationSpace(eps, static_cast<PetscInt>(deflated.size()), deflated.data()),
            doing);
    }
    if (first != nullptr) {
      check(EPSSetInitialSpace(eps, 1, &first), doing);
    }
    check(EPSSetFromOptions(eps), doing);
    check(EPSSolve(eps), doing);
    PetscInt converged = 0;
    check(EPSGetConverged(eps, &converged), doing);
    if (converged < 1) {
      throw EnvironmentError(
          fmt::format("the eigenvalues of the Liouvillian around zero did not converge to {:.0e} "
                      "in {} restarts",
                      accuracy, most_restarts));
    }
    Eigenpair pair;
    pair.vector = half_.make_vector();
    PetscScalar real = 0;
    PetscScalar imaginary = 0;
    check(EPSGetEigenpair(eps, 0, &real, &imaginary, pair.vector.get(), nullptr), doing);
    pair.value = inverse_.sigma() + 1.0 / std::complex<double>(real, imaginary);
    return pair;
  }

  /// (L - sigma)^-1 x.
  [[nodiscard]] petsc::Vector solve(Vec x) {
    petsc::Vector solution = half_.make_vector();
    check(MatMult(inverse_.get(), x, solution.get()), "apply the inverse of the Liouvillian");
    return solution;
  }

  [[nodiscard]] std::int64_t applications() const { return inverse_.applications(); }

 private:
  const Half& half_;
  ShiftedInverse inverse_;
};

/// The eigenvectors to zero of one half.
/// \param zero          the frequency that counts as zero
/// \param first         to begin with; nullptr for a random vector.
/// \param one_is_there  that the nearest eigenvalue is known to be zero, however accurately it was
///                      found
/// \param only_one      that there is no other
std::vector<petsc::Vector> find_kernel(NearestEigenpairs& eigenpairs, double zero, Vec first,
                                       bool one_is_there, bool only_one) {
  std::vector<petsc::Vector> kernel;
  for (;;) {
    const bool begins = kernel.empty();
    std::optional<Eigenpair> pair = eigenpairs.next(kernel, begins ? first : nullptr);
    if (!pair || !(std::abs(pair->value) <= zero || (begins && one_is_there))) {
      return kernel;
    }
    kernel.push_back(std::move(pair->vector));
    if (only_one) {
      return kernel;
    }
  }
}

/// The maximally mixed state of the blocks kept: it has a share in every steady state.
petsc::Vector mixed_state(const Half& even, const std::vector<Element>& elements) {
  petsc::Vector state = even.make_vector();
  PetscInt begin = 0;
  PetscInt end = 0;
  check(VecGetOwnershipRange(state.get(), &begin, &end), "set the initial state");
  for (PetscInt row = begin; row < end; ++row) {
    const Element& element = elements[row];
    if (element.i == element.k && element.n == element.l) {
      check(VecSetValue(state.get(), row, 1.0, INSERT_VALUES), "set the initial state");
    }
  }
  check(VecAssemblyBegin(state.get()), "set the initial state");
  check(VecAssemblyEnd(state.get()), "set the initial state");
  return state;
}

/// Those elements in storage order.
std::vector<Element> elements_of(const StateBasis& basis, Which which) {
  std::vector<Element> elements;
  Element element;
  for (std::int64_t row = 0; row < basis.size(); ++row, basis.advance(element)) {
    if (belongs(element, which)) {
      elements.push_back(element);
    }
  }
  return elements;
}

/// Between the vectors of the even half and those of the full basis.
class EvenPart {
 public:
  EvenPart(const StateBasis& basis, const std::vector<Element>& elements)
      : size_(static_cast<std::size_t>(basis.size())) {
    for (const Element& element : elements) {
      positions_.push_back(basis.index(element));
    }
  }

  /// Collective.
  [[nodiscard]] std::vector<double> expand(Vec half) const {
    const std::vector<double> numbers = gather_everywhere(half);
    std::vector<double> full(size_, 0.0);
    for (std::size_t e = 0; e < numbers.size(); ++e) {
      full[positions_[e]] = numbers[e];
    }
    return full;
  }

  /// This rank's share.
  void restrict(const std::vector<double>& full, Vec half) const {
    PetscInt begin = 0;
    PetscInt end = 0;
    double* numbers = nullptr;
    check(VecGetOwnershipRange(half, &begin, &end), "read a state");
    check(VecGetArrayWrite(half, &numbers), "read a state");
    for (PetscInt e = begin; e < end; ++e) {
      numbers[e - begin] = full[positions_[e]];
    }
    check(VecRestoreArrayWrite(half, &numbers), "read a state");
  }

 private:
  std::size_t size_;
  std::vector<std::int64_t> positions_;  // in the full basis
};

/// Iterative refinement with the factors: steady becomes steady - (L - sigma)^-1 L steady, which
/// leaves sigma / (gap + sigma) of an error and what rounding adds, until the error of the energies
/// is within the tolerance or gets no smaller. Gives that error, as the next correction shows it.
double refine(NearestEigenpairs& eigenpairs, const Half& even, const EvenPart& part,
              SteadyObserver& observer, double tolerance, RefinedState& steady) {
  constexpr double safety = 2.0;
  for (double before = std::numeric_limits<double>::infinity();;) {
    const petsc::Vector residual = even.make_vector();
    part.restrict(steady.residual(), residual.get());
    RefinedState moved = steady;
    moved.add(part.expand(eigenpairs.solve(residual.get()).get()), -1.0);
    moved.normalise();  // a share of the steady state itself comes with the correction
    RefinedState correction = steady;
    correction.add(moved, -1.0);
    const double here = observer.change(steady.rounded(), correction.rounded());
    const double left = here / before;
    constexpr double no_progress = 0.9;
    if (here <= (1 - std::min(left, no_progress)) / safety * tolerance || !(left < no_progress)) {
      return safety * here / (1 - std::min(left, no_progress));
    }
    steady = std::move(moved);
    before = here;
  }
}

}  // namespace

SteadySolution steady_shift_invert(MPI_Comm comm, const BatteryParameters& battery,
                                   double tolerance, const Watch& watch) {
  const StateBasis basis(battery.N, battery.fock_dim, has_local_noise(battery));
  const bool halves = parity_is_conserved(battery);
  const Which which = halves ? Which::even : Which::all;
  const std::vector<Element> elements = elements_of(basis, which);
  const double zero = rounding_frequency(battery);
  petsc::Matrix liouvillian = assemble_liouvillian(comm, basis, battery);
  SteadySolution solution;
  const bool unique = unique_by_decay(battery);
  std::optional<Half> odd;
  if (!unique && halves) {
    odd.emplace(liouvillian.get(), basis, Which::odd);
  }
  const Half even(liouvillian.get(), basis, which);
  liouvillian = {};
  const petsc::Vector first = mixed_state(even, elements);
  solution.first_residual = even.residual(first.get());
  look_in(watch);
  NearestEigenpairs eigenpairs(even, shift(battery), watch);
  const std::vector<petsc::Vector> kernel =
      find_kernel(eigenpairs, zero, first.get(), true, unique);
  solution.multiplicity = static_cast<std::int64_t>(kernel.size());
  if (odd) {
    look_in(watch);
    NearestEigenpairs others(*odd, shift(battery), watch);
    solution.multiplicity +=
        static_cast<std::int64_t>(find_kernel(others, zero, nullptr, false, false).size());
    solution.operator_applications += others.applications();
  }

  const EvenPart part(basis, elements);
  RefinedState steady(battery, part.expand(kernel.front().get()));
  steady.normalise();
  if (solution.multiplicity == 1) {
    SteadyObserver observer(battery);
    const double rounding = observer.rounding(observer.energies(steady.rounded()));
    solution.error =
        rounding + refine(eigenpairs, even, part, observer, tolerance - rounding, steady);
  } else {
    solution.error = std::numeric_limits<double>::quiet_NaN();
  }
  solution.residual = steady.relative_residual();
  solution.state = steady.rounded();
  solution.operator_applications += eigenpairs.applications();
  return solution;
}

double steady_shift_invert_memory(const BatteryParameters& battery) {
  // Nested dissection cuts across the longest direction, and the factors grow a little less than
  // with the square of what is cut. Tavis-Cummings falls apart into the sectors k, which are
  // factorised one by one. The rates and g hardly matter. Measured with MUMPS 5.5 and its METIS
  // ordering, for N = 1 .. 12, from 58 MB to 3.9 GB: this is what was used times 1.0 to 1.4.
  constexpr double process_bytes = 52e6;
  const bool rotating = excitations_are_bounded(battery);
  // The assembled matrix, and states for the refinement; and what many small factorisations take.
  const double bytes_per_unknown = rotating ? 600 : 400;
  constexpr double factor_bytes = 29.1;
  constexpr double power_of_unknowns = 1.92;
  constexpr double power_of_longest = 1.3;
  constexpr double sector_share = 4.2;
  const auto unknowns =
      static_cast<double>(count_unknowns(battery.N, battery.fock_dim, has_local_noise(battery)));
  const double longest = std::max(battery.fock_dim, battery.N + 1);
  const double sectors = battery.fock_dim + battery.N;
  // Where a drive mixes the halves, both are factorised as one.
  const double halves = parity_is_conserved(battery) ? 1.0 : std::pow(2.0, power_of_unknowns);
  const double share = halves * (rotating ? std::min(1.0, sector_share / sectors) : 1.0);
  return process_bytes + bytes_per_unknown * unknowns +
         factor_bytes * share * std::pow(unknowns, power_of_unknowns) /
             std::pow(longest, power_of_longest);
}

}  // namespace qbsweep
