"""How one mode grows, exactly.  [ledger N13]

White inputs, and layers that are balanced and aligned with the target: the product strength u of a mode of strength s
in a network of L layers obeys tau u' = L u^(2 - 2/L) (s - u), whatever the other modes do. In m = u / s and
t s^(2 - 2/L) / tau that is one law for all, m' = L m^(2 - 2/L) (1 - m), and with y = m^(1/L), L > 2, its clock is

    F(m) = integral of y^(1 - L) / (1 - y^L) dy = -y^(2 - L) / (L - 2) + (y^2 / 2) 2F1(1, 2/L; 1 + 2/L; y^L).

Inputs that are not white but leave the modes decoupled, S_xx v_a = lambda_a v_a: the product's own strength u_a^T W v_a
follows the same law towards s_a / sqrt(lambda_a), lambda_a times as fast. A small start then grows at the rate
L s_a sqrt(lambda_a) u^(2 - 2/L), so that the singular values s_a sqrt(lambda_a) of E[y x^T] decide the order, and
not those of the best map (s_a / sqrt(lambda_a)) nor the gains s_a^2 / 2.
"""

from typing import Annotated, Any

import numpy as np
from numpy.polynomial.polynomial import polyval
from numpy.typing import ArrayLike, NDArray
from scipy.special import digamma

from raylab import arguments
from raylab.systems.deep_linear.learner import DeepLinear

Numbers = Annotated[NDArray[np.float64], "..."]


def mode(times: ArrayLike, strength: ArrayLike, start: ArrayLike, depth: int = 2, tau: float = 1.0) -> Numbers:
    """u(t) of tau u' = depth u^(2 - 2/depth) (strength - u), u(0) = start: the three broadcast together.  [ledger N13]

    times within [0, 1e300] in step size x updates, strength within [1e-50, 1e50], start 0 or within [1e-200, 1e50].
    depth 2 in closed form, s e^(2st) / (e^(2st) - 1 + s/start) with e to negative powers only; depth 1 is a relaxation;
    above that the clock F is inverted.
    Raises TypeError or ValueError for malformed arguments or shapes that do not fit together.
    """
    L, tau = arguments.count(depth, "depth"), arguments.number(tau, "tau", 1e-100, 1e100)
    t, s, u0 = _together(times, strength, start)
    with np.errstate(over="ignore", under="ignore"):
        if L <= 2:  # what is left of the start, and what has come: no difference of numbers that may be alike
            past = -L * s ** (L - 1) * t / tau
            left, come = np.exp(past), -np.expm1(past)
            if L == 1:
                return u0 * left + s * come
            return np.divide(s * u0, s * left + u0 * come, out=np.zeros(s.shape), where=u0 > 0)
        share = _later(u0 / s, np.minimum(t * s ** (2 - 2 / L) / tau, 1e300), L)
    return s * share


def half_time(strength: ArrayLike, start: ArrayLike, depth: int = 2, tau: float = 1.0) -> Numbers:
    """How long `mode` takes from `start` to strength / 2, in the units of its times: the two broadcast.  [ledger N13]

    depth 1: tau log(2 (s - start) / s), bounded. 2: tau log(s / start - 1) / (2 s), a logarithm of the start. Above
    that about tau / ((L - 2) s) start^-(1 - 2/L): a power, as in the bandit for L -> infinity.
    Raises TypeError or ValueError unless 0 < start <= strength / 2 (0 too where depth is 1), and where the time is
    beyond float64.
    """
    L, tau = arguments.count(depth, "depth"), arguments.number(tau, "tau", 1e-100, 1e100)
    _, s, u0 = _together(0.0, strength, start)
    if (u0 > s / 2).any() or (L > 1 and (u0 == 0).any()):
        raise ValueError(
            f"start: expected more than 0 and at most half the strength, found {u0.min():g} to {u0.max():g}; "
            "a mode of two or more layers never leaves 0."
        )
    if L == 1:
        return tau * np.log(2 * (s - u0) / s)
    if L == 2:
        return tau * (np.log(s - u0) - np.log(u0)) / (2 * s)
    with np.errstate(over="ignore"):
        found = tau * s ** (2 / L - 2) * (_clock(np.zeros(s.shape), L) - _clock(_logit(u0 / s), L))
    if not np.isfinite(found).all():
        raise ValueError(
            f"start: expected a time within float64, found an overflow for starts from {u0.min():g} on; raise them."
        )
    return found


def solution(learner: DeepLinear, times: ArrayLike, strengths: ArrayLike) -> Annotated[NDArray[np.float64], "T r"]:
    """What `learner.strengths` will be at `times` (T,) after a `balanced` start with these `strengths`.  [ledger N13]

    strengths: (r,) or one number, each 0 or within [1e-200, 1e50]. Exact where the learner is `decoupled`: each mode by
    `mode` towards its s_a, in a clock that runs variance^(1/depth) times as fast.
    Raises TypeError or ValueError for malformed arguments, ValueError where the modes couple.
    """
    if not isinstance(learner, DeepLinear):
        raise TypeError(f"learner: expected a DeepLinear, found a value of type {type(learner).__name__}; make one.")
    if not learner.decoupled:
        raise ValueError(
            "learner: expected inputs that leave the modes decoupled, found a covariance that mixes them; "
            "integrate it with dynamics.flow, or whiten the inputs."
        )
    r = len(learner.singular)
    times, w = arguments.array(times, "times", "T"), arguments.array(strengths, "strengths", "...")
    if w.shape not in ((), (1,), (r,)):
        raise ValueError(f"strengths: expected one number or {r}, found shape {w.shape}; give one for each mode.")
    if ((w < _LEAST) & (w != 0)).any() or (w > 1e50).any():
        raise ValueError(
            f"strengths: expected 0 or numbers within [{_LEAST:g}, 1e50], found {w.min():g} to {w.max():g}; "
            "a mode that starts below 0 follows no such law."
        )
    return mode(times[:, None] * learner.variances ** (1 / learner.depth), learner.singular, w, learner.depth)


def _together(times: Any, strength: Any, start: Any) -> tuple[Numbers, Numbers, Numbers]:
    t = arguments.array(times, "times", "...")
    s, u0 = arguments.array(strength, "strength", "..."), arguments.array(start, "start", "...")
    for value, name, least, high in ((t, "times", 0.0, 1e300), (s, "strength", 1e-50, 1e50), (u0, "start", 0.0, 1e50)):
        tiny = (value > 0) & (value < _LEAST) if name == "start" else value < least
        if (value < least).any() or tiny.any() or (value > high).any():
            raise ValueError(
                f"{name}: expected numbers within [{least:g}, {high:g}], found {value.min():g} to {value.max():g}; "
                f"times begin at the start, and both strengths are sizes (a start of {_LEAST:g} or more, or 0)."
            )
    try:
        return np.broadcast_arrays(t, s, u0)  # pyright: ignore[reportReturnType]
    except ValueError as error:
        raise ValueError(
            f"strength: expected shapes that broadcast, found times {t.shape}, strength {s.shape}, start {u0.shape}; "
            "put new axes of length 1 where one of them does not vary."
        ) from error


def _later(share: Numbers, times: Numbers, L: int) -> Numbers:
    """m after `times` of m' = L m^(2 - 2/L) (1 - m) from m = `share`, any shape; L > 2."""
    found = np.array(share, dtype=np.float64)
    below, above = (share > 0) & (share < 1), share > 1
    if below.any():
        found[below] = _inverted(_clock, lambda m: m ** (2 / L - 1) / L, share[below], times[below], L, "left")
    if above.any():
        part = 1 / share[above]
        found[above] = 1 / _inverted(_clock_from_above, lambda n: n ** (2 - 2 / L) / L, part, times[above], L, "right")
    return found


def _clock(x: Numbers, L: int) -> Numbers:
    """F(m) at x = log(m / (1 - m)): the differences of its values are times."""
    return _logistic(x) ** (2 / L - 1) / (2 - L) + _beta(x, 2 / L) / L


def _clock_from_above(x: Numbers, L: int) -> Numbers:
    """The time from infinity down to m = 1 / n, at x = log(n / (1 - n))."""
    return _beta(x, 2 - 2 / L) / L


def _beta(x: Numbers, b: float) -> Numbers:
    """Integral of v^(b - 1) / (1 - v) from 0 to m, x = log(m / (1 - m)), b > 0: m^b / b times 2F1(1, b; 1 + b; m).

    A series in m below 1/2 and one in 1 - m above; scipy's hyp2f1 is infinite from 1 - m = 1e-13 on.
    """
    n = np.arange(_TERMS)
    near = _logistic(-np.abs(x))  # the smaller of m and 1 - m
    with np.errstate(under="ignore"):
        below = near**b * polyval(near, 1 / (n + b))
        turned = np.cumprod(np.append(1.0, 1 - b / n[1:])) / np.maximum(n, 1)  # (1 - b)_n / n! / n
        far = np.log1p(np.exp(x.clip(0))) - digamma(b) - np.euler_gamma - polyval(near, np.append(0.0, turned[1:]))
    return np.where(x < 0, below, far)


def _inverted(clock: Any, slope: Any, share: Numbers, times: Numbers, L: int, side: str) -> Numbers:
    """The m with clock(m) = clock(share) + times, by Newton's method in x = log(m / (1 - m)).

    In x both clocks are bent to one side only, so that from that end of a cell no step leaves it.
    """
    first = _logit(share)
    wanted = clock(first, L) + times
    grid = np.arange(np.floor(first.min()), _TOP + _CELL, _CELL)
    marks = clock(grid, L)
    cell = np.clip(np.searchsorted(marks, wanted) - 1, 0, len(grid) - 2)
    x = grid[cell + (side == "right")]
    for _ in range(_STEPS):
        x = np.clip(x + (wanted - clock(x, L)) / slope(_logistic(x)), grid[cell], grid[cell + 1])
    return np.where(wanted >= marks[-1], 1.0, np.maximum(_logistic(x), share))


def _logit(m: Numbers) -> Numbers:
    return np.log(m) - np.log1p(-m)


def _logistic(x: Numbers) -> Numbers:
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0, e) / (1.0 + e)


_LEAST = 1e-200  # of a start that is not 0
_TERMS = 56  # 2^-56 is below the rounding of a sum of order 1
_TOP = 40.0  # 1 - m is below the rounding of 1 there
_CELL = 0.25
_STEPS = 6  # from the end of such a cell four are enough
