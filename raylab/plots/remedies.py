"""What optimisers and remedies make of the wait."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter
from numpy.typing import NDArray

from raylab import arguments
from raylab.palette import EARTH, INK, PAPER, PLATEAU, QUIET
from raylab.plots.contrasts import LOOKS, Series
from raylab.plots.doors import few, positive
from raylab.plots.race import THEORY
from raylab.plots.square import HALO
from raylab.plots.style import WIDTH, title


def optimisers(
    rates: Series,
    exact: Mapping[str, Series],
    stuck: Mapping[str, Annotated[NDArray[np.float64], "S 2"]],
    updates: Annotated[NDArray[np.float64], "T"],
    logits: Mapping[str, Annotated[NDArray[np.float64], "T"]],
    theory: Mapping[str, Annotated[NDArray[np.float64], "T"]],
) -> Figure:
    """Three views of up to four optimisers: exact gradients, sampled ones, and a loser's logit.  [Schaul19 Fig. 9]

    rates (S,): step sizes. exact: optimiser -> median number of updates (S,) > 0 with exact gradients, inf where half
    do not arrive. stuck: optimiser -> (share that does not arrive with sampled gradients, its standard error) (S, 2).
    updates (T,): numbers of updates; logits: optimiser -> logit of the unlearned task (T,); theory: the same, dashed.
    Raises TypeError or ValueError where an argument is not of that kind.
    """
    rates, updates = positive(rates, "rates", "S"), arguments.array(updates, "updates", "T")
    names = list(few(exact, "exact", 4))
    for value, name in ((stuck, "stuck"), (logits, "logits"), (theory, "theory")):
        if not set(few(value, name, 4)) <= set(names):
            raise ValueError(f"{name}: expected optimisers of exact, {names}, found {list(value)}; name them so.")
    figure = plt.figure(figsize=(WIDTH, 3.55))
    made = "Left: exact gradients. Middle and right: one sample for each task. Dashed: theory."
    title(figure, "RMSProp crosses with exact gradients, and sinks with samples", made)
    left, middle, right = (figure.add_axes((x, 0.215, 0.25, 0.555)) for x in (0.075, 0.4, 0.725))
    for name, look in zip(names, LOOKS, strict=False):
        raw = exact[name]
        never = raw == np.inf if isinstance(raw, np.ndarray) and raw.dtype == np.float64 else np.zeros(len(rates), bool)
        steps = positive(np.where(never, 1.0, raw) if never.any() else raw, f"exact[{name!r}]", str(len(rates)))
        left.plot(rates[~never], steps[~never], "-", lw=1.6, ms=5, mec="white", mew=0.5, **look)
        if name in stuck:
            share = arguments.array(stuck[name], f"stuck[{name!r}]", f"{len(rates)} 2")
            middle.errorbar(rates, share[:, 0], 2 * share[:, 1], lw=1.6, ms=5, mec="white", mew=0.5, **look)
        if name in logits:
            x = arguments.array(logits[name], f"logits[{name!r}]", str(len(updates)))
            right.plot(updates, x, lw=2.6, color=look["color"])
            _beside(right, name, updates, x, look["color"])
        if name in theory:
            line = arguments.array(theory[name], f"theory[{name!r}]", str(len(updates)))
            right.plot(updates, line, color=INK, lw=1.1, ls=THEORY)
    left.set(xscale="log", yscale="log", ylim=(1, 3e4))
    middle.set(xscale="log", ylim=(-0.03, 1.03), yticks=(0, 0.5, 1), yticklabels=("0", "½", "1"))
    words = ("updates until learned (median)", "share not arrived in time", "logit of the unlearned task")
    for ax, word in zip((left, middle, right), words, strict=True):
        ax.set_title(word, fontsize=9.3, fontweight="normal", pad=5)
        ax.set_xlabel("updates" if ax is right else "step size", labelpad=1)
        if ax is not right:
            ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}"))
        ax.tick_params(labelsize=8.6)
    for n, (name, look) in enumerate(zip(names, LOOKS, strict=False)):
        at = 0.075 + 0.175 * n
        figure.text(at + 0.022, 0.022, name, color=look["color"], fontsize=9.5, fontweight="bold")
        figure.add_artist(Line2D([at + 0.008], [0.037], ms=5.5, ls="none", **look))
    return figure


def _beside(ax: Axes, name: str, updates: NDArray, x: NDArray, colour: str) -> None:
    """The name at the middle of its line: below one that hardly falls, on the left of one that falls by more."""
    middle, flat = len(updates) // 2, x[0] - x[-1] < 1
    place, side = ((0, -14), "center") if flat else ((-8, -6), "right")
    say = {"color": colour, "fontsize": 9.3, "ha": side, "path_effects": HALO, "zorder": 9}
    ax.annotate(name, (updates[middle], x[middle]), place, textcoords="offset points", **say)


def league(
    names: Sequence[str],
    waits: Annotated[NDArray[np.float64], "N"],
    interferes: Sequence[bool],
    coupled: Sequence[bool],
    sampled: Annotated[NDArray[np.float64], "N"],
    longest: float,
) -> Figure:
    """One bar for each remedy on a logarithmic clock, with the cause or causes that are left.

    names (N): waits (N,) > 0, exact; interferes, coupled (N): what was measured; sampled (N,): median wait of sampled
    runs, with `longest` where they did not arrive by then. Drawn in the order given.
    Raises TypeError or ValueError where an argument is not of that kind.
    """
    names = arguments.texts(names, "names")
    waits, sampled = (positive(x, n, str(len(names))) for x, n in ((waits, "waits"), (sampled, "sampled")))
    longest = arguments.number(longest, "longest", 1e-100, 1e100)
    flags = [
        [arguments.flag(x, name) for x in arguments.sequence(some, name, len(names))]
        for some, name in ((interferes, "interferes"), (coupled, "coupled"))
    ]
    tall = 1.25 + 0.29 * len(names)
    figure, ax = plt.subplots(figsize=(WIDTH, tall))
    figure.subplots_adjust(0.39, 0.42 / tall, 0.97, 1 - 0.83 / tall)
    until = f"{longest:,.0f}".replace(",", "\u2009")
    made = f"Bars: the exact wait. Diamonds: median of sampled runs; an arrow: not arrived by t = {until}."
    title(figure, "Without the coupling, the wait is a logarithm", made)
    beside: Any = {"transform": ax.get_yaxis_transform(), "ha": "center", "va": "center"}
    for y, (name, wait, median, pulls, needs) in enumerate(zip(names, waits, sampled, *flags, strict=True)):
        _bar(ax, y, float(wait), float(median), longest, PLATEAU if pulls and needs else EARTH if needs else QUIET)
        ax.text(-0.572, y, name, transform=beside["transform"], va="center", fontsize=9.5)
        for x, mark in ((-0.19, pulls), (-0.075, needs)):
            ax.text(x, y, "yes" if mark else "no", fontsize=9, fontweight="bold" if mark else "normal", **beside)
    for x, word in ((-0.19, "inter-\nference"), (-0.075, "coup-\nling")):
        ax.text(x, -0.95, word, fontsize=8.6, color=QUIET, **beside)
    ax.set(xscale="log", xlim=(1, max(2e7, 14 * waits.max())), ylim=(len(names) - 0.4, -0.6), yticks=[])
    ax.spines["left"].set_visible(False)
    ax.set_xlabel("time until both are learned, log scale", labelpad=1)
    return figure


def _bar(ax: Axes, y: int, wait: float, median: float, longest: float, colour: str) -> None:
    """The exact wait as a bar with its number, the median of sampled runs as a diamond."""
    late = median >= longest
    ax.barh(y, max(wait - 1, 0), 0.62, left=1, color=colour, zorder=2)
    ax.plot(min(median, longest), y, "D", ms=5, mfc=PAPER, mec=INK, mew=0.9, zorder=5)
    if late:
        look = {"arrowstyle": "-|>", "color": INK, "lw": 1.2, "path_effects": HALO}
        ax.annotate("", (longest * 4, y), (longest * 1.2, y), arrowprops=look, zorder=5)
    end = longest * 4 if late else median
    free = end < wait or (end > 4 * wait and not late)  # is there room for a number right behind the bar?
    said = f"{float(f'{wait:.3g}'):,.0f}".replace(",", "\u2009")
    ax.text((wait if free else end) * 1.35, y, said, va="center", fontsize=8.8, zorder=6)
