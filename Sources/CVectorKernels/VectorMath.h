// Elementary functions of vectors, within 1 ulp, erf within 1.1, erfc within 6. Included by Kernels.h alone.
//
// The reductions are those of Cody & Waite, Software Manual for the Elementary Functions (1980),
// and of Muller et al., Handbook of Floating-Point Arithmetic (2018). The polynomials minimise the
// greatest relative error of their function: Tests/CVectorKernelsTests/make_coefficients.py prints
// their coefficients.
//
// Lanes that need special care are worked out behind a branch taken if any lane needs it; the other
// lanes keep their bits.

/// c[0] + c[1]·x + … + c[degree]·x^degree, degree ≥ 2.
///
/// The terms go by twos, and the twos by Horner's rule in x⁴, every other one apart (a part of
/// Estrin's scheme): a short chain of operations that wait for each other.
INLINE Vector polynomial(Vector x, const double *c, int degree) {
  const Vector square = x * x, fourth = square * square;
  Vector last = broadcast(0), other = broadcast(0);
#pragma clang loop unroll(full)
  for (int k = degree & ~1; k >= 0; k -= 2) {
    const Vector two = k == degree ? broadcast(c[k]) : fused(broadcast(c[k + 1]), x, broadcast(c[k]));
    const Vector next = k + 4 > degree ? two : fused(last, fourth, two);
    last = other;
    other = next;
  }
  return fused(last, square, other);
}

#include "Exponential.h"

#include "Logarithm.h"

#include "Power.h"

#include "ErrorFunction.h"
