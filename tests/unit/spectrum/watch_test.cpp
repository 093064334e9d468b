// Steady states, gaps and ground states that are interrupted: what a look throws comes out of the
// solver as it was, nothing is printed, and the next solve is none the worse for it.
//
// What would be caught: a method that never looks in, or too seldom to be interrupted; an
// exception that becomes an error of PETSc's, or ends the program; PETSc left in a bad state.
#include "qbsweep/dynamics/watch.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "qbsweep/dynamics/ground_state.hpp"
#include "qbsweep/spectrum/liouvillian_gap.hpp"
#include "qbsweep/spectrum/steady_gmres.hpp"
#include "qbsweep/spectrum/steady_propagator.hpp"
#include "qbsweep/spectrum/steady_shift_invert.hpp"
#include "qbsweep/spectrum/steady_state.hpp"
#include "qbsweep/support/petsc.hpp"
#include "qbsweep/support/petsc_shell.hpp"

namespace qbsweep {
namespace {

/// What no library throws.
struct Marker {
  int call = 0;
};

/// A watch that does something at every look, told the fraction.
Watch watch_that(std::function<void(double)> act) {
  Watch watch;
  watch.look = [act = std::move(act)](const Progress& progress) {
    act(progress.fraction);
    return WatchAction::proceed;
  };
  return watch;
}

/// A computation, by a number that it results in.
struct Computation {
  std::string name;
  std::function<double(const Watch&)> result;
};

void PrintTo(const Computation& computation, std::ostream* out) {
  *out << computation.name;
}

BatteryParameters noisy_dicke(int N = 3, int fock_dim = 13) {
  BatteryParameters battery;
  battery.N = N;
  battery.g = 1;
  battery.kappa = 0.15;
  battery.gamma_down = 0.1;
  battery.gamma_phi = 0.5;
  battery.fock_dim = fock_dim;
  return battery;
}

double photons(const SteadyStateSettings& settings, const Watch& watch) {
  BatteryParameters battery = noisy_dicke();
  battery.g = settings.auto_fock_dim ? 0.2 : battery.g;  // few levels are enough
  return steady_state(MPI_COMM_SELF, battery, settings, watch).photon_number;
}

std::vector<Computation> computations() {
  SteadySearch search;
  return {
      {"steady_shift_invert",
       [](const Watch& watch) {
         return steady_shift_invert(MPI_COMM_SELF, noisy_dicke(), 1e-9, watch).state[0];
       }},
      {"steady_gmres",
       [search](const Watch& watch) mutable {
         search.watch = watch;
         return steady_gmres(noisy_dicke(), search).state[0];
       }},
      {"steady_propagator",
       [search](const Watch& watch) mutable {
         search.watch = watch;
         return steady_propagator(noisy_dicke(), search).state[0];
       }},
      {"liouvillian_gap",
       [](const Watch& watch) { return liouvillian_gap(noisy_dicke(), {}, watch).gap; }},
      {"dense_gap",
       [](const Watch& watch) { return liouvillian_gap(noisy_dicke(1, 8), {}, watch).gap; }},
      {"steady_multiplicity",
       [](const Watch& watch) { return even_half_gap(noisy_dicke(), {}, watch).residual; }},
      {"ground_state",
       [](const Watch& watch) { return ground_state(MPI_COMM_SELF, noisy_dicke(), watch).energy; }},
      {"steady_state_by_shift_invert",
       [](const Watch& watch) { return photons({.method = SteadyMethod::shift_invert}, watch); }},
      {"steady_state_by_gmres",
       [](const Watch& watch) { return photons({.method = SteadyMethod::gmres}, watch); }},
      {"steady_state_by_propagator",
       [](const Watch& watch) { return photons({.method = SteadyMethod::propagator}, watch); }},
      {"steady_state_with_gap", [](const Watch& watch) { return photons({.gap = true}, watch); }},
      {"steady_state_on_enough_levels",
       [](const Watch& watch) { return photons({.auto_fock_dim = true}, watch); }},
  };
}

class Watches : public ::testing::TestWithParam<Computation> {};

INSTANTIATE_TEST_SUITE_P(All, Watches, ::testing::ValuesIn(computations()),
                         [](const auto& computation) { return computation.param.name; });

TEST_P(Watches, WhatALookThrowsComesOutAndTheNextSolveIsAsGoodAsNew) {
  const auto& result = GetParam().result;
  int calls = 0;
  const double undisturbed = result(watch_that([&](double done) {
    ++calls;
    EXPECT_TRUE(std::isnan(done) || (done >= 0 && done <= 1)) << done;
  }));
  ASSERT_GE(calls, 6);
  for (const int last : {1, 2, calls / 2, calls - 1, calls}) {
    SCOPED_TRACE("call " + std::to_string(last) + " of " + std::to_string(calls));
    int call = 0;
    ::testing::internal::CaptureStderr();
    try {
      result(watch_that([&](double) {
        if (++call == last) {
          throw Marker{call};
        }
      }));
      ADD_FAILURE() << "the computation went on to its end";
    } catch (const Marker& marker) {
      EXPECT_EQ(marker.call, last);
    }
    EXPECT_EQ(call, last) << "called again after it had thrown";
    EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
    EXPECT_EQ(result({}), undisturbed);
  }
}

TEST(Watches, EndWhatIsNotSaved) {
  for (const WatchAction action : {WatchAction::stop, WatchAction::save_and_stop}) {
    Watch watch;
    watch.look = [action](const Progress&) { return action; };
    EXPECT_THROW(photons({.method = SteadyMethod::gmres}, watch), ComputationLeft);
  }
  Watch saving;
  saving.look = [](const Progress&) { return WatchAction::save; };  // there is nothing to save
  EXPECT_EQ(photons({.method = SteadyMethod::gmres}, saving),
            photons({.method = SteadyMethod::gmres}, {}));
}

TEST(Watches, GmresTellsHowFarItIs) {
  double largest = 0.0;
  const SteadyStateSettings settings = {.method = SteadyMethod::gmres};
  photons(settings, watch_that([&](double done) { largest = std::isnan(done) ? largest : done; }));
  EXPECT_GT(largest, 0.8);
  EXPECT_LE(largest, 1.0);
}

/// An operator that fails in a way of its own.
struct Failing {
  static void apply(const double*, double*) { throw Marker{7}; }
};

TEST(CallbackException, OfAShellComesOutOfTheCheckAndLeavesNothingBehind) {
  const petsc::Matrix shell =
      petsc::make_shell(PETSC_COMM_SELF, 4, std::make_unique<Failing>(), "make a shell");
  petsc::Vector x;
  petsc::Vector y;
  petsc::Vector other;  // too long
  petsc::check(MatCreateVecs(shell.get(), x.out(), y.out()), "make vectors");
  petsc::check(VecCreateSeq(PETSC_COMM_SELF, 5, other.out()), "make a vector");
  for (int time = 0; time < 2; ++time) {
    EXPECT_THROW(petsc::check(MatMult(shell.get(), x.get(), y.get()), "multiply"), Marker);
    // An error of PETSc's own afterwards is that error.
    EXPECT_THROW(petsc::check(MatMult(shell.get(), other.get(), y.get()), "multiply"),
                 LibraryError);
    petsc::check(VecSet(x.get(), 1.0), "set a vector");
  }
}

}  // namespace
}  // namespace qbsweep
