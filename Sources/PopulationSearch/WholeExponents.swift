import ExpressionTrees
import ParetoFronts

/// Forms with whole exponents in place of fitted ones near them: `X*r^a` with a ≈ −6 becomes `X/r^6`.
struct WholeExponents {
  let grammar: SearchOptions.Grammar
  let typeCount: Int

  /// Distance from a whole number that counts as near: absolute, and relative.
  private static let nearness = (absolute: 0.15, relative: 0.05)

  /// The candidate's form with all such exponents whole, and with each of them alone.
  func forms(of candidate: Candidate, parent: Int) -> [Proposal] {
    guard candidate.fit.isCandidate else { return [] }
    let genome = Genome(tree: candidate.tree, theta: candidate.fit.theta, typeCount: typeCount)
    let places = genome.genes.indices.filter { wholeExponent(genome, at: $0) != nil }
    guard !places.isEmpty else { return [] }
    let choices = [places] + (places.count > 1 ? places.map { [$0] } : [])
    let notation = CanonicalForm.Notation(operators: grammar.operators)
    return choices.compactMap { places in
      let raw = replaced(genome, at: places).expression
      guard
        let form = CanonicalForm(
          of: raw.tree, theta: raw.theta, typeCount: typeCount, resolvesSigns: true,
          notation: notation),
        grammar.allows(form.tree)
      else { return nil }
      return Proposal(
        origin: CandidateOrigin(.rounding, parents: [parent]), tree: form.tree, theta: form.theta)
    }
  }

  /// The whole number near the exponent of the power at a place.
  private func wholeExponent(_ genome: Genome, at place: Int) -> Int? {
    guard case .operation(.power) = genome.genes[place],
      case .parameter(.global, let values) = genome.genes[place - 1], abs(values[0]) < 100
    else { return nil }
    let whole = values[0].rounded()
    let distance = abs(values[0] - whole)
    guard whole != 0,
      distance <= max(Self.nearness.absolute, Self.nearness.relative * abs(whole))
    else { return nil }
    return Int(whole)
  }

  /// u^n for u^a, and 1/u^n for negative values.
  private func replaced(_ genome: Genome, at places: [Int]) -> Genome {
    var genome = genome
    for place in places.reversed() {
      guard let whole = wholeExponent(genome, at: place) else { continue }
      let range = genome.subtree(endingAt: place)
      let base = Array(genome.genes[range.lowerBound..<(place - 1)])
      let power = base + [.literal(abs(whole)), .operation(.power)]
      genome = genome.replacing(
        range, with: whole > 0 ? power : [.literal(1)] + power + [.operation(.divide)])
    }
    return genome
  }
}
