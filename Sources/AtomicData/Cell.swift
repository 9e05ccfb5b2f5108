/// A simulation cell: three vectors in Å and the directions in which it repeats.
public struct Cell: Sendable, Hashable {
  /// The cell vectors a, b, c in Å.
  public let vectors: [SIMD3<Double>]
  /// Whether the structure repeats along a, b, c.
  public let isPeriodic: [Bool]

  /// No repetition in any direction.
  public static let isolated = Cell(
    vectors: [SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)], isPeriodic: [false, false, false])

  public init(vectors: [SIMD3<Double>], isPeriodic: [Bool]) {
    precondition(vectors.count == 3 && isPeriodic.count == 3)
    self.vectors = vectors
    self.isPeriodic = isPeriodic
  }
}
