#pragma clang diagnostic ignored "-Wpsabi"
#pragma clang fp contract(off)
#define LEVEL VectorLevelBaseline
#define KERNELS vectorKernelsBaseline
#include "Kernels.h"
