#pragma once
/// \file
/// The rightmost eigenvalues of the Liouvillian on a parity half, as the dominant ones of exp(L T).
///
/// Krylov-Schur (SLEPc) finds an invariant subspace of exp(L T); the eigenvalues are those of L
/// itself on that subspace, so that the logarithm's sheets do not matter, and their residuals are
/// those of L.

#include <complex>
#include <cstdint>
#include <optional>
#include <vector>

#include "qbsweep/dynamics/evolution.hpp"
#include "qbsweep/operators/parity_half.hpp"

namespace qbsweep {

/// Vectors of a half, each as long as ParityHalf::size().
using HalfVectors = std::vector<std::vector<double>>;

struct Eigenvalue {
  std::complex<double> value;
  double residual = 0.0;  ///< ||L v - value v|| / ||v||
};

struct Rightmost {
  std::vector<Eigenvalue> values;  ///< largest real part first; conjugates both
  HalfVectors subspace;            ///< orthonormal, spans their eigenvectors
  /// The modulus of the next eigenvalue of exp(L T), where the iteration came to know to two digits
  /// what it lacks to 1.
  std::optional<double> next_modulus;
  double first_residual = 0.0;  ///< of the start vector
};

struct RightmostRequest {
  int count = 1;            ///< of eigenvalues; a conjugate pair is not parted
  double tolerance = 1e-9;  ///< of the residuals
};

/// \param start    begins the iteration; not 0
/// \param removed  orthonormal vectors: eigenvalues are those of L on the rest. Each must belong to
///                 a left or right invariant subspace: the trace functional, and subspaces found.
/// \throws EnvironmentError where it does not converge: first, last and required residual
[[nodiscard]] Rightmost rightmost_eigenvalues(Evolution& evolution, const ParityHalf& half,
                                              const std::vector<double>& start,
                                              const HalfVectors& removed,
                                              const RightmostRequest& request);

/// The trace as a functional on the even half, as a vector of norm 1. Its complement, the traceless
/// states, is invariant.
[[nodiscard]] std::vector<double> trace_vector(const ParityHalf& even);

/// Numbers between -1 and 1, the same in every run.
[[nodiscard]] std::vector<double> generic_vector(std::int64_t size);

/// At which coherences between neighbouring states decay: a half of the rates that take something
/// off, twice that of sigma_z.
[[nodiscard]] double damping_rate(const BatteryParameters& battery);

/// A T with which exp(L T) parts slow and fast modes well, so that few applications of L do.
[[nodiscard]] double propagation_time(const BatteryParameters& battery);

/// What of a step of exp(L T) is left out: about rounding.
inline constexpr double propagation_tolerance = 1e-13;

/// Bytes that the iteration takes, `removed` and the evolution aside.
[[nodiscard]] double rightmost_bytes(const BatteryParameters& battery, int count);

}  // namespace qbsweep
