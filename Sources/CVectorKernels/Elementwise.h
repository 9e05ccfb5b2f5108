// Elementary functions of whole arrays. Included by Kernels.h alone.

#define ELEMENTWISE(name, function)                                                  \
  static void name(const double *x, double *y, size_t count) {                      \
    size_t k = 0;                                                                   \
    for (; k + lanes <= count; k += lanes) store(y + k, function(load(x + k)));     \
    if (k < count) {                                                                \
      double rest[lanes] = {0};                                                     \
      memcpy(rest, x + k, (count - k) * sizeof(double));                            \
      store(rest, function(load(rest)));                                            \
      memcpy(y + k, rest, (count - k) * sizeof(double));                            \
    }                                                                               \
  }

ELEMENTWISE(exponentials, exponential)

#undef ELEMENTWISE
