// Inner loops on double-precision arrays, once for each level of vector instructions.
//
// Every level runs the same source on vectors of eight numbers, with fused multiply-adds only where
// the source writes them and sums in a fixed order: the results agree to the last bit, whatever the
// level, and so does everything computed from them.

#ifndef VECTOR_KERNELS_H
#define VECTOR_KERNELS_H

#include "Tape.h"

#include <stddef.h>
#include <stdint.h>

/// Instructions a set of kernels is compiled for; on other architectures than x86-64 there is the
/// first alone, in what the compiler takes for the architecture.
typedef enum {
  VectorLevelBaseline = 0,
  VectorLevelAVX2 = 1,
  VectorLevelAVX512 = 2,
} VectorLevel;

/// The kernels of one level.
typedef struct {
  VectorLevel level;

  // Elementary functions. The result may take the place of an argument: the arrays are the same or
  // do not overlap. The bounds are those of the tests; where the result is subnormal, an ulp is
  // 2^-1074. NaN gives NaN.

  /// y[k] = exp(x[k]), within 1 ulp.
  void (*exp)(const double *x, double *y, size_t count);
  /// y[k] = log(x[k]), within 1 ulp: −∞ at 0, NaN below.
  void (*log)(const double *x, double *y, size_t count);
  /// z[k] = x[k]^y[k], within 1 ulp, with the special cases of C's pow: 1 for x = 1 or y = 0 even
  /// with NaN, NaN for x < 0 and a fractional y.
  void (*pow)(const double *x, const double *y, double *z, size_t count);
  /// y[k] = tanh(x[k]), within 1 ulp.
  void (*tanh)(const double *x, double *y, size_t count);
  /// y[k] = erf(x[k]), within 1.1 ulp.
  void (*erf)(const double *x, double *y, size_t count);

  /// out[v] += matrix · vectors[v]: `rows` (whole vectors of 8) by `columns` numbers, column by column
  /// `stride` apart.
  void (*multiplyAdd)(
      const double *matrix, size_t stride, size_t rows, size_t columns, const double *vectors,
      size_t vectorStride, size_t vectorCount, double *out, size_t outStride);

  /// out[j] = the sum of columns[j][k] · vector[k] over `rows` numbers (whole vectors of 8).
  void (*dotProducts)(
      const double *columns, size_t stride, size_t count, const double *vector, size_t rows,
      double *out);

  /// Runs the steps that depend on no parameter, once for a tape.
  void (*prepareTape)(const Tape *tape);

  /// The pair forces -dU/dr for the constants in the memory, and where `jacobian` is not NULL their
  /// derivatives by the value of every parameter leaf: `rowCount` rows of `rowLength`.
  void (*runTape)(const Tape *tape, double *forces, double *jacobian);
} VectorKernels;

/// The kernels of a level, NULL where this processor lacks its instructions.
const VectorKernels *vectorKernels(VectorLevel level);

/// The kernels of the highest level this processor has.
const VectorKernels *bestVectorKernels(void);

#endif
