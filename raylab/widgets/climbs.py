"""What the staircase widget computes: K components of equal cosine, their flow, its risers and what the theory says."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from raylab import dynamics, plateaus
from raylab.records import Components, Jacobian, Parameters

HORIZON = 120.0  # decades of time: later risers are told from theory, and a hand does not wait for them


@dataclass(frozen=True)
class Place:
    """A staircase to climb: K components of cosine -r, J_k = start / ratio^k at time 0, taught by rewards or labels."""

    K: int
    r: float
    start: float
    ratio: float
    labels: bool

    @property
    def J(self) -> Components:
        """Performances (K,) at time 0, the highest first."""
        return self.start / self.ratio ** np.arange(self.K, dtype=np.float64)

    @property
    def gram(self) -> np.ndarray:
        """Inner products (K, K) of features of length 1."""
        return (1 + self.r) * np.eye(self.K) - self.r


@dataclass(frozen=True)
class Climb:
    """One climb, and what the theory says of it.

    decades (T,): log10 of time; J (T, K); speed (T,): log10 of J'. learned: for each riser, the first first,
    (component, log10 of the time at which it is at .9). predicted (K,): log10 of the time to leading order, inf for
    never. powers (K,): of 1/p in the waits. never: is it certain that the rest is not learned at any time?
    """

    decades: np.ndarray
    J: np.ndarray
    speed: np.ndarray
    learned: tuple[tuple[int, float], ...]
    predicted: np.ndarray
    powers: tuple[float, ...]
    never: bool


class _Logits:
    """x' = gram c(J), J = sigmoid(x): c = J (1 - J) where samples are the learner's own, 1 - J with labels."""

    def __init__(self, gram: np.ndarray, labels: bool):
        self.gram, self.labels = gram, labels

    def components(self, parameters: Parameters) -> Components:
        e = np.exp(-np.abs(parameters))
        return np.where(parameters > 0, 1.0, e) / (1 + e)

    def lessons(self, parameters: Parameters) -> Components:
        """c_k at logits (..., K), with all its digits also where J_k rounds to 1."""
        e = np.exp(-np.abs(parameters))
        return np.where(parameters > 0, e, 1.0) / (1 + e) if self.labels else e / (1 + e) ** 2

    def updates(self, parameters: Parameters) -> Jacobian:
        return self.lessons(parameters)[..., None] * self.gram

    gradients = updates  # the flow asks for updates alone


@lru_cache(maxsize=64)
def compute(place: Place) -> Climb:
    """The flow from the start until all are learned, to t = 1e120, or far beyond the last riser of a trap."""
    x = np.log(place.J) - np.log1p(-place.J)
    path = plateaus.skeleton(x, place.gram)
    predicted = path.waits / np.log(10)
    model, finite = _Logits(place.gram, place.labels), predicted[np.isfinite(predicted)]
    trapped = len(finite) < place.K and not place.labels
    end = min(HORIZON, 1.3 * finite.max() + 8) if trapped else HORIZON  # no need to follow a flat line further
    run = dynamics.climb(model, x, level=0.99, horizon=10.0**end, rtol=1e-6)  # three digits are told
    decades = np.log10(np.maximum(run.times, 1e-3))
    learned = _learned(decades, run.parameters)
    powers = tuple(plateaus.wait_exponent(-place.r, m) for m in range(place.K))
    never = trapped and _for_ever(place, [k for k, _ in learned], model.lessons(run.parameters[-1]))
    return Climb(decades, run.components, _speed(place, run.parameters), learned, predicted, powers, never)


def _learned(decades: np.ndarray, x: Parameters) -> tuple[tuple[int, float], ...]:
    """(component, log10 of the time at which J_k is first .9), in order; between records x is straight in log t."""
    found, level = [], np.log(9.0)
    for k, curve in enumerate(x.T):
        if (curve >= level).any():
            i = int(np.argmax(curve >= level))
            share = (level - curve[i - 1]) / (curve[i] - curve[i - 1])
            found.append((k, float(decades[i - 1] + share * (decades[i] - decades[i - 1]))))
    return tuple(sorted(found, key=lambda pair: pair[1]))


def _for_ever(place: Place, learned: list[int], f: np.ndarray) -> bool:
    """Has the climb entered the open set that a trap keeps: f_k / f_learned < ((2m - 1) r - 1) / (1 - r)?  [ledger N11]

    Below that ratio it only gets smaller: every unlearned component falls faster than the m learned ones rise.
    """
    m = len(learned)
    rest = np.delete(f, learned)
    return bool(0 < m < place.K and (rest * (1 - place.r) < f[learned].min() * ((2 * m - 1) * place.r - 1)).all())


def _speed(place: Place, x: Parameters) -> np.ndarray:
    """log10 of J' = sum_k J_k (1 - J_k) (gram c)_k, whose squares of 1e-200 would be zero."""
    slope, lesson = _Logits(place.gram, False).lessons(x), _Logits(place.gram, place.labels).lessons(x)
    tall, much = (a.max(axis=-1, keepdims=True) for a in (slope, lesson))
    speed = (slope / tall * (lesson / much @ place.gram)).sum(axis=-1)
    return np.log10(np.maximum(speed, 1e-30)) + (np.log10(tall) + np.log10(much))[:, 0]
