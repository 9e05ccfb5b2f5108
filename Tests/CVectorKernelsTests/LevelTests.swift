import CVectorKernels
import Testing

@Suite struct LevelTests {
  static let kernels = [VectorLevelBaseline, VectorLevelAVX2, VectorLevelAVX512]
    .compactMap { vectorKernels($0)?.pointee }

  @Test("the best level is the highest of those there are")
  func best() {
    #expect(bestVectorKernels().pointee.level == Self.kernels.last?.level)
  }
}
