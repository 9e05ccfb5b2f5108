"""What the records have in common: pair distributions, starting structures, reports."""

import json
import platform
import subprocess
from datetime import date
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]


def symreg(program, *arguments):
    """Runs symreg; its standard output."""
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"symreg {' '.join(map(str, arguments))}\n{done.stderr}")
    return done.stdout


def recommended(run):
    """The recommended entry of a run, its document and how it is called in reports."""
    front = json.loads((Path(run) / "front.json").read_text())
    entry = next((entry for entry in front["front"] if entry["recommended"]), None)
    if entry is None:
        raise SystemExit(f"{run}: expected a recommended entry, found none")
    return entry, front


class PairDistribution:
    """g(r) of one species in orthogonal cells, up to half of the smallest edge."""

    def __init__(self, largest, width=0.05):
        self.edges = np.arange(0, largest + 1e-9, width)
        self.counts = np.zeros(len(self.edges) - 1)
        self.ideal = np.zeros(len(self.edges) - 1)

    @property
    def r(self):
        return (self.edges[1:] + self.edges[:-1]) / 2

    def add(self, positions, lengths):
        difference = positions[:, None, :] - positions[None, :, :]
        difference -= lengths * np.round(difference / lengths)
        upper = np.triu_indices(len(positions), 1)
        distances = np.sqrt((difference[upper] ** 2).sum(axis=1))
        self.counts += np.histogram(distances, self.edges)[0]
        # (N − 1)/V: the density that one atom sees.
        shells = 4 / 3 * np.pi * (self.edges[1:] ** 3 - self.edges[:-1] ** 3)
        self.ideal += shells * len(distances) / np.prod(lengths)

    @property
    def g(self):
        return self.counts / self.ideal

    def peak(self, low=0.0, high=np.inf):
        """Place and height of the highest point in a range: a parabola through the points about it."""
        inside = np.nonzero((self.r >= low) & (self.r <= high))[0]
        top = inside[np.argmax(self.g[inside])]
        near = slice(max(0, top - 4), top + 5)
        a, b, c = np.polyfit(self.r[near], self.g[near], 2)
        return -b / (2 * a), c - b * b / (4 * a)

    def trough(self, low, high):
        """Place and height of the lowest point in a range."""
        inside = np.nonzero((self.r >= low) & (self.r <= high))[0]
        place = inside[np.argmin(self.g[inside])]
        return self.r[place], self.g[place]

    def save(self, path):
        np.savetxt(path, np.stack([self.r, self.g], axis=1), fmt="%.6f", header="r/Å g")


def machine():
    """`AMD EPYC …, 1 thread`, without the name of the host."""
    for line in open("/proc/cpuinfo"):
        if line.startswith("model name"):
            return line.split(":")[1].strip()
    return platform.machine()


def report(lines, out, name):
    """Prints a report, and keeps it in the folder of results."""
    text = "\n".join(lines + ["", f"{date.today()}, {machine()}, 1 thread"]) + "\n"
    (Path(out) / name).write_text(text)
    print(text, end="", flush=True)
