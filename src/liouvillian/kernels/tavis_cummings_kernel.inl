// The Liouvillian on a Tavis-Cummings sector; the order of a state is told in
// tavis_cummings_layout.hpp. The rows of tiles are walked one by one. Within a row the square roots
// of the photon numbers stay in registers, since the strips of all j have the same photon numbers,
// and so do the neighbours j +- 1, which are the strips before and after. Every row that is read
// has its strips in the same order, so that one index serves all.
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

// The pieces that begin at lane `begin` of tile `tile`, for all strips of the group. `parts` are X,
// or X and Y.
template <unsigned options, int parts>
QBSWEEP_INLINE void tavis_cummings_row(const TavisCummingsArguments& a,
                                       const TavisCummingsGroup& group, long tile, long begin) {
  constexpr bool loss = (options & with_loss) != 0;
  constexpr bool decay = (options & with_decay) != 0;
  constexpr bool dephasing = (options & with_dephasing) != 0;
  constexpr long step = (options & with_imaginary) != 0 ? 2 * tile_lanes : tile_lanes;

  const auto row = [&](const TavisCummingsGroup& of, long number, long lane) {
    return number >= 0 && number < of.tiles ? a.x + of.begin + number * of.strips * step + lane
                                            : a.zeros + lane;
  };
  const auto row_before = [&](const TavisCummingsGroup& of) {
    return begin > 0 ? row(of, tile, begin - lanes) : row(of, tile - 1, tile_lanes - lanes);
  };
  const double* const own_row = row(group, tile, begin);
  const double* const own_row_before = row_before(group);
  const double* const row_below = row(a.groups[group.row_below], tile, begin);
  const double* const row_above = row(a.groups[group.row_above], tile, begin);
  const double* const column_below = row(a.groups[group.column_below], tile, begin);
  const double* const column_above = row(a.groups[group.column_above], tile, begin);
  const double* const decay_row = row(a.groups[group.both_above], tile, begin);
  const double* const decay_row_before = row_before(a.groups[group.both_above]);
  double* const out_row = a.y + (own_row - a.x);
  // What is not to be added need not be set, so something else is read in its place.
  const double* const previous_row = a.previous != 0 ? out_row : own_row;

  const double* const raising_row = a.raising + group.row_excited * a.raising_stride;
  const double* const raising_row_above = raising_row + a.raising_stride;
  const double* const raising_column = a.raising + group.column_excited * a.raising_stride;
  const double* const raising_column_above = raising_column + a.raising_stride;
  const TavisCummingsWeights* const weights = a.weights + group.weights;

  // sqrt(n + 1), sqrt(n) of row and column.
  const long from_top = tile * tile_lanes + begin;
  const double* const row_roots = a.roots + from_top + group.row_excited;
  const double* const column_roots = a.roots + from_top + a.k + group.column_excited;
  const Lanes row_up = load_unaligned(row_roots);
  const Lanes column_up = load_unaligned(column_roots);
  const Lanes row_below_factor = a.apply * row_up;
  const Lanes row_above_factor = -a.apply * load_unaligned(row_roots + 1);
  const Lanes column_below_factor = a.apply * column_up;
  const Lanes column_above_factor = -a.apply * load_unaligned(column_roots + 1);
  const double half_loss = loss ? a.apply * a.kappa / 2 : 0.0;
  const Lanes loss_factor = a.kappa * row_below_factor * column_up;
  const auto photons = static_cast<double>(  // of row and column, in the first lane
      2 * (a.max_excitations - from_top) - a.k - group.row_excited - group.column_excited);
  const Lanes own_factor = (a.keep - half_loss * photons) + 2 * half_loss * lane_numbers();
  const double rotation =
      a.apply * a.detuning * static_cast<double>(group.row_excited - group.column_excited);

  Lanes wider[parts] = {};
  Lanes own[parts];
  Lanes decay_wider[parts] = {};
  Lanes decay_own[parts];
  for (int part = 0; part < parts; ++part) {
    const long at = part * tile_lanes;
    own[part] = load(own_row + at);
    if (decay) {
      decay_own[part] = shifted_down(load(decay_row_before + at), load(decay_row + at));
    }
  }
  for (long s = 0; s < group.strips; ++s) {
    const TavisCummingsWeights& weight = weights[s];
    for (int part = 0; part < parts; ++part) {
      const long at = s * step + part * tile_lanes;
      Lanes sum = own_factor * own[part] + a.previous * load(previous_row + at);
      sum += row_below_factor * (raising_row[s] * load(row_below + at));
      sum += row_above_factor * (raising_row_above[s] * load(row_above + at));
      sum += column_below_factor * (raising_column[s] * load(column_below + at));
      sum += column_above_factor * (raising_column_above[s] * load(column_above + at));
      if (loss) {
        sum += loss_factor * shifted_down(load(own_row_before + at), own[part]);
      }
      if (parts == 2) {
        sum += (part == 0 ? rotation : -rotation) *
               load(own_row + at + (part == 0 ? tile_lanes : -tile_lanes));
      }
      const Lanes narrower = load(own_row + at + step);
      Lanes noise = weight.own * own[part];
      if (dephasing) {
        noise += weight.dephasing_from_wider * wider[part];
        noise += weight.dephasing_from_narrower * narrower;
      }
      wider[part] = own[part];
      own[part] = narrower;
      if (decay) {
        const Lanes decay_narrower =
            shifted_down(load(decay_row_before + at + step), load(decay_row + at + step));
        noise += weight.decay_from_wider * decay_wider[part];
        noise += weight.decay * decay_own[part];
        noise += weight.decay_from_narrower * decay_narrower;
        decay_wider[part] = decay_own[part];
        decay_own[part] = decay_narrower;
      }
      store(out_row + at, sum + a.apply * noise);
    }
    if (step == 2 * tile_lanes && parts == 1) {
      store(out_row + s * step + tile_lanes, Lanes{});
    }
  }
}

template <unsigned options>
void tavis_cummings_groups(const TavisCummingsArguments& a) {
  for (long g = 0; g + 1 < a.group_count; ++g) {
    const TavisCummingsGroup& group = a.groups[g];
    for (long tile = 0; tile < group.tiles; ++tile) {
      for (long begin = 0; begin < tile_lanes; begin += lanes) {
        if ((options & with_imaginary) == 0 || group.diagonal) {
          tavis_cummings_row<options, 1>(a, group, tile, begin);
        } else {
          tavis_cummings_row<options, 2>(a, group, tile, begin);
        }
      }
    }
  }
}

void tavis_cummings_kernel(const TavisCummingsArguments& a) {
  static constexpr TavisCummingsKernel with[] = {
      tavis_cummings_groups<0>,  tavis_cummings_groups<1>,  tavis_cummings_groups<2>,
      tavis_cummings_groups<3>,  tavis_cummings_groups<4>,  tavis_cummings_groups<5>,
      tavis_cummings_groups<6>,  tavis_cummings_groups<7>,  tavis_cummings_groups<8>,
      tavis_cummings_groups<9>,  tavis_cummings_groups<10>, tavis_cummings_groups<11>,
      tavis_cummings_groups<12>, tavis_cummings_groups<13>, tavis_cummings_groups<14>,
      tavis_cummings_groups<15>};
  with[(a.imaginary ? with_imaginary : 0) | (a.kappa != 0 ? with_loss : 0) |
       (a.decay ? with_decay : 0) | (a.dephasing ? with_dephasing : 0)](a);
}
