"""The control experiment: the same learner, with nothing shared.  [Schaul19 Fig. 3]"""

from dataclasses import dataclass

import numpy as np

from raylab import arguments
from raylab.records import Components, Jacobian, Learner, Parameters


@dataclass(frozen=True)
class Separate:
    """Every component of `learner` with its own copy of all parameters.

    copies: K. Parameters have shape (..., K * d): the copy of component 1, then that of component 2, and so on.
    Gradients of different components then meet in no parameter, so every cosine between them is 0.
    Raises TypeError if `learner` is none or `copies` no whole number, ValueError if `copies` is below 1. The
    methods raise ValueError unless there is one copy for each component and a full one for every copy.
    """

    learner: Learner
    copies: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "copies", arguments.count(self.copies, "copies", 1))
        for method in ("components", "gradients", "updates"):
            arguments.function(getattr(self.learner, method, None), f"learner.{method}")

    def components(self, parameters: Parameters) -> Components:
        """J_k of the k-th copy, (..., K * d) -> (..., K)."""
        J = self.learner.components(self._split(parameters))
        self._one_for_each(J.shape[-1])
        return np.ascontiguousarray(np.diagonal(J, axis1=-2, axis2=-1))

    def gradients(self, parameters: Parameters) -> Jacobian:
        """grad J_k in the block of copy k, zero elsewhere: (..., K, K * d)."""
        return self._blocks(self.learner.gradients(self._split(parameters)))

    def updates(self, parameters: Parameters) -> Jacobian:
        """The learner's update for component k in the block of copy k: (..., K, K * d)."""
        return self._blocks(self.learner.updates(self._split(parameters)))

    def sample(self, parameters: Parameters, rng: np.random.Generator) -> Jacobian:
        """One noisy draw of `updates`; TypeError if the learner cannot be sampled."""
        draw = arguments.function(getattr(self.learner, "sample", None), "learner.sample")
        return self._blocks(draw(self._split(parameters), arguments.generator(rng)))

    def _split(self, parameters: Parameters) -> Parameters:
        parameters = arguments.array(parameters, "parameters", "... d")
        if parameters.shape[-1] % self.copies:
            raise ValueError(
                f"parameters: expected a multiple of {self.copies} columns, found {parameters.shape[-1]}; "
                "give every component a full copy."
            )
        return parameters.reshape(*parameters.shape[:-1], self.copies, -1)

    def _blocks(self, rows: Jacobian) -> Jacobian:
        """(..., copy, K, d) -> (..., K, copy * d): row k of copy k, zeros elsewhere."""
        K, d = self.copies, rows.shape[-1]
        self._one_for_each(rows.shape[-2])
        made = np.zeros((*rows.shape[:-3], K, K, d))
        for k in range(K):
            made[..., k, k, :] = rows[..., k, k, :]
        return made.reshape(*rows.shape[:-3], K, K * d)

    def _one_for_each(self, components: int) -> None:
        if components != self.copies:
            raise ValueError(
                f"copies: expected one for each of the learner's {components} components, found {self.copies}; "
                f"write Separate(learner, {components})."
            )
