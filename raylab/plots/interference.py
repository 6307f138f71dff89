"""Interference as a picture: the matrix, its average against a null, and the parameters that carry it.

Every function draws the arrays that it is given and returns the figure; none of them computes a learner.
"""

from collections.abc import Sequence
from typing import Annotated

import matplotlib.patheffects as pe
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from raylab import arguments
from raylab.palette import (
    EARTH,
    HAIR,
    INK,
    ONE,
    PAPER,
    QUIET,
    SAND,
    TEXT,
)
from raylab.plots.style import WIDTH, axes, title

Floats = NDArray[np.float64]
THEORY = (0, (4, 2.2))
HALO = [pe.withStroke(linewidth=2.6, foreground=PAPER), pe.Normal()]


def interference_matrix(C: Annotated[Floats, "K K"], ax: Axes, names: Sequence[str] | None = None) -> Axes:
    """One interference matrix: a square's area is the size of the cosine; filled: negative, open: positive.

    names: K labels, else 1 ... K. Up to six components the number stands under its square. The diagonal, where
    a component meets itself, is only outlined. Raises TypeError or ValueError if C is not square.
    """
    C, ax = arguments.array(C, "C", "K K"), axes(ax)
    names = [str(k + 1) for k in range(len(C))] if names is None else arguments.texts(names, "names", len(C))
    few = len(C) <= 6
    ax.set_facecolor(SAND)
    most, lift = (0.66, 0.13) if few else (0.9, 0.0)  # room for the number under the square
    for (i, j), c in np.ndenumerate(C):
        side = most * np.sqrt(abs(c))  # the area is what the eye compares
        look = {"fc": INK, "ec": INK} if c < 0 else {"fc": PAPER, "ec": EARTH}
        look = {"fc": "none", "ec": QUIET, "ls": (0, (1, 1.5))} if i == j else look
        if side > 0.02:
            ax.add_patch(Rectangle((j - side / 2, i - lift - side / 2), side, side, lw=0.8, **look))
        if few and i != j:
            ax.text(j, i + 0.34, f"{c:.2f}".replace("-", "−"), ha="center", va="center", fontsize=7, color=TEXT)
    ax.set(xlim=(-0.5, len(C) - 0.5), ylim=(len(C) - 0.5, -0.5), aspect="equal")
    ax.set(xticks=range(len(C)), yticks=range(len(C)), xticklabels=names, yticklabels=names)
    ax.tick_params(length=0, labelsize=9 if few else 6.5, pad=2)
    for side in ax.spines.values():
        side.set_visible(False)
    return ax


def interference_matrices(
    rows: Sequence[Sequence[Annotated[Floats, "K K"]]],
    columns: Sequence[str],
    finding: str,
    made: str,
    row_names: Sequence[str] = (),
    names: Sequence[str] | None = None,
) -> Figure:
    """A table of interference matrices: one heading for each column, one name for each row.

    Raises TypeError or ValueError where a row is not as long as `columns`.
    """
    if not len(arguments.texts(columns, "columns")) or not len(arguments.sequence(rows, "rows")):
        raise ValueError("rows and columns: expected at least one of each, found none; give every column a heading.")
    for row in rows:
        arguments.sequence(row, "rows, each with one matrix for every column", len(columns))
    if len(arguments.texts(row_names, "row_names")):
        arguments.texts(row_names, "row_names", len(rows))
    left = 0.085 if row_names else 0.035
    side = (1 - left) * WIDTH / len(columns)
    height = 0.82 + len(rows) * side
    figure = plt.figure(figsize=(WIDTH, height))
    title(figure, finding, made, top=1 - 0.1 / height)
    for r, row in enumerate(rows):
        bottom = ((len(rows) - 1 - r) * side + 0.12) / height
        for c, matrix in enumerate(row):
            place = (left + c * side / WIDTH + 0.012, bottom, 0.86 * side / WIDTH, 0.86 * side / height)
            ax = interference_matrix(matrix, figure.add_axes(place), names)
            if r == 0:
                ax.set_title(columns[c], fontsize=9.5, fontweight="normal", color=TEXT, pad=5, loc="center")
        if row_names:
            figure.text(0.012, bottom + 0.43 * side / height, row_names[r], rotation=90, va="center", fontsize=9.5)
    return figure


def real_and_null(
    updates: Annotated[Floats, "T"],
    means: Annotated[Floats, "2 seeds T"],
    patterns: Annotated[Floats, "2 pairs T"],
    floor: float,
) -> Figure:
    """Left: mean cosine against updates; right: how far two seeds agree about the pairs. Real labels and null.

    means (2, seeds, T), patterns (2, pairs of seeds, T): first the real labels, then the shuffled ones.
    Seeds thin, their median thick. floor: the least possible mean, dashed. Update 0 stands at the left edge.
    Raises TypeError or ValueError where shapes disagree.
    """
    updates = arguments.array(updates, "updates", "T")
    means = arguments.array(means, "means", f"2 seeds {len(updates)}")
    patterns = arguments.array(patterns, "patterns", f"2 pairs {len(updates)}")
    floor = arguments.number(floor, "floor", -1.0, 0.0)
    if updates.min() < 0 or not updates.any():
        raise ValueError("updates: expected numbers of updates, one of them above 0, found none; count from 0.")
    figure, axes = plt.subplots(1, 2, figsize=(WIDTH, 3.3))
    figure.subplots_adjust(0.08, 0.15, 0.98, 0.74, wspace=0.22)
    title(
        figure,
        "The average is arithmetic. The pattern is the data.",
        f"Thin: {means.shape[1]} seeds (left), pairs of seeds (right). Thick: their median.",
    )
    at = np.maximum(updates, updates[updates > 0].min() / 3)  # a log scale has no room for update 0
    for ax, data in zip(axes, (means, patterns), strict=True):
        for runs, colour, style in zip(data, (ONE, EARTH), ("-", (0, (2, 1.4))), strict=True):
            ax.plot(at, runs.T, color=colour, lw=0.7, alpha=0.5, ls=style)
            ax.plot(at, np.median(runs, axis=0), color=colour, lw=2.6, ls=style)
        ax.set(xscale="log", xlabel="updates, not to scale", xticks=at)
        ax.set_xticklabels([f"{u:g}" for u in updates])
        ax.axhline(0, color=HAIR, lw=0.9, zorder=0)
    axes[0].axhline(floor, color=INK, lw=1, ls=THEORY)
    axes[0].text(at[0], floor - 0.006, "the least possible mean", color=INK, va="top", fontsize=9)
    axes[0].set(ylim=(floor - 0.03, 0.02), yticks=(-0.1, -0.05, 0))
    axes[0].set_title("mean cosine of two classes", fontsize=9.5, fontweight="normal", color=TEXT)
    axes[1].set(ylim=(-0.45, 1.02))
    axes[1].set_title("correlation of two seeds' matrices", fontsize=9.5, fontweight="normal", color=TEXT)
    for text, colour, y in (("real labels", ONE, 0.80), ("shuffled labels", EARTH, -0.33)):
        axes[1].text(at[0], y, text, color=colour, fontsize=9.5, path_effects=HALO)
    return figure


def by_block(
    names: Sequence[str], shares: Annotated[Floats, "S B"], stages: Sequence[str], finding: str, made: str
) -> Figure:
    """The mean cosine as a sum over blocks of parameters: two bars a block, before (filled) and after (open).

    shares (S, B): one row for each of S <= 2 stages; a row adds up to that stage's mean cosine.
    Raises TypeError or ValueError where shapes disagree or there are more than two stages.
    """
    stages, names = arguments.texts(stages, "stages"), arguments.texts(names, "names")
    shares = arguments.array(shares, "shares", f"{len(stages)} {len(names)}")
    if len(stages) > 2:
        raise ValueError(f"stages: expected one or two, found {len(stages)}; compare two moments at a time.")
    figure, ax = plt.subplots(figsize=(WIDTH, 1.3 + 0.36 * len(names)))
    figure.subplots_adjust(0.15, 0.16, 0.97, 1 - 0.8 / figure.get_size_inches()[1])
    title(figure, finding, made)
    rows = np.arange(len(names))[::-1]
    for s, (values, stage) in enumerate(zip(shares, stages, strict=True)):
        look = {"color": ONE} if s == 0 else {"facecolor": PAPER, "edgecolor": INK, "linewidth": 1.1}
        ax.barh(rows + 0.2 - 0.4 * s, values, 0.34, label=stage, **look)
    ax.axvline(0, color=QUIET, lw=0.8)
    ax.set(yticks=rows, yticklabels=names, xlabel="part of the mean cosine")
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.legend(loc="lower right", bbox_to_anchor=(1, 0.98), ncols=2, fontsize=9, borderpad=0)
    return figure
