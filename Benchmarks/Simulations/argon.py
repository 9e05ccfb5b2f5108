"""216 argon atoms with the recommended potential of a search on liquid argon from DFT, in LAMMPS and OpenMM:
energy drift over 20 ps, and the pair distribution next to that of the DFT trajectory.

    symreg search Ar_dft_short.extxyz --cutoff-mode shifted-force --seed 1 --max-evaluations 10000 --out RUN
    .engines/bin/python Benchmarks/Simulations/argon.py RUN Ar_dft_short.extxyz --out FOLDER
"""

import argparse
import sys
from pathlib import Path

import numpy as np
from ase.io import read

import engines
from structure import PairDistribution, recommended, report, symreg

BOLTZMANN = 8.617333262145179e-5  # eV/K
# eV of a mass of 1 u at 1 Å/ps.
KINETIC_UNIT = 1.66053906660e-27 * 1e4 / 1.602176634e-19
MASS = 39.95
TIME_STEP = 0.002  # ps
EQUILIBRATION = 10_000
PRODUCTION = 10_000
STRIDE = 20


class Trajectory:
    """The DFT trajectory: frames 10 fs apart."""

    def __init__(self, path):
        frames = read(path, index=":")
        self.lengths = frames[0].cell.lengths()
        positions = np.array([atoms.positions for atoms in frames])
        times = [atoms.info["time"] for atoms in frames]  # fs
        steps = np.diff(positions, axis=0)
        steps -= self.lengths * np.round(steps / self.lengths)
        velocities = (steps[1:] + steps[:-1]) / 2 / ((times[1] - times[0]) / 1000)
        degrees = 3 * (positions.shape[1] - 1)
        kinetic = MASS * KINETIC_UNIT * (velocities**2).sum(axis=(1, 2))
        # The first picosecond relaxes from the start.
        self.settled = int(round(1000 / (times[1] - times[0])))
        self.temperature = (kinetic / (degrees * BOLTZMANN))[self.settled:].mean()
        self.density = positions.shape[1] / np.prod(self.lengths)
        self.distribution = PairDistribution(self.lengths.min() / 2)
        for frame in positions[self.settled:]:
            self.distribution.add(frame, self.lengths)


def lattice(density):
    """216 sites of a cube, and its edge."""
    edge = float((216 / density) ** (1 / 3))
    return (np.indices((6, 6, 6)).reshape(3, -1).T + 0.5) * edge / 6, edge


class InLAMMPS:
    name = "LAMMPS lepton"

    def __init__(self, folder, temperature, density):
        positions, self.edge = lattice(density)
        self.engine = engines.lammps()
        self.engine.commands_list([
            "units metal", "atom_style atomic", "atom_modify map array", "boundary p p p",
            f"region box block 0 {self.edge!r} 0 {self.edge!r} 0 {self.edge!r}", "create_box 1 box"])
        count = len(positions)
        self.engine.create_atoms(count, list(range(1, count + 1)), [1] * count, positions.ravel().tolist())
        self.engine.commands_list([
            f"mass 1 {MASS}", f"include {folder.resolve()}/lammps-lepton/potential.lmp",
            "neighbor 2.0 bin", "neigh_modify delay 0 every 1 check yes", f"timestep {TIME_STEP}",
            f"velocity all create {temperature} 1 mom yes rot yes dist gaussian",
            "fix integration all nve",
            f"fix bath all langevin {temperature} {temperature} 0.5 1 zero yes"])

    def run(self, steps):
        self.engine.command(f"run {steps} post no")

    def release(self):
        self.engine.command("unfix bath")

    @property
    def energies(self):
        """Potential and kinetic, eV."""
        return self.engine.get_thermo("pe"), self.engine.get_thermo("ke")

    def scale(self, factor):
        velocities = self.engine.numpy.extract_atom("v")
        velocities[: self.engine.extract_setting("nlocal")] *= factor

    @property
    def positions(self):
        return np.array(self.engine.gather_atoms("x", 1, 3)).reshape(-1, 3)


class InOpenMM:
    name = "OpenMM Reference"

    def __init__(self, folder, temperature, density):
        import openmm

        positions, self.edge = lattice(density)
        system = openmm.System()
        length = self.edge / 10
        system.setDefaultPeriodicBoxVectors(
            openmm.Vec3(length, 0, 0), openmm.Vec3(0, length, 0), openmm.Vec3(0, 0, length))
        for _ in positions:
            system.addParticle(MASS)
        engines.module(folder / "openmm/potential.py").add_forces(system, ["Ar"] * len(positions))
        self.openmm, self.system = openmm, system
        self.integrator = openmm.CompoundIntegrator()
        bath = openmm.LangevinMiddleIntegrator(temperature, 2.0, TIME_STEP)
        bath.setRandomNumberSeed(1)
        self.integrator.addIntegrator(bath)
        self.integrator.addIntegrator(self.velocity_verlet())
        platform = openmm.Platform.getPlatformByName("Reference")
        self.context = openmm.Context(system, self.integrator, platform)
        self.context.setPositions(positions / 10)
        self.context.setVelocitiesToTemperature(temperature, 1)

    def velocity_verlet(self):
        """Positions and velocities at the same times, so that the energy is that of one moment."""
        integrator = self.openmm.CustomIntegrator(TIME_STEP)
        integrator.addUpdateContextState()
        integrator.addComputePerDof("v", "v+0.5*dt*f/m")
        integrator.addComputePerDof("x", "x+dt*v")
        integrator.addComputePerDof("v", "v+0.5*dt*f/m")
        return integrator

    def run(self, steps):
        self.integrator.step(steps)

    def release(self):
        self.integrator.setCurrentIntegrator(1)

    @property
    def energies(self):
        state = self.context.getState(getEnergy=True)
        return (state.getPotentialEnergy()._value * engines.KJ_PER_MOLE,
                state.getKineticEnergy()._value * engines.KJ_PER_MOLE)

    def scale(self, factor):
        velocities = self.context.getState(getVelocities=True).getVelocities(asNumpy=True)
        self.context.setVelocities(velocities * factor)

    @property
    def positions(self):
        state = self.context.getState(getPositions=True)
        return state.getPositions(asNumpy=True)._value * 10


def simulate(simulation):
    """Total and kinetic energies over 20 ps at constant energy, and the pair distribution.

    The energy is set to the mean of the second half of the equilibration, so that the temperature is that of
    the bath.
    """
    means = []
    for block in range(EQUILIBRATION // STRIDE):
        simulation.run(STRIDE)
        if block >= EQUILIBRATION // STRIDE // 2:
            means.append(sum(simulation.energies))
    simulation.release()
    potential, kinetic = simulation.energies
    simulation.scale(np.sqrt((np.mean(means) - potential) / kinetic))
    simulation.run(0)
    distribution = PairDistribution(simulation.edge / 2)
    energies = [simulation.energies]
    for block in range(PRODUCTION // STRIDE):
        simulation.run(STRIDE)
        energies.append(simulation.energies)
        distribution.add(simulation.positions, np.full(3, simulation.edge))
    energies = np.array(energies)
    return energies.sum(axis=1), energies[:, 1], distribution


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("run", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("--symreg", default="symreg")
    parser.add_argument("--out", type=Path, required=True, help="new folder")
    options = parser.parse_args()
    options.out.mkdir(parents=True)
    entry, _ = recommended(options.run)
    folder = options.out / "export"
    symreg(options.symreg, "export", options.run, "--complexity", entry["complexity"],
           "--format", "lammps-lepton,openmm", "--out", folder)
    reference = Trajectory(options.data)
    reference.distribution.save(options.out / "g-dft.txt")
    place, height = reference.distribution.peak()
    lines = [
        f"U(r) = {entry['expression']} ({entry['complexity']} nodes)",
        f"216 atoms, {reference.density:.5f} per Å³, {reference.temperature:.1f} K (DFT trajectory), step "
        f"{TIME_STEP * 1000:.0f} fs, {PRODUCTION * TIME_STEP:.0f} ps at constant energy", "",
        "| | T, K | drift of E over mean kinetic energy | largest deviation | first peak of g, Å | its height |",
        "|---|---|---|---|---|---|",
        f"| DFT, 108 atoms | {reference.temperature:.1f} | | | {place:.2f} | {height:.2f} |"]
    failed = False
    for engine in (InLAMMPS, InOpenMM):
        total, kinetic, distribution = simulate(engine(folder, reference.temperature, reference.density))
        distribution.save(options.out / f"g-{engine.name.split()[0].lower()}.txt")
        time = np.linspace(0, PRODUCTION * TIME_STEP, len(total))
        drift = abs(np.polyfit(time, total, 1)[0]) * time[-1] / kinetic.mean()
        deviation = np.abs(total - total.mean()).max() / kinetic.mean()
        temperature = 2 * kinetic.mean() / (3 * 215 * BOLTZMANN)
        ours = distribution.peak()
        failed |= drift > 1e-4 or abs(ours[0] - place) > 0.1 or abs(ours[1] / height - 1) > 0.1
        lines.append(f"| {engine.name} | {temperature:.1f} | {drift:.1e} | {deviation:.1e} | {ours[0]:.2f} | "
                     f"{ours[1]:.2f} |")
    report(lines + ["", engines.versions()], options.out, "report.md")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
