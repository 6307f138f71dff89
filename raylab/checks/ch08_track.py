"""Exercise 08.4: the strengths of the target's own modes along a path of weights."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from raylab.checks.ch08_modes import axes, distinct, mistaken_axes
from raylab.checks.engine import Implement, Law, Mistake
from raylab.checks.values import same


def _project(path: Any, U: Any, V: Any) -> Any:
    return np.einsum("ia,tij,ja->ta", U, path, V)


def _track(path: Any, target: Any) -> Any:
    return _project(path, *axes(target))


def _paths(rng: np.random.Generator) -> Iterator[Any]:
    for outs, ins, T in ((2, 2, 3), (3, 4, 5), (4, 3, 6), (3, 3, 4), (2, 5, 3)):
        target = distinct(rng, outs, ins)
        U, s, Vt = np.linalg.svd(target, full_matrices=False)
        ramp = np.linspace(0, 1, T)[:, None] ** rng.permutation(1 + np.arange(len(s)))
        aligned = np.einsum("ia,ta,aj->tij", U, s * ramp * (0.3 + 0.9 * rng.random(len(s))), Vt)
        yield aligned + 0.15 * rng.normal(size=aligned.shape), target
    turned = distinct(rng, 3, 4)
    yield np.linspace(0.1, 0.9, 4)[:, None, None] * -turned, turned  # every mode the wrong way to the end


def _singular(path: Any, target: Any) -> Any:
    return np.linalg.svd(path, compute_uv=False)


def _by_overlap(path: Any, target: Any) -> Any:
    """The singular value of each product whose own vectors look most like the target's."""
    U, V = axes(target)
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
            lambda path, target: axes(target)[0].T @ path @ axes(target)[1],
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
        Mistake(lambda path, target: np.linalg.norm(axes(target)[0].T @ path, axis=-1), _LENGTH),
        Mistake(lambda path, target: np.linalg.norm(path @ axes(target)[1], axis=-2), _LENGTH),
        Mistake(lambda path, target: _project(path, *mistaken_axes(target)), _ROWS),
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
