// The rows of one atom's force components in full, for atoms with many neighbours. Included by
// Kernels.h alone.
//
// `rowCount` rows lie in panels of 8 columns: panel p holds columns 8p…8p+7 of row 0, then of row 1,
// and so on. The product of two panels reads memory in one direction only and keeps its sums in
// registers.

enum {
  /// Rows of a product's tile: as many sums as the registers of the level hold.
  tileHeight = LEVEL == VectorLevelAVX512 ? 8 : 4
};

static void addRows(
    const PairColumns *pairs, size_t count, const double force[3], double weight, size_t dimension,
    double *restrict windows, double *restrict panels, size_t rowCount, size_t row,
    double *restrict projection) {
  // Each place has three windows of its own, so that sums lie at whole vectors.
  for (size_t k = 0; k < count; k++) {
    double *window = windows + (size_t)pairs->place[k] * 3 * lanes;
    Vector weights = load(pairs->weights + k * lanes);
    store(window, fused(broadcast(pairs->x[k]), weights, load(window)));
    store(window + lanes, fused(broadcast(pairs->y[k]), weights, load(window + lanes)));
    store(window + 2 * lanes, fused(broadcast(pairs->z[k]), weights, load(window + 2 * lanes)));
  }
  const Vector zero = broadcast(0);
  Vector x = zero, y = zero, z = zero;
  for (size_t k = 0; k < dimension; k++) {
    double *window = windows + k * 3 * lanes;
    x += load(window);
    y += load(window + lanes);
    z += load(window + 2 * lanes);
    store(window, zero);
    store(window + lanes, zero);
    store(window + 2 * lanes, zero);
    projection[k] += weight * weight * (force[0] * x[0] + force[1] * y[0] + force[2] * z[0]);
    double *entry = panels + (k / lanes * rowCount + row) * lanes + k % lanes;
    entry[0] = weight * x[0];
    entry[lanes] = weight * y[0];
    entry[2 * lanes] = weight * z[0];
    x = __builtin_shufflevector(x, zero, 1, 2, 3, 4, 5, 6, 7, 8);
    y = __builtin_shufflevector(y, zero, 1, 2, 3, 4, 5, 6, 7, 8);
    z = __builtin_shufflevector(z, zero, 1, 2, 3, 4, 5, 6, 7, 8);
  }
}

static void addProducts(
    const double *restrict panels, size_t panelCount, size_t rowCount, double *restrict matrix,
    size_t stride) {
  for (size_t p = 0; p < panelCount; p++) {
    for (size_t q = p; q < panelCount; q++) {
      const Vector scale = broadcast(p == q ? 0.5 : 1);
      for (int top = 0; top < lanes; top += tileHeight) {
        const double *left = panels + p * rowCount * lanes + top;
        const double *right = panels + q * rowCount * lanes;
        Vector sums[tileHeight];
        for (int i = 0; i < tileHeight; i++) sums[i] = broadcast(0);
        for (size_t row = 0; row < rowCount; row++) {
          Vector values = load(right + row * lanes);
          for (int i = 0; i < tileHeight; i++) {
            sums[i] = fused(broadcast(left[row * lanes + i]), values, sums[i]);
          }
        }
        double *block = matrix + (p * lanes + top) * stride + q * lanes;
        for (int i = 0; i < tileHeight; i++) {
          double *at = block + i * stride;
          store(at, fused(scale, sums[i], load(at)));
        }
      }
    }
  }
}
