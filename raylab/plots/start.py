"""The picture of chapter 00: three learners, one start."""

from collections.abc import Sequence

import matplotlib.patheffects as pe
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from raylab import arguments
from raylab.palette import EARTH, HAIR, INK, ONE_TEXT, PAPER, PLATEAU, QUIET, TEXT, TWO_TEXT
from raylab.plots.style import WIDTH, title
from raylab.records import Performance, Trajectory

_HALO = [pe.withStroke(linewidth=3, foreground=PAPER), pe.Normal()]
_LEARNER = (QUIET, EARTH, PLATEAU)
_DASHED = (0, (3, 2.2))
_DECADES = 10.0 ** np.arange(0, 8, 1)


def three_learners(
    names: Sequence[str], theory: Sequence[Trajectory], steps: Sequence[Trajectory], waits: Performance
) -> Figure:
    """J1 + J2 of three learners on one logarithmic clock, and the two tasks of the last one below.

    names: one for each learner, quickest first. theory: the flow, drawn dashed. steps: updates, drawn in colour.
    waits (3,): when each has learned both tasks.
    Raises TypeError or ValueError unless there are three of each: words, Trajectories of two components, times.
    """
    names, waits = arguments.texts(names, "names", 3), arguments.array(waits, "waits", "3")
    theory, steps = _three(theory, "theory"), _three(steps, "steps")
    if (waits <= 0).any():
        raise ValueError(f"waits: expected positive times, found {waits.min():g}; time is drawn on a log scale.")
    figure = plt.figure(figsize=(WIDTH, 4.9))
    title(figure, "The same task, the same start, three clocks", "Colour: updates. Dashed: their continuous limit.")
    above = figure.add_axes((0.075, 0.47, 0.9, 0.365))
    below = figure.add_axes((0.075, 0.105, 0.9, 0.245))
    for ax in (above, below):
        ax.set(xscale="log", xlim=(1, 1e7), xticks=_DECADES, xticklabels=[])
    for name, colour, line, run, wait in zip(names, _LEARNER, theory, steps, waits, strict=True):
        above.plot(run.times[1:], run.performance[1:], color=colour, lw=4)
        above.plot(line.times[1:], line.performance[1:], color=INK, lw=1.1, ls=_DASHED)
        above.plot([wait, wait], [0, 2.12], color=HAIR, lw=0.9, zorder=0)
        says = f"{name}, t = {_grouped(wait)}"
        above.text(wait, 2.2, says, color=colour, ha="center", va="bottom", fontweight="bold")
    above.set(ylim=(0, 2.1), yticks=(0, 1, 2))
    above.text(1.15, 1.86, "$J_1+J_2$", fontsize=12)
    for k, colour in enumerate((ONE_TEXT, TWO_TEXT)):
        below.plot(steps[2].times[1:], steps[2].components[1:, k], color=colour, lw=4)
        below.plot(theory[2].times[1:], theory[2].components[1:, k], color=INK, lw=1.1, ls=_DASHED)
    below.set(yscale="log", yticks=(1e-6, 1e-3, 1), ylim=(2e-7, 3))
    below.set_yticklabels(["10⁻⁶", "10⁻³", "1"])
    below.set_xticklabels(["1", "10", "100", "1\u2009000", "10\u2009000", "10⁵", "10⁶", "10⁷"])
    below.set_xlabel("time = step size × updates, log scale", labelpad=2)
    words = dict(path_effects=_HALO, fontsize=9.5)
    below.text(1.15, 4.4, f"the two tasks of “{names[2]}”, log scale", color=TEXT, fontsize=9.5)
    below.text(25, 0.06, "$J_1$: learned at once", color=ONE_TEXT, **words)
    below.text(1.3, 1.5e-6, "$J_2$: sinks, waits, comes back", color=TWO_TEXT, **words)
    return figure


def _three(runs: Sequence[Trajectory], name: str) -> Sequence[Trajectory]:
    for run in arguments.sequence(runs, name, 3):
        if not isinstance(run, Trajectory):
            raise TypeError(f"{name}: expected Trajectories, found {type(run).__name__}; pass what flow returned.")
        if run.components.ndim != 2 or run.components.shape[-1] != 2 or len(run.times) < 2:
            raise ValueError(
                f"{name}: expected one run of two components and two times or more, found components of shape "
                f"{run.components.shape}; pass one run each."
            )
    return runs


def _grouped(time: float) -> str:
    return f"{float(f'{time:.3g}'):,.0f}".replace(",", "\u2009")
