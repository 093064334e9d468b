#pragma once
/// \file
/// What the kernels that add up a series (series_vectors.hpp) are given.

namespace qbsweep::kernels {

/// to[e] += factors[v] from[v][e], summed over the vectors v, for e = 0 .. count - 1; squares[v]
/// becomes the sum of the squares of from[v]. `to` is none of them.
using AddScaled = void (*)(const double* factors, const double* const* from, double* to, long count,
                           double* squares);

/// to[e] = factors[v] from[v][e], summed over `vectors` vectors of which `to` is none.
using Combine = void (*)(const double* factors, const double* const* from, long vectors, double* to,
                         long count);

}  // namespace qbsweep::kernels
