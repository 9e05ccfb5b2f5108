"""Holds LAMMPS, OpenMM and ASE, running what `symreg export` writes, against symreg's own energies and forces.

    scripts/agreement [--data FOLDER] [--keep FOLDER] [--table FILE.md]

For the smallest, the recommended and the largest entry of fronts of short searches: the largest difference of a
force component over the root mean square force, and of an energy over the root mean square energy of the frames.
"""

import argparse
import json
import platform
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

import numpy as np
from ase import Atoms
from ase.io import read

import engines

ROOT = Path(__file__).resolve().parents[2]
FORMATS = ["lammps-lepton", "lammps-table", "openmm", "ase"]
LIMITS = {"lammps-lepton": 1e-8, "lammps-table": 1e-5, "openmm": 1e-8, "ase": 1e-10}
CHECK_LIMIT = 1e-9
EVALUATIONS = 3000


class Data:
    """A set of frames: how it is searched, and the files and frames that engines are compared on."""

    def __init__(self, name, files, options, frames):
        self.name, self.files, self.options, self.frames = name, files, options, frames

    @property
    def missing(self):
        return [path for path, _ in self.files if not path.exists()]


def all_data(folder):
    water = ROOT / "Datasets/water-dimer/water-dimer.extxyz"
    h2o = folder / "h2o-13"
    return [
        Data("water-dimer", [(water, "")], [], 100),
        Data("argon", [(folder / "argon/Ar_dft_short.extxyz", "")], [], 20),
        Data("H2O-13", [
            (h2o / "water_conf_0.02_dimer_dft_samples_4000K_Roo_lt_4.5A_MP2_AVTZ_2041-4080.xyz",
             ":forces=fmp2_2body"),
            (h2o / "water_dimers_amoeba_bulk300K_1000_4.5_lt_Roo_lt_6.0_MP2_AVTZ.xyz",
             ":forces=force-mono1_force-mono2_force"),
        ], ["--molecule-size", "3"], 20),
    ]


class SymReg:
    def __init__(self, program, folder):
        self.program, self.folder = program, folder

    def __call__(self, *arguments):
        done = subprocess.run(
            [self.program, *map(str, arguments)], cwd=self.folder, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"agreement: symreg {' '.join(map(str, arguments))}\n{done.stderr}")
        return done.stdout


def first_frames(path, count, to):
    """The first frames of a file, as a file."""
    with open(path) as lines, open(to, "w") as out:
        for _ in range(count):
            head = next(lines)
            out.write(head)
            out.writelines(next(lines) for _ in range(int(head) + 1))


def parameter_text(parameters):
    values = []
    for name, value in sorted(parameters.items()):
        if isinstance(value, dict):
            values += [f"{name}.{key}={number!r}" for key, number in sorted(value.items())]
        else:
            values.append(f"{name}={value!r}")
    return "; ".join(values)


def reference(symreg, data, entry, head):
    """The frames with symreg's energies and forces."""
    frames = []
    for number, (path, suffix) in enumerate(data.files):
        sample, written = f"sample-{number}.xyz", f"forces-{data.name}-{entry['complexity']}-{number}.extxyz"
        first_frames(path, data.frames // len(data.files), symreg.folder / sample)
        arguments = ["--parameters", parameter_text(entry["parameters"])] if entry["parameters"] else []
        symreg("evaluate", sample + suffix, *data.options, "--potential", entry["expression"], *arguments,
               "--cutoff", head["cutoff"], "--cutoff-mode", head["cutoffMode"], "--write-forces", written)
        frames += read(symreg.folder / written, index=":")
    return frames


def differences(engine, frames):
    """Of forces and energies, in root mean squares of ours."""
    force, energy = 0.0, 0.0
    for atoms in frames:
        theirs = engine(atoms)
        energy = max(energy, abs(theirs[0] - atoms.get_potential_energy()))
        force = max(force, np.abs(theirs[1] - atoms.get_forces()).max())
    ours = np.concatenate([atoms.get_forces().ravel() for atoms in frames])
    energies = np.array([atoms.get_potential_energy() for atoms in frames])
    return force / np.sqrt(np.mean(ours**2)), energy / np.sqrt(np.mean(energies**2))


def engine_of(name, folder, types, cutoff):
    if name.startswith("lammps"):
        return engines.LAMMPS(folder, types)
    return engines.OpenMM(folder, cutoff) if name == "openmm" else engines.ASE(folder)


def compare(symreg, data, rows):
    run = f"run-{data.name}"
    arguments = [f"{path}{suffix}" for path, suffix in data.files] + data.options
    symreg("search", *arguments, "--cutoff-mode", "shifted-force", "--strategy", "islands", "--seed", 1,
           "--max-evaluations", EVALUATIONS, "--out", run)
    front = json.loads((symreg.folder / run / "front.json").read_text())
    entries = front["front"]
    if not any(entry["recommended"] for entry in entries):
        print(f"{data.name}: no recommended entry")
    for entry in entries:
        kinds = {"smallest": entry is entries[0], "recommended": entry["recommended"],
                 "largest": entry is entries[-1]}
        if not any(kinds.values()):
            continue
        kind = ", ".join(name for name, holds in kinds.items() if holds)
        size = entry["complexity"]
        frames = reference(symreg, data, entry, front)
        out = f"export-{data.name}-{size}"
        symreg("export", run, "--complexity", size, "--format", ",".join(FORMATS), "--out", out)
        types = sorted(set(frames[0].get_chemical_symbols()))
        for name in FORMATS:
            engine = engine_of(name, symreg.folder / out / name, types, front["cutoff"])
            force, energy = differences(engine, frames)
            rows.append((data.name, len(frames), f"{kind}: {size}", entry["expression"], name, force,
                         energy, LIMITS[name]))
            show(rows[-1])


def check_dimer(symreg, rows):
    """q-SPC/Fw at the dimer and with the numbers of Datasets' sources, kcal/mol."""
    atoms = Atoms("OHHOHH", [
        (0, 0, 0), (0.8290375726, 0.5591929035, 0), (-0.8290375726, 0.5591929035, 0),
        (0.1, -2.75, 0.3), (0.9, -3.2, 0.6), (-0.4, -3.4, -0.2)])
    atoms.arrays["mol_id"] = np.array([1, 1, 1, 2, 2, 2])
    energy = 7.3229849173 * engines.KCAL_PER_MOLE
    force = np.array([0.090982647, 21.170811364, -3.205334539]) * engines.KCAL_PER_MOLE
    out = "export-q-SPC-Fw"
    symreg("export", "--potential", "q-SPC/Fw", "--pairs", "inter", "--format", ",".join(FORMATS), "--out", out)
    for name in FORMATS:
        theirs = engine_of(name, symreg.folder / out / name, ["H", "O"], 10.0)(atoms)
        rows.append((
            "check dimer", 1, "q-SPC/Fw", "X/r + Y/r^12 - Z/r^6", name,
            np.abs(theirs[1][0] - force).max() / np.linalg.norm(force), abs(theirs[0] - energy) / energy,
            CHECK_LIMIT))
        show(rows[-1])


def show(row):
    verdict = "" if max(row[5], row[6]) <= row[7] else "  TOO LARGE"
    print(f"{row[0]:12} {row[1]:4} frames  {row[2]:24} {row[4]:14} forces {row[5]:8.1e}  energies "
          f"{row[6]:8.1e}  (limit {row[7]:.0e}){verdict}", flush=True)


def table(rows):
    machine = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if "model name" in line),
                   platform.machine())
    lines = [
        f"`scripts/agreement`, {date.today()}, {engines.versions()}, Python {platform.python_version()}, {machine}. "
        "Forces / energies:", "",
        f"| data | frames | entry: nodes | U(r) | {' | '.join(FORMATS)} |", f"|---|---|---|---|{'---|' * len(FORMATS)}"]
    for start in range(0, len(rows), len(FORMATS)):
        entry = rows[start:start + len(FORMATS)]
        name, frames, kind, expression = entry[0][:4]
        cells = " | ".join(f"{row[5]:.0e} / {row[6]:.0e}" for row in entry)
        lines.append(f"| {name} | {frames} | {kind} | `{expression}` | {cells} |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--symreg", default="symreg", help="the program")
    parser.add_argument("--data", type=Path, default=ROOT / "../shared/data", help="folder of argon and h2o-13")
    parser.add_argument("--keep", type=Path, help="new folder for runs and exports")
    parser.add_argument("--table", type=Path, help="file that gets the result as Markdown")
    options = parser.parse_args()
    rows, skipped = [], []
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        symreg = SymReg(options.symreg, folder.resolve())
        check_dimer(symreg, rows)
        for data in all_data(options.data.resolve()):
            if data.missing:
                skipped.append(data.name)
                print(f"SKIPPED {data.name}: no {data.missing[0]} (--data FOLDER)")
            else:
                compare(symreg, data, rows)
    if options.table:
        options.table.write_text(table(rows))
    failed = [row for row in rows if not max(row[5], row[6]) <= row[7]]
    print(f"agreement: {len(rows) - len(failed)} of {len(rows)} comparisons within their limits"
          + (f"; skipped: {', '.join(skipped)}" if skipped else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
