// The Liouvillian on a parity sector. Storage: [photon row n][pair (j, i <= k)][s], eight of X and
// eight of Y in turns, where column l = 2 s + rho, rho = (n + i + k + parity) mod 2. What one row
// needs, rows n - 1, n and n + 1 of all pairs, are neighbours in memory, while the spin neighbours
// of a pair are few rows of a pair away. X and Y in turns halve the addresses in use at a time,
// which are more than the processor has registers for.
//
// Z = X + iY of pair (i, k); with C[n, l] the coupling to the cavity of one photon more or less:
//   left factor   sum over (i -+ 1, k)  weight (sqrt(n+1) Z[n+1, l] + sqrt(n) Z[n-1, l])
//   right factor  sum over (i, k -+ 1)  weight (sqrt(l+1) Z[n, l+1] + sqrt(l) Z[n, l-1])
// of which Tavis-Cummings keeps one square root each, the rotating one; in between the others count
// r times. In the compact columns, l -+ 1 of the
// neighbour is s - 1 and s (rho = 0), or s and s + 1 (rho = 1).
//
// On i = k the factors (i + 1, i) and (i, i - 1) are adjoints of stored ones, so the row sum is
// M + M^dag, where M has the left factor (i - 1, i), the right factor (i, i + 1), and one half of
// every other term, each of which is Hermitian by itself. The weights are those of 2 M;
// parity_hermitian_parts() completes the sum.

// In doubles, from X to the Y of the same columns, and from there to the next X.
constexpr long part_stride = 8;
constexpr long block_stride = 2 * part_stride;

// Which terms the coupling has: J_+ a and J_- a^dag alone, also J_+ a^dag and J_- a, or r times
// these.
enum class Coupling { rotating, full, anisotropic };

QBSWEEP_INLINE Lanes all_lanes(double value) {
  return value - Lanes{};  // not a sum: that would turn -0 into 0, so it would be computed
}

// Tables over the columns, for rho = 0 and 1, times alpha of the recurrence.
struct ColumnTables {
  double* roots[2];  // sqrt(l + 1) / sqrt(l)
};
struct RowTables {
  double* damping[2];  // what all elements lose to the cavity and keep / how they turn with it
  double* loss[2];     // rate of D[a] sqrt((n+1)(l+1)) / nothing
};

// What photon row n has for all pairs, times alpha.
struct PhotonRow {
  const double* here;   // row n of x
  const double* above;  // row n + 1, or row n where there is none, which then has weight 0
  const double* below;  // row n - 1, likewise
  double* out;
  RowTables tables;
  double root_above;  // sqrt(n + 1)
  double root_below;  // sqrt(n)
  double heating;     // rate of D[a^dag] sqrt(n); the columns have the rest
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
  row.root_above = has_above ? a.alpha * a.root[n + 1] : 0.0;
  row.root_below = a.alpha * a.root[n];
  row.heating = a.heating * a.root[n];
  row.tables = tables;
  const Lanes loss = all_lanes(has_above ? a.loss * a.root[n + 1] : 0.0);
  // D[a^dag] takes n + 1 where there is a level above.
  const double rate = a.loss + a.heating;
  const double taken = a.heating * (has_above ? 1.0 : -static_cast<double>(n)) + a.heating;
  for (int rho = 0; rho < 2; ++rho) {
    // Going along l the damping and the rotation change by as much from column to column.
    Lanes damping;
    Lanes rotation;
    for (long lane = 0; lane < lanes; ++lane) {
      const auto l = static_cast<double>(2 * lane + rho);
      damping[lane] = a.beta - a.alpha / 2 * (rate * (static_cast<double>(n) + l) + taken);
      rotation[lane] = a.alpha * a.omega_c * (static_cast<double>(n) - l);
    }
    for (long at = 0; at < 2 * a.columns[rho]; at = next_register(at)) {
      const long s = at / block_stride * part_stride + at % part_stride;
      const auto l = static_cast<double>(2 * s);
      store(tables.damping[rho] + at, damping - all_lanes(a.alpha * rate / 2 * l));
      store(tables.damping[rho] + at + part_stride, rotation - all_lanes(a.alpha * a.omega_c * l));
      store(tables.loss[rho] + at, loss * load(columns.roots[rho] + at));
    }
    if (a.heating != 0 && (a.fock_dim - 1) % 2 == rho) {
      // Nothing is heated out of the highest level.
      const long s = (a.fock_dim - 1) / 2;
      tables.damping[rho][s / part_stride * block_stride + s % part_stride] +=
          a.alpha / 2 * a.heating * static_cast<double>(a.fock_dim);
    }
  }
  return row;
}

// What a pair has for all of its photon rows; times alpha what rows and columns do not have it
// for.
struct PairWeights {
  Lanes left_below, left_above, right_below, right_above;
  Lanes left_below_counter, left_above_counter, right_below_counter, right_above_counter;
  Lanes decay_same, decay_up, decay_down, dephasing_up, dephasing_down;
  Lanes pumping_same, pumping_up, pumping_down;
  Lanes diagonal, energy, previous;
};

template <Coupling coupling, bool decay, bool dephasing, bool gain>
QBSWEEP_INLINE PairWeights pair_weights(const ParityArguments& a, const ParityPair& pair) {
  PairWeights w;
  w.left_below = all_lanes(pair.left_below_weight);
  w.left_above = all_lanes(pair.left_above_weight);
  w.right_below = all_lanes(pair.right_below_weight);
  w.right_above = all_lanes(pair.right_above_weight);
  const double r = coupling == Coupling::anisotropic ? a.counter_rotating : 1.0;
  w.left_below_counter = r * w.left_below;
  w.left_above_counter = r * w.left_above;
  w.right_below_counter = r * w.right_below;
  w.right_above_counter = r * w.right_above;
  if (decay) {
    w.decay_same = all_lanes(a.alpha * pair.decay_same_weight);
    w.decay_up = all_lanes(a.alpha * pair.decay_up_weight);
    w.decay_down = all_lanes(a.alpha * pair.decay_down_weight);
  }
  if (dephasing) {
    w.dephasing_up = all_lanes(a.alpha * pair.dephasing_up_weight);
    w.dephasing_down = all_lanes(a.alpha * pair.dephasing_down_weight);
  }
  if (gain) {
    w.pumping_same = all_lanes(a.alpha * pair.pumping_same_weight);
    w.pumping_up = all_lanes(a.alpha * pair.pumping_up_weight);
    w.pumping_down = all_lanes(a.alpha * pair.pumping_down_weight);
  }
  w.diagonal = all_lanes(a.alpha * pair.diagonal);
  w.energy = all_lanes(a.alpha * pair.energy);
  w.previous = all_lanes(a.gamma);
  return w;
}

// One photon row of one pair.
template <Coupling coupling, bool decay, bool dephasing, bool gain, bool add, int rho>
QBSWEEP_INLINE void parity_pair_row(const ParityArguments& a, const ParityPair& pair,
                                    const PairWeights& w, const PhotonRow& row,
                                    const ColumnTables& columns) {
  constexpr bool counter_rotating = coupling != Coupling::rotating;
  const Lanes below_there_weight = row.root_above * w.left_below;  // (i - 1, k) at n + 1, and so on
  const Lanes above_here_weight = row.root_below * w.left_above;
  const Lanes below_here_weight = row.root_below * w.left_below_counter;
  const Lanes above_there_weight = row.root_above * w.left_above_counter;

  const double* const own = row.here + pair.offset;
  const double* const lost = row.above + pair.offset;
  const double* const gained = row.below + pair.offset;
  const double* const right_below = row.here + pair.right_below;
  const double* const right_above = row.here + pair.right_above;
  const double* const roots = columns.roots[rho];
  const double* const row_damping = row.tables.damping[rho];
  const double* const row_loss = row.tables.loss[rho];
  double* const out = row.out + pair.offset;

  // Neighbours (i, k -+ 1) one register back (rho = 0) or ahead (rho = 1): for Dicke their weighted
  // sum, for Tavis-Cummings the one of them that is needed beside: (i, k + 1) or (i, k - 1). In
  // between the sums for l + 1 and l - 1 differ.
  Lanes near[2] = {};
  // Column l + 1 of the row above is straight above for rho = 0, and beside that for rho = 1;
  // column l - 1 of the row below the other way round.
  Lanes near_lost[2] = {};
  Lanes near_gained[2] = {};
  const auto to_upper = [&](long at) {
    return w.right_below * load(right_below + at) + w.right_above_counter * load(right_above + at);
  };
  const auto to_lower = [&](long at) {
    return w.right_below_counter * load(right_below + at) + w.right_above * load(right_above + at);
  };
  const auto weighted = [&](long at) {
    if (coupling == Coupling::full) {
      return w.right_below * load(right_below + at) + w.right_above * load(right_above + at);
    }
    if (coupling == Coupling::anisotropic) {
      return rho == 0 ? to_lower(at) : to_upper(at);
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
        straight = coupling == Coupling::full          ? here
                   : coupling == Coupling::anisotropic ? to_upper(at)
                                                       : w.right_below * load(right_below + at);
      } else {
        const Lanes here = near[part];
        near[part] = weighted(ahead);
        beside = shifted_up(here, near[part]);
        straight = coupling == Coupling::full          ? here
                   : coupling == Coupling::anisotropic ? to_lower(at)
                                                       : w.right_above * load(right_above + at);
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
      if (gain) {
        const Lanes heating = row.heating * lower;
        const Lanes here = load(gained + at);
        if (rho == 0) {
          total += heating * shifted_down(near_gained[part], here);
          near_gained[part] = here;
        } else {
          total += heating * here;
        }
        left += w.pumping_same * load(row.here + pair.pumping_same + at);
        total += w.pumping_up * load(row.here + pair.pumping_up + at);
        left += w.pumping_down * load(row.here + pair.pumping_down + at);
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
template <Coupling coupling, bool decay, bool dephasing, bool gain, bool add>
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
    root[0] = l + 1 < a.fock_dim ? a.alpha * a.root[l + 1] : 0.0;
    root[part_stride] = a.alpha * a.root[l];
  }
  // Out of the caches the processor foresees some of the many streams alone, so it is told of those
  // that no row before has read. In the caches that costs more than it gains.
  constexpr long far_doubles = 400'000;
  constexpr long pairs_ahead = 16;
  constexpr long cache_line = 8;  // doubles
  const long pair_size = 2 * a.width;
  const bool far = a.row_stride * a.fock_dim > far_doubles;
  for (long n = a.first_row; n < a.end_row; n += 2) {
    const bool two = n + 1 < a.end_row;
    const PhotonRow first = photon_row(a, n, tables[0], columns);
    const PhotonRow second = two ? photon_row(a, n + 1, tables[1], columns) : first;
    for (const ParityPair* pair = a.pairs; pair != a.pairs + a.pair_count; ++pair) {
      if (far) {
        const long ahead = pair->offset + pairs_ahead * pair_size;
        for (long at = 0; at < pair_size; at += cache_line) {
          __builtin_prefetch(second.above + ahead + at);
          __builtin_prefetch(first.out + ahead + at, 1);
          __builtin_prefetch(second.out + ahead + at, 1);
        }
      }
      const PairWeights weights = pair_weights<coupling, decay, dephasing, gain>(a, *pair);
      if (pair->odd == 0) {
        parity_pair_row<coupling, decay, dephasing, gain, add, 0>(a, *pair, weights, first,
                                                                  columns);
        if (two) {
          parity_pair_row<coupling, decay, dephasing, gain, add, 1>(a, *pair, weights, second,
                                                                    columns);
        }
      } else {
        parity_pair_row<coupling, decay, dephasing, gain, add, 1>(a, *pair, weights, first,
                                                                  columns);
        if (two) {
          parity_pair_row<coupling, decay, dephasing, gain, add, 0>(a, *pair, weights, second,
                                                                    columns);
        }
      }
    }
  }
}

template <Coupling coupling, bool decay, bool dephasing, bool gain>
void parity_rows_adding(const ParityArguments& a) {
  if (a.gamma != 0) {
    parity_rows<coupling, decay, dephasing, gain, true>(a);
  } else {
    parity_rows<coupling, decay, dephasing, gain, false>(a);
  }
}

template <Coupling coupling>
void parity_rows_with_noise(const ParityArguments& a) {
  if (a.pumping || a.heating != 0) {
    return parity_rows_adding<coupling, true, true, true>(a);
  }
  if (a.decay) {
    a.dephasing ? parity_rows_adding<coupling, true, true, false>(a)
                : parity_rows_adding<coupling, true, false, false>(a);
  } else {
    a.dephasing ? parity_rows_adding<coupling, false, true, false>(a)
                : parity_rows_adding<coupling, false, false, false>(a);
  }
}

void parity_kernel(const ParityArguments& a) {
  if (a.counter_rotating == 1) {
    parity_rows_with_noise<Coupling::full>(a);
  } else if (a.counter_rotating == 0) {
    parity_rows_with_noise<Coupling::rotating>(a);
  } else {
    parity_rows_with_noise<Coupling::anisotropic>(a);
  }
}
