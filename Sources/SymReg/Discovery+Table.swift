import AtomicData
import CompressedForces
import ExpressionTrees
import RunStorage

extension Discovery {
  /// Scores a potential that is no expression, such as a table, by the direct sum over pairs alone.
  ///
  /// The entry has no parameters and 0 nodes; its errors from the statistics are those of the direct sum.
  ///
  /// - Parameters:
  ///   - name: stands for the expression.
  ///   - value: U and dU/dr of a pair at a distance, eV and Å; up to the cutoff as they are.
  public func evaluate(
    named name: String, _ value: @escaping @Sendable (PairType, Double) -> PotentialValue
  ) async throws -> FrontDocument {
    let pairs = dataset.pairTypes.kindPairs
    let potential = PairPotential(
      force: { pair, distances, forces in
        for k in distances.indices { forces[k] = -value(pairs[pair], distances[k]).derivative }
      },
      energy: { pair, distances, energies in
        for k in distances.indices { energies[k] = value(pairs[pair], distances[k]).energy }
      })
    let errors = try await DirectForceMatching(source: frames, cutoff: settings.cutoff).errors(
      of: [potential], targets: settings.targets,
      energyOffsets: settings.shiftsEnergies ? statistics.survey.meanEnergies : [],
      threads: settings.search.threads)[0]
    let forces = errors.forces
    func r2(_ loss: Double, of reference: Double?) -> Double? {
      reference.map { $0 > 0 ? 1 - loss / $0 : 0 }
    }
    let targets = statistics.targets.compactMap { target -> TargetScore? in
      guard let errors = errors.targets[target.target] else { return nil }
      let count = target.training.dimension - target.shiftCount
      let reference = target.loss(of: Array(repeating: 0, count: count)).all
      return TargetScore(
        target: target.target.rawValue, trainRMSE: errors.training.squareRoot(),
        validationRMSE: errors.validation?.squareRoot(), compressedRMSE: errors.all.squareRoot(),
        directRMSE: errors.all.squareRoot(), r2: r2(errors.all, of: reference) ?? 0)
    }
    let validationReference = statistics.validation?.meanSquaredReferenceForce
    let entry = FrontEntry(
      complexity: 0, expression: name, parameters: [:], trainRMSE: forces.training.squareRoot(),
      validationRMSE: forces.validation?.squareRoot(),
      validationR2: forces.validation.flatMap { r2($0, of: validationReference) },
      compressedRMSE: forces.all.squareRoot(), directRMSE: forces.all.squareRoot(),
      r2: r2(forces.all, of: statistics.all.meanSquaredReferenceForce) ?? 0,
      targets: targets.isEmpty ? nil : targets, maxConstraintViolation: 0, recommended: false,
      flags: [])
    return try document(entries: [entry], marks: try await marks(), evaluations: 0)
  }
}
