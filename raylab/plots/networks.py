"""Bandit policies that are networks: contexts that sink, and how many networks have one.

It draws the arrays that it is given and returns the figure. Black and dashed is theory.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from raylab import arguments
from raylab.palette import HAIR, INK, TEXT
from raylab.plots.doors import few
from raylab.plots.race import THEORY
from raylab.plots.square import HALO
from raylab.plots.staircase import LOOKS, axis_of_powers, ramp
from raylab.plots.style import WIDTH, title

Floats = NDArray[np.float64]
_LEAST = 1e-300  # of a performance: below, it has few digits left


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
    if kept.sum() < 2:
        raise ValueError(f"{name}: expected two times from 1 on with J above {_LEAST:g}, found {kept.sum()}; run on.")
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
