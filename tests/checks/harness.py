"""Puts every check on trial: what it must accept, what it must reject and with which words.

The cases are written by hand in cases_NN.py (the form is described in `raylab.checks.engine`). What can be made
by machine from a reference is made here: answers that are right at special instances only, and nearly right ones.
"""

import contextlib
import importlib.util
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from raylab import checks
from raylab.checks.engine import Derive, Exercise, Explain, Explore, Implement, Predict, Result, judge

HERE = Path(__file__).parent
SECONDS = 100.0  # the learner has ten; here a busy machine is no error, and no answer of the cases is endless


@dataclass
class Row:
    """What was counted for one exercise."""

    kind: str
    right: int = 0
    wrong: int = 0
    almost: int = 0
    seeds: str = ""


TABLE: dict[str, Row] = {}


def load() -> dict[str, Exercise]:
    """All exercises that can be loaded; a chapter that cannot has its own failing test, and hides no other."""
    found = {}
    for number in checks.chapters():
        with contextlib.suppress(Exception):
            found |= checks.chapter(number)
    return found


def seeds(exercise: Exercise) -> tuple[int, ...]:
    """Only a function is judged on instances that are drawn."""
    return (0, 1, 2) if isinstance(exercise.task, Implement) else (0,)


def row(exercise: Exercise) -> Row:
    kind = type(exercise.task).__name__.lower()
    drawn = str(len(seeds(exercise))) if kind == "implement" else "-"
    return TABLE.setdefault(exercise.id, Row(kind, seeds=drawn))


@cache
def cases(chapter: str) -> dict[str, dict[str, Any]]:
    """CASES of one chapter ("03"); empty where there is no file yet."""
    path = HERE / f"cases_{chapter}.py"
    if not path.exists():
        return {}
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.CASES


def of(exercise: Exercise, sort: str) -> dict[str, Any]:
    """The cases of one sort, "right", "wrong" or "almost"."""
    return cases(exercise.id[:2]).get(exercise.id, {}).get(sort, {})


def results(exercise: Exercise, answer: Any) -> list[Result]:
    """The answer judged on every seed."""
    return [judge(exercise, answer, seed, SECONDS) for seed in seeds(exercise)]


def own_messages(exercise: Exercise) -> list[str]:
    """What this exercise has to say: mistakes, laws and further instances, each text once.

    Several forms of one mistake, or several further instances, may share their text if they stand together;
    a text that comes back later is a slip, and stands here twice.
    """
    task = exercise.task
    told = [m.message for m in getattr(task, "mistakes", ())] + [law.message for law in getattr(task, "laws", ())]
    if isinstance(task, Implement):
        told += [case.message for case in task.cases(0) if case.message]
    return [text for text, _ in itertools.groupby(told)]


def reference(exercise: Exercise) -> Any:
    """The answer that the exercise itself holds, or None where it holds only laws."""
    task = exercise.task
    if isinstance(task, Implement):
        return task.reference
    if isinstance(task, Explain):
        return task.model
    return None if isinstance(task, Explore) else task.value()


def stubs(exercise: Exercise) -> list[Any]:
    """What the exercise notebook holds before anybody has touched it."""

    def unfinished(*_: Any) -> Any:
        raise NotImplementedError

    if isinstance(exercise.task, Implement):
        return [lambda *_: None, lambda *_: ..., unfinished, ..., None]
    return [..., None, *(["", "..."] if isinstance(exercise.task, Explain) else [])]


def misled(exercise: Exercise) -> list[tuple[Any, str]]:
    """Each named mistake as an answer, and the message that it must get. Patterns cannot be turned into answers."""
    task = exercise.task
    if isinstance(task, Implement):
        return [(m.like, m.message) for m in task.mistakes]
    if isinstance(task, Derive):
        return [(m.like(), m.message) for m in task.mistakes]
    if isinstance(task, Predict):
        single = not isinstance(task.value(), tuple)
        middle = lambda like: sum(like) / 2 if single and isinstance(like, tuple) else like
        return [(middle(m.like), m.message) for m in task.mistakes]
    return []


# ------------------------------------------------------------------------------------------- answers made by machine
def bent(value: Any) -> Any:
    """Something else of the same form."""
    if isinstance(value, tuple | list):
        return type(value)(map(bent, value))
    if isinstance(value, str):
        return value + "?"
    array = np.asarray(value)
    return ~array if array.dtype.kind == "b" else array * 1.1 + 0.01


def right_only_where(task: Implement, special: Callable[..., bool]) -> Callable[..., Any]:
    """The reference where the arguments are special, nonsense elsewhere."""

    def answer(*arguments: Any) -> Any:
        truth = task.reference(*arguments)
        return truth if special(*arguments) else bent(truth)

    return answer


def _arrays(arguments: tuple[Any, ...], minimum: int = 1) -> list[np.ndarray]:
    return [a for a in arguments if isinstance(a, np.ndarray) and a.ndim >= minimum]


def symmetric(*arguments: Any) -> bool:
    """Matrices equal to their transpose, vectors of one value."""
    matrices, arrays = _arrays(arguments, 2), _arrays(arguments)
    turned = all(m.shape[-1] == m.shape[-2] and np.allclose(m, np.swapaxes(m, -1, -2)) for m in matrices)
    return bool(arrays) and turned and all(np.ptp(a) == 0 for a in arrays if a.ndim == 1)


def square(*arguments: Any) -> bool:
    matrices = _arrays(arguments, 2)
    return bool(matrices) and all(m.shape[-1] == m.shape[-2] for m in matrices)


def diagonal(*arguments: Any) -> bool:
    """Matrices with zeros off the diagonal, square or not."""
    matrices = [m for m in _arrays(arguments, 2) if m.ndim == 2]
    return bool(matrices) and all(np.count_nonzero(m) == np.count_nonzero(np.diagonal(m)) for m in matrices)


def whole(*arguments: Any) -> bool:
    """Nothing but whole numbers: zeros, ones and the like."""
    arrays = _arrays(arguments)
    return bool(arrays) and all(np.array_equal(a, np.round(a)) for a in arrays)


def equal(*arguments: Any) -> bool:
    """Several counts, all alike (K = n)."""
    counts = [a for a in arguments if isinstance(a, int | np.integer)]
    return len(counts) > 1 and len(set(counts)) == 1


def smallest(task: Implement, seed: int) -> Callable[..., bool]:
    """Like the first, simplest instance in all sizes and counts."""
    sizes = lambda arguments: [np.shape(a) if isinstance(a, np.ndarray) else a for a in arguments if _counts(a)]
    first = sizes(task.cases(seed)[0].arguments)
    return lambda *arguments: sizes(arguments) == first


def _counts(argument: Any) -> bool:
    return isinstance(argument, np.ndarray | int | float)


# ------------------------------------------------------------------------------------------- the table
def table() -> list[str]:
    """The trial in figures, one line for each exercise."""
    head = f"{'exercise':<10}{'kind':<11}{'right accepted':>15}{'wrong rejected':>16}{'almost':>8}{'seeds':>7}"
    lines = [
        f"{name:<10}{r.kind:<11}{r.right:>15}{r.wrong:>16}{r.almost:>8}{r.seeds:>7}"
        for name, r in sorted(TABLE.items(), key=_in_order)
    ]
    return [head, "-" * len(head), *lines]


def _in_order(item: tuple[str, Row]) -> tuple[str, int]:
    """03.10 comes after 03.9."""
    chapter, _, number = item[0].partition(".")
    return chapter, int(number)
