"""The policies of the bandits by their logits: what Fisher matrix, entropy and baseline are made of.

In every context k the logits are linear in theta, and the right action stands first: L[k, a] . theta, a = 0, 1, ...
A pair of actions a < b of context k has log odds l = (L[k, a] - L[k, b]) . theta and Fisher weight w = pi_a pi_b. With
a sum over the pairs of context k

    grad J_k = sum w [a = 0] grad l
    grad H_k = -sum w l grad l           H_k: entropy in nats
    F_k      = sum w grad l grad l^T     the Fisher matrix of context k

so that no difference of nearly equal numbers is taken, and a weight that underflows to 0
takes nothing with it but its own term.
"""

from itertools import combinations
from typing import Annotated, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from raylab.records import Parameters
from raylab.systems.bandit import Bandit, SoftmaxBandit, on_policy

Matrix = NDArray[np.float64]
Logits = Annotated[Matrix, "K n d"]


class Pairs(NamedTuple):
    """All pairs of actions of all contexts, R of them; fields as in the head of this module."""

    first: Annotated[NDArray[np.intp], "R"]
    second: Annotated[NDArray[np.intp], "R"]
    context: Annotated[NDArray[np.intp], "R"]
    rows: Annotated[Matrix, "R d"]  # grad l


def by_logits(learner: Any) -> Logits:
    """L of a bandit that draws its own samples.

    Raises TypeError for any other learner, ValueError for another coupling than `on_policy`.
    """
    if not isinstance(learner, Bandit | SoftmaxBandit):
        raise TypeError(
            f"learner: expected a Bandit or a SoftmaxBandit, found a value of type {type(learner).__name__}; "
            "of no other is the policy known here by its logits."
        )
    if learner.coupling is not on_policy:
        raise ValueError(
            f"learner: expected one that draws its own samples, found the coupling {learner.coupling!r:.60}; "
            "leave coupling=on_policy."
        )
    if isinstance(learner, Bandit):
        return np.stack([learner.features, np.zeros_like(learner.features)], axis=1)
    n, K = learner.actions, learner.contexts
    logits = []
    for k in range(K):
        order = [k, *(a for a in range(n) if a != k)]
        W = np.zeros((n, n, K))
        W[np.arange(n), order, k] = 1.0
        logits.append(learner.parameters(W, np.eye(n)[order] if learner.shared_bias else None))
    return np.stack(logits)


def pairs(logits: Logits) -> Pairs:
    """Every pair of actions of every context."""
    K, n, _ = logits.shape
    a, b = np.array(list(combinations(range(n), 2))).T
    rows = logits[:, a] - logits[:, b]
    return Pairs(np.tile(a, K), np.tile(b, K), np.repeat(np.arange(K), len(a)), rows.reshape(-1, logits.shape[-1]))


def probabilities(logits: Logits, parameters: Parameters) -> Annotated[Matrix, "... K n"]:
    """pi(a | k), the right action first."""
    z = np.einsum("knd,...d->...kn", logits, parameters)
    e = np.exp(z - z.max(axis=-1, keepdims=True))  # the largest is e^0: no overflow
    return e / e.sum(axis=-1, keepdims=True)


def weights(logits: Logits, of: Pairs, parameters: Parameters) -> Annotated[Matrix, "... R"]:
    """w of every pair, (..., d) -> (..., R)."""
    pi = probabilities(logits, parameters)
    return pi[..., of.context, of.first] * pi[..., of.context, of.second]


def rows_by_context(of: Pairs, factors: Annotated[Matrix, "... R"], contexts: int) -> Annotated[Matrix, "... K d"]:
    """Row k: the sum of factors x grad l over the pairs of context k."""
    apart = factors.reshape(*factors.shape[:-1], contexts, -1)  # pairs stand context by context
    return np.einsum("...kp,kpd->...kd", apart, of.rows.reshape(contexts, -1, of.rows.shape[-1]))
