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

#endif
