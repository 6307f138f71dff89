"""The loss of a linear network, split by the singular vectors of its target.  [Schaul19 Sec. 3.4]

With the whitened target T = sum_a s_a u_a v_a^T and the error E = T - W R, loss - (least loss) is the sum of E's
entries squared / 2, in any pair of orthonormal bases. So it can be split, exactly:

    "modes"     J_a = (s_a^2 - (u_a^T E v_a)^2) / 2, a = 1 ... r, and J_cross = - (all that is left of |E|^2) / 2
    "outputs"   J_a = (s_a^2 - |u_a^T E|^2) / 2, a = 1 ... out, with s_a = 0 beyond the rank r

Either way the components add up to sum_a s_a^2 / 2 - (loss - least loss): 0 for W = 0, the most that can be had for
W R = T. `product` is W R throughout.
"""

from collections.abc import Sequence

import numpy as np

from raylab.records import Components, Jacobian
from raylab.systems.deep_linear.products import Layer, after, before, diagonal, outer, squares, turned, within
from raylab.systems.deep_linear.target import Target

NAMES = ("modes", "outputs")


def tops(of: Target, split: str) -> Components:
    """The largest value of each component, (K,)."""
    r = len(of.singular)
    padded = np.zeros(r + 1 if split == "modes" else len(of.left))
    padded[:r] = of.singular**2 / 2
    return padded


def strengths(of: Target, product: Layer) -> Components:
    """u_a^T W R v_a, (..., out, in) -> (..., r)."""
    with np.errstate(over="ignore", invalid="ignore"):
        return within(diagonal(turned(of.left[:, : len(of.singular)]) @ product @ of.right))


def components(of: Target, split: str, product: Layer) -> Components:
    """J_k, (..., out, in) -> (..., K)."""
    with np.errstate(over="ignore", invalid="ignore"):
        if split == "outputs":  # u_a^T T . u_a^T W R - |u_a^T W R|^2 / 2: no digits lost where W is small
            rows, wanted = (turned(of.left) @ matrix for matrix in (product, of.whitened))
            return within((rows * (wanted - rows / 2)).sum(axis=-1))
        w = strengths(of, product)
        rest = squares(_cross(of, product, w))
        return within(np.concatenate([w * (of.singular - w / 2), -rest[..., None] / 2], axis=-1))


def gradients(of: Target, split: str, layers: Sequence[Layer]) -> Jacobian:
    """grad J_k, (..., K, d): the block of W_l is (W_L ... W_{l+1})^T M_k R (W_{l-1} ... W_1)^T.

    M_k, by which J_k changes with W R: (u_a^T E v_a) u_a v_a^T for a mode, u_a u_a^T E for an output.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        first, last = before(layers, of.root), after(layers)
        blocks = (_outputs if split == "outputs" else _modes)(of, layers[-1] @ first[-1], first, last)
        return within(np.concatenate(blocks, axis=-1))


def _modes(of: Target, product: Layer, first: list[Layer], last: list[Layer]) -> list[Jacobian]:
    w, left = strengths(of, product), of.left[:, : len(of.singular)]
    error, cross = (of.singular - w)[..., None, :], _cross(of, product, w)
    blocks = []
    for X, Y in zip(first, last, strict=True):
        own = outer(turned(Y) @ left, (X @ of.right) * error)
        rest = turned(Y) @ cross @ turned(X)
        blocks.append(np.concatenate([own, rest.reshape(*rest.shape[:-2], 1, -1)], axis=-2))
    return blocks


def _outputs(of: Target, product: Layer, first: list[Layer], last: list[Layer]) -> list[Jacobian]:
    error = turned(of.whitened - product) @ of.left
    return [outer(turned(Y) @ of.left, X @ error) for X, Y in zip(first, last, strict=True)]


def _cross(of: Target, product: Layer, strengths: Components) -> Layer:
    """What of E no mode holds, (..., out, in)."""
    return (of.left[:, : len(of.singular)] * strengths[..., None, :]) @ turned(of.right) - product
