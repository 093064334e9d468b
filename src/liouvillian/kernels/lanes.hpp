// Eight doubles at a time, in whatever registers the file is compiled for: GCC and Clang split what
// is wider than a register. Included by the kernels only, each inside its own namespace, so that no
// function compiled for one instruction set can be linked into another's place.
using Lanes = double __attribute__((vector_size(64)));
using LanesUnaligned = double __attribute__((vector_size(64), aligned(8), may_alias));
using LaneNumbers = long long __attribute__((vector_size(64)));
constexpr long lanes = 8;

inline __attribute__((always_inline)) Lanes load(const double* from) {
  return *reinterpret_cast<const Lanes*>(from);
}
inline __attribute__((always_inline)) Lanes load_unaligned(const double* from) {
  return *reinterpret_cast<const LanesUnaligned*>(from);
}
inline __attribute__((always_inline)) void store(double* to, Lanes values) {
  *reinterpret_cast<Lanes*>(to) = values;
}
