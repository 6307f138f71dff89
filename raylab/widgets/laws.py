"""Whose law a widget obeys: the learner's velocity, or the page's own while there is none yet."""

import contextlib
import math
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from raylab import arguments
from raylab.alarm import Alarm, TooSlow
from raylab.records import Performance
from raylab.systems.bandit import SHARED_BIAS

PROBE = np.array([[0.5, 0.2], [0.13, 0.71], [0.9, 0.34]])
AGAIN = ". Mend it, run its cell and then this one again."
_MIXING = SHARED_BIAS @ SHARED_BIAS.T


class Owned(Protocol):
    """A function with an owner: the learner or the page."""

    @property
    def learners(self) -> bool:
        """Is it the learner's?"""
        ...

    @property
    def whose(self) -> str:
        """What it is called in a sentence: your velocity."""
        ...


class Trouble(Exception):
    """What went wrong in the learner's function, in words for the learner. Only this is caught; our bugs are not."""


def page_law(J: Performance) -> Performance:
    """dJ/dt of two contexts that share one bias, on-policy: a (V V' a) with a = J (1 - J).  [Schaul19 Eq. 1-2]"""
    a = J * (1 - J)
    return a * (a @ _MIXING)


@dataclass(frozen=True)
class Law:
    """A law J -> dJ/dt and its owner. `batched`: it takes points (..., 2) and not only a single one.

    `stopped`: why it is not asked any more, if it was too slow already.
    """

    velocity: Callable[[Performance], Any]
    whose: str
    batched: bool = True
    stopped: str = ""

    @property
    def learners(self) -> bool:
        """Is it the learner's function, which may do anything?"""
        return self.velocity is not page_law

    def __call__(self, J: Performance) -> Performance:
        """Rates at points J (..., 2), one point at a time if the function knows no other way."""
        if not self.learners:
            return page_law(J)
        if self.stopped:
            raise Trouble(self.stopped)
        if self.batched or J.ndim == 1:
            return self._asked(J)
        return np.array([self._asked(point) for point in J.reshape(-1, J.shape[-1])]).reshape(J.shape)

    def _asked(self, J: Performance) -> Performance:
        try:
            answer = self.velocity(J.copy())  # a copy: the function may overwrite what it is given
        except Exception as error:
            raise Trouble(f"Your velocity stopped with {type(error).__name__}: {error}{AGAIN}") from error
        try:
            rates = np.asarray(answer, dtype=float)
        except Exception as error:
            raise Trouble(f"Your velocity returned {type(answer).__name__}; expected two numbers{AGAIN}") from error
        if rates.shape != J.shape:
            raise Trouble(
                f"Your velocity returned shape {rates.shape} for J of shape {J.shape}; expected the same{AGAIN}"
            )
        if not math.isfinite(rates.sum()):  # half the time of np.isfinite(rates).all(), and asked at every step
            raise Trouble(f"Your velocity returned NaN or infinity inside the square; expected finite rates{AGAIN}")
        return rates


def obeyed(velocity: Any) -> Law:
    """The law to draw: `velocity`, or the page's own if that is None, `...` or a stub that returns either.

    Raises TypeError for anything else that cannot be called.
    """
    if velocity is None or velocity is ...:
        return Law(page_law, "the page's law")
    law = Law(arguments.function(velocity, "velocity"), "your velocity")
    try:
        with patience(law):
            first = velocity(PROBE[0].copy())
    except NotImplementedError:
        return Law(page_law, "the page's law")
    except Trouble as trouble:
        return Law(velocity, law.whose, stopped=str(trouble))
    except Exception:  # the learner's own: it is asked again with every picture, and answers there
        return law
    if first is None or first is ...:
        return Law(page_law, "the page's law")
    try:
        with patience(law):
            return Law(velocity, law.whose, _takes_many(law))
    except Trouble:
        return law


def _takes_many(law: Law) -> bool:
    one_by_one = np.array([law(point) for point in PROBE])
    try:
        together = law(PROBE)
    except Trouble:
        return False
    return np.allclose(together, one_by_one, rtol=1e-9, atol=0)


@contextlib.contextmanager
def patience(law: "Owned", seconds: float = 3.0) -> Iterator[None]:
    """Let a learner's function run this long, quietly; then Trouble.

    Needs POSIX signals and the main thread; elsewhere the kernel's interrupt button does it.
    """
    if not law.learners:
        yield
        return

    try:
        with Alarm(seconds), np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except TooSlow:
        raise Trouble(
            f"{law.whose.capitalize()} took longer than {seconds:g} s for one picture, so it was stopped{AGAIN}"
        ) from None


def attempt(law: "Owned", draw: Callable[[], Any], seconds: float = 3.0) -> tuple[Any, str]:
    """(what `draw` returns, "") or (None, what went wrong in the learner's function)."""
    try:
        with patience(law, seconds):
            return draw(), ""
    except Trouble as trouble:
        return None, str(trouble)
