"""Features that turn with the parameters: v_k = grad phi_k, and those of the softmax bandit."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from raylab import arguments
from raylab.records import Components, Jacobian, Parameters
from raylab.systems.bandit import SoftmaxBandit
from raylab.systems.factored.shapes import called


@dataclass(frozen=True)
class Potentials:
    """phi_k(theta) with their gradients v_k, for v_k that turn with theta.

    phi: (..., d) -> (..., K). gradient: (..., d) -> (..., K, d). parameters: d. Both are tried at the door at a few
    points near 0, the gradient against differences of phi.
    Raises TypeError or ValueError where they return something else, or disagree.
    """

    phi: Callable[[Any], Any]
    gradient: Callable[[Any], Any]
    parameters: int

    def __post_init__(self) -> None:
        d = arguments.count(self.parameters, "parameters", 1)
        if d > 100_000:
            raise ValueError(f"parameters: expected at most 100000, found {d}; choose less.")
        object.__setattr__(self, "parameters", d)
        for name in ("phi", "gradient"):
            arguments.function(getattr(self, name), name)
        points = np.random.default_rng(0).normal(scale=0.5, size=(3, d))
        value = arguments.array(called(self.phi, points, "phi"), "phi(theta)", "3 K")
        v = arguments.array(called(self.gradient, points, "gradient"), "gradient(theta)", f"3 {value.shape[-1]} {d}")
        along = np.random.default_rng(1).normal(size=d)
        along *= 1e-3 / np.linalg.norm(along)
        pushed = [arguments.array(self.phi(points + n * along), "phi(theta)", "3 K") for n in (-2, -1, 1, 2)]
        wanted = (pushed[0] - 8 * pushed[1] + 8 * pushed[2] - pushed[3]) / 12
        off = np.abs(v @ along - wanted)
        if (off > 1e-7 * (np.abs(v).max() + np.abs(wanted / 1e-3).max())).any():
            n, k = np.unravel_index(np.argmax(off), off.shape)
            raise ValueError(
                f"gradient: expected the gradient of phi, {wanted[n, k] / 1e-3:.6g} along a step at theta = "
                f"{points[n, :4]!s:.60}, component {k}, by differences, found {(v @ along)[n, k] / 1e-3:.6g}; "
                "v_k must be the gradient of phi_k."
            )


def log_odds(contexts: int, actions: int, shared_bias: bool = True) -> Potentials:
    """phi_k = log odds of the right action of a softmax policy, theta as in `SoftmaxBandit`: v_k turns where n > 2.

    With f(u) = u (1 - u) it is the K x n bandit, J_k = sigmoid(phi_k). Raises TypeError or ValueError as that does.
    """
    bandit = SoftmaxBandit(contexts, actions, shared_bias)
    d = max(block.stop for block in bandit.slices.values())
    arguments.count(d, "actions", 1)
    return Potentials(_Odds(bandit), _OddsGradient(bandit), d)


def _logits(bandit: SoftmaxBandit, theta: Parameters) -> tuple[Components, NDArray[np.float64]]:
    """Logit of the right action (..., K), and all logits (..., K, n) with that one at -inf."""
    n, K = bandit.actions, bandit.contexts
    z = theta[..., : n * K].reshape(*theta.shape[:-1], n, K)
    if bandit.shared_bias:
        z = z + theta[..., n * K :, None]
    z = np.swapaxes(z, -1, -2)
    own = np.eye(K, n, dtype=bool)
    return np.diagonal(z, axis1=-2, axis2=-1), np.where(own, -np.inf, z)


@dataclass(frozen=True)
class _Odds:
    bandit: SoftmaxBandit

    def __call__(self, theta: Parameters) -> Components:
        right, wrong = _logits(self.bandit, theta)
        most = wrong.max(axis=-1)
        return right - most - np.log(np.exp(wrong - most[..., None]).sum(axis=-1))


@dataclass(frozen=True)
class _OddsGradient:
    bandit: SoftmaxBandit

    def __call__(self, theta: Parameters) -> Jacobian:
        _, wrong = _logits(self.bandit, theta)
        share = np.exp(wrong - wrong.max(axis=-1, keepdims=True))
        share /= share.sum(axis=-1, keepdims=True)
        by_logit = np.eye(self.bandit.contexts, self.bandit.actions) - share
        K, n = by_logit.shape[-2:]
        W = np.einsum("...kn,kj->...knj", by_logit, np.eye(K)).reshape(*by_logit.shape[:-1], n * K)
        return np.concatenate([W, by_logit], axis=-1) if self.bandit.shared_bias else W
