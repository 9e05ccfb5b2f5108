/// How a potential ends at the cutoff distance.
public enum CutoffMode: String, Sendable, Hashable, CaseIterable, Codable {
  /// F(r_cut) = 0 for every pair type, as equality constraints of the fit.
  case constraint
  /// The force shifted by its value at r_cut: f(r) − f(r_cut).
  case shiftedForce = "shifted-force"
  /// U, 0 at r_cut, times a function that goes smoothly to 0 before r_cut.
  case switched = "switch"
  /// The force as it is, for all pairs within r_cut.
  case none
}
