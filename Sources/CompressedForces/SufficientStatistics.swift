import AtomicData

/// What the loss of any pair force needs to know of the frames: G, b and c.
///
/// With the forces on a grid f (dimension n, eV/Å) the force on an atom is linear, F = A f, and
/// Σ w |F − F_ref|² = fᵀGf − 2bᵀf + c, where G = AᵀWA (n×n, symmetric, dense), b = AᵀWF_ref and
/// c = F_refᵀWF_ref. Statistics of disjoint sets of frames add up, and a loss costs n² operations
/// whatever the number of frames.
public struct SufficientStatistics: Sendable, Equatable {
  /// Length n of the grid values.
  public let dimension: Int
  /// G, row by row, n×n; both triangles are filled, and it is symmetric to the last bit.
  public internal(set) var gram: [Double]
  /// b, length n, eV/Å.
  public internal(set) var projection: [Double]
  /// c, the weighted sum of squares of the reference forces, (eV/Å)².
  public internal(set) var squareSum: Double
  /// Sum of the weights over all components, of forces three per atom.
  public internal(set) var weight: Double
  /// Number of the components.
  public internal(set) var componentCount: Int
  public internal(set) var frameCount: Int
  public internal(set) var atomCount: Int
  /// Selected pairs within the cutoff, each counted once.
  public internal(set) var pairCount: Int

  /// Statistics of no frame.
  public init(dimension: Int) {
    self.dimension = dimension
    gram = Array(repeating: 0, count: dimension * dimension)
    projection = Array(repeating: 0, count: dimension)
    squareSum = 0
    weight = 0
    componentCount = 0
    frameCount = 0
    atomCount = 0
    pairCount = 0
  }

  /// Mean square of the reference forces per component, (eV/Å)²: the loss of U = 0.
  public var meanSquaredReferenceForce: Double { squareSum / weight }

  /// Adds the statistics of other frames on the same grid.
  public mutating func merge(_ other: SufficientStatistics) {
    precondition(dimension == other.dimension)
    for i in gram.indices { gram[i] += other.gram[i] }
    for i in projection.indices { projection[i] += other.projection[i] }
    squareSum += other.squareSum
    weight += other.weight
    componentCount += other.componentCount
    frameCount += other.frameCount
    atomCount += other.atomCount
    pairCount += other.pairCount
  }
}
