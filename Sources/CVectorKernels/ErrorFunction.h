// erf and erfc. Included by VectorMath.h alone.

/// erf(x) / x − 1 for |x| ≤ 1, z = x².
INLINE Vector errorFunctionTail(Vector z) {
  static const double c[] = {
      0.1283791670955126,
      -0.3761263890318381,
      0.11283791670956092,
      -0.026866170645207264,
      0.005223977625676368,
      -0.0008548327017684803,
      0.00012055332182004954,
      -1.492561666328332e-05,
      1.6461295020641556e-06,
      -1.635305442051713e-07,
      1.4676252502552782e-08,
      -1.1430535089628868e-09,
      6.046521078093086e-11,
  };
  return polynomial(z, c, 12);
}

/// log(1 − erf(a)) for a between 1 and 6, as the result plus `low`: each error counts as what it
/// makes of erf.
INLINE Vector logarithmOfComplement(Vector a, Vector *low) {
  static const double c[] = {
      -5.028494796871257e-07,
      -1.1283740894884071,
      -0.6366436279972392,
      -0.10270343984550931,
      0.018990179564313068,
      0.0004106269140181303,
      -0.0019159424730081191,
      0.0007706428171552861,
      -0.00013505042977443162,
      -2.026642096358711e-05,
      2.282230436999789e-05,
      -8.667063170026236e-06,
      2.13564133233505e-06,
      -3.732935796933616e-07,
      4.642119466982476e-08,
      -3.934053698794867e-09,
      2.0448118136683636e-10,
      -4.928117959069321e-12,
  };
  // The first terms by themselves, for these add the greatest rounding errors.
  const Vector inner = fused(polynomial(a, c + 3, 14), a, broadcast(c[2]));
  const Vector slope = fused(inner, a, broadcast(c[1]));
  const Vector high = slope * a;
  *low = fused(slope, a, -high) + broadcast(c[0]);
  return high;
}

/// erf(x): a polynomial near 0, 1 − exp(a polynomial) with the sign of x from 1 on.
INLINE Vector errorFunction(Vector x) {
  // From 5.93 on the result is 1. NaN is not greater, and stays.
  Vector a = magnitude(x);
  a = selected((Integers)(a > broadcast(6)), broadcast(6), a);
  const Vector near = fused(a, errorFunctionTail(a * a), a);
  Vector low;
  const Vector high = logarithmOfComplement(a, &low);
  const Vector far = broadcast(1) - exponentialOfBounded(high, low);
  return withSign(selected((Integers)(a < broadcast(1)), near, far), x);
}

/// exp(−x²), the rounding of the square made good.
INLINE Vector gaussian(Vector x) {
  const Vector square = x * x;
  return exponentialOfPair(-square, -fused(x, x, -square));
}

/// (1 + 2a)·exp(a²)·(1 − erf(a)) for a between 0.5 and 28, q = (a − 2) / (a + 2).
INLINE Vector scaledComplement(Vector q) {
  static const double c[] = {
      1.2769783815525286,
      -0.09276382658574603,
      -0.1660303976152888,
      0.16405128003344574,
      -0.05422000099209183,
      -0.008034015082616112,
      0.008722653877746785,
      0.001271338970223473,
      -0.0014568139865611684,
      -0.0004543408767082468,
      0.00020636766754644656,
      0.00015103937351705987,
      -1.5131725755020452e-06,
      -3.642287476958909e-05,
      -1.3477191934811387e-05,
      3.701263184514361e-06,
      5.17663357487739e-06,
      1.5511868913532674e-06,
      -6.101688553966068e-07,
      -9.558132392598154e-07,
      -3.396650270213767e-07,
      3.0333389413233587e-07,
      1.715413219630609e-07,
      -7.635548940244535e-08,
      -7.95891906141168e-09,
  };
  return polynomial(q, c, 24);
}

/// erfc(x), small where x is great, from exp(−x²).
INLINE Vector complementOfGaussian(Vector x, Vector gauss) {
  const Vector one = broadcast(1), two = broadcast(2);
  // From 28 on the result is 0 or 2. NaN is not greater, and stays.
  Vector a = magnitude(x);
  a = selected((Integers)(a > broadcast(28)), broadcast(28), a);
  const Vector tail = gauss * (scaledComplement((a - two) / (a + two)) / fused(two, a, one));
  const Vector far = selected((Integers)(x < broadcast(0)), two - tail, tail);
  const Vector near = one - fused(x, errorFunctionTail(x * x), x);
  return selected((Integers)(a < broadcast(0.5)), near, far);
}

INLINE Vector complementaryErrorFunction(Vector x) { return complementOfGaussian(x, gaussian(x)); }
