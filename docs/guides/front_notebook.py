# %% The front of a run: error against complexity
import json
import sqlite3
import sys

import matplotlib.pyplot as plt
import numpy as np

run = sys.argv[1] if len(sys.argv) > 1 else "runs/water-001"
with open(f"{run}/front.json", encoding="utf8") as file:
    document = json.load(file)
front = document["front"]

sizes = [entry["complexity"] for entry in front]
errors = [1000 * entry["directRMSE"] for entry in front]  # eV/Å to meV/Å
best = next((entry for entry in front if entry["recommended"]), front[-1])

figure, axes = plt.subplots()
axes.step(sizes, errors, where="post", marker="o", label="front")
axes.plot(best["complexity"], 1000 * best["directRMSE"], "*", markersize=16, label=best["expression"])
if document["floor"]:
    axes.axhline(1000 * document["floor"]["RMSE"], linestyle=":", color="black", label="free-form floor")
for baseline, style in zip(document["baselines"], ["--", "-.", (0, (1, 3))]):
    axes.axhline(1000 * baseline["directRMSE"], linestyle=style, color="gray", label=baseline["name"])
axes.set(xlabel="complexity, nodes", ylabel="RMSE of forces, meV/Å")
axes.legend()
figure.savefig("front.svg")


# %% U and F of an entry for a pair of types, with the cutoff mode of the run
def expression_value(entry, r, pair):
    """U(r) as the expression has it; r in Å, U in eV, pair as ("H", "O")."""
    names = {"r": r, "exp": np.exp, "log": np.log, "sqrt": np.sqrt, "tanh": np.tanh}
    text = entry["expression"]
    for name, value in entry["parameters"].items():
        if isinstance(value, float | int):  # global: one value
            names[name] = value
        elif f"{name}[]" in text:  # pair: a value per pair
            names[name] = value["-".join(sorted(pair))]
        elif f"{name}~" in text:  # mean: half the sum of the values of the types
            names[name] = (value[pair[0]] + value[pair[1]]) / 2
        else:  # product: the product of the factors of the types
            names[name] = value[pair[0]] * value[pair[1]]
    text = text.replace("[]", "").replace("~", "").replace("^", "**")
    return eval(text, {"__builtins__": {}}, names)


def potential(entry, r, pair, step=1e-5):
    """U and F = -dU/dr in eV and eV/Å."""

    def slope(r):
        return (expression_value(entry, r + step, pair) - expression_value(entry, r - step, pair)) / (2 * step)

    cutoff = document["cutoff"]
    energy = expression_value(entry, r, pair) - expression_value(entry, cutoff, pair)
    if document["cutoffMode"] == "shifted-force":
        return energy - (r - cutoff) * slope(cutoff), slope(cutoff) - slope(r)
    if document["cutoffMode"] == "constraint":
        return energy, -slope(r)
    raise ValueError("this notebook knows the modes constraint and shifted-force")


r = np.linspace(1.2, document["cutoff"], 400)
types = next(list(value) for value in best["parameters"].values() if isinstance(value, dict))
pairs = [(a, b) for i, a in enumerate(types) for b in types[i:]]
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
for pair, style in zip(pairs, ["-", "--", "-.", ":"]):
    energy, force = potential(best, r, pair)
    left.plot(r, energy, linestyle=style, label="-".join(pair))
    right.plot(r, force, linestyle=style)
left.set(xlabel="r, Å", ylabel="U, eV", ylim=(-1, 1))
right.set(xlabel="r, Å", ylabel="F, eV/Å", ylim=(-1, 1))
left.legend()
figure.savefig("potential.svg")
print(best["expression"])
for pair in pairs:
    energy, force = potential(best, 3.0, pair)
    print(f"{'-'.join(pair)} at 3 Å: U = {energy:.4f} eV, F = {force:.4f} eV/Å")

# %% The forms the search tried: best of each size, out of the database of the run
database = sqlite3.connect(f"file:{run}/run.sqlite?mode=ro", uri=True)
rows = database.execute(
    "SELECT complexity, count(*), min(trainLoss), expression FROM candidate "
    "WHERE status = 'fitted' GROUP BY complexity ORDER BY complexity"
)
for complexity, count, loss, expression in rows:
    print(f"{complexity:3} nodes, {count:5} fitted, best {1000 * loss**0.5:6.2f} meV/Å: {expression}")
