"""Exercise 08.8: the seeds of the modes in the weights at the start."""

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import numpy as np

from raylab.checks.ch08_modes import axes, distinct, mistaken_axes
from raylab.checks.engine import Implement, Law, Mistake
from raylab.checks.values import same


def _both(W1: Any, W2: Any, target: Any) -> Any:
    """W_1 v_a and W_2^T u_a as columns, the strongest mode first."""
    U, V = axes(target)
    return W1 @ V, W2.T @ U


def _means(W1: Any, W2: Any, target: Any) -> Any:
    into, out = _both(W1, W2, target)
    return (into + out) / 2


def _squares(columns: Any) -> Any:
    return (columns * columns).sum(axis=0)


def _left_over(columns: Any) -> Any:
    """Squares of what is left of each column without the directions of those before it."""
    return np.diagonal(np.linalg.qr(columns)[1]) ** 2


def _seeds(W1: Any, W2: Any, target: Any) -> Any:
    return _left_over(_means(W1, W2, target))


def _starts(rng: np.random.Generator) -> Iterator[Any]:
    for ins, hidden, outs in ((2, 3, 2), (4, 6, 3), (3, 5, 4), (5, 4, 3), (3, 3, 3)):
        scale = 10 ** rng.uniform(-3, -1)
        W1, W2 = scale * rng.normal(size=(hidden, ins)), scale * rng.normal(size=(outs, hidden))
        yield W1, W2, distinct(rng, outs, ins)


def _projected(
    columns: Any, raw: bool = False, power: int = 2, one_by_one: bool = False, which: slice = slice(None)
) -> Any:
    """Squares of what a loop leaves that takes x.d / |d|^power d off x for each d before it (of these `which`).

    raw: d is the column as it was, not what was left of it. one_by_one: each d is taken off what is left by then.
    """
    left: list[Any] = []
    for x in columns.T:
        rest = x.copy()
        for d in (columns.T[: len(left)] if raw else left)[which]:
            rest = rest - (rest if one_by_one else x) @ d / np.linalg.norm(d) ** power * d
        left.append(rest)
    return _squares(np.array(left).T)


def _loop(**slip: Any) -> Callable[..., Any]:
    return lambda W1, W2, target: _projected(_means(W1, W2, target), **slip)


def _in_order_of_size(W1: Any, W2: Any, target: Any) -> Any:
    means = _means(W1, W2, target)
    order = np.argsort(-_squares(means))
    found = np.empty(len(order))
    found[order] = _left_over(means[:, order])
    return found


def _squared_apart(W1: Any, W2: Any, target: Any) -> Any:
    into, out = _both(W1, W2, target)
    return _left_over(into) / 4 + _left_over(out) / 4


def _of_mistaken_axes(W1: Any, W2: Any, target: Any) -> Any:
    U, V = mistaken_axes(target)
    return _left_over((W1 @ V + W2.T @ U) / 2)


def _of_no_axes(W1: Any, W2: Any, target: Any) -> Any:
    U, _, Vt = np.linalg.svd(target, full_matrices=False)
    return _left_over((W1 @ Vt + W2.T @ U) / 2)


def _u_meets_v(answer: Callable[..., Any], W1: Any, W2: Any, target: Any) -> bool:
    given, (into, out) = answer(W1, W2, target), _both(W1, W2, target)
    turns = product((1, -1), repeat=out.shape[1])
    right, *others = (_left_over((into + np.array(turn) * out) / 2) for turn in turns)
    near = [same(given, found, SEEDS.rtol, SEEDS.atol) for found in (right, *others)]
    return near[0] or not any(near)


_UNIT = (
    "Too little is taken away. The direction of a vector d is d/|d|, and stands in a projection twice: (x·d) d/|d|²."
)
_RAW = (
    "Right for the first two. The seeds before the third share a part, and it is taken away twice: use the directions "
    "of what was *left* of them."
)
_TURNED = "The other way round: the strongest mode chooses first, so that it loses nothing."
_SOME = "From the third mode on there are several directions to take away, one for each mode before it."
_V_ROWS = "numpy's third result is Vᵀ: the vectors v are its *rows*."

SEEDS = Implement(
    signature="seeds(W1, W2, target)",
    reference=_seeds,
    instances=_starts,
    describe=lambda W1, W2, target: f"W1 of shape {np.shape(W1)}, W2 of shape {np.shape(W2)}",
    rtol=1e-7,
    atol=1e-25,
    mistakes=(
        Mistake(
            lambda *given: _squares(_means(*given)),
            "Right for the first mode. From every other seed, take away what lies in the directions of those before.",
        ),
        Mistake(
            lambda *given: 4 * _seeds(*given),
            "A factor 4: the seed is the *mean* of reading and writing, and its square is asked for.",
            "almost",
        ),
        Mistake(
            lambda *given: np.sqrt(_seeds(*given)),
            "This is the length of what is left. The strength of a mode is the product of two weights: its square.",
            "almost",
        ),
        Mistake(
            lambda *given: np.diagonal(np.linalg.qr(_means(*given))[1]),
            "This is the diagonal of R, lengths with a sign. The strength is the square.",
            "almost",
        ),
        Mistake(
            lambda W1, W2, target: (_both(W1, W2, target)[0] * _both(W1, W2, target)[1]).sum(axis=0),
            "This is the strength at the start, uᵀW₂W₁v. It may even be negative; what grows is the mean of the two "
            "vectors.",
        ),
        Mistake(
            lambda W1, W2, target: np.abs((_both(W1, W2, target)[0] * _both(W1, W2, target)[1]).sum(axis=0)),
            "The size of the strength at the start is not what grows. The mean of W₁v and W₂ᵀu does.",
        ),
        Mistake(lambda *given: _left_over(_means(*given)[:, ::-1])[::-1], _TURNED),
        Mistake(lambda *given: _left_over(_means(*given)[:, ::-1]), _TURNED),
        Mistake(
            lambda *given: _seeds(*given)[::-1],
            "All right, and handed back in reverse: the strongest mode comes first.",
            "almost",
        ),
        Mistake(
            _in_order_of_size,
            "Here the longest seed chooses first. It is the mode with the largest singular value of the target.",
        ),
        Mistake(
            lambda *given: np.sort(_seeds(*given))[::-1],
            "All right, and then sorted by size. The order is that of the target's singular values.",
            "almost",
        ),
        *(
            Mistake(_loop(raw=raw, power=power, one_by_one=one), _UNIT)
            for raw, power, one in product((False, True), (0, 1), (False, True))
        ),
        Mistake(_loop(raw=True), _RAW),
        Mistake(_loop(raw=True, one_by_one=True), _RAW),
        Mistake(_loop(which=slice(0, 1)), _SOME),
        Mistake(_loop(which=slice(-1, None)), _SOME),
        Mistake(
            lambda *given: 1 / np.diagonal(np.linalg.inv(_means(*given).T @ _means(*given))),
            "Here each mode gives way to all others. It gives way to the stronger ones only, and the first to nobody.",
        ),
        Mistake(
            lambda W1, W2, target: _left_over((_both(W1, W2, target)[0] - _both(W1, W2, target)[1]) / 2),
            "The difference is the half that dies out. The sum grows.",
        ),
        Mistake(
            lambda *given: _left_over(_both(*given)[0]),
            "This looks at the first layer alone. A mode is read in by W₁ and written out by W₂.",
        ),
        Mistake(
            _squared_apart,
            "Add the two vectors first, then project and square: they may help or cancel each other.",
        ),
        Mistake(
            lambda *given: np.linalg.svd(_means(*given), compute_uv=False) ** 2,
            "Singular values mix all seeds. Go through the modes in their order, one by one.",
        ),
        Mistake(_of_mistaken_axes, _V_ROWS),
        Mistake(_of_no_axes, _V_ROWS),
        Mistake(
            lambda W1, W2, target: _left_over((W1 @ axes(target)[1] + W2 @ axes(target)[0]) / 2),
            "W₂ leads from the hidden space to the outputs. Back to it leads the transpose, W₂ᵀu.",
        ),
        Mistake(
            lambda *given: _left_over(_means(*given).T),
            "The seeds are the columns here, and it is rows that were made orthogonal.",
        ),
    ),
    laws=(
        Law(
            _u_meets_v,
            "Some u has met −v: half of that seed has the wrong sign. Take both from one decomposition, and leave them "
            "as they are.",
        ),
    ),
)
