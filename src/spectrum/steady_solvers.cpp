#include "steady_solvers.hpp"

#include <algorithm>
#include <array>

#include "qbsweep/spectrum/steady_gmres.hpp"
#include "qbsweep/spectrum/steady_propagator.hpp"
#include "qbsweep/spectrum/steady_shift_invert.hpp"
#include "steady_seconds.hpp"

namespace qbsweep {
namespace {

using Battery = const BatteryParameters&;

constexpr std::array table = {
    SteadySolver{SteadyMethod::shift_invert, steady_shift_invert_memory,
                 true,  // once MUMPS has looked at the matrix
                 shift_invert_seconds,
                 [](MPI_Comm comm, Battery battery, const SteadySearch& search) {
                   return steady_shift_invert(comm, battery, search.tolerance, search.watch);
                 }},
    SteadySolver{SteadyMethod::gmres, steady_gmres_bytes, false, gmres_seconds,
                 [](MPI_Comm, Battery battery, const SteadySearch& search) {
                   return steady_gmres(battery, search);
                 }},
    SteadySolver{SteadyMethod::propagator, steady_propagator_bytes, false, propagator_seconds,
                 [](MPI_Comm, Battery battery, const SteadySearch& search) {
                   return steady_propagator(battery, search);
                 }}};

}  // namespace

std::span<const SteadySolver> steady_solvers() {
  return table;
}

const SteadySolver& steady_solver(SteadyMethod method) {
  return *std::ranges::find(table, method, &SteadySolver::method);
}

}  // namespace qbsweep
