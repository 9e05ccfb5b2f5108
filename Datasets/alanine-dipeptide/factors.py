#!/usr/bin/env python3
"""Whether fitted product parameters follow the charges that the search was not given.

    factors.py STUDY.json [NODES]

STUDY.json is what `Studies solvent --only AMBER --json STUDY.json` wrote. For the best entry of at most NODES (10) in
each fold: Pearson's correlation over the types between the factors X^A of each product parameter and the mean charge
of the type, its sign being free; and over the pairs of types between the pair force at 3, 5 and 7 Å and q_A q_B. Then
the factors of the parameter that follows the charges best, of the first fold.

Needs: pip install numpy.
"""
import json
import os
import re
import sys

import numpy as np

from baseline import read
from generate import HERE

DISTANCES = (3.0, 5.0, 7.0)
STEP = 1e-5  # Å, of the derivative of U


def charges():
    """Mean charge of each AMBER type, e."""
    frame = read(os.path.join(HERE, "alanine-mean.extxyz"))[0]
    names = sorted(set(frame["type"]))
    return {t: float(np.mean(frame["q"][frame["type"] == t])) for t in names}


def force(expression, parameters, a, b, r):
    """-dU/dr of a pair of types by central differences, eV/Å."""
    values = {n: v[a] * v[b] if isinstance(v, dict) else v for n, v in parameters.items()}
    code = compile(re.sub(r"\^", "**", expression), "U", "eval")

    def energy(distance):
        return eval(code, {"__builtins__": {}}, {"exp": np.exp, "r": distance, **values})
    return -(energy(r + STEP) - energy(r - STEP)) / (2 * STEP)


@np.errstate(over="ignore")
def main():
    studies = json.load(open(sys.argv[1]))
    nodes = int(sys.argv[2]) if len(sys.argv) > 2 else 10
    study = next(s for s in studies if "AMBER" in s["name"])
    entries = [[e for e in f["entries"] if e["complexity"] <= nodes][-1] for f in study["folds"]]
    q = charges()
    types = sorted(q, key=q.get)
    pairs = [(a, b) for i, a in enumerate(types) for b in types[i:]]

    def followed(factors):
        return abs(np.corrcoef([factors[t] for t in types], [q[t] for t in types])[0, 1])

    def products(entry):
        return {n: v for n, v in sorted(entry["parameters"].items())
                if isinstance(v, dict) and np.ptp(list(v.values())) > 0}

    print("| fold | U(r) | correlation of factors with charges | of forces at "
          + ", ".join(f"{d:g}" for d in DISTANCES) + " Å with q_A q_B |\n|---|---|---|---|")
    for fold, entry in zip(study["folds"], entries):
        forces = [np.corrcoef([force(entry["expression"], entry["parameters"], a, b, d) for a, b in pairs],
                              [q[a] * q[b] for a, b in pairs])[0, 1] for d in DISTANCES]
        print(f"| {fold['fold']} | `{entry['expression']}` | "
              + ", ".join(f"{n} {followed(v):.2f}" for n, v in products(entry).items()) + " | "
              + ", ".join(f"{c:.2f}" for c in forces) + " |")
    name, factors = max(products(entries[0]).items(), key=lambda item: followed(item[1]))
    sign = 1 if factors[types[-1]] > 0 else -1
    print(f"\n| type | mean charge, e | factor {name}, {'' if sign > 0 else 'sign changed, '}fold 0 |\n|---|---|---|")
    for t in types:
        print(f"| {t} | {q[t]:+.3f} | {sign * factors[t]:+.3f} |")


if __name__ == "__main__":
    main()
