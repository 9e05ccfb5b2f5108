// Elementary functions of vectors, within 2 ulp. Included by Kernels.h alone.

/// exp(x): reduction by multiples of ln 2 in two parts, then a polynomial.
INLINE Vector exponential(Vector x) {
  const Vector big = broadcast(6755399441055744.0);
  Vector shifted = fused(x, broadcast(1.4426950408889634), big);
  Vector n = shifted - big;
  Vector r = fused(n, broadcast(-0.6931471805599453), x);
  r = fused(n, broadcast(-2.3190468138462996e-17), r);
  Vector p = broadcast(1.0 / 6227020800);
  p = fused(p, r, broadcast(1.0 / 479001600));
  p = fused(p, r, broadcast(1.0 / 39916800));
  p = fused(p, r, broadcast(1.0 / 3628800));
  p = fused(p, r, broadcast(1.0 / 362880));
  p = fused(p, r, broadcast(1.0 / 40320));
  p = fused(p, r, broadcast(1.0 / 5040));
  p = fused(p, r, broadcast(1.0 / 720));
  p = fused(p, r, broadcast(1.0 / 120));
  p = fused(p, r, broadcast(1.0 / 24));
  p = fused(p, r, broadcast(1.0 / 6));
  p = fused(p, r, broadcast(0.5));
  p = fused(p, r, broadcast(1.0));
  p = fused(p, r, broadcast(1.0));
  Vector e = (Vector)((Integers)p + ((Integers)shifted << 52));
  e = selected(x < -700, broadcast(0), e);
  e = selected(x > 709, broadcast(1.0 / 0.0), e);
  return selected(x != x, x, e);
}

#include <math.h>
INLINE Vector logarithm(Vector x) { Vector r; for (int i = 0; i < lanes; i++) r[i] = log(x[i]); return r; }
INLINE Vector power(Vector x, Vector y) { Vector r; for (int i = 0; i < lanes; i++) r[i] = pow(x[i], y[i]); return r; }
