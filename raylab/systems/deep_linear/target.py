"""What a linear network has to learn: the whitened target, its modes, and how they meet the inputs' covariance."""

from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from raylab import arguments

Matrix = NDArray[np.float64]
_ROUNDING = 1e-12  # of the largest: what lies below is an eigenvalue or a singular value that is 0
_ALIKE = 1e-9  # of the largest: two matrices that differ by less are the same


@dataclass(frozen=True, eq=False)
class Target:
    """correlation (out, in), covariance (in, in) or None, its root R or None, whitened = correlation R^-1 and its SVD.

    left: (out, out), u_1 ... u_r first; right: (in, r).
    """

    correlation: Matrix
    covariance: Matrix | None
    root: Matrix | None
    whitened: Matrix
    left: Matrix
    singular: Annotated[Matrix, "r"]
    right: Matrix
    variances: Annotated[Matrix, "r"]
    decoupled: bool


def read(target: Any, covariance: Any) -> Target:
    """The target of these two moments; TypeError or ValueError where they are no moments of any data."""
    correlation = _frozen(arguments.array(target, "target", "out in"))
    most = np.abs(correlation).max()
    if not 1e-50 < most < 1e50:
        raise ValueError(f"target: expected a largest entry within [1e-50, 1e50], found {most:g}; scale it.")
    if covariance is None:
        return _read(correlation, None, None, correlation)
    given = arguments.array(covariance, "covariance", "in in")
    if len(given) != correlation.shape[1]:
        raise ValueError(
            f"covariance: expected shape {2 * correlation.shape[1:]} as the target has inputs, found {given.shape}; "
            "it is E[x x^T], and target E[y x^T]."
        )
    root, inverse = _roots(given)
    whitened = correlation @ inverse
    if np.abs(whitened @ root - correlation).max() > _ALIKE * most:
        raise ValueError(
            "covariance: expected inputs that vary wherever the target asks, found a direction in which they are 0 and "
            "the target is not; leave those inputs out, or take both moments of the same data."
        )
    return _read(correlation, _frozen(given), root, whitened)


def _roots(covariance: Matrix) -> tuple[Matrix, Matrix]:
    """Its symmetric root, and the inverse of that where it is not 0."""
    most = np.abs(covariance).max()
    if not 1e-50 < most < 1e50:
        raise ValueError(
            f"covariance: expected a largest entry within [1e-50, 1e50], found {most:g}; scale the inputs."
        )
    off = np.abs(covariance - covariance.T).max()
    if off > _ROUNDING * most:
        raise ValueError(
            f"covariance: expected a symmetric matrix, found entries that differ by {off:.3g} from those across the "
            "diagonal; pass E[x x^T], computed in float64."
        )
    values, vectors = np.linalg.eigh((covariance + covariance.T) / 2)
    least = -_ROUNDING * most * len(values)
    if values[0] < least:
        raise ValueError(
            f"covariance: expected no eigenvalue below 0, found the smallest eigenvalue {values[0]:.6g}; pass "
            "E[x x^T], computed in float64."
        )
    there = values > -least
    sizes = np.sqrt(np.where(there, values, 0.0))
    inverse = np.divide(1.0, sizes, out=np.zeros_like(sizes), where=there)
    return (vectors * sizes) @ vectors.T, (vectors * inverse) @ vectors.T


def _read(correlation: Matrix, covariance: Matrix | None, root: Matrix | None, whitened: Matrix) -> Target:
    U, s, Vt = np.linalg.svd(whitened)
    rank = int((s > s[0] * _ROUNDING * max(whitened.shape)).sum())
    s, right = s[:rank], Vt[:rank].T
    if covariance is not None:
        U, right = _told_apart(U, s, right, covariance)
    moved = right if covariance is None else covariance @ right
    variances = (right * moved).sum(axis=0)
    decoupled = bool((np.abs(moved - right * variances) <= _ALIKE * np.abs(moved).max()).all())
    parts = (_frozen(part) for part in (U, s, right, variances))
    left, singular, right, variances = parts
    return Target(
        correlation, covariance, root, _frozen(whitened), left, singular, right, _frozen(variances), decoupled
    )


def _told_apart(U: Matrix, s: Matrix, V: Matrix, covariance: Matrix) -> tuple[Matrix, Matrix]:
    """U and V, where among modes of equal strength, free to turn together, the covariance has chosen the axes."""
    U, V = U.copy("K"), V.copy("K")
    for group in np.split(np.arange(len(s)), np.flatnonzero(s[:-1] - s[1:] > _ROUNDING * s[0]) + 1):
        if len(group) > 1:
            turn = np.linalg.eigh(V[:, group].T @ covariance @ V[:, group])[1][:, ::-1]
            U[:, group], V[:, group] = U[:, group] @ turn, V[:, group] @ turn
    return U, V


def _frozen(array: Matrix) -> Matrix:
    kept = np.array(array)
    kept.flags.writeable = False
    return kept
