"""The square again: where learning slows down, along which lines it runs, and which starts meet a plateau.

The lines and regions that are drawn come from `raylab.plateaus` or from the function that is passed in.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon
from numpy.typing import NDArray

from raylab import arguments, plateaus
from raylab.palette import BAND, BASIN, BASIN_EDGE, INK, ONE, PAPER, PLATEAU, QUIET, THREE, TWO
from raylab.plots.square import CLINE, Path, Velocity, fixed_points, phase_portrait
from raylab.plots.style import WIDTH, title
from raylab.records import Performance

Acceleration = Callable[[NDArray[np.float64]], Performance]

THEORY = (0, (3, 2.2))
DOTS = (0, (1, 1.8))


def inflections(acceleration: Acceleration, orbits: Sequence[Path], marks: NDArray[np.float64]) -> Figure:
    """Where J'' < 0 (tinted), where it vanishes, and orbits with the places where their speed turns round.

    acceleration: J (..., 2) -> J'' (...), asked for its sign. The antidiagonal is solid where Def. 2 calls a crossing
    a plateau, dotted where not. marks (N, 2): points to mark by open circles.
    """
    arguments.function(acceleration, "acceleration")
    marks = arguments.array(marks, "marks", "N 2")
    figure = plt.figure(figsize=(WIDTH, 4.2))
    count = len(arguments.sequence(orbits, "orbits"))
    made = f"Tinted: $\\ddot{{J}}<0$. Circles: inflections of $J_1+J_2$ on {count} orbits of the flow."
    title(figure, "Slowing down, then speeding up: a plateau", made)
    ax = figure.add_axes((0.06, 0.075, 0.46, 0.77))
    u = (np.arange(500) + 0.5) / 500
    J = np.stack(np.meshgrid(u, u), axis=-1)
    J[..., 0] += 1e-9  # off the antidiagonal, where the sign of a rounding error would decide
    found = arguments.array(acceleration(J.copy()), "acceleration(J)", "500 500")
    ax.contourf(u, u, found, [-np.inf, 0], colors=[BAND], zorder=0)
    ax.contour(u, u, found, [0], colors=[PLATEAU], linewidths=1.1, linestyles=[CLINE], zorder=2)
    _antidiagonal(ax)
    for path in orbits:
        ax.plot(*arguments.array(path, "orbits", "T 2").T, color=QUIET, lw=1.2, zorder=4)
    ax.plot(*marks.T, "o", ms=5.5, mfc=PAPER, mec=INK, mew=1.2, zorder=9)
    _edges(ax)
    looks = (
        ("-", 2.6, "$J_1+J_2=1$ where $a<7/30$:\nslowest there, a plateau"),
        (DOTS, 2.0, "$J_1+J_2=1$ where $a>7/30$:\nfastest there"),
        (CLINE, 1.1, "$P_6=0$: fastest there"),
    )
    for n, (dash, width, words) in enumerate(looks):
        y = 0.72 - 0.14 * n
        figure.add_artist(Line2D([0.575, 0.615], [y, y], color=PLATEAU, lw=width, ls=dash))
        figure.text(0.635, y, words, va="center", fontsize=10)
    figure.text(0.575, 0.28, "$\\ddot{J}<0$: getting slower", fontsize=10, bbox={"fc": BAND, "ec": BAND, "pad": 4})
    return figure


def level_lines(panels: Mapping[str, Sequence[Path]]) -> Figure:
    """Updates in the square over the level lines of the first integral through their starts; one or two panels.

    panels: words about the steps -> paths (T, 2) inside the square.  [ledger N1]
    """
    if len(arguments.mapping(panels, "panels")) > 2:
        raise ValueError(f"panels: expected one or two, found {len(panels)}; draw the others elsewhere.")
    figure, frames = plt.subplots(1, len(panels), figsize=(WIDTH, 4.1), squeeze=False)
    figure.subplots_adjust(0.055, 0.075, 0.985, 0.79, wspace=0.16)
    made = "Colour: updates by the exact gradient. Dashed: level lines of $I$ through the starts, no simulation."
    title(figure, "Small steps stay on a level line of $I$, large ones jump off", made)
    e = np.concatenate([np.geomspace(1e-6, 0.01, 160), np.linspace(0.01, 0.5, 160)[1:]])
    u = np.concatenate([e, 1 - e[-2::-1]])
    grid = plateaus.first_integral(np.stack(np.meshgrid(u, u), axis=-1), log=True)
    grid = np.maximum(grid, -40.0)  # minus infinity on the diagonal
    for ax, (words, paths) in zip(frames[0], panels.items(), strict=True):
        paths = [arguments.array(path, "panels", "T 2") for path in arguments.sequence(paths, "panels")]
        levels = np.unique([float(plateaus.first_integral(path[0], log=True)) for path in paths])
        for path in paths:
            few = len(path) < 400
            ax.plot(*path.T, "o-" if few else "-", ms=2.6, color=PLATEAU, lw=1.0 if few else 3.6, alpha=0.75, zorder=3)
            ax.plot(*path[0], "o", ms=5, color=INK, zorder=9)
        ax.contour(u, u, grid, levels, colors=[INK], linewidths=1.1, linestyles=[THEORY], zorder=5)
        _edges(ax)
        ax.set_title(words, fontsize=10, fontweight="normal", pad=6)
    return figure


def basins(velocity: Velocity, starts: NDArray[np.float64], met: Mapping[float, Annotated[NDArray, "N"]]) -> Figure:
    """The exact basin of each epsilon, the polygon inside it, and starts that were followed.  [Schaul19 Fig. 2]

    starts (N, 2). met: epsilon -> N truth values, did the followed start meet a plateau of slope <= epsilon? Filled
    if it did, open if not. One or two panels; each epsilon has a basin, 0 < epsilon < 49/450.
    """
    starts = arguments.array(starts, "starts", "N 2")
    if len(arguments.mapping(met, "met")) > 2:
        raise ValueError(f"met: expected one or two values of epsilon, found {len(met)}; draw the others elsewhere.")
    figure, frames = plt.subplots(1, len(met), figsize=(WIDTH, 4.2), squeeze=False)
    figure.subplots_adjust(0.055, 0.075, 0.985, 0.77, wspace=0.16)
    made = (
        "Shaded: exact. Dots: starts followed by the flow, filled if they met such a plateau.\n"
        "Thin outline: the polygon of App. B.3. Dashed: null clines."
    )
    title(figure, "Which starts meet a plateau: exactly these", made)
    for ax, (epsilon, found) in zip(frames[0], met.items(), strict=True):
        inside = _truths(found, len(starts))
        _clines(velocity, ax)
        _basin(ax, epsilon)
        _antidiagonal(ax)
        for which, look in ((inside, {"mfc": INK}), (~inside, {"mfc": PAPER})):
            ax.plot(*starts[which].T, "o", ms=2.9, mec=INK, mew=0.6, zorder=6, **look)
        _edges(ax)
        words = f"$\\epsilon={epsilon:g}$"
        ax.set_title(words, fontsize=10.5, fontweight="normal", pad=5)
    return figure


def _truths(found: object, count: int) -> NDArray[np.bool_]:
    if not isinstance(found, np.ndarray) or found.dtype != bool or found.shape != (count,):
        kind = f"shape {found.shape} of {found.dtype}" if isinstance(found, np.ndarray) else type(found).__name__
        raise TypeError(f"met: expected {count} truth values, one for each start, found {kind}; compare with epsilon.")
    return found


def _clines(velocity: Velocity, ax: Axes) -> None:
    """The null clines without their tints: here the shade belongs to the basin."""
    u = np.linspace(0, 1, 401)
    J = np.stack(np.meshgrid(u, u), axis=-1)
    rates = arguments.array(arguments.function(velocity, "velocity")(J.copy()), "velocity(J)", "401 401 2")
    for k, colour in enumerate((ONE, TWO)):
        ax.contour(u, u, rates[..., k], [0], colors=[colour], linewidths=1.0, linestyles=[CLINE], zorder=2)


def _basin(ax: Axes, epsilon: float) -> None:
    """Both halves, each between its boundary and an edge of the square; and both polygons."""
    edge = plateaus.basin_boundary(epsilon, 400)
    region, outline = np.vstack([[0, 0], edge, [1, 0]]), plateaus.polygon(epsilon)
    for turn in (slice(None), slice(None, None, -1)):
        ax.add_patch(Polygon(region[:, turn], fc=BASIN, ec="none", zorder=1))
        ax.plot(*edge[:, turn].T, color=BASIN_EDGE, lw=1.8, zorder=5)
        ax.add_patch(Polygon(outline[:, turn], fill=False, ec=THREE, lw=1.2, zorder=5))


def _antidiagonal(ax: Axes) -> None:
    """Solid where a crossing is a plateau, dotted where not."""
    root = np.sqrt(0.25 - plateaus.flattest())
    for start, end, dash, width in (
        (0, 0.5 - root, "-", 2.6),
        (0.5 - root, 0.5 + root, DOTS, 2.0),
        (0.5 + root, 1, "-", 2.6),
    ):
        x = np.array([start, end])
        ax.plot(x, 1 - x, color=PAPER, lw=width + 0.8, zorder=3, solid_capstyle="butt")
        ax.plot(x, 1 - x, color=PLATEAU, lw=width, ls=dash, zorder=3, solid_capstyle="butt")


def _edges(ax: Axes) -> None:
    """The frame of the square and its four fixed points."""
    phase_portrait(lambda J: np.ones_like(J), ax)
    fixed_points(ax, attracts=[(1, 1)], repels=[(0, 0)], saddles=[(0, 1), (1, 0)])
