"""Climbs and orbits: one run, recorded at the solver's own steps, so that no wait is too long and no riser missed."""

import math
import warnings
from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import ArrayLike
from scipy.integrate import LSODA

from raylab import arguments
from raylab.dynamics.doors import Combine, a_learner, numbers_like, same_shape
from raylab.dynamics.stepping import recorded_until, steps, unheard
from raylab.projection import total
from raylab.records import Learner, Parameters, Performance, Trajectory

_NEAR = 0.01  # logits: between two such records a straight line is right to one part in 10^5
_NEAR_A_RISER = 0.2  # of a climb: a straight line is right to 5e-4 of a component
_STILL = 1e-290  # 1 / _STILL is still a number
_EDGE = 36.0  # beyond this logit J rounds to 0 or 1, and a law written in J has nothing left to say


def climb(
    learner: Learner,
    start: ArrayLike,
    level: float = 0.9,
    horizon: float = 1e250,
    rtol: float = 1e-8,
    combine: Combine = total,
) -> Trajectory:
    """The flow of one run from `start` (d,) until every J_k >= `level`, in a clock in which no wait is long.

    The same path as `flow`, d theta/dt = combine(updates(theta)), integrated in tau with dt/dtau = 1 / (sum of the
    sizes of all entries of `updates`): a plateau of e^100 takes no more steps than one of 10. Recorded as `orbit` does,
    at the solver's own steps and within long ones; `times` holds t. Ends as well with the first record beyond
    `horizon`, which a learner that stands still (that sum below 1e-290) is at once.
    rtol bounds the local error of a parameter, absolutely, and that of the time relative to it.
    An interrupt (Ctrl-C, or the kernel's stop button) ends it early and returns what is done, with a warning.
    Raises TypeError or ValueError for malformed arguments and updates that leave float64, RuntimeError if the
    integrator gives up or goes round without end.
    """
    learner, start = a_learner(learner), arguments.array(start, "start", "d")
    level = arguments.number(level, "level", 0.0, 1.0)
    horizon, rtol = arguments.number(horizon, "horizon", 0.0, 1e280), arguments.number(rtol, "rtol", 1e-12, 1e-2)
    arguments.function(combine, "combine")

    motion, first = _in_own_clock(learner, combine), np.append(start, 0.0)
    tolerance = np.append(np.full(len(start), rtol), rtol * motion(0.0, first)[-1])
    begin = partial(LSODA, motion, t_bound=np.inf, rtol=rtol, atol=tolerance)  # pyright: ignore[reportArgumentType]
    near = np.append(np.full(len(start), _NEAR_A_RISER), np.inf)
    states, J = [first], [learner.components(start)]
    try:
        with unheard():
            for _, chunk in steps(begin, first, "climb", near):
                states += list(chunk)
                J += list(learner.components(chunk[:, :-1]))
                if J[-1].min() >= level or chunk[-1, -1] > horizon:
                    break
    except KeyboardInterrupt:
        warnings.warn(f"stopped by hand at t = {states[-1][-1]:.4g}; the climb up to there is returned.", stacklevel=2)
    path, J = np.array(states), np.array(J)
    times = np.maximum.accumulate(path[:, -1])  # the solver's corrections may turn it back by a rounding error
    end = recorded_until((J.min(axis=-1) >= level) | (times > horizon))
    return Trajectory(times[:end], path[:end, :-1], J[:end])


def _in_own_clock(learner: Learner, combine: Combine) -> Callable[[float, Parameters], Parameters]:
    """d (theta, t) / dtau, where dt/dtau is 1 over the sum of the sizes of all entries of `updates`."""

    def motion(_: float, state: Parameters) -> Parameters:
        with np.errstate(all="ignore"):  # as in `flow`
            updates = learner.updates(state[:-1])
            step = combine(updates)
        speed = float(np.abs(updates).sum())  # no squares: those of 1e-160 are zero
        numbers_like(step, state[:-1], "combine(learner.updates(theta))")
        if not math.isfinite(speed):  # `combine` may have left out what is no number
            raise ValueError(
                f"learner.updates(theta): expected finite numbers, found a sum of sizes of {speed}; look at what it "
                f"does at theta = {state[:-1][:6].tolist()!s:.80}."
            )
        return np.append(step, 1.0) / max(speed, _STILL)

    return motion


def orbit(
    velocity: Callable[[Performance], Performance],
    start: ArrayLike,
    stop: float = 0.985,
    horizon: float = 1e8,
    rtol: float = 1e-8,
) -> Trajectory:
    """Follow any law J -> dJ/dt through the open unit cube from `start` (K,) until every J_k >= `stop`.

    Integrated in logits, so that no start is too close to an edge, and recorded at the solver's own steps (and
    within long ones), so that no riser is missed. The record has parameters = logits (T, K) and components = J (T, K);
    it ends at `horizon` if the orbit does not arrive. rtol bounds the local error of the logits.
    Raises TypeError or ValueError for malformed arguments or a velocity of the wrong shape or without finite
    numbers anywhere on the way, RuntimeError if the integrator gives up or the orbit goes round without end.
    """
    velocity, start = arguments.function(velocity, "velocity"), arguments.array(start, "start", "K")
    stop = arguments.number(stop, "stop", 0.0, 1.0 - 1e-12)
    horizon, rtol = arguments.number(horizon, "horizon", 1e-9), arguments.number(rtol, "rtol", 1e-12, 1e-2)
    if (start <= 0).any() or (start >= 1).any():
        raise ValueError(f"start: expected performances inside (0, 1), found {start.tolist()}; move it off the edge.")
    level = np.log(stop) - np.log1p(-stop) if stop > 0 else -np.inf

    def logits(_: float, x: Performance) -> Performance:
        e = np.exp(-np.minimum(np.maximum(x, -_EDGE), _EDGE))  # np.clip takes three times as long
        J = 1 / (1 + e)
        rate = velocity(J.copy())  # a law may compute in place
        same_shape(rate, J, "velocity(J)")
        found = np.asarray(rate, dtype=float) / (J * (e * J))  # 1 - J = e J keeps its digits near 1
        if not math.isfinite(found.sum()):  # LSODA would stop on NaN without a word, and never on infinity
            raise ValueError(
                f"velocity(J): expected finite rates inside the cube, found {np.asarray(rate).tolist()} at "
                f"J = {J.tolist()}; look at what the law does there, or let `stop` or `horizon` end earlier."
            )
        return found

    first = np.log(start) - np.log1p(-start)
    numbers_like(velocity(start.copy()), start, "velocity(J)")
    times, states = [np.zeros(1)], [first[None]]
    if first.min() < level:
        begin = partial(LSODA, logits, t_bound=horizon, rtol=rtol, atol=rtol * 1e-2)
        with unheard():
            for t, chunk in steps(begin, first, "orbit", _NEAR):
                times.append(t)
                states.append(chunk)
                if chunk[-1].min() >= level:
                    break
    x = np.concatenate(states)
    end = recorded_until(x.min(axis=-1) >= level)  # the last step overshoots
    return Trajectory(np.concatenate(times)[:end], x[:end], 1 / (1 + np.exp(-np.clip(x[:end], -_EDGE, _EDGE))))
