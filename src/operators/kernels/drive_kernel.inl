// What drives add to a half of the state from the other half (driven_sector.hpp). Both halves store
// the same pairs at the same places, and their rows differ in which columns they have.
//
// The cavity's drive F (a + a^dag) is a part of S: dX = [S, Y], dY = -[S, X], on each pair
//   [S, Z][n, l] = F ( sqrt(n+1) Z[n+1, l] + sqrt(n) Z[n-1, l] - sqrt(l+1) Z[n, l+1] - sqrt(l) Z[n,
//   l-1] )
// In the compact columns (parity_kernel.inl) l of the rows n -+ 1 is the same s; l + 1 is s for
// rho = 0 and s + 1 for rho = 1, l - 1 is s - 1 and s.
//
// The atoms' drive f (J_+ + J_-) is a part of A: [A, Z] of the pairs (i -+ 1, k) and (i, k -+ 1),
// at the same n and l. On i = k that is M + M^dag, M of the pairs (i - 1, i) and (i, i + 1).

// X or Y of a row, one behind the other, with room for a neighbour on either side.
QBSWEEP_INLINE void drive_unpack(const double* row, long columns, double* parts, long stride) {
  for (long part = 0; part < 2; ++part) {
    double* const to = parts + part * stride;
    to[-1] = 0.0;
    for (long s = 0; s < columns; s += part_stride) {
      const double* const from = row + 2 * s + part * part_stride;
      for (long lane = 0; lane < part_stride; ++lane) {
        to[s + lane] = from[lane];
      }
    }
    to[columns] = 0.0;
  }
}

struct DriveRow {
  const double* here;   // row n of the other half
  const double* above;  // n + 1, or n with weight 0
  const double* below;
  double* out;
  double root_above;
  double root_below;
};

// `up` and `down` are F sqrt(l + 1) and F sqrt(l) of the columns of this rho.
QBSWEEP_INLINE void drive_cavity(const DriveRow& row, long columns, long rho, const double* up,
                                 const double* down, double* parts, long stride) {
  drive_unpack(row.here, columns, parts, stride);
  const double* const x_up = parts + rho;
  const double* const x_down = parts + rho - 1;
  const double* const y_up = x_up + stride;
  const double* const y_down = x_down + stride;
  for (long s = 0; s < columns; s += part_stride) {
    const double* const above = row.above + 2 * s;
    const double* const below = row.below + 2 * s;
    double* const out = row.out + 2 * s;
    for (long lane = 0; lane < part_stride; ++lane) {
      const long c = s + lane;
      out[lane] += row.root_above * above[lane + part_stride] +
                   row.root_below * below[lane + part_stride] - up[c] * y_up[c] -
                   down[c] * y_down[c];
    }
    for (long lane = 0; lane < part_stride; ++lane) {
      const long c = s + lane;
      out[lane + part_stride] += up[c] * x_up[c] + down[c] * x_down[c] -
                                 row.root_above * above[lane] - row.root_below * below[lane];
    }
  }
}

QBSWEEP_INLINE void drive_atoms(const DriveArguments& a, const ParityPair& pair,
                                const DriveWeights& weights, const double* here, double* out) {
  const double left_below = a.atoms * weights.left_below;
  const double left_above = a.atoms * weights.left_above;
  const double right_below = a.atoms * weights.right_below;
  const double right_above = a.atoms * weights.right_above;
  for (long at = 0; at < 2 * a.width; ++at) {
    out[at] += left_below * here[pair.left_below + at] + left_above * here[pair.left_above + at] +
               right_below * here[pair.right_below + at] +
               right_above * here[pair.right_above + at];
  }
}

// M + M^dag of a pair i = k, element by element: there are few.
QBSWEEP_INLINE void drive_own_adjoint(const DriveArguments& a, const ParityPair& pair,
                                      const DriveWeights& weights) {
  const auto place = [](long s) { return s / part_stride * block_stride + s % part_stride; };
  const auto M = [&](long n, long l, long part) {
    const double* const row = a.other + n * a.row_stride + place(l / 2) + part * part_stride;
    return weights.left_below * row[pair.left_below] + weights.right_above * row[pair.right_above];
  };
  for (long n = 0; n < a.fock_dim; ++n) {
    double* const out = a.y + n * a.row_stride + pair.offset;
    for (long l = (n + pair.odd) % 2; l < a.fock_dim; l += 2) {
      out[place(l / 2)] += a.atoms * (M(n, l, 0) + M(l, n, 0));
      out[place(l / 2) + part_stride] += a.atoms * (M(n, l, 1) - M(l, n, 1));
    }
  }
}

void drive_kernel(const DriveArguments& a) {
  const long stride = a.width + part_stride;
  double* const roots = a.room;  // up and down, of rho = 0 and 1
  double* const parts = a.room + 4 * a.width + 1;
  for (long rho = 0; rho < 2; ++rho) {
    for (long s = 0; s < a.width; ++s) {
      const long l = 2 * s + rho;
      const bool there = l < a.fock_dim;
      roots[2 * rho * a.width + s] = there && l + 1 < a.fock_dim ? a.cavity * a.root[l + 1] : 0.0;
      roots[(2 * rho + 1) * a.width + s] = there ? a.cavity * a.root[l] : 0.0;
    }
  }
  for (long n = 0; n < a.fock_dim; ++n) {
    const bool has_above = n + 1 < a.fock_dim;
    DriveRow row;
    row.root_above = has_above ? a.cavity * a.root[n + 1] : 0.0;
    row.root_below = a.cavity * a.root[n];
    const double* const here = a.other + n * a.row_stride;
    const double* const above = has_above ? here + a.row_stride : here;
    const double* const below = n > 0 ? here - a.row_stride : here;
    double* const out = a.y + n * a.row_stride;
    for (long p = 0; p < a.pair_count; ++p) {
      const ParityPair& pair = a.pairs[p];
      if (a.cavity != 0) {
        row.here = here + pair.offset;
        row.above = above + pair.offset;
        row.below = below + pair.offset;
        row.out = out + pair.offset;
        const long rho = (n + pair.odd) % 2;
        drive_cavity(row, a.width, rho, roots + 2 * rho * a.width, roots + (2 * rho + 1) * a.width,
                     parts, stride);
      }
      if (a.atoms != 0 && !pair.own_adjoint) {
        drive_atoms(a, pair, a.weights[p], here, out + pair.offset);
      }
    }
  }
  for (long p = 0; a.atoms != 0 && p < a.pair_count; ++p) {
    if (a.pairs[p].own_adjoint) {
      drive_own_adjoint(a, a.pairs[p], a.weights[p]);
    }
  }
}
