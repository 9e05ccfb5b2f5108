import AtomicData

/// `system.data`: a structure as LAMMPS reads it.
///
/// A periodic cell is turned so that a is along x and b in the xy-plane, as LAMMPS asks for; an isolated
/// structure gets a box with the cutoff around it.
struct LAMMPSData {
  private let structure: ExportStructure
  private let potential: ExportedPotential
  private let masses: [Double]
  private let isFull: Bool
  private let bonded: BondedWater?
  private let bonds: [BondTopology.Bond]
  private let angles: [BondedWater.Angle]
  private let box: Box

  /// - Parameter hasBonds: whether pairs are selected by bonds.
  init(
    _ structure: ExportStructure, potential: ExportedPotential, masses: [Double], isFull: Bool,
    hasBonds: Bool, bonded: BondedWater?
  ) throws {
    try structure.check(potential)
    self.structure = structure
    self.potential = potential
    self.masses = masses
    self.isFull = isFull
    self.bonded = bonded
    if potential.selection == .inter, structure.molecules == nil {
      throw InputError(
        "expected molecules in the structure for pairs inter, found none",
        remedy: "give them in a column mol_id, or say --molecule-size")
    }
    let terms = try bonded.map { _ in try BondedWater.terms(structure) }
    angles = terms?.angles ?? []
    if let terms {
      bonds = terms.bonds
    } else if hasBonds {
      guard let found = structure.bonds else {
        throw InputError(
          "expected bonds in the structure for pairs \(potential.selection.rawValue), found none",
          remedy: "give them with --bonds")
      }
      bonds = found
    } else {
      bonds = []
    }
    box = try Box(structure, margin: potential.cutoff)
  }

  /// Of LAMMPS's command: what does not repeat grows with the atoms.
  var boundary: String {
    structure.cell.isPeriodic.map { $0 ? "p" : "m" }.joined(separator: " ")
  }

  func text() throws -> String {
    var lines = ["LAMMPS data, \(potential.provenance.program)", ""]
    lines += ["\(structure.positions.count) atoms", "\(potential.typeNames.count) atom types"]
    if !bonds.isEmpty { lines += ["\(bonds.count) bonds", "1 bond types"] }
    if !angles.isEmpty { lines += ["\(angles.count) angles", "1 angle types"] }
    lines.append("")
    for (axis, name) in ["x", "y", "z"].enumerated() {
      lines.append("\(box.low[axis]) \(box.low[axis] + box.lengths[axis]) \(name)lo \(name)hi")
    }
    if box.tilts != .zero {
      lines.append("\(box.tilts.x) \(box.tilts.y) \(box.tilts.z) xy xz yz")
    }
    lines += ["", "Masses", ""]
    lines += zip(potential.typeNames, masses).enumerated().map { "\($0 + 1) \($1.1) # \($1.0)" }
    lines += ["", "Atoms # \(isFull ? "full" : "atomic")", ""]
    let numbers = Dictionary(
      uniqueKeysWithValues: potential.typeNames.enumerated().map { ($1, $0 + 1) })
    for atom in structure.positions.indices {
      let position = box.place(structure.positions[atom])
      let type = numbers[structure.typeNames[atom]] ?? 0
      let molecule = structure.molecules.map { $0[atom] + 1 } ?? 0
      let charge = structure.properties?[atom] ?? 0
      lines.append(
        "\(atom + 1) " + (isFull ? "\(molecule) \(type) \(charge) " : "\(type) ")
          + "\(position.x) \(position.y) \(position.z)")
    }
    if !bonds.isEmpty {
      lines += ["", "Bonds", ""]
      lines += bonds.enumerated().map { "\($0 + 1) 1 \($1.first + 1) \($1.second + 1)" }
    }
    if !angles.isEmpty {
      lines += ["", "Angles", ""]
      lines += angles.enumerated().map {
        "\($0 + 1) 1 \($1.first + 1) \($1.center + 1) \($1.second + 1)"
      }
    }
    return lines.joined(separator: "\n")
  }

  /// The box of LAMMPS, and the way of positions into it.
  private struct Box {
    var low = SIMD3<Double>.zero
    var lengths = SIMD3<Double>.zero
    /// xy, xz, yz.
    var tilts = SIMD3<Double>.zero
    /// Rows of the rotation.
    private var rows = [SIMD3<Double>(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)]

    init(_ structure: ExportStructure, margin: Double) throws {
      let cell = structure.cell
      if !cell.isIsolated { try turn(cell.vectors) }
      // Where it does not repeat, the box has a margin around the atoms.
      let placed = structure.positions.map { rotated($0) }
      for axis in 0..<3 where !cell.isPeriodic[axis] {
        let values = placed.map { $0[axis] }
        let (smallest, largest) = (values.min() ?? 0, values.max() ?? 0)
        low[axis] = smallest - margin
        lengths[axis] = largest - smallest + 2 * margin
      }
    }

    private mutating func turn(_ vectors: [SIMD3<Double>]) throws {
      func dot(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double { (a * b).sum() }
      let (a, b, c) = (vectors[0], vectors[1], vectors[2])
      let x = a / dot(a, a).squareRoot()
      let inPlane = b - dot(b, x) * x
      let y = inPlane / dot(inPlane, inPlane).squareRoot()
      let rest = c - dot(c, x) * x - dot(c, y) * y
      let z = rest / dot(rest, rest).squareRoot()
      // A left-handed cell is mirrored: forces of pairs are the same.
      lengths = SIMD3(dot(a, x), dot(b, y), dot(c, z))
      tilts = SIMD3(dot(b, x), dot(c, x), dot(c, y))
      rows = [x, y, z]
      guard lengths.x.isFinite, lengths.y.isFinite, lengths.z.isFinite, lengths.min() > 0 else {
        throw InputError("expected a cell with a volume in the structure, found one without")
      }
    }

    private func rotated(_ position: SIMD3<Double>) -> SIMD3<Double> {
      SIMD3(
        (rows[0] * position).sum(), (rows[1] * position).sum(), (rows[2] * position).sum())
    }

    func place(_ position: SIMD3<Double>) -> SIMD3<Double> { rotated(position) }
  }
}
