#pragma once
// Charging runs on the full 2^N space (full_space.hpp), from initial states that are written down
// there: each atom its own spinor, or the sum over all ways to excite k of them; the cavity's
// amplitudes by their recursions.
#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <vector>

#include "full_space.hpp"
#include "qbsweep/model/model_terms.hpp"

namespace qbsweep::testing {

inline Eigen::VectorXd first_spins(const BatteryParameters& battery) {
  const int N = battery.N;
  const double angle = battery.battery_state == BatteryState::rotated   ? battery.battery_angle
                       : battery.battery_state == BatteryState::excited ? M_PI
                                                                        : 0.0;
  Eigen::VectorXd psi(1 << N);
  for (int state = 0; state < (1 << N); ++state) {
    const int up = std::popcount(static_cast<unsigned>(state));
    psi(state) = battery.battery_state == BatteryState::dicke
                     ? (up == battery.battery_excitations ? 1.0 : 0.0)
                     : std::pow(std::sin(angle / 2), up) * std::pow(std::cos(angle / 2), N - up);
  }
  return psi.normalized();
}

/// The cavity's density matrix on fock_dim levels, of which the charger gets `levels`.
inline MatrixXd first_cavity(const BatteryParameters& battery, int levels) {
  Eigen::VectorXd amplitudes = Eigen::VectorXd::Zero(battery.fock_dim);
  const double m = battery.m;
  for (int n = 0; n < levels; ++n) {
    switch (battery.charger) {
      case Charger::fock:
        amplitudes(n) = n == m ? 1.0 : 0.0;
        break;
      case Charger::coherent:
        amplitudes(n) = n == 0 ? 1.0 : amplitudes(n - 1) * std::sqrt(m / n);
        break;
      case Charger::thermal:
        amplitudes(n) = n == 0 ? 1.0 : amplitudes(n - 1) * std::sqrt(m / (m + 1));
        break;
      case Charger::squeezed_vacuum:
        // (a cosh r + a^dag sinh r)|psi> = 0
        amplitudes(n) = n == 0       ? 1.0
                        : n % 2 != 0 ? 0.0
                                     : -std::sqrt(m / (m + 1) * (n - 1.0) / n) * amplitudes(n - 2);
        break;
    }
  }
  amplitudes.normalize();
  if (battery.charger == Charger::thermal) {
    return amplitudes.cwiseAbs2().asDiagonal();
  }
  return amplitudes * amplitudes.transpose();
}

/// rho(t) on the full space.
class FullSpaceCharging {
 public:
  /// \param charger_levels  Fock levels that the charger gets
  FullSpaceCharging(const BatteryParameters& battery, int charger_levels)
      : battery_(battery), space_(battery.N, battery.fock_dim, {SpinBlock{battery.N}}) {
    const Eigen::VectorXd spins = first_spins(battery);
    rho_ = kronecker((spins * spins.transpose()).cast<Complex>(),
                     first_cavity(battery, charger_levels).cast<Complex>());
  }

  [[nodiscard]] const MatrixXcd& state() const { return rho_; }
  void set_state(MatrixXcd rho) { rho_ = std::move(rho); }
  [[nodiscard]] const FullSpace& space() const { return space_; }

  /// By Taylor series, to rounding.
  /// \param more        of L, beside the terms that the full space knows
  /// \param more_terms  that it stands for
  void evolve(double duration, const std::function<MatrixXcd(const MatrixXcd&)>& more = {},
              const Terms& more_terms = {}) {
    constexpr double step = 0.25;
    const int steps = static_cast<int>(std::ceil(duration / step));
    for (int s = 0; s < steps; ++s) {
      MatrixXcd term = rho_;
      for (int k = 1; k <= 60 && term.norm() > 1e-17; ++k) {
        MatrixXcd next = MatrixXcd::Zero(rho_.rows(), rho_.cols());
        for (const TermName of_L : present_terms(battery_)) {
          if (!more_terms.has(of_L)) {
            next += space_.apply(of_L, battery_, term);
          }
        }
        if (more) {
          next += more(term);
        }
        term = next * (duration / steps / k);
        rho_ += term;
      }
    }
  }

  [[nodiscard]] double battery_energy() const {
    return (space_.H_B(battery_.omega_0) * rho_).trace().real();
  }
  [[nodiscard]] double photons() const {
    return (space_.a().adjoint() * space_.a() * rho_).trace().real();
  }
  [[nodiscard]] double interaction_energy() const {
    return (space_.H_I(battery_) * rho_).trace().real();
  }
  /// E_B less what is left when the populations are sorted, the most for the lowest energy.
  [[nodiscard]] double ergotropy() const {
    const MatrixXcd part = space_.battery_part(rho_);
    const Eigen::VectorXd populations =
        Eigen::SelfAdjointEigenSolver<MatrixXcd>(part).eigenvalues().reverse();
    std::vector<int> excited;
    for (int state = 0; state < (1 << battery_.N); ++state) {
      excited.push_back(std::popcount(static_cast<unsigned>(state)));
    }
    std::sort(excited.begin(), excited.end());
    double passive = 0;
    for (std::size_t s = 0; s < excited.size(); ++s) {
      passive += battery_.omega_0 * excited[s] * populations(static_cast<Eigen::Index>(s));
    }
    return battery_energy() - passive;
  }

 private:
  BatteryParameters battery_;
  FullSpace space_;
  MatrixXcd rho_;
};

}  // namespace qbsweep::testing
