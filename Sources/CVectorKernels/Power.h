// pow. Included by VectorMath.h alone.

/// Where 0 ≤ x < 2^52 is a whole number.
INLINE Integers isWhole(Vector x) {
  return (Integers)((x + broadcast(0x1p52)) - broadcast(0x1p52) == x);
}

/// y·(high + low) as the result plus `correction`.
INLINE Vector multipleOfPair(Vector high, Vector low, Vector y, Vector *correction) {
  const Vector product = y * high;
  *correction = fused(y, low, fused(y, high, -product));
  return product;
}

/// x^y = exp(y·(high + low)) for finite y, where high and low are the logarithmPair of x.
INLINE Vector powerOfPair(Vector high, Vector low, Vector y) {
  Vector correction;
  const Vector product = multipleOfPair(high, low, y, &correction);
  return exponentialOfPair(product, correction);
}

/// x^y for all x and y.
INLINE Vector generalPower(Vector x, Vector y) {
  const double infinity = __builtin_inf();
  const Vector one = broadcast(1), a = magnitude(x), size = magnitude(y);
  Vector low;
  const Vector high = logarithmPair(a, &low);
  Vector result = powerOfPair(high, low, y);
  // From 2^52 on all numbers are whole, from 2^53 on all are even.
  const Integers whole = (Integers)(size >= broadcast(0x1p52)) | isWhole(size);
  const Integers odd =
      whole & (Integers)(size < broadcast(0x1p53)) & ~isWhole(broadcast(0.5) * size);
  result = (Vector)((Integers)result ^ ((Integers)x & odd & INT64_MIN));
  const Integers undefined = (Integers)(x < broadcast(0)) & (Integers)(a < broadcast(infinity))
                             & ~whole & (Integers)(y == y);
  result = selected(undefined, broadcast(__builtin_nan("")), result);
  const Integers unity = (Integers)(x == one) | (Integers)(y == broadcast(0))
                         | ((Integers)(a == one) & (Integers)(size == broadcast(infinity)));
  return selected(unity, one, result);
}

/// x^y with the special cases of C's pow: 1^y = x^0 = 1, also for NaN.
INLINE Vector power(Vector x, Vector y) {
  Vector low, correction;
  const Vector high = logarithmPairOfNormal(x, broadcast(0), &low);
  const Vector product = multipleOfPair(high, low, y, &correction);
  Vector result = exponentialOfBounded(product, correction);
  const Integers special = isNotNormal(x) | ~(Integers)(magnitude(product) < broadcast(708));
  if (any(special)) result = selected(special, generalPower(x, y), result);
  return result;
}
