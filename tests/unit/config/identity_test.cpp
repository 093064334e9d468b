#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "qbsweep/config/parameter_table.hpp"
#include "qbsweep/config/sweep.hpp"
#include "sweep_texts.hpp"

namespace qbsweep {
namespace {

using test::plain;
using test::read;
using test::with;
using test::with_axes;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::Pair;

std::vector<std::string> differences(const std::string& a, const std::string& b) {
  const Sweep first = read(a);
  const Sweep second = read(b);
  auto keys = differing_keys(first.identity(), second.identity());
  EXPECT_EQ(keys.empty(), first.identity_hash() == second.identity_hash());
  return keys;
}

TEST(Identity, HoldsEveryNumber) {
  EXPECT_THAT(
      read(with_axes("axes: [{name: z, labels: [a b, c], values: {kappa: [0, 1.50]}}]\n"))
          .identity(),
      ElementsAre(Pair("N", "4"), Pair("axes", "z(kappa)"), Pair("axes.z.labels", R"("a b" "c")"),
                  Pair("charging", "computed"), Pair("g", "0.5"), Pair("interaction", "dicke"),
                  Pair("kappa", "0 1.5"), Pair("m_per_n", "1")));
}

TEST(Identity, LeavesOutWhatStandsAtItsDefault) {
  // A parameter that a later program adds, at its default, is no other sweep; nor is saying so.
  EXPECT_THAT(differences(plain, with("m: 4",
                                      "m: 4\n  omega_0: 1\n  omega_c: 1.0\n  kappa: 0\n"
                                      "  gamma_down: 0\n  gamma_phi: 0\n  charger: coherent\n"
                                      "  initial_state: charged_cavity\n"
                                      "  coupling_scaling: sqrt_n\n  fock_dim: auto")),
              IsEmpty());
  const Sweep sweep = read(plain);
  const auto& identity = sweep.identity();
  for (const ParameterInfo& info : parameter_table()) {
    const bool there = std::any_of(identity.begin(), identity.end(),
                                   [&](const auto& pair) { return pair.first == info.name; });
    EXPECT_TRUE(!there || !info.default_value) << info.name;
  }
}

TEST(Identity, OriginalDefaultsAreSaidWhereTheyApply) {
  const auto original = [](const std::string& text) {
    return Sweep::from_text(text, "f.yaml", {}, SweepEdition::format_3);
  };
  const Sweep sweep = original(plain);
  EXPECT_THAT(sweep.overrides(), ElementsAre("fock_dim=paper"));
  EXPECT_FALSE(sweep.point(0).auto_fock_dim);
  EXPECT_EQ(sweep.point(0).battery.fock_dim, 17);
  EXPECT_THAT(differing_keys(sweep.identity(), read(plain).identity()), ElementsAre("fock_dim"));
  EXPECT_EQ(sweep.identity(), read(sweep.text(), sweep.overrides()).identity());
  EXPECT_EQ(sweep.identity(), read(with("m: 4", "m: 4\n  fock_dim: paper")).identity());
  for (const char* given : {"auto", "9", "paper"}) {
    const std::string text = with("m: 4", std::string("m: 4\n  fock_dim: ") + given);
    EXPECT_THAT(original(text).overrides(), IsEmpty());
    EXPECT_EQ(original(text).identity(), read(text).identity());
  }
}

TEST(Identity, HoldsStorageAndThePhotonLevelsThatAreStored) {
  const std::string stored = with("{}", "{}\nstorage: {duration: 2}");
  EXPECT_THAT(differences(plain, stored), ElementsAre("storage.duration"));
  EXPECT_THAT(
      differences(stored, with("{}", "{}\nstorage: {duration: 2.0, samples: 201, after: tau}")),
      IsEmpty());
  EXPECT_THAT(
      differences(stored, with("{}", "{}\nstorage: {duration: 2, samples: 3, after: t_max}")),
      ElementsAre("storage.after", "storage.samples"));
  const std::string levels = "m: 4\n  fock_dim: 9\nobservables: [photon_distribution]";
  EXPECT_THAT(differences(with("m: 4", levels), with("m: 4", levels + "\nphoton_levels: 5")),
              ElementsAre("photon_levels"));
  EXPECT_THAT(differences(with("m: 4", levels), with("m: 4", levels + "\nphoton_levels: 9")),
              IsEmpty());
}

TEST(Identity, IsSorted) {
  const Sweep sweep = read(plain);
  EXPECT_TRUE(std::is_sorted(sweep.identity().begin(), sweep.identity().end()));
}

TEST(Identity, HashIsFnv1a) {
  // Pinned: archives and checkpoints keep it.
  EXPECT_THAT(read(plain).identity_hash(), MatchesRegex("fnv1a64:[0-9a-f]{16}"));
  EXPECT_EQ(read(plain).identity_hash(), "fnv1a64:2946fb218da8c585");
}

TEST(Identity, DoesNotDependOnHowItIsWritten) {
  EXPECT_THAT(differences(plain, with("name: plain\n", "# comment\nname: x\ndescription: y\n")),
              IsEmpty());
  EXPECT_THAT(differences(plain, with("  N: 4\n  g: 0.5\n", "  g: 5.0e-1\n  N: 4\n")), IsEmpty());
  EXPECT_THAT(differences(plain, with("m: 4", "m: 4.0\n  omega_0: 1\n  kappa: -0.0")), IsEmpty());
  EXPECT_THAT(differences(plain, with("{}", "{samples: 0, tolerance: 0.00000001}")), IsEmpty());
  EXPECT_THAT(
      differences(with_axes("axes: [{name: kappa, range: {from: 0, to: 0.3, step: 0.1}}]\n"),
                  with_axes("axes: [{name: kappa, values: [0, 0.1, 0.2, 0.3]}]\n")),
      IsEmpty());
  EXPECT_THAT(
      differences(plain + "steady_state:\n",
                  "steady_state: {tolerance: 1.0e-9, gap: false, method: 'auto'}\n" + plain),
      IsEmpty());
  EXPECT_THAT(
      differences(
          with_axes("axes: [{name: z, labels: [a], values: {kappa: [1], gamma_phi: [2]}}]\n"),
          with_axes("axes: [{name: z, values: {gamma_phi: [2.0], kappa: [1]}, labels: ['a']}]\n")),
      IsEmpty());
}

TEST(Identity, DiffersInTheKeysThatDiffer) {
  EXPECT_THAT(differences(plain, with("N: 4", "N: 5")), ElementsAre("N"));
  EXPECT_THAT(differences(plain, with("g: 0.5", "g_over_gc: 0.5")), ElementsAre("g", "g_over_gc"));
  EXPECT_THAT(differences(plain, with("m: 4", "m: 4\n  fock_dim: auto")), IsEmpty());
  EXPECT_THAT(differences(plain, with("m: 4", "m: 4\n  fock_dim: 9")), ElementsAre("fock_dim"));
  EXPECT_THAT(differences(plain, with("{}", "{samples: 2, t_max: 3, tolerance: 1e-9}")),
              ElementsAre("charging.samples", "charging.t_max", "charging.tolerance"));
  EXPECT_THAT(differences(plain, with("m: 4", "m: 4\n  initial_state: ground_state")),
              ElementsAre("initial_state"));
  EXPECT_THAT(differences(plain, plain + "steady_state: {}\n"), ElementsAre("steady_state"));
  EXPECT_THAT(differences(plain, with("charging", "steady_state")),
              ElementsAre("charging", "steady_state"));
  const std::string steady = plain + "steady_state: {gap: true}\n";
  EXPECT_THAT(differences(steady, with("true", "false", steady)), ElementsAre("steady_state.gap"));
  EXPECT_THAT(differences(steady, with("gap: true", "gap: true, method: gmres", steady)),
              ElementsAre("steady_state.method"));
  EXPECT_THAT(differences(steady, with("gap: true", "gap: true, tolerance: 1e-8", steady)),
              ElementsAre("steady_state.tolerance"));
  EXPECT_THAT(differences(with_axes(""), with_axes("axes: [{name: kappa, values: [0]}]\n")),
              ElementsAre("axes", "kappa"));
  EXPECT_THAT(differences(with_axes("axes: [{name: kappa, values: [0, 1]}]\n"),
                          with_axes("axes: [{name: kappa, values: [1, 0]}]\n")),
              ElementsAre("kappa"));
  EXPECT_THAT(
      differences(
          with_axes("axes: [{name: kappa, values: [1]}, {name: gamma_phi, values: [2]}]\n"),
          with_axes("axes: [{name: gamma_phi, values: [2]}, {name: kappa, values: [1]}]\n")),
      ElementsAre("axes"));
  EXPECT_THAT(
      differences(with_axes("axes: [{name: z, labels: [a, b], values: {kappa: [1, 2]}}]\n"),
                  with_axes("axes: [{name: z, labels: [a, c], values: {kappa: [1, 2]}}]\n")),
      ElementsAre("axes.z.labels"));
}

TEST(Identity, KnowsKeysOfOneSideOnly) {
  EXPECT_THAT(
      differing_keys({{"a", "1"}, {"b", "1"}, {"c", "1"}}, {{"b", "2"}, {"c", "1"}, {"d", "1"}}),
      ElementsAre("a", "b", "d"));
}

}  // namespace
}  // namespace qbsweep
