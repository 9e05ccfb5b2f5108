// Values and slopes of the steps of a tape. Included by Kernels.h alone.

/// One side of a step: arrays, or one number.
typedef struct {
  const double *values;
  const double *slopes;
  double constant;
} Operand;

INLINE Vector valueOf(Operand x, size_t k, int isConstant) {
  return isConstant ? broadcast(x.constant) : load(x.values + k);
}

/// Where a step writes. The auxiliary arrays keep for the reverse sweep what is dear.
typedef struct {
  double *values;
  double *slopes;
  double *first;
  double *second;
} Target;

INLINE Integers isInfinite(Vector x) {
  return ((Integers)x & INT64_MAX) == 0x7ff0000000000000;
}

/// 1/y, except where a divisor or its slope has overflowed: what it divides is zero, and flat.
INLINE Vector reciprocalOf(Vector y, Vector slope) {
  return only(~(isInfinite(y) | isInfinite(slope)), broadcast(1) / y);
}

INLINE Vector wholePower(Vector x, unsigned exponent) {
  Vector result = broadcast(1);
  for (; exponent; exponent >>= 1) {
    if (exponent & 1) result *= x;
    x *= x;
  }
  return result;
}

// `l` and `r`: whether the operand is a constant; `s`: whether there are slopes. All are known when a
// function is inlined.

INLINE void addForward(Operand x, Operand y, Target t, size_t n, int l, int r, int s, int sign) {
  for (size_t k = 0; k < n; k += lanes) {
    Vector right = valueOf(y, k, r);
    store(t.values + k, sign > 0 ? valueOf(x, k, l) + right : valueOf(x, k, l) - right);
    if (!s) continue;
    if (l) store(t.slopes + k, sign > 0 ? load(y.slopes + k) : -load(y.slopes + k));
    else if (r) store(t.slopes + k, load(x.slopes + k));
    else if (sign > 0) store(t.slopes + k, load(x.slopes + k) + load(y.slopes + k));
    else store(t.slopes + k, load(x.slopes + k) - load(y.slopes + k));
  }
}

INLINE void multiplyForward(Operand x, Operand y, Target t, size_t n, int l, int r, int s) {
  for (size_t k = 0; k < n; k += lanes) {
    Vector left = valueOf(x, k, l), right = valueOf(y, k, r);
    store(t.values + k, left * right);
    if (!s) continue;
    if (l) store(t.slopes + k, left * load(y.slopes + k));
    else if (r) store(t.slopes + k, right * load(x.slopes + k));
    else store(t.slopes + k, fused(load(x.slopes + k), right, left * load(y.slopes + k)));
  }
}

INLINE void divideForward(Operand x, Operand y, Target t, size_t n, int l, int r, int s) {
  for (size_t k = 0; k < n; k += lanes) {
    Vector left = valueOf(x, k, l), right = valueOf(y, k, r);
    Vector slope = r || !s ? broadcast(0) : load(y.slopes + k);
    Vector reciprocal = reciprocalOf(right, slope);
    Vector ratio = left * reciprocal;
    store(t.values + k, ratio);
    if (!s) continue;
    store(t.first + k, reciprocal);
    if (r) store(t.slopes + k, load(x.slopes + k) * reciprocal);
    else {
      Vector logarithmic = slope * reciprocal;
      store(t.second + k, logarithmic);
      Vector own = -ratio * logarithmic;
      store(t.slopes + k, only(reciprocal != 0, l ? own : fused(load(x.slopes + k), reciprocal, own)));
    }
  }
}

/// x^y; keeps 1/x and log x. A constant exponent needs no logarithm, and has a value for negative bases
/// where it is whole.
INLINE void powerForward(Operand x, Operand y, Target t, size_t n, int l, int r, int s) {
  for (size_t k = 0; k < n; k += lanes) {
    Vector base = valueOf(x, k, l), exponent = valueOf(y, k, r);
    Vector result = power(base, exponent);
    store(t.values + k, result);
    if (!s) continue;
    Vector reciprocal = broadcast(1) / base;
    Vector log = logarithm(base);
    store(t.first + k, reciprocal);
    store(t.second + k, log);
    Vector slope = l ? broadcast(0) : exponent * (load(x.slopes + k) * reciprocal);
    if (!r) {
      // Also a negative base has a value where its exponent is whole and flat.
      Vector own = load(y.slopes + k);
      slope += only(own != 0, log * own);
    }
    store(t.slopes + k, only(result != 0, result * slope));
  }
}

INLINE void wholePowerForward(Operand x, unsigned exponent, Target t, size_t n, int s) {
  for (size_t k = 0; k < n; k += lanes) {
    Vector base = load(x.values + k);
    Vector lower = wholePower(base, exponent - 1);
    store(t.values + k, lower * base);
    if (s) store(t.slopes + k, broadcast(exponent) * lower * load(x.slopes + k));
  }
}

/// Beyond the range of numbers an exponential is zero, and flat, whatever its argument's slope.
INLINE void expForward(Operand x, Target t, size_t n, int s) {
  for (size_t k = 0; k < n; k += lanes) {
    Vector value = exponential(load(x.values + k));
    store(t.values + k, value);
    if (s) store(t.slopes + k, only(value != 0, value * load(x.slopes + k)));
  }
}

INLINE void logForward(Operand x, Target t, size_t n, int s) {
  for (size_t k = 0; k < n; k += lanes) {
    Vector value = load(x.values + k);
    Vector log = logarithm(value);
    store(t.values + k, log);
    if (!s) continue;
    // What has no logarithm has no slope.
    Vector reciprocal = selected((Integers)(log == log), broadcast(1) / value, log);
    store(t.first + k, reciprocal);
    store(t.slopes + k, load(x.slopes + k) * reciprocal);
  }
}

INLINE void negateForward(Operand x, Target t, size_t n, int s) {
  for (size_t k = 0; k < n; k += lanes) {
    store(t.values + k, -load(x.values + k));
    if (s) store(t.slopes + k, -load(x.slopes + k));
  }
}

/// A function of one argument; keeps its two derivatives. Where the first is zero it is flat, whatever the
/// argument's slope.
#define FUNCTION_FORWARD(name, derivatives)                           \
  INLINE void name(Operand x, Target t, size_t n, int s) {            \
    for (size_t k = 0; k < n; k += lanes) {                           \
      Derivatives h = derivatives(load(x.values + k));                \
      store(t.values + k, h.value);                                   \
      if (!s) continue;                                               \
      store(t.first + k, h.first);                                    \
      store(t.second + k, h.second);                                  \
      Vector slope = h.first * load(x.slopes + k);                    \
      store(t.slopes + k, only(h.first != 0, slope));                 \
    }                                                                 \
  }

FUNCTION_FORWARD(squareRootForward, derivativesOfSquareRoot)
FUNCTION_FORWARD(tanhForward, derivativesOfTanh)
FUNCTION_FORWARD(erfForward, derivativesOfErf)
FUNCTION_FORWARD(erfcForward, derivativesOfErfc)
FUNCTION_FORWARD(gaussForward, derivativesOfGauss)

#undef FUNCTION_FORWARD

#define EACH_KIND(call, ...)                                          \
  if (l) call(x, y, t, n, 1, 0, 1 __VA_ARGS__);                       \
  else if (r) call(x, y, t, n, 0, 1, 1 __VA_ARGS__);                  \
  else if (s) call(x, y, t, n, 0, 0, 1 __VA_ARGS__);                  \
  else call(x, y, t, n, 0, 0, 0 __VA_ARGS__);                         \
  break

/// One step on n numbers; without slopes both operands are arrays.
static void forward(const TapeStep *step, Operand x, Operand y, Target t, size_t n, int l, int r, int s) {
  switch (step->operation) {
  case TapeAdd: EACH_KIND(addForward, , 1);
  case TapeSubtract: EACH_KIND(addForward, , -1);
  case TapeMultiply: EACH_KIND(multiplyForward);
  case TapeDivide: EACH_KIND(divideForward);
  case TapePower: EACH_KIND(powerForward);
  case TapeWholePower: wholePowerForward(x, step->exponent, t, n, s); break;
  case TapeExp: expForward(x, t, n, s); break;
  case TapeLog: logForward(x, t, n, s); break;
  case TapeNegate: negateForward(x, t, n, s); break;
  case TapeSquareRoot: squareRootForward(x, t, n, s); break;
  case TapeTanh: tanhForward(x, t, n, s); break;
  case TapeErf: erfForward(x, t, n, s); break;
  case TapeErfc: erfcForward(x, t, n, s); break;
  case TapeGauss: gaussForward(x, t, n, s); break;
  }
}

#undef EACH_KIND
