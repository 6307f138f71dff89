"""What an exercise is made of besides its question: named mistakes, laws, further instances, and the verdict."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

STATES = ("not attempted", "wrong", "almost", "correct")


def _is_a_failure(state: str) -> None:
    if state not in ("wrong", "almost"):
        raise ValueError(f'state is {state!r}; a mistake or a broken law is "wrong" or "almost".')


@dataclass(frozen=True)
class Mistake:
    """What people really write, and what to tell them.

    `like` depends on the kind of exercise:
    *implement*: a function of the same arguments, which makes the mistake;
    *derive*: a function without arguments that returns the wrong sympy answer (sympy is loaded late);
    *predict*: a number, an interval `(low, high)` (ends included), a text, or a tuple like the truth;
    *explain*: a regular expression, searched in the learner's text, upper and lower case alike.
    """

    like: Any
    message: str
    state: str = "wrong"

    def __post_init__(self) -> None:
        _is_a_failure(self.state)


@dataclass(frozen=True)
class Law:
    """A property that a right answer has, and what to say when it does not hold.

    *implement*: `holds(answer, *arguments)`, where `answer` is the learner's function, made safe: it returns
    float arrays (bool where the reference does), and `arguments` are those of one instance.
    *explore*: `holds(*values)`, the learner's values (arrays where `shapes` are given).
    `holds` returns True, or False, or a text: then the law is broken and the text is shown as the detail
    ("mean of 4000 draws (0.1, 0.2), gradient (0.3, 0.1)").
    """

    holds: Callable[..., bool | str]
    message: str
    state: str = "wrong"

    def __post_init__(self) -> None:
        _is_a_failure(self.state)


@dataclass(frozen=True)
class Further:
    """An instance beyond the plain ones (batches, extremes): right before it and wrong here is "almost".

    `message` says what is asked here; the failure itself (shape, numbers, traceback) follows as detail.
    """

    arguments: tuple[Any, ...]
    message: str


class Verdict(Exception):
    """State, message and detail; raised from wherever the matter is decided, and caught by the engine."""

    def __init__(self, state: str, message: str, detail: str = "") -> None:
        super().__init__(state, message, detail)
        self.state, self.message, self.detail = state, message, detail
