"""Many runs of the exact flow at once, each in its own clock, in numpy: what the tables of staircases are made from.

The clock tau of a run has dt/dtau = 1 / sum_k f_k, f_k = J_k (1 - J_k), so that no wait takes more steps than the way
that the logits go in it; a wait of 10^30 is as long as one of 10. Runs stand on the last axis. All step together, each
with a step size of its own (Dormand and Prince, order 5), and the time begins anew at every arrival, so that a short
wait after a long one keeps its digits.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
LEVEL = np.log(9.0)  # a component is learned at J_k = .9
END = 0.2  # the window in which flatness counts ends where J comes so near to K
_STILL = 1e-290
_LONGEST = 0.25  # of a step, in tau: a quarter to half a logit
_BLOCK = 500  # runs at a time: what they need stays near the processor
_STAGES = (
    (1 / 5,),
    (3 / 40, 9 / 40),
    (44 / 45, -56 / 15, 32 / 9),
    (19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729),
    (9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656),
    (35 / 384, 0.0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84),
)
_ERROR = (71 / 57600, 0.0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40)


class Motion(NamedTuple):
    """Where some states move: per unit of tau, and what a unit of tau is in time. Arrays (..., N) of N runs."""

    step: Array  # d state / dtau
    pace: Array  # dt / dtau, (N,)
    logits: Array  # x_k = log J_k / (1 - J_k), (K, N)
    slope: Array  # J' = dJ/dt, (N,)


Law = Callable[[Array], Motion]


def bandit(logits: Array) -> Motion:
    """The K x n softmax bandit with shared bias in full parameters, from its logits (n, K, N).

    Weights and biases move alike, so the logits obey a law of their own: z'[a, k] = D[a, k] + sum_j D[a, j] with
    D[., k] = grad J_k by the logits of context k.
    """
    K = logits.shape[1]
    own = np.arange(K)
    highest = logits.max(axis=0)
    pi = np.exp(logits - highest)
    right = pi[own, own].copy()
    pi[own, own] = 0.0
    wrong = pi.sum(axis=0)
    both = right + wrong
    J = right / both
    D = pi * (-J / both)
    f = D[own, own] = J * (wrong / both)
    shared = D.sum(axis=1)
    pace = 1 / np.maximum(f.sum(axis=0), _STILL)
    slope = np.einsum("akn,akn->n", D, D) + np.einsum("an,an->n", shared, shared)
    x = logits[own, own] - highest - np.log(wrong)
    return Motion((D + shared[:, None]) * pace, pace, x, slope)


def constant(gram: Array) -> Law:
    """x_k' = sum_j gram[k, j] f_j for logits (K, N): contexts of two actions with features of these inner products."""

    def law(x: Array) -> Motion:
        e = np.exp(-np.abs(x))
        f = e / (1 + e) ** 2
        pace = 1 / np.maximum(f.sum(axis=0), _STILL)
        push = gram @ f
        return Motion(push * pace, pace, x, (f * push).sum(axis=0))

    return law


@dataclass(frozen=True)
class Climbs:
    """waits (K, N): time from one arrival at J_k = .9 to the next, 0 for those that are there at the start, inf where
    none comes. order (K, N): who arrives, -1 where nobody does. flatness (N,): as in `ensembles.Ensemble`.
    places: for each share c, the total J at the plateaus of every run in their order, (most, N), NaN beyond the last.
    """

    waits: Array
    order: NDArray[np.intp]
    flatness: Array
    places: dict[float, Array] = field(default_factory=dict)


def climbs(
    law: Law, start: Array, shares: tuple[float, ...] = (), horizon: float = 1e280, rtol: float = 1e-6
) -> Climbs:
    """Follow every run from its `start` (..., N) until all is learned and J >= K - END.

    It ends as well where an arrival takes longer than `horizon`.
    A plateau with share c is where J' is smallest between two rises: it has come down to c times the largest J' since
    the last plateau (or the start), and goes up again to 1/c times its smallest value.
    rtol bounds the local error of a logit, absolutely, and a tenth of that of the time relative to the pace.
    """
    parts = [
        _together(law, start[..., i : i + _BLOCK], shares, horizon, rtol) for i in range(0, start.shape[-1], _BLOCK)
    ]
    joined = [np.concatenate([getattr(p, name) for p in parts], axis=-1) for name in ("waits", "order", "flatness")]
    return Climbs(*joined, {c: np.concatenate([p.places[c] for p in parts], axis=-1) for c in shares})


def _together(law: Law, start: Array, shares: tuple[float, ...], horizon: float, rtol: float) -> Climbs:
    y, N = start.copy(), start.shape[-1]
    now = law(y)
    K = len(now.logits)
    waits, order, learned = np.full((K, N), np.inf), np.full((K, N), -1), now.logits >= LEVEL
    for i, known in enumerate(learned.T):
        waits[: known.sum(), i], order[: known.sum(), i] = 0.0, np.flatnonzero(known)
    dips, slowest = {share: _Dips(share, N, K) for share in shares}, _Slowest(_total(now), N, K)
    run, t, h = np.arange(N), np.zeros(N), np.full(N, 1e-2)
    while len(run):
        new, reached, bad = _advance(law, y, now, h, rtol)
        good = bad <= 1.0
        later = t + reached
        arrive = good & ((new.logits >= LEVEL) & ~learned).any(axis=0)
        _arrivals(arrive, run, h, t, later, learned, now, new, waits, order)
        y, t = np.where(good, new.state, y), np.where(good, later, t)
        now = Motion(*(np.where(good, after, before) for after, before in zip(new.motion, now, strict=True)))
        J = _total(now)
        for found in (*dips.values(), slowest):
            found.look(run[good], now.slope[good], J[good], h[good])
        h = np.minimum(h * np.clip(0.9 * np.maximum(bad, 1e-10) ** -0.2, 0.2, 5.0), _LONGEST)
        on = (~learned.all(axis=0) | (J < K - END)) & (t <= horizon) & (now.pace < 1 / _STILL)
        if not on.all():
            run, t, h, y, learned = run[on], t[on], h[on], y[..., on], learned[:, on]
            now = Motion(*(part[..., on] for part in now))
    return Climbs(waits, order, slowest.least, {share: found.places for share, found in dips.items()})


def _total(now: Motion) -> Array:
    return (1 / (1 + np.exp(-np.clip(now.logits, -700, 700)))).sum(axis=0)


class _New(NamedTuple):
    state: Array
    motion: Motion

    @property
    def logits(self) -> Array:
        return self.motion.logits


def _advance(law: Law, y: Array, now: Motion, h: Array, rtol: float) -> tuple[_New, Array, Array]:
    """One step of every run: where it leads, how much time it takes, and its error in parts of what is allowed."""
    steps, paces, state, motion = [now.step], [now.pace], y, now
    for weights in _STAGES:
        state = y + h * sum(w * k for w, k in zip(weights, steps, strict=True) if w)
        motion = law(state)
        steps.append(motion.step)
        paces.append(motion.pace)
    time = h * sum(w * k for w, k in zip(_STAGES[-1], paces[:-1], strict=True) if w)
    off = np.abs(h * sum(w * k for w, k in zip(_ERROR, steps, strict=True))).reshape(-1, len(h)).max(axis=0)
    late = np.abs(h * sum(w * k for w, k in zip(_ERROR, paces, strict=True))) / np.minimum(now.pace, motion.pace)
    bad = np.maximum(off, late / 10) / rtol
    return _New(state, motion), time, np.where(np.isfinite(bad), bad, 1e10)


def _arrivals(
    arrive: NDArray[np.bool_],
    run: NDArray[np.intp],
    h: Array,
    t: Array,
    later: Array,
    learned: NDArray[np.bool_],
    now: Motion,
    new: _New,
    waits: Array,
    order: NDArray[np.intp],
) -> None:
    """Write down who arrives in this step and when, and set the clock of its run, `later`, back to the last arrival."""
    for i in np.flatnonzero(arrive).tolist():
        last = 0.0
        who = np.flatnonzero((new.logits[:, i] >= LEVEL) & ~learned[:, i]).tolist()
        when = [_within(h[i], now.logits[k, i], new.logits[k, i], t[i], later[i], now, new, i) for k in who]
        for at, k in sorted(zip(when, who, strict=True)):
            place = learned[:, i].sum()
            waits[place, run[i]], order[place, run[i]] = at - last, k
            learned[k, i], last = True, at
        later[i] -= last


def _within(h: float, low: float, high: float, t: float, later: float, now: Motion, new: _New, i: int) -> float:
    """When x_k crosses LEVEL within a step: x_k runs evenly in tau, the time is a cubic through both ends."""
    u = (LEVEL - low) / (high - low)
    rise, a, b = later - t, h * now.pace[i], h * new.motion.pace[i]
    return t + u * (a + u * (3 * rise - 2 * a - b + u * (a + b - 2 * rise)))


class _Dips:
    """The plateaus of many runs, found as the runs go on."""

    def __init__(self, share: float, runs: int, most: int) -> None:
        self.share = share
        self.peak, self.least, self.at = np.zeros(runs), np.full(runs, np.inf), np.zeros(runs)
        self.low, self.count = np.zeros(runs, bool), np.zeros(runs, int)
        self.places = np.full((most + 2, runs), np.nan)

    def look(self, run: NDArray[np.intp], slope: Array, J: Array, h: Array) -> None:
        """Take one more record of these runs."""
        del h
        rising = ~self.low[run]
        self.peak[run] = np.where(rising, np.maximum(self.peak[run], slope), self.peak[run])
        self.low[run] |= slope <= self.share * self.peak[run]
        lower = self.low[run] & (slope < self.least[run])
        self.least[run[lower]], self.at[run[lower]] = slope[lower], J[lower]
        up = self.low[run] & (slope * self.share >= self.least[run])
        who = run[up]
        self.places[np.minimum(self.count[who], len(self.places) - 1), who] = self.at[who]
        self.count[who] += 1
        self.low[who], self.peak[who], self.least[who] = False, slope[up], np.inf


class _Slowest:
    """The smallest |J'| of many runs from the first J >= J0 + .05 on and where J < K - .2."""

    def __init__(self, start: Array, runs: int, K: int) -> None:
        self.begin, self.end, self.begun = start + 0.05, K - END, np.zeros(runs, bool)
        self.least = np.full(runs, np.inf)
        self.J, self.step, self.before = start.copy(), np.ones(runs), np.full(runs, -np.inf)
        self.last = np.full(runs, -np.inf)  # log J' at the last record, and before that

    def look(self, run: NDArray[np.intp], slope: Array, J: Array, h: Array) -> None:
        """Take one more record of these runs.

        Where the last one is lowest, the lowest point of a parabola in tau counts; at an end of the window, a straight
        line in J.
        """
        high, last, J_last, s = np.log(np.maximum(slope, 1e-300)), self.last[run], self.J[run], self.step[run]
        inside = self.begun[run] & (J_last < self.end)
        found = np.where(inside, last, np.inf)
        with np.errstate(invalid="ignore", divide="ignore"):
            a, b = (self.before[run] - last) / s, (high - last) / h
            dip = inside & (a > 0) & (b > 0)
            found = np.where(dip, last - (b * s - a * h) ** 2 / (a + b) / (s + h) / 4, found)
            for end, crosses in ((self.begin[run], ~self.begun[run]), (self.end, self.begun[run])):
                met = crosses & ((J_last < end) & (end <= J))
                at = last + (high - last) * (end - J_last) / (J - J_last)
                found = np.where(met & np.isfinite(at), np.minimum(found, at), found)
        self.least[run] = np.minimum(self.least[run], np.exp(found))
        self.begun[run] |= self.begin[run] <= J
        self.before[run], self.last[run], self.step[run], self.J[run] = last, high, h, J
