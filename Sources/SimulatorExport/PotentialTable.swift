import AtomicData
import ExpressionTrees

/// A LAMMPS table of pair potentials, read back: values of U and F by distance, interpolated in between by
/// cubic polynomials through four values.
///
/// Its sections are named by pairs, `H-O` or `O-H`. Units are those that `# UNITS:` names, else metal.
public struct PotentialTable: Sendable {
  private struct Section: Sendable {
    var distances: [Double] = []
    var energies: [Double] = []
    var forces: [Double] = []
  }

  public let path: String
  private let sections: [String: Section]

  /// Whether an argument names such a file.
  public static func isName(_ text: String) -> Bool { text.hasSuffix(".table") }

  /// Bytes; no table is longer.
  private static let byteLimit = 1 << 30

  /// - Throws: `InputError` where a line is not what it should be.
  public init(reading path: String) throws {
    self.path = path
    let lines = try InputFile.text(of: path, byteLimit: Self.byteLimit)
      .split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    var units = Units.metal
    var sections: [String: Section] = [:]
    var place = 0
    func words(_ line: Substring) -> [Substring] {
      line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace)
    }
    /// The next line with words.
    func next() -> [Substring]? {
      while place < lines.count {
        let line = lines[place]
        place += 1
        if line.hasPrefix("#"), let name = Self.units(line) {
          units = name == "real" ? .real : name == "metal" ? .metal : units
        }
        let found = words(line)
        if !found.isEmpty { return found }
      }
      return nil
    }
    while let head = next() {
      let name = String(head[0])
      guard let parameters = next(), parameters.count >= 2, parameters[0] == "N",
        let count = Int(parameters[1]), count >= 4
      else {
        throw InputError(
          file: path, line: place, "expected N and a number of at least 4 below \(name.shortened)",
          remedy: "a section of a LAMMPS table is a name, a line with N, and lines of four numbers")
      }
      var section = Section()
      for k in 0..<count {
        let numbers = next()?.compactMap { Double($0) } ?? []
        guard numbers.count == 4, numbers.allSatisfy(\.isFinite), numbers[1] > 0,
          numbers[1] > section.distances.last ?? 0
        else {
          throw InputError(
            file: path, line: place,
            "expected number, distance, energy and force of value \(k + 1) of \(count) at a rising distance, "
              + "found something else")
        }
        section.distances.append(numbers[1])
        section.energies.append(numbers[2] * units.energy)
        section.forces.append(numbers[3] * units.energy)
      }
      sections[name] = section
    }
    guard !sections.isEmpty else {
      throw InputError(file: path, "expected a LAMMPS table, found no section")
    }
    self.sections = sections
  }

  private static func units(_ line: Substring) -> Substring? {
    let words = line.split(whereSeparator: \.isWhitespace)
    guard let place = words.firstIndex(of: "UNITS:"), place + 1 < words.count else { return nil }
    return words[place + 1]
  }

  /// The largest distance that all sections reach, Å.
  public var cutoff: Double { sections.values.compactMap(\.distances.last).min() ?? 0 }

  /// The values of every pair of types: U and dU/dr by distance, no number below the table, 0 beyond it.
  ///
  /// - Throws: `InputError` where a pair has no section.
  public func potentials(
    of types: PairTypes
  ) throws -> [@Sendable (Double) -> PotentialValue] {
    try types.pairs.map { pair in
      let names = [pair.first, pair.second].map { types.typeNames[$0] }
      let found =
        ["-", "_", ""].lazy.flatMap { mark in
          [names[0] + mark + names[1], names[1] + mark + names[0]]
        }.compactMap { sections[$0] }.first
      guard let found else {
        throw InputError(
          file: path,
          "expected a section \(names[0])-\(names[1]) of the table, found "
            + sections.keys.sorted().listed(with: "and"))
      }
      return { Self.value(found, $0) }
    }
  }

  private static func value(_ section: Section, _ r: Double) -> PotentialValue {
    let x = section.distances
    guard r >= x[0] * (1 - 1e-12) else { return PotentialValue(energy: .nan, derivative: .nan) }
    guard r <= x[x.count - 1] * (1 + 1e-12) else { return PotentialValue(energy: 0, derivative: 0) }
    var (low, high) = (0, x.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if x[middle] <= r { low = middle } else { high = middle }
    }
    let start = min(max(low - 1, 0), x.count - 4)
    var (energy, force) = (0.0, 0.0)
    for i in start..<start + 4 {
      var weight = 1.0
      for j in start..<start + 4 where j != i { weight *= (r - x[j]) / (x[i] - x[j]) }
      energy += weight * section.energies[i]
      force += weight * section.forces[i]
    }
    return PotentialValue(energy: energy, derivative: -force)
  }
}
