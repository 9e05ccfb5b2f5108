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
            stack.append((e, e * du))
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
    slope = v * u ** (v - 1) * du
    if isinstance(dv, float) and dv == 0:
        return w, slope
    return w, slope + w * np.log(u) * dv


BINARY = {
    "+": lambda u, du, v, dv: (u + v, du + dv),
    "-": lambda u, du, v, dv: (u - v, du - dv),
    "*": lambda u, du, v, dv: (u * v, du * v + u * dv),
    "/": lambda u, du, v, dv: (u / v, (du - u / v * dv) / v),
    "^": power,
}
