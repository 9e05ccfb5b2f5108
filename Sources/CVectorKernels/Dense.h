// Products with small dense matrices. Every element of a product is one sum in the order of the
// columns, so that the size of a tile does not show in the bits. Included by Kernels.h alone.

/// Vectors of sums that the registers of the level hold beside what they are made of.
#ifdef __AVX512F__
enum { tileSize = 24 };
#else
enum { tileSize = 6 };
#endif
enum { tileVectors = 4 };

/// out[v][0 ..< 8 rows] += matrix · vectors[v] for v < count.
INLINE void multiplyTile(
    const double *matrix, size_t stride, size_t columns, const double *vectors, size_t vectorStride,
    double *out, size_t outStride, int rows, int count) {
  Vector sums[tileSize][tileVectors];
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
    for (int j = 0; j < count; j++) sums[i][j] = load(out + j * outStride + i * lanes);
  for (size_t k = 0; k < columns; k++) {
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) {
      Vector column = load(matrix + k * stride + i * lanes);
#pragma clang loop unroll(full)
      for (int j = 0; j < count; j++)
        sums[i][j] = fused(column, broadcast(vectors[j * vectorStride + k]), sums[i][j]);
    }
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
    for (int j = 0; j < count; j++) store(out + j * outStride + i * lanes, sums[i][j]);
}

/// Rows of a tile of `count` vectors, in vectors: as many as the registers hold, at most `limit`.
INLINE int tallest(int count, int limit) {
  return tileSize / count < 1 ? 1 : tileSize / count < limit ? tileSize / count : limit;
}

/// Tiles of a height as long as there are rows for them.
#define TILES(height)                                                                           \
  for (; i + (height) * lanes <= rows; i += (height) * lanes)                                   \
    multiplyTile(                                                                               \
        matrix + i, stride, columns, vectors, vectorStride, out + i, outStride, height, count);

INLINE void multiplyVectors(
    const double *matrix, size_t stride, size_t rows, size_t columns, const double *vectors,
    size_t vectorStride, double *out, size_t outStride, const int count) {
  size_t i = 0;
  TILES(tallest(count, count > 1 ? 6 : 16))
  TILES(tallest(count, count > 1 ? 4 : 8))
  TILES(tallest(count, 4))
  TILES(tallest(count, 2))
  TILES(1)
}

#undef TILES

static void multiplyAdd(
    const double *matrix, size_t stride, size_t rows, size_t columns, const double *vectors,
    size_t vectorStride, size_t vectorCount, double *out, size_t outStride) {
  size_t v = 0;
  for (; v + tileVectors <= vectorCount; v += tileVectors)
    multiplyVectors(
        matrix, stride, rows, columns, vectors + v * vectorStride, vectorStride,
        out + v * outStride, outStride, tileVectors);
  vectors += v * vectorStride;
  out += v * outStride;
  switch (vectorCount - v) {
  case 3: multiplyVectors(matrix, stride, rows, columns, vectors, vectorStride, out, outStride, 3); break;
  case 2: multiplyVectors(matrix, stride, rows, columns, vectors, vectorStride, out, outStride, 2); break;
  case 1: multiplyVectors(matrix, stride, rows, columns, vectors, vectorStride, out, outStride, 1); break;
  }
}

/// The sum of the lanes, in a fixed order.
INLINE double total(Vector v) {
  return ((v[0] + v[1]) + (v[2] + v[3])) + ((v[4] + v[5]) + (v[6] + v[7]));
}

INLINE void dotTile(
    const double *columns, size_t stride, const double *vector, size_t rows, double *out, int count) {
  Vector sums[4];
#pragma clang loop unroll(full)
  for (int j = 0; j < count; j++) sums[j] = broadcast(0);
  for (size_t k = 0; k < rows; k += lanes) {
    Vector v = load(vector + k);
#pragma clang loop unroll(full)
    for (int j = 0; j < count; j++) sums[j] = fused(load(columns + j * stride + k), v, sums[j]);
  }
#pragma clang loop unroll(full)
  for (int j = 0; j < count; j++) out[j] = total(sums[j]);
}

static void dotProducts(
    const double *columns, size_t stride, size_t count, const double *vector, size_t rows,
    double *out) {
  size_t j = 0;
  for (; j + 4 <= count; j += 4) dotTile(columns + j * stride, stride, vector, rows, out + j, 4);
  for (; j < count; j++) dotTile(columns + j * stride, stride, vector, rows, out + j, 1);
}
