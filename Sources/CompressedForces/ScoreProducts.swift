import AtomicData

/// Σ_u g_u g_uᵀ over frames, or groups of frames, with the gradient g_u by θ of what unit u adds to a
/// loss: how much the gradient of the whole varies with the data.
///
/// One pass over the training frames, by the same rows that make the statistics.
public struct ScoreProducts: Sendable {
  /// Per potential, row by row.
  public let products: [[Double]]
  /// Units with training frames.
  public let unitCount: Int

  /// A fitted pair force and how it changes with θ.
  public struct Potential: Sendable {
    /// On the grid, in the cutoff treatment of the statistics, eV/Å.
    public let forces: [Double]
    /// For each value of θ the derivatives of the forces.
    public let derivatives: [[Double]]

    public init(forces: [Double], derivatives: [[Double]]) {
      self.forces = forces
      self.derivatives = derivatives
    }
  }

  /// - Parameters:
  ///   - potentials: with derivatives by their parameters.
  ///   - source: the frames that `statistics` were made of; read once.
  ///   - statistics: whose grid and cutoff the potentials are scored with.
  ///   - weights: of the targets of the statistics; see `SufficientStatistics.combined`.
  ///   - keepsGroups: whether frames with one `Frame.group` are one unit; else each frame is one.
  ///   - threads: tasks that run at a time.
  /// - Throws: `InputError` where a frame cannot be used.
  public init(
    of potentials: [Potential], over source: any FrameSource, statistics: ForceStatistics,
    weights: [Double], keepsGroups: Bool, threads: Int
  ) async throws {
    let accumulator = ScoreAccumulator(
      potentials, source, statistics, weights: weights, keepsGroups: keepsGroups)
    let lanes = try await source.reduce(laneCount: 16, threads: threads, into: accumulator) {
      accumulator, frames in
      for frame in frames where frame.weight > 0 && frame.part != .validation {
        try accumulator.add(frame)
      }
    }
    var sum = accumulator
    for lane in lanes { sum.merge(lane) }
    sum.finish()
    products = sum.products
    unitCount = sum.unitCount
  }
}

/// Gathers gradients unit by unit.
private struct ScoreAccumulator: Sendable {
  private let potentials: [ScoreProducts.Potential]
  private let rows: FrameRows
  private let keepsGroups: Bool
  /// Factor of the squared errors of the forces in the loss of the fit.
  private let forceScale: Double
  private let targets: [Target]
  private(set) var products: [[Double]]
  private(set) var unitCount = 0
  /// By group and potential.
  private var groups: [UInt64: [[Double]]] = [:]

  private struct Target: Sendable {
    let target: MatchedTarget
    let scale: Double
    let offsets: [Double]
    /// By potential, and by file: the shift, and the mean derivatives that its being at its best takes
    /// off those of a row.
    let shifts: [[Double]]
    let means: [[[Double]]]
  }

  init(
    _ potentials: [ScoreProducts.Potential], _ source: any FrameSource,
    _ statistics: ForceStatistics, weights: [Double], keepsGroups: Bool
  ) {
    self.potentials = potentials
    self.keepsGroups = keepsGroups
    let grid = statistics.grid
    let shiftCount = statistics.targets.first { $0.target == .energies }?.shiftCount ?? 0
    rows = FrameRows(
      grid: grid, search: PairSearch(source: source, cutoff: grid.cutoff),
      switching: statistics.switchWidth.map { .init(cutoff: grid.cutoff, width: $0) },
      shiftCount: shiftCount)
    let forces = statistics.training.squareSum
    let eliminated = statistics.targets.map(\.eliminated)
    let counted = zip(eliminated, weights).filter { $0.squareSum > 0 && $1 > 0 }
    forceScale = 1 / (forces * (1 + counted.reduce(0) { $0 + $1.1 }))
    let scale = forceScale
    targets = zip(zip(statistics.targets, eliminated), weights).compactMap { target, weight in
      let (statistics, eliminated) = target
      guard eliminated.squareSum > 0, weight > 0 else { return nil }
      return Target(
        target: statistics.target, scale: scale * weight * forces / eliminated.squareSum,
        offsets: statistics.offsets,
        shifts: potentials.map { potential in
          zip(statistics.shifts(of: potential.forces), statistics.offsets).map { $0 - $1 }
        },
        means: potentials.map { Self.means(statistics, $0) })
    }
    products = potentials.map {
      Array(repeating: 0, count: $0.derivatives.count * $0.derivatives.count)
    }
  }

  private static func means(
    _ statistics: TargetStatistics, _ potential: ScoreProducts.Potential
  ) -> [[Double]] {
    let training = statistics.training
    let n = training.dimension - statistics.shiftCount
    return (0..<statistics.shiftCount).map { file in
      let row = (n + file) * training.dimension
      let own = training.gram[row + n + file]
      return potential.derivatives.map { derivatives in
        guard own > 0 else { return 0 }
        var sum = 0.0
        for k in 0..<n { sum += training.gram[row + k] * derivatives[k] }
        return sum / own
      }
    }
  }

  mutating func add(_ frame: Frame) throws {
    var gradients = potentials.map { Array(repeating: 0.0, count: $0.derivatives.count) }
    let n = rows.grid.totalCount
    _ = try rows.forEachForceRow(of: frame) { row, reference, weight in
      let used = (0..<n).filter { row[$0] != 0 }
      for (number, potential) in potentials.enumerated() {
        var error = -reference
        for k in used { error += row[k] * potential.forces[k] }
        let pull = 2 * forceScale * frame.weight * weight * error
        for (place, derivatives) in potential.derivatives.enumerated() {
          var slope = 0.0
          for k in used { slope += row[k] * derivatives[k] }
          gradients[number][place] += pull * slope
        }
      }
    }
    for target in targets {
      try rows.forEachRow(of: target.target, in: frame) { row, reference, weight in
        let isShifted = target.target == .energies && frame.source < rows.shiftCount
        for (number, potential) in potentials.enumerated() {
          var error = -reference
          if isShifted {
            error += target.offsets[frame.source] + target.shifts[number][frame.source]
          }
          for k in 0..<n { error += row[k] * potential.forces[k] }
          let pull = 2 * target.scale * frame.weight * weight * error
          for (place, derivatives) in potential.derivatives.enumerated() {
            var slope = isShifted ? -target.means[number][frame.source][place] : 0
            for k in 0..<n { slope += row[k] * derivatives[k] }
            gradients[number][place] += pull * slope
          }
        }
      }
    }
    guard keepsGroups else {
      addProducts(of: gradients)
      return
    }
    Self.add(gradients, to: &groups, frame.group)
  }

  private static func add(
    _ gradients: [[Double]], to groups: inout [UInt64: [[Double]]], _ group: UInt64
  ) {
    guard var known = groups[group] else {
      groups[group] = gradients
      return
    }
    for (number, gradient) in gradients.enumerated() {
      for k in gradient.indices { known[number][k] += gradient[k] }
    }
    groups[group] = known
  }

  private mutating func addProducts(of gradients: [[Double]]) {
    unitCount += 1
    for (number, gradient) in gradients.enumerated() {
      let p = gradient.count
      for i in 0..<p { for j in 0..<p { products[number][i * p + j] += gradient[i] * gradient[j] } }
    }
  }

  mutating func merge(_ other: ScoreAccumulator) {
    unitCount += other.unitCount
    for number in products.indices {
      for k in products[number].indices { products[number][k] += other.products[number][k] }
    }
    for (group, gradients) in other.groups { Self.add(gradients, to: &groups, group) }
  }

  /// The products of what was gathered by groups, in an order that does not depend on the run.
  mutating func finish() {
    for group in groups.keys.sorted() {
      if let gradients = groups[group] { addProducts(of: gradients) }
    }
    groups = [:]
  }
}
