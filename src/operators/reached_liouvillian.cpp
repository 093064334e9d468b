#include "qbsweep/operators/reached_liouvillian.hpp"

#include "qbsweep/model/model_terms.hpp"
#include "qbsweep/operators/liouvillian_rows.hpp"

namespace qbsweep {
namespace {

using Rows = Eigen::SparseMatrix<double, Eigen::RowMajor, std::int64_t>;
using Columns = Eigen::SparseMatrix<double, Eigen::ColMajor, std::int64_t>;

Rows all_rows(const StateBasis& basis, const BatteryParameters& battery) {
  const LiouvillianRows all(basis, battery);
  std::vector<Eigen::Triplet<double, std::int64_t>> entries;
  Element row;
  for (std::int64_t r = 0; r < basis.size(); ++r, basis.advance(row)) {
    all.for_each_in_row(
        row, [&](std::int64_t column, double weight) { entries.emplace_back(r, column, weight); });
  }
  Rows L(basis.size(), basis.size());
  L.setFromTriplets(entries.begin(), entries.end());
  return L;
}

/// What can be walked to from `first` along the entries of L, outer index to inner index.
template <typename Matrix>
std::vector<bool> walk(const Matrix& L, std::span<const std::int64_t> first) {
  std::vector<bool> seen(static_cast<std::size_t>(L.outerSize()), false);
  std::vector<std::int64_t> next;
  const auto visit = [&](std::int64_t element) {
    if (!seen[static_cast<std::size_t>(element)]) {
      seen[static_cast<std::size_t>(element)] = true;
      next.push_back(element);
    }
  };
  for (const std::int64_t element : first) {
    visit(element);
  }
  while (!next.empty()) {
    const std::int64_t element = next.back();
    next.pop_back();
    for (typename Matrix::InnerIterator entry(L, element); entry; ++entry) {
      visit(entry.index());
    }
  }
  return seen;
}

}  // namespace

ReachedLiouvillian reached_liouvillian(const StateBasis& basis, const BatteryParameters& battery,
                                       std::span<const std::int64_t> from,
                                       std::span<const std::int64_t> to) {
  require_carried(Carrier::assembled_matrix, battery);
  const Rows rows = all_rows(basis, battery);
  const std::vector<bool> reaching = walk(rows, to);  // a row holds what it depends on
  const std::vector<bool> reached = walk(Columns(rows), from);
  ReachedLiouvillian kept;
  std::vector<int> number(reached.size(), -1);
  for (std::size_t e = 0; e < reached.size(); ++e) {
    if (reached[e] && reaching[e]) {
      number[e] = static_cast<int>(kept.elements.size());
      kept.elements.push_back(static_cast<std::int64_t>(e));
    }
  }
  const auto size = static_cast<int>(kept.elements.size());
  std::vector<Eigen::Triplet<long double>> entries;
  std::vector<long double> sums(kept.elements.size(), 0.0L);
  std::vector<bool> population;
  for (const std::int64_t number_in_basis : kept.elements) {
    const Element element = basis.element(number_in_basis);
    population.push_back(element.i == element.k && element.n == element.l);
  }
  for (int row = 0; row < size; ++row) {
    for (Rows::InnerIterator entry(rows, kept.elements[row]); entry; ++entry) {
      const int column = number[static_cast<std::size_t>(entry.index())];
      if (column >= 0) {
        entries.emplace_back(row, column, entry.value());
        sums[column] += population[row] ? entry.value() : 0.0;
      }
    }
  }
  for (int e = 0; e < size; ++e) {
    if (population[e]) {
      entries.emplace_back(e, e, -sums[e]);  // rounding
    }
  }
  kept.matrix.resize(size, size);
  kept.matrix.setFromTriplets(entries.begin(), entries.end());
  return kept;
}

}  // namespace qbsweep
