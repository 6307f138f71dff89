"""Which starts meet a plateau of a given flatness: the basin, its boundary and its share, without simulation.

All of it for the 2 x 2 bandit of `orbits` at cosine -1/2 unless another cosine is given.
"""

from typing import Annotated

import numpy as np
from numpy.typing import ArrayLike, NDArray

from raylab import arguments
from raylab.plateaus.orbits import (
    _log_sinh,
    exponent,
    flatness,
    half_difference_at,
    log_integral_at,
    performances,
    steepest_slope,
)
from raylab.records import Performance


def in_basin(J: ArrayLike, epsilon: float, cosine: float = -0.5) -> Annotated[NDArray[np.bool_], "..."]:
    """True where the orbit from J still has to cross J1 + J2 = 1, on a plateau with slope <= epsilon.  [ledger N3]

    (..., 2) -> (...). A crossing is a plateau in the sense of Def. 2 where a < 7/30 (slope < 49/450 at cosine -1/2);
    a larger epsilon therefore adds nothing. Points on the edges of the square move along the edge: they cross nothing
    and are in no basin.
    Raises TypeError or ValueError unless J holds performances in [0, 1] and epsilon is a positive number.
    """
    J = performances(J)
    slope = flatness(J, cosine)
    before = (J.sum(axis=-1) < 1) & (J > 0).all(axis=-1)
    return before & (slope <= _positive(epsilon)) & (slope < steepest_slope(cosine))


def basin_boundary(
    epsilon: float, points: int = 200, cosine: float = -0.5
) -> Annotated[NDArray[np.float64], "points 2"]:
    """The curve on which J1 > J2, J1 + J2 <= 1 and `flatness` is epsilon, from near (0, 0) to the crossing.

    (points, 2), in performances; the basin lies between it and the edge J2 = 0, and its mirror image under
    J1 <-> J2 bounds the other half. It runs into the origin along the diagonal.
    Raises TypeError, or ValueError unless 0 < epsilon < `steepest_slope(cosine)` and points >= 2.
    """
    k, points = exponent(cosine), arguments.count(points, "points", 2)
    most = steepest_slope(cosine)
    if not 0 < arguments.number(epsilon, "epsilon") < most:
        raise ValueError(f"epsilon: expected a slope inside (0, {most:.6g}), found {epsilon}; no other has a basin.")
    end = half_difference_at(np.float64(epsilon), float(cosine))
    d = end * np.geomspace(1e-4, 1.0, points)
    # cosh s = (I - k Integral sinh^(k-1)) / sinh^k d
    goal, here = (log_integral_at(np.zeros_like(x), x, k) for x in (np.full(points, end), d))
    power = log_integral_at(np.full(points, 800.0), d, k) - 800.0 + np.log(2)  # log sinh^k d: cosh s swamps the rest
    cosh = 1 + np.expm1(np.maximum(goal - here, 0.0)) * np.exp(here - power)
    s = -np.arccosh(np.maximum(cosh, 1.0))
    return 1 / (1 + np.exp(-np.stack([s + d, s - d], axis=-1)))


def basin_share(performance: ArrayLike, epsilon: ArrayLike, cosine: float = -0.5) -> Performance:
    """Share of the starts on the line J1 + J2 = performance, 0 < J_k, that meet a plateau of slope <= epsilon.

    performance and epsilon broadcast; the share is that of the length of the line, in [0, 1].  [Schaul19 Fig. 5]
    Found from the basin's boundary, not by sampling: flatness falls from the middle of the line to its ends, so one
    equation gives the point where it is epsilon. Absolute error below 1e-12.
    Raises TypeError, or ValueError unless 0 < performance < 1 and epsilon > 0.
    """
    J0, slope = np.broadcast_arrays(
        arguments.array(performance, "performance", "..."), arguments.array(epsilon, "epsilon", "...")
    )
    if (J0 <= 0).any() or (J0 >= 1).any():
        raise ValueError(
            f"performance: expected values inside (0, 1), found {J0.min():.4g} to {J0.max():.4g}; "
            "from J1 + J2 = 1 on, no plateau lies ahead."
        )
    if (slope <= 0).any():
        raise ValueError(f"epsilon: expected positive slopes, found {slope.min():.4g}; 0 is met on the edges only.")
    k = exponent(cosine)
    end = half_difference_at(np.minimum(slope, steepest_slope(cosine)), float(cosine))
    goal = log_integral_at(np.zeros_like(end), end, k)
    # Newton's method for u = log(2 p / J0) inside a bracket: log I falls from infinity at p = 0 to -inf in the middle
    low, high = np.full(J0.shape, -690.0), np.zeros(J0.shape)
    u = np.full(J0.shape, -1.0)
    for _ in range(200):
        excess, by_u = _along_line(u, J0, k)
        excess = excess - goal
        low, high = np.where(excess > 0, u, low), np.where(excess > 0, high, u)
        new = u - excess / by_u
        new = np.where((new > low) & (new < high), new, (low + high) / 2)
        done = (np.abs(new - u) <= 1e-13).all()
        u = new
        if done:
            break
    return np.exp(u)


def _along_line(u: NDArray[np.float64], J0: NDArray[np.float64], k: float) -> tuple[NDArray[np.float64], ...]:
    """log I and its derivative by u at p = J0 e^u / 2, q = J0 - p."""
    p = J0 * np.exp(u) / 2
    q = J0 - p
    x, y = (np.log(v) - np.log1p(-v) for v in (p, q))
    s, d = (x + y) / 2, (x - y) / 2
    L = log_integral_at(s, d, k)
    # I = cosh s z^k + k Integral: dI/ds = sinh s z^k, dI/d|d| = k z^(k-1) (cosh s cosh d + 1), all over z^k and I
    with np.errstate(invalid="ignore"):
        per = np.exp(k * _log_sinh(np.abs(d)) - L)
    dx, dy = 1 / (1 - p), -p / (q * (1 - q))
    by_s = np.sinh(s) * per
    with np.errstate(divide="ignore"):  # in the very middle the slope is infinite, and the bracket decides
        by_d = -k * (np.cosh(s) / np.tanh(np.abs(d)) + 1 / np.sinh(np.abs(d))) * per
    return L, by_s * (dx + dy) / 2 + by_d * (dx - dy) / 2


def polygon(epsilon: float) -> Annotated[NDArray[np.float64], "2 2"]:
    """Corners (J1, J2) of the lower bound of the basin in J1 > J2, beside the edge J2 = 0.  [Schaul19 App. B.3]"""
    exponent_bound = steepest_slope()
    if not 0 < arguments.number(epsilon, "epsilon") < exponent_bound:
        raise ValueError(
            f"epsilon: expected a slope inside (0, {exponent_bound:.6g}), found {epsilon}; no other has a basin."
        )
    root = np.sqrt(epsilon / 2)
    m = 2 * root / (1 + np.sqrt(1 - 4 * root))  # (1 - sqrt(1 - 4 sqrt(eps/2))) / 2 without its subtraction
    low = (3 - 4 * m - np.sqrt(9 - 32 * m + 32 * m**2)) / 2
    return np.array([[low, 1 - 2 * m + low], [m, 1 - m]])


def _positive(epsilon: float) -> float:
    found = arguments.number(epsilon, "epsilon", 0.0)
    if found == 0:
        raise ValueError("epsilon: expected a positive slope, found 0.0; only the edges stand still.")
    return found
