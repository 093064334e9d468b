// How states of a parity sector move to other numbers of Fock levels: its lines are photon rows.
#include <algorithm>

#include "parity_group.hpp"
#include "parity_layout.hpp"
#include "qbsweep/operators/parity_sector.hpp"
#include "qbsweep/parallel/mpi.hpp"

namespace qbsweep {

int ParitySector::levels() const {
  return battery_.fock_dim;
}

void ParitySector::add_populations(const double* x, std::span<double> populations) const {
  for (int n = own_begin_; n < own_end_ && parity_ == 0; ++n) {
    const double* const diagonal = x + (n - kept_begin_) * row_stride_ + parity_position(n / 2);
    for (const TracedPair& pair : traced_) {
      populations[n] += pair.photons * diagonal[pair.offset];
    }
  }
}

IndexRange ParitySector::own_lines(int rank) const {
  return photon_rows(photon_chunks(battery_.fock_dim, Communicator::size_of(comm_))[rank],
                     battery_.fock_dim);
}

IndexRange ParitySector::kept_lines(int rank) const {
  return kept_photon_rows(photon_chunks(battery_.fock_dim, Communicator::size_of(comm_))[rank],
                          battery_.fock_dim);
}

/// Calls visit(position of X) for the elements of a photon row with columns below `levels`.
template <typename Visit>
void ParitySector::for_each_of_line(std::int64_t line, int levels, Visit&& visit) const {
  if (line >= levels) {
    return;
  }
  for (const kernels::ParityPair& pair : pairs_) {
    const std::int64_t row = (line - kept_begin_) * row_stride_ + pair.offset;
    const std::int64_t first = (line + pair.odd) % 2;
    for (std::int64_t s = 0; first + 2 * s < levels; ++s) {
      visit(row + parity_position(s));
    }
  }
}

std::int64_t ParitySector::packed_size(std::int64_t line, int levels) const {
  std::int64_t odd_pairs = 0;
  for (const kernels::ParityPair& pair : pairs_) {
    odd_pairs += (line + pair.odd) % 2;
  }
  const std::int64_t even_pairs = static_cast<std::int64_t>(pairs_.size()) - odd_pairs;
  return line < levels ? 2 * (even_pairs * ((levels + 1) / 2) + odd_pairs * (levels / 2)) : 0;
}

void ParitySector::pack(std::int64_t line, int levels, const double* x, double* numbers) const {
  for_each_of_line(line, levels, [&](std::int64_t position) {
    *numbers++ = x[position];
    *numbers++ = x[position + parity_lanes];
  });
}

void ParitySector::unpack(std::int64_t line, int levels, const double* numbers, double* x) const {
  for_each_of_line(line, levels, [&](std::int64_t position) {
    x[position] = *numbers++;
    x[position + parity_lanes] = *numbers++;
  });
}

}  // namespace qbsweep
