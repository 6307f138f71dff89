"""The flow recorded at given times, and the discrete steps that follow it."""

import os
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.integrate import solve_ivp
from tqdm.auto import tqdm

from raylab import arguments
from raylab.dynamics.doors import Combine, a_learner, numbers_like, same_shape
from raylab.optimisers import Plain
from raylab.projection import total
from raylab.records import Jacobian, Learner, Parameters, Times, Trajectory

StepRule = Callable[[Parameters, Any], tuple[Parameters, Any]]
_MOST_NUMBERS = 2**31  # 16 GiB of float64: more would end in a MemoryError, or in a machine that swaps


def flow(
    learner: Learner,
    start: ArrayLike,
    times: ArrayLike,
    combine: Combine = total,
    rtol: float = 1e-9,
    atol: float = 1e-12,
) -> Trajectory:
    """Integrate d theta/dt = combine(updates(theta)) and record it at `times`; `start` holds at times[0].

    start (..., d): leading axes are runs, each integrated on its own (DOP853), so that no run depends on its
    company. times (T,) must increase. rtol and atol bound the local error of theta; the error of a whole run
    is of the same order where neighbouring runs do not part.
    Raises TypeError or ValueError for malformed arguments and where updates or parameters leave float64,
    RuntimeError if the integrator gives up.
    """
    learner = a_learner(learner)
    start, times = arguments.array(start, "start", "... d"), _increasing(times)
    rtol, atol = arguments.number(rtol, "rtol", 1e-13, 1.0), arguments.number(atol, "atol", 0.0)
    arguments.function(combine, "combine")

    def velocity(_: float, theta: Parameters) -> Parameters:
        with np.errstate(all="ignore"):  # 1 / (1 + e^-x) may overflow on its way to the right 0; NaN is found below
            found = combine(learner.updates(theta))
        numbers_like(found, theta, "combine(learner.updates(theta))")
        return found

    runs = start.reshape(-1, start.shape[-1])
    velocity(times[0], runs[0])  # even where a single time asks for no step
    paths = np.array([_integrate(velocity, run, times, rtol, atol) for run in runs])
    paths = paths.reshape(*start.shape[:-1], len(times), start.shape[-1])
    return Trajectory(times, paths, learner.components(paths))


def _integrate(velocity: Any, start: Parameters, times: Times, rtol: float, atol: float) -> Parameters:
    if len(times) == 1:
        return start[None]
    try:
        with np.errstate(over="raise", invalid="raise"):
            found = solve_ivp(velocity, (times[0], times[-1]), start, "DOP853", times, rtol=rtol, atol=atol)
    except FloatingPointError as error:
        raise ValueError(
            f"times: expected a run that stays within float64, found {error}; end `times` earlier, or look at combine."
        ) from error
    if not found.success:
        raise RuntimeError(
            f"the integrator stopped at t = {found.t[-1] if len(found.t) else times[0]:.4g}: {found.message} "
            "Loosen rtol, or end `times` earlier."
        )
    return found.y.T


def ascend(
    learner: Learner,
    start: ArrayLike,
    steps: int,
    rate: float,
    sampled: bool = False,
    rng: np.random.Generator | None = None,
    rule: StepRule = Plain(),
    combine: Combine = total,
) -> Trajectory:
    """Take `steps` discrete updates of size `rate`: theta <- theta + rate x rule(combine(updates)).

    start (..., d): leading axes are runs, which move together. sampled=True draws `learner.sample(theta, rng)`
    in place of `updates` and needs a Generator. The record has times rate x (0, 1, ..., steps).
    An interrupt (Ctrl-C, or the kernel's stop button) ends the run early and returns what is done, with a warning.
    Raises TypeError or ValueError for malformed arguments, ValueError if the parameters leave float64.
    """
    learner = a_learner(learner)
    theta = arguments.array(start, "start", "... d")
    steps, rate = arguments.count(steps, "steps", 0), arguments.number(rate, "rate", 0.0)
    arguments.number(rate * steps, "rate * steps")
    for value, name in ((rule, "rule"), (combine, "combine")):
        arguments.function(value, name)
    if rate == 0:
        raise ValueError("rate: expected a positive step size, found 0.0; nothing would move.")
    if (steps + 1) * theta.size > _MOST_NUMBERS:
        raise ValueError(
            f"steps: expected a record of at most {_MOST_NUMBERS} numbers, found {steps} steps of {theta.size}; "
            "take fewer steps, or fewer runs at a time."
        )
    draw = _drawing(learner, rng) if arguments.flag(sampled, "sampled") else learner.updates
    path, state = np.empty((steps + 1, *theta.shape)), None
    path[0], done = theta, 0
    try:
        hidden = bool(os.environ.get("TQDM_DISABLE"))  # the bar of a notebook does not look at this switch by itself
        for done in tqdm(range(1, steps + 1), delay=5, leave=False, disable=hidden):  # shown only where it takes long
            direction = combine(draw(theta))
            same_shape(direction, theta, "combine(updates)")
            move, state = _moved(rule, direction, state)
            with np.errstate(over="ignore"):  # said in the next line
                moved = theta + rate * np.asarray(move)
            path[done] = theta = arguments.array(moved, "theta + rate * rule(combine(updates))", "... d")
    except KeyboardInterrupt:
        done = max(done - 1, 0)  # the start is there even before the first step
        warnings.warn(f"stopped by hand after {done} of {steps} steps; these are returned.", stacklevel=2)
    path = np.moveaxis(path[: done + 1], 0, -2)
    return Trajectory(rate * np.arange(done + 1, dtype=np.float64), path, learner.components(path))


def _drawing(learner: Any, rng: Any) -> Callable[[Parameters], Jacobian]:
    if not callable(getattr(learner, "sample", None)):
        raise TypeError(
            f"learner: expected one with sample(parameters, rng) for sampled=True, found {type(learner).__name__}; "
            "use sampled=False."
        )
    rng = arguments.generator(rng)
    return lambda theta: learner.sample(theta, rng)


def _moved(rule: Any, direction: Parameters, state: Any) -> tuple[Parameters, Any]:
    found = rule(direction, state)
    if not isinstance(found, tuple) or len(found) != 2:
        raise TypeError(f"rule: expected (move, next state), found {type(found).__name__}; return both as a tuple.")
    same_shape(found[0], direction, "rule's move")
    return found


def _increasing(times: Any) -> Times:
    times = arguments.array(times, "times", "T")
    if (np.diff(times) <= 0).any():
        raise ValueError("times: expected strictly increasing times, found a step back or a repeat; sort them.")
    return times
