/// Where a potential comes from, as the heads of files say it.
public struct Provenance: Sendable {
  /// Program and version, `symreg 0.1.0`.
  public var program: String
  /// Name of the data; nil for a potential without any.
  public var dataName: String?
  public var frameCount: Int?
  /// Of the bytes of the data.
  public var sha256: String?
  public var seed: UInt64?
  public var complexity: Int?
  /// Over all frames, eV/Å.
  public var directRMSE: Double?
  public var flags: [String] = []
  /// What a user has to know, a sentence each.
  public var warnings: [String] = []

  public init(program: String) { self.program = program }
}
