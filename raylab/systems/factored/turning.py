"""How much of J'' comes from v_k that turn: the term that App. C.1 neglects, kept and measured."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from raylab import arguments
from raylab.records import Components, Jacobian, Learner, Parameters, Performance
from raylab.systems.factored.couplings import on_policy
from raylab.systems.factored.learner import Factored
from raylab.systems.factored.shapes import Shape, by_component, each, inside

_STEP = 0.01  # in phi: over seven such points a polynomial of degree six is right to rounding
_SIXTH = np.array([-1.0, 9.0, -45.0, 0.0, 45.0, -9.0, 1.0]) / 60  # first derivative, error of sixth order


class Turning(NamedTuple):
    """d^2 J/dt^2 along the flow (...), the part that App. C.2 keeps, and the rest: what v_k add by turning."""

    acceleration: Performance
    kept: Performance
    neglected: Performance


def turning(learner: Learner, parameters: Parameters, shapes: Shape | Sequence[Shape] = on_policy) -> Turning:
    """J'' along the flow of `learner`, and how much of it is 2 sum_k (f_k'/f_k) J_k'^2, (..., d) -> (...).

    shapes: the f_k by which its objective is factored; a `Factored` knows its own. neglected = J'' minus what is kept:
    2 sum_k f_k u^T (grad v_k) u, u the step; for a learner that does not follow its gradients, also what that brings.
    J_k'' are central differences of sixth order along the flow, 0.01 apart in phi: right to about ten digits of the
    largest of them.
    Raises TypeError or ValueError if the learner is none or the performances exceed the tops of the shapes.
    """
    for method in ("components", "gradients", "updates"):
        arguments.function(getattr(learner, method, None), f"learner.{method}")
    theta = arguments.array(parameters, "parameters", "... d")
    step = learner.updates(theta).sum(axis=-2)
    J = learner.components(theta)
    of = learner._of if isinstance(learner, Factored) else each(shapes, J.shape[-1])
    J = np.stack([inside(J[..., k], shape.top) for k, shape in enumerate(of)], axis=-1)
    speed = np.linalg.norm(step, axis=-1, keepdims=True)
    along = np.divide(step, speed, out=np.zeros_like(step), where=speed > 0)
    unit = _STEP / _largest_feature(of, J, learner.gradients(theta))
    bends = speed / unit * _derivative(lambda n: _rates(learner, theta + n * unit * along))
    kept = _kept(of, J, _rates(learner, theta))
    return Turning(bends.sum(axis=-1), kept.sum(axis=-1), (bends - kept).sum(axis=-1))


def softmax_neglect(wrong: ArrayLike) -> Performance:
    """Neglected / kept part of J'' at J_1 = 0 in a softmax bandit, times f'(J_2): (Q^2 - C) / (1 + Q)^2.

    wrong (..., n - 1) -> (...): the probabilities of the wrong actions of the component that learns, normalised here;
    Q, C: sums of their squares and cubes. Never above 0; 0 where all of them are equally likely; as C <= Q^(3/2), never
    below -q^3 (1 - q) / (1 + q^2)^2 at q = sqrt(7) - 2, which is -0.0475.
    Raises TypeError or ValueError unless the entries are numbers >= 0 with a positive sum.
    """
    w = arguments.array(wrong, "wrong", "... n")
    largest = w.max(axis=-1, keepdims=True)
    if (w < 0).any() or (largest <= 0).any():
        raise ValueError(
            f"wrong: expected probabilities >= 0, not all 0, found {w.min():.4g} to {w.max():.4g}; pass those of the "
            "wrong actions."
        )
    w = w / largest
    w = w / w.sum(axis=-1, keepdims=True)
    Q = (w**2).sum(axis=-1)
    spread = (w * (w - Q[..., None]) ** 2).sum(axis=-1)  # C - Q^2, without a difference
    return 0.0 - spread / (1 + Q) ** 2  # 0, and not -0, where nothing is neglected


def _rates(learner: Learner, theta: Parameters) -> Components:
    return (learner.gradients(theta) @ learner.updates(theta).sum(axis=-2)[..., None])[..., 0]


def _derivative(of: Callable[[float], NDArray[np.float64]]) -> NDArray[np.float64]:
    return np.asarray(sum(w * of(n) for n, w in zip(range(-3, 4), _SIXTH, strict=True) if w))


def _largest_feature(of: tuple[Shape, ...], J: Components, gradients: Jacobian) -> NDArray[np.float64]:
    """The largest |v_k|, (..., 1); 1 where nothing moves."""
    f = by_component(of, "f", J)
    found = np.divide(np.linalg.norm(gradients, axis=-1), f, out=np.zeros_like(J), where=f > 0)
    most = found.max(axis=-1, keepdims=True)
    return np.where(most > 0, most, 1.0)


def _kept(of: tuple[Shape, ...], J: Components, rates: Components) -> Components:
    """2 (f'/f) J_k'^2 for each component; 0 where f = 0 and nothing moves."""
    f = by_component(of, "f", J)
    with np.errstate(all="ignore"):
        slopes: Any = by_component(of, "slope", J)
    ratio = np.divide(slopes, f, out=np.zeros_like(J), where=f > 0)
    return 2 * ratio * rates**2
