import ExpressionTrees
import RunStorage
import SymReg

/// `generate --json`. Lengths in Å, forces in eV/Å.
struct GenerateDocument: Encodable {
  let formatVersion = 1
  let file: String
  let sha256: String
  let frames: Int
  let atomsByType: [String: Int]
  let shape: String
  let smallestDistance: Double
  /// Of the cell; null for clusters.
  @Nullable var edge: Double?
  let expression: String
  let parameters: [String: ParameterValue]
  let cutoff: Double
  let cutoffMode: String
  /// Before noise.
  let rmsForce: Double
  let noise: Double
  let seed: UInt64

  init(_ synthetic: SyntheticFrames, file: String, sha256: String) {
    let options = synthetic.options
    self.file = file
    self.sha256 = sha256
    frames = options.frameCount
    atomsByType = options.geometry.atoms
    shape = options.geometry.shape.rawValue
    smallestDistance = options.geometry.smallestDistance
    _edge = Nullable(wrappedValue: options.geometry.edge)
    expression = synthetic.tree.description
    parameters = synthetic.parameters
    cutoff = options.cutoff
    cutoffMode = options.cutoffMode.rawValue
    rmsForce = synthetic.rmsForce
    noise = options.noise
    seed = options.seed
  }

  /// For people.
  var lines: [String] {
    let atoms = atomsByType.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
    let cell = edge.map { " in a cell of \(NumberText.significant($0)) Å" } ?? ""
    let decimals = NumberText.forceDecimals([rmsForce])
    return [
      "\(file): \(NumberText.count(frames, "frame")) of \(atoms.joined(separator: ", "))\(cell)",
      "U(r) = \(expression), cutoff \(NumberText.significant(cutoff)) Å (\(cutoffMode))",
    ] + FrontReport.parameterLines(parameters) + [
      "rms force \(NumberText.force(rmsForce, decimals: decimals)) meV/Å"
        + (noise > 0 ? ", and noise of \(NumberText.significant(noise)) of it" : "")
    ]
  }
}
