import AtomicData

/// What `inspect` counts in one pass over the frames.
struct FrameSurvey: Sendable {
  /// Atoms by type, in the order of the types.
  private(set) var atomCounts: [Int]
  /// Type of each kind of atoms.
  private let types: [Int]
  private(set) var atomsPerFrame: ClosedRange<Int>?
  /// Nil where no frame knows its molecules.
  private(set) var moleculesPerFrame: ClosedRange<Int>?
  /// Frames by the directions in which they repeat, `abc`, `ab`, … or empty.
  private(set) var framesByPeriodicity: [String: Int] = [:]
  /// Volumes of cells that repeat in all directions, Å³.
  private(set) var volumes: ClosedRange<Double>?

  private init(_ pairTypes: PairTypes) {
    types = pairTypes.kinds.map(\.type)
    atomCounts = Array(repeating: 0, count: pairTypes.typeNames.count)
  }

  /// - Throws: `InputError` where the data changed since it was opened.
  init(of dataset: Dataset, threads: Int) async throws {
    let empty = FrameSurvey(dataset.pairTypes)
    let lanes = try await dataset.reduce(laneCount: threads, threads: threads, into: empty) {
      survey, frames in
      for frame in frames { survey.add(frame) }
    }
    self = lanes.reduce(into: empty) { $0.merge($1) }
  }

  mutating func add(_ frame: Frame) {
    for kind in frame.types { atomCounts[types[kind]] += 1 }
    atomsPerFrame = Self.union(atomsPerFrame, frame.types.count...frame.types.count)
    if let molecules = frame.molecules {
      let count = (molecules.max() ?? -1) + 1
      moleculesPerFrame = Self.union(moleculesPerFrame, count...count)
    }
    let directions = zip("abc", frame.cell.isPeriodic).filter(\.1).map(\.0)
    framesByPeriodicity[String(directions), default: 0] += 1
    if directions.count == 3 {
      let vectors = frame.cell.vectors
      let volume = abs(Self.determinant(vectors[0], vectors[1], vectors[2]))
      volumes = Self.union(volumes, volume...volume)
    }
  }

  mutating func merge(_ other: FrameSurvey) {
    for type in atomCounts.indices { atomCounts[type] += other.atomCounts[type] }
    atomsPerFrame = Self.union(atomsPerFrame, other.atomsPerFrame)
    moleculesPerFrame = Self.union(moleculesPerFrame, other.moleculesPerFrame)
    framesByPeriodicity.merge(other.framesByPeriodicity, uniquingKeysWith: +)
    volumes = Self.union(volumes, other.volumes)
  }

  private static func union<Value: Comparable>(
    _ a: ClosedRange<Value>?, _ b: ClosedRange<Value>?
  ) -> ClosedRange<Value>? {
    guard let a, let b else { return a ?? b }
    return min(a.lowerBound, b.lowerBound)...max(a.upperBound, b.upperBound)
  }

  private static func determinant(
    _ a: SIMD3<Double>, _ b: SIMD3<Double>, _ c: SIMD3<Double>
  ) -> Double {
    a.x * (b.y * c.z - b.z * c.y) - a.y * (b.x * c.z - b.z * c.x) + a.z * (b.x * c.y - b.y * c.x)
  }
}
