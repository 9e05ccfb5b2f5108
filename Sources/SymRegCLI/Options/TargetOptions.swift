import ArgumentParser
import AtomicData
import CompressedForces
import SymReg

/// What is matched beside forces.
struct TargetOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Match energies too: 1 counts as much as the forces. (default: 0)", valueName: "weight"))
  var energyWeight: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Match virials too. (default: 0)", valueName: "weight"))
  var virialWeight: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Match the net force on each molecule too. (default: 0)", valueName: "weight"))
  var netForceWeight: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Match the torque on each molecule too. (default: 0)", valueName: "weight"))
  var torqueWeight: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Energies are relative to a shift of each file (file), or count as they are (none).",
      valueName: "which"))
  var energyShift = EnergyShift.file.rawValue

  private enum EnergyShift: String, CaseIterable { case file, none }

  /// - Throws: `InputError` for weights that are none.
  func apply(to settings: inout DiscoverySettings) throws {
    let given: [(MatchedTarget, String, String?)] = [
      (.energies, "--energy-weight", energyWeight), (.virials, "--virial-weight", virialWeight),
      (.netForces, "--net-force-weight", netForceWeight),
      (.torques, "--torque-weight", torqueWeight),
    ]
    for (target, option, text) in given {
      guard let text else { continue }
      settings.targetWeights[target] = try OptionText(option, text)
        .number("a weight of at least 0") { $0 >= 0 }
    }
    settings.shiftsEnergies =
      try OptionText("--energy-shift", energyShift)
      .choice(EnergyShift.allCases, name: \.rawValue) == .file
  }
}
