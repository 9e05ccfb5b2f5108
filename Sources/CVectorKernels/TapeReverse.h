// Adjoints of the steps of a tape: with v = h(x, y) and v' = h_x x' + h_y y' every operand takes from
// the adjoints of both. Where both adjoints of a result are zero there is nothing to take, also not zero
// times infinity. Griewank, Walther, Evaluating Derivatives, 2nd ed., SIAM 2008. Included by Kernels.h
// alone.

/// Where the adjoints of an operand go.
typedef struct {
  double *values;
  /// NULL for a constant.
  double *slopes;
  int isWanted;
  int isFirst;
} Adjoint;

/// The adjoints of a step's result, and what the forward step left.
typedef struct {
  const double *valueAdjoints;
  /// NULL for a constant.
  const double *slopeAdjoints;
  Operand value;
  const double *first;
  const double *second;
} Result;

INLINE void put(double *p, Vector v, int isFirst) { store(p, isFirst ? v : load(p) + v); }

/// Gives the adjoints `v` of the value and `d` of the slope to an operand.
INLINE void give(Adjoint to, size_t k, Vector v, Vector d, int isConstant) {
  put(to.values + k, v, to.isFirst);
  if (!isConstant) put(to.slopes + k, d, to.isFirst);
}

// `l` and `r`: whether the operand is a constant; `s`: whether the result has slopes.

INLINE void addReverse(
    Result t, Adjoint toLeft, Adjoint toRight, size_t n, int l, int r, int s, int sign) {
  for (size_t k = 0; k < n; k += lanes) {
    Vector v = load(t.valueAdjoints + k), d = s ? load(t.slopeAdjoints + k) : broadcast(0);
    if (toLeft.isWanted) give(toLeft, k, v, d, l);
    if (toRight.isWanted) give(toRight, k, sign > 0 ? v : -v, sign > 0 ? d : -d, r);
  }
}

INLINE void multiplyReverse(
    Operand x, Operand y, Result t, Adjoint toLeft, Adjoint toRight, size_t n, int l, int r, int s) {
  for (size_t k = 0; k < n; k += lanes) {
    Vector v = load(t.valueAdjoints + k), d = s ? load(t.slopeAdjoints + k) : broadcast(0);
    Integers isLive = (v != 0) | (d != 0);
    if (toLeft.isWanted) {
      Vector right = valueOf(y, k, r);
      Vector value = v * right;
      if (!r) value = fused(d, load(y.slopes + k), value);
      give(toLeft, k, only(isLive, value), only(isLive, d * right), l);
    }
    if (toRight.isWanted) {
      Vector left = valueOf(x, k, l);
      Vector value = v * left;
      if (!l) value = fused(d, load(x.slopes + k), value);
      give(toRight, k, only(isLive, value), only(isLive, d * left), r);
    }
  }
}

INLINE void divideReverse(
    Operand y, Result t, Adjoint toLeft, Adjoint toRight, size_t n, int l, int r, int s) {
  for (size_t k = 0; k < n; k += lanes) {
    Vector v = load(t.valueAdjoints + k), d = s ? load(t.slopeAdjoints + k) : broadcast(0);
    Vector reciprocal = s ? load(t.first + k) : reciprocalOf(broadcast(y.constant), broadcast(0));
    // The relative slope of the divisor.
    Vector relative = r ? broadcast(0) : load(t.second + k);
    Integers isLive = ((v != 0) | (d != 0)) & (reciprocal != 0);
    Vector value = fused(-d, relative, v);
    if (toLeft.isWanted) give(toLeft, k, only(isLive, value * reciprocal), only(isLive, d * reciprocal), l);
    if (toRight.isWanted) {
      Vector ratio = s ? load(t.value.values + k) : broadcast(t.value.constant);
      Vector own = -value * ratio;
      if (s) own = fused(-d, load(t.value.slopes + k), own);
      give(toRight, k, only(isLive, own * reciprocal), only(isLive, -d * ratio * reciprocal), r);
    }
  }
}

/// v = x^y and v' = v s with s = y q + L y', q = x'/x, L = log x.
INLINE void powerReverse(
    Operand x, Operand y, Result t, Adjoint toLeft, Adjoint toRight, size_t n, int l, int r, int s) {
  for (size_t k = 0; k < n; k += lanes) {
    Vector v = load(t.valueAdjoints + k), d = s ? load(t.slopeAdjoints + k) : broadcast(0);
    Vector base = valueOf(x, k, l), exponent = valueOf(y, k, r);
    Vector power = s ? load(t.value.values + k) : broadcast(t.value.constant);
    Vector reciprocal = s ? load(t.first + k) : broadcast(1) / base;
    Vector log = s ? load(t.second + k) : logarithm(base);
    Integers isLive = ((v != 0) | (d != 0)) & (power != 0);
    Vector ofBase = l ? broadcast(0) : load(x.slopes + k) * reciprocal;
    Vector ofExponent = r ? broadcast(0) : load(y.slopes + k);
    Vector slope = exponent * ofBase;
    if (!r) slope = fused(log, ofExponent, slope);
    Vector whole = fused(d, slope, v) * power;
    Vector part = d * power;
    if (toLeft.isWanted) {
      Vector value = whole * exponent - part * exponent * ofBase;
      if (!r) value = fused(part, ofExponent, value);
      give(toLeft, k, only(isLive, value * reciprocal), only(isLive, part * exponent * reciprocal), l);
    }
    if (toRight.isWanted) {
      give(toRight, k, only(isLive, fused(whole, log, part * ofBase)), only(isLive, part * log), r);
    }
  }
}

INLINE void wholePowerReverse(
    Operand x, unsigned exponent, Result t, Adjoint to, size_t n, int isConstant) {
  const Vector first = broadcast(exponent), second = broadcast(exponent * (exponent - 1.0));
  for (size_t k = 0; k < n; k += lanes) {
    Vector v = load(t.valueAdjoints + k), d = isConstant ? broadcast(0) : load(t.slopeAdjoints + k);
    Vector base = valueOf(x, k, isConstant);
    Vector lowest = exponent >= 2 ? wholePower(base, exponent - 2) : broadcast(0);
    Vector lower = first * (exponent >= 2 ? lowest * base : broadcast(1));
    Integers isLive = (v != 0) | (d != 0);
    Vector value = v * lower;
    if (!isConstant) value = fused(d * second, lowest * load(x.slopes + k), value);
    give(to, k, only(isLive, value), only(isLive, d * lower), isConstant);
  }
}

INLINE void expReverse(Operand x, Result t, Adjoint to, size_t n, int isConstant) {
  for (size_t k = 0; k < n; k += lanes) {
    Vector v = load(t.valueAdjoints + k), d = isConstant ? broadcast(0) : load(t.slopeAdjoints + k);
    Vector result = isConstant ? broadcast(t.value.constant) : load(t.value.values + k);
    Integers isLive = ((v != 0) | (d != 0)) & (result != 0);
    Vector value = isConstant ? v : fused(d, load(x.slopes + k), v);
    give(to, k, only(isLive, value * result), only(isLive, d * result), isConstant);
  }
}

INLINE void logReverse(Operand x, Result t, Adjoint to, size_t n, int isConstant) {
  for (size_t k = 0; k < n; k += lanes) {
    Vector v = load(t.valueAdjoints + k), d = isConstant ? broadcast(0) : load(t.slopeAdjoints + k);
    Vector reciprocal = isConstant ? broadcast(1) / broadcast(x.constant) : load(t.first + k);
    Integers isLive = (v != 0) | (d != 0);
    Vector value = isConstant ? v : fused(-d, load(t.value.slopes + k), v);
    give(to, k, only(isLive, value * reciprocal), only(isLive, d * reciprocal), isConstant);
  }
}

/// h(x), from its derivatives: kept by the forward step, or worked out again for a constant.
#define FUNCTION_REVERSE(name, derivatives)                                                            \
  INLINE void name(Operand x, Result t, Adjoint to, size_t n, int isConstant) {                       \
    const Vector ofConstant = isConstant ? derivatives(broadcast(x.constant)).first : broadcast(0);   \
    for (size_t k = 0; k < n; k += lanes) {                                                           \
      Vector v = load(t.valueAdjoints + k);                                                           \
      Vector d = isConstant ? broadcast(0) : load(t.slopeAdjoints + k);                               \
      Vector first = isConstant ? ofConstant : load(t.first + k);                                     \
      Vector second = isConstant ? broadcast(0) : load(t.second + k);                                 \
      Integers isLive = ((v != 0) | (d != 0)) & ((first != 0) | (second != 0));                       \
      Vector value = v * first;                                                                       \
      if (!isConstant) value = fused(d * second, load(x.slopes + k), value);                          \
      give(to, k, only(isLive, value), only(isLive, d * first), isConstant);                          \
    }                                                                                                 \
  }

FUNCTION_REVERSE(squareRootReverse, derivativesOfSquareRoot)
FUNCTION_REVERSE(tanhReverse, derivativesOfTanh)
FUNCTION_REVERSE(erfReverse, derivativesOfErf)
FUNCTION_REVERSE(erfcReverse, derivativesOfErfc)
FUNCTION_REVERSE(gaussReverse, derivativesOfGauss)

#undef FUNCTION_REVERSE

#define EACH_KIND(call, ...)                                          \
  if (l && r) call(__VA_ARGS__ n, 1, 1, 0);                           \
  else if (l) call(__VA_ARGS__ n, 1, 0, 1);                           \
  else if (r) call(__VA_ARGS__ n, 0, 1, 1);                           \
  else call(__VA_ARGS__ n, 0, 0, 1);                                  \
  break

/// The sign of a sum's right operand is the last argument.
#define EACH_SUM(sign)                                                \
  if (l && r) addReverse(t, toLeft, toRight, n, 1, 1, 0, sign);       \
  else if (l) addReverse(t, toLeft, toRight, n, 1, 0, 1, sign);       \
  else if (r) addReverse(t, toLeft, toRight, n, 0, 1, 1, sign);       \
  else addReverse(t, toLeft, toRight, n, 0, 0, 1, sign);              \
  break

#define EACH_EXTENT(call, ...)                                        \
  if (l) call(__VA_ARGS__, n, 1);                                     \
  else call(__VA_ARGS__, n, 0);                                       \
  break

/// One step backwards on n numbers.
static void reverse(
    const TapeStep *step, Operand x, Operand y, Result t, Adjoint toLeft, Adjoint toRight, size_t n,
    int l, int r) {
  switch (step->operation) {
  case TapeAdd: EACH_SUM(1);
  case TapeSubtract: EACH_SUM(-1);
  case TapeMultiply: EACH_KIND(multiplyReverse, x, y, t, toLeft, toRight, );
  case TapeDivide: EACH_KIND(divideReverse, y, t, toLeft, toRight, );
  case TapePower: EACH_KIND(powerReverse, x, y, t, toLeft, toRight, );
  case TapeWholePower: EACH_EXTENT(wholePowerReverse, x, step->exponent, t, toLeft);
  case TapeExp: EACH_EXTENT(expReverse, x, t, toLeft);
  case TapeLog: EACH_EXTENT(logReverse, x, t, toLeft);
  case TapeSquareRoot: EACH_EXTENT(squareRootReverse, x, t, toLeft);
  case TapeTanh: EACH_EXTENT(tanhReverse, x, t, toLeft);
  case TapeErf: EACH_EXTENT(erfReverse, x, t, toLeft);
  case TapeErfc: EACH_EXTENT(erfcReverse, x, t, toLeft);
  case TapeGauss: EACH_EXTENT(gaussReverse, x, t, toLeft);
  case TapeNegate:
    for (size_t k = 0; k < n; k += lanes) {
      put(toLeft.values + k, -load(t.valueAdjoints + k), toLeft.isFirst);
      if (!l) put(toLeft.slopes + k, -load(t.slopeAdjoints + k), toLeft.isFirst);
    }
    break;
  }
}

#undef EACH_KIND
#undef EACH_SUM
#undef EACH_EXTENT
