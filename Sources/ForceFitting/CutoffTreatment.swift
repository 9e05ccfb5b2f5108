import CompressedForces
import ExpressionTrees

/// What the cutoff mode makes of U and f: linear in both, here and at the cutoff.
///
/// U stands for what is left when its value at r_cut is taken off, so that an additive constant of
/// the expression does not matter. In mode `none` alone U is as the expression has it.
public struct CutoffTreatment: Sendable, Hashable {
  public let mode: CutoffMode
  /// r_cut, Å.
  public let cutoff: Double
  /// Of the mode `switched`.
  public let switching: SwitchingFunction

  /// Over how many Å `switched` goes to zero unless told otherwise.
  public static let defaultSwitchWidth = 1.0

  public init(mode: CutoffMode, cutoff: Double, switchWidth: Double = Self.defaultSwitchWidth) {
    self.mode = mode
    self.cutoff = cutoff
    switching = SwitchingFunction(cutoff: cutoff, width: switchWidth)
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
    case .switched: switchedForce(at: distance)
    }
  }

  /// The treated energy at a distance.
  func energy(at distance: Double) -> Combination {
    switch mode {
    case .none: Combination(energy: 1)
    case .constraint: Combination(energy: 1, cutoffEnergy: -1)
    case .shiftedForce:
      Combination(energy: 1, cutoffForce: distance - cutoff, cutoffEnergy: -1)
    case .switched: switchedEnergy(at: distance)
    }
  }

  /// S f − S′(U − U(r_cut))
  private func switchedForce(at distance: Double) -> Combination {
    let (value, slope) = switching.value(at: distance)
    return Combination(force: value, energy: -slope, cutoffEnergy: slope)
  }

  private func switchedEnergy(at distance: Double) -> Combination {
    let value = switching.value(at: distance).value
    return Combination(energy: value, cutoffEnergy: -value)
  }

  /// U and dU/dr at a distance from those of the expression there and at the cutoff.
  public func value(
    _ value: PotentialValue, atDistance distance: Double, cutoffValue: PotentialValue
  ) -> PotentialValue {
    func combined(_ terms: Combination) -> Double {
      var sum = 0.0
      // A term that does not count may be no number.
      if terms.energy != 0 { sum += terms.energy * value.energy }
      if terms.force != 0 { sum -= terms.force * value.derivative }
      if terms.cutoffEnergy != 0 { sum += terms.cutoffEnergy * cutoffValue.energy }
      if terms.cutoffForce != 0 { sum -= terms.cutoffForce * cutoffValue.derivative }
      return sum
    }
    return PotentialValue(
      energy: combined(energy(at: distance)), derivative: -combined(force(at: distance)))
  }
}
