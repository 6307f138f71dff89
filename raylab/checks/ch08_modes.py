"""Exercises 08.4 and 08.8: what the target's own directions find in weights, the strengths of modes and their seeds."""

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import numpy as np

from raylab.checks.engine import Implement, Law, Mistake
from raylab.checks.values import same


def _distinct(rng: np.random.Generator, outs: int, ins: int) -> Any:
    """A target with well separated singular values: the vectors of equal ones would be anybody's choice."""
    r = min(outs, ins)
    U, V = (np.linalg.qr(rng.normal(size=(n, r)))[0] for n in (outs, ins))
    return (U * (3.0 * 0.55 ** np.arange(r))) @ V.T


def _axes(target: Any) -> Any:
    """The vectors u and v of the target, both as columns."""
    U, _, Vt = np.linalg.svd(target, full_matrices=False)
    return U, Vt.T


def _mistaken_axes(target: Any) -> Any:
    """u, and the columns of Vᵀ as if they were the v."""
    U, s, Vt = np.linalg.svd(target)
    return U[:, : len(s)], Vt[:, : len(s)]


# 08.4 track_modes ---------------------------------------------------------------------------------------------


def _project(path: Any, U: Any, V: Any) -> Any:
    return np.einsum("ia,tij,ja->ta", U, path, V)


def _track(path: Any, target: Any) -> Any:
    return _project(path, *_axes(target))


def _paths(rng: np.random.Generator) -> Iterator[Any]:
    for outs, ins, T in ((2, 2, 3), (3, 4, 5), (4, 3, 6), (3, 3, 4), (2, 5, 3)):
        target = _distinct(rng, outs, ins)
        U, s, Vt = np.linalg.svd(target, full_matrices=False)
        ramp = np.linspace(0, 1, T)[:, None] ** rng.permutation(1 + np.arange(len(s)))
        aligned = np.einsum("ia,ta,aj->tij", U, s * ramp * (0.3 + 0.9 * rng.random(len(s))), Vt)
        yield aligned + 0.15 * rng.normal(size=aligned.shape), target
    turned = _distinct(rng, 3, 4)
    yield np.linspace(0.1, 0.9, 4)[:, None, None] * -turned, turned  # every mode the wrong way to the end


def _singular(path: Any, target: Any) -> Any:
    return np.linalg.svd(path, compute_uv=False)


def _by_overlap(path: Any, target: Any) -> Any:
    """The singular value of each product whose own vectors look most like the target's."""
    U, V = _axes(target)
    found = []
    for W in path:
        u, s, vt = np.linalg.svd(W, full_matrices=False)
        found.append(s[np.abs((U.T @ u) * (V.T @ vt.T)).argmax(axis=1)])
    return np.array(found)


def _a_pair_turns_together(answer: Callable[..., Any], path: Any, target: Any) -> bool:
    given, right = answer(path, target), _track(path, target)
    if np.shape(given) != right.shape:
        return True
    turn = np.sign(given[-1]) * np.sign(right[-1])
    return bool((turn >= 0).all()) or not same(given, turn * right, TRACK.rtol, TRACK.atol)


_SORTED = (
    "These are the singular values of each product, sorted: names are swapped where two of them cross. Use the "
    "vectors of the target."
)
_LENGTH = "A length holds what belongs to other directions, too. A strength has u on the left and v on the right."
_ROWS = "numpy's third result is Vᵀ: its *rows* are the vectors v."

TRACK = Implement(
    signature="track_modes(path, target)",
    reference=_track,
    instances=_paths,
    describe=lambda path, target: f"path of shape {np.shape(path)}, target of shape {np.shape(target)}",
    rtol=1e-8,
    atol=1e-10,
    mistakes=(
        Mistake(_singular, _SORTED),
        Mistake(lambda path, target: _singular(path, target)[:, ::-1], _SORTED),
        Mistake(
            _by_overlap,
            "These are singular values of the products, named by their vectors. On the way those are not the target's: "
            "keep the target's own, and project.",
        ),
        Mistake(
            lambda path, target: _track(path, target)[:, ::-1],
            "The order: the target's strongest mode comes first.",
            "almost",
        ),
        Mistake(
            lambda path, target: np.abs(_track(path, target)),
            "No absolute values: a mode that points the wrong way has a negative strength.",
        ),
        Mistake(
            lambda path, target: _track(path, target) * np.sign(_track(path, target)[-1]),
            "No sign has to be mended: those of u and v cancel. A strength that ends below zero is below zero.",
        ),
        Mistake(
            lambda path, target: _track(path, target) / np.linalg.svd(target, compute_uv=False),
            "These are shares of the goals. Asked for: the strengths themselves.",
            "almost",
        ),
        Mistake(
            lambda path, target: _track(path, target) * np.linalg.svd(target, compute_uv=False),
            "There is a factor s too many: project on u and v, which have length one, and not on the target itself.",
        ),
        Mistake(
            lambda path, target: np.sort(_track(path, target), axis=-1)[:, ::-1],
            "Projected, and sorted after that: it brings the swaps back. Column a belongs to mode a at all times.",
        ),
        Mistake(
            lambda path, target: _track(path, target).T,
            "Turned by ninety degrees: one row for each time, one column for each mode.",
            "almost",
        ),
        Mistake(
            lambda path, target: _axes(target)[0].T @ path @ _axes(target)[1],
            "This is all of UᵀWV at every time. The strengths are what stands on its diagonal.",
            "almost",
        ),
        Mistake(
            lambda path, target: np.stack([np.diagonal(W)[: min(W.shape)] for W in path]),
            "This is the diagonal of the product itself. Turn it into the target's own axes first: uᵀ W v.",
        ),
        Mistake(
            lambda path, target: _track(path, path[-1]),
            "These are the vectors of the last product. Its order, and its axes where learning is not over, are others "
            "than the target's.",
        ),
        Mistake(
            lambda path, target: _track(path, path[0]),
            "These are the vectors of the first product, which knows nothing of the target yet.",
        ),
        Mistake(lambda path, target: np.linalg.norm(_axes(target)[0].T @ path, axis=-1), _LENGTH),
        Mistake(lambda path, target: np.linalg.norm(path @ _axes(target)[1], axis=-2), _LENGTH),
        Mistake(lambda path, target: _project(path, *_mistaken_axes(target)), _ROWS),
        Mistake(
            lambda path, target: np.array(
                [np.diagonal(U.T @ W @ Vt) for W in path for U, _, Vt in [np.linalg.svd(target)]]
            ),
            _ROWS,
        ),
        Mistake(
            lambda path, target: _project(path, *np.linalg.svd(target, full_matrices=False)[::2]),
            _ROWS,
        ),
        Mistake(
            lambda path, target: np.array(
                [np.diagonal(U @ W @ Vt) for W in path for U, _, Vt in [np.linalg.svd(target)]]
            ),
            "That is UWVᵀ, which turns the product further away. Into the axes of the target leads UᵀWV.",
        ),
        Mistake(
            lambda path, target: np.array(
                [np.diagonal(U @ W @ Vt.T)[: min(W.shape)] for W in path for U, _, Vt in [np.linalg.svd(target)]]
            ),
            "The vectors u are the *columns* of U, v the rows of Vᵀ.",
        ),
    ),
    laws=(
        Law(
            _a_pair_turns_together,
            "A whole column has the wrong sign. u and v of a pair turn together: take both from one decomposition, and "
            "leave them as they are.",
        ),
    ),
)

# 08.8 seeds ---------------------------------------------------------------------------------------------------


def _both(W1: Any, W2: Any, target: Any) -> Any:
    """W_1 v_a and W_2^T u_a as columns, the strongest mode first."""
    U, V = _axes(target)
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
        yield W1, W2, _distinct(rng, outs, ins)


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
    U, V = _mistaken_axes(target)
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
            lambda W1, W2, target: _left_over((W1 @ _axes(target)[1] + W2 @ _axes(target)[0]) / 2),
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
