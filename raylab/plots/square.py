"""The unit square of two performances: tints, null clines, orbits, and the curves that belong to them.

Every function draws what it is given. A velocity is only asked for its signs, to tint the square.
"""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

import matplotlib.patheffects as pe
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from numpy.typing import NDArray

from raylab import arguments
from raylab.palette import HAIR, INK, ONE, ONE_WINS, PAPER, PLATEAU, QUIET, TWO, TWO_WINS
from raylab.plots.style import FLATNESS_MAP, WIDTH, title
from raylab.records import Components, Trajectory

Velocity = Callable[[Components], Components]
Path = Annotated[NDArray[np.float64], "T 2"]

HALO = [pe.withStroke(linewidth=2.6, foreground=PAPER), pe.Normal()]
WIDE_HALO = [pe.withStroke(linewidth=4.8, foreground=PAPER), pe.Normal()]
SLOPES = LogNorm(1e-9, 1e-1)  # J' half-way: gold moves, ink is frozen
THEORY = (0, (3, 2.2))
CLINE = (0, (4, 2.2))


def phase_portrait(
    velocity: Velocity,
    ax: Axes,
    orbits: Sequence[Path] = (),
    slopes: Sequence[float] | None = None,
    box: tuple[float, float, float, float] = (0.0, 1.0, 0.0, 1.0),
) -> Axes:
    """Tint where one component takes all, draw both null clines, and lay `orbits` over them.  [Schaul19 Fig. 2]

    velocity: J (..., 2) -> dJ/dt (..., 2). A tint has the winner's hue; the dashed line around it, on which the
    loser stands still, has the loser's. orbits: paths (T, 2) in the square, quiet grey, or each in the colour of
    its entry in `slopes`: J' > 0 where it crosses J1 + J2 = 1. box: the part of the square to show, J1 first.
    Raises TypeError or ValueError where an argument is not of that kind, or a velocity returns another shape.
    """
    ax, box = _axes(ax), _box(box)
    orbits = _paths(orbits)
    _regions(arguments.function(velocity, "velocity"), ax, box)
    _frame(ax, box)
    if slopes is None:
        for path in orbits:
            ax.plot(*path.T, color=HAIR, lw=0.9, zorder=1)
            _arrow(ax, path, "#A9B0B7", 1)
        return ax
    for path, slope in zip(orbits, _slopes(slopes, len(orbits)), strict=True):
        colour = _flatness(slope)
        ax.plot(*path.T, color=colour, lw=1.1, zorder=4)
        _arrow(ax, path, colour, 5)
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
    _axes(ax)
    looks = {
        "attracts": (attracts, {"mfc": INK}),
        "repels": (repels, {"mfc": PAPER}),
        "saddles": (saddles, {"mfc": INK, "mfcalt": PAPER, "fillstyle": "bottom"}),
    }
    for name, (points, look) in looks.items():
        for point in points:
            x, y = arguments.array(point, name, "2")
            ax.plot(x, y, "o", ms=7.5, mec=INK, mew=1.1, clip_on=False, zorder=12, **look)
    return ax


def flow_and_curves(
    velocity: Velocity,
    orbit: Trajectory,
    updates: Trajectory,
    others: Sequence[Trajectory],
    slopes: Sequence[float],
    quiet: Sequence[Path] = (),
) -> Figure:
    """The hero of chapter 03: one learner in the square and in time, the same four moments marked on both.

    orbit: its exact flow; updates: the same start by gradient steps; others: the flow from more starts, each with
    J' half-way in `slopes`; quiet: paths (T, 2) behind them all. The four moments are the start, the loser's
    turn, J1 + J2 = 1 and the loser's return to one half.
    Raises TypeError or ValueError where an argument is not of that kind or `orbit` has no second component.
    """
    orbit, updates = _run(orbit, "orbit"), _run(updates, "updates")
    others = [_run(other, "others") for other in others]
    slopes = _slopes(slopes, len(others))
    moments = _moments(orbit.components)
    figure = plt.figure(figsize=(WIDTH, 4.75))
    title(figure, "The one that is behind turns back, waits, and returns")
    ax = figure.add_axes((0.058, 0.115, 3.4 / WIDTH, 3.4 / 4.75))
    phase_portrait(velocity, ax, quiet)
    phase_portrait(velocity, ax, [other.components for other in others], slopes)
    ax.plot([0, 1], [1, 0], color=PLATEAU, lw=0.9, ls=(0, (1, 2.2)), zorder=3)
    ax.plot(*orbit.components.T, color=INK, lw=2.4, zorder=8, path_effects=WIDE_HALO)
    for n, (i, shift) in enumerate(zip(moments, [(12, -3), (13, 0), (14, -7), (-3, -13)], strict=True), 1):
        _badge(ax, *orbit.components[i], n, shift)
    say = {"fontsize": 8.8, "path_effects": HALO, "zorder": 11, "ha": "center", "va": "center"}
    ax.text(0.5, 0.07, "1 takes all: $J_2$ falls", color=ONE, **say)
    ax.text(0.255, 0.46, "2 takes all:\n$J_1$ falls", color="#B3470A", **say)
    ax.text(0.56, 0.5, "half-way: $J_1+J_2=1$", color=PLATEAU, rotation=-45, **say)
    _race(figure.add_axes((0.625, 0.49, 0.34, 0.36)), orbit, updates, moments)
    _staircases(figure.add_axes((0.625, 0.115, 0.34, 0.27)), orbit, others, slopes, moments)
    return figure


def _race(ax: Axes, orbit: Trajectory, updates: Trajectory, moments: list[int]) -> None:
    """J1 and J2 on logarithmic axes: updates in colour, the exact flow dashed over them."""
    shown = np.unique(np.geomspace(1, len(updates.times) - 1, 400).astype(int))
    low = 10 ** np.floor(np.log10(orbit.components.min()))
    for k, colour in enumerate((ONE, TWO)):
        ax.plot(updates.times[shown], updates.components[shown, k], color=colour, lw=3.6, zorder=4)
        ax.plot(orbit.times[1:], orbit.components[1:, k], color=INK, lw=1.1, ls=THEORY, zorder=6)
    loser = int(orbit.components[0].argmin())
    for n, (i, shift) in enumerate(zip(moments, [(11, 9), (3, 12), (-13, -3), (-13, 2)], strict=True), 1):
        _badge(ax, max(orbit.times[i], 1), orbit.components[i, loser], n, shift)
    for k, x, y in ((1 - loser, 1.3, 0.27), (loser, 1.3, 0.011)):
        ax.text(x, y, f"$J_{k + 1}$", color=(ONE, TWO)[k], fontsize=13, path_effects=HALO, zorder=11)
    ax.set(xscale="log", yscale="log", xlim=(1, 1e4), ylim=(low, 1.5), yticks=(low, 0.01, 0.1, 1))
    ax.set_yticklabels([f"{low:g}", "0.01", "0.1", "1"])
    ax.set_xticks([1, 10, 100, 1000, 10000], labels=[])
    ax.set_title("colour: updates, dashed: flow", fontsize=9, fontweight="normal", pad=5)


def _staircases(ax: Axes, orbit: Trajectory, others: list, slopes: NDArray, moments: list[int]) -> None:
    """J1 + J2 of all starts in log time, coloured by their slope half-way, with the key to that colour."""
    for other, slope in zip(others, slopes, strict=True):
        ax.plot(other.times[1:], other.performance[1:], color=_flatness(slope), lw=1.0, zorder=3)
    ax.plot(orbit.times[1:], orbit.performance[1:], color=INK, lw=2.2, zorder=8, path_effects=WIDE_HALO)
    for n, (i, shift) in enumerate(zip(moments, [(10, 9), (-13, 4), (0, 13), (12, -9)], strict=True), 1):
        _badge(ax, max(orbit.times[i], 1), orbit.performance[i], n, shift)
    ax.set(xscale="log", xlim=(1, 1e4), ylim=(-0.05, 2.08), yticks=(0, 1, 2))
    ax.set_xticks([1, 10, 100, 1000, 10000], labels=["1", "10", "100", "1\u2009000", "10\u2009000"])
    ax.set_xlabel("time = step size × updates, log scale", labelpad=2)
    ax.set_title("$J_1+J_2$", fontsize=9, fontweight="normal", pad=3)
    key = ax.inset_axes((0.52, 1.07, 0.48, 0.07))
    key.imshow(np.linspace(1, 0, 128)[None], aspect="auto", cmap=FLATNESS_MAP.reversed(), extent=(0, 1, 0, 1))
    key.set(xticks=(), yticks=())
    key.text(-0.03, 0.45, "fast", ha="right", va="center", fontsize=8)
    key.text(1.0, 1.3, "slope half-way: frozen", ha="right", va="bottom", fontsize=8)


def _moments(J: Path) -> list[int]:
    """Start, the loser's turn, half-way, and the loser's return to one half."""
    loser = int(J[0].argmin())
    half_way = int(np.abs(J.sum(axis=1) - 1).argmin())
    turn = int(J[:half_way + 1, loser].argmax())
    back = half_way + int(np.argmax(J[half_way:, loser] > 0.5))
    return [0, turn, half_way, back]


def _regions(velocity: Velocity, ax: Axes, box: tuple) -> None:
    left, right, bottom, top = box
    u = (np.arange(600) + 0.5) / 600
    J = np.stack(np.meshgrid(left + (right - left) * u, bottom + (top - bottom) * u), axis=-1)
    rates = arguments.array(velocity(J.copy()), "velocity(J)", "600 600 2")
    x, y, r1, r2 = J[..., 0], J[..., 1], rates[..., 0], rates[..., 1]
    for wins, loses, tint, cline in ((r1, r2, ONE_WINS, TWO), (r2, r1, TWO_WINS, ONE)):
        takes_all = np.minimum(wins, -loses)
        if takes_all.max() > 0:
            ax.contourf(x, y, takes_all, [0, np.inf], colors=[tint], zorder=0)
        if loses.min() < 0 < loses.max():
            ax.contour(x, y, loses, [0], colors=[cline], linewidths=1.1, linestyles=[CLINE], zorder=2)


def _frame(ax: Axes, box: tuple) -> None:
    left, right, bottom, top = box
    pad = 0.02 * (right - left), 0.02 * (top - bottom)
    ax.set(xlim=(left - pad[0], right + pad[0]), ylim=(bottom - pad[1], top + pad[1]))
    ax.set_xticks([left, right], labels=[f"{left:g}", f"{right:g}"])
    ax.set_yticks([bottom, top], labels=[f"{bottom:g}", f"{top:g}"])
    ax.spines["left"].set_bounds(bottom, top)
    ax.spines["bottom"].set_bounds(left, right)
    if np.isclose(right - left, top - bottom):
        ax.set_aspect("equal")
    ax.set_xlabel("$J_1$", color=ONE, fontsize=13.5, labelpad=-10)
    ax.set_ylabel("$J_2$", color=TWO, fontsize=13.5, rotation=0, labelpad=-2)


def _arrow(ax: Axes, path: Path, colour: Any, zorder: int) -> None:
    """A small head half-way along the path, by length."""
    length = np.concatenate([[0], np.hypot(*np.diff(path, axis=0).T).cumsum()])
    if length[-1] < 0.05:
        return
    at = [np.interp(s * length[-1], length, path[:, k]) for s in (0.45, 0.47) for k in (0, 1)]
    head = {"arrowstyle": "-|>,head_width=.2,head_length=.42", "color": colour, "lw": 0, "mutation_scale": 10}
    ax.annotate("", at[2:], at[:2], zorder=zorder, arrowprops={**head, "shrinkA": 0, "shrinkB": 0})


def _badge(ax: Axes, x: float, y: float, n: int, shift: tuple[float, float]) -> None:
    ax.plot(x, y, "o", ms=4.6, mfc=INK, mec=PAPER, mew=0.9, zorder=14, clip_on=False)
    ax.annotate(
        str(n), (x, y), shift, textcoords="offset points", ha="center", va="center", fontsize=8,
        fontweight="bold", color=PAPER, zorder=15, annotation_clip=False,
        bbox={"boxstyle": "circle,pad=0.2", "fc": INK, "ec": PAPER, "lw": 0.8},
    )


def _flatness(slope: float) -> Any:
    return FLATNESS_MAP(1 - SLOPES(slope, clip=True))


def _axes(ax: Any) -> Axes:
    if not isinstance(ax, Axes):
        raise TypeError(f"ax: expected matplotlib Axes, found {type(ax).__name__}; make some with plt.subplots().")
    return ax


def _box(box: Any) -> tuple[float, float, float, float]:
    left, right, bottom, top = (float(edge) for edge in arguments.array(box, "box", "4"))
    if not (0 <= left < right <= 1 and 0 <= bottom < top <= 1):
        raise ValueError(
            f"box: expected 0 <= left < right <= 1 and 0 <= bottom < top <= 1, found {tuple(box)}; "
            "it is a part of the unit square, J1 first."
        )
    return left, right, bottom, top


def _paths(paths: Any) -> list[Path]:
    if not isinstance(paths, Sequence):
        raise TypeError(f"orbits: expected a list of (T, 2) arrays, found {type(paths).__name__}; put it in a list.")
    return [arguments.array(path, "orbits", "T 2") for path in paths]


def _slopes(slopes: Any, count: int) -> NDArray[np.float64]:
    found = arguments.array(slopes, "slopes", "N") if count else np.empty(0)
    if len(found) != count or (found <= 0).any():
        raise ValueError(
            f"slopes: expected {count} positive numbers, one for each orbit, found {len(found)}, "
            f"the smallest {found.min(initial=np.inf):.4g}; J' is positive wherever learning moves."
        )
    return found


def _run(run: Any, name: str) -> Trajectory:
    if not isinstance(run, Trajectory):
        raise TypeError(f"{name}: expected a Trajectory, found {type(run).__name__}; pass what orbit or ascend gave.")
    arguments.array(run.components, f"{name}.components", "T 2")
    return run
