/// The errors of a potential in what is matched beside forces: energies or virials in eV, net forces
/// of molecules in eV/Å, torques on them in eV.
public struct TargetScore: Sendable, Codable, Equatable {
  /// `energies`, `virials`, `net-forces` or `torques`.
  public var target: String
  /// Over the training frames, from the statistics.
  public var trainRMSE: Double
  @Nullable public var validationRMSE: Double?
  /// Over all frames, from the statistics.
  public var compressedRMSE: Double
  /// Over all frames, by the direct sum over pairs.
  public var directRMSE: Double
  /// 1 − mean square of the errors/mean square of the reference, of energies after their shift.
  public var r2: Double

  public init(
    target: String, trainRMSE: Double, validationRMSE: Double?, compressedRMSE: Double,
    directRMSE: Double, r2: Double
  ) {
    self.target = target
    self.trainRMSE = trainRMSE
    _validationRMSE = Nullable(wrappedValue: validationRMSE)
    self.compressedRMSE = compressedRMSE
    self.directRMSE = directRMSE
    self.r2 = r2
  }

  enum CodingKeys: String, CodingKey {
    case target, trainRMSE, validationRMSE, compressedRMSE, directRMSE
    case r2 = "R2"
  }
}
