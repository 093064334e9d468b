#pragma once
// Charging runs whose controls change, on the full 2^N space: extrapolated midpoint steps, which know
// nothing of series, with the controls as plain functions of time.
#include <array>
#include <functional>
#include <string_view>
#include <vector>

#include "full_space_charging.hpp"
#include "qbsweep/model/control.hpp"

namespace qbsweep::testing {

using FactorOfTime = std::function<double(double)>;

class ScheduledFullSpace {
 public:
  ScheduledFullSpace(const BatteryParameters& battery, int charger_levels,
                     std::array<FactorOfTime, number_of_controls> factors)
      : battery_(battery), charging_(battery, charger_levels), factors_(std::move(factors)) {}

  /// From t to `end`, between which no control jumps or has a kink.
  void evolve(double t, double end) {
    constexpr double longest = 0.1;
    const int steps = std::max(1, static_cast<int>(std::ceil((end - t) / longest)));
    for (int s = 0; s < steps; ++s) {
      step(t + (end - t) * s / steps, (end - t) / steps);
    }
  }

  /// <H(t)> of the state that there is.
  [[nodiscard]] double energy(double t) const {
    const FullSpace& space = charging_.space();
    const MatrixXcd minus = space.J_minus();
    const MatrixXcd across = minus + minus.adjoint();
    const MatrixXcd jz =
        space.H_B(1.0) - battery_.N / 2.0 * MatrixXcd::Identity(minus.rows(), minus.cols());
    const MatrixXcd a = space.a();
    const Complex i(0, 1);
    const MatrixXcd H =
        factor(Control::omega_0, t) * space.H_B(battery_.omega_0) +
        factor(Control::omega_c, t) * battery_.omega_c * a.adjoint() * a +
        factor(Control::coupling, t) * space.H_I(battery_) +
        factor(Control::drive, t) * battery_.drive * (a + a.adjoint()) +
        factor(Control::atom_drive, t) * battery_.atom_drive * across +
        factor(Control::drive_quadrature, t) * battery_.drive_quadrature * i * (a - a.adjoint()) +
        factor(Control::atom_drive_quadrature, t) * battery_.atom_drive_quadrature * i *
            (minus - minus.adjoint()) +
        (battery_.ising_z * jz * jz + battery_.ising_x / 4 * across * across) / battery_.N;
    return (H * charging_.state()).trace().real();
  }

  /// What there is at the time.
  [[nodiscard]] const FullSpaceCharging& now() const { return charging_; }
  [[nodiscard]] double factor(Control control, double t) const {
    const FactorOfTime& factor = factors_[static_cast<std::size_t>(control)];
    return factor ? factor(t) : 1.0;
  }

 private:
  [[nodiscard]] MatrixXcd rate(double t, const MatrixXcd& rho) const {
    BatteryParameters turned = battery_;
    turned.omega_0 *= factor(Control::omega_0, t);
    turned.omega_c *= factor(Control::omega_c, t);
    MatrixXcd sum = MatrixXcd::Zero(rho.rows(), rho.cols());
    for (const TermName term : present_terms(battery_)) {
      sum += factor_of(term, t) * charging_.space().apply(term, turned, rho);
    }
    return sum;
  }

  [[nodiscard]] double factor_of(std::string_view term, double t) const {
    if (term == "coupling") {
      return factor(Control::coupling, t);
    }
    if (term == "drive of the cavity") {
      return factor(Control::drive, t);
    }
    if (term == "drive of the atoms") {
      return factor(Control::atom_drive, t);
    }
    if (term == "turned drive of the cavity") {
      return factor(Control::drive_quadrature, t);
    }
    if (term == "turned drive of the atoms") {
      return factor(Control::atom_drive_quadrature, t);
    }
    if (term == "cavity loss" || term == "thermal photons") {
      return factor(Control::kappa, t);
    }
    return 1.0;
  }

  /// Gragg's midpoint rule with 2, 4, ... 20 substeps, extrapolated to none (Bulirsch and Stoer).
  void step(double t, double H) {
    constexpr int rows = 10;
    std::vector<MatrixXcd> table;
    for (int row = 0; row < rows; ++row) {
      const int n = 2 * (row + 1);
      const double h = H / n;
      // Just inside of the step, where a control has its value of this side.
      const auto time = [&](int k) {
        constexpr double inside = 1e-13;
        return t + H * std::clamp(static_cast<double>(k) / n, inside, 1 - inside);
      };
      MatrixXcd before = charging_.state();
      MatrixXcd now = before + h * rate(time(0), before);
      for (int k = 1; k < n; ++k) {
        MatrixXcd next = before + 2 * h * rate(time(k), now);
        before = std::move(now);
        now = std::move(next);
      }
      MatrixXcd newest = (now + before + h * rate(time(n), now)) / 2;
      for (int column = 0; column < row; ++column) {
        const double ratio = static_cast<double>(n) / (2 * (row - column));
        MatrixXcd better =
            newest + (newest - table[static_cast<std::size_t>(column)]) / (ratio * ratio - 1);
        table[static_cast<std::size_t>(column)] = std::move(newest);
        newest = std::move(better);
      }
      table.push_back(std::move(newest));
    }
    charging_.set_state(table.back());
  }

  BatteryParameters battery_;
  FullSpaceCharging charging_;
  std::array<FactorOfTime, number_of_controls> factors_;
};

}  // namespace qbsweep::testing
