// The kernels of one level: the file that includes this defines LEVEL and KERNELS and sets the
// target of its functions.

#include "VectorTypes.h"

#include "VectorMath.h"

#include "Elementwise.h"

#include "Dense.h"

#include "TapeForward.h"

#include "TapeReverse.h"

#include "TapeRun.h"

const VectorKernels KERNELS = {
    .level = LEVEL,
    .exp = exponentials,
    .log = logarithms,
    .pow = powers,
    .tanh = hyperbolicTangents,
    .erf = errorFunctions,
    .multiplyAdd = multiplyAdd,
    .dotProducts = dotProducts,
    .prepareTape = prepareTape,
    .runTape = runTape,
};
