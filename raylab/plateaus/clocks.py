"""How long it takes, in closed form: the law of a plateau, the way across it, and a component on its own."""

from typing import Annotated

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaln, expit, logit, wrightomega

from raylab import arguments
from raylab.plateaus.basins import lower_share
from raylab.plateaus.integral import Real, asinh_exp, on_orbit
from raylab.plateaus.orbits import exponent, log_integral_at
from raylab.records import Components, Performance

LAWS = ("on-policy", "supervised", "natural")


def plateau_time(flatness: ArrayLike, cosine: float = -0.5) -> Performance:
    """Time that a plateau takes in the limit of small flatness: (4 sqrt2 / 3) / sqrt(flatness).  [ledger N5]

    For another cosine 2^(2 b - 1) sqrt(b) B(b, b) / sqrt(flatness), b = 1 / (1 + cosine). The time along a whole orbit
    exceeds it by what the orbit needs anyway; `travel_time` is exact. (...) -> (...).
    Raises TypeError, or ValueError unless flatness > 0 and the cosine lies within (-1, 1).
    """
    slope = _slopes(flatness, np.inf)
    exponent(cosine)
    b = 1 / (1 + float(cosine))
    factor = np.exp((2 * b - 1) * np.log(2) + betaln(b, b))  # near cosine -1 each alone leaves float64
    return factor * np.sqrt(b) / np.sqrt(slope)


def travel_time(flatness: ArrayLike, performance: float = 0.2, cosine: float = -0.5) -> Performance:
    """Exact time from J = performance to J = 2 - performance on the orbit with that `flatness`.  [Schaul19 Fig. 8]

    flatness (...) within (0, (1 + cosine) / 4], where the upper end is the diagonal; -> (...). In step size x updates
    of reduced parameters, feature norm squared 2. No simulation: ds/dt depends on s and d only, d follows from the
    first integral, and both halves of the way take equally long [ledger N2].
    Raises TypeError, or ValueError for a flatness that no orbit has, or unless 1e-150 <= performance < 1.
    """
    k = exponent(cosine)
    slope = _slopes(flatness, (1 + float(cosine)) / 4)
    J0 = arguments.number(performance, "performance", 1e-150, 1.0)
    if J0 == 1:
        raise ValueError("performance: expected a number below 1, found 1.0; the way leads from it to 2 - J.")
    goal = log_integral_at(slope, float(cosine)).ravel()
    p = np.maximum(J0 / 2 * lower_share(np.full(goal.shape, J0), goal, k), 1e-307)
    far = np.abs(logit(p) + logit(J0 - p)) / 2  # |s| at both ends; the way is cut into pieces of about 1
    nodes, weights = np.polynomial.legendre.leggauss(20)
    pieces = max(int(np.ceil(far.max())), 1)
    x = (np.arange(pieces)[:, None] + (1 + nodes) / 2).ravel() / pieces
    s = far[:, None] * x
    d = asinh_exp(on_orbit(np.broadcast_to(goal[:, None], s.shape).copy(), np.cosh(s), k))
    per = 2 * far * (_slowness(s, d) @ np.tile(weights / 2, pieces)) / pieces
    return (per / (1 + float(cosine))).reshape(slope.shape)


def clock(
    times: ArrayLike, start: ArrayLike, law: str = "on-policy", square: float = 1.0
) -> Annotated[NDArray[np.float64], "... T"]:
    """J_k(t) of a component that is on its own, or does not interfere, with feature norm squared `square`.  [ledger N7]

    In its logit x: on-policy x + sinh x = C + square t / 2, supervised x + e^x = C + square t; the natural gradient
    has x = x0 + t whatever the norm, so `square` does not enter. times (T,), start (...) in [1e-290, 1) -> (..., T).
    Raises TypeError or ValueError for other values, or a law that is none of LAWS.
    """
    t, x = arguments.array(times, "times", "T"), _start(start)[..., None]
    law, square = _law(law), _square(square)
    if law == "natural":
        return expit(x + t)
    t = np.minimum(t, 1e300)  # by then it has arrived, and nothing overflows
    if law == "supervised":
        omega = wrightomega(x + np.exp(x) + square * t)  # e^x = W(e^m) for x + e^x = m, without forming e^m
        return omega / (1 + omega)
    return expit(_kepler(x + np.sinh(x) + square * t / 2))


def arrival(start: ArrayLike, level: float = 0.9, law: str = "on-policy", square: float = 1.0) -> Performance:
    """Time at which such a component, from start (...), reaches `level`: the inverse of `clock`; 0 if it is beyond.

    About 2 / (square start) on-policy, log(1 / start) / square supervised, log(1 / start) by the natural gradient.
    Raises TypeError or ValueError for other values, or a law that is none of LAWS.
    """
    x, goal = _start(start), _start(arguments.number(level, "level"), "level")
    law, square = _law(law), _square(square)
    x = np.minimum(x, goal)
    if law == "natural":
        return goal - x
    if law == "supervised":
        return (goal - x + np.exp(goal) - np.exp(x)) / square
    return 2 * (goal - x + np.sinh(goal) - np.sinh(x)) / square


def _slowness(s: Real, d: Real) -> Real:
    """(1 + c) dt/ds = 1 / (a1 + a2) = (cosh s + cosh d)^2 / (1 + cosh s cosh d), in terms that do not overflow."""
    low, high = np.minimum(np.abs(s), d), np.maximum(np.abs(s), d)
    small, ratio = 2 * np.exp(-high) / (1 + np.exp(-2 * high)), np.cosh(low) / np.cosh(np.minimum(high, 700.0))
    return (1 + ratio) ** 2 / (small * (small + np.cosh(low)))


def _kepler(m: Real) -> Real:
    """x with x + sinh x = m: Newton's method. From asinh m, beyond the root and on its convex side, it comes down."""
    sign, m = np.sign(m), np.abs(m)
    x = np.arcsinh(m)
    for _ in range(100):
        step = (x + np.sinh(x) - m) / (1 + np.cosh(x))
        x = x - step
        if (np.abs(step) <= 1e-9 * (1 + x)).all():
            break
    return sign * x


def _slopes(flatness: ArrayLike, most: float) -> Real:
    slope = arguments.array(flatness, "flatness", "...")
    if (slope <= 0).any() or (slope > most * (1 + 1e-12)).any():
        raise ValueError(
            f"flatness: expected slopes in (0, {most:.6g}], found {slope.min():.4g} to {slope.max():.4g}; "
            "no orbit crosses J1 + J2 = 1 with another."
        )
    return np.minimum(slope, most)


def _start(value: ArrayLike, name: str = "start") -> Components:
    found = arguments.array(value, name, "...")
    if (found < 1e-290).any() or (found >= 1).any():
        raise ValueError(
            f"{name}: expected performances in [1e-290, 1), found {found.min():.4g} to {found.max():.4g}; "
            "at 0 nothing begins, and 1 is never reached."
        )
    return logit(found)


def _law(law: str) -> str:
    if arguments.text(law, "law") not in LAWS:
        raise ValueError(f"law: expected one of {', '.join(LAWS)}, found {law!r}; write it as there.")
    return law


def _square(square: float) -> float:
    return arguments.number(square, "square", 1e-6, 1e6)
