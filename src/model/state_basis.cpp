#include "qbsweep/model/state_basis.hpp"

#include <algorithm>

namespace qbsweep {

StateBasis::StateBasis(int N, int fock_dim, bool local_noise)
    : N_(N), fock_dim_(fock_dim), blocks_(spin_blocks(N, local_noise)), offsets_{0} {
  for (const SpinBlock block : blocks_) {
    const std::int64_t rows = static_cast<std::int64_t>(block.dim()) * fock_dim;
    offsets_.push_back(offsets_.back() + rows * rows);
  }
}

Element StateBasis::element(std::int64_t index) const {
  const auto next = std::upper_bound(offsets_.begin(), offsets_.end(), index);
  Element element;
  element.block = static_cast<int>(next - offsets_.begin()) - 1;
  std::int64_t rest = index - offsets_[element.block];
  const auto split = [&rest](std::int64_t dim) {
    const auto digit = static_cast<int>(rest % dim);
    rest /= dim;
    return digit;
  };
  element.l = split(fock_dim_);
  element.n = split(fock_dim_);
  element.k = split(blocks_[element.block].dim());
  element.i = static_cast<int>(rest);
  return element;
}

void StateBasis::advance(Element& element) const {
  const int dim = blocks_[element.block].dim();
  if (++element.l < fock_dim_) {
    return;
  }
  element.l = 0;
  if (++element.n < fock_dim_) {
    return;
  }
  element.n = 0;
  if (++element.k < dim) {
    return;
  }
  element.k = 0;
  if (++element.i < dim) {
    return;
  }
  element.i = 0;
  ++element.block;
}

}  // namespace qbsweep
