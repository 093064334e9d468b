#include "qbsweep/dynamics/collocation_charging.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>
#include <utility>

#include "group_watch.hpp"
#include "initial_state.hpp"
#include "qbsweep/dynamics/chebyshev_segment.hpp"
#include "qbsweep/dynamics/figures_recorder.hpp"
#include "qbsweep/dynamics/result_scales.hpp"
#include "qbsweep/dynamics/series_steps.hpp"
#include "qbsweep/model/hamiltonian.hpp"
#include "qbsweep/model/observations.hpp"
#include "qbsweep/model/reductions.hpp"
#include "qbsweep/operators/reached_liouvillian.hpp"
#include "qbsweep/parallel/collectively.hpp"
#include "qbsweep/support/error.hpp"
#include "radau_collocation.hpp"

namespace qbsweep {
namespace {

constexpr int stages = RadauCollocation::stages;
constexpr int checked = 3;  // coefficients that must have died out
/// More than any path that charging_path() gives here takes; rounding may stop steps from growing.
constexpr int most_steps = 100'000;
constexpr double rounding = std::numeric_limits<double>::epsilon();

/// In the frame that rotates at omega_c, where that removes most of the free evolution. It changes
/// no observation: <H_I> and photons conserve the excitation number, and rho_B is only turned.
BatteryParameters in_calm_frame(BatteryParameters battery) {
  if (excitations_are_bounded(battery)) {
    battery.omega_0 -= battery.omega_c;
    battery.omega_c = 0.0;
  }
  return battery;
}

class CollocationCharging {
 public:
  CollocationCharging(MPI_Comm comm, const BatteryParameters& battery,
                      const ChargingSettings& settings, const Watch& watch)
      : battery_(battery),
        settings_(settings),
        watch_(comm, watch),
        first_(initial_mixture(battery)),
        basis_(battery.N, battery.fock_dim, has_local_noise(battery)),
        layout_(basis_, battery, request_of(settings.observables)),
        recorder_(basis_, battery, settings),
        tolerance_(std::max(series_tolerance(battery, settings.tolerance), 1000 * rounding)) {
    collectively(comm, [&] { set_up(); });
  }

  ChargingResult run();

 private:
  void set_up();
  void record(double begin, double end, const Eigen::MatrixXd& coefficients);
  void look(double t);

  BatteryParameters battery_;
  ChargingSettings settings_;
  GroupWatch watch_;
  InitialMixture first_;
  StateBasis basis_;
  ObservationLayout layout_;
  FiguresRecorder recorder_;
  double tolerance_;  // of what a step leaves open in an element

  ReachedLiouvillian liouvillian_;
  Eigen::VectorXd state_;
  Eigen::SparseMatrix<double> observations_;  // of the elements kept
  std::shared_ptr<std::vector<std::int64_t>> positions_ =
      std::make_shared<std::vector<std::int64_t>>();
};

void CollocationCharging::set_up() {
  const int fock_dim = basis_.fock_dim();
  const int rows = basis_.N() + 1;
  std::vector<std::int64_t> from;
  std::vector<double> values;
  for (int i = 0; i < rows; ++i) {
    for (int k = 0; k < rows; ++k) {
      for (int n = 0; n < fock_dim; ++n) {
        for (int l = 0; l < fock_dim; ++l) {
          const double value = rotation_sign(i - k) * first_.element(fock_dim, i, n, k, l);
          if (value != 0) {
            from.push_back(basis_.index({0, i, k, n, l}));
            values.push_back(value);
          }
        }
      }
    }
  }
  std::vector<std::int64_t> to;
  for_each_observation(layout_, basis_, battery_,
                       [&](std::int64_t, std::int64_t element, double) { to.push_back(element); });
  liouvillian_ = reached_liouvillian(basis_, in_calm_frame(battery_), from, to);
  const auto& kept = liouvillian_.elements;
  const auto number_of = [&](std::int64_t element) {
    const auto found = std::lower_bound(kept.begin(), kept.end(), element);
    return found != kept.end() && *found == element ? static_cast<int>(found - kept.begin()) : -1;
  };
  state_ = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(kept.size()));
  for (std::size_t e = 0; e < from.size(); ++e) {
    if (const int number = number_of(from[e]); number >= 0) {
      state_[number] = values[e];
    }
  }
  std::vector<Eigen::Triplet<double>> weights;
  for_each_observation(layout_, basis_, battery_,
                       [&](std::int64_t position, std::int64_t element, double weight) {
                         if (const int number = number_of(element); number >= 0) {
                           weights.emplace_back(static_cast<int>(position), number, weight);
                         }
                       });
  observations_.resize(static_cast<Eigen::Index>(layout_.size()), state_.size());
  observations_.setFromTriplets(weights.begin(), weights.end());
  positions_->resize(static_cast<std::size_t>(layout_.size()));
  std::iota(positions_->begin(), positions_->end(), 0);
}

ChargingResult CollocationCharging::run() {
  const Eigen::VectorXd row_sums =
      liouvillian_.matrix.cast<double>().cwiseAbs() * Eigen::VectorXd::Ones(state_.size());
  const double norm = row_sums.size() > 0 ? row_sums.maxCoeff() : 0.0;
  RadauCollocation collocation(liouvillian_.matrix);
  Eigen::MatrixXd coefficients;
  double longest = std::min(settings_.t_max, norm > 0 ? 4 / norm : settings_.t_max);
  double t = 0.0;
  for (int steps = 0; t < settings_.t_max; ++steps) {
    const bool last = longest >= (settings_.t_max - t) * (1 - 1e-9);
    const double length = last ? settings_.t_max - t : longest;
    look(t);
    if (length != collocation.length()) {
      collectively(watch_.comm(), [&] { collocation.set_length(length); });
    }
    collocation.solve(state_, coefficients);
    const double rest = coefficients.rightCols(checked).cwiseAbs().maxCoeff();
    if (!(rest <= tolerance_)) {
      longest = length / 2;
      if (longest * norm < 1e-3 || steps > most_steps) {
        throw EnvironmentError(fmt::format(
            "implicit steps of {:.1e} at t = {:.6g} leave {:.1e} of the state open, and {:.1e} is "
            "accepted",
            length, t, rest, tolerance_));
      }
      continue;
    }
    const double end = last ? settings_.t_max : t + length;
    record(t, end, coefficients);
    state_ = coefficients.rowwise().sum();  // T_k is 1 at the end
    t = end;
    // Twice as long a step needs twice as many coefficients.
    if (coefficients.rightCols(stages / 2).cwiseAbs().maxCoeff() <= tolerance_) {
      longest = std::max(longest, 2 * length);
    }
  }
  ChargingResult result = recorder_.finish();
  ChargingDiagnostics& diagnostics = result.diagnostics;
  require_trace(diagnostics.trace_error_max, battery_, settings_.tolerance);
  diagnostics.coherent_weight_cut = first_.weight_cut;
  diagnostics.operator_applications = collocation.solutions();
  diagnostics.unknowns = state_.size();
  diagnostics.fock_dim = battery_.fock_dim;
  if (!has_local_noise(battery_)) {
    diagnostics.reductions.add(Reduction::symmetric_subspace);
  }
  return result;
}

void CollocationCharging::record(double begin, double end, const Eigen::MatrixXd& coefficients) {
  const Eigen::MatrixXd observed = observations_ * coefficients;
  Table rows(stages + 1, layout_.size());
  for (int k = 0; k <= stages; ++k) {
    Eigen::Map<Eigen::VectorXd>(rows.row(k), layout_.size()) = observed.col(k);
  }
  // Fewer coefficients are fewer turns to look for; what is cut is rounding.
  const std::vector<double> scales = observation_scales(layout_, battery_);
  const Eigen::Map<const Eigen::VectorXd> scale(scales.data(), layout_.size());
  int degree = stages;
  while (degree > 2 && (observed.col(degree).array() / scale.array()).abs().maxCoeff() < rounding) {
    --degree;
  }
  recorder_.step(ChebyshevSegment(begin, end, std::move(rows), positions_, layout_.size(), degree));
}

void CollocationCharging::look(double t) {
  Progress progress;
  progress.time = t;
  progress.fraction = t / settings_.t_max;
  double unused = 0;
  const WatchAction action = watch_.look(progress, 1, unused);
  if (action == WatchAction::save_and_stop || action == WatchAction::stop) {
    throw ComputationLeft();
  }
}

}  // namespace

ChargingResult collocation_charging(MPI_Comm comm, const BatteryParameters& battery,
                                    const ChargingSettings& settings, const Watch& watch) {
  return CollocationCharging(comm, battery, settings, watch).run();
}

}  // namespace qbsweep
