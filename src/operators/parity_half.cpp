#include "qbsweep/operators/parity_half.hpp"

#include <memory>

#include "parity_layout.hpp"
#include "qbsweep/operators/sector_state.hpp"
#include "qbsweep/support/petsc_shell.hpp"

namespace qbsweep {

ParityHalf::ParityHalf(const BatteryParameters& battery, Parity parity)
    : parity_(parity),
      odd_(parity == Parity::odd ? 1 : 0),
      basis_(battery.N, battery.fock_dim, has_local_noise(battery)) {
  const std::int64_t fock_dim = battery.fock_dim;
  const std::int64_t even = (fock_dim + 1) / 2;
  const std::int64_t odd = fock_dim / 2;
  tile_sizes_[0] = even * even + odd * odd;
  tile_sizes_[1] = 2 * even * odd;
  tiles_.push_back(0);
  for (const SpinBlock& block : basis_.blocks()) {
    block_tiles_.push_back(static_cast<std::int64_t>(tiles_.size()) - 1);
    for (int i = 0; i < block.dim(); ++i) {
      for (int k = 0; k < block.dim(); ++k) {
        tiles_.push_back(tiles_.back() + tile_size(i, k));
      }
    }
  }
  if (parity == Parity::even) {
    for (int b = 0; b < static_cast<int>(basis_.blocks().size()); ++b) {
      for (int i = 0; i < basis_.blocks()[b].dim(); ++i) {
        for (int n = 0; n < battery.fock_dim; ++n) {
          diagonal_.push_back(row(b, i, i, n).position + n / 2);
        }
      }
    }
  }
}

std::int64_t ParityHalf::tile(int block, int i, int k) const {
  const std::int64_t dim = basis_.blocks()[block].dim();
  return tiles_[block_tiles_[block] + i * dim + k];
}

ParityHalf::Row ParityHalf::row(int block, int i, int k, int n) const {
  const int fock_dim = basis_.fock_dim();
  const int even = (fock_dim + 1) / 2;
  const int odd = fock_dim / 2;
  const int first_l = (kind(i, k) + n) % 2;
  // The rows before: half of them as long as this one's neighbours, half as long as itself.
  const std::int64_t first_row = kind(i, k) == 0 ? even : odd;
  const std::int64_t second_row = fock_dim - first_row;
  return {tile(block, i, k) + (n + 1) / 2 * first_row + n / 2 * second_row, first_l,
          first_l == 0 ? even : odd};
}

void ParityHalf::expand(const double* half, double* full) const {
  for (int b = 0; b < static_cast<int>(basis_.blocks().size()); ++b) {
    const int dim = basis_.blocks()[b].dim();
    for (int i = 0; i < dim; ++i) {
      for (int k = 0; k < dim; ++k) {
        for (int n = 0; n < basis_.fock_dim(); ++n) {
          const Row from = row(b, i, k, n);
          double* const to = full + basis_.index({b, i, k, n, from.first_l});
          for (std::int64_t s = 0; s < from.count; ++s) {
            to[2 * s] = half[from.position + s];
          }
        }
      }
    }
  }
}

void ParityHalf::restrict(const double* full, double* half) const {
  for (int b = 0; b < static_cast<int>(basis_.blocks().size()); ++b) {
    const int dim = basis_.blocks()[b].dim();
    for (int i = 0; i < dim; ++i) {
      for (int k = 0; k < dim; ++k) {
        for (int n = 0; n < basis_.fock_dim(); ++n) {
          const Row to = row(b, i, k, n);
          const double* const from = full + basis_.index({b, i, k, n, to.first_l});
          for (std::int64_t s = 0; s < to.count; ++s) {
            half[to.position + s] = from[2 * s];
          }
        }
      }
    }
  }
}

namespace {

/// What the shell works on.
class HalfOperator {
 public:
  HalfOperator(const BatteryParameters& battery, const ParityHalf& half)
      : half_(half),
        sector_(battery, half.parity()),
        full_(static_cast<std::size_t>(half.basis().size()), 0.0),
        in_(sector_.size()),
        out_(sector_.size()) {}

  void apply(const double* from, double* to) {
    half_.expand(from, full_.data());
    sector_.gather(full_.data(), in_.data());
    sector_.apply(in_.data(), out_.data(), {});
    sector_.scatter(out_.data(), full_.data());
    half_.restrict(full_.data(), to);
  }

 private:
  const ParityHalf& half_;
  ParitySector sector_;
  std::vector<double> full_;
  SectorState in_;
  SectorState out_;
};

}  // namespace

petsc::Matrix half_liouvillian(const BatteryParameters& battery, const ParityHalf& half) {
  return petsc::make_shell(PETSC_COMM_SELF, half.size(),
                           std::make_unique<HalfOperator>(battery, half),
                           "set up the Liouvillian of a parity half");
}

double parity_sector_doubles(const BatteryParameters& battery) {
  double pairs = 0.0;
  for (const SpinBlock& block : spin_blocks(battery.N, has_local_noise(battery))) {
    pairs += block.dim() * (block.dim() + 1.0) / 2;
  }
  return pairs * 2 * static_cast<double>(parity_width(battery.fock_dim)) * battery.fock_dim;
}

}  // namespace qbsweep
