// Runs a tape over the grid, a block at a time, so that its numbers stay in the first-level cache.
// Included by Kernels.h alone.

INLINE size_t arrayLength(const Tape *tape, const TapeSlot *slot) {
  return slot->extent == TapeShared ? tape->nodeCount : tape->blockSize;
}

INLINE Operand operandOf(const Tape *tape, const TapeSlot *slot, const TapeRange *range) {
  double *values = tape->memory + slot->start;
  if (slot->extent == TapeConstant) return (Operand){.constant = values[range->pair]};
  size_t first = slot->extent == TapeShared ? range->start : 0;
  return (Operand){.values = values + first, .slopes = values + arrayLength(tape, slot) + first};
}

INLINE Target targetOf(const Tape *tape, const TapeSlot *slot, size_t first) {
  double *values = tape->memory + slot->start + first;
  size_t length = arrayLength(tape, slot);
  return (Target){values, values + length, values + 2 * length, values + 3 * length};
}

/// Steps whose results are arrays over a range of nodes.
static void runSteps(const Tape *tape, size_t first, size_t end, const TapeRange *range) {
  for (size_t i = first; i < end; i++) {
    const TapeStep *step = tape->steps + i;
    const TapeSlot *left = tape->slots + step->left, *right = tape->slots + step->right;
    const TapeSlot *result = tape->slots + step->result;
    forward(
        step, operandOf(tape, left, range), operandOf(tape, right, range),
        targetOf(tape, result, result->extent == TapeShared ? range->start : 0), range->count,
        left->extent == TapeConstant, right->extent == TapeConstant, 1);
  }
}

static void runConstantSteps(const Tape *tape) {
  for (size_t i = 0; i < tape->constantCount; i++) {
    const TapeStep *step = tape->steps + i;
    double *memory = tape->memory;
    forward(
        step, (Operand){.values = memory + tape->slots[step->left].start},
        (Operand){.values = memory + tape->slots[step->right].start},
        (Target){.values = memory + tape->slots[step->result].start}, tape->constantLanes, 0, 0, 0);
  }
}

INLINE Adjoint adjointOf(
    const Tape *tape, const TapeSlot *slot, const TapeRange *range, double *jacobian, int isFirst) {
  Adjoint adjoint = {.isWanted = slot->isVariable, .isFirst = isFirst};
  if (slot->row >= 0) {
    adjoint.values = jacobian + (size_t)slot->row * tape->rowLength + range->offset;
  } else {
    adjoint.values = tape->memory + slot->adjoint;
    if (slot->extent != TapeConstant) adjoint.slopes = adjoint.values + tape->blockSize;
  }
  return adjoint;
}

/// The rows of a Jacobian on a range, from the values and slopes there: that of ofValue U + ofSlope dU/dr.
static void sweep(
    const Tape *tape, const TapeRange *range, double ofValue, double ofSlope, double *jacobian) {
  const TapeSlot *root = tape->slots + tape->root;
  if (root->extent == TapeConstant || !root->isVariable) return;
  double *seed = tape->memory + root->adjoint;
  for (size_t k = 0; k < range->count; k += lanes) {
    store(seed + k, broadcast(ofValue));
    store(seed + tape->blockSize + k, broadcast(ofSlope));
  }
  for (size_t i = tape->stepCount; i-- > 0;) {
    const TapeStep *step = tape->steps + i;
    const TapeSlot *left = tape->slots + step->left, *right = tape->slots + step->right;
    const TapeSlot *result = tape->slots + step->result;
    if (!result->isVariable) continue;
    const double *adjoints = tape->memory + result->adjoint;
    int isConstant = result->extent == TapeConstant;
    Target auxiliary = targetOf(tape, result, result->extent == TapeShared ? range->start : 0);
    Result of = {
        adjoints, isConstant ? NULL : adjoints + tape->blockSize, operandOf(tape, result, range),
        auxiliary.first, auxiliary.second};
    reverse(
        step, operandOf(tape, left, range), operandOf(tape, right, range), of,
        adjointOf(tape, left, range, jacobian, step->leftIsFirst),
        adjointOf(tape, right, range, jacobian, step->rightIsFirst), range->count,
        left->extent == TapeConstant, right->extent == TapeConstant);
  }
}

static void prepareTape(const Tape *tape) {
  TapeRange all = {.pair = 0, .start = 0, .count = tape->nodeCount};
  runSteps(tape, tape->constantCount, tape->constantCount + tape->fixedCount, &all);
}

static void runTape(const Tape *tape, TapeResults results) {
  const TapeSlot *root = tape->slots + tape->root;
  size_t sharedEnd = tape->constantCount + tape->sharedCount;
  TapeRange all = {.pair = 0, .start = 0, .count = tape->nodeCount};
  runConstantSteps(tape);
  runSteps(tape, tape->constantCount + tape->fixedCount, sharedEnd, &all);
  double *jacobians[] = {results.forceJacobian, results.energyJacobian};
  for (size_t i = 0; i < 2; i++)
    if (jacobians[i] && (root->extent == TapeConstant || !root->isVariable))
      memset(jacobians[i], 0, tape->rowCount * tape->rowLength * sizeof(double));
  for (size_t i = 0; i < tape->rangeCount; i++) {
    const TapeRange *range = tape->ranges + i;
    runSteps(tape, sharedEnd, tape->stepCount, range);
    Operand energy = operandOf(tape, root, range);
    int isConstant = root->extent == TapeConstant;
    for (size_t k = 0; k < range->count; k += lanes) {
      // f = -dU/dr
      store(
          results.forces + range->offset + k, isConstant ? broadcast(0) : -load(energy.slopes + k));
      if (results.energies)
        store(
            results.energies + range->offset + k,
            isConstant ? broadcast(energy.constant) : load(energy.values + k));
    }
    if (results.forceJacobian) sweep(tape, range, 0, -1, results.forceJacobian);
    if (results.energyJacobian) sweep(tape, range, 1, 0, results.energyJacobian);
  }
}
