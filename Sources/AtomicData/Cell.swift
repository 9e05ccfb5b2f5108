/// A simulation cell: three vectors in Å and the directions in which it repeats.
public struct Cell: Sendable, Hashable {
  // Stored in place: every frame carries a cell, and two arrays in each would be counted references.
  private let a, b, c: SIMD3<Double>
  private let repeatsAlongA, repeatsAlongB, repeatsAlongC: Bool

  /// No repetition in any direction.
  public static let isolated = Cell(
    vectors: [SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)], isPeriodic: [false, false, false])

  public init(vectors: [SIMD3<Double>], isPeriodic: [Bool]) {
    precondition(vectors.count == 3 && isPeriodic.count == 3)
    (a, b, c) = (vectors[0], vectors[1], vectors[2])
    (repeatsAlongA, repeatsAlongB, repeatsAlongC) = (isPeriodic[0], isPeriodic[1], isPeriodic[2])
  }

  /// The cell vectors a, b, c in Å.
  public var vectors: [SIMD3<Double>] { [a, b, c] }

  /// Whether the structure repeats along a, b, c.
  public var isPeriodic: [Bool] { [repeatsAlongA, repeatsAlongB, repeatsAlongC] }

  /// Whether the structure repeats in no direction.
  public var isIsolated: Bool { !(repeatsAlongA || repeatsAlongB || repeatsAlongC) }
}
