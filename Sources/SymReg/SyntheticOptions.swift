import AtomicData
import ExpressionTrees
import ForceFitting

/// Everything beside the potential that decides what synthetic frames are.
public struct SyntheticOptions: Sendable, Hashable {
  public var frameCount = 1_000
  public var geometry = SyntheticGeometry()
  /// r_cut, Å: pairs beyond exert nothing.
  public var cutoff = 10.0
  /// How the potential ends there. `constraint` takes it as it is, and wants F(r_cut) = 0 of it.
  public var cutoffMode = CutoffMode.shiftedForce
  /// Over how many Å before the cutoff the mode `switched` goes to zero.
  public var switchWidth = CutoffTreatment.defaultSwitchWidth
  /// Standard deviation of the Gaussian noise on every force component, in root mean square forces.
  /// Energies and virials have none.
  public var noise = 0.0
  public var seed: UInt64 = 1

  public init() {}

  var treatment: CutoffTreatment {
    CutoffTreatment(mode: cutoffMode, cutoff: cutoff, switchWidth: switchWidth)
  }

  /// - Throws: `InputError` for values out of range.
  func validate() throws {
    guard frameCount >= 1 else {
      throw InputError("expected --frames of at least 1, found \(frameCount)")
    }
    guard cutoff > 0, cutoff.isFinite else {
      throw InputError("expected --cutoff above 0 Å, found \(cutoff)")
    }
    guard noise >= 0, noise.isFinite else {
      throw InputError("expected --noise of at least 0, found \(noise)")
    }
    try geometry.validate(cutoff: cutoff)
  }
}

extension SyntheticFrames {
  /// Writes the frames as extended XYZ; the comment lines say what they are.
  ///
  /// - Parameters:
  ///   - path: of the file.
  ///   - isReplacing: whether a file that is there may be written over.
  ///   - threads: frames made at a time; the bytes are the same on any number.
  /// - Throws: `InputError` where no file can be made there, `FileWriteError`.
  public func write(to path: String, isReplacing: Bool = false, threads: Int = 1) async throws {
    try await ExtendedXYZWriter(typeNames: pairTypes.typeNames, keys: keys)
      .write(self, to: path, isReplacing: isReplacing, threads: threads)
  }

  private var keys: [(key: String, value: String)] {
    var keys = [("generator", "symreg generate"), ("potential", tree.description)]
    if !tree.parameters.isEmpty { keys.append(("parameters", parametersText)) }
    keys += [("cutoff", "\(options.cutoff)"), ("cutoff_mode", options.cutoffMode.rawValue)]
    if options.cutoffMode == .switched { keys.append(("switch_width", "\(options.switchWidth)")) }
    return keys + [("noise", "\(options.noise)"), ("seed", "\(options.seed)")]
  }

  /// As `--parameters` reads it: `b=3.5; X.H=1.2; X.O=-2.4`.
  public var parametersText: String {
    tree.parameters.flatMap { parameter -> [String] in
      switch parameters[parameter.name] {
      case .number(let value)?: ["\(parameter.name)=\(value)"]
      case .byName(let values)?:
        parameter.valueNames(typeNames: pairTypes.typeNames).compactMap { name in
          values[name].map { "\(parameter.name).\(name)=\($0)" }
        }
      case nil: []
      }
    }.joined(separator: "; ")
  }
}
