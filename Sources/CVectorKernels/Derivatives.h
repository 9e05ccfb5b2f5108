// Functions of one argument with their first two derivatives. Included by Kernels.h alone.

typedef struct {
  Vector value;
  Vector first;
  Vector second;
} Derivatives;

static const double twoByRootOfPi = 1.1283791670955126;

INLINE Derivatives derivativesOfSquareRoot(Vector x) {
  const Vector value = __builtin_elementwise_sqrt(x);
  const Vector first = broadcast(0.5) / value;
  return (Derivatives){value, first, broadcast(-2) * first * first * first};
}

INLINE Derivatives derivativesOfTanh(Vector x) {
  const Vector value = hyperbolicTangent(x);
  const Vector first = (broadcast(1) - value) * (broadcast(1) + value);
  return (Derivatives){value, first, broadcast(-2) * value * first};
}

/// Where exp(-x²) is zero so is what it multiplies, also infinity.
INLINE Derivatives derivativesOfErf(Vector x) {
  const Vector first = broadcast(twoByRootOfPi) * gaussian(x);
  return (Derivatives){errorFunction(x), first, only(first != 0, broadcast(-2) * x * first)};
}

INLINE Derivatives derivativesOfErfc(Vector x) {
  const Vector gauss = gaussian(x);
  const Vector first = broadcast(-twoByRootOfPi) * gauss;
  return (Derivatives){
      complementOfGaussian(x, gauss), first, only(first != 0, broadcast(-2) * x * first)};
}

/// exp(-x²).
INLINE Derivatives derivativesOfGauss(Vector x) {
  const Vector value = gaussian(x);
  const Vector twice = broadcast(-2) * x;
  return (Derivatives){
      value, only(value != 0, twice * value),
      only(value != 0, fused(twice, twice, broadcast(-2)) * value)};
}
