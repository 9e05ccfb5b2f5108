/// S(r), which takes a potential smoothly to zero: 1 − 10x³ + 15x⁴ − 6x⁵ with x from 0 to 1 over the last
/// stretch before the cutoff.
///
/// Its first two derivatives vanish at both ends, so U·S is as smooth as U up to the second. The
/// polynomial is that of OpenMM's switching function (Eastman et al., PLoS Comput. Biol. 13, e1005659
/// (2017), doi 10.1371/journal.pcbi.1005659).
public struct SwitchingFunction: Sendable, Hashable {
  /// Where switching begins, Å.
  public let start: Double
  /// r_cut, Å.
  public let cutoff: Double

  /// - Parameters:
  ///   - cutoff: r_cut, Å.
  ///   - width: length of the stretch, Å, between 0 and the cutoff.
  public init(cutoff: Double, width: Double) {
    self.cutoff = cutoff
    start = cutoff - width
  }

  /// S and dS/dr (1/Å) at a distance.
  public func value(at distance: Double) -> (value: Double, derivative: Double) {
    let width = cutoff - start
    let x = min(max((distance - start) / width, 0), 1)
    return (
      1 - x * x * x * (10 - x * (15 - 6 * x)), -30 * x * x * (1 - x) * (1 - x) / width
    )
  }
}
