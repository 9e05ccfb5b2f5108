"""216 flexible waters at 300 K and 1 bar: the recommended potential of a search on water dimers with the bonds and
angles of q-SPC/Fw, next to q-SPC/Fw itself (Ewald sums) and experiment. In LAMMPS.

    symreg search Datasets/water-dimer/water-dimer.extxyz --cutoff-mode shifted-force --seed 1 \\
      --max-evaluations 10000 --out RUN
    .engines/bin/python Benchmarks/Simulations/water.py RUN --out FOLDER
    .engines/bin/python Benchmarks/Simulations/water.py --out FOLDER      # q-SPC/Fw

Dimers say nothing of a liquid: whatever comes out is a record, not a test. g_OO of experiment: Skinner et al.,
J. Chem. Phys. 138, 074506 (2013), doi 10.1063/1.4790861.
"""

import argparse
from pathlib import Path

import numpy as np
import engines
from structure import PairDistribution, recommended, report, symreg

TEMPERATURE, PRESSURE = 300, 1  # K, bar
TIME_STEP = 0.0005  # ps
STRIDE = 100
GRAMS = 18.015 * 1.66053906660  # of a molecule per Å³, g/cm³
# Below this density the box is full of vapour, above the other something else than a liquid.
BOILED, COLLAPSED = 0.3, 2.0


def box(path):
    """216 molecules on a lattice, turned by chance, at 0.997 g/cm³, as a data file: H is type 1, O type 2."""
    random = np.random.default_rng(1)
    edge = (216 * GRAMS / 0.997) ** (1 / 3)
    half = np.radians(112.0 / 2)
    shape = np.array([(0, 0, 0), (np.sin(half), np.cos(half), 0), (-np.sin(half), np.cos(half), 0)])
    atoms, bonds, angles = [], [], []
    for molecule, site in enumerate((np.indices((6, 6, 6)).reshape(3, -1).T + 0.5) * edge / 6):
        turn, _ = np.linalg.qr(random.normal(size=(3, 3)))
        first = 3 * molecule + 1
        for number, (kind, x) in enumerate(zip((2, 1, 1), shape @ turn + site)):
            atoms.append(f"{first + number} {molecule + 1} {kind} 0 {x[0]:.9f} {x[1]:.9f} {x[2]:.9f}")
        bonds += [f"{2 * molecule + k} 1 {first} {first + k}" for k in (1, 2)]
        angles.append(f"{molecule + 1} 1 {first + 1} {first} {first + 2}")
    head = ["216 molecules of water", "", "648 atoms", "2 atom types", "432 bonds", "1 bond types", "216 angles",
            "1 angle types", ""] + [f"0 {edge:.9f} {axis}lo {axis}hi" for axis in "xyz"]
    parts = {"Masses": ["1 1.008", "2 15.999"], "Atoms # full": atoms, "Bonds": bonds, "Angles": angles}
    text = head + [line for name, lines in parts.items() for line in ["", name, "", *lines]]
    path.write_text("\n".join(text) + "\n")


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


def commands_of(options, lines):
    """What makes the recommended potential, or q-SPC/Fw where no run is given."""
    if options.run is None:
        lines.append("q-SPC/Fw, Ewald sums")
        return "q-SPC/Fw", PUBLISHED
    entry, front = recommended(options.run)
    folder = options.out / "export"
    symreg(options.symreg, "export", options.run, "--complexity", entry["complexity"], "--format",
           "lammps-table", "--bonded", "q-SPC/Fw", "--core", "--out", folder)
    lines.append(f"U(r) = {entry['expression']}, {front['cutoffMode']} at {front['cutoff']} Å, bonds and angles of "
                 "q-SPC/Fw, a wall below the sampled distances (--core)")
    return f"recommended, {entry['complexity']} nodes", (folder / "potential.lmp").read_text().replace(
        "potential.table", str((folder / "potential.table").resolve()))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("run", type=Path, nargs="?", help="none: q-SPC/Fw")
    parser.add_argument("--symreg", default="symreg")
    parser.add_argument("--settle", type=float, default=20, help="ps before averages are taken")
    parser.add_argument("--time", type=float, default=30, help="ps")
    parser.add_argument("--out", type=Path, required=True, help="new folder")
    options = parser.parse_args()
    options.out.mkdir(parents=True)
    lines = []
    name, commands = commands_of(options, lines)
    lines += [
        f"216 molecules, {TEMPERATURE} K, {PRESSURE} bar, step {TIME_STEP * 1000} fs, {options.settle:.0f} ps to "
        f"settle, then {options.time:.0f} ps", "",
        "| | density, g/cm³ | T, K | first peak of g_OO at Å | first minimum | second peak |",
        "|---|---|---|---|---|---|"]
    data = options.out / "box.data"
    box(data)
    water = Box(data, commands)
    water.settle(options.settle)
    distribution = PairDistribution(8.5)
    rows = water.blocks(options.time, distribution)
    distribution.save(options.out / "g-OO.txt")
    np.savetxt(options.out / "blocks.txt", rows, fmt="%.6f", header="density T energy/eV")
    lines += [describe(name, rows, distribution),
              "| experiment | 0.997 | 298 | 2.57 at 2.80 | 0.84 at 3.45 | 1.12 at 4.5 |"]
    report(lines + ["", engines.versions()], options.out, "report.md")


if __name__ == "__main__":
    main()
