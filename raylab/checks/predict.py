"""The learner commits to a number before looking."""

from collections.abc import Callable
from dataclasses import dataclass

from raylab.checks.verdict import Mistake

Prediction = float | str | tuple[float | str, ...]


@dataclass(frozen=True)
class Predict:
    """A number (tuple, text) with a stated tolerance: right within atol + rtol |truth|."""

    truth: Prediction | Callable[[], Prediction]
    mistakes: tuple[Mistake, ...] = ()
    atol: float = 0.0
    rtol: float = 0.0
