import AtomicData

extension OpenMMFormat {
  /// `potential.py`.
  func module(energy: String, pairEnergy: String) -> String {
    """
    \"\"\"A pair potential for OpenMM: `add_forces(system, types)`. Written by \
    \(potential.provenance.program).\"\"\"
    \(python.head)

    \(code(energy: energy, pairEnergy: pairEnergy, bonded: exporter.options.bonded))
    """
  }

  /// What the module and the script of the force field do.
  func code(energy: String, pairEnergy: String, bonded: BondedWater?) -> String {
    """
    import math

    import openmm as mm
    from openmm import unit

    \(python.constants)
    BONDED = \(bonded.map(ASEFormat.bondedText) ?? "None")

    \(Self.unitName.uppercased()) = \(Self.unit)  # kJ/mol per eV
    # U in kJ/mol of r in nm: of far pairs, and of pairs with parameters of their own.
    ENERGY = (
    \(Self.quoted(energy))
    )
    PAIR_ENERGY = (
    \(Self.quoted(pairEnergy))
    )


    \(PythonText.bondCounts)


    \(Self.functions)
    """
  }

  /// A text on lines, each a Python literal.
  private static func quoted(_ text: String) -> String {
    // Lepton takes what is behind the last semicolon for a definition: there must be one.
    text.split(separator: ";").map { "    \"\($0.drop(while: \.isWhitespace))" }
      .joined(separator: "; \"\n") + "\""
  }

  private static let functions = #"""
    def add_forces(system, types, molecules=None, bonds=None, properties=None, periodic=None, far=None):
        """Adds the forces of the potential to a System, and returns them.

        types: a name of TYPES for each particle; molecules: a number for each particle (needed where pairs of
        different molecules act, unless bonds are given); bonds: pairs of particles; properties: q of each
        particle; periodic: whether the box repeats (None: where other forces use it, or it is not the one
        that OpenMM begins with). Pairs that other nonbonded forces exclude but that act here get a
        CustomBondForce. far: the force of far pairs, where the System has it already.
        """
        size = system.getNumParticles()
        numbers = [TYPES.index(name) for name in types]
        if len(numbers) != size:
            raise ValueError(f"expected {size} types, found {len(numbers)}")
        if REACH > 0 and bonds is None:
            raise ValueError("expected bonds=, pairs of particles")
        if "Q" in KNOWN and properties is None:
            raise ValueError("expected properties=, q of each particle")
        if (SELECTION == "inter" or BONDED is not None) and molecules is None:
            if bonds is None:
                raise ValueError("expected molecules= or bonds=")
            molecules = connected(size, bonds)
        if periodic is None:
            periodic = system.usesPeriodicBoundaryConditions() or has_box(system)
        counts = bond_counts(size, bonds, REACH) if REACH > 0 else {}
        forces = []
        if not acts(None):
            acting = sorted(pair for pair, count in counts.items() if acts(count))
        else:
            excluded, acting = excluded_pairs(system, size, molecules, counts)
            if far is None:
                far = far_force(numbers, properties)
                forces.append(far)
            far.setNonbondedMethod(far.CutoffPeriodic if periodic else far.CutoffNonPeriodic)
            far.setCutoffDistance(CUTOFF * unit.angstrom)
            for a, b in excluded:
                far.addExclusion(a, b)
        if acting:
            forces.append(force_of_pairs(numbers, properties, counts, acting))
            forces[-1].setUsesPeriodicBoundaryConditions(periodic)
        if BONDED is not None:
            forces += bonded_forces(numbers, molecules, periodic)
        for force in forces:
            system.addForce(force)
        return forces


    def is_own(force):
        """Whether it is the force of far pairs of this potential."""
        return isinstance(force, mm.CustomNonbondedForce) and "symreg_unit" in [
            force.getGlobalParameterName(k) for k in range(force.getNumGlobalParameters())]


    def connected(size, bonds):
        """The number of the molecule of each particle: those that bonds connect."""
        molecules = list(range(size))

        def root(k):
            while molecules[k] != k:
                k = molecules[k]
            return k

        for a, b in bonds:
            molecules[max(root(a), root(b))] = min(root(a), root(b))
        return [root(k) for k in range(size)]


    def excluded_pairs(system, size, molecules, counts):
        """Pairs that the nonbonded force leaves out, and those of them that act nevertheless."""
        own = {pair for pair, count in counts.items() if not acts(count) or BY_BONDS and count <= 3}
        inside = set()
        if SELECTION == "inter":
            members = {}
            for k in range(size):
                members.setdefault(molecules[k], []).append(k)
            inside = {(a, b) for group in members.values() for a in group for b in group if a < b}
        own |= inside
        others = [force for force in system.getForces()
                  if isinstance(force, (mm.NonbondedForce, mm.CustomNonbondedForce))
                  and not is_own(force)]
        excluded = set(own)
        for force in others:
            if isinstance(force, mm.NonbondedForce):
                pairs = [force.getExceptionParameters(k)[:2] for k in range(force.getNumExceptions())]
            else:
                pairs = [force.getExclusionParticles(k) for k in range(force.getNumExclusions())]
            pairs = {(min(a, b), max(a, b)) for a, b in pairs}
            if not own <= pairs:
                raise ValueError(
                    "expected nonbonded forces that exclude all pairs on which the potential does not act, "
                    f"found {len(own - pairs)} pairs that they do not")
            excluded |= pairs
        acting = sorted(pair for pair in excluded if pair not in inside and acts(counts.get(pair)))
        return sorted(excluded), acting


    def table(values, index):
        """A table of types as OpenMM takes it."""
        rows = values if index is None else values[index]
        size = len(TYPES)
        return mm.Discrete2DFunction(size, size, [rows[a][b] for b in range(size) for a in range(size)])


    def far_force(numbers, properties):
        force = mm.CustomNonbondedForce(ENERGY)
        add_globals(force)
        names = list(PRODUCTS) + list(MEANS)
        for name in names:
            force.addPerParticleParameter(name + "_i")
        if PAIRS or CORES:
            force.addPerParticleParameter("type_i")
            for name, values in PAIRS.items():
                force.addTabulatedFunction(name + "_table", table(values, None))
            for name, values in CORES.items():
                force.addTabulatedFunction(name + "_table", table(values, 0))
        if "Q" in KNOWN:
            force.addPerParticleParameter("q_i")
        for k, number in enumerate(numbers):
            values = [(PRODUCTS | MEANS)[name][number] for name in names]
            values += [number] if PAIRS or CORES else []
            values += [properties[k]] if "Q" in KNOWN else []
            force.addParticle(values)
        return force


    def force_of_pairs(numbers, properties, counts, pairs):
        force = mm.CustomBondForce(PAIR_ENERGY)
        add_globals(force)
        names = list(PRODUCTS) + list(MEANS) + list(PAIRS) + list(CORES) + KNOWN
        for name in names:
            force.addPerBondParameter(name)
        for a, b in pairs:
            s, t = numbers[a], numbers[b]
            count = counts.get((a, b), 0) if BY_BONDS else 0
            values = [PRODUCTS[name][s] * PRODUCTS[name][t] for name in PRODUCTS]
            values += [(MEANS[name][s] + MEANS[name][t]) / 2 for name in MEANS]
            values += [PAIRS[name][s][t] for name in PAIRS]
            values += [CORES[name][count if count <= 3 else 0][s][t] for name in CORES]
            for name in KNOWN:
                values.append(properties[a] * properties[b] if name == "Q"
                              else float(count == int(name[1])))
            force.addBond(a, b, values)
        return force


    def add_globals(force):
        force.addGlobalParameter("symreg_unit", SYMREG_UNIT)
        for name, value in GLOBALS.items():
            force.addGlobalParameter("symreg_" + name, value)


    def has_box(system):
        """Whether the box of the system is another than the one that OpenMM begins with."""
        box = [v.value_in_unit(unit.nanometer) for v in system.getDefaultPeriodicBoxVectors()]
        return [tuple(v) for v in box] != [(2, 0, 0), (0, 2, 0), (0, 0, 2)]


    def bonded_forces(numbers, molecules, periodic):
        """Harmonic bonds and angles of molecules of one O and two H."""
        stretch, bend = mm.HarmonicBondForce(), mm.HarmonicAngleForce()
        members = {}
        for k, molecule in enumerate(molecules):
            members.setdefault(molecule, []).append(k)
        for group in members.values():
            oxygen = [k for k in group if TYPES[numbers[k]] == "O"]
            hydrogen = [k for k in group if TYPES[numbers[k]] == "H"]
            if len(oxygen) != 1 or len(hydrogen) != 2 or len(group) != 3:
                raise ValueError("expected molecules of one O and two H")
            for k in hydrogen:
                stretch.addBond(oxygen[0], k, BONDED["length"] / 10, 100 * BONDED["bond"] * SYMREG_UNIT)
            bend.addAngle(hydrogen[0], oxygen[0], hydrogen[1], math.radians(BONDED["angle"]),
                          BONDED["bend"] * SYMREG_UNIT)
        for force in (stretch, bend):
            force.setUsesPeriodicBoundaryConditions(periodic)
        return [stretch, bend]
    """#
}
