"""Factored objectives: grad J_k = f_k(J_k) v_k, for any number of components, any f_k and any v_k.  [Schaul19 Eq. 5]

Eq. (5) alone says nothing: any J_k and any positive f_k have the quotient v_k = grad J_k / f_k. It begins to say
something where v_k is known: constant, or bounded, away from zero and slow to turn. And v_k must be a gradient,
v_k = grad phi_k, so that J_k = S_k(phi_k) with S_k' = f_k(S_k): that is how the learner here is built.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from raylab import arguments
from raylab.records import Components, Jacobian, Parameters
from raylab.systems.factored.couplings import on_policy
from raylab.systems.factored.potentials import Potentials
from raylab.systems.factored.shapes import Shape, each


@dataclass(frozen=True, eq=False)
class Factored:
    """Gradient ascent on sum_k J_k with grad J_k = f_k(J_k) v_k, J_k = S_k(phi_k): a learner.  [Schaul19 Eq. 5]

    features: (K, d) constant v_k, phi_k = v_k . theta; or `Potentials`. shapes: one `Shape`, or one for each component.
    S_k' = f_k(S_k), S_k(0) = top_k / 2. Its methods raise ValueError where a component with f_k(0) > 0 would fall
    below J_k = 0: negative interference can push it there, and Eq. (5) ends.
    Raises TypeError or ValueError if the features are neither, a row of them is zero, or the shapes do not fit.
    """

    features: Annotated[NDArray[np.float64], "K d"] | Potentials
    shapes: Shape | Sequence[Shape] = on_policy
    _of: Any = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if isinstance(self.features, Potentials):
            K = np.shape(self.features.phi(np.zeros((1, self.features.parameters))))[-1]
        else:
            kept = arguments.array(self.features, "features", "K d").copy()
            size = np.abs(kept).max(axis=-1)
            if (size == 0).any() or size.max() > 1e100:
                k = int(np.argmin(size) if (size == 0).any() else np.argmax(size))
                raise ValueError(
                    f"features: expected rows that are not zero nor beyond 1e100, found features[{k}] of size "
                    f"{size[k]:.3g}; every component depends on a parameter, so leave it out, or scale it."
                )
            kept.flags.writeable = False
            object.__setattr__(self, "features", kept)
            K = len(kept)
        object.__setattr__(self, "_of", each(self.shapes, K))

    def components(self, parameters: Parameters) -> Components:
        """J_k = S_k(phi_k), (..., d) -> (..., K), in [0, top_k]."""
        return self._at(parameters)[0]

    def gradients(self, parameters: Parameters) -> Jacobian:
        """f_k(J_k) v_k, (..., d) -> (..., K, d).  [Schaul19 Eq. 5]"""
        f = self._at(parameters)[1]
        if isinstance(self.features, Potentials):
            return f[..., None] * self.features.gradient(np.asarray(parameters, dtype=np.float64))
        return f[..., None] * self.features

    def updates(self, parameters: Parameters) -> Jacobian:
        """The gradients themselves, (..., d) -> (..., K, d): true gradient ascent."""
        return self.gradients(parameters)

    def parameters(self, J: ArrayLike) -> Parameters:
        """The shortest theta with these performances, (..., K) -> (..., d); features constant and independent.

        Raises TypeError for `Potentials`, ValueError for features that depend on each other, and unless every J_k lies
        between its ends.
        """
        if isinstance(self.features, Potentials):
            raise TypeError("features: expected constant features, found Potentials; solve phi(theta) = phi yourself.")
        J = arguments.array(J, "J", f"... {len(self._of)}")
        if np.linalg.matrix_rank(self.features) < len(self.features):
            raise ValueError(
                "features: expected independent rows, found rows that depend on each other; not every J can be had."
            )
        phi = np.stack([shape.potential(J[..., k]) for k, shape in enumerate(self._of)], axis=-1)
        if not np.isfinite(phi).all():
            raise ValueError(
                f"J: expected performances inside their ends, found {J[~np.isfinite(phi)][0]}; move it in."
            )
        return np.asarray(phi @ np.linalg.pinv(self.features).T, dtype=np.float64)

    def _at(self, parameters: Parameters) -> tuple[Components, Components]:
        """(J, f(J)), each (..., K)."""
        theta = arguments.array(parameters, "parameters", "... d")
        V = self.features
        d = V.parameters if isinstance(V, Potentials) else V.shape[-1]
        if theta.shape[-1] != d:
            raise ValueError(
                f"parameters: expected {d} on the last axis, found shape {theta.shape}; one column for each parameter."
            )
        with np.errstate(over="ignore", invalid="ignore"):
            phi = V.phi(theta) if isinstance(V, Potentials) else theta @ V.T
        if not np.isfinite(phi).all():
            raise ValueError("parameters: expected phi within float64, found an overflow; scale them down.")
        if all(shape is self._of[0] for shape in self._of):
            return self._of[0].levels.at(phi, "parameters")
        both = [shape.levels.at(phi[..., k], "parameters") for k, shape in enumerate(self._of)]
        return np.stack([J for J, _ in both], axis=-1), np.stack([f for _, f in both], axis=-1)
