#!/usr/bin/env python3
"""Sanity checks of the solvent-force data sets and a linear pair-potential baseline.

    baseline.py alanine-mean.extxyz [alanine-instant.extxyz]

The baseline is the best that *any* pair potential of the given typing can do, up to the
spline's resolution: per pair type a free radial force f(r) (cubic B-spline, 20 uniform
knots, 0.8-10 Angstrom), fitted by ridge least squares (ridge by 5-fold cross-validation
over training configurations), scored on held-out configurations.
"""
import sys

import numpy as np
from scipy.interpolate import BSpline

BONDS = [(0, 1), (1, 2), (1, 3), (1, 4), (4, 5), (4, 6), (6, 7), (6, 8), (8, 9), (8, 10),
         (10, 11), (10, 12), (10, 13), (8, 14), (14, 15), (14, 16), (16, 17), (16, 18),
         (18, 19), (18, 20), (18, 21)]
LO, HI, KNOTS = 0.8, 10.0, 20


def read(path):
    """List of frames: dict of the comment's keys and the columns as arrays."""
    frames = []
    with open(path) as fh:
        while True:
            n = fh.readline()
            if not n.strip():
                return frames
            keys = dict(kv.split("=", 1) for kv in fh.readline().replace('"F F F"', "FFF")
                        .split())
            rows = [fh.readline().split() for _ in range(int(n))]
            out, c = dict(keys=keys), 0
            prop = keys["Properties"].split(":")
            for name, kind, width in zip(prop[::3], prop[1::3], prop[2::3]):
                w = int(width)
                col = [r[c:c + w] for r in rows]
                c += w
                a = np.array(col) if kind == "S" else np.array(col, float)
                out[name] = a if w > 1 else a[:, 0]
            frames.append(out)


def separations():
    """Number of bonds between each two atoms (up to 9)."""
    n = 22
    d = np.full((n, n), 99)
    np.fill_diagonal(d, 0)
    for a, b in BONDS:
        d[a, b] = d[b, a] = 1
    for k in range(n):
        d = np.minimum(d, d[:, k:k + 1] + d[k:k + 1])
    return d


def typing(frame, kind):
    """Atom labels by which pair types are formed."""
    if kind == "element":
        return list(frame["species"])
    if kind == "amber":
        return list(frame["type"])
    sym = {"H1": "Ha", "H2": "Ha", "H3": "Ha", "HB1": "HB", "HB2": "HB", "HB3": "HB"}
    return ["%d%s" % (r, sym.get(n, n)) for r, n in zip(frame["resid"], frame["name"])]


def pair_table(labels, least=1, most=99):
    """Pairs (i, j) `least` to `most` bonds apart, and the type index of each."""
    sep = separations()
    pairs = [(i, j) for i in range(22) for j in range(i + 1, 22)
             if least <= sep[i, j] <= most]
    names = ["-".join(sorted((labels[i], labels[j]))) for i, j in pairs]
    kinds = sorted(set(names))
    return np.array(pairs), np.array([kinds.index(n) for n in names]), kinds


def knots():
    inner = np.linspace(LO, HI, KNOTS)
    return np.concatenate([[LO] * 3, inner, [HI] * 3])


def design(x, pairs, kind, nkind):
    """(66, nkind * nbasis) matrix of one frame: forces linear in spline coefficients."""
    t = knots()
    nb = len(t) - 4
    d = x[pairs[:, 0]] - x[pairs[:, 1]]
    r = np.sqrt((d ** 2).sum(1))
    ok = (r > LO) & (r < HI)
    b = np.zeros((len(r), nb))
    b[ok] = BSpline.design_matrix(r[ok], t, 3).toarray()
    u = d / r[:, None]
    a = np.zeros((22, 3, nkind, nb))
    g = u[:, :, None] * b[:, None, :]
    np.add.at(a, (pairs[:, 0][:, None], np.arange(3)[None], kind[:, None]), g)
    np.add.at(a, (pairs[:, 1][:, None], np.arange(3)[None], kind[:, None]), -g)
    return a.reshape(66, nkind * nb)


def matrices(frames, table):
    pairs, kind, names = table
    return [design(f["pos"], pairs, kind, len(names)) for f in frames]


def fit(frames, table, lams=(1e-4, 1e-3, 1e-2, 1e-1, 1), blocks=False):
    """Coefficients, with the ridge chosen by 5-fold CV (contiguous folds for a trajectory)."""
    mats, ys = matrices(frames, table), [f["forces"].ravel() for f in frames]
    n = len(frames)
    fold = np.arange(n) * 5 // n if blocks else np.random.default_rng(3).permutation(n) % 5
    nc = mats[0].shape[1]
    gs, hs = np.zeros((5, nc, nc)), np.zeros((5, nc))
    for k in range(5):
        sel = np.flatnonzero(fold == k)
        a, y = np.concatenate([mats[i] for i in sel]), np.concatenate([ys[i] for i in sel])
        gs[k], hs[k] = a.T @ a, a.T @ y
    g, h, best = gs.sum(0), hs.sum(0), None
    for lam in lams:
        err = 0.0
        for k in range(5):
            c = np.linalg.solve(g - gs[k] + lam * np.eye(nc), h - hs[k])
            err += c @ gs[k] @ c - 2 * c @ hs[k]
        if best is None or err < best[0]:
            best = (err, lam)
    return np.linalg.solve(g + best[1] * np.eye(nc), h), best[1]


def predict(frames, table, c):
    return np.array([(m @ c).reshape(22, 3) for m in matrices(frames, table)])


def r2(frames, pred, sel=None):
    """1 - SSE / sum of F^2 (about zero: the mean of a vector has no meaning here)."""
    y = np.array([f["forces"] for f in frames])
    if sel is not None:
        y, pred = y[:, sel], pred[:, sel]
    return 1 - ((y - pred) ** 2).sum() / (y ** 2).sum()


def ceiling(frames):
    """R2 of a perfect model, the rest being the noise of the averages."""
    y, s = (np.array([f[k] for f in frames]) for k in ("forces", "forces_se"))
    return 1 - (s ** 2).sum() / (y ** 2).sum()


def rigid(frames):
    """Forces with their net force and torque taken off (a pair force has neither)."""
    out = []
    for f in frames:
        x = f["pos"] - f["pos"].mean(0)
        b = [np.tile(np.eye(3)[k], 22) for k in range(3)]
        b += [np.cross(np.eye(3)[k], x).ravel() for k in range(3)]
        q, _ = np.linalg.qr(np.array(b).T)
        y = f["forces"].ravel()
        out.append(dict(f, forces=(y - q @ (q.T @ y)).reshape(22, 3)))
    return out


def main():
    mean = read(sys.argv[1])
    inst = read(sys.argv[2]) if len(sys.argv) > 2 else None
    F, S = (np.array([f[k] for f in mean]) for k in ("forces", "forces_se"))
    X = np.array([f["pos"] for f in mean])
    print("frames", len(mean), "finite", bool(np.isfinite(F).all() and np.isfinite(S).all()),
          "ps per frame %.1f" % np.mean([float(f["keys"]["ps"]) for f in mean]))
    print("rms F %.4f  rms SE %.4f eV/A  S/N %.2f (signal corrected for noise %.2f)" % (
        rms(F), rms(S), rms(F) / rms(S), np.sqrt(rms(F) ** 2 - rms(S) ** 2) / rms(S)))
    net, nse = F.sum(1), np.sqrt((S ** 2).sum(1))
    print("net force: rms %.4f, mean %s, |mean| se %s eV/A" % (
        rms(net), net.mean(0).round(4), (net.std(0) / np.sqrt(len(net))).round(4)))
    print("  rms of net force if atoms' errors were independent %.4f" % rms(nse))
    tq = np.cross(X - X.mean(1, keepdims=True), F).sum(1)
    print("torque: rms %.4f, mean %s se %s eV" % (
        rms(tq), tq.mean(0).round(4), (tq.std(0) / np.sqrt(len(tq))).round(4)))
    print("rms F by atom (eV/A), rms SE:")
    for i, (e, n, r) in enumerate(zip(mean[0]["species"], mean[0]["name"],
                                      mean[0]["resid"])):
        print("   %2d %s %-3s %d  %.4f  %.4f" % (i, e, n, r, rms(F[:, i]), rms(S[:, i])))

    train = [f for f in mean if f["keys"]["split"] == "train"]
    test = [f for f in mean if f["keys"]["split"] == "test"]
    print("train %d test %d; noise ceiling of R2 on test %.4f" % (
        len(train), len(test), ceiling(test)))
    rtest = rigid(test)
    print("%-10s %-9s %6s %5s %8s %8s %8s %8s %8s" % (
        "typing", "pairs", "types", "coef", "train", "test", "test/ceil", "test-rig", "ridge"))
    fitted = {}
    ranges = (("all", 1, 99), ("no12,13", 3, 99), ("no12-14", 4, 99), ("only12,13", 1, 2),
              ("only12-14", 1, 3))
    for kind in ("element", "amber", "atom"):
        for label, least, most in ranges:
            if kind == "atom" and label in ("no12-14", "only12-14"):
                continue
            table = pair_table(typing(mean[0], kind), least, most)
            c, lam = fit(train, table)
            fitted[kind, label] = table, c
            pt = predict(test, table, c)
            a, b = r2(train, predict(train, table, c)), r2(test, pt)
            print("%-10s %-9s %6d %5d %8.4f %8.4f %8.4f %8.4f %8g" % (
                kind, label, len(table[2]), len(c), a, b, b / ceiling(test),
                r2(rtest, pt), lam), flush=True)
    table, c = fitted["element", "all"]
    pt = predict(test, table, c)
    print("element/all, test R2 by element:", {e: round(float(r2(
        test, pt, np.flatnonzero(mean[0]["species"] == e))), 3) for e in "HCNO"})
    # harder split: whole phi bands held out
    phi = np.array([float(f["keys"]["phi"]) for f in mean])
    band = ((phi + 180) // 60).astype(int) % 3 == 1
    tr, te = [f for f, b in zip(mean, band) if not b], [f for f, b in zip(mean, band) if b]
    for least in (1, 3):
        table = pair_table(typing(mean[0], "element"), least)
        c, _ = fit(tr, table)
        print("element, least bonds %d, phi bands held out: R2 %.4f (n %d)" % (
            least, r2(te, predict(te, table, c)), len(te)))
    # learning curve
    table = pair_table(typing(mean[0], "element"), 1)
    for n in (25, 50, 100, 200, len(train)):
        if n <= len(train):
            sub = [train[i] for i in np.random.default_rng(1).permutation(len(train))[:n]]
            c, _ = fit(sub, table)
            print("element/all, %d training frames: R2 %.4f" % (
                n, r2(test, predict(test, table, c))))
    if inst:
        n = len(inst)
        itr, ite = inst[:2 * n // 3], inst[2 * n // 3:]
        P = np.array([[float(f["keys"][k]) for k in ("phi", "psi")] for f in inst])
        cells = len({(int((a + 180) // 15), int((b + 180) // 15)) for a, b in P})
        print("instant: %d frames, rms F %.4f eV/A, 15-degree cells visited %d of 576" % (
            n, rms(np.array([f["forces"] for f in inst])), cells))
        for kind, label in (("element", "all"), ("element", "no12,13"), ("amber", "all"),
                            ("amber", "no12,13")):
            table, cm = fitted[kind, label]
            c, lam = fit(itr, table, blocks=True)
            print("  %s/%s: trained on instant: R2 on its first 2/3 %.4f, its last third "
                  "%.4f, on mean/test %.4f; trained on mean: on instant's last third %.4f"
                  % (kind, label, r2(itr, predict(itr, table, c)),
                     r2(ite, predict(ite, table, c)), r2(test, predict(test, table, c)),
                     r2(ite, predict(ite, table, cm))), flush=True)


def rms(a):
    return float(np.sqrt((np.asarray(a) ** 2).mean()))


if __name__ == "__main__":
    main()
