// The linear functionals of a state against traces on the full space.
//
// What would be caught: the sign of <H_I> and of the rotation, a missing N or photon weight, a
// partial trace that mixes rows and columns, a Fock tail of one level instead of two.
#include "qbsweep/model/observations.hpp"

#include <gtest/gtest.h>

#include "full_space.hpp"

namespace qbsweep {
namespace {

using testing::MatrixXcd;

TEST(Observables, EqualTracesOnTheFullSpace) {
  testing::Random random(31);
  for (int N = 1; N <= 4; ++N) {
    for (const Interaction interaction : {Interaction::dicke, Interaction::tavis_cummings}) {
      BatteryParameters battery;
      battery.interaction = interaction;
      battery.N = N;
      battery.g = 0.7;
      battery.fock_dim = 3;
      const StateBasis basis(N, battery.fock_dim, true);
      const std::vector<double> R = testing::random_numbers(random, basis.size());
      const ObservationLayout layout(basis, battery);
      std::vector<double> observations(static_cast<std::size_t>(layout.size()), 0.0);
      for_each_observation(basis, battery,
                           [&](std::int64_t position, std::int64_t element, double weight) {
                             observations[position] += weight * R[element];
                           });

      const testing::FullSpace space(N, battery.fock_dim, basis.blocks());
      const testing::FullSpace battery_space(N, 1, basis.blocks());
      const MatrixXcd rho = space.embed(R);
      const std::vector<double> rho_B = battery_space.project(space.battery_part(rho));
      ASSERT_EQ(layout.battery_size, static_cast<std::int64_t>(rho_B.size()));
      for (std::size_t e = 0; e < rho_B.size(); ++e) {
        ASSERT_NEAR(observations[e], rho_B[e], 1e-12);
      }
      const MatrixXcd photons = space.a().adjoint() * space.a();
      const MatrixXcd top_two = (3 * photons - photons * photons) / 2;  // 0, 1, 1 for n = 0, 1, 2
      const auto trace = [&](const MatrixXcd& O) { return (O * rho).trace().real(); };
      EXPECT_NEAR(observations[layout.photon_number()], trace(photons), 1e-12);
      EXPECT_NEAR(observations[layout.interaction_energy()], trace(space.H_I(battery)), 1e-12);
      EXPECT_NEAR(observations[layout.fock_tail()], trace(top_two), 1e-12);
    }
  }
}

}  // namespace
}  // namespace qbsweep
