"""What several families of figures ask of their arguments, beyond `raylab.arguments`."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from raylab import arguments
from raylab.records import Trajectory


def four(value: Any, name: str) -> Sequence[Any]:
    """`value` itself if it is a sequence of four; TypeError or ValueError if not."""
    return arguments.sequence(value, name, 4)


def two(run: object, name: str) -> Trajectory:
    """`run` itself if it is one Trajectory of two components and at least two times; TypeError or ValueError if not."""
    if not isinstance(run, Trajectory):
        raise TypeError(f"{name}: expected a Trajectory, found {type(run).__name__}; pass what orbit or ascend gave.")
    arguments.array(run.components, f"{name}.components", "T 2")
    if len(run.times) < 2:
        raise ValueError(f"{name}: expected at least two times, found 1; let it run a little longer.")
    return run


def few(value: object, name: str, most: int) -> Mapping[str, Any]:
    """`value` if it is a mapping of one to `most` texts to what is to be drawn; TypeError or ValueError if not."""
    found = arguments.mapping(value, name)
    arguments.texts(list(found), f"{name}, its keys")
    if len(found) > most:
        raise ValueError(f"{name}: expected at most {most} entries, found {len(found)}; draw the rest elsewhere.")
    return found


def positive(value: Any, name: str, shape: str) -> NDArray[np.float64]:
    """`value` as an array for a logarithmic axis: of that shape, each within 1e-100 to 1e100.

    Raises TypeError or ValueError for anything else.
    """
    found = arguments.array(value, name, shape)
    if found.min() < 1e-100 or found.max() > 1e100:
        raise ValueError(
            f"{name}: expected numbers from 1e-100 to 1e100, found {found.min():.4g} to {found.max():.4g}; "
            "its axis is logarithmic."
        )
    return found


def bounded(value: Any, name: str, shape: str) -> NDArray[np.float64]:
    """`value` as an array for a linear axis: of that shape, each at most 1e100 in size; beyond, ticks overflow.

    Raises TypeError or ValueError for anything else.
    """
    found = arguments.array(value, name, shape)
    if np.abs(found).max() > 1e100:
        raise ValueError(
            f"{name}: expected numbers up to 1e100 in size, found {found.min():.4g} to {found.max():.4g}; scale them."
        )
    return found
