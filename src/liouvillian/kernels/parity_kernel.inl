// The Liouvillian on a parity sector. Storage: [photon row n][pair (j, i <= k)][s], eight of X and
// eight of Y in turns, where column l = 2 s + rho, rho = (n + i + k + parity) mod 2. What one row
// needs, rows n - 1, n and n + 1 of all pairs, are neighbours in memory, while the spin neighbours
// of a pair are few rows of a pair away. X and Y in turns halve the addresses in use at a time,
// which are more than the processor has registers for.
//
// Z = X + iY of pair (i, k); with C[n, l] the coupling to the cavity of one photon more or less:
//   left factor   sum over (i -+ 1, k)  weight (sqrt(n+1) Z[n+1, l] + sqrt(n) Z[n-1, l])
//   right factor  sum over (i, k -+ 1)  weight (sqrt(l+1) Z[n, l+1] + sqrt(l) Z[n, l-1])
// of which Tavis-Cummings keeps one square root each. In the compact columns, l -+ 1 of the
// neighbour is s - 1 and s (rho = 0), or s and s + 1 (rho = 1).
//
// On i = k the factors (i + 1, i) and (i, i - 1) are adjoints of stored ones, so the row sum is
// M + M^dag, where M has the left factor (i - 1, i), the right factor (i, i + 1), and one half of
// every other term, each of which is Hermitian by itself. The weights are those of 2 M;
// parity_hermitian_parts() completes the sum.

// In doubles, from X to the Y of the same columns, and from there to the next X.
constexpr long part_stride = 8;
constexpr long block_stride = 2 * part_stride;

QBSWEEP_INLINE Lanes all_lanes(double value) {
  return value - Lanes{};  // not a sum: that would turn -0 into 0, so it would be computed
}

// Tables over the columns, for rho = 0 and 1, times `apply` of the recurrence.
struct ColumnTables {
  double* roots[2];  // sqrt(l + 1) / sqrt(l)
};
struct RowTables {
  double* damping[2];  // what all elements lose to the cavity and keep / how they turn with it
  double* loss[2];     // kappa sqrt((n+1)(l+1)) / nothing
};

// What photon row n has for all pairs, times `apply`.
struct PhotonRow {
  const double* here;   // row n of x
  const double* above;  // row n + 1, or row n where there is none, which then has weight 0
  const double* below;  // row n - 1, likewise
  double* out;
  RowTables tables;
  double root_above;  // sqrt(n + 1)
  double root_below;  // sqrt(n)
};

// The place of the register of X (or Y) behind the one at `at`.
QBSWEEP_INLINE long next_register(long at) {
  return (at + lanes) % part_stride == 0 ? at + lanes + part_stride : at + lanes;
}

QBSWEEP_INLINE PhotonRow photon_row(const ParityArguments& a, long n, const RowTables& tables,
                                    const ColumnTables& columns) {
  const bool has_above = n + 1 < a.fock_dim;
  PhotonRow row;
  row.here = a.x + (n - a.kept_row) * a.row_stride;
  row.above = has_above ? row.here + a.row_stride : row.here;
  row.below = n > 0 ? row.here - a.row_stride : row.here;
  row.out = a.y + (n - a.kept_row) * a.row_stride;
  row.root_above = has_above ? a.apply * a.root[n + 1] : 0.0;
  row.root_below = a.apply * a.root[n];
  row.tables = tables;
  const Lanes loss = all_lanes(has_above ? a.kappa * a.root[n + 1] : 0.0);
  for (int rho = 0; rho < 2; ++rho) {
    // Going along l the damping and the rotation change by as much from column to column.
    Lanes damping;
    Lanes rotation;
    for (long lane = 0; lane < lanes; ++lane) {
      const auto l = static_cast<double>(2 * lane + rho);
      damping[lane] = a.keep - a.apply * a.kappa / 2 * (static_cast<double>(n) + l);
      rotation[lane] = a.apply * a.omega_c * (static_cast<double>(n) - l);
    }
    for (long at = 0; at < 2 * a.columns[rho]; at = next_register(at)) {
      const long s = at / block_stride * part_stride + at % part_stride;
      const auto l = static_cast<double>(2 * s);
      store(tables.damping[rho] + at, damping - all_lanes(a.apply * a.kappa / 2 * l));
      store(tables.damping[rho] + at + part_stride, rotation - all_lanes(a.apply * a.omega_c * l));
      store(tables.loss[rho] + at, loss * load(columns.roots[rho] + at));
    }
  }
  return row;
}

// What a pair has for all of its photon rows; times `apply` what rows and columns do not have it
// for.
struct PairWeights {
  Lanes left_below, left_above, right_below, right_above;
  Lanes decay_same, decay_up, decay_down, dephasing_up, dephasing_down;
  Lanes diagonal, energy, previous;
};

template <bool decay, bool dephasing>
QBSWEEP_INLINE PairWeights pair_weights(const ParityArguments& a, const ParityPair& pair) {
  PairWeights w;
  w.left_below = all_lanes(pair.left_below_weight);
  w.left_above = all_lanes(pair.left_above_weight);
  w.right_below = all_lanes(pair.right_below_weight);
  w.right_above = all_lanes(pair.right_above_weight);
  if (decay) {
    w.decay_same = all_lanes(a.apply * pair.decay_same_weight);
    w.decay_up = all_lanes(a.apply * pair.decay_up_weight);
    w.decay_down = all_lanes(a.apply * pair.decay_down_weight);
  }
  if (dephasing) {
    w.dephasing_up = all_lanes(a.apply * pair.dephasing_up_weight);
    w.dephasing_down = all_lanes(a.apply * pair.dephasing_down_weight);
  }
  w.diagonal = all_lanes(a.apply * pair.diagonal);
  w.energy = all_lanes(a.apply * pair.energy);
  w.previous = all_lanes(a.previous);
  return w;
}

// One photon row of one pair.
template <bool counter_rotating, bool decay, bool dephasing, bool add, int rho>
QBSWEEP_INLINE void parity_pair_row(const ParityArguments& a, const ParityPair& pair,
                                    const PairWeights& w, const PhotonRow& row,
                                    const ColumnTables& columns) {
  const Lanes below_there_weight = row.root_above * w.left_below;  // (i - 1, k) at n + 1, and so on
  const Lanes above_here_weight = row.root_below * w.left_above;
  const Lanes below_here_weight = row.root_below * w.left_below;
  const Lanes above_there_weight = row.root_above * w.left_above;

  const double* const own = row.here + pair.offset;
  const double* const lost = row.above + pair.offset;
  const double* const right_below = row.here + pair.right_below;
  const double* const right_above = row.here + pair.right_above;
  const double* const roots = columns.roots[rho];
  const double* const row_damping = row.tables.damping[rho];
  const double* const row_loss = row.tables.loss[rho];
  double* const out = row.out + pair.offset;

  // Neighbours (i, k -+ 1) one register back (rho = 0) or ahead (rho = 1): for Dicke their weighted
  // sum, for Tavis-Cummings the one of them that is needed beside: (i, k + 1) or (i, k - 1).
  Lanes near[2] = {};
  // Column l + 1 of the row above is straight above for rho = 0, and beside that for rho = 1.
  Lanes near_lost[2] = {};
  const auto weighted = [&](long at) {
    if (counter_rotating) {
      return w.right_below * load(right_below + at) + w.right_above * load(right_above + at);
    }
    return rho == 0 ? w.right_above * load(right_above + at)
                    : w.right_below * load(right_below + at);
  };
  if (rho == 1) {
    for (int part = 0; part < 2; ++part) {
      near[part] = weighted(part * part_stride);
      near_lost[part] = load(lost + part * part_stride);
    }
  }
  const long end = 2 * a.columns[rho];
  for (long first = 0; first < end; first = next_register(first)) {
    const long next = next_register(first);
    const Lanes upper = load(roots + first);
    const Lanes lower = load(roots + first + part_stride);
    const Lanes mine[2] = {load(own + first), load(own + first + part_stride)};
    const Lanes damping = w.diagonal + load(row_damping + first);
    const Lanes rotation = w.energy + load(row_damping + first + part_stride);
    const Lanes loss = load(row_loss + first);
    for (int part = 0; part < 2; ++part) {
      const long at = first + part * part_stride;
      const long ahead = next + part * part_stride;
      Lanes total = damping * mine[part];
      total += (part == 0 ? rotation : -rotation) * mine[1 - part];
      Lanes left = below_there_weight * load(row.above + pair.left_below + at);
      left += above_here_weight * load(row.below + pair.left_above + at);
      if (counter_rotating) {
        left += below_here_weight * load(row.below + pair.left_below + at);
        left += above_there_weight * load(row.above + pair.left_above + at);
      }
      Lanes straight;  // of the neighbours at s, and at s - 1 (rho = 0) or s + 1 (rho = 1)
      Lanes beside;
      if (rho == 0) {
        const Lanes here = weighted(at);
        beside = shifted_down(near[part], here);
        near[part] = here;
        straight = counter_rotating ? here : w.right_below * load(right_below + at);
      } else {
        const Lanes here = near[part];
        near[part] = weighted(ahead);
        beside = shifted_up(here, near[part]);
        straight = counter_rotating ? here : w.right_above * load(right_above + at);
      }
      // Column l + 1 is straight for rho = 0 and beside for rho = 1; l - 1 the other one.
      total += (rho == 0 ? upper : lower) * straight;
      left += (rho == 0 ? lower : upper) * beside;
      if (rho == 0) {
        total += loss * load(lost + at);
      } else {
        const Lanes here = near_lost[part];
        near_lost[part] = load(lost + ahead);
        total += loss * shifted_up(here, near_lost[part]);
      }
      if (decay) {
        left += w.decay_same * load(row.here + pair.decay_same + at);
        total += w.decay_up * load(row.here + pair.decay_up + at);
        left += w.decay_down * load(row.here + pair.decay_down + at);
      }
      if (dephasing) {
        total += w.dephasing_up * load(row.here + pair.dephasing_up + at);
        left += w.dephasing_down * load(row.here + pair.dephasing_down + at);
      }
      if (add) {
        total += w.previous * load(out + at);
      }
      store(out + at, total + left);
    }
  }
}

// Two photon rows at a time, which have the two values of rho, share what a pair has for both.
template <bool counter_rotating, bool decay, bool dephasing, bool add>
void parity_rows(const ParityArguments& a) {
  double* free = a.tables;
  const auto take_table = [&] {
    double* const table = free;
    free += 2 * a.width;
    return table;
  };
  const ColumnTables columns = {{take_table(), take_table()}};
  RowTables tables[2];
  for (RowTables& row : tables) {
    row = {{take_table(), take_table()}, {take_table(), take_table()}};
  }
  for (long l = 0; l < a.fock_dim; ++l) {
    const long s = l / 2;
    double* const root = columns.roots[l % 2] + s / part_stride * block_stride + s % part_stride;
    root[0] = l + 1 < a.fock_dim ? a.apply * a.root[l + 1] : 0.0;
    root[part_stride] = a.apply * a.root[l];
  }
  for (long n = a.first_row; n < a.end_row; n += 2) {
    const bool two = n + 1 < a.end_row;
    const PhotonRow first = photon_row(a, n, tables[0], columns);
    const PhotonRow second = two ? photon_row(a, n + 1, tables[1], columns) : first;
    for (const ParityPair* pair = a.pairs; pair != a.pairs + a.pair_count; ++pair) {
      const PairWeights weights = pair_weights<decay, dephasing>(a, *pair);
      if (pair->odd == 0) {
        parity_pair_row<counter_rotating, decay, dephasing, add, 0>(a, *pair, weights, first,
                                                                    columns);
        if (two) {
          parity_pair_row<counter_rotating, decay, dephasing, add, 1>(a, *pair, weights, second,
                                                                      columns);
        }
      } else {
        parity_pair_row<counter_rotating, decay, dephasing, add, 1>(a, *pair, weights, first,
                                                                    columns);
        if (two) {
          parity_pair_row<counter_rotating, decay, dephasing, add, 0>(a, *pair, weights, second,
                                                                      columns);
        }
      }
    }
  }
}

template <bool counter_rotating, bool decay, bool dephasing>
void parity_rows_adding(const ParityArguments& a) {
  if (a.previous != 0) {
    parity_rows<counter_rotating, decay, dephasing, true>(a);
  } else {
    parity_rows<counter_rotating, decay, dephasing, false>(a);
  }
}

template <bool counter_rotating>
void parity_rows_with_noise(const ParityArguments& a) {
  if (a.decay) {
    a.dephasing ? parity_rows_adding<counter_rotating, true, true>(a)
                : parity_rows_adding<counter_rotating, true, false>(a);
  } else {
    a.dephasing ? parity_rows_adding<counter_rotating, false, true>(a)
                : parity_rows_adding<counter_rotating, false, false>(a);
  }
}

void parity_kernel(const ParityArguments& a) {
  a.counter_rotating ? parity_rows_with_noise<true>(a) : parity_rows_with_noise<false>(a);
}
