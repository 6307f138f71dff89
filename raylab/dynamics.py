"""From a learner to its learning curve: continuous flow, discrete steps, climbs and orbits of any length of time.

Time is step size x updates throughout, so flow and steps share one axis.
"""

import math
import os
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.integrate import LSODA, solve_ivp
from tqdm.auto import tqdm

from raylab import arguments
from raylab.optimisers import Plain
from raylab.projection import total
from raylab.records import Jacobian, Learner, Parameters, Performance, Times, Trajectory

Combine = Callable[[Jacobian], Parameters]
StepRule = Callable[[Parameters, Any], tuple[Parameters, Any]]


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
    learner = _learner(learner)
    start, times = arguments.array(start, "start", "... d"), _increasing(times)
    rtol, atol = arguments.number(rtol, "rtol", 1e-13, 1.0), arguments.number(atol, "atol", 0.0)
    arguments.function(combine, "combine")

    def velocity(_: float, theta: Parameters) -> Parameters:
        with np.errstate(all="ignore"):  # 1 / (1 + e^-x) may overflow on its way to the right 0; NaN is found below
            found = combine(learner.updates(theta))
        _numbers_like(found, theta, "combine(learner.updates(theta))")
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
    learner = _learner(learner)
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
            _same_shape(direction, theta, "combine(updates)")
            move, state = _moved(rule, direction, state)
            with np.errstate(over="ignore"):  # said in the next line
                moved = theta + rate * np.asarray(move)
            path[done] = theta = arguments.array(moved, "theta + rate * rule(combine(updates))", "... d")
    except KeyboardInterrupt:
        done = max(done - 1, 0)  # the start is there even before the first step
        warnings.warn(f"stopped by hand after {done} of {steps} steps; these are returned.", stacklevel=2)
    path = np.moveaxis(path[: done + 1], 0, -2)
    return Trajectory(rate * np.arange(done + 1, dtype=np.float64), path, learner.components(path))


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
    learner, start = _learner(learner), arguments.array(start, "start", "d")
    level = arguments.number(level, "level", 0.0, 1.0)
    horizon, rtol = arguments.number(horizon, "horizon", 0.0, 1e280), arguments.number(rtol, "rtol", 1e-12, 1e-2)
    arguments.function(combine, "combine")

    def motion(_: float, state: Parameters) -> Parameters:
        with np.errstate(all="ignore"):  # as in `flow`
            updates = learner.updates(state[:-1])
            step = combine(updates)
        speed = float(np.abs(updates).sum())  # no squares: those of 1e-160 are zero
        _numbers_like(step, state[:-1], "combine(learner.updates(theta))")
        return np.append(step, 1.0) / max(speed, _STILL)

    first = np.append(start, 0.0)
    tolerance = np.append(np.full(len(start), rtol), rtol * motion(0.0, first)[-1])
    states, J = [first], [learner.components(start)]
    try:
        solver = LSODA(motion, 0.0, first, np.inf, rtol=rtol, atol=tolerance)  # pyright: ignore[reportArgumentType]
        for _, chunk in _steps(solver, "climb", np.append(np.full(len(start), _NEAR_A_RISER), np.inf)):
            states += list(chunk)
            J += list(learner.components(chunk[:, :-1]))
            if J[-1].min() >= level or chunk[-1, -1] > horizon:
                break
    except KeyboardInterrupt:
        warnings.warn(f"stopped by hand at t = {states[-1][-1]:.4g}; the climb up to there is returned.", stacklevel=2)
    path, J = np.array(states), np.array(J)
    times = np.maximum.accumulate(path[:, -1])  # the solver's corrections may turn it back by a rounding error
    end = _first((J.min(axis=-1) >= level) | (times > horizon))
    return Trajectory(times[:end], path[:end, :-1], J[:end])


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
        _same_shape(rate, J, "velocity(J)")
        found = np.asarray(rate, dtype=float) / (J * (e * J))  # 1 - J = e J keeps its digits near 1
        if not math.isfinite(found.sum()):  # LSODA would stop on NaN without a word, and never on infinity
            raise ValueError(
                f"velocity(J): expected finite rates inside the cube, found {np.asarray(rate).tolist()} at "
                f"J = {J.tolist()}; look at what the law does there, or let `stop` or `horizon` end earlier."
            )
        return found

    first = np.log(start) - np.log1p(-start)
    _numbers_like(velocity(start.copy()), start, "velocity(J)")
    times, states = [np.zeros(1)], [first[None]]
    if first.min() < level:
        for t, chunk in _steps(LSODA(logits, 0.0, first, horizon, rtol=rtol, atol=rtol * 1e-2), "orbit", _NEAR):
            times.append(t)
            states.append(chunk)
            if chunk[-1].min() >= level:
                break
    x = np.concatenate(states)
    end = _first(x.min(axis=-1) >= level)  # the last step overshoots
    return Trajectory(np.concatenate(times)[:end], x[:end], 1 / (1 + np.exp(-np.clip(x[:end], -_EDGE, _EDGE))))


def _steps(solver: LSODA, name: str, near: ArrayLike) -> Iterator[tuple[Times, Parameters]]:
    """Clock (T,) and states (T, d) at each of the solver's steps, and twice within one that moves far.

    solve_ivp does the same in more time than a widget has that follows a hand.
    """
    for _ in range(_MOST_STEPS):
        before = solver.y
        trouble = solver.step()
        if solver.status == "failed":
            raise RuntimeError(
                f"the integrator of the {name} stopped at t = {solver.t:.4g}: {trouble} Is the velocity smooth?"
            )
        if (np.abs(solver.y - before) < near).all():
            yield np.array([solver.t]), solver.y[None]
        else:
            between = solver.t_old + (solver.t - solver.t_old) * _THIRDS
            yield between, solver.dense_output()(between).T
        if solver.status != "running":
            return
    raise RuntimeError(
        f"the {name} takes more than {_MOST_STEPS} steps and is only at t = {solver.t:.4g} of its clock; "
        "does it go round, or does the velocity jump? Choose a shorter horizon."
    )


def _first(reached: NDArray[np.bool_]) -> int:
    """How many records there are up to the first that is reached, that one included."""
    return int(np.argmax(reached)) + 1 if reached.any() else len(reached)


_THIRDS = np.array([1 / 3, 2 / 3, 1.0])
_NEAR = 0.01  # logits: between two such records a straight line is right to one part in 10^5
_NEAR_A_RISER = 0.2  # of a climb: a straight line is right to 5e-4 of a component
_MOST_NUMBERS = 2**31  # 16 GiB of float64: more would end in a MemoryError, or in a machine that swaps
_MOST_STEPS = 200_000  # hundreds are usual; a cycle would take them without end, and all memory with them
_STILL = 1e-290  # 1 / _STILL is still a number
_EDGE = 36.0  # beyond this logit J rounds to 0 or 1, and a law written in J has nothing left to say


def _learner(learner: Any) -> Learner:
    if isinstance(learner, type):
        raise TypeError(f"learner: expected a learner, found the class {learner.__name__}; make one by calling it.")
    for method in ("components", "updates"):
        if not callable(getattr(learner, method, None)):
            raise TypeError(
                f"learner: expected an object with components, gradients and updates, found a value of type "
                f"{type(learner).__name__} without {method}; pass for example Bandit()."
            )
    return learner


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
    _same_shape(found[0], direction, "rule's move")
    return found


def _increasing(times: Any) -> Times:
    times = arguments.array(times, "times", "T")
    if (np.diff(times) <= 0).any():
        raise ValueError("times: expected strictly increasing times, found a step back or a repeat; sort them.")
    return times


def _numbers_like(found: Any, like: np.ndarray, name: str) -> None:
    _same_shape(found, like, name)
    arguments.array(found, name, "d")


def _same_shape(found: Any, like: np.ndarray, name: str) -> None:
    if np.shape(found) != like.shape:
        raise ValueError(f"{name}: expected shape {like.shape}, found {np.shape(found)}; one entry for each.")
