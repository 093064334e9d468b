// How Fock levels come and go from one step to the next.
#include <algorithm>
#include <memory>
#include <utility>

#include "charging_memory.hpp"
#include "qbsweep/operators/change_levels.hpp"
#include "qbsweep/parallel/collectively.hpp"
#include "qbsweep/parallel/mpi.hpp"
#include "series_run.hpp"

namespace qbsweep {
namespace {

/// Of parts that can change their levels.
const Sector& as_sector(const std::unique_ptr<MatrixFreeOperator>& part) {
  return dynamic_cast<const Sector&>(*part);
}

}  // namespace

bool SeriesRun::has_fock_levels() const {
  return !operators_.reductions.has(Reduction::excitation_sectors);
}

bool SeriesRun::can_change_levels() const {
  return dynamic_cast<const Sector*>(operators_.parts.front().get()) != nullptr;
}

void SeriesRun::cut_levels() {
  if (!can_change_levels() || states_.empty()) {
    return;
  }
  std::vector<double> populations(static_cast<std::size_t>(operators_.levels), 0.0);
  for (std::size_t p = 0; levels_.cuts() && p < operators_.parts.size(); ++p) {
    as_sector(operators_.parts[p]).add_populations(states_[p].data(), populations);
  }
  if (levels_.cuts() && Communicator::size_of(operators_.parts.front()->comm()) > 1) {
    check_mpi(MPI_Allreduce(MPI_IN_PLACE, populations.data(), operators_.levels, MPI_DOUBLE,
                            MPI_SUM, operators_.parts.front()->comm()),
              "add up the populations of several ranks");
  }
  const int levels = levels_.levels_after(run_.t, populations, operators_.levels);
  if (levels < operators_.levels) {
    use_levels(levels);
  }
}

void SeriesRun::add_levels(double duration) {
  const int levels = levels_.more(operators_.levels, recorder_.on_these_levels(), duration);
  if (levels > battery_.fock_dim && has_fock_levels()) {
    battery_.fock_dim = levels;
    series_tolerance_ = series_tolerance(battery_, settings_.tolerance);
    collectively(watch_.comm(), [&] {
      check_charging_memory(battery_, settings_, Communicator::size_of(watch_.comm()));
    });
    first_ = initial_mixture(battery_);
    basis_ = StateBasis(battery_.N, battery_.fock_dim, has_local_noise(battery_));
    layout_ = ObservationLayout(basis_, battery_, request_of(settings_.observables));
    recorder_.use_layout(layout_);
  }
  use_levels(levels);
  unknowns_ = std::max(unknowns_, operators_.unknowns());
}

void SeriesRun::use_levels(int levels) {
  const ChargingOperators before = std::exchange(operators_, {});
  make_operators(levels);
  // Without sectors for excitations that are gone.
  states_.resize(std::min(states_.size(), operators_.parts.size()));
  for (std::size_t p = 0; p < states_.size(); ++p) {
    const auto& from = as_sector(before.parts[p]);
    const auto& to = as_sector(operators_.parts[p]);
    SectorState state;
    collectively(watch_.comm(), [&] { state = SectorState(to.size()); });
    change_levels(from, states_[p].data(), to, state.data());
    states_[p] = std::move(state);
  }
}

}  // namespace qbsweep
