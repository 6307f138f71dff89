"""The figures of chapter 01: a policy and its samples, and the two sets of coordinates.

Every function draws the arrays that it is given and returns the figure; none computes a learner. All raise
TypeError or ValueError where an argument is no finite array of the named shape.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import matplotlib.patheffects as pe
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter
from numpy.typing import NDArray

from raylab import arguments
from raylab.palette import FOUR, HAIR, INK, ONE, ONE_TEXT, PAPER, QUIET, TEXT, THREE, TWO, TWO_TEXT
from raylab.plots.style import WIDTH, title

Policy = Annotated[NDArray[np.float64], "n K"]
Series = Annotated[NDArray[np.float64], "M"]

RIGHT, WORDS = (ONE, TWO, THREE, FOUR), (ONE_TEXT, TWO_TEXT, THREE, QUIET)
OTHERS = ("#ECEEF0", "#D5D9DD", "#BEC4CA", "#A7AEB6")  # greys of falling lightness: actions that are wrong here
THEORY = (0, (4, 2.2))
HALO = [pe.withStroke(linewidth=2.6, foreground=PAPER), pe.Normal()]


def policy_story(
    policies: Annotated[NDArray[np.float64], "T n K"],
    rewarded: Annotated[NDArray[np.float64], "T K"],
    theory: Annotated[NDArray[np.float64], "T K"],
    samples: Annotated[NDArray[np.float64], "2 n columns"],
    context: int,
) -> Figure:
    """One sampled run, a row for each context, beside one rewarded and one unrewarded sample.

    policies (T, n, K): after 0, 1, ... updates. rewarded (T, K): positive where the sample that led there was
    rewarded. theory (T, K): J_k of the flow. samples (2, n, K + 1): two updates, the columns of W and then b,
    both drawn in `context` (from 0). At most four contexts and five actions.
    """
    policies = arguments.array(policies, "policies", "T n K")
    T, n, K = policies.shape
    if n > 5 or K > 4 or T < 3:
        raise ValueError(f"policies: expected K <= 4, n <= 5 and T >= 3, found {(T, n, K)}; draw fewer of them.")
    rewarded, theory = (arguments.array(x, "rewarded and theory", f"{T} {K}") for x in (rewarded, theory))
    samples = arguments.array(samples, "samples", f"2 {n} {K + 1}")
    if arguments.count(context, "context", 0) >= K:
        raise ValueError(f"context: expected one of 0 to {K - 1}, found {context}; contexts are counted from 0.")
    figure = plt.figure(figsize=(WIDTH, 4.7))
    made = f"{K} contexts, {n} actions; action $k$ is right in context $k$. One sample per context in each update."
    title(figure, "A policy moves when it happens to be right", made)
    height = 0.665 / K
    for k in range(K):
        ax = figure.add_axes((0.083, 0.115 + (K - 1 - k) * (height + 0.033), 0.51, height))
        _shares(ax, policies[:, :, k], rewarded[:, k] > 0, theory[:, k], k)
        ax.tick_params(labelbottom=k == K - 1)
        ax.set_xlabel("updates, log scale" if k == K - 1 else "", labelpad=2)
    for row, words in enumerate((f"it draws action {context + 1}: reward 1", "another action: reward 0")):
        ax = figure.add_axes((0.735, 0.555 - row * 0.44, 0.245, 0.235))
        _update(ax, samples[row], RIGHT[context], float(np.abs(samples).max()) or 1.0)
        ax.set_title(words, fontsize=9.2, fontweight="normal", color=TEXT, x=-0.36)
    figure.text(0.647, 0.865, f"one sample in context {context + 1}", color=WORDS[context], fontsize=10.5)
    return figure


def _shares(ax: Axes, pi: NDArray, rewarded: NDArray, theory: NDArray, k: int) -> None:
    """Probabilities of all actions in context k as bands, the right one lowest."""
    updates = np.arange(len(pi))
    order = [k, *(a for a in range(pi.shape[1]) if a != k)]
    ax.stackplot(updates, pi[:, order].T, colors=[RIGHT[k], *OTHERS], edgecolor=PAPER, linewidth=0.5)
    ax.plot(updates, theory, color=INK, lw=1.3, ls=THEORY, path_effects=HALO)
    when = updates[rewarded]
    ax.plot(when, np.full(len(when), 1.05), "|", color=RIGHT[k], ms=4.5, mew=0.7, clip_on=False)
    ax.set(xscale="log", xlim=(1, len(pi) - 1), ylim=(0, 1), yticks=(0, 1), yticklabels=("0", "1"))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:.0f}"))
    ax.set_ylabel(f"context {k + 1}", color=WORDS[k], labelpad=1)
    edges = np.concatenate([[0], np.cumsum(pi[1, order])])
    for low, high, a in zip(edges[:-1], edges[1:], order, strict=True):
        if high - low > 0.12:
            ax.text(1.12, (low + high) / 2, f"action {a + 1}", va="center", fontsize=8.2, path_effects=HALO)


def _update(ax: Axes, update: NDArray, colour: str, scale: float) -> None:
    """One update as signed bars in the cells of W and b."""
    n, columns = update.shape
    places = np.append(np.arange(columns - 1), columns - 0.6)
    for x, values in zip(places, update.T, strict=True):
        ax.plot([x, x], [-0.5, n - 0.5], color=HAIR, lw=0.8, zorder=1)
        ax.barh(range(n), 0.46 * values / scale, 0.6, left=x, zorder=2, color=np.where(values > 0, colour, QUIET))
    ax.set(xlim=(-0.6, places[-1] + 0.6), ylim=(n - 0.4, -0.6), xticks=places, yticks=range(n))
    ax.set_xticklabels([*(str(k + 1) for k in range(columns - 1)), "$b$"])
    ax.set_yticklabels([f"action {a + 1}" for a in range(n)])
    ax.set_xlabel("columns of $W$", x=0.36, labelpad=1, fontsize=8.8)
    ax.tick_params(length=0, labelsize=8.6)
    _no_frame(ax)
    if not update.any():
        ax.text(places.mean(), (n - 1) / 2, "nothing moves", ha="center", va="center", path_effects=HALO)


def _no_frame(ax: Axes) -> None:
    for side in ax.spines.values():
        side.set_visible(False)


def _few(value: Any, name: str, most: int) -> Mapping[Any, Any]:
    """`value` if it is a mapping of one to `most` things to draw."""
    if len(arguments.mapping(value, name)) > most:
        raise ValueError(f"{name}: expected at most {most} entries, found {len(value)}; draw the rest elsewhere.")
    return value


def sampling(
    gradient: Annotated[NDArray[np.float64], "d"],
    names: Sequence[str],
    means: Mapping[int, Annotated[NDArray[np.float64], "d"]],
    sizes: Series,
    errors: Annotated[NDArray[np.float64], "runs M"],
    predicted: Series,
) -> Figure:
    """The gradient as bars, means of few and of many samples on it; the error of the mean by number of samples.

    gradient (d,), with a name for each entry. means: number of samples -> mean (d,), at most three of them.
    sizes (M,), errors (runs, M), predicted (M,): distance of the mean from the gradient, measured and expected.
    """
    gradient, means = arguments.array(gradient, "gradient", "d"), _few(means, "means", 3)
    names = arguments.texts(names, "names", len(gradient))
    sizes = arguments.array(sizes, "sizes", "M")
    errors = arguments.array(errors, "errors", f"runs {len(sizes)}")
    predicted = arguments.array(predicted, "predicted", f"{len(sizes)}")
    figure = plt.figure(figsize=(WIDTH, 3.6))
    made = f"Left: the expected update, entry by entry. Right: distance of the mean from it, {len(errors)} runs."
    title(figure, "A hundred times the samples, a tenth of the error", made)
    ax = figure.add_axes((0.083, 0.13, 0.5, 0.66))
    ax.bar(range(len(names)), gradient, 0.72, color=HAIR, label="gradient")
    ax.axhline(0, color=QUIET, lw=0.7)
    for marker, colour, (count, mean) in zip("xos", (TWO, ONE, THREE), means.items(), strict=False):
        mean = arguments.array(mean, "means", f"{len(names)}")
        ax.plot(range(len(names)), mean, marker, color=colour, mfc="none", mew=1.4, label=f"mean of {count} samples")
    ax.set_xticks(range(len(names)), names)
    ax.legend(fontsize=8.8, handletextpad=0.3, columnspacing=1.4, ncols=3, loc="lower left", bbox_to_anchor=(-0.02, 1))
    ax = figure.add_axes((0.68, 0.13, 0.3, 0.66))
    ax.loglog(sizes, errors.T, color=ONE, lw=0.7, alpha=0.45)
    ax.loglog(sizes, predicted, color=INK, lw=1.5, ls=THEORY)
    ax.text(sizes[-1], errors.max(), "dashed: theory,\n" r"$\propto 1/\sqrt{N}$", ha="right", va="top")
    ax.set_xlabel("number of samples $N$", labelpad=2)
    return figure


def rare_rewards(J: Series, rewarded: Series, expected: Series, counts: Series, words: str) -> Figure:
    """The length of one rewarded update and of the expected one against J; the rewards that many learners saw.

    J, rewarded, expected (M,). counts (learners,): rewards in the draws of each, which `words` describe.
    """
    J = arguments.array(J, "J", "M")
    rewarded, expected = (arguments.array(x, "rewarded and expected", f"{len(J)}") for x in (rewarded, expected))
    counts, words = arguments.array(counts, "counts", "learners"), arguments.text(words, "words")
    figure = plt.figure(figsize=(WIDTH, 3.5))
    made = f"Left: length of an update. Right: {words}"
    title(figure, "Rarely right: full steps, hardly ever taken", made)
    ax = figure.add_axes((0.095, 0.135, 0.45, 0.65))
    ax.loglog(J, rewarded, color=ONE, lw=2.4)
    ax.loglog(J, expected, color=INK, lw=1.4, ls=THEORY)
    middle = len(J) // 2
    ax.annotate(
        "one rewarded update", (J[middle], rewarded[middle]), (0, -14), textcoords="offset points", color=ONE_TEXT
    )
    ax.annotate("expected update", (J[middle], expected[middle]), (8, -14), textcoords="offset points", color=INK)
    ax.set_xlabel("probability $J_k$ of the right action, log scale", labelpad=2)
    ax = figure.add_axes((0.62, 0.1, 0.36, 0.7))
    _circles(ax, counts)
    return figure


def _circles(ax: Axes, counts: NDArray) -> None:
    """One circle for each learner, filled and numbered where it saw rewards."""
    across = int(np.ceil(np.sqrt(len(counts))))
    for index, seen in enumerate(counts):
        x, y = index % across, index // across
        ax.plot(x, y, "o", ms=10, mew=0.9, mec=ONE if seen else QUIET, mfc=ONE if seen else PAPER)
        if seen:
            ax.text(x, y, f"{seen:.0f}", ha="center", va="center_baseline", color=PAPER, fontsize=7.5)
    ax.set(xlim=(-0.7, across - 0.3), ylim=(across - 0.3, -0.7), xticks=(), yticks=(), aspect="equal")
    _no_frame(ax)


def one_reward(before: Policy, after: Mapping[str, Policy]) -> Figure:
    """The policy (n, K) before one rewarded sample in context 1 and after it, for up to two learners.

    after: words about the learner -> its policy (n, K). At most four contexts and five actions.
    """
    before = arguments.array(before, "before", "n K")
    n, K = before.shape
    if n > 5 or K > 4:
        raise ValueError(f"before: expected at most 5 actions and 4 contexts, found {(n, K)}; draw fewer of them.")
    tall = 1.15 + 0.85 * K
    figure = plt.figure(figsize=(WIDTH, tall))
    title(
        figure,
        "The bias belongs to every context",
        "Each bar is a policy: the right action first, in colour. One reward, in context 1.",
    )
    for column, (words, policy) in enumerate(_few(after, "after", 2).items()):
        policy = arguments.array(policy, "after", f"{n} {K}")
        ax = figure.add_axes((0.13 + 0.5 * column, 0.02, 0.355, 0.85 * K / tall))
        for k in range(K):
            _bar(ax, before[:, k], k, k - 0.2)
            _bar(ax, policy[:, k], k, k + 0.2)
        ax.set(xlim=(0, 1), ylim=(K - 0.5, -0.5), xticks=())
        ax.set_yticks([k + side for k in range(K) for side in (-0.2, 0.2)], ["before", "after"] * K)
        ax.tick_params(length=0)
        ax.set_title(words, fontsize=9.5, fontweight="normal", color=TEXT, x=-0.3)
        _no_frame(ax)
    return figure


def _bar(ax: Axes, pi: NDArray, k: int, y: float) -> None:
    """The policy in context k as one bar of length 1."""
    order, left = [k, *(a for a in range(len(pi)) if a != k)], 0.0
    for a, colour in zip(order, (RIGHT[k], *OTHERS), strict=False):
        ax.barh(y, pi[a], 0.36, left=left, color=colour, edgecolor=PAPER, lw=0.8)
        if a == k:
            ax.text(left + 0.02, y, f"$J_{k + 1}$ = {pi[a]:.3f}", va="center", fontsize=8.8, path_effects=HALO)
        elif pi[a] > 0.2:
            ax.text(left + pi[a] - 0.02, y, f"action {a + 1}", va="center", ha="right", fontsize=8.2)
        left += pi[a]


def one_path(
    times: Annotated[NDArray[np.float64], "T"],
    full: Annotated[NDArray[np.float64], "T 2"],
    reduced: Annotated[NDArray[np.float64], "T 2"],
    doubled: Annotated[NDArray[np.float64], "T 2"],
) -> Figure:
    """J1 and J2 by the clocks of two parametrisations.

    times (T,), positive; full, reduced, doubled (T, 2): the last is `reduced` read at twice the time.
    """
    times = arguments.array(times, "times", "T")
    full, reduced, doubled = (
        arguments.array(c, "full, reduced, doubled", f"{len(times)} 2") for c in (full, reduced, doubled)
    )
    figure = plt.figure(figsize=(WIDTH, 3.3))
    made = "Thick: six numbers, at time $t$. Thin: three numbers, at $t$. Dashed: three numbers, read at $2t$."
    title(figure, "One path, two clocks", made)
    ax = figure.add_axes((0.065, 0.14, 0.92, 0.66))
    for k in (0, 1):
        ax.semilogx(times, full[:, k], color=RIGHT[k], lw=4.4)
        ax.semilogx(times, reduced[:, k], color=RIGHT[k], lw=1.1)
        ax.semilogx(times, doubled[:, k], color=INK, lw=1.2, ls=THEORY)
        at = int(np.argmax(full[:, k] >= full[-1, k] / 2))
        where = (times[at], full[at, k])
        said = f"$J_{k + 1}$"
        ax.annotate(said, where, (-7, 5), textcoords="offset points", color=WORDS[k], fontsize=13, ha="right")
    ax.set(ylim=(-0.02, 1.02), yticks=(0, 1), yticklabels=("0", "1"), xlim=(times[0], times[-1]))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}"))
    ax.set_xlabel("time $t$ = step size × updates, log scale", labelpad=2)
    return figure


def as_a_point(
    times: Annotated[NDArray[np.float64], "T"],
    components: Annotated[NDArray[np.float64], "T 2"],
    moments: Sequence[int],
) -> Figure:
    """Two learning curves, and the same as one point on its way through the square; moments are numbered in both.

    times (T,), positive; components (T, 2). moments: indices into times, numbered 1, 2, ... in their order.
    """
    times = arguments.array(times, "times", "T")
    components = arguments.array(components, "components", f"{len(times)} 2")
    at = [arguments.count(m, "moments", 0) for m in arguments.sequence(moments, "moments")]
    if max(at, default=0) >= len(times):
        raise ValueError(f"moments: expected indices below {len(times)}, found {max(at)}; take them from times.")
    figure = plt.figure(figsize=(WIDTH, 3.5))
    title(figure, "Two curves, one point", "The same run twice: against time, and as a way through the square.")
    ax = figure.add_axes((0.065, 0.135, 0.5, 0.66))
    for k in (0, 1):
        ax.semilogx(times, components[:, k], color=RIGHT[k], lw=2.6)
        _number(ax, times[at], components[at, k])
        middle = (times[len(times) // 3], components[len(times) // 3, k])
        ax.annotate(
            f"$J_{k + 1}$", middle, (-4, 9), textcoords="offset points", color=WORDS[k], fontsize=13, ha="right"
        )
    ax.set(ylim=(-0.02, 1.06), yticks=(0, 1), yticklabels=("0", "1"))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}"))
    ax.set_xlabel("time, log scale", labelpad=2)
    ax = figure.add_axes((0.66, 0.135, 0.32, 0.66))
    ax.plot(*components.T, color=INK, lw=1.8)
    _number(ax, *components[at].T)
    ax.set(xlim=(-0.02, 1.06), ylim=(-0.02, 1.06), aspect="equal", xticks=(0, 1), yticks=(0, 1))
    ax.set_xlabel("$J_1$", color=WORDS[0], labelpad=-6, fontsize=13)
    ax.set_ylabel("$J_2$", color=WORDS[1], labelpad=-4, fontsize=13)
    return figure


def _number(ax: Axes, x: NDArray, y: NDArray) -> None:
    """Number these points 1, 2, ... with small badges."""
    badge = dict(boxstyle="circle,pad=0.2", fc=INK, ec=PAPER, lw=0.8)
    for n, (a, b) in enumerate(zip(x, y, strict=True), 1):
        ax.text(a, b, str(n), ha="center", va="center", fontsize=8, fontweight="bold", color=PAPER, bbox=badge)


def stray(steps: Series, distances: Mapping[str, Series]) -> Figure:
    """How far other ways stray from one, by step size, on log scales: words -> largest distance (M,), at most three.

    steps (M,), positive. A distance of 0 is drawn at the rounding error of float64.
    """
    steps, distances = arguments.array(steps, "steps", "M"), _few(distances, "distances", 3)
    figure = plt.figure(figsize=(WIDTH, 3.0))
    made = r"Largest distance in $J_k$ from updates of the six numbers, by their step size $\eta$."
    title(figure, "Double the step: exact. Double the number: for small steps only", made)
    ax = figure.add_axes((0.1, 0.16, 0.7, 0.6))
    distances = {words: arguments.array(v, "distances", f"{len(steps)}") for words, v in distances.items()}
    for (words, values), marker, colour in zip(distances.items(), "o^s", (TWO, ONE, THREE), strict=False):
        values = np.maximum(values, np.finfo(float).eps)
        ax.loglog(steps, values, marker + "-", color=colour, lw=1.2, ms=5)
        near = [v[-1] / values[-1] for w, v in distances.items() if w != words and 0.1 < v[-1] / values[-1] < 10]
        lift = 0 if not near else -6 if max(near) > 1 else 6  # two labels at one height would cover each other
        ax.annotate(words, (steps[-1], values[-1]), (9, lift), textcoords="offset points", color=colour, va="center")
    ax.set_xlabel(r"step size $\eta$, log scale", labelpad=2)
    return figure
