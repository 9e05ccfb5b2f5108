// Vectors of eight numbers, and what the levels share. Included by Kernels.h alone.

#include "VectorKernels.h"

#include <string.h>

/// Eight numbers, in one register or several.
typedef double Vector __attribute__((vector_size(64)));
/// Eight masks or integers of the same width.
typedef int64_t Integers __attribute__((vector_size(64)));
typedef uint64_t UnsignedIntegers __attribute__((vector_size(64)));

enum { lanes = 8 };

// A vector must never be an argument of a call that is not inlined: how it is passed depends on the
// flags of the file, not on those of the function.
#define INLINE static inline __attribute__((always_inline))

INLINE Vector load(const double *p) {
  Vector v;
  memcpy(&v, p, sizeof v);
  return v;
}

INLINE void store(double *p, Vector v) { memcpy(p, &v, sizeof v); }

INLINE Vector broadcast(double x) { return (Vector){x, x, x, x, x, x, x, x}; }

/// a·b + c, rounded once.
INLINE Vector fused(Vector a, Vector b, Vector c) { return __builtin_elementwise_fma(a, b, c); }

/// a where the mask is set, b elsewhere.
INLINE Vector selected(Integers mask, Vector a, Vector b) {
  return (Vector)((mask & (Integers)a) | (~mask & (Integers)b));
}

/// a where the mask is set, 0 elsewhere.
INLINE Vector only(Integers mask, Vector a) { return (Vector)(mask & (Integers)a); }
/// Whether the mask is set in any lane.
INLINE int any(Integers mask) { return __builtin_reduce_or(mask) != 0; }

INLINE Vector magnitude(Vector x) { return (Vector)((Integers)x & INT64_MAX); }

/// x, at least 0, with the sign of y.
INLINE Vector withSign(Vector x, Vector y) {
  return (Vector)((Integers)x | ((Integers)y & INT64_MIN));
}
