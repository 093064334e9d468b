#pragma once
/// \file
/// Where each number of a state is stored.
///
/// A Hermitian rho = X + iY (X symmetric, Y antisymmetric, both real) is stored as the one real
/// matrix R = X + Y: half the memory of complex storage, and exactly Hermitian by construction. The
/// spin basis is rotated by exp(i pi J_z/2), which makes -i H_I real (see coupling.hpp).
///
/// R has a block for every j and nothing between blocks. Block j holds tiles (i, k) of
/// fock_dim x fock_dim, with the spin states M = i - j and M' = k - j; tiles and the photon numbers
/// (n, l) within a tile are row-major:
///
///     block j = N/2            | j = N/2 - 1 | ...
///     tile 00 | 01 | .. | 10 | ..
///     R[00,nl=00] R[00,01] ..
///
/// so the element <j, M; n| R |j, M'; l> is number
/// offset(j) + ((i (2j+1) + k) fock_dim + n) fock_dim + l.

#include <cstdint>
#include <vector>

#include "qbsweep/model/spin_blocks.hpp"

namespace qbsweep {

/// One element <j, M; n| R |j, M'; l> of a state.
struct Element {
  int block = 0;  ///< position of j in StateBasis::blocks()
  int i = 0;      ///< row's spin state, M = i - j
  int k = 0;      ///< column's spin state, M' = k - j
  int n = 0;      ///< row's photon number
  int l = 0;      ///< column's photon number

  friend bool operator==(const Element&, const Element&) = default;
};

class StateBasis {
 public:
  /// \param N            number of atoms, >= 1
  /// \param fock_dim     Fock levels kept, >= 2
  /// \param local_noise  whether blocks below j = N/2 are reached
  StateBasis(int N, int fock_dim, bool local_noise);

  [[nodiscard]] int N() const { return N_; }
  [[nodiscard]] int fock_dim() const { return fock_dim_; }
  [[nodiscard]] const std::vector<SpinBlock>& blocks() const { return blocks_; }

  /// Number of stored reals.
  [[nodiscard]] std::int64_t size() const { return offsets_.back(); }

  [[nodiscard]] std::int64_t index(const Element& element) const {
    const std::int64_t dim = blocks_[element.block].dim();
    const std::int64_t fock = fock_dim_;
    return offsets_[element.block] + ((element.i * dim + element.k) * fock + element.n) * fock +
           element.l;
  }

  /// The inverse of index(). 0 <= index < size().
  [[nodiscard]] Element element(std::int64_t index) const;

  /// The element after `element` in storage order.
  void advance(Element& element) const;

 private:
  int N_;
  int fock_dim_;
  std::vector<SpinBlock> blocks_;
  std::vector<std::int64_t> offsets_;  // of each block, then the size
};

}  // namespace qbsweep
