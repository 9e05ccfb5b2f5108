"""216 flexible waters at 300 K and 1 bar: the recommended potential of a search on water dimers with the bonds and
angles of q-SPC/Fw, next to q-SPC/Fw itself (Ewald sums) and experiment. In LAMMPS.

    symreg search Datasets/water-dimer/water-dimer.extxyz --cutoff-mode shifted-force --seed 1 \\
      --max-evaluations 10000 --out RUN
    .engines/bin/python Benchmarks/Simulations/water.py RUN --out FOLDER

Dimers say nothing of a liquid: whatever comes out is a record, not a test.
"""

import argparse
import os
from pathlib import Path

import numpy as np
from ase import Atoms
from ase.io import write

import engines
from structure import PairDistribution, recommended, report, symreg

TEMPERATURE, PRESSURE = 300, 1  # K, bar
TIME_STEP = 0.0005  # ps
STRIDE = 100
GRAMS = 18.015 * 1.66053906660  # of a molecule per Å³, g/cm³
# Below this density the box is full of vapour, above the other something else than a liquid.
BOILED, COLLAPSED = 0.3, 2.0


def box(path):
    """216 molecules on a lattice, turned by chance, at 0.997 g/cm³."""
    random = np.random.default_rng(1)
    edge = (216 * GRAMS / 0.997) ** (1 / 3)
    half = np.radians(112.0 / 2)
    shape = np.array([(0, 0, 0), (np.sin(half), np.cos(half), 0), (-np.sin(half), np.cos(half), 0)])
    positions = []
    for site in (np.indices((6, 6, 6)).reshape(3, -1).T + 0.5) * edge / 6:
        turn, _ = np.linalg.qr(random.normal(size=(3, 3)))
        positions.append(shape @ turn + site)
    atoms = Atoms("OHH" * 216, np.concatenate(positions), cell=[edge] * 3, pbc=True)
    atoms.arrays["mol_id"] = np.repeat(np.arange(1, 217), 3)
    write(path, atoms, format="extxyz")


PUBLISHED = """
bond_style harmonic
bond_coeff 1 {bond} 1.0
angle_style harmonic
angle_coeff 1 {bend} 112.0
set type 1 charge 0.42
set type 2 charge -0.84
special_bonds lj/coul 0 0 0
pair_style lj/cut/coul/long 9.0
pair_modify tail yes
pair_coeff * * 0 1
pair_coeff 2 2 {epsilon} 3.165492
kspace_style pppm 1.0e-4
""".format(bond=1059.162 / 2 * engines.KCAL_PER_MOLE, bend=75.90 / 2 * engines.KCAL_PER_MOLE,
           epsilon=0.1554252 * engines.KCAL_PER_MOLE)


class Box:
    """The system under a pair style, in LAMMPS."""

    def __init__(self, data, commands):
        self.engine = engines.lammps()
        self.engine.commands_list([
            "units metal", "atom_style full", "atom_modify map array", "boundary p p p",
            "bond_style harmonic", "angle_style harmonic", f"read_data {data}"])
        self.engine.commands_list([line for line in commands.strip().splitlines() if line])
        self.engine.commands_list([
            "neighbor 2.0 bin", "neigh_modify delay 0 every 1 check yes", f"timestep {TIME_STEP}",
            "thermo_modify lost error", "minimize 1.0e-6 1.0e-6 200 2000",
            f"velocity all create {TEMPERATURE} 1 mom yes rot yes dist gaussian"])
        types = np.array(self.engine.gather_atoms("type", 0, 1))
        self.oxygen = types == 2

    def settle(self, picoseconds):
        """At constant volume first, then at the pressure asked for."""
        self.engine.commands_list([
            "fix integration all nve", f"fix bath all langevin {TEMPERATURE} {TEMPERATURE} 0.1 1",
            f"run {round(picoseconds / 2 / TIME_STEP)} post no", "unfix bath", "unfix integration",
            f"fix integration all npt temp {TEMPERATURE} {TEMPERATURE} 0.1 iso {PRESSURE} {PRESSURE} 0.5"])
        self.blocks(picoseconds / 2)

    def blocks(self, picoseconds, distribution=None):
        """Densities (g/cm³), temperatures and potential energies of blocks; ends where there is no liquid."""
        rows = []
        for _ in range(round(picoseconds / TIME_STEP / STRIDE)):
            self.engine.command(f"run {STRIDE} post no")
            density = 216 * GRAMS / self.engine.get_thermo("vol")
            rows.append((density, self.engine.get_thermo("temp"), self.engine.get_thermo("pe")))
            if not BOILED < density < COLLAPSED:
                break
            if distribution is not None:
                lengths = np.array([self.engine.get_thermo(name) for name in ("lx", "ly", "lz")])
                positions = np.array(self.engine.gather_atoms("x", 1, 3)).reshape(-1, 3)
                distribution.add(positions[self.oxygen], lengths)
        return np.array(rows)


def describe(name, rows, distribution):
    density, temperature, energy = rows.mean(axis=0)
    # Of five blocks.
    error = np.std([block.mean() for block in np.array_split(rows[:, 0], 5)], ddof=1) / np.sqrt(5)
    if not BOILED < rows[-1, 0] < COLLAPSED:
        state = "boils" if rows[-1, 0] <= BOILED else "collapses"
        return f"| {name} | {state}: {rows[-1, 0]:.2f} | {rows[-1, 1]:.0f} | | | |"
    first, second = distribution.peak(2, 3.3), distribution.peak(3.8, 6.5)
    trough = distribution.trough(first[0], max(first[0] + 0.6, 4.2))
    return (f"| {name} | {density:.3f} ± {error:.3f} | {temperature:.0f} | {first[1]:.2f} at {first[0]:.2f} | "
            f"{trough[1]:.2f} at {trough[0]:.2f} | {second[1]:.2f} at {second[0]:.2f} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("run", type=Path)
    parser.add_argument("--symreg", default="symreg")
    parser.add_argument("--settle", type=float, default=20, help="ps before averages are taken")
    parser.add_argument("--time", type=float, default=30, help="ps")
    parser.add_argument("--only", choices=["found", "q-SPC/Fw"], help="one of the two")
    parser.add_argument("--out", type=Path, required=True, help="new folder")
    options = parser.parse_args()
    options.out.mkdir(parents=True)
    entry, front = recommended(options.run)
    structure, folder = options.out / "box.extxyz", options.out / "export"
    box(structure)
    symreg(options.symreg, "export", options.run, "--complexity", entry["complexity"], "--format",
           "lammps-table", "--bonded", "q-SPC/Fw", "--core", "--structure", structure, "--out", folder)
    # The table is named relative to its folder.
    data = (folder / "system.data").resolve()
    systems = {
        "found": (f"recommended, {entry['complexity']} nodes", f"include {folder.resolve()}/potential.lmp"),
        "q-SPC/Fw": ("q-SPC/Fw", PUBLISHED)}
    lines = [
        f"U(r) = {entry['expression']}, force-shifted at {front['cutoff']} Å, bonds and angles of q-SPC/Fw; "
        "a wall below the sampled distances (--core)",
        f"216 molecules, {TEMPERATURE} K, {PRESSURE} bar, step {TIME_STEP * 1000} fs, {options.settle:.0f} ps to "
        f"settle, then {options.time:.0f} ps", "",
        "| | density, g/cm³ | T, K | first peak of g_OO at Å | first minimum | second peak |",
        "|---|---|---|---|---|---|"]
    for key, (name, commands) in systems.items():
        if options.only not in (None, key):
            continue
        here = os.getcwd()
        os.chdir(folder)
        try:
            water = Box(data, commands)
        finally:
            os.chdir(here)
        water.settle(options.settle)
        distribution = PairDistribution(8.5)
        rows = water.blocks(options.time, distribution)
        distribution.save(options.out / f"g-OO-{key.replace('/', '-')}.txt")
        np.savetxt(options.out / f"{key.replace('/', '-')}.txt", rows, fmt="%.6f", header="density T energy/eV")
        lines.append(describe(name, rows, distribution))
    lines.append("| experiment | 0.997 | 298 | 2.57 at 2.80 | 0.84 at 3.45 | 1.12 at 4.5 |")
    report(lines + ["", engines.versions()], options.out, "report.md")


if __name__ == "__main__":
    main()
