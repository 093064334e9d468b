#pragma once
/// \file
/// Without noise a charging run stays pure: its state vector is evolved in the place of the state.

#include <vector>

#include "qbsweep/model/observations.hpp"
#include "qbsweep/model/parameters.hpp"
#include "qbsweep/operators/sector.hpp"
#include "qbsweep/operators/sector_state.hpp"

namespace qbsweep {

/// -iH on the vectors of j = N/2, in the laboratory frame and the rotated spin basis
/// (hamiltonian.hpp): psi = u + iv with  du/dt = A u + S v,  dv/dt = A v - S u. Where a battery has
/// noise, its evolution between the jumps: half of what jumps lose is taken off, but for the
/// dephasing of single atoms, which all states lose alike; the vector's norm falls. Storage: u,
/// then v, each [i][n]. Everything is observed: observations are quadratic in psi, and
/// pure_state_observations() makes them from it.
class PureStateOperator final : public MatrixFreeOperator {
 public:
  /// \param energy_origin  subtracted from all energies: a phase that nothing observes
  explicit PureStateOperator(const BatteryParameters& battery, double energy_origin = 0.0);

  [[nodiscard]] std::int64_t size() const override;
  [[nodiscard]] std::int64_t unknowns() const override { return size(); }
  void apply(const double* x, double* y, const Recurrence& weights) const override;
  void set_pure_state(std::span<const double> amplitudes, double* x) const override;
  /// Every amplitude is observed already.
  void observe_more(ObservationRequest /*request*/, const BatteryParameters& /*battery*/) override {
  }
  [[nodiscard]] const std::vector<std::int64_t>& observed() const override { return observed_; }
  void observe(const double* x, double* observations) const override;

 private:
  struct MatrixElement {
    std::int64_t row;
    std::int64_t column;
    double value;
  };
  void add_coupling();
  void add_other_elements();

  BatteryParameters battery_;
  std::vector<double> raise_;   // g' <i + 1| J_+ |i>
  std::vector<double> root_;    // sqrt(n)
  std::vector<double> energy_;  // of [i][n]
  std::vector<double> damping_;
  // Elements beside the diagonal of other terms than the coupling, of A and of S.
  std::vector<MatrixElement> antisymmetric_;
  std::vector<MatrixElement> symmetric_;
  std::vector<std::int64_t> observed_;
};

/// The observations (ObservationLayout, without local noise) of the pure state u + iv.
void pure_state_observations(const BatteryParameters& battery, const ObservationLayout& layout,
                             std::span<const double> psi, std::span<double> observations);

}  // namespace qbsweep
