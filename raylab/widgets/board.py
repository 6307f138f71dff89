"""The twelve combinations of the cause switchboard: their laws, orbits and waiting times."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from raylab import dynamics, plateaus
from raylab.records import Performance
from raylab.systems.bandit import SEPARATE, SHARED_BIAS, TABULAR, Coupling, Mixed, on_policy, supervised

FEATURES = {"shared bias": SHARED_BIAS, "separate biases": SEPARATE, "tabular": TABULAR}
DATA = {"own data": on_policy, "10 % mix": Mixed(0.1), "uniform data": Mixed(1.0)}
TAUGHT = ("rewards", "labels")
HORIZON = 1e9  # no start of the board waits longer
STEP = 0.15  # logits, along a quiet orbit

Start = tuple[float, float]


@dataclass(frozen=True)
class Combination:
    """The three switches. With labels it does not matter whose data they stand on."""

    features: str
    data: str
    taught: str

    @property
    def seen(self) -> tuple[str, str]:
        """What the learner notices of it: combinations that differ only in what labels make idle are one."""
        return self.features, self.taught if self.taught == "labels" else self.data

    def __str__(self) -> str:
        features, lesson = self.seen
        return f"{features}, {lesson}" + ("" if lesson == "labels" else ", rewards")


BOARD = tuple(
    Combination(features, data, taught)
    for features in FEATURES
    for data, taught in (*((data, "rewards") for data in DATA), ("own data", "labels"))
)


@dataclass(frozen=True)
class Run:
    """One orbit: J (T, 2), its speed J' (T,) and the time at which both are learned."""

    J: np.ndarray
    speed: np.ndarray
    learned: float


@cache
def drift(features: str, lesson: str) -> Callable[[Performance], Performance]:
    """J -> dx/dt of the logits x, V V' f(J), for one row of the board; dJ/dt is J (1 - J) times that."""
    gram = FEATURES[features] @ FEATURES[features].T
    return lambda J: f(lesson)(J) @ gram


def f(lesson: str) -> Coupling:
    """The coupling f(J) of a lesson: whose data, or labels."""
    return supervised if lesson == "labels" else DATA[lesson]


@lru_cache(maxsize=512)
def compute(features: str, lesson: str, start: Start) -> Run:
    """The orbit of one row of the board from `start`, and its waiting time.  [Schaul19 Eq. 5]"""
    if features == "shared bias":
        return _together(drift(features, lesson), start)
    return _alone(float(np.square(FEATURES[features][0]).sum()), lesson, start)


def _together(x_rate: Callable[[Performance], Performance], start: Start) -> Run:
    def velocity(J: Performance) -> Performance:
        return J * (1 - J) * x_rate(J)

    run = dynamics.orbit(velocity, start, 0.95, HORIZON, 1e-6)
    return Run(run.components, velocity(run.components).sum(axis=-1), float(plateaus.waiting_time(run)))


def _alone(norm: float, lesson: str, start: Start) -> Run:
    """Two components that share nothing: each runs by its own clock, which is known in closed form."""
    first, last = np.log(start) - np.log1p(-np.array(start)), np.log(0.99 / 0.01)
    ways = [np.linspace(x, max(last, x), 120) for x in first]
    times = [(clock(way, lesson) - clock(way[0], lesson)) / norm for way in ways]
    t = np.sort(np.concatenate(times))
    J = 1 / (1 + np.exp(-np.stack([np.interp(t, *found) for found in zip(times, ways, strict=True)], axis=-1)))
    learned = (clock(np.maximum(first, np.log(9.0)), lesson) - clock(first, lesson)).max() / norm
    return Run(J, norm * (J * (1 - J) * f(lesson)(J)).sum(axis=-1), float(learned))


def clock(x: np.ndarray, lesson: str) -> np.ndarray:
    """Integral dx / f by the logit x: the time of a single component of unit feature norm.  [ledger N7]

    With u = e^x, f is u / (1 + u)^2 on its own data and (A u + B) / (1 + u)^2 on all other.
    """
    if lesson == "own data":
        return 2 * (x + np.sinh(x))
    A, B = {"labels": (1.0, 1.0), "uniform data": (0.5, 0.5), "10 % mix": (0.95, 0.05)}[lesson]
    u = np.exp(x)
    return u / A + x / B + (2 - B / A - A / B) / A * np.log(A * u + B)


def quiet(features: str, lesson: str) -> np.ndarray:
    """Nine orbits through the antidiagonal, (9, T, 2), both ways: steps of one length in logits, whatever the clock."""
    x_rate, first = drift(features, lesson), np.linspace(0.1, 0.9, 9)
    start = np.log(first) - np.log1p(-first)

    def way(x: np.ndarray, sign: float) -> np.ndarray:
        rate = x_rate(1 / (1 + np.exp(-x)))
        return sign * STEP * rate / np.linalg.norm(rate, axis=-1, keepdims=True)

    halves = []
    for sign in (-1.0, 1.0):
        x = np.stack([start, -start], axis=-1)
        path = [x]
        for _ in range(60):
            x = x + way(x + way(x, sign) / 2, sign)  # the midpoint rule; two digits are seen
            path.append(x)
        halves.append(np.array(path))
    x = np.concatenate([halves[0][::-1], halves[1][1:]])
    return np.moveaxis(1 / (1 + np.exp(-x)), 0, 1)
