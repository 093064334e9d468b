// The kernel of the Tavis-Cummings sectors: time for a stored unknown and application, all noise,
// beside a triad a = b + s c over arrays of as many bytes.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <sstream>
#include <utility>
#include <vector>

#include "mpi_benchmarks.hpp"
#include "qbsweep/model/parameters.hpp"
#include "qbsweep/operators/sector_state.hpp"
#include "qbsweep/operators/tavis_cummings_sector.hpp"

namespace qbsweep {
namespace {

struct Case {
  int N;
  Charger charger;
  int k;
  bool real_state;
};

BatteryParameters battery_of(const Case& point) {
  BatteryParameters battery;
  battery.interaction = Interaction::tavis_cummings;
  battery.N = point.N;
  battery.g = 0.5;
  battery.omega_0 = point.real_state ? 1.0 : 1.1;
  battery.kappa = 0.15;
  battery.gamma_down = 0.1;
  battery.gamma_phi = 0.1;
  battery.charger = point.charger;
  battery.m = point.N;
  battery.fock_dim = point.charger == Charger::fock ? point.N + 1 : paper_fock_dim(battery.m);
  return battery;
}

TavisCummingsSector sector_of(const Case& point) {
  const BatteryParameters battery = battery_of(point);
  return {battery, point.k, battery.fock_dim - 1, point.real_state};
}

std::int64_t bytes_of(const TavisCummingsSector& sector) {
  return sector.size() * static_cast<std::int64_t>(sizeof(double));
}

/// Numbers of a harmless size, and the padding zero.
SectorState some_state(const TavisCummingsSector& sector, const Case& point) {
  SectorState x(sector.size());
  SectorState y(sector.size());
  const std::vector<double> amplitudes(battery_of(point).fock_dim, 0.1);
  sector.set_pure_state(amplitudes, x.data());
  for (int application = 0; application < 50; ++application) {
    sector.apply(x.data(), y.data(), {0.01, 1.0, 0.0});
    std::swap(x, y);
  }
  return x;
}

/// Seconds for an unknown (printed with their SI prefix).
void report(benchmark::State& state, std::int64_t unknowns, std::int64_t bytes) {
  state.counters["unknowns"] = static_cast<double>(unknowns);
  state.counters["MB"] = static_cast<double>(bytes) / 1e6;
  state.counters["per_unknown"] = benchmark::Counter(
      static_cast<double>(unknowns),
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void apply(benchmark::State& state, Case point) {
  const TavisCummingsSector sector = sector_of(point);
  SectorState x = some_state(sector, point);
  SectorState y(sector.size());
  while (state.KeepRunning()) {
    sector.apply(x.data(), y.data(), {1e-3, 0.5, 0.4});
    std::swap(x, y);
  }
  report(state, sector.unknowns(), 3 * bytes_of(sector));  // x is read, y is read and written
}

void observe(benchmark::State& state, Case point) {
  const TavisCummingsSector sector = sector_of(point);
  const SectorState x = some_state(sector, point);
  std::vector<double> observations(sector.observed().size());
  while (state.KeepRunning()) {
    sector.observe(x.data(), observations.data());
    benchmark::DoNotOptimize(observations.data());
  }
  report(state, sector.unknowns(), bytes_of(sector));
}

void triad(benchmark::State& state, Case point) {
  const TavisCummingsSector sector = sector_of(point);
  SectorState a(sector.size());
  const SectorState b = some_state(sector, point);
  const SectorState c = some_state(sector, point);
  while (state.KeepRunning()) {
    double* const to = a.data();
    const double* const from = b.data();
    const double* const scaled = c.data();
    for (std::int64_t e = 0; e < a.size(); ++e) {
      to[e] = from[e] + 0.3 * scaled[e];
    }
    benchmark::ClobberMemory();
  }
  report(state, sector.unknowns(), 3 * bytes_of(sector));
}

void add_case(const Case& point) {
  std::ostringstream name;
  name << (point.charger == Charger::fock ? "fock" : "coherent") << "/N" << point.N << "/k"
       << point.k << (point.real_state ? "/real" : "/complex");
  benchmark::RegisterBenchmark(("apply/" + name.str()).c_str(), apply, point);
  benchmark::RegisterBenchmark(("observe/" + name.str()).c_str(), observe, point);
  benchmark::RegisterBenchmark(("triad/" + name.str()).c_str(), triad, point);
}

void add_cases() {
  for (const bool real_state : {true, false}) {
    for (const int N : {10, 14, 20}) {
      add_case({N, Charger::coherent, 0, real_state});
      add_case({N, Charger::coherent, 2, real_state});
      add_case({N, Charger::fock, 0, real_state});
    }
  }
  for (const int N : {40, 80, 140}) {
    add_case({N, Charger::fock, 0, true});
  }
}

}  // namespace
}  // namespace qbsweep

int main(int argc, char** argv) {
  qbsweep::add_cases();
  return qbsweep::run_mpi_benchmarks(argc, argv);
}
