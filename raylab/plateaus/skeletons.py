"""The skeleton of a staircase: the piecewise-linear path of the logits from very low starts, and where it has no end.

Every component has a height, its distance |x| from its own border J = 1/2, and moves at e^-height: to leading order
only the lowest move. A stretch in which the lowest height is h takes the time e^h: log time is the largest h so far.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import nnls

from raylab import arguments

Vector = NDArray[np.float64]
Which = NDArray[np.bool_]

_TIE = 1e-9  # of the largest logit or rate: what rounding makes of equal ones
_MOST_CORNERS = 20_000  # tens are usual


@dataclass(frozen=True, eq=False)
class Skeleton:
    """The piecewise-linear path that the logits follow from very low starts, to leading order in their size.

    logits (M, K): its corners. log_times (M,): logarithm of the time there. order: the components in the order in which
    they are learned. waits (K,): log of the time at which each one is, inf for those that never are. gaps (K,): log of
    the time since the one before was, which is far less where waits shrink. Both are 0 for those that begin above 1/2.
    """

    logits: Annotated[Vector, "M K"]
    log_times: Annotated[Vector, "M"]
    order: tuple[int, ...]
    waits: Annotated[Vector, "K"]
    gaps: Annotated[Vector, "K"]


def skeleton(logits: ArrayLike, gram: ArrayLike) -> Skeleton:
    """Follow x_k' = sum_j gram[k, j] e^-|x_j| where the largest outweighs the rest, from `logits` (K,).  [ledger N10]

    Who is nearest to the own border x = 0 moves and pulls the others along by the inner products of the features.
    Learned components that are equally near move on together, in the direction of the largest margin to all of them.
    Any lengths and cosines that features can have, and any starts but equal ones. Log waits of the flow differ by what
    moving the start by a few logits makes of them.
    Raises TypeError or ValueError for malformed arguments, for a matrix that no features have, and where two unlearned
    components become equally near, so that what comes next is decided below the leading order.
    """
    x, V = arguments.array(logits, "logits", "K"), _features(gram)
    if len(V) != len(x):
        raise ValueError(f"gram: expected shape ({len(x)}, {len(x)}) for {len(x)} logits, found {(len(V),) * 2}.")
    return _follow(x, V, np.arange(len(x)))


def bandit_skeleton(logits: ArrayLike) -> Skeleton:
    """The same for the softmax bandit with a shared bias, from `logits` (n, K).  [ledger S40]

    logits[a, k] = W[a, k] + b[a] for n actions and K contexts; action k is right in context k. Each pair (context k,
    wrong action a) moves like a component with the constant feature e_k - e_a, once in column k of W and once in b. In
    a context that waits, the strongest wrong actions decide, and those that are equally strong stay so.
    `logits` of the answer (M, K) are those of J_k: the right action's less that of the strongest wrong one.
    Raises TypeError or ValueError for malformed arguments and equal starts, as `skeleton`.
    """
    z = arguments.array(logits, "logits", "n K")
    n, K = z.shape
    if n < max(K, 2):
        raise ValueError(
            f"logits: expected at least as many actions as contexts, and two, found shape {z.shape}; "
            "the right action of context k is action k, so add actions."
        )
    pairs = [(k, a) for k in range(K) for a in range(n) if a != k]
    V = np.zeros((len(pairs), K + 1, n))
    for row, (k, a) in zip(V, pairs, strict=True):
        row[k, [k, a]] = row[K, [k, a]] = 1.0, -1.0
    x = np.array([z[k, k] - z[a, k] for k, a in pairs])
    return _follow(x, V.reshape(len(pairs), -1) / 2, np.array([k for k, _ in pairs]))


def traps(gram: ArrayLike) -> list[tuple[int, ...]]:
    """The sets of learned components that keep an open set of starts for ever, although all could be learned.

    A learned set moves on along u, the shortest vector with u . v_j >= 1 for its features; an unlearned k sinks at
    -u . v_k, and if that is above 1 for every one of them, nobody ever catches up.  [ledger N11]
    Raises TypeError or ValueError for a malformed argument and for a matrix that no features have.
    """
    V = _features(gram)
    found = []
    for size in range(1, len(V)):
        for chosen in itertools.combinations(range(len(V)), size):
            weights = _margin(V[list(chosen)])
            rest = np.delete(V, chosen, axis=0)
            if weights is not None and (rest @ (weights @ V[list(chosen)]) < -1 - _TIE).all():
                found.append(chosen)
    return found


def _features(gram: ArrayLike) -> Vector:
    """Rows with these inner products, (K, K), over the length of the longest."""
    G = arguments.array(gram, "gram", "K K")
    scale = float(np.abs(G).max())
    values, vectors = np.linalg.eigh((G + G.T) / 2)
    if np.abs(G - G.T).max() > _TIE * scale or (np.diagonal(G) <= 0).any() or values[0] < -_TIE * scale:
        raise ValueError(
            "gram: expected inner products of features, symmetric with a positive diagonal and no negative eigenvalue, "
            f"found smallest eigenvalue {values[0]:.4g} of {G.tolist()}; K equal cosines cannot be below -1 / (K - 1)."
        )
    return vectors * np.sqrt(np.maximum(values, 0.0)) / np.sqrt(np.diagonal(G).max())


def _margin(V: Vector) -> Vector | None:
    """Weights >= 0 of the features in the shortest u = weights @ V with V u >= 1; None where no u serves them all.

    By least squares with weights >= 0: Lawson & Hanson, Solving Least Squares Problems, ch. 23, least distance.
    """
    goal = np.append(np.zeros(V.shape[1]), 1.0)
    raw, _ = nnls(np.vstack([V.T, np.ones(len(V))]), goal, maxiter=100 * len(V))
    if 1 - raw.sum() < 1e-12:
        return None
    near = raw > _TIE * raw.max()
    weights = np.zeros(len(V))
    weights[near] = np.linalg.lstsq(V[near] @ V[near].T, np.ones(near.sum()))[0]  # to the last digit
    return weights


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


def _follow(x: Vector, V: Vector, owner: NDArray[np.intp]) -> Skeleton:
    """Walk from corner to corner. x (P,) belongs to the features V (P, d), and x[owner == k].min() decides about k."""
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
    return Skeleton(np.array(path), np.array(clock), tuple(order), waits, gaps)


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
    weights = _margin(V[front])
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
    """The first time at which no gap is left, where gap i shrinks at closing[i]; None if there is none."""
    slow = closing <= _TIE
    if (gaps[slow] > 0).any() or slow.all():
        return None
    step = (gaps[~slow] / closing[~slow]).max()
    return float(step) if step > 0 and (gaps[slow] - closing[slow] * step <= 0).all() else None
