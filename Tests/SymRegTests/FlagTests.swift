import AtomicData
import ParetoFronts
import RunStorage
import Testing

@testable import SymReg

/// Each flag on a planted case, and none on the law itself.
struct FlagTests {
  private static func fitted(
    _ expression: String, _ data: PlantedDiscovery = PlantedDiscovery(noise: 0.05),
    _ configure: (inout DiscoverySettings) -> Void = { _ in }
  ) async throws -> [String] {
    try await data.open(configure) { discovery in
      let document = try await discovery.fit(try ExpressionTree(parsing: expression)).document
      let entry = try #require(document.front.first)
      return entry.flags
    }
  }

  private static func evaluated(
    _ expression: String, _ parameters: [String: ParameterValue],
    _ data: PlantedDiscovery = PlantedDiscovery(), mode: CutoffMode = .shiftedForce
  ) async throws -> (flags: [String], document: FrontDocument) {
    try await data.open {
      $0.cutoffMode = mode
    } body: { discovery in
      let document = try await discovery.evaluate(
        try ExpressionTree(parsing: expression), parameters: parameters)
      let entry = try #require(document.front.first)
      return (entry.flags, document)
    }
  }

  @Test("the law itself has no flag", arguments: [0, 0.05, 0.5])
  func law(noise: Double) async throws {
    let flags = try await Self.fitted("a/r^12 - b/r^6", PlantedDiscovery(noise: noise)) {
      $0.reading.validationFraction = 0.3
    }
    #expect(flags == [])
  }

  @Test("a length that only fulfils F(r_cut) = 0")
  func lengthAtCutoff() async throws {
    for form in ["a*(r - b)^2", "a*(b - r)^c"] {
      let flags = try await Self.fitted(form) { $0.cutoffMode = .constraint }
      #expect(flags.contains("length-at-cutoff"), "\(form): \(flags)")
    }
  }

  @Test("a length at the cutoff that the data ask for is none")
  func lengthOfTheData() async throws {
    // A force that is steepest near 9.5 Å.
    let data = PlantedDiscovery(
      law: "a*exp(-b*(r - c)^2)",
      parameters: ["a": .number(1), "b": .number(1), "c": .number(9.5)],
      noise: 0.05)
    let flags = try await Self.fitted("a*exp(b*(r - c)^2)", data) { $0.cutoff = 10 }
    #expect(!flags.contains("length-at-cutoff"), "\(flags)")
  }

  @Test("a length beyond the data, and a parameter without effect")
  func lengthOutside() async throws {
    let data = PlantedDiscovery(law: "a/r", parameters: ["a": .number(5)], noise: 0.01)
    let flags = try await Self.fitted("a*exp(-b*r)/r", data)
    #expect(flags.contains("length-outside-data"), "\(flags)")
    let idle = try await Self.evaluatedIdle()
    #expect(idle.contains("idle-parameter"), "\(idle)")
  }

  /// A screening that does nothing, within the errors of the fit.
  private static func evaluatedIdle() async throws -> [String] {
    let data = PlantedDiscovery(law: "a/r", parameters: ["a": .number(5)])
    return try await Self.fitted("a/r + b*exp(-c*r)", data)
  }

  @Test("a parameter on a bound")
  func onBound() async throws {
    let data = PlantedDiscovery(
      law: "a*exp(-b*r)", parameters: ["a": .number(2_000), "b": .number(3)], noise: 0.01)
    func flags(_ bounds: ClosedRange<Double>) async throws -> [String] {
      try await Self.fitted("a*exp(-b*r)", data) {
        $0.constraints.bounds = [
          .init(parameter: "b", lower: bounds.lowerBound, upper: bounds.upperBound)
        ]
      }
    }
    let (held, free) = (try await flags(3.5...6), try await flags(1...6))
    #expect(held == ["parameter-on-bound"])
    #expect(free == [])
    // A pinned value is the user's.
    let pinned = try await flags(3...3)
    #expect(!pinned.contains("parameter-on-bound"))
  }

  @Test("parameters that enter as a product alone")
  func undetermined() async throws {
    let data = PlantedDiscovery(law: "a/r", parameters: ["a": .number(5)], noise: 0.01)
    let flags = try await Self.fitted("a*b/r", data)
    #expect(flags.contains("undetermined-parameters"))
  }

  @Test("poles, and attraction below the data")
  func shapes() async throws {
    let pole = try await Self.evaluated("a/(r - b)", ["a": .number(1), "b": .number(2)])
    #expect(pole.flags.contains("pole"))
    let attraction = try await Self.evaluated("a/r", ["a": .number(-1)])
    #expect(attraction.flags == ["attraction-below-data"])
    let repulsion = try await Self.evaluated("a/r", ["a": .number(1)])
    #expect(repulsion.flags == [])
  }

  @Test("a cutoff beyond the data: a warning, and a flag where the force still acts there")
  func cutoff() async throws {
    var data = PlantedDiscovery()
    data.cutoff = 5
    let (flags, document) = try await Self.evaluated("a/r", ["a": .number(3)], data)
    #expect(flags == ["cutoff-beyond-data"])
    #expect(document.warnings?.count == 1)
    #expect(document.warnings?.first?.contains("largest distance") == true)
    let short = try await Self.evaluated(
      "a*exp(-b*r)", ["a": .number(2_000), "b": .number(3)], data)
    #expect(short.flags == [])
    // Structure that no pair has seen.
    let beyond = try await Self.evaluated(
      "a*(r - b)^2", ["a": .number(-0.01), "b": .number(9)], data, mode: .none)
    #expect(beyond.flags.contains("structure-beyond-data"), "\(beyond.flags)")
    let whole = try await Self.evaluated("a/r", ["a": .number(3)])
    #expect(whole.document.warnings == [])
  }

  @Test("a larger form without a gain, and one that has no fit without a fold")
  func gains() async throws {
    let data = PlantedDiscovery(law: "a/r", parameters: ["a": .number(5)], noise: 0.3)
    try await data.open {
      $0.reading.foldCount = 5
    } body: { discovery in
      let trees = try ["a/r", "a/r + b*exp(-c*r)"].map { try ExpressionTree(parsing: $0) }
      let problem = discovery.problem(cutoffMode: .shiftedForce)
      let potentials = trees.map {
        let fit = ParameterFit(problem: problem, options: .thorough, seed: 1).fit($0)
        return ScoredPotential(tree: $0, theta: fit.theta, cutoffMode: .shiftedForce)
      }
      let entries = zip(potentials, try await discovery.scores(of: potentials))
        .map(discovery.entry)
      var (trusted, assessment, _) = try await discovery.trusted(entries, potentials)
      #expect(trusted[0].flags == [])
      #expect(trusted[1].flags.contains("gain-not-significant"), "\(trusted[1].flags)")
      #expect(trusted[1].flags.contains("no-better-than-smaller"), "\(trusted[1].flags)")
      let recommended = Discovery.recommending(trusted, assessment).entries
      #expect(recommended.map(\.recommended) == [true, false])
      assessment.isStable = [false, true]
      let unstable = discovery.flagged(entries, [[], []], assessment)
      #expect(unstable[0].flags.contains("unstable-fit"))
    }
  }
}
