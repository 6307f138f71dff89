"""The learner derives an expression."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from raylab.checks.verdict import Mistake


@dataclass(frozen=True)
class Derive:
    """A sympy answer, accepted in any equivalent form."""

    truth: Callable[[], Any]
    mistakes: tuple[Mistake, ...] = ()
