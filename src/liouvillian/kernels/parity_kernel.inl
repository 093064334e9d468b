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

// One photon row of one pair.
template <bool counter_rotating, bool decay, bool dephasing, int rho>
QBSWEEP_INLINE void parity_pair_row(const ParityArguments& a, const ParityPair& pair, long n) {
  const long row = n * a.row_stride;
  const long width = a.width;
  const bool has_above = n + 1 < a.fock_dim;
  const double root_above = has_above ? a.root[n + 1] : 0.0;
  const double root_below = a.root[n];
  const double* const here = a.x + row;
  const double* const above = has_above ? here + a.row_stride : here;
  const double* const below = n > 0 ? here - a.row_stride : here;
  double* const out = a.y + row + pair.offset;

  // [n + 1] and [n - 1] of the left factors.
  const double below_above = pair.left_below_weight * root_above;
  const double below_below = pair.left_below_weight * root_below;
  const double above_above = pair.left_above_weight * root_above;
  const double above_below = pair.left_above_weight * root_below;
  const double loss = pair.share * a.kappa * root_above;
  const double diagonal = pair.share * (pair.diagonal - a.kappa * static_cast<double>(n) / 2);
  const double half_kappa = pair.share * a.kappa / 2;
  const double energy = pair.share * (pair.energy + a.omega_c * static_cast<double>(n));
  const double omega_c = pair.share * a.omega_c;
  const double keep = pair.share * a.keep;
  const double previous = pair.share * a.previous;

  Lanes last_below[2] = {};
  Lanes last_above[2] = {};
  Lanes next_below[2];
  Lanes next_above[2];
  if (rho == 1) {
    for (int part = 0; part < 2; ++part) {
      next_below[part] = load(here + pair.right_below + part * width);
      next_above[part] = load(here + pair.right_above + part * width);
    }
  }
  for (long s = 0; s < width; s += lanes) {
    const Lanes lower = load(a.lower[rho] + s);
    const Lanes upper = load(a.upper[rho] + s);
    const Lanes level = load(a.level[rho] + s);
    const Lanes own[2] = {load(here + pair.offset + s), load(here + pair.offset + width + s)};
    const Lanes damping = diagonal - half_kappa * level;
    const Lanes rotation = energy - omega_c * level;
    Lanes sum[2] = {damping * own[0] + rotation * own[1], damping * own[1] - rotation * own[0]};
    for (int part = 0; part < 2; ++part) {
      const long at = part * width + s;
      sum[part] += below_above * load(above + pair.left_below + at) +
                   above_below * load(below + pair.left_above + at);
      if (counter_rotating) {
        sum[part] += below_below * load(below + pair.left_below + at) +
                     above_above * load(above + pair.left_above + at);
      }
      Lanes right_below;
      Lanes right_above;
      Lanes beside_below;  // the neighbour at s - 1 (rho = 0) or s + 1 (rho = 1)
      Lanes beside_above;
      if (rho == 0) {
        right_below = load(here + pair.right_below + at);
        right_above = load(here + pair.right_above + at);
        beside_below = shifted_down(last_below[part], right_below);
        beside_above = shifted_down(last_above[part], right_above);
        last_below[part] = right_below;
        last_above[part] = right_above;
      } else {
        right_below = next_below[part];
        right_above = next_above[part];
        if (s + lanes < width) {
          next_below[part] = load(here + pair.right_below + at + lanes);
          next_above[part] = load(here + pair.right_above + at + lanes);
        } else {
          next_below[part] = Lanes{};
          next_above[part] = Lanes{};
        }
        beside_below = shifted_up(right_below, next_below[part]);
        beside_above = shifted_up(right_above, next_above[part]);
      }
      if (counter_rotating) {
        const Lanes straight =
            pair.right_below_weight * right_below + pair.right_above_weight * right_above;
        const Lanes beside =
            pair.right_below_weight * beside_below + pair.right_above_weight * beside_above;
        sum[part] +=
            rho == 0 ? upper * straight + lower * beside : lower * straight + upper * beside;
      } else if (rho == 0) {
        sum[part] += upper * (pair.right_below_weight * right_below) +
                     lower * (pair.right_above_weight * beside_above);
      } else {
        sum[part] += upper * (pair.right_below_weight * beside_below) +
                     lower * (pair.right_above_weight * right_above);
      }
      // Column l + 1 of row n + 1 is s (rho = 0) or s + 1.
      const double* const lost = above + pair.offset + at;
      sum[part] += loss * upper * (rho == 0 ? load(lost) : load_unaligned(lost + 1));
      if (decay) {
        sum[part] += pair.decay_same_weight * load(here + pair.decay_same + at) +
                     pair.decay_up_weight * load(here + pair.decay_up + at) +
                     pair.decay_down_weight * load(here + pair.decay_down + at);
      }
      if (dephasing) {
        sum[part] += pair.dephasing_up_weight * load(here + pair.dephasing_up + at) +
                     pair.dephasing_down_weight * load(here + pair.dephasing_down + at);
      }
      Lanes result = a.apply * sum[part] + keep * own[part];
      if (previous != 0) {
        result += previous * load(out + at);
      }
      store(out + at, result);
    }
  }
}

template <bool counter_rotating, bool decay, bool dephasing>
void parity_rows(const ParityArguments& a) {
  for (long n = 0; n < a.fock_dim; ++n) {
    for (const ParityPair* pair = a.pairs; pair != a.pairs + a.pair_count; ++pair) {
      if (((n + pair->odd) & 1) == 0) {
        parity_pair_row<counter_rotating, decay, dephasing, 0>(a, *pair, n);
      } else {
        parity_pair_row<counter_rotating, decay, dephasing, 1>(a, *pair, n);
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

template <bool counter_rotating, bool decay>
void parity_rows_with(const ParityArguments& a) {
  if (a.dephasing) {
    parity_rows<counter_rotating, decay, true>(a);
  } else {
    parity_rows<counter_rotating, decay, false>(a);
  }
}

void parity_kernel(const ParityArguments& a) {
  if (a.counter_rotating) {
    a.decay ? parity_rows_with<true, true>(a) : parity_rows_with<true, false>(a);
  } else {
    a.decay ? parity_rows_with<false, true>(a) : parity_rows_with<false, false>(a);
  }
  add_adjoints(a);
}
