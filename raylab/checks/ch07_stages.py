"""Exercise 07.3: made-up staircases, and what the stages that a learner finds in them must obey.

Several treatments of noise are right, so nothing is compared with one list: every time has a window.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from raylab.checks.engine import Implement, Law, numbers

Floats = NDArray[np.float64]
Stages = Callable[[Floats, Floats], Any]

ROOM = 0.05  # in J: how far from a level a time may be read, which leaves room for smoothing and for noise


class Windows(NamedTuple):
    """Where the three times of one learned component may lie, each as (first, last); and is it there at the end?"""

    t10: tuple[float, float]
    half: tuple[float, float]
    t90: tuple[float, float]
    stays: bool


def windows(times: Floats, J: Floats) -> dict[int, Windows]:
    """The windows of every component that is learned; one record of room on each side."""
    found = {}
    for k, curve in enumerate(J.T):
        if curve.max() >= 0.9:
            end = int(np.argmax(curve >= 0.9))
            t10, half, t90 = (_window(times, curve, end, level) for level in (0.1, 0.5, 0.9))
            found[k] = Windows(t10, half, t90, bool(curve[-1] >= 0.9))
    return found


def _window(times: Floats, curve: Floats, end: int, level: float) -> tuple[float, float]:
    before = curve[: end + 1]
    if (before >= level).all():
        return float(times[0]), float(times[0])
    last = int(np.flatnonzero(before < level)[-1])
    low = np.flatnonzero(before[: last + 1] < level - ROOM)
    high = np.flatnonzero(curve[last:] > level + ROOM)
    first = max(int(low[-1]) - 1, 0) if len(low) else 0
    final = min(last + int(high[0]) + 1, len(times) - 1) if len(high) else len(times) - 1
    return float(times[first]), float(times[final])


# ------------------------------------------------------------------------------------------- made-up staircases


def _up(u: Floats, at: float, width: float = 0.012, low: float = 0.01, top: float = 0.99) -> Floats:
    """From `low` to `top` about u = at."""
    return low + (top - low) / (1 + np.exp(-(u - at) / width))


def _meets(curve: Floats, here: NDArray[np.bool_]) -> Floats:
    """The curve, with one record of the part `here` exactly at 0.1, and one at one half."""
    moved = curve.copy()
    for level in (0.1, 0.5):
        moved[np.where(here, np.abs(curve - level), np.inf).argmin()] = level
    return moved


def _staircases(rng: np.random.Generator) -> Iterator[Any]:
    u = np.linspace(0, 1, 401)
    slow, log_times = 3.0 + 40 * u, 10 ** (1 + 6 * u)
    yield slow, np.stack([_up(u, 0.6), _up(u, 0.25)], axis=-1)
    yield log_times, np.stack([_up(u, at, top=top) for at, top in ((0.5, 0.98), (0.3, 0.6), (0.8, 1), (0.2, 1))], -1)
    sinks = _up(u, 0.7) + 0.25 * np.exp(-u / 0.05)  # begins above .1, falls below it, comes back
    yield log_times, np.stack([_up(u, 0.4, low=0.2), sinks], axis=-1)
    gives = _up(u, 0.3) - 0.95 * np.exp(-(((u - 0.6) / 0.05) ** 2))  # learned, gives it all back, recovers
    yield slow, np.stack([_up(u, 0.62), gives], axis=-1)
    lost = _up(u, 0.35) - _up(u, 0.7, low=0, top=0.7)  # learned, and at the end below .9 again
    yield log_times, np.stack([_up(u, 0.55), lost], axis=-1)
    false = _up(u, 0.8) + 0.6 * np.exp(-(((u - 0.3) / 0.06) ** 2))  # a first try that fails
    yield log_times, np.stack([_meets(false, u < 0.3), _up(u, 0.5), _up(u, 0.55, top=0.85)], axis=-1)
    yield (
        slow,
        np.stack([_up(u, 0.46), _up(u, 0.5, 0.09, low=0)], axis=-1),
    )  # first at .1, last at .5
    halting = 0.6 * _up(u, 0.3) + 0.4 * _up(u, 0.75)  # first at one half, last at 0.9
    yield slow, np.stack([_up(u, 0.45), halting], axis=-1)
    yield log_times, np.stack([_up(u, 1.02), _up(u, 0.4, top=0.7)], axis=-1)  # nobody is learned
    for _ in range(4):
        K = int(rng.integers(2, 6))
        order = rng.permutation(np.linspace(0.15, 0.85, K))
        yield 10 ** (rng.uniform(-1, 2) + 5 * u), np.stack([_up(u, at, low=rng.uniform(0, 0.06)) for at in order], -1)
    for _ in range(2):
        K = int(rng.integers(2, 5))
        order = rng.permutation(np.linspace(0.2, 0.8, K))
        J = np.stack([_up(u, at, 0.02) for at in order], axis=-1)
        yield log_times, J + 0.01 * rng.standard_normal(J.shape)


def _noisy(J: Floats) -> bool:
    return bool(np.abs(np.diff(J, 2, axis=0)).max() > 0.025)


# ------------------------------------------------------------------------------------------------- what must hold


def _rows(answer: Stages, times: Floats, J: Floats) -> Floats:
    found = np.asarray(answer(times, J))
    return found.reshape(0, 3) if found.size == 0 else found


def _on(noisy: bool, law: Callable[[Floats, dict[int, Windows], Floats], bool | str]) -> Callable[..., bool | str]:
    """A law of (rows, windows, times), asked on the clean staircases or on the noisy ones."""

    def holds(answer: Stages, times: Floats, J: Floats) -> bool | str:
        return _noisy(J) != noisy or law(_rows(answer, times, J), windows(times, J), times)

    return holds


def _triples(answer: Stages, times: Floats, J: Floats) -> bool | str:
    found = _rows(answer, times, J)
    return (found.ndim == 2 and found.shape[1] == 3) or f"shape of what came back, as an array: {found.shape}"


def _begins_with_its_number(answer: Stages, times: Floats, J: Floats) -> bool | str:
    first = _rows(answer, times, J)[:, 0]
    fits = ((first == np.round(first)) & (first >= 0) & (first <= J.shape[1])).all()
    return bool(fits) or f"yours begin with {numbers(first)}; there are {J.shape[1]} components"


def _numbered_from_zero(rows: Floats, true: dict[int, Windows], times: Floats) -> bool | str:
    told = {int(k) for k in rows[:, 0]}
    return not true or told != {k + 1 for k in true} or told == set(true) or f"components {sorted(told)}"


def _only_learned(rows: Floats, true: dict[int, Windows], times: Floats) -> bool | str:
    extra = sorted({int(k) for k in rows[:, 0]} - set(true))
    return not extra or f"component {extra[0]} never reaches 0.9"


def _all_learned(rows: Floats, true: dict[int, Windows], times: Floats) -> bool | str:
    told = [int(k) for k in rows[:, 0]]
    return sorted(told) == sorted(true) or f"yours: components {told}; learned are {sorted(true)}"


def _lost_again(rows: Floats, true: dict[int, Windows], times: Floats) -> bool | str:
    """False if nobody is missing but some that are below 0.9 in the last record."""
    missing = sorted(set(true) - {int(k) for k in rows[:, 0]})
    return not missing or any(true[k].stays for k in missing) or f"component {missing[0]} was at 0.9, and ends below it"


def _in_order(rows: Floats, true: dict[int, Windows], times: Floats) -> bool | str:
    told = [int(k) for k in rows[:, 0]]
    wrong = [(a, b) for a, b in pairwise(told) if true[a].half[0] > true[b].half[1]]
    return not wrong or f"yours: {told}; component {wrong[0][1]} crosses one half before component {wrong[0][0]}"


def _orders(rows: Floats, true: dict[int, Windows]) -> tuple[bool, bool]:
    """Is this the order of the numbers? And is it the right one backwards? Two may be either by chance."""
    told = rows[:, 0].tolist()
    backwards = [k for k, _ in sorted(true.items(), key=lambda item: -item[1].half[0])]
    return len(told) > 2 and told == sorted(told), len(told) > 2 and told == backwards


def _not_by_number(rows: Floats, true: dict[int, Windows], times: Floats) -> bool | str:
    return _orders(rows, true) != (True, False) or _in_order(rows, true, times)


def _not_backwards(rows: Floats, true: dict[int, Windows], times: Floats) -> bool | str:
    return _orders(rows, true) != (False, True) or _in_order(rows, true, times)


def _not_swapped(rows: Floats, true: dict[int, Windows], times: Floats) -> bool | str:
    turned = rows[:, [0, 2, 1]]
    hits = len(rows) and _inside(turned, true, "t90") is True and _inside(rows, true, "t90") is not True
    return not hits or f"yours: {numbers(rows[0])}"


def _are_times(rows: Floats, true: dict[int, Windows], times: Floats) -> bool | str:
    """Indices of records are whole numbers, and outside of the windows."""
    whole = len(rows) and (rows[:, 1:] == np.round(rows[:, 1:])).all() and (rows[:, 1:] < len(times)).all()
    return (
        not whole or _inside(rows, true, "t90") is True or f"yours: {numbers(rows[0])}; times run from {times[0]:.4g}"
    )


def _inside(rows: Floats, true: dict[int, Windows], which: str) -> bool | str:
    column = {"t10": 1, "t90": 2}[which]
    for row in rows:
        first, last = getattr(true[int(row[0])], which)
        if not first <= row[column] <= last:
            return f"component {int(row[0])}: your {which} is {row[column]:.4g}, expected {first:.4g} to {last:.4g}"
    return True


def _first_time(rows: Floats, true: dict[int, Windows], times: Floats) -> bool | str:
    return _inside(rows, true, "t90")


def _start_above(rows: Floats, true: dict[int, Windows], times: Floats) -> bool | str:
    """Where all other t10 are right: that of those that begin above .1 and stay there, the first time of all."""
    above = np.array([true[int(k)].t10[1] == times[0] for k in rows[:, 0]], dtype=bool)
    return _inside(rows[~above], true, "t10") is not True or _inside(rows[above], true, "t10")


def _last_time(rows: Floats, true: dict[int, Windows], times: Floats) -> bool | str:
    return _inside(rows, true, "t10")


def _all_of_it(rows: Floats, true: dict[int, Windows], times: Floats) -> bool | str:
    for law in (_only_learned, _all_learned, _first_time, _in_order, _last_time):
        found = law(rows, true, times)
        if found is not True:
            return found
    return True


STAGES = Implement(
    signature="stages(times, J)",
    instances=_staircases,
    describe=lambda times, J: f"{J.shape[1]} components, {len(times)} records, times {times[0]:.3g} to {times[-1]:.3g}",
    laws=(
        Law(_triples, "Each entry of the list is a triple: (component, t10, t90)."),
        Law(_begins_with_its_number, "The component comes first in each triple, then t10, then t90.", "almost"),
        Law(_on(False, _numbered_from_zero), "Components are counted from 0, as the columns of `J` are.", "almost"),
        Law(_on(False, _only_learned), "A component that never reaches 0.9 is not learned, and has no entry."),
        Law(
            _on(False, _lost_again),
            "Learned is learned: a component that was at 0.9 has its entry, also if it is below 0.9 at the end.",
        ),
        Law(_on(False, _all_learned), "Every component that reaches 0.9 has one entry, however late it comes."),
        Law(
            _on(False, _are_times),
            "These are numbers of records. Asked for are times: look them up in `times`.",
        ),
        Law(
            _on(False, _not_swapped),
            "t10 and t90 have changed places: each triple is (component, t10, t90).",
            "almost",
        ),
        Law(
            _on(False, _first_time),
            "t90 is the *first* time at 0.9, also if some or all of it is given back afterwards.",
        ),
        Law(
            _on(False, _not_by_number),
            "Your list follows the numbers of the components. Asked for: the order in which they are learned.",
        ),
        Law(_on(False, _not_backwards), "Your list has the last one first. Turn it round.", "almost"),
        Law(
            _on(False, _in_order),
            "The order is that of crossing one half, upwards, for the last time before t90: neither that of t10 or t90 "
            "nor that of a first try that failed.",
        ),
        Law(
            _on(False, _start_above),
            "A component that is above 0.1 from the beginning has no crossing there. Its t10 is `times[0]`.",
        ),
        Law(
            _on(False, _last_time),
            "t10 is the *last* time before t90 at which it comes up through 0.1. Some begin above it and sink first; "
            "some try once and fail.",
        ),
        Law(
            _on(True, _all_of_it),
            "Right on smooth curves. With noise a curve crosses a level several times in a row: which of these do you "
            "take, and does the rest of your function still hold?",
            "almost",
        ),
    ),
)
