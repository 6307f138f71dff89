"""The natural gradient: steps measured by how much the policy changes, not the parameters.  [ledger N9]

It is a learner, and no way to combine updates: what it does to a gradient depends on theta through the Fisher matrix.
A `combine` sees the rows alone and stays (..., K, d) -> (..., d); one that needs chance closes over its own generator.
"""

from dataclasses import dataclass, field
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from raylab import arguments
from raylab.records import Components, Jacobian, Parameters
from raylab.systems import _policies
from raylab.systems.bandit import Bandit, SoftmaxBandit


def fisher(learner: Bandit | SoftmaxBandit, parameters: Parameters) -> Annotated[NDArray[np.float64], "... d d"]:
    """F = sum_k E[score score^T], the Fisher matrix of the policy summed over contexts: (..., d) -> (..., d, d).

    For `Bandit` sum_k J_k (1 - J_k) v_k v_k^T; for `SoftmaxBandit` the sum over contexts and actions of
    pi(a|k) grad log pi(a|k) grad log pi(a|k)^T. Its rank is below d wherever a direction leaves the policy as it is.
    Raises TypeError or ValueError unless the learner is a bandit that draws its own samples and theta fits it.
    """
    logits = _policies.by_logits(learner)
    of = _policies.pairs(logits)
    w = _policies.weights(logits, of, _checked(learner, parameters))
    return np.einsum("...r,ri,rj->...ij", w, of.rows, of.rows)


@dataclass(frozen=True)
class Natural:
    """Updates F^+ grad J_k with the exact Fisher matrix F, summed over contexts.  [ledger N9]

    Where every log odds can be moved on its own (all of `SoftmaxBandit`; `Bandit` with linearly independent features)
    the update for component k moves the log odds of its right action at rate one and no other's, at every theta:
    dJ_k/dt = J_k (1 - J_k), whatever the features. Where features depend on each other, it comes as near to that as
    the metric F says.
    F is never formed or inverted, so small probabilities do no harm. Time is in nats of log odds.
    Raises TypeError unless `learner` is a Bandit or a SoftmaxBandit, ValueError unless it draws its own samples.
    """

    learner: Bandit | SoftmaxBandit
    _of: Any = field(init=False, repr=False, compare=False)
    _free: Any = field(init=False, repr=False, compare=False)  # the updates where they do not depend on theta, or None

    def __post_init__(self) -> None:
        logits = _policies.by_logits(self.learner)
        of = _policies.pairs(logits)
        wanted = np.zeros((len(of.rows), len(logits)))  # right against wrong: rate 1; everything else: rest
        wanted[np.arange(len(of.rows)), of.context] = of.first == 0
        found = np.linalg.pinv(of.rows) @ wanted
        reached = np.allclose(of.rows @ found, wanted, rtol=0, atol=1e-9)
        object.__setattr__(self, "_of", of)
        object.__setattr__(self, "_free", found.T if reached else None)

    def components(self, parameters: Parameters) -> Components:
        """J_k of the learner, (..., d) -> (..., K)."""
        return self.learner.components(parameters)

    def gradients(self, parameters: Parameters) -> Jacobian:
        """grad J_k of the learner, (..., d) -> (..., K, d)."""
        return self.learner.gradients(parameters)

    def updates(self, parameters: Parameters) -> Jacobian:
        """F^+ grad J_k, (..., d) -> (..., K, d)."""
        parameters = _checked(self.learner, parameters)
        if self._free is not None:
            return np.broadcast_to(self._free, (*parameters.shape[:-1], *self._free.shape)).copy()
        d = parameters.shape[-1]
        points, which = np.unique(parameters.reshape(-1, d), axis=0, return_inverse=True)  # equal runs are solved once
        found = np.stack([self._nearest(theta) for theta in points])[which.ravel()]
        return found.reshape(*parameters.shape[:-1], *found.shape[1:])

    def sample(self, parameters: Parameters, rng: np.random.Generator) -> Jacobian:
        """F^+ (reward x score), one sample per context; its mean is `updates`.

        F is exact, the gradient is drawn: row k is `updates` / J_k where it was rewarded, which happens with
        probability J_k, else zero. What the exact flow gains at small J_k, this pays back in variance.
        """
        J, rows = self.learner.components(parameters), self.updates(parameters)
        drawn = arguments.generator(rng).random(J.shape) < J
        return np.divide(drawn, J, out=np.zeros_like(J), where=drawn)[..., None] * rows

    def _nearest(self, theta: Parameters) -> Annotated[NDArray[np.float64], "K d"]:
        """Only for `Bandit`: the u_k for which sum_j a_j (v_j . u_k - [j = k])^2 is least.

        Solved for y = v_j . u of the heaviest independent features, through which all others are written. An other one
        is lighter than each that it needs, so only ratios a_j / a_i <= 1 occur, and weights may differ by hundreds
        of orders of magnitude; a pseudo-inverse of F would drop the light ones.
        """
        V = self._of.rows
        x = np.abs(V @ theta)
        log = -x - 2 * np.log1p(np.exp(-x))
        basis, others = _heaviest_independent(V, np.argsort(-log, kind="stable"))
        back = np.linalg.pinv(V[basis])
        needs = V[others] @ back
        lighter = log[others, None] <= log[basis]
        share = np.where(lighter, needs * np.exp(np.minimum(log[others, None] - log[basis], 0.0)), 0.0).T
        wanted = np.zeros((len(basis), len(V)))
        wanted[np.arange(len(basis)), basis] = 1.0
        wanted[:, others] = share
        return (back @ np.linalg.solve(np.eye(len(basis)) + share @ np.where(lighter, needs, 0.0), wanted)).T


def _heaviest_independent(V: NDArray[np.float64], order: NDArray[np.intp]) -> tuple[list[int], list[int]]:
    """Indices of the rows that are linearly independent of those before them in `order`, and the rest."""
    basis, others, spanned = [], [], np.zeros((0, V.shape[1]))
    for j in order:
        rest = V[j] - spanned.T @ (spanned @ V[j])
        rest = rest - spanned.T @ (spanned @ rest)  # once more: the first pass leaves rounding behind
        if np.linalg.norm(rest) > 1e-9 * np.linalg.norm(V[j]):
            spanned = np.vstack([spanned, rest / np.linalg.norm(rest)])
            basis.append(int(j))
        else:
            others.append(int(j))
    return basis, others


def _checked(learner: Bandit | SoftmaxBandit, parameters: Parameters) -> Parameters:
    learner.components(parameters)  # speaks of a wrong length
    return arguments.array(parameters, "parameters", "... d")
