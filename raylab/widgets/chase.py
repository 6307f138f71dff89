"""What the shape widget computes: two components with one f, their orbit, the flow around it and who takes all."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from scipy.integrate import LSODA

from raylab import plateaus
from raylab.records import Trajectory
from raylab.widgets.bends import LOGITS, Bend, Table, table
from raylab.widgets.laws import AGAIN, Law, Trouble
from raylab.widgets.square import regions

SQUARE = 2.0  # |v_k|^2 as in the bandit of chapter 01: rewards with cosine -1/2 are its square
HORIZON = 1e8
GONE = -32.0  # logit below which J is not followed: from there no f with f(0) = 0 comes back before HORIZON
ENDS = 15.0  # logits at which f'(0) and f'(1) are read off; further out 1 - J has few digits
HALF = 0.5  # J_2 at which the strip is measured
MOST = 20_000  # records
NEAR = 0.1  # logits: between two such records a straight line is right to three digits


@dataclass(frozen=True)
class Chase:
    """One orbit: times (T,), J (T, 2), speed J' (T,), and when both are at .9 (inf if never).

    floor: (component, time at which it comes to 0, time at which it leaves it or inf), None if nobody does.
    """

    times: np.ndarray
    J: np.ndarray
    speed: np.ndarray
    learned: float
    floor: tuple[int, float, float] | None


@lru_cache(maxsize=64)
def compute(bend: Bend, cosine: float, start: tuple[float, float]) -> Chase:
    """J_k' = |v|^2 f_k (f_k + cosine f_other), f_k = f(J_k), from start; J_k that would fall below 0 waits there.

    [Schaul19 Eq. 5, Sec. 3.1]
    """
    floor, J = table(bend).bottom > 0, np.array(start)
    level = _ending if floor else _logit
    run = _followed(bend, cosine, floor, level(J), level(0.99))
    J = -np.expm1(-run.z) if floor else np.where(run.z <= GONE, 0.0, 1 / (1 + np.exp(-run.z)))
    f = bend(J)
    rates = np.where(run.held, 0.0, SQUARE * f * (f + cosine * f[:, ::-1]))
    wait = plateaus.waiting_time(Trajectory(run.t, run.z, run.z), level(0.9))
    return Chase(run.t, J, rates.sum(axis=-1), float(wait), _waiting(run, floor))


def _logit(J: Any) -> Any:
    """The coordinate for f(0) = 0: J is never too close to an edge."""
    return np.log(J) - np.log1p(-np.asarray(J))


def _ending(J: Any) -> Any:
    """The coordinate for f(0) > 0, where J comes to 0 in a finite time, and leaves again: -log(1 - J)."""
    return -np.log1p(-np.asarray(J))


class _Run(NamedTuple):
    """Times (T,), states (T, 2) and who is held at 0 (T, 2)."""

    t: np.ndarray
    z: np.ndarray
    held: np.ndarray


def _motion(bend: Bend, cosine: float, floor: bool, held: np.ndarray) -> Callable:
    """dz/dt of those that are not held."""

    def motion(_: float, z: np.ndarray) -> np.ndarray:
        e = np.exp(-np.minimum(np.abs(z), 36.0))
        J = -np.expm1(-np.maximum(z, 0.0)) if floor else np.where(z > 0, 1.0, e) / (1 + e)
        f = bend(J)
        rate = SQUARE * f * (f + cosine * f[::-1])
        rate = rate / e if floor else rate * (1 + e) ** 2 / e
        if not math.isfinite(rate.sum()):
            raise Trouble(f"Your f is no finite number at one of u = {J.tolist()}; expected f > 0 inside (0, 1){AGAIN}")
        return np.where(held, 0.0, rate)

    return motion


def _followed(bend: Bend, cosine: float, floor: bool, z: np.ndarray, stop: float) -> _Run:
    """The flow until both are >= stop, or to HORIZON; a component at J = 0 is held there until it is pushed up."""
    t, held, found = 0.0, np.zeros(2, dtype=bool), [(0.0, z, np.zeros(2, dtype=bool))]
    bottom = 0.0 if floor else GONE
    while t < HORIZON and _farthest(z, bottom) < stop and len(found) < MOST:
        free = _motion(bend, cosine, floor, np.zeros(2, dtype=bool))
        solver = LSODA(_motion(bend, cosine, floor, held), t, z, HORIZON, rtol=1e-6, atol=1e-8)
        turned = None
        while (
            turned is None and solver.status == "running" and _farthest(solver.y, bottom) < stop and len(found) < MOST
        ):
            trouble = solver.step()
            if solver.status == "failed":
                raise Trouble(
                    f"Your f cannot be followed: the integrator stopped at t = {solver.t:.4g}: {trouble}{AGAIN}"
                )
            turned = _turn(solver, held, bottom, free if floor else None)
            at = solver.dense_output()
            begin, end = float(found[-1][0]), float(solver.t) if turned is None else turned[0]
            pieces = min(1 + int(np.abs(solver.y - found[-1][1]).max() / NEAR), 12)
            between = begin + (end - begin) * np.arange(1, pieces + 1) / pieces
            found += [(when, here, held) for when, here in zip(between, at(between).T, strict=True)]
        t, z, _ = found[-1]
        if turned is None:
            break
        held = turned[1]
        z = np.where(held | (np.abs(z - bottom) < 1e-7), bottom, z)
        found[-1] = (t, z, held)
    t, z, held = (np.array(part) for part in zip(*found, strict=True))
    return _Run(t, np.maximum(z, bottom), held)


def _farthest(z: np.ndarray, bottom: float) -> float:
    """The coordinate of the one that is behind, of those that are not gone for ever."""
    return float(z.min() if bottom == 0 else z[z > bottom].min())


def _turn(solver: LSODA, held: np.ndarray, bottom: float, free: Callable | None) -> tuple[float, np.ndarray] | None:
    """(when, who is held from then on) if somebody came to the bottom in this step, or is pushed up again."""
    at, low, high = solver.dense_output(), solver.t_old, solver.t

    def now(z: np.ndarray) -> np.ndarray:
        up = np.zeros(2, dtype=bool) if free is None else free(0.0, z) > 0
        return np.where(held, ~up, z < bottom)

    if (now(solver.y) == held).all():
        return None
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (low, middle) if (now(at(middle)) != held).any() else (middle, high)
    return high, now(at(high))


def _waiting(run: _Run, floor: bool) -> tuple[int, float, float] | None:
    """(component, when it comes to 0, when it leaves) of the first that is held there."""
    if not run.held.any():
        return None
    k = int(np.argmax(run.held.any(axis=0)))
    there = np.flatnonzero(run.held[:, k])
    leaves = floor and there[-1] + 1 < len(run.t)
    return k, float(run.t[there[0]]), float(run.t[there[-1] + 1]) if leaves else np.inf


def strip(known: Table, cosine: float) -> float:
    """How wide J_2 = HALF takes all along J_1 = 0: the first J_1 with f(J_1) > -cosine f(HALF), 0 if there is none."""
    if cosine >= 0:
        return 0.0
    level = np.log(-cosine) + np.interp(0.0, LOGITS, known.logs)
    if known.bottom > 0 and np.log(known.bottom) > level:
        return 0.0
    above = np.flatnonzero(known.logs > level)
    i = int(above[0])
    if i == 0:
        return 0.0
    share = (level - known.logs[i - 1]) / (known.logs[i] - known.logs[i - 1])
    return float(1 / (1 + np.exp(-LOGITS[i - 1] - share * (LOGITS[i] - LOGITS[i - 1]))))


def dead(known: Table) -> bool:
    """Is f'(0) infinite, so that J = 0 is at a finite potential and who is pushed there stays?  [ledger N18]"""
    near, nearer = np.interp((-ENDS, -ENDS - 10), LOGITS, known.logs)
    return bool(known.bottom == 0 and near - nearer < 9.9)


def trap(known: Table, cosine: float) -> bool:
    """Does the corner (0, 1) keep an open set of starts: f(0) = 0 and |cosine| f'(0) > |f'(1)|?  [ledger N17]"""
    if cosine >= 0 or known.bottom > 0:
        return False
    low, high = np.interp((-ENDS, ENDS), LOGITS, known.logs)
    return dead(known) or bool(np.log(-cosine) + low > high + 1e-6)


def sinking(bend: Bend, cosine: float, chase: Chase) -> bool:
    """At its end, does what the loser has sink faster than what the winner lacks? In a trap that goes on for ever."""
    J = chase.J[-1]
    k, f = int(np.argmin(J)), bend(J)
    rates = f * (f + cosine * f[::-1])
    return bool(J[k] == 0 or (rates[k] < 0 and rates[k] * (1 - J[1 - k]) < -rates[1 - k] * J[k]))


@lru_cache(maxsize=64)
def portrait(bend: Bend, cosine: float) -> tuple[tuple[tuple[list, list], ...], np.ndarray]:
    """What does not depend on the start: null clines and regions for either loser, and quiet orbits (18, T, 2)."""
    known = table(bend)

    def velocity(J: np.ndarray) -> np.ndarray:
        f = known.near(J)
        return f * (f + cosine * f[..., ::-1])

    return regions(Law(velocity, bend.whose)), _quiet(velocity)


def _quiet(velocity: Callable) -> np.ndarray:
    """Orbits through nine points of the antidiagonal, both ways, in steps of equal length."""
    c = np.linspace(0.1, 0.9, 9)
    J = np.tile(np.stack([c, 1 - c], axis=-1), (2, 1))
    way, path = np.repeat([0.025, -0.025], 9)[:, None], [J]
    for _ in range(44):
        middle = np.clip(J + way / 2 * _unit(velocity(J)), 0, 1)
        J = np.clip(J + way * _unit(velocity(middle)), 0, 1)
        path.append(J)
    return np.stack(path, axis=1)


def _unit(v: np.ndarray) -> np.ndarray:
    return v / np.maximum(np.hypot(v[:, :1], v[:, 1:]), 1e-12)
