// One evaluation of energy and ergotropies, with and without their rates, for battery states whose
// blocks are complex, real or diagonal.
#include <benchmark/benchmark.h>

#include <cmath>
#include <vector>

#include "qbsweep/model/ergotropy.hpp"

namespace {

using namespace qbsweep;

enum class Blocks { complex, real, diagonal };

/// Blocks of full rank, normalised to 1; `length` says how far from the diagonal coherences reach.
std::vector<double> battery_numbers(const std::vector<SpinBlock>& blocks, Blocks kind,
                                    double length) {
  std::vector<double> numbers;
  double trace = 0;
  for (const SpinBlock block : blocks) {
    for (int i = 0; i < block.dim(); ++i) {
      for (int k = 0; k < block.dim(); ++k) {
        const double amplitude = (1.0 + i) * (1.0 + k) * std::exp(-std::abs(i - k) / length);
        const double phase = kind == Blocks::complex ? 0.7 * (i - k) : 0.0;
        const bool there = i == k || kind != Blocks::diagonal;
        numbers.push_back(there ? amplitude * (std::cos(phase) + std::sin(phase)) : 0.0);
        trace += i == k ? amplitude : 0.0;
      }
    }
  }
  for (double& number : numbers) {
    number /= trace;
  }
  return numbers;
}

template <Blocks kind>
void values(benchmark::State& state) {
  const int N = static_cast<int>(state.range(0));
  const std::vector<SpinBlock> blocks = spin_blocks(N, true);
  BatteryObserver observer(N, blocks, 1.0);
  const std::vector<double> rho_B = battery_numbers(blocks, kind, 3.0);
  while (state.KeepRunning()) {
    benchmark::DoNotOptimize(observer.energies(rho_B));
  }
}

template <Blocks kind>
void with_rates(benchmark::State& state) {
  const int N = static_cast<int>(state.range(0));
  const std::vector<SpinBlock> blocks = spin_blocks(N, true);
  BatteryObserver observer(N, blocks, 1.0);
  const std::vector<double> rho_B = battery_numbers(blocks, kind, 3.0);
  const std::vector<double> rho_B_rate = battery_numbers(blocks, kind, 1.0);
  BatteryEnergies rates;
  while (state.KeepRunning()) {
    benchmark::DoNotOptimize(observer.energies(rho_B, rho_B_rate, rates));
  }
}

void dense_sizes(benchmark::internal::Benchmark* bench) {
  bench->ArgName("N")->Arg(4)->Arg(8)->Arg(16)->Arg(32)->Unit(benchmark::kMicrosecond);
}
void all_sizes(benchmark::internal::Benchmark* bench) {
  dense_sizes(bench);
  bench->Arg(140);
}

BENCHMARK(values<Blocks::complex>)->Apply(dense_sizes);
BENCHMARK(values<Blocks::real>)->Apply(dense_sizes);
BENCHMARK(values<Blocks::diagonal>)->Apply(all_sizes);
BENCHMARK(with_rates<Blocks::complex>)->Apply(dense_sizes);
BENCHMARK(with_rates<Blocks::real>)->Apply(dense_sizes);
BENCHMARK(with_rates<Blocks::diagonal>)->Apply(all_sizes);

}  // namespace

BENCHMARK_MAIN();
