"""The unit square of two performances: who takes all where, who stands still, and where orbits go.

Every function draws what it is given. A velocity is asked for its signs only, to tint the square.
"""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

import matplotlib.patheffects as pe
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from numpy.typing import NDArray

from raylab import arguments
from raylab.palette import HAIR, INK, ONE, ONE_TEXT, ONE_WINS, PAPER, PLATEAU, QUIET, TWO, TWO_TEXT, TWO_WINS
from raylab.plots.style import FLATNESS_MAP, WIDTH, axes, title
from raylab.records import Components

Velocity = Callable[[Components], Components]
Path = Annotated[NDArray[np.float64], "T 2"]

HALO = [pe.withStroke(linewidth=2.6, foreground=PAPER), pe.Normal()]
SLOPES = LogNorm(1e-9, 1e-1)  # J' half-way: gold moves, ink is frozen
CLINE = (0, (4, 2.2))
WHOLE = (0.0, 1.0, 0.0, 1.0)


def phase_portrait(
    velocity: Velocity,
    ax: Axes,
    orbits: Sequence[Path] = (),
    slopes: Sequence[float] | None = None,
    box: tuple[float, float, float, float] = WHOLE,
) -> Axes:
    """Tint where one component takes all, draw both null clines, and lay `orbits` over them.  [Schaul19 Fig. 2]

    velocity: J (..., 2) -> dJ/dt (..., 2). A tint has the winner's hue; the dashed line around it, on which the
    loser stands still, has the loser's. orbits: paths (T, 2), in quiet grey, or each in the colour of its entry in
    `slopes`: J' > 0 where it crosses J1 + J2 = 1. box: the part of the square to show, (left, right, bottom, top).
    Raises TypeError or ValueError where an argument is not of that kind, or a velocity returns another shape.
    """
    ax, box = axes(ax), _box(box)
    orbits = _paths(orbits, "orbits")
    colours = [None] * len(orbits) if slopes is None else [flatness(s) for s in _positive(slopes, len(orbits))]
    _regions(arguments.function(velocity, "velocity"), ax, box)
    _frame(ax, box)
    for path, colour in zip(orbits, colours, strict=True):
        ax.plot(*path.T, color=colour or HAIR, lw=1.1 if colour else 0.9, zorder=4 if colour else 1)
        _arrow(ax, path, colour or "#A9B0B7", 5 if colour else 1)
    return ax


def fixed_points(
    ax: Axes,
    attracts: Sequence[tuple[float, float]] = (),
    repels: Sequence[tuple[float, float]] = (),
    saddles: Sequence[tuple[float, float]] = (),
) -> Axes:
    """Mark fixed points (J1, J2): filled attracts, open repels, half filled is a saddle.

    Raises TypeError or ValueError if `ax` is no Axes or a point is no pair of numbers.
    """
    axes(ax)
    looks: dict[str, tuple[Any, dict[str, Any]]] = {
        "attracts": (attracts, {"mfc": INK}),
        "repels": (repels, {"mfc": PAPER}),
        "saddles": (saddles, {"mfc": INK, "mfcalt": PAPER, "fillstyle": "bottom"}),
    }
    for name, (points, look) in looks.items():
        if len(arguments.sequence(points, name)):
            for x, y in arguments.array(points, name, "N 2"):
                ax.plot(x, y, "o", ms=7.5, mec=INK, mew=1.1, clip_on=False, zorder=12, **look)
    return ax


def portrait(velocity: Velocity, points: NDArray[np.float64]) -> Figure:
    """A small phase portrait of a law J (..., 2) -> dJ/dt, with `points` (N, 2) as open circles.

    Raises TypeError or ValueError where an argument is not of that kind.
    """
    points = arguments.array(points, "points", "N 2")
    figure = plt.figure(figsize=(3.6, 3.5))
    ax = phase_portrait(velocity, figure.add_axes((0.12, 0.1, 0.85, 0.87)))
    ax.plot(*points.T, "o", ms=5, mfc=PAPER, mec=INK, mew=1.1, zorder=6)
    return figure


def laws_of_starts(velocity: Velocity, samples: dict[str, NDArray[np.float64]], reach: float) -> Figure:
    """One panel for each law of the start near the origin: its samples, and how many of them lie in a tint.

    samples: name of the law -> starts (N, 2) within [0, reach]^2; the share is counted from all of them and a few
    hundred are drawn. Raises TypeError or ValueError where an argument is not of that kind.
    """
    reach = arguments.number(reach, "reach", 1e-9, 1.0)
    if not isinstance(samples, dict) or not samples:
        raise TypeError("samples: expected a dict from names to (N, 2) arrays, found none; give at least one law.")
    figure, panels = plt.subplots(1, len(samples), figsize=(WIDTH, 3.1), squeeze=False)
    figure.subplots_adjust(0.085, 0.09, 0.965, 0.68, wspace=0.28)
    title(figure, "One word, three laws of the start, three numbers", "In a tint one component takes all.", left=0.085)
    for ax, (name, starts) in zip(panels[0], samples.items(), strict=True):
        starts = arguments.array(starts, "samples", "N 2")
        phase_portrait(velocity, ax, box=(0, reach, 0, reach))
        rates = arguments.array(velocity(starts.copy()), "velocity(J)", f"{len(starts)} 2")
        inside = (rates > 0).sum(axis=-1) == 1
        for which, look in ((inside, {"mfc": INK}), (~inside, {"mfc": PAPER})):
            few = starts[:250][which[:250]]
            ax.plot(*few.T, "o", ms=2.5, mec=INK, mew=0.5, zorder=6, **look)
        ax.set_title(f"{name}\n{inside.mean():.0%} in a tint", fontsize=9.5, fontweight="normal", pad=6)
        ax.yaxis.set_label_coords(-0.13, 0.5)
    return figure


def sheets(velocity: Velocity, early: Sequence[Path], late: Sequence[Path], exits: Sequence[Path]) -> Figure:
    """The two sheets on which component 2 takes all, enlarged: before half-way (left) and after it (right).

    early, late: paths (T, 2), drawn in the left and the right sheet. exits: pairs (N, 2) for each panel, marked
    where an orbit leaves. Raises TypeError or ValueError where an argument is not of that kind.
    """
    boxes = ((0.0, 0.3, 0.0, 1.0), (0.7, 1.0, 0.0, 1.0))
    words = ("before half-way: $J_1$ is unlearned", "after it: $J_1$ gives a little back")
    drawn = _paths(early, "early"), _paths(late, "late")
    arguments.sequence(exits, "exits, (N, 2) arrays for the left and the right panel", 2)
    crosses = [arguments.array(points, "exits", "N 2") for points in exits]
    figure, panels = plt.subplots(1, 2, figsize=(WIDTH, 3.6))
    figure.subplots_adjust(0.065, 0.095, 0.985, 0.77, wspace=0.2)
    title(
        figure, "In through the lower half, out through the upper", "Component 2 takes all in the tint. Crosses: exits."
    )
    for ax, box, paths, points, word in zip(panels, boxes, drawn, crosses, words, strict=True):
        phase_portrait(velocity, ax, [], box=box)
        for path in paths:
            ax.plot(*path.T, color=PLATEAU, lw=1.5, zorder=5, path_effects=HALO)
            ax.plot(*path[0], "o", ms=4.5, color=INK, zorder=9)
            _arrow(ax, path[(path[:, 0] > box[0]) & (path[:, 0] < box[1])], PLATEAU, 8)
        ax.plot(*points.T, "X", ms=8, mfc=INK, mec=PAPER, mew=0.9, zorder=10)
        ax.plot([0, 1], [1, 0], color=PLATEAU, lw=0.9, ls=(0, (1, 2.2)), zorder=3)
        ax.axhline(0.5, color=QUIET, lw=0.7, zorder=1)
        ax.set_yticks([0, 0.5, 1], labels=["0", "½", "1"])
        ax.yaxis.set_label_coords(-0.06, 0.72)
        ax.set_title(word, fontsize=9.5, fontweight="normal", pad=6)
    return figure


def flatness(slope: float) -> Any:
    """The colour of J' > 0 on a logarithmic scale: gold moves, ink is frozen.

    Raises TypeError or ValueError if `slope` is no positive number.
    """
    slope = arguments.number(slope, "slope", 1e-300)
    return FLATNESS_MAP(1 - SLOPES(slope, clip=True))


def _positive(slopes: Any, count: int) -> NDArray[np.float64]:
    """One positive slope for each of `count` orbits; raises TypeError or ValueError for anything else."""
    found = arguments.array(slopes, "slopes", "N") if count else np.ones(0)
    if len(found) != count or (found <= 0).any():
        raise ValueError(
            f"slopes: expected {count} positive numbers, one for each orbit, found {len(found)} with the smallest "
            f"{found.min(initial=np.inf):.4g}; J' is positive wherever learning moves."
        )
    return found


def _regions(velocity: Velocity, ax: Axes, box: tuple[float, float, float, float]) -> None:
    left, right, bottom, top = box
    u = (np.arange(600) + 0.5) / 600
    J = np.stack(np.meshgrid(left + (right - left) * u, bottom + (top - bottom) * u), axis=-1)
    rates = arguments.array(velocity(J.copy()), "velocity(J)", "600 600 2")
    x, y, first, second = J[..., 0], J[..., 1], rates[..., 0], rates[..., 1]
    for wins, loses, tint, cline in ((first, second, ONE_WINS, TWO), (second, first, TWO_WINS, ONE)):
        takes_all = np.minimum(wins, -loses)
        if takes_all.max() > 0:
            ax.contourf(x, y, takes_all, [0, np.inf], colors=[tint], zorder=0)
        if loses.min() < 0 < loses.max():
            ax.contour(x, y, loses, [0], colors=[cline], linewidths=1.1, linestyles=[CLINE], zorder=2)


def _frame(ax: Axes, box: tuple[float, float, float, float]) -> None:
    left, right, bottom, top = box
    dx, dy = 0.02 * (right - left), 0.02 * (top - bottom)
    ax.set(xlim=(left - dx, right + dx), ylim=(bottom - dy, top + dy))
    ax.set_xticks([left, right], labels=[f"{left:g}", f"{right:g}"])
    ax.set_yticks([bottom, top], labels=[f"{bottom:g}", f"{top:g}"])
    ax.spines["left"].set_bounds(bottom, top)
    ax.spines["bottom"].set_bounds(left, right)
    if np.isclose(right - left, top - bottom):
        ax.set_aspect("equal")
    ax.set_xlabel("$J_1$", color=ONE_TEXT, fontsize=13, labelpad=-9)
    ax.set_ylabel("$J_2$", color=TWO_TEXT, fontsize=13, rotation=0, labelpad=-2)


def _arrow(ax: Axes, path: Path, colour: Any, zorder: int) -> None:
    """A small head nearly half-way along the path, by length."""
    length = np.concatenate([[0], np.hypot(*np.diff(path, axis=0).T).cumsum()])
    tail, head = ([np.interp(s * length[-1], length, path[:, k]) for k in (0, 1)] for s in (0.45, 0.46))
    if length[-1] < 0.05 or np.minimum(tail, 1 - np.array(tail)).min() < 0.01:
        return  # too short to show a direction, or squeezed against an edge of the square
    look = {"arrowstyle": "-|>,head_width=.2,head_length=.42", "color": colour, "lw": 0, "mutation_scale": 10}
    ax.annotate("", head, tail, zorder=zorder, arrowprops={**look, "shrinkA": 0, "shrinkB": 0})


def _box(box: Any) -> tuple[float, float, float, float]:
    left, right, bottom, top = (float(edge) for edge in arguments.array(box, "box", "4"))
    if not (0 <= left < right <= 1 and 0 <= bottom < top <= 1):
        raise ValueError(
            f"box: expected 0 <= left < right <= 1 and 0 <= bottom < top <= 1, found {(left, right, bottom, top)}; "
            "it is a part of the unit square, J1 first."
        )
    return left, right, bottom, top


def _paths(paths: Any, name: str) -> list[Path]:
    if not isinstance(paths, list | tuple):
        raise TypeError(f"{name}: expected a list of (T, 2) arrays, found {type(paths).__name__}; put it in a list.")
    return [arguments.array(path, name, "T 2") for path in paths]
