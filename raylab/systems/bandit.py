"""The K x n bandit and its two switches: what is shared, and who chooses the data.  [Schaul19 Sec. 2]

In context k the reward is 1 for action k and 0 otherwise, so J_k is the probability of the right action.
Every update here has the form f(J_k) v_k(theta) [Schaul19 Eq. 5]; the coupling f says who chooses the data,
the feature v_k what is shared.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from raylab import arguments
from raylab.records import Components, Jacobian, Parameters

SHARED_BIAS = np.array([[1.0, 0.0, 1.0], [0.0, 1.0, -1.0]])  # reduced 2 x 2 bandit: cosine -1/2
TABULAR = np.eye(2)  # a weight each, no bias: cosine 0, feature norm squared 1
SEPARATE = np.array([[1.0, 0.0, 1.0, 0.0], [0.0, 1.0, 0.0, -1.0]])  # a weight and a bias each: norm squared 2
for _features in (SHARED_BIAS, TABULAR, SEPARATE):
    _features.flags.writeable = False

Coupling = Callable[[Components], Components]


def on_policy(J: Components) -> Components:
    """f(J) = J (1 - J): what you never do, you never learn.  [Schaul19 Sec. 3.1]

    Raises TypeError or ValueError if J is not an array of numbers in [0, 1].
    """
    J = _probabilities(J)
    return J * (1 - J)


def supervised(J: Components) -> Components:
    """f(J) = 1 - J: the teacher does not wait for a success.  [Schaul19 Sec. 3.1]

    Raises TypeError or ValueError if J is not an array of numbers in [0, 1].
    """
    return 1 - _probabilities(J)


@dataclass(frozen=True)
class Mixed:
    """f(J) = ((1 - share) J + share / actions) (1 - J): that share of uniform behaviour mixed in.  [Schaul19 Fig. 6]

    Without importance weights. share = 0 is on-policy, share = 1 uniform behaviour: supervised, `actions` times as
    slow. A record rather than a closure, so that it can be sent to other processes and written down.
    Raises TypeError or ValueError unless share is a number in [0, 1] and actions a whole number of at least 2.
    """

    share: float
    actions: int = 2

    def __post_init__(self) -> None:
        object.__setattr__(self, "share", arguments.number(self.share, "share", 0.0, 1.0))
        object.__setattr__(self, "actions", arguments.count(self.actions, "actions", 2))

    def __call__(self, J: Components) -> Components:
        """f(J), (..., K) -> (..., K); TypeError or ValueError if J is not an array of numbers in [0, 1]."""
        J = _probabilities(J)
        return ((1 - self.share) * J + self.share / self.actions) * (1 - J)


@dataclass(frozen=True, eq=False)  # arrays have no single truth: two learners are equal if they are one
class Bandit:
    """K binary contexts in reduced parameters: J_k = sigmoid(features[k] . theta).  [Schaul19 Sec. 2.1]

    features: (K, d), row k is v_k. coupling: f, from (..., K) performances to (..., K) nonnegative factors.
    The default is the 2 x 2 bandit with a shared bias, theta in R^3, feature norm squared 2.
    Raises TypeError or ValueError if the features are no finite (K, d) array or a row of them is zero.
    """

    features: Annotated[NDArray[np.float64], "K d"] = field(default_factory=SHARED_BIAS.copy)
    coupling: Coupling = on_policy

    def __post_init__(self) -> None:
        kept = arguments.array(self.features, "features", "K d").copy()
        if not kept.any(axis=-1).all():
            raise ValueError(
                "features: expected every component to depend on a parameter, found a row of zeros; leave it out."
            )
        kept.flags.writeable = False
        object.__setattr__(self, "features", kept)
        arguments.function(self.coupling, "coupling")

    def components(self, parameters: Parameters) -> Components:
        """J_k = sigmoid(v_k . theta), (..., d) -> (..., K), in [0, 1]."""
        return _sigmoids(self._logits(parameters))[0]

    def gradients(self, parameters: Parameters) -> Jacobian:
        """grad J_k = J_k (1 - J_k) v_k, (..., d) -> (..., K, d).  [Schaul19 Sec. 2.1]"""
        x = self._logits(parameters)
        J, missing = _sigmoids(x)
        return (J * missing)[..., None] * self.features

    def updates(self, parameters: Parameters) -> Jacobian:
        """f(J_k) v_k, (..., d) -> (..., K, d).  [Schaul19 Eq. 5]"""
        x = self._logits(parameters)
        J, missing = _sigmoids(x)
        return (_chance(self.coupling, J, missing) * missing)[..., None] * self.features

    def sample(self, parameters: Parameters, rng: np.random.Generator) -> Jacobian:
        """One sample per context: (1 - J_k) v_k where it was rewarded, else zero; (..., K, d).

        Its mean over `rng` is `updates`: a sample is rewarded with probability f(J_k) / (1 - J_k), which is
        J_k on-policy and 1 for a teacher.  [Schaul19 Sec. 2]
        """
        x = self._logits(parameters)
        J, missing = _sigmoids(x)
        drawn = arguments.generator(rng).random(x.shape) < _chance(self.coupling, J, missing)
        return (drawn * missing)[..., None] * self.features

    def _logits(self, parameters: Parameters) -> Components:
        parameters = arguments.array(parameters, "parameters", "... d")
        _same_length(parameters, self.features.shape[-1])
        return parameters @ self.features.T


@dataclass(frozen=True)
class SoftmaxBandit:
    """K contexts, n actions, softmax policy in full parameters: W (n, K) row-major, then b (n).  [Schaul19 Sec. 2]

    The logit of action a in context k is W[a, k] + b[a]; without the shared bias b is absent. d = n K + n or n K.
    coupling: f as in `Bandit`; the updates are f(J_k) / (J_k (1 - J_k)) grad J_k.
    Raises TypeError for sizes that are no whole numbers, ValueError unless 1 <= contexts <= actions and actions >= 2.
    """

    contexts: int
    actions: int
    shared_bias: bool = True
    coupling: Coupling = on_policy

    def __post_init__(self) -> None:
        object.__setattr__(self, "contexts", arguments.count(self.contexts, "contexts", 1))
        object.__setattr__(self, "actions", arguments.count(self.actions, "actions", 2))
        if self.contexts > self.actions:
            raise ValueError(
                f"contexts: expected at most as many contexts as actions, found {self.contexts} > {self.actions}; "
                "the right action of context k is action k, so add actions."
            )
        if not isinstance(self.shared_bias, bool | np.bool_):
            raise TypeError(
                f"shared_bias: expected True or False, found {type(self.shared_bias).__name__}; pass a bool."
            )
        arguments.function(self.coupling, "coupling")

    @property
    def slices(self) -> dict[str, slice]:
        """The columns that belong to W and, if there is one, to b."""
        weights = self.actions * self.contexts
        biases = {"b": slice(weights, weights + self.actions)} if self.shared_bias else {}
        return {"W": slice(0, weights)} | biases

    def parameters(self, W: NDArray[np.float64], b: NDArray[np.float64] | None = None) -> Parameters:
        """W (..., n, K) and b (..., n) as one vector (..., d); leave b out where there is no shared bias."""
        W = arguments.array(W, "W", f"... {self.actions} {self.contexts}")
        flat = W.reshape(*W.shape[:-2], -1)
        if (b is not None) != self.shared_bias:
            raise ValueError(
                f"b: expected {'a bias' if self.shared_bias else 'no bias'} for shared_bias={self.shared_bias}, "
                f"found {'none' if b is None else 'one'}; make the two agree."
            )
        if b is None:
            return flat
        b = arguments.array(b, "b", f"... {self.actions}")
        if b.shape[:-1] != flat.shape[:-1]:
            raise ValueError(f"b: expected runs {flat.shape[:-1]} as in W, found {b.shape[:-1]}; make them agree.")
        return np.concatenate([flat, b], axis=-1)

    def policy(self, parameters: Parameters) -> Annotated[NDArray[np.float64], "... n K"]:
        """pi(a | k), (..., d) -> (..., n, K): column k is the policy in context k and sums to 1."""
        logits = self._logits(parameters)
        weights = np.exp(logits - logits.max(axis=-2, keepdims=True))  # the largest is e^0: no overflow
        return weights / weights.sum(axis=-2, keepdims=True)

    def components(self, parameters: Parameters) -> Components:
        """J_k = pi(k | k), (..., d) -> (..., K)."""
        return np.ascontiguousarray(np.diagonal(self.policy(parameters), axis1=-2, axis2=-1))

    def gradients(self, parameters: Parameters) -> Jacobian:
        """grad J_k = J_k grad log pi(k | k), (..., d) -> (..., K, d).  [Schaul19 Sec. 2]"""
        pi = self.policy(parameters)
        return self._rows(self._right(pi)[..., None] * self._scores(pi))

    def updates(self, parameters: Parameters) -> Jacobian:
        """f(J_k) / (1 - J_k) times the score of the right action, (..., d) -> (..., K, d).  [Schaul19 Eq. 5]"""
        pi = self.policy(parameters)
        return self._rows(self._chances(pi)[..., None] * self._scores(pi))

    def sample(self, parameters: Parameters, rng: np.random.Generator) -> Jacobian:
        """One sample per context: reward times score, (..., K, d); its mean is `updates`.  [Schaul19 Sec. 2]"""
        pi = self.policy(parameters)
        chances = self._chances(pi)
        drawn = arguments.generator(rng).random(chances.shape) < chances
        return self._rows(drawn[..., None] * self._scores(pi))

    def _logits(self, parameters: Parameters) -> NDArray[np.float64]:
        parameters = arguments.array(parameters, "parameters", "... d")
        n, K = self.actions, self.contexts
        _same_length(parameters, n * K + (n if self.shared_bias else 0))
        W = parameters[..., : n * K].reshape(*parameters.shape[:-1], n, K)
        return W + parameters[..., n * K :, None] if self.shared_bias else W

    def _right(self, pi: NDArray[np.float64]) -> Components:
        return np.diagonal(pi, axis1=-2, axis2=-1)

    def _wrong(self, pi: NDArray[np.float64]) -> Components:
        """1 - J_k as the sum over the wrong actions, which keeps its digits where J_k rounds to 1."""
        return np.where(np.eye(self.actions, self.contexts, dtype=bool), 0.0, pi).sum(axis=-2)

    def _scores(self, pi: NDArray[np.float64]) -> NDArray[np.float64]:
        """d log pi(k | k) / d logits of context k, (..., K, n)."""
        own = np.eye(self.actions, self.contexts, dtype=bool)
        return np.swapaxes(np.where(own, self._wrong(pi)[..., None, :], -pi), -1, -2)

    def _chances(self, pi: NDArray[np.float64]) -> Components:
        J = self._right(pi)
        return _chance(self.coupling, J, self._wrong(pi))

    def _rows(self, by_logit: NDArray[np.float64]) -> Jacobian:
        """(..., K, n) derivatives by the logits of one's own context -> (..., K, d)."""
        n, K = self.actions, self.contexts
        W = np.zeros((*by_logit.shape[:-2], K, n, K))
        for k in range(K):
            W[..., k, :, k] = by_logit[..., k, :]  # context k uses column k of W
        W = W.reshape(*by_logit.shape[:-2], K, n * K)
        return np.concatenate([W, by_logit], axis=-1) if self.shared_bias else W


def _chance(coupling: Coupling, J: Components, missing: Components) -> Components:
    """f(J) / (1 - J), the share of samples that teach; `missing` is 1 - J with all its digits."""
    if coupling is on_policy:  # J (1 - J) / (1 - J), also where 1 - J is 0
        return J
    f = arguments.array(coupling(J), "coupling(J)", "... K")
    if f.shape != J.shape or (f < 0).any() or (f > missing * (1 + 1e-9) + 1e-15).any():
        raise ValueError(
            f"coupling: expected factors f(J) of shape {J.shape} with 0 <= f(J) <= 1 - J, found shape {f.shape} "
            f"between {f.min():.4g} and {f.max():.4g}; a sample cannot be rewarded more than always."
        )
    return np.minimum(np.divide(f, missing, out=np.ones_like(J), where=missing > 0), 1.0)


def _sigmoids(x: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(J, 1 - J) for J = 1 / (1 + e^-x). e is raised to negative powers only, so that nothing overflows;
    and 1 - J keeps the digits that a subtraction loses where J rounds to 1."""
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0, e) / (1.0 + e), np.where(x >= 0, e, 1.0) / (1.0 + e)


def _probabilities(J: Components) -> Components:
    J = arguments.array(J, "J", "...")
    if (J < 0).any() or (J > 1).any():
        raise ValueError(
            f"J: expected probabilities in [0, 1], found {J.min():.4g} to {J.max():.4g}; pass performances J_k."
        )
    return J


def _same_length(parameters: Parameters, d: int) -> None:
    if parameters.shape[-1] != d:
        raise ValueError(
            f"parameters: expected {d} on the last axis, found shape {parameters.shape}; "
            "one column for each parameter of this learner."
        )
