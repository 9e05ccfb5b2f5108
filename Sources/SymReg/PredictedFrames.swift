import AtomicData
import CompressedForces
import ExpressionTrees
import ForceFitting

/// The frames of the data with what a potential gives in place of the references: forces, energies and, in
/// periodic cells, virials.
///
/// Summed over pairs as `DirectForceMatching` does it: what simulators that run the potential are held
/// against. Memory does not grow with the number of frames.
public struct PredictedFrames: FrameSource {
  private let source: any FrameSource
  private let tree: ExpressionTree
  private let potential: PairPotential
  private let search: PairSearch

  init(by potential: ScoredPotential, of source: any FrameSource, treatment: CutoffTreatment) {
    self.source = source
    tree = potential.tree
    self.potential = potential.pairPotential(pairTypes: source.pairTypes, treatment: treatment)
    search = PairSearch(
      pairTypes: source.pairTypes, selection: source.pairSelection, cutoff: treatment.cutoff)
  }

  public var pairTypes: PairTypes { source.pairTypes }
  public var pairSelection: PairSelection { source.pairSelection }
  public var foldCount: Int { source.foldCount }

  public func makeBlockReader() throws -> any FrameBlockReader {
    Reader(source: try source.makeBlockReader(), frames: self)
  }

  private final class Reader: FrameBlockReader {
    private let source: any FrameBlockReader
    private let frames: PredictedFrames

    init(source: any FrameBlockReader, frames: PredictedFrames) {
      self.source = source
      self.frames = frames
    }

    func next() throws -> FrameBlock? {
      guard let block = try source.next() else { return nil }
      return FrameBlock(byteCount: block.byteCount) { [frames] in
        try block.frames().map(frames.predicted)
      }
    }
  }

  /// - Throws: `InputError` where the potential has no finite value at a distance of the frame.
  private func predicted(_ frame: Frame) throws -> Frame {
    let prediction = try DirectForceMatching.prediction(for: frame, by: potential, search: search)
    guard prediction.energy.isFinite, prediction.forces.allSatisfy({ ($0 * 0).sum() == 0 }) else {
      throw InputError(
        "expected finite forces and energies at the distances of the data, found \(tree) not to be",
        remedy: "check the expression and its parameters")
    }
    var result = frame
    result.forces = prediction.forces
    result.energy = prediction.energy
    result.virial = frame.cell.isIsolated ? nil : prediction.virial
    return result
  }

  /// Writes all frames as extended XYZ.
  ///
  /// - Parameters:
  ///   - path: of the file.
  ///   - isReplacing: whether a file that is there may be written over.
  ///   - threads: frames made at a time; the bytes are the same on any number.
  /// - Throws: `InputError` where no file can be made there, `FileWriteError`.
  public func write(to path: String, isReplacing: Bool = false, threads: Int = 1) async throws {
    // Frames number the kinds of their atoms, of which several can be of one type.
    let names = pairTypes.kinds.map { pairTypes.typeNames[$0.type] }
    try await ExtendedXYZWriter(typeNames: names, keys: [("potential", tree.description)])
      .write(self, to: path, isReplacing: isReplacing, threads: threads)
  }
}

extension Discovery {
  /// The frames of the data with what a potential gives for them, without the background.
  ///
  /// - Throws: `ParameterMismatch` where the values do not fit the expression and the types.
  public func predictions(
    of tree: ExpressionTree, parameters: [String: ParameterValue]
  ) throws -> PredictedFrames {
    try dataset.pairTypes.require(tree)
    let potential = ScoredPotential(
      tree: tree, theta: try tree.theta(of: parameters, typeNames: dataset.pairTypes.typeNames),
      cutoffMode: settings.cutoffMode)
    return PredictedFrames(
      by: potential, of: dataset,
      treatment: CutoffTreatment(
        mode: settings.cutoffMode, cutoff: settings.cutoff, switchWidth: settings.switchWidth))
  }
}
