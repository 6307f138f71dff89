"""The figures of chapter 04: where a learner is slowest, how flat it is there, and what that costs.

Every function draws the arrays that it is given and returns the figure. All raise TypeError or ValueError where an
argument is no finite array of the named shape.
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
from raylab.palette import EARTH, HAIR, INK, ONE, ONE_TEXT, ORDERED, PAPER, PLATEAU, QUIET, THREE, TWO, TWO_TEXT
from raylab.plots.square import HALO, flatness
from raylab.plots.style import WIDTH, title
from raylab.records import Trajectory

Series = Annotated[NDArray[np.float64], "M"]
Curves = Annotated[NDArray[np.float64], "L M"]

THEORY = (0, (3, 2.2))
CLOCK = "time = step size × updates, log scale"


def slowest_places(runs: Sequence[Trajectory], speeds: Sequence[Series], places: Curves) -> Figure:
    """J1 + J2 in time, and its speed J' against J1 + J2; one run each, with the place where it is slowest.

    speeds: J' at the times of each run, positive. places (runs, 3): time, J and J' of the plateau of each.
    """
    runs = [_run(run) for run in arguments.sequence(runs, "runs")]
    speeds = [
        arguments.array(v, "speeds", f"{len(run.times)}")
        for run, v in zip(runs, arguments.sequence(speeds, "speeds", len(runs)), strict=True)
    ]
    places = _above_zero(arguments.array(places, "places", f"{len(runs)} 3"), "places")
    figure = plt.figure(figsize=(WIDTH, 3.5))
    made = f"{len(runs)} starts, exact flow; the darker, the flatter. Circles: where a plateau was found on the record."
    title(figure, "Whatever the start: slowest half-way", made)
    curves, slopes = figure.add_axes((0.06, 0.135, 0.42, 0.65)), figure.add_axes((0.585, 0.135, 0.4, 0.65))
    for ax in (curves.axhline, slopes.axvline):
        ax(1, color=HAIR, lw=1.0, zorder=0)
    for run, speed, (when, J, slope) in zip(runs, speeds, places, strict=True):
        colour = flatness(slope)
        curves.plot(run.times[1:], run.performance[1:], color=colour, lw=2.2)
        slopes.plot(run.performance, speed, color=colour, lw=2.2)
        for ax, x, y in ((curves, when, J), (slopes, J, slope)):
            ax.plot(x, y, "o", ms=6, mfc=PAPER, mec=INK, mew=1.2, zorder=6)
    end = max(run.times[-1] for run in runs)
    curves.set(xscale="log", xlim=(1, 2 * end), ylim=(0, 2.03), yticks=(0, 1, 2))
    curves.xaxis.set_major_formatter(FuncFormatter(_plain))
    curves.set_xlabel(CLOCK, labelpad=2)
    slopes.set(yscale="log", xlim=(0, 2), xticks=(0, 1, 2))
    slopes.set_xlabel("$J_1+J_2$", fontsize=11.5, labelpad=1)
    for ax, words in ((curves, "$J_1+J_2$"), (slopes, r"its speed, $\dot{J}$, log scale")):
        ax.set_title(words, fontsize=10, fontweight="normal", pad=6)
    return figure


def turned(since: Series, components: Curves, back: Curves) -> Figure:
    """Two learning curves about the moment of crossing, and the same two turned by half a turn and exchanged.

    since (T,): time since J1 + J2 = 1. components (T, 2): J1 and J2 then; back (T, 2): 1 - J2 and 1 - J1, each as
    long before as components are after.
    """
    since = arguments.array(since, "since", "T")
    components, back = (
        arguments.array(x, name, f"{len(since)} 2") for x, name in ((components, "components"), (back, "back"))
    )
    figure = plt.figure(figsize=(WIDTH, 3.0))
    made = r"Colour: the flow. Dashed: $1-J_2$ and $1-J_1$ of the same run, read backwards from the crossing."
    title(figure, "Turned by half a turn, the run is itself", made)
    ax = figure.add_axes((0.06, 0.155, 0.92, 0.62))
    ax.axvline(0, color=HAIR, lw=1.0, zorder=0)
    for k, (colour, word) in enumerate(((ONE, ONE_TEXT), (TWO, TWO_TEXT))):
        ax.plot(since, components[:, k], color=colour, lw=4.2)
        ax.plot(since, back[:, k], color=INK, lw=1.2, ls=THEORY)
        row = len(since) // 3
        height = components[row, k] + (-0.1 if k else 0.09)
        ax.text(since[row], height, f"$J_{k + 1}$", color=word, fontsize=13, ha="center", va="center")
    ax.set(ylim=(-0.03, 1.03), yticks=(0, 1), xlim=(since[0], since[-1]))
    ax.set_xlabel("time since $J_1+J_2=1$", labelpad=2)
    return figure


def formula_and_runs(groups: Mapping[str, Annotated[NDArray[np.float64], "N 2"]]) -> Figure:
    """Flatness by the formula against flatness that was met, both positive; at most three groups of runs.

    groups: words about the runs -> pairs (formula, met).
    """
    if len(arguments.mapping(groups, "groups")) > 3:
        raise ValueError(f"groups: expected at most 3, found {len(groups)}; draw the others elsewhere.")
    pairs = {name: _above_zero(arguments.array(x, "groups", "N 2"), "groups") for name, x in groups.items()}
    figure = plt.figure(figsize=(WIDTH, 3.7))
    title(
        figure, "A formula in place of a simulation", "Each mark is one run. Dashed: what was met is what was foretold."
    )
    ax = figure.add_axes((0.095, 0.135, 0.55, 0.7))
    everything = np.concatenate(list(pairs.values()))
    ends = np.array([everything.min() / 2, everything.max() * 2])
    ax.loglog(ends, ends, color=INK, lw=1.2, ls=THEORY, zorder=5)
    looks = (
        {"marker": "o", "ms": 6.5, "color": PLATEAU, "zorder": 3},
        {"marker": "s", "ms": 3.6, "color": EARTH, "zorder": 4},
        {"marker": "x", "ms": 4.2, "mew": 1.1, "color": THREE, "zorder": 4},
    )
    for n, ((name, x), look) in enumerate(zip(pairs.items(), looks, strict=False)):
        ax.loglog(*x.T, ls="none", **look)
        figure.text(0.7, 0.75 - 0.13 * n, name, color=look["color"], va="top", fontsize=10)
        ax.plot(1.06, 0.855 - 0.186 * n, transform=ax.transAxes, clip_on=False, **look)
    ax.set(xlim=ends, ylim=ends, xlabel=r"by the formula: $\dot{J}$ at the crossing")
    ax.set_ylabel(r"met by the run: smallest $\dot{J}$", labelpad=3)
    return figure


def shares(
    epsilon: Series, exact: Curves, at: Series, found: Curves, performances: Series, mark: tuple[float, float]
) -> Figure:
    """Share of starts that meet a plateau of slope <= epsilon, a curve for each initial performance.  [Schaul19 Fig. 5]

    epsilon (M,), exact (levels, M): from the boundary, dashed. at (P,), found (levels, P): by following starts, dots.
    performances (levels,), at most four, lowest first. mark: one (epsilon, performance) to read off; it must be the
    performance of a curve.
    """
    epsilon, at = (_above_zero(arguments.array(x, n, "M"), n) for x, n in ((epsilon, "epsilon"), (at, "at")))
    performances = arguments.array(performances, "performances", "L")
    exact = arguments.array(exact, "exact", f"{len(performances)} {len(epsilon)}")
    found = arguments.array(found, "found", f"{len(performances)} {len(at)}")
    where, level = arguments.array(mark, "mark", "2")
    if len(performances) > len(ORDERED) or level not in performances:
        raise ValueError(
            f"performances: expected at most {len(ORDERED)} levels and the marked one among them, found "
            f"{performances.tolist()} and {level}; draw fewer, or mark one of them."
        )
    figure = plt.figure(figsize=(WIDTH, 3.7))
    made = "Starts even on the line $J_1+J_2=J_0$. Dots: starts followed by the flow. Dashed: exact, nothing followed."
    title(figure, "The lower the start, the likelier the plateau", made)
    ax = figure.add_axes((0.075, 0.135, 0.91, 0.68))
    for colour, J0, dots, dashed in zip(ORDERED, performances, found, exact, strict=False):
        ax.semilogx(at, dots, "o", color=colour, ms=7.5)
        ax.semilogx(epsilon, dashed, color=INK, lw=1.2, ls=THEORY, zorder=5)
        row = int(np.argmin(np.abs(dashed - 0.66)))
        said = {"color": INK, "ha": "right", "fontsize": 10.5, "path_effects": HALO, "zorder": 7}
        ax.annotate(f"$J_0={J0:g}$", (epsilon[row], dashed[row]), (-8, 5), textcoords="offset points", **said)
    share = np.interp(np.log(where), np.log(epsilon), exact[list(performances).index(level)])
    ax.plot([where, where, epsilon[0]], [0, share, share], color=QUIET, lw=0.9, zorder=2)
    ax.set(xlim=(epsilon[0], epsilon[-1]), ylim=(0, 1.01), yticks=(0, 0.5, 1))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{share:.0%}"))
    ax.set_xlabel(r"$\epsilon$: the plateau has slope $\dot{J}\leq\epsilon$", labelpad=2)
    return figure


def scaled_starts(
    scale: Series, slopes: Curves, slope_law: Curves, waits: Curves, wait_law: Curves, names: Sequence[str]
) -> Figure:
    """Flatness and waiting time of starts (c p, c q) against the scale c, with their laws; at most four directions.

    scale (M,); slopes, slope_law, waits, wait_law (directions, M), positive. names: one for each direction.
    """
    scale = _above_zero(arguments.array(scale, "scale", "M"), "scale")
    names = arguments.texts(names, "names")
    if not 1 <= len(names) <= len(ORDERED):
        raise ValueError(f"names: expected 1 to {len(ORDERED)} directions, found {len(names)}; leave some out.")
    shape = f"{len(names)} {len(scale)}"
    given = ((slopes, "slopes"), (slope_law, "slope_law"), (waits, "waits"), (wait_law, "wait_law"))
    slopes, slope_law, waits, wait_law = (_above_zero(arguments.array(x, n, shape), n) for x, n in given)
    figure, panels = plt.subplots(1, 2, figsize=(WIDTH, 3.5))
    figure.subplots_adjust(0.085, 0.135, 0.975, 0.75, wspace=0.3)
    title(
        figure,
        "Half the start: 64 times as flat, 8 times the wait",
        "Starts $(c\\,p,\\,c\\,q)$. Colour: closed form (left) and flow (right). Dashed: the laws, for $c\\to 0$.",
    )
    for ax, curves, laws in zip(panels, (slopes, waits), (slope_law, wait_law), strict=True):
        for name, colour, curve, law in zip(names, ORDERED, curves, laws, strict=False):
            ax.loglog(scale, curve, color=colour, lw=4.0, label=name)
            ax.loglog(scale, law, color=INK, lw=1.2, ls=THEORY, zorder=5)
        ax.set_xlabel("scale $c$ of the start", labelpad=1)
    panels[0].legend(fontsize=9.5, loc="lower right", labelcolor="linecolor", handlelength=1.2, title="$(p, q)$")
    panels[0].set_title(r"flatness, $\propto c^6$", fontsize=10, fontweight="normal", pad=7)
    panels[1].set_title(r"time until both $\geq 0.9$, $\propto c^{-3}$", fontsize=10, fontweight="normal", pad=7)
    return figure


def cost(
    profiles: Mapping[float, Annotated[NDArray[np.float64], "M 2"]],
    shape: Annotated[NDArray[np.float64], "S 2"],
    epsilon: Series,
    waits: Series,
    law: Series,
    quick: float,
    ends: str,
) -> Figure:
    """One shape for all flat plateaus, and what they cost.  [Schaul19 Fig. 8]

    profiles: flatness -> rows ((J - 1) / sqrt epsilon, J' / epsilon), at most four; shape: their common limit, dashed.
    epsilon, waits, law (N,): time along a run between the end points named in `ends`, and its law; quick: the time
    along the diagonal.
    """
    if len(arguments.mapping(profiles, "profiles")) > len(ORDERED):
        raise ValueError(f"profiles: expected at most {len(ORDERED)}, found {len(profiles)}; draw fewer.")
    shape = arguments.array(shape, "shape", "S 2")
    _above_zero(shape[:, 1], "shape")
    epsilon = _above_zero(arguments.array(epsilon, "epsilon", "N"), "epsilon")
    waits, law = (_above_zero(arguments.array(x, n, f"{len(epsilon)}"), n) for x, n in ((waits, "waits"), (law, "law")))
    quick, ends = arguments.number(quick, "quick", _LEAST, 1 / _LEAST), arguments.text(ends, "ends")
    figure = plt.figure(figsize=(WIDTH, 3.7))
    made = f"Left: exact flow about the crossing; dashed: the limit. Right: time {ends}."
    title(figure, "All flat plateaus have one shape, so the cost is $1/\\sqrt{\\epsilon}$", made)
    near, far = figure.add_axes((0.06, 0.135, 0.37, 0.62)), figure.add_axes((0.535, 0.135, 0.445, 0.62))
    for n, (colour, (slope, profile)) in enumerate(zip(ORDERED[::-1], profiles.items(), strict=False)):
        profile, slope = arguments.array(profile, "profiles", "M 2"), arguments.number(slope, "profiles", _LEAST)
        _above_zero(profile[:, 1], "profiles")
        near.semilogy(*profile.T, color=colour, lw=5.0 - 1.2 * n, zorder=3 + n)
        y = 0.9 - 0.11 * n
        near.plot([0.36, 0.43], [y, y], color=colour, lw=5.0 - 1.2 * n, transform=near.transAxes)
        near.text(0.46, y, f"$\\epsilon={_power(slope)}$", fontsize=10.5, va="center", transform=near.transAxes)
    near.plot(*shape.T, color=INK, lw=1.3, ls=THEORY, zorder=9)
    near.set(xlim=(-20, 20), ylim=(0.7, 1500), xticks=(-20, 0, 20), yticks=(1, 10, 100, 1000))
    near.set_xlabel(r"$(J-1)\,/\,\sqrt{\epsilon}$", labelpad=1)
    near.set_title(r"speed $\dot{J}\,/\,\epsilon$, log scale", fontsize=10, fontweight="normal", pad=7)
    far.loglog(epsilon, waits, color=PLATEAU, lw=4.2)
    far.loglog(epsilon, law, color=INK, lw=1.3, ls=THEORY, zorder=5)
    far.axhline(quick, color=QUIET, lw=1.0, ls=(0, (1, 1.6)), zorder=1)
    bound = quick * epsilon.max() / epsilon
    far.loglog(epsilon, bound, color=EARTH, lw=1.6, ls=(0, (1, 1.4)), zorder=2)
    beside = len(epsilon) // 2
    _words(far, (epsilon[beside], law[beside]), (-4, -14), r"$\frac{4\sqrt{2}}{3}\,\epsilon^{-1/2}$", INK, "right")
    _words(far, (epsilon[beside], min(bound[beside], waits.max() * 4)), (5, 2), r"slope of $1/\epsilon$", EARTH, "left")
    _words(far, (epsilon.min(), quick), (2, 4), "along the diagonal", QUIET, "left")
    far.set(ylim=(quick / 2, waits.max() * 8), xlabel=r"flatness $\epsilon$ of the plateau, log scale")
    far.set_title("time, log scale", fontsize=10, fontweight="normal", pad=7)
    far.xaxis.set_minor_formatter(NullFormatter())
    return figure


def _words(ax: Axes, at: tuple[float, float], shift: tuple[float, float], words: str, colour: str, side: str) -> None:
    look = {"color": colour, "fontsize": 10, "ha": side, "path_effects": HALO, "zorder": 8}
    ax.annotate(words, at, shift, textcoords="offset points", **look)


def _run(run: object) -> Trajectory:
    if not isinstance(run, Trajectory):
        raise TypeError(f"runs: expected Trajectories, found {type(run).__name__}; pass what orbit or flow returned.")
    arguments.array(run.components, "runs", "T 2")
    return run


def _above_zero(found: NDArray[np.float64], name: str) -> NDArray[np.float64]:
    """`found` itself, if a logarithmic axis can show it."""
    if (found < _LEAST).any() or (found > 1 / _LEAST).any():
        raise ValueError(
            f"{name}: expected positive numbers in [{_LEAST:g}, {1 / _LEAST:g}], found {found.min():.4g} to "
            f"{found.max():.4g}; the axis is logarithmic."
        )
    return found


_LEAST = 1e-100


def _power(slope: float) -> str:
    """A power of ten, or three digits."""
    tenth = round(float(np.log10(slope)))
    return f"10^{{{tenth}}}" if np.isclose(slope, 10.0**tenth, rtol=1e-6) else f"{slope:.2g}"


def _plain(time: float, _: object) -> str:
    return f"{time:,.0f}".replace(",", "\u2009")
