#ifndef SYMREG_OPENBLAS_SHIM_H
#define SYMREG_OPENBLAS_SHIM_H

#include <cblas.h>
#include <stdint.h>

// Debian's OpenBLAS carries the Fortran LAPACK symbols but no LAPACKE header: the few used here.
// Matrices are column-major; every argument goes by reference.

/// Cholesky factor of a symmetric positive-definite matrix.
void dpotrf_(const char *uplo, const int32_t *n, double *a, const int32_t *lda, int32_t *info);
/// Solve with the factor of `dpotrf_`.
void dpotrs_(const char *uplo, const int32_t *n, const int32_t *nrhs, const double *a,
             const int32_t *lda, double *b, const int32_t *ldb, int32_t *info);
/// Eigenvalues and vectors of a symmetric matrix, by divide and conquer.
void dsyevd_(const char *jobz, const char *uplo, const int32_t *n, double *a, const int32_t *lda,
             double *w, double *work, const int32_t *lwork, int32_t *iwork,
             const int32_t *liwork, int32_t *info);
/// Minimum-norm least squares by a rank-revealing orthogonal factorization.
void dgelsy_(const int32_t *m, const int32_t *n, const int32_t *nrhs, double *a,
             const int32_t *lda, double *b, const int32_t *ldb, int32_t *jpvt,
             const double *rcond, int32_t *rank, double *work, const int32_t *lwork,
             int32_t *info);

#endif
