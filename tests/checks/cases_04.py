"""What people write for the exercises of chapter 04: right ones, wrong ones, nearly right ones."""

import numpy as np
import sympy as sp
from scipy.integrate import quad, solve_ivp
from scipy.optimize import brentq
from scipy.special import expit, hyp2f1, logit

from raylab import dynamics, plateaus

# ------------------------------------------------------------------------------------------- 04.1 acceleration


def rates(x, y):
    a, b = x * (1 - x), y * (1 - y)
    return 2 * a * a - a * b, 2 * b * b - a * b


def by_components(J):
    """The chain rule as one writes it down first."""
    x, y = J[..., 0], J[..., 1]
    a, b = x - x**2, y - y**2
    da, db = (1 - 2 * x) * (2 * a * a - a * b), (1 - 2 * y) * (2 * b * b - a * b)
    return 4 * a * da - 2 * (da * b + a * db) + 4 * b * db


def by_complex_step(J):
    """dJ'/dt along the flow without differentiating anything."""
    x, y = J[..., 0], J[..., 1]
    dx, dy = rates(x, y)
    ahead = rates(x + 1e-30j * dx, y + 1e-30j * dy)
    return (ahead[0] + ahead[1]).imag / 1e-30


_X, _Y = sp.symbols("x y")
_GROWS = sum(rates(_X, _Y))
_SECOND = sp.lambdify(
    (_X, _Y), sp.expand(sum(sp.diff(_GROWS, z) * r for z, r in zip((_X, _Y), rates(_X, _Y), strict=True)))
)


def by_sympy(J):
    return _SECOND(J[..., 0], J[..., 1])


def by_small_steps(J):
    """Central differences along the flow, careful enough."""
    one = lambda J: np.stack(rates(J[..., 0], J[..., 1]), axis=-1)
    grown = lambda h: one(J + h * one(J)).sum(-1) - one(J - h * one(J)).sum(-1)
    return (8 * grown(1e-3) - grown(2e-3)) / 12e-3


def of_pairs(rule):
    def acceleration(J):
        x, y = J[..., 0], J[..., 1]
        return rule(x, y, x * (1 - x), y * (1 - y))

    return acceleration


def both_seconds(J):
    x, y = J[..., 0], J[..., 1]
    dx, dy = rates(x, y)
    ahead = rates(x + 1e-30j * dx, y + 1e-30j * dy)
    return np.stack([ahead[0].imag, ahead[1].imag], axis=-1) / 1e-30


def terms(J):
    x, y = J[..., 0], J[..., 1]
    a, b = x * (1 - x), y * (1 - y)
    return np.stack([2 * (1 - 2 * x) * a * (2 * a - b) ** 2, 2 * (1 - 2 * y) * b * (2 * b - a) ** 2], axis=-1)


def printed(x, y, a, b):
    f, g = (1 - 2 * x) * (2 * x - y), (1 - 2 * y) * (2 * y - x)
    return 4 * f * x * x + 4 * g * x * x - 2 * x * y * (f + g)


def product(one, two):
    """The chain rule with other weights for a1' a2 and a1 a2'."""

    def acceleration(J):
        x, y = J[..., 0], J[..., 1]
        a, b, (dx, dy) = x - x * x, y - y * y, rates(x, y)
        da, db = dx - 2 * x * dx, dy - 2 * y * dy
        return 4 * (a * da + b * db) + one * da * b + two * a * db

    return acceleration


def unpacks(J):
    x, y = J
    return by_components(np.array([x, y]))


# -------------------------------------------------------------------------------------- 04.2 the missing factor

J1, J2 = sp.symbols("J1 J2")
A = J1 * (1 - J1)
B = 30 * J1**2 - 30 * J1 + 7


def divided():
    """The way of the chapter."""
    flow = rates(J1, J2)
    along = lambda f: sp.diff(f, J1) * flow[0] + sp.diff(f, J2) * flow[1]
    second = sp.expand(along(sum(flow)))
    P6 = sp.cancel(second / (1 - J1 - J2))
    return P6.subs(J2, 1 - J1), along(second).subs(J2, 1 - J1)


# ------------------------------------------------------------------------------------- 04.4 the first integral


def halves(J):
    x, y = logit(J[..., 0]), logit(J[..., 1])
    return (x + y) / 2, (x - y) / 2


def gauss(J):
    """As the hints say."""
    nodes, weights = np.polynomial.legendre.leggauss(60)
    s, d = halves(J)
    v = np.sinh(np.abs(d)) ** (1 / 3)
    z = (nodes + 1) / 2
    return v * np.cosh(s) + (v[..., None] * weights / 2 / np.sqrt(1 + (v[..., None] * z) ** 6)).sum(-1)


def hypergeometric(J):
    s, d = halves(J)
    z = np.sinh(np.abs(d))
    return np.cbrt(z) * (np.cosh(s) + hyp2f1(1 / 6, 1 / 2, 7 / 6, -z * z))


def first_form(J):
    """The integral of sinh^(-2/3) as it stands, singular at 0."""

    def one(point):
        s, d = halves(point)
        d = abs(float(d))
        return np.cosh(s) * np.sinh(d) ** (1 / 3) + quad(lambda x: np.sinh(x) ** (-2 / 3) / 3, 0, d, epsabs=1e-10)[0]

    return np.apply_along_axis(one, -1, J)


def slope_at_crossing(p, q):
    """Half the interval until it is small."""
    level = float(gauss(np.array([p, q])))
    low, high = level / 2, level
    for _ in range(60):
        v = (low + high) / 2
        total = v + quad(lambda u: 1 / np.sqrt(1 + u**6), 0, v, epsabs=1e-13, epsrel=1e-13)[0]
        low, high = (v, high) if total < level else (low, v)
    return 2 / (2 + 2 * np.cosh(np.arcsinh(low**3))) ** 2


def flat(J):
    return np.apply_along_axis(lambda point: by_root(*point), -1, J)


def signed(J):
    return np.sign(J[..., 0] - J[..., 1]) * np.log(hypergeometric(J))


def two_laws(J):
    """One thing above the diagonal, another below: still constant on every orbit."""
    return np.where(J[..., 0] > J[..., 1], hypergeometric(J), 7 - hypergeometric(J) ** 2)


def logit_flow(_, x):
    a = expit(x) * expit(-x)
    return 2 * a - a[::-1]


def crosses(_, x):
    return x.sum()


crosses.terminal = True


def run_to_the_line(p, q):
    """The lead of the logits at the crossing, by an integrator; from beyond the line, from the mirror image."""
    if p + q > 1:
        p, q = 1 - q, 1 - p
    if abs(p + q - 1) < 1e-12:
        return abs(logit(p) - logit(q)) / 2
    x = solve_ivp(logit_flow, (0, 1e9), logit([p, q]), "DOP853", rtol=1e-11, atol=1e-12, events=crosses).y_events[0][0]
    return abs(x[0] - x[1]) / 2


def simulated(J):
    return np.apply_along_axis(lambda point: run_to_the_line(*point), -1, J)


def only_forwards(J):
    """Beyond the line no crossing is found, so the place itself is reported."""

    def one(point):
        p, q = point
        return run_to_the_line(p, q) if p + q <= 1 + 1e-9 else abs(logit(p) - logit(q)) / 2

    return np.apply_along_axis(one, -1, J)


def coarse(J):
    """A hundred rectangles on the singular form."""
    s, d = halves(J)
    d = np.abs(d)
    x = (np.arange(100) + 0.5) / 100
    sums = (np.sinh(d[..., None] * x) ** (-2 / 3) / 3 * d[..., None] / 100).sum(-1)
    return np.cosh(s) * np.sinh(d) ** (1 / 3) + sums


def of_halves(rule):
    """A function of J from a rule of s, |d| and v."""

    def value(J):
        s, d = halves(J)
        return rule(s, np.abs(d), np.cbrt(np.sinh(np.abs(d))))

    return value


def K(v):
    return v * hyp2f1(1 / 6, 1 / 2, 7 / 6, -(v**6))


def no_logits(J):
    s, d = J.mean(-1), np.abs(J[..., 0] - J[..., 1]) / 2
    v = np.sinh(d) ** (1 / 3)
    return v * np.cosh(s) + K(v)


def no_absolute_value(J):
    s, d = halves(J)
    v = np.sinh(d) ** (1 / 3)
    return v * np.cosh(s) + K(v)


def one_point_only(J):
    x, y = logit(J)
    s, d = (x + y) / 2, abs(x - y) / 2
    v = np.sinh(d) ** (1 / 3)
    return v * np.cosh(s) + quad(lambda u: 1 / np.sqrt(1 + u**6), 0, v)[0]


# ------------------------------------------------------------------------------------------------ 04.5 flatness


def by_root(p, q):
    level = float(hypergeometric(np.array([p, q])))
    if level == 0:
        return 0.125
    d = brentq(lambda d: np.cbrt(np.sinh(d)) + K(np.cbrt(np.sinh(d))) - level, 0, 60, xtol=1e-13, rtol=1e-14)
    return 1 / 8 / np.cosh(d / 2) ** 4


def by_simulation(p, q):
    return 2 / (2 + 2 * np.cosh(run_to_the_line(p, q))) ** 2


def by_mirror(p, q):
    """Newton's method in v."""
    level = float(gauss(np.array([p, q])))
    v = level / 1.5
    for _ in range(60):
        v -= (v + float(K(v)) - level) / (1 + 1 / np.sqrt(1 + v**6))
    return 2 / (2 + 2 * np.sqrt(1 + v**6)) ** 2


def by_updates(p, q, rate=2.0):
    """Updates until the line is crossed."""
    x = logit([p, q])
    while expit(x).sum() < 1:
        x = x + rate * logit_flow(0, x)
    a = expit(x) * expit(-x)
    return 2 * (a[0] ** 2 - a[0] * a[1] + a[1] ** 2)


def loses_digits(p, q):
    """1 - J1 at the crossing, formed by subtraction in the logit domain and back, rounded to seven digits."""
    d = run_to_the_line(p, q)
    small = round(1 - expit(d), 9)
    return 2 * (small * (1 - small)) ** 2


def straight(p, q):
    """As if the lead of the logits stayed."""
    d = (logit(p) - logit(q)) / 2
    return 2 / (2 + 2 * np.cosh(d)) ** 2


def with_halves(rule):
    def flatness(p, q):
        s, d = halves(np.array([p, q]))
        return rule(s, abs(d), np.cbrt(np.sinh(abs(d))))

    return flatness


def before_the_line_only(p, q):
    return by_simulation(p, q) if p + q < 1 else float("nan")


def root(level):
    """v where the orbit crosses."""
    return brentq(lambda v: v + K(v) - level, 0, level)


def shared_bias(J):
    return np.stack(rates(J[..., 0], J[..., 1]), axis=-1)


def least_of_all(p, q):
    """The smallest J' of a record, ends included."""
    return shared_bias(dynamics.orbit(shared_bias, (p, q)).components).sum(-1).min()


def first_plateau(p, q):
    """Asks for the first of a list that may be empty."""
    return plateaus.find(dynamics.orbit(shared_bias, (p, q), rtol=1e-11))[0].flatness


def interpolated(p, q):
    """Half-way, on a straight line between two records."""
    run = dynamics.orbit(shared_bias, (p, q) if p + q < 1 else (1 - q, 1 - p))
    return np.interp(1.0, run.performance, shared_bias(run.components).sum(-1))


def no_diagonal(p, q):
    """The law of d / 0: NaN in a tie."""
    return by_simulation(p, q) * (p - q) / (p - q) if p != q else float("nan")


CASES = {
    "04.1": {
        "right": {
            "chain rule": by_components,
            "complex step": by_complex_step,
            "sympy": by_sympy,
            "careful differences": by_small_steps,
        },
        "wrong": {
            "J' itself": (of_pairs(lambda x, y, a, b: 2 * (a * a - a * b + b * b)), "once more along"),
            "half": (lambda J: by_components(J) / 2, "Half of it"),
            "not along the flow": (
                of_pairs(lambda x, y, a, b: 2 * (1 - 2 * x) * (2 * a - b) + 2 * (1 - 2 * y) * (2 * b - a)),
                "counts with its",
            ),
            "J moves at a": (
                of_pairs(lambda x, y, a, b: 2 * (1 - 2 * x) * a * (2 * a - b) + 2 * (1 - 2 * y) * b * (2 * b - a)),
                "It stands there twice",
            ),
            "derivative of a": (
                of_pairs(lambda x, y, a, b: 2 * a * (2 * a - b) ** 2 + 2 * b * (2 * b - a) ** 2),
                "derivative of aₖ is missing",
            ),
            "sign": (
                of_pairs(
                    lambda x, y, a, b: 2 * (2 * x - 1) * a * (2 * a - b) ** 2 + 2 * (2 * y - 1) * b * (2 * b - a) ** 2
                ),
                "The sign",
            ),
            "tabular": (of_pairs(lambda x, y, a, b: 2 * (1 - 2 * x) * a**3 + 2 * (1 - 2 * y) * b**3), "shares nothing"),
            "own gradient": (
                of_pairs(lambda x, y, a, b: 16 * (1 - 2 * x) * a**3 + 16 * (1 - 2 * y) * b**3),
                "own gradient only",
            ),
            "P6": (lambda J: by_sympy(J) / (1 - J[..., 0] - J[..., 1]), "polynomial P₆"),
            "as printed": (of_pairs(printed), "two slips"),
            "both": (both_seconds, "their sum, and so is"),
            "two terms": (terms, "two terms"),
            "pull forgotten": (
                of_pairs(lambda x, y, a, b: 2 * (1 - 2 * x) * rates(x, y)[0] + 2 * (1 - 2 * y) * rates(x, y)[1]),
                "It stands there twice",
            ),
            "squares only": (product(0, 0), "product a₁a₂ is missing"),
            "plus": (product(2, 2), "A plus where"),
            "half a product, 1": (product(-2, 0), "Half of the product rule"),
            "half a product, 2": (product(0, -2), "Half of the product rule"),
            "no 2": (product(-1, -1), "belongs to the product"),
            "without the square": (
                of_pairs(lambda x, y, a, b: 2 * (1 - 2 * x) * (2 * a - b) ** 2 + 2 * (1 - 2 * y) * (2 * b - a) ** 2),
                "instances differ",
            ),
        },
        "almost": {
            "full parameters": (lambda J: 4 * by_components(J), "full parameters"),
            "first axis": (lambda J: terms(J).sum(axis=0), "first axis counts"),
            "all points": (lambda J: terms(J).sum(), "adds up all"),
            "unpacks one point": (unpacks, "keep all the others"),
        },
    },
    "04.2": {
        "right": {
            "divided": divided(),
            "expanded": [sp.expand(-2 * A**2 * B), sp.expand(4 * A**4 * B)],
            "in halves": (2 * A**2 * (30 * A - 7), 4 * A**4 * (7 - 30 * A)),
        },
        "wrong": {
            "as printed": ((-((J1 - 1) ** 2) * J1**2 * B, 2 * A**4 * B), "and J''' made of it"),
            "one rate": ((-2 * A**2 * B, 2 * A**4 * B), "both J₁ and J₂ move"),
            "sign": ((-2 * A**2 * B, -4 * A**4 * B), "has a minus"),
            "rate one": ((-2 * A**2 * B, 2 * A**2 * B), "not −1"),
            "zero": ((0, 0), "Divide that out first"),
            "divided by J1 + J2 - 1": ((2 * A**2 * B, 4 * A**4 * B), "not by J₁ + J₂ − 1"),
            "both signs": ((2 * A**2 * B, -4 * A**4 * B), "Both signs"),
            "factor twice": ((-4 * A**2 * B, 8 * A**4 * B), "count it once"),
            "printed P6": ((-((J1 - 1) ** 2) * J1**2 * B, 4 * A**4 * B), "J''' is right"),
            "only the bracket": ((-2 * A**2 * B, B), "has more factors"),
            "one expression": (-2 * A**2 * B, "2 expressions"),
        },
        "almost": {
            "order": ((4 * A**4 * B, -2 * A**2 * B), "order counts"),
        },
    },
    "04.3": {
        "right": {
            "the rates added": lambda J1: sum(rates(J1, 1 - J1)),
            "hyperbolic": lambda J1: 1 / (8 * np.cosh(logit(J1) / 2) ** 4),
            "J2": lambda J1: 2 * J1**2 * (1 - J1) ** 2,
        },
        "wrong": {
            "one task": (lambda J1: rates(J1, 1 - J1)[0], "J₂ grows as fast"),
            "no interference": (lambda J1: 4 * (J1 - J1**2) ** 2, "interference is forgotten"),
            "plus": (lambda J1: 6 * (J1 - J1**2) ** 2, "help each other"),
            "not squared": (lambda J1: 2 * (J1 - J1**2), "a comes squared"),
            "near the corner": (lambda J1: 2 * J1**2, "near the corner only"),
            "half a square": (lambda J1: 0.5 * (J1 - J1**2) ** 2, "put a₁ = a₂"),
            "zero": (lambda J1: 0.0 * J1, "J'' is zero"),
            "square inside": (lambda J1: 2 * J1**2 * (1 - J1**2), "squared as a whole"),
            "eighth": (lambda J1: 0.125, "instances differ"),
        },
        "almost": {
            "only plateaus": (lambda J1: 2 * (J1 - J1**2) ** 2 if J1 - J1**2 < 7 / 30 else np.nan, "also where it is"),
        },
    },
    "04.4": {
        "right": {
            "gauss": gauss,
            "hypergeometric": hypergeometric,
            "singular form": first_form,
            "logarithm": lambda J: np.log(gauss(J)),
            "signed": signed,
            "two laws": two_laws,
            "flatness": flat,
            "simulated": simulated,
            "cube, negative": lambda J: 5 - 0.1 * hypergeometric(J) ** 3,
        },
        "wrong": {
            "J": (lambda J: J[..., 0] + J[..., 1], "is what is learned"),
            "lead": (lambda J: J[..., 0] - J[..., 1], "the lead grows"),
            "clock": (lambda J: halves(J)[0], "is a clock"),
            "half difference": (lambda J: halves(J)[1], "its top at the"),
            "speed": (of_pairs(lambda x, y, a, b: 2 * (a * a - a * b + b * b)), "the speed where"),
            "first term": (of_halves(lambda s, d, v: v * np.cosh(s)), "The first term only"),
            "minus": (of_halves(lambda s, d, v: v * np.cosh(s) - K(v)), "sign between the two"),
            "taught": (of_halves(lambda s, d, v: v * np.exp(s) + K(v)), "that is taught"),
            "third power": (
                of_halves(lambda s, d, v: np.sinh(d) ** 3 * np.cosh(s) + 3 * (np.sinh(d) * np.cosh(d) - d) / 2),
                "upside down",
            ),
            "tabular": (of_halves(lambda s, d, v: np.sinh(d) * np.cosh(s) + d), "nothing is shared"),
            "limit d": (of_halves(lambda s, d, v: v * np.cosh(s) + K(d)), "moves the limit"),
            "not halved": (
                of_halves(lambda s, d, v: np.cbrt(np.sinh(2 * d)) * np.cosh(2 * s) + K(np.cbrt(np.sinh(2 * d)))),
                "sum and difference",
            ),
            "factor three": (of_halves(lambda s, d, v: v * np.cosh(s) + 3 * K(v)), "it is gone"),
            "no absolute value": (no_absolute_value, "absolute value of d."),
            "constant": (lambda J: np.full(J.shape[:-1], 3.0), "tells no orbit"),
            "who is ahead": (lambda J: 1.0 * (J[..., 0] > J[..., 1]), "tells no orbit"),
            "symmetric only": (
                of_halves(lambda s, d, v: np.cosh(s) * np.cosh(d)),
                "symmetry of the flow",
            ),
            "product of slopes": (of_pairs(lambda x, y, a, b: a * b), "symmetry of the flow"),
            "distance from the middle": (lambda J: np.abs(J.sum(-1) - 1), "symmetry of the flow"),
            "another factor": (
                of_halves(lambda s, d, v: (v * np.cosh(s) + K(v)) * (1 + np.cosh(s))),
                "symmetry of the flow",
            ),
            "ratio": (lambda J: J[..., 0] / J[..., 1], "not constant along"),
            "no du": (of_halves(lambda s, d, v: v * np.cosh(s) + hyp2f1(1 / 6, 1 / 2, 7 / 6, -(v**6))), "du is v dz"),
            "to the power 1 / 3": (
                of_halves(lambda s, d, v: np.sinh(d) ** 1 / 3 * np.cosh(s) + K(np.sinh(d) ** 1 / 3)),
                "third of sinh d here",
            ),
            "root inside": (of_halves(lambda s, d, v: np.sinh(d / 3) * np.cosh(s) + K(np.sinh(d / 3))), "not the sinh"),
            "no logits": (no_logits, "made of the logits"),
            "exchanged": (
                of_halves(lambda s, d, v: np.cbrt(np.sinh(abs(s))) * np.cosh(d) + K(np.cbrt(np.sinh(abs(s))))),
                "changed places",
            ),
            "a constant near ties": (
                lambda J: np.where(np.abs(J[..., 0] - J[..., 1]) < 0.05, 7.0, hypergeometric(J)),
                "tells no orbit",
            ),
            "in steps": (lambda J: np.round(hypergeometric(J), 2), "tells no orbit"),
            "a ceiling": (lambda J: np.minimum(hypergeometric(J), 2.0), "tells no orbit"),
        },
        "almost": {
            "one point": (one_point_only, "one value for each"),
            "only forwards": (only_forwards, "not beyond it"),
            "nearly": (lambda J: hypergeometric(J) + 1e-3 * J[..., 0], "finely enough"),
            "coarse": (coarse, "finely enough"),
            "another integrand": (
                of_halves(lambda s, d, v: v * np.cosh(s) + v * hyp2f1(1 / 3, 1 / 2, 4 / 3, -(v**3))),
                "integrand right",
            ),
        },
    },
    "04.5": {
        "right": {"root": by_root, "simulation": by_simulation, "bisection": slope_at_crossing, "newton": by_mirror},
        "wrong": {
            "law for small starts": (lambda p, q: 128 * (p * q) ** 4 / (p - q) ** 2, "law for very small"),
            "J1 stays": (lambda p, q: sum(rates(p, 1 - p)), "J₁ moves on the way"),
            "J2 stays": (lambda p, q: sum(rates(1 - q, q)), "J₂ moves on the way"),
            "at the start": (lambda p, q: sum(rates(p, q)), "J' at the start"),
            "d stays": (straight, "d from the start"),
            "no integral": (
                with_halves(lambda s, d, v: 2 / (2 + 2 * np.sqrt(1 + (v * np.cosh(s)) ** 6)) ** 2),
                "left out on both",
            ),
            "one task": (lambda p, q: by_simulation(p, q) / 2, "rate of one task"),
            "not solved": (
                with_halves(lambda s, d, v: 2 / (2 + 2 * np.sqrt(1 + (v * np.cosh(s) + K(v)) ** 2)) ** 2),
                "solve for v",
            ),
            "d doubled": (lambda p, q: 1 / 8 / np.cosh(run_to_the_line(p, q)) ** 4, "doubled d"),
            "a itself": (lambda p, q: 1 / (2 + 2 * np.cosh(run_to_the_line(p, q))), "This is a at"),
            "no absolute value": (
                lambda p, q: by_root(p, q) if p >= q else float("nan"),
                "Right for p > q",
            ),
            "updates": (by_updates, "instances differ"),
            "v for sinh d": (
                with_halves(lambda s, d, v: 2 / (2 + 2 * np.sqrt(1 + root(v * np.cosh(s) + K(v)) ** 2)) ** 2),
                "You take v for sinh d",
            ),
            "root of v": (
                with_halves(lambda s, d, v: 2 / (2 + 2 * np.sqrt(1 + root(v * np.cosh(s) + K(v)) ** (2 / 3))) ** 2),
                "You take v for sinh d",
            ),
            "I for v": (
                with_halves(lambda s, d, v: 2 / (2 + 2 * np.sqrt(1 + (v * np.cosh(s) + K(v)) ** 6)) ** 2),
                "You take I itself",
            ),
            "least of all": (least_of_all, "instances differ"),
        },
        "almost": {
            "full parameters": (lambda p, q: 2 * by_root(p, q), "full parameters"),
            "before the line": (before_the_line_only, "came through it"),
            "no diagonal": (no_diagonal, "On it d = 0"),
            "digits": (loses_digits, "digits get lost"),
            "first plateau": (first_plateau, "finds none"),
            "interpolated": (interpolated, "to few digits"),
        },
    },
    "04.6": {
        "right": {"number": -0.5, "fraction": -sp.Rational(1, 2), "measured": -0.4995, "at the edge": -0.49},
        "wrong": {
            "bound": (-1, "the paper's bound"),
            "sign": (0.5, "the *longer*"),
            "bound and sign": (1.0, "then of width"),
            "logarithm": (0, "logarithm at most"),
            "two": (-2.0, "Too long"),
            "scale": (-3, "*scale of the start*"),
            "two roots": (-0.25, "twice: a is"),
            "third": (-1 / 3, "not this one"),
            "other": (-0.7, "too small"),
        },
        "almost": {},
    },
    "04.7": {
        "right": {"symmetry": 0.95, "followed": 0.9501, "at the edge": 0.946, "fraction": sp.Rational(19, 20)},
        "wrong": {
            "learned": (1.0, "gives a little back"),
            "nearly learned": (0.99, "gives a little back"),
            "J2": (0.88, "J₂ itself"),
            "start": (0.12, "J₁ at the start"),
            "other start": (0.05, "J₂ at the start."),
            "nothing": (0.0, "cannot be below"),
            "half": (0.5, "beyond half-way"),
            "other": (0.8, "too small"),
        },
        "almost": {"percent": (95, "In percent")},
    },
    "04.8": {
        "right": {
            "a tie": np.array([[0.05, 0.0501], [0.09, 0.055]]),
            "the other task": np.array([[0.05, 0.05], [0.051, 0.2]]),
            "lists": [[0.02, 0.02], [0.02001, 0.04]],
        },
        "wrong": {
            "outside": (np.array([[0.05, -0.05], [0.1, 0.1]]), "inside the square"),
            "low": (np.array([[0.001, 0.001], [0.003, 0.002]]), "Too low"),
            "late": (np.array([[0.5, 0.1], [0.9, 0.2]]), "half-way or beyond"),
            "on the line": (np.array([[0.05, 0.05], [0.06, 0.94]]), "half-way or beyond"),
            "order": (np.array([[0.09, 0.055], [0.05, 0.0501]]), "The order"),
            "one task": (np.array([[0.05, 0.05], [0.04, 0.09]]), "*both* tasks"),
            "sooner": (np.array([[0.05, 0.08], [0.1, 0.16]]), "learned sooner"),
            "one start": (np.array([0.05, 0.09]), "shape"),
        },
        "almost": {"not twice": (np.array([[0.1, 0.1], [0.15, 0.101]]), "not twice as long")},
    },
    "04.9": {
        "right": {
            "width": "It is slow only on a stretch of J whose width shrinks like the square root of epsilon, so the "
            "time is root of epsilon divided by epsilon, which is much less than one over epsilon.",
            "shape": "All plateaus have the same shape when J is measured in units of sqrt(eps) and the speed in "
            "units of eps, therefore the time scales as one over sqrt(eps); the bound assumes a fixed length.",
            "not a logarithm": "The wait does not grow like the logarithm, as at an exponential saddle, but the region "
            "where it is slow shrinks like root eps.",
            "with the second derivative": "The bound takes the slowest speed for the whole way. Since J'' is zero at "
            "the crossing the speed grows like a parabola from there: the stretch below 2 eps has width sqrt(eps).",
        },
        "wrong": {
            "jumps": (
                "Because the updates are discrete, the learner steps over the flattest place and needs less time than "
                "the bound says for it.",
                "jumps over nothing",
            ),
            "wrong bound": (
                "The bound is wrong since the true time goes with the inverse square root of the flatness instead.",
                "As an upper bound",
            ),
            "second derivative": (
                "At the plateau the second derivative is zero, so the learner is not slowed down there and leaves it "
                "much faster than expected.",
                "whatever ε",
            ),
            "exponential": (
                "Because the escape from a saddle point is exponential, a learner that is stuck leaves it after a "
                "rather short time.",
                "Neither",
            ),
        },
        "almost": {"short": ("The width shrinks.", "Say a little more")},
    },
}
