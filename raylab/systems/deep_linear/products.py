"""Products of layers, for any leading axes: what comes before a layer and after it, and what float64 cannot hold."""

from collections.abc import Sequence
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from raylab.records import Jacobian, Performance

Layer = Annotated[NDArray[np.float64], "... wide narrow"]


def before(layers: Sequence[Layer], root: Layer | None) -> list[Layer]:
    """W_{l-1} ... W_1 R for each l, (..., narrow, in); root None for R = 1."""
    ins = layers[0].shape[-1]
    found: list[Layer] = [np.broadcast_to(np.eye(ins) if root is None else root, (*layers[0].shape[:-2], ins, ins))]
    for W in layers[:-1]:
        found.append(W if root is None and len(found) == 1 else W @ found[-1])
    return found


def after(layers: Sequence[Layer]) -> list[Layer]:
    """W_L ... W_{l+1} for each l, (..., out, wide)."""
    outs = layers[-1].shape[-2]
    found: list[Layer] = [np.broadcast_to(np.eye(outs), (*layers[-1].shape[:-2], outs, outs))]
    for W in layers[:0:-1]:
        found.insert(0, W if len(found) == 1 else found[0] @ W)
    return found


def turned(matrix: Layer) -> Layer:
    """The transpose."""
    return np.swapaxes(matrix, -1, -2)


def diagonal(matrix: Layer) -> Annotated[NDArray[np.float64], "... r"]:
    """The entries (a, a)."""
    return np.ascontiguousarray(np.diagonal(matrix, axis1=-2, axis2=-1))


def outer(left: Layer, right: Layer) -> Jacobian:
    """Columns a of (..., h, K) and (..., n, K) -> their outer products, (..., K, h n)."""
    made = turned(left)[..., :, None] * turned(right)[..., None, :]
    return made.reshape(*made.shape[:-2], -1)


def squares(matrix: Layer) -> Performance:
    """The sum of all entries squared, (..., m, n) -> (...)."""
    with np.errstate(over="ignore"):
        return within((matrix * matrix).sum(axis=(-2, -1)))


def within(found: Any) -> Any:
    """`found` itself; ValueError where a product of the parameters has left float64."""
    if not np.isfinite(found).all():
        raise ValueError("parameters: expected products within float64, found an overflow; scale them down.")
    return found
