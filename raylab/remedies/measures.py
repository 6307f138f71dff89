"""The measurements of the league: which ingredient is left, and how long it takes."""

import math
from collections.abc import Sequence

import numpy as np

from raylab import arguments, dynamics, interference, plateaus
from raylab.records import Parameters, Times, Trajectory
from raylab.remedies.entries import Remedy, log_odds, start_at
from raylab.remedies.rows import Row

_STRONG = 1e6  # how much stronger the others are made: what is left of one's own pull on the step is rounding
_PER_DECADE = 300  # recorded times; the time at which a component stops to decline is read to a fraction of a per cent
_FIELDS = ("times", "parameters", "components")
_CHUNK = 500  # sampled steps between two looks at who has arrived


def league(
    remedies: Sequence[Remedy],
    level: float = 0.9,
    longest: float = 1e9,
    runs: int = 0,
    rate: float = 0.1,
    steps: int = 10_000,
    seed: int = 0,
) -> list[Row]:
    """One row for each remedy, measured as `Row` says.

    level: a component is learned at J_k >= level. longest: exact waits beyond it are inf. runs: how many sampled runs,
    each with one sample per context, step size `rate` and at most `steps` updates; every remedy gets the same seed.
    Raises TypeError or ValueError for malformed arguments or, with runs, for a learner without `sample`.
    """
    for n, remedy in enumerate(arguments.sequence(remedies, "remedies")):
        if not isinstance(remedy, Remedy):
            raise TypeError(f"remedies[{n}]: expected a Remedy, found {type(remedy).__name__}; make one of it first.")
    level = arguments.number(level, "level", 0.5, 1 - 1e-9)
    longest, runs = arguments.number(longest, "longest", 1.0, 1e15), arguments.count(runs, "runs", 0)
    steps, seed = arguments.count(steps, "steps"), arguments.count(seed, "seed", 0)
    rows = []
    for remedy in remedies:
        if (remedy.learner.components(remedy.start) >= level).any():
            raise ValueError(
                f"remedies: expected starts with every J_k below level = {level}, found one of {remedy.name!r} at or "
                "above it; start lower."
            )
        drawn = _sampled(remedy, level, runs, rate, steps, seed) if runs else {}
        rows.append(Row(remedy.name, **_ingredients(remedy), **_waits(remedy, level, longest), **drawn))
    return rows


def _ingredients(remedy: Remedy) -> dict[str, float]:
    """norm, pull, drive and order of a `Row`."""
    learner, theta = remedy.learner, remedy.start
    J, G, U = learner.components(theta), learner.gradients(theta), learner.updates(theta)
    pulls = []
    for k in range(len(J)):
        step = remedy.combine(np.where(np.arange(len(J))[:, None] == k, U, _STRONG * U))
        pulls.append(interference.cosine(np.stack([G[k], step]))[0, 1])
    near, far = (_drive(remedy, small) for small in (1e-3, 1e-6))
    return {
        "norm": float(((G / (J * (1 - J))[:, None]) ** 2).sum(axis=-1).max()),
        "pull": float(min(pulls)),
        "drive": far,
        "order": math.log(near / far) / math.log(1e3) if far > 0 else math.inf,
    }


def _drive(remedy: Remedy, small: float) -> float:
    """d log odds/dt of a component at J = small while all others are at 1 - small; the least over components."""
    K, found = len(remedy.learner.components(remedy.start)), []
    for k in range(K):
        J = np.full(K, 1 - small)
        J[k] = small
        theta = start_at(remedy.learner, remedy.start, J)
        found.append(float(remedy.rates(theta)[k] / (small * (1 - small))))
    return min(found)


def _waits(remedy: Remedy, level: float, longest: float) -> dict[str, float]:
    """won, lowest, wait and excess of a `Row`."""
    path = _until(remedy, remedy.start, level, longest)
    t, J0 = path.times, path.components[0]
    wins = interference.winner_takes_all(remedy.rates(path.parameters))
    balanced = _until(remedy, start_at(remedy.learner, remedy.start, np.full_like(J0, J0.max())), level, longest)
    wait, even = (float(plateaus.waiting_time(run, level)) for run in (path, balanced))
    return {
        "won": float((np.diff(t) * (wins[1:] + 0.0 + wins[:-1]) / 2).sum() / t[-1]),
        "lowest": float((path.components / J0).min()),
        "wait": wait,
        "excess": wait / even if even < math.inf else math.inf,
    }


def _until(remedy: Remedy, start: Parameters, level: float, longest: float) -> Trajectory:
    """The exact flow, one decade of time after the other, until every J_k >= level; it ends between two near records.

    Ends as well where nothing moves for a decade, and no more than in the one before. A plateau is no such place, since
    what is learned goes on growing there; nor is a start at tiny J_k, which takes ever larger strides.
    """
    pieces, end = [Trajectory(np.zeros(1), start[None], remedy.learner.components(start[None]))], 1.0
    moved = -1.0  # less than any: the first decade alone says little
    while True:
        first = pieces[-1].times[-1]
        times = np.geomspace(max(first, 1e-3 * end), min(end, longest), _PER_DECADE)
        arrived = _next(remedy, pieces, np.unique(np.append(first, times)), level)
        end *= 10
        was, moved = moved, np.abs(np.diff(log_odds(pieces[-1].components[[0, -1]]), axis=0)).max()
        if arrived or end > 10 * longest or (moved < 1e-6 and moved <= was):
            break
    for _ in range(4 * arrived):  # a riser is short beside the plateau before it: four times thirty-two times nearer,
        before, after = pieces[-1].times[-2:]
        pieces[-1] = Trajectory(*(getattr(pieces[-1], name)[:-1] for name in _FIELDS))
        beyond = after + (after - before) / 4  # and beyond, since rounding may bring a second run there a little later
        _next(remedy, pieces, np.linspace(before, beyond, 41), level)
    return Trajectory(*(np.concatenate([getattr(piece, name) for piece in pieces]) for name in _FIELDS))


def _next(remedy: Remedy, pieces: list[Trajectory], times: Times, level: float) -> bool:
    """Append the flow at `times` from the last record on, cut at the first record at which all have arrived."""
    run = dynamics.flow(remedy.learner, pieces[-1].parameters[-1], times, remedy.combine)
    arrived = np.flatnonzero((run.components >= level).all(axis=-1))
    stop = arrived[0] + 1 if len(arrived) else len(times)
    pieces.append(Trajectory(*(getattr(run, name)[:stop] for name in _FIELDS)))
    return len(arrived) > 0


def _sampled(remedy: Remedy, level: float, runs: int, rate: float, steps: int, seed: int) -> dict[str, float]:
    """median and censored of a `Row`."""
    rng, going = np.random.default_rng(seed), np.arange(runs)
    theta, waits, done = np.tile(remedy.start, (runs, 1)), np.full(runs, np.inf), 0
    while done < steps and len(going):
        piece = dynamics.ascend(
            remedy.learner, theta, min(_CHUNK, steps - done), rate, sampled=True, rng=rng, combine=remedy.combine
        )
        found = plateaus.waiting_time(piece, level)
        waits[going] = rate * done + found
        left = np.isinf(found)
        theta, going, done = piece.parameters[left, -1], going[left], done + _CHUNK
    return {"median": float(np.median(waits)), "censored": float(np.isinf(waits).mean())}
