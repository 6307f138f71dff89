"""The steps of a solver as they come."""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.integrate import LSODA

from raylab.records import Parameters, Times

_THIRDS = np.array([1 / 3, 2 / 3, 1.0])
_MOST_STEPS = 200_000  # hundreds are usual; a cycle would take them without end, and all memory with them


def steps(
    begin: Callable[[float, Parameters], LSODA], start: Parameters, name: str, near: ArrayLike
) -> Iterator[tuple[Times, Parameters]]:
    """Clock (T,) and states (T, d) at each step of the solver that `begin(clock, state)` makes; three in a long one.

    solve_ivp does the same in more time than a widget has that follows a hand. Where the solver takes a smooth law for
    a stiff one and loses its way, it begins anew at its last good state.
    """
    solver, fresh = begin(0.0, start), True
    for _ in range(_MOST_STEPS):
        before = solver.y
        trouble = solver.step()
        if solver.status == "failed":
            if fresh:
                raise RuntimeError(
                    f"the integrator of the {name} stopped at t = {solver.t:.4g} of its clock: {trouble} "
                    "Is the velocity smooth?"
                )
            solver, fresh = begin(solver.t, before), True
            continue
        fresh = False
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


@contextmanager
def unheard() -> Iterator[None]:
    """Without the warnings of a solver that gives up: what becomes of that is said by `steps`."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "lsoda: ", UserWarning)
        yield


def recorded_until(reached: NDArray[np.bool_]) -> int:
    """How many records there are up to the first that is reached, that one included."""
    return int(np.argmax(reached)) + 1 if reached.any() else len(reached)
