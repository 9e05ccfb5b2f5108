import ArgumentParser
import AtomicData
import SimulatorExport
import SymReg

/// What is scanned, and how.
struct ScanOptions: ParsableArguments {
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Extended XYZ file of a rigid molecule; twice for two different ones.", valueName: "file"),
    completion: .file())
  var molecule: [String] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "How the two molecules are turned, degrees: α,β,γ of the first and of the second, each about z by γ, "
        + "about y by β, about z by α; the second is then moved along x. May be repeated. (default: as in "
        + "the files)", valueName: "a,b,g,a,b,g"))
  var orientation: [String] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Distances in Å, FROM:TO:STEP or a list: of atoms for pairs, of centres of mass for molecules. "
        + "(default: from half of the smallest sampled one to the cutoff, by 0.05)",
      valueName: "from:to:step"))
  var distances: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Temperatures in K at which B₂ is computed, FROM:TO:STEP or a list.",
      valueName: "from:to:step"))
  var temperatures: String?

  @Option(
    name: .customLong("orientations"), parsing: .unconditional,
    help: ArgumentHelp("Orientations that B₂ is averaged over, in all.", valueName: "number"))
  var count = "4096"

  @Flag(
    help: ArgumentHelp(
      "Take B₂ from the formula also where atoms are closer than any of the data, rather than take them "
        + "for hard there."))
  var extrapolate = false

  @Flag(
    help: ArgumentHelp(
      "Put export's smooth repulsive wall in place of the potential below the smallest sampled distance."
    ))
  var core = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Masses of types in u, for the centres of mass: \"OW=15.999; HW=1.008\". (default: those of the "
        + "elements)", valueName: "value,..."))
  var masses: String?

  func atomicMasses() throws -> AtomicMasses {
    guard !(extrapolate && core) else {
      throw InputError("expected --extrapolate or --core, found both")
    }
    return AtomicMasses(try masses.map(SimulatorOptions.masses) ?? [:])
  }

  func distanceGrid() throws -> [Double]? {
    try distances.map { try Self.numbers($0, option: "--distances") }
  }

  func temperatureList() throws -> [Double]? {
    try temperatures.map { try Self.numbers($0, option: "--temperatures") }
  }

  func orientationCount() throws -> Int {
    try OptionText("--orientations", count)
      .integer("a whole number from 16 to 1000000", in: 16...1_000_000)
  }

  /// With the six angles, degrees.
  func orientations() throws -> [(orientation: DimerScan.Orientation, angles: [Double])] {
    if orientation.isEmpty { return [(DimerScan.Orientation(), Array(repeating: 0, count: 6))] }
    return try orientation.map { text in
      let words = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      guard words.count == 6 else {
        throw OptionText("--orientation", text).mismatch("six angles in degrees, 0,0,0,180,0,0")
      }
      let a = try words.map {
        try OptionText("--orientation", $0).number("angles in degrees") { _ in true }
      }
      let orientation = DimerScan.Orientation(
        first: Rotation(alpha: a[0], beta: a[1], gamma: a[2]),
        second: Rotation(alpha: a[3], beta: a[4], gamma: a[5]))
      return (orientation, a)
    }
  }

  private static let most = 100_000

  /// `1:2:0.5` or `1,1.5,2`.
  static func numbers(_ text: String, option: String) throws -> [Double] {
    let expected = "positive numbers, as FROM:TO:STEP or a list such as 1,2,3"
    let isRange = text.contains(":")
    let values = try text.split(separator: isRange ? ":" : ",", omittingEmptySubsequences: false)
      .map { word in
        let text = String(word.filter { !$0.isWhitespace })
        return try OptionText(option, text).number(expected) { $0 > 0 }
      }
    guard isRange else { return values }
    guard values.count == 3, values[1] >= values[0] else {
      throw OptionText(option, text).mismatch(expected)
    }
    let steps = ((values[1] - values[0]) / values[2] + 1e-9).rounded(.down)
    guard steps < Double(most) else {
      throw OptionText(option, text).mismatch("at most \(most) numbers")
    }
    // Without the dust of many additions.
    return (0...Int(steps)).map { (1e9 * (values[0] + Double($0) * values[2])).rounded() / 1e9 }
  }
}
