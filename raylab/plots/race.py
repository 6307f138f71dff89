"""Two components in time, and beside the square in which the same learners move."""

from collections.abc import Sequence

import matplotlib.patheffects as pe
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from raylab import arguments
from raylab.palette import INK, ONE, ONE_TEXT, ORDERED, PAPER, PLATEAU, TWO, TWO_TEXT
from raylab.plots.doors import two
from raylab.plots.square import HALO, Path, Velocity, fixed_points, flatness, phase_portrait
from raylab.plots.style import FLATNESS_MAP, WIDTH, title
from raylab.records import Trajectory

WIDE_HALO = [pe.withStroke(linewidth=4.8, foreground=PAPER), pe.Normal()]
THEORY = (0, (3, 2.2))
TIME = "time = step size × updates, log scale"


def two_curves(run: Trajectory, finding: str) -> Figure:
    """J1 and J2 of one run, both axes logarithmic; `finding` is the title.

    Raises TypeError or ValueError if `run` is no Trajectory of two components or `finding` no text.
    """
    run = two(run, "run")
    if not isinstance(finding, str):
        raise TypeError(f"finding: expected a title in words, found {type(finding).__name__}; pass a str.")
    figure, ax = plt.subplots(figsize=(WIDTH, 2.45))
    figure.subplots_adjust(0.075, 0.185, 0.95, 0.85)
    title(figure, finding)
    for k, (colour, word) in enumerate(((ONE, ONE_TEXT), (TWO, TWO_TEXT))):
        ax.plot(*_thinned(run, k), color=colour, lw=2.6)
        _name(ax, run, k, word)
    _log_time(ax, run.times[-1])
    _log_height(ax, run.components.min())
    ax.set_xlabel(TIME, labelpad=2)
    return figure


def step_sizes(exact: Trajectory, runs: Sequence[Trajectory]) -> Figure:
    """The first component under growing step sizes, exact flow dashed. The step size is read off the times.

    Raises TypeError or ValueError where an argument is no Trajectory of two components, or there are more than
    four runs (a fifth hue would not be told apart).
    """
    exact, runs = two(exact, "exact"), [two(run, "runs") for run in arguments.sequence(runs, "runs")]
    if not 1 <= len(runs) <= len(ORDERED):
        raise ValueError(f"runs: expected 1 to {len(ORDERED)} of them, found {len(runs)}; leave some out.")
    figure, ax = plt.subplots(figsize=(WIDTH, 2.8))
    figure.subplots_adjust(0.088, 0.165, 0.95, 0.77)
    title(
        figure,
        "Small steps follow the flow, large ones do not",
        f"$J_1$ from one start, {len(runs)} step sizes (bold numbers), a dot for each update. Dashed: exact flow.",
    )
    for run, colour in zip(runs, ORDERED[::-1], strict=False):
        times, values = _thinned(run, 0)
        ax.plot(times, values, "o-", color=colour, ms=2.8, lw=1.8, zorder=4)
        ax.text(times[-1], 1.7, f"{run.times[1]:g}", color=colour, ha="center", fontsize=9.5, fontweight="bold")
    ax.plot(exact.times[1:], exact.components[1:, 0], color=INK, lw=1.2, ls=THEORY, zorder=6)
    _log_time(ax, max(run.times[-1] for run in [exact, *runs]))
    _log_height(ax, min(run.components[:, 0].min() for run in [exact, *runs]))
    ax.set_xlabel(TIME, labelpad=2)
    return figure


def flow_and_curves(
    velocity: Velocity,
    orbit: Trajectory,
    updates: Trajectory,
    others: Sequence[Trajectory],
    slopes: Sequence[float],
    quiet: Sequence[Path] = (),
) -> Figure:
    """One learner in the square and in time, with the same four moments marked on both.  [Schaul19 Fig. 1]

    orbit: its exact flow; updates: the same start by gradient steps; others: the flow from more starts, each with
    its J' half-way in `slopes`; quiet: paths (T, 2) behind them all. The moments: the start, the winner at one
    half, J1 + J2 = 1, and the loser at one half.
    Raises TypeError or ValueError where an argument is not of that kind.
    """
    orbit, updates = two(orbit, "orbit"), two(updates, "updates")
    others = [two(other, "others") for other in arguments.sequence(others, "others")]
    quiet = [arguments.array(path, "quiet", "T 2") for path in arguments.sequence(quiet, "quiet")]
    slopes = arguments.array(slopes, "slopes", f"{len(others)}")
    p, q = orbit.components[0]
    figure = plt.figure(figsize=(WIDTH, 4.75))
    title(
        figure,
        "The one that is behind falls back, waits, and returns",
        f"Thick: from $J_1={p:.3g}$, $J_2={q:.3g}$. Thin: {len(others)} more starts, evenly on $J_1+J_2={p + q:.3g}$.",
    )
    ax = figure.add_axes((0.058, 0.1, 3.42 / WIDTH, 3.42 / 4.75))
    phase_portrait(velocity, ax, quiet)
    phase_portrait(velocity, ax, [other.components for other in others], slopes)
    shades = [flatness(float(slope)) for slope in slopes]
    fixed_points(ax, attracts=[(1, 1)], repels=[(0, 0)], saddles=[(0, 1), (1, 0)])
    moments = _moments(orbit.components)
    own = flatness(max(1e-12, _slope(orbit, moments[2])))
    _in_the_square(ax, orbit, moments, own)
    _curves(figure.add_axes((0.635, 0.49, 0.335, 0.31)), orbit, updates, moments)
    _staircases(figure.add_axes((0.635, 0.1, 0.335, 0.25)), orbit, others, shades, moments, own)
    return figure


def _in_the_square(ax: Axes, orbit: Trajectory, moments: list[int], own: tuple) -> None:
    ax.plot([0, 1], [1, 0], color=PLATEAU, lw=0.9, ls=(0, (1, 2.2)), zorder=3)
    ax.plot(*orbit.components.T, color=own, lw=2.6, zorder=8, path_effects=WIDE_HALO)
    for n, (i, shift) in enumerate(zip(moments, [(13, 1), (12, 0), (16, -7), (0, -13)], strict=True), 1):
        _badge(ax, *orbit.components[i], n, shift)
    say = {"fontsize": 8.8, "path_effects": HALO, "zorder": 11, "ha": "center", "va": "center"}
    ax.text(0.5, 0.185, "1 takes all: $J_2$ falls", color=ONE_TEXT, **say)
    ax.text(0.27, 0.49, "2 takes all:\n$J_1$ falls", color=TWO_TEXT, **say)
    ax.text(0.58, 0.49, "half-way: $J_1+J_2=1$", color=PLATEAU, rotation=-45, **say)


def _curves(ax: Axes, orbit: Trajectory, updates: Trajectory, moments: list[int]) -> None:
    """J1 and J2 on logarithmic axes: updates in colour, the exact flow dashed over them."""
    loser = int(orbit.components[0].argmin())
    for k, (colour, word) in enumerate(((ONE, ONE_TEXT), (TWO, TWO_TEXT))):
        ax.plot(*_thinned(updates, k), color=colour, lw=3.6, zorder=4)
        ax.plot(orbit.times[1:], orbit.components[1:, k], color=INK, lw=1.1, ls=THEORY, zorder=6)
        _name(ax, orbit, k, word)
    for n, (i, shift) in enumerate(zip(moments, [(9, -10), (12, 5), (-7, -12), (-13, 0)], strict=True), 1):
        _badge(ax, max(orbit.times[i], 1), orbit.components[i, loser], n, shift)
    _log_time(ax, 1e6, labels=False)
    _log_height(ax, orbit.components.min())
    ax.set_title("thick: updates, dashed: exact flow", fontsize=9, fontweight="normal", pad=7)


def _staircases(
    ax: Axes, orbit: Trajectory, others: list[Trajectory], shades: list, moments: list[int], own: tuple
) -> None:
    """J1 + J2 of all starts, coloured by their slope half-way, with the key to that colour."""
    for other, shade in zip(others, shades, strict=True):
        ax.plot(other.times[1:], other.performance[1:], color=shade, lw=1.0, zorder=3)
    ax.plot(orbit.times[1:], orbit.performance[1:], color=own, lw=2.4, zorder=8, path_effects=WIDE_HALO)
    for n, (i, shift) in enumerate(zip(moments, [(9, 9), (-13, 4), (-2, -13), (-13, 2)], strict=True), 1):
        _badge(ax, max(orbit.times[i], 1), orbit.performance[i], n, shift)
    _log_time(ax, 1e6)
    ax.set(ylim=(-0.08, 2.1), yticks=(0, 1, 2))
    ax.set_xlabel(TIME, labelpad=2)
    ax.set_title("$J_1+J_2$", fontsize=10, fontweight="normal", pad=5)
    key = ax.inset_axes((0.42, 1.1, 0.34, 0.07))
    key.imshow(np.linspace(0, 1, 128)[None], aspect="auto", cmap=FLATNESS_MAP, extent=(0, 1, 0, 1))
    key.set(xticks=(), yticks=())
    for x, word, side in ((-0.06, "fast", "right"), (1.06, "frozen", "left")):
        key.text(x, 0.4, word, ha=side, va="center", fontsize=8.5)


def _moments(J: Path) -> list[int]:
    """Start, the winner at one half, half-way, and the loser's return to one half: their rows."""
    loser = int(J[0].argmin())
    half_way = int(np.abs(J.sum(axis=1) - 1).argmin())
    back = half_way + int(np.argmax(J[half_way:, loser] > 0.5))
    return [0, int(np.abs(J[:, 1 - loser] - 0.5).argmin()), half_way, back]


def _slope(orbit: Trajectory, row: int) -> float:
    """J' at a row, from its neighbours."""
    a, b = max(row - 1, 0), min(row + 1, len(orbit.times) - 1)
    return float((orbit.performance[b] - orbit.performance[a]) / (orbit.times[b] - orbit.times[a]))


def _thinned(run: Trajectory, k: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Times and values of component k without the start, at most 400 of them, evenly in log time."""
    rows = np.unique(np.geomspace(1, max(len(run.times) - 1, 1), 400).astype(int))
    return run.times[rows], run.components[rows, k]


def _log_time(ax: Axes, end: float, labels: bool = True) -> None:
    ax.set(xscale="log", xlim=(1, end * 1.02))
    decades = np.arange(int(np.log10(end * 1.02)) + 1)
    words = [f"{10.0**n:.0f}" if n < 4 else f"$10^{n}$" for n in decades] if labels else [""] * len(decades)
    ax.set_xticks(10.0**decades, labels=words)


def _log_height(ax: Axes, low: float) -> None:
    ticks = [10.0**n for n in range(int(np.ceil(np.log10(low * 0.75))), 1)]
    ax.set(yscale="log", ylim=(low * 0.75, 1.4))
    ax.set_yticks(ticks, labels=[f"{tick:g}" for tick in ticks])


def _name(ax: Axes, run: Trajectory, k: int, colour: str) -> None:
    """J_k beside its curve, in the middle of the logarithmic time axis: above the lower, below the upper one."""
    row = int(np.searchsorted(run.times, np.sqrt(run.times[-1])))
    lower = run.components[row, k] < run.components[row, 1 - k]
    height = run.components[row, k] * (2.6 if lower else 0.45)
    say = {"fontsize": 13, "path_effects": HALO, "zorder": 11, "ha": "left", "va": "center"}
    ax.text(run.times[row], height, f"$J_{k + 1}$", color=colour, **say)


def _badge(ax: Axes, x: float, y: float, n: int, shift: tuple[float, float]) -> None:
    ax.plot(x, y, "o", ms=4.6, mfc=INK, mec=PAPER, mew=0.9, zorder=14, clip_on=False)
    ax.annotate(
        str(n),
        (x, y),
        shift,
        textcoords="offset points",
        ha="center",
        va="center",
        fontsize=8,
        fontweight="bold",
        color=PAPER,
        zorder=15,
        annotation_clip=False,
        bbox={"boxstyle": "circle,pad=0.2", "fc": INK, "ec": PAPER, "lw": 0.8},
    )
