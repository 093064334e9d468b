#pragma once
/// \file
/// The complex routines of BLAS and LAPACK, which a real PETSc does not declare.

#include <petscsys.h>

#include <complex>

extern "C" {
void zgemm_(const char* transa, const char* transb, const PetscBLASInt* m, const PetscBLASInt* n,
            const PetscBLASInt* k, const std::complex<double>* alpha, const std::complex<double>* a,
            const PetscBLASInt* lda, const std::complex<double>* b, const PetscBLASInt* ldb,
            const std::complex<double>* beta, std::complex<double>* c, const PetscBLASInt* ldc);
void zgeev_(const char* jobvl, const char* jobvr, const PetscBLASInt* n, std::complex<double>* a,
            const PetscBLASInt* lda, std::complex<double>* w, std::complex<double>* vl,
            const PetscBLASInt* ldvl, std::complex<double>* vr, const PetscBLASInt* ldvr,
            std::complex<double>* work, const PetscBLASInt* lwork, double* rwork,
            PetscBLASInt* info);
void zgesv_(const PetscBLASInt* n, const PetscBLASInt* nrhs, std::complex<double>* a,
            const PetscBLASInt* lda, PetscBLASInt* ipiv, std::complex<double>* b,
            const PetscBLASInt* ldb, PetscBLASInt* info);
}
