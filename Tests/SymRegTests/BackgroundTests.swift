import Foundation
import Testing

@testable import SymReg

/// Data less a known potential.
struct BackgroundTests {
  private static let types = PairTypes(typeNames: ["H", "O"])

  private static func water(_ mode: CutoffMode = .none) throws -> Background {
    let water = try #require(KnownPotential.named("q-SPC/Fw"))
    return Background(
      name: water.name, tree: try ExpressionTree(parsing: water.expression),
      parameters: try #require(water.parameters), cutoffMode: mode)
  }

  /// Water-like dimers with random places, without forces; the cell, where there is one, is shorter
  /// than twice the cutoff.
  private static func frames(
    _ count: Int, isPeriodic: Bool, seed: UInt64
  ) -> [Frame] {
    var random = RandomStream(seed: seed)
    func place() -> SIMD3<Double> {
      SIMD3(random.nextUnit(), random.nextUnit(), random.nextUnit())
    }
    let edges = SIMD3(6.5, 7, 8.0)
    return (0..<count).map { _ in
      let apart = SIMD3(0, 0, 2.5 + random.nextUnit())
      let positions = [
        0.3 * place(), SIMD3(0.9, 0, 0.2) + 0.3 * place(), SIMD3(-0.4, 0.9, 0) + 0.3 * place(),
      ]
      return Frame(
        positions: positions + positions.map { $0 + apart + 0.2 * place() },
        forces: Array(repeating: .zero, count: 6), types: [1, 0, 0, 1, 0, 0],
        molecules: [0, 0, 0, 1, 1, 1],
        cell: isPeriodic
          ? Cell(
            vectors: [
              SIMD3(edges.x, 0, 0), SIMD3(0.5, edges.y, 0), SIMD3(0, 0.3, edges.z),
            ], isPeriodic: [true, true, true]) : .isolated,
        energy: 0, virial: Virial(diagonal: .zero, offDiagonal: .zero))
    }
  }

  /// U and f of q-SPC/Fw between two atoms, in closed form.
  private static func waterPair(_ first: Int, _ second: Int, _ r: Double) -> SIMD2<Double> {
    let charges = [0.42, -0.84]
    let coulomb = Units.coulombConstantInKilocaloriePerMole * charges[first] * charges[second] / r
    let x = pow(3.165492 / r, 6)
    let isOxygen = first == 1 && second == 1
    let energy = coulomb + (isOxygen ? 4 * 0.1554252 * (x * x - x) : 0)
    let force = coulomb / r + (isOxygen ? 24 * 0.1554252 * (2 * x * x - x) / r : 0)
    return Units.kilocaloriePerMole * SIMD2(energy, force)
  }

  /// The frame with forces, energy and virial by brute force over images.
  private static func labelled(
    _ frame: Frame, cutoff: Double, shifted: Bool, vectors: [SIMD3<Double>]
  ) -> Frame {
    var result = frame
    let images = vectors.isEmpty ? 0...0 : -3...3
    var energy = 0.0
    var virial = Virial(diagonal: .zero, offDiagonal: .zero)
    for i in 0..<6 {
      for j in 0..<6 where frame.molecules?[i] != frame.molecules?[j] {
        for a in images {
          for b in images {
            for c in images {
              var separation = frame.positions[i] - frame.positions[j]
              for (n, vector) in zip([a, b, c], vectors) { separation -= Double(n) * vector }
              let r = (separation * separation).sum().squareRoot()
              guard r <= cutoff else { continue }
              let (first, second) = (frame.types[i], frame.types[j])
              var value = waterPair(first, second, r)
              if shifted {
                let end = waterPair(first, second, cutoff)
                value -= SIMD2(end.x - (r - cutoff) * end.y, end.y)
              }
              let force = value.y / r * separation
              result.forces[i] += force
              // Each pair is met from both its atoms.
              energy += value.x / 2
              virial.diagonal += separation * force / 2
              virial.offDiagonal +=
                SIMD3(
                  separation.y * force.z, separation.x * force.z, separation.x * force.y) / 2
            }
          }
        }
      }
    }
    result.energy = energy
    result.virial = virial
    return result
  }

  private static func frames(of source: any FrameSource) throws -> [Frame] {
    let reader = try source.makeBlockReader()
    var frames: [Frame] = []
    while let block = try reader.next() { frames += try block.frames() }
    return frames
  }

  @Test(
    "what q-SPC/Fw leaves of its own forces, energies and virials is nothing",
    arguments: [false, true], [CutoffMode.none, .shiftedForce])
  func exactness(isPeriodic: Bool, mode: CutoffMode) throws {
    let cutoff = 6.0
    let vectors =
      isPeriodic ? [SIMD3(6.5, 0, 0), SIMD3(0.5, 7, 0), SIMD3(0, 0.3, 8.0)] : []
    let bare = Self.frames(70, isPeriodic: isPeriodic, seed: 5)
    let labelled = bare.map {
      Self.labelled($0, cutoff: cutoff, shifted: mode == .shiftedForce, vectors: vectors)
    }
    let source = InMemoryFrames(
      pairTypes: Self.types, pairSelection: .inter, frames: labelled)
    let rest = try Self.frames(
      of: try BackgroundSubtraction(of: Self.water(mode), from: source, cutoff: cutoff))
    #expect(rest.count == labelled.count)
    for (number, (frame, reference)) in zip(rest, labelled).enumerated() {
      // Rounding of sums over up to a few hundred pairs of a few eV/Å.
      let largest = reference.forces.map { ($0 * $0).sum().squareRoot() }.max() ?? 0
      for force in frame.forces {
        #expect((force * force).sum().squareRoot() <= 1e-12 * largest, "frame \(number), seed 5")
      }
      let energy = try #require(frame.energy)
      let virial = try #require(frame.virial)
      let scale = abs(reference.energy ?? 0) + 10
      #expect(abs(energy) <= 1e-12 * scale, "frame \(number), seed 5")
      let left =
        (virial.diagonal * virial.diagonal).sum()
        + (virial.offDiagonal * virial.offDiagonal).sum()
      #expect(left.squareRoot() <= 1e-11 * scale, "frame \(number), seed 5")
      #expect(frame.positions == reference.positions && frame.weight == reference.weight)
    }
  }

  @Test("references that a frame does not have stay absent")
  func absent() throws {
    var frame = Self.frames(1, isPeriodic: false, seed: 1)[0]
    frame.energy = nil
    frame.virial = nil
    let source = InMemoryFrames(pairTypes: Self.types, pairSelection: .inter, frames: [frame])
    let rest = try Self.frames(
      of: try BackgroundSubtraction(of: Self.water(), from: source, cutoff: 6))[0]
    #expect(rest.energy == nil && rest.virial == nil)
    #expect(rest.forces != frame.forces)
  }

  @Test("a potential that is not finite, and one without values for a type, are told")
  func faults() throws {
    let frame = Self.frames(1, isPeriodic: false, seed: 1)[0]
    let source = InMemoryFrames(pairTypes: Self.types, pairSelection: .inter, frames: [frame])
    let broken = Background(
      tree: try ExpressionTree(parsing: "(a - r)^b"),
      parameters: ["a": .number(2), "b": .number(0.5)])
    #expect(throws: InputError.self) {
      try BackgroundSubtraction(of: broken, from: source, cutoff: 6)
    }
    let inside = Background(
      tree: try ExpressionTree(parsing: "(r - a)^b"),
      parameters: ["a": .number(5), "b": .number(0.5)])
    let subtraction = try BackgroundSubtraction(of: inside, from: source, cutoff: 6)
    #expect(throws: InputError.self) { try Self.frames(of: subtraction) }
    var argon = try Self.water()
    argon.parameters["X"] = .byName(["O": 1])
    let error = try #require(throws: InputError.self) {
      try BackgroundSubtraction(of: argon, from: source, cutoff: 6)
    }
    #expect(error.description.contains("expected a factor of X for type H"))
  }

  // MARK: The pipeline

  /// Water dimers with the forces of q-SPC/Fw and, where asked for, of a·exp(−b r) for every pair.
  private static func file(
    decimals: Int? = nil, amplitude: Double = 0
  ) throws -> (folder: URL, source: DataSource) {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "symreg-background-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var text = ""
    for bare in frames(120, isPeriodic: false, seed: 9) {
      var frame = labelled(bare, cutoff: 10, shifted: false, vectors: [])
      for i in 0..<6 {
        for j in 0..<6 where i / 3 != j / 3 {
          let separation = frame.positions[i] - frame.positions[j]
          let r = (separation * separation).sum().squareRoot()
          frame.forces[i] += 1.5 * amplitude * exp(-1.5 * r) / r * separation
        }
      }
      text += "6\nProperties=species:S:1:pos:R:3:mol_id:I:1:forces:R:3 pbc=\"F F F\"\n"
      for i in 0..<6 {
        let (p, f) = (frame.positions[i], frame.forces[i])
        let numbers = [f.x, f.y, f.z].map { number in
          decimals.map { String(format: "%.\($0)f", number) } ?? "\(number)"
        }
        text +=
          "\(["H", "O"][frame.types[i]]) \(p.x) \(p.y) \(p.z) \(i / 3) "
          + numbers.joined(separator: " ") + "\n"
      }
    }
    let file = folder.appendingPathComponent("water.extxyz")
    try Data(text.utf8).write(to: file)
    return (folder, DataSource(path: file.path))
  }

  private static func open(
    _ source: DataSource, threads: Int = 2, configure: (inout DiscoverySettings) -> Void = { _ in }
  ) async throws -> Discovery {
    var settings = DiscoverySettings()
    settings.cutoffMode = .none
    settings.search.threads = threads
    settings.background = try water()
    configure(&settings)
    return try await Discovery.open([source], settings: settings)
  }

  @Test(
    "a refit of the background's own form to its own forces adds nothing, and all ends with numbers",
    arguments: [CutoffMode.none, .constraint, .shiftedForce])
  func nothingLeft(mode: CutoffMode) async throws {
    let (folder, source) = try Self.file()
    defer { try? FileManager.default.removeItem(at: folder) }
    let discovery = try await Self.open(source) { $0.cutoffMode = mode }
    #expect(discovery.hasNoForce)
    let rms = discovery.dataset.meanSquareForce.squareRoot()
    #expect(rms > 0.01)
    let tree = try Self.water().tree
    let (document, fit) = try await discovery.fit(tree)
    #expect(fit.status == .fitted)
    let entry = try #require(document.front.first)
    #expect(entry.directRMSE <= 1e-8 * rms)
    #expect(entry.r2 == 0)
    // The correction alone, not what it leaves.
    let pairs = discovery.dataset.pairTypes.pairs
    for pair in pairs {
      let value = tree.value(
        at: 2, theta: fit.theta, pair: pair, layout: tree.layout(typeCount: 2))
      #expect(abs(value.derivative) <= 1e-8 * rms)
    }
    #expect(document.baselines.map(\.name) == ["U = 0 (q-SPC/Fw alone)"])
    #expect(try #require(document.floor).rmse <= 1e-8 * rms)
    // JSON has no number for what is none: encoding would throw.
    _ = try document.json()
    let outcome = try await discovery.search()
    let found = outcome.document
    #expect(found.front.isEmpty && outcome.state.result.end == .exhausted)
    _ = try found.json()
    let scored = try await discovery.evaluate(tree, parameters: Self.water().parameters)
    let score = try #require(scored.front.first)
    // Shifted it is another potential.
    #expect(abs(score.directRMSE - rms) <= (mode == .shiftedForce ? 0.1 : 1e-6) * rms)
    #expect(score.r2 == 0)
    _ = try scored.json()
    let form = try ExpressionTree(parsing: "1/r")
    let error = await #expect(throws: InputError.self) { try await discovery.fit(form) }
    #expect(error?.description.contains("that q-SPC/Fw leaves") == true)
  }

  @Test("what rounding in the file leaves is fitted as what it is, with numbers")
  func roundedFile() async throws {
    let (folder, source) = try Self.file(decimals: 6)
    defer { try? FileManager.default.removeItem(at: folder) }
    let discovery = try await Self.open(source)
    #expect(!discovery.hasNoForce)
    let rms = discovery.dataset.meanSquareForce.squareRoot()
    let (document, _) = try await discovery.fit(try Self.water().tree)
    for entry in document.front { #expect(entry.directRMSE <= 1e-5 * rms) }
    _ = try document.json()
    #expect(try discovery.floor().crossValidatedRMSE <= 1e-5 * rms)
  }

  @Test("a fit finds what stands beside the background, exactly")
  func correction() async throws {
    let (folder, source) = try Self.file(amplitude: 3)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (document, _) = try await Self.open(source).fit(
      try ExpressionTree(parsing: "a*exp(-b*r)"))
    let entry = try #require(document.front.first)
    guard case .number(let a)? = entry.parameters["a"], case .number(let b)? = entry.parameters["b"]
    else {
      Issue.record("no a and b: \(entry.parameters)")
      return
    }
    // The interpolation of the grid, 1e-8 of the loss or better.
    #expect(abs(a - 3) <= 1e-4 && abs(b - 1.5) <= 1e-4, "\(entry.parameters)")
    #expect(entry.directRMSE <= 1e-4 * document.dataset.rmsForce)
    let background = try #require(document.background)
    #expect(background.name == "q-SPC/Fw" && background.cutoffMode == "none")
    #expect(background.expression == "X/r + Y/r^12 - Z/r^6")
    #expect(Set(background.parameters.keys) == ["X", "Y", "Z"])
    #expect(document.baselines.map(\.name).first == "U = 0 (q-SPC/Fw alone)")
    #expect(!document.baselines.map(\.name).contains("q-SPC/Fw"))
  }

  @Test("the documents with a background are the same bytes on 1 and 2 threads")
  func determinism() async throws {
    let (folder, source) = try Self.file(amplitude: 3)
    defer { try? FileManager.default.removeItem(at: folder) }
    var documents: [String] = []
    for threads in [1, 2] {
      let discovery = try await Self.open(source, threads: threads) {
        $0.search.maxEvaluations = 96
      }
      documents.append(try await discovery.search().document.json())
    }
    #expect(documents[0] == documents[1])
  }

  @Test("the key of statistics on disk holds the background to the last bit, not its name")
  func key() async throws {
    let (folder, source) = try Self.file()
    defer { try? FileManager.default.removeItem(at: folder) }
    let dataset = try await Dataset.open([source])
    let other = try ExpressionTree(parsing: "X/r + Y/r^12 + Z/r^6")
    func key(_ change: (inout Background) -> Void) throws -> String {
      var background = try Self.water()
      change(&background)
      var settings = DiscoverySettings()
      settings.background = background
      return try Discovery.statisticsKey(dataset, sha256: "", settings: settings)
    }
    let keys = [
      try Discovery.statisticsKey(dataset, sha256: "", settings: DiscoverySettings()),
      try key { _ in },
      try key { $0.cutoffMode = .shiftedForce },
      try key { $0.parameters["X"] = .byName(["H": 1.5, "O": -3]) },
      try key { $0.parameters["X"] = .byName(["H": 1.5, "O": (-3.0).nextUp]) },
      try key { $0.tree = other },
    ]
    #expect(Set(keys).count == keys.count)
    #expect(try key { $0.name = nil } == keys[1])
  }
}
