"""Who chooses the data: couplings f(u), the waits that they make, and the clock of a single task."""

from collections.abc import Mapping
from typing import Annotated

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter
from numpy.typing import NDArray

from raylab import arguments
from raylab.palette import INK, ORDERED, PLATEAU
from raylab.plots.contrasts import LOOKS, Series
from raylab.plots.doors import few, positive
from raylab.plots.race import THEORY, TIME
from raylab.plots.square import HALO
from raylab.plots.style import WIDTH, title

# where the names of own rewards, uniform behaviour, a mix and labels have room beside their curves
NAMES = ((0.36, 0.115), (0.13, 0.475), (0.03, 0.3), (0.14, 0.93))
Pairs = Annotated[NDArray[np.float64], "M 2"]


def couplings(
    u: Series,
    curves: Mapping[str, Series],
    samples: Mapping[str, Pairs],
    p: Series,
    waits: Mapping[str, Series],
    theory: Series,
) -> Figure:
    """Left: f(u) by formula and from samples; right: the wait at the saddle for several behaviours.  [Schaul19 Fig. 6]

    u (S,), curves: name -> f(u) (S,), up to four, of own rewards, uniform behaviour, a mix, and labels; samples: a name
    -> pairs (u, estimate), drawn over them. p (S,): distance of the unlearned task from 0; waits: name of the
    behaviour -> times (S,), up to five, in their order, the first with its `theory` (S,), dashed.
    Raises TypeError or ValueError where an argument is not of that kind.
    """
    u, p = arguments.array(u, "u", "S"), positive(p, "p", "S")
    figure = plt.figure(figsize=(WIDTH, 3.7))
    made = "Left: dashed, by formula; marks, means of samples. Right: the flow from (½, p); dashed, theory."
    title(figure, "A little uniform data turns a power into a logarithm", made)
    left, right = figure.add_axes((0.062, 0.125, 0.4, 0.68)), figure.add_axes((0.56, 0.125, 0.31, 0.68))
    _factors(left, u, few(curves, "curves", 4), few(samples, "samples", 4))
    shades = (PLATEAU, *ORDERED)
    for n, (name, found) in enumerate(few(waits, "waits", 5).items()):
        found = positive(found, f"waits[{name!r}]", str(len(p)))
        right.plot(p, found, "o-", color=shades[n], ms=4, lw=1.6, zorder=4)
        low = int(np.argmin(p))
        at = (p[low], found[low])
        right.annotate(name, at, (7, 0), textcoords="offset points", color=shades[n], va="center", fontsize=9)
    right.plot(p, positive(theory, "theory", str(len(p))), color=INK, lw=1.2, ls=THEORY, zorder=6)
    right.set(xscale="log", yscale="log", xlim=(p.max() * 1.4, p.min() / 1.4))
    right.set_xlabel("distance $p$ of the unlearned task from 0", labelpad=1)
    right.set_title("time until both are learned", fontsize=9.5, fontweight="normal", pad=6)
    return figure


def _factors(ax: Axes, u: NDArray, curves: Mapping[str, Series], samples: Mapping[str, Pairs]) -> None:
    for name, look in zip(curves, LOOKS, strict=False):
        f = arguments.array(curves[name], f"curves[{name!r}]", str(len(u)))
        ax.plot(u, f, color=look["color"], lw=1.1, ls=THEORY, zorder=3)
    for name, look, place in zip(curves, LOOKS, NAMES, strict=False):
        ax.text(*place, name, color=look["color"], fontsize=9.3, path_effects=HALO, zorder=8)
    for name, look in zip(samples, LOOKS, strict=False):
        pairs = arguments.array(samples[name], f"samples[{name!r}]", "M 2")
        fill = "white" if name not in curves else look["color"]
        ax.plot(*pairs.T, ls="none", marker=look["marker"], ms=5.2, mec=look["color"], mfc=fill, mew=1, zorder=5)
        if name not in curves:
            ax.text(0.24, 0.035, name + " (open)", color=look["color"], fontsize=9.3, path_effects=HALO, zorder=8)
    ax.set(xlim=(-0.02, 1.02), ylim=(-0.03, 1.06), xticks=(0, 0.5, 1), yticks=(0, 0.5, 1))
    ax.set_xticklabels(["0", "½", "1"])
    ax.set_yticklabels(["0", "½", "1"])
    ax.set_xlabel("performance $u$ of a task", labelpad=1)
    ax.set_title("how much is learned, $f(u)$", fontsize=9.5, fontweight="normal", pad=6)


def clocks(times: Series, runs: Mapping[str, Series], theory: Mapping[str, Series]) -> Figure:
    """The performance of a single task in time, for up to four learners: runs thick, theory dashed.

    times (S,), positive and increasing; runs and theory: the same names -> J (S,).
    Raises TypeError or ValueError where an argument is not of that kind.
    """
    times = positive(times, "times", "S")
    if set(few(runs, "runs", 4)) != set(few(theory, "theory", 4)):
        raise ValueError(f"theory: expected the names of runs, {list(runs)}, found {list(theory)}; name them so.")
    figure, ax = plt.subplots(figsize=(WIDTH, 2.9))
    figure.subplots_adjust(0.05, 0.165, 0.985, 0.79)
    title(figure, "One task alone runs on a clock of its own", "Thick: updates. Dashed: the closed form.")
    drawn = {name: arguments.array(J, f"runs[{name!r}]", str(len(times))) for name, J in runs.items()}
    first = max(drawn, key=lambda name: float(drawn[name].mean()))
    for (name, J), look, height in zip(drawn.items(), LOOKS, (0.5, 0.5, 0.7, 0.15), strict=False):
        ax.plot(times, J, color=look["color"], lw=4)
        ax.plot(
            times, arguments.array(theory[name], f"theory[{name!r}]", str(len(times))), color=INK, lw=1.1, ls=THEORY
        )
        at = times[min(int(np.argmax(height <= J)), len(times) - 1)]
        left = (
            name == first or at > times[-1] / 6
        )  # the first leaves room on its left, a late one has none on its right
        say = {"color": look["color"], "fontsize": 9.5, "ha": "right" if left else "left", "va": "center"}
        ax.annotate(name, (at, height), (-9 if left else 9, 0), textcoords="offset points", path_effects=HALO, **say)
    ax.set(xscale="log", xlim=(times[0], times[-1]), ylim=(-0.03, 1.05), yticks=(0, 0.5, 1))
    ax.set_yticklabels(["0", "½", "1"])
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}"))
    ax.set_xlabel(TIME, labelpad=2)
    return figure
