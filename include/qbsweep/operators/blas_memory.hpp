#pragma once
/// \file
/// The memory that BLAS takes for itself.

namespace qbsweep {

/// Makes BLAS take its working memory now, to be called before the first point. OpenBLAS takes some
/// hundred MiB of addresses at the first large product and keeps them; where a large point has left
/// none it would look for them forever, with the processor at work and deaf to everything.
/// \throws EnvironmentError where a limit on addresses (ulimit -v) leaves too few of them
void reserve_blas_memory();

}  // namespace qbsweep
