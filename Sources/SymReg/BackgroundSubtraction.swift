import AtomicData
import CompressedForces
import ExpressionTrees
import ForceFitting

/// Frames with the forces, energies and virials that a known potential leaves.
///
/// The potential is summed over the pairs of each frame, one distance at a time and in a fixed order:
/// no grid, no interpolation, the same bits on any number of threads. Blocks are those of the source.
/// Pairs are those that `PairSearch` finds within the cutoff: what a potential of infinite range
/// exerts beyond stays in the data.
public struct BackgroundSubtraction: FrameSource {
  private let source: any FrameSource
  private let tree: ExpressionTree
  private let theta: [Double]
  private let layout: ParameterLayout
  private let treatment: CutoffTreatment
  /// U and dU/dr at the cutoff, by pair type.
  private let cutoffValues: [PotentialValue]
  private let search: PairSearch

  /// - Parameter cutoff: Å.
  /// - Throws: `InputError` where a type has no value, or the potential none at the cutoff.
  public init(of background: Background, from source: any FrameSource, cutoff: Double) throws {
    self.source = source
    let pairTypes = source.pairTypes
    tree = background.tree
    let theta = try background.theta(typeNames: pairTypes.typeNames)
    let layout = background.tree.layout(typeCount: pairTypes.typeNames.count)
    self.theta = theta
    self.layout = layout
    treatment = CutoffTreatment(mode: background.cutoffMode, cutoff: cutoff)
    search = PairSearch(
      pairTypes: pairTypes, selection: source.pairSelection, cutoff: cutoff)
    cutoffValues = try pairTypes.pairs.map { pair in
      let value = background.tree.value(at: cutoff, theta: theta, pair: pair, layout: layout)
      guard value.energy.isFinite, value.derivative.isFinite else {
        throw Self.notFinite(background.tree, distance: cutoff)
      }
      return value
    }
  }

  public var pairTypes: PairTypes { source.pairTypes }

  public var pairSelection: PairSelection { source.pairSelection }

  public func makeBlockReader() throws -> any FrameBlockReader {
    Reader(source: try source.makeBlockReader(), subtraction: self)
  }

  private final class Reader: FrameBlockReader {
    private let source: any FrameBlockReader
    private let subtraction: BackgroundSubtraction

    init(source: any FrameBlockReader, subtraction: BackgroundSubtraction) {
      self.source = source
      self.subtraction = subtraction
    }

    func next() throws -> FrameBlock? {
      guard let block = try source.next() else { return nil }
      return FrameBlock(byteCount: block.byteCount) { [subtraction] in
        try block.frames().map(subtraction.remainder)
      }
    }
  }

  /// The frame with what the potential leaves of its references.
  ///
  /// - Throws: `InputError` where the potential has no finite value at a distance of the frame.
  func remainder(of frame: Frame) throws -> Frame {
    let pairs = try search.pairs(in: frame)
    var neighbors: [Neighbor] = []
    var forces = Array(repeating: SIMD3<Double>.zero, count: pairs.atomCount)
    var energy = 0.0
    var virial = Virial(diagonal: .zero, offDiagonal: .zero)
    for atom in 0..<pairs.atomCount {
      try pairs.findNeighbors(of: atom, from: atom + 1, into: &neighbors)
      for neighbor in neighbors {
        let value = try value(ofPairType: neighbor.pairType, at: neighbor.distance)
        let n = neighbor.direction
        let force = -value.derivative * n
        forces[atom] += force
        forces[neighbor.atom] -= force
        energy += value.energy
        let separation = neighbor.distance * n
        virial.diagonal += separation * force
        virial.offDiagonal +=
          SIMD3(separation.y, separation.x, separation.x) * SIMD3(force.z, force.z, force.y)
      }
    }
    var result = frame
    for atom in forces.indices { result.forces[atom] -= forces[atom] }
    if let reference = frame.energy { result.energy = reference - energy }
    if let reference = frame.virial {
      result.virial = Virial(
        diagonal: reference.diagonal - virial.diagonal,
        offDiagonal: reference.offDiagonal - virial.offDiagonal)
    }
    return result
  }

  private func value(ofPairType pair: Int, at distance: Double) throws -> PotentialValue {
    let value = treatment.value(
      tree.value(at: distance, theta: theta, pair: pairTypes.pairs[pair], layout: layout),
      atDistance: distance, cutoffValue: cutoffValues[pair])
    guard value.energy.isFinite, value.derivative.isFinite else {
      throw Self.notFinite(tree, distance: distance)
    }
    return value
  }

  private static func notFinite(_ tree: ExpressionTree, distance: Double) -> InputError {
    InputError(
      "expected a finite potential to subtract at the distances of the data, found that \(tree) is "
        + "not at \(distance) Å",
      remedy: "check --subtract and its parameters")
  }
}
