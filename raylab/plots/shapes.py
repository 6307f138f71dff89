"""What the shape of f and the angle of the features do to the wait: columns, powers, laws."""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter
from numpy.typing import NDArray

from raylab import arguments
from raylab.palette import EARTH, HAIR, INK, ORDERED, PAPER, PLATEAU, QUIET
from raylab.plots.doors import few, positive, two
from raylab.plots.factored import HUES, WORDS, Pairs, Series, beside
from raylab.plots.race import THEORY, TIME, WIDE_HALO
from raylab.plots.square import Velocity, phase_portrait
from raylab.plots.style import WIDTH, title
from raylab.records import Trajectory

# Powers of u, in their order: hue, dash and marker, so that a grey print tells them apart
MARKS: tuple[dict[str, Any], ...] = (
    {"color": ORDERED[3], "marker": "v"},
    {"color": EARTH, "marker": "s"},
    {"color": PLATEAU, "marker": "o"},
    {"color": ORDERED[1], "marker": "^"},
    {"color": QUIET, "marker": "D"},
)


def shapes_at_work(
    names: Sequence[str],
    couplings: Sequence[Pairs],
    velocities: Sequence[Velocity],
    runs: Sequence[Trajectory],
    theory: Sequence[Trajectory],
) -> Figure:
    """A column for each shape: f, the square with its strips, and one start in time; up to four columns.

    couplings: rows (u, f(u)); velocities: J (..., 2) -> dJ/dt; runs: by updates, thick; theory: the flow, dashed.
    Raises TypeError or ValueError where an argument is not of that kind.
    """
    names = arguments.texts(names, "names")
    if not 1 <= len(names) <= 4:
        raise ValueError(f"names: expected 1 to 4, found {len(names)}; draw fewer columns.")
    count = len(names)
    for n, velocity in enumerate(arguments.sequence(velocities, "velocities", count)):
        arguments.function(velocity, f"velocities[{n}]")
    rows = [arguments.array(x, "couplings", "S 2") for x in arguments.sequence(couplings, "couplings", count)]
    runs, theory = (
        [two(run, name) for run in arguments.sequence(some, name, count)]
        for some, name in ((runs, "runs"), (theory, "theory"))
    )
    height = 5.4
    figure = plt.figure(figsize=(WIDTH, height))
    p, q = theory[0].components[0]
    made = f"Same angle, same start ({p:.2g}, {q:.2g}). Thick: updates. Dashed: the flow. Tints: one takes all."
    title(figure, "How $f$ leaves zero decides how long the loser stays there", made)
    end = 10 ** np.ceil(np.log10(max(run.times[-1] for run in theory)))
    step = 0.935 / count
    for n, name in enumerate(names):
        left, width = 0.062 + step * n, step - 0.03
        above = figure.add_axes((left, 0.775, width, 0.1))
        above.plot(*rows[n].T, color=PLATEAU, lw=2)
        above.set(xlim=(0, 1), ylim=(0, None), xticks=(0, 1), yticks=())
        above.tick_params(labelsize=8.4)
        above.set_title(name, fontsize=9.5, pad=4)
        side = min(width, 0.36 * height / WIDTH)
        ax = figure.add_axes((left, 0.4, side, side * WIDTH / height))
        phase_portrait(velocities[n], ax)
        ax.plot(*runs[n].components.T, color=PLATEAU, lw=2.4, zorder=8, path_effects=WIDE_HALO)
        ax.plot(*theory[n].components.T, color=INK, lw=0.9, ls=THEORY, zorder=9)
        ax.plot(*theory[n].components[0], "o", ms=4.5, color=INK, zorder=12)
        if n:
            ax.set_ylabel("")
        _in_time(figure.add_axes((left, 0.1, width, 0.21)), runs[n], theory[n], end)
        figure.axes[-1].tick_params(labelleft=n == 0)
    for k, at in enumerate((0.125, 0.265)):
        figure.text(0.012, at, f"$J_{k + 1}$", color=WORDS[k], fontsize=11)
    figure.text(0.012, 0.83, "$f$", fontsize=11)
    figure.text(0.062, 0.012, TIME, fontsize=9.5)
    return figure


def cosines(cosine: Series, power: Series, fitted: Pairs, threshold: Series, found: Pairs) -> Figure:
    """Against the cosine of the features: the power of the scale in the flatness, and where plateaus end.  [ledger N4]

    cosine (S,) with power (S,) and threshold (S,) by formula, dashed; fitted, found (M, 2): cosine and what was
    measured, circles. power and fitted are positive.
    """
    cosine = arguments.array(cosine, "cosine", "S")
    power, fitted = positive(power, "power", str(len(cosine))), _positive_second(fitted, "fitted")
    threshold = arguments.array(threshold, "threshold", str(len(cosine)))
    found = arguments.array(found, "found", "M 2")
    figure = plt.figure(figsize=(WIDTH, 3.4))
    title(
        figure,
        "The angle decides how flat plateaus are, and hardly where",
        "Circles: measured. Dashed: by formula. $f(u)=u(1-u)$, features of equal length.",
    )
    left, right = figure.add_axes((0.075, 0.15, 0.41, 0.6)), figure.add_axes((0.575, 0.15, 0.41, 0.6))
    for ax, curve, marks in ((left, power, fitted), (right, threshold, found)):
        ax.axvline(-0.5, color=HAIR, lw=1.0, zorder=0)
        ax.plot(cosine, curve, color=INK, lw=1.3, ls=THEORY, zorder=5)
        ax.plot(*marks.T, "o", ms=6, mfc=PAPER, mec=PLATEAU, mew=1.4, zorder=4)
        ax.set(xlim=(-1, 1), xticks=(-1, -0.5, 0, 0.5, 1))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}"))
        ax.set_xlabel("cosine of the two features", labelpad=1)
    left.set(yscale="log", yticks=(0.1, 1, 10, 100))
    left.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:g}"))
    left.set_title("half the start: flatter by 2 to the power of", fontsize=9.5, fontweight="normal", pad=7)
    right.set_ylim(0, 0.265)
    right.set_title("plateaus lie where $a = J_1(1-J_1)$ is below", fontsize=9.5, fontweight="normal", pad=7)
    return figure


def _positive_second(pairs: Pairs, name: str) -> NDArray[np.float64]:
    """Pairs (M, 2) whose second column a logarithmic axis can show; TypeError or ValueError for anything else."""
    found = arguments.array(pairs, name, "M 2")
    positive(found[:, 1], name, "M")
    return found


def waits_by_power(
    p: Series, alone: Mapping[str, Series], against: Mapping[str, Series], laws: Sequence[Mapping[str, Series]]
) -> Figure:
    """Time until both are learned against the start p, a line for each shape: without and with interference.

    p (S,) > 0; alone, against: name -> times (S,), up to five; inf where it never ends. laws: for each of the two
    panels name -> law (S,), dashed; may leave names out.
    """
    p = positive(p, "p", "S")
    laws = arguments.sequence(laws, "laws", 2)
    figure = plt.figure(figsize=(WIDTH, 3.7))
    made = "Time until both are learned, by the flow, from $(p/5,\\ p)$. Dashed: the laws. All axes logarithmic."
    title(figure, "Alone, a steep start of $f$ is best; with a rival it is fatal", made)
    names = list(few(alone, "alone", 5))
    panels = {}
    for words, waits, name in (("nothing shared", alone, "alone"), ("cosine $-\\frac{1}{2}$", against, "against")):
        if set(few(waits, name, 5)) != set(names):
            raise ValueError(f"{name}: expected the names of alone, {names}, found {list(waits)}; name them so.")
        panels[words] = {each: _waits(waits[each], f"{name}[{each!r}]", len(p)) for each in names}
    ends = [found[np.isfinite(found)].max(initial=1.0) for some in panels.values() for found in some.values()]
    for n, (words, waits) in enumerate(panels.items()):
        ax = figure.add_axes((0.075 + 0.475 * n, 0.135, 0.335, 0.62))
        for name, law in few(laws[n], f"laws[{n}]", 5).items():
            ax.plot(p, positive(law, f"laws[{n}][{name!r}]", str(len(p))), color=INK, lw=1.1, ls=THEORY, zorder=2)
        for name, look in zip(names, MARKS, strict=False):
            seen = np.isfinite(waits[name])
            if not seen.any():
                ax.text(0.5, 0.06, f"{name}: never", transform=ax.transAxes, color=look["color"], fontsize=9.3)
                continue
            ax.plot(p[seen], waits[name][seen], ls="none", ms=6, mec=PAPER, mew=0.7, zorder=4, **look)
            low = int(np.argmin(np.where(seen, p, np.inf)))
            beside(ax, (p[low], waits[name][low]), (9, -3), name, look["color"])
        ax.set(xscale="log", yscale="log", xlim=(2 * p.max(), p.min() / 2), ylim=(1, 30 * max(ends)))
        ax.set_xlabel("start $p$ of the better task", labelpad=1)
        ax.set_title(words, fontsize=10, fontweight="normal", pad=6)
    return figure


def _waits(value: Any, name: str, count: int) -> NDArray[np.float64]:
    """Positive times (count,), among which inf stands for never; TypeError or ValueError for anything else."""
    is_array = isinstance(value, np.ndarray) and value.dtype.kind == "f"
    never = np.isposinf(value) if is_array else np.zeros(count, dtype=bool)
    found = positive(np.where(never, 1.0, value) if never.any() else value, name, str(count))
    return np.where(never, np.inf, found)


def _in_time(ax: Axes, run: Trajectory, flow: Trajectory, end: float) -> None:
    """J1 and J2 of a run, thick, and of its flow, dashed, on a logarithmic clock to `end`."""
    for k in range(2):
        some = np.unique(np.geomspace(1, len(run.times) - 1, 400).astype(int))
        ax.plot(run.times[some], run.components[some, k], color=HUES[k], lw=2.8, zorder=3)
        ax.plot(flow.times[1:], flow.components[1:, k], color=INK, lw=0.9, ls=THEORY, zorder=5)
    ax.set(xscale="log", xlim=(1, end), ylim=(-0.05, 1.06), yticks=(0, 1))
    decades = np.arange(0, int(np.log10(end)) + 1, 2)
    ax.set_xticks(10.0**decades, labels=[f"{10**d:.0f}" if d < 3 else f"$10^{d}$" for d in decades])
    ax.tick_params(labelsize=8.4)
