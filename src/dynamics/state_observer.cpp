#include "qbsweep/dynamics/state_observer.hpp"

#include <algorithm>

namespace qbsweep {
namespace {

using petsc::check;

/// M, with the columns distributed as the states are.
petsc::Matrix observation_map(MPI_Comm comm, const StateBasis& basis,
                              const BatteryParameters& battery, const ObservationLayout& layout,
                              PetscInt local_columns) {
  const char* const doing = "set up the observations of a state";
  petsc::Matrix M;
  const PetscInt rows = petsc::to_int(layout.size(), "the number of observations");
  const PetscInt columns = petsc::to_int(basis.size(), "the number of unknowns");
  check(MatCreate(comm, M.out()), doing);
  check(MatSetSizes(M.get(), PETSC_DECIDE, local_columns, rows, columns), doing);
  check(MatSetType(M.get(), MATAIJ), doing);
  PetscLayout row_layout = nullptr;
  PetscLayout column_layout = nullptr;
  check(MatGetLayouts(M.get(), &row_layout, &column_layout), doing);
  check(PetscLayoutSetUp(row_layout), doing);
  check(PetscLayoutSetUp(column_layout), doing);
  PetscInt begin = 0;
  PetscInt end = 0;
  PetscInt column_begin = 0;
  PetscInt column_end = 0;
  check(PetscLayoutGetRange(row_layout, &begin, &end), doing);
  check(PetscLayoutGetRange(column_layout, &column_begin, &column_end), doing);

  std::vector<PetscInt> own(end - begin, 0);
  std::vector<PetscInt> other(end - begin, 0);
  for_each_observation(layout, basis, battery, [&](std::int64_t row, std::int64_t element, double) {
    if (row >= begin && row < end) {
      ++(element >= column_begin && element < column_end ? own : other)[row - begin];
    }
  });
  check(MatXAIJSetPreallocation(M.get(), 1, own.data(), other.data(), nullptr, nullptr), doing);
  for_each_observation(layout, basis, battery,
                       [&](std::int64_t row, std::int64_t element, double weight) {
                         if (row >= begin && row < end) {
                           check(MatSetValue(M.get(), static_cast<PetscInt>(row),
                                             static_cast<PetscInt>(element), weight, ADD_VALUES),
                                 doing);
                         }
                       });
  check(MatAssemblyBegin(M.get(), MAT_FINAL_ASSEMBLY), doing);
  check(MatAssemblyEnd(M.get(), MAT_FINAL_ASSEMBLY), doing);
  return M;
}

}  // namespace

StateObserver::StateObserver(MapAlone, const StateBasis& basis, const BatteryParameters& battery,
                             Mat like, ObservationRequest request)
    : layout_(basis, battery, request) {
  const char* const doing = "set up the observations of a state";
  MPI_Comm comm = PetscObjectComm(reinterpret_cast<PetscObject>(like));
  PetscInt local_columns = 0;
  check(MatGetLocalSize(like, &local_columns, nullptr), doing);
  maps_[0] = observation_map(comm, basis, battery, layout_, local_columns);
  check(MatCreateVecs(maps_[0].get(), nullptr, distributed_.out()), doing);
  check(VecScatterCreateToAll(distributed_.get(), gather_.out(), everywhere_.out()), doing);
}

StateObserver StateObserver::of_given_derivatives(const StateBasis& basis,
                                                  const BatteryParameters& battery, Mat like,
                                                  ObservationRequest request) {
  return {MapAlone{}, basis, battery, like, request};
}

StateObserver::StateObserver(const StateBasis& basis, const BatteryParameters& battery,
                             Mat liouvillian, ObservationRequest request)
    : StateObserver(MapAlone{}, basis, battery, liouvillian, request) {
  const char* const doing = "set up the observations of a state";
  PetscBool is_shell = PETSC_FALSE;
  check(PetscObjectTypeCompare(reinterpret_cast<PetscObject>(liouvillian), MATSHELL, &is_shell),
        doing);
  if (is_shell == PETSC_TRUE) {
    matrix_free_ = liouvillian;
    for (petsc::Vector& derivative : derivatives_) {
      check(MatCreateVecs(liouvillian, nullptr, derivative.out()), doing);
    }
  } else {
    for (std::size_t derivative = 1; derivative < maps_.size(); ++derivative) {
      check(MatMatMult(maps_[derivative - 1].get(), liouvillian, MAT_INITIAL_MATRIX, PETSC_DEFAULT,
                       maps_[derivative].out()),
            doing);
    }
  }
}

void StateObserver::observe(Vec state, Vec first, Vec second, Observation& observation) {
  observe_through(maps_[0], state, observation[0]);
  observe_through(maps_[0], first, observation[1]);
  observe_through(maps_[0], second, observation[2]);
}

void StateObserver::observe_through(const petsc::Matrix& map, Vec state,
                                    std::vector<double>& numbers) {
  const char* const doing = "observe a state";
  check(MatMult(map.get(), state, distributed_.get()), doing);
  check(VecScatterBegin(gather_.get(), distributed_.get(), everywhere_.get(), INSERT_VALUES,
                        SCATTER_FORWARD),
        doing);
  check(VecScatterEnd(gather_.get(), distributed_.get(), everywhere_.get(), INSERT_VALUES,
                      SCATTER_FORWARD),
        doing);
  const PetscScalar* values = nullptr;
  check(VecGetArrayRead(everywhere_.get(), &values), doing);
  numbers.assign(values, values + layout_.size());
  check(VecRestoreArrayRead(everywhere_.get(), &values), doing);
}

void StateObserver::observe(Vec state, Observation& observation) {
  observe_through(maps_[0], state, observation[0]);
  for (std::size_t order = 1; order < observation.size(); ++order) {
    if (matrix_free_ == nullptr) {
      observe_through(maps_[order], state, observation[order]);
      continue;
    }
    Vec derivative = derivatives_[order - 1].get();
    check(MatMult(matrix_free_, order == 1 ? state : derivatives_[order - 2].get(), derivative),
          "apply the Liouvillian");
    ++applications_;
    observe_through(maps_[0], derivative, observation[order]);
  }
}

}  // namespace qbsweep
