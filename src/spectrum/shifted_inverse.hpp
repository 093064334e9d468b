#pragma once
/// \file
/// (L - sigma)^-1 by a sparse factorisation.

#include <cstdint>

#include "qbsweep/dynamics/watch.hpp"
#include "qbsweep/support/petsc.hpp"

namespace qbsweep {

/// Factors of L - sigma, and their product with vectors as a PETSc matrix.
class ShiftedInverse {
 public:
  /// Collective on the communicator of `L`. The factorisation cannot be interrupted.
  /// \param watch  called before each application, the fraction unknown
  /// \throws EnvironmentError where MUMPS expects to take more memory than is available
  ShiftedInverse(Mat L, double sigma, Watch watch = {});
  ShiftedInverse(const ShiftedInverse&) = delete;
  ShiftedInverse& operator=(const ShiftedInverse&) = delete;
  ~ShiftedInverse() = default;

  /// A MATSHELL; valid while this lives.
  [[nodiscard]] Mat get() const { return shell_.get(); }

  [[nodiscard]] double sigma() const { return sigma_; }

  /// How often it was applied.
  [[nodiscard]] std::int64_t applications() const { return applications_; }

  /// Megabytes that MUMPS took for the factorisation, on all ranks.
  [[nodiscard]] double factor_megabytes() const { return megabytes_; }

 private:
  static PetscErrorCode apply(Mat shell, Vec x, Vec y);
  void factorise(Mat shifted);
  /// With workspace for so much more than MUMPS expects; whether that was enough.
  bool factorise(Mat shifted, PetscInt extra_percent);

  double sigma_;
  Watch watch_;
  petsc::Matrix factor_;
  petsc::Matrix shell_;
  std::int64_t applications_ = 0;
  double megabytes_ = 0.0;
};

}  // namespace qbsweep
