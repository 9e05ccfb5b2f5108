import ExpressionTrees

/// What the cutoff mode makes of U and f: linear in both, here and at the cutoff.
///
/// U stands for what is left when its value at r_cut is taken off, so that an additive constant of
/// the expression does not matter. In mode `none` alone U is as the expression has it.
public struct CutoffTreatment: Sendable, Hashable {
  public let mode: CutoffMode
  /// r_cut, Å.
  public let cutoff: Double

  public init(mode: CutoffMode, cutoff: Double) {
    self.mode = mode
    self.cutoff = cutoff
  }

  /// force·f(r) + energy·U(r) + cutoffForce·f(r_cut) + cutoffEnergy·U(r_cut).
  struct Combination: Sendable, Hashable {
    var force = 0.0
    var energy = 0.0
    var cutoffForce = 0.0
    var cutoffEnergy = 0.0
  }

  /// The treated force at a distance.
  func force(at distance: Double) -> Combination {
    switch mode {
    case .constraint, .none: Combination(force: 1)
    case .shiftedForce: Combination(force: 1, cutoffForce: -1)
    }
  }

  /// The treated energy at a distance.
  func energy(at distance: Double) -> Combination {
    switch mode {
    case .none: Combination(energy: 1)
    case .constraint: Combination(energy: 1, cutoffEnergy: -1)
    case .shiftedForce:
      Combination(energy: 1, cutoffForce: distance - cutoff, cutoffEnergy: -1)
    }
  }

  /// U and dU/dr at a distance from those of the expression there and at the cutoff.
  public func value(
    _ value: PotentialValue, atDistance distance: Double, cutoffValue: PotentialValue
  ) -> PotentialValue {
    func combined(_ terms: Combination) -> Double {
      terms.energy * value.energy - terms.force * value.derivative
        + terms.cutoffEnergy * cutoffValue.energy - terms.cutoffForce * cutoffValue.derivative
    }
    return PotentialValue(
      energy: combined(energy(at: distance)), derivative: -combined(force(at: distance)))
  }
}
