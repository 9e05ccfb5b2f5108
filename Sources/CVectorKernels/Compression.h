// Sums over pairs of atoms on a radial grid. Included by Kernels.h alone.
//
// A pair's stencil is its 8 interpolation weights and the place of the first in the grid's values.

/// Eight rows to eight columns.
INLINE void transpose(Vector v[lanes]) {
  Vector a[lanes], b[lanes];
  for (int i = 0; i < lanes; i += 2) {
    a[i] = __builtin_shufflevector(v[i], v[i + 1], 0, 8, 2, 10, 4, 12, 6, 14);
    a[i + 1] = __builtin_shufflevector(v[i], v[i + 1], 1, 9, 3, 11, 5, 13, 7, 15);
  }
  for (int i = 0; i < lanes; i += 4) {
    for (int k = 0; k < 2; k++) {
      b[i + k] = __builtin_shufflevector(a[i + k], a[i + k + 2], 0, 1, 8, 9, 4, 5, 12, 13);
      b[i + k + 2] = __builtin_shufflevector(a[i + k], a[i + k + 2], 2, 3, 10, 11, 6, 7, 14, 15);
    }
  }
  for (int i = 0; i < 4; i++) {
    v[i] = __builtin_shufflevector(b[i], b[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    v[i + 4] = __builtin_shufflevector(b[i], b[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
  }
}

/// Lagrange's polynomials on the nodes 0…7 at the positions t; their sum is 1.
///
/// Products from both ends need no division, so a position at a node is no special case.
INLINE void lagrange(Vector t, Vector weights[lanes]) {
  // 1/∏_{m≠j} (j − m) = (−1)^(7−j)/(j! (7−j)!)
  static const double inverseDenominators[lanes] = {
      -1.0 / 5040, 1.0 / 720, -1.0 / 240, 1.0 / 144, -1.0 / 144, 1.0 / 240, -1.0 / 720, 1.0 / 5040};
  Vector left = broadcast(1);
  for (int j = 0; j < lanes; j++) {
    weights[j] = left * broadcast(inverseDenominators[j]);
    left *= t - broadcast(j);
  }
  Vector right = broadcast(1);
  for (int j = lanes - 1; j >= 0; j--) {
    weights[j] *= right;
    right *= t - broadcast(j);
  }
}

static void findStencils(
    const RadialNodes *nodes, const AtomPair *pairs, const PairColumns *columns, size_t count) {
  const Vector big = broadcast(6755399441055744.0), one = broadcast(1);
  const Vector origin = broadcast(nodes->origin), scale = broadcast(nodes->scale);
  for (size_t k = 0; k < count; k += lanes) {
    Vector fields[lanes];
    double last[lanes], offset[lanes];
    for (int i = 0; i < lanes; i++) {
      fields[i] = load(&pairs[k + i].x);
      last[i] = nodes->lastStarts[pairs[k + i].pairType];
      offset[i] = nodes->offsets[pairs[k + i].pairType];
    }
    // A pair is as long as a vector: its fields become columns of 8 pairs.
    transpose(fields);
    Vector x = fields[0], y = fields[1], z = fields[2];
    Vector inverse = one / __builtin_elementwise_sqrt(x * x + y * y + z * z);
    store(columns->x + k, x * inverse);
    store(columns->y + k, y * inverse);
    store(columns->z + k, z * inverse);
    store(columns->pull + k, fields[3] * inverse);
    store(columns->frameWeight + k, fields[4]);

    Vector position = (inverse - origin) * scale;
    // The fourth node is the last at or before the position, but for the ends of the grid.
    Vector first = (position - broadcast(3.5)) + big - big;
    first = selected(first > load(last), load(last), first);
    first = selected(first < broadcast(0), broadcast(0), first);
    Integers place = (Integers)(first + load(offset) + big) - (Integers)big;
    for (int i = 0; i < lanes; i++) columns->place[k + i] = (int32_t)place[i];

    Vector weights[lanes];
    lagrange(position - first, weights);
    transpose(weights);
    for (int i = 0; i < lanes; i++) store(columns->weights + (k + i) * lanes, weights[i]);
  }
}

/// Adds column · rowᵀ, the rows `stride` apart.
INLINE void addBlock(double *rows, size_t stride, const double *row, Vector column) {
  for (int i = 0; i < lanes; i++) {
    double *at = rows + i * stride;
    store(at, fused(broadcast(row[i]), column, load(at)));
  }
}

/// Adds the blocks of pairs that have the same place: their own and those they lead.
INLINE void addRun(
    double *rows, size_t stride, size_t place, const PairColumns *pairs, const PairCouple *couples,
    const uint32_t *coupleStarts, const uint32_t *run, size_t count, double *projection) {
  // All own blocks fall on the same place, and stay in registers.
  Vector sum = broadcast(0), sums[lanes];
  for (int i = 0; i < lanes; i++) sums[i] = broadcast(0);
  for (size_t i = 0; i < count; i++) {
    const double *own = pairs->weights + (size_t)run[i] * lanes;
    const Vector column = load(own), scaled = column * broadcast(pairs->frameWeight[run[i]]);
    sum = fused(broadcast(pairs->pull[run[i]]), column, sum);
    for (int j = 0; j < lanes; j++) sums[j] = fused(broadcast(own[j]), scaled, sums[j]);
  }
  store(projection, load(projection) + sum);
  for (int i = 0; i < lanes; i++) {
    double *at = rows + (place + i) * stride;
    store(at, load(at) + sums[i]);
  }
  for (size_t i = 0; i < count; i++) {
    const Vector column = load(pairs->weights + (size_t)run[i] * lanes);
    const PairCouple *end = couples + coupleStarts[i + 1];
    for (const PairCouple *c = couples + coupleStarts[i]; c < end; c++) {
      addBlock(
          rows + c->place * stride, stride, pairs->weights + (size_t)c->partner * lanes,
          column * broadcast(c->cosine));
    }
  }
}

static void addBlocks(
    const PairColumns *pairs, const PairCouple *couples, const uint32_t *coupleStarts,
    const uint32_t *order, const uint32_t *runStarts, size_t dimension, double *restrict columns,
    double *restrict matrix, size_t stride, double *restrict projection) {
  for (size_t place = 0; place + lanes <= dimension; place++) {
    const uint32_t first = runStarts[place], *run = order + first;
    const size_t count = runStarts[place + 1] - first;
    if (count == 0) continue;
    // A run that is long for the matrix is summed apart, where rows are whole vectors and all fit
    // the first cache. M may be transposed as a whole, so a block's rows become columns here.
    if (count * lanes < dimension) {
      addRun(
          matrix + place, stride, place, pairs, couples, coupleStarts + first, run, count,
          projection + place);
      continue;
    }
    addRun(
        columns, lanes, place, pairs, couples, coupleStarts + first, run, count,
        projection + place);
    for (size_t k = 0; k < dimension; k++) {
      double *row = matrix + k * stride + place;
      store(row, load(row) + load(columns + k * lanes));
      store(columns + k * lanes, broadcast(0));
    }
  }
}
