"""Answers to the learner: `check(id, answer)` and `hint(id, level)`.

The exercises are in ch01, ch02, ...; how to write one is in `raylab.checks.engine`.
"""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from raylab import arguments
from raylab.checks.engine import Exercise, Hint, Result, judge

__all__ = ["Hint", "Result", "check", "exercises", "hint"]


def check(id: str, answer: Any = ...) -> Result:
    """Judge `answer` to the exercise `id` ("03.1"); the outcome shows itself and has .state and .message.

    answer: the function, expression, number, text or setting that the exercise asks for. A wrong one, even one
    that raises, prints or never ends (it is stopped after 10 s where the platform can), gives a result, not an
    error. The state is "not attempted", "wrong", "almost" or "correct".

    Raises TypeError if `id` is not a text, ValueError if there is no such exercise.
    """
    result = judge(_find(id), answer)
    _remember(result)
    return result


def hint(id: str, level: int = 1) -> Hint:
    """Hint number `level` to the exercise `id`; each says more than the one before.

    Raises TypeError if `id` is not a text or `level` not a whole number, ValueError if there is no such exercise
    or `level` is below 1. Beyond the last level it shows the last one, and says that it is the last.
    """
    exercise = _find(id)
    level = arguments.count(level, "level", 1)
    known = len(exercise.hints)
    return Hint(id, level, known, exercise.hints[min(level, known) - 1])


def exercises() -> dict[str, Exercise]:
    """All exercises by id, in order.

    Raises ValueError if two have the same id, or one stands in the module of another chapter.
    """
    return {id: exercise for number in chapters() for id, exercise in chapter(number).items()}


def chapters() -> list[str]:
    """The chapters that have exercises, "01", "02" ...: one for each module chNN of this package."""
    names = (module.name for module in iter_modules(__path__))
    return sorted(name[2:] for name in names if name.startswith("ch") and name[2:].isdigit())


@cache
def chapter(number: str) -> dict[str, Exercise]:
    """The exercises of one chapter by id; loaded when first asked for, and no other chapter with them.

    Raises ValueError if there is no such chapter, and as `exercises` does.
    """
    if number not in chapters():
        raise ValueError(f"number: expected one of {', '.join(chapters())}, found {number!r}; choose one of these.")
    found: dict[str, Exercise] = {}
    for exercise in import_module(f"{__name__}.ch{number}").EXERCISES:
        if exercise.id in found or not exercise.id.startswith(number):
            raise ValueError(
                f"ch{number}: expected exercises {number}.1, {number}.2, ... each once, found {exercise.id} "
                "twice or in the wrong module; number them anew."
            )
        found[exercise.id] = exercise
    return found


def _find(id: str) -> Exercise:
    if not isinstance(id, str):
        raise TypeError(f'id: expected a text like "03.1", found a {type(id).__name__}; put it in quotes.')
    known = chapter(id[:2]) if id[:2] in chapters() else {}  # a learner waits for her own chapter only
    if id not in known:
        raise ValueError(f"id: expected one of {', '.join(exercises())}, found {id!r}; look at the exercise's heading.")
    return known[id]


def _remember(result: Result) -> None:
    """Tell the learner's copy of the course, which keeps the progress: the one tie between two rooms of a floor.

    A check works without it, so nothing that goes wrong there (a read-only folder, say) may show here.
    """
    try:
        from raylab import workspace

        workspace.record(result.exercise, result.state)
    except Exception:  # the check itself has been done
        return
