"""Fits forms to the raw frames of the water dimers with SciPy, as a user without symreg would.

Reads one JSON job on standard input, prints one JSON object. Pair forces are evaluated for all frames
at once with numpy, the Jacobian is SciPy's own by finite differences.
"""

import json
import platform
import sys
import time

import numpy as np
import scipy
from scipy.optimize import least_squares

import trees

TYPES = {"H": 0, "O": 1}
PAIRS = [(0, 0), (0, 1), (1, 1)]


def read(path):
    """Positions and forces (frames, 6, 3) in Å and eV/Å, and the types of the six atoms."""
    with open(path) as file:
        lines = file.read().splitlines()
    atoms = [line.split() for k, line in enumerate(lines) if k % 8 > 1]
    numbers = np.array([[float(w) for w in words[1:4] + words[5:8]] for words in atoms])
    numbers = numbers.reshape(-1, 6, 6)
    return numbers[:, :, :3], numbers[:, :, 3:], [TYPES[words[0]] for words in atoms[:6]]


class Dimers:
    def __init__(self, path, cutoff):
        positions, self.reference, types = read(path)
        vectors = positions[:, :3, None, :] - positions[:, None, 3:, :]
        distances = np.linalg.norm(vectors, axis=-1)
        self.directions = vectors / distances[..., None]
        self.inside = distances < cutoff
        # The cutoff itself stands behind the distances of each pair type.
        self.places = [
            [(i, j) for i in range(3) for j in range(3) if sorted((types[i], types[3 + j])) == list(pair)]
            for pair in PAIRS
        ]
        self.distances = [
            np.append(np.concatenate([distances[:, i, j] for i, j in places]), cutoff)
            for places in self.places
        ]

    def residuals(self, theta, form):
        count = len(self.reference)
        pair_forces = np.empty((count, 3, 3))
        for pair, places, r in zip(PAIRS, self.places, self.distances):
            f = trees.forces(form["tokens"], values(theta, form["kinds"], pair), r)
            f = (f - f[-1])[:-1]
            for k, (i, j) in enumerate(places):
                pair_forces[:, i, j] = f[k * count : (k + 1) * count]
        on_pairs = (pair_forces * self.inside)[..., None] * self.directions
        forces = np.concatenate([on_pairs.sum(axis=2), -on_pairs.sum(axis=1)], axis=1)
        return np.nan_to_num((forces - self.reference).ravel(), nan=1e6, posinf=1e6, neginf=-1e6)


def values(theta, kinds, pair):
    """One number per parameter: a product parameter has a factor for each type."""
    result, k = [], 0
    for kind in kinds:
        if kind == "global":
            result.append(theta[k])
            k += 1
        else:
            result.append(theta[k + pair[0]] * theta[k + pair[1]])
            k += 2
    return result


def main():
    job = json.load(sys.stdin)
    np.seterr(all="ignore")
    dimers = Dimers(job["path"], job["cutoff"])
    fits = []
    for form in job["forms"]:
        start = np.array(form["start"])
        begin = time.process_time()
        fit = least_squares(dimers.residuals, start, args=(form,), method="lm")
        elapsed = time.process_time() - begin
        at_ours = dimers.residuals(np.array(form["theta"]), form)
        fits.append(
            {
                "seconds": elapsed,
                "loss": float(np.mean(fit.fun**2)),
                "lossAtOurs": float(np.mean(at_ours**2)),
                "evaluations": int(fit.nfev),
            }
        )
    versions = {
        "Python": platform.python_version(),
        "NumPy": np.__version__,
        "SciPy": scipy.__version__,
    }
    json.dump({"versions": versions, "fits": fits}, sys.stdout)


main()
