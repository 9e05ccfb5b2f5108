#if defined(__x86_64__)
#pragma clang diagnostic ignored "-Wpsabi"
#include <string.h>
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#pragma clang fp contract(off)
#define LEVEL VectorLevelAVX2
#define KERNELS vectorKernelsAVX2
#include "Kernels.h"
#pragma clang attribute pop
#endif
