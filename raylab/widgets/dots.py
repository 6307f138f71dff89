"""Curves become dots: 25 pairs of learning curves shrink into points of the square, and the points move on."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import ipywidgets as ui
import numpy as np

from raylab import arguments, dynamics, palette
from raylab.widgets import svg, words
from raylab.widgets.card import Card
from raylab.widgets.dial import Dial
from raylab.widgets.laws import Law, attempt, obeyed
from raylab.widgets.stage import Stage

STARTS = (0.02, 0.05, 0.1, 0.2, 0.4)  # of J1 from left to right and of J2 from bottom to top: 25 learners
LEVEL = 0.9  # learned
LAST = 6  # decades of time
VIEW = "0 0 640 362"
SQUARE = svg.Panel(60, 18, 310, 310)
FRAME = 52  # the side of a small picture before it shrinks
KEY = 408  # where the key begins
FATES = (  # how a point is drawn, and what it has learned
    (palette.PAPER, "neither"),
    (palette.ONE, f"only {svg.J(0)}"),
    (palette.TWO, f"only {svg.J(1)}"),
    (palette.INK, "both"),
)
PICTURES = ("Each picture: one learner,", "two curves over log time,", "1 to 10⁶; dashed: now.")
POINTS = ("Each point: one learner,", "and where it came from.")
PRESETS = {"25 pictures": (0, 1.0), "half-way": (50, 1.0), "25 points": (100, 1.0), "and later": (100, 100.0)}


def dots(velocity: Any = None) -> "Dots":
    """25 small pictures of learning curves that shrink into 25 points of the square, and then move with time.

    They obey `velocity`, J (..., 2) -> dJ/dt (..., 2); while it is None, `...` or a stub that returns either, the
    page's own law is drawn, and the sentence says so. The starts are all pairs of 0.02, 0.05, 0.1, 0.2, 0.4.
    Raises TypeError for a velocity that is no function. What goes wrong inside it is shown in place of the picture.
    """
    return Dots(obeyed(velocity))


@dataclass(frozen=True)
class Way:
    """One learner: log10 times (T,) and logits (T, 2); its thumbnail; its places in the square, and when."""

    times: np.ndarray
    logits: np.ndarray
    thumbnail: str
    places: tuple[str, ...]
    passed: np.ndarray

    def at(self, when: float) -> tuple[float, float]:
        """(J1, J2) at log10 time `when`; who has arrived stays."""
        x = [np.interp(when, self.times, self.logits[:, k]) for k in (0, 1)]
        return 1 / (1 + np.exp(-x[0])), 1 / (1 + np.exp(-x[1]))


@lru_cache(maxsize=8)
def compute(law: Law) -> tuple[Way, ...]:
    """The orbits of `law` from the 25 starts, row by row from below."""
    return tuple(_way(law, (one, two)) for two in STARTS for one in STARTS)


def _way(law: Law, start: tuple[float, float]) -> Way:
    run = dynamics.orbit(law, start, stop=0.985, horizon=1e7)
    times = np.log10(np.maximum(run.times, 1e-9))
    units = np.rint(np.stack([SQUARE.x(run.components[:, 0]), SQUARE.y(run.components[:, 1])], -1)).astype(int)
    new = np.append(True, (units[1:] != units[:-1]).any(axis=-1))
    places = tuple(f"{a},{b}" for a, b in units[new].tolist())
    return Way(times, run.parameters, _thumbnail(times, run.components), places, times[new])


def _thumbnail(times: np.ndarray, J: np.ndarray) -> str:
    """The two curves over log time, in a frame around the origin."""
    panel = svg.Panel(-FRAME / 2, -FRAME / 2, FRAME, FRAME, (0, LAST))
    late = times >= 0
    t = np.append(times[late], LAST).clip(0, LAST)
    one, two = (np.append(J[late, k], J[-1, k]) for k in (0, 1))
    frame = f'<rect x="{panel.left:g}" y="{panel.top:g}" width="{FRAME}" height="{FRAME}" fill="{palette.PAPER}"'
    return (
        f'{frame} stroke="{palette.HAIR}"/>' + panel.line(t, one, palette.ONE, 2) + panel.line(t, two, palette.TWO, 2)
    )


def backdrop() -> str:
    """The axes of the square."""
    return svg.square(SQUARE)


def _goal(shrunk: float) -> str:
    """The corner in which both are learned; it has no meaning yet while the pictures are large."""
    s = SQUARE
    side = s.width * (1 - LEVEL)
    at = f'x="{s.x(LEVEL):g}" y="{s.top:g}" width="{side:g}" height="{side:g}"'
    return f'<rect {at} fill="{palette.BAND}" opacity="{shrunk:.2f}"/>'


def render(crowd: tuple[Way, ...], shrunk: float, t: float, whose: str) -> tuple[str, str]:
    """(front, sentence): the pictures, shrunk by a share in [0, 1] towards the points that they are at time t."""
    when = float(np.log10(t))
    J = np.array([way.at(when) for way in crowd])
    fates = (J[:, 0] >= LEVEL) + 2 * (J[:, 1] >= LEVEL)
    out = [_goal(shrunk)] + ([_trail(way, when, shrunk) for way in crowd] if shrunk > 0.5 else [])
    out += [_one(i, way, J[i], int(fates[i]), shrunk, when) for i, way in enumerate(crowd)]
    counts = np.bincount(fates, minlength=4)
    return "".join(out) + _key(counts, t, shrunk), _sentence(counts, t, whose)


def _one(i: int, way: Way, J: np.ndarray, fate: int, shrunk: float, when: float) -> str:
    cell = SQUARE.width / len(STARTS)
    grid = SQUARE.left + cell * (i % 5 + 0.5), SQUARE.bottom - cell * (i // 5 + 0.5)
    point = SQUARE.x(J[0]), SQUARE.y(J[1])
    x, y = ((1 - shrunk) * a + shrunk * b for a, b in zip(grid, point, strict=True))
    if shrunk == 1:
        return svg.dot(x, y, 5, FATES[fate][0], palette.INK, 1.4)
    now = FRAME * (when / LAST - 0.5)
    hand = f'<path d="M{now:.1f},{-FRAME / 2:g}v{FRAME}" stroke="{palette.INK}" stroke-dasharray="2 2"/>'
    ends = "".join(
        svg.dot(now, FRAME * (0.5 - J[k]), 3, colour, palette.PAPER, 1)
        for k, colour in enumerate((palette.ONE, palette.TWO))
    )
    moved = f'transform="translate({x:.1f} {y:.1f}) scale({1 - 0.9 * shrunk:.3f})"'
    return f"<g {moved}>{way.thumbnail}{hand}{ends}</g>"


def _trail(way: Way, when: float, shrunk: float) -> str:
    gone = " ".join(way.places[: int(np.searchsorted(way.passed, when, "right"))])
    return f'<polyline points="{gone}" fill="none" stroke="{palette.QUIET}" opacity="{0.8 * shrunk - 0.4:.2f}"/>'


def _key(counts: np.ndarray, t: float, shrunk: float) -> str:
    out = svg.text(KEY, 40, f"t = {words.number(t)}", palette.INK, "start", 17) + svg.text(
        KEY, 74, "learned:", anchor="start"
    )
    for row, fate in enumerate((3, 1, 2, 0)):
        y = 100 + 26 * row
        out += svg.dot(KEY + 8, y - 5, 5, FATES[fate][0]) + svg.text(KEY + 24, y, FATES[fate][1], anchor="start")
        out += svg.text(KEY + 130, y, f"{counts[fate]}", palette.INK, "end")
    hint = (
        ("Each picture: two curves", "over log time, 1 to 10⁶.")
        if shrunk < 1
        else ("Each point: one learner,", "with its trail.")
    )
    return out + "".join(svg.text(KEY, 232 + 21 * i, words_, palette.QUIET, "start") for i, words_ in enumerate(hint))


def _sentence(counts: np.ndarray, t: float, whose: str) -> str:
    one, two = words.component(0), words.component(1)
    return (
        f"Under {whose}, at <b>t = {words.number(t)}</b>, of 25 learners {counts[3]} have learned both, "
        f"{counts[1]} only {one}, {counts[2]} only {two}, and {counts[0]} neither."
    )


class Dots(Card):
    """The widget that `dots` returns."""

    def __init__(self, law: Law):
        self.law = law
        self.stage = Stage(VIEW, backdrop())
        self.shrink = Dial("shrunk, %", 0, 0, 100, 1, lambda _: self._draw())
        self.time = Dial("time t", 1.0, 1.0, 10.0**LAST, 1.0, lambda _: self._draw(), by_ratio=True)
        presets = [ui.Button(description=name) for name in PRESETS]
        for button in presets:
            button.on_click(lambda b: self.put(*PRESETS[b.description]))
        super().__init__(self.stage, self.shrink, self.time, ui.HBox(presets))
        self._draw()

    def put(self, shrunk: int, t: float) -> None:
        """Show the pictures shrunk by `shrunk` per cent, at time t; TypeError or ValueError if one is no number."""
        self.shrink.put(min(arguments.count(shrunk, "shrunk", 0), 100))
        self.time.put(min(arguments.number(t, "t", 1.0), 10.0**LAST))
        self._draw()

    def _draw(self) -> None:
        crowd, trouble = attempt(self.law, lambda: compute(self.law))
        front, said = "", words.safe(trouble)
        if crowd:
            front, said = render(crowd, self.shrink.value / 100, self.time.value, self.law.whose)
        self.sentence = words.plain(said)
        self.stage.show(front, said)
