"""One cause at a time: the same starts under four learners, their waits, and the starts that meet a plateau."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter
from numpy.typing import NDArray

from raylab import arguments
from raylab.palette import BASIN, BASIN_EDGE, EARTH, INK, ONE, ONE_TEXT, PLATEAU, QUIET, TWO, TWO_TEXT
from raylab.plateaus import waiting_time
from raylab.plots.doors import few, four, positive, two
from raylab.plots.race import THEORY, TIME, WIDE_HALO
from raylab.plots.square import HALO, Velocity, fixed_points, flatness, phase_portrait
from raylab.plots.style import FLATNESS_MAP, WIDTH, title
from raylab.records import Trajectory

Series = Annotated[NDArray[np.float64], "S"]
Points = Sequence[tuple[float, float]]

# Four learners: hue, dash and marker, so that a grey print tells them apart
LOOKS: tuple[dict[str, Any], ...] = (
    {"color": PLATEAU, "marker": "o"},
    {"color": EARTH, "marker": "s"},
    {"color": "#2F93C4", "marker": "^"},
    {"color": QUIET, "marker": "v"},
)


def four_learners(
    names: Sequence[str],
    velocities: Sequence[Velocity],
    orbits: Sequence[Sequence[Trajectory]],
    slopes: Annotated[NDArray[np.float64], "4 N"],
    runs: Sequence[Trajectory],
    theory: Sequence[Trajectory],
    fixed: Sequence[Mapping[str, Points]],
) -> Figure:
    """Four learners from the same starts: portraits above, J1 + J2 in time below, one column each.  [Schaul19 Fig. 1]

    names, velocities, orbits, runs, theory, fixed: one entry for each learner. orbits: its flow from N starts, each
    in the colour of its slowest progress, `slopes` (4, N) > 0. runs: one start by updates, thick; theory: the same
    by the flow, dashed. fixed: "attracts", "repels", "saddles" -> points, as `fixed_points` takes them.
    Raises TypeError or ValueError where an argument is not of that kind.
    """
    names = arguments.texts(names, "names", 4)
    for n, velocity in enumerate(four(velocities, "velocities")):
        arguments.function(velocity, f"velocities[{n}]")
    each = [[two(o, "orbits") for o in arguments.sequence(some, "orbits")] for some in four(orbits, "orbits")]
    if len({len(some) for some in each}) > 1 or not each[0]:
        raise ValueError(
            f"orbits: expected at least one and equally many for each learner, found {[len(some) for some in each]}; "
            "send all of them off from the same starts."
        )
    slopes = positive(slopes, "slopes", f"4 {len(each[0])}")
    kinds = [points(kind, "fixed") for kind in four(fixed, "fixed")]
    runs, theory = ([two(run, name) for run in four(some, name)] for some, name in ((runs, "runs"), (theory, "theory")))
    figure = plt.figure(figsize=(WIDTH, 4.75))
    p, q = runs[0].components[0]
    made = f"The same {len(each[0])} starts, by the flow. Thick: updates from ({p:.2g}, {q:.2g}); dashed: its flow."
    title(figure, "Take away one cause, and the wait shrinks", made)
    end = 10 ** np.ceil(np.log10(1.5 * max(o.times[-1] for some in each for o in some)))
    for n, name in enumerate(names):
        left = 0.062 + 0.2375 * n
        ax = figure.add_axes((left, 0.45, 0.205, 0.205 * WIDTH / 4.75))
        phase_portrait(velocities[n], ax)
        for orbit, slope in zip(each[n], slopes[n], strict=True):  # without arrow heads: they would hide a small square
            ax.plot(*orbit.components.T, color=flatness(float(slope)), lw=0.5, zorder=4, antialiased=False)
        ax.plot(*runs[n].components.T, color=hue(slopes[n], each[n], runs[n]), lw=2.6, zorder=8, path_effects=WIDE_HALO)
        ax.plot(*theory[n].components.T, color=INK, lw=0.9, ls=THEORY, zorder=9)
        fixed_points(ax, **kinds[n])
        ax.set_title(name, fontsize=9.3, pad=8, x=-0.02)
        if n:
            ax.set_ylabel("")
        below = figure.add_axes((left, 0.115, 0.205, 0.2))
        curves(below, each[n], slopes[n], runs[n], theory[n], end)
        below.set_yticks([0, 1, 2], labels=["0", "1", "2"] if n == 0 else ["", "", ""])
        last = max(float(waiting_time(orbit)) for orbit in each[n])
        said = f"all by $t$ = {float(f'{last:.3g}'):,.0f}".replace(",", "\u2009")
        below.text(1.0, 0.06, said, ha="right", fontsize=8.5, transform=below.transAxes, path_effects=HALO, zorder=12)
    figure.text(0.04, 0.345, "$J_1+J_2$", fontsize=10.5)
    figure.text(0.062, 0.012, TIME, fontsize=9.5)
    speed_key(figure.add_axes((0.78, 0.017, 0.11, 0.02)))
    return figure


def curves(
    ax: Axes, orbits: Sequence[Trajectory], slopes: NDArray, run: Trajectory, theory: Trajectory, end: float
) -> None:
    """J1 + J2 of all orbits in their colours, one run thick and its flow dashed, on a logarithmic clock to `end`."""
    for orbit, slope in zip(orbits, slopes, strict=True):
        look = {"color": flatness(float(slope)), "lw": 0.7, "antialiased": False}  # smooth edges double the bytes
        ax.plot(orbit.times[1:], orbit.performance[1:], zorder=3, **look)
    rows = np.unique(np.geomspace(1, len(run.times) - 1, 400).astype(int))
    ax.plot(
        run.times[rows],
        run.performance[rows],
        color=hue(slopes, orbits, run),
        lw=2.4,
        zorder=8,
        path_effects=WIDE_HALO,
    )
    ax.plot(theory.times[1:], theory.performance[1:], color=INK, lw=0.9, ls=THEORY, zorder=9)
    ax.set(xscale="log", xlim=(1, end), ylim=(-0.08, 2.1))
    decades = np.arange(0, int(np.log10(end)) + 1, 2)
    ax.set_xticks(10.0**decades, labels=[f"{10**n:.0f}" if n < 3 else f"$10^{n}$" for n in decades])
    ax.tick_params(labelsize=8.4)


def hue(slopes: NDArray, orbits: Sequence[Trajectory], run: Trajectory) -> Any:
    """The colour of the orbit whose start is nearest to that of `run`."""
    gaps = [np.abs(orbit.components[0] - run.components[0]).max() for orbit in orbits]
    return flatness(float(slopes[int(np.argmin(gaps))]))


def points(fixed: Mapping[str, Points], name: str) -> dict[str, Points]:
    """`fixed` as `fixed_points` takes it; TypeError or ValueError for other kinds, or what is no pair of numbers."""
    kinds = ("attracts", "repels", "saddles")
    found = arguments.mapping(fixed, name)
    if not set(found) <= set(kinds):
        raise ValueError(f"{name}: expected the keys {', '.join(kinds)}, found {list(found)}; rename them.")
    return {kind: list(map(tuple, arguments.array(at, f"{name}[{kind!r}]", "N 2"))) for kind, at in found.items()}


def speed_key(ax: Axes) -> None:
    """The key to the colours of slopes: fast at the left, frozen at the right."""
    ax.imshow(np.linspace(0, 1, 128)[None], aspect="auto", cmap=FLATNESS_MAP, extent=(0, 1, 0, 1))
    ax.set(xticks=(), yticks=())
    for spine in ax.spines.values():
        spine.set_visible(False)
    for x, word, side in ((-0.06, "fast", "right"), (1.06, "frozen", "left")):
        ax.text(x, 0.4, word, ha=side, va="center", fontsize=8.5)


def waits_by_scale(scale: Series, waits: Mapping[str, Series], theory: Mapping[str, Series]) -> Figure:
    """The time until both are learned against the scale of the start, both logarithmic, one line for each learner.

    scale (S,) > 0; waits and theory: name of the learner -> times (S,), up to four; theory may know fewer of them.
    Raises TypeError or ValueError where an argument is not of that kind.
    """
    scale = positive(scale, "scale", "S")
    waits, known = (
        {name: positive(times, f"{word}[{name!r}]", str(len(scale))) for name, times in few(some, word, 4).items()}
        for some, word in ((waits, "waits"), (theory, "theory"))
    )
    figure, ax = plt.subplots(figsize=(WIDTH, 3.4))
    figure.subplots_adjust(0.078, 0.145, 0.72, 0.82)
    title(
        figure,
        "Each cause has its own law of waiting",
        "Time until both are learned, by the flow. Dashed: theory. Both axes logarithmic.",
    )
    for (name, found), look in zip(waits.items(), LOOKS, strict=False):
        ax.plot(scale, found, ls="none", ms=6, mec="white", mew=0.7, zorder=4, **look)
        if name in known:
            ax.plot(scale, known[name], color=INK, lw=1.2, ls=THEORY)
        lowest = int(np.argmin(scale))
        crowded = sum(0.03 < other[lowest] / found[lowest] < 30 for other in waits.values()) > 1
        rank = sum(other[lowest] > found[lowest] for other in waits.values())
        shift = (1 - 2 * (rank % 2)) * 7 if crowded else 0  # two lines of nearly one height: one name above, one below
        at = (scale[lowest], found[lowest])
        ax.annotate(name, at, (11, shift), textcoords="offset points", color=look["color"], va="center", fontsize=9.3)
    ax.set(xscale="log", yscale="log", xlabel="scale of the start: both performances times this")
    ax.set_xlim(scale.max() * 1.5, scale.min() / 1.3)
    ax.set_ylim(1, None)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}"))
    return figure


def towards_the_origin(
    levels: Series,
    shares: Mapping[str, Series],
    counted: Mapping[str, Annotated[NDArray[np.float64], "M 2"]],
    edges: Mapping[str, Annotated[NDArray[np.float64], "P 2"]],
) -> Figure:
    """Share of starts on the line J1 + J2 = level that meet a plateau, and where these starts lie, for two learners.

    levels (S,); shares: learner -> exact share (S,), dashed; counted: learner -> pairs (level, share) by simulation.
    edges: learner -> boundary (P, 2) of the starts with J1 > J2 that meet it, from near the origin on. Two learners,
    the same names in all three. Raises TypeError or ValueError where an argument is not of that kind.
    """
    levels = positive(levels, "levels", "S")
    for value, name in ((shares, "shares"), (counted, "counted"), (edges, "edges")):
        if len(few(value, name, 4)) != 2 or list(value) != list(shares):
            raise ValueError(f"{name}: expected the same two learners as in shares, found {list(value)}; name them so.")
    figure, (left, right) = plt.subplots(1, 2, figsize=(WIDTH, 3.5))
    figure.subplots_adjust(0.062, 0.145, 0.985, 0.8, wspace=0.27)
    title(
        figure,
        "Without the shared bias the basins shrink, and still reach the origin",
        "Starts that meet a plateau of $\\epsilon\\leq 10^{-4}$. Left: their share of a line. Right: where they lie.",
    )
    for (name, exact), look, place in zip(shares.items(), LOOKS, ((12, -12), (10, -14)), strict=False):
        left.plot(levels, arguments.array(exact, f"shares[{name!r}]", str(len(levels))), color=INK, lw=1.2, ls=THEORY)
        pairs = arguments.array(counted[name], f"counted[{name!r}]", "M 2")
        left.plot(*pairs.T, ls="none", ms=6, mec="white", mew=0.7, zorder=6, **look)
        middle = pairs[np.argmin(np.abs(pairs[:, 1] - 0.6))]
        left.annotate(name, middle, place, textcoords="offset points", color=look["color"], fontsize=9.3)
    left.set(xscale="log", xlim=(levels.max() * 1.15, levels.min() / 1.15), ylim=(-0.03, 1.06), yticks=(0, 0.5, 1))
    left.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}"))
    left.set_xlabel("$J_1+J_2$ at the start", labelpad=1)
    _basins(right, {name: positive(edge, f"edges[{name!r}]", "P 2") for name, edge in edges.items()}, levels.min() / 30)
    return figure


def _basins(ax: Axes, edges: Mapping[str, NDArray], low: float) -> None:
    """The half square J1 > J2 on logarithmic axes: a start below an edge meets the plateau."""
    for (name, edge), look, at in zip(edges.items(), LOOKS, ((0.16, 0.075), (0.012, 8e-4)), strict=False):
        edge = np.vstack([[low / 10, low / 10], edge])  # it comes from the origin, along the diagonal
        ax.plot(*edge.T, color=look["color"], lw=2, zorder=5)
        ax.fill_between(edge[:, 0], low / 10, edge[:, 1], color=BASIN, alpha=0.6, lw=0, zorder=1)
        ax.text(*at, name, color=look["color"], fontsize=9.3, ha="center", path_effects=HALO, zorder=6)
    ax.set(xscale="log", yscale="log", xlim=(low, 1), ylim=(low / 10, 1))
    ax.set_xlabel("$J_1$", color=ONE_TEXT, labelpad=1)
    ax.set_ylabel("$J_2$", color=TWO_TEXT, rotation=0, labelpad=8)
    ax.text(0.97, 0.05, "basins", transform=ax.transAxes, ha="right", color=BASIN_EDGE, fontsize=9.3)


def known_task(
    velocity: Velocity, runs: Sequence[Trajectory], theory: Sequence[Trajectory], fixed: Mapping[str, Points]
) -> Figure:
    """One law in the square with runs that start at one task known; the same runs in time.  [Schaul19 Sec. 2.5]

    runs: updates, up to three; theory: their flows, dashed. fixed: as in `four_learners`.
    Raises TypeError or ValueError where an argument is not of that kind.
    """
    runs, theory = (
        [two(run, name) for run in arguments.sequence(some, name)]
        for some, name in ((runs, "runs"), (theory, "theory"))
    )
    if not 1 <= len(runs) <= 3 or len(theory) != len(runs):
        raise ValueError(f"runs: expected 1 to 3 with a theory each, found {len(runs)} and {len(theory)}.")
    figure = plt.figure(figsize=(WIDTH, 3.9))
    title(figure, "With labels the better task loses ground, down to one half", "Thick: updates. Dashed: the flow.")
    ax = figure.add_axes((0.062, 0.1, 0.405, 0.405 * WIDTH / 3.9))
    phase_portrait(velocity, ax)
    for run, path in zip(runs, theory, strict=True):
        ax.plot(*run.components.T, color=PLATEAU, lw=2.4, zorder=8, path_effects=WIDE_HALO)
        ax.plot(*path.components.T, color=INK, lw=0.9, ls=THEORY, zorder=9)
        ax.plot(*run.components[0], "o", ms=5, color=INK, zorder=13)
    fixed_points(ax, **points(fixed, "fixed"))
    say = {"fontsize": 9, "path_effects": HALO, "ha": "center", "va": "center"}
    ax.text(0.79, 0.2, "2 takes all:\n$J_1$ falls", color=TWO_TEXT, **say)
    ax.text(0.2, 0.79, "1 takes all:\n$J_2$ falls", color=ONE_TEXT, **say)
    height = 0.77 / len(runs)
    for n, (run, path) in enumerate(zip(runs, theory, strict=True)):
        below = figure.add_axes((0.585, 0.115 + (len(runs) - 1 - n) * height, 0.395, height - 0.085))
        for k, colour in enumerate((ONE, TWO)):
            below.plot(run.times[1:], run.components[1:, k], color=colour, lw=3)
            below.plot(path.times[1:], path.components[1:, k], color=INK, lw=1, ls=THEORY)
        start = float(np.interp(1, run.times, run.components[:, 0]))
        row = int(np.argmax(run.components[:, 1] > 0.25))
        say = {"textcoords": "offset points", "fontsize": 9.5, "path_effects": HALO, "zorder": 12}
        below.annotate("$J_1$", (1, start), (5, -17 if start > 0.5 else 9), color=ONE_TEXT, **say)
        below.annotate("$J_2$", (run.times[row], run.components[row, 1]), (9, -4), color=TWO_TEXT, **say)
        below.axhline(0.5, color=QUIET, lw=0.7, ls=(0, (1, 2.2)))
        below.set(xscale="log", xlim=(1, max(r.times[-1] for r in runs)), ylim=(-0.04, 1.06), yticks=(0, 0.5, 1))
        below.set_yticklabels(["0", "½", "1"])
        below.tick_params(labelbottom=n == len(runs) - 1)
        p = run.components[0]
        below.set_title(f"from ({p[0]:.3g}, {p[1]:.0e})".replace("e-0", "e-"), fontsize=9, fontweight="normal", pad=2)
        below.set_xlabel("time, log scale" if n == len(runs) - 1 else "", labelpad=1)
    return figure
