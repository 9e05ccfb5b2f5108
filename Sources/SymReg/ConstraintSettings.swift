import AtomicData
import CompressedForces
import ExpressionTrees
import ForceFitting

/// Constraints as a user states them, by names; `resolved` finds what they mean for the data.
public struct ConstraintSettings: Sendable, Hashable {
  /// F ≥ 0 for every pair type from this share of its smallest sampled distance up to that distance.
  public var repulsiveWall: Double?
  /// U falls or rises all the way from this distance (Å) to the cutoff, for every pair type.
  public var monotonicTail: Double?
  public var pins: [Pin] = []
  public var bounds: [Bound] = []
  /// Product parameters whose factors sum to zero over each molecule. In a search X is the first
  /// product parameter of a form.
  public var neutral: [String] = []

  public init() {}

  /// U or F of a pair type at a distance.
  public struct Pin: Sendable, Hashable {
    public enum Quantity: String, Sendable, Hashable {
      case energy = "U"
      case force = "F"
    }

    public var quantity: Quantity
    /// Names of the types, in either order, as in `H-O`.
    public var pair: String
    /// Å
    public var distance: Double
    /// eV or eV/Å.
    public var value: Double

    public init(quantity: Quantity, pair: String, distance: Double, value: Double) {
      self.quantity = quantity
      self.pair = pair
      self.distance = distance
      self.value = value
    }
  }

  /// Bounds of a parameter, of one of its values, or of all parameters of a kind.
  public struct Bound: Sendable, Hashable {
    /// Name of a parameter, or of a kind.
    public var parameter: String
    /// Type, or pair of types, of the one value that is meant; nil: all.
    public var type: String?
    /// −∞ and ∞ where there is none.
    public var lower: Double
    public var upper: Double

    public init(parameter: String, type: String? = nil, lower: Double, upper: Double) {
      self.parameter = parameter
      self.type = type
      self.lower = lower
      self.upper = upper
    }
  }

  /// Whether any is about U or F of pairs, rather than about parameters alone.
  var concernsPairs: Bool { repulsiveWall != nil || monotonicTail != nil || !pins.isEmpty }

  /// - Parameter compositions: of the molecules of the data, atoms of each type.
  /// - Throws: `InputError` for a type, pair or distance the data do not have.
  func resolved(
    pairTypes: PairTypes, smallestDistances: [Double?], cutoff: Double, compositions: [[Int]]
  ) throws -> [PotentialConstraint] {
    var constraints: [PotentialConstraint] = []
    if let share = repulsiveWall {
      guard share > 0, share < 1 else {
        throw InputError("expected --repulsive-wall in (0, 1), found \(share)")
      }
      for (pair, smallest) in smallestDistances.enumerated() {
        guard let smallest else { continue }
        constraints.append(.repulsion(pairType: pair, from: share * smallest, to: smallest))
      }
    }
    if let from = monotonicTail {
      guard from > 0, from < cutoff else {
        throw InputError(
          "expected --monotonic-tail between 0 and the cutoff of \(cutoff) Å, found \(from)")
      }
      constraints += pairTypes.pairs.indices.map { .monotonicTail(pairType: $0, from: from) }
    }
    constraints += try pins.map { try Self.resolved($0, pairTypes, cutoff) }
    constraints += try bounds.map(Self.resolved)
    for name in neutral {
      guard !compositions.isEmpty else {
        throw InputError(
          "expected known molecules for --neutral \(name), found none",
          remedy: "give the frames a column mol_id, or say --molecule-size N, and not --pairs all")
      }
      constraints += compositions.map { .neutral(parameter: name, composition: $0) }
    }
    return constraints
  }

  private static func resolved(
    _ pin: Pin, _ pairTypes: PairTypes, _ cutoff: Double
  ) throws -> PotentialConstraint {
    let names = pairTypes.pairs.indices.map { pairTypes.name(ofPair: $0) }
    guard
      let pair = pairTypes.pairs.indices.first(where: { number in
        let types = pairTypes.pairs[number]
        let reversed = pairTypes.typeNames[types.second] + "-" + pairTypes.typeNames[types.first]
        return pin.pair == names[number] || pin.pair == reversed
      })
    else {
      throw InputError(
        "expected a pair out of \(names.joined(separator: ", ")) in --pin, found \(pin.pair)")
    }
    guard pin.distance > 0, pin.distance <= cutoff else {
      throw InputError(
        "expected a distance up to the cutoff of \(cutoff) Å in --pin, found \(pin.distance)")
    }
    switch pin.quantity {
    case .force: return .force(pairType: pair, distance: pin.distance, value: pin.value)
    case .energy: return .energy(pairType: pair, distance: pin.distance, value: pin.value)
    }
  }

  private static func resolved(_ bound: Bound) throws -> PotentialConstraint {
    guard bound.lower <= bound.upper else {
      throw InputError(
        "expected a lower bound of \(bound.parameter) up to its upper one, found "
          + "\(bound.lower)..\(bound.upper)")
    }
    func bounds(_ choice: PotentialConstraint.ParameterChoice) -> PotentialConstraint {
      .bounds(choice, lower: bound.lower, upper: bound.upper)
    }
    if let kind = ParameterKind(rawValue: bound.parameter), bound.type == nil {
      return bounds(.kind(kind))
    }
    guard let type = bound.type else { return bounds(.name(bound.parameter)) }
    return bounds(.value(name: bound.parameter, scope: type))
  }
}

extension PotentialConstraint {
  /// Whether it says something of the expression: one of a parameter the expression lacks does not.
  func concerns(_ tree: ExpressionTree, typeNames: [String]) -> Bool {
    switch self {
    case .bounds(let choice, _, _): !choice.indices(in: tree, typeNames: typeNames).isEmpty
    case .neutral(let name, _):
      tree.parameters.contains { $0.name == name && $0.kind == .product }
    default: true
    }
  }
}
