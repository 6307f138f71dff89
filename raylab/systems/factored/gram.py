"""The inner products of constant features: which K x K numbers can be that, and features that have them."""

from functools import lru_cache
from typing import Annotated, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from raylab import arguments

Gram = Annotated[NDArray[np.float64], "K K"]
_ROUNDING = 1e-12  # of the largest entry: an eigenvalue this far below 0 is one that is 0


def equal_cosines(components: int, cosine: float, square: float = 1.0) -> Gram:
    """The Gram matrix of K features with the same norm squared and one cosine between every two, (K, K).

    Raises TypeError or ValueError for sizes that are none, ValueError below -1 / (K - 1): more than two directions
    cannot all be opposite to each other.
    """
    K = arguments.count(components, "components", 1)
    if K > 1000:
        raise ValueError(f"components: expected at most 1000, found {K}; choose less.")
    square = arguments.number(square, "square", 1e-100, 1e100)
    c = arguments.number(cosine, "cosine", -1.0, 1.0)
    if K > 1 and c < -1 / (K - 1) - 1e-12:
        raise ValueError(
            f"cosine: expected at least -1 / (K - 1) = {-1 / (K - 1):.6g} for {K} components, found {c:g}; "
            "so many directions cannot all be that opposed."
        )
    return square * (c + (1 - c) * np.eye(K))


def features(gram: ArrayLike) -> Annotated[NDArray[np.float64], "K K"]:
    """Rows v_k with v_k . v_j = gram[k, j]: the symmetric square root, (K, K) -> (K, K).

    Raises TypeError or ValueError if no such rows exist: the message names the smallest eigenvalue, and for equal
    cosines the least one that K of them can have.
    """
    values, vectors = np.linalg.eigh(valid_gram(gram))
    return (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T


def valid_gram(gram: Any) -> Gram:
    """`gram` as float64 (K, K), read-only: inner products of features that are not 0. Each value is looked at once."""
    if type(gram) is not np.ndarray or gram.dtype != np.float64 or gram.ndim != 2 or gram.shape[0] != gram.shape[1]:
        gram = arguments.array(gram, "gram", "K K")
    return _looked_at(gram.tobytes(), len(gram))


@lru_cache(maxsize=256)  # a law asks for the same one at every step
def _looked_at(entries: bytes, K: int) -> Gram:
    G = arguments.array(np.frombuffer(entries).reshape(K, K), "gram", "K K")
    most = np.abs(G).max()
    if not 1e-100 < most < 1e100 or (np.diag(G) <= 1e-100).any():
        raise ValueError(
            f"gram: expected norms squared within [1e-100, 1e100], found {np.diag(G)[:6].tolist()}; scale them."
        )
    if (np.abs(G - G.T) > _ROUNDING * most).any():
        raise ValueError(
            "gram: expected a symmetric matrix, found gram[k, j] that is not gram[j, k]; mend one of them."
        )
    least = float(np.linalg.eigvalsh(G)[0])
    if least < -_ROUNDING * most * K:
        size = np.sqrt(np.diag(G))
        cosines = (G / size / size[:, None])[~np.eye(K, dtype=bool)]
        equal = np.ptp(cosines) < 1e-9
        bound = f"; equal cosines must be at least -1 / (K - 1) = {-1 / (K - 1):.6g}, here {cosines[0]:.6g}"
        raise ValueError(
            f"gram: expected the inner products of real vectors (no eigenvalue below 0), found the smallest eigenvalue "
            f"{least:.6g}{bound if equal else ''}; lessen what is opposed."
        )
    return G
