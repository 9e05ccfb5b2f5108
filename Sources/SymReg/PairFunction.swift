import AtomicData
import ExpressionTrees
import SimulatorExport

/// U and dU/dr of one pair of types under a potential, made once and asked many times.
struct PairFunction: Sendable {
  private let potential: ExportedPotential
  private let pair: PairType
  private let parts: [Part]
  /// Below this a wall takes the place of U, Å.
  private let joint: Double
  let cutoff: Double
  /// Smallest and largest sampled distance, Å; nil where nothing is known.
  let sampled: ClosedRange<Double>?

  private struct Part: Sendable {
    let part: ExportedPotential.Part
    let layout: ParameterLayout
    let atCutoff: PotentialValue
  }

  init(_ potential: ExportedPotential, pair: PairType) {
    self.potential = potential
    self.pair = pair
    cutoff = potential.cutoff
    let sample = potential.samples.firstIndex {
      ($0.pair.first, $0.pair.second, $0.pair.bonds) == (pair.first, pair.second, pair.bonds)
    }
    sampled = sample.flatMap { potential.samples[$0].range }
    joint = sample.flatMap { potential.cores.isEmpty ? nil : potential.cores[$0].joint } ?? 0
    parts = potential.parts.map { part in
      let layout = part.tree.layout(typeCount: potential.typeNames.count)
      return Part(
        part: part, layout: layout,
        atCutoff: part.tree.value(
          at: potential.cutoff, theta: part.theta, pair: pair, layout: layout))
    }
  }

  /// eV, eV/Å; 0 beyond the cutoff.
  func value(at distance: Double) -> PotentialValue {
    var sum = PotentialValue(energy: 0, derivative: 0)
    if distance > cutoff { return sum }
    if distance < joint { return potential.value(of: pair, at: distance) }
    for part in parts {
      let value = part.part.treatment.value(
        part.part.tree.value(
          at: distance, theta: part.part.theta, pair: pair, layout: part.layout),
        atDistance: distance, cutoffValue: part.atCutoff)
      sum.energy += value.energy
      sum.derivative += value.derivative
    }
    return sum
  }
}
