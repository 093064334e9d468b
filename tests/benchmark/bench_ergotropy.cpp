// One evaluation of energy and ergotropies, with and without their rates, for battery states whose
// blocks are complex, real or diagonal.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <vector>

#include "qbsweep/physics/ergotropy.hpp"

namespace {

using namespace qbsweep;

enum class Blocks { complex, real, diagonal };

/// Full blocks that are those of a state (or, with `shift`, of another one), normalised to 1.
std::vector<double> battery_numbers(const std::vector<SpinBlock>& blocks, Blocks kind, int shift) {
  std::vector<double> numbers;
  double trace = 0;
  for (const SpinBlock block : blocks) {
    for (int i = 0; i < block.dim(); ++i) {
      for (int k = 0; k < block.dim(); ++k) {
        const double X = 1.0 / (1 + shift + i + k) * (i == k || kind != Blocks::diagonal);
        const double Y = 0.1 * X * (i - k) / block.dim();
        numbers.push_back(kind == Blocks::complex ? X + Y : X);
        trace += i == k ? X : 0.0;
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
  const std::vector<double> rho_B = battery_numbers(blocks, kind, 0);
  for (auto _ : state) {
    benchmark::DoNotOptimize(observer.energies(rho_B));
  }
}

template <Blocks kind>
void with_rates(benchmark::State& state) {
  const int N = static_cast<int>(state.range(0));
  const std::vector<SpinBlock> blocks = spin_blocks(N, true);
  BatteryObserver observer(N, blocks, 1.0);
  const std::vector<double> rho_B = battery_numbers(blocks, kind, 0);
  const std::vector<double> rho_B_rate = battery_numbers(blocks, kind, 1);
  BatteryEnergies rates;
  for (auto _ : state) {
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
