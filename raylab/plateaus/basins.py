"""Which starts meet a plateau of a given flatness: the basin, its boundary and its share, without simulation.

All of it for the law of `orbits`, and by default for the 2 x 2 bandit in reduced parameters, at cosine -1/2.
"""

from typing import Annotated

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from raylab import arguments
from raylab.plateaus.integral import Real, asinh_exp, on_orbit, remainder
from raylab.plateaus.orbits import (
    exponent,
    flatness,
    log_integral_at,
    log_sinh_of_half_difference,
    performances,
    steepest_slope,
)
from raylab.records import Performance


def in_basin(J: ArrayLike, epsilon: float, cosine: float = -0.5) -> Annotated[NDArray[np.bool_], "..."]:
    """True where the orbit from J still has to cross J1 + J2 = 1, on a plateau with slope <= epsilon.  [ledger N3]

    (..., 2) -> (...). A crossing is a plateau in the sense of Def. 2 where a < `flattest`, so an epsilon beyond
    `steepest_slope` adds nothing. Points on the edges of the square move along the edge: they cross nothing
    and are in no basin.
    Raises TypeError or ValueError unless J holds performances in [0, 1] and epsilon is a positive number.
    """
    J = performances(J)
    slope = flatness(J, cosine)
    low, high = J.min(axis=-1), J.max(axis=-1)
    before = (low > 0) & (low < 1 - high)  # the difference is exact where it decides
    return before & (slope <= _positive(epsilon)) & (slope < steepest_slope(cosine))


def basin_boundary(
    epsilon: float, points: int = 200, cosine: float = -0.5
) -> Annotated[NDArray[np.float64], "points 2"]:
    """The curve on which J1 > J2, J1 + J2 <= 1 and `flatness` is epsilon, from near (0, 0) to the crossing.

    (points, 2), in performances, at even steps of the mean logit from -7 to 0, so at all scales down to J_k = 9e-4.
    The basin lies between it and the edge J2 = 0, and its mirror image under J1 <-> J2 bounds the other half.
    Towards the origin it approaches the diagonal, soon to the last digit that a float has.
    Raises TypeError, or ValueError unless 0 < epsilon < `steepest_slope(cosine)` and points >= 2.
    """
    k, points = exponent(cosine), arguments.count(points, "points", 2)
    goal = log_integral_at(np.array([_with_basin(epsilon, cosine)]), float(cosine))
    s = np.linspace(-7.0, 0.0, points)
    d = asinh_exp(on_orbit(np.full(points, goal), np.cosh(s), k))
    return expit(np.stack([s + d, s - d], axis=-1))


def basin_share(performance: ArrayLike, epsilon: ArrayLike, cosine: float = -0.5) -> Performance:
    """Share of the starts on the line J1 + J2 = performance, 0 < J_k, that meet a plateau of slope <= epsilon.

    performance and epsilon broadcast; the share is that of the length of the line, in [0, 1].  [Schaul19 Fig. 5]
    Found from the basin's boundary, not by sampling: flatness falls from the middle of the line to its ends, so one
    equation gives the point where it is epsilon. Relative error below 1e-12 times the size of the logarithm of epsilon.
    Raises TypeError, or ValueError unless 0 < performance < 1 and epsilon > 0.
    """
    J0, slope = arguments.array(performance, "performance", "..."), arguments.array(epsilon, "epsilon", "...")
    try:
        J0, slope = np.broadcast_arrays(J0, slope)
    except ValueError as error:
        raise ValueError(
            f"epsilon: expected a shape that fits that of performance, {J0.shape}, found {slope.shape}; "
            "give one of them a new axis, as in epsilon[:, None]."
        ) from error
    if (J0 <= 0).any() or (J0 >= 1).any():
        raise ValueError(
            f"performance: expected values inside (0, 1), found {J0.min():.4g} to {J0.max():.4g}; "
            "from J1 + J2 = 1 on, no plateau lies ahead."
        )
    if (slope <= 0).any():
        raise ValueError(f"epsilon: expected positive slopes, found {slope.min():.4g}; 0 is met on the edges only.")
    return lower_share(J0, log_integral_at(np.minimum(slope, steepest_slope(cosine)), float(cosine)), exponent(cosine))


def lower_share(J0: Real, goal: Real, k: float) -> Real:
    """2 p / J0 for the point p <= J0 / 2 of the line J1 + J2 = J0 < 1 at which log I = goal; 1 for goal = -inf.

    log I falls from infinity at p = 0 to -inf in the middle, and in v = logit(2 p / J0) it is nearly a straight line
    at both ends. Newton's method for v, inside a bracket for safety.
    """
    low, high = np.full(J0.shape, -700.0), np.full(J0.shape, 700.0)
    v = np.zeros(J0.shape)
    for _ in range(200):
        found, by_v = _along_line(v, J0, k)
        excess = found - goal
        low, high = np.where(excess > 0, v, low), np.where(excess > 0, high, v)
        new = v - excess / by_v
        done = np.abs(new - v) * expit(-v) <= 1e-13 + 1e-15 * np.abs(v)  # the change of the share by a part of itself
        # at the root the sign of the excess is rounding, and a bracket that believes it would throw the root out
        v = np.where(done | ((new > low) & (new < high)), np.clip(new, low, high), (low + high) / 2)
        if done.all():
            break
    return expit(v)


def _along_line(v: Real, J0: Real, k: float) -> tuple[Real, Real]:
    """log I and its derivative by v at p = J0 expit(v) / 2, q = J0 - p."""
    p, gap = np.maximum(J0 * expit(v) / 2, 1e-307), J0 * expit(-v)  # gap = q - p, with all its digits
    q = p + gap
    s = (np.log(p) - np.log1p(-p) + np.log(q) - np.log1p(-q)) / 2
    w = log_sinh_of_half_difference(p, q, gap)
    R, sech = remainder(w, k)
    t = np.exp(-np.abs(s))  # s < 0, and cosh s = (1 + t^2) / (2 t)
    sum_ = 1 + t * (t + 2 * R)
    # log I = k w + log(cosh s + R), and R changes by k (sech d - R) for each unit of w; dw = coth d dd
    by_s, by_d = t * t - 1, k * (1 + t * (t + 2 * sech)) * np.sqrt(1 + np.exp(-2 * np.maximum(w, -300.0)))
    x, y = 1 / (1 - p), -p / q / (1 - q)  # derivatives of the logits by log p, itself of slope expit(-v)
    found = k * w - s + np.log(sum_ / 2)
    return found, expit(-v) * (by_s * (x + y) + by_d * (y - x)) / 2 / sum_


def polygon(epsilon: float) -> Annotated[NDArray[np.float64], "corners 2"]:
    """Corners of a polygon inside the basin in which J1 > J2, without a first integral.  [Schaul19 App. B.3]

    In order: (0, 0), (1, 0), the crossing (1 - m, m) with J' = epsilon, the point (h, l) at which the line of slope 1
    through it meets the null cline 2 a2 = a1, and (1 - h, l), the lower point of that null cline at the same J2.
    From epsilon = 49/512 on h <= 1/2: the last corner would cut off part of what the argument gives, and is left out.
    Raises TypeError, or ValueError unless 0 < epsilon < `steepest_slope()`.
    """
    root = np.sqrt(_with_basin(epsilon, -0.5) / 2)  # m (1 - m)
    m = 2 * root / (1 + np.sqrt(1 - 4 * root))  # (1 - sqrt(1 - 4 root)) / 2 without its subtraction
    # l = (3 - 4 m - sqrt(9 - 32 m + 32 m^2)) / 2, again without the subtraction
    rest = 3 - 4 * m + np.sqrt(9 - 32 * m + 32 * m**2)
    low = 4 * m * (1 - 2 * m) / rest
    h = 1 - 2 * m + low
    corners = [(0.0, 0.0), (1.0, 0.0), (1 - m, m), (h, low), (1 - h, low)]
    return np.array(corners[: 5 if h > 0.5 else 4])


def _with_basin(epsilon: float, cosine: float) -> float:
    found, most = arguments.number(epsilon, "epsilon"), steepest_slope(cosine)
    if not 0 < found < most:
        raise ValueError(f"epsilon: expected a slope inside (0, {most:.6g}), found {found}; no other has a basin.")
    return found


def _positive(epsilon: float) -> float:
    found = arguments.number(epsilon, "epsilon", 0.0)
    if found == 0:
        raise ValueError("epsilon: expected a positive slope, found 0.0; only the edges stand still.")
    return found
