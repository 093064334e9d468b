#include "qbsweep/operators/assembled.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "qbsweep/model/model_terms.hpp"
#include "qbsweep/parallel/mpi.hpp"

namespace qbsweep {
namespace {

struct Entry {
  std::int64_t column;
  double weight;
};

/// One row of the Liouvillian: columns ascending, each once.
class RowBuilder {
 public:
  RowBuilder(const StateBasis& basis, const BatteryParameters& battery, const Terms& terms)
      : basis_(basis), rows_(basis, battery, terms) {}

  const std::vector<Entry>& build(const Element& row) {
    entries_.clear();
    entries_.push_back({basis_.index(row), 0.0});  // the diagonal is always there
    rows_.for_each_in_row(row, [this](std::int64_t column, double weight) {
      entries_.push_back({column, weight});
    });
    std::sort(entries_.begin(), entries_.end(),
              [](const Entry& a, const Entry& b) { return a.column < b.column; });
    std::size_t last = 0;
    for (std::size_t e = 1; e < entries_.size(); ++e) {
      if (entries_[e].column == entries_[last].column) {
        entries_[last].weight += entries_[e].weight;
      } else {
        entries_[++last] = entries_[e];
      }
    }
    entries_.resize(last + 1);
    return entries_;
  }

 private:
  const StateBasis& basis_;
  LiouvillianRows rows_;
  std::vector<Entry> entries_;
};

/// Calls visit(local row, entries) for the rows [begin, end) of this rank.
template <typename Visit>
void for_each_row(const StateBasis& basis, const BatteryParameters& battery, const Terms& terms,
                  std::int64_t begin, std::int64_t end, Visit&& visit) {
  if (begin == end) {
    return;
  }
  RowBuilder builder(basis, battery, terms);
  Element row = basis.element(begin);
  for (std::int64_t index = begin; index < end; ++index, basis.advance(row)) {
    visit(index - begin, builder.build(row));
  }
}

}  // namespace

petsc::Matrix assemble_liouvillian(MPI_Comm comm, const StateBasis& basis,
                                   const BatteryParameters& battery, const Terms& terms) {
  using petsc::check;
  const char* const doing = "assemble the Liouvillian";
  require_carried(Carrier::assembled_matrix, battery);
  const PetscInt size = petsc::to_int(basis.size(), "the number of unknowns");

  petsc::Matrix L;
  check(MatCreate(comm, L.out()), doing);
  check(MatSetSizes(L.get(), PETSC_DECIDE, PETSC_DECIDE, size, size), doing);
  check(MatSetType(L.get(), MATAIJ), doing);
  PetscLayout layout = nullptr;
  check(MatGetLayouts(L.get(), &layout, nullptr), doing);
  check(PetscLayoutSetUp(layout), doing);
  PetscInt begin = 0;
  PetscInt end = 0;
  check(PetscLayoutGetRange(layout, &begin, &end), doing);

  std::vector<PetscInt> own_columns(end - begin, 0);
  std::vector<PetscInt> other_columns(end - begin, 0);
  std::int64_t total = 0;
  for_each_row(basis, battery, terms, begin, end,
               [&](std::int64_t row, const std::vector<Entry>& entries) {
                 for (const Entry& entry : entries) {
                   const bool own = entry.column >= begin && entry.column < end;
                   ++(own ? own_columns : other_columns)[row];
                 }
                 total += static_cast<std::int64_t>(entries.size());
               });
  // Every rank must leave here together, also when only one of them has too many entries.
  check_mpi(MPI_Allreduce(MPI_IN_PLACE, &total, 1, MPI_INT64_T, MPI_MAX, comm), doing);
  petsc::to_int(total, "the number of a rank's matrix entries");

  check(MatXAIJSetPreallocation(L.get(), 1, own_columns.data(), other_columns.data(), nullptr,
                                nullptr),
        doing);
  check(MatSetOption(L.get(), MAT_NEW_NONZERO_ALLOCATION_ERR, PETSC_TRUE), doing);

  std::vector<PetscInt> columns;
  std::vector<PetscScalar> weights;
  for_each_row(basis, battery, terms, begin, end,
               [&](std::int64_t row, const std::vector<Entry>& entries) {
                 columns.clear();
                 weights.clear();
                 for (const Entry& entry : entries) {
                   columns.push_back(static_cast<PetscInt>(entry.column));
                   weights.push_back(entry.weight);
                 }
                 const PetscInt global_row = begin + static_cast<PetscInt>(row);
                 check(MatSetValues(L.get(), 1, &global_row, static_cast<PetscInt>(columns.size()),
                                    columns.data(), weights.data(), INSERT_VALUES),
                       doing);
               });
  check(MatAssemblyBegin(L.get(), MAT_FINAL_ASSEMBLY), doing);
  check(MatAssemblyEnd(L.get(), MAT_FINAL_ASSEMBLY), doing);
  return L;
}

std::int64_t estimate_liouvillian_entries(const BatteryParameters& battery) {
  require_carried(Carrier::estimates, battery);
  const std::int64_t unknowns =
      count_unknowns(battery.N, battery.fock_dim, has_local_noise(battery));
  std::int64_t per_row = 2;  // the diagonal and the transposed element
  for (const HamiltonianTerm& term : hamiltonian_table()) {
    const auto places = static_cast<std::int64_t>(changes(term.spin).size());
    const bool beside = term.plus_adjoint || places > 1;
    if (beside && term.coefficient(battery) != 0) {
      const std::int64_t factors = term.plus_adjoint ? 2 : 1;
      per_row += 2 * factors * places;  // of the element's row and column
    }
  }
  for (const auto& [jump, rate] : active_jumps(battery)) {
    // Those that move nothing within the block fall on the diagonal there.
    const bool moves = excitations_gained(jump) != 0;
    per_row += (moves ? 1 : 0) + (acts_on_single_atoms(jump) ? 2 : 0);
  }
  return unknowns * per_row;
}

}  // namespace qbsweep
