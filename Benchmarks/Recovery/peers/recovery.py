"""Whether Operon and gplearn find the planted laws of one type, GIVEN the pair forces.

    swift run -c release --package-path Benchmarks Recovery --pair-forces points.json
    python3 Benchmarks/Recovery/peers/recovery.py points.json --json peers.json

Needs numpy, scipy and sympy, and pyoperon and gplearn: a peer that is not installed is left out with
a word. What counts as found, and what is tuned, is in README.md beside this file.
"""

import argparse
import importlib.metadata
import json
import platform
import statistics
import sys
import time
import warnings

import numpy as np
import scipy.optimize
import sympy

R = sympy.Symbol("r", positive=True)
# As for symreg: the error of an expression as it stands, and of a family that contains the law, in
# root mean square forces.
ENTRY_TOLERANCE = 1e-4
FAMILY_TOLERANCE = 1e-6
# Points of the fit that judges a family.
JUDGE_POINTS = 2_000
# Points that the tuned peers take of those they are given: more evaluations are worth more.
TUNED_POINTS = 1_000


# Expressions


def nodes(expression):
    """Nodes of the binary tree, leaves included, that symreg would count: a - b, a/b, a^b and exp(a)
    are one operation each, and a number with its sign is one leaf."""
    if expression.is_Symbol or expression.is_Number:
        return 1
    if expression.is_Add:
        return sum(nodes(positive(term)) for term in expression.args) + len(expression.args) - 1
    if expression.is_Mul:
        factors = [denominator(factor) for factor in expression.args]
        return sum(nodes(factor) for factor in factors) + len(factors) - 1
    if isinstance(expression, sympy.exp):
        return nodes(expression.args[0]) + 1
    if expression.is_Pow:
        base, exponent = expression.args
        if exponent == -1:
            return nodes(base) + 2
        return nodes(base) + nodes(exponent) + 1
    return sum(nodes(argument) for argument in expression.args) + 1


def positive(term):
    """A term without the sign that a minus before it takes up."""
    return -term if term.is_Mul and term.args[0] == -1 else term


def denominator(factor):
    """x for 1/x: what a division takes up."""
    if factor.is_Pow and factor.args[1].is_number and factor.args[1].is_negative:
        return 1 / factor
    if isinstance(factor, sympy.exp):
        return sympy.exp(positive(factor.args[0]))
    return factor


def parsed(text, functions):
    expression = sympy.sympify(text.replace("^", "**"), locals={"X1": R, "X0": R, **functions})
    expression = expression.replace(
        lambda x: x.is_Float and x in (1, -1), lambda x: sympy.Integer(int(x)))
    return sympy.powsimp(expression)


def forms(expression):
    """The expression, and the one without its additive constant, which a peer may have added by itself."""
    result = [expression]
    if expression.is_Add and expression.args[0].is_Number:
        result.insert(0, expression - expression.args[0])
    return result


# Judging


def error(values, forces):
    with np.errstate(all="ignore"):
        result = np.sqrt(np.mean((values - forces) ** 2) / np.mean(forces**2))
    return float(result) if np.isfinite(result) else float("inf")


def family_error(expression, r, f):
    """The error once all constants are fitted to the forces without noise, from where they are.

    Whole powers that come of products are no constants.
    """
    constants, free = [], []

    def freed(node):
        if node.is_Float:
            symbol = sympy.Symbol(f"c{len(constants)}", real=True)
            constants.append(float(node))
            free.append(symbol)
            return symbol
        return node.func(*(freed(argument) for argument in node.args)) if node.args else node

    open_form = freed(expression)
    # Infinite numbers have no notation in NumPy, and fit nothing.
    if not free or open_form.has(sympy.zoo, sympy.oo, sympy.nan):
        return float("inf")
    model = sympy.lambdify([R, *free], open_form, "numpy")
    start = np.array(constants)
    scale = np.where(start == 0, 1, np.abs(start))
    rms = np.sqrt(np.mean(f**2))

    def residuals(x):
        with np.errstate(all="ignore"):
            values = (model(r, *(x * scale)) - f) / rms
        return np.where(np.isfinite(values), values, 1e6) * np.ones_like(r)

    try:
        fit = scipy.optimize.least_squares(
            residuals, start / scale, method="lm", ftol=1e-15, xtol=1e-15, gtol=1e-15, max_nfev=4000)
    except (ValueError, TypeError, np.linalg.LinAlgError):
        return float("inf")
    return float(np.sqrt(np.mean(residuals(fit.x) ** 2)))


def verdict(models, planted, data, noise):
    """The smallest model that is the law, by which ground; else the best that is small enough."""
    r, f = data["r"], data["f"]
    size = nodes(planted)
    best = None
    for text, functions, values in sorted(models, key=lambda m: len(m[0])):
        try:
            expressions = forms(parsed(text, functions))
        except Exception as failure:  # What sympy cannot read is no find, and is told.
            print(f"    not read: {text[:80]}: {failure}", file=sys.stderr)
            continue
        for expression in expressions:
            if R not in expression.free_symbols or nodes(expression) > size:
                continue
            own = error(values, f)
            ground = None
            if family_error(expression, r[:JUDGE_POINTS], f[:JUDGE_POINTS]) <= FAMILY_TOLERANCE:
                ground = "family"
            elif noise == 0 and own <= ENTRY_TOLERANCE:
                ground = "error"
            entry = {
                "expression": str(expression), "nodes": nodes(expression), "error": own, "ground": ground}
            if ground:
                return entry
            if best is None or own < best["error"]:
                best = entry
    return best


# Peers: each returns models as (text, functions of its language, values at the distances).


def operon(data, seconds, threads, seed, is_tuned):
    from pyoperon.sklearn import SymbolicRegressor

    options = {"n_threads": threads, "max_time": max(1, round(seconds)), "random_state": seed}
    if is_tuned:
        options |= {
            "allowed_symbols": "add,sub,mul,div,pow,exp,constant,variable",
            "objectives": ["r2", "length"],
            "optimizer_iterations": 5,
            "max_length": 20,
            "max_evaluations": 10**9,
            "generations": 10**6,
            "epsilon": 1e-6,
        }
    regressor = SymbolicRegressor(**options)
    x = data["r"][:, None]
    count = TUNED_POINTS if is_tuned else len(x)
    regressor.fit(x[:count], data["y"][:count])
    trees = [entry["tree"] for entry in regressor.pareto_front_] if is_tuned else [regressor.model_]
    return [
        (regressor.get_model_string(tree, 17), {}, regressor.evaluate_model(tree, x)) for tree in trees
    ]


def gplearn(data, seconds, threads, seed, is_tuned):
    import gplearn.functions
    import gplearn.genetic

    start = time.monotonic()
    x = data["r"][:, None]
    count = TUNED_POINTS if is_tuned else len(x)
    known, y = x[:count], data["y"][:count]
    options = {"n_jobs": threads, "random_state": seed, "warm_start": True, "generations": 1}
    scale, last = 1.0, 20
    if is_tuned:
        exponential = gplearn.functions.make_function(
            function=lambda a: np.exp(np.clip(a, -50, 50)), name="exp", arity=1)
        square = gplearn.functions.make_function(function=np.square, name="square", arity=1)
        options |= {
            "function_set": ("add", "sub", "mul", "div", "inv", "neg", exponential, square),
            "metric": "mse",
            "const_range": (-10.0, 10.0),
            "population_size": 2000,
            "parsimony_coefficient": 1e-4,
            "p_crossover": 0.8,
            "p_point_mutation": 0.1,
        }
        # So that constants of its range reach the forces.
        scale, last = float(np.sqrt(np.mean(y**2))), 10**6
    regressor = gplearn.genetic.SymbolicRegressor(**options)
    regressor.fit(known, y / scale)
    # One generation at a time, since it knows no limit of time.
    while time.monotonic() - start < seconds and regressor.generations < last:
        regressor.set_params(generations=regressor.generations + 1)
        regressor.fit(known, y / scale)
    programs = [regressor._program]
    if is_tuned:
        best = {}
        for program in regressor._programs[-1]:
            if program is not None and program.length_ <= 30:
                other = best.get(program.length_)
                if other is None or program.raw_fitness_ < other.raw_fitness_:
                    best[program.length_] = program
        programs += best.values()
    functions = {
        "add": lambda a, b: a + b,
        "sub": lambda a, b: a - b,
        "mul": lambda a, b: a * b,
        "div": lambda a, b: a / b,
        "inv": lambda a: 1 / a,
        "neg": lambda a: -a,
        "exp": sympy.exp,
        "square": lambda a: a**2,
    }
    return [
        (f"{scale!r}*({program})", functions, scale * program.execute(x)) for program in programs
    ]


PEERS = {"pyoperon": operon, "gplearn": gplearn}


# The benchmark


def words(text):
    return [word for word in text.split(",") if word]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("points", help="file that Recovery --pair-forces wrote")
    parser.add_argument("--laws", type=words, help="default: all of the file")
    parser.add_argument("--shapes", type=words, default=["clusters", "liquid"])
    parser.add_argument("--noise", type=lambda t: [float(x) for x in words(t)], default=[0, 0.01, 0.05])
    parser.add_argument("--seeds", type=lambda t: [int(x) for x in words(t)], default=[1, 2, 3])
    parser.add_argument("--seconds", type=float, default=20, help="wall time of each search")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--peers", type=words, default=list(PEERS))
    parser.add_argument("--json", help="file for the results, renewed after every search")
    return parser.parse_args()


def installed(names):
    found = {}
    for name in names:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            print(f"left out: {name} is not installed (pip install {name})", file=sys.stderr)
    return found


def prepared(points, noise):
    r, f = np.array(points["distances"]), np.array(points["forces"])
    random = np.random.default_rng(points["seed"])
    rms = np.sqrt(np.mean(f**2))
    return {"r": r, "f": f, "y": f + noise * rms * random.standard_normal(len(f))}


def table(runs):
    noises = sorted({run["noise"] for run in runs})
    columns = list(dict.fromkeys((run["peer"], run["tuned"]) for run in runs))
    heads = [f"{peer}{', tuned' if tuned else ''}, noise {noise:g}" for peer, tuned in columns for noise in noises]
    lines = ["| law | shape | " + " | ".join(heads) + " |", "|---|---|" + "---|" * len(heads)]

    def cell(**wanted):
        chosen = [run for run in runs if all(run[key] == value for key, value in wanted.items())]
        return f"{sum(run['recovered'] for run in chosen)}/{len(chosen)}"

    for law, shape in dict.fromkeys((run["law"], run["shape"]) for run in runs):
        cells = [cell(law=law, shape=shape, peer=p, tuned=t, noise=n) for p, t in columns for n in noises]
        lines.append(f"| {law} | {shape} | " + " | ".join(cells) + " |")
    cells = [cell(peer=p, tuned=t, noise=n) for p, t in columns for n in noises]
    return "\n".join(lines + ["| **all** | | " + " | ".join(cells) + " |"])


def main():
    options = arguments()
    with open(options.points) as file:
        every = json.load(file)
    versions = installed(options.peers)
    if not versions:
        sys.exit("error: expected a peer that is installed, found none")
    wanted = [
        p for p in every
        if p["law"] in (options.laws or [p["law"]]) and p["shape"] in options.shapes and p["seed"] in options.seeds
    ]
    report = {
        "versions": versions | {"python": platform.python_version()},
        "seconds": options.seconds, "threads": options.threads, "runs": [],
    }
    count = len(wanted) * len(options.noise) * len(versions) * 2
    for points in wanted:
        planted = parsed(points["force"], {name: sympy.Symbol(name) for name in "abcd"} | {"exp": sympy.exp, "r": R})
        for noise in options.noise:
            data = prepared(points, noise)
            for peer in versions:
                for is_tuned in (False, True):
                    start = time.monotonic()
                    with warnings.catch_warnings():
                        warnings.simplefilter("ignore")
                        models = PEERS[peer](data, options.seconds, options.threads, points["seed"], is_tuned)
                        elapsed = time.monotonic() - start
                        entry = verdict(models, planted, data, noise)
                    run = {
                        "law": points["law"], "shape": points["shape"], "seed": points["seed"], "noise": noise,
                        "peer": peer, "tuned": is_tuned, "recovered": bool(entry and entry["ground"]),
                        "plantedNodes": nodes(planted), "seconds": elapsed, "best": entry,
                    }
                    report["runs"].append(run)
                    print(
                        f"{len(report['runs'])}/{count} {run['law']}, {run['shape']}, noise {noise:g}, seed "
                        f"{run['seed']}, {peer}{', tuned' if is_tuned else ''}, {elapsed:.1f} s: "
                        + (f"found by its {entry['ground']}, " if run["recovered"] else "not found, best ")
                        + (entry["expression"] if entry else "nothing small enough"), file=sys.stderr)
                    if options.json:
                        with open(options.json, "w") as file:
                            json.dump(report, file, indent=1)
    print(table(report["runs"]))
    median = statistics.median(run["seconds"] for run in report["runs"])
    print(f"\n{', '.join(f'{n} {v}' for n, v in report['versions'].items())}; searches of "
          f"{options.seconds:g} s (median {median:.1f} s), {options.threads} threads.")


if __name__ == "__main__":
    main()
