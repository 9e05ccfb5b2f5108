import AtomicData
import CompressedForces
import ForceFitting
import PopulationSearch

/// Everything that decides what a discovery finds.
public struct DiscoverySettings: Sendable {
  /// How the files are read and divided.
  public var reading = ReadingOptions()
  /// r_cut, Å.
  public var cutoff = 10.0
  public var cutoffMode = CutoffMode.constraint
  /// Over how many Å before the cutoff the mode `switched` goes to zero.
  public var switchWidth = CutoffTreatment.defaultSwitchWidth
  /// What is matched beside forces, and how much it counts: 1 is as much as the forces.
  public var targetWeights: [MatchedTarget: Double] = [:]
  /// Whether the energies of each file are relative to a shift.
  public var shiftsEnergies = true
  /// Taken off the reference forces before anything else; nil: nothing.
  public var background: Background?
  /// Conditions beside the one of the cutoff mode.
  public var constraints = ConstraintSettings()
  /// The method of the local minimizations, in searches and single fits.
  public var optimizer = Optimizer.gaussNewton
  /// The search, with its seed and threads; the threads serve reading and compression too.
  public var search = SearchOptions()

  public init() {}

  /// - Throws: `InputError` where energies are to be fitted that jump at the cutoff.
  public func validateForFits() throws {
    if cutoffMode == .none, targets.contains(.energies) {
      throw InputError(
        "expected a cutoff mode in which energies end at the cutoff, found the mode \"none\"",
        remedy: "fit energies with --cutoff-mode constraint, shifted-force or switch")
    }
  }

  /// - Throws: `InputError` for weights that are none.
  func validate() throws {
    for (target, weight) in targetWeights where !(weight >= 0 && weight.isFinite) {
      throw InputError("expected a weight of \(target.rawValue) of at least 0, found \(weight)")
    }
  }

  /// - Throws: `InputError` where something is asked of pairs of types that known quantities tell apart.
  func validate(_ pairTypes: PairTypes) throws {
    guard let known = pairTypes.known.first else { return }
    let option = known.isIndicator ? "--by-bonds" : "--property"
    let kinds = search.grammar.parameterKinds.filter { $0 != .global && $0 != .product }
    if !kinds.isEmpty {
      throw InputError(
        "expected global and product parameters beside \(option), found "
          + kinds.map(\.rawValue).joined(separator: " and "),
        remedy: "leave them out of --parameters")
    }
    if constraints.concernsPairs {
      throw InputError(
        "expected no conditions on U or F of pairs beside \(option), found some",
        remedy: "leave out \(option), or the conditions")
    }
  }

  /// How the files are read, with what is matched.
  var readingOptions: ReadingOptions {
    var options = reading
    options.readsEnergies = targets.contains(.energies)
    options.readsVirials = targets.contains(.virials)
    return options
  }

  /// What is matched beside forces.
  var targets: [MatchedTarget] {
    MatchedTarget.allCases.filter { targetWeights[$0] ?? 0 > 0 }
  }
}
