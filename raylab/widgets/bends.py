"""The f of the shape widget: five handles, presets or the learner's own, and a table that a hand need not wait for."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from raylab import arguments
from raylab.systems.factored import Shape, labels, mixed, on_policy, power, through
from raylab.widgets.laws import AGAIN, Trouble, patience

PLACES = (0.0, 0.2, 0.4, 0.6, 0.8)  # of the handles; f(1) = 0 has none
LEAST, MOST = 0.01, 1.0  # heights of the handles inside; the first may go down to 0
LOGITS = np.linspace(-36, 36, 1441)  # where f is looked up: a straight line in log f between two is right to 1e-4
LEVELS = np.linspace(0, 1, 401)  # where it is drawn
NAMED = {
    "rewards u (1 − u)": on_policy,
    "labels 1 − u": labels,
    "a 10 % mix": mixed(0.1),
    "u² (1 − u)": power(2.0),
    "√u (1 − u)": power(0.5),
}
STUB = "rewards u (1 − u)"  # drawn while the learner's f is not written


@dataclass(frozen=True)
class Bend:
    """One f on [0, 1], J (...) -> f(J), and what it is called in a sentence.

    `learners`: may it do anything? `stopped`: why it is not asked any more, if it was too slow already.
    """

    f: Callable[[Any], Any]
    whose: str
    learners: bool = False
    stopped: str = ""

    def __call__(self, J: np.ndarray) -> np.ndarray:
        """f at performances J (...), one at a time if the learner's function knows no other way."""
        if not self.learners:
            return np.asarray(self.f(J))
        if self.stopped:
            raise Trouble(self.stopped)
        together = self._tried(J)
        return np.array([self._asked(u) for u in J.ravel().tolist()]).reshape(J.shape) if together is None else together

    def _tried(self, J: np.ndarray) -> np.ndarray | None:
        try:
            found = np.asarray(self.f(J.copy()), dtype=float)
        except Exception:  # it may only know numbers; then it answers one at a time, or says why not
            return None
        return found if found.shape == J.shape else None

    def _asked(self, u: float) -> float:
        try:
            answer = self.f(u)
        except Exception as error:
            raise Trouble(f"Your f stopped with {type(error).__name__}: {error}{AGAIN}") from error
        try:
            return float(answer)
        except Exception as error:
            raise Trouble(
                f"Your f returned {type(answer).__name__} at u = {u:.3g}; expected one number{AGAIN}"
            ) from error


def preset(name: str) -> Bend:
    """The f of that name."""
    return Bend(NAMED[name].f, name)


@lru_cache(maxsize=64)
def bent(heights: tuple[float, ...]) -> Bend:
    """The smooth f through the handles, down to 0 at 1."""
    return Bend(through(PLACES, heights).f, "a bent f")


def owned(shape: Any) -> Bend:
    """The f to begin with: the learner's function or a Shape with top = 1; rewards if it is None, `...` or a stub.

    Raises TypeError for anything else that cannot be called, ValueError for a Shape with another top.
    """
    if isinstance(shape, Shape):
        if shape.top != 1:
            raise ValueError(f"shape: expected a Shape with top = 1, found {shape.top:g}; divide J by its top.")
        known = next((name for name, other in NAMED.items() if other is shape), None)
        return preset(known) if known else Bend(shape.f, "your f", learners=True)
    if shape is None or shape is ...:
        return preset(STUB)
    arguments.function(shape, "shape")
    bend = Bend(lambda u: shape(u), "your f", learners=True)  # a callable without a hash becomes one that has it
    try:
        with patience(bend):
            first = shape(0.5)
    except NotImplementedError:
        return preset(STUB)
    except Trouble as trouble:
        return replace(bend, stopped=str(trouble))
    except Exception:  # the learner's own: it is asked again with the picture, and answers there
        return bend
    return preset(STUB) if first is None or first is ... else bend


@dataclass(frozen=True, eq=False)
class Table:
    """f of one Bend: log f at LOGITS, f at LEVELS, and f(0)."""

    logs: np.ndarray
    drawn: np.ndarray
    bottom: float

    def at(self, x: np.ndarray) -> np.ndarray:
        """f at logits x (...)."""
        return np.exp(np.interp(x, LOGITS, self.logs))

    def near(self, J: np.ndarray) -> np.ndarray:
        """f at performances J (...), as precisely as it is drawn."""
        return np.interp(J, LEVELS, self.drawn)


@lru_cache(maxsize=64)
def table(bend: Bend) -> Table:
    """The values of one f; Trouble where a learner's f is not what Eq. (5) asks for: f(1) = 0 and f > 0 inside."""
    J = 1 / (1 + np.exp(-LOGITS))
    with np.errstate(all="ignore"):
        found = [bend(u) for u in (J, LEVELS)]
    noise = 1e-12 * float(np.abs(found[1]).max())
    for u, f in zip((J, LEVELS), found, strict=True):
        inside = (u > 1e-4) & (u < 1 - 1e-4)
        wrong = np.flatnonzero(~np.isfinite(f) | (f < -noise) | ((f <= noise) & inside))
        if len(wrong):
            i = wrong[len(wrong) // 2]
            raise Trouble(f"Your f is {f[i]:.4g} at u = {u[i]:.3g}; expected f > 0 between 0 and 1{AGAIN}")
    if found[1][-1] > 1e3 * noise:
        raise Trouble(f"Your f is {found[1][-1]:.4g} at u = 1; expected 0, since nothing is left to learn there{AGAIN}")
    bottom = float(found[1][0])
    return Table(np.log(np.maximum(found[0], 1e-300)), found[1], bottom if bottom > noise else 0.0)


def heights(bend: Bend) -> tuple[float, ...]:
    """Where the handles stand on this f: to two decimals, and within their limits."""
    found = np.interp(PLACES, LEVELS, table(bend).drawn)
    return tuple(allowed(i, float(h)) for i, h in enumerate(found))


def allowed(i: int, height: float) -> float:
    """The nearest height that handle i may have, to two decimals: 0 only at 0."""
    return float(np.clip(round(height, 2), 0.0 if i == 0 else LEAST, MOST))
