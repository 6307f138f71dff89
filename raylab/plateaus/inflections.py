"""Plateaus in the sense of Def. 2, found on a recorded learning curve."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from scipy.signal import find_peaks

from raylab import arguments
from raylab.records import Components, Performance, Times, Trajectory


@dataclass(frozen=True, eq=False)
class Plateau:
    """One plateau of one run.

    run: index of the run on the leading axes of the trajectory, () where there are none. time: when J is slowest, in
    step size x updates. components (K,): J_k there. flatness: J' there, in performance per time.
    """

    run: tuple[int, ...]
    time: float
    components: Annotated[NDArray[np.float64], "K"]
    flatness: float


def find(trajectory: Trajectory, depth: float = 1e-3) -> list[Plateau]:
    """Inflections of J with J''' > 0: the places at which J' has a minimum, run by run, in time.  [Schaul19 Def. 2]

    J' is taken from differences of the record and refined by a polynomial through five neighbouring points, so the
    record should be smooth: what `flow` and `orbit` return, or `ascend` without sampling. depth: a minimum counts if
    J' has to rise by this share of it on both sides before it falls lower, and by more than rounding can make; less is
    what an integrator's tolerance makes. A sampled run has an inflection wherever it jitters, and the list says so.
    Start and optimum, where J' vanishes too, are ends of a record and no minima inside it.
    Raises TypeError if `trajectory` is no Trajectory or depth no number, ValueError if depth is negative.
    """
    if not isinstance(trajectory, Trajectory):
        raise TypeError(
            f"trajectory: expected a Trajectory, found {type(trajectory).__name__}; "
            "pass what flow, ascend or orbit returned."
        )
    depth = arguments.number(depth, "depth", 0.0)
    t, kept = np.unique(trajectory.times, return_index=True)
    found: list[Plateau] = []
    if len(t) < 5:  # no inflection can be told apart
        return found
    for run in np.ndindex(trajectory.components.shape[:-2]):
        components = trajectory.components[run][kept]
        for i in _slowest_intervals(t, components.sum(axis=-1), depth):
            first = min(max(i - 2, 0), len(t) - 5)
            near = slice(first, first + 5)
            found.append(Plateau(run, *_refined(t[near], components[near], float(t[i - 1]), float(t[i + 2]))))
    return found


def _slowest_intervals(t: Times, J: Performance, depth: float) -> NDArray[np.intp]:
    """Indices i such that the mean of J' on [t_i, t_i+1] is a local minimum that is deep enough."""
    slopes = np.diff(J) / np.diff(t)
    lowest, kept = find_peaks(-slopes, prominence=0.0)
    rounding = 8 * np.spacing(np.abs(J).max()) / np.diff(t)[lowest]
    return lowest[kept["prominences"] > depth * np.abs(slopes[lowest]) + rounding]


def _refined(t: Times, J: Components, after: float, before: float) -> tuple[float, Components, float]:
    """(time, J_k, J') where J' is lowest on the polynomial through five points; in the middle if that is unclear."""
    middle, width = (after + before) / 2, before - after
    curves = np.polynomial.polynomial.polyfit((t - middle) / width, J, 4)  # (5, K)
    speed = np.polynomial.Polynomial(curves.sum(axis=-1)).deriv()
    turns = [float(u.real) for u in speed.deriv().roots() if abs(u.imag) < 1e-9 and abs(u.real) <= 0.5]
    turns = [u for u in turns if speed.deriv(2)(u) > 0]
    at = turns[0] if len(turns) == 1 else 0.0
    return middle + width * at, at ** np.arange(5) @ curves, float(speed(at) / width)
