"""The real bandit with many contexts: its staircases from several initial laws, and what more actions do.

Every function draws the arrays that it is given and returns the figure. All raise TypeError or ValueError where an
argument is not of the named kind.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullFormatter
from numpy.typing import NDArray

from raylab import arguments
from raylab.palette import ORDERED, TEXT
from raylab.plots.doors import few, positive
from raylab.plots.race import THEORY
from raylab.plots.staircase import LOOKS, axis_of_powers, log_times, names_beside
from raylab.plots.style import WIDTH, title
from raylab.records import Trajectory

Floats = NDArray[np.float64]


def staircases_by_law(runs: Mapping[str, Sequence[Trajectory]], finding: str, made: str) -> Figure:
    """The sum of all J_k in log time, several runs in each panel; at most four laws of the start.  [Schaul19 Fig. 4]

    runs: words about the law -> runs from it.
    """
    panels = few(runs, "runs", 4)
    figure = plt.figure(figsize=(WIDTH, 3.1))
    title(figure, arguments.text(finding, "finding"), arguments.text(made, "made"))
    width = 0.935 / len(panels)
    drawn = {law: [log_times(run, "runs") for run in arguments.sequence(some, "runs")] for law, some in panels.items()}
    everything = [pair for some in drawn.values() for pair in some]
    if not everything:
        raise ValueError("runs: expected at least one run, found none; send a learner off.")
    end, top = 1.06 * max(t[-1] for t, _ in everything), max(J.shape[1] for _, J in everything)
    for n, (law, some) in enumerate(drawn.items()):
        ax = figure.add_axes((0.055 + n * width, 0.16, width - 0.03, 0.575))
        for i, (t, J) in enumerate(some):
            colour = ORDERED[i % len(ORDERED)]
            ax.plot(np.append(t, end), np.append(J.sum(axis=-1), J[-1].sum()), color=colour, lw=1.5)
        ax.set(xlim=(0, end), ylim=(0, top * 1.02), yticks=range(0, top + 1, 1 if top < 5 else 2))
        axis_of_powers(ax.xaxis, 4)
        if n:
            ax.set_yticklabels([])
        ax.set_title(law, fontsize=9.5, fontweight="normal", pad=6)
        ax.set_xlabel("time, log scale", labelpad=1)
    return figure


def median_waits(waits: Mapping[str, Annotated[Floats, "M 3"]], finding: str, made: str) -> Figure:
    """How long each wait is, from the first riser on: medians, with a bar from the lower to the upper quantile.

    waits: words -> rows (lower, median, upper) of the waits 1 to M, all positive; at most four. Log scale.
    """
    lines = {
        name: positive(arguments.array(rows, f"waits[{name!r}]", "M 3"), "waits", "M 3")
        for name, rows in few(waits, "waits", 4).items()
    }
    figure = plt.figure(figsize=(WIDTH, 3.5))
    title(figure, arguments.text(finding, "finding"), arguments.text(made, "made"))
    ax = figure.add_axes((0.08, 0.135, 0.6, 0.62))
    for n, (rows, (colour, marker)) in enumerate(zip(lines.values(), LOOKS, strict=False)):
        at = np.arange(1, len(rows) + 1) + 0.09 * (n - (len(lines) - 1) / 2)
        ax.vlines(at, np.log10(rows[:, 0]), np.log10(rows[:, 2]), color=colour, lw=1.6, alpha=0.55)
        ax.plot(at, np.log10(rows[:, 1]), color=colour, marker=marker, ms=5, lw=1.2)
    longest = max(len(rows) for rows in lines.values())
    ax.set(xlim=(0.6, longest + 0.3), xticks=range(1, longest + 1))
    axis_of_powers(ax.yaxis, 6)
    ends = np.array([np.log10(rows[-1, 1]) for rows in lines.values()])
    names_beside(ax, longest + 0.15, ends, list(lines), [colour for colour, _ in LOOKS])
    ax.set_xlabel("number of the wait", labelpad=2)
    ax.set_title("time from the arrival before, log scale", fontsize=10, fontweight="normal", pad=6)
    return figure


def more_actions(
    epsilon: Annotated[Floats, "E"],
    actions: Mapping[str, Mapping[str, Annotated[Floats, "E"]]],
    jointly: Mapping[str, Mapping[str, Annotated[Floats, "E"]]],
) -> Figure:
    """Share of runs whose slowest progress is at most epsilon: more actions, and more of both.  [Schaul19 Fig. 7]

    epsilon (E,) > 0. actions, jointly: one or two laws of the start, solid and dashed -> sizes, at most four, the same
    for both laws -> shares (E,).
    """
    epsilon = positive(epsilon, "epsilon", "E")
    figure = plt.figure(figsize=(WIDTH, 3.6))
    made = "Share of runs whose slowest progress $|\\dot{J}|$ is $\\epsilon$ or less; exact flow, full parameters."
    title(figure, "What more actions do depends on the start", made)
    panels = ((actions, "actions", "two contexts, more actions"), (jointly, "jointly", "as many contexts as actions"))
    for n, (given, name, words) in enumerate(panels):
        ax = figure.add_axes((0.07 + 0.49 * n, 0.135, 0.37, 0.63))
        for (law, some), dash in zip(few(given, name, 2).items(), ("-", THEORY), strict=False):
            sizes = few(some, name, 4).items()
            shares = {size: arguments.array(share, name, f"{len(epsilon)}") for size, share in sizes}
            _shares(ax, epsilon, shares, dash)
            ax.plot([], [], color=TEXT, ls=dash, lw=1.6, label=law)
        place = ("upper left", "lower right")[n]  # where such shares leave room
        ax.legend(fontsize=8.5, loc=place, handlelength=2.4, borderaxespad=0.1)
        ax.set_title(words, fontsize=10, fontweight="normal", pad=6)
    return figure


def _shares(ax: Axes, epsilon: Floats, shares: Mapping[str, Floats], dash: object) -> None:
    for name, colour in zip(shares, ORDERED, strict=False):
        ax.semilogx(epsilon, shares[name], color=colour, lw=2, ls=dash, marker="o", ms=3)
    ax.set(ylim=(-0.02, 1.02), yticks=(0, 0.5, 1), xlim=(epsilon.min(), epsilon.max()))
    if dash == "-":
        names_beside(ax, epsilon.max(), np.array([share[-1] for share in shares.values()]), list(shares), None)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{share:.0%}"))
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.set_xlabel(r"$\epsilon$, log scale", labelpad=2)
