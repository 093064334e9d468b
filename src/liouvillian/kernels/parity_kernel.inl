// The Liouvillian on a parity sector. Storage: [photon row n][pair (j, i <= k)][X, Y][s], where
// column l = 2 s + rho, rho = (n + i + k + parity) mod 2. The row order keeps what one row needs,
// rows n - 1, n and n + 1 of all pairs, in the second cache: they are neighbours in memory, while
// the spin neighbours of a pair are few rows of a pair away.
//
// Z = X + iY of pair (i, k); with C[n, l] the coupling to the cavity of one photon more or less:
//   left factor   sum over (i -+ 1, k)  weight (sqrt(n+1) Z[n+1, l] + sqrt(n) Z[n-1, l])
//   right factor  sum over (i, k -+ 1)  weight (sqrt(l+1) Z[n, l+1] + sqrt(l) Z[n, l-1])
// of which Tavis-Cummings keeps one square root each. In the compact columns, l -+ 1 of the
// neighbour is s - 1 and s (rho = 0), or s and s + 1 (rho = 1).
//
// On i = k the factors (i + 1, i) and (i, i - 1) are adjoints of stored ones, so the row sum is
// M + M^dag, where M has the left factor (i - 1, i) and the right factor (i, i + 1) only. Every
// other term is Hermitian by itself and enters M with one half; add_adjoints() completes the sum.

QBSWEEP_INLINE Lanes all_lanes(double value) {
  return Lanes{} + value;
}

// What photon row n has for all pairs, times `apply` of the recurrence.
struct PhotonRow {
  const double* here;   // row n of x
  const double* above;  // row n + 1, or row n where there is none, which then has weight 0
  const double* below;  // row n - 1, likewise
  double* out;
  double root_above;  // sqrt(n + 1)
  double root_below;  // sqrt(n)
  double loss;        // kappa sqrt(n + 1)
  double damping;     // kappa n/2
  double rotation;    // omega_c n
};

QBSWEEP_INLINE PhotonRow photon_row(const ParityArguments& a, long n) {
  const bool has_above = n + 1 < a.fock_dim;
  PhotonRow row;
  row.here = a.x + n * a.row_stride;
  row.above = has_above ? row.here + a.row_stride : row.here;
  row.below = n > 0 ? row.here - a.row_stride : row.here;
  row.out = a.y + n * a.row_stride;
  row.root_above = has_above ? a.apply * a.root[n + 1] : 0.0;
  row.root_below = a.apply * a.root[n];
  row.loss = has_above ? a.apply * a.kappa * a.root[n + 1] : 0.0;
  row.damping = a.apply * a.kappa * static_cast<double>(n) / 2;
  row.rotation = a.apply * a.omega_c * static_cast<double>(n);
  return row;
}

// What a pair has for all of its photon rows, times `apply`.
struct PairWeights {
  Lanes left_below, left_above;  // without `apply`, which the rows' square roots have
  Lanes right_below, right_above;
  Lanes decay_same, decay_up, decay_down, dephasing_up, dephasing_down;
  double diagonal, energy, share, keep, previous;
};

template <bool decay, bool dephasing>
QBSWEEP_INLINE PairWeights pair_weights(const ParityArguments& a, const ParityPair& pair) {
  PairWeights w;
  w.left_below = all_lanes(pair.left_below_weight);
  w.left_above = all_lanes(pair.left_above_weight);
  w.right_below = a.apply * all_lanes(pair.right_below_weight);
  w.right_above = a.apply * all_lanes(pair.right_above_weight);
  if (decay) {
    w.decay_same = a.apply * all_lanes(pair.decay_same_weight);
    w.decay_up = a.apply * all_lanes(pair.decay_up_weight);
    w.decay_down = a.apply * all_lanes(pair.decay_down_weight);
  }
  if (dephasing) {
    w.dephasing_up = a.apply * all_lanes(pair.dephasing_up_weight);
    w.dephasing_down = a.apply * all_lanes(pair.dephasing_down_weight);
  }
  w.share = pair.share;
  w.diagonal = pair.share * (a.apply * pair.diagonal + a.keep);
  w.energy = pair.share * a.apply * pair.energy;
  w.previous = pair.share * a.previous;
  return w;
}

// One photon row of one pair.
template <bool counter_rotating, bool decay, bool dephasing, bool add, int rho>
QBSWEEP_INLINE void parity_pair_row(const ParityArguments& a, const ParityPair& pair,
                                    const PairWeights& w, const PhotonRow& row) {
  const long width = a.width;
  const long columns = a.columns[rho];
  const Lanes below_there_weight = row.root_above * w.left_below;  // (i - 1, k) at n + 1, and so on
  const Lanes above_here_weight = row.root_below * w.left_above;
  const Lanes below_here_weight = row.root_below * w.left_below;
  const Lanes above_there_weight = row.root_above * w.left_above;
  const Lanes diagonal = all_lanes(w.diagonal - w.share * row.damping);
  const Lanes energy = all_lanes(w.energy + w.share * row.rotation);
  const Lanes half_kappa = all_lanes(w.share * a.apply * a.kappa / 2);
  const Lanes omega_c = all_lanes(w.share * a.apply * a.omega_c);
  const Lanes loss = all_lanes(w.share * row.loss);
  const Lanes previous = all_lanes(w.previous);

  const double* const own = row.here + pair.offset;
  const double* const right_below = row.here + pair.right_below;
  const double* const right_above = row.here + pair.right_above;
  double* const out = row.out + pair.offset;

  // Neighbours (i, k -+ 1) one register back (rho = 0) or ahead (rho = 1): for Dicke their weighted
  // sum, for Tavis-Cummings the one of them that is needed beside: (i, k + 1) or (i, k - 1).
  Lanes near[2] = {};
  const auto weighted = [&](long at) {
    if (counter_rotating) {
      return w.right_below * load(right_below + at) + w.right_above * load(right_above + at);
    }
    return rho == 0 ? w.right_above * load(right_above + at)
                    : w.right_below * load(right_below + at);
  };
  if (rho == 1) {
    near[0] = weighted(0);
    near[1] = weighted(width);
  }
  for (long s = 0; s < columns; s += lanes) {
    const Lanes lower = load(a.lower[rho] + s);
    const Lanes upper = load(a.upper[rho] + s);
    const Lanes level = load(a.level[rho] + s);
    const Lanes mine[2] = {load(own + s), load(own + width + s)};
    const Lanes damping = diagonal - half_kappa * level;
    const Lanes rotation = energy - omega_c * level;
    const Lanes lost_weight = loss * upper;
    for (int part = 0; part < 2; ++part) {
      const long at = part * width + s;
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
        near[part] = s + lanes < width ? weighted(at + lanes) : Lanes{};
        beside = shifted_up(here, near[part]);
        straight = counter_rotating ? here : w.right_above * load(right_above + at);
      }
      // Column l + 1 is straight for rho = 0 and beside for rho = 1; l - 1 the other one.
      total += (rho == 0 ? upper : lower) * straight;
      left += (rho == 0 ? lower : upper) * beside;
      const double* const lost = row.above + pair.offset + at;
      total += lost_weight * (rho == 0 ? load(lost) : load_unaligned(lost + 1));
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
        total += previous * load(out + at);
      }
      store(out + at, total + left);
    }
  }
}

// Two rows at a time, which have the two values of rho, share what the pair has for both.
template <bool counter_rotating, bool decay, bool dephasing, bool add>
void parity_rows(const ParityArguments& a) {
  for (long n = 0; n < a.fock_dim; n += 2) {
    const bool two = n + 1 < a.fock_dim;
    const PhotonRow first = photon_row(a, n);
    const PhotonRow second = photon_row(a, two ? n + 1 : n);
    for (const ParityPair* pair = a.pairs; pair != a.pairs + a.pair_count; ++pair) {
      const PairWeights weights = pair_weights<decay, dephasing>(a, *pair);
      if (pair->odd == 0) {
        parity_pair_row<counter_rotating, decay, dephasing, add, 0>(a, *pair, weights, first);
        if (two) {
          parity_pair_row<counter_rotating, decay, dephasing, add, 1>(a, *pair, weights, second);
        }
      } else {
        parity_pair_row<counter_rotating, decay, dephasing, add, 1>(a, *pair, weights, first);
        if (two) {
          parity_pair_row<counter_rotating, decay, dephasing, add, 0>(a, *pair, weights, second);
        }
      }
    }
  }
}

// a += b^dag and b += a^dag, of which `rows_a` and `rows_b` rows exist, `stride` apart. They may be
// the same square.
QBSWEEP_INLINE void add_adjoint_squares(double* a, double* b, long rows_a, long rows_b, long stride,
                                        double sign) {
  Lanes square[lanes];
  Lanes turned[lanes];
  for (long r = 0; r < lanes; ++r) {
    square[r] = r < rows_a ? load(a + r * stride) : Lanes{};
    turned[r] = r < rows_b ? load(b + r * stride) : Lanes{};
  }
  transpose(turned);
  for (long r = 0; r < lanes; ++r) {
    square[r] += sign * turned[r];
    turned[r] = square[r];
  }
  transpose(turned);
  for (long r = 0; r < lanes; ++r) {
    if (r < rows_a) {
      store(a + r * stride, square[r]);
    }
    if (r < rows_b) {
      store(b + r * stride, sign * turned[r]);
    }
  }
}

void add_adjoints(const ParityArguments& a) {
  const long stride = 2 * a.row_stride;  // rows of the same rho
  for (const ParityPair* pair = a.pairs; pair != a.pairs + a.pair_count; ++pair) {
    if (pair->share == 1.0) {
      continue;
    }
    for (int part = 0; part < 2; ++part) {
      const double sign = part == 0 ? 1.0 : -1.0;
      double* const even_rows = a.y + pair->offset + part * a.width;
      double* const odd_rows = even_rows + a.row_stride;
      const long even_count = (a.fock_dim + 1) / 2;
      const long odd_count = a.fock_dim / 2;
      if (pair->odd == 0) {  // n and l of the same parity: each sub-lattice is its own adjoint
        for (int odd = 0; odd < 2; ++odd) {
          double* const rows = odd == 0 ? even_rows : odd_rows;
          const long count = odd == 0 ? even_count : odd_count;
          for (long r = 0; r < count; r += lanes) {
            for (long s = r; s < count; s += lanes) {
              add_adjoint_squares(rows + r * stride + s, rows + s * stride + r, count - r,
                                  count - s, stride, sign);
            }
          }
        }
      } else {  // even rows have odd columns and the other way round
        for (long r = 0; r < even_count; r += lanes) {
          for (long s = 0; s < odd_count; s += lanes) {
            add_adjoint_squares(even_rows + r * stride + s, odd_rows + s * stride + r,
                                even_count - r, odd_count - s, stride, sign);
          }
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
  add_adjoints(a);
}
