"""The orbits of two binary contexts in closed form, and where each of them is slowest.

The law is x' = 2 (a1 + c a2), y' = 2 (a2 + c a1): logits x, y, slopes a_k = J_k (1 - J_k), feature norm squared 2,
cosine c between the features; the 2 x 2 bandit in reduced parameters has c = -1/2. In s = (x + y) / 2 and
d = (x - y) / 2 the quantity I = cosh(s) z^k (1 + R), z = sinh |d|, k = (1 + c) / (1 - c), is made precise below.
Everything is computed from w = log z, so that starts of 1e-150 and flatness of 1e-900 keep their digits.
"""

from typing import Annotated

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import hyp2f1

from raylab import arguments
from raylab.records import Performance

Logs = NDArray[np.float64]


def first_integral(J: ArrayLike, cosine: float = -0.5, log: bool = False) -> Performance:
    """I = cosh s sinh^k|d| + k Integral_0^|d| sinh^(k-1), constant along orbits: (..., 2) -> (...).  [ledger N1]

    k = (1 + cosine) / (1 - cosine). 0 on the diagonal, inf on the edges of the square; log=True gives its natural
    logarithm, which stays finite everywhere inside. A level set is an orbit and its mirror image.
    Raises TypeError or ValueError unless J is an array of performances in [0, 1] and the cosine lies within (-1, 1).
    """
    J, k = performances(J), exponent(cosine)
    found = _log_integral(J, k)
    if arguments.flag(log, "log"):
        return found
    with np.errstate(over="ignore"):  # inf is the answer beyond float64
        return np.exp(found)


def flatness(J: ArrayLike, cosine: float = -0.5, log: bool = False) -> Performance:
    """J' where the orbit through J crosses J1 + J2 = 1, (..., 2) -> (...): 4 (1 + cosine) a^2.  [ledger N3]

    In performance per time, at feature norm squared 2, whether or not Def. 2 calls the crossing a plateau. A start
    beyond the crossing has the same value, since its orbit came through it. (1 + cosine) / 4 on the diagonal,
    0 on the edges of the square; log=True gives the natural logarithm, -inf on the edges.
    Raises TypeError or ValueError unless J is an array of performances in [0, 1] and the cosine lies within (-1, 1).
    """
    J, k = performances(J), exponent(cosine)
    # sech^4(d / 2) = 16 e^(-2 d) / (1 + e^-d)^4 at the crossing
    d = _half_difference(_crossing(_log_integral(J, k), k))
    with np.errstate(invalid="ignore"):
        found = np.log1p(float(cosine)) + 2 * np.log(2) - 2 * d - 4 * np.log1p(np.exp(-d))
    return found if arguments.flag(log, "log") else np.exp(found)


def flattest(cosine: float = -0.5) -> float:
    """a = J1 (1 - J1) below which a crossing of J1 + J2 = 1 is a plateau: (3 - c) / (2 (7 - c)).  [ledger N6]

    7/30 at cosine -1/2. [Schaul19 App. B.2] Raises TypeError or ValueError unless the cosine lies within (-1, 1).
    """
    exponent(cosine)
    return (3 - cosine) / (2 * (7 - cosine))


def steepest_slope(cosine: float = -0.5) -> float:
    """The slope J' below which a crossing is a plateau: 4 (1 + c) a^2 at `flattest`, 49/450 at cosine -1/2.

    Raises TypeError or ValueError unless the cosine lies within (-1, 1).
    """
    return 4 * (1 + cosine) * flattest(cosine) ** 2


def performances(J: ArrayLike) -> Annotated[NDArray[np.float64], "... 2"]:
    """J as float64 of shape (..., 2) in [0, 1]; TypeError or ValueError for anything else."""
    found = arguments.array(J, "J", "... 2")
    if (found < 0).any() or (found > 1).any():
        raise ValueError(
            f"J: expected performances in [0, 1], found {found.min():.4g} to {found.max():.4g}; pass (J1, J2), not logits."
        )
    return found


def exponent(cosine: float) -> float:
    """k = (1 + cosine) / (1 - cosine); TypeError or ValueError unless the cosine is a number within (-1, 1)."""
    c = arguments.number(cosine, "cosine", -1.0, 1.0)
    if abs(c) == 1:
        raise ValueError(f"cosine: expected a number inside (-1, 1), found {c}; the two goals would be one.")
    return (1 + c) / (1 - c)


def half_difference_at(slope: Logs, cosine: float) -> Logs:
    """d > 0 at which the crossing has J' = `slope`: the inverse of ((1 + c) / 4) sech^4(d / 2)."""
    root = ((1 + cosine) / (4 * slope)) ** 0.25  # cosh(d / 2)
    return 2 * np.arccosh(np.maximum(root, 1.0))


def log_integral_at(s: Logs, d: Logs, k: float) -> Logs:
    """log I at half sum s and half difference d of the logits."""
    w = _log_sinh(np.abs(d))
    cosh = np.abs(s) + np.log1p(np.exp(-2 * np.abs(s))) - np.log(2)
    with np.errstate(invalid="ignore"):
        found = k * w + np.logaddexp(cosh, _log_remainder(w, k))
    return np.where(np.isinf(s) | np.isinf(d), np.inf, found)


def _log_integral(J: NDArray[np.float64], k: float) -> Logs:
    with np.errstate(divide="ignore", invalid="ignore"):
        x = np.log(J) - np.log1p(-J)
        s, d = (x[..., 0] + x[..., 1]) / 2, (x[..., 0] - x[..., 1]) / 2
    edge = np.isinf(x).any(axis=-1)
    return np.where(edge, np.inf, log_integral_at(np.where(edge, 0.0, s), np.where(edge, 1.0, d), k))


def _crossing(log_integral: Logs, k: float) -> Logs:
    """w = log sinh d of the point with s = 0 on the same orbit: k w + log(1 + R(w)) = log I, by Newton's method.

    The left side is within log 2 of k w and its slope nearly k everywhere, so few steps do.
    """
    goal = np.where(np.isfinite(log_integral), log_integral, 0.0)
    w = goal / k
    for _ in range(20):
        R = np.exp(_log_remainder(w, k))
        sech = np.exp(-np.logaddexp(0.0, 2 * w) / 2)
        step = (k * w + np.log1p(R) - goal) * (1 + R) / (k * (1 + sech))
        w = w - step
        if (np.abs(step) <= 1e-13 * np.maximum(np.abs(w), 1.0)).all():
            break
    return np.where(np.isfinite(log_integral), w, log_integral)


def _half_difference(w: Logs) -> Logs:
    """asinh(e^w), also where e^w leaves float64."""
    up = np.maximum(w, 0.0)
    with np.errstate(invalid="ignore"):
        large = up + np.log1p(np.sqrt(1 + np.exp(-2 * up)))
    return np.where(w > 0, large, np.arcsinh(np.exp(np.minimum(w, 0.0))))


def _log_sinh(d: Logs) -> Logs:
    small = np.minimum(d, 1.0)
    with np.errstate(divide="ignore"):
        return np.where(d > 1, d + np.log1p(-np.exp(-2 * np.maximum(d, 1.0))) - np.log(2), np.log(np.sinh(small)))


_FAR = 300.0  # beyond, R is a pure power of z to the last digit


def _log_remainder(w: Logs, k: float) -> Logs:
    """log R, R = k Integral_0^|d| sinh^(k-1) / sinh^k|d| = 2F1(1/2, k/2; 1 + k/2; -z^2), in (0, 1], by w = log z."""
    near = np.minimum(w, _FAR)
    z2 = np.exp(2 * near)
    if abs(k - 1) < 1e-5:  # there hyp2f1 subtracts infinities; a straight line in k is right to 1e-10
        at_one = np.where(near > -15, np.arcsinh(np.exp(near)) / np.exp(near), 1.0)
        slope = (hyp2f1(0.5, 0.5005, 1.5005, -z2) - hyp2f1(0.5, 0.4995, 1.4995, -z2)) / 2e-3
        R = at_one + (k - 1) * slope
    else:
        R = hyp2f1(0.5, k / 2, 1 + k / 2, -z2)
    return np.log(R) - min(k, 1.0) * np.maximum(w - _FAR, 0.0)
