// As many doubles at a time as the instruction set has in a register (QBSWEEP_LANES). Included by
// the kernels only, each inside its own namespace, so that no function compiled for one instruction
// set can be linked into another's place.
constexpr long lanes = QBSWEEP_LANES;
using Lanes = double __attribute__((vector_size(lanes * 8)));
using LanesUnaligned = double __attribute__((vector_size(lanes * 8), aligned(8), may_alias));

#define QBSWEEP_INLINE inline __attribute__((always_inline))

QBSWEEP_INLINE Lanes load(const double* from) {
  return *reinterpret_cast<const Lanes*>(from);
}
QBSWEEP_INLINE Lanes load_unaligned(const double* from) {
  return *reinterpret_cast<const LanesUnaligned*>(from);
}
QBSWEEP_INLINE void store(double* to, Lanes values) {
  *reinterpret_cast<Lanes*>(to) = values;
}
QBSWEEP_INLINE void store_unaligned(double* to, Lanes values) {
  *reinterpret_cast<LanesUnaligned*>(to) = values;
}

// The eight (four, two) values one place below `here`, of which the first is the last of `before`.
QBSWEEP_INLINE Lanes shifted_down(Lanes before, Lanes here) {
#if QBSWEEP_LANES == 8
  return __builtin_shufflevector(before, here, 7, 8, 9, 10, 11, 12, 13, 14);
#elif QBSWEEP_LANES == 4
  return __builtin_shufflevector(before, here, 3, 4, 5, 6);
#else
  return __builtin_shufflevector(before, here, 1, 2);
#endif
}
// The same one place above; the last is the first of `after`.
QBSWEEP_INLINE Lanes shifted_up(Lanes here, Lanes after) {
#if QBSWEEP_LANES == 8
  return __builtin_shufflevector(here, after, 1, 2, 3, 4, 5, 6, 7, 8);
#elif QBSWEEP_LANES == 4
  return __builtin_shufflevector(here, after, 1, 2, 3, 4);
#else
  return __builtin_shufflevector(here, after, 1, 2);
#endif
}

// A square of lanes x lanes values, turned over.
QBSWEEP_INLINE void transpose(Lanes rows[lanes]) {
#if QBSWEEP_LANES == 8
  Lanes pairs[8];
  for (int r = 0; r < 8; r += 2) {
    pairs[r] = __builtin_shufflevector(rows[r], rows[r + 1], 0, 8, 2, 10, 4, 12, 6, 14);
    pairs[r + 1] = __builtin_shufflevector(rows[r], rows[r + 1], 1, 9, 3, 11, 5, 13, 7, 15);
  }
  Lanes fours[8];
  for (int r = 0; r < 8; r += 4) {
    for (int c = r; c < r + 2; ++c) {
      fours[c] = __builtin_shufflevector(pairs[c], pairs[c + 2], 0, 1, 8, 9, 4, 5, 12, 13);
      fours[c + 2] = __builtin_shufflevector(pairs[c], pairs[c + 2], 2, 3, 10, 11, 6, 7, 14, 15);
    }
  }
  for (int r = 0; r < 4; ++r) {
    rows[r] = __builtin_shufflevector(fours[r], fours[r + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    rows[r + 4] = __builtin_shufflevector(fours[r], fours[r + 4], 4, 5, 6, 7, 12, 13, 14, 15);
  }
#elif QBSWEEP_LANES == 4
  Lanes pairs[4];
  for (int r = 0; r < 4; r += 2) {
    pairs[r] = __builtin_shufflevector(rows[r], rows[r + 1], 0, 4, 2, 6);
    pairs[r + 1] = __builtin_shufflevector(rows[r], rows[r + 1], 1, 5, 3, 7);
  }
  for (int r = 0; r < 2; ++r) {
    rows[r] = __builtin_shufflevector(pairs[r], pairs[r + 2], 0, 1, 4, 5);
    rows[r + 2] = __builtin_shufflevector(pairs[r], pairs[r + 2], 2, 3, 6, 7);
  }
#else
  const Lanes first = __builtin_shufflevector(rows[0], rows[1], 0, 2);
  rows[1] = __builtin_shufflevector(rows[0], rows[1], 1, 3);
  rows[0] = first;
#endif
}
