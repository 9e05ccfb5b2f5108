"""Writes Corpus/golden.json: what the PyPI package `extxyz` reads from Corpus/Specification.

    python3 -m venv venv && venv/bin/pip install extxyz==0.4.6
    venv/bin/python Tests/AtomicDataTests/make_corpus_golden.py

Per frame: cell vectors as rows (Å), pbc, species, every column, and the keys with a single number
or text. A file that extxyz reads as plain xyz, for want of understanding its comment line, has no
place in that folder: the script stops.
"""
import json
import pathlib

import extxyz
import numpy as np

corpus = pathlib.Path(__file__).parent / "Corpus"


def plain(value):
    return value.tolist() if isinstance(value, (np.ndarray, np.generic)) else value


golden = {"extxyz": extxyz.__version__, "files": {}}
for path in sorted((corpus / "Specification").glob("*.xyz")):
    frames = []
    for frame in extxyz.iread_dicts(str(path)):
        if set(frame.arrays) <= {"species", "pos"}:
            raise SystemExit(f"{path.name}: read as plain xyz")
        info = {key: plain(value) for key, value in frame.info.items()}
        frames.append({
            "cell": frame.cell.T.tolist(),
            "pbc": frame.pbc.tolist(),
            "reals": {k: np.reshape(v, (frame.natoms, -1)).tolist()
                      for k, v in frame.arrays.items() if v.dtype.kind == "f"},
            "integers": {k: v.tolist() for k, v in frame.arrays.items()
                         if v.dtype.kind == "i" and v.ndim == 1},
            "texts": {k: v.tolist() for k, v in frame.arrays.items()
                      if v.dtype.kind == "U" and v.ndim == 1},
            "numericKeys": {k: v for k, v in info.items()
                            if isinstance(v, (int, float)) and not isinstance(v, bool)},
            "textKeys": {k: v for k, v in info.items() if isinstance(v, str)},
        })
    golden["files"][path.name] = frames
# A line per frame, so that changes show where they are.
lines = [f'{{"extxyz": {json.dumps(golden["extxyz"])}, "files": {{']
for number, (name, frames) in enumerate(golden["files"].items()):
    end = "]," if number + 1 < len(golden["files"]) else "]"
    lines += [f"{json.dumps(name)}: [", ",\n".join(map(json.dumps, frames)), end]
(corpus / "golden.json").write_text("\n".join(lines + ["}}"]) + "\n")
