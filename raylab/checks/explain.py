"""The learner writes sentences."""

from dataclasses import dataclass

from raylab.checks.verdict import Mistake


@dataclass(frozen=True)
class Explain:
    """A model answer, shown only after the learner has written something of her own."""

    model: str
    points: tuple[str, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    words: int = 12
