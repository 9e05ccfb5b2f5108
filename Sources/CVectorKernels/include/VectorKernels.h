// Inner loops on double-precision arrays, once for each level of vector instructions.
//
// Every level runs the same source on vectors of eight numbers, with fused multiply-adds only where
// the source writes them and sums in a fixed order: the results agree to the last bit, whatever the
// level, and so does everything computed from them.

#ifndef VECTOR_KERNELS_H
#define VECTOR_KERNELS_H

#include "Tape.h"

#include <stddef.h>
#include <stdint.h>

/// Instructions a set of kernels is compiled for; on other architectures than x86-64 there is the
/// first alone, in what the compiler takes for the architecture.
typedef enum {
  VectorLevelBaseline = 0,
  VectorLevelAVX2 = 1,
  VectorLevelAVX512 = 2,
} VectorLevel;

/// Grid nodes uniform in 1/r, the first at the cutoff.
typedef struct {
  /// 1/r of node 0, and nodes per 1/r.
  double origin, scale;
  /// By pair type: the last node a stencil may start at, and the place of node 0 in the values.
  const double *lastStarts, *offsets;
} RadialNodes;

/// A pair of atoms that interact.
typedef struct {
  /// From the second to the first atom, Å.
  double x, y, z;
  /// Weight of the frame times that vector times the difference of the atoms' reference forces.
  double pull;
  double frameWeight;
  int32_t pairType;
  int32_t first, second;
  int32_t unused[3];
} AtomPair;

/// Pairs of atoms with their stencils, a column for each property.
typedef struct {
  /// Unit vector from the second to the first atom.
  double *x, *y, *z;
  /// `AtomPair.pull` per distance.
  double *pull;
  double *frameWeight;
  /// Of the interpolation, 8 for each pair.
  double *weights;
  /// Where in the grid's values the first of them belongs.
  int32_t *place;
} PairColumns;

/// Two pairs that share an atom, as the one that leads sees the other.
typedef struct {
  uint32_t partner;
  /// Place of the partner's stencil.
  int32_t place;
  /// Weight of the frame times the cosine between the two, seen from the shared atom.
  double cosine;
} PairCouple;

/// The kernels of one level.
typedef struct {
  VectorLevel level;

  // Elementary functions. The result may take the place of an argument: the arrays are the same or
  // do not overlap. The bounds are those of the tests; where the result is subnormal, an ulp is
  // 2^-1074. NaN gives NaN.

  /// y[k] = exp(x[k]), within 1 ulp.
  void (*exp)(const double *x, double *y, size_t count);
  /// y[k] = log(x[k]), within 1 ulp: −∞ at 0, NaN below.
  void (*log)(const double *x, double *y, size_t count);
  /// z[k] = x[k]^y[k], within 1 ulp, with the special cases of C's pow: 1 for x = 1 or y = 0 even
  /// with NaN, NaN for x < 0 and a fractional y.
  void (*pow)(const double *x, const double *y, double *z, size_t count);
  /// y[k] = tanh(x[k]), within 1 ulp.
  void (*tanh)(const double *x, double *y, size_t count);
  /// y[k] = erf(x[k]), within 1.1 ulp.
  void (*erf)(const double *x, double *y, size_t count);
  /// y[k] = erfc(x[k]) = 1 − erf(x[k]), within 6 ulp, also where it is small.
  void (*erfc)(const double *x, double *y, size_t count);

  /// out[v] += matrix · vectors[v]: `rows` (whole vectors of 8) by `columns` numbers, column by column
  /// `stride` apart.
  void (*multiplyAdd)(
      const double *matrix, size_t stride, size_t rows, size_t columns, const double *vectors,
      size_t vectorStride, size_t vectorCount, double *out, size_t outStride);

  /// out[j] = the sum of columns[j][k] · vector[k] over `rows` numbers (whole vectors of 8).
  void (*dotProducts)(
      const double *columns, size_t stride, size_t count, const double *vector, size_t rows,
      double *out);

  /// Runs the steps that depend on no parameter, once for a tape.
  void (*prepareTape)(const Tape *tape);

  /// The pair forces -dU/dr and the energies for the constants in the memory, and their derivatives by
  /// the value of every parameter leaf: `rowCount` rows of `rowLength`.
  void (*runTape)(const Tape *tape, TapeResults results);

  /// Fills columns from pairs, both up to the next multiple of 8.
  void (*findStencils)(
      const RadialNodes *nodes, const AtomPair *pairs, const PairColumns *columns, size_t count);

  /// Adds pairs to M and b, where M + Mᵀ = G, the rows of M `stride` apart: w (w w) for each pair,
  /// cosine (w w') for each couple. `order` has the pairs by their places, those of place p from
  /// `runStarts[p]` on; the i-th in that order leads the couples from `coupleStarts[i]` on.
  /// `columns` are 8·dimension zeros before and after.
  void (*addBlocks)(
      const PairColumns *pairs, const PairCouple *couples, const uint32_t *coupleStarts,
      const uint32_t *order, const uint32_t *runStarts, size_t dimension, double *columns,
      double *matrix, size_t stride, double *projection);

  /// Writes one atom's three rows, times `weight`, to rows `row`… of the panels, and adds them
  /// times the force and weight² to b. `windows` are 24·dimension zeros before and after.
  void (*addRows)(
      const PairColumns *pairs, size_t count, const double force[3], double weight,
      size_t dimension, double *windows, double *panels, size_t rowCount, size_t row,
      double *projection);

  /// M += RᵀR above the diagonal panels and ½ RᵀR on them.
  void (*addProducts)(
      const double *panels, size_t panelCount, size_t rowCount, double *matrix, size_t stride);
} VectorKernels;

/// The kernels of a level, NULL where this processor lacks its instructions.
const VectorKernels *vectorKernels(VectorLevel level);

/// The kernels of the highest level this processor has.
const VectorKernels *bestVectorKernels(void);

#endif
