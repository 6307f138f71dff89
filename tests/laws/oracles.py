"""What the laws compare with: the bandit written once more from its definition, and plain numerics.

Nothing here imports raylab, so that a law never compares the package with itself.
"""

from collections.abc import Callable

import numpy as np
import sympy as sp
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

J1, J2 = sp.symbols("J1 J2", real=True)
a1, a2 = J1 * (1 - J1), J2 * (1 - J2)
RATES = sp.Matrix([2 * a1**2 - a1 * a2, 2 * a2**2 - a1 * a2])  # put on trial itself by the law of S5

Vector = NDArray[np.float64]


def logistic(x: Vector) -> Vector:
    return 1 / (1 + np.exp(-x))


def logit(p: Vector) -> Vector:
    return np.log(p) - np.log1p(-np.asarray(p))


def policy(W: Vector, b: Vector) -> Vector:
    """Softmax of W s + b for every one-hot context s: (n, K), columns sum to 1."""
    columns = [np.exp(W @ context + b) for context in np.eye(W.shape[1])]
    return np.stack([column / column.sum() for column in columns], axis=1)


def performances(theta: Vector, K: int, n: int) -> Vector:
    """J_k = pi(k | k) from the full parameters: W (n, K) row-major, then b (n)."""
    return np.diag(policy(theta[: n * K].reshape(n, K), theta[n * K :])).copy()


def reduced(theta: Vector) -> Vector:
    """(J1, J2) of the 2 x 2 bandit from theta in R^3."""
    return logistic(np.array([theta[0] + theta[2], theta[1] - theta[2]]))


def slopes(f: Callable[[Vector], Vector], theta: Vector, h: float = 1e-5) -> Vector:
    """Rows grad f_k by central differences, error of order h^2: (K, d)."""
    steps = h * np.eye(len(theta))
    return np.stack([(f(theta + step) - f(theta - step)) / (2 * h) for step in steps], axis=-1)


def rates(J: Vector) -> Vector:
    """(1) and (2) in numbers: (..., 2) -> (..., 2)."""
    a = J * (1 - J)
    return 2 * a**2 - a[..., :1] * a[..., 1:]


def orbit(start: Vector, until: Callable[[Vector], float], direction: float = 0.0, length: float = 200.0):
    """The path of (1)-(2) from `start`: J (T, 2) at the solver's steps, and J at the first zero of `until`, or None.

    Integrated in logits, against the clock that gives a1 + a2 = 1 per unit: the curve is the same, and no wait is
    long. `until` is a function of J and stops the path; direction > 0 counts only its rise through zero.
    """

    def velocity(_: float, x: Vector) -> Vector:
        J = logistic(x)
        a = J * (1 - J)
        return (2 * a - a[::-1]) / a.sum()

    def event(_: float, x: Vector) -> float:
        return until(logistic(x))

    event.direction, event.terminal = direction, True
    found = solve_ivp(velocity, (0, length), logit(np.asarray(start)), "DOP853", rtol=1e-11, atol=1e-12,
                      events=event, max_step=0.25)  # fmt: skip
    assert found.success, found.message
    hits = found.y_events[0]
    return logistic(found.y.T), (logistic(hits[0]) if len(hits) else None)


def below_antidiagonal(J: Vector) -> float:
    return J[0] + J[1] - 1


def second_wins(J: Vector) -> float:
    """Negative where J1 declines."""
    a = J * (1 - J)
    return 2 * a[0] - a[1]
