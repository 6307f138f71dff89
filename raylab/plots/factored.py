"""Goals of the form grad J_k = f_k(J_k) v_k: their shapes, what bends their learning curves, what C.1 drops."""

from collections.abc import Mapping
from typing import Annotated

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter
from numpy.typing import NDArray

from raylab import arguments
from raylab.palette import HAIR, INK, ONE, ONE_TEXT, PAPER, PLATEAU, QUIET, THREE, TWO, TWO_TEXT
from raylab.plots.doors import few, positive
from raylab.plots.race import THEORY
from raylab.plots.square import HALO
from raylab.plots.style import WIDTH, title
from raylab.records import Trajectory

Series = Annotated[NDArray[np.float64], "S"]
Pairs = Annotated[NDArray[np.float64], "M 2"]

HUES = (ONE, TWO, THREE)  # of components 1, 2, 3
WORDS = (ONE_TEXT, TWO_TEXT, THREE)


def goal_shapes(couplings: Mapping[str, Pairs], goals: Mapping[str, Pairs], slopes: Mapping[str, Pairs]) -> Figure:
    """A column for each shape: f against the performance u, and below it J against its potential.  [Schaul19 Eq. 5]

    couplings: name -> rows (u, f(u)); goals: the same names -> rows (potential, J); slopes: a name -> rows (J, dJ by
    finite differences), open circles over f. At most five names.
    Raises TypeError or ValueError where an argument is not of that kind.
    """
    names = list(few(couplings, "couplings", 5))
    if set(few(goals, "goals", 5)) != set(names):
        raise ValueError(f"goals: expected the names of couplings, {names}, found {list(goals)}; name them so.")
    figure = plt.figure(figsize=(WIDTH, 3.9))
    made = "Above: $f$, how steep the goal is at performance $u$. Below: the goal over its potential $\\varphi$."
    title(figure, "One form, many goals", made)
    width = 0.92 / len(names)
    for n, name in enumerate(names):
        left = 0.052 + n * width
        above, below = (
            figure.add_axes((left, 0.5, width - 0.032, 0.25)),
            figure.add_axes((left, 0.105, width - 0.032, 0.28)),
        )
        rows = arguments.array(couplings[name], f"couplings[{name!r}]", "S 2")
        above.plot(*rows.T, color=PLATEAU, lw=2.2, zorder=3)
        above.fill_between(rows[:, 0], 0, rows[:, 1], color=HAIR, alpha=0.4, lw=0, zorder=1)
        if name in few(slopes, "slopes", 5):
            marks = arguments.array(slopes[name], f"slopes[{name!r}]", "M 2")
            above.plot(*marks.T, "o", ms=4, mfc=PAPER, mec=INK, mew=0.9, zorder=5)
        below.plot(*arguments.array(goals[name], f"goals[{name!r}]", "S 2").T, color=PLATEAU, lw=2.2)
        above.set_title(name, fontsize=9.3, fontweight="normal", pad=5)
        above.set(xlim=(-0.03, 1.03), ylim=(0, None), xticks=(0, 1), yticks=())
        below.set(ylim=(-0.04, 1.06), yticks=(0, 1))
        above.set_xlabel("$u$", labelpad=-9)
        below.set_xlabel("$\\varphi$", labelpad=-2)
        below.tick_params(labelsize=8.4)
    figure.text(0.013, 0.755, "$f$", fontsize=11)
    figure.text(0.013, 0.4, "$J$", fontsize=11)
    return figure


def bends(panels: Mapping[str, tuple[Trajectory, NDArray[np.float64], Series]]) -> Figure:
    """J'' along runs, split into what each task adds, against J; at most two panels.  [Schaul19 App. C.2]

    panels: words -> (run of up to three components, parts (T, K) of J'' by formula, J'' (T,) by another way, dashed).
    """
    figure = plt.figure(figsize=(WIDTH, 3.3))
    made = "Thick: $2\\,f_k'/f_k\\,\\dot{J}_k^{\\,2}$ of each task. Dashed: $\\ddot{J}$ by differences along the run."
    title(figure, "A task bends the curve up where its $f$ rises, and down where it falls", made)
    for n, (words, given) in enumerate(few(panels, "panels", 2).items()):
        run, parts, whole = arguments.sequence(given, f"panels[{words!r}]", 3)
        if not isinstance(run, Trajectory):
            raise TypeError(f"panels: expected a Trajectory first, found {type(run).__name__}; pass what orbit gave.")
        K = arguments.array(run.components, "panels, components", "T K").shape[-1]
        if len(HUES) < K:
            raise ValueError(f"panels: expected at most {len(HUES)} components, found {K}; draw fewer.")
        parts = arguments.array(parts, "panels, parts", f"{len(run.times)} {K}")
        whole = arguments.array(whole, "panels, J''", str(len(run.times)))
        ax = figure.add_axes((0.075 + 0.485 * n, 0.145, 0.42, 0.6))
        ax.axhline(0, color=HAIR, lw=1, zorder=0)
        for k in range(K):
            ax.plot(run.performance, parts[:, k], color=HUES[k], lw=3, zorder=3)
            row = int(np.argmax(np.abs(parts[:, k])))
            below = parts[row, k] < 0
            beside(ax, (run.performance[row], parts[row, k]), (0, -13 if below else 5), f"task {k + 1}", WORDS[k])
        ax.plot(run.performance, whole, color=INK, lw=1.1, ls=THEORY, zorder=6)
        low, high = min(parts.min(), whole.min()), max(parts.max(), whole.max())
        ax.set(xlim=(0, K), xticks=range(K + 1), ylim=(low - 0.2 * (high - low), high + 0.2 * (high - low)))
        ax.set_xlabel("$J$, the sum of all tasks", labelpad=1)
        ax.set_title(words, fontsize=9.5, fontweight="normal", pad=6)
        ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:g}"))
    return figure


def neglected(
    weights: Series, exact: Mapping[str, Series], measured: Pairs, actions: Series, bound: Series, drawn: Pairs
) -> Figure:
    """The term that App. C.1 leaves out, in units of |v|^4 |f'|: for three actions, and its bound.  [Schaul19 App. C.1]

    weights (S,): share of one of two wrong actions among the wrong ones; exact: words -> share of the term (S,), up
    to two; measured (M, 2): weight and share as found along a learner's flow. actions (A,): number of actions, bound
    (A,): the largest share; drawn (M, 2): number of actions and the share at a random policy.
    """
    weights = arguments.array(weights, "weights", "S")
    actions = positive(actions, "actions", "A")
    drawn = arguments.array(drawn, "drawn", "M 2")
    positive(drawn[:, 0], "drawn, the number of actions", "M")
    bound = arguments.array(bound, "bound", str(len(actions)))
    measured = arguments.array(measured, "measured", "M 2")
    figure = plt.figure(figsize=(WIDTH, 3.3))
    made = "In units of $\\|v\\|^4$. Left: three actions; circles: by differences. Right: random policies."
    title(figure, "What C.1 leaves out is a few per cent, never more", made)
    left, right = figure.add_axes((0.075, 0.15, 0.41, 0.6)), figure.add_axes((0.575, 0.15, 0.41, 0.6))
    for (name, share), look in zip(few(exact, "exact", 2).items(), (INK, QUIET), strict=False):
        share = arguments.array(share, f"exact[{name!r}]", str(len(weights)))
        left.plot(weights, share, color=look, lw=1.3, ls=THEORY, zorder=4)
        row = int(np.argmax(share))
        beside(left, (weights[row], share[row]), (0, 6), name, look, "center")
    left.plot(*measured.T, "o", ms=5.5, mfc=PAPER, mec=PLATEAU, mew=1.3, zorder=5)
    left.set(xlim=(0, 1), xticks=(0, 0.5, 1), ylim=(0, None))
    left.set_xlabel("share of one wrong action among both", labelpad=1)
    right.plot(*drawn.T, "o", ms=2.2, color=PLATEAU, alpha=0.35, mew=0, zorder=2)
    right.plot(actions, bound, color=INK, lw=1.3, ls=THEORY, zorder=5)
    right.set(xscale="log", ylim=(0, None))
    right.set_xticks(actions[:: max(1, len(actions) // 6)], minor=False)
    right.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}"))
    right.set_xlabel("number of actions, log scale", labelpad=1)
    beside(right, (actions[-1], bound[-1]), (-2, 5), "the largest there is", INK, "right")
    for ax in (left, right):
        ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{100 * y:g} %"))
        ax.margins(y=0.18)
        ax.set_ylim(0, None)
    return figure


def rippled(panels: Mapping[str, tuple[Series, Series, Series]]) -> Figure:
    """A coupling f near 0, enlarged: falling stretches in colour; one to three panels, each nearer to 0.  [ledger S27]

    panels: words -> (u, f(u) in any unit, f'(u) in any positive unit), each (S,).
    """
    figure, frames = plt.subplots(1, len(few(panels, "panels", 3)), figsize=(WIDTH, 2.7), squeeze=False)
    figure.subplots_adjust(0.03, 0.185, 0.985, 0.68, wspace=0.1)
    made = "$f(u)=e^{-1/u}\\,(2+\\sin(1/u^2))$, in units of its mean there. Thick: where it falls."
    title(figure, "Smooth, zero at zero, positive after, and falling again and again", made, left=0.03)
    for ax, (words, given) in zip(frames[0], panels.items(), strict=True):
        u, f, slope = (arguments.array(x, f"panels[{words!r}]", "S") for x in arguments.sequence(given, "panels", 3))
        ax.plot(u, f, color=QUIET, lw=1.1, zorder=2)
        ax.plot(u, np.where(slope < 0, f, np.nan), color=PLATEAU, lw=3, zorder=3)
        ax.set(xlim=(u[0], u[-1]), xticks=(u[0], u[-1]), yticks=(), ylim=(0, None))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:.5g}"))
        first, last = ax.get_xticklabels()
        first.set_ha("left")
        last.set_ha("right")
        ax.set_title(words, fontsize=9.5, fontweight="normal", pad=5)
    return figure


def beside(
    ax: Axes, at: tuple[float, float], shift: tuple[float, float], words: str, colour: str, side: str = "left"
) -> None:
    """Words beside a point; shift in points."""
    look = {"color": colour, "fontsize": 9.3, "ha": side, "path_effects": HALO, "zorder": 9}
    ax.annotate(words, at, shift, textcoords="offset points", **look)
