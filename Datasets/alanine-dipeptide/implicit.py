#!/usr/bin/env python3
"""What implicit solvents of today make of the mean forces of water, with nothing fitted.

    implicit.py [alanine-mean.extxyz]

The solvent's force of a model is that of ff14SB with it minus that of ff14SB alone, as in generate.py. Prints
R² = 1 - Σ|F_model - F|²/Σ|F|² over all atoms of all frames, and over the frames of each fold. No cutoff, no salt;
the surface term is the one that OpenMM's files of these models have.

Needs: pip install openmm numpy.
"""
import os
import sys

import numpy as np

from baseline import read
from generate import EV_A, HERE, forcefield, solute

MODELS = {
    "HCT": "implicit/hct.xml",
    "OBC1": "implicit/obc1.xml",
    "OBC2": "implicit/obc2.xml",
    "GBn": "implicit/gbn.xml",
    "GBn2": "implicit/gbn2.xml",
}


def forces(positions, *extra):
    """Forces on the solute for each frame, shape (frames, atoms, 3), eV/Å."""
    import openmm as mm
    from openmm import app, unit
    system = forcefield(*extra).createSystem(solute()[0], nonbondedMethod=app.NoCutoff)
    platform = mm.Platform.getPlatformByName("Reference")
    context = mm.Context(system, mm.VerletIntegrator(0.001), platform)
    result = []
    for x in positions:
        context.setPositions(x / 10)
        f = context.getState(getForces=True).getForces(asNumpy=True)
        result.append(f.value_in_unit(unit.kilojoule_per_mole / unit.nanometer) * EV_A)
    return np.array(result)


def main():
    path = sys.argv[1] if len(sys.argv) > 1 else os.path.join(HERE, "alanine-mean.extxyz")
    frames = read(path)
    positions = np.array([f["pos"] for f in frames])
    reference = np.array([f["forces"] for f in frames])
    folds = np.array([int(f["keys"]["fold"]) for f in frames])
    vacuum = forces(positions)
    print(f"{len(frames)} frames of {os.path.basename(path)}\n")
    print("| model | R² | folds 0 to 4 |\n|---|---|---|")
    for name, file in MODELS.items():
        error = ((forces(positions, file) - vacuum - reference) ** 2).sum((1, 2))
        square = (reference ** 2).sum((1, 2))
        by_fold = [1 - error[folds == k].sum() / square[folds == k].sum() for k in range(5)]
        print(f"| {name} | {1 - error.sum() / square.sum():.3f} | "
              + ", ".join(f"{r2:.3f}" for r2 in by_fold) + " |")


if __name__ == "__main__":
    main()
