"""What 08.4 and 08.8 share: a target, and its own directions."""

from typing import Any

import numpy as np


def distinct(rng: np.random.Generator, outs: int, ins: int) -> Any:
    """A target with well separated singular values: the vectors of equal ones would be anybody's choice."""
    r = min(outs, ins)
    U, V = (np.linalg.qr(rng.normal(size=(n, r)))[0] for n in (outs, ins))
    return (U * (3.0 * 0.55 ** np.arange(r))) @ V.T


def axes(target: Any) -> Any:
    """The vectors u and v of the target, both as columns."""
    U, _, Vt = np.linalg.svd(target, full_matrices=False)
    return U, Vt.T


def mistaken_axes(target: Any) -> Any:
    """u, and the columns of Vᵀ as if they were the v."""
    U, s, Vt = np.linalg.svd(target)
    return U[:, : len(s)], Vt[:, : len(s)]
