// The kernel of the parity sectors beside a STREAM triad over as many bytes. Label: nanoseconds for
// each stored real of the basis (padding not counted) and application.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "mpi_benchmarks.hpp"
#include "operators/kernels/kernels.hpp"
#include "qbsweep/operators/driven_sector.hpp"
#include "qbsweep/operators/parity_sector.hpp"
#include "qbsweep/operators/sector_state.hpp"

namespace {

using namespace qbsweep;

BatteryParameters noisy(Interaction interaction, int N, int fock_dim) {
  BatteryParameters battery;
  battery.interaction = interaction;
  battery.N = N;
  battery.g = 0.25;
  battery.kappa = 0.15;
  battery.gamma_down = 0.1;
  battery.gamma_phi = 0.1;
  battery.m = N;
  battery.fock_dim = fock_dim;
  return battery;
}

/// Seconds per iteration over `count` numbers, in nanoseconds.
void report_per_real(benchmark::State& state, std::int64_t count) {
  state.counters["ns_per_real"] = benchmark::Counter(
      static_cast<double>(count) * 1e-9,
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void apply_again_and_again(benchmark::State& state, const MatrixFreeOperator& sector,
                           int fock_dim) {
  SectorState x(sector.size());
  SectorState y(sector.size());
  sector.set_pure_state(std::vector<double>(fock_dim, 0.1), x.data());
  while (state.KeepRunning()) {
    sector.apply(x.data(), y.data(), {1e-3, 0.1, 0.9});
    std::swap(x, y);
  }
}

template <Interaction interaction>
void apply(benchmark::State& state) {
  const auto& sets = kernels::available();
  const auto set = static_cast<std::size_t>(state.range(2));
  if (set >= sets.size()) {
    state.SkipWithError("no such instruction set here");
    return;
  }
  const BatteryParameters battery =
      noisy(interaction, static_cast<int>(state.range(0)), static_cast<int>(state.range(1)));
  const ParitySector sector(battery, Parity::even, sets[set]);
  apply_again_and_again(state, sector, battery.fock_dim);
  state.SetLabel(sets[set].name);
  report_per_real(state, sector.unknowns());
}

/// The even half with what only some models have: jumps up and collective jumps, or a coupling in
/// between.
void apply_whole_model(benchmark::State& state) {
  BatteryParameters battery = noisy(Interaction::dicke, 10, 41);
  if (state.range(0) == 0) {
    battery.n_th = 0.3;
    battery.gamma_up = battery.collective_up = 0.05;
    battery.collective_down = battery.collective_phi = 0.1;
  } else {
    battery.interaction = Interaction::anisotropic;
    battery.anisotropy = 0.5;
  }
  state.SetLabel(state.range(0) == 0 ? "all noise" : "anisotropic");
  const ParitySector sector(battery, Parity::even);
  apply_again_and_again(state, sector, battery.fock_dim);
  report_per_real(state, sector.unknowns());
}

/// Both halves, and what a drive moves between them.
void apply_driven(benchmark::State& state) {
  BatteryParameters battery = noisy(Interaction::dicke, 10, 41);
  battery.drive = state.range(0) != 1 ? 0.3 : 0.0;
  battery.atom_drive = state.range(0) != 0 ? 0.3 : 0.0;
  constexpr std::array labels = {"cavity", "atoms", "both"};
  state.SetLabel(labels[static_cast<std::size_t>(state.range(0))]);
  const DrivenSector sector(battery);
  apply_again_and_again(state, sector, battery.fock_dim);
  report_per_real(state, sector.unknowns());
}

/// Both sectors as MatMult applies them to the full state, and as they are applied by themselves.
template <bool whole>
void apply_full_state(benchmark::State& state) {
  const BatteryParameters battery =
      noisy(Interaction::dicke, static_cast<int>(state.range(0)), static_cast<int>(state.range(1)));
  const StateBasis basis(battery.N, battery.fock_dim, true);
  const ParitySector even(battery, Parity::even);
  const ParitySector odd(battery, Parity::odd);
  SectorState x(std::max(even.size(), odd.size()));
  SectorState y(x.size());
  const std::vector<double> from(basis.size(), 0.1);
  std::vector<double> to(basis.size());
  while (state.KeepRunning()) {
    for (const ParitySector* const sector : {&even, &odd}) {
      if (whole) {
        sector->gather(from.data(), x.data());
      }
      sector->apply(x.data(), y.data(), {});
      if (whole) {
        sector->scatter(y.data(), to.data());
      }
    }
    benchmark::ClobberMemory();
  }
  report_per_real(state, basis.size());
}

void observe(benchmark::State& state) {
  const BatteryParameters battery =
      noisy(Interaction::dicke, static_cast<int>(state.range(0)), static_cast<int>(state.range(1)));
  const ParitySector sector(battery, Parity::even);
  SectorState x(sector.size());
  std::vector<double> observations(sector.observed().size());
  while (state.KeepRunning()) {
    sector.observe(x.data(), observations.data());
  }
  report_per_real(state, sector.unknowns());
}

void triad(benchmark::State& state) {
  const ParitySector sector(
      noisy(Interaction::dicke, static_cast<int>(state.range(0)), static_cast<int>(state.range(1))),
      Parity::even);
  const std::int64_t size = sector.unknowns();
  SectorState a(size);
  SectorState b(size);
  SectorState c(size);
  while (state.KeepRunning()) {
    double* const to = a.data();
    const double* const from = b.data();
    const double* const other = c.data();
    for (std::int64_t e = 0; e < size; ++e) {
      to[e] = from[e] + 0.5 * other[e];
    }
    benchmark::ClobberMemory();
  }
  report_per_real(state, size);
}

BENCHMARK(apply<Interaction::dicke>)
    ->ArgNames({"N", "fock_dim", "set"})
    ->Args({8, 33, 0})
    ->Args({8, 32, 0})
    ->Args({10, 41, 0})
    ->Args({10, 41, 1})
    ->Args({10, 41, 2})
    ->Args({20, 64, 0})
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(apply<Interaction::tavis_cummings>)
    ->ArgNames({"N", "fock_dim", "set"})
    ->Args({10, 41, 0})
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(apply_whole_model)->Arg(0)->Arg(1)->Unit(benchmark::kMicrosecond);
BENCHMARK(apply_driven)->Arg(0)->Arg(1)->Arg(2)->Unit(benchmark::kMicrosecond);
BENCHMARK(apply_full_state<false>)
    ->ArgNames({"N", "fock_dim"})
    ->Args({8, 33})
    ->Args({10, 41})
    ->Args({10, 64})
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(apply_full_state<true>)
    ->ArgNames({"N", "fock_dim"})
    ->Args({8, 33})
    ->Args({10, 41})
    ->Args({10, 64})
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(observe)
    ->ArgNames({"N", "fock_dim"})
    ->Args({8, 33})
    ->Args({10, 41})
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(triad)
    ->ArgNames({"N", "fock_dim"})
    ->Args({8, 33})
    ->Args({10, 41})
    ->Args({20, 64})
    ->Unit(benchmark::kMicrosecond);

}  // namespace

int main(int argc, char** argv) {
  return qbsweep::run_mpi_benchmarks(argc, argv);
}
