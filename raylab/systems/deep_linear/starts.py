"""Where a deep linear network may start: small, balanced, orthogonal, lazy.  [ledger S43]"""

import itertools
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from raylab import arguments
from raylab.records import Parameters
from raylab.systems.deep_linear.learner import DeepLinear


def small(learner: DeepLinear, scale: float, rng: np.random.Generator) -> Parameters:
    """Every weight Gaussian with standard deviation `scale`, (d,): neither aligned nor balanced.

    Raises TypeError or ValueError unless `learner` is a DeepLinear, scale positive and rng a Generator.
    """
    return _positive(scale) * arguments.generator(rng).normal(size=_learner(learner).size)


def balanced(learner: DeepLinear, strengths: ArrayLike) -> Parameters:
    """The target's own modes with these strengths, shared evenly among the layers: (r,) or one number -> (d,).

    W_l W_l^T = W_{l+1}^T W_{l+1}, and `learner.strengths` gives `strengths` back. For white inputs, and for all that
    leave the modes `decoupled`, each then follows the exact law on its own [ledger N13]; otherwise they couple.
    Raises TypeError or ValueError unless the strengths are positive, and where a layer has fewer units than modes.
    """
    s = _learner(learner).singular
    r = len(s)
    w = arguments.array(strengths, "strengths", "...")
    if w.shape not in ((), (1,), (r,)) or not ((w >= 1e-200) & (w <= 1e100)).all():
        raise ValueError(
            f"strengths: expected one number or {r} within [1e-200, 1e100], found shape {w.shape} with "
            f"{w.min():g} to {w.max():g}; give one for each mode."
        )
    if learner.widths and min(learner.widths) < r:
        raise ValueError(
            f"learner: expected hidden layers of at least {r} units, one for each mode, found widths "
            f"{tuple(learner.widths)}; widen them."
        )
    roots = np.sum(learner.right * _rooted(learner, learner.right), axis=0)  # v_a^T R v_a
    share = (np.broadcast_to(w, r) / roots) ** (1 / learner.depth)
    layers = []
    for i, (wide, narrow) in enumerate(learner.shapes):
        ins = learner.right if i == 0 else np.eye(narrow, r)
        outs = learner.left if i == learner.depth - 1 else np.eye(wide, r)
        layers.append((outs * share) @ ins.T)
    return learner.parameters(layers)


def balanced_random(learner: DeepLinear, scale: float, rng: np.random.Generator) -> Parameters:
    """The product of a `small` start of this scale, in layers that are balanced: (d,); not aligned with the target.

    The singular values of the product are shared evenly among the layers, in hidden directions drawn at random.
    Compare it with that start to see what balance alone does. With two layers or more balance keeps the rank, and for
    as many inputs as outputs the sign of the determinant: where it differs from the target's, the weakest mode is
    never learned. Raises as `small`.
    """
    scale = _positive(scale)
    U, s, Vt = np.linalg.svd(_learner(learner).product(small(learner, 1.0, rng)), full_matrices=False)
    k = min(len(s), *learner.widths) if learner.widths else len(s)
    bases = [Vt[:k].T, *(_columns(width, k, rng) for width in learner.widths), U[:, :k]]
    share = scale * s[:k] ** (1 / learner.depth)  # of scale^depth times that product, which may leave float64
    return learner.parameters([(outs * share) @ ins.T for ins, outs in itertools.pairwise(bases)])


def orthogonal(learner: DeepLinear, scale: float, rng: np.random.Generator) -> Parameters:
    """Every layer `scale` times a random matrix with orthonormal rows, or columns where it is taller: (d,).

    Balanced where all layers are square. Raises as `small`.
    """
    scale, rng = _positive(scale), arguments.generator(rng)
    shapes = _learner(learner).shapes
    tall = [_columns(max(shape), min(shape), rng) for shape in shapes]
    return learner.parameters([scale * (Q if Q.shape == shape else Q.T) for Q, shape in zip(tall, shapes, strict=True)])


def lazy(learner: DeepLinear, scale: float, rng: np.random.Generator) -> Parameters:
    """W_1 ... W_{L-1} large and the last layer zero, (d,): the product starts at 0, and yet nothing waits.

    Their product P of layers is random with E[P^T P] = scale^2; as long as it hardly moves, the network is a single
    layer with rates P P^T: s_a fades as e^(-scale^2 t), about, without a plateau. Raises as `small`.
    """
    scale, rng = _positive(scale), arguments.generator(rng)
    shapes = _learner(learner).shapes
    share = scale ** (1 / max(len(shapes) - 1, 1))
    hidden = [share * rng.normal(size=shape) / np.sqrt(shape[0]) for shape in shapes[:-1]]
    return learner.parameters([*hidden, np.zeros(shapes[-1])])


def _columns(rows: int, columns: int, rng: np.random.Generator) -> Any:
    """Orthonormal columns, each such set as likely as any other."""
    Q, R = np.linalg.qr(rng.normal(size=(rows, columns)))
    return Q * np.sign(np.diagonal(R))


def _rooted(learner: DeepLinear, columns: Any) -> Any:
    root = learner._of.root
    return columns if root is None else root @ columns


def _learner(learner: Any) -> DeepLinear:
    if not isinstance(learner, DeepLinear):
        raise TypeError(f"learner: expected a DeepLinear, found a value of type {type(learner).__name__}; make one.")
    return learner


def _positive(scale: Any) -> float:
    return arguments.number(scale, "scale", 1e-100, 1e100)
