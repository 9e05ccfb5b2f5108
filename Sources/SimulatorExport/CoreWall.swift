import ExpressionTrees

/// A repulsive wall that takes the place of U below a distance r₀:
/// U(r₀) + F(r₀)(r₀ − r) + ½U″(r₀)(r₀ − r)² + w(r₀/r − 1)³.
///
/// U and its first two derivatives go on at r₀, since those of the last term vanish there, and it grows
/// beyond all bounds at r = 0. Where U attracts at r₀ or is concave, the force cannot turn at once: w is
/// large enough that it repels from 0.95 r₀ down.
public struct CoreWall: Sendable, Hashable, Codable {
  /// r₀, Å.
  public let joint: Double
  /// U(r₀), eV.
  public let energy: Double
  /// F(r₀), eV/Å.
  public let force: Double
  /// U″(r₀), eV/Å².
  public let curvature: Double
  /// w, eV.
  public let strength: Double

  /// w where U repels and is convex, eV: 0.16 eV at 0.8 r₀, 10 eV at half of it.
  static let baseStrength = 10.0
  /// Share of r₀ within which an attraction turns.
  static let turn = 0.05

  /// - Parameters:
  ///   - joint: r₀, Å.
  ///   - energy: U, eV, with its derivatives at r₀.
  init(joint: Double, energy: Double, force: Double, curvature: Double) {
    self.joint = joint
    self.energy = energy
    self.force = force
    self.curvature = curvature
    // With τ = 1 − r/r₀ the wall's force is 3wτ²/((1 − τ)⁴r₀): w keeps it above what attracts for τ ≥ turn.
    let tau = Self.turn
    let attraction = max(0, -force) + max(0, -curvature) * tau * joint
    let factor = joint * (1 - tau) * (1 - tau) * (1 - tau) * (1 - tau) / (3 * tau * tau)
    strength = Self.baseStrength + factor * attraction
  }

  /// U and dU/dr below r₀.
  func value(at distance: Double) -> PotentialValue {
    let (depth, ratio) = (joint - distance, joint / distance - 1)
    return PotentialValue(
      energy: energy + force * depth + curvature / 2 * depth * depth
        + strength * ratio * ratio * ratio,
      derivative: -force - curvature * depth
        - 3 * strength * ratio * ratio * joint / (distance * distance))
  }

  /// Names of the numbers in formulas, and the numbers.
  var symbols: [(name: String, value: Double)] {
    [
      ("r_core", joint), ("U_core", energy), ("F_core", force), ("C_core", curvature),
      ("W_core", strength),
    ]
  }

  /// Its value as a formula in these names.
  static let formula: Formula = {
    let (r, joint) = (Formula.distance, Formula.symbol("r_core"))
    let depth = joint - r
    let rise = Formula.raised(joint / r - .number(1), .number(3))
    return .symbol("U_core") + .symbol("F_core") * depth
      + .symbol("C_core") / .number(2) * Formula.raised(depth, .number(2))
      + .symbol("W_core") * rise
  }()
}
