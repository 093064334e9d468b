// The Hermitian parts of the pairs i = k of a parity sector: Z[n, l] and the adjoint of Z[l, n]
// become half of their sum, in squares of as many rows and columns as a register has lanes. Photon
// rows of the same parity are a lattice: row n = 2 s + odd is its row s. What is a column to a
// lattice is a row to its partner: itself in pairs with pair.odd = 0, the other lattice otherwise.

// The rows of one lattice in one pair.
struct Lattice {
  long begin, end;      // those that are kept
  long count;           // rows in all
  double* kept;         // where X of row `begin` is
  long stride;          // from a kept row to the next
  const double** rows;  // where X of every row is; zeros behind the last one
};

QBSWEEP_INLINE bool keeps_some(const Lattice& lattice, long first) {
  return first < lattice.end && first + lanes > lattice.begin;
}
QBSWEEP_INLINE bool keeps_all(const Lattice& lattice, long first) {
  return first >= lattice.begin && first + lanes <= lattice.end;
}

// Where the square of rows `first_row` .. and columns `first_column` .. begins in each row.
QBSWEEP_INLINE long place_in_row(long first_column, long part) {
  return first_column / part_stride * block_stride + first_column % part_stride +
         part * part_stride;
}

// Rows that are not kept were received in the columns that are kept rows of the partner (`met`);
// elsewhere they are not there, and not needed.
QBSWEEP_INLINE void load_square(const Lattice& lattice, long first_row, long at, bool met,
                                Lanes square[lanes]) {
  if (keeps_all(lattice, first_row)) {
    const double* const from = lattice.kept + (first_row - lattice.begin) * lattice.stride + at;
    for (long r = 0; r < lanes; ++r) {
      square[r] = load(from + r * lattice.stride);
    }
  } else if (met) {
    for (long r = 0; r < lanes; ++r) {
      square[r] = load(lattice.rows[first_row + r] + at);
    }
  } else {
    for (long r = 0; r < lanes; ++r) {
      const long s = first_row + r;
      square[r] = s >= lattice.begin && s < lattice.end ? load(lattice.rows[s] + at) : Lanes{};
    }
  }
}

// Stores the rows that are kept.
QBSWEEP_INLINE void store_square(const Lattice& lattice, long first_row, long at,
                                 const Lanes square[lanes], double sign) {
  if (keeps_all(lattice, first_row)) {
    double* const to = lattice.kept + (first_row - lattice.begin) * lattice.stride + at;
    for (long r = 0; r < lanes; ++r) {
      store(to + r * lattice.stride, sign * square[r]);
    }
    return;
  }
  for (long r = 0; r < lanes; ++r) {
    const long s = first_row + r;
    if (s >= lattice.begin && s < lattice.end) {
      store(lattice.kept + (s - lattice.begin) * lattice.stride + at, sign * square[r]);
    }
  }
}

// The square of rows `first_a` .. of `a` and columns `first_b` .., which are rows of `b`; if asked
// for, too, the square of `b` that it is put together with.
QBSWEEP_INLINE void take_hermitian_square(const Lattice& a, const Lattice& b, long first_a,
                                          long first_b, long part, bool met, bool both) {
  const double sign = part == 0 ? 1.0 : -1.0;
  const long at_a = place_in_row(first_b, part);
  const long at_b = place_in_row(first_a, part);
  Lanes square[lanes];
  Lanes turned[lanes];
  load_square(a, first_a, at_a, met, square);
  load_square(b, first_b, at_b, true, turned);
  transpose(turned);
  for (long r = 0; r < lanes; ++r) {
    square[r] = 0.5 * square[r] + sign * 0.5 * turned[r];
  }
  store_square(a, first_a, at_a, square, 1.0);
  if (both) {
    transpose(square);
    store_square(b, first_b, at_b, square, sign);
  }
}

// Rows of `a` and of `b`, each other's partner, become the Hermitian parts of both.
void take_hermitian_lattices(const Lattice& a, const Lattice& b, bool same) {
  for (long part = 0; part < 2; ++part) {
    for (long r = 0; r < a.count; r += lanes) {
      const bool rows_of_a = keeps_some(a, r);
      for (long s = same ? r : 0; s < b.count; s += lanes) {
        const bool rows_of_b = keeps_some(b, s);
        if (rows_of_a) {
          take_hermitian_square(a, b, r, s, part, rows_of_b, rows_of_b && !(same && r == s));
        } else if (rows_of_b) {
          take_hermitian_square(b, a, s, r, part, false, false);
        }
      }
    }
  }
}

// The rows of lattice `odd` in pair number `number` of those with i = k.
Lattice lattice_of(const ParityArguments& a, const ParityPair& pair, long number, long odd) {
  Lattice lattice;
  lattice.begin = (a.first_row + 1 - odd) / 2;
  lattice.end = (a.end_row + 1 - odd) / 2;
  lattice.count = (a.fock_dim + 1 - odd) / 2;
  lattice.rows = a.row_table + odd * a.width;
  lattice.stride = 2 * a.row_stride;
  lattice.kept = a.y + pair.offset + (2 * lattice.begin + odd - a.kept_row) * a.row_stride;
  const auto receive = [&](long first, long end) {
    for (long s = first; s < end; ++s) {
      const ParityReceivedRow row = a.received_rows[s];
      lattice.rows[s] = row.begin + (2 * number + odd) * row.step;
    }
  };
  receive(0, lattice.begin);
  for (long s = lattice.begin; s < lattice.end; ++s) {
    lattice.rows[s] = lattice.kept + (s - lattice.begin) * lattice.stride;
  }
  receive(lattice.end, lattice.count);
  for (long s = lattice.count; s < a.width; ++s) {
    lattice.rows[s] = a.tables + parity_zero_row(a.width);
  }
  return lattice;
}

void parity_hermitian_parts(const ParityArguments& a) {
  long number = 0;
  for (const ParityPair* pair = a.pairs; pair != a.pairs + a.pair_count; ++pair) {
    if (pair->own_adjoint) {
      const Lattice even = lattice_of(a, *pair, number, 0);
      const Lattice odd = lattice_of(a, *pair, number, 1);
      if (pair->odd == 0) {
        take_hermitian_lattices(even, even, true);
        take_hermitian_lattices(odd, odd, true);
      } else {
        take_hermitian_lattices(even, odd, false);
      }
      ++number;
    }
  }
}
