"""One call of a learner's function: what came back, or what stopped it."""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from raylab.alarm import TooSlow
from raylab.checks.sandbox import own_traceback
from raylab.checks.values import read
from raylab.checks.verdict import Verdict

NOTHING, UNFINISHED, UNREADABLE = "nothing", "unfinished", "unreadable"


@dataclass(frozen=True)
class Outcome:
    """A value in the structure of `like`, or the verdict that stands in its place.

    complaint: what is wrong with the form of numbers that may be right. kind: why there is no value, by which
    a named mistake is recognised (the name of an error, or one of the three above). mutated: which arguments.
    """

    value: Any = None
    complaint: str = ""
    stopped: Verdict | None = None
    kind: str = ""
    mutated: tuple[int, ...] = ()


def call(
    function: Callable[..., Any], arguments: tuple[Any, ...], like: Any, name: str, words: Callable[[], str]
) -> Outcome:
    """Call with copies (a Generator is passed on and advances) and read what comes back.

    like: the structure that is expected. name: of the function. words: where we are, asked for only if needed.
    TooSlow and KeyboardInterrupt pass through, with a note that says where; all else is an Outcome.
    """
    given = tuple(a if isinstance(a, np.random.Generator) else copy.deepcopy(a) for a in arguments)
    try:
        with np.errstate(all="ignore"):  # and a call of `np.seterr` in there ends with the call
            raw = function(*given)
    except (TooSlow, KeyboardInterrupt) as stop:
        stop.add_note(words())
        raise
    except BaseException as error:  # SystemExit too: whatever it is, it comes from the learner's code
        return Outcome(stopped=_raised(error, name, words()), kind=_kind(error))
    if raw is None or raw is Ellipsis:
        text = f"`{name}` returns nothing here. Is there a branch without `return`?"
        return Outcome(stopped=Verdict("wrong", text, words()), kind=NOTHING)
    try:
        value, complaint = read(raw, like, f"`{name}` returns")
    except Verdict as stopped:
        return Outcome(stopped=Verdict(stopped.state, stopped.message, words()), kind=UNREADABLE)
    mutated = tuple(i for i, (a, b) in enumerate(zip(arguments, given, strict=True)) if _differs(a, b))
    value = copy.deepcopy(value)  # the next call may write into the same array
    return Outcome(value, complaint, mutated=mutated)


def _kind(error: BaseException) -> str:
    return UNFINISHED if isinstance(error, NotImplementedError) else type(error).__name__


def _raised(error: BaseException, name: str, words: str) -> Verdict:
    message = f"`{name}` raised {type(error).__name__}. Your own lines are below."
    if isinstance(error, NotImplementedError):
        message = f"`{name}` is not finished for this instance: it raises NotImplementedError."
    elif isinstance(error, RecursionError):
        message = f"`{name}` calls itself without end. Which case should it answer without calling itself?"
    elif isinstance(error, SystemExit):
        message = f"`{name}` leaves Python (`exit`). Use `return` to leave a function."
    return Verdict("wrong", message, f"{words}\n{own_traceback(error)}".lstrip())


def _differs(before: Any, after: Any) -> bool:
    """Did the call change this argument? Asked of arrays and plain containers; other objects may change."""
    if isinstance(before, np.ndarray):
        return before.shape != after.shape or not np.array_equal(before, after, equal_nan=before.dtype.kind in "fc")
    if isinstance(before, list | tuple):
        return len(before) != len(after) or any(map(_differs, before, after))
    return isinstance(before, dict | set) and before != after
