#pragma once
/// \file
/// What is observed of the terms of a series, on several ranks that each see a share of the state.

#include <mpi.h>

#include <cstdint>
#include <span>
#include <vector>

#include "qbsweep/dynamics/checkpoint.hpp"
#include "qbsweep/dynamics/observation_series.hpp"

namespace qbsweep {

/// The observations of all terms, [term][observation]. They are the sums over the ranks of what
/// each sees; of the sums each rank keeps some columns, so that neither the memory for them nor the
/// work on them grows with the ranks.
class SharedTerms {
 public:
  /// \param comm     the ranks that share the state; must outlive this
  /// \param rows     terms of the series
  /// \param columns  observations of a term
  SharedTerms(MPI_Comm comm, std::int64_t rows, std::int64_t columns);

  /// Where this rank puts its share of the next term. Valid until the next call.
  [[nodiscard]] double* next_row();

  /// Adds up the shares of the rows since the last time. Collective, after the same number of rows
  /// on every rank; needed before the room for them ends, see `rows_at_once`.
  void share();
  static constexpr std::int64_t rows_at_once = 8;

  /// Terms that have been shared.
  [[nodiscard]] std::int64_t shared() const { return shared_; }

  /// The observations at times of the step, as ObservationSeries gives them: a row for each time,
  /// all columns, on every rank. Collective.
  [[nodiscard]] Table at(const ObservationSeries& series, std::span<const double> times) const;

  /// The columns this rank keeps of what was shared, to be saved or, when `terms` were saved
  /// before, to be loaded.
  [[nodiscard]] ArrayColumns array(const std::string& name);
  /// Makes room for `terms` that are about to be loaded through array().
  void expect(std::int64_t terms) { shared_ = terms; }

 private:
  [[nodiscard]] std::int64_t first_column(int rank) const { return columns_ * rank / ranks_; }

  MPI_Comm comm_;
  int ranks_;
  int rank_;
  std::int64_t columns_;
  std::int64_t shared_ = 0;
  std::int64_t waiting_ = 0;  // rows in block_
  Table kept_;                // [term][own columns]
  Table block_;               // this rank's shares of the rows that wait; several ranks only
  std::vector<double> by_rank_ = {};  // the same, in the order of the ranks that keep them
};

}  // namespace qbsweep
