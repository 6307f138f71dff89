"""Many components: the stages of a staircase, how its waits grow, and when the last of them never ends.

The model is x_k' = sum_j gram[k, j] f(J_j), J_k = sigmoid(x_k), f(J) = J (1 - J): K binary contexts whose features have
the inner products `gram`. Far from all edges between stages, f(J_j) = e^-|x_j|, and the largest one decides.
"""

import itertools
from dataclasses import dataclass
from typing import Annotated, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from raylab import arguments
from raylab.records import Components, Times

_TIE = 1e-9  # logits, relative to the largest: what rounding makes of equal heights


class Stage(NamedTuple):
    """One riser: `component` was at 10 % of its range at time t10, for the last time, and at 90 % at t90."""

    component: int
    t10: float
    t90: float


def stages(times: Times, components: Components) -> list[Stage]:
    """The risers of a staircase, one for each component that is learned, in the order in which they cross one half.

    times (T,), components (T, K). A component is learned if it is ever at .9; t90 is the first time that it is, t10 the
    last time before at which it is at .1 (times[0] if it begins above), and it crosses one half for the last time
    before t90: noise on the way down there does not count. Interpolated linearly between records.
    Raises TypeError or ValueError if the two do not fit together or time runs back.
    """
    t, J = arguments.array(times, "times", "T"), arguments.array(components, "components", "T K")
    if len(t) != len(J):
        raise ValueError(
            f"components: expected {len(t)} rows as times, found {len(J)}; give one row for each time (T, K)."
        )
    if (np.diff(t) < 0).any():
        raise ValueError("times: expected times that do not decrease, found a step back; sort them.")
    found = []
    for k, curve in enumerate(J.T):
        if (curve >= 0.9).any():
            end = int(np.argmax(curve >= 0.9))
            t10, half, t90 = (_last_crossing(t[: end + 1], curve[: end + 1], level) for level in (0.1, 0.5, 0.9))
            found.append((half, Stage(k, t10, t90)))
    return [stage for _, stage in sorted(found, key=lambda pair: (pair[0], pair[1].t90, pair[1].component))]


def _last_crossing(t: Times, curve: NDArray[np.float64], level: float) -> float:
    """The last time at which the curve comes up to the level; t[0] if it is never below."""
    below = np.flatnonzero(curve < level)
    if not len(below):
        return float(t[0])
    i = below[-1]
    share = (level - curve[i]) / (curve[i + 1] - curve[i])
    return float(t[i] + share * (t[i + 1] - t[i]))


def wait_exponent(cosine: float, learned: int) -> float:
    """The power of 1/p in the wait that begins when `learned` components are there: all cosines equal, starts ~ p.

    (1 + r) / (1 - (2 learned - 1) r) for r = -cosine, and inf from r = 1 / (2 learned - 1) on; 1 for the first stage,
    learned = 0, which waits for nobody.  [ledger N10]
    Raises TypeError or ValueError unless cosine is in (-1, 0] and learned a whole number from 0 on.
    """
    r, m = -arguments.number(cosine, "cosine", -1.0, 0.0), arguments.count(learned, "learned", 0)
    if r == 1:
        raise ValueError("cosine: expected more than -1, found -1.0; goals that are exact opposites share no solution.")
    if m == 0:
        return 1.0
    return (1 + r) / (1 - (2 * m - 1) * r) if (2 * m - 1) * r < 1 else float("inf")


@dataclass(frozen=True, eq=False)
class Skeleton:
    """The piecewise-linear path that the logits follow from very low starts.

    logits (M, K): its corners. log_times (M,): logarithm of the time there, to leading order. order: the components in
    the order in which they are learned. waits (K,): log of the time at which each one is, inf for those that never are.
    """

    logits: Annotated[NDArray[np.float64], "M K"]
    log_times: Annotated[NDArray[np.float64], "M"]
    order: tuple[int, ...]
    waits: Annotated[NDArray[np.float64], "K"]


def skeleton(logits: ArrayLike, gram: ArrayLike) -> Skeleton:
    """Follow x_k' = sum_j gram[k, j] e^-|x_j| where one e^-|x_j| outweighs all others, from `logits` (K,).

    Who is nearest to its own border x = 0 moves, and pulls the others along with the inner products of its feature;
    learned components that are equally near move on together. Each stretch costs the time e^|x| of its slowest place, so
    log time is the largest distance of the nearest so far.
    Raises TypeError or ValueError for malformed arguments or where two unlearned components are equally near.
    """
    x, G = arguments.array(logits, "logits", "K"), arguments.array(gram, "gram", "K K")
    if len(G) != len(x):
        raise ValueError(f"gram: expected shape ({len(x)}, {len(x)}) for {len(x)} logits, found {G.shape}.")
    K = len(x)
    slack = _TIE * max(1.0, float(np.abs(x).max()))
    path, clock, order, waits = [x.copy()], [float(np.abs(x).min())], [int(k) for k in np.flatnonzero(x > 0)], np.zeros(K)
    waits[x <= 0] = np.inf
    x, side = x.copy(), np.where(x > 0, 1.0, -1.0)  # which side of its border each one is on, also at the border
    while len(order) < K:
        h = side * x
        near = np.flatnonzero(h <= h.min() + slack)
        if (side[near] < 0).sum() > 1:
            raise ValueError(f"logits: expected unequal starts, found components {near.tolist()} equally near; move one.")
        w = _movers(near, side, G)
        rate = side * (G @ w)
        front = np.flatnonzero(w)
        lead = rate[front[0]]
        ends = [(h[front[0]] / -lead, int(front[0]))] if lead < 0 else []
        for i in np.flatnonzero(w == 0):
            gap, closing = h[i] - h[front[0]], lead - rate[i]
            if closing > 0 and gap > slack:
                ends.append((gap / closing, -1))
        if not ends:
            break  # nobody catches up: the wait has no end
        step, crossing = min(ends)
        x = x + step * side * rate
        path.append(x.copy())
        clock.append(max(clock[-1], float((side * x)[front[0]])))
        if crossing >= 0:
            side[crossing] = 1.0
            order.append(crossing)
            waits[crossing] = clock[-1]
    return Skeleton(np.array(path), np.array(clock), tuple(order), waits)


def _movers(near: NDArray[np.intp], side: NDArray[np.float64], G: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weights (K,) of those among the nearest that move: they stay equally near, and nobody gets ahead of them."""
    w = np.zeros(len(G))
    waiting = near[side[near] < 0]
    if len(waiting):
        w[waiting] = 1.0  # its distance shrinks by its own push, faster than anybody else's
        return w
    for size in range(len(near), 0, -1):
        for chosen in itertools.combinations(near, size):
            part = np.array(chosen)
            weights = np.linalg.solve(G[np.ix_(part, part)], np.ones(size))
            rest = np.setdiff1d(near, part)
            if (weights > 0).all() and (G[np.ix_(rest, part)] @ weights >= 1 - _TIE).all():
                w[part] = weights
                return w
    raise ValueError("gram: expected a valid Gram matrix, found one in which no set of components can move on together.")


def traps(gram: ArrayLike) -> list[tuple[int, ...]]:
    """The sets of learned components that keep an open set of starts for ever, although all could be learned.

    Where M is learned and moves on alone, an unlearned k falls -gram[k, M] gram[M, M]^-1 1 times as fast as M rises; if
    that is above 1 for every k outside M, nobody ever catches up.  [ledger N11]
    Raises TypeError or ValueError if gram is no finite square matrix.
    """
    G = arguments.array(gram, "gram", "K K")
    K, found = len(G), []
    for size in range(1, K):
        for chosen in itertools.combinations(range(K), size):
            part, rest = np.array(chosen), np.setdiff1d(np.arange(K), chosen)
            weights = np.linalg.solve(G[np.ix_(part, part)], np.ones(size))
            if (weights > 0).all() and (G[np.ix_(rest, part)] @ weights < -1).all():
                found.append(chosen)
    return found
