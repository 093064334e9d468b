// Stiff charges: against the exponential of the same Liouvillian, made dense and in extended
// precision by squaring exp(L h) - 1, which loses nothing of slow motion beside fast decay.
#include "qbsweep/dynamics/collocation_charging.hpp"

#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <string>

#include "charging_paths.hpp"
#include "dynamics/initial_state.hpp"
#include "qbsweep/dynamics/charging_path.hpp"
#include "qbsweep/model/ergotropy.hpp"
#include "qbsweep/model/observations.hpp"
#include "qbsweep/operators/liouvillian_rows.hpp"
#include "qbsweep/support/error.hpp"
#include "random_batteries.hpp"

namespace qbsweep {
namespace {

using Real = long double;
using Matrix = Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic>;
using Vector = Eigen::Matrix<Real, Eigen::Dynamic, 1>;

/// exp(L t) - 1.
Matrix exponential_less_one(const Matrix& L, Real t) {
  const Real norm = L.cwiseAbs().rowwise().sum().maxCoeff() * t;
  const int squarings = std::max(0, static_cast<int>(std::ceil(std::log2(norm)))) + 3;
  const Matrix small = L * std::ldexp(t, -squarings);
  Matrix E = small;
  Matrix power = small;
  for (int k = 2; k < 16; ++k) {
    power = power * small / static_cast<Real>(k);
    E += power;
  }
  for (int s = 0; s < squarings; ++s) {
    E = E * E + 2 * E;
  }
  return E;
}

/// The samples of a charging run by that exponential.
class DenseCharging {
 public:
  explicit DenseCharging(const BatteryParameters& battery)
      : battery_(battery),
        basis_(battery.N, battery.fock_dim, has_local_noise(battery)),
        L_(Matrix::Zero(basis_.size(), basis_.size())),
        state_(Vector::Zero(basis_.size())) {
    const LiouvillianRows rows(basis_, battery);
    Element row;
    for (std::int64_t r = 0; r < basis_.size(); ++r, basis_.advance(row)) {
      rows.for_each_in_row(row,
                           [&](std::int64_t column, double weight) { L_(r, column) += weight; });
    }
    // Gains and losses of populations balance; in double precision they do so up to rounding.
    for (std::int64_t column = 0; column < basis_.size(); ++column) {
      if (is_population(column)) {
        Real sum = 0;
        for (std::int64_t r = 0; r < basis_.size(); ++r) {
          sum += is_population(r) ? L_(r, column) : 0;
        }
        L_(column, column) -= sum;
      }
    }
    const InitialMixture first = initial_mixture(battery);
    for (std::int64_t e = 0; e < basis_.size(); ++e) {
      const Element element = basis_.element(e);
      if (element.block == 0) {
        state_[e] = rotation_sign(element.i - element.k) *
                    first.element(battery.fock_dim, element.i, element.n, element.k, element.l);
      }
    }
  }

  /// Over one sample's distance.
  void step(Real duration) {
    if (duration != duration_) {
      propagator_ = exponential_less_one(L_, duration);
      duration_ = duration;
    }
    state_ += propagator_ * state_;
  }

  [[nodiscard]] BatteryEnergies energies(double& photons) const {
    const ObservationLayout layout(basis_, battery_);
    std::vector<double> observations(static_cast<std::size_t>(layout.size()), 0.0);
    for_each_observation(basis_, battery_, [&](std::int64_t position, std::int64_t e, double w) {
      observations[position] += static_cast<double>(w * state_[e]);
    });
    photons = observations[layout.photon_number()];
    BatteryObserver observer(battery_.N, basis_.blocks(), battery_.omega_0);
    return observer.energies({observations.data(), static_cast<std::size_t>(layout.battery_size)});
  }

 private:
  [[nodiscard]] bool is_population(std::int64_t e) const {
    const Element element = basis_.element(e);
    return element.i == element.k && element.n == element.l;
  }

  BatteryParameters battery_;
  StateBasis basis_;
  Matrix L_;
  Vector state_;
  Matrix propagator_;
  Real duration_ = 0;
};

void expect_the_exponential(const BatteryParameters& battery, const ChargingResult& result,
                            double tolerance) {
  DenseCharging exact(battery);
  const Trajectory& trajectory = result.trajectory;
  for (std::size_t s = 0; s < trajectory.time.size(); ++s) {
    if (s > 0) {
      exact.step(static_cast<Real>(trajectory.time.back()) /
                 static_cast<Real>(trajectory.time.size() - 1));
    }
    double photons = 0;
    const BatteryEnergies energies = exact.energies(photons);
    EXPECT_NEAR(trajectory.of("battery_energy")[s], energies.energy, tolerance) << s;
    EXPECT_NEAR(trajectory.of("photon_number")[s], photons, tolerance) << s;
    for (std::size_t d = 0; d < ergotropy_definitions; ++d) {
      EXPECT_NEAR(trajectory.ergotropy[d][s], energies.ergotropy[d], tolerance) << s;
    }
    EXPECT_LE(energies.energy, result.figures.battery_energy_max + tolerance);
  }
}

BatteryParameters small_battery() {
  BatteryParameters battery;
  battery.g = 0.7;
  battery.kappa = 0.2;
  battery.fock_dim = 3;
  battery.m = 1.0;
  return battery;
}

// Each rate and all of them, from slow to beyond anything.
TEST(CollocationCharging, IsTheExponentialHoweverFastTheDecay) {
  constexpr double tolerance = 1e-9;
  for (const double rate : {3.0, 1e4, 1e8}) {
    for (int which = 0; which < 5; ++which) {
      BatteryParameters battery = small_battery();
      battery.interaction = which % 2 == 0 ? Interaction::dicke : Interaction::tavis_cummings;
      battery.N = which < 3 ? 2 : 1;
      battery.kappa = which == 0 || which == 3 ? rate : 0.2;
      battery.gamma_down = which == 1 || which == 3 ? rate : 0.0;
      battery.gamma_phi = which == 2 || which == 3 ? 0.7 * rate : 0.1;
      if (which == 4) {
        battery.omega_c = 1.3;
        battery.gamma_phi = rate;
        battery.charger = Charger::fock;
      }
      SCOPED_TRACE(testing::describe(battery));
      const ChargingSettings settings = testing::settings_on(testing::fast_path, 2.0, 6, tolerance);
      expect_the_exponential(battery, collocation_charging(MPI_COMM_SELF, battery, settings),
                             tolerance);
    }
  }
}

/// Where both paths can go they find the same, maxima in continuous time included.
TEST(CollocationCharging, AgreesWithTheSeriesWhereThatGoes) {
  testing::Random random(81);
  constexpr double tolerance = 1e-9;
  for (int number = 0; number < 12; ++number) {
    BatteryParameters battery = testing::random_battery(random, 2);
    battery.fock_dim = std::min(battery.fock_dim, 6);
    battery.m = std::min(battery.m, 3.0);
    if (number % 3 == 0) {
      battery.initial_state = InitialState::ground_state;
    }
    SCOPED_TRACE(testing::describe(battery));
    const ChargingSettings settings = testing::settings_on(testing::fast_path, 5.0, 11, tolerance);
    const ChargingResult one = collocation_charging(MPI_COMM_SELF, battery, settings);
    const ChargingResult other = charging_run(MPI_COMM_SELF, battery, settings);
    EXPECT_NEAR(one.figures.battery_energy_max, other.figures.battery_energy_max, tolerance);
    EXPECT_NEAR(one.figures.power_energy_max, other.figures.power_energy_max, tolerance);
    EXPECT_NEAR(one.diagnostics.fock_tail_max, other.diagnostics.fock_tail_max, tolerance);
    for (std::size_t d = 0; d < ergotropy_definitions; ++d) {
      EXPECT_NEAR(one.figures.ergotropy_max[d], other.figures.ergotropy_max[d], tolerance);
      EXPECT_NEAR(one.figures.tau[d], other.figures.tau[d], 1e-4);
    }
    for (std::size_t s = 0; s < one.trajectory.time.size(); ++s) {
      EXPECT_NEAR(one.trajectory.of("total_energy")[s], other.trajectory.of("total_energy")[s],
                  tolerance);
      EXPECT_NEAR(one.trajectory.ergotropy[0][s], other.trajectory.ergotropy[0][s], tolerance);
    }
  }
}

// What was planned at 0.8 s and did not end.
TEST(ChargingPath, StiffPointsGoByCollocationAndOthersBySeries) {
  ChargingSettings settings;
  settings.t_max = 1.0;
  BatteryParameters battery = small_battery();
  EXPECT_EQ(charging_path(battery, settings).method, ChargingPath::Method::series);
  for (double BatteryParameters::*const rate :
       {&BatteryParameters::kappa, &BatteryParameters::gamma_down, &BatteryParameters::gamma_phi}) {
    BatteryParameters stiff = battery;
    stiff.*rate = 1e8;
    const ChargingPath path = charging_path(stiff, settings);
    EXPECT_EQ(path.method, ChargingPath::Method::collocation);
    EXPECT_GT(path.applications, 0);
    const ChargingResult result = charging_run(MPI_COMM_SELF, stiff, settings);
    const auto taken = static_cast<double>(result.diagnostics.operator_applications);
    EXPECT_LT(taken, 3 * path.applications);
    EXPECT_GT(taken, path.applications / 3);
    EXPECT_LT(static_cast<double>(result.diagnostics.unknowns),
              1.01 * static_cast<double>(path.unknowns));
  }
  settings.propagator = Propagator::ts;
  EXPECT_EQ(charging_path(battery, settings).method, ChargingPath::Method::integrator);
}

// A hundred million turns cannot be followed, whatever damps them.
TEST(ChargingPath, RefusesWhatDoesNotEnd) {
  ChargingSettings settings;
  settings.t_max = 1.0;
  for (double BatteryParameters::*const energy :
       {&BatteryParameters::g, &BatteryParameters::omega_0, &BatteryParameters::omega_c}) {
    for (const double kappa : {0.0, 1.0, 1e10}) {
      for (const bool automatic : {false, true}) {
        BatteryParameters battery = small_battery();
        battery.*energy = 6e8;
        battery.kappa = kappa;
        settings.auto_fock_dim = automatic;
        EXPECT_EQ(charging_path(battery, settings).method, ChargingPath::Method::none);
        try {
          (void)charging_run(MPI_COMM_SELF, battery, settings);
          FAIL() << "not refused";
        } catch (const std::exception& error) {
          EXPECT_NE(std::string(error.what()).find("radians"), std::string::npos) << error.what();
        }
      }
    }
  }
}

// Explicit steps are as short as the fastest decay.
TEST(ChargingPath, ExplicitIntegratorsRefuseStiffPoints) {
  BatteryParameters battery = small_battery();
  battery.kappa = 1e8;
  const ChargingSettings settings = testing::settings_on(testing::plain_path, 1.0, 0, 1e-8);
  EXPECT_THROW((void)charging_run(MPI_COMM_SELF, battery, settings), EnvironmentError);
}

}  // namespace
}  // namespace qbsweep
