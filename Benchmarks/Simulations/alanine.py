"""Alanine dipeptide at 300 K: ff14SB in vacuum, with a pair potential found for the mean forces of water, and with
GBn2. Distributions of φ and ψ. In OpenMM.

    symreg search Datasets/alanine-dipeptide/alanine-mean.extxyz --types none --property q=q \\
      --cutoff-mode shifted-force --seed 1 --max-evaluations 10000 --out RUN
    .engines/bin/python Benchmarks/Simulations/alanine.py RUN --out FOLDER
"""

import argparse
import json
import math
import time
from pathlib import Path

import numpy as np
from ase.io import read

import engines
from structure import ROOT, recommended, report, symreg

DATA = ROOT / "Datasets/alanine-dipeptide"
TEMPERATURE = 300
TIME_STEP = 0.002  # ps
STRIDE = 50
PHI, PSI = (4, 6, 8, 14), (6, 8, 14, 16)
# Regions of φ and ψ, degrees: φ from, to; ψ from, to (over ±180).
REGIONS = {
    "β, PII": ((-180, 0), (90, 240)), "α_R": ((-180, 0), (-120, 30)),
    "C7eq": ((-180, 0), (30, 90)), "φ > 0": ((0, 180), (-180, 180))}


def topology():
    """ACE-ALA-NME with the names and bonds of the data."""
    from openmm import app

    known = json.loads((DATA / "topology.json").read_text())
    made = app.Topology()
    chain, residue, atoms = made.addChain(), None, []
    for name, resname, resid, element in zip(
            known["name"], known["resname"], known["resid"], known["element"]):
        if residue is None or residue.id != str(resid):
            residue = made.addResidue(resname, chain, id=str(resid))
        atoms.append(made.addAtom(name, app.Element.getBySymbol(element), residue))
    for a, b, *_ in known["bonds"]:
        made.addBond(atoms[a], atoms[b])
    return made, known["charge"]


def dihedral(x, atoms):
    a, b, c, d = (x[k] for k in atoms)
    b0, b1, b2 = a - b, c - b, d - c
    b1 = b1 / np.linalg.norm(b1)
    v, w = b0 - (b0 @ b1) * b1, b2 - (b2 @ b1) * b1
    return math.degrees(math.atan2(np.cross(b1, v) @ w, v @ w))


def simulate(system, positions, picoseconds, seed, platform):
    """φ and ψ every 0.1 ps."""
    import openmm

    integrator = openmm.LangevinMiddleIntegrator(TEMPERATURE, 1.0, TIME_STEP)
    integrator.setRandomNumberSeed(seed)
    chosen = openmm.Platform.getPlatformByName(platform)
    context = openmm.Context(system, integrator, chosen, {"Threads": "1"} if platform == "CPU" else {})
    context.setPositions(positions / 10)
    openmm.LocalEnergyMinimizer.minimize(context)
    context.setVelocitiesToTemperature(TEMPERATURE, seed)
    angles = []
    for _ in range(round(picoseconds / TIME_STEP / STRIDE)):
        integrator.step(STRIDE)
        x = context.getState(getPositions=True).getPositions(asNumpy=True)._value
        angles.append((dihedral(x, PHI), dihedral(x, PSI)))
    angles = np.array(angles)
    if not np.isfinite(angles).all():
        raise SystemExit("expected finite positions, found others: the simulation blew up")
    return angles


def inside(angles, region):
    (low, high), (lower, upper) = region
    phi, psi = angles.T
    return ((phi - low) % 360 < high - low) & ((psi - lower) % 360 < upper - lower)


def shares(angles):
    """Share of each region, with the standard error of ten blocks."""
    cells = []
    for region in REGIONS.values():
        here = inside(angles, region)
        blocks = [block.mean() for block in np.array_split(here, 10)]
        cells.append(f"{100 * here.mean():.0f} ± {100 * np.std(blocks, ddof=1) / np.sqrt(10):.0f} %")
    return cells


def histogram(angles):
    counts = np.histogram2d(*angles.T, bins=np.linspace(-180, 180, 25))[0]
    return counts / counts.sum()


def overlap(a, b):
    """Σ√(pq) of two distributions on cells of 15°: 1 for equal ones."""
    return float(np.sqrt(histogram(a) * histogram(b)).sum())


def crossings(angles):
    """How often φ changes its sign, by way of 0 or of 180: how often the slowest motion was seen."""
    signs = np.sign(angles[:, 0])
    return int((np.abs(np.diff(signs)) > 0).sum())


def main():
    from openmm import app

    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("run", type=Path)
    parser.add_argument("--symreg", default="symreg")
    parser.add_argument("--time", type=float, default=2000, help="ps")
    parser.add_argument("--out", type=Path, required=True, help="new folder")
    options = parser.parse_args()
    options.out.mkdir(parents=True)
    entry, _ = recommended(options.run)
    folder = options.out / "export"
    # A mass for the type of all atoms, which forcefield.xml has to have; the module does not use it.
    symreg(options.symreg, "export", options.run, "--complexity", entry["complexity"], "--format", "openmm",
           "--masses", "atom=12", "--out", folder)
    made, charges = topology()
    start = read(DATA / "alanine-instant.extxyz", index=0).positions
    files = {"vacuum": [], "vacuum + found": [], "GBn2": ["implicit/gbn2.xml"]}
    results = {}
    lines = [
        f"U(r) = {entry['expression']} ({entry['complexity']} nodes), all pairs",
        f"{TEMPERATURE} K, {options.time:.0f} ps each, step {TIME_STEP * 1000:.0f} fs, bonds of hydrogen rigid, from "
        "one structure", "",
        f"| | {' | '.join(REGIONS)} | changes of the sign of φ | overlap with GBn2 | s |",
        f"|---|{'---|' * len(REGIONS)}---|---|---|"]
    took = {}
    for name, extra in files.items():
        field = app.ForceField("amber14/protein.ff14SB.xml", *extra)
        system = field.createSystem(made, nonbondedMethod=app.NoCutoff, constraints=app.HBonds)
        if name == "vacuum + found":
            engines.module(folder / "potential.py").add_forces(
                system, ["atom"] * len(charges), properties=charges, periodic=False)
        begin = time.monotonic()
        # Reference lets forces with and without a cutoff stand together; GBn2 is slow on it.
        platform = "CPU" if extra else "Reference"
        results[name] = simulate(system, start, options.time, 1, platform)
        took[name] = time.monotonic() - begin
        np.savetxt(options.out / f"{name.replace(' ', '')}.txt", results[name], fmt="%.2f", header="phi psi")
        print(f"{name}: {took[name]:.0f} s", flush=True)
    data = read(DATA / "alanine-instant.extxyz", index=":")
    explicit = np.array([(atoms.info["phi"], atoms.info["psi"]) for atoms in data])
    for name, angles in results.items():
        lines.append(f"| {name} | {' | '.join(shares(angles))} | {crossings(angles)} | "
                     f"{overlap(angles, results['GBn2']):.2f} | {took[name]:.0f} |")
    lines.append(f"| TIP3P water, {len(explicit)} frames of the data | {' | '.join(shares(explicit))} | "
                 f"{crossings(explicit)} | {overlap(explicit, results['GBn2']):.2f} | |")
    report(lines + ["", engines.versions()], options.out, "report.md")


if __name__ == "__main__":
    main()
