"""Exercise 08.6: do these weights learn all modes, and without a wait?"""

from typing import Any

import numpy as np

from raylab.checks.ch08_flow import rates
from raylab.checks.engine import Explore, Law, numbers

GOAL = np.diag([3.0, 1.0, 0.4]) @ np.eye(3, 4)  # the strengths and sizes that the page states
UNTIL = 40.0  # stated there, too
LARGEST, KNOWN = 4.0, 0.05  # a weight, and an entry of the product at the start; stated there
RISES = 1e-3  # of the slope: so much may come from the integration
OVER = 1e-6  # of the first slope: below that learning is over, and slopes are rounding


def run_from(W1: Any, W2: Any) -> Any:
    """Times (T,), slopes J' (T,) and strengths (T, 3) of the network that starts from these layers, by the flow."""
    from scipy.integrate import solve_ivp

    cut = W1.size

    def motion(_: float, state: Any) -> Any:
        moves = rates(state[:cut].reshape(W1.shape), state[cut:].reshape(W2.shape), GOAL, np.eye(4))
        return np.concatenate([rate.ravel() for rate in moves])

    times = np.r_[np.linspace(0, 4, 801), np.linspace(4, UNTIL, 721)[1:]]
    start = np.r_[W1.ravel(), W2.ravel()]
    found = solve_ivp(motion, (0, UNTIL), start, "LSODA", times, rtol=1e-9, atol=1e-12)
    product = found.y[cut:].T.reshape(-1, *W2.shape) @ found.y[:cut].T.reshape(-1, *W1.shape)
    slopes = np.array([np.sum(motion(0, state) ** 2) for state in found.y.T])
    return times, slopes, product[:, range(3), range(3)]


def _knows_nothing(W1: Any, W2: Any) -> bool | str:
    size = np.abs(W2 @ W1).max()
    return True if size <= KNOWN else f"The largest entry of W₂W₁ is {size:.3g}."


def _moderate(W1: Any, W2: Any) -> bool | str:
    size = max(np.abs(W1).max(), np.abs(W2).max())
    return True if size <= LARGEST else f"The largest weight is {size:.3g}."


def _moves(W1: Any, W2: Any) -> bool:
    return any(rate.any() for rate in rates(W1, W2, GOAL, np.eye(4)))


def _arrives(W1: Any, W2: Any) -> bool | str:
    strengths = run_from(W1, W2)[2][-1]
    return True if (strengths > 0.9 * np.diagonal(GOAL)).all() else f"Strengths at t = {UNTIL:g}: {numbers(strengths)}."


def _never_speeds_up(W1: Any, W2: Any) -> bool | str:
    """J' falls from the first moment on, until learning is over."""
    times, slopes, _ = run_from(W1, W2)
    lowest = np.minimum.accumulate(slopes)[:-1]
    rise = np.where(slopes[1:] > OVER * slopes[0], slopes[1:] / lowest - 1, 0)
    if rise.max() <= RISES:
        return True
    top = 1 + int(np.argmax(rise))
    low = int(np.argmin(slopes[:top]))
    return f"J' rises from {slopes[low]:.3g} at t = {times[low]:.2f} to {slopes[top]:.3g} at t = {times[top]:.2f}."


START = Explore(
    names="W1, W2",
    shapes=((5, 4), (3, 5)),
    laws=(
        Law(_moderate, "No weight above 4 in size: very large weights only turn the clock."),
        Law(
            _knows_nothing,
            "The product W₂W₁ has to begin near 0, no entry above 0.05 in size: a start has no answer yet, right or "
            "wrong.",
        ),
        Law(_moves, "Here both gradients are zero: from such a place the flow never leaves."),
        Law(
            _arrives,
            "Not all modes are learned by t = 40. Is there a mode that no hidden unit reads or writes, or are the "
            "weights too small?",
        ),
        Law(_never_speeds_up, "There is a stretch on which the learning curve speeds up. That is a wait."),
    ),
)
