#pragma once
/// \file
/// The complex routines of BLAS and LAPACK, which a real PETSc does not declare.

#include <petscsys.h>

#include <complex>

extern "C" {
void ctrmm_(const char* side, const char* uplo, const char* transa, const char* diag,
            const PetscBLASInt* m, const PetscBLASInt* n, const std::complex<float>* alpha,
            const std::complex<float>* a, const PetscBLASInt* lda, std::complex<float>* b,
            const PetscBLASInt* ldb);
void cher2k_(const char* uplo, const char* trans, const PetscBLASInt* n, const PetscBLASInt* k,
             const std::complex<float>* alpha, const std::complex<float>* a,
             const PetscBLASInt* lda, const std::complex<float>* b, const PetscBLASInt* ldb,
             const float* beta, std::complex<float>* c, const PetscBLASInt* ldc);
void zgeev_(const char* jobvl, const char* jobvr, const PetscBLASInt* n, std::complex<double>* a,
            const PetscBLASInt* lda, std::complex<double>* w, std::complex<double>* vl,
            const PetscBLASInt* ldvl, std::complex<double>* vr, const PetscBLASInt* ldvr,
            std::complex<double>* work, const PetscBLASInt* lwork, double* rwork,
            PetscBLASInt* info);
void zgesv_(const PetscBLASInt* n, const PetscBLASInt* nrhs, std::complex<double>* a,
            const PetscBLASInt* lda, PetscBLASInt* ipiv, std::complex<double>* b,
            const PetscBLASInt* ldb, PetscBLASInt* info);
}
