// Which symmetries a charging run has, case by case.
//
// What would be caught: a reduction that is claimed where it is not exact (results would be wrong),
// one that is forgotten (a point would cost more than it must), values that change (they are
// stored).
#include "qbsweep/model/reductions.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace qbsweep {
namespace {

struct Case {
  std::string name;
  Interaction interaction;
  Charger charger;
  double omega_c;  // omega_0 is 1
  double kappa;
  double gamma_down;
  double gamma_phi;
  std::vector<Reduction> expected;
  InitialState initial_state = InitialState::charged_cavity;
};

class ExactReductions : public ::testing::TestWithParam<Case> {};

TEST_P(ExactReductions, AreThose) {
  BatteryParameters battery;
  battery.N = 3;
  battery.g = 0.5;
  battery.interaction = GetParam().interaction;
  battery.charger = GetParam().charger;
  battery.initial_state = GetParam().initial_state;
  battery.omega_c = GetParam().omega_c;
  battery.kappa = GetParam().kappa;
  battery.gamma_down = GetParam().gamma_down;
  battery.gamma_phi = GetParam().gamma_phi;
  const Reductions found = exact_reductions(battery);
  Reductions expected;
  for (const Reduction reduction : GetParam().expected) {
    expected.add(reduction);
  }
  for (std::size_t r = 0; r < all_reductions.size(); ++r) {
    EXPECT_EQ(found.has(all_reductions[r]), expected.has(all_reductions[r])) << reduction_names[r];
  }
}

constexpr auto dicke = Interaction::dicke;
constexpr auto tavis_cummings = Interaction::tavis_cummings;
constexpr auto ground_state = InitialState::ground_state;
constexpr auto fock = Charger::fock;
constexpr auto coherent = Charger::coherent;
constexpr auto symmetric_subspace = Reduction::symmetric_subspace;
constexpr auto state_vector = Reduction::state_vector;
constexpr auto even_parity = Reduction::even_parity;
constexpr auto excitation_sectors = Reduction::excitation_sectors;
constexpr auto bounded_excitations = Reduction::bounded_excitations;
constexpr auto real_state = Reduction::real_state;

INSTANTIATE_TEST_SUITE_P(
    Cases, ExactReductions,
    ::testing::Values(
        Case{"dicke_closed", dicke, coherent, 1, 0, 0, 0, {symmetric_subspace, state_vector}},
        Case{"dicke_closed_fock", dicke, fock, 1, 0, 0, 0, {symmetric_subspace, state_vector}},
        Case{"dicke_lossy", dicke, coherent, 1, 0.1, 0, 0, {symmetric_subspace}},
        Case{"dicke_lossy_fock", dicke, fock, 1, 0.1, 0, 0, {symmetric_subspace, even_parity}},
        Case{"dicke_decay", dicke, coherent, 1, 0, 0.1, 0, {}},
        Case{"dicke_dephasing", dicke, coherent, 1, 0, 0, 0.1, {}},
        Case{"dicke_all_noise_fock", dicke, fock, 1.2, 0.1, 0.1, 0.1, {even_parity}},
        Case{"tc_closed", tavis_cummings, coherent, 1, 0, 0, 0, {symmetric_subspace, state_vector}},
        Case{"tc_lossy",
             tavis_cummings,
             coherent,
             1,
             0.1,
             0,
             0,
             {symmetric_subspace, excitation_sectors, bounded_excitations, real_state}},
        Case{"tc_lossy_detuned",
             tavis_cummings,
             coherent,
             0.9,
             0.1,
             0,
             0,
             {symmetric_subspace, excitation_sectors, bounded_excitations}},
        Case{"tc_all_noise_fock",
             tavis_cummings,
             fock,
             1,
             0.1,
             0.1,
             0.1,
             {excitation_sectors, bounded_excitations, real_state}},
        Case{"tc_decay_detuned",
             tavis_cummings,
             coherent,
             1.1,
             0,
             0.1,
             0,
             {excitation_sectors, bounded_excitations}},
        Case{"dicke_ground", dicke, coherent, 1, 0.1, 0.1, 0, {even_parity}, ground_state},
        Case{"dicke_ground_closed",
             dicke,
             coherent,
             1,
             0,
             0,
             0,
             {symmetric_subspace, state_vector},
             ground_state},
        Case{"tc_ground",
             tavis_cummings,
             coherent,
             1,
             0.1,
             0.1,
             0,
             {excitation_sectors, bounded_excitations},
             ground_state}),
    [](const auto& reduction) { return reduction.param.name; });

TEST(Reductions, AreStoredAsBits) {
  Reductions reductions;
  EXPECT_EQ(reductions.bits(), 0U);
  reductions.add(symmetric_subspace);
  reductions.add(real_state);
  reductions.add(real_state);
  EXPECT_EQ(reductions.bits(), 33U);
  std::uint32_t bit = 1;
  for (const Reduction reduction : all_reductions) {
    EXPECT_EQ(static_cast<std::uint32_t>(reduction), bit);
    bit *= 2;
  }
}

}  // namespace
}  // namespace qbsweep
