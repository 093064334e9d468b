#include "qbsweep/dynamics/ts_charging.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>
#include <utility>

#include "group_watch.hpp"
#include "initial_state.hpp"
#include "qbsweep/dynamics/charging_path.hpp"
#include "qbsweep/dynamics/figures_recorder.hpp"
#include "qbsweep/dynamics/hermite_step.hpp"
#include "qbsweep/dynamics/result_scales.hpp"
#include "qbsweep/dynamics/scheduled_liouvillian.hpp"
#include "qbsweep/dynamics/state_observer.hpp"
#include "qbsweep/model/hamiltonian.hpp"
#include "qbsweep/operators/assembled.hpp"
#include "qbsweep/operators/field_of_values.hpp"
#include "qbsweep/operators/matrix_free.hpp"
#include "qbsweep/support/error.hpp"

namespace qbsweep {
namespace {

using petsc::check;

void set_first_state(const StateBasis& basis, const InitialMixture& first, Vec state) {
  const char* const doing = "set the initial state";
  PetscInt begin = 0;
  PetscInt end = 0;
  check(VecGetOwnershipRange(state, &begin, &end), doing);
  const int fock_dim = basis.fock_dim();
  Element element = begin < end ? basis.element(begin) : Element{};
  for (PetscInt e = begin; e < end; ++e, basis.advance(element)) {
    if (element.block == 0) {
      const double value = rotation_sign(element.i - element.k) *
                           first.element(fock_dim, element.i, element.n, element.k, element.l);
      check(VecSetValue(state, e, value, INSERT_VALUES), doing);
    }
  }
  check(VecAssemblyBegin(state), doing);
  check(VecAssemblyEnd(state), doing);
}

/// What the callbacks of TS work on.
struct Integration {
  const ScheduledLiouvillian* liouvillian;
  StateObserver* observer;
  FiguresRecorder* recorder;
  GroupWatch* watch;
  const StateCallback* on_state;
  double t_max;
  double tolerance;            // of a state, as a part of its norm
  std::vector<double> scales;  // of the observations

  std::int64_t applications = 0;
  std::int64_t steps_since_look = 0;
  double t = 0.0;
  Observation at_t = {};
  std::optional<HermiteStep> last_step = {};
  double interpolation_error = 0.0;
  double first_step = 0.0;                        // a careful one
  std::array<petsc::Vector, 2> derivatives = {};  // of a state whose L changes
};

PetscErrorCode apply_liouvillian(TS, PetscReal t, Vec state, Vec derivative, void* context) {
  auto* const integration = static_cast<Integration*>(context);
  integration->applications += static_cast<std::int64_t>(integration->liouvillian->matrices());
  return petsc::guarded([&] { integration->liouvillian->apply(t, state, derivative); });
}

void observe(Integration& integration, double t, Vec state, Observation& now) {
  const ScheduledLiouvillian& L = *integration.liouvillian;
  if (L.stands_still()) {
    integration.observer->observe(state, now);
    return;
  }
  for (petsc::Vector& derivative : integration.derivatives) {
    if (derivative.get() == nullptr) {
      check(VecDuplicate(state, derivative.out()), "observe a state");
    }
  }
  Vec first = integration.derivatives[0].get();
  Vec second = integration.derivatives[1].get();
  L.apply(t, state, first);
  L.apply(t, first, second);
  L.add_rate(t, state, second);
  integration.applications += 3 * static_cast<std::int64_t>(L.matrices());
  integration.observer->observe(state, first, second, now);
}

/// Keeps the next step short enough for the interpolation over it, whose error grows with the sixth
/// power of the step. An order-5 integrator meets this limit while its steps grow from the first,
/// tiny one, and at loose tolerances; an integrator of higher order all the time.
void limit_next_step(TS ts, const HermiteStep& step, double error, const Integration& integration) {
  const char* const doing = "limit the step";
  // In the first, tiny steps the error is rounding, which must not decide how long the next one is:
  // it differs between rank counts.
  const double credible_error = std::max(error, 1e-3 * integration.tolerance);
  const double longest = (step.t_end() - step.t_begin()) *
                         std::pow(integration.tolerance / 2 / credible_error, 1.0 / 6);
  PetscReal next = 0;
  check(TSGetTimeStep(ts, &next), doing);
  if (next > longest) {
    check(TSSetTimeStep(ts, longest), doing);
  }
}

void follow_step(TS ts, Integration& integration, double t, Vec state) {
  Observation now;
  observe(integration, t, state, now);
  if (t > integration.t) {
    HermiteStep step(integration.t, integration.at_t, t, now);
    if (integration.last_step) {
      const double error = step.error_estimate(*integration.last_step, integration.scales);
      integration.interpolation_error = std::max(integration.interpolation_error, error);
      limit_next_step(ts, step, error, integration);
    }
    integration.recorder->step(step);
    integration.last_step = std::move(step);
  }
  integration.t = t;
  integration.at_t = std::move(now);
  if (*integration.on_state) {
    (*integration.on_state)(t, state);
  }
  if (++integration.steps_since_look >= integration.watch->steps_between_looks()) {
    Progress progress;
    progress.time = t;
    progress.fraction = t / integration.t_max;
    double unused = 0;
    const WatchAction action =
        integration.watch->look(progress, std::exchange(integration.steps_since_look, 0), unused);
    if (action == WatchAction::save_and_stop || action == WatchAction::stop) {
      throw ComputationLeft();
    }
  }
}

PetscErrorCode after_step(TS ts, PetscInt, PetscReal t, Vec state, void* context) {
  return petsc::guarded([&] { follow_step(ts, *static_cast<Integration*>(context), t, state); });
}

/// A bound of the norm of L: twice what bounds its field of values. Sets the first, careful step.
double norm_bound(const BatteryParameters& battery) {
  const FieldOfValues values = field_of_values(battery, battery.fock_dim, energy_range(battery));
  return 2 * values.reach();
}

petsc::Matrix make_liouvillian(MPI_Comm comm, const StateBasis& basis,
                               const BatteryParameters& battery, LiouvillianKind kind) {
  switch (kind) {
    case LiouvillianKind::assembled:
      return assemble_liouvillian(comm, basis, battery);
    case LiouvillianKind::matrix_free:
      break;
  }
  // Its kernels are those of parity halves.
  return carries(Carrier::parity_kernel, battery) ? matrix_free_liouvillian(comm, basis, battery)
                                                  : assemble_liouvillian(comm, basis, battery);
}

bool is_explicit(TS ts) {
  PetscBool found = PETSC_FALSE;
  check(PetscObjectTypeCompareAny(reinterpret_cast<PetscObject>(ts), &found, TSRK, TSEULER, TSSSP,
                                  TSGLEE, ""),
        "ask for the type of the integrator");
  return found == PETSC_TRUE;
}

/// The steps of an explicit integrator are no longer than the fastest decay and motion allow.
void refuse_what_does_not_end(TS ts, const BatteryParameters& battery, double t_max) {
  const FieldOfValues values = field_of_values(battery, battery.fock_dim, energy_range(battery));
  // Six stages a step, and stability up to 3.3 on the negative axis.
  constexpr double applications_per_decay = 6 / 3.3;
  const double applications =
      t_max * std::max(applications_per_decay * values.support(std::numbers::pi),
                       values.support(std::numbers::pi / 2));
  if (is_explicit(ts) && applications > most_applications) {
    throw EnvironmentError(fmt::format(
        "steps that are stable take {:.1e} applications of the Liouvillian, and {:.0e} are "
        "accepted: an implicit -ts_type with --operator assembled takes longer ones, and "
        "--propagator chebyshev has a path for fast decay",
        applications, most_applications));
  }
}

/// Integrators other than the explicit ones solve equations with the matrix. Without one PETSc
/// would make it by finite differences, and dense, which no machine holds.
void refuse_implicit_type(TS ts, bool assembled) {
  if (!is_explicit(ts)) {
    const char* const doing = "ask for the type of the integrator";
    TSType type = nullptr;
    check(TSGetType(ts, &type), doing);
    throw InputError(fmt::format(
        "-ts_type {} needs the Liouvillian as a matrix{}: accepted are rk, euler, ssp and glee, or "
        "any type with{}",
        type, assembled ? " that stays as it is" : "",
        assembled ? "out a schedule" : " --operator assembled"));
  }
}

petsc::Stepper make_stepper(MPI_Comm comm, Integration& integration, std::int64_t unknowns,
                            const BatteryParameters& battery, const ChargingSettings& settings) {
  const char* const doing = "set up the integrator";
  petsc::Stepper stepper;
  TS ts = nullptr;
  check(TSCreate(comm, stepper.out()), doing);
  ts = stepper.get();
  check(TSSetProblemType(ts, TS_LINEAR), doing);
  check(TSSetType(ts, TSRK), doing);
  check(TSRKSetType(ts, TSRK5BS), doing);
  check(TSSetRHSFunction(ts, nullptr, &apply_liouvillian, &integration), doing);
  const bool assembled = settings.liouvillian == LiouvillianKind::assembled;
  if (assembled && integration.liouvillian->stands_still()) {
    Mat L = integration.liouvillian->standing();
    check(TSSetRHSJacobian(ts, L, L, &TSComputeRHSJacobianConstant, nullptr), doing);
  }
  check(TSSetMaxSteps(ts, std::numeric_limits<PetscInt>::max()), doing);
  check(TSSetExactFinalTime(ts, TS_EXACTFINALTIME_MATCHSTEP), doing);
  // TS weighs the error as a root mean square over the elements; this makes it the Frobenius norm.
  const double absolute = integration.tolerance / std::sqrt(static_cast<double>(unknowns));
  check(TSSetTolerances(ts, absolute, nullptr, 0.0, nullptr), doing);
  const double norm = norm_bound(battery);
  integration.first_step = norm > 0 ? std::pow(integration.tolerance, 0.2) / norm : settings.t_max;
  check(TSSetTimeStep(ts, std::min(integration.first_step, settings.t_max)), doing);
  check(TSMonitorSet(ts, &after_step, &integration, nullptr), doing);
  check(TSSetFromOptions(ts), doing);
  if (!assembled || !integration.liouvillian->stands_still()) {
    refuse_implicit_type(ts, assembled);
  }
  refuse_what_does_not_end(ts, battery, settings.t_max);
  return stepper;
}

/// To the end of a piece, from the end of the one before, where the controls may have jumped.
void integrate_piece(TS ts, Vec state, const SchedulePiece& piece, bool moves,
                     Integration& integration) {
  const char* const doing = "integrate the charging run";
  if (piece.begin > 0) {
    integration.t = piece.begin;
    integration.last_step.reset();
    check(TSSetTime(ts, piece.begin), doing);
    check(TSSetConvergedReason(ts, TS_CONVERGED_ITERATING), doing);
    check(TSRestartStep(ts), doing);
  }
  check(TSSetMaxTime(ts, piece.end), doing);
  // The interpolation over a step must follow the controls as well.
  constexpr double steps_of_moving_piece = 200;
  TSAdapt adapt = nullptr;
  check(TSGetAdapt(ts, &adapt), doing);
  PetscReal shortest = 0;
  PetscReal longest = 0;
  check(TSAdaptGetStepLimits(adapt, &shortest, &longest), doing);
  const double followed = (piece.end - piece.begin) / steps_of_moving_piece;
  check(TSAdaptSetStepLimits(adapt, shortest, moves ? std::min(longest, followed) : longest),
        doing);
  check(TSSetTimeStep(ts, std::min(integration.first_step, piece.end - piece.begin)), doing);
  check(TSSolve(ts, state), doing);
  check(TSAdaptSetStepLimits(adapt, shortest, longest), doing);
  TSConvergedReason reason = TS_CONVERGED_ITERATING;
  check(TSGetConvergedReason(ts, &reason), doing);
  if (reason <= 0 || !(integration.t >= piece.end * (1 - 1e-12))) {
    throw EnvironmentError(fmt::format("the integration stopped at t = {} before t_max = {}: {}",
                                       integration.t, integration.t_max,
                                       TSConvergedReasons[reason]));
  }
}

}  // namespace

ChargingResult ts_charging(MPI_Comm comm, const BatteryParameters& battery,
                           const ChargingSettings& settings, const Watch& watch,
                           const StateCallback& on_state) {
  const StateBasis basis(battery.N, battery.fock_dim, has_local_noise(battery));
  const InitialMixture first = initial_mixture(battery);
  ScheduledLiouvillian liouvillian(
      battery, settings.schedule, [&](const BatteryParameters& standing) {
        return make_liouvillian(comm, basis, standing, settings.liouvillian);
      });

  petsc::Vector state;
  check(MatCreateVecs(liouvillian.standing(), state.out(), nullptr), "make a state");
  set_first_state(basis, first, state.get());

  const ObservationRequest request = request_of(settings.observables);
  StateObserver observer =
      liouvillian.stands_still()
          ? StateObserver(basis, battery, liouvillian.standing(), request)
          : StateObserver::of_given_derivatives(basis, battery, liouvillian.standing(), request);
  FiguresRecorder recorder(basis, battery, settings);
  GroupWatch group_watch(comm, watch);
  Integration integration = {&liouvillian,
                             &observer,
                             &recorder,
                             &group_watch,
                             &on_state,
                             settings.t_max,
                             relative_tolerance(battery, settings.tolerance),
                             observation_scales(observer.layout(), battery)};
  const BatteryParameters widest = settings.schedule.widest(battery);
  const petsc::Stepper stepper = make_stepper(comm, integration, basis.size(), widest, settings);
  for (const SchedulePiece& piece : pieces_of(settings)) {
    liouvillian.enter(piece);
    if (piece.begin > 0) {
      recorder.end_piece();
    }
    recorder.begin_piece(piece, {}, frame_of_terms(battery));
    integrate_piece(stepper.get(), state.get(), piece, !settings.schedule.moving(piece).empty(),
                    integration);
  }

  if (integration.interpolation_error > 10 * integration.tolerance) {
    throw EnvironmentError(fmt::format(
        "the steps of the integrator are too long to interpolate over: error {:.1e} for "
        "a tolerance of {:.1e}; give a shorter -ts_adapt_dt_max",
        integration.interpolation_error * largest_energy(battery), settings.tolerance));
  }

  ChargingResult result = recorder.finish();
  result.diagnostics.coherent_weight_cut = first.weight_cut;
  result.diagnostics.operator_applications = integration.applications + observer.applications();
  result.diagnostics.unknowns = basis.size();
  result.diagnostics.fock_dim = basis.fock_dim();
  if (!has_local_noise(battery)) {
    result.diagnostics.reductions.add(Reduction::symmetric_subspace);
  }
  return result;
}

}  // namespace qbsweep
