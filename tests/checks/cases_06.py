"""What people write for the exercises of chapter 06: right ones, wrong ones, nearly right ones."""

import math

import numpy as np
import sympy as sp
from scipy.optimize import brentq

# --------------------------------------------------------------------------------------------- 06.1 factored_rates


def by_loops(f, V):
    found = np.zeros(len(f))
    for k in range(len(f)):
        for j in range(len(f)):
            found[k] += f[k] * f[j] * (V[k] * V[j]).sum()
    return found


def by_gradients(f, V):
    G = f[:, None] * V
    return G @ G.sum(axis=0)


def by_gram(f, V):
    return f * ((V @ V.T) @ f)


def by_einsum(f, V):
    return np.einsum("k,kd,jd,j->k", f, V, V, f)


def never_alone(f, V):
    return by_gram(f, V) if len(f) > 1 else f


def in_place(f, V):
    V *= f[:, None]
    return V @ V.sum(axis=0)


# ------------------------------------------------------------------------------------------------------- 06.2 C.2

f1, f2, d1, d2, n1, n2, g = sp.symbols("f1 f2 d1 d2 n1 n2 g")
SPEED = n1 * f1**2 + 2 * g * f1 * f2 + n2 * f2**2
RATE1, RATE2 = f1 * (n1 * f1 + g * f2), f2 * (n2 * f2 + g * f1)
BY1, BY2 = sp.diff(SPEED, f1) * d1, sp.diff(SPEED, f2) * d2


def with_functions():
    """The chain rule with unknown functions, then their names."""
    x, y = sp.symbols("x y")
    F, G = sp.Function("F")(x), sp.Function("G")(y)
    speed = n1 * F**2 + 2 * g * F * G + n2 * G**2
    first, second = F * (n1 * F + g * G), G * (n2 * G + g * F)
    named = lambda e: e.subs({F.diff(x): d1, G.diff(y): d2}).subs({F: f1, G: f2})
    return named(speed.diff(x)), named(speed.diff(x) * first + speed.diff(y) * second)


def without(pair):
    """J' without the mixed term, and with it once."""
    speed = n1 * f1**2 + n2 * f2**2 + pair * g * f1 * f2
    a, b = sp.diff(speed, f1) * d1, sp.diff(speed, f2) * d2
    return a, a * RATE1 + b * RATE2


# ------------------------------------------------------------------------------------------------ 06.3 a restless f

u = sp.Symbol("u")
v = sp.Symbol("u", positive=True)
RIPPLE = sp.exp(-1 / u) * (2 + sp.sin(1 / u**2))


# ---------------------------------------------------------------------------------------------- 06.4 the threshold


def by_flow(cosine):
    """J''' on the line by differentiating along the flow, and its zero by a bracket."""
    x, y = sp.symbols("x y")
    a, b = x * (1 - x), y * (1 - y)
    c = sp.Rational(str(cosine))
    rates = 2 * a * (a + c * b), 2 * b * (b + c * a)
    along = lambda e: sp.diff(e, x) * rates[0] + sp.diff(e, y) * rates[1]
    jerk = sp.lambdify(x, (along(along(sum(rates)))).subs(y, 1 - x))
    J1 = brentq(lambda z: jerk(z) / (z * (1 - z)) ** 4, 1e-3, 0.4999, xtol=1e-15)
    return J1 * (1 - J1)


def by_last_line(cosine):
    c = cosine
    return brentq(lambda a: -2 * a + (1 - 4 * a) * (1 + 2 * (1 - c) / (1 + c)), 0, 0.25, xtol=1e-16)


# ---------------------------------------------------------------------------------------------- 06.9 the strip


def by_bracket(J2, r):
    z = r * J2 * (1 - J2)
    return brentq(lambda x: x * (1 - x) - z, 0.0, 0.5, xtol=1e-300, rtol=1e-14) if z < 0.25 else 0.5


def by_expm1(J2, r):
    """Through the logit: a = 1 / (2 + 2 cosh x)."""
    a = r * J2 * (1 - J2)
    half = 0.5 * math.log1p(-min(4 * a, 1.0)) if a < 0.25 else -math.inf
    return -0.5 * math.expm1(half)


def by_iteration(J2, r):
    z = r * J2 * (1 - J2)
    x = z
    for _ in range(20_000):
        x, last = z / (1 - x), x
        if abs(x - last) <= 1e-16 * x:
            break
    return x


def naive(J2, r):
    return (1 - np.sqrt(1 - 4 * r * J2 * (1 - J2))) / 2


K = sp.Symbol("K")

CASES = {
    "06.1": {
        "right": {"loops": by_loops, "gradients": by_gradients, "gram": by_gram, "einsum": by_einsum},
        "wrong": {
            "potentials": (lambda f, V: (V @ V.T) @ f, "move the potentials"),
            "features only": (lambda f, V: f * (V @ V.T).sum(axis=1), "its own fⱼ"),
            "own gradient": (lambda f, V: np.einsum("k,kd,kd,k->k", f, V, V, f), "own gradient only"),
            "own f twice": (lambda f, V: (f[:, None] * V) @ V.sum(0) * f, "fⱼ not at all"),
            "three factors": (lambda f, V: f * by_gram(f, V), "fₖ too many"),
            "cosines": (
                lambda f, V: f * (np.array([[a @ b / np.sqrt(a @ a * (b @ b)) for b in V] for a in V]) @ f),
                "Their lengths count",
            ),
            "of the sum": (lambda f, V: np.sum((V.T @ f) ** 2), "rate of the sum"),
            "the step": (lambda f, V: f @ V, "θ', the step"),
            "others only": (lambda f, V: f * ((V @ V.T - np.diag((V**2).sum(1))) @ f), "Only the others"),
            "descent": (lambda f, V: -by_loops(f, V), "learner climbs"),
            "never negative": (lambda f, V: np.abs(by_loops(f, V)), "may also lose"),
            "clipped": (lambda f, V: np.maximum(by_loops(f, V), 0), "instances differ"),
            "V transposed": (lambda f, V: f * (V.T @ V @ f) if V.shape[0] == V.shape[1] else by_gram(f, V), "Not yet"),
            "performances": (lambda f, V: by_gram(f * (1 - f), V), "not the performances"),
            "of the sum, each": (lambda f, V: np.full(len(f), np.sum((V.T @ f) ** 2)), "rate of the sum"),
            "f squared": (lambda f, V: (V @ V.T) @ (f * f), "fₖ not at all"),
            "f outside": (lambda f, V: np.outer(f, f) * (V @ V.T), "shape"),
        },
        "almost": {
            "mean": (lambda f, V: by_gradients(f, V) / f.size, "the mean of the gradients"),
            "one alone": (never_alone, "One task alone"),
            "overwrites": (in_place, "overwrites"),
            "a list": (lambda f, V: list(by_gram(f, V)), "come as a list"),
        },
    },
    "06.2": {
        "right": {
            "as it comes": (BY1, BY1 * RATE1 + BY2 * RATE2),
            "expanded": (sp.expand(BY1), sp.expand(BY1 * RATE1 + BY2 * RATE2)),
            "unknown functions": with_functions(),
            "as printed": (2 * d1 / f1 * RATE1, 2 * d1 / f1 * RATE1**2 + 2 * d2 / f2 * RATE2**2),
            "a list": [BY1, BY1 * RATE1 + BY2 * RATE2],
        },
        "wrong": {
            "no rates": ((BY1, BY1 + BY2), "as they are"),
            "task 1 alone": ((BY1, BY1 * RATE1), "task 1 alone"),
            "rates of the potentials": ((BY1, BY1 * RATE1 / f1 + BY2 * RATE2 / f2), "lacks a factor"),
            "no square": ((BY1, 2 * d1 * RATE1 + 2 * d2 * RATE2), "comes twice"),
            "half": ((BY1 / 2, (BY1 * RATE1 + BY2 * RATE2) / 2), "Half of it"),
            "product once": (without(1), "counted once"),
            "no product": (without(0), "mixed term"),
            "own gradient": (
                (BY1, 2 * d1 * f1 * (n1 * f1) ** 2 + 2 * d2 * f2 * (n2 * f2) ** 2),
                "own gradient only",
            ),
            "no slopes at all": ((BY1 / d1, BY1 * RATE1 / d1 + BY2 * RATE2 / d2), "derivatives by f₁ and f₂"),
            "slopes lost": ((BY1, BY1 * RATE1 / d1 + BY2 * RATE2 / d2), "have been lost"),
            "squares": ((BY1, BY1**2 + BY2**2), "squares the derivatives"),
            "without the 2": ((BY1, d1 * f1 * (RATE1 / f1) ** 2 + d2 * f2 * (RATE2 / f2) ** 2), "without the 2"),
            "times the speed": ((BY1, (BY1 + BY2) * SPEED), "not with J'"),
            "rates exchanged": ((BY1, BY1 * RATE2 + BY2 * RATE1), "have changed places"),
            "a 2 in the rates": ((BY1, BY1 * 2 * RATE1 + BY2 * 2 * RATE2), "twice too large"),
            "minus": ((BY1, BY1 * RATE1 - BY2 * RATE2), "1 of 2"),
            "the speed": ((SPEED, BY1 * RATE1 + BY2 * RATE2), "1 of 2"),
        },
        "almost": {
            "by f1": ((2 * (n1 * f1 + g * f2), BY1 * RATE1 + BY2 * RATE2), "derivative by f₁"),
            "with the rate": ((2 * d1 * RATE1, BY1 * RATE1 + BY2 * RATE2), "factor f₁ too many"),
            "exchanged": ((BY1 * RATE1 + BY2 * RATE2, BY1), "in the other order"),
        },
    },
    "06.3": {
        "right": {
            "sine of 1/u^2": sp.exp(-1 / u) * (2 + sp.sin(1 / u**2)),
            "cosine of 1/u^3, positive u": sp.exp(-1 / v) * (3 + sp.cos(1 / v**3)),
            "with 1 - u": sp.exp(-1 / u) * (1 + sp.sin(1 / u**2) / 2) * (1 - u),
            "a square": sp.exp(-1 / u) * (sp.Rational(1, 10) + sp.sin(1 / u**2) ** 2),
            "slower decay": sp.exp(-1 / sp.sqrt(u)) * (2 + sp.sin(1 / u**2)),
            "slower still": sp.exp(-(sp.log(u) ** 2)) * (2 + sp.sin(1 / u)),
            "nearly touches": sp.exp(-1 / u) * (sp.Rational(10001, 10000) + sp.sin(1 / u**2)),
            "touches less and less": sp.exp(-1 / u) * (sp.sin(1 / u**2) ** 2 + u),
            "and less": sp.exp(-1 / u) * (sp.sin(1 / u**2) ** 2 + sp.exp(-1 / u)),
            "in the exponent": sp.exp(-1 / u + sp.sin(1 / u**2)),
            "a high power": sp.exp(-1 / u) * (2 + sp.sin(u**-12)),
            "steeper than its growth": sp.exp(-1 / u) * (2 + sp.sin(2 / u)),
            "a fourth root": sp.exp(-(u ** -sp.Rational(1, 4))) * (2 + sp.sin(1 / u)),
            "a logarithm, squared": sp.exp(-(sp.log(u) ** 2) / 4) * (2 + sp.sin(1 / u)),
            "large derivatives at every place": sp.exp(-(sp.log(u) ** 2) / 10) * (2 + sp.sin(1 / u)),
            "u to the power 1/u": u ** (1 / u) * (2 + sp.sin(1 / u**3)),
            "zero at 0.1, not before": sp.exp(-1 / u) * (2 + sp.sin(1 / u**2)) * (sp.Rational(1, 10) - u),
        },
        "wrong": {
            "softmax": (u * (1 - u), "Near 0 this one rises"),
            "flat": (sp.exp(-1 / u), "Near 0 this one rises"),
            "sine of 1/u": (sp.exp(-1 / u) * (2 + sp.sin(1 / u)), "Near 0 this one rises"),
            "C1 only": (u**4 * (2 + sp.sin(1 / u)), "not smooth"),
            "C0 only": (u * (2 + sp.sin(1 / u)), "not smooth"),
            "both signs": (sp.exp(-1 / u) * sp.sin(1 / u**2), "learning is possible"),
            **{
                f"both signs, {above}": (
                    sp.exp(-1 / u) * (sp.sin(1 / u**2) + sp.Rational(above)),
                    "learning is possible",
                )
                for above in ("999/1000", "9995/10000", "9999/10000")
            },
            "both signs, cosine": (sp.exp(-1 / u) * (sp.Rational(999, 1000) - sp.cos(u**-3)), "learning is possible"),
            "negative near the end": (RIPPLE * (sp.Rational(95, 1000) - u), "learning is possible"),
            "starts at 2": (2 + sp.exp(-1 / u) * sp.sin(1 / u**2), "f(0) = 0 is asked"),
            "a function": (lambda x: x, "a sympy expression in u"),
            "kinks": (sp.exp(-1 / v) * (1 + sp.Abs(sp.sin(1 / v**2))), "of smooth functions"),
            "touches 0": (sp.exp(-1 / u) * sp.sin(1 / u**2) ** 2, "It touches 0"),
            "touches 0, cosine": (sp.exp(-1 / u) * (1 - sp.cos(1 / u**2)), "It touches 0"),
            "touches 0, slow ripple": (sp.exp(-1 / u) * sp.sin(1 / u) ** 2, "It touches 0"),
            "touches 0, sine": (sp.exp(-1 / v) * (1 + sp.sin(v**-2)), "It touches 0"),
            "touches 0, fast": (sp.exp(-1 / u**2) * sp.sin(u**-3) ** 2, "It touches 0"),
            "touches 0, fourth power": (sp.exp(-1 / u) * sp.sin(u**-2) ** 4, "It touches 0"),
            "touches 0, multiplied out": (
                sp.expand(sp.exp(-1 / u) * (1 + sp.sin(1 / u)) * (2 + sp.sin(u**-2))),
                "It touches 0",
            ),
            "touches 0, a root": (sp.exp(-1 / u) * sp.sqrt(1 + sp.sin(u**-2)), "It touches 0"),
            "touches 0, by a factor": (RIPPLE * (u - sp.Rational(1, 200)) ** 2, "It touches 0"),
            "touches 0, lower": (sp.expand(RIPPLE * (u - sp.Rational(1, 2000)) ** 2), "It touches 0"),
            "touches 0, near the end": (RIPPLE * (u - sp.Rational(95, 1000)) ** 2, "It touches 0"),
            "touches 0, a factor with a logarithm": (RIPPLE * (sp.log(u) + 5) ** 2, "It touches 0"),
            "a large power": (10**9 * u**3 * (2 + sp.sin(1 / u)), "not smooth"),
            "logarithm": (u**2 * (2 + sp.sin(sp.log(u))), "Near 0 this one rises"),
            "weak": (sp.exp(-1 / u) * (1000 + sp.sin(1 / u**2)), "Near 0 this one rises"),
            "other symbol": (sp.exp(-1 / K), "a sympy expression in u"),
            "a power, early": (u**6 * (2 + sp.sin(1 / u**2)), "not smooth"),
        },
        "almost": {
            "high power": (u**24 * (2 + sp.sin(1 / u)), "runs out of derivatives"),
            "too fast": (sp.exp(-1 / u) * (2 + sp.sin(sp.exp(1 / u))), "runs too fast to be checked"),
            "far too fast": (
                sp.exp(-1 / u) * (2 + sp.cos(sp.exp(sp.exp(sp.exp(1 / u))))),
                "runs too fast to be checked",
            ),
            "far too flat": (sp.exp(-sp.exp(1 / u)) * (2 + sp.sin(1 / u**2)), "smaller than anything"),
            "very high power": (u**60 * (2 + sp.sin(1 / u**3)), "runs out of derivatives"),
        },
    },
    "06.4": {
        "right": {
            "by the flow": by_flow,
            "last line": by_last_line,
            "expanded": lambda cosine: (1.5 - 0.5 * cosine) / (7 - cosine),
        },
        "wrong": {
            "chapter 04": (lambda cosine: 49 / 210, "the border at the cosine −1/2"),
            "nothing shared": (lambda cosine: 6 / 28, "where nothing is shared"),
            "sign": (lambda cosine: (1.5 + 0.5 * cosine) / (7 + cosine), "The sign of the cosine"),
            "pull fixed": (lambda cosine: 1 / 6, "changes as well: differentiate"),
            "1 - 2J fixed": (lambda cosine: 0.25, "the middle of the square"),
            "pull once": (lambda cosine: (5 + cosine) ** -1, "comes squared"),
            "twice": (lambda cosine: (3 - cosine) / (7 - cosine), "never above"),
            "1 - a": (lambda cosine: (3 - cosine) / (8 - 2 * cosine), "1 − 4a, not"),
            "lost a 2": (lambda cosine: (3 - cosine) / (13 - 3 * cosine), "A 2 is missing"),
            "a fixed": (lambda cosine: (1 - cosine) / (5 - 3 * cosine), "the factor aₖ changes"),
            "collected wrongly": (lambda cosine: (3 - cosine) / 2 / (7 + cosine), "collect what belongs"),
            "linear": (lambda cosine: 3 / 14 - 4 * cosine / 105, "instances differ"),
            "negative only": (
                lambda cosine: by_last_line(cosine) if cosine <= 0 else 3 / 14,
                "instances differ",
            ),
        },
        "almost": {
            "J1": (lambda cosine: 0.5 - np.sqrt(0.25 - by_last_line(cosine)), "This is J₁"),
            "slope": (lambda cosine: 4 * (1 + cosine) * by_last_line(cosine) ** 2, "This is the slope"),
        },
    },
    "06.5": {
        "right": {"a list": [0.5, 2], "fractions": (1 / 2, 2.0)},
        "wrong": {
            "of the potential": ((1, 0.5), "potential that rises"),
            "c and 1": ((1, 1), "0 of 2"),
            "never": ((0, 1), "0 of 2"),
            "always": ((2, 1), "0 of 2"),
            "one number": (0.5, "2 values"),
            "another power": ((0.5, 7), "The first is right. Look at the second"),
        },
        "almost": {
            "wrong power": ((0.5, 0.5), "For the power"),
            "integrated upwards": ((0.5, 4), "not −1 − 2c"),
            "integrand": ((0.5, 3), "one power less"),
            "sign": ((0.5, -2), "Asked for is the power of 1/p"),
            "of c = 1": ((0.5, 1), "belongs to c = 1"),
            "border 1": ((1, 2), "Use the same integral"),
            "border 0": ((0, 2), "does not mean for ever"),
            "border 2": ((2, 2), "stops being finite"),
            "other order": ((2, 0.5), "in the other order"),
            "c itself": ((0.5, 1.5), "1.5 is c itself"),
            "border 1/4": ((0.25, 2), "fourth power"),
        },
    },
    "06.6": {
        "right": {"fractions": (18, -2 / 3), "by the formula": [2 * (1 + 0.8) / (1 - 0.8), -0.667]},
        "wrong": {
            "the wait": ((9, -0.818), "power in the *wait*. The"),
            "the wait, then right": ((9, -2 / 3), "power in the *wait*. The"),
            "chapter 04": ((6, -2 / 3), "cosine −1/2, chapter"),
            "nothing shared": ((2, -2 / 3), "nothing is shared"),
            "helping": ((2 * 0.2 / 1.8, 2 / 3), "other way round"),
            "sign": ((-18, -2 / 3), "both go to 0"),
            "k": ((0.2 / 1.8, 9 / 11), "this is k ="),
            "k over 2": ((1 / 18, 19 / 21), "Upside down: k/2"),
            "no denominator": ((3.6, -4), "divided by 1 +"),
            "linear": ((2 + 8 * 0.8, -1), "has to be infinite"),
            "the factor": ((2**18, -2 / 3), "Asked for: the power"),
            "another": ((12, -0.7), "0 of 2"),
            "another cosine": ((18, -0.7), "The first is right. Look at the second"),
            "another power": ((12, -2 / 3), "The second is right. Look at the first"),
            "one number": (18, "2 values"),
        },
        "almost": {
            "the cosine of the wait": ((18, -0.8182), "*wait* that has"),
            "r": ((18, 0.667), "2/3 is r"),
            "below -1": ((18, -1.5), "does not exist"),
            "in proportion": ((18, -0.444), "grow in proportion"),
            "from the table": ((18, -0.65), "it is 9.43"),
            "other order": ((-0.667, 18), "in the other order"),
        },
    },
    "06.7": {
        "right": {
            "simplified": (2 * sp.sqrt(u * (1 - u) ** 3), sp.Rational(1, 2)),
            "by solving": (2 * sp.sqrt(u / (1 - u)) / (1 + u / (1 - u)) ** 2, sp.S.Half),
            "a list": [2 * u**sp.S.Half * (1 - u) ** sp.Rational(3, 2), 1 / sp.S(2)],
        },
        "wrong": {
            "numerator only": ((2 * sp.sqrt(u / (1 - u)), sp.S.Half), "depends on φ, too"),
            "phi is a root": ((2 * sp.sqrt(u) / (1 + u / (1 - u)) ** 2, sp.S.Half), "not of u"),
            "not squared": ((2 * sp.sqrt(u / (1 - u)) * (1 - u), sp.S.Half), "is squared"),
            "half": ((sp.sqrt(u) * (1 - u) ** sp.Rational(3, 2), sp.S.Half), "Half of it"),
            "in phi": ((2 * u / (1 + u**2) ** 2, sp.S(1)), "u written for φ"),
            "upside down": ((1 / (2 * sp.sqrt(u) * (1 - u) ** sp.Rational(3, 2)), sp.S.Half), "Upside down"),
            "softmax": ((u - u**2, sp.S(1)), "This is the softmax"),
            "the potential": ((sp.sqrt(u / (1 - u)), sp.S.Half), "This is φ, the potential"),
            "the potential, simplified": ((sp.sqrt(u) / sp.sqrt(1 - u), sp.S.Half), "This is φ, the potential"),
            "no root": ((2 * (u / (1 - u)) / (1 + (u / (1 - u)) ** 2) ** 2, sp.S(1)), "a root is missing"),
            "the power alone": (sp.S.Half, "2 expressions"),
        },
        "almost": {
            "c = 1": ((2 * sp.sqrt(u * (1 - u) ** 3), sp.S(1)), "a constant times"),
            "c = 2": ((2 * sp.sqrt(u * (1 - u) ** 3), sp.S(2)), "the power of φ"),
            "still in phi": (
                (2 * sp.Symbol("phi") / (1 + sp.Symbol("phi") ** 2) ** 2, sp.S.Half),
                "takes the performance: put",
            ),
            "near 0": ((2 * sp.sqrt(u), sp.S.Half), "True near 0"),
            "minus": ((2 * sp.sqrt(u * (1 - u) ** 3), -sp.S.Half), "negative power"),
            "in J": ((2 * sp.sqrt(sp.Symbol("J") * (1 - sp.Symbol("J")) ** 3), sp.S.Half), "is to be called"),
            "the other end": ((2 * sp.sqrt(u * (1 - u) ** 3), sp.Rational(3, 2)), "vanishes at the top"),
        },
    },
    "06.8": {
        "right": {
            "a fraction": (K - 1) ** -1,
            "of the sum": sp.solve(K - K * (K - 1) * sp.Symbol("r"), sp.Symbol("r"))[0],
            "an equation": sp.Eq(sp.Symbol("r"), 1 / (K - 1)),
        },
        "wrong": {
            "1/K": (1 / K, "K − 1 others"),
            "pairs": (2 / K / (K - 1), "squares, not one."),
            "pairs once": (2 / (K - 1), "and as ⟨vₖ, vⱼ⟩."),
            "one square": (1 / (K**2 - K), "There are K squares in"),
            "the bandit": (1 / (2 * K - 2), "uniform policy"),
            "one": (sp.S(1), "opposite to each other"),
            "one half": (sp.S.Half, "120 degrees"),
            "K - 2": (1 / (K - 2), "no value there"),
            "the trap": (1 / (2 * K - 3), "becomes infinite"),
            "in a plane": (sp.cos(sp.pi / K), "evenly in a plane"),
            "a root": (1 / sp.sqrt(K), "another expression"),
        },
        "almost": {"upside down": (K - 1, "This is 1/r"), "the cosine": (1 / (1 - K), "so r itself is positive")},
    },
    "06.9": {
        "right": {"a bracket": by_bracket, "logarithms": by_expm1, "repeated": by_iteration},
        "wrong": {
            "the other edge": (lambda J2, r: (1 + np.sqrt(1 - 4 * r * J2 * (1 - J2))) / 2, "other solution"),
            "narrow": (lambda J2, r: r * (J2 - J2**2), "second factor counts"),
            "no angle": (lambda J2, r: J2 - J2**2, "angle is missing"),
            "r = 1": (lambda J2, r: min(J2, 1 - J2), "solves a(J₁)"),
            "half": (lambda J2, r: naive(J2, r) / 2, "not by 4"),
            "no 4": (lambda J2, r: (1 - np.sqrt(1 - r * (J2 - J2**2))) / 2, "A 4 is missing"),
            "a line": (lambda J2, r: J2 * r, "f(u) = u."),
            "a root": (lambda J2, r: math.sqrt(r * J2 * (1 - J2)), "solves J₁²"),
            "r alone": (lambda J2, r: r + 0.0, "angle alone"),
            "labels": (lambda J2, r: 1 - r * (1 - J2), "instances differ"),
        },
        "almost": {"loses digits": (naive, "loses its digits")},
    },
}
