"""Two gradients that pull on one bias, and how their angle depends on the policy: the figures of the bandit.

Every function draws the arrays that it is given and returns the figure; none of them computes a learner.
"""

from collections.abc import Sequence
from typing import Annotated

import matplotlib.patheffects as pe
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Arc, Polygon
from numpy.typing import NDArray

from raylab import arguments
from raylab.palette import (
    HAIR,
    INK,
    ONE,
    ONE_TEXT,
    ONE_WINS,
    ORDERED,
    PAPER,
    QUIET,
    TEXT,
    TWO,
    TWO_TEXT,
)
from raylab.plots.style import WIDTH, title

Floats = NDArray[np.float64]
THEORY = (0, (4, 2.2))
HALO = [pe.withStroke(linewidth=2.6, foreground=PAPER), pe.Normal()]


def two_gradients(gradients: Annotated[Floats, "2 d"], parameters: Sequence[str], finding: str) -> Figure:
    """Two gradients entry by entry, and as arrows in the plane they span, with the step that is their sum.

    gradients (2, d): grad J_1, grad J_2. parameters: d names. finding: the title.
    Raises TypeError or ValueError where shapes disagree or a gradient is zero.
    """
    gradients = arguments.array(gradients, "gradients", "2 d")
    parameters = arguments.texts(parameters, "parameters", gradients.shape[1])
    largest = np.abs(gradients).max(axis=1)
    if largest.min() < 1e-100 or largest.max() > 1e100:  # their squares would leave float64
        raise ValueError(
            f"gradients: expected two rows that are neither zero nor huge, found largest entries {largest.tolist()}; "
            "take another point."
        )
    figure = plt.figure(figsize=(WIDTH, 3.5))
    title(figure, finding, "Two gradients at one point. Left: entry by entry. Right: in the plane that they span.")
    bars = figure.add_axes((0.155, 0.14, 0.29, 0.64))
    rows = np.arange(len(parameters))[::-1]
    for k, (colour, word) in enumerate(((ONE, ONE_TEXT), (TWO, TWO_TEXT))):
        bars.barh(rows + 0.19 - 0.38 * k, gradients[k], 0.32, color=colour)
        at = int(np.argmax(np.abs(gradients[k])))
        bars.text(
            gradients[k].max() * 1.06, rows[at] + 0.19 - 0.38 * k, rf"$\nabla J_{k + 1}$", color=word, va="center"
        )
    bars.axvline(0, color=QUIET, lw=0.8)
    bars.set(yticks=rows, yticklabels=parameters, xlabel="entry of the gradient", ylim=(-0.6, len(rows) - 0.4))
    bars.spines["left"].set_visible(False)
    bars.tick_params(axis="y", length=0)
    bars.margins(x=0.2)
    bars.locator_params(axis="x", nbins=4)
    _arrows(figure.add_axes((0.5, 0.03, 0.485, 0.80)), *_in_plane(gradients))
    return figure


def _in_plane(gradients: Floats) -> tuple[Floats, Floats]:
    """The same two arrows in two coordinates: the first along x."""
    first, second = gradients
    length = np.linalg.norm(first)
    along = second @ first / length
    return np.array([length, 0.0]), np.array([along, np.sqrt(max(second @ second - along**2, 0.0))])


def _arrows(ax: Axes, first: Floats, second: Floats) -> None:
    step, size = first + second, np.linalg.norm(first)
    normal = second / np.linalg.norm(second)
    edge = np.array([normal[1], -normal[0]]) * 1.3 * size  # steps along this line leave J_2 as it is
    ax.add_patch(Polygon([-0.42 * edge, edge, edge - normal * size, -0.42 * edge - normal * size], fc=ONE_WINS, lw=0))
    ax.plot(*np.transpose([-0.42 * edge, edge]), color=TWO, lw=1.2, ls=THEORY)
    for tip, colour, width in ((step, INK, 1.8), (first, ONE, 3.0), (second, TWO, 3.0)):
        style = {"arrowstyle": "-|>,head_width=.28,head_length=.5", "color": colour, "lw": width}
        ax.annotate("", tip, (0, 0), arrowprops=style | {"shrinkA": 0, "shrinkB": 0, "mutation_scale": 14})
    ax.plot(*np.transpose([first, step, second]), color=QUIET, lw=0.8, ls=(0, (1, 2)))
    angle = np.degrees(np.arctan2(second[1], second[0]))
    ax.add_patch(Arc((0, 0), 0.34 * size, 0.34 * size, theta1=0, theta2=angle, color=INK, lw=0.9))
    say = {"path_effects": HALO, "va": "center"}
    ax.text(0.07 * size, 0.24 * size, f"{angle:.0f}°", color=INK, **say)
    ax.text(first[0] * 0.99, -0.085 * size, r"$\nabla J_1$", color=ONE_TEXT, fontsize=12, ha="right", **say)
    ax.text(*(second * 1.22), r"$\nabla J_2$", color=TWO_TEXT, fontsize=12, ha="right", **say)
    ax.text(*(step + np.array([0.02, 0.07]) * size), "the step: their sum", color=INK, ha="center", fontsize=9, **say)
    ax.text(
        *(0.42 * edge - 0.62 * size * normal),
        "steps on this side\nmake $J_2$ worse",
        color=ONE_TEXT,
        ha="center",
        **say,
    )
    ax.set(aspect="equal", xlim=(-0.52 * size, 1.2 * size), ylim=(-0.58 * size, 0.58 * size))
    ax.axis("off")


def same_angle(
    size: Annotated[Floats, "N"], shared: Annotated[Floats, "N"], apart: Annotated[Floats, "N"], theory: float
) -> Figure:
    """Cosine at N random points of parameter space, against the size of the smaller gradient (log scale).

    shared, apart (N,): cosines with the shared bias and without it. theory: the constant, drawn dashed.
    Raises TypeError or ValueError where lengths disagree or a size is not positive.
    """
    size = _positive(arguments.array(size, "size", "N"), "size")
    theory = arguments.number(theory, "theory", -1.0, 1.0)
    figure, ax = plt.subplots(figsize=(WIDTH, 3.0))
    figure.subplots_adjust(0.11, 0.17, 0.97, 0.77)
    title(figure, "The lengths change by many powers of ten, the angle not at all", _points(len(size)))
    for cosines, colour, word, at in ((shared, ONE, "shared bias", -0.42), (apart, QUIET, "no shared bias", 0.08)):
        ax.plot(size, arguments.array(cosines, word, f"{len(size)}"), "o", ms=3, mew=0, color=colour, alpha=0.5)
        ax.text(size.min(), at, word, color=colour, fontsize=9.5, va="center")
    ax.axhline(theory, color=INK, ls=THEORY, lw=1.2)
    ax.text(size.max(), theory - 0.1, "dashed: theory", color=INK, ha="right", va="center")
    ax.set(xscale="log", ylim=(-1.05, 0.4), yticks=(-1, -0.5, 0), ylabel="cosine")
    ax.set_xlabel("length of the shorter of the two gradients, log scale")
    return figure


def _points(number: int) -> str:
    return f"Each dot is one of {number} random points of parameter space."


def cosine_by_actions(
    actions: Annotated[NDArray[np.int64], "A"],
    cosines: Annotated[Floats, "A N"],
    uniform: Annotated[Floats, "A"],
    bounds: tuple[float, float],
) -> Figure:
    """Cosine of two components against the number of actions: N random policies (dots) and theory.

    uniform (A,): theory where all wrong actions are equally likely, open circles. bounds: dashed.
    Raises TypeError or ValueError where shapes disagree.
    """
    actions = arguments.array(actions, "actions", "A")
    cosines = arguments.array(cosines, "cosines", f"{len(actions)} N")
    uniform = arguments.array(uniform, "uniform", f"{len(actions)}")
    bounds = arguments.array(bounds, "bounds", "2")
    figure, ax = plt.subplots(figsize=(WIDTH, 3.2))
    figure.subplots_adjust(0.11, 0.16, 0.97, 0.77)
    title(
        figure,
        "The more ways to be wrong, the less conflict",
        _points(cosines.shape[1]) + " Two contexts.",
    )
    at = np.arange(len(actions))
    spread = np.linspace(-0.3, 0.3, cosines.shape[1])  # side by side, so that no dot hides another
    for i, row in enumerate(cosines):
        ax.plot(i + spread, row, "o", ms=2.2, mew=0, color=ONE, alpha=0.45, rasterized=True)
    ax.plot(at, uniform, "o", ms=8, mfc=PAPER, mec=INK, mew=1.4, label="uniform policy")
    for bound, word, ha in zip(bounds, ("least possible", "most possible"), ("bottom", "bottom"), strict=True):
        ax.axhline(bound, color=INK, lw=1, ls=THEORY)
        ax.text(len(actions) - 0.55, bound + 0.012, word, color=INK, ha="right", va=ha, fontsize=9)
    ax.axhline(0, color=HAIR, lw=0.9, zorder=0)
    ax.text(-0.42, 0.16, "circle: the\nuniform policy", color=INK, fontsize=9, va="center", linespacing=1.3)
    ax.set(xticks=at, xticklabels=[f"{n:g}" for n in actions], ylim=(-0.56, 0.34), xlim=(-0.5, len(actions) - 0.5))
    ax.set(yticks=(-0.5, -0.25, 0, 0.25), xlabel="number of actions $n$", ylabel="cosine")
    return figure


def spurious_actions(
    bias: Annotated[Floats, "T"],
    counts: Sequence[int],
    found: Annotated[Floats, "S T"],
    theory: Annotated[Floats, "S T"],
    limits: Annotated[Floats, "S"],
) -> Figure:
    """Cosine against the bias of the spurious actions, one curve for each number of them, theory dashed.

    limits (S,): where theory says that the curves end, open circles.
    Raises TypeError or ValueError where shapes disagree or there are more than four curves.
    """
    bias, counts = arguments.array(bias, "bias", "T"), arguments.sequence(counts, "counts")
    shape = f"{len(counts)} {len(bias)}"
    found, theory = arguments.array(found, "found", shape), arguments.array(theory, "theory", shape)
    limits = arguments.array(limits, "limits", f"{len(counts)}")
    if len(counts) > len(ORDERED):
        raise ValueError(f"counts: expected at most {len(ORDERED)} curves, found {len(counts)}; draw fewer.")
    figure, ax = plt.subplots(figsize=(WIDTH, 3.7))
    figure.subplots_adjust(0.11, 0.15, 0.86, 0.78)
    title(
        figure,
        "Useless actions turn conflict into transfer",
        "Two contexts. Spurious actions are right in neither; their bias grows to the right. Dashed: theory.",
    )
    for count, colour, path, exact, end in zip(counts, ORDERED, found, theory, limits, strict=False):
        ax.plot(bias[::2], path[::2], "o", ms=4.5, mew=0, color=colour)
        ax.plot(bias, exact, color=INK, lw=1, ls=THEORY)
        ax.plot(bias[-1] * 1.04, end, "o", ms=6, mfc=PAPER, mec=INK, clip_on=False)
        ax.text(bias[-1] * 1.10, end, f"{count} spurious", color=TEXT, va="center", fontsize=8.5)
    ax.axhline(0, color=HAIR, lw=0.9, zorder=0)
    ax.axvline(0, color=HAIR, lw=0.9, zorder=0)
    ax.text(0, 0.3, "uniform policy", ha="center", color=QUIET, fontsize=9)
    ax.set(xlim=(bias[0], bias[-1]), ylim=(-0.53, 0.29), yticks=(-0.5, -0.25, 0, 0.25), ylabel="cosine")
    ax.set_xlabel("bias of the spurious actions, minus that of the others")
    return figure


def _positive(values: Floats, name: str) -> Floats:
    if (values <= 0).any():
        raise ValueError(f"{name}: expected positive lengths for a log scale, found {values.min():.4g}.")
    return values
