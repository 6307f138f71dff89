"""What the exercises on two tasks share: slopes, the law of the learner with rewards, and where answers are tried."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from raylab.checks.engine import Further

ON_THE_LAST_AXIS = "the two rates belong on the last axis, beside their J."


def slopes(J: np.ndarray) -> np.ndarray:
    """a_k = J_k (1 - J_k)."""
    return J * (1 - J)


def other(x: np.ndarray) -> np.ndarray:
    """The two entries of the last axis exchanged."""
    return x[..., ::-1]


def rewarded(J: np.ndarray) -> np.ndarray:
    """dJ_k/dt with rewards and a shared bias: a_k (2 a_k - a_j).  [Schaul19 Eq. 1-2]"""
    return slopes(J) * (2 * slopes(J) - other(slopes(J)))


def points(rng: np.random.Generator, advice: str, low: float = 1e-6) -> Iterator[Any]:
    """Single points of the square, one of them at J1 = `low`; then arrays of points, with advice where those fail."""
    yield (np.array([0.5, 0.2]),)
    yield (np.array([0.1, 0.8]),)
    yield (np.array([low, 0.3]),)
    for _ in range(10):
        yield (rng.uniform(0.02, 0.98, 2),)
    for shape in ((5, 2), (2, 2), (3, 4, 2)):  # (2, 2) hides a wrong axis from the shape
        yield Further((rng.uniform(0.05, 0.95, shape),), f"Right at single points. For an array of points {advice}")
