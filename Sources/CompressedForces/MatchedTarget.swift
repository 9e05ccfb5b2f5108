/// What a potential can be matched to beside forces.
public enum MatchedTarget: String, Sendable, Hashable, CaseIterable, Codable {
  /// Of frames, eV, each file's relative to a shift.
  case energies
  /// Of frames, eV, six components.
  case virials
  /// Sum of the forces on each molecule, eV/Å.
  case netForces = "net-forces"
  /// Of the forces on each molecule about the mean position of its atoms, eV.
  case torques
}
