"""How likely a slow run is, law of the start by law of the start."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from raylab import arguments
from raylab.palette import HAIR, INK
from raylab.plots.contrasts import LOOKS
from raylab.plots.doors import few, positive
from raylab.plots.square import HALO
from raylab.plots.style import WIDTH, title

Pairs = Annotated[NDArray[np.float64], "M 2"]
DASHES: tuple[Any, ...] = ("-", (0, (6, 1.4)), (0, (5, 1.2, 1, 1.2)), (0, (1.2, 1)))  # for a print without colours
Errors = Annotated[NDArray[np.float64], "M 3"]


def likelihoods(
    panels: Mapping[str, Mapping[str, Pairs]], live: Mapping[str, Mapping[str, Errors]], mark: float
) -> Figure:
    """Share of runs with slowest progress <= epsilon, a panel for each law of the start.  [Schaul19 Fig. 3]

    panels: law -> learner -> pairs (epsilon, share), epsilon > 0; up to nine laws and four learners, the same in each.
    live: law -> learner -> (epsilon, share, standard error), drawn as marks with error bars of two of them. mark: the
    epsilon at which the share of the first learner is written.
    Raises TypeError or ValueError where an argument is not of that kind.
    """
    few(panels, "panels", 9)
    mark = arguments.number(mark, "mark", 1e-100, 1.0)
    if not set(few(live, "live", 9)) <= set(panels):
        raise ValueError(f"live: expected laws of panels, {list(panels)}, found {list(live)}; name them so.")
    rows = len(panels) // 5 + 1  # one place stays free for the names
    tall = 1.05 + 1.55 * rows
    figure = plt.figure(figsize=(WIDTH, tall))
    told: list[float] = []
    for n, (law, curves) in enumerate(panels.items()):
        row, column = divmod(n, 5)
        bottom = (0.6 + 1.55 * (rows - 1 - row)) / tall
        ax = figure.add_axes((0.062 + 0.188 * column, bottom, 0.165, 1.12 / tall))
        known, seen = few(curves, f"panels[{law!r}]", 4), few(live[law], f"live[{law!r}]", 4) if law in live else {}
        if not set(seen) <= set(known):
            raise ValueError(f"live: expected learners of panels, {list(known)}, found {list(seen)}; name them so.")
        told.append(_shares(ax, known, seen, mark))
        ax.set_title(law, fontsize=9.2, fontweight="normal", pad=4)
        ax.set_yticklabels(["0", "½", "1"] if column == 0 else [])
        ax.tick_params(labelbottom=row == rows - 1 or n + 5 >= len(panels))
    made = f"Share of runs slower than $\\epsilon$; in bold at $10^{{{np.log10(mark):.0f}}}$. Marks: runs of this page."
    title(figure, f"Which share is slow? From {min(told):.0%} to {max(told):.0%}, by the law of the start", made)
    column = len(panels) % 5
    _key(figure, list(next(iter(panels.values()))), 0.062 + 0.188 * column, 1.72 / tall, tall)
    return figure


def _shares(ax: Axes, curves: Mapping[str, Pairs], live: Mapping[str, Errors], mark: float) -> float:
    """Draw one panel; the share of the first learner at `mark`."""
    at = 0.0
    for n, (name, pairs) in enumerate(curves.items()):
        pairs = arguments.array(pairs, f"panels, {name!r}", "M 2")
        positive(pairs[:, 0], f"panels, epsilon of {name!r}", "M")
        # smooth dashes: four times the bytes
        look = {"color": LOOKS[n]["color"], "ls": DASHES[n], "antialiased": n == 0}
        ax.semilogx(*pairs.T, lw=1.8, zorder=5 - n, **look)
        if n == 0:
            at = float(np.interp(np.log(mark), np.log(pairs[:, 0]), pairs[:, 1]))
    for name, points in live.items():
        points, look = arguments.array(points, f"live, {name!r}", "M 3"), dict(LOOKS[list(curves).index(name)])
        look |= {"ms": 4, "mec": "white", "mew": 0.5, "elinewidth": 0.9, "ls": "none", "zorder": 8}
        ax.errorbar(*points[:, :2].T, 2 * points[:, 2], **look)
    ax.axvline(mark, color=HAIR, lw=0.9, zorder=0)
    ax.plot(mark, at, "o", ms=4, color=INK, zorder=9)
    shift = (5, 5) if at < 0.5 else (5, -13)
    say = {"textcoords": "offset points", "fontweight": "bold", "fontsize": 9.5, "path_effects": HALO, "zorder": 10}
    ax.annotate(f"{at:.0%}", (mark, at), shift, color=INK, **say)
    first = arguments.array(next(iter(curves.values())), "panels", "M 2")[:, 0]
    ax.set(xlim=(first.min(), first.max()), ylim=(-0.03, 1.04), yticks=(0, 0.5, 1))
    decades = np.arange(np.ceil(np.log10(first.min())), np.floor(np.log10(first.max())) + 1, 3)
    ax.set_xticks(10.0**decades, labels=[f"$10^{{{d:.0f}}}$" for d in decades])
    ax.tick_params(labelsize=8.4)
    return at


def _key(figure: Figure, names: Sequence[str], left: float, top: float, tall: float) -> None:
    """The learners' names in their colours, each beside its line, where a panel is free."""
    for n, name in enumerate([*names, "$\\epsilon$, log scale"]):
        look: dict[str, Any] = {"color": LOOKS[n]["color"], "fontweight": "bold"} if n < len(names) else {}
        y = top - 0.22 * n / tall
        figure.text(left + 0.045 * (n < len(names)), y, name, fontsize=9.5, va="top", **look)
        if n < len(names):
            ends = ([left, left + 0.036], [y - 0.085 / tall] * 2)
            figure.add_artist(Line2D(*ends, color=LOOKS[n]["color"], lw=1.8, ls=DASHES[n]))
