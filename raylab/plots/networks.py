"""Bandit policies that are networks: waits by overlap, contexts that sink, and how many networks have one.

It draws the arrays that it is given and returns the figure. Black and dashed is theory.
"""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Annotated

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

from raylab import arguments
from raylab.palette import HAIR, INK, TEXT
from raylab.plots.doors import bounded, few, positive
from raylab.plots.race import THEORY
from raylab.plots.square import HALO
from raylab.plots.staircase import LOOKS, axis_of_powers, ramp
from raylab.plots.style import WIDTH, title

Floats = NDArray[np.float64]
_LEAST = 1e-300  # of a performance: below, it has few digits left


def waits_by_overlap(
    names: Sequence[str],
    overlaps: Annotated[Floats, "M 3"],
    waits: Annotated[Floats, "M 3"],
    alone: float,
    finding: str,
    made: str,
) -> Figure:
    """The wait for the second task against how alike a network finds two contexts.  [ledger S41]

    names: of M networks; overlaps, waits (M, 3): low end, middle and high end of each; waits on a log scale. alone: the
    overlap of the policy without hidden layers, dashed. Each name stands where it covers least of the rest.
    Raises TypeError or ValueError where an argument is not of the named kind.
    """
    names = arguments.texts(names, "names")
    overlaps = bounded(overlaps, "overlaps", f"{len(names)} 3")
    waits = positive(waits, "waits", f"{len(names)} 3")
    for rows, name in ((overlaps, "overlaps"), (waits, "waits")):
        if (np.diff(rows) < 0).any():
            raise ValueError(f"{name}: expected low end, middle and high end in a row, found a step down; sort them.")
    alone = arguments.number(alone, "alone", -1e100, 1e100)
    figure = plt.figure(figsize=(WIDTH, 3.6))
    title(figure, arguments.text(finding, "finding"), arguments.text(made, "made"))
    ax = figure.add_axes((0.09, 0.14, 0.87, 0.63))
    ax.axvline(alone, color=INK, lw=1.1, ls=THEORY, zorder=1)
    looks = (*LOOKS, (INK, "D"))
    for n, (x, y) in enumerate(zip(overlaps, waits, strict=True)):
        colour, mark = looks[n % len(looks)]
        for ends in ((x[[0, 2]], y[[1, 1]]), (x[[1, 1]], y[[0, 2]])):
            ax.plot(*ends, color=colour, alpha=0.4, lw=2, zorder=2)
        ax.plot(x[1], y[1], mark, color=colour, ms=7, zorder=4)
    low, high = waits.min() / 8, waits.max() * 8
    ax.set(yscale="log", ylim=(low, high), xlim=ax.get_xlim())  # settled, so that boxes are where they will be drawn
    ax.set_xlabel("overlap of two contexts: what a push on the one does to the other", labelpad=2)
    ax.set_title("wait for the second task", fontsize=9.5, fontweight="normal", pad=5)
    taken = [line.get_window_extent().padded(3) for line in ax.lines]
    taken.append(_named(ax, "overlap without hidden layers", [(alone, high), (alone, low)], taken))
    for name, x, y in zip(names, overlaps[:, 1], waits, strict=True):
        taken.append(_named(ax, name, [(x, end) for end in y[[1, 2, 0]]], taken))
    return figure


def _named(ax: Axes, name: str, places: Sequence[tuple[float, float]], taken: Sequence[Bbox]) -> Bbox:
    """Write a name beside one of these places, where it covers least of what is taken. The box that it takes."""
    text = ax.annotate(name, places[0], (0, 0), textcoords="offset points", fontsize=9.5, path_effects=HALO, zorder=6)

    def covered(place: tuple[float, float], side: str, level: str) -> float:
        text.xy, text.xyann = place, ({"left": 7, "right": -7}[side], {"bottom": 3, "top": -3, "center": 0}[level])
        text.set(ha=side, va=level)
        box = text.get_window_extent()
        outside = _area(box) - _area(Bbox.intersection(box, ax.bbox))
        return outside + sum(_area(Bbox.intersection(box, other)) for other in taken)

    spots = product(places, ("left", "right"), ("bottom", "top", "center"))
    covered(*min(spots, key=lambda spot: covered(*spot)))
    return text.get_window_extent()


def _area(box: Bbox | None) -> float:
    return 0.0 if box is None else float(box.width * box.height)


def sunk_contexts(
    curves: Mapping[str, tuple[Annotated[Floats, "T"], Annotated[Floats, "T"]]],
    shares: Mapping[str, Annotated[Floats, "M"]],
    moments: Sequence[str],
    finding: str,
    made: str,
) -> Figure:
    """Left: performances beside 1 / t, both axes logarithmic. Right: in how many runs one is below it.  [ledger S41]

    curves: words -> (times (T,), one performance (T,)), at most four; drawn from time 1 on, and down to 1e-300.
    shares: a network -> shares of its runs (M,), one for each of the M `moments`, in words.
    Raises TypeError or ValueError where an argument is not of the named kind.
    """
    curves, shares = few(curves, "curves", len(LOOKS)), few(shares, "shares", 16)
    moments = arguments.texts(moments, "moments")
    if not 1 <= len(moments) <= len(LOOKS):
        raise ValueError(f"moments: expected one to {len(LOOKS)}, found {len(moments)}; leave some out.")
    figure = plt.figure(figsize=(WIDTH, 3.9))
    title(figure, arguments.text(finding, "finding"), arguments.text(made, "made"))
    sinking, counts = figure.add_axes((0.09, 0.125, 0.42, 0.65)), figure.add_axes((0.685, 0.125, 0.29, 0.65))
    _sinking(sinking, curves)
    _counts(counts, shares, moments)
    return figure


def _sinking(ax: Axes, curves: Mapping[str, tuple[Floats, Floats]]) -> None:
    read = {words: _logarithms(pair, f"curves[{words!r}]") for words, pair in curves.items()}
    end, lowest = max(t[-1] for t, _ in read.values()), min(J.min() for _, J in read.values())
    ax.plot([0, end], [0, -end], color=INK, lw=1.1, ls=THEORY, zorder=5)
    near = {"textcoords": "offset points", "fontsize": 9.5, "color": TEXT, "path_effects": HALO, "zorder": 7}
    ax.annotate("$1/t$", (0.4 * end, -0.4 * end), (2, 4), **near)
    for (words, (t, J)), (colour, _) in zip(read.items(), LOOKS, strict=False):
        ax.plot(t, J, color=colour, lw=2.4, zorder=3)
        row, right = int(np.argmin(J)), t[np.argmin(J)] > 0.7 * end
        ax.annotate(words, (t[row], J[row]), (-4 if right else 6, -6), ha="right" if right else "left", **near)
    ax.set(xlim=(0, end), ylim=(1.08 * lowest - 0.1, -0.04 * lowest + 0.1))
    axis_of_powers(ax.xaxis)
    axis_of_powers(ax.yaxis, 4)
    ax.set_xlabel("time", labelpad=2)
    ax.set_title("performance of one context", fontsize=9.5, fontweight="normal", pad=5)


def _logarithms(pair: object, name: str) -> tuple[Floats, Floats]:
    """log10 of times and of performances, where both can be drawn."""
    t, J = (arguments.array(part, name, "T") for part in arguments.sequence(pair, name, 2))
    if t.shape != J.shape or (np.diff(t) < 0).any() or J.min() < 0 or J.max() > 1:
        raise ValueError(
            f"{name}: expected as many times, none before the last, as performances within [0, 1], found {len(t)} and "
            f"{len(J)} in [{J.min():g}, {J.max():g}]; pass one column of what a run recorded."
        )
    kept = (t >= 1) & (J >= _LEAST)
    if kept.sum() < 2 or t[kept][-1] == 1:
        raise ValueError(
            f"{name}: expected two times from 1 on, the last one later, with J above {_LEAST:g}, found {t[kept][-3:]}; "
            "run on."
        )
    return np.log10(t[kept]), np.log10(J[kept])


def _counts(ax: Axes, shares: Mapping[str, Floats], moments: Sequence[str]) -> None:
    colours = ramp(len(moments))
    for row, (name, values) in enumerate(shares.items()):
        found = arguments.array(values, f"shares[{name!r}]", str(len(moments)))
        if found.min() < 0 or found.max() > 1:
            raise ValueError(f"shares[{name!r}]: expected numbers within [0, 1], found {found}; divide by the runs.")
        ax.plot([0, found.max()], [row, row], color=HAIR, lw=1.2, zorder=1)
        for x, colour, mark in zip(found, colours, "os^v", strict=False):
            ax.plot(x, row, mark, color=colour, ms=5, zorder=3, clip_on=False)
    for word, colour, mark in zip(moments, colours, "os^v", strict=False):
        ax.plot([], [], mark, color=colour, ms=5, label=word)
    ax.legend(loc="upper right", fontsize=8.6, handletextpad=0.1, borderaxespad=0.1)
    ax.set(yticks=range(len(shares)), ylim=(len(shares) - 0.5, -0.7), xlim=(0, 1))
    ax.set_yticklabels(list(shares), fontsize=8.6)
    ax.set_xlabel("share of runs", labelpad=2)
    ax.set_title("with one below $1/t$", fontsize=9.5, fontweight="normal", pad=5)
