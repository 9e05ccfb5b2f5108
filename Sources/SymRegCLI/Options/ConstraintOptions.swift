import ArgumentParser
import AtomicData
import SymReg

/// Conditions on the potential beside the loss.
struct ConstraintOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "No attraction below the sampled range: F >= 0 for every pair type from this share of its "
        + "smallest sampled distance up to that distance.", valueName: "share"))
  var repulsiveWall: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "U falls or rises all the way from this distance to the cutoff, Å.", valueName: "length"))
  var monotonicTail: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Values of U (eV) or F (eV/Å) at a distance: \"U.O-O(2.8)=-0.2; F.H-O(1.9)=0\".",
      valueName: "value,..."))
  var pin: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Bounds of parameters or of all of a kind: \"b=0.5..5; X.O=..-0.1; global=-9..9\".",
      valueName: "range,..."))
  var bounds: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Product parameters whose factors sum to zero over each molecule, as charges do. In a "
        + "search X is the first product parameter of a form.", valueName: "name,..."))
  var neutral: String?

  /// - Throws: `InputError` for text that cannot be read.
  func settings() throws -> ConstraintSettings {
    var settings = ConstraintSettings()
    settings.repulsiveWall = try repulsiveWall.map {
      try OptionText("--repulsive-wall", $0).number("a share in (0, 1)") { $0 > 0 && $0 < 1 }
    }
    settings.monotonicTail = try monotonicTail.map {
      try OptionText("--monotonic-tail", $0).number("a length above 0 Å") { $0 > 0 }
    }
    settings.pins = try Self.pieces(pin).map(Self.pin)
    settings.bounds = try Self.pieces(bounds).map(Self.bound)
    settings.neutral = try Self.pieces(neutral).map { name in
      guard let first = name.first, first.isUppercase else {
        throw InputError(
          "expected --neutral to name product parameters (upper-case), found \"\(name)\"")
      }
      return name
    }
    return settings
  }

  /// What stands between semicolons and commas, without blanks.
  private static func pieces(_ text: String?) -> [String] {
    (text ?? "").split { $0 == ";" || $0 == "," || $0.isNewline }
      .map { $0.filter { !$0.isWhitespace } }.filter { !$0.isEmpty }
  }

  /// `U.O-O(2.8)=-0.2`
  private static func pin(_ text: String) throws -> ConstraintSettings.Pin {
    let mismatch = InputError(
      "expected --pin such as \"U.O-O(2.8)=-0.2; F.H-O(1.9)=0\", found \"\(text)\"")
    guard let equals = text.lastIndex(of: "="), let open = text[..<equals].lastIndex(of: "("),
      text[..<equals].last == ")",
      let quantity = ConstraintSettings.Pin.Quantity(rawValue: String(text.prefix(1))),
      text.dropFirst().first == ".", let distance = number(text[open...].dropFirst(), until: ")"),
      let value = Double(text[text.index(after: equals)...]), value.isFinite
    else { throw mismatch }
    let pair = String(text[..<open].dropFirst(2))
    guard !pair.isEmpty else { throw mismatch }
    return ConstraintSettings.Pin(
      quantity: quantity, pair: pair, distance: distance, value: value)
  }

  private static func number(_ text: Substring, until end: Character) -> Double? {
    guard let value = Double(text.prefix { $0 != end }), value.isFinite else { return nil }
    return value
  }

  /// `b=0.5..5`, `X.O=..-0.1`
  private static func bound(_ text: String) throws -> ConstraintSettings.Bound {
    let mismatch = InputError(
      "expected --bounds such as \"b=0.5..5; X.O=..-0.1; global=-9..9\", found \"\(text)\"")
    guard let equals = text.lastIndex(of: "=") else { throw mismatch }
    let range = text[text.index(after: equals)...]
    guard let dots = range.firstRange(of: ".."), range != "..",
      range[dots.upperBound...].first != "."
    else { throw mismatch }
    func end(_ text: Substring, _ none: Double) throws -> Double {
      if text.isEmpty { return none }
      guard let value = Double(text), value.isFinite else { throw mismatch }
      return value
    }
    let target = text[..<equals]
    let name = target.prefix { $0 != "." }
    guard !name.isEmpty else { throw mismatch }
    let type = target.dropFirst(name.count + 1)
    return ConstraintSettings.Bound(
      parameter: String(name), type: type.isEmpty ? nil : String(type),
      lower: try end(range[..<dots.lowerBound], -.infinity),
      upper: try end(range[dots.upperBound...], .infinity))
  }
}
