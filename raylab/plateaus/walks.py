"""The walk of a skeleton from corner to corner: who moves, and where the next corner is."""

import itertools
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from raylab.systems.factored.margins import margin

Vector = NDArray[np.float64]
Which = NDArray[np.bool_]

_TIE = 1e-9  # of the largest logit or rate: what rounding makes of equal ones
_MOST_CORNERS = 20_000  # tens are usual


class Walk(NamedTuple):
    """Logits (M, K) and log times (M,) of the corners; order, log waits (K,) and log gaps (K,) of the arrivals."""

    logits: Vector
    log_times: Vector
    order: tuple[int, ...]
    waits: Vector
    gaps: Vector


class _Place(NamedTuple):
    """Where the walk is: x (P,), the lowest x of each component (K,), which side that is on, and the front's height."""

    x: Vector
    lowest: Vector
    side: Vector
    owner: NDArray[np.intp]
    front: float
    slack: float

    @property
    def tied(self) -> Which:
        """The pairs (P,) at the front."""
        near = self.side * self.lowest <= self.front + self.slack
        return near[self.owner] & (self.x <= self.lowest[self.owner] + self.slack)

    @property
    def waits(self) -> Which:
        """The pairs (P,) of unlearned components."""
        return self.side[self.owner] < 0


def follow(x: Vector, V: Vector, owner: NDArray[np.intp]) -> Walk:
    """What a `Skeleton` is made of, from corner to corner.

    x (P,) belongs to the features V (P, d), and x[owner == k].min() decides about k.
    """
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    lowest = np.minimum.reduceat(x, starts)
    side = np.where(lowest > 0, 1.0, -1.0)  # of the border; kept while a component stands on it
    slack = _TIE * max(1.0, float(np.abs(x).max()))
    order, waits = [int(k) for k in np.flatnonzero(side > 0)], np.where(side > 0, 0.0, np.inf)
    gaps, front = waits.copy(), float((side * lowest).min())
    path, clock, since = [lowest], [front], front
    while (side < 0).any():
        if len(path) > _MOST_CORNERS:
            raise ValueError(
                f"logits: expected a path of few corners, found more than {_MOST_CORNERS}; move the start."
            )
        place = _Place(x, lowest, side, owner, front, slack)
        w = _movers(place, V)
        rate = V @ (w @ V)
        end = _next_corner(place, w, rate)
        if end is None:
            break  # nobody catches up: the wait has no end
        x = x + end[0] * rate
        lowest = np.minimum.reduceat(x, starts)
        front = float((side * lowest).min())
        clock.append(max(clock[-1], front))
        since = max(since, front)
        path.append(lowest)
        if end[1] >= 0:
            side[end[1]] = 1.0
            order.append(end[1])
            waits[end[1]], gaps[end[1]], since = clock[-1], since, 0.0
    return Walk(np.array(path), np.array(clock), tuple(order), waits, gaps)


def _movers(place: _Place, V: Vector) -> Vector:
    """Weights (P,) >= 0 of the pairs that move: they keep equally near, and nobody else at the front gets ahead."""
    risers = np.unique(place.owner[place.tied & place.waits])
    if not len(risers):
        return _polish(place, V)
    found = [w for some in _subsets(risers) if some and (w := _rise(place, V, some)) is not None]
    if len(found) != 1:  # of two that push each other back, each one may lead
        raise ValueError(
            f"logits: expected unequal starts, found components {risers.tolist()} equally near; move one a little."
        )
    return found[0]


def _polish(place: _Place, V: Vector) -> Vector:
    """Where all of the front is learned: heights grow at 1 where w > 0."""
    w, front = np.zeros(len(V)), place.tied
    weights = margin(V[front])
    if weights is None:
        raise ValueError(
            f"gram: expected features that some direction serves all at once, found none for the learned components "
            f"{np.unique(place.owner[front]).tolist()}; where goals exclude each other waits have no end."
        )
    w[front] = weights
    return w


def _rise(place: _Place, V: Vector, risers: tuple[int, ...]) -> Vector | None:
    """Where these unlearned ones lead: heights shrink at 1 where w > 0; None if others at the front would get ahead.

    Nearly always they move alone; only a longer feature can be pushed back faster than they rise, and then moves too.
    """
    towards = np.where(place.waits, 1.0, -1.0)  # the own border
    front = np.flatnonzero(place.tied)
    leading = np.flatnonzero(place.tied & np.isin(place.owner, risers))
    for others in _subsets(np.flatnonzero(place.tied & ~place.waits)):
        part = np.append(leading, others).astype(int)
        weights = np.linalg.lstsq(V[part] @ V[part].T, towards[part])[0]
        if (weights > 0).all() and (towards[front] * (V[front] @ (weights @ V[part])) <= 1 + _TIE).all():
            w = np.zeros(len(V))
            w[part] = weights
            return w
    return None


def _subsets(of: NDArray[np.intp]) -> Iterator[tuple[int, ...]]:
    for size in range(len(of) + 1):
        yield from itertools.combinations(of.tolist(), size)


def _next_corner(place: _Place, w: Vector, rate: Vector) -> tuple[float, int] | None:
    """(how far, who crosses the border there or -1) to where the walk turns next; None if it never does."""
    x, tied, waits = place.x, place.tied, place.waits
    rising = bool((waits & (w > 0)).any())
    lead = -1.0 if rising else 1.0  # what `_movers` makes of the height of the front
    ends = [(place.front, int(place.owner[waits & (w > 0)][0]))] if rising else []
    closing = lead - rate
    reached = ~waits & ~tied & (closing > _TIE)  # by the front, from below
    ends += [((x[i] - place.front) / closing[i], -1) for i in np.flatnonzero(reached)]
    for k in np.flatnonzero(place.side < 0):
        own = place.owner == k
        if w[own].any():  # a weaker wrong action becomes as strong as the strongest
            weaker = own & ~tied & (rate < 1 - _TIE)
            ends += [(step, -1) for step in (x[weaker] - place.lowest[k]) / (1 - rate[weaker])]
        elif (step := _caught(-x[own] - place.front, lead + rate[own])) is not None:
            ends.append((step, -1))
    return min(ends, default=None)


def _caught(gaps: Vector, closing: Vector) -> float | None:
    """The time at which the last gap is gone of those that close, gap i at closing[i]; None where none does.

    If another stays open meanwhile, nobody is caught there: a corner on a straight stretch, which does no harm.
    """
    closes = closing > _TIE
    step = (gaps[closes] / closing[closes]).max(initial=0.0)
    return float(step) if step > 0 else None
