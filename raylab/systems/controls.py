"""Two changes to REINFORCE that are often tried first: a bonus for entropy, and a baseline."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from raylab import arguments
from raylab.records import Components, Jacobian, Parameters
from raylab.systems import _policies
from raylab.systems.bandit import Bandit, SoftmaxBandit


@dataclass(frozen=True)
class EntropyBonus:
    """Updates grad (J_k + weight H_k), H_k the entropy of the policy in context k in nats.

    For `Bandit` this is the coupling f(J) = J (1 - J) (1 - weight logit J): still 0 at J = 0, and 0 again where
    logit J = 1 / weight, beyond which the update turns back. So J_k >= 0.9 is out of reach from weight = 0.455 on.
    `gradients` are those of J_k alone: what would improve the components that are watched.
    Raises TypeError unless `learner` is a Bandit or a SoftmaxBandit and weight a number, ValueError unless the
    learner draws its own samples and weight >= 0.
    """

    learner: Bandit | SoftmaxBandit
    weight: float = 0.1
    _logits: Any = field(init=False, repr=False, compare=False)
    _of: Any = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        logits = _policies.by_logits(self.learner)
        object.__setattr__(self, "weight", arguments.number(self.weight, "weight", 0.0))
        object.__setattr__(self, "_logits", logits)
        object.__setattr__(self, "_of", _policies.pairs(logits))

    def components(self, parameters: Parameters) -> Components:
        """J_k of the learner, (..., d) -> (..., K)."""
        return self.learner.components(parameters)

    def gradients(self, parameters: Parameters) -> Jacobian:
        """grad J_k of the learner, without the bonus: (..., d) -> (..., K, d)."""
        return self.learner.gradients(parameters)

    def updates(self, parameters: Parameters) -> Jacobian:
        """grad (J_k + weight H_k), (..., d) -> (..., K, d)."""
        return self.learner.updates(parameters) + self._bonus(parameters)

    def sample(self, parameters: Parameters, rng: np.random.Generator) -> Jacobian:
        """Reward times score for one sample per context, plus the exact gradient of the bonus; mean: `updates`."""
        return self.learner.sample(parameters, rng) + self._bonus(parameters)

    def _bonus(self, parameters: Parameters) -> Jacobian:
        parameters = np.asarray(parameters, dtype=np.float64)  # the learner has looked at it
        odds = parameters @ self._of.rows.T
        pulls = -self.weight * _policies.weights(self._logits, self._of, parameters) * odds
        return _policies.rows_by_context(self._of, pulls, len(self._logits))


@dataclass(frozen=True)
class Baseline:
    """REINFORCE with the reward minus J_k: draws without a reward teach as well; the mean is what it was.

    Raises TypeError unless `learner` is a Bandit or a SoftmaxBandit, ValueError unless it draws its own samples.
    """

    learner: Bandit | SoftmaxBandit
    _logits: Any = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_logits", _policies.by_logits(self.learner))

    def components(self, parameters: Parameters) -> Components:
        """J_k of the learner, (..., d) -> (..., K)."""
        return self.learner.components(parameters)

    def gradients(self, parameters: Parameters) -> Jacobian:
        """grad J_k of the learner, (..., d) -> (..., K, d)."""
        return self.learner.gradients(parameters)

    def updates(self, parameters: Parameters) -> Jacobian:
        """grad J_k as without a baseline, (..., d) -> (..., K, d)."""
        return self.learner.updates(parameters)

    def sample(self, parameters: Parameters, rng: np.random.Generator) -> Jacobian:
        """(reward - J_k) x score of the action drawn, one sample per context; its mean is `updates`.

        The same generator rewards the same draws as it does in the learner's own `sample`.
        """
        J = self.learner.components(parameters)
        pi = _policies.probabilities(self._logits, np.asarray(parameters, dtype=np.float64))
        drawn = (arguments.generator(rng).random(J.shape)[..., None] >= np.cumsum(pi, axis=-1)).sum(axis=-1)
        chosen = np.minimum(drawn, pi.shape[-1] - 1)[..., None] == np.arange(pi.shape[-1])
        missing = pi[..., 1:].sum(axis=-1)  # 1 - J_k, also where J_k rounds to 1
        score = chosen - pi
        score[..., 0] = np.where(chosen[..., 0], missing, -pi[..., 0])
        advantage = np.where(chosen[..., 0], missing, -pi[..., 0])
        return np.einsum("...kn,knd->...kd", advantage[..., None] * score, self._logits)
