"""Fits trees to noisy pair forces with the local search of Operon (Levenberg-Marquardt, float32).

Reads one JSON job on standard input, prints one JSON object. The tree stands for the force itself,
every parameter is one free coefficient, nothing is constrained.
"""

import importlib.metadata
import json
import sys
import time

import numpy as np
import pyoperon as operon

Type = operon.NodeType
OPERATIONS = {
    "+": Type.Add,
    "-": Type.Sub,
    "*": Type.Mul,
    "/": Type.Div,
    "^": Type.Pow,
    "exp": Type.Exp,
}
# Draws of a start before a tree is left out: where the first point is not finite, Operon does nothing.
DRAWS = 30


def tree(tokens, coefficients, distance):
    """Operon wants the last operand first."""
    stack = []
    for token in tokens:
        if token == "r":
            node = operon.Node(Type.Variable, distance)
            node.Value, node.Optimize = 1.0, False
            stack.append([node])
        elif token.startswith("p"):
            stack.append([constant(coefficients[int(token[1:])], True)])
        elif token.isdigit():
            stack.append([constant(float(token), False)])
        elif token == "neg":
            stack.append(stack.pop() + [constant(-1.0, False), operation("*")])
        elif token == "exp":
            stack.append(stack.pop() + [operation(token)])
        else:
            right, left = stack.pop(), stack.pop()
            stack.append(right + left + [operation(token)])
    result = operon.Tree(stack[0])
    result.UpdateNodes()
    return result


def constant(value, is_free):
    node = operon.Node(Type.Constant)
    node.Value, node.Optimize = float(value), is_free
    return node


def operation(token):
    node = operon.Node(OPERATIONS[token])
    node.Optimize = False
    return node


def main():
    job = json.load(sys.stdin)
    # The target is the first column: the bindings cannot name another.
    points = np.asfortranarray(np.column_stack([job["forces"], job["distances"]]))
    data = operon.Dataset(points)
    distance = data.VariableHashes[1]
    rows = operon.Range(0, len(points))
    problem = operon.Problem(data)
    problem.TrainingRange = rows
    problem.TestRange = operon.Range(0, 0)
    problem.InputHashes = [distance]
    # Named, since the optimizer does not keep it alive.
    table = operon.DispatchTable()
    optimizer = operon.LMOptimizer(table, problem, max_iter=job["iterations"])
    search = operon.CoefficientOptimizer(optimizer)
    random = operon.RandomGenerator(1)
    repeats = [
        repeat(job["trees"], np.random.default_rng(seed), data, rows, distance, search, random)
        for seed in range(job["repeats"])
    ]
    versions = {"pyoperon": importlib.metadata.version("pyoperon")}
    json.dump({"versions": versions, "repeats": repeats}, sys.stdout)


def repeat(jobs, rng, data, rows, distance, search, random):
    starts = [start(job, rng, data, rows, distance) for job in jobs]
    starts = [s for s in starts if s is not None]
    begin = time.process_time()
    summaries = [search(random, s)[1] for s in starts]
    elapsed = time.process_time() - begin
    iterations = sum(s.Iterations for s in summaries)
    successes = sum(s.Success for s in summaries)
    return {
        "solves": len(starts),
        "seconds": elapsed,
        "iterations": iterations,
        "successes": successes,
    }


def start(job, rng, data, rows, distance):
    """A tree with drawn coefficients and finite values, or None."""
    for _ in range(DRAWS):
        size = 10 ** rng.uniform(-0.5, 0.9, job["parameters"])
        drawn = tree(job["tokens"], size * rng.choice([-1, -1, 1], job["parameters"]), distance)
        square = np.square(operon.Evaluate(drawn, data, rows).astype(float))
        if np.isfinite(square).all() and square.max() < 1e12:
            return drawn
    return None


main()
