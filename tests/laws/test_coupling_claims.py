"""N17, N18: how long the loser waits, from the way in which f leaves zero and comes back to it. Chapter 06."""

import numpy as np
import pytest
from scipy.integrate import LSODA
from scipy.optimize import brentq
from trial import trial

LONGEST = 1e250


def wait(f_over_slope, start, r):
    """Time until J1 = 1/2, for J1, J2 from `start` with features of length 1 and cosine -r.

    f_over_slope: J -> f / (J (1 - J)). Integrated in logits, in a clock in which no wait takes
    many steps; inf if both f fall below 1 / LONGEST, or J1 below e^-600.
    """
    G = np.array([[1.0, -r], [-r, 1.0]])

    def parts(x):
        e = np.exp(-np.abs(x))
        J = np.where(x >= 0, 1.0, e) / (1 + e)
        q = f_over_slope(J)
        return q, q * e / (1 + e) ** 2

    def motion(_, state):
        q, f = parts(state[:2])
        total = max((q * f).sum(), 1e-290)  # the fastest logit moves about one unit in one of tau
        return np.append(q * (G @ f), 1.0) / total

    first = np.log(start) - np.log1p(-np.asarray(start))
    solver = LSODA(motion, 0.0, np.append(first, 0.0), 1e30, rtol=1e-9, atol=1e-9)
    while solver.y[0] < 0:
        if solver.y[0] < -600 or parts(solver.y[:2])[1].sum() < 1 / LONGEST:
            return np.inf
        solver.step()
        assert solver.status == "running"
    return float(solver.dense_output()(brentq(lambda tau: solver.dense_output()(tau)[0], solver.t_old, solver.t))[2])


def measured_power(f_over_slope, r, p, ratio=3.0, step=100.0):
    """d log wait / d log(1 / p) between the starts (p, ratio p) and those `step` times lower; inf if both never end."""
    near, far = (wait(f_over_slope, np.array([q, ratio * q]), r) for q in (p, p / step))
    return np.inf if np.isinf(near) and np.isinf(far) else np.log(far / near) / np.log(step)


def tilted(a, b):
    """f(u) = u (1 - u) (a (1 - u) + b u), with f'(0) = a and f'(1) = -b, over u (1 - u)."""
    return lambda J: a * (1 - J) + b * J


@pytest.mark.ledger("N17")
@trial(
    correct=lambda a, b, r: (1 + r) / (1 - r * a / b) if r * a < b else np.inf,
    slips={
        "the slope at the top does not matter": lambda a, b, r: (1 + r) / (1 - r),
        "the other way round": lambda a, b, r: (1 + r) / (1 - r * b / a) if r * b < a else np.inf,
        "never for ever": lambda a, b, r: (1 + r * a / b) / abs(1 - r * a / b),
    },
)
def test_where_f_leaves_zero_with_slope_a_and_comes_back_with_minus_b_the_wait_has_the_power(claim):
    for a, b, r in (
        (1, 1, 0.5),
        (1, 2, 0.5),
        (1.5, 1, 0.5),
        (1.2, 1, 0.3),
        (0.5, 1.5, 0.8),
        (2.2, 1, 0.5),
        (1, 0.5, 0.6),
    ):
        np.testing.assert_allclose(measured_power(tilted(a, b), r, 1e-7), claim(a, b, r), rtol=2e-3)


@pytest.mark.ledger("N18")
@trial(
    correct=lambda c, r: np.inf if c < 1 and r else max(2 * c - 1, 0.0),
    slips={
        "interference multiplies the power": lambda c, r: max(2 * c - 1, 0.0) * (1 + r) / (1 - r),
        "the power of f itself": lambda c, r: np.inf if c < 1 and r else c,
        "bounded below one": lambda c, r: np.inf if c < 1 and r else 2 * c - 1 if c >= 1 else 0.0,
    },
)
def test_where_f_begins_like_this_power_of_u_the_wait_has_the_power(claim):
    for c, r in ((0.25, 0.0), (0.75, 0.0), (1.5, 0.0), (2.0, 0.0), (1.5, 0.5), (2.0, 0.3), (2.0, 0.8), (0.75, 0.3)):
        found = measured_power(lambda J, c=c: J ** (c - 1), r, 1e-9 if c <= 1.5 else 1e-7)
        np.testing.assert_allclose(found, claim(c, r), rtol=0.01, atol=0.01)
