"""Prints the polynomials of Sources/CVectorKernels (Exponential.h, Logarithm.h, ErrorFunction.h).

    python3 -m venv venv && venv/bin/pip install mpmath==1.3.0
    venv/bin/python Tests/CVectorKernelsTests/make_coefficients.py

Each minimises the greatest weighted error, by Remez exchange (Muller, Elementary Functions, 2016,
chapter 3); the weight turns it into the relative error of the function the polynomial serves.
"""
from mpmath import (atanh, cos, erf, erfc, exp, hyp1f1, log, lu_solve, matrix, mp, mpf, pi, polyval,
                    sqrt)

mp.prec = 200


def points(low, high, count):
    """Chebyshev's, ends included."""
    return [(low + high) / 2 - (high - low) / 2 * cos(pi * k / (count - 1)) for k in range(count)]


def remez(function, weight, low, high, degree):
    """Coefficients with the least max |weight · (polynomial − function)|, constant first."""
    count = degree + 2
    nodes = points(low, high, count)
    grid = [(x, function(x), weight(x)) for x in points(low, high, 40 * count + 1)]
    for _ in range(30):
        rows = matrix(count, count)
        for i, x in enumerate(nodes):
            rows[i, :] = matrix([[x**j for j in range(count - 1)] + [(-1) ** i / weight(x)]])
        c = list(lu_solve(rows, matrix([function(x) for x in nodes])))[:-1]
        runs = []
        for x, value, scale in grid:
            error = scale * (polyval(c[::-1], x) - value)
            if not runs or error * runs[-1][-1][0] < 0:
                runs.append([])
            runs[-1].append((error, x))
        peaks = [max(run, key=lambda peak: abs(peak[0])) for run in runs]
        while len(peaks) > count:
            peaks.pop(0 if abs(peaks[0][0]) < abs(peaks[-1][0]) else -1)
        if len(peaks) < count:
            raise SystemExit(f"{len(peaks)} alternations instead of {count}")
        nodes = [x for _, x in peaks]
        sizes = [abs(error) for error, _ in peaks]
        if max(sizes) < 1.01 * min(sizes):
            break
    return c


def show(name, function, weight, low, high, degree, first=0):
    """Prints the doubles nearest to the coefficients.

    first: how many are rounded one after the other, the later ones fitted anew to what is left.
    """
    low, high = mpf(low), mpf(high)
    c = remez(function, weight, low, high, degree)
    done = []
    for k in range(1, first + 1):
        done.append(mpf(float(c[0])))
        c = remez(lambda x: (function(x) - polyval(done[::-1], x)) / x**k,
                  lambda x: weight(x) * x**k, max(low, high / 20), high, degree - k)
    done += [mpf(float(a)) for a in c]
    error = max(abs(weight(x) * (polyval(done[::-1], x) - function(x)))
                for x in points(low, high, 1000))
    print(f"{name}, within 2^{float(log(error, 2)):.1f}:")
    for a in done:
        print(f"      {float(a)!r},")


half = log(2) / 2
show("exponentialTail", lambda r: hyp1f1(1, 4, r) / 6, lambda r: half**3 / exp(r), -half, half, 9)

# z is the square of the argument s of artanh.
greatest = mpf("1.001") * ((sqrt(2) - 1) / (sqrt(2) + 1)) ** 2


def artanh_terms(z, count):
    """artanh(s) / s = 1 + z/3 + z²/5 + …, without its first terms, divided by z^count."""
    s = sqrt(z)
    return (atanh(s) / s - sum(z**k / (2 * k + 1) for k in range(count))) / z**count


show("logarithmOfNormal", lambda z: 2 * artanh_terms(z, 1), lambda z: z / 2, "1e-8", greatest, 6)
show("logarithmPairOfNormal", lambda z: artanh_terms(z, 3), lambda z: z**3, "1e-8", greatest, 6)


def erf_tail(z):
    return erf(sqrt(z)) / sqrt(z) - 1


def scaled(x):
    return exp(x * x) * erfc(x)


show("errorFunctionTail", erf_tail, lambda z: 1 / (1 + erf_tail(z)), "1e-10", 1, 12, first=2)
# q = (x - 2) / (x + 2) for x from 0.5 to 28.
show("scaledComplement", lambda q: (1 + 4 * (1 + q) / (1 - q)) * scaled(2 * (1 + q) / (1 - q)),
     lambda q: 1 / ((1 + 4 * (1 + q) / (1 - q)) * scaled(2 * (1 + q) / (1 - q))),
     "-0.61", "0.868", 24)
show("logarithmOfComplement", lambda a: log(erfc(a)), lambda a: erfc(a) / erf(a), 1, 6, 17, first=3)
