// The kernels of one level: the file that includes this defines LEVEL and KERNELS and sets the
// target of its functions.

#include "VectorTypes.h"

#include "VectorMath.h"

#include "Elementwise.h"

const VectorKernels KERNELS = {
    .level = LEVEL,
    .exp = exponentials,
    .log = logarithms,
    .pow = powers,
    .tanh = hyperbolicTangents,
    .erf = errorFunctions,
};
