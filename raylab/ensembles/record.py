"""What an ensemble of runs leaves behind."""

import math
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from raylab import arguments


@dataclass(frozen=True, slots=True, eq=False)  # arrays have no single truth: two records are equal if they are one
class Ensemble:
    """One entry for each of N runs; the arrays are copies and cannot be written to.

    flatness (N,): the smallest exact expected |J'| from the first J >= J0 + .05 on and where J < K - .2; inf if there
    was no such step. A smallest value along a noisy path lies below that of the flow: compare like with like.
    steps (N,): updates made. arrived (N,): whether J >= K - .1 was reached; a run that did not is censored.
    components (N, K): the J_k at the end. finished (N,): False for a run that an interrupt kept from its end, whose
    other entries say nothing: no step, no arrival, infinite flatness, components 0.
    Raises TypeError or ValueError where a field does not hold numbers, or truth values, of its shape.
    """

    flatness: Annotated[NDArray[np.float64], "N"]
    steps: Annotated[NDArray[np.int64], "N"]
    arrived: Annotated[NDArray[np.bool_], "N"]
    components: Annotated[NDArray[np.float64], "N K"]
    finished: Annotated[NDArray[np.bool_], "N"]

    def __post_init__(self) -> None:
        components = arguments.array(self.components, "Ensemble.components", "N K")
        flatness, steps = _slopes(self.flatness), _whole(self.steps)
        kept = {"flatness": flatness, "steps": steps, "components": components}
        kept |= {name: _truths(getattr(self, name), f"Ensemble.{name}") for name in ("arrived", "finished")}
        for name, values in kept.items():
            if len(values) != len(flatness):
                raise ValueError(
                    f"Ensemble.{name}: expected {len(flatness)} runs as in flatness, found {len(values)}; "
                    "give every run one entry."
                )
            values = values.copy()
            values.flags.writeable = False
            object.__setattr__(self, name, values)

    @property
    def censored(self) -> float:
        """The share of finished runs that did not arrive; ValueError if none is finished."""
        return float((~self.arrived[self._some()]).mean())

    def share(self, epsilon: float) -> tuple[float, float]:
        """(share of finished runs with flatness <= epsilon, its standard error).

        Raises TypeError or ValueError unless epsilon is a number of at least 0; ValueError if no run is finished.
        """
        flat = self.flatness[self._some()] <= arguments.number(epsilon, "epsilon", 0.0)
        share = float(flat.mean())
        return share, math.sqrt(share * (1 - share) / len(flat))

    def _some(self) -> NDArray[np.bool_]:
        if not self.finished.any():
            raise ValueError("finished: expected at least one run, found none; start the ensemble again.")
        return self.finished


def _slopes(value: Any) -> NDArray[np.float64]:
    """Numbers from 0 on, infinity among them."""
    endless = value == np.inf if isinstance(value, np.ndarray) and value.dtype.kind == "f" else np.False_
    found = arguments.array(np.where(endless, 0.0, value) if endless.any() else value, "Ensemble.flatness", "N")
    if (found < 0).any():
        raise ValueError("Ensemble.flatness: expected |J'| >= 0, found a negative one; take the absolute value.")
    return np.where(endless, np.inf, found)


def _whole(value: Any) -> NDArray[np.int64]:
    found = arguments.array(value, "Ensemble.steps", "N")
    if (found < 0).any() or (found % 1 != 0).any() or (found > 2.0**53).any():
        raise ValueError(
            f"Ensemble.steps: expected whole numbers from 0 on, found some between {found.min():.4g} and "
            f"{found.max():.4g}; count updates."
        )
    return found.astype(np.int64)


def _truths(value: Any, name: str) -> NDArray[np.bool_]:
    if not isinstance(value, np.ndarray) or value.dtype != np.bool_:
        found = f"dtype {value.dtype}" if isinstance(value, np.ndarray) else f"a value of type {type(value).__name__}"
        raise TypeError(f"{name}: expected an array of True and False, found {found}; compare first.")
    if value.ndim != 1:
        raise ValueError(f"{name}: expected shape (N,), found {value.shape}; one entry for each run.")
    return value
