#include "qbsweep/solvers/steady_gmres.hpp"

#include <fmt/format.h>
#include <petscksp.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "qbsweep/liouvillian/no_jump_inverse.hpp"
#include "qbsweep/support/error.hpp"
#include "qbsweep/support/petsc_shell.hpp"
#include "steady_states.hpp"

namespace qbsweep {
namespace {

using petsc::check;

constexpr PetscInt most_iterations = 5000;
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
      : search_(search),
        even_(battery, Parity::even),
        liouvillian_(half_liouvillian(battery, even_)),
        inverse_(battery, even_) {
    const char* const doing = "set up GMRES";
    check(KSPCreate(PETSC_COMM_SELF, solver_.out()), doing);
    KSP ksp = solver_.get();
    check(KSPSetOperators(ksp, liouvillian_.get(), liouvillian_.get()), doing);
    check(KSPSetType(ksp, KSPGMRES), doing);
    check(KSPGMRESSetRestart(ksp, restart), doing);
    check(KSPSetPCSide(ksp, PC_RIGHT), doing);  // so that residuals are those of L
    check(KSPSetInitialGuessNonzero(ksp, PETSC_TRUE), doing);
    PC pc = nullptr;
    check(KSPGetPC(ksp, &pc), doing);
    check(PCSetType(pc, PCSHELL), doing);
    check(PCShellSetContext(pc, &inverse_), doing);
    check(PCShellSetApply(pc, &precondition), doing);
    check(MatCreateVecs(liouvillian_.get(), nullptr, zero_.out()), doing);
    check(VecSet(zero_.get(), 0), doing);
    check(KSPMonitorSet(ksp, &after_iteration, this, nullptr), doing);
  }
  SteadyGmres(const SteadyGmres&) = delete;  // PETSc knows where it is
  SteadyGmres& operator=(const SteadyGmres&) = delete;
  ~SteadyGmres() = default;

  SteadySolution run() {
    const petsc::Vector x = make_vector(liouvillian_.get(), first_state_of(search_, even_));
    const double first_residual = residual(x.get());
    first_norm_ = first_residual * norm_of(x.get());
    if (const double reached = reduce(x.get(), search_.tolerance); reached > search_.tolerance) {
      throw_not_converged(first_residual, reached);
    }
    HalfState steady = {numbers_of(x.get()), 0.0};
    normalise_trace(even_, steady.numbers);
    steady.residual = residual(make_vector(liouvillian_.get(), steady.numbers).get());
    if (search_.count_states && !found_again(steady)) {
      constexpr std::int64_t at_least = 2;
      return several_steady_states(at_least, applications_);
    }
    return unique_steady_state(even_, steady, first_residual, applications_);
  }

 private:
  static PetscErrorCode after_iteration(KSP, PetscInt, PetscReal norm, void* context) {
    auto* const self = static_cast<SteadyGmres*>(context);
    return petsc::guarded([&] { look_in(self->search_.on_step, self->done(norm)); });
  }

  /// The share of the digits of the residual's norm that are there.
  [[nodiscard]] double done(double norm) const {
    const double share = std::log(norm / first_norm_) / std::log(wanted_norm_ / first_norm_);
    return std::isfinite(share) ? std::clamp(share, 0.0, 1.0) : unknown;
  }

  double residual(Vec x) {
    ++applications_;
    return relative_residual(liouvillian_.get(), x);
  }

  /// Improves x until its residual is `tolerance`; gives the one reached.
  double reduce(Vec x, double tolerance) {
    const char* const doing = "solve for a steady state by GMRES";
    double here = residual(x);
    constexpr int most_solves = 8;
    for (int solve = 0; solve < most_solves && here > tolerance; ++solve) {
      // The norm of x changes on the way, and with it what is required; rounding takes a few more.
      wanted_norm_ = 0.5 * tolerance * norm_of(x);
      check(KSPSetTolerances(solver_.get(), 0.0, wanted_norm_, PETSC_DEFAULT, most_iterations),
            doing);
      check(KSPSolve(solver_.get(), zero_.get(), x), doing);
      PetscInt iterations = 0;
      KSPConvergedReason reason = KSP_CONVERGED_ITERATING;
      check(KSPGetIterationNumber(solver_.get(), &iterations), doing);
      check(KSPGetConvergedReason(solver_.get(), &reason), doing);
      applications_ += iterations;
      here = residual(x);
      if (reason < 0) {
        break;
      }
    }
    return here;
  }

  /// Whether a pure state leads to the same steady state.
  bool found_again(const HalfState& steady) {
    // A conserved quantity other than the trace keeps the two states apart for good. It takes few
    // digits to see whether it does.
    constexpr double close = 1e-2;
    first_norm_ = unknown;  // few of its digits may do
    const petsc::Vector x = make_vector(liouvillian_.get(), generic_pure_state(even_));
    const double apart_at_first = distance(numbers_of(x.get()), steady.numbers);
    const double first_residual = residual(x.get());
    for (double reduction = 1e-3;; reduction *= 1e-2) {
      const double wanted = std::max(reduction * first_residual, search_.tolerance);
      const double reached = reduce(x.get(), wanted);
      if (!(reached <= wanted)) {
        throw_not_converged(first_residual, reached);
      }
      std::vector<double> again = numbers_of(x.get());
      normalise_trace(even_, again);
      if (distance(again, steady.numbers) <= close * apart_at_first) {
        return true;
      }
      if (wanted <= search_.tolerance) {
        return false;
      }
    }
  }

  static double norm_of(Vec x) {
    PetscReal norm = 0;
    check(VecNorm(x, NORM_2, &norm), "take a norm");
    return norm;
  }

  static double distance(const std::vector<double>& a, const std::vector<double>& b) {
    double square = 0.0;
    for (std::size_t e = 0; e < a.size(); ++e) {
      square += (a[e] - b[e]) * (a[e] - b[e]);
    }
    return std::sqrt(square);
  }

  [[noreturn]] void throw_not_converged(double first, double last) const {
    throw EnvironmentError(fmt::format(
        "GMRES did not converge to a steady state in {} applications: residual {:.1e} at first, "
        "{:.1e} at last, {:.1e} required",
        applications_, first, last, search_.tolerance));
  }

  SteadySearch search_;
  ParityHalf even_;
  petsc::Matrix liouvillian_;
  NoJumpInverse inverse_;
  petsc::LinearSolver solver_;
  petsc::Vector zero_;
  double first_norm_ = unknown;   // of L x where GMRES began
  double wanted_norm_ = unknown;  // where it ends
  std::int64_t applications_ = 0;
};

}  // namespace

SteadySolution steady_gmres(const BatteryParameters& battery, const SteadySearch& search,
                            int restart) {
  if (without_noise(battery)) {
    throw InputError(
        "method gmres needs noise: with kappa, gamma_down and gamma_phi all 0 every function of H "
        "is a steady state");
  }
  return SteadyGmres(battery, search, restart).run();
}

double steady_gmres_bytes(const BatteryParameters& battery) {
  const double full =
      static_cast<double>(count_unknowns(battery.N, battery.fock_dim, has_local_noise(battery)));
  // The Krylov basis and what GMRES works with, two states and a start; the shell's copies.
  const double halves = steady_gmres_restart + 12;
  const double shell = full + 2 * parity_sector_doubles(battery);
  return 8 * (halves * full / 2 + shell) + NoJumpInverse::bytes(battery);
}

}  // namespace qbsweep
