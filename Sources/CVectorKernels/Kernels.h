// The kernels of one level: the file that includes this defines LEVEL and KERNELS and sets the
// target of its functions.

#include "VectorTypes.h"

#include "VectorMath.h"

#include "Elementwise.h"

#include "Compression.h"

#include "DenseRows.h"

#include "Dense.h"

#include "Derivatives.h"

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
    .erfc = complementaryErrorFunctions,
    .multiplyAdd = multiplyAdd,
    .dotProducts = dotProducts,
    .prepareTape = prepareTape,
    .runTape = runTape,
    .findStencils = findStencils,
    .addBlocks = addBlocks,
    .addRows = addRows,
    .addProducts = addProducts,
};
