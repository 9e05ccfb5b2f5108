import AtomicData

/// Sufficient statistics of one target beside forces, by the parts of the data.
///
/// Energies count relative to a shift per file: their statistics have a value for each file behind the
/// grid values, so that they still add up; `eliminated` takes the shifts out.
public struct TargetStatistics: Sendable, Equatable {
  public let target: MatchedTarget
  /// In the order of `DataPart.all(foldCount:)`.
  public let parts: [SufficientStatistics]
  /// Files, where each has a shift.
  public let shiftCount: Int
  /// Energies (eV) that were taken off the references of each file beforehand, to keep digits.
  public let offsets: [Double]
  /// All training folds together.
  public let training: SufficientStatistics
  /// Nil without validation frames.
  public let validation: SufficientStatistics?
  public let all: SufficientStatistics

  init(
    target: MatchedTarget, parts: [SufficientStatistics], shiftCount: Int, offsets: [Double]
  ) {
    self.target = target
    self.parts = parts
    self.shiftCount = target == .energies ? shiftCount : 0
    self.offsets = offsets
    let empty = SufficientStatistics(dimension: parts[0].dimension)
    training = parts.dropLast().reduce(into: empty) { $0.merge($1) }
    let held = parts[parts.count - 1]
    validation = held.weight > 0 ? held : nil
    all = parts.reduce(into: empty) { $0.merge($1) }
  }

  /// Mean squares over the parts of the data, as the training frames' shifts have it.
  public struct Loss: Sendable, Equatable {
    public var training: Double
    public var validation: Double?
    public var all: Double

    public init(training: Double, validation: Double?, all: Double) {
      self.training = training
      self.validation = validation
      self.all = all
    }
  }

  /// Mean squared errors of the grid values of a force: eV² of energies, virials (over nine components)
  /// and torques, (eV/Å)² of net forces.
  ///
  /// - Parameter forces: in the cutoff treatment of the fit, eV/Å.
  public func loss(of forces: [Double]) -> Loss {
    let values = forces + shifts(of: forces, offsets: false)
    return Loss(
      training: training.meanSquaredForceError(of: values),
      validation: validation?.meanSquaredForceError(of: values),
      all: all.meanSquaredForceError(of: values))
  }

  /// The energies (eV) to add to those of a potential, file by file, so that the training frames are
  /// met best; 0 for a file without training frames.
  public func shifts(of forces: [Double]) -> [Double] { shifts(of: forces, offsets: true) }

  private func shifts(of forces: [Double], offsets isAdded: Bool) -> [Double] {
    let n = training.dimension - shiftCount
    return (0..<shiftCount).map { file in
      let row = (n + file) * training.dimension
      guard training.gram[row + n + file] > 0 else { return 0 }
      var rest = training.projection[n + file]
      for k in 0..<n { rest -= training.gram[row + k] * forces[k] }
      return rest / training.gram[row + n + file] + (isAdded ? offsets[file] : 0)
    }
  }

  /// The training statistics with every shift at its best, for the grid values alone.
  public var eliminated: SufficientStatistics { training.eliminating(last: shiftCount) }
}

extension SufficientStatistics {
  /// Statistics for the first values, the last `count` of which none depends on another being at
  /// their best for them.
  func eliminating(last count: Int) -> SufficientStatistics {
    guard count > 0 else { return self }
    let n = dimension - count
    var result = SufficientStatistics(dimension: n)
    for i in 0..<n {
      for j in 0..<n { result.gram[i * n + j] = gram[i * dimension + j] }
      result.projection[i] = projection[i]
    }
    result.squareSum = squareSum
    for last in n..<dimension {
      let own = gram[last * dimension + last]
      guard own > 0 else { continue }
      let row = last * dimension
      for i in 0..<n {
        let share = gram[row + i] / own
        for j in 0..<n { result.gram[i * n + j] -= share * gram[row + j] }
        result.projection[i] -= share * projection[last]
      }
      result.squareSum -= projection[last] * projection[last] / own
    }
    // Symmetric to the last bit, as all statistics are.
    for i in 0..<n {
      for j in 0..<i { result.gram[i * n + j] = result.gram[j * n + i] }
    }
    result.squareSum = max(0, result.squareSum)
    result.weight = weight
    result.componentCount = componentCount
    result.frameCount = frameCount
    result.atomCount = atomCount
    result.pairCount = pairCount
    return result
  }

  /// Statistics of the sum of losses, each in units of its mean square reference, in units of the first.
  ///
  /// A weight of 1 makes a target count as much as the forces: the loss is
  /// ⟨F²⟩·(L_F/⟨F²⟩ + Σ weight·L_t/⟨t²⟩)/(1 + Σ weight), that of U = 0 still ⟨F²⟩. Targets whose
  /// references are all zero are left out.
  public func combined(
    with targets: [(statistics: SufficientStatistics, weight: Double)]
  ) -> SufficientStatistics {
    var result = self
    for (statistics, weight) in targets where statistics.squareSum > 0 && weight > 0 {
      precondition(statistics.dimension == dimension)
      let scale = weight * squareSum / statistics.squareSum
      for k in gram.indices { result.gram[k] += scale * statistics.gram[k] }
      for k in projection.indices { result.projection[k] += scale * statistics.projection[k] }
      result.squareSum += scale * statistics.squareSum
      result.weight += weight * self.weight
    }
    return result
  }
}
