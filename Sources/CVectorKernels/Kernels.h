// The kernels of one level: the file that includes this defines LEVEL and KERNELS and sets the
// target of its functions.

#include "VectorTypes.h"

#include "VectorMath.h"

#include "Compression.h"
#include "DenseRows.h"
#include "Elementwise.h"

const VectorKernels KERNELS = {
    .level = LEVEL,
    .exp = exponentials,
    .findStencils = findStencils,
    .addBlocks = addBlocks,
    .addRows = addRows,
    .addProducts = addProducts,
};
