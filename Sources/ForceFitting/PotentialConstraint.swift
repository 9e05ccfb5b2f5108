import AtomicData
import ExpressionTrees

/// A condition on a potential beside the loss, as a force-field developer states it.
///
/// Forces and energies are those in the cutoff treatment of the fit. Pair types count as in
/// `PairTypes.pairs`, lengths are in Å, energies in eV.
public enum PotentialConstraint: Sendable, Hashable {
  /// F ≥ 0 for a pair type over a range of distances. Below the sampled range this keeps a simulation
  /// from falling into a hole that no data forbid.
  case repulsion(pairType: Int, from: Double, to: Double)
  /// F does not change its sign from a distance to the cutoff: U only falls, or only rises.
  case monotonicTail(pairType: Int, from: Double)
  /// F of a pair type at a distance, eV/Å.
  case force(pairType: Int, distance: Double, value: Double)
  /// U of a pair type at a distance, eV.
  case energy(pairType: Int, distance: Double, value: Double)
  /// The values of a parameter between two bounds: the value of a global parameter, each factor of a
  /// product parameter, each value of the others.
  case bounds(ParameterChoice, lower: Double, upper: Double)
  /// The factors of a product parameter sum to zero over a molecule, as charges do.
  ///
  /// - Parameter composition: atoms of each type in the molecule.
  case neutral(parameter: String, composition: [Int])

  /// Which parameters are meant.
  public enum ParameterChoice: Sendable, Hashable {
    case name(String)
    /// The value for one type, or pair of types (in either order), of a parameter that has several.
    case value(name: String, scope: String)
    case kind(ParameterKind)
  }
}

extension PotentialConstraint {
  /// The condition in words, for reports.
  public func text(pairTypes: PairTypes) -> String {
    switch self {
    case .repulsion(let pair, let from, let to):
      "F(r) >= 0 for \(pairTypes.name(ofPair: pair)), \(Self.rough(from)) to \(Self.rough(to)) Å"
    case .monotonicTail(let pair, let from):
      "monotonic U(r) for \(pairTypes.name(ofPair: pair)) from \(Self.rough(from)) Å"
    case .force(let pair, let distance, let value):
      "F(\(distance)) = \(value) eV/Å for \(pairTypes.name(ofPair: pair))"
    case .energy(let pair, let distance, let value):
      "U(\(distance)) = \(value) eV for \(pairTypes.name(ofPair: pair))"
    case .bounds(let choice, let lower, let upper):
      "\(Self.text(choice)) in \(Self.bound(lower))..\(Self.bound(upper))"
    case .neutral(let parameter, let composition):
      "neutral \(parameter): "
        + zip(composition, pairTypes.typeNames).filter { $0.0 > 0 }
        .map { ($0.0 == 1 ? "" : "\($0.0) ") + "\(parameter).\($0.1)" }.joined(separator: " + ")
        + " = 0"
    }
  }

  private static func text(_ choice: ParameterChoice) -> String {
    switch choice {
    case .name(let name): name
    case .value(let name, let scope): "\(name).\(scope)"
    case .kind(let kind): "\(kind.rawValue) parameters"
    }
  }

  private static func bound(_ value: Double) -> String { value.isFinite ? "\(value)" : "" }

  private static func rough(_ length: Double) -> String { "\((length * 1000).rounded() / 1000)" }
}
