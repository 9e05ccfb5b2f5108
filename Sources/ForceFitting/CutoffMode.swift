/// How a potential ends at the cutoff distance.
public enum CutoffMode: String, Sendable, Hashable, CaseIterable, Codable {
  /// F(r_cut) = 0 for every pair type, as equality constraints of the fit.
  case constraint
  /// The force shifted by its value at r_cut: f(r) − f(r_cut).
  case shiftedForce = "shifted-force"
  /// The force as it is, for all pairs within r_cut.
  case none
}
