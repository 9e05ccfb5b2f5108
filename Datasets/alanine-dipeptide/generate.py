#!/usr/bin/env python3
"""Mean solvent forces on alanine dipeptide (ACE-ALA-NME, 22 atoms) in explicit water.

Target
------
For a solute held rigid at configuration R, the mean force of the water on each atom,

    F_i(R) = < -dU_solute-water/dr_i >_(water | R)  =  -dW_solv/dr_i ,

the gradient of the solvation part of the potential of mean force, W_solv(R).
Every intra-solute term (bonded, LJ, bare non-periodic Coulomb over all 231 pairs) is left
out, so what is written is "PME total minus isolated (vacuum) solute", nothing else.

Model: amber14 ff14SB solute, TIP3P water (rigid), rhombic dodecahedron, PME (real-space
cut-off 0.84 nm), LJ plainly cut at 0.84 nm, 300 K NVT.  Water hydrogens weigh 3 amu (the
oxygen is lighter by the same), which leaves NVT averages of positions and forces untouched
and lets the water run at 4 fs.

Stages (each is resumable; run them in this order)
--------------------------------------------------
    generate.py setup                 solvated box at 1 bar           -> setup.npz
    generate.py configs               24 x 24 Ramachandran grid       -> configs.npz
    generate.py sample --replica 0    frozen-solute water averages    -> raw/r0_cNNN.npz
    generate.py sample --replica 1    ... again, from other water
    generate.py write                 merge all replicas              -> alanine-mean.extxyz
    generate.py instant               unbiased trajectory             -> alanine-instant.extxyz

Needs: pip install openmm numpy.  `sample --engine gromacs` (the default) and `setup` and
`instant` also need the `gmx` program (Debian: apt-get install gromacs); `--engine openmm`
needs OpenMM only, and is about 6 times slower on one core.

Units inside: OpenMM's (nm, kJ/mol, ps).  Units in the .xyz files: Angstrom and eV/Angstrom.
"""
import argparse
import json
import math
import os
import shutil
import struct
import subprocess
import tempfile
import time

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
TEMPERATURE = 300.0
CUTOFF = 0.84           # nm; OpenMM wants <= half of the smallest box-vector diagonal
N_WATER = 315
NS = 22                 # solute atoms
GRID = 24               # phi and psi cells per axis (15 degrees)
COULOMB = 138.935458    # kJ mol^-1 nm e^-2
EV_A = 0.01036426965 / 10.0   # kJ/mol/nm -> eV/Angstrom
H_MASS = 3.0            # amu, water hydrogens
WATER_MASS = 18.0154
PHI = (4, 6, 8, 14)     # C(ACE) N CA C(ALA)
PSI = (6, 8, 14, 16)    # N CA C(ALA) N(NME)
OMEGAS = ((1, 4, 6, 8), (8, 14, 16, 18))

# The standard extended geometry (Angstrom): residue, name, x, y, z.
START = """
ACE H1  2.000 1.000 0.000 | ACE CH3 2.000 2.090 0.000 | ACE H2  1.486 2.454 0.890
ACE H3  1.486 2.454 -.890 | ACE C   3.427 2.641 0.000 | ACE O   4.391 1.877 0.000
ALA N   3.555 3.970 0.000 | ALA H   2.733 4.556 0.000 | ALA CA  4.853 4.614 0.000
ALA HA  5.408 4.316 0.890 | ALA CB  5.661 4.221 -1.232| ALA HB1 5.123 4.521 -2.131
ALA HB2 6.630 4.719 -1.206| ALA HB3 5.809 3.141 -1.241| ALA C   4.713 6.129 0.000
ALA O   3.601 6.653 0.000 | NME N   5.846 6.835 0.000 | NME H   6.737 6.359 0.000
NME C   5.846 8.284 0.000 | NME H1  4.819 8.648 0.000 | NME H2  6.360 8.648 0.890
NME H3  6.360 8.648 -.890
"""


# ---------------------------------------------------------------- solute and force field

def solute():
    """OpenMM topology and start coordinates (nm) of ACE-ALA-NME."""
    from openmm.app import Topology, Element
    top = Topology()
    chain, res, xyz = top.addChain(), None, []
    for item in START.replace("\n", "|").split("|"):
        if not item.strip():
            continue
        rn, an, *r = item.split()
        if res is None or res.name != rn:
            res = top.addResidue(rn, chain)
        top.addAtom(an, Element.getBySymbol(an[0]), res)
        xyz.append([float(v) / 10 for v in r])
    top.createStandardBonds()
    return top, np.array(xyz)


def forcefield(*extra):
    from openmm.app import ForceField
    return ForceField("amber14/protein.ff14SB.xml", "amber14/tip3p.xml", *extra)


def solute_parameters():
    """Names, amber types, charges, LJ and bonded terms of the isolated solute."""
    import openmm as mm
    from openmm import unit as u
    top, _ = solute()
    ff = forcefield()
    system = ff.createSystem(top)
    p = dict(name=[], resname=[], resid=[], element=[], type=[], bonds=[], angles=[],
             torsions=[], pairs14=[])
    for k, res in enumerate(top.residues()):
        by_name = {a.name: a.type for a in ff._templates[res.name].atoms}
        # the template calls the methyl atoms HH31.. and CH3; match by hydrogens' carbon
        hyd = by_name.get("HH31")
        for a in res.atoms():
            t = by_name.get(a.name)
            if res.name != "ALA" and a.name in ("H1", "H2", "H3"):
                t = hyd
            if res.name == "NME" and a.name == "C":
                t = by_name["CH3"]
            p["name"].append(a.name)
            p["resname"].append(res.name)
            p["resid"].append(k + 1)
            p["element"].append(a.element.symbol)
            p["type"].append(t.split("-")[-1])
    nm, kj = u.nanometer, u.kilojoule_per_mole
    for f in system.getForces():
        if isinstance(f, mm.NonbondedForce):
            q = [f.getParticleParameters(i) for i in range(NS)]
            p["charge"] = [x[0].value_in_unit(u.elementary_charge) for x in q]
            p["sigma"] = [x[1].value_in_unit(nm) for x in q]
            p["epsilon"] = [x[2].value_in_unit(kj) for x in q]
            for k in range(f.getNumExceptions()):
                i, j, qq, s, e = f.getExceptionParameters(k)
                if e._value != 0 or qq._value != 0:
                    p["pairs14"].append((i, j, s._value, e._value))
        elif isinstance(f, mm.HarmonicBondForce):
            for k in range(f.getNumBonds()):
                i, j, r, kk = f.getBondParameters(k)
                p["bonds"].append((i, j, r._value, kk._value))
        elif isinstance(f, mm.HarmonicAngleForce):
            for k in range(f.getNumAngles()):
                i, j, l, th, kk = f.getAngleParameters(k)
                p["angles"].append((i, j, l, math.degrees(th._value), kk._value))
        elif isinstance(f, mm.PeriodicTorsionForce):
            for k in range(f.getNumTorsions()):
                i, j, l, m, n, ph, kk = f.getTorsionParameters(k)
                p["torsions"].append((i, j, l, m, math.degrees(ph._value), kk._value, n))
    p["mass"] = [system.getParticleMass(i).value_in_unit(u.dalton) for i in range(NS)]
    return p


def bare_coulomb(x, q):
    """Non-periodic Coulomb forces (kJ/mol/nm) among all pairs of the solute."""
    d = x[:, None] - x[None]
    r2 = (d ** 2).sum(-1)
    np.fill_diagonal(r2, 1.0)
    f = COULOMB * q[:, None] * q[None] / r2 ** 1.5
    np.fill_diagonal(f, 0.0)
    return (f[..., None] * d).sum(1)


def dihedral(x, i, j, k, l):
    b0, b1, b2 = x[i] - x[j], x[k] - x[j], x[l] - x[k]
    b1 = b1 / np.linalg.norm(b1)
    v, w = b0 - b0.dot(b1) * b1, b2 - b2.dot(b1) * b1
    return math.degrees(math.atan2(np.cross(b1, v).dot(w), v.dot(w)))


def align(x, ref):
    """x moved rigidly onto ref (least squares over all atoms)."""
    cx, cr = x.mean(0), ref.mean(0)
    u, _, vt = np.linalg.svd((x - cx).T @ (ref - cr))
    s = np.diag([1, 1, np.sign(np.linalg.det(u @ vt))])
    return (x - cx) @ (u @ s @ vt) + cr


def box_vectors(length):
    """Rhombic dodecahedron, image distance `length` (nm)."""
    return length * np.array([[1, 0, 0], [0, 1, 0], [.5, .5, math.sqrt(.5)]])


# --------------------------------------------------------------------------- GROMACS glue

def read_trr(path):
    """Yields (step, x or None, f or None) of each frame of a single-precision .trr."""
    with open(path, "rb") as fh:
        data = fh.read()
    pos = 0
    while pos < len(data):
        magic, _, slen = struct.unpack_from(">iii", data, pos)
        assert magic == 1993
        pos += 12 + (slen + 3) // 4 * 4
        sizes = struct.unpack_from(">13i", data, pos)
        pos += 52 + 8                                   # 13 ints, then time and lambda
        _, _, bsz, vsz, psz, _, _, xsz, vxsz, fsz, nat, step, _ = sizes
        box = np.frombuffer(data, ">f4", bsz // 4, pos).reshape(3, 3) if bsz else None
        pos += bsz + vsz + psz
        out = []
        for size in (xsz, vxsz, fsz):
            out.append(np.frombuffer(data, ">f4", size // 4, pos).reshape(nat, 3)
                       .astype(float) if size else None)
            pos += size
        yield step, out[0], out[2], box


def gro_text(x, box, p):
    lines = ["alanine dipeptide in water", str(len(x))]
    for i, r in enumerate(x):
        if i < NS:
            resid, rn, an = 1, "ALD", p["name"][i]
        else:
            resid, rn, an = 2 + (i - NS) // 3, "SOL", ("OW", "HW1", "HW2")[(i - NS) % 3]
        lines.append("%5d%-5s%5s%5d%13.8f%13.8f%13.8f" % (resid, rn, an, i + 1, *r))
    b = box
    lines.append(" ".join("%.8f" % v for v in (b[0][0], b[1][1], b[2][2], b[0][1], b[0][2],
                                               b[1][0], b[1][2], b[2][0], b[2][1])))
    return "\n".join(lines) + "\n"


def top_text(p, n_water, flexible):
    """flexible: the full ff14SB solute.  Otherwise 22 unbonded charges that feel the water
    by LJ and Coulomb, and each other by Coulomb only (taken off again by bare_coulomb)."""
    t = ["[ defaults ]", "1 2 no 0.5 0.8333333333", "[ atomtypes ]"]
    for i in range(NS):
        t.append("T%d 1 12.0 0.0 A %.10f %.10f" % (i, p["sigma"][i], p["epsilon"][i]))
    t.append("OW 1 16.0 0.0 A %.10f %.10f" % tuple(p["water_lj"]))
    t.append("HW 1 1.0 0.0 A 1.0 0.0")
    if not flexible:
        t.append("[ nonbond_params ]")
        t += ["T%d T%d 1 0.2 0.0" % (i, j) for i in range(NS) for j in range(i, NS)]
    t += ["[ moleculetype ]", "ALD %d" % (3 if flexible else 0), "[ atoms ]"]
    for i in range(NS):
        t.append("%d T%d 1 ALD %s %d %.8f %.5f" % (i + 1, i, p["name"][i], i + 1,
                                                   p["charge"][i], p["mass"][i]))
    if flexible:
        t.append("[ bonds ]")
        t += ["%d %d 1 %.8f %.6f" % (i + 1, j + 1, r, k) for i, j, r, k in p["bonds"]]
        t.append("[ pairs ]")
        t += ["%d %d 1 %.10f %.10f" % (i + 1, j + 1, s, e) for i, j, s, e in p["pairs14"]]
        t.append("[ angles ]")
        t += ["%d %d %d 1 %.6f %.6f" % (i + 1, j + 1, l + 1, th, k)
              for i, j, l, th, k in p["angles"]]
        t.append("[ dihedrals ]")
        t += ["%d %d %d %d 9 %.6f %.8f %d" % (i + 1, j + 1, l + 1, m + 1, ph, k, n)
              for i, j, l, m, ph, k, n in p["torsions"]]
    t += ["[ moleculetype ]", "SOL 0", "[ atoms ]",
          "1 OW 1 SOL OW 1 -0.834 %.4f" % (WATER_MASS - 2 * H_MASS),
          "2 HW 1 SOL HW1 1 0.417 %.4f" % H_MASS, "3 HW 1 SOL HW2 1 0.417 %.4f" % H_MASS,
          "[ settles ]", "1 1 0.09572 0.15139006545", "[ exclusions ]", "1 2 3", "2 1 3",
          "3 1 2", "[ system ]", "x", "[ molecules ]", "ALD 1", "SOL %d" % n_water]
    return "\n".join(t) + "\n"


MDP = dict(integrator="md", dt=0.004, nsteps=1000, cutoff_scheme="Verlet", nstlist=10,
           coulombtype="PME", rcoulomb=CUTOFF, rvdw=CUTOFF, vdw_modifier="None",
           DispCorr="no", fourierspacing=0.12, ewald_rtol=1e-4, pme_order=4,
           tcoupl="v-rescale", tc_grps="System", tau_t=0.5, ref_t=TEMPERATURE,
           comm_mode="none", gen_vel="yes", gen_temp=TEMPERATURE, gen_seed=1, ld_seed=1,
           nstxout=0, nstvout=0, nstfout=0, nstlog=0, nstenergy=0, nstcalcenergy=100)
FREEZE = dict(freezegrps="ALD", freezedim="Y Y Y")


class Gromacs:
    """Runs gmx in a scratch folder: text in, arrays out."""

    def __init__(self, p, n_water):
        self.p, self.n_water = p, n_water
        base = "/dev/shm" if os.path.isdir("/dev/shm") else None
        self.dir = tempfile.mkdtemp(prefix="ala_", dir=base)
        nat = NS + 3 * n_water
        self._put("i.ndx", "".join("[ %s ]\n%s\n" % (n, "\n".join(map(str, range(a, b + 1))))
                                   for n, a, b in (("System", 1, nat), ("ALD", 1, NS),
                                                   ("SOL", NS + 1, nat))))
        self._put("frozen.top", top_text(p, n_water, False))
        self._put("flex.top", top_text(p, n_water, True))

    def _put(self, name, text):
        with open(os.path.join(self.dir, name), "w") as f:
            f.write(text)

    def _gmx(self, *args):
        env = dict(os.environ, OMP_NUM_THREADS="1", GMX_MAXBACKUP="-1")
        r = subprocess.run(["gmx", "-quiet", *args], cwd=self.dir, env=env,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if r.returncode:
            raise RuntimeError("gmx %s failed:\n%s" % (args[0], r.stdout[-3000:]))

    def run(self, x, box, top="frozen.top", rerun=None, **mdp):
        """One grompp + mdrun; the frames of its .trr."""
        self._put("r.gro", gro_text(x, box, self.p))
        self._put("r.mdp", "".join("%s = %s\n" % kv for kv in {**MDP, **mdp}.items()))
        for f in ("r.trr", "r.tpr"):
            if os.path.exists(os.path.join(self.dir, f)):
                os.remove(os.path.join(self.dir, f))
        self._gmx("grompp", "-f", "r.mdp", "-c", "r.gro", "-p", top, "-n", "i.ndx",
                  "-o", "r.tpr", "-maxwarn", "5")
        extra = ["-rerun", rerun] if rerun else []
        self._gmx("mdrun", "-s", "r.tpr", "-deffnm", "r", "-ntmpi", "1", "-ntomp", "1",
                  "-pin", "off", *extra)
        return list(read_trr(os.path.join(self.dir, "r.trr")))

    def solvent_forces(self, x, box, eq_ps, prod_ps, seed):
        """Water relaxed and run around the frozen solute x[:22].

        Returns the time series (T, 22, 3) of the solvent force (kJ/mol/nm), one sample
        each 0.04 ps, and the last coordinates."""
        # from the whole solute: gmx may hand back atoms wrapped into the box
        f0 = bare_coulomb(x[:NS], np.array(self.p["charge"]))
        x = self.run(x, box, integrator="steep", nsteps=80, emtol=200.0, emstep=0.005,
                     nstxout=1000, tcoupl="no", gen_vel="no", **FREEZE)[-1][1].copy()
        frames = self.run_md(x, box, eq_ps + prod_ps, seed)
        first = round(eq_ps / 0.004)
        f = np.array([f[:NS] for s, _, f, _ in frames if f is not None and s > first])
        return f - f0, frames[-1][1]

    def run_md(self, x, box, ps, seed):
        n = round(ps / 0.004)
        return self.run(x, box, nsteps=n, nstfout=10, nstxout=n, gen_seed=seed,
                        ld_seed=seed, **FREEZE)

    def close(self):
        shutil.rmtree(self.dir, ignore_errors=True)


# --------------------------------------------------------------------------- OpenMM engine

class OpenMM:
    """The same samples from OpenMM's CPU platform: slower, and a check of the other."""

    def __init__(self, p, n_water, dt_fs=4.0):
        import openmm as mm
        nb = mm.NonbondedForce()
        system = mm.System()
        for i in range(NS):
            system.addParticle(0.0)                        # massless: never moves
            nb.addParticle(p["charge"][i], p["sigma"][i], p["epsilon"][i])
        for w in range(n_water):
            o = system.addParticle(WATER_MASS - 2 * H_MASS)
            nb.addParticle(-0.834, *p["water_lj"])
            for _ in range(2):
                system.addParticle(H_MASS)
                nb.addParticle(0.417, 1.0, 0.0)
            system.addConstraint(o, o + 1, 0.09572)
            system.addConstraint(o, o + 2, 0.09572)
            system.addConstraint(o + 1, o + 2, 0.15139006545)
            for a, b in ((o, o + 1), (o, o + 2), (o + 1, o + 2)):
                nb.addException(a, b, 0, 1, 0)
        # no solute-solute term: PME then takes off just the bare 1/r of each pair
        for i in range(NS):
            for j in range(i + 1, NS):
                nb.addException(i, j, 0, 1, 0)
        nb.setNonbondedMethod(mm.NonbondedForce.PME)
        nb.setCutoffDistance(CUTOFF)
        nb.setUseDispersionCorrection(False)
        system.addForce(nb)
        self.system, self.dt, self.mm = system, dt_fs, mm
        self.ctx = None

    def context(self, box):
        if self.ctx is None:
            mm = self.mm
            self.system.setDefaultPeriodicBoxVectors(*[mm.Vec3(*v) for v in box])
            self.integ = mm.LangevinMiddleIntegrator(TEMPERATURE, 1.0, self.dt / 1000)
            self.ctx = mm.Context(self.system, self.integ,
                                  mm.Platform.getPlatformByName("CPU"), {"Threads": "1"})
        return self.ctx

    def forces(self, x, box):
        ctx = self.context(box)
        ctx.setPositions(x)
        return ctx.getState(getForces=True).getForces(asNumpy=True)._value[:NS]

    def solvent_forces(self, x, box, eq_ps, prod_ps, seed):
        ctx = self.context(box)
        ctx.setPositions(x)
        self.mm.LocalEnergyMinimizer.minimize(ctx, 10.0, 60)
        ctx.setVelocitiesToTemperature(TEMPERATURE, seed)
        self.integ.step(round(eq_ps * 1000 / self.dt))
        out = []
        for _ in range(round(prod_ps / 0.1)):
            self.integ.step(round(100 / self.dt))
            out.append(ctx.getState(getForces=True).getForces(asNumpy=True)._value[:NS])
        return np.array(out), ctx.getState(getPositions=True).getPositions(
            asNumpy=True)._value

    def close(self):
        pass


# --------------------------------------------------------------------------------- stages

def path(name):
    return os.path.join(HERE, name)


def load_setup():
    s = np.load(path("setup.npz"), allow_pickle=False)
    return json.loads(str(s["parameters"])), s["x"], s["box"]


def stage_setup(args):
    """Solvates the solute, relaxes the box at 1 bar, keeps the mean volume."""
    import openmm as mm
    from openmm import unit as u
    from openmm.app import Modeller
    p = solute_parameters()
    top, x0 = solute()
    ff = forcefield()
    m = Modeller(top, [mm.Vec3(*r) for r in x0] * u.nanometer)
    m.addSolvent(ff, model="tip3p", numAdded=N_WATER, boxShape="dodecahedron",
                 neutralize=False)
    water = ff.createSystem(m.topology)
    nb = [f for f in water.getForces() if isinstance(f, mm.NonbondedForce)][0]
    p["water_lj"] = [v._value for v in nb.getParticleParameters(NS)[1:]]
    x = np.array(m.positions.value_in_unit(u.nanometer))
    box = np.array([[c for c in v] for v in
                    m.topology.getPeriodicBoxVectors().value_in_unit(u.nanometer)])
    n_water = (len(x) - NS) // 3
    g = Gromacs(p, n_water)
    x = g.run(x, box, top="flex.top", integrator="steep", nsteps=300, emtol=50.0,
              nstxout=1000, tcoupl="no", gen_vel="no")[-1][1]
    fr = g.run(x, box, top="flex.top", dt=0.002, nsteps=150000, pcoupl="C-rescale",
               constraints="h-bonds", pcoupltype="isotropic", tau_p=1.0, ref_p=1.0,
               compressibility=4.5e-5, DispCorr="EnerPres", nstxout=500, nstcalcenergy=10)
    vol = np.array([np.linalg.det(b) for _, _, _, b in fr])[len(fr) // 6:]
    length = (vol.mean() * math.sqrt(2)) ** (1 / 3)
    best = min((f for f in fr[len(fr) // 6:]),
               key=lambda f: abs(np.linalg.det(f[3]) - vol.mean()))
    x = best[1] * (length / best[3][0, 0])
    x = whole(x, best[3] * (length / best[3][0, 0]))
    g.close()
    np.savez(path("setup.npz"), parameters=json.dumps(p), x=x, box=box_vectors(length))
    print("waters %d, volume %.3f +- %.3f nm^3, image distance %.4f nm, box\n%s" % (
        n_water, vol.mean(), vol.std() / math.sqrt(len(vol) / 10), length,
        box_vectors(length)))


def whole(x, box):
    """Solute and each water made whole across the periodic boundary."""
    x = x.copy()

    def near(a, b):
        d = a - b
        # reduced triclinic box: take off z, then y, then x
        for k in (2, 1, 0):
            d = d - np.outer(np.round(d[:, k] / box[k, k]), box[k])
        best, n2 = d, (d ** 2).sum(1)
        for i in (-1, 0, 1):
            for j in (-1, 0, 1):
                for k in (-1, 0, 1):
                    e = d + np.array([i, j, k]) @ box
                    m2 = (e ** 2).sum(1)
                    better = m2 < n2 - 1e-9
                    best = np.where(better[:, None], e, best)
                    n2 = np.minimum(n2, m2)
        return b + best

    for i in range(1, NS):          # the atom before is never far (< 0.3 nm)
        x[i] = near(x[i:i + 1], x[i - 1:i])[0]
    o = x[NS::3]
    x[NS + 1::3] = near(x[NS + 1::3], o)
    x[NS + 2::3] = near(x[NS + 2::3], o)
    return x


def stage_configs(args):
    """One solute configuration per cell of the Ramachandran plane: 300 K Langevin dynamics
    (1 fs, all bonds flexible, GBn2 implicit water) with phi and psi held by a harmonic
    restraint at a random point of the cell (and both amides kept trans)."""
    import openmm as mm
    from openmm.app import NoCutoff
    rng = np.random.default_rng(7)
    top, x0 = solute()
    system = forcefield("implicit/gbn2.xml").createSystem(top, nonbondedMethod=NoCutoff)
    bias = mm.CustomTorsionForce(
        "0.5*500*d^2; d=min(abs(theta-t0), 6.283185307-abs(theta-t0))")
    bias.addPerTorsionParameter("t0")
    for t in (PHI, PSI):
        bias.addTorsion(*t, [0.0])
    system.addForce(bias)
    # the amides stay trans: nothing within 35 degrees of 180, a wall beyond
    wall = mm.CustomTorsionForce("0.5*1000*max(0, 3.141592654-abs(theta)-0.61)^2")
    for t in OMEGAS:
        wall.addTorsion(*t, [])
    system.addForce(wall)
    vac = forcefield().createSystem(top, nonbondedMethod=NoCutoff)
    vctx = mm.Context(vac, mm.VerletIntegrator(0.001),
                      mm.Platform.getPlatformByName("Reference"))
    integ = mm.LangevinMiddleIntegrator(TEMPERATURE, 5.0, 0.001)
    integ.setRandomNumberSeed(7)
    # the CPU platform is 9 times faster than Reference for generalized Born
    ctx = mm.Context(system, integ, mm.Platform.getPlatformByName("CPU"), {"Threads": "1"})
    ctx.setPositions(x0)
    mm.LocalEnergyMinimizer.minimize(ctx, 10.0, 500)
    ctx.setVelocitiesToTemperature(TEMPERATURE, 7)
    cell = 360.0 / GRID
    pos, rows = np.zeros((GRID * GRID, NS, 3)), np.zeros((GRID * GRID, 6))

    def hold(target):
        for k, t in enumerate((PHI, PSI)):
            a = math.radians((target[k] + 180) % 360 - 180)
            bias.setTorsionParameters(k, *t, [a])
        bias.updateParametersInContext(ctx)

    for a in range(GRID):
        for b in range(GRID):
            b_ = b if a % 2 == 0 else GRID - 1 - b           # snake: neighbours in turn
            target = -180 + cell * (np.array([a, b_]) + rng.uniform(0, 1, 2))
            if a == b == 0:                                    # walk in from (180, 180)
                for s in np.linspace(0, 1, 20):
                    hold(np.array([180., 180.]) + s * ((target - 180 + 180) % 360 - 180))
                    integ.step(300)
            hold(target)
            integ.step(1000)
            st = ctx.getState(getPositions=True)
            x = st.getPositions(asNumpy=True)._value
            vctx.setPositions(x)
            e = vctx.getState(getEnergy=True).getPotentialEnergy()._value
            i = a * GRID + b_
            pos[i] = x - x.mean(0)
            rows[i] = [dihedral(x, *PHI), dihedral(x, *PSI), dihedral(x, *OMEGAS[0]),
                       dihedral(x, *OMEGAS[1]), e, chirality(x)]
    np.savez(path("configs.npz"), pos=pos, phi=rows[:, 0], psi=rows[:, 1],
             omega1=rows[:, 2], omega2=rows[:, 3], e_vac=rows[:, 4], chirality=rows[:, 5])
    print("configs", len(pos), "cells hit",
          len({(int((f + 180) // cell), int((g + 180) // cell)) for f, g in rows[:, :2]}),
          "L", int((rows[:, 5] > 0).sum()), "trans",
          int((np.abs(rows[:, 2:4]) > 120).all(1).sum()),
          "vacuum energy over the least (kJ/mol), deciles",
          np.percentile(rows[:, 4] - rows[:, 4].min(), range(0, 101, 10)).round(0))


def chirality(x):
    """> 0 for the L amino acid: (N, C, CB) seen from HA."""
    n, c, cb, ca = x[6], x[14], x[10], x[8]
    return float(np.dot(np.cross(n - ca, c - ca), cb - ca) * 1e3)


def visit_order():
    """Four 12 x 12 sublattices (30 degrees), each in snake order, so that any first part
    of a run covers the plane evenly while neighbours in time are neighbours in phi, psi."""
    order = []
    for oa, ob in ((0, 0), (1, 1), (0, 1), (1, 0)):
        for k, a in enumerate(range(oa, GRID, 2)):
            bs = list(range(ob, GRID, 2))
            order += [a * GRID + b for b in (bs if k % 2 == 0 else bs[::-1])]
    return order


def stage_sample(args):
    """Mean solvent force of each configuration; one small file each, so it can be stopped
    (a file named STOP here ends it cleanly) and started at will."""
    p, x, box = load_setup()
    cfg = np.load(path("configs.npz"))["pos"]
    n_water = (len(x) - NS) // 3
    engine = {"gromacs": Gromacs, "openmm": OpenMM}[args.engine](p, n_water)
    os.makedirs(path("raw"), exist_ok=True)
    order = visit_order()
    if args.replica % 2:
        order = order[::-1]
    if args.limit:
        order = order[:args.limit]
    done, t0 = 0, time.time()
    for idx in order:
        out = path("raw/r%d_c%03d.npz" % (args.replica, idx))
        if os.path.exists(path("STOP")):
            break
        if os.path.exists(out):
            continue
        xs = align(cfg[idx], x[:NS])
        start = x.copy()
        start[:NS] = xs
        seed = 1 + args.replica * 1000 + idx
        for attempt in range(3):
            try:
                f, last = engine.solvent_forces(start, box, args.eq, args.prod,
                                                seed + 100000 * attempt)
                if not np.isfinite(f).all() or np.abs(f).max() > 2e4:
                    raise RuntimeError("wild forces %g" % np.abs(f).max())
                break
            except RuntimeError as err:
                print("config", idx, "attempt", attempt, str(err)[-400:], flush=True)
                start = load_setup()[1]                       # fresh water
                start[:NS] = align(cfg[idx], start[:NS])
        else:
            continue
        x = whole(last, box)
        nb = int(args.prod)                                   # blocks of 1 ps
        blocks = np.array([b.mean(0) for b in np.array_split(f, nb)])
        tmp = out + ".tmp.npz"
        np.savez(tmp, x=start[:NS], blocks=blocks.astype(np.float32),
                 std=f.std(0).astype(np.float32), n=len(f), ps=args.prod)
        os.replace(tmp, out)
        done += 1
        if done % 20 == 0:
            dt = (time.time() - t0) / done
            print("%s done %d, %.2f s each, %.0f per hour" % (
                time.strftime("%H:%M:%S"), done, dt, 3600 / dt), flush=True)
    engine.close()


def merge(se_scale=1.0):
    """All replicas together: idx, x (nm), mean and SE of the force (kJ/mol/nm), ps.

    Each replica ran in its own orientation, so its blocks are first turned into that of
    the first.  SE = sd of the 1 ps block means / sqrt(blocks) * se_scale, where se_scale
    (>1) allows for the correlation left between blocks."""
    found = {}
    for name in sorted(os.listdir(path("raw"))):
        if name.startswith("r") and name.endswith(".npz") and ".tmp" not in name:
            r, c = name[1:-4].split("_c")
            d = np.load(path("raw/" + name))
            found.setdefault(int(c), []).append((d["x"], d["blocks"].astype(float)))
    rows = []
    for c in sorted(found):
        ref = found[c][0][0]
        parts = []
        for x, b in found[c]:
            cx, cr = x - x.mean(0), ref - ref.mean(0)
            u, _, vt = np.linalg.svd(cx.T @ cr)
            rot = u @ np.diag([1, 1, np.sign(np.linalg.det(u @ vt))]) @ vt
            parts.append(b @ rot)
        blocks = np.concatenate(parts)
        within = np.concatenate([q - q.mean(0) for q in parts])
        dof = len(blocks) - len(parts)
        var = (within ** 2).sum(0) / dof
        rows.append(dict(idx=c, x=ref - ref.mean(0), mean=blocks.mean(0),
                         se=np.sqrt(var / len(blocks)) * se_scale, ps=len(blocks),
                         parts=[q.mean(0) for q in parts],
                         nparts=[len(q) for q in parts]))
    return rows


def write_frame(fh, p, x, f, se, **keys):
    """One extended-XYZ frame; x in nm and forces in kJ/mol/nm come in."""
    props = "species:S:1:pos:R:3:forces:R:3" + (":forces_se:R:3" if se is not None else "")
    props += ":type:S:1:name:S:1:q:R:1:resid:I:1:molid:I:1"
    fh.write("%d\nProperties=%s %s pbc=\"F F F\"\n" % (NS, props, " ".join(
        "%s=%s" % kv for kv in keys.items())))
    for i in range(NS):
        cols = ["%-2s" % p["element"][i]] + ["%12.7f" % (10 * v) for v in x[i]]
        cols += ["%12.7f" % (EV_A * v) for v in f[i]]
        if se is not None:
            cols += ["%10.7f" % (EV_A * v) for v in se[i]]
        cols += ["%-2s" % p["type"][i], "%-3s" % p["name"][i], "%9.5f" % p["charge"][i],
                 "%d" % p["resid"][i], "1"]
        fh.write(" ".join(cols) + "\n")


def stage_write(args):
    p, _, _ = load_setup()
    cfg = np.load(path("configs.npz"))
    rows = merge(args.se_scale)
    # the same third is always held out, whatever has been sampled so far
    perm = np.random.default_rng(11).permutation(GRID * GRID)
    test = set(perm[:GRID * GRID // 3].tolist())
    with open(path("alanine-mean.extxyz"), "w") as fh:
        for r in rows:
            i = r["idx"]
            write_frame(fh, p, r["x"], r["mean"], r["se"], config=i,
                        phi="%.3f" % cfg["phi"][i], psi="%.3f" % cfg["psi"][i],
                        omega1="%.3f" % cfg["omega1"][i], omega2="%.3f" % cfg["omega2"][i],
                        e_vac_kjmol="%.3f" % (cfg["e_vac"][i] - cfg["e_vac"].min()),
                        ps=r["ps"], split="test" if i in test else "train")
    with open(path("topology.json"), "w") as fh:
        json.dump(dict(p, units="nm, kJ/mol, e, amu, degrees; 0-based atoms"), fh, indent=1)
    print("wrote", len(rows), "frames")


def stage_instant(args):
    """Instantaneous solvent forces along a plain 300 K trajectory of the flexible solute
    (2 fs, bonds to hydrogen rigid): no restraint, no averaging."""
    p, x, box = load_setup()
    n_water = (len(x) - NS) // 3
    g = Gromacs(p, n_water)
    every = round(args.spacing / 0.002)
    n = every * args.frames
    common = dict(top="flex.top", dt=0.002, constraints="h-bonds", nstxout=every)
    eq = g.run(x, box, nsteps=every * round(20 / args.spacing), **common)
    fr = g.run(whole(eq[-1][1], box), box, nsteps=n, gen_seed=5, ld_seed=5, **common)
    xs = [whole(f[1], box) for f in fr if f[1] is not None][1:]
    shutil.copy(os.path.join(g.dir, "r.trr"), os.path.join(g.dir, "traj.trr"))
    re = g.run(xs[0], box, rerun="traj.trr", nsteps=n, nstfout=1, nstxout=1, tcoupl="no",
               gen_vel="no", integrator="md", **FREEZE)[1:]
    q = np.array(p["charge"])
    assert len(re) == len(xs)
    with open(path("alanine-instant.extxyz"), "w") as fh:
        for k, (a, b) in enumerate(zip(xs, re)):
            s = a[:NS]
            f = b[2][:NS] - bare_coulomb(s, q)
            write_frame(fh, p, s - s.mean(0), f, None, frame=k,
                        time_ps="%.3f" % ((k + 1) * args.spacing),
                        phi="%.3f" % dihedral(s, *PHI), psi="%.3f" % dihedral(s, *PSI))
    g.close()
    print("wrote", len(xs), "frames")


def main():
    ap = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    sub = ap.add_subparsers(dest="stage", required=True)
    sub.add_parser("setup")
    sub.add_parser("configs")
    s = sub.add_parser("sample")
    s.add_argument("--engine", choices=("gromacs", "openmm"), default="gromacs")
    s.add_argument("--replica", type=int, default=0)
    s.add_argument("--eq", type=float, default=3.0, help="ps thrown away")
    s.add_argument("--prod", type=float, default=10.0, help="ps averaged")
    s.add_argument("--limit", type=int, default=0)
    w = sub.add_parser("write")
    w.add_argument("--se-scale", type=float, default=1.0)
    i = sub.add_parser("instant")
    i.add_argument("--frames", type=int, default=2000)
    i.add_argument("--spacing", type=float, default=0.25, help="ps")
    args = ap.parse_args()
    globals()["stage_" + args.stage](args)


if __name__ == "__main__":
    main()
