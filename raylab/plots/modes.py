"""Modes of a deep linear network: their strengths over time, and what they look like.

Every function draws the arrays that it is given and returns the figure. Modes are columns, the strongest first, dark to
light; black and open circles are theory. Time is linear here: the waits of chapter 08 are logarithms themselves.
All raise TypeError or ValueError where an argument is not of the named kind.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Annotated, Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from raylab import arguments
from raylab.palette import HAIR, INK, QUIET, TEXT
from raylab.plots.doors import bounded, few
from raylab.plots.race import THEORY
from raylab.plots.square import HALO
from raylab.plots.staircase import CIRCLE, kept_apart, names_beside, ramp
from raylab.plots.style import WIDTH, title

Floats = NDArray[np.float64]
Panel = tuple[Floats, Floats, Floats | None, Floats | None]
_ROWS = {1: (1, 1), 2: (1, 2), 3: (1, 3), 4: (2, 2)}
LINEAR_TIME = "time = step size × updates, linear scale"


def mode_curves(
    panels: Mapping[str, Panel],
    names: Sequence[str] | str,
    finding: str,
    made: str,
    levels: Annotated[Floats, "M"] | None = None,
    window: tuple[float, float] | None = None,
) -> Figure:
    """Curves in linear time, one colour each, with theory dashed and predicted half-times as circles.  [ledger N13]

    panels: words -> (times (T,), curves (T, K), theory (T, K) or None, times of half strength (K,) or None); at most
    four. names: of the K curves, the same for all panels, or a text of K characters; they stand at the ends of the last
    panel's curves, or, where those coincide, half-way up in the first panel. levels: heights of thin lines, in every
    panel. window: the stretch of time to show; then every panel has circles, and names stand beside these.
    """
    rows, columns = _ROWS[len(few(panels, "panels", 4))]
    names = list(arguments.text(names, "names")) if isinstance(names, str) else arguments.texts(names, "names")
    read = {words: _read(panel, f"panels[{words!r}]", len(names)) for words, panel in panels.items()}
    lines = np.empty(0) if levels is None else bounded(levels, "levels", "M")
    shown = None if window is None else _stretch(window, read)
    count, height = len(names), 3.5 if rows == 1 else 4.9
    figure = plt.figure(figsize=(WIDTH, height))
    title(figure, arguments.text(finding, "finding"), arguments.text(made, "made"))
    wide, high = (0.875 - 0.065 * (columns - 1)) / columns, (2.22 if rows == 1 else 1.5) / height
    for n, (words, panel) in enumerate(read.items()):
        row, column = divmod(n, columns)
        bottom = 0.5 / height + (rows - 1 - row) * (high + 0.5 / height)
        ax = figure.add_axes((0.058 + column * (wide + 0.065), bottom, wide, high))
        last = _curves(ax, panel)
        ax.hlines(lines, *ax.get_xlim(), color=QUIET, lw=0.6, zorder=1)
        ax.set_title(words, fontsize=9.5, fontweight="normal", pad=5)
        apart = count == 1 or np.ptp(last) > 0.05 * np.ptp(ax.get_ylim())
        if shown:
            ax.set_xlim(shown)
            _names_at_circles(ax, panel, names)
        elif n == len(panels) - 1 and apart:
            _names_at_the_ends(ax, last, names)
        elif n == len(panels) - 1:
            _names_on_the_way(figure.axes[0], next(iter(read.values())), names)
        if row == rows - 1 and column == 0:
            ax.set_xlabel(LINEAR_TIME, labelpad=2, loc="left")
    return figure


def _read(panel: Any, name: str, count: int) -> Panel:
    times, curves, theory, circles = arguments.sequence(panel, name, 4)
    t = bounded(times, f"{name}, times", "T")
    if len(t) < 2 or (np.diff(t) < 0).any() or t[0] == t[-1]:
        raise ValueError(
            f"{name}, times: expected two or more, none before the last, found {len(t)} from {t[0]:g} to {t[-1]:g}; "
            "sort them."
        )
    shape = f"{len(t)} {count}"
    return (
        t,
        bounded(curves, f"{name}, curves", shape),
        None if theory is None else bounded(theory, f"{name}, theory", shape),
        None if circles is None else bounded(circles, f"{name}, circles", str(count)),
    )


def _stretch(window: Any, panels: Mapping[str, Panel]) -> tuple[float, float]:
    first, last = (
        arguments.number(end, f"window[{n}]") for n, end in enumerate(arguments.sequence(window, "window", 2))
    )
    begin, end = max(t[0] for t, *_ in panels.values()), min(t[-1] for t, *_ in panels.values())
    if not begin <= first < last <= end:
        raise ValueError(
            f"window: expected two times from {begin:g} to {end:g}, the first before the last, found {first:g} and "
            f"{last:g}; take them from the record."
        )
    if any(circles is None for *_, circles in panels.values()):
        raise ValueError("window: expected circles in every panel, found one with None; names stand beside them.")
    return first, last


def _curves(ax: Axes, panel: Panel) -> Floats:
    """One panel; where its curves end."""
    t, curves, theory, circles = panel
    ax.axhline(0, color=HAIR, lw=1, zorder=0)
    for curve, colour in zip(curves.T, ramp(curves.shape[1]), strict=True):
        ax.plot(t, curve, color=colour, lw=2.6, zorder=3)
    low, high = curves.min(), curves.max()
    if theory is not None:
        low, high = min(low, theory.min()), max(high, theory.max())
        for curve in theory.T:
            ax.plot(t, curve, color=INK, lw=1.1, ls=THEORY, zorder=6)
    if circles is not None:
        ax.plot(circles, curves[-1] / 2, ms=6, **CIRCLE)
    room = 0.06 * (high - low or 1.0)
    ax.set(xlim=(t[0], t[-1]), ylim=(low - room, high + room))
    ax.xaxis.set_major_locator(MaxNLocator(5))
    ax.yaxis.set_major_locator(MaxNLocator(5))
    return curves[-1]


def _names_at_the_ends(ax: Axes, ends: Floats, names: Sequence[str]) -> None:
    """Names right of the axes, within their height; a thin line leads from a curve to a name that stands elsewhere."""
    (left, right), (low, high), order = ax.get_xlim(), ax.get_ylim(), np.argsort(ends, kind="stable")
    gap, found, last = 0.075 * (high - low), ends.copy(), np.inf  # the gap of `names_beside`
    found[order] = kept_apart(ends[order], gap)
    for k in order[::-1]:
        found[k] = last = min(found[k], high, last - gap)
    if found.min() < low:  # too many for this height
        found = ends
    away = 0.016 * (right - left) * (np.abs(found - ends).max() > 0.4 * gap)
    for end, height in zip(ends, found, strict=True):
        if away:
            ax.plot([right, right + away], [end, height], color=QUIET, lw=0.7, clip_on=False, scalex=False)
    names_beside(ax, right + away, found, names, None)


def _names_on_the_way(ax: Axes, panel: Panel, names: Sequence[str]) -> None:
    """Each name beside its curve, where that is half-way up; further right where another name is there already."""
    t, curves, taken = panel[0], panel[1], -np.inf
    for k in np.argsort([_half_way(curves[:, k]) for k in range(len(names))], kind="stable"):
        row = _half_way(curves[:, k])
        shift = 7 + 10 * max(0.0, (taken - t[row]) / (0.03 * np.ptp(ax.get_xlim())))
        look = {"textcoords": "offset points", "va": "center", "fontsize": 10, "color": TEXT}
        ax.annotate(names[k], (t[row], curves[row, k]), (shift, 0), **look)
        taken = max(taken, t[row]) + 0.03 * np.ptp(ax.get_xlim())


def _names_at_circles(ax: Axes, panel: Panel, names: Sequence[str]) -> None:
    """Each name left of its circle and above it; of two close circles, on the side away from the other."""
    _, curves, _, circles = panel
    if circles is None:
        return
    heights, close, order = curves[-1] / 2, 0.03 * np.ptp(ax.get_xlim()), np.argsort(circles, kind="stable")
    side = {k: (-1, 1) for k in order}
    for k, later in pairwise(order):
        if circles[later] - circles[k] < close:
            up = 1 if heights[later] > heights[k] else -1
            side[k], side[later] = (side[k][0], -up), (1, up)
    for k, (right, up) in side.items():
        place = {"ha": "left" if right > 0 else "right", "va": "bottom" if up > 0 else "top"}
        look = {"textcoords": "offset points", "fontsize": 10, "color": TEXT, "path_effects": HALO, "zorder": 8}
        ax.annotate(names[k], (circles[k], heights[k]), (6 * right, 5 * up), **place, **look)


def _half_way(curve: Floats) -> int:
    return int(np.argmax(curve >= (curve[0] + curve[-1]) / 2))


def mode_images(images: Annotated[Floats, "K H W"], words: Sequence[str], finding: str, made: str) -> Figure:
    """K small pictures in one row, violet where positive and earth where negative, each on its own scale."""
    images = bounded(images, "images", "K H W")
    words = arguments.texts(words, "words", len(images))
    if len(images) > 12:
        raise ValueError(f"images: expected at most 12, found {len(images)}; draw the rest elsewhere.")
    figure = plt.figure(figsize=(WIDTH, 2.1))
    title(figure, arguments.text(finding, "finding"), arguments.text(made, "made"), left=0.02)
    wide = 0.96 / max(len(images), 4)
    for n, (image, word) in enumerate(zip(images, words, strict=True)):
        ax = figure.add_axes((0.02 + n * wide, 0.14, wide - 0.012, 0.5))
        top = np.abs(image).max() or 1.0
        ax.imshow(image, cmap="PuOr", vmin=-top, vmax=top, interpolation="nearest")
        ax.set(xticks=(), yticks=())
        for spine in ax.spines.values():
            spine.set(visible=True, color=HAIR)
        ax.set_title(word, fontsize=8.6, fontweight="normal", pad=3, color=TEXT)
    return figure
