/// Bonds from a file: one a line, as the numbers of its two atoms, counted from 1; `#` begins a comment.
struct BondsFile: Sendable {
  let path: String
  /// Atoms by their numbers from 0.
  let bonds: [BondTopology.Bond]
  /// Atoms that a frame must have at least, and the line that says so.
  let atomCount: Int
  private let line: Int

  private static let remedy =
    "a bond is a line with the numbers of its two atoms, counted from 1, such as 1 2"
  /// Bytes; no list of bonds is longer.
  private static let byteLimit = 256 << 20

  /// - Throws: `InputError` where a line is no bond, or none is one.
  init(path: String) throws {
    self.path = path
    var bonds: [BondTopology.Bond] = []
    var (largest, line) = (0, 0)
    let lines = try InputFile.text(of: path, byteLimit: Self.byteLimit)
      .split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (place, text) in lines.enumerated() {
      let words = text.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace)
      if words.isEmpty { continue }
      let numbers = words.compactMap(Self.atom)
      guard words.count == 2, numbers.count == 2 else {
        let found = words.joined(separator: " ").shortened
        throw InputError(
          file: path, line: place + 1, "expected two numbers of atoms, found \"\(found)\"",
          remedy: Self.remedy)
      }
      guard numbers[0] != numbers[1] else {
        throw InputError(
          file: path, line: place + 1,
          "expected two different atoms, found \(numbers[0]) twice", remedy: Self.remedy)
      }
      bonds.append(.init(numbers[0] - 1, numbers[1] - 1))
      if max(numbers[0], numbers[1]) > largest {
        (largest, line) = (max(numbers[0], numbers[1]), place + 1)
      }
    }
    guard !bonds.isEmpty else {
      throw InputError(file: path, "expected a bond, found none", remedy: Self.remedy)
    }
    self.bonds = bonds
    atomCount = largest
    self.line = line
  }

  private static func atom(_ word: Substring) -> Int? {
    guard word.allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int(word),
      (1...Int(Int32.max)).contains(number)
    else { return nil }
    return number
  }

  /// - Throws: `InputError` where a frame has too few atoms.
  func check(atomCount: Int) throws(InputError) {
    guard atomCount < self.atomCount else { return }
    throw InputError(
      "expected at least \(self.atomCount) atoms, as \(path):\(line) has a bond of, found \(atomCount)",
      remedy: "mend the file of --bonds: it holds for every frame")
  }
}

/// How bonds are found.
struct BondReading: Sendable {
  /// Bonds up to which they are counted.
  let reach: Int
  /// Nil: from covalent radii, of the first frame with the same atoms.
  let file: BondsFile?
  let selection: PairSelection
  /// Whether functions tell bond classes apart.
  let usesClasses: Bool

  /// Nil where bonds do not matter.
  /// - Throws: `InputError` for a file that cannot be used, or is not needed.
  init?(_ options: ReadingOptions) throws {
    guard let reach = options.bondReach else {
      guard options.bondsFile == nil else {
        throw InputError(
          "expected --pairs bonds:RANGE or --by-bonds beside --bonds, found neither",
          remedy: "leave out --bonds")
      }
      return nil
    }
    self.reach = reach
    selection = options.pairs ?? .all
    usesClasses = options.usesBondClasses
    file = try options.bondsFile.map(BondsFile.init(path:))
  }
}
