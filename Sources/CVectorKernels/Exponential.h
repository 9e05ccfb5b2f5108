// exp and tanh. Included by VectorMath.h alone.

/// 1.5·2^52: a number of magnitude below 2^51 added to it is rounded to a whole number n, which the
/// last bits of the sum hold.
static const double rounder = 0x1.8p52;
static const double reciprocalLn2 = 1.4426950408889634;
/// ln 2 is the sum of the two.
static const double ln2High = 0.6931471805599453, ln2Low = 2.3190468138462996e-17;

/// (exp(r) − 1 − r − r²/2) / r³ for |r| ≤ ln 2 / 2, so that exp is within 2^-59.
INLINE Vector exponentialTail(Vector r) {
  static const double c[] = {
      0.16666666666666669,
      0.0416666666666666,
      0.008333333333330181,
      0.001388888888895866,
      0.00019841269862557086,
      2.480158710017236e-05,
      2.755726912467122e-06,
      2.7557524487743136e-07,
      2.510010753457936e-08,
      2.0821686399012597e-09,
  };
  return polynomial(r, c, 9);
}

/// exp(r) − 1 − r + added for |r| ≤ ln 2 / 2.
INLINE Vector exponentialCurve(Vector r, Vector added) {
  const Vector square = r * r;
  return fused(square * r, exponentialTail(r), fused(broadcast(0.5) * r, r, added));
}

/// p between √½ and √2 where exp(high + low) = 2^n·p; `shifted` is n + rounder.
///
/// The first step of the reduction is exact: the difference is below ½ and a multiple of 2^-54.
/// 1 plus it is carried as a sum of two numbers, so that p is within 0.6 ulp.
INLINE Vector reducedExponential(Vector high, Vector low, Vector *shifted) {
  *shifted = fused(high, broadcast(reciprocalLn2), broadcast(rounder));
  const Vector n = *shifted - broadcast(rounder);
  const Vector exact = fused(n, broadcast(-ln2High), high);
  const Vector rest = fused(n, broadcast(-ln2Low), low);
  const Vector r = exact + rest;
  const Vector linear = broadcast(1) + exact;
  const Vector linearLow = (broadcast(1) - linear) + exact;
  return linear + exponentialCurve(r, linearLow + rest);
}

/// exp(high + low) for |high| < 708, where it is a normal number.
INLINE Vector exponentialOfBounded(Vector high, Vector low) {
  Vector shifted;
  const Vector p = reducedExponential(high, low, &shifted);
  return (Vector)((Integers)p + ((Integers)shifted << 52));
}

/// exp(high + low), |low| small against 1; what low is has no effect where the result is 0 or
/// infinite by high alone.
INLINE Vector exponentialOfPair(Vector high, Vector low) {
  Vector result = exponentialOfBounded(high, low);
  const Integers extreme = ~(Integers)(magnitude(high) < broadcast(708));
  if (any(extreme)) {
    // Beyond the bounds all is 0 or infinite. Two factors, so that neither is out of range and only
    // the last product rounds.
    const Integers above = (Integers)(high > broadcast(710));
    const Integers below = (Integers)(high < broadcast(-746));
    const Vector bounded =
        selected(above, broadcast(710), selected(below, broadcast(-746), high));
    Vector shifted;
    const Vector p =
        reducedExponential(bounded, selected(above | below, broadcast(0), low), &shifted);
    const Integers n = (Integers)shifted - (Integers)broadcast(rounder);
    const Integers half = n >> 1;
    const Vector first = (Vector)((half + 1023) << 52);
    const Vector second = (Vector)((n - half + 1023) << 52);
    result = selected(extreme, p * first * second, result);
  }
  return result;
}

/// exp(x).
INLINE Vector exponential(Vector x) { return exponentialOfPair(x, broadcast(0)); }

/// tanh(x) = (exp(2|x|) − 1) / (exp(2|x|) + 1) with the sign of x.
///
/// With exp(2|x|) = 2^n·(1 + p) and t = 2^-n, the quotient is (1 − t + p) / (1 + t + p). What the
/// roundings of p, of both sums and of the quotient left out is added at the end.
INLINE Vector hyperbolicTangent(Vector x) {
  const Vector one = broadcast(1);
  // From 19.1 on the result is 1. NaN is not greater, and stays.
  Vector a = magnitude(x);
  a = selected((Integers)(a > broadcast(20)), broadcast(20), a);
  const Vector twice = a + a;
  const Vector shifted = fused(twice, broadcast(reciprocalLn2), broadcast(rounder));
  const Vector n = shifted - broadcast(rounder);
  const Vector exact = fused(n, broadcast(-ln2High), twice);
  const Vector rest = n * broadcast(-ln2Low);
  const Vector r = exact + rest;
  const Vector curved = exponentialCurve(r, broadcast(0));
  const Vector p = r + curved;
  const Vector pLow = ((r - p) + curved) + ((exact - r) + rest);
  const Vector t = (Vector)((Integers)one - ((Integers)shifted << 52));
  const Vector minus = one - t;
  const Vector above = minus + p, below = (one + t) + p;
  const Vector aboveLow = ((minus - above) + p) + (((one - minus) - t) + pLow);
  const Vector belowLow = (((one - below) + t) + p) + pLow;
  const Vector reciprocal = one / below;
  const Vector quotient = above * reciprocal;
  const Vector residual =
      fused(-quotient, below, above) + fused(-quotient, belowLow, aboveLow);
  return withSign(fused(residual, reciprocal, quotient), x);
}
