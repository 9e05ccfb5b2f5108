import AtomicData
import CompressedForces
import ExpressionTrees
import ForceFitting
import ParetoFronts
import RunStorage

/// What an entry's form and parameters show of whether it means something.
extension Discovery {
  /// A cutoff within this share of the largest distance is not beyond the data.
  private static let reachedShare = 0.95
  /// Forces above this share of the root mean square reference force still act.
  private static let actingShare = 0.02
  /// Pair types whose largest distance is at least this share of that of all say where the data end.
  private static let endShare = 0.9
  /// Change of the loss, in units of what the form explains, that is none.
  private static let idleShare = 1e-3
  /// Distance of a value from a bound, in units of the bound or 1, at which it is on it.
  private static let boundTolerance = 1e-6

  /// Smallest and largest sampled distance over all pair types, Å.
  var sampledRange: ClosedRange<Double>? {
    let samples = statistics.survey.samples
    guard let smallest = samples.compactMap(\.smallest).min(),
      let largest = samples.compactMap(\.largest).max()
    else { return nil }
    return smallest...largest
  }

  /// Whether pairs end before the cutoff.
  private var endsBeforeCutoff: Bool {
    (sampledRange?.upperBound ?? settings.cutoff) < Self.reachedShare * settings.cutoff
  }

  /// What is to be known of the data, a sentence each.
  func warnings() -> [String] {
    guard endsBeforeCutoff, let largest = sampledRange?.upperBound else { return [] }
    let length = (largest * 100).rounded() / 100
    return [
      "The cutoff of \(settings.cutoff) Å is beyond the largest distance of the data, \(length) Å: from "
        + "there on potentials are guesses; lower --cutoff."
    ]
  }

  /// Flags of each potential by itself.
  ///
  /// - Parameter isFitted: whether its parameters come from the training frames.
  func ownFlags(
    of potentials: [ScoredPotential], isFitted: Bool
  ) async -> [[EmptinessFlag]] {
    guard !hasNoForce, let mode = potentials.first?.cutoffMode else {
      return potentials.map { _ in [] }
    }
    let problem = problem(cutoffMode: mode)
    let free = mode == .constraint ? self.problem(cutoffMode: .shiftedForce) : problem
    return await concurrently(potentials) { potential in
      var flags = isFitted ? self.parameterFlags(potential, problem) : []
      if isFitted, let sampledRange = self.sampledRange {
        flags += LengthProbe(
          tree: potential.tree, theta: potential.theta, pairTypes: self.dataset.pairTypes,
          problem: free.withoutBounds, sampledRange: sampledRange,
          refit: { self.refitted($0, $1) }
        ).flags()
      }
      return flags + self.shapeFlags(potential)
    }
  }

  private func parameterFlags(
    _ potential: ScoredPotential, _ problem: FitProblem
  ) -> [EmptinessFlag] {
    let (tree, theta) = (potential.tree, potential.theta)
    let typeNames = dataset.pairTypes.typeNames
    var flags: [EmptinessFlag] = []
    let isOnBound = constraints.contains { constraint in
      guard case .bounds(let choice, let lower, let upper) = constraint, lower < upper else {
        return false
      }
      return choice.indices(in: tree, typeNames: typeNames).contains { k in
        [lower, upper].contains { bound in
          bound.isFinite
            && abs(theta[k] - bound) <= Self.boundTolerance * max(1, abs(bound))
        }
      }
    }
    if isOnBound { flags.append(.parameterOnBound) }
    func loss(_ theta: [Double]) -> Double {
      problem.statistics.meanSquaredForceError(of: problem.forces(of: tree, theta: theta).values)
    }
    let own = loss(theta)
    let explained = problem.meanSquaredForce - own
    let isIdle = tree.layout(typeCount: typeNames.count).ranges.contains { range in
      [2, 0.5].allSatisfy { factor in
        var scaled = theta
        for k in range { scaled[k] *= factor }
        return abs(loss(scaled) - own) <= Self.idleShare * explained
      }
    }
    if isIdle { flags.append(.idleParameter) }
    return flags
  }

  private func shapeFlags(_ potential: ScoredPotential) -> [EmptinessFlag] {
    let treatment = CutoffTreatment(
      mode: potential.cutoffMode, cutoff: settings.cutoff, switchWidth: settings.switchWidth)
    let force = potential.pairPotential(pairTypes: dataset.pairTypes, treatment: treatment).force
    let unit = statistics.all.meanSquaredReferenceForce.squareRoot()
    let types = dataset.pairTypes
    let profiles = types.extremeKindPairs.compactMap { pair, sampled -> ForceProfile? in
      let sample = statistics.survey.samples[sampled]
      guard let smallest = sample.smallest, let largest = sample.largest else { return nil }
      return ForceProfile(
        sampledRange: smallest...largest, cutoff: settings.cutoff, unit: unit
      ) { distance in
        var value = 0.0
        withUnsafePointer(to: distance) { distance in
          withUnsafeMutablePointer(to: &value) { value in
            force(
              pair, UnsafeBufferPointer(start: distance, count: 1),
              UnsafeMutableBufferPointer(start: value, count: 1))
          }
        }
        return value
      }
    }
    var flags = ForceProfile.flags(profiles)
    let end = Self.endShare * (sampledRange?.upperBound ?? 0)
    let isActing = profiles.contains {
      $0.sampledRange.upperBound >= end && $0.forceAtEnd > Self.actingShare
    }
    if endsBeforeCutoff, isActing { flags.append(.cutoffBeyondData) }
    return flags
  }

  /// The entries with all their flags.
  func flagged(
    _ entries: [FrontEntry], _ own: [[EmptinessFlag]], _ assessment: Assessment
  ) -> [FrontEntry] {
    var entries = entries
    let measure = assessment.measure
    let isBarred = entries.indices.map {
      own[$0].contains(where: \.isBarring) || EmptinessFlag.areBarring(entries[$0].flags)
        || !assessment.isStable[$0]
    }
    let verdicts = measure.flatMap { $0.test.verdicts($0.table, isBarred: isBarred) }
    let losses = measure?.table.losses ?? entries.map { $0.trainRMSE * $0.trainRMSE }
    let zero = measure?.table.zeroLoss ?? statistics.training.meanSquaredReferenceForce
    let isNoBetter = FarSmaller.isNoBetter(
      sizes: entries.map(\.complexity), losses: losses, zeroLoss: zero)
    for place in entries.indices {
      var flags = own[place]
      switch verdicts?[place] {
      case .nothing?: flags.append(.noBetterThanNothing)
      case .noGainOverSmaller?: flags.append(.gainNotSignificant)
      default: break
      }
      if isNoBetter[place] { flags.append(.noBetterThanSmaller) }
      if !assessment.isStable[place] { flags.append(.unstableFit) }
      let known = entries[place].flags
      entries[place].flags = EmptinessFlag.allCases.filter(flags.contains).map(\.rawValue)
        .reduce(into: known) { if !$0.contains($1) { $0.append($1) } }
    }
    return entries
  }
}

extension PairTypes {
  /// Of each sampled pair of types the pairs of kinds with the smallest and the largest property, with the
  /// number of the sample.
  fileprivate var extremeKindPairs: [(kinds: Int, sample: Int)] {
    sampledPairs.enumerated().flatMap { number, pair in
      let own = kindPairs.indices.filter {
        let kinds = kindPairs[$0]
        return (kinds.first, kinds.second, kinds.bonds) == (pair.first, pair.second, pair.bonds)
      }
      let order = own.sorted { kindPairs[$0].property < kindPairs[$1].property }
      return (order.count > 1 ? [order[0], order[order.count - 1]] : order).map { ($0, number) }
    }
  }
}
