#include "VectorKernels.h"

extern const VectorKernels vectorKernelsBaseline, vectorKernelsAVX2, vectorKernelsAVX512;

const VectorKernels *vectorKernels(VectorLevel level) {
  switch (level) {
  case VectorLevelBaseline: return &vectorKernelsBaseline;
#if defined(__x86_64__)
  case VectorLevelAVX2:
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &vectorKernelsAVX2 : NULL;
  case VectorLevelAVX512:
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")
                   && __builtin_cpu_supports("avx512vl")
               ? &vectorKernelsAVX512
               : NULL;
#endif
  default: return NULL;
  }
}

const VectorKernels *bestVectorKernels(void) {
  for (int level = VectorLevelAVX512; level > VectorLevelBaseline; level--) {
    const VectorKernels *kernels = vectorKernels((VectorLevel)level);
    if (kernels) return kernels;
  }
  return vectorKernels(VectorLevelBaseline);
}
