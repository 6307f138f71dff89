"""The shapes that have a name: those of the two papers' bandits, powers, mixtures, curves through handles."""

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import PchipInterpolator

from raylab import arguments
from raylab.systems.factored.shapes import Shape

Real = NDArray[np.float64]


def power(exponent: float) -> Shape:
    """f(u) = u^exponent (1 - u): the larger the exponent, the less is learned near 0.

    Raises TypeError or ValueError unless the exponent is a number in [0.001, 100].
    """
    c = arguments.number(exponent, "exponent", 1e-3, 100.0)
    return Shape(partial(_power, c=c), partial(_power_slope, c=c))


def mixed(share: float) -> Shape:
    """f(u) = ((1 - share) u + share / 2) (1 - u): that share of uniform behaviour, two actions.  [Schaul19 Fig. 6]

    share = 0 is `on_policy`; f(0) > 0 for any other. Raises TypeError or ValueError unless share is within [0, 1].
    """
    s = arguments.number(share, "share", 0.0, 1.0)
    return Shape(partial(_mixed, share=s), partial(_mixed_slope, share=s))


def through(places: ArrayLike, heights: ArrayLike, top: float = 1.0) -> Shape:
    """The smooth curve through these handles: rises and falls only where they do (PCHIP), 0 at top.

    places (M,): increasing from 0 to top; the last may be left out. heights (M,): f there, positive inside, 0 at top.
    Raises TypeError or ValueError for anything else.
    """
    x, y = arguments.array(places, "places", "M"), arguments.array(heights, "heights", "M")
    top = arguments.number(top, "top", 1e-6, 1e6)
    if len(x) != len(y):
        raise ValueError(f"heights: expected {len(x)} entries as places, found {len(y)}; give one for each handle.")
    if x[-1] < top:
        x, y = np.append(x, top), np.append(y, 0.0)
    if x[0] != 0 or x[-1] != top or (np.diff(x) < 1e-9 * top).any():
        raise ValueError(
            f"places: expected increasing places from 0 to top = {top:g}, found {x[:6].tolist()}; sort and shift them."
        )
    if y[-1] != 0 or y[0] < 0 or (y[1:-1] <= 0).any() or len(x) < 3 or not 1e-100 < y.max() < 1e100:
        raise ValueError(
            f"heights: expected f >= 0 at 0, f > 0 at one place inside at least, f = 0 at top, found {y[:6].tolist()}; "
            "lift the handles inside."
        )
    curve = PchipInterpolator(x, y)
    return Shape(partial(_along, curve), partial(_along, curve.derivative()), top)


def _along(curve: Any, u: Real) -> Real:
    return curve(u)


def _power(u: Real, c: float) -> Real:
    return u**c * (1 - u)


def _power_slope(u: Real, c: float) -> Real:
    with np.errstate(divide="ignore", over="ignore"):  # infinite at 0 for c < 1, and that is the answer
        return c * np.asarray(u, dtype=float) ** (c - 1) * (1 - u) - u**c


def _mixed(u: Real, share: float) -> Real:
    return ((1 - share) * u + share / 2) * (1 - u)


def _mixed_slope(u: Real, share: float) -> Real:
    return (1 - share) * (1 - 2 * u) - share / 2


def _bernoulli(u: Real) -> Real:
    return u * (1 - u)


def _bernoulli_slope(u: Real) -> Real:
    return 1 - 2 * u


def _missing(u: Real) -> Real:
    return 1 - u


def _missing_slope(u: Real) -> Real:
    return np.full_like(u, -1.0)


def _restless(u: Real) -> Real:
    safe = np.maximum(u, 1e-3)  # below, e^(-1/u) is no number of float64
    return np.where(u < 1e-3, 0.0, np.exp(-1 / safe) * (2 + np.sin(safe**-2)) * (1 - u))


def _restless_slope(u: Real) -> Real:
    safe = np.maximum(u, 1e-3)
    z = safe**-2
    rise = (1 - u) * ((2 + np.sin(z)) * z - 2 * np.cos(z) * z / safe) - (2 + np.sin(z))
    return np.where(u < 1e-3, 0.0, np.exp(-1 / safe) * rise)


on_policy = Shape(_bernoulli, _bernoulli_slope)  # f(u) = u (1 - u): what you never do, you never learn
labels = Shape(_missing, _missing_slope)  # f(u) = 1 - u: the teacher does not wait for a success
restless = Shape(_restless, _restless_slope)  # e^(-1/u) (2 + sin(1/u^2)) (1 - u): smooth, and falls ever again [S27]
