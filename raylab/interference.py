"""How the components of an objective pull on shared parameters: linear algebra on (K, d)."""

from collections.abc import Mapping
from numbers import Integral
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from raylab import arguments
from raylab.records import Components, Jacobian, PairMatrix, Parameters


def cosine(G: Jacobian) -> PairMatrix:
    """Cosine between the gradient rows of every two components, (..., K, d) -> (..., K, K).  [Schaul19 Def. 1]

    Dimensionless, in [-1, 1]; 0: no interference, below 0: negative interference, above 0: positive transfer.
    A component without gradient pulls on nobody: its row and column are zero, the diagonal included, not NaN.
    Raises TypeError or ValueError if G is not a finite array with at least two axes.
    """
    G = arguments.array(G, "G", "... K d")
    # Divide by the largest entry first: squares of 1e-200 or 1e200 would leave the range of float64.
    largest = np.abs(G).max(axis=-1, keepdims=True)
    scaled = np.divide(G, largest, out=np.zeros_like(G), where=largest > 0)
    length = np.linalg.norm(scaled, axis=-1, keepdims=True)
    unit = np.divide(scaled, length, out=np.zeros_like(G), where=length > 0)
    return np.clip(unit @ np.swapaxes(unit, -1, -2), -1.0, 1.0)


def inner(G: Jacobian) -> PairMatrix:
    """Inner product of the gradient rows of every two components, (..., K, d) -> (..., K, K).  [Bengio20 Eq. 1]

    In units of gradient squared: how much a step of size one on component j would change component i.
    Raises TypeError or ValueError if G is not a finite array, ValueError if a product overflows float64.
    """
    G = arguments.array(G, "G", "... K d")
    return _finite(_product(G, np.swapaxes(G, -1, -2)), "inner product of rows")


def inner_by_block(G: Jacobian, slices: Mapping[str, slice]) -> dict[str, PairMatrix]:
    """`inner`, split by blocks of parameters: name -> (..., K, K). Their sum is `inner` where the blocks tile d.

    slices: name -> slice of the d columns, as `SoftmaxBandit.slices` or `nets.parameter_slices` give them.
    Raises TypeError if `slices` is not such a mapping, ValueError if there is no block, or one is empty or reaches
    beyond d, and as `inner` does.
    """
    G = arguments.array(G, "G", "... K d")
    for name, block in arguments.mapping(slices, "slices").items():
        if not isinstance(block, slice) or not all(
            end is None or isinstance(end, Integral) for end in (block.start, block.stop, block.step)
        ):
            raise TypeError(
                f"slices: expected slices of whole numbers, found {name!r}: {block!r:.80}; "
                "pass learner.slices or nets.parameter_slices(model)."
            )
        if (block.stop or 0) > G.shape[-1] or G[..., block].size == 0:
            raise ValueError(
                f"slices: expected blocks inside {G.shape[-1]} columns, found {name!r}: {block}; "
                "take the slices of the same learner that made G."
            )
    return {name: inner(np.ascontiguousarray(G[..., block])) for name, block in slices.items()}


def rates(G: Jacobian, step: Parameters) -> Components:
    """dJ_k/dt = <grad J_k, step>, the overdot: (..., K, d), (..., d) -> (..., K).  [Schaul19 Sec. 2.1]

    In units of performance per unit of time, where time is step size x updates.
    Raises TypeError or ValueError if an argument is not finite or the lengths d differ.
    """
    G, step = arguments.array(G, "G", "... K d"), arguments.array(step, "step", "... d")
    if G.shape[-1] != step.shape[-1]:
        raise ValueError(
            f"step: expected {G.shape[-1]} parameters as in G, found {step.shape[-1]}; take both from the same learner."
        )
    return _finite(_product(G, step[..., None])[..., 0], "rate")


def winner_takes_all(rates: Components) -> Annotated[NDArray[np.bool_], "..."]:
    """True where exactly one component improves and no other does, (..., K) -> (...).  [Schaul19 Def. 3]

    A component that stands still does not improve, so rates (1, 0) count and (0, 0) do not.
    Raises TypeError or ValueError if `rates` is not a finite array.
    """
    return (arguments.array(rates, "rates", "... K") > 0).sum(axis=-1) == 1


def _product(left: NDArray[np.float64], right: NDArray[np.float64]) -> NDArray[np.float64]:
    try:
        with np.errstate(over="ignore", invalid="ignore"):
            return left @ right
    except ValueError as error:
        raise ValueError(
            f"G and step: expected matching leading axes, found {left.shape} and {right.shape}; make the runs agree."
        ) from error


def _finite(found: Any, what: str) -> Any:
    if not np.isfinite(found).all():
        raise ValueError(
            f"G: expected every {what} to fit into float64, found an overflow; "
            "divide the gradients by a common scale first."
        )
    return found
