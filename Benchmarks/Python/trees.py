"""Trees as Speed hands them over: tokens in postfix order."""

import numpy as np


def forces(tokens, values, r):
    """-dU/dr by forward differentiation on arrays; values: one number per parameter."""
    stack = []
    for token in tokens:
        if token == "r":
            stack.append((r, 1.0))
        elif token.startswith("p"):
            stack.append((values[int(token[1:])], 0.0))
        elif token.isdigit():
            stack.append((float(token), 0.0))
        elif token == "exp":
            u, du = stack.pop()
            e = np.exp(u)
            # Where it underflows it is flat, whatever the slope of its argument.
            stack.append((e, np.where(e == 0, 0.0, e * du)))
        elif token == "neg":
            u, du = stack.pop()
            stack.append((-u, -du))
        else:
            v, dv = stack.pop()
            u, du = stack.pop()
            stack.append(BINARY[token](u, du, v, dv))
    return -stack[0][1] * np.ones_like(r)


def power(u, du, v, dv):
    w = u**v
    slope = 0.0
    if not is_zero(du):
        slope = slope + v * u ** (v - 1) * du
    if not is_zero(dv):
        slope = slope + w * np.log(u) * dv
    return w, slope


def is_zero(slope):
    """Of an operand without r."""
    return isinstance(slope, float) and slope == 0


def divide(u, du, v, dv):
    """What is divided by an overflowed number is zero, and flat."""
    reciprocal = np.where(np.isinf(v) | np.isinf(dv), 0.0, 1 / np.asarray(v))
    w = u * reciprocal
    return w, np.where(reciprocal == 0, 0.0, (du - w * dv) * reciprocal)


BINARY = {
    "+": lambda u, du, v, dv: (u + v, du + dv),
    "-": lambda u, du, v, dv: (u - v, du - dv),
    "*": lambda u, du, v, dv: (u * v, du * v + u * dv),
    "/": divide,
    "^": power,
}
