import SymReg

/// The user's alternative: SciPy's least squares on the raw frames, and our local solve from the same
/// start. Force shifted at the cutoff, since SciPy's has no equality constraints.
struct RawFrames: Codable, Sendable {
  let forms: Int
  /// Local solves per second on one thread: forms over the time of all.
  let perSecond: Double
  let oursPerSecond: Double
  /// Largest relative difference of the loss at the same θ: raw frames against statistics.
  /// Forms with steps narrower than the grid have the large ones.
  let largestDifference: Double
  let medianDifference: Double
  /// Forms for which both end within 0.1 % of each other, and for which SciPy or we end lower.
  let sameMinimum: Int
  let lowerByPeer: Int
  let lowerByUs: Int
  let versions: [String: String]

  /// Half the width of the relative noise that turns a minimum into a start.
  private static let startNoise = 0.1

  private struct Job: Encodable {
    let path: String
    let cutoff: Double
    let forms: [Form]
  }

  private struct Form: Encodable {
    let tokens: [String]
    let kinds: [String]
    let start: [Double]
    /// Where our solve ended.
    let theta: [Double]
  }

  private struct Answer: Decodable {
    let versions: [String: String]
    let fits: [Fit]

    struct Fit: Decodable {
      let seconds: Double
      let loss: Double
      let lossAtOurs: Double
    }
  }

  /// - Returns: nil without Python, NumPy or SciPy.
  static func measured(
    _ mix: ReferenceMix, problem: FitProblem, references: [ReferenceLosses.Fit], count: Int,
    interpreter: String
  ) throws -> RawFrames? {
    let usable = zip(mix.trees, references).filter { _, reference in
      reference.loss.map { 1 - $0 / problem.meanSquaredForce > MixGenerator.usefulR2 } ?? false
    }
    let chosen = (0..<count).map { usable[$0 * usable.count / count] }
    var random = RandomStream(seed: 1, purpose: 3)
    let starts = chosen.map { _, reference in
      reference.theta.map { $0 * (1 + startNoise * (2 * random.nextUnit() - 1)) }
    }
    let fit = Road.standard.localSolve(problem, seed: 1)
    var ours: [FitOutcome] = []
    let time = seconds { ours = zip(chosen, starts).map { fit.fit($0.0.0, warmStart: $0.1) } }
    let forms = zip(zip(chosen, starts), ours).map { pair, outcome in
      Form(
        tokens: pair.0.0.tokens, kinds: pair.0.0.parameters.map(\.kind.rawValue),
        start: pair.1, theta: outcome.theta)
    }
    let program = PythonProgram<Job, Answer>(
      name: "raw_frames", modules: ["numpy", "scipy.optimize"], interpreter: interpreter)
    let job = Job(path: WaterDimers.path, cutoff: WaterDimers.cutoff, forms: forms)
    guard let answer = try program.answer(to: job) else { return nil }
    let losses = zip(answer.fits, ours.map(\.meanSquaredForceError))
    let differences = losses.map { abs($0.lossAtOurs - $1) / $1 }
    return RawFrames(
      forms: count, perSecond: Double(count) / answer.fits.map(\.seconds).reduce(0, +),
      oursPerSecond: Double(count) / time,
      largestDifference: differences.max() ?? 0, medianDifference: differences.median,
      sameMinimum: losses.count { abs($0.loss - $1) <= 1e-3 * $1 },
      lowerByPeer: losses.count { $0.loss < $1 * (1 - 1e-3) },
      lowerByUs: losses.count { $0.loss > $1 * (1 + 1e-3) }, versions: answer.versions)
  }
}
