// Inner loops on double-precision arrays, once for each level of vector instructions.
//
// Every level runs the same source on vectors of eight numbers, with fused multiply-adds only where
// the source writes them and sums in a fixed order: the results agree to the last bit, whatever the
// level, and so does everything computed from them.

#ifndef VECTOR_KERNELS_H
#define VECTOR_KERNELS_H

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

  /// y[k] = exp(x[k]), within 2 ulp; x and y may be the same array.
  void (*exp)(const double *x, double *y, size_t count);
} VectorKernels;

/// The kernels of a level, NULL where this processor lacks its instructions.
const VectorKernels *vectorKernels(VectorLevel level);

/// The kernels of the highest level this processor has.
const VectorKernels *bestVectorKernels(void);

#endif
