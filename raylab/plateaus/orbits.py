"""The orbits of two binary contexts in closed form, and where each of them is slowest.

The law is x' = 2 (a1 + c a2), y' = 2 (a2 + c a1): logits x, y, slopes a_k = J_k (1 - J_k), feature norm squared 2,
cosine c between the features; the 2 x 2 bandit in reduced parameters has c = -1/2.
Everything is computed from logarithms, so that starts of 1e-150 and flatness of 1e-900 keep their digits.
"""

from typing import Annotated

import numpy as np
from numpy.typing import ArrayLike, NDArray

from raylab import arguments
from raylab.plateaus.integral import Real, asinh_exp, in_blocks, log_integral, log_sinh, on_orbit
from raylab.records import Performance


def first_integral(J: ArrayLike, cosine: float = -0.5, log: bool = False) -> Performance:
    """I = cosh s sinh^k|d| + k Integral_0^|d| sinh^(k-1), constant along orbits: (..., 2) -> (...).  [ledger N1]

    s, d: half sum and half difference of the logits; k = (1 + cosine) / (1 - cosine). 0 on the diagonal, inf on the
    edges of the square; log=True gives its natural logarithm, finite everywhere else. A level set is an orbit and its
    mirror image.
    Raises TypeError or ValueError unless J is an array of performances in [0, 1] and the cosine lies within (-1, 1).
    """
    J, k = performances(J), exponent(cosine)
    found = in_blocks(lambda J1, J2: _log_first_integral(J1, J2, k), J[..., 0], J[..., 1])
    if arguments.flag(log, "log"):
        return found
    with np.errstate(over="ignore"):  # inf is the answer beyond float64
        return np.exp(found)


def flatness(J: ArrayLike, cosine: float = -0.5, log: bool = False) -> Performance:
    """J' where the orbit through J crosses J1 + J2 = 1, (..., 2) -> (...): 4 (1 + cosine) a^2.  [ledger N3]

    In performance per time, at feature norm squared 2, whether or not Def. 2 calls the crossing a plateau. A start
    beyond the crossing has the same value, since its orbit came through it. (1 + cosine) / 4 on the diagonal,
    0 on the edges of the square; log=True gives the natural logarithm, -inf on the edges.
    The relative error is a few 1e-16 times the size of the logarithm, divided by k where k is small (`first_integral`).
    Raises TypeError or ValueError unless J is an array of performances in [0, 1] and the cosine lies within (-1, 1).
    """
    J, k = performances(J), exponent(cosine)
    found = in_blocks(lambda J1, J2: _log_flatness(J1, J2, k), J[..., 0], J[..., 1]) + np.log1p(float(cosine))
    return found if arguments.flag(log, "log") else np.exp(found)


def _log_flatness(J1: Real, J2: Real, k: float) -> Real:
    """The logarithm of 4 a^2 at the crossing: without the factor 1 + cosine."""
    goal = _log_first_integral(J1, J2, k)
    d = asinh_exp(on_orbit(goal, np.ones(goal.shape), k))
    # sech^4(d / 2) = 16 e^(-2 d) / (1 + e^-d)^4
    return 2 * np.log(2) - 2 * d - 4 * np.log1p(np.exp(-d))


def flattest(cosine: float = -0.5) -> float:
    """a = J1 (1 - J1) below which a crossing of J1 + J2 = 1 is a plateau: (3 - c) / (2 (7 - c)).  [ledger N6]

    7/30 at cosine -1/2. [Schaul19 App. B.2] Raises TypeError or ValueError unless the cosine lies within (-1, 1).
    """
    exponent(cosine)
    return (3 - float(cosine)) / (2 * (7 - float(cosine)))


def steepest_slope(cosine: float = -0.5) -> float:
    """The slope J' below which a crossing is a plateau: 4 (1 + c) a^2 at `flattest`, 49/450 at cosine -1/2.

    Raises TypeError or ValueError unless the cosine lies within (-1, 1).
    """
    return flattest(cosine) ** 2 * 4 * (1 + float(cosine))


def performances(J: ArrayLike) -> Annotated[NDArray[np.float64], "... 2"]:
    """J as float64 of shape (..., 2) in [0, 1]; TypeError or ValueError for anything else."""
    found = arguments.array(J, "J", "... 2")
    if (found < 0).any() or (found > 1).any():
        raise ValueError(
            f"J: expected performances in [0, 1], found {found.min():.4g} to {found.max():.4g}; "
            "pass (J1, J2), not logits."
        )
    return found


def exponent(cosine: float) -> float:
    """k = (1 + cosine) / (1 - cosine); TypeError or ValueError unless the cosine is a number within (-1, 1)."""
    c = arguments.number(cosine, "cosine", -1.0, 1.0)
    if abs(c) == 1:
        raise ValueError(f"cosine: expected a number inside (-1, 1), found {c}; the two goals would be one.")
    return (1 + c) / (1 - c)


def log_integral_at(slope: Real, cosine: float) -> Real:
    """log I of the orbit whose crossing has J' = slope, which is ((1 + c) / 4) sech^4(d / 2); -inf for the diagonal."""
    square = np.sqrt(1 + cosine) / (2 * np.sqrt(slope))  # cosh^2(d / 2)
    sinh = 2 * np.sqrt(square) * np.sqrt(np.maximum(square - 1, 0.0))
    with np.errstate(divide="ignore"):
        return log_integral(np.zeros_like(sinh), np.log(sinh), exponent(cosine))


def log_sinh_of_half_difference(low: Real, high: Real, gap: Real) -> Real:
    """w = log sinh d for 0 < low <= high < 1, from gap = high - low: the difference of close logits has few digits."""
    with np.errstate(divide="ignore", over="ignore"):
        ratio = gap / low / (1 - high)  # e^(2 d) - 1
        return log_sinh(np.where(np.isinf(ratio), np.log1p(-low) - np.log(low) - np.log(1 - high), np.log1p(ratio)) / 2)


def _log_first_integral(J1: Real, J2: Real, k: float) -> Real:
    low, high = np.minimum(J1, J2), np.maximum(J1, J2)
    edge = (low == 0) | (high == 1)
    low, high = np.where(edge, 0.5, low), np.where(edge, 0.5, high)
    s = (np.log(low) - np.log1p(-low) + np.log(high) - np.log1p(-high)) / 2
    found = log_integral(s, log_sinh_of_half_difference(low, high, high - low), k)
    return np.where(edge, np.inf, found)
