"""Deep linear networks: the clocks of all depths, and cosines by split.

Every function draws the arrays that it is given and returns the figure. Black and dashed is theory.
All raise TypeError or ValueError where an argument is not of the named kind.
"""

from collections.abc import Mapping
from typing import Annotated

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter
from numpy.typing import NDArray

from raylab import arguments
from raylab.palette import EARTH, INK, PLATEAU, QUIET, TEXT
from raylab.plots.doors import few, positive
from raylab.plots.race import THEORY
from raylab.plots.staircase import ramp
from raylab.plots.style import WIDTH, title

Floats = NDArray[np.float64]


def both_clocks(
    start: Annotated[Floats, "S"],
    waits: Mapping[str, Annotated[Floats, "M"]],
    laws: Mapping[str, Annotated[Floats, "S"]],
    places: Annotated[Floats, "M"],
    apart: str,
) -> Figure:
    """Waiting time against the size of the start, both logarithmic: marks by integration, dashed by law. [ledger S43]

    start (S,) with laws: name -> times (S,); places (M,) with waits: the same names -> times (M,); at most six, dark to
    light. apart: the name that is drawn in a colour of its own.
    """
    start, places = positive(start, "start", "S"), positive(places, "places", "M")
    if set(few(laws, "laws", 6)) != set(few(waits, "waits", 6)) or arguments.text(apart, "apart") not in waits:
        raise ValueError(f"laws: expected the names of waits, and apart one of them, found {list(laws)}; name them so.")
    figure = plt.figure(figsize=(WIDTH, 3.9))
    made = "Time to one half of the goal, both axes logarithmic. Marks: integrated. Dashed: the laws."
    title(figure, "Depth leads from no wait through a logarithm to the bandit's power", made)
    ax, ends = figure.add_axes((0.075, 0.125, 0.73, 0.66)), []
    colours = iter(ramp(len(waits) - 1) if len(waits) > 1 else [])
    for name, found in waits.items():
        colour = PLATEAU if name == apart else next(colours)
        law = positive(laws[name], f"laws[{name!r}]", str(len(start)))
        ax.plot(1 / start, law, color=INK, lw=1.1, ls=THEORY, zorder=2)
        found = positive(found, f"waits[{name!r}]", str(len(places)))
        ax.plot(1 / places, found, "s" if name == apart else "o", color=colour, ms=5.5, zorder=4)
        ends.append((np.log10(law[np.argmin(start)]), name, colour))
    ax.set(xscale="log", yscale="log")
    ax.set_xlim(0.8 / start.max(), 1.15 / start.min())
    low, high = np.log10(ax.get_ylim())
    heights = _spread(np.array([end for end, _, _ in ends]), 0.07 * (high - low))
    for (_, name, colour), at in zip(ends, heights, strict=True):
        place = {"va": "center", "annotation_clip": False, "fontsize": 9.8, "textcoords": "offset points"}
        ax.annotate(name, (ax.get_xlim()[1], 10**at), (6, 0), color=TEXT if colour != PLATEAU else PLATEAU, **place)
    ax.set_xlabel("one over the start", labelpad=1)
    ax.yaxis.set_major_formatter(
        FuncFormatter(lambda y, _: f"{y:g}" if 1e-3 < y < 1e4 else f"$10^{{{np.log10(y):.0f}}}$")
    )
    return figure


def _spread(heights: Floats, gap: float) -> Floats:
    """The same heights in the same order, pushed up where two are nearer than `gap`."""
    order = np.argsort(heights, kind="stable")
    spread, last = heights.copy(), -np.inf
    for k in order:
        spread[k] = last = max(heights[k], last + gap)
    return spread


def spread_of_cosines(cosines: Mapping[str, Annotated[Floats, "M"]], finding: str, made: str) -> Figure:
    """A histogram of cosines for each way of splitting the goal, one below the other; at most four.  [ledger S44]

    cosines: words -> values (M,) within [-1, 1]; each row on its own scale, which its ticks tell. Negative ones and
    positive ones differ in colour, and each row says which share is negative; below 1e-9 in size they count as zero.
    """
    names = list(few(cosines, "cosines", 4))
    height = 1.0 + 0.85 * len(names)
    figure = plt.figure(figsize=(WIDTH, height))
    title(figure, arguments.text(finding, "finding"), arguments.text(made, "made"), left=0.03)
    for n, name in enumerate(names):
        values = arguments.array(cosines[name], f"cosines[{name!r}]", "M")
        reach = np.abs(values).max()
        if reach > 1 + 1e-9:
            raise ValueError(f"cosines: expected numbers within [-1, 1], found {reach:g}; divide by both lengths.")
        ax = figure.add_axes((0.36, (0.45 + 0.85 * (len(names) - 1 - n)) / height, 0.6, 0.52 / height))
        low, high = (values < -1e-9).mean(), (values > 1e-9).mean()
        reach = _reach(np.abs(values)) if low + high else 1.0
        edges = np.linspace(-1, 1, 62) * reach  # an odd number of bins: one for zero
        counts, _ = np.histogram(np.where(np.abs(values) < 1e-9, 0.0, np.clip(values, -reach, reach)), edges)
        middle = (edges[1:] + edges[:-1]) / 2
        colours = [PLATEAU if x < -reach / 100 else EARTH if x > reach / 100 else QUIET for x in middle]
        ax.bar(middle, counts / counts.max(), edges[1] - edges[0], color=colours, lw=0)
        ax.axvline(0, color=INK, lw=0.7)
        ax.set(yticks=(), xlim=(-1.05 * reach, 1.05 * reach), xticks=(-reach, 0, reach))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:.2g}"))
        ax.tick_params(labelsize=8.4, pad=1)
        ax.spines["left"].set_visible(False)
        told = f"{name}\nnegative: {100 * low:.0f} %"
        place = ax.get_position()
        figure.text(0.03, (place.y0 + place.y1) / 2, told, fontsize=9.3, va="center", linespacing=1.35)
    figure.axes[-1].set_xlabel("cosine of the gradients of two components", labelpad=0)
    return figure


def _reach(sizes: Floats) -> float:
    """How far from 0 a row is drawn: all but one in a hundred, or to the largest where those are zero."""
    reach = float(np.quantile(sizes, 0.99))
    return reach if reach > 1e-9 else float(sizes.max())
