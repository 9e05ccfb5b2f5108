// Programs of elementwise steps on a radial grid: the value, the derivative by r, and the derivative
// of both by every parameter.

#ifndef TAPE_H
#define TAPE_H

#include <stddef.h>
#include <stdint.h>

typedef enum {
  TapeAdd,
  TapeSubtract,
  TapeMultiply,
  TapeDivide,
  TapePower,
  TapeWholePower,
  TapeExp,
  TapeLog,
  TapeNegate,
  TapeSquareRoot,
  TapeTanh,
  TapeErf,
  TapeErfc,
  TapeGauss,
} TapeOperation;

/// On what a slot depends, and thus how many numbers it has.
typedef enum {
  /// One number per pair type.
  TapeConstant,
  /// One number per grid node, the same for all pair types.
  TapeShared,
  /// One number per grid node and pair type; kept for one block at a time.
  TapeBlock,
} TapeExtent;

/// A place for the numbers of a leaf or of a step's result.
typedef struct {
  uint8_t extent;
  /// Whether it depends on a parameter.
  uint8_t isVariable;
  /// Row of the Jacobian of a parameter leaf, -1 for all others.
  int32_t row;
  /// Where its numbers start in the memory: `constantLanes` values for a constant, else values,
  /// slopes and two auxiliary arrays of `nodeCount` or `blockSize` numbers each.
  size_t start;
  /// Where its two adjoints start, `blockSize` numbers each.
  size_t adjoint;
} TapeSlot;

/// result = left ∘ right; a step with one operand has it on both sides.
typedef struct {
  uint8_t operation;
  /// Whether the reverse sweep meets the operand here first; later ones add.
  uint8_t leftIsFirst;
  uint8_t rightIsFirst;
  /// Of TapeWholePower, at least 1.
  uint32_t exponent;
  uint32_t left;
  uint32_t right;
  uint32_t result;
} TapeStep;

/// Consecutive nodes of one pair type.
typedef struct {
  size_t pair;
  /// The first node.
  size_t start;
  /// Nodes, rounded up to whole vectors.
  size_t count;
  /// Where they stand in the forces and in the rows of the Jacobian.
  size_t offset;
} TapeRange;

typedef struct {
  const TapeSlot *slots;
  /// First those on constants, then those on shared slots, then those on blocks. Of the shared ones the
  /// first `fixedCount` depend on no parameter.
  const TapeStep *steps;
  size_t constantCount;
  size_t fixedCount;
  size_t sharedCount;
  size_t stepCount;
  const TapeRange *ranges;
  size_t rangeCount;
  size_t root;
  /// Lengths, all whole vectors.
  size_t constantLanes;
  size_t nodeCount;
  size_t blockSize;
  /// Length of a row of the Jacobian.
  size_t rowLength;
  size_t rowCount;
  double *memory;
} Tape;

/// Where a run leaves what it finds: rows of `rowLength` numbers. All but the forces may be missing.
typedef struct {
  double *forces;
  /// A row for each parameter.
  double *forceJacobian;
  double *energies;
  double *energyJacobian;
} TapeResults;

#endif
