"""What the modes widget computes: a small deep linear net, its modes over time, and what the exact theory says."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import LSODA

from raylab import plateaus
from raylab.records import Trajectory
from raylab.systems import deep_linear

Array = NDArray[np.float64]
LEARNED = 0.95  # of its strength, by the weakest mode: there the picture ends
PATIENCE = 4.0  # a net that is not aligned is followed this many times as long as theory takes
NEAR = 0.03  # of a strength: between two such records a straight line will do
FINEST = 40  # such records for each step of the solver at most, and that many where a mode is half learned
MOST_STEPS = 6000
_SHARES = np.linspace(0.01, 0.99, 99)
_DIFFERENCE = 1e-7  # of the largest weight


@dataclass(frozen=True)
class Setting:
    """A net of `depth` layers on white inputs, as wide as there are modes; each mode begins at the strength `start`.

    tilt in [0, 1]: the share of every layer that is a random matrix of the same size, drawn with `seed`.
    """

    strengths: tuple[float, ...]
    start: float
    depth: int
    tilt: float = 0.0
    seed: int = 0


@dataclass(frozen=True)
class Growth:
    """times (T,), net (T, r): the strengths u_a of the simulated net; grid (G,), exact (G, r): those of the theory.

    halves (r,) of the theory, measured (r,) of the net, inf where a mode is not half learned by the last time. soon:
    when theory has learned them all. slower (r,): how many times the theory's half-time grows when the start is ten
    times lower.
    """

    times: Array
    net: Array
    grid: Array
    exact: Array
    halves: Array
    measured: Array
    soon: float
    slower: Array

    @property
    def end(self) -> float:
        """Up to when the net was followed."""
        return float(self.times[-1])

    @property
    def last(self) -> float:
        """Where a picture may end: what comes later is flat."""
        there = self.measured[np.isfinite(self.measured)]
        return max(self.soon, min(self.end, 1.25 * there.max(initial=0.0)))


@lru_cache(maxsize=64)
def compute(setting: Setting) -> Growth:
    """Follow the net by gradient flow, and read the theory off where it moves.  [ledger N13]"""
    s, u0, L = np.array(setting.strengths), setting.start, setting.depth
    halves = deep_linear.half_time(s, u0, L)
    ways = halves + _offsets(L)[:, None] / s ** (2 - 2 / L)
    soon = float(ways[_SHARES >= LEARNED - 1e-9][0].max())
    t, u = _followed(setting, soon)
    share = (u / s).T[..., None]  # each mode as a run of its own
    measured = plateaus.waiting_time(Trajectory(t, share, share), 0.5)
    grid = np.unique(np.append(ways[ways > 0], [0.0, soon, max(soon, t[-1])]))
    slower = deep_linear.half_time(s, u0 / 10, L) / halves
    return Growth(t, u, grid, deep_linear.mode(grid[:, None], s, u0, L), halves, measured, soon, slower)


def begin(setting: Setting) -> Array:
    """The layers W_1 ... W_L at time 0, (L, r, r), in the target's own modes: diagonal where nothing is tilted."""
    r, L = len(setting.strengths), setting.depth
    drawn = np.random.default_rng(setting.seed).normal(size=(L, r, r)) / np.sqrt(r)
    return setting.start ** (1 / L) * (np.sqrt(1 - setting.tilt**2) * np.eye(r) + setting.tilt * drawn)


def motion(strengths: Array, L: int) -> Callable[[float, Array], Array]:
    """W_l' = (W_L ... W_l+1)^T (S - W) (W_l-1 ... W_1)^T with S diagonal; of layers in a row (d,), or many (n, d)."""
    r = len(strengths)
    target, one = np.diag(strengths), np.eye(r)

    def velocity(_: float, flat: Array) -> Array:
        W = flat.reshape(-1, L, r, r)
        before, after = np.empty_like(W), np.empty_like(W)  # the product of all that comes before a layer, and after it
        before[:, 0] = after[:, -1] = one
        for i in range(1, L):
            np.matmul(W[:, i - 1], before[:, i - 1], out=before[:, i])
            np.matmul(after[:, L - i], W[:, L - i], out=after[:, L - 1 - i])
        error = target - W[:, -1] @ before[:, -1]
        moved = after.swapaxes(-1, -2) @ error[:, None] @ before.swapaxes(-1, -2)
        return moved.reshape(flat.shape)

    return velocity


def jacobian_of(velocity: Callable[[float, Array], Array]) -> Callable[[float, Array], Array]:
    """The Jacobian of a `motion`, (d, d), by differences; all columns at once, where a solver would take d calls."""

    def jacobian(t: float, flat: Array) -> Array:
        step = _DIFFERENCE * np.abs(flat).max()
        ahead = flat + step * np.eye(len(flat))
        return (velocity(t, ahead) - velocity(t, flat)).T / step

    return jacobian


def _followed(setting: Setting, soon: float) -> tuple[Array, Array]:
    """(times (T,), strengths (T, r)) until all is learned, at least until `soon`; tilted layers get time."""
    s, L, W = np.array(setting.strengths), setting.depth, begin(setting)
    far = soon * (PATIENCE if setting.tilt else 1.0)
    move = motion(s, L)
    solver = LSODA(move, 0.0, W.ravel(), far, rtol=1e-6, atol=1e-7 * np.abs(W).max(), jac=jacobian_of(move))
    times, found = [0.0], [_strengths(W.ravel(), L, len(s))]
    for _ in range(MOST_STEPS):
        solver.step()
        if solver.status == "failed":
            break
        u = _strengths(solver.y, L, len(s))
        passed = ((u >= s / 2) != (found[-1] >= s / 2)).any()  # a half-time, of which three digits are told
        pieces = FINEST if passed else min(1 + int(np.abs((u - found[-1]) / s).max() / NEAR), FINEST)
        if pieces > 1:
            between = times[-1] + (solver.t - times[-1]) * np.arange(1, pieces) / pieces
            times += between.tolist()
            found += [_strengths(y, L, len(s)) for y in solver.dense_output()(between).T]
        times.append(float(solver.t))
        found.append(u)
        if solver.status != "running" or (solver.t >= soon and (u / s).min() >= LEARNED):
            break
    return np.array(times), np.array(found)


def _strengths(flat: Array, L: int, r: int) -> Array:
    """The diagonal of the product of all layers, (r,)."""
    W = flat.reshape(L, r, r)
    product = W[0]
    for layer in W[1:]:
        product = layer @ product
    return product.diagonal()


def _offsets(L: int) -> Array:
    """How long after its half-time the law m' = L m^(2 - 2/L) (1 - m) reaches each of _SHARES, (99,)."""
    pace = 1 / (L * _SHARES ** (2 - 2 / L) * (1 - _SHARES))
    way = np.append(0.0, np.cumsum((pace[1:] + pace[:-1]) / 2 * np.diff(_SHARES)))
    return way - np.interp(0.5, _SHARES, way)
