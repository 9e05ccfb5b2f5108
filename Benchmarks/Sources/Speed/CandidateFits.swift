import SymReg

/// Candidates as the search fits them, over the mix, from cold starts, on one thread.
struct CandidateFits: Codable, Sendable {
  let mode: String
  let road: Road
  /// Median over the repeats; each repeat starts elsewhere.
  let perSecond: Double
  let asked: Double
  /// Share within 0.1 % of the reference loss or below, or without a candidate like the reference.
  let solvedShare: Double
  let askedShare: Double
  /// The same against the lowest loss of any road.
  let strictShare: Double
  /// Forms for which no reference start is a candidate.
  let withoutReference: Int
  /// Share of these for which the fit says the same; counted in `solvedShare`.
  let agreedWithoutShare: Double
  /// Forms for which the reference has R² > 0.2.
  let usefulShare: Double

  /// Of what counts as one minimum.
  static let tolerance = 1.001

  static func measured(
    _ mix: ReferenceMix, problem: FitProblem, road: Road, references: [ReferenceLosses.Fit],
    repeats: Int
  ) -> CandidateFits {
    var rates: [Double] = []
    var (solved, strict, agreed) = (0, 0, 0)
    for seed in 1...UInt64(repeats) {
      let fit = road.candidate(problem, seed: seed)
      var losses: [Double?] = []
      let time = seconds { losses = mix.trees.map { fit.fit($0).candidateLoss } }
      rates.append(Double(mix.trees.count) / time)
      for (loss, reference) in zip(losses, references) {
        if isSolved(loss, reference.loss) { solved += 1 }
        if isSolved(loss, reference.lowest) { strict += 1 }
        if loss == nil, reference.loss == nil { agreed += 1 }
      }
    }
    let count = Double(mix.trees.count * repeats)
    let without = references.count { $0.loss == nil }
    let useful = references.count { fit in
      fit.loss.map { 1 - $0 / problem.meanSquaredForce > MixGenerator.usefulR2 } ?? false
    }
    return CandidateFits(
      mode: problem.cutoffMode.rawValue, road: road, perSecond: rates.median, asked: 800,
      solvedShare: Double(solved) / count, askedShare: 0.95, strictShare: Double(strict) / count,
      withoutReference: without,
      agreedWithoutShare: without == 0 ? 1 : Double(agreed) / Double(without * repeats),
      usefulShare: Double(useful) / Double(references.count))
  }

  /// Whether a loss is as good as the reference; anything is where the reference has none.
  private static func isSolved(_ loss: Double?, _ reference: Double?) -> Bool {
    guard let reference else { return true }
    return loss.map { $0 <= reference * tolerance } ?? false
  }
}
