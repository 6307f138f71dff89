"""The laws of motion that constant features leave to the performances alone."""

from collections.abc import Sequence
from typing import Annotated, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from raylab import arguments
from raylab.records import Components, Performance
from raylab.systems.factored.gram import Gram, valid_gram
from raylab.systems.factored.shapes import Shape, by_component, each, inside


def velocity(J: ArrayLike, gram: ArrayLike, shapes: Shape | Sequence[Shape]) -> Components:
    """dJ_k/dt = f_k sum_j gram[k, j] f_j: gradient ascent with constant v_k, (..., K) -> (..., K).  [Schaul19 Sec. 3.1]

    In performance per step size x updates. shapes: one `Shape`, or one for each component.
    Raises TypeError or ValueError unless gram is a Gram matrix of that size and every J_k within [0, top_k].
    """
    f, G, _, _ = factors(J, gram, shapes)
    return f * (f @ G)


def acceleration(J: ArrayLike, gram: ArrayLike, shapes: Shape | Sequence[Shape]) -> Performance:
    """d^2 J/dt^2 = 2 sum_k f_k' f_k (sum_j gram[k, j] f_j)^2 for constant v_k, (..., K) -> (...).  [Schaul19 App. C.2]

    Every K, and the edges too, since nothing is divided by f. Raises as `velocity`, and ValueError where f_k' is
    infinite and f_k f_k' has no limit but infinity, as for u^c with c < 1/2 at 0.
    """
    f, G, of, J = factors(J, gram, shapes)
    with np.errstate(all="ignore"):
        slopes = by_component(of, "slope", J)
        products = f * slopes
        for k in np.flatnonzero(~np.isfinite(slopes).reshape(-1, len(of)).all(axis=0)):
            products[..., k] = np.where(J[..., k] == 0, _limit(of[k]), products[..., k])
    if not np.isfinite(products).all():
        at = J[~np.isfinite(products)][0]
        raise ValueError(f"J: expected places where f f' is finite, found J_k = {at:g} where it is not; move inside.")
    return 2 * (products * (f @ G) ** 2).sum(axis=-1)


def _limit(shape: Shape) -> float:
    """f f' as J -> 0 where f' is infinite there: by its trend far below any performance, 0 for u^0.501 as well."""
    far, farther = shape.top * np.array([1e-200, 1e-300])
    before, after = (float(shape.f(np.array([u]))[0] * shape.slope(np.array([u]))[0]) for u in (far, farther))
    return after if abs(after - before) <= 1e-9 * before else np.inf if after > before else 0.0


def factors(
    J: Any, gram: Any, shapes: Any
) -> tuple[Components, Gram, tuple[Shape, ...], Annotated[NDArray[np.float64], "... K"]]:
    """f_k(J_k), and the three arguments as they are meant; TypeError or ValueError where they are not."""
    G = valid_gram(gram)
    of = each(shapes, len(G))
    if type(J) is not np.ndarray or J.dtype != np.float64 or not J.ndim or J.shape[-1] != len(G):
        J = arguments.array(J, "J", f"... {len(G)}")
    if all(shape is of[0] for shape in of):
        J = inside(J, of[0].top)
        return of[0].f(J), G, of, J
    for k, shape in enumerate(of):
        inside(J[..., k], shape.top)
    return by_component(of, "f", J), G, of, J
