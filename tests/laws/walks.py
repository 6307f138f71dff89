"""What the laws of staircases compare with: an exact walk in fractions, and the flow with logarithms of its times.

Nothing here imports raylab, so that a law never compares the package with itself.
"""

from collections.abc import Callable
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp
from scipy.optimize import nnls

Row = list[Fraction]


def equal_cosines(K: int, r):
    """Inner products of K features of length 1, as fractions if r is one."""
    return [[r * 0 + 1 if j == k else -r for j in range(K)] for k in range(K)]


def bandit_pairs(K: int, n: int) -> tuple[list[Row], list[int]]:
    """Inner products of e_k - e_a in column k of W and in b, and the context k, for all pairs (k, wrong action a)."""
    pairs = [(k, a) for k in range(K) for a in range(n) if a != k]

    def inner(one, other):
        (k, a), (j, c) = one, other
        return Fraction(((k == j) - (k == c) - (a == j) + (a == c)) * (1 + (k == j)))

    return [[inner(one, other) for other in pairs] for one in pairs], [k for k, _ in pairs]


def walk(
    gram: list[Row], owner: list[int] | None = None, start: Row | None = None, learned: tuple[int, ...] = ()
) -> list[Fraction]:
    """Log time between one component's arrival and the next, exactly, to leading order; it ends where nobody follows.

    start: the logits (all -1, if None); learned: who begins above its border, or on it. Component k has the entries
    with owner k, and its lowest one decides. Of equally low components the first leads, as if it had begun a little
    higher.
    """
    P = len(gram)
    owner = owner or list(range(P))
    K = owner[-1] + 1
    x = list(start or [Fraction(-1)] * P)
    there, gaps, longest = [k in learned for k in range(K)], [], Fraction(0)
    while not all(there):
        low = [min(x[i] for i in range(P) if owner[i] == k) for k in range(K)]
        front = min(abs(h) for h in low)
        longest = max(longest, front)
        near = [k for k in range(K) if abs(low[k]) == front]
        riser = next((k for k in near if not there[k]), None)
        movers = [i for i in range(P) if owner[i] in ([riser] if riser is not None else near) and x[i] == low[owner[i]]]
        weights = _kept_equal([[gram[i][j] for j in movers] for i in movers])
        rate = [sum(w * gram[i][j] for j, w in zip(movers, weights, strict=True)) for i in range(P)]
        moving = {i for i, w in zip(movers, weights, strict=True) if w}
        lead = Fraction(1 if riser is None else -1)
        ends = [(front, riser)] if riser is not None else []
        for k in range(K):
            own = [i for i in range(P) if owner[i] == k]
            if there[k]:
                ends += [((x[i] - front) / (lead - rate[i]), None) for i in own if x[i] > front and lead > rate[i]]
            elif k == riser:
                weaker = [i for i in own if i not in moving and rate[i] < 1 and x[i] > low[k]]
                ends += [((x[i] - low[k]) / (1 - rate[i]), None) for i in weaker]
            elif all(lead + rate[i] > 0 for i in own if -x[i] > front):
                steps = [(-x[i] - front) / (lead + rate[i]) for i in own if -x[i] > front]
                after = max(steps, default=Fraction(0))
                if after > 0 and all(-x[i] - front <= (lead + rate[i]) * after for i in own):
                    ends.append((after, None))
        if not ends:
            break
        step, arrived = min(ends, key=lambda end: end[0])
        x = [value + step * speed for value, speed in zip(x, rate, strict=True)]
        longest = max(longest, front + lead * step)
        if arrived is not None:
            there[arrived] = True
            gaps.append(longest)
            longest = Fraction(0)
    return gaps


def _kept_equal(G: list[Row]) -> Row:
    """w >= 0 with G w >= 1, and G w = 1 where w > 0: who in floats, how much in fractions, and both are checked."""
    L = np.linalg.cholesky(np.array([[float(value) for value in row] for row in G]))
    guess, _ = nnls(L.T, np.linalg.solve(L, np.ones(len(G))), maxiter=100 * len(G))
    who = [i for i, w in enumerate(guess) if w > 1e-9]
    found = dict(zip(who, _solved([[G[i][j] for j in who] for i in who]), strict=True))
    weights = [found.get(i, Fraction(0)) for i in range(len(G))]
    assert all(w >= 0 for w in weights)
    assert all(sum(g * w for g, w in zip(row, weights, strict=True)) >= 1 for row in G)
    return weights


def _solved(A: list[Row]) -> Row:
    """A^-1 1 by elimination."""
    rows, n = [[*row, Fraction(1)] for row in A], len(A)
    for c in range(n):
        p = next(i for i in range(c, n) if rows[i][c] != 0)
        rows[c], rows[p] = rows[p], [value for value in rows[c]]
        rows[c] = [value / rows[c][c] for value in rows[c]]
        for i in range(n):
            if i != c and rows[i][c] != 0:
                rows[i] = [a - rows[i][c] * b for a, b in zip(rows[i], rows[c], strict=True)]
    return [row[n] for row in rows]


def log_arrivals(start, gram, chance: Callable | None = None, limit: float = 5000.0) -> NDArray[np.float64]:
    """Natural logarithms (K,) of the times at which the logits pass 0, for x' = gram f; inf if not before e^limit.

    f relative to the largest one and log t in place of t: no height is too large. chance: log f as a function of x,
    that of f = J (1 - J) if None. Times below 1 count as 1.
    """
    start, G = np.asarray(start, float), np.asarray(gram, float)
    log_f = chance or (lambda x: -np.abs(x) - 2 * np.log1p(np.exp(-np.abs(x))))

    def motion(_, state):
        slow = log_f(state[:-1])
        share = np.exp(slow - slow.max())
        return np.append(G @ share, np.exp(-slow.max() - state[-1])) / share.sum()

    def event(k):
        crossing = (lambda _, state: state[k]) if k < len(start) else (lambda _, state: limit - state[-1])
        crossing.terminal, crossing.direction = k == len(start), 0.0
        return crossing

    def done(_, state):
        return state[:-1].min() - 2.0

    done.terminal = True
    events = [*(event(k) for k in range(len(start) + 1)), done]
    found = solve_ivp(motion, (0, 1e7), np.append(start, 0.0), "LSODA", rtol=1e-9, atol=1e-9, events=events)
    assert found.status == 1, found.message
    last = [y[0][-1] if len(y) else np.inf for y in found.y_events[: len(start)]]
    return np.where(start > 0, 0.0, last)
