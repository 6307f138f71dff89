"""The records that travel between floors, and the names of their shapes.

Axis order, always: runs (...), times T, components K, parameters d.
"""

from dataclasses import dataclass
from typing import Annotated, Protocol

import numpy as np
from numpy.typing import NDArray

from raylab import arguments

Times = Annotated[NDArray[np.float64], "T"]
Parameters = Annotated[NDArray[np.float64], "... d"]
Components = Annotated[NDArray[np.float64], "... K"]
Performance = Annotated[NDArray[np.float64], "..."]
Jacobian = Annotated[NDArray[np.float64], "... K d"]  # row k belongs to component k
PairMatrix = Annotated[NDArray[np.float64], "... K K"]


class Learner(Protocol):
    """Anything whose components can be evaluated and whose parameters know where to go.

    A learner may also have `sample(parameters, rng) -> Jacobian`, one noisy draw of `updates`.
    """

    def components(self, parameters: Parameters) -> Components:
        """J_k(theta), of shape (..., K)."""
        ...

    def gradients(self, parameters: Parameters) -> Jacobian:
        """grad J_k: what would improve each component, of shape (..., K, d)."""
        ...

    def updates(self, parameters: Parameters) -> Jacobian:
        """What the learner does for each component, of shape (..., K, d)."""
        ...


@dataclass(frozen=True, slots=True, eq=False)  # arrays have no single truth: two records are equal if they are one
class Trajectory:
    """What one run, or a batch of runs, leaves behind.

    times (T,): step size x updates. parameters (..., T, d), components (..., T, K): leading axes are runs.
    The arrays are float64 copies and cannot be written to.
    Raises TypeError or ValueError where a field does not hold finite numbers of its shape, or time runs back.
    """

    times: Times
    parameters: Annotated[NDArray[np.float64], "... T d"]
    components: Annotated[NDArray[np.float64], "... T K"]

    def __post_init__(self) -> None:
        for name, shape in (("times", "T"), ("parameters", "... T d"), ("components", "... T K")):
            kept = arguments.array(getattr(self, name), f"Trajectory.{name}", shape).copy()
            kept.flags.writeable = False
            object.__setattr__(self, name, kept)
        if (np.diff(self.times) < 0).any():
            raise ValueError("Trajectory.times: expected times that do not decrease, found a step back; sort them.")
        for name in ("parameters", "components"):
            rows = getattr(self, name).shape[-2]
            if rows != len(self.times):
                raise ValueError(
                    f"Trajectory.{name} has {rows} rows but times has {len(self.times)}; "
                    "every record needs one row per time."
                )
        if self.parameters.shape[:-2] != self.components.shape[:-2]:
            raise ValueError(
                f"Trajectory.components: expected runs of shape {self.parameters.shape[:-2]} as in parameters, "
                f"found {self.components.shape[:-2]}; give both the same leading axes."
            )

    @property
    def performance(self) -> Annotated[NDArray[np.float64], "... T"]:
        """J = sum_k J_k, of shape (..., T).  [Schaul19 Sec. 1]"""
        return self.components.sum(axis=-1)
