// Elementary functions of whole arrays. Included by Kernels.h alone.
//
// What is left over at the end is padded with 1, an ordinary argument of every function.

#define ELEMENTWISE(name, function)                                                  \
  static void name(const double *x, double *y, size_t count) {                      \
    size_t k = 0;                                                                   \
    for (; k + lanes <= count; k += lanes) store(y + k, function(load(x + k)));     \
    if (k < count) {                                                                \
      double rest[lanes] = {1, 1, 1, 1, 1, 1, 1, 1};                                \
      memcpy(rest, x + k, (count - k) * sizeof(double));                            \
      store(rest, function(load(rest)));                                            \
      memcpy(y + k, rest, (count - k) * sizeof(double));                            \
    }                                                                               \
  }

ELEMENTWISE(exponentials, exponential)
ELEMENTWISE(logarithms, logarithm)
ELEMENTWISE(hyperbolicTangents, hyperbolicTangent)
ELEMENTWISE(errorFunctions, errorFunction)
ELEMENTWISE(complementaryErrorFunctions, complementaryErrorFunction)

#undef ELEMENTWISE

static void powers(const double *x, const double *y, double *z, size_t count) {
  size_t k = 0;
  for (; k + lanes <= count; k += lanes) store(z + k, power(load(x + k), load(y + k)));
  if (k < count) {
    double base[lanes] = {1, 1, 1, 1, 1, 1, 1, 1}, exponent[lanes] = {1, 1, 1, 1, 1, 1, 1, 1};
    memcpy(base, x + k, (count - k) * sizeof(double));
    memcpy(exponent, y + k, (count - k) * sizeof(double));
    store(base, power(load(base), load(exponent)));
    memcpy(z + k, base, (count - k) * sizeof(double));
  }
}
