#include "qbsweep/spectrum/steady_gmres.hpp"

#include <fmt/format.h>
#include <petscksp.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include "qbsweep/operators/no_jump_inverse.hpp"
#include "qbsweep/support/error.hpp"
#include "qbsweep/support/petsc_shell.hpp"
#include "refined_state.hpp"
#include "steady_energies.hpp"
#include "steady_states.hpp"

namespace qbsweep {
namespace {

using petsc::check;

/// Of one solve; what is still missing then is seen from a residual that is computed anew.
constexpr PetscInt most_iterations = 500;
/// A solve that leaves more than this share of the residual leads nowhere.
constexpr double least_progress = 0.7;
/// What a solve leaves of the residual at best: the preconditioner has single precision.
constexpr double best_reduction = 1e-5;
constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

PetscErrorCode precondition(PC pc, Vec from, Vec to) {
  PetscFunctionBegin;
  NoJumpInverse* inverse = nullptr;
  PetscCall(PCShellGetContext(pc, &inverse));
  PetscCall(petsc::apply_to_numbers(from, to, [inverse](const double* numbers, double* result) {
    inverse->apply(numbers, result);
  }));
  PetscFunctionReturn(0);
}

class SteadyGmres {
 public:
  SteadyGmres(const BatteryParameters& battery, const SteadySearch& search, int restart)
      : battery_(battery),
        search_(search),
        even_(battery, Parity::even),
        liouvillian_(half_liouvillian(battery, even_)),
        inverse_(battery, even_),
        observer_(battery) {
    const char* const doing = "set up GMRES";
    check(KSPCreate(PETSC_COMM_SELF, solver_.out()), doing);
    KSP ksp = solver_.get();
    check(KSPSetOperators(ksp, liouvillian_.get(), liouvillian_.get()), doing);
    check(KSPSetType(ksp, KSPGMRES), doing);
    check(KSPGMRESSetRestart(ksp, restart), doing);
    // The preconditioner is not quite linear, so that at a restart the residual may be another one
    // than the recursion says. GMRES is restarted from the true one.
    constexpr PetscReal no_breakdown = 1e30;
    check(KSPGMRESSetBreakdownTolerance(ksp, no_breakdown), doing);
    check(KSPSetPCSide(ksp, PC_RIGHT), doing);  // so that residuals are those of L
    PC pc = nullptr;
    check(KSPGetPC(ksp, &pc), doing);
    check(PCSetType(pc, PCSHELL), doing);
    check(PCShellSetContext(pc, &inverse_), doing);
    check(PCShellSetApply(pc, &precondition), doing);
    check(KSPMonitorSet(ksp, &after_iteration, this, nullptr), doing);
  }
  SteadyGmres(const SteadyGmres&) = delete;  // PETSc knows where it is
  SteadyGmres& operator=(const SteadyGmres&) = delete;
  ~SteadyGmres() = default;

  SteadySolution run() {
    RefinedState steady(battery_, expanded(first_state_of(search_, even_)));
    const double first_residual = steady.relative_residual();
    // Errors of energies are larger than residuals where anything is slower than the turning.
    constexpr double usual = 0.03;
    reduce(steady, usual * search_.tolerance * steady.norm());
    steady.normalise();
    const std::optional<double> amplification = find_amplification(steady);
    if (!amplification) {
      constexpr std::int64_t at_least = 2;
      return several_steady_states(at_least, applications_);
    }
    double error = *amplification * steady.residual_norm();
    if (error > search_.tolerance) {
      constexpr double margin = 0.5;
      reduce(steady, margin * search_.tolerance / *amplification);
      steady.normalise();
      error = *amplification * steady.residual_norm();
    }
    SteadySolution solution = {
        steady.rounded(), steady.relative_residual(), first_residual, error, 1, applications_};
    solution.error += observer_.rounding(observer_.energies(solution.state));
    return solution;
  }

 private:
  static PetscErrorCode after_iteration(KSP, PetscInt, PetscReal norm, void* context) {
    auto* const self = static_cast<SteadyGmres*>(context);
    return petsc::guarded([&] { look_in(self->search_.watch, self->done(norm)); });
  }

  /// The share of the digits of the residual's norm that are there.
  [[nodiscard]] double done(double norm) const {
    const double share = std::log(norm / first_norm_) / std::log(wanted_norm_ / first_norm_);
    return std::isfinite(share) ? std::clamp(share, 0.0, 1.0) : unknown;
  }

  [[nodiscard]] std::vector<double> expanded(const std::vector<double>& half) const {
    std::vector<double> full(static_cast<std::size_t>(even_.basis().size()), 0.0);
    even_.expand(half.data(), full.data());
    return full;
  }

  /// Iterative refinement: x becomes x + d with L d = -L x, until ||L x|| <= wanted.
  /// \throws EnvironmentError where that gets no nearer
  void reduce(RefinedState& x, double wanted) {
    const char* const doing = "solve for a steady state by GMRES";
    first_norm_ = x.residual_norm();
    wanted_norm_ = wanted;
    for (double here = first_norm_; here > wanted;) {
      std::vector<double> right(static_cast<std::size_t>(even_.size()));
      even_.restrict(x.residual().data(), right.data());
      const petsc::Vector residual = make_vector(liouvillian_.get(), right);
      const petsc::Vector correction = make_vector(liouvillian_.get(), right);
      constexpr double margin = 0.5;
      const double reduction = std::max(margin * wanted / here, best_reduction);
      check(KSPSetTolerances(solver_.get(), reduction, 0.0, PETSC_DEFAULT, most_iterations), doing);
      check(KSPSolve(solver_.get(), residual.get(), correction.get()), doing);
      PetscInt iterations = 0;
      check(KSPGetIterationNumber(solver_.get(), &iterations), doing);
      applications_ += iterations;
      x.add(expanded(numbers_of(correction.get())), -1.0);
      const double before = here;
      here = x.residual_norm();
      if (!(here <= wanted || here <= least_progress * before)) {
        throw EnvironmentError(fmt::format(
            "GMRES did not converge to a steady state in {} applications: residual {:.1e} at "
            "first, {:.1e} at last, {:.1e} required",
            applications_, first_norm_, here, wanted));
      }
    }
  }

  /// The largest error of an energy per ||L x|| of a state x, as found from what is left of a
  /// difference of states that is taken to zero: what is slow is left over. None where something
  /// stays that is no slower mode but another steady state.
  std::optional<double> find_amplification(const RefinedState& steady) {
    const std::vector<double> state = steady.rounded();
    RefinedState difference(battery_, expanded(generic_pure_state(even_)));
    difference.add(steady, -1.0);
    const double zero = rounding_frequency(battery_);
    double before = unknown;
    double residual_before = unknown;
    for (double reduction = 1e-3;; reduction = 1e-2) {
      reduce(difference, reduction * difference.residual_norm());
      difference.add(steady, -difference.trace());  // the kernel may come in with the corrections
      const double residual = difference.relative_residual();
      if (residual <= zero) {
        return std::nullopt;
      }
      constexpr double safety = 10.0;
      const double here =
          safety * observer_.change(state, difference.rounded()) / difference.residual_norm();
      // A slow mode stays while the rest is reduced: then this grows until it shows. So does the
      // difference by itself, whether or not energies see it.
      constexpr double settled = 3.0;
      if (here <= settled * before && residual >= residual_before / settled) {
        return std::max(here, before);
      }
      before = here;
      residual_before = residual;
    }
  }

  BatteryParameters battery_;
  SteadySearch search_;
  ParityHalf even_;
  petsc::Matrix liouvillian_;
  NoJumpInverse inverse_;
  SteadyObserver observer_;
  petsc::LinearSolver solver_;
  double first_norm_ = unknown;   // of L x where GMRES began
  double wanted_norm_ = unknown;  // where it ends
  std::int64_t applications_ = 0;
};

}  // namespace

SteadySolution steady_gmres(const BatteryParameters& battery, const SteadySearch& search,
                            int restart) {
  if (without_noise(battery)) {
    throw InputError(
        "method gmres needs noise: with all rates 0 every function of H "
        "is a steady state");
  }
  return SteadyGmres(battery, search, restart).run();
}

double steady_gmres_bytes(const BatteryParameters& battery) {
  const double full =
      static_cast<double>(count_unknowns(battery.N, battery.fock_dim, has_local_noise(battery)));
  // The Krylov basis and what GMRES works with; the shell's copies; the state and the difference,
  // each with its residual and in long double, and copies of them in the full basis.
  const double halves = steady_gmres_restart + 8;
  const double shell = full + 2 * parity_sector_doubles(battery);
  const double refined = 2.0 * 2 * sizeof(long double) * full + 8 * 4 * full;
  return 8 * (halves * full / 2 + shell) + refined + NoJumpInverse::bytes(battery);
}

}  // namespace qbsweep
