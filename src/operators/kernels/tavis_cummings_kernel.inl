// The Liouvillian on a Tavis-Cummings sector; the order of a state is told in
// tavis_cummings_layout.hpp. The rows of tiles are walked one by one. Within a row the square roots
// of the photon numbers stay in registers, since the strips of all j have the same photon numbers,
// and so do the neighbours j +- 1, which are the strips before and after. Every row that is read
// has its strips in the same order, so that one index serves all; it may run into the row behind,
// with weight zero.
//
// A row is cut into pieces of one register. Cavity loss and atomic decay take from K + 1, one lane
// before; the first lane comes from the piece before, in the tile before if need be.

constexpr unsigned with_imaginary = 1;
constexpr unsigned with_loss = 2;
constexpr unsigned with_decay = 4;
constexpr unsigned with_dephasing = 8;

// 0, 1, 2 ..
QBSWEEP_INLINE Lanes lane_numbers() {
#if QBSWEEP_LANES == 8
  return Lanes{0, 1, 2, 3, 4, 5, 6, 7};
#elif QBSWEEP_LANES == 4
  return Lanes{0, 1, 2, 3};
#else
  return Lanes{0, 1};
#endif
}

// All that a row reads was read for a row before, but for the one it decays from and the old y.
// Rows are too short for the processor to foresee what follows, so it is told, this many doubles
// ahead.
constexpr long prefetch_distance = 256;

// The pieces of a row that begin at lane `begin`. `parts` are X, or X and Y.
template <unsigned options, int parts>
QBSWEEP_INLINE void tavis_cummings_row(const TavisCummingsArguments& a, const TavisCummingsRow& row,
                                       long begin) {
  constexpr bool loss = (options & with_loss) != 0;
  constexpr bool decay = (options & with_decay) != 0;
  constexpr bool dephasing = (options & with_dephasing) != 0;
  constexpr long step = (options & with_imaginary) != 0 ? 2 * tile_lanes : tile_lanes;
  const double apply = a.alpha;
  const double previous = a.gamma;

  const double* const from = a.x + begin;
  const double* const own_row = from + row.own;
  const double* const row_below = from + row.row_below;
  const double* const row_above = from + row.row_above;
  const double* const column_below = from + row.column_below;
  const double* const column_above = from + row.column_above;
  const double* const decay_row = from + row.decay;
  const double* const own_before =
      begin > 0 ? own_row - lanes : from + row.before + (tile_lanes - lanes);
  const double* const decay_before =
      begin > 0 ? decay_row - lanes : from + row.decay_before + (tile_lanes - lanes);
  double* const out_row = a.y + row.own + begin;
  // What is not to be added need not be set, so something else is read in its place.
  const double* const previous_row = previous != 0 ? out_row : own_row;

  // sqrt(n + 1), sqrt(n) of row and column.
  const double* const row_roots = a.roots - row.row_photons + begin;
  const double* const column_roots = a.roots - row.column_photons + begin;
  const Lanes row_up = load_unaligned(row_roots);
  const Lanes column_up = load_unaligned(column_roots);
  const Lanes row_below_factor = apply * row_up;
  const Lanes row_above_factor = apply * load_unaligned(row_roots + 1);
  const Lanes column_below_factor = apply * column_up;
  const Lanes column_above_factor = apply * load_unaligned(column_roots + 1);
  const double loss_rate = loss ? apply * a.kappa : 0.0;
  const Lanes loss_factor = loss_rate * row_up * column_up;
  const double photons = (row.row_photons + row.column_photons) / 2.0 - static_cast<double>(begin);
  const Lanes own_factor = (a.beta - loss_rate * photons) + loss_rate * lane_numbers();
  const double rotation = apply * row.turning;

  Lanes wider[parts] = {};
  Lanes own[parts];
  Lanes decay_wider[parts] = {};
  Lanes decay_own[parts];
  for (int part = 0; part < parts; ++part) {
    const long at = part * tile_lanes;
    own[part] = load(own_row + at);
    if (decay) {
      decay_own[part] = shifted_down(load(decay_before + at), load(decay_row + at));
    }
  }
  const TavisCummingsWeights* weight = a.weights + row.weights;
  for (long s = 0; s < row.strips * step; s += step, ++weight) {
    for (int part = 0; part < parts; ++part) {
      const long at = s + part * tile_lanes;
      __builtin_prefetch(decay_row + at + prefetch_distance);
      __builtin_prefetch(out_row + at + prefetch_distance, 1);
      Lanes sum = own_factor * own[part] + previous * load(previous_row + at);
      sum += row_below_factor * (weight->row_below * load(row_below + at));
      sum += row_above_factor * (weight->row_above * load(row_above + at));
      sum += column_below_factor * (weight->column_below * load(column_below + at));
      sum += column_above_factor * (weight->column_above * load(column_above + at));
      if (loss) {
        sum += loss_factor * shifted_down(load(own_before + at), own[part]);
      }
      if (parts == 2) {
        sum += (part == 0 ? rotation : -rotation) *
               load(own_row + at + (part == 0 ? tile_lanes : -tile_lanes));
      }
      const Lanes narrower = load(own_row + at + step);
      Lanes noise = weight->own * own[part];
      if (dephasing) {
        noise += weight->dephasing_from_wider * wider[part];
        noise += weight->dephasing_from_narrower * narrower;
      }
      wider[part] = own[part];
      own[part] = narrower;
      if (decay) {
        const Lanes decay_narrower =
            shifted_down(load(decay_before + at + step), load(decay_row + at + step));
        noise += weight->decay_from_wider * decay_wider[part];
        noise += weight->decay * decay_own[part];
        noise += weight->decay_from_narrower * decay_narrower;
        decay_wider[part] = decay_own[part];
        decay_own[part] = decay_narrower;
      }
      store(out_row + at, sum + apply * noise);
    }
    if (step == 2 * tile_lanes && parts == 1) {
      store(out_row + s + tile_lanes, Lanes{});
    }
  }
}

template <unsigned options>
void tavis_cummings_rows(const TavisCummingsArguments& a) {
  for (const TavisCummingsRow* row = a.rows; row != a.rows + a.row_count; ++row) {
    for (long begin = 0; begin < tile_lanes; begin += lanes) {
      if ((options & with_imaginary) == 0 || row->diagonal) {
        tavis_cummings_row<options, 1>(a, *row, begin);
      } else {
        tavis_cummings_row<options, 2>(a, *row, begin);
      }
    }
  }
}

void tavis_cummings_kernel(const TavisCummingsArguments& a) {
  static constexpr TavisCummingsKernel with[] = {
      tavis_cummings_rows<0>,  tavis_cummings_rows<1>,  tavis_cummings_rows<2>,
      tavis_cummings_rows<3>,  tavis_cummings_rows<4>,  tavis_cummings_rows<5>,
      tavis_cummings_rows<6>,  tavis_cummings_rows<7>,  tavis_cummings_rows<8>,
      tavis_cummings_rows<9>,  tavis_cummings_rows<10>, tavis_cummings_rows<11>,
      tavis_cummings_rows<12>, tavis_cummings_rows<13>, tavis_cummings_rows<14>,
      tavis_cummings_rows<15>};
  with[(a.imaginary ? with_imaginary : 0) | (a.kappa != 0 ? with_loss : 0) |
       (a.decay ? with_decay : 0) | (a.dephasing ? with_dephasing : 0)](a);
}

QBSWEEP_INLINE double sum_of_lanes(Lanes values) {
  double sum = 0;
  for (long lane = 0; lane < lanes; ++lane) {
    sum += values[lane];
  }
  return sum;
}

double tavis_cummings_sums(const TavisCummingsStrips& strips, double* sums) {
  const long row_size = strips.strips * strips.tile_size;
  Lanes photons = {};
  for (long s = 0; s < strips.strips; ++s) {
    Lanes sum = {};
    for (long begin = 0; begin < tile_lanes; begin += lanes) {
      Lanes n = static_cast<double>(strips.most_photons - begin) - lane_numbers();
      const double* tile = strips.first + s * strips.tile_size + begin;
      for (long t = 0; t < strips.tiles; ++t, tile += row_size) {
        const Lanes values = load(tile);
        sum += values;
        photons += n * values;
        n -= static_cast<double>(tile_lanes);
      }
    }
    sums[s] = sum_of_lanes(sum);
  }
  return sum_of_lanes(photons);
}
