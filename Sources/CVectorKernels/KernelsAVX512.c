#if defined(__x86_64__)
#include <string.h>
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512vl,fma"), min_vector_width(512))), apply_to = function)
#pragma clang fp contract(off)
#define LEVEL VectorLevelAVX512
#define KERNELS vectorKernelsAVX512
#include "Kernels.h"
#pragma clang attribute pop
#endif
