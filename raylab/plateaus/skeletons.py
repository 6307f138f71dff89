"""The skeleton of a staircase: the piecewise-linear path of the logits from very low starts, and where it has no end.

Every component has a height, its distance |x| from its own border J = 1/2, and moves at e^-height: to leading order
only the lowest move. A stretch in which the lowest height is h takes the time e^h: log time is the largest h so far.
"""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import ArrayLike, NDArray

from raylab import arguments
from raylab.plateaus.walks import follow
from raylab.systems import factored

Vector = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Skeleton:
    """The piecewise-linear path that the logits follow from very low starts, to leading order in their size.

    logits (M, K): its corners. log_times (M,): logarithm of the time there. order: the components in the order in which
    they are learned. waits (K,): log of the time at which each one is, inf for those that never are. gaps (K,): log of
    the time since the one before was, which is far less where waits shrink. Both are 0 for those that begin above 1/2.
    """

    logits: Annotated[Vector, "M K"]
    log_times: Annotated[Vector, "M"]
    order: tuple[int, ...]
    waits: Annotated[Vector, "K"]
    gaps: Annotated[Vector, "K"]


def skeleton(logits: ArrayLike, gram: ArrayLike) -> Skeleton:
    """Follow x_k' = sum_j gram[k, j] e^-|x_j| where the largest outweighs the rest, from `logits` (K,).  [ledger N10]

    Who is nearest to the own border x = 0 moves and pulls the others along by the inner products of the features.
    Learned components that are equally near move on together, in the direction of the largest margin to all of them.
    Any lengths and cosines that features can have, and any starts but equal ones. Log waits of the flow differ by what
    moving the start by a few logits makes of them.
    Raises TypeError or ValueError for malformed arguments, for a matrix that no features have, and where two unlearned
    components become equally near, so that what comes next is decided below the leading order.
    """
    x, V = arguments.array(logits, "logits", "K"), factored.features(gram)
    if len(V) != len(x):
        raise ValueError(
            f"gram: expected shape ({len(x)}, {len(x)}) for {len(x)} logits, found {V.shape}; give each one a feature."
        )
    return Skeleton(*follow(x, V / np.linalg.norm(V, axis=-1).max(), np.arange(len(x))))


def bandit_skeleton(logits: ArrayLike) -> Skeleton:
    """The same for the softmax bandit with a shared bias, from `logits` (n, K).  [ledger S40]

    logits[a, k] = W[a, k] + b[a] for n actions and K contexts; action k is right in context k. Each pair (context k,
    wrong action a) moves like a component with the constant feature e_k - e_a, once in column k of W and once in b. In
    a context that waits, the strongest wrong actions decide, and those that are equally strong stay so.
    `logits` of the answer (M, K) are those of J_k: the right action's less that of the strongest wrong one.
    Raises TypeError or ValueError for malformed arguments and equal starts, as `skeleton`.
    """
    z = arguments.array(logits, "logits", "n K")
    n, K = z.shape
    if n < max(K, 2):
        raise ValueError(
            f"logits: expected at least as many actions as contexts, and two, found shape {z.shape}; "
            "the right action of context k is action k, so add actions."
        )
    pairs = [(k, a) for k in range(K) for a in range(n) if a != k]
    V = np.zeros((len(pairs), K + 1, n))
    for row, (k, a) in zip(V, pairs, strict=True):
        row[k, [k, a]] = row[K, [k, a]] = 1.0, -1.0
    x = np.array([z[k, k] - z[a, k] for k, a in pairs])
    return Skeleton(*follow(x, V.reshape(len(pairs), -1) / 2, np.array([k for k, _ in pairs])))


def traps(gram: ArrayLike) -> list[tuple[int, ...]]:
    """The sets of learned components that keep an open set of starts for ever, where f = u (1 - u).  [ledger N11]

    A learned set moves on along u, the shortest vector with u . v_j >= 1 for its features; an unlearned k sinks at
    -u . v_k, and if that is above 1 for every one of them, nobody ever catches up. `systems.factored.traps` has the
    same for any f.
    Raises TypeError or ValueError for a malformed argument, for a matrix that no features have and for more than 16
    components.
    """
    return factored.traps(gram, factored.on_policy)
