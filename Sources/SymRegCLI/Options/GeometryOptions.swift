import ArgumentParser
import AtomicData
import SymReg

/// What synthetic structures are like.
struct GeometryOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Structures to make.", valueName: "number"))
  var frames = "1000"

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Atoms of each type in a frame, Ar:8 or H:4,O:4. (default: 8 atoms in a cluster, 108 in a "
        + "liquid, as many of each type that --parameters or the known potential has values for; "
        + "type A where there is none)", valueName: "type:number,..."))
  var atoms: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How atoms stand: clusters (at random in a sphere, not periodic) or liquid (hard spheres in "
        + "a periodic cubic cell).", valueName: "shape"))
  var shape = SyntheticGeometry.Shape.clusters.rawValue

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Smallest distance of two atoms, Å; distances from there to the cutoff occur.",
      valueName: "length"))
  var smallestDistance = "\(SyntheticGeometry.defaultSmallestDistance)"

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Atoms per Å³ of a liquid. (default: spheres of the smallest distance fill 0.3 of the cell)",
      valueName: "density"))
  var density: String?

  func frameCount() throws -> Int {
    try OptionText("--frames", frames)
      .integer("a whole number from 1 to 1000000000", in: 1...1_000_000_000)
  }

  /// - Parameter typeNames: of the types that the potential has values for.
  /// - Throws: `InputError` for text that cannot be read.
  func geometry(typeNames: [String]) throws -> SyntheticGeometry {
    var geometry = SyntheticGeometry()
    geometry.shape = try OptionText("--shape", shape)
      .choice(SyntheticGeometry.Shape.allCases, name: \.rawValue)
    geometry.smallestDistance = try OptionText("--smallest-distance", smallestDistance)
      .number("a length above 0 Å") { $0 > 0 }
    geometry.density = try density.map {
      try OptionText("--density", $0).number("a number above 0 per Å³") { $0 > 0 }
    }
    geometry.atoms =
      try atoms.map(Self.atoms) ?? Self.standardAtoms(typeNames, shape: geometry.shape)
    return geometry
  }

  private static func standardAtoms(
    _ typeNames: [String], shape: SyntheticGeometry.Shape
  ) -> [String: Int] {
    let names = typeNames.isEmpty ? ["A"] : typeNames
    let total = shape == .clusters ? 8 : 108
    return Dictionary(uniqueKeysWithValues: names.map { ($0, max(1, total / names.count)) })
  }

  /// `H:4,O:4`; the last colon counts, since a type may have one in its name.
  private static func atoms(_ text: String) throws -> [String: Int] {
    var atoms: [String: Int] = [:]
    for piece in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let colon = piece.lastIndex(of: ":"), colon > piece.startIndex,
        let count = Int(piece[piece.index(after: colon)...]), (1...1_000_000).contains(count)
      else {
        throw InputError(
          "expected --atoms such as \"Ar:8\" or \"H:4,O:4\", found \"\(text)\"")
      }
      let name = String(piece[..<colon])
      guard atoms.updateValue(count, forKey: name) == nil else {
        throw InputError("expected one number of \(name) atoms in --atoms, found two")
      }
    }
    return atoms
  }
}
