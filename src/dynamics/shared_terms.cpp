#include "shared_terms.hpp"

#include <algorithm>

#include "qbsweep/parallel/mpi.hpp"

namespace qbsweep {

SharedTerms::SharedTerms(MPI_Comm comm, std::int64_t rows, std::int64_t columns)
    : comm_(comm),
      ranks_(Communicator::size_of(comm)),
      rank_(Communicator::rank_of(comm)),
      columns_(columns),
      kept_(rows, first_column(rank_ + 1) - first_column(rank_)) {
  if (ranks_ > 1) {
    block_ = Table(rows_at_once, columns);
    by_rank_.resize(static_cast<std::size_t>(rows_at_once * columns));
  }
}

double* SharedTerms::next_row() {
  const std::int64_t row = waiting_++;
  return ranks_ > 1 ? block_.row(row) : kept_.row(shared_ + row);
}

void SharedTerms::share() {
  if (ranks_ > 1 && waiting_ > 0) {
    std::vector<int> counts;
    double* to = by_rank_.data();
    for (int rank = 0; rank < ranks_; ++rank) {
      const std::int64_t first = first_column(rank);
      const std::int64_t count = first_column(rank + 1) - first;
      for (std::int64_t row = 0; row < waiting_; ++row) {
        to = std::copy_n(block_.row(row) + first, count, to);
      }
      counts.push_back(static_cast<int>(waiting_ * count));
    }
    check_mpi(MPI_Reduce_scatter(by_rank_.data(), kept_.row(shared_), counts.data(), MPI_DOUBLE,
                                 MPI_SUM, comm_),
              "add up the observations of several ranks");
  }
  shared_ += waiting_;
  waiting_ = 0;
}

Table SharedTerms::at(const ObservationSeries& series, std::span<const double> times) const {
  Table own = series.at(kept_, times);
  if (ranks_ == 1) {
    return own;
  }
  std::vector<int> counts;
  std::vector<int> begins;
  for (int rank = 0; rank < ranks_; ++rank) {
    begins.push_back(static_cast<int>(own.rows * first_column(rank)));
    counts.push_back(static_cast<int>(own.rows * first_column(rank + 1)) - begins.back());
  }
  std::vector<double> all(static_cast<std::size_t>(own.rows * columns_));
  check_mpi(MPI_Allgatherv(own.numbers.data(), counts[rank_], MPI_DOUBLE, all.data(), counts.data(),
                           begins.data(), MPI_DOUBLE, comm_),
            "gather the observations of several ranks");
  Table gathered(own.rows, columns_);
  for (int rank = 0; rank < ranks_; ++rank) {
    const std::int64_t first = first_column(rank);
    const std::int64_t count = first_column(rank + 1) - first;
    for (std::int64_t row = 0; row < own.rows; ++row) {
      std::copy_n(all.data() + begins[rank] + row * count, count, gathered.row(row) + first);
    }
  }
  return gathered;
}

ArrayColumns SharedTerms::array(const std::string& name) {
  ArrayColumns part;
  part.name = name;
  part.rows = shared_;
  part.columns = columns_;
  part.first = first_column(rank_);
  part.count = kept_.columns;
  part.data = kept_.numbers.data();
  part.row_stride = kept_.columns;
  return part;
}

}  // namespace qbsweep
