import AtomicData
import ExpressionTrees

/// A Python module with a `Calculator` for ASE: NumPy, neighbour lists, periodic cells.
struct ASEFormat {
  let exporter: Exporter
  private var potential: ExportedPotential { exporter.potential }
  private var python: PythonText { PythonText(potential: potential) }

  init(_ exporter: Exporter) { self.exporter = exporter }

  func files() throws -> [ExportFile] {
    let needs = [
      potential.selection == .inter
        ? "Molecules come from `atoms.arrays[\"mol_id\"]` (or `molecules=`)." : "",
      python.reach > 0 ? "Bonds are given as pairs of atoms, `bonds=[(0, 1), …]`." : "",
      potential.usesProperty ? "The property q comes from `atoms.arrays` (or `properties=`)." : "",
      potential.typesColumn.map { "Types come from `atoms.arrays[\"\($0)\"]` (or `types=`)." }
        ?? "",
    ].filter { !$0.isEmpty }
    let lines = [
      "`potential.py` needs NumPy and ASE alone. \(needs.joined(separator: " "))", "",
      "    from ase.io import read", "    from potential import PairPotential",
      "    atoms = read(\"system.extxyz\")", "    atoms.calc = PairPotential()",
      "    print(atoms.get_potential_energy(), atoms.get_forces())",
    ]
    return [ExportFile("potential.py", try module()), exporter.readme("ASE", lines)]
  }

  // MARK: The pair function

  /// The free names of the pair function, in a fixed order.
  private func arguments(_ program: FormulaProgram) -> [String] {
    program.free.subtracting(["r"]).sorted()
  }

  /// Lines `name = expression` whose last are `energy` and `slope`.
  private func lines(_ program: FormulaProgram) throws -> [String] {
    var program = program.withSlope(named: "slope")
    let slope = program.definitions.removeLast()
    program.define("energy", program.result)
    program.definitions.append(slope)
    return try program.definitions.map {
      "\($0.name) = \(try FormulaNotation.numpy.text($0.formula))"
    }
  }

  private func checkedProgram() throws -> FormulaProgram {
    let check = SelfCheck(potential: potential)
    return try check.checked(
      bindings: [:], engine: "NumPy", remedy: "export table or lammps-table"
    ) { program in
      let lines = try lines(program)
      let expressions = try ["energy", "slope"].map {
        try EngineExpression(lines: lines, result: $0, notation: .numpy)
      }
      for sample in potential.samples {
        for pair in check.pairs(sample) {
          let numbers = potential.numbers(of: pair).compactMapValues { formula -> Dual? in
            if case .number(let value) = formula { Dual(value: value) } else { nil }
          }
          try check.compare(pair, of: sample) { r in
            var names = numbers
            names["r"] = Dual(value: r)
            return PotentialValue(
              energy: try expressions[0].dual(names).value,
              derivative: try expressions[1].dual(names).value)
          }
        }
      }
    }
  }

  private func module() throws -> String {
    let program = try checkedProgram()
    let body = try lines(program).map { "    " + $0 }.joined(separator: "\n")
    let arguments = arguments(program)
    let bonded = exporter.options.bonded
    return """
      \"\"\"A pair potential for ASE: `atoms.calc = PairPotential()`. Written by \
      \(potential.provenance.program).\"\"\"
      \(python.head)

      import math

      import numpy as np
      from ase.calculators.calculator import Calculator, all_changes
      from ase.neighborlist import neighbor_list
      from ase.stress import full_3x3_to_voigt_6_stress

      \(python.constants)
      MOLECULES_FROM = ["mol_id", "molid"]
      TYPES_FROM = \(column(potential.typesColumn))
      PROPERTY_FROM = \(column(potential.usesProperty ? potential.propertyName : nil))
      BONDED = \(bonded.map(Self.bondedText) ?? "None")

      erf = np.vectorize(math.erf, otypes=[float])
      erfc = np.vectorize(math.erfc, otypes=[float])


      def step(x):
          return np.where(x >= 0, 1.0, 0.0)


      def pair_energy(r\(arguments.map { ", " + $0 }.joined())):
          \"\"\"U (eV) and dU/dr (eV/Å) of pairs at distances r (Å).\"\"\"
      \(body)
          return energy, slope


      \(PythonText.bondCounts)


      \(Self.calculator)
      """
  }

  private func column(_ name: String?) -> String {
    name.map { "\"\(PythonText.escaped($0))\"" } ?? "None"
  }

  static func bondedText(_ bonded: BondedWater) -> String {
    """
    {  # \(bonded.name): \(bonded.source.onOneLine)
        "length": \(bonded.length), "bond": \(bonded.bondConstant),  # Å, eV/Å²
        "angle": \(bonded.angle), "bend": \(bonded.angleConstant),  # degrees, eV/rad²
    }
    """
  }

  private static let calculator = #"""
    class PairPotential(Calculator):
        """Energy, energies, forces (eV, eV/Å) and stress of the potential.

        types: names of TYPES by atom; molecules: a number by atom; bonds: pairs of atoms; properties: q by
        atom. Where they are not given, they come from the arrays of the atoms.
        """

        implemented_properties = ["energy", "energies", "free_energy", "forces", "stress"]

        def __init__(self, types=None, molecules=None, bonds=None, properties=None, **kwargs):
            super().__init__(**kwargs)
            self.types, self.molecules = types, molecules
            self.bonds, self.properties = bonds, properties

        def calculate(self, atoms=None, properties=("energy",), system_changes=all_changes):
            super().calculate(atoms, properties, system_changes)
            atoms = self.atoms
            i, j, r, vectors = neighbor_list("ijdD", atoms, CUTOFF)
            count = np.zeros(len(i), dtype=int)
            keep = np.ones(len(i), dtype=bool)
            if SELECTION == "inter":
                molecules = self.molecules_of(atoms)
                keep = molecules[i] != molecules[j]
            elif REACH > 0:
                count = self.counts(len(atoms), i, j, r)
                keep = np.array([acts(c if c > 0 else None) for c in range(REACH + 1)])[count]
            i, j, r, vectors, count = i[keep], j[keep], r[keep], vectors[keep], count[keep]
            with np.errstate(all="ignore"):
                energy, slope = pair_energy(r, **self.values_of_pairs(atoms, i, j, count))
            energy, slope = np.broadcast_to(energy, r.shape), np.broadcast_to(slope, r.shape)
            size = len(atoms)
            energies = np.bincount(i, weights=energy / 2, minlength=size)
            pull = (slope / r)[:, np.newaxis] * vectors
            forces = np.stack(
                [np.bincount(i, weights=pull[:, k], minlength=size) for k in range(3)], axis=1)
            virial = -pull.T @ vectors / 2
            if BONDED is not None:
                self.add_bonded(atoms, energies, forces, virial)
            self.results = {
                "energy": energies.sum(), "free_energy": energies.sum(), "energies": energies,
                "forces": forces}
            if atoms.cell.rank == 3:
                self.results["stress"] = full_3x3_to_voigt_6_stress(-virial / atoms.get_volume())

        def numbers_of(self, atoms):
            """The number of each atom's type."""
            names = self.types
            if names is None and len(TYPES) == 1 and TYPES_FROM == "none":
                names = TYPES * len(atoms)
            if names is None:
                names = (atoms.get_chemical_symbols() if TYPES_FROM is None
                         else atoms.arrays[TYPES_FROM])
            unknown = sorted({str(name) for name in names} - set(TYPES))
            if unknown:
                raise ValueError(f"expected atoms of the types {TYPES}, found {unknown}")
            return np.array([TYPES.index(str(name)) for name in names])

        def molecules_of(self, atoms):
            if self.molecules is not None:
                return np.asarray(self.molecules)
            for name in MOLECULES_FROM:
                if name in atoms.arrays:
                    return atoms.arrays[name]
            raise ValueError("expected molecules: give molecules=, or an array mol_id of the atoms")

        def counts(self, size, i, j, r):
            """Bonds between the atoms of each pair, 0 for far ones; only the nearest image counts."""
            if self.bonds is None:
                raise ValueError("expected bonds: give bonds=, pairs of atoms")
            counts = bond_counts(size, self.bonds, REACH)
            found = [counts.get((min(a, b), max(a, b)), 0) for a, b in zip(i, j)]
            found = np.array(found, dtype=int)
            nearest = {}
            near = np.nonzero(found)[0]
            for k in near:
                key = (i[k], j[k])
                nearest[key] = min(nearest.get(key, np.inf), r[k])
            for k in near:
                if r[k] ** 2 > nearest[i[k], j[k]] ** 2 * (1 + 1e-9):
                    found[k] = 0
            return found

        def values_of_pairs(self, atoms, i, j, count):
            """The values of all names of the pair function for each pair."""
            numbers = self.numbers_of(atoms)
            a, b = numbers[i], numbers[j]
            values = dict(GLOBALS)
            values |= {name: np.array(v)[a] * np.array(v)[b] for name, v in PRODUCTS.items()}
            values |= {name: (np.array(v)[a] + np.array(v)[b]) / 2 for name, v in MEANS.items()}
            values |= {name: np.array(v)[a, b] for name, v in PAIRS.items()}
            values |= {name: np.array(v)[count if BY_BONDS else 0 * count, a, b]
                       for name, v in CORES.items()}
            for name in KNOWN:
                if name == "Q":
                    q = atoms.arrays.get(PROPERTY_FROM) if self.properties is None else self.properties
                    if q is None:
                        raise ValueError(f"expected properties=, or an array {PROPERTY_FROM} of the atoms")
                    q = np.asarray(q, dtype=float)
                    values[name] = q[i] * q[j]
                else:
                    values[name] = (count == int(name[1])).astype(float)
            return values

        def add_bonded(self, atoms, energies, forces, virial):
            """Harmonic bonds and angles of molecules of one O and two H."""
            symbols = [TYPES[number] for number in self.numbers_of(atoms)]
            molecules = self.molecules_of(atoms)
            for molecule in np.unique(molecules):
                members = np.nonzero(molecules == molecule)[0]
                oxygen = [k for k in members if symbols[k] == "O"]
                hydrogen = [k for k in members if symbols[k] == "H"]
                if len(oxygen) != 1 or len(hydrogen) != 2 or len(members) != 3:
                    raise ValueError("expected molecules of one O and two H")
                arms = atoms.get_distances(oxygen[0], hydrogen, mic=True, vector=True)
                lengths = np.linalg.norm(arms, axis=1)
                units = arms / lengths[:, np.newaxis]
                cosine = np.clip(units[0] @ units[1], -1, 1)
                angle = np.arccos(cosine)
                stretch = lengths - BONDED["length"]
                bend = angle - np.radians(BONDED["angle"])
                energy = BONDED["bond"] * (stretch @ stretch) / 2 + BONDED["bend"] * bend**2 / 2
                sine = np.sqrt(1 - cosine**2)
                for k in range(2):
                    turn = (units[1 - k] - cosine * units[k]) / (lengths[k] * sine)
                    force = -BONDED["bond"] * stretch[k] * units[k] + BONDED["bend"] * bend * turn
                    forces[hydrogen[k]] += force
                    forces[oxygen[0]] -= force
                    virial += np.outer(arms[k], force)
                energies[members] += energy / 3
    """#
}
