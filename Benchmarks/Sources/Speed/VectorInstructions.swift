import CVectorKernels
import SymReg

/// The levels of vector instructions that can be forced. All use of the kernels is in this file.
enum VectorInstructions: String, CaseIterable, Codable, Sendable {
  case baseline = "SSE2"
  case avx2 = "AVX2"
  case avx512 = "AVX-512"

  /// Nil where this machine lacks the instructions.
  var kernels: VectorKernels? {
    let level =
      switch self {
      case .baseline: VectorLevelBaseline
      case .avx2: VectorLevelAVX2
      case .avx512: VectorLevelAVX512
      }
    return vectorKernels(level)?.pointee
  }

  /// Nodes per second and core to reach.
  var askedNodeRate: Double? {
    switch self {
    case .baseline: nil
    case .avx2: 3e9
    case .avx512: 5e9
    }
  }
}
