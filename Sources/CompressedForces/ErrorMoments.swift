import AtomicData

/// How the squared force errors of several potentials vary from unit to unit of the data: mean losses
/// with the covariance of these means.
///
/// Units are frames, or groups of frames, which then count as what is independent. With the weights w_u
/// and the weighted sums of squares s_u of unit u the mean loss is L = Σ s_u/Σ w_u, a ratio of sums, and
/// cov(L_a, L_b) = n/(n − 1) Σ_u (s_ua − L_a w_u)(s_ub − L_b w_u)/(Σ w_u)² (Cochran, Sampling Techniques,
/// 3rd ed. 1977, section 6.3; for clusters Liang, Zeger, Biometrika 73, 13 (1986), doi
/// 10.1093/biomet/73.1.13). The errors of differences follow from it: frames that are hard for one form are
/// hard for another.
public struct ErrorMoments: Sendable {
  /// Mean squared force errors, (eV/Å)²: of no force first, then of the potentials.
  public let losses: [Double]
  /// Of the losses, row by row, (eV/Å)⁴; empty for fewer than two units.
  public let covariance: [Double]
  /// Units in which the squared error of one is below that of another, row by row.
  public let lowerCounts: [Int]
  public let unitCount: Int

  /// A potential as the frames of each part of the data see it.
  public struct Potential: Sendable {
    /// Forces on the grid (eV/Å) by part of the data, in the cutoff treatment of the statistics; nil for
    /// parts that are not scored.
    public let forces: [[Double]?]

    public init(forces: [[Double]?]) { self.forces = forces }
  }

  /// The errors in the training folds and in the validation frames, from one pass over the frames.
  ///
  /// - Parameters:
  ///   - potentials: all of them with forces for the same parts.
  ///   - source: the frames that `statistics` were made of.
  ///   - statistics: whose grid and cutoff the potentials are scored with.
  ///   - keepsGroups: whether frames with one `Frame.group` are one unit; else each frame is one.
  ///   - threads: tasks that run at a time.
  /// - Returns: nil for folds, or validation frames, that are not scored or not there.
  /// - Throws: `InputError` where a frame cannot be used.
  public static func measured(
    of potentials: [Potential], over source: any FrameSource, statistics: ForceStatistics,
    keepsGroups: Bool, threads: Int
  ) async throws -> (folds: ErrorMoments?, validation: ErrorMoments?) {
    let accumulator = ErrorAccumulator(potentials, source, statistics, keepsGroups: keepsGroups)
    let lanes = try await source.reduce(laneCount: 16, threads: threads, into: accumulator) {
      accumulator, frames in
      for frame in frames where frame.weight > 0 { try accumulator.add(frame) }
    }
    var sum = accumulator
    for lane in lanes { sum.merge(lane) }
    sum.finish()
    return (ErrorMoments(sum.folds), ErrorMoments(sum.validation))
  }

  private init?(_ sums: UnitSums) {
    guard sums.unitCount > 0, sums.totals[0] > 0 else { return nil }
    unitCount = sums.unitCount
    lowerCounts = sums.lowerCounts
    let (n, weight) = (sums.totals.count, sums.totals[0])
    let losses = sums.totals.dropFirst().map { $0 / weight }
    self.losses = losses
    guard unitCount > 1 else {
      covariance = []
      return
    }
    let scale = Double(unitCount) / Double(unitCount - 1) / (weight * weight)
    var covariance: [Double] = []
    for a in 1..<n {
      for b in 1..<n {
        let (la, lb) = (losses[a - 1], losses[b - 1])
        let sum =
          sums.products[a * n + b] - la * sums.products[b] - lb * sums.products[a]
          + la * lb * sums.products[0]
        covariance.append(scale * sum)
      }
    }
    self.covariance = covariance
  }
}

/// Sums over units of (w, s_1, …) and of the products of any two of these, and counts of units in which one
/// s is below another.
private struct UnitSums: Sendable {
  var totals: [Double]
  var products: [Double]
  var lowerCounts: [Int]
  var unitCount = 0

  init(count: Int) {
    totals = Array(repeating: 0, count: count)
    products = Array(repeating: 0, count: count * count)
    lowerCounts = Array(repeating: 0, count: (count - 1) * (count - 1))
  }

  mutating func add(_ unit: [Double]) {
    unitCount += 1
    let n = totals.count
    for a in 0..<n {
      totals[a] += unit[a]
      for b in 0..<n { products[a * n + b] += unit[a] * unit[b] }
    }
    for a in 1..<n {
      for b in 1..<n where unit[a] < unit[b] { lowerCounts[(a - 1) * (n - 1) + b - 1] += 1 }
    }
  }

  mutating func merge(_ other: UnitSums) {
    unitCount += other.unitCount
    for k in totals.indices { totals[k] += other.totals[k] }
    for k in products.indices { products[k] += other.products[k] }
    for k in lowerCounts.indices { lowerCounts[k] += other.lowerCounts[k] }
  }
}

/// Gathers squared errors unit by unit.
private struct ErrorAccumulator: Sendable {
  private let potentials: [ErrorMoments.Potential]
  private let rows: FrameRows
  private let keepsGroups: Bool
  private let foldCount: Int
  private(set) var folds: UnitSums
  private(set) var validation: UnitSums
  /// By group: whether it is held out, weight, and sums of squares.
  private var groups: [UInt64: (isValidation: Bool, values: [Double])] = [:]

  init(
    _ potentials: [ErrorMoments.Potential], _ source: any FrameSource,
    _ statistics: ForceStatistics, keepsGroups: Bool
  ) {
    self.potentials = potentials
    self.keepsGroups = keepsGroups
    foldCount = source.foldCount
    let grid = statistics.grid
    rows = FrameRows(
      grid: grid, search: PairSearch(source: source, cutoff: grid.cutoff),
      switching: statistics.switchWidth.map { .init(cutoff: grid.cutoff, width: $0) },
      shiftCount: 0)
    folds = UnitSums(count: 2 + potentials.count)
    validation = folds
  }

  mutating func add(_ frame: Frame) throws {
    let part = frame.part.index(foldCount: foldCount)
    let forces = potentials.compactMap { $0.forces[part] }
    guard forces.count == potentials.count else { return }
    var values = Array(repeating: 0.0, count: 2 + forces.count)
    let n = rows.grid.totalCount
    var used: [Int] = []
    _ = try rows.forEachForceRow(of: frame) { row, reference, weight in
      let weight = frame.weight * weight
      values[0] += weight
      values[1] += weight * reference * reference
      used.removeAll(keepingCapacity: true)
      for k in 0..<n where row[k] != 0 { used.append(k) }
      for (number, forces) in forces.enumerated() {
        forces.withUnsafeBufferPointer { forces in
          var error = -reference
          for k in used { error += row[k] * forces[k] }
          values[2 + number] += weight * error * error
        }
      }
    }
    let isValidation = part == foldCount
    if keepsGroups {
      Self.add(values, isValidation, to: &groups, frame.group)
    } else if isValidation {
      validation.add(values)
    } else {
      folds.add(values)
    }
  }

  private static func add(
    _ values: [Double], _ isValidation: Bool,
    to groups: inout [UInt64: (isValidation: Bool, values: [Double])], _ group: UInt64
  ) {
    guard var known = groups[group] else {
      groups[group] = (isValidation, values)
      return
    }
    for k in values.indices { known.values[k] += values[k] }
    groups[group] = known
  }

  mutating func merge(_ other: ErrorAccumulator) {
    folds.merge(other.folds)
    validation.merge(other.validation)
    for (group, sums) in other.groups {
      Self.add(sums.values, sums.isValidation, to: &groups, group)
    }
  }

  /// Counts what was gathered by groups, in an order that does not depend on the run.
  mutating func finish() {
    for group in groups.keys.sorted() {
      guard let sums = groups[group] else { continue }
      if sums.isValidation { validation.add(sums.values) } else { folds.add(sums.values) }
    }
    groups = [:]
  }
}
