import SymReg

/// The peer: Operon's local search, given the pair forces that no force field developer has.
///
/// Another problem than ours: it sees pair forces, one pair type, no sums over neighbours, no
/// constraint and no product parameters; the trees of the mix stand for the force itself, and are not
/// differentiated. Numbers are single precision.
struct PairForces: Codable, Sendable {
  let points: Int
  /// Iterations of Levenberg–Marquardt, at most; 10 is Operon's own setting.
  let iterationLimit: Int
  /// Trees of the mix for which a start with finite values was found, on average.
  let trees: Double
  /// Local searches per second on one thread; median over the repeats.
  let perSecond: Double
  let iterationsPerSolve: Double
  /// Share of which Operon says that they succeeded; the others ended early, and count all the same.
  let successShare: Double
  let versions: [String: String]

  /// Half the width of the uniform noise on the pair forces, eV/Å.
  private static let noise = 0.02
  static let iterationLimits = [10, 100]

  private struct Job: Encodable {
    let distances: [Double]
    let forces: [Double]
    let trees: [Tree]
    let iterations: Int
    let repeats: Int

    struct Tree: Encodable {
      let tokens: [String]
      let parameters: Int
    }
  }

  private struct Answer: Decodable {
    let versions: [String: String]
    let repeats: [Repeat]

    struct Repeat: Decodable {
      let solves: Int
      let seconds: Double
      let iterations: Int
      let successes: Int
    }
  }

  /// - Returns: nil without Python, NumPy or pyoperon.
  static func measured(
    _ mix: ReferenceMix, points: Int, iterationLimit: Int, repeats: Int, interpreter: String
  ) throws -> PairForces? {
    let (distances, forces) = try sample(points)
    let program = PythonProgram<Job, Answer>(
      name: "pair_forces", modules: ["numpy", "pyoperon"], interpreter: interpreter)
    let job = Job(
      distances: distances, forces: forces,
      trees: mix.trees.map { .init(tokens: $0.tokens, parameters: $0.parameters.count) },
      iterations: iterationLimit, repeats: repeats)
    guard let answer = try program.answer(to: job) else { return nil }
    let solves = answer.repeats.map { Double($0.solves) }
    return PairForces(
      points: points, iterationLimit: iterationLimit, trees: solves.mean,
      perSecond: answer.repeats.map { Double($0.solves) / $0.seconds }.median,
      iterationsPerSolve: answer.repeats.map { Double($0.iterations) / Double($0.solves) }.median,
      successShare: answer.repeats.map { Double($0.successes) / Double($0.solves) }.mean,
      versions: answer.versions)
  }

  /// The force between the oxygens of q-SPC/Fw from 2.4 to 10 Å, with noise.
  private static func sample(_ count: Int) throws -> ([Double], [Double]) {
    guard let water = KnownPotential.named("q-SPC/Fw"), let parameters = water.parameters else {
      return ([], [])
    }
    let tree = try ExpressionTree(parsing: water.expression)
    let theta = try tree.theta(of: parameters, typeNames: ["H", "O"])
    let layout = tree.layout(typeCount: 2)
    var random = RandomStream(seed: 1, purpose: 4)
    let distances = (0..<count).map { _ in 2.4 + 7.6 * random.nextUnit() }
    let forces = distances.map { r in
      noise * (2 * random.nextUnit() - 1)
        - tree.value(at: r, theta: theta, pair: PairType(first: 1, second: 1), layout: layout)
        .derivative
    }
    return (distances, forces)
  }
}
