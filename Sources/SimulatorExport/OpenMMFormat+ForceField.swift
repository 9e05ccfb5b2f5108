import AtomicData
import ExpressionTrees
import Foundation

extension OpenMMFormat {
  /// `forcefield.xml` for `app.ForceField`: types, templates of the structure's molecules, the force of far
  /// pairs, and a script for what the tags cannot say: the fitted cutoff, exclusions within molecules, and
  /// pairs by bonds as a `CustomBondForce`.
  ///
  /// - Throws: `InputError` for a type without a mass.
  func xml(energy: String, pairEnergy: String) throws -> String {
    let names = potential.typeNames
    let masses = try exporter.options.masses.of(names)
    let types = zip(names, masses).map { name, mass in
      let element = AtomicMasses.ofElements[name] == nil ? "" : " element=\"\(name)\""
      return
        "<Type name=\"\(Self.escaped(name))\" class=\"\(Self.escaped(name))\"\(element) mass=\"\(mass)\"/>"
    }
    let comment = (potential.headLines + potential.warnings.map { "Warning: " + $0 })
      .map { "  " + $0.replacingOccurrences(of: "--", with: "- -") }
    var lines = ["<ForceField>", "<!--"] + comment + ["-->", "<AtomTypes>"]
    lines += types.map { "  " + $0 } + ["</AtomTypes>"]
    lines += residues
    if potential.selection.admitsFarPairs { lines += farForce(energy) }
    if let bonded = exporter.options.bonded { lines += Self.bondedLines(bonded) }
    lines += [
      "<Script>", Self.escaped(script(energy: energy, pairEnergy: pairEnergy)), "</Script>",
    ]
    return (lines + ["</ForceField>"]).joined(separator: "\n")
  }

  // MARK: Templates

  /// A template for each different molecule of the structure whose bonds are known; without a structure one for
  /// each type.
  private var residues: [String] {
    guard let structure = exporter.options.structure, let molecules = structure.molecules else {
      guard !potential.usesProperty || potential.propertyByType != nil else {
        return ["<!-- Add templates of the residues here; their atoms need q as q_i. -->"]
      }
      return ["<Residues>"]
        + potential.typeNames.map { name in
          "  <Residue name=\"\(Self.escaped(name))\"><Atom name=\"\(Self.escaped(name))\" "
            + "type=\"\(Self.escaped(name))\"\(attribute(propertyOf(name)))/></Residue>"
        } + ["</Residues>"]
    }
    var atoms = Array(repeating: [Int](), count: (molecules.max() ?? -1) + 1)
    for (atom, molecule) in molecules.enumerated() { atoms[molecule].append(atom) }
    var bonds = structure.bonds
    if bonds == nil { bonds = (try? BondedWater.terms(structure))?.bonds }
    var templates: [[String]] = []
    for molecule in atoms {
      guard molecule.count == 1 || bonds != nil else { continue }
      let template = template(molecule, structure, bonds ?? [])
      if !templates.contains(template) { templates.append(template) }
    }
    guard !templates.isEmpty else {
      return ["<!-- The bonds of the molecules are not known: add their templates here. -->"]
    }
    return ["<Residues>"]
      + templates.enumerated().flatMap { number, lines in
        ["  <Residue name=\"M\(number + 1)\">"] + lines.map { "    " + $0 } + ["  </Residue>"]
      } + ["</Residues>"]
  }

  private func template(
    _ molecule: [Int], _ structure: ExportStructure, _ bonds: [BondTopology.Bond]
  ) -> [String] {
    var lines = molecule.enumerated().map { number, atom in
      let type = structure.typeNames[atom]
      let property = structure.properties.map { $0[atom] }
      return "<Atom name=\"\(Self.escaped(type))\(number + 1)\" type=\"\(Self.escaped(type))\""
        + attribute(property) + "/>"
    }
    for bond in bonds {
      guard let first = molecule.firstIndex(of: bond.first),
        let second = molecule.firstIndex(of: bond.second)
      else { continue }
      lines.append("<Bond from=\"\(first)\" to=\"\(second)\"/>")
    }
    return lines
  }

  private func propertyOf(_ type: String) -> Double? {
    guard let values = potential.propertyByType,
      let number = potential.typeNames.firstIndex(of: type)
    else { return nil }
    return values[number]
  }

  private func attribute(_ property: Double?) -> String {
    guard potential.usesProperty, let property else { return "" }
    return " q_i=\"\(property)\""
  }

  // MARK: Forces

  private func farForce(_ energy: String) -> [String] {
    var lines = ["<CustomNonbondedForce energy=\"\(energy)\" bondCutoff=\"0\">"]
    lines.append("  <GlobalParameter name=\"\(Self.unitName)\" defaultValue=\"\(Self.unit)\"/>")
    var perParticle: [(name: String, values: [Double])] = []
    var tables: [(name: String, values: (Int, Int) -> Double)] = []
    for (part, names) in zip(potential.parts, potential.names) {
      let layout = part.tree.layout(typeCount: potential.typeNames.count)
      for (number, name) in names.enumerated() {
        let theta = Array(part.theta[layout.ranges[number]])
        switch part.tree.parameters[number].kind {
        case .global:
          lines.append("  <GlobalParameter name=\"symreg_\(name)\" defaultValue=\"\(theta[0])\"/>")
        case .product, .mean: perParticle.append((name + "_i", theta))
        case .pair: tables.append((name, { theta[potential.types.index($0, $1)] }))
        }
      }
    }
    for (number, name) in coreNames.enumerated() {
      tables.append(
        (name, { potential.core(of: PairType(first: $0, second: $1))?.symbols[number].value ?? 0 }))
    }
    let types = potential.typeNames.indices
    if !tables.isEmpty { perParticle.append(("type_i", types.map(Double.init))) }
    if potential.usesProperty { perParticle.append(("q_i", [])) }
    lines += perParticle.map { "  <PerParticleParameter name=\"\($0.name)\"/>" }
    if potential.usesProperty { lines.append("  <UseAttributeFromResidue name=\"q_i\"/>") }
    lines += tables.map { name, value in
      let values = types.flatMap { b in types.map { FormulaNotation.text(value($0, b)) } }
      return
        "  <Function name=\"\(Self.table(name))\" type=\"Discrete2D\" xsize=\"\(types.count)\" "
        + "ysize=\"\(types.count)\">\(values.joined(separator: " "))</Function>"
    }
    lines += types.map { number in
      let values = perParticle.filter { !$0.values.isEmpty }
        .map { " \($0.name)=\"\(FormulaNotation.text($0.values[number]))\"" }
      return "  <Atom type=\"\(Self.escaped(potential.typeNames[number]))\"\(values.joined())/>"
    }
    return lines + ["</CustomNonbondedForce>"]
  }

  private static func bondedLines(_ bonded: BondedWater) -> [String] {
    let length = Units.gromacs.length
    return [
      "<!-- \(bonded.name): \(bonded.source) -->", "<HarmonicBondForce>",
      "  <Bond type1=\"O\" type2=\"H\" length=\"\(bonded.length / length)\" "
        + "k=\"\(bonded.bondConstant * length * length * unit)\"/>", "</HarmonicBondForce>",
      "<HarmonicAngleForce>",
      "  <Angle type1=\"H\" type2=\"O\" type3=\"H\" angle=\"\(bonded.angle * Double.pi / 180)\" "
        + "k=\"\(bonded.angleConstant * unit)\"/>", "</HarmonicAngleForce>",
    ]
  }

  private func script(energy: String, pairEnergy: String) -> String {
    code(energy: energy, pairEnergy: pairEnergy, bonded: nil) + """


      add_forces(
          sys, types=[data.atomType[atom] for atom in data.atoms],
          bonds=[(bond.atom1, bond.atom2) for bond in data.bonds],
          properties=[data.atomParameters[atom].get("q_i", 0.0) for atom in data.atoms],
          periodic=topology.getPeriodicBoxVectors() is not None,
          far=next((force for force in sys.getForces() if is_own(force)), None))
      """
  }

  private static func escaped(_ text: String) -> String {
    text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
      .replacingOccurrences(of: ">", with: "&gt;").replacingOccurrences(of: "\"", with: "&quot;")
  }
}

extension PairSelection {
  /// Whether pairs act that no bonds connect.
  var admitsFarPairs: Bool {
    guard case .bonds(let range) = self else { return true }
    return range.upper == nil
  }
}
