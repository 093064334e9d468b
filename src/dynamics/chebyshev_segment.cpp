#include "qbsweep/dynamics/chebyshev_segment.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace qbsweep {
namespace {

/// Nodes of a segment, and so one more than its highest degree.
constexpr int nodes = 32;

/// The Chebyshev points of the first kind on [begin, end].
void append_nodes(double begin, double end, std::vector<double>& times) {
  for (int p = 0; p < nodes; ++p) {
    const double x = std::cos(std::numbers::pi * (p + 0.5) / nodes);
    times.push_back((begin + end) / 2 + (end - begin) / 2 * x);
  }
}

/// Row k: how the values at the nodes enter the coefficient of T_k.
const std::vector<double>& transform() {
  static const std::vector<double> matrix = [] {
    std::vector<double> weights(static_cast<std::size_t>(nodes) * nodes);
    for (int k = 0; k < nodes; ++k) {
      for (int p = 0; p < nodes; ++p) {
        weights[k * nodes + p] =
            (k == 0 ? 1.0 : 2.0) / nodes * std::cos(std::numbers::pi * k * (p + 0.5) / nodes);
      }
    }
    return weights;
  }();
  return matrix;
}

Table coefficients_of(const Table& values, std::int64_t first_row) {
  Table coefficients(nodes, values.columns);
  const std::vector<double>& weights = transform();
  for (int k = 0; k < nodes; ++k) {
    double* const to = coefficients.row(k);
    for (int p = 0; p < nodes; ++p) {
      const double weight = weights[k * nodes + p];
      const double* const from = values.row(first_row + p);
      for (std::int64_t o = 0; o < values.columns; ++o) {
        to[o] += weight * from[o];
      }
    }
  }
  return coefficients;
}

/// The largest coefficient of T_row, relative to the scale of its observation.
double largest(const Table& table, int row, const std::vector<double>& scales) {
  const double* const numbers = table.row(row);
  double size = 0.0;
  for (std::int64_t o = 0; o < table.columns; ++o) {
    const double scale = scales.empty() ? 1.0 : scales[static_cast<std::size_t>(o)];
    size = std::max(size, std::abs(numbers[o]) / scale);
  }
  return size;
}

/// Shifts the expansion so that it begins at the values at its begin, where T_k = (-1)^k.
void begin_at(const double* values, int degree, Table& coefficients) {
  for (std::int64_t o = 0; o < coefficients.columns; ++o) {
    double begin = 0.0;
    for (int k = degree; k >= 0; --k) {
      begin = coefficients.row(k)[o] - begin;
    }
    coefficients.row(0)[o] += values[o] - begin;
  }
}

struct Piece {
  double begin;
  double end;
};

}  // namespace

ChebyshevSegment::ChebyshevSegment(double t_begin, double t_end, Table coefficients,
                                   std::shared_ptr<const std::vector<std::int64_t>> positions,
                                   std::int64_t size, int degree)
    : t_begin_(t_begin),
      t_end_(t_end),
      coefficients_(std::move(coefficients)),
      positions_(std::move(positions)),
      size_(size),
      degree_(degree) {}

int ChebyshevSegment::parts() const {
  return std::max(4, degree_);
}

void ChebyshevSegment::combine(const std::vector<double>& weights, std::vector<double>& out) const {
  std::vector<double> sums(static_cast<std::size_t>(coefficients_.columns), 0.0);
  for (int k = 0; k <= degree_; ++k) {
    const double weight = weights[k];
    const double* const from = coefficients_.row(k);
    for (std::size_t o = 0; o < sums.size(); ++o) {
      sums[o] += weight * from[o];
    }
  }
  out.assign(static_cast<std::size_t>(size_), 0.0);
  for (std::size_t o = 0; o < sums.size(); ++o) {
    out[(*positions_)[o]] += sums[o];
  }
}

void ChebyshevSegment::values(double t, std::vector<double>& out) const {
  const double x = std::clamp((2 * t - t_begin_ - t_end_) / (t_end_ - t_begin_), -1.0, 1.0);
  std::vector<double> weights = {1.0, x};  // T_k
  for (int k = 2; k <= degree_; ++k) {
    weights.push_back(2 * x * weights[k - 1] - weights[k - 2]);
  }
  combine(weights, out);
}

void ChebyshevSegment::rates(double t, std::vector<double>& out) const {
  const double x = std::clamp((2 * t - t_begin_ - t_end_) / (t_end_ - t_begin_), -1.0, 1.0);
  std::vector<double> second_kind = {1.0, 2 * x};  // U_k, with T_k' = k U_(k-1)
  std::vector<double> weights = {0.0, 1.0};
  for (int k = 2; k <= degree_; ++k) {
    weights.push_back(k * second_kind[k - 1]);
    second_kind.push_back(2 * x * second_kind[k - 1] - second_kind[k - 2]);
  }
  for (double& weight : weights) {
    weight *= 2 / (t_end_ - t_begin_);
  }
  combine(weights, out);
}

void for_each_segment(const ObservationsAt& observations,
                      const std::shared_ptr<const std::vector<std::int64_t>>& positions,
                      std::int64_t size, const SegmentSettings& settings,
                      const std::function<void(const ChebyshevSegment&)>& visit) {
  // The observations rarely contain the highest frequencies: try segments over which those turn
  // more often than the nodes can follow, and halve where the coefficients do not die out.
  const double longest = 2.0 * nodes / std::max(settings.frequency, 1e-300);
  const auto count = static_cast<int>(std::ceil(std::max(1.0, settings.duration / longest)));
  std::vector<Piece> pending;  // the next one last
  for (int s = count - 1; s >= 0; --s) {
    pending.push_back({settings.duration * s / count, settings.duration * (s + 1) / count});
  }
  constexpr int checked = 4;  // coefficients that must have died out
  // Where the highest frequency turns less than 6 the last coefficients are below J_28(6) ~ 1e-17:
  // what is left there is rounding, and halving would not help.
  const double shortest = 12 / std::max(settings.frequency, 1e-300);
  while (!pending.empty()) {
    const Piece piece = pending.back();
    pending.pop_back();
    std::vector<double> times;
    append_nodes(piece.begin, piece.end, times);
    const bool first = piece.begin == 0;
    if (first) {
      times.push_back(0.0);
    }
    const Table values = observations(times);
    Table coefficients = coefficients_of(values, 0);
    double rest = 0.0;
    for (int k = nodes - checked; k < nodes; ++k) {
      rest = std::max(rest, largest(coefficients, k, settings.scales));
    }
    const double tolerance = first ? settings.first_tolerance : settings.tolerance;
    if (rest > tolerance && piece.end - piece.begin > shortest) {
      const double middle = (piece.begin + piece.end) / 2;
      pending.push_back({middle, piece.end});
      pending.push_back({piece.begin, middle});
      continue;
    }
    int degree = nodes - 1;
    while (degree > 1 && largest(coefficients, degree, settings.scales) < tolerance / nodes) {
      --degree;
    }
    if (first) {
      begin_at(values.row(nodes), degree, coefficients);
    }
    visit(ChebyshevSegment(settings.t_begin + piece.begin, settings.t_begin + piece.end,
                           std::move(coefficients), positions, size, degree));
  }
}

}  // namespace qbsweep
