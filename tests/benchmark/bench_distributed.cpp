// One application of a sector that the ranks of mpirun share: Dicke with all noise, the even
// sector, through shared memory and by messages, and Tavis-Cummings, k = 0. Microseconds of the
// slowest rank, the best and the median of many.
#include <fmt/format.h>
#include <mpi.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <utility>
#include <vector>

#include "operators/kernels/kernels.hpp"
#include "qbsweep/operators/parity_sector.hpp"
#include "qbsweep/operators/sector_state.hpp"
#include "qbsweep/operators/tavis_cummings_sector.hpp"
#include "qbsweep/parallel/mpi.hpp"

namespace {

using namespace qbsweep;

void measure(const Sector& sector, const BatteryParameters& battery, int applications,
             const char* name) {
  SectorState x(sector.size());
  SectorState y(sector.size());
  sector.set_pure_state(std::vector<double>(battery.fock_dim, 0.1), x.data());
  std::vector<double> times;
  for (int k = 0; k < applications; ++k) {
    const auto begin = std::chrono::steady_clock::now();
    sector.apply(x.data(), y.data(), {1e-3, 0.1, 0.9});
    times.push_back(
        std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin)
            .count());
    std::swap(x, y);
  }
  const MPI_Comm comm = sector.comm();
  check_mpi(MPI_Allreduce(MPI_IN_PLACE, times.data(), applications, MPI_DOUBLE, MPI_MAX, comm),
            "find the slowest rank");
  std::int64_t kept = sector.slab().size;
  check_mpi(MPI_Allreduce(MPI_IN_PLACE, &kept, 1, MPI_INT64_T, MPI_MAX, comm),
            "find the largest part");
  std::sort(times.begin(), times.end());
  if (Communicator::rank_of(comm) == 0) {
    fmt::print("{}: {} ranks, best {:.0f} us, median {:.0f} us; {:.2f} MB kept of {:.2f} MB\n",
               name, Communicator::size_of(comm), times.front(), times[times.size() / 2],
               8e-6 * static_cast<double>(kept), 8e-6 * static_cast<double>(sector.slab().whole));
  }
}

}  // namespace

/// bench_distributed [N [fock_dim [applications]]]
int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  {
    const Communicator ranks(MPI_COMM_WORLD);
    BatteryParameters battery;
    battery.N = argc > 1 ? std::atoi(argv[1]) : 16;
    battery.fock_dim = argc > 2 ? std::atoi(argv[2]) : 48;
    battery.g = 0.25;
    battery.kappa = 0.15;
    battery.gamma_down = 0.1;
    battery.gamma_phi = 0.1;
    battery.m = battery.N;
    const int applications = argc > 3 ? std::max(1, std::atoi(argv[3])) : 2000;
    battery.interaction = Interaction::dicke;
    const auto measure_dicke = [&](Transport transport, const char* name) {
      measure(ParitySector(battery, Parity::even, kernels::best(), ranks.get(), transport), battery,
              applications, name);
    };
    measure_dicke(Transport::shared_memory, "dicke");
    if (ranks.size() > 1) {
      measure_dicke(Transport::messages, "dicke, by messages");
    }
    battery.interaction = Interaction::tavis_cummings;
    measure(TavisCummingsSector(battery, 0, battery.fock_dim - 1, false, ranks.get()), battery,
            applications, "tavis_cummings");
  }
  MPI_Finalize();
}
