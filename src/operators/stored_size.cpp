#include "qbsweep/operators/stored_size.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

#include "parity_group.hpp"
#include "parity_layout.hpp"
#include "qbsweep/model/model_terms.hpp"
#include "qbsweep/model/reductions.hpp"
#include "qbsweep/operators/charging_operators.hpp"
#include "qbsweep/parallel/partition.hpp"
#include "tavis_cummings_layout.hpp"

namespace qbsweep {
namespace {

StoredSize state_vector_size(const BatteryParameters& battery) {
  const double size = 2.0 * (battery.N + 1) * battery.fock_dim;
  return {size, size, size, size, 0.0};
}

/// Sector k with `doubles` for each stored element.
StoredSize sector_size(const BatteryParameters& battery, int k, int excitations, bool real_state,
                       int ranks) {
  StoredSize size;
  const std::vector<std::int64_t> rows = TavisCummingsLayout::sizes_of_rows(
      battery.N, has_local_noise(battery), k, excitations, real_state);
  for (const IndexRange& own : weighted_partition(rows, ranks)) {
    const IndexRange kept = TavisCummingsLayout::kept(own, static_cast<std::int64_t>(rows.size()));
    const std::int64_t doubles =
        std::accumulate(rows.begin() + kept.begin, rows.begin() + kept.end, std::int64_t{0});
    size.doubles = std::max(size.doubles, static_cast<double>(doubles));
  }
  const int blocks = has_local_noise(battery) ? battery.N / 2 + 1 : 1;
  for (int e = 0; e <= battery.N; ++e) {
    for (int e_column = k == 0 ? e : 0; e_column <= battery.N; ++e_column) {
      const TavisCummingsLayout::Shape shape =
          TavisCummingsLayout::shape(battery.N, blocks, k, excitations, e, e_column);
      const bool diagonal = k == 0 && e == e_column;
      size.unknowns += 1.0 * shape.length * shape.strips * (real_state || diagonal ? 1 : 2);
      if (e - e_column == k) {
        size.observations += shape.strips * (k == 0 ? 1 : 2);
      }
    }
  }
  return size;
}

/// Evenly spread representatives of 0 .. count - 1, each of which stands for `weight` numbers.
struct Representatives {
  Representatives(int count, int most)
      : number(std::min(count, most)), weight(1.0 * count / number) {}
  [[nodiscard]] int at(int r) const { return static_cast<int>((r + 0.5) * weight); }

  int number;
  double weight;
};

/// The same from some of the groups, which change little from one to the next.
StoredSize sampled_sector_size(const BatteryParameters& battery, int k, int excitations,
                               bool real_state) {
  constexpr int most_rows = 24;
  const Representatives rows(std::min(battery.N, excitations) + 1, most_rows);
  const int blocks = has_local_noise(battery) ? battery.N / 2 + 1 : 1;
  const int tile = TavisCummingsLayout::lanes * (real_state ? 1 : 2);
  // Of the sector that is its own adjoint one half is stored.
  const double weight = rows.weight * rows.weight * (k == 0 ? 0.5 : 1.0);
  StoredSize size;
  for (int row = 0; row < rows.number; ++row) {
    for (int column = 0; column < rows.number; ++column) {
      const TavisCummingsLayout::Shape shape = TavisCummingsLayout::shape(
          battery.N, blocks, k, excitations, rows.at(row), rows.at(column));
      size.doubles += weight * shape.tiles * shape.strips * tile;
      size.unknowns += weight * shape.length * shape.strips * (real_state ? 1 : 2);
    }
    if (const int column = rows.at(row) - k; column >= 0) {
      const TavisCummingsLayout::Shape shape =
          TavisCummingsLayout::shape(battery.N, blocks, k, excitations, rows.at(row), column);
      size.observations += rows.weight * shape.strips * (k == 0 ? 1 : 2);
    }
  }
  return size;
}

StoredSize tavis_cummings_size(const BatteryParameters& battery, bool real_state, int ranks) {
  constexpr int most_exact_atoms = 48;
  constexpr int most_sectors = 32;
  const bool exact = battery.N <= most_exact_atoms || ranks > 1;
  const auto [excitations, last] = excitation_sectors(battery);
  const auto size_of = [&, excitations = excitations](int k) {
    return exact ? sector_size(battery, k, excitations, real_state, ranks)
                 : sampled_sector_size(battery, k, excitations, real_state);
  };
  const Representatives sectors(last + 1, exact ? last + 1 : most_sectors);
  StoredSize sum;
  sum.largest_part = size_of(std::min(1, last)).doubles;
  for (int s = 0; s < sectors.number; ++s) {
    const StoredSize sector = size_of(sectors.at(s));
    sum.unknowns += sectors.weight * sector.unknowns;
    sum.doubles += sectors.weight * sector.doubles;
    sum.observations += sectors.weight * sector.observations;
    sum.largest_part = std::max(sum.largest_part, sector.doubles);
  }
  return sum;
}

StoredSize parity_size(const BatteryParameters& battery, bool even_alone, int ranks) {
  const bool local_noise = has_local_noise(battery);
  double pairs = 0;
  std::int64_t diagonal_pairs = 0;
  double elements = 0;  // of rho_B
  for (const SpinBlock block : spin_blocks(battery.N, local_noise)) {
    pairs += block.dim() * (block.dim() + 1.0) / 2;
    diagonal_pairs += block.dim();
    elements += 1.0 * block.dim() * block.dim();
  }
  StoredSize size;
  const std::vector<IndexRange> chunks = photon_chunks(battery.fock_dim, ranks);
  const auto row_stride = static_cast<std::int64_t>(pairs) * 2 * parity_width(battery.fock_dim);
  std::int64_t rows = 0;
  std::int64_t buffers = 0;
  for (int rank = 0; rank < ranks; ++rank) {
    const IndexRange& own = chunks[rank];
    rows = std::max(rows, kept_photon_rows(own, battery.fock_dim).count());
    // What is laid out or sent, with the ghosts that are laid out; and what is received.
    const std::vector<std::int64_t> sent =
        ParityGroup::parcel_sizes(chunks, rank, battery.fock_dim, diagonal_pairs, row_stride);
    std::int64_t exchanged = std::accumulate(sent.begin(), sent.end(), std::int64_t{0});
    for (const IndexRange& other : chunks) {
      exchanged += HermitianExchange::buffer_size(other, own, battery.fock_dim, diagonal_pairs);
    }
    buffers = std::max(buffers, exchanged);
  }
  size.largest_part = static_cast<double>(row_stride * rows);
  size.buffers = static_cast<double>(buffers);  // of both halves in turns
  size.doubles = (even_alone ? 1 : 2) * size.largest_part;
  const double unknowns =
      static_cast<double>(count_unknowns(battery.N, battery.fock_dim, local_noise));
  size.unknowns = even_alone ? unknowns / 2 : unknowns;
  size.observations = even_alone ? elements / 2 : elements;
  return size;
}

}  // namespace

StoredSize matrix_free_size(const BatteryParameters& battery, int ranks) {
  require_carried(Carrier::estimates, battery);
  const Reductions reductions = exact_reductions(battery);
  if (reductions.has(Reduction::state_vector)) {
    return state_vector_size(battery);
  }
  if (reductions.has(Reduction::excitation_sectors)) {
    return tavis_cummings_size(battery, reductions.has(Reduction::real_state), ranks);
  }
  if (parity_is_conserved(battery)) {
    return parity_size(battery, reductions.has(Reduction::even_parity), ranks);
  }
  StoredSize size = parity_size(battery, false, 1);  // each rank has the whole
  size.largest_part = size.doubles;
  return size;
}

}  // namespace qbsweep
