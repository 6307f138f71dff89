"""Deep linear networks: y = W_L ... W_1 x under half the mean squared error.  [Schaul19 Sec. 3.4]

With S_xy = E[y x^T], S_xx = E[x x^T] = R^2 and the whitened target T = S_xy R^-1, the error E = T - W R holds the
whole loss: loss = (least loss of any linear map) + sum of E's entries squared / 2. `splits` says how that is split.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Annotated

import numpy as np
from numpy.typing import ArrayLike, NDArray

from raylab import arguments
from raylab.records import Components, Jacobian, Parameters, Performance
from raylab.systems.deep_linear import splits
from raylab.systems.deep_linear.products import Layer, before, squares, turned, within
from raylab.systems.deep_linear.target import Target, read


@dataclass(frozen=True, eq=False)
class DeepLinear:
    """A linear network of len(widths) + 1 layers as a learner; in numpy, and nothing is sampled.  [Schaul19 Sec. 3.4]

    target: E[y x^T], (out, in). widths: of the hidden layers, from the input's side; empty for a single layer.
    covariance: E[x x^T], (in, in); None for white inputs, E[x x^T] = 1. split: which components, "modes" (K = r + 1,
    the last one J_cross) or "outputs" (K = out). Parameters (..., d) are W_1 (widths[0], in) row by row, then W_2, ...
    Time is step size x updates on the mean squared error halved, Saxe's tau = 1.
    Both moments count as exact: take them in float64, where rounding adds no modes of its own.
    Raises TypeError or ValueError if the target is no finite matrix or zero, a width no whole number from 1 on, the
    covariance not symmetric, not positive, or 0 in a direction in which the target is not.
    """

    target: Annotated[NDArray[np.float64], "out in"]
    widths: Sequence[int] = ()
    covariance: Annotated[NDArray[np.float64], "in in"] | None = None
    split: str = "modes"
    _of: Target = field(init=False, repr=False)

    def __post_init__(self) -> None:
        of = read(self.target, self.covariance)
        widths = arguments.sequence(self.widths, "widths")
        widths = tuple(arguments.count(width, f"widths[{i}]") for i, width in enumerate(widths))
        if arguments.text(self.split, "split") not in splits.NAMES:
            raise ValueError(f'split: expected "modes" or "outputs", found {self.split!r}; choose one of them.')
        for name, value in (("_of", of), ("target", of.correlation), ("covariance", of.covariance), ("widths", widths)):
            object.__setattr__(self, name, value)
        if self.size > 10**8:
            raise ValueError(f"widths: expected at most 10^8 parameters, found {self.size}; choose narrower layers.")

    @property
    def depth(self) -> int:
        """L, the number of layers."""
        return len(self.widths) + 1

    @property
    def shapes(self) -> tuple[tuple[int, int], ...]:
        """Of W_1 ... W_L."""
        outs, ins = self.target.shape
        return tuple((wide, narrow) for narrow, wide in pairwise((ins, *self.widths, outs)))

    @property
    def size(self) -> int:
        """d, the number of parameters."""
        return sum(wide * narrow for wide, narrow in self.shapes)

    @property
    def slices(self) -> dict[str, slice]:
        """Where W1, W2, ... stand among the parameters; for `interference.inner_by_block`."""
        ends = np.cumsum([0, *(wide * narrow for wide, narrow in self.shapes)]).tolist()
        return {f"W{i + 1}": slice(*ends[i : i + 2]) for i in range(self.depth)}

    @property
    def singular(self) -> Annotated[NDArray[np.float64], "r"]:
        """s_1 >= ... >= s_r > 0, of the whitened target."""
        return self._of.singular

    @property
    def left(self) -> Annotated[NDArray[np.float64], "out r"]:
        """u_1 ... u_r as columns; each up to a sign that it shares with v_a.

        Modes of equal strength could turn together: the covariance chooses among them, the larger variance first.
        """
        return self._of.left[:, : len(self.singular)]

    @property
    def right(self) -> Annotated[NDArray[np.float64], "in r"]:
        """v_1 ... v_r as columns."""
        return self._of.right

    @property
    def variances(self) -> Annotated[NDArray[np.float64], "r"]:
        """v_a^T E[x x^T] v_a, of the inputs along each mode: 1 where they are white."""
        return self._of.variances

    @property
    def decoupled(self) -> bool:
        """True if every v_a is an eigenvector of the covariance: aligned modes then never meet. White inputs: always.

        Otherwise a network of any depth that starts in the target's own singular vectors leaves them.
        """
        return self._of.decoupled

    @property
    def tops(self) -> Annotated[NDArray[np.float64], "K"]:
        """The largest value of each component: s_a^2 / 2, and 0 for J_cross and for outputs beyond the rank."""
        return splits.tops(self._of, self.split)

    def layers(self, parameters: ArrayLike) -> tuple[Layer, ...]:
        """W_1 ... W_L, each (..., wide, narrow), as views where that is possible."""
        theta = arguments.array(parameters, "parameters", "... d")
        if theta.shape[-1] != self.size:
            raise ValueError(
                f"parameters: expected {self.size} on the last axis, found shape {theta.shape}; "
                f"those of layers of shape {', '.join(map(str, self.shapes))}."
            )
        blocks = zip(self.slices.values(), self.shapes, strict=True)
        return tuple(theta[..., block].reshape(*theta.shape[:-1], *shape) for block, shape in blocks)

    def parameters(self, layers: Sequence[ArrayLike]) -> Parameters:
        """The inverse of `layers`: (W_1 ... W_L), with the same leading axes or none, -> (..., d).

        Raises TypeError or ValueError unless there is one array for each layer, of its shape.
        """
        arguments.sequence(layers, "layers", self.depth)
        kept = [
            arguments.array(W, f"layers[{i}]", f"... {m} {n}")
            for i, (W, (m, n)) in enumerate(zip(layers, self.shapes, strict=True))
        ]
        try:
            lead = np.broadcast_shapes(*(W.shape[:-2] for W in kept))
        except ValueError as error:
            found = [W.shape[:-2] for W in kept]
            raise ValueError(f"layers: expected the same leading axes, found {found}; make the runs agree.") from error
        return np.concatenate([np.broadcast_to(W, (*lead, *W.shape[-2:])).reshape(*lead, -1) for W in kept], axis=-1)

    def product(self, parameters: ArrayLike) -> Annotated[NDArray[np.float64], "... out in"]:
        """W = W_L ... W_1, (..., d) -> (..., out, in)."""
        layers = self.layers(parameters)
        with np.errstate(over="ignore", invalid="ignore"):
            W = layers[0]
            for layer in layers[1:]:
                W = layer @ W
        return within(W)

    def strengths(self, parameters: ArrayLike) -> Annotated[NDArray[np.float64], "... r"]:
        """u_a^T W R v_a: how much of each of the target's modes is there, (..., d) -> (..., r); s_a at the end.

        Projected, not sorted: the singular values of W itself in falling order would swap labels where two cross.
        """
        return splits.strengths(self._of, self._product(parameters))

    def loss(self, parameters: ArrayLike) -> Performance:
        """Half the mean squared error above that of the best linear map, |E|^2 / 2, (..., d) -> (...)."""
        return squares(self._of.whitened - self._product(parameters)) / 2

    def invariants(self, parameters: ArrayLike) -> tuple[Layer, ...]:
        """W_{l+1}^T W_{l+1} - W_l W_l^T for l = 1 ... L - 1: constant along the flow, zero if balanced.

        Each of shape (..., h, h), h the width between the two layers. Whatever the data, and not only for white inputs.
        """
        layers = self.layers(parameters)
        with np.errstate(over="ignore", invalid="ignore"):
            return tuple(within(turned(later) @ later - W @ turned(W)) for W, later in pairwise(layers))

    def components(self, parameters: Parameters) -> Components:
        """J_k in units of the loss, (..., d) -> (..., K); at most `tops`, and without a lower bound."""
        return splits.components(self._of, self.split, self._product(parameters))

    def gradients(self, parameters: Parameters) -> Jacobian:
        """grad J_k, (..., d) -> (..., K, d)."""
        return splits.gradients(self._of, self.split, self.layers(parameters))

    def updates(self, parameters: Parameters) -> Jacobian:
        """The gradients themselves, (..., d) -> (..., K, d): gradient descent on the loss."""
        return self.gradients(parameters)

    def _product(self, parameters: ArrayLike) -> Layer:
        """W R, (..., out, in)."""
        layers = self.layers(parameters)
        with np.errstate(over="ignore", invalid="ignore"):
            return within(layers[-1] @ before(layers, self._of.root)[-1])
