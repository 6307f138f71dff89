"""The learner searches for a setting that has a property."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from raylab.checks.values import finite, read, untouched
from raylab.checks.verdict import Law, Verdict


@dataclass(frozen=True)
class Explore:
    """Values of the given shapes on which every law holds.

    names: of the values, as the learner sees them, "W, b". shapes: one for each value; None lets anything
    through to the laws, for example a function.
    """

    names: str
    laws: tuple[Law, ...]
    shapes: tuple[tuple[int, ...], ...] | None = None

    def judge(self, answer: Any, seed: int) -> str:
        """The detail of a right answer, which is empty; anything else is raised as a Verdict."""
        if untouched(answer):
            raise Verdict("not attempted", f"Put your `{self.names}` in first, then run this cell again.")
        self._values(answer)
        for law in self.laws:
            outcome = law.holds(*self._values(answer))
            if outcome is True or outcome is np.True_:
                continue
            raise Verdict(law.state, law.message, outcome if isinstance(outcome, str) else "")
        return ""

    def _values(self, answer: Any) -> tuple[Any, ...]:
        """Fresh arrays for every law, checked for shape and NaN."""
        if self.shapes is None:
            return (answer,)
        if len(self.shapes) == 1:
            answer = (answer,)
        names = [name.strip() for name in self.names.split(",")]
        if not isinstance(answer, tuple | list) or len(answer) != len(names):
            raise Verdict("wrong", f"Asked for: `({self.names})`, {len(names)} things in this order.")
        return tuple(map(_value, answer, names, self.shapes))


def _value(value: Any, name: str, shape: tuple[int, ...]) -> Any:
    array, _ = read(value, np.zeros(shape), f"`{name}` is")
    if np.shape(array) != shape:
        raise Verdict("wrong", f"`{name}` has the shape {np.shape(array)}; asked for: {shape}.")
    if not finite(array):
        raise Verdict("wrong", f"There is NaN or infinity in `{name}`.")
    return np.array(array, dtype=np.float64)
