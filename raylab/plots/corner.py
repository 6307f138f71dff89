"""What happens near the corners of the square, and what the printed Jacobian would make of it."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from raylab import arguments
from raylab.palette import EARTH, HAIR, INK, PLATEAU, QUIET, SAND
from raylab.plots.square import HALO, Path, fixed_points
from raylab.plots.style import WIDTH, title


def corner_flows(flow: Sequence[Path], printed: Sequence[Path], reach: float) -> Figure:
    """Orbits near the corner (0, 1): of the flow, and of the linear system with the printed matrix.

    flow, printed: paths (T, 2) of (J1, J2), clipped to `reach` from the corner; what lies outside the square is
    shaded. Raises TypeError or ValueError where an argument is not of that kind.
    """
    reach = arguments.number(reach, "reach", 1e-9, 1.0)
    figure, panels = plt.subplots(1, 2, figsize=(WIDTH, 4.0))
    figure.subplots_adjust(0.065, 0.08, 0.985, 0.8, wspace=0.16)
    title(figure, "The printed matrix would push learners out of the square", "Orbits near the corner $(0, 1)$.")
    looks = (("the flow (1), (2)", PLATEAU, "-"), ("with the matrix of App. B.1", EARTH, "--"))
    for ax, paths, (name, colour, dash) in zip(panels, (flow, printed), looks, strict=True):
        _corner(ax, reach)
        for path in arguments.sequence(paths, "flow and printed"):
            path = arguments.array(path, "flow and printed", "T 2")
            ax.plot(*path.T, color=colour, lw=1.3, ls=dash, zorder=4)
            _heads(ax, path, colour, reach)
        fixed_points(ax, saddles=[(0, 1)])
        ax.text(0.45 * reach, 1 + 0.12 * reach, "outside the square", fontsize=9, color=EARTH, path_effects=HALO)
        ax.set_title(name, fontsize=9.5, fontweight="normal", pad=6)
    return figure


def creep(
    times: Sequence[float],
    missing: Mapping[str, Sequence[float]],
    distances: Sequence[float],
    waits: Mapping[str, Sequence[float]],
) -> Figure:
    """How the flow nears (1, 1) and how long it takes to leave a saddle, both axes logarithmic.

    missing: 1 - J1 at `times`; waits: time until both are learned from (p, 1 - p), p in `distances`. Each mapping
    has three curves by label: the flow, drawn thick; its theory, dashed; the printed matrix, dotted.
    Raises TypeError or ValueError where an argument is not of that kind or the lengths disagree.
    """
    figure, panels = plt.subplots(1, 2, figsize=(WIDTH, 3.1))
    figure.subplots_adjust(0.085, 0.155, 0.975, 0.72, wspace=0.28)
    title(
        figure,
        "Near a corner: ten times nearer, ten times slower",
        "Left: along the diagonal. Right: from $(p, 1-p)$. Exact flow, both axes logarithmic.",
    )
    _three_lines(panels[0], times, missing, "missing")
    _three_lines(panels[1], distances, waits, "waits")
    panels[0].set(xlabel="time", xlim=(1, None), ylim=(1e-5, 1))
    panels[1].set(xlabel="distance from the saddle, $p$")
    panels[0].set_title("arriving at $(1,1)$: what is missing, $1-J_1$", fontsize=9.5, fontweight="normal", pad=8)
    panels[1].set_title("leaving $(0,1)$: time until both $\\geq 0.9$", fontsize=9.5, fontweight="normal", pad=8)
    return figure


def _three_lines(ax: Axes, x: Sequence[float], lines: Mapping[str, Sequence[float]], name: str) -> None:
    if not isinstance(lines, Mapping) or len(lines) != 3:
        raise TypeError(f"{name}: expected a dict of three curves, found {lines!r:.60}; give flow, theory, printed.")
    looks = (
        {"color": PLATEAU, "lw": 3.4, "zorder": 3},
        {"color": INK, "lw": 1.3, "ls": (0, (3, 2.2)), "zorder": 5},
        {"color": EARTH, "lw": 1.8, "ls": (0, (1, 1.4)), "zorder": 4},
    )
    x = arguments.array(x, "times" if name == "missing" else "distances", "N")
    for (label, curve), look in zip(lines.items(), looks, strict=True):
        ax.loglog(x, arguments.array(curve, name, f"{len(x)}"), label=label, **look)
    ax.legend(fontsize=8.8, handlelength=2.6, loc="upper right", labelcolor="linecolor")


def _corner(ax: Axes, reach: float) -> None:
    edge = 0.25 * reach
    for corner, width, height in (((-edge, 0), edge, 2), ((0, 1), 2, edge)):
        ax.add_patch(Rectangle(corner, width, height, fc=SAND, ec=HAIR, lw=0, zorder=0))
    ax.plot([0, 0, reach], [1 - reach, 1, 1], color=QUIET, lw=1.0, zorder=2)
    ax.set(xlim=(-edge, reach), ylim=(1 - reach, 1 + edge), aspect="equal")
    ax.set_xticks([0, reach], labels=["0", f"{reach:g}"])
    ax.set_yticks([1 - reach, 1], labels=[f"{1 - reach:g}", "1"])
    ax.set_xlabel("$J_1$", fontsize=12, labelpad=-9)
    ax.set_ylabel("$J_2$", fontsize=12, rotation=0, labelpad=-6)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)


def _heads(ax: Axes, path: Path, colour: str, reach: float) -> None:
    """One small head where the path is nearest to the middle of the picture."""
    near = int(np.abs(path - (0.45 * reach, 1 - 0.45 * reach)).sum(axis=1).argmin())
    if 0 < near < len(path) - 1:
        look = {"arrowstyle": "-|>,head_width=.2,head_length=.42", "color": colour, "lw": 0, "mutation_scale": 11}
        ax.annotate("", path[near + 1], path[near - 1], zorder=6, arrowprops={**look, "shrinkA": 0, "shrinkB": 0})
