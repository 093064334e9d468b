// The Hermitian parts of the pairs i = k of a parity sector: Z[n, l] and the adjoint of Z[l, n]
// become half of their sum, in squares of as many rows and columns as a register has lanes. Photon
// rows of the same parity are a lattice: row n = 2 s + odd is its row s. What is a column to a
// lattice is a row to its partner: itself in pairs with pair.odd = 0, the other lattice otherwise.

// The rows of one lattice, X or Y of one pair, that are kept.
struct Lattice {
  double* kept;  // row `begin`
  long begin, end;
  long count;     // rows in all
  long received;  // 2 d + odd, for pair number d
  long part;      // 0 for X, part_stride for Y
};

QBSWEEP_INLINE bool has_kept_rows(const Lattice& lattice, long first) {
  return first < lattice.end && first + lanes > lattice.begin;
}

// What is there of the square of rows first_row .. and columns first_column ..; zero elsewhere.
// Rows that are not kept were received where the columns are kept rows of the partner (`met`).
template <bool alone>
QBSWEEP_INLINE void load_square(const ParityArguments& a, const Lattice& lattice, long first_row,
                                long first_column, bool met, Lanes square[lanes]) {
  const long stride = 2 * a.row_stride;
  const long column = first_column / part_stride * block_stride + first_column % part_stride;
  for (long r = 0; r < lanes; ++r) {
    const long s = first_row + r;
    if ((alone || s >= lattice.begin) && s < lattice.end) {
      square[r] = load(lattice.kept + (s - lattice.begin) * stride + column);
    } else if (!alone && met && s < lattice.count) {
      const ParityReceivedRow row = a.received_rows[s];
      square[r] = load(a.received +
                       (row.offset + lattice.received * row.step + lattice.part + column));
    } else {
      square[r] = Lanes{};
    }
  }
}

// Stores the rows among them that are kept.
template <bool alone>
QBSWEEP_INLINE void store_square(const ParityArguments& a, const Lattice& lattice, long first_row,
                                 long first_column, const Lanes square[lanes], double sign) {
  const long stride = 2 * a.row_stride;
  const long column = first_column / part_stride * block_stride + first_column % part_stride;
  for (long r = 0; r < lanes; ++r) {
    const long s = first_row + r;
    if ((alone || s >= lattice.begin) && s < lattice.end) {
      store(lattice.kept + (s - lattice.begin) * stride + column, sign * square[r]);
    }
  }
}

// Rows of `a` and of `b`, each other's partner, become the Hermitian parts of both.
template <bool alone>
QBSWEEP_INLINE void take_hermitian_lattices(const ParityArguments& arguments, const Lattice& a,
                                            const Lattice& b, bool same, double sign) {
  for (long r = 0; r < a.count; r += lanes) {
    for (long s = same ? r : 0; s < b.count; s += lanes) {
      const bool rows_of_a = alone || has_kept_rows(a, r);
      const bool rows_of_b = alone || has_kept_rows(b, s);
      if (!rows_of_a && !rows_of_b) {
        continue;
      }
      Lanes square[lanes];
      Lanes turned[lanes];
      load_square<alone>(arguments, a, r, s, rows_of_b, square);
      if (same && r == s) {  // its own partner
        for (long lane = 0; lane < lanes; ++lane) {
          turned[lane] = square[lane];
        }
      } else {
        load_square<alone>(arguments, b, s, r, rows_of_a, turned);
      }
      transpose(turned);
      for (long lane = 0; lane < lanes; ++lane) {
        square[lane] = 0.5 * square[lane] + sign * 0.5 * turned[lane];
      }
      store_square<alone>(arguments, a, r, s, square, 1.0);
      if ((same && r == s) || !rows_of_b) {
        continue;
      }
      transpose(square);
      store_square<alone>(arguments, b, s, r, square, sign);
    }
  }
}

template <bool alone>
void take_hermitian_parts(const ParityArguments& a) {
  long number = 0;
  for (const ParityPair* pair = a.pairs; pair != a.pairs + a.pair_count; ++pair) {
    if (!pair->own_adjoint) {
      continue;
    }
    for (int part = 0; part < 2; ++part) {
      Lattice lattices[2];
      for (long odd = 0; odd < 2; ++odd) {
        Lattice& lattice = lattices[odd];
        lattice.part = part * part_stride;
        lattice.begin = (a.first_row + 1 - odd) / 2;
        lattice.end = (a.end_row + 1 - odd) / 2;
        lattice.count = (a.fock_dim + 1 - odd) / 2;
        lattice.kept = a.y + (2 * lattice.begin + odd - a.first_row) * a.row_stride + pair->offset +
                       lattice.part;
        lattice.received = 2 * number + odd;
      }
      const double sign = part == 0 ? 1.0 : -1.0;
      if (pair->odd == 0) {
        take_hermitian_lattices<alone>(a, lattices[0], lattices[0], true, sign);
        take_hermitian_lattices<alone>(a, lattices[1], lattices[1], true, sign);
      } else {
        take_hermitian_lattices<alone>(a, lattices[0], lattices[1], false, sign);
      }
    }
    ++number;
  }
}

void parity_hermitian_parts(const ParityArguments& a) {
  a.end_row - a.first_row == a.fock_dim ? take_hermitian_parts<true>(a)
                                        : take_hermitian_parts<false>(a);
}
