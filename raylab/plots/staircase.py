"""Many components: staircases in log time, the skeleton under them, how their waits grow, and where one never ends.

Every function draws the arrays that it is given and returns the figure. Components are columns in the order in which
they are learned, dark to light; black and open circles are theory. Times reach 10^250, so axes show their exponents.
All raise TypeError or ValueError where an argument is not of the named kind.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.colors import LinearSegmentedColormap, to_hex
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from raylab import arguments
from raylab.palette import BASIN, BASIN_EDGE, EARTH, HAIR, INK, ORDERED, PAPER, PLATEAU, QUIET, TEXT
from raylab.plots.race import THEORY, TIME
from raylab.plots.square import HALO
from raylab.plots.style import WIDTH, title
from raylab.records import Trajectory

Floats = NDArray[np.float64]
_RAMP = LinearSegmentedColormap.from_list("ordered", ORDERED)
LOOKS = tuple(zip((PLATEAU, EARTH, ORDERED[2], QUIET), "os^v", strict=True))
_LEAST = 1e-300  # of a performance: its logarithm is still a number
CIRCLE = {"ls": "none", "marker": "o", "mfc": PAPER, "mec": INK, "mew": 1.3, "zorder": 9}


def ramp(components: int) -> list[str]:
    """One colour for each of that many components, dark to light; label each curve with its number as well."""
    arguments.count(components, "components")
    return [to_hex(_RAMP(k / max(components - 1, 1))) for k in range(components)]


def staircase(run: Trajectory, predicted: Annotated[Floats, "P"], finding: str, made: str) -> Figure:
    """The sum of all J_k in log time, a step of its own colour for each, and below it every J_k on a log scale.

    run: its columns in the order in which they are learned. predicted (P,), P <= K: log10 of the time of each riser,
    an open circle half-way up; those that never come are left out at the end.
    """
    t, J = log_times(run, "run", 1.05)
    predicted = _logs(predicted, "predicted", "P")
    if len(predicted) > J.shape[1]:
        raise ValueError(f"predicted: expected at most {J.shape[1]} times, one each, found {len(predicted)}.")
    figure = plt.figure(figsize=(WIDTH, 4.7))
    title(figure, arguments.text(finding, "finding"), arguments.text(made, "made"))
    above, below = figure.add_axes((0.07, 0.43, 0.875, 0.42)), figure.add_axes((0.07, 0.105, 0.875, 0.26))
    steps(above, t, J, predicted)
    sinking(below, t, J)
    above.set_xticklabels([])
    below.set_xlabel(TIME, labelpad=2)
    return figure


def steps(ax: Axes, t: Floats, J: Floats, predicted: Floats) -> None:
    """Stacked J_k against log10 of time, with open circles half-way up the risers."""
    edges = np.concatenate([np.zeros((len(t), 1)), np.cumsum(J, axis=-1)], axis=-1)
    for k, colour in enumerate(ramp(J.shape[1])):
        ax.fill_between(t, edges[:, k], edges[:, k + 1], color=colour, lw=0)
    ax.plot(t, edges[:, -1], color=PAPER, lw=2.4)
    ax.plot(t, edges[:, -1], color=QUIET, lw=0.9)
    ax.plot(predicted, np.arange(len(predicted)) + 0.5, ms=7, **CIRCLE)
    ax.set(xlim=(0, t[-1]), ylim=(0, J.shape[1] * 1.02), yticks=range(J.shape[1] + 1))
    axis_of_powers(ax.xaxis)
    names_beside(ax, t[-1], (edges[-1, 1:] + edges[-1, :-1]) / 2, _symbols("J", J.shape[1]), None)
    ax.set_title("all performances, one on the other", fontsize=10, fontweight="normal", pad=5)


def sinking(ax: Axes, t: Floats, J: Floats) -> None:
    """Every J_k on a log scale against log10 of time; those that sink are labelled where they are lowest."""
    heights = np.log10(np.maximum(J, _LEAST))
    bottom = heights.min() * 1.1 - 0.1
    for k, colour in enumerate(ramp(J.shape[1])):
        ax.plot(t, heights[:, k], color=colour, lw=2.4)
        row = int(np.argmin(heights[:, k]))
        if heights[row, k] < heights[0, k] + bottom / 20:
            place = {"textcoords": "offset points", "ha": "center", "path_effects": HALO, "fontsize": 10.5}
            ax.annotate(f"$J_{{{k + 1}}}$", (t[row], heights[row, k]), (0, 6), color=TEXT, **place)
    ax.set(xlim=(0, t[-1]), ylim=(bottom, 0.04 * -bottom))
    axis_of_powers(ax.xaxis)
    axis_of_powers(ax.yaxis, 4)
    ax.set_title("each of them, log scale", fontsize=10, fontweight="normal", pad=5)


def skeletons(
    length: Annotated[Floats, "T"],
    logits: Annotated[Floats, "T K"],
    corner_length: Annotated[Floats, "M"],
    corners: Annotated[Floats, "M K"],
    phases: Sequence[tuple[float, float, str]],
) -> Figure:
    """Logits along the path against the length of the path, in colour, and the piecewise-linear skeleton, dashed.

    length (T,), logits (T, K): of the flow. corner_length (M,), corners (M, K): of the skeleton. phases: stretches
    (from, to, letter) on the axis of lengths, which are shaded in turn and named.
    """
    length = arguments.array(length, "length", "T")
    logits = arguments.array(logits, "logits", f"{len(length)} K")
    at = arguments.array(corner_length, "corner_length", "M")
    corners = arguments.array(corners, "corners", f"{len(at)} {logits.shape[1]}")
    figure = plt.figure(figsize=(WIDTH, 3.9))
    made = "Colour: logits of the flow. Dashed: straight lines. Above the middle line a component is learned."
    title(figure, "Far from the middle, every path is a few straight lines", made)
    ax = figure.add_axes((0.075, 0.12, 0.875, 0.7))
    top = max(np.abs(logits).max(), np.abs(corners).max()) * 1.05
    for n, phase in enumerate(arguments.sequence(phases, "phases")):
        first, last, letter = _phase(phase)
        ax.axvspan(first, last, color=HAIR, alpha=0.42 if n % 2 else 0.12, lw=0, zorder=0)
        ax.text((first + last) / 2, top * 0.985, letter, ha="center", va="top", fontweight="bold", color=TEXT)
    ax.axhline(0, color=QUIET, lw=0.8, zorder=1)
    for k, colour in enumerate(ramp(logits.shape[1])):
        ax.plot(length, logits[:, k], color=colour, lw=4)
        ax.plot(at, corners[:, k], color=INK, lw=1.2, ls=THEORY, zorder=6)
    ax.set(xlim=(0, length[-1]), ylim=(-top, top))
    names_beside(ax, length[-1], logits[-1], _symbols("x", logits.shape[1]), None)
    ax.yaxis.set_major_locator(MaxNLocator(5))
    ax.set_xlabel("length of the path: what all logits together have moved", labelpad=2)
    return figure


def _phase(phase: object) -> tuple[float, float, str]:
    first, last, letter = arguments.sequence(phase, "phases", 3)
    return arguments.number(first, "phases"), arguments.number(last, "phases"), arguments.text(letter, "phases")


def growing_waits(
    scale: Annotated[Floats, "S"],
    waits: Annotated[Floats, "S K"],
    lines: Annotated[Floats, "S K"],
    ratios: Mapping[str, Annotated[Floats, "D M"]],
    middles: Annotated[Floats, "D"],
) -> Figure:
    """Waits against the scale of the start, both logarithmic, and how local slopes approach the predicted ones.

    scale (S,): log10 of p. waits, lines (S, K): log10 of the times, by the flow and straight lines of the predicted
    slopes. ratios: problem -> local slopes over predicted ones (D, M), one column for each wait; middles (D,): log10 of
    p half-way between the two starts of a slope. At most four problems.
    """
    scale, middles = _logs(scale, "scale", "S"), _logs(middles, "middles", "D")
    waits = _logs(waits, "waits", f"{len(scale)} K")
    lines = _logs(lines, "lines", f"{len(scale)} {waits.shape[1]}")
    if not 1 <= len(arguments.mapping(ratios, "ratios")) <= len(ORDERED):
        raise ValueError(f"ratios: expected one to {len(ORDERED)} problems, found {len(ratios)}; draw fewer.")
    figure = plt.figure(figsize=(WIDTH, 3.7))
    made = "Left: time until the $k$-th is learned; dashed: the law. Right: measured over predicted power, all waits."
    title(figure, "Each wait is a higher power of 1/p than the one before", made)
    left, right = figure.add_axes((0.085, 0.135, 0.4, 0.65)), figure.add_axes((0.61, 0.135, 0.37, 0.65))
    for k, colour in enumerate(ramp(waits.shape[1])):
        left.plot(-scale, lines[:, k], color=INK, lw=1.1, ls=THEORY, zorder=2)
        left.plot(-scale, waits[:, k], "o", color=colour, ms=5, zorder=3)
    words = [f"$k={k + 1}$" for k in range(waits.shape[1])]
    names_beside(left, -scale[-1], waits[-1], words, None)
    for axis in (left.xaxis, left.yaxis, right.xaxis):
        axis_of_powers(axis, 5)
    left.set_xlabel("$1/p$: how low the start is", labelpad=2)
    right.axhline(1, color=INK, lw=1.1, ls=THEORY, zorder=1)
    for n, ((name, found), (colour, marker)) in enumerate(zip(ratios.items(), LOOKS, strict=False)):
        found = arguments.array(found, "ratios", f"{len(middles)} M")
        right.plot(-middles, found, color=colour, marker=marker, ms=4, lw=0.9, mec=PAPER, mew=0.5)
        spot = {"transform": right.transAxes, "va": "center", "fontsize": 9.5, "color": colour}
        right.text(0.53, 0.28 - 0.08 * n, arguments.text(name, "ratios"), **spot)
        right.plot(0.49, 0.28 - 0.08 * n, marker, color=colour, ms=5, transform=right.transAxes)
    right.set_xlabel("$1/p$", labelpad=2)
    for ax, words in ((left, "time, log scale"), (right, "local power, measured / predicted")):
        ax.set_title(words, fontsize=10, fontweight="normal", pad=6)
    return figure


def powers_by_wait(
    found: Mapping[str, Annotated[Floats, "M"]],
    told: Mapping[str, Annotated[Floats, "P"]],
    finding: str,
    made: str,
) -> Figure:
    """Powers of 1/p in successive waits: marks for what was measured, open circles for what was predicted.

    found: words -> powers (M,) of the waits 1 to M, at most four; told: some of the same words -> predictions, which
    may reach further.
    """
    if not 1 <= len(arguments.mapping(found, "found")) <= 4 or set(arguments.mapping(told, "told")) - set(found):
        raise ValueError(f"found: expected one to four lines, and told for these only, found {list(found)}.")
    figure = plt.figure(figsize=(WIDTH, 3.4))
    title(figure, arguments.text(finding, "finding"), arguments.text(made, "made"))
    ax, ends = figure.add_axes((0.07, 0.14, 0.57, 0.61)), []
    for (name, powers), (colour, marker) in zip(found.items(), LOOKS, strict=False):
        powers = arguments.array(powers, "found", "M")
        theory = arguments.array(told[name], "told", "M") if name in told else powers[:0]
        ax.plot(np.arange(1, len(theory) + 1), theory, ms=10, **{**CIRCLE, "zorder": 3})
        ax.plot(np.arange(1, len(powers) + 1), powers, color=colour, marker=marker, ms=5.5, lw=1.4, zorder=5)
        ends.append((max(len(powers), len(theory)), [*powers, *theory[len(powers) :]][-1], colour))
    longest = max(length for length, _, _ in ends)
    ax.set(xlim=(0.7, longest + 0.3), xticks=range(1, longest + 1))
    ax.set_ylim(min(-0.2, ax.get_ylim()[0]), None)
    names = [arguments.text(name, "found") for name in found]
    for length in {length for length, _, _ in ends}:  # beside the last mark of each line
        some = [n for n, end in enumerate(ends) if end[0] == length]
        heights, colours = np.array([ends[n][1] for n in some]), [ends[n][2] for n in some]
        names_beside(ax, length + 0.1, heights, [names[n] for n in some], colours)
    ax.set_xlabel("number of the wait", labelpad=2)
    ax.set_title("power of $1/p$", fontsize=10, fontweight="normal", pad=6)
    return figure


def trap_map(
    edge: Annotated[Floats, "B 2"],
    paths: Sequence[Annotated[Floats, "T 2"]],
    caught: Annotated[Floats, "M 2"],
    free: Annotated[Floats, "N 2"],
) -> Figure:
    """The slice J1 = J2 of the cube: the starts from which the third is never learned are shaded.

    edge (B, 2): the boundary of the trap from low J1 = J2 on to the corner (1, 0), as points (J1, J3). paths: orbits.
    caught (M, 2), free (N, 2): starts that were followed; filled where the third was never learned.
    """
    edge = arguments.array(edge, "edge", "B 2")
    caught, free = arguments.array(caught, "caught", "M 2"), arguments.array(free, "free", "N 2")
    figure = plt.figure(figsize=(WIDTH, 4.3))
    made = "The slice $J_1=J_2$. Line: one orbit, backwards. Dots: runs; filled: the third is never learned."
    title(figure, "From every start in the shade the learner never arrives", made)
    for ax, near in (
        (figure.add_axes((0.075, 0.115, 0.4, 0.7)), False),
        (figure.add_axes((0.575, 0.115, 0.4, 0.7)), True),
    ):
        ax.fill_between(edge[:, 0], 0, edge[:, 1], color=BASIN, lw=0, zorder=1)
        for path in arguments.sequence(paths, "paths"):
            ax.plot(*arguments.array(path, "paths", "T 2").T, color=QUIET, lw=0.8, zorder=3)
        ax.plot(*edge.T, color=BASIN_EDGE, lw=2, zorder=4)
        for starts, colour in ((caught, INK), (free, PAPER)):
            shown = near | (starts[:, 0] < 0.9) | (starts[:, 1] > 0.1)  # the panel beside has room for the rest
            ax.plot(*starts[shown].T, "o", ls="none", ms=4.6, mfc=colour, mec=INK, mew=0.9, zorder=6)
        ax.set_xlabel("$J_1=J_2$", labelpad=1, fontsize=11)
        ax.set_ylabel("$J_3$", rotation=0, labelpad=8, fontsize=11)
        low = 0.9 if near else 0.0
        ax.set(xlim=(low, 1.0), ylim=(0, 1 - low), xticks=(low, 1), yticks=(0, round(1 - low, 1)))
        words = "the corner (1, 1, 0), ten times larger" if near else "the whole slice"
        ax.set_title(words, fontsize=10, fontweight="normal", pad=6)
    return figure


def same_start(runs: Mapping[str, Trajectory], finding: str, made: str) -> Figure:
    """The performances of two or three learners against log time, side by side, components in their colours."""
    if not 1 <= len(arguments.mapping(runs, "runs")) <= 3:
        raise ValueError(f"runs: expected one to three learners, found {len(runs)}; leave some out.")
    figure = plt.figure(figsize=(WIDTH, 3.0))
    title(figure, arguments.text(finding, "finding"), arguments.text(made, "made"))
    width = 0.9 / len(runs)
    for n, (name, run) in enumerate(runs.items()):
        t, J = log_times(run, "runs", 1.0)
        ax = figure.add_axes((0.05 + n * (width + 0.025), 0.16, width - 0.075, 0.56))
        for k, colour in enumerate(ramp(J.shape[1])):
            ax.plot(t, J[:, k], color=colour, lw=3.8 - 0.8 * k)
        ax.set(xlim=(0, t[-1]), ylim=(-0.03, 1.05), yticks=(0, 1))
        names_beside(ax, t[-1], J[-1], _symbols("J", J.shape[1]), None)
        axis_of_powers(ax.xaxis)
        ax.set_title(arguments.text(name, "runs"), fontsize=10, fontweight="normal", pad=6)
        ax.set_xlabel("time, log scale", labelpad=1)
    return figure


def log_times(run: object, name: str, reach: float = 1.0) -> tuple[Floats, Floats]:
    """log10 of the times (T,) from 1 on, and the performances then (T, K); the last hold till `reach` times the end."""
    if not isinstance(run, Trajectory):
        raise TypeError(f"{name}: expected a Trajectory, found {type(run).__name__}; pass what climb returned.")
    J = arguments.array(run.components, f"{name}.components", "T K")
    times = arguments.array(run.times, f"{name}.times", f"{len(J)}")
    seen = times >= 1
    if seen.sum() < 2:
        raise ValueError(f"{name}: expected two times from 1 on, found {seen.sum()}; let it run on.")
    t = np.log10(times[seen])
    return np.append(t, t[-1] * reach), np.concatenate([J[seen], J[-1:]])


def names_beside(ax: Axes, x: float, heights: Floats, words: Sequence[str], colours: Sequence[str] | None) -> None:
    """Names right of x, each at its height or, where they would cover each other, as near to it as there is room."""
    order, (low, high) = np.argsort(heights, kind="stable"), ax.get_ylim()
    gap = 0.075 * (high - low)
    for k, height in zip(order, kept_apart(np.asarray(heights)[order], gap), strict=True):
        look = {"textcoords": "offset points", "va": "center", "annotation_clip": False, "fontsize": 10}
        ax.annotate(words[k], (x, height), (7, 0), color=TEXT if colours is None else colours[k], **look)


def kept_apart(heights: Floats, gap: float) -> Floats:
    """The nearest heights to these increasing ones that are `gap` apart: neighbours that touch share their middle."""
    blocks: list[tuple[float, int]] = []
    for n, height in enumerate(heights):
        blocks.append((height - n * gap, 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (one, some), (other, more) = blocks[-2:]
            blocks[-2:] = [((one * some + other * more) / (some + more), some + more)]
    middles = np.repeat([middle for middle, _ in blocks], [size for _, size in blocks])
    return np.asarray(middles + gap * np.arange(len(heights)), dtype=np.float64)


def _symbols(letter: str, components: int) -> list[str]:
    return [f"${letter}_{{{k + 1}}}$" for k in range(components)]


def _logs(value: object, name: str, shape: str) -> Floats:
    """Logarithms to base ten: no axis of a figure reaches beyond a thousand of them."""
    found = arguments.array(value, name, shape)
    if np.abs(found).max() > 1000:
        raise ValueError(f"{name}: expected logarithms to base 10, at most 1000 in size, found {found.flat[0]:.4g}.")
    return found


def axis_of_powers(axis: Axis, most: int = 7) -> None:
    """Label an axis of log10 with the powers themselves, at most `most` of them."""
    axis.set_major_locator(MaxNLocator(most, integer=True, min_n_ticks=1))
    axis.set_major_formatter(FuncFormatter(_power))


def _power(exponent: float, _: object) -> str:
    whole = round(exponent)
    return {0: "1", 1: "10", 2: "100"}.get(whole, f"$10^{{{whole}}}$")
