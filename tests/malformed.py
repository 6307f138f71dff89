"""Malformed values for an argument, made from a valid one: (label, value, is it always wrong?).

What is not always wrong (another shape, a large number) may be refused or accepted; accepted, it must not end in NaN.
"""

import copy
import types
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from raylab.records import Trajectory

Case = tuple[str, Any, bool]

NOTHING = [("None", None, True), ("an object", object(), True), ("a module", types, True)]
TEXTS = [("text", "three", True), ("bytes", b"3", True)]
HUGE = 10**400  # an int beyond float64


class Unreadable:
    """numpy asks it for an array and gets an error."""

    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("no array here")


def cases(value: Any) -> list[Case]:
    """The malformed values for an argument whose valid value is this."""
    return list(_cases(value))


def _cases(value: Any) -> Iterator[Case]:
    if isinstance(value, bool):
        yield from [*NOTHING, *TEXTS, *_plain(2, 0.5, np.nan, [True], np.array([True, False]))]
    elif isinstance(value, int):
        yield from [*NOTHING, *TEXTS, *_plain(-1, -7, -HUGE, 1.5, True, np.nan, np.inf, 1j, [3], np.array([3, 4]))]
        yield from _maybe(0, 1, 2, 10**30, HUGE, np.int8(3), np.array(2))
    elif isinstance(value, float):
        yield from [*NOTHING, *TEXTS, *_plain(np.nan, -np.nan, True, 1j, [value], np.array([0.5, 0.6]), {})]
        yield from [(f"{x}", x, False) for x in (np.inf, -np.inf, 0.0, -1.0, 1e308, -1e308, 5e-324)]
        yield from _maybe(HUGE, -HUGE, Fraction(1, 2), np.float32(0.5), np.array(0.5), np.array(np.nan))
    elif isinstance(value, str):
        yield from [*NOTHING, ("bytes", b"3", True), *_plain(3, True, 0.5, ["x"], np.array(["x"]))]
        yield from _maybe("", "   ", "no such name", "\x00", "<b>")
    elif isinstance(value, np.ndarray):
        yield from _arrays(value)
    elif isinstance(value, np.random.Generator):
        yield from [*NOTHING, *TEXTS, *_plain(0, 1.5, True, np.random, np.random.RandomState(0), np.random.default_rng)]
    elif isinstance(value, Trajectory):
        yield from [*NOTHING, *TEXTS, *_plain(3, np.ones((3, 2)), {"times": 0}, Trajectory)]
    elif isinstance(value, Mapping):
        yield from [*NOTHING, *TEXTS, *_plain(3, True, ["W"], np.ones(3))]
        yield from _mappings(value)
    elif isinstance(value, Sequence):
        yield from [*NOTHING, *_plain(3, True, 0.5)]
        yield from _maybe([], "x", {}, *([spoiled] for _, spoiled, _ in NOTHING + TEXTS))
        yield from ((f"{label} in place {n}", x, False) for n, label, x in _spoiled_entries(value))
    elif callable(value) and not _is_learner(value):
        yield from [*NOTHING, *TEXTS, *_plain(3, 0.5, np.ones(2), [len])]
        yield from _functions(value)
    elif type(value).__module__.startswith("sympy"):
        yield from [*NOTHING, ("bytes", b"3", True)]
        yield from _maybe("three", 3, True, 0.5, 1j, [], {}, np.ones((2, 3)), np.nan, "x +", [value, None])
    else:
        yield from [*NOTHING, *TEXTS, *_plain(3, True, 0.5, 1j, [], {}, np.ones((2, 3)), np.nan)]


def _plain(*values: Any) -> list[Case]:
    return [(f"{value!r:.40}", value, True) for value in values]


def _maybe(*values: Any) -> list[Case]:
    return [(f"{value!r:.40}", value, False) for value in values]


def _arrays(value: np.ndarray) -> Iterator[Case]:
    yield from [*NOTHING, *TEXTS, *_plain(np.nan, np.inf, 1j, True, {}, {1.0, 2.0}, [[1.0, 2.0], [3.0]], [None])]
    yield from _plain([HUGE], Unreadable(), iter([1.0]), slice(3), np.array("2024-01-01", "datetime64[D]"))
    yield from ((f"as {kind}", value.astype(kind), True) for kind in (str, complex, bool, object, "datetime64[D]"))
    for spoiled in (np.nan, np.inf, -np.inf):
        for place in {0, value.size // 2, value.size - 1}:
            yield f"{spoiled} at {place}", _with(value, place, spoiled), True
    yield "all NaN", np.full(value.shape, np.nan), True
    for axis in range(value.ndim):
        yield f"axis {axis} empty", np.take(value, [], axis), True
        yield f"axis {axis} without its last", np.delete(value, -1, axis), False
        yield f"axis {axis} with one more", np.concatenate([value, value.take([-1], axis)], axis), False
        yield f"axis {axis} reversed", np.flip(value, axis), False
        yield f"one entry of axis {axis}", value.take(0, axis), False
    yield "another axis", value[None], False
    yield "an axis at the end", value[..., None], False
    yield "transposed", value.T, False
    yield from [("no axis", np.float64(0.5), False), ("empty list", [], True), ("a list", value.tolist(), False)]
    for factor in (0.0, -1.0, 1e154, 1e300, 1e-300, 5e-324):
        with np.errstate(over="ignore"):
            yield f"times {factor:g}", value * factor, False
    for kind in (np.float16, np.int64, ">f8", np.longdouble):
        yield f"as {np.dtype(kind)}", value.astype(kind), False


def _with(value: np.ndarray, place: int, spoiled: float) -> np.ndarray:
    found = value.astype(np.float64).copy()
    found.flat[place] = spoiled
    return found


def _mappings(value: Mapping) -> Iterator[Case]:
    yield "an empty mapping", {}, False
    for key in value:
        for label, spoiled, _ in [*NOTHING, *TEXTS, ("NaN", np.nan, True)]:
            yield f"{label} under {key!r}", {**value, key: spoiled}, False
    for label, spoiled in (("None", None), ("a number", 3), ("no words", "")):
        yield f"{label} as key", {**value, spoiled: next(iter(value.values()))}, False


def _spoiled_entries(value: Sequence) -> Iterator[tuple[int, str, Any]]:
    for n in range(len(value)):
        for label, spoiled, _ in [*NOTHING, *TEXTS, ("NaN", np.nan, True), ("an empty list", [], True)]:
            entries = list(value)
            entries[n] = spoiled
            yield n, label, type(value)(entries) if isinstance(value, list | tuple) else entries


def _functions(value: Any) -> Iterator[Case]:
    for label, answer in {
        "returns None": lambda found: None,
        "returns text": lambda found: "up",
        "returns NaN": lambda found: np.full_like(found, np.nan, dtype=float),
        "returns infinity": lambda found: np.full_like(found, np.inf, dtype=float),
        "returns complex numbers": lambda found: np.asarray(found) + 1j,
        "returns another shape": lambda found: np.ones(7),
        "returns one number": lambda found: 0.5,
    }.items():
        yield label, _answering(value, answer), False


def _answering(value: Any, answer: Any) -> Any:
    def spoiled(*given: Any) -> Any:
        found = value(*given)
        return (answer(found[0]), *found[1:]) if isinstance(found, tuple) else answer(found)

    return spoiled


def _is_learner(value: Any) -> bool:
    return not isinstance(value, type) and all(hasattr(value, name) for name in ("components", "updates"))


def fresh(kwargs: dict[str, Any]) -> dict[str, Any]:
    """Arguments that a call before cannot have changed."""
    return {name: value.copy() if isinstance(value, np.ndarray) else value for name, value in copy.copy(kwargs).items()}
