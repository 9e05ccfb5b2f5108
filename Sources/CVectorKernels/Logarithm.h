// log, also as a sum of two numbers. Included by VectorMath.h alone.

/// m − 1 between √½ − 1 and √2 − 1 where x = 2^exponent·m, for normal x > 0.
INLINE Vector reducedLogarithm(Vector x, Vector *exponent) {
  const int64_t one = 0x3ff0000000000000, rootOfHalf = 0x3fe6a09e00000000;
  const Integers bits = (Integers)x + (one - rootOfHalf);
  // The biased exponent behind the leading digits of 2^52 is that number plus the bias.
  const Integers biased = (Integers)((UnsignedIntegers)bits >> 52);
  *exponent = (Vector)(biased | 0x4330000000000000) - broadcast(0x1p52 + 1023);
  return (Vector)((bits & 0x000fffffffffffff) + rootOfHalf) - broadcast(1);
}

/// log of a normal x > 0, plus shift·ln 2.
///
/// With f = m − 1 and s = f / (2 + f), log(1 + f) = 2 artanh(s) = f − f²/2 + s·(f²/2 + R(s²)).
INLINE Vector logarithmOfNormal(Vector x, Vector shift) {
  // R(z) / z, so that log is within 2^-59.
  static const double c[] = {
      0.6666666666666735,
      0.3999999999941111,
      0.28571428743259236,
      0.2222219847623056,
      0.18183569732275823,
      0.15313903315611818,
      0.14797508166053291,
  };
  Vector exponent;
  const Vector f = reducedLogarithm(x, &exponent);
  exponent += shift;
  const Vector s = f / (broadcast(2) + f);
  const Vector z = s * s;
  const Vector halfOfF = broadcast(0.5) * f;
  const Vector inner = fused(z, polynomial(z, c, 6), halfOfF * f);
  const Vector tail = fused(s, inner, exponent * broadcast(ln2Low));
  return fused(exponent, broadcast(ln2High), f + fused(-halfOfF, f, tail));
}

/// Where x is not a normal number above 0.
INLINE Integers isNotNormal(Vector x) {
  return ~((Integers)(x >= broadcast(0x1p-1022)) & (Integers)(x < broadcast(__builtin_inf())));
}

/// x, subnormal numbers scaled by 2^54, with what the logarithm in units of ln 2 has to be
/// corrected by.
INLINE Vector scaledToNormal(Vector x, Vector *shift) {
  const Integers tiny = (Integers)(x < broadcast(0x1p-1022));
  *shift = selected(tiny, broadcast(-54), broadcast(0));
  return selected(tiny, x * broadcast(0x1p54), x);
}

/// The logarithm of 0, infinity, numbers below 0 and NaN; elsewhere `other`.
INLINE Vector logarithmOfSpecial(Vector x, Vector other) {
  const double infinity = __builtin_inf();
  Vector result = selected((Integers)(x == broadcast(0)), broadcast(-infinity), other);
  result = selected((Integers)(x < broadcast(0)), broadcast(__builtin_nan("")), result);
  // Neither infinity nor NaN is below infinity.
  return selected((Integers)(x < broadcast(infinity)), result, x);
}

/// log(x): −∞ at 0, NaN below.
INLINE Vector logarithm(Vector x) {
  Vector result = logarithmOfNormal(x, broadcast(0));
  const Integers special = isNotNormal(x);
  if (any(special)) {
    Vector shift;
    const Vector scaled = scaledToNormal(x, &shift);
    const Vector other = logarithmOfSpecial(x, logarithmOfNormal(scaled, shift));
    result = selected(special, other, result);
  }
  return result;
}

/// high, with low such that high + low is the logarithm of a normal x > 0 plus shift·ln 2.
///
/// 2 artanh(s) = 2s·(1 + z/3 + z²/5 + z³·q(z)), z = s²: all but q is carried as sums of two numbers,
/// which leaves a relative error below 2^-68.
INLINE Vector logarithmPairOfNormal(Vector x, Vector shift, Vector *low) {
  // q(z), so that the sum is within 2^-72.
  static const double c[] = {
      0.14285714285716594,
      0.1111111111000069,
      0.09090909303607196,
      0.07692286377883449,
      0.06667884656708749,
      0.05842452257028353,
      0.05956098858178847,
  };
  const Vector two = broadcast(2), half = broadcast(0.5);
  const Vector third = broadcast(0.3333333333333333), thirdLow = broadcast(1.850371707708594e-17);
  const Vector fifth = broadcast(0.2), fifthLow = broadcast(-1.1102230246251566e-17);
  // ln 2 to 42 bits: its multiples by an exponent are exact.
  const Vector ln2Short = broadcast(0.6931471805598903), ln2Rest = broadcast(5.497923018708371e-14);

  Vector exponent;
  const Vector f = reducedLogarithm(x, &exponent);
  exponent += shift;

  // t + tLow / 2 = f / (2 + f), where artanh is taken.
  const Vector denominator = two + f;
  const Vector denominatorLow = (two - denominator) + f;
  const Vector reciprocal = two / denominator;
  const Vector t = (half * f) * reciprocal;
  const Vector remainder = fused(-t, denominatorLow, fused(-t, denominator, f));
  const Vector tLow = remainder * reciprocal;

  // z + zLow is its square.
  const Vector z = t * t;
  const Vector zLow = fused(t, tLow, fused(t, t, -z));

  // u + uLow = 1/5 + z·q(z).
  const Vector q = polynomial(z, c, 6);
  const Vector u = fused(z, q, fifth);
  const Vector uLow = fused(z, q, fifth - u) + fifthLow;

  // v + vLow = 1/3 + z·u.
  const Vector v = fused(z, u, third);
  const Vector vLow = fused(z, uLow, fused(zLow, u, thirdLow)) + fused(z, u, third - v);

  // w + wLow = z·v.
  const Vector w = z * v;
  const Vector wLow = fused(z, vLow, fused(zLow, v, fused(z, v, -w)));

  // exponent·ln 2 + 2t + 2t·w: each term is 0 or greater than those that follow.
  const Vector s = t + t;
  const Vector a = fused(exponent, ln2Short, s);
  const Vector aLow = (fused(exponent, ln2Short, -a) + s) + fused(exponent, ln2Rest, tLow);
  const Vector high = fused(s, w, a);
  *low = (fused(s, w, a - high) + aLow) + fused(s, wLow, tLow * w);
  return high;
}

/// high, with low such that high + low is log(x) within 2^-68 of it; as logarithm elsewhere, low 0.
INLINE Vector logarithmPair(Vector x, Vector *low) {
  Vector high = logarithmPairOfNormal(x, broadcast(0), low);
  const Integers special = isNotNormal(x);
  if (any(special)) {
    Vector shift, otherLow;
    const Vector scaled = scaledToNormal(x, &shift);
    const Vector other = logarithmPairOfNormal(scaled, shift, &otherLow);
    const Integers subnormal = (Integers)(x > broadcast(0)) & (Integers)(x < broadcast(1));
    high = selected(special, logarithmOfSpecial(x, other), high);
    *low = selected(special, selected(subnormal, otherLow, broadcast(0)), *low);
  }
  return high;
}
