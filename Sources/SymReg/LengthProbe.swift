import AtomicData
import CompressedForces
import ExpressionTrees
import ForceFitting
import ParetoFronts

/// Whether the lengths of a fitted form are those of the data.
///
/// A form that fulfils F(r_cut) = 0 and nothing else has a length at the cutoff, and one that could do
/// without a length puts it where it has no effect. Such a length can be moved: with the others fitted
/// anew the loss stays what it was.
struct LengthProbe: Sendable {
  let tree: ExpressionTree
  let theta: [Double]
  let pairTypes: PairTypes
  /// Fits without F(r_cut) = 0, which would hold a length at the cutoff: forces are shifted instead.
  let problem: FitProblem
  /// Smallest and largest distance over all pair types, Å.
  let sampledRange: ClosedRange<Double>
  let refit: @Sendable (ScoredPotential, FitProblem) -> [Double]?

  /// A length within this share of the cutoff counts as at it.
  static let nearness = 0.1
  /// Share of the smallest distance below which a length is below all data.
  static let smallestShare = 0.05
  /// Factor by which a length is moved, up and down.
  static let step = 1.1
  /// Share of what a form explains that a move may cost.
  static let price = 0.01

  /// What the lengths of the form show.
  func flags() -> [EmptinessFlag] {
    var flags: [EmptinessFlag] = []
    for (number, power) in tree.lengthPowers().enumerated() {
      guard let power, let flag = place(ofParameter: number, power: power),
        !flags.contains(flag), isFree(number, power: power)
      else { continue }
      flags.append(flag)
    }
    return flags
  }

  /// Where a length is; nil where the data reach it.
  private func place(ofParameter number: Int, power: Double) -> EmptinessFlag? {
    let layout = tree.layout(typeCount: pairTypes.typeNames.count)
    let lengths = pairTypes.pairs.map { pair in
      let value = theta.withUnsafeBufferPointer { buffer in
        buffer.baseAddress.map { layout.value(of: number, for: pair, $0) } ?? 0
      }
      return abs(power > 0 ? value : 1 / value)
    }
    let cutoff = problem.grid.cutoff
    if lengths.contains(where: { abs($0 / cutoff - 1) <= Self.nearness }) { return .lengthAtCutoff }
    let isOutside = lengths.contains {
      $0 > sampledRange.upperBound || $0 < Self.smallestShare * sampledRange.lowerBound
    }
    return isOutside ? .lengthOutsideData : nil
  }

  /// Whether moving it costs nothing. A move to where the form has no value says nothing; one that has
  /// one must be there.
  private func isFree(_ number: Int, power: Double) -> Bool {
    guard let here = loss(number, scale: 1, power: power) else { return false }
    let allowed = here + Self.price * (problem.meanSquaredForce - here)
    let moved = [Self.step, 1 / Self.step].compactMap {
      loss(number, scale: $0, power: power)
    }
    return !moved.isEmpty && moved.allSatisfy { $0 <= allowed }
  }

  /// The loss of the best fit with the values of a parameter held at a multiple of the length; nil where
  /// there is none.
  private func loss(_ number: Int, scale: Double, power: Double) -> Double? {
    let parameter = tree.parameters[number]
    let range = tree.layout(typeCount: pairTypes.typeNames.count).ranges[number]
    var moved = theta
    let factor = power > 0 ? scale : 1 / scale
    // A product of two factors is the length.
    for k in range { moved[k] *= parameter.kind == .product ? factor.squareRoot() : factor }
    let scopes =
      parameter.kind == .global ? [] : parameter.valueNames(typeNames: pairTypes.typeNames)
    let pins = range.enumerated().map { place, k in
      PotentialConstraint.bounds(
        scopes.isEmpty
          ? .name(parameter.name) : .value(name: parameter.name, scope: scopes[place]),
        lower: moved[k], upper: moved[k])
    }
    let problem = problem.adding(pins)
    let start = ScoredPotential(tree: tree, theta: moved, cutoffMode: problem.cutoffMode)
    guard let fitted = refit(start, problem) else { return nil }
    let forces = problem.forces(of: tree, theta: fitted).values
    let loss = problem.statistics.meanSquaredForceError(of: forces)
    return loss.isFinite ? loss : nil
  }
}

extension ExpressionTree {
  /// By parameter: 1 for one whose values for pairs are lengths, −1 for one whose inverses are; nil for
  /// the others.
  ///
  /// By its unit, or since it is added to r or taken off it.
  func lengthPowers() -> [Double?] {
    var powers = zip(parameters, units()).map { parameter, unit -> Double? in
      switch (parameter.kind, unit) {
      case (.product, "Å^(1/2)"?): 1
      case (.product, "1/Å^(1/2)"?), (.product, "Å^(-1/2)"?): -1
      case (.product, _): nil
      case (_, "Å"?): 1
      case (_, "1/Å"?): -1
      default: nil
      }
    }
    for (place, node) in nodes.enumerated() {
      guard node == .operation(.add) || node == .operation(.subtract) else { continue }
      let right = subtree(endingAt: place - 1)
      let left = subtree(endingAt: right.lowerBound - 1)
      guard left.count == 1, right.count == 1 else { continue }
      switch (nodes[left.lowerBound], nodes[right.lowerBound]) {
      case (.distance, .parameter(let number)), (.parameter(let number), .distance):
        powers[number] = 1
      default: break
      }
    }
    return powers
  }
}
