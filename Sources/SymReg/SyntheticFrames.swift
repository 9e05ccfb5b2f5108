import AtomicData
import CompressedForces
import ExpressionTrees
import ForceFitting

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Random structures with the forces of a potential: data whose truth is known.
///
/// Forces, energies and virials are the sums over pairs of `DirectForceMatching`, each pair at the
/// positions as they are written. Every frame derives from the seed and its number, so the frames are
/// the same on any number of threads, and neither the noise nor the number of frames changes a
/// structure. Memory does not grow with the number of frames: they are made anew whenever asked for.
public struct SyntheticFrames: FrameSource {
  public let tree: ExpressionTree
  /// Values in eV and Å, for the types of the geometry.
  public let parameters: [String: ParameterValue]
  public let options: SyntheticOptions
  /// Root mean square of all force components before noise, eV/Å.
  public let rmsForce: Double
  public let pairTypes: PairTypes
  public var pairSelection: PairSelection { .all }
  private let potential: PairPotential
  private let types: [Int]

  /// Makes all frames once, for their root mean square force.
  ///
  /// - Parameters:
  ///   - tree: the potential U(r|θ).
  ///   - parameters: values in eV and Å.
  ///   - options: structures, cutoff, noise and seed.
  ///   - threads: frames made at a time.
  /// - Throws: `InputError` for options out of range, where the potential is not finite at a distance
  ///   that occurs, and where no pair is within the cutoff; `ParameterMismatch` for values that do not
  ///   fit the expression and the types.
  public init(
    of tree: ExpressionTree, parameters: [String: ParameterValue],
    options: SyntheticOptions = SyntheticOptions(), threads: Int = 1
  ) async throws {
    try options.validate()
    let pairTypes = PairTypes(typeNames: Array(options.geometry.atoms.keys))
    try pairTypes.require(tree)
    let theta = try tree.theta(of: parameters, typeNames: pairTypes.typeNames)
    let potential = ScoredPotential(tree: tree, theta: theta, cutoffMode: options.cutoffMode)
      .pairPotential(pairTypes: pairTypes, treatment: options.treatment)
    let types = pairTypes.typeNames.enumerated().flatMap { number, name in
      Array(repeating: number, count: options.geometry.atoms[name] ?? 0)
    }
    let exact = SyntheticFrames(
      tree: tree, parameters: tree.values(of: theta, typeNames: pairTypes.typeNames),
      options: options, rmsForce: 0, pairTypes: pairTypes, potential: potential, types: types)
    let rmsForce = try await exact.rootMeanSquareForce(threads: threads)
    self = SyntheticFrames(
      tree: tree, parameters: exact.parameters, options: options, rmsForce: rmsForce,
      pairTypes: pairTypes, potential: potential, types: types)
    try checkEnd(theta)
  }

  private init(
    tree: ExpressionTree, parameters: [String: ParameterValue], options: SyntheticOptions,
    rmsForce: Double, pairTypes: PairTypes, potential: PairPotential, types: [Int]
  ) {
    self.tree = tree
    self.parameters = parameters
    self.options = options
    self.rmsForce = rmsForce
    self.pairTypes = pairTypes
    self.potential = potential
    self.types = types
  }

  private func rootMeanSquareForce(threads: Int) async throws -> Double {
    let lanes = try await reduce(laneCount: Self.laneCount, threads: threads, into: 0.0) {
      sum, frames in
      for frame in frames { for force in frame.forces { sum += (force * force).sum() } }
    }
    let count = Double(3 * options.frameCount * types.count)
    let rms = (lanes.reduce(0, +) / count).squareRoot()
    guard rms.isFinite else { throw notFinite }
    guard rms > 0 else {
      throw InputError(
        "expected forces of \(tree) within \(options.cutoff) Å, found none",
        remedy: "raise --cutoff, or check the potential and --parameters")
    }
    return rms
  }

  private static let laneCount = 16

  /// - Throws: `InputError` in mode `constraint`, which promises it, where F(r_cut) is not 0.
  private func checkEnd(_ theta: [Double]) throws {
    guard options.cutoffMode == .constraint else { return }
    let layout = tree.layout(typeCount: pairTypes.typeNames.count)
    let largest =
      pairTypes.kindPairs.map { pair in
        abs(tree.value(at: options.cutoff, theta: theta, pair: pair, layout: layout).derivative)
      }.max() ?? 0
    guard largest <= FittingOptions.thorough.feasibilityTolerance * rmsForce else {
      throw InputError(
        "expected a potential with F(\(options.cutoff) Å) = 0 for --cutoff-mode constraint, found "
          + "|F| = \(largest) eV/Å",
        remedy: "say --cutoff-mode shifted-force, switch or none")
    }
  }

  // MARK: Frames

  /// Frames of a block: few, since a liquid takes milliseconds.
  private static let blockSize = 8

  public func makeBlockReader() -> any FrameBlockReader { Reader(self) }

  private final class Reader: FrameBlockReader {
    private let source: SyntheticFrames
    private var position = 0

    init(_ source: SyntheticFrames) { self.source = source }

    func next() -> FrameBlock? {
      let numbers =
        position..<min(position + SyntheticFrames.blockSize, source.options.frameCount)
      guard !numbers.isEmpty else { return nil }
      position = numbers.upperBound
      return FrameBlock { [source] in try numbers.map(source.frame) }
    }
  }

  /// What a random number is for.
  private enum Purpose {
    static let geometry: UInt64 = 0x67656F
    static let noise: UInt64 = 0x6E6F69
  }

  /// - Throws: `InputError` where the potential is not finite at a distance of the frame.
  func frame(_ number: Int) throws -> Frame {
    let geometry = options.geometry
    var random = RandomStream(
      seed: options.seed, purpose: Purpose.geometry, UInt64(number))
    let positions = geometry.positions(cutoff: options.cutoff, random: &random)
    var frame = Frame(
      positions: positions, forces: Array(repeating: .zero, count: positions.count), types: types,
      // Each atom by itself: no reader shall take close ones for bonded.
      molecules: Array(positions.indices), cell: geometry.edge.map(Self.cell) ?? .isolated)
    let prediction = try DirectForceMatching.prediction(
      for: frame, by: potential,
      search: PairSearch(pairTypes: pairTypes, selection: pairSelection, cutoff: options.cutoff))
    let isFinite = prediction.forces.allSatisfy { ($0 * 0).sum() == 0 }
    guard isFinite, prediction.energy.isFinite else { throw notFinite }
    frame.forces = prediction.forces
    frame.energy = prediction.energy
    if !frame.cell.isIsolated { frame.virial = prediction.virial }
    addNoise(to: &frame, number)
    return frame
  }

  private func addNoise(to frame: inout Frame, _ number: Int) {
    let size = options.noise * rmsForce
    guard size > 0 else { return }
    var random = RandomStream(seed: options.seed, purpose: Purpose.noise, UInt64(number))
    for atom in frame.forces.indices {
      for axis in 0..<3 { frame.forces[atom][axis] += size * random.nextNormal() }
    }
  }

  private static func cell(edge: Double) -> Cell {
    Cell(
      vectors: [SIMD3(edge, 0, 0), SIMD3(0, edge, 0), SIMD3(0, 0, edge)],
      isPeriodic: [true, true, true])
  }

  private var notFinite: InputError {
    InputError(
      "expected finite forces and energies at the distances of the frames, found \(tree) not to be",
      remedy: "check the expression and --parameters, or raise --smallest-distance")
  }
}

extension RandomStream {
  /// Normally distributed, of mean 0 and standard deviation 1: Box, Muller, Ann. Math. Stat. 29, 610
  /// (1958), doi 10.1214/aoms/1177706645.
  fileprivate mutating func nextNormal() -> Double {
    let radius = (-2 * log(1 - nextUnit())).squareRoot()
    return radius * cos(2 * .pi * nextUnit())
  }
}
