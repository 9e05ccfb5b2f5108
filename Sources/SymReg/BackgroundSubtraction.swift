import AtomicData
import CompressedForces
import ExpressionTrees
import ForceFitting

/// Frames with the forces, energies and virials that a known potential leaves.
///
/// The potential is summed over the pairs of each frame as `DirectForceMatching` does it: no grid, no
/// interpolation, the same bits on any number of threads. Blocks are those of the source.
/// Pairs are those that `PairSearch` finds within the cutoff: what a potential of infinite range
/// exerts beyond stays in the data.
public struct BackgroundSubtraction: FrameSource {
  private let source: any FrameSource
  private let tree: ExpressionTree
  private let potential: PairPotential
  private let search: PairSearch

  /// - Parameters:
  ///   - background: the potential whose forces are taken off.
  ///   - source: the frames.
  ///   - cutoff: Å.
  /// - Throws: `InputError` where a type has no value, or the potential none at the cutoff.
  public init(of background: Background, from source: any FrameSource, cutoff: Double) throws {
    self.source = source
    let pairTypes = source.pairTypes
    try pairTypes.require(background.tree)
    tree = background.tree
    let scored = ScoredPotential(
      tree: background.tree, theta: try background.theta(typeNames: pairTypes.typeNames),
      cutoffMode: background.cutoffMode)
    let layout = scored.tree.layout(typeCount: pairTypes.typeNames.count)
    for pair in pairTypes.kindPairs {
      let value = scored.tree.value(at: cutoff, theta: scored.theta, pair: pair, layout: layout)
      guard value.energy.isFinite, value.derivative.isFinite else {
        throw Self.notFinite(background.tree)
      }
    }
    potential = scored.pairPotential(
      pairTypes: pairTypes,
      treatment: CutoffTreatment(mode: background.cutoffMode, cutoff: cutoff))
    search = PairSearch(
      pairTypes: pairTypes, selection: source.pairSelection, cutoff: cutoff)
  }

  public var pairTypes: PairTypes { source.pairTypes }

  public var pairSelection: PairSelection { source.pairSelection }

  public var foldCount: Int { source.foldCount }

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
    let background = try DirectForceMatching.prediction(for: frame, by: potential, search: search)
    let isFinite =
      background.energy.isFinite
      && background.forces.allSatisfy { $0.x.isFinite && $0.y.isFinite && $0.z.isFinite }
    guard isFinite else { throw Self.notFinite(tree) }
    var result = frame
    for atom in result.forces.indices { result.forces[atom] -= background.forces[atom] }
    if let reference = frame.energy { result.energy = reference - background.energy }
    if let reference = frame.virial {
      result.virial = Virial(
        diagonal: reference.diagonal - background.virial.diagonal,
        offDiagonal: reference.offDiagonal - background.virial.offDiagonal)
    }
    return result
  }

  private static func notFinite(_ tree: ExpressionTree) -> InputError {
    InputError(
      "expected a finite potential to subtract at the distances of the data, found \(tree) not to be",
      remedy: "check --subtract and its parameters")
  }
}
