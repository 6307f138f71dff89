"""Draw it yourself: the learner bends a curve, then sees what happened."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import ipywidgets as ui
import numpy as np
from scipy.interpolate import PchipInterpolator

from raylab import arguments, dynamics, palette
from raylab.widgets import svg, words
from raylab.widgets.card import Card
from raylab.widgets.dial import Dial
from raylab.widgets.laws import page_law
from raylab.widgets.stage import Stage

LAST = 7  # decades of time; one handle at the end of each
TOP = 2.0  # J1 + J2 of a learner that has learned both
STEPS = (0.5, 1.5)  # half-way up the first and the second step of a staircase
LOW, HIGH = 0.0005, 0.5  # where a start may lie
FIRST = tuple(round(0.1 + 1.8 * i / LAST, 2) for i in range(LAST + 1))  # a straight line, until it is bent
VIEW = "0 0 640 330"
PLOT = svg.Panel(66, 22, 540, 248, (0, LAST), (0, TOP))
GRID = np.linspace(0, LAST, 200 * LAST + 1)  # log10 of the times at which curves are compared
PRESETS = {"as it was": 1.0, "half as much": 0.5, "twice as much": 2.0}
FILE = "drawn_curve.json"


def draw(start: tuple[float, float] = (0.10, 0.001)) -> "Draw":
    """A curve to bend, with a handle at each power of ten: how will J1 + J2 rise over time?

    A button then draws what happens from `start`.
    After that the start can be moved. Pressing the button saves the learner's curve as `drawn_curve.json` in the
    folder `work`, where there is one. `start`: J1 and J2, each in [0.0005, 0.5].
    Raises TypeError or ValueError for a malformed start.
    """
    J = arguments.array(start, "start", "2")
    for k in (0, 1):
        arguments.number(float(J[k]), f"start[{k}]", LOW, HIGH)
    return Draw((float(J[0]), float(J[1])))


@dataclass(frozen=True)
class Curve:
    """J1 + J2 at 10 ** GRID, and the times at which it first passes each of STEPS (inf if never)."""

    heights: np.ndarray
    passed: tuple[float, ...]


@lru_cache(maxsize=64)
def compute(start: tuple[float, float]) -> Curve:
    """What happens: the flow of two contexts that share one bias.  [Schaul19 Eq. 1-2]"""
    run = dynamics.orbit(page_law, start, stop=0.9999, horizon=10.0 ** (LAST + 1))
    x = np.stack([np.interp(10**GRID, run.times, run.parameters[:, k]) for k in (0, 1)])
    return _curve((1 / (1 + np.exp(-x))).sum(axis=0))


@lru_cache(maxsize=64)
def bend(handles: tuple[float, ...]) -> Curve:
    """The learner's curve: through the handles, one a decade, without bumps between them."""
    return _curve(PchipInterpolator(np.arange(LAST + 1), handles)(GRID))


def _curve(heights: np.ndarray) -> Curve:
    return Curve(heights, tuple(_passes(heights, level) for level in STEPS))


def _passes(heights: np.ndarray, level: float) -> float:
    over = np.flatnonzero(heights >= level)
    if not len(over):
        return np.inf
    i = int(over[0])
    if i == 0:
        return 1.0
    share = (level - heights[i - 1]) / (heights[i] - heights[i - 1])
    return float(10 ** (GRID[i - 1] + share * (GRID[i] - GRID[i - 1])))


def backdrop() -> str:
    """Axes and their labels."""
    out = [PLOT.axes(), svg.decades(PLOT, range(LAST + 1))]
    out += [svg.text(PLOT.left - 9, PLOT.y(v) + 5, f"{v}", anchor="end") for v in (0, 1, 2)]
    out.append(f'<path d="M{PLOT.left},{PLOT.y(1):g}H{PLOT.right:g}" stroke="{palette.HAIR}"/>')
    out.append(svg.text(PLOT.left + PLOT.width / 2, PLOT.bottom + 42, "time, log scale"))
    out.append(svg.text(PLOT.left - 58, PLOT.y(1.5) + 5, f"{svg.J(0)} + {svg.J(1)}", anchor="start"))
    return "".join(out)


def render(mine: Curve, real: Curve | None, start: tuple[float, float]) -> tuple[str, str]:
    """(front, sentence): the learner's curve and, once it is asked for, what happens from `start`."""
    front = PLOT.line(GRID, mine.heights, palette.EARTH, 3, "" if real is None else "7 5")
    if real is None:
        return front + _name(mine, None, 0.86, "yours", palette.EARTH), _promise(mine)
    gap = np.abs(mine.heights - real.heights)
    at = int(np.argmax(gap))
    x, ends = PLOT.x(GRID[at]), [PLOT.y(c.heights[at]) for c in (mine, real)]
    front += svg.line(PLOT.x(GRID), PLOT.y(real.heights), palette.PAPER, 7)
    front += PLOT.line(GRID, real.heights, palette.PLATEAU, 3.4)
    front += svg.line([x, x], ends, palette.INK, 1.4, "2 3")
    front += svg.text(x + 8, sum(ends) / 2 + 5, words.number(gap[at], 2), palette.INK, "start")
    front += _name(mine, real, 0.86, "yours", palette.EARTH)
    front += _name(real, mine, 0.42, "what happens", palette.PLATEAU)
    return front, _verdict(mine, real, start, gap[at], 10 ** GRID[at])


def _name(curve: Curve, other: Curve | None, share: float, name: str, colour: str) -> str:
    """Written beside the curve, on the side away from the other."""
    at = int(share * len(GRID))
    below = other is not None and 0.25 < curve.heights[at] < other.heights[at]  # not on top of the tick labels
    return svg.text(PLOT.x(GRID[at]), PLOT.y(curve.heights[at]) + (24 if below else -14), name, colour)


def _times(curve: Curve) -> str:
    said = [
        f"passes {level:g} at t = {words.number(t)}" for level, t in zip(STEPS, curve.passed, strict=True) if t < np.inf
    ]
    never = [
        f"does not reach {level:g} by t = {words.number(10**LAST)}"
        for level, t in zip(STEPS, curve.passed, strict=True)
        if t == np.inf
    ]
    return " and ".join(said + never[:1])


def _promise(mine: Curve) -> str:
    return f"You say: J₁ + J₂ {_times(mine)}."


def _verdict(mine: Curve, real: Curve, start: tuple[float, float], gap: float, when: float) -> str:
    one, two = words.component(0), words.component(1)
    return (
        f"From {one} = {words.number(start[0])} and {two} = {words.number(start[1])}, J₁ + J₂ <b>{_times(real)}</b>. "
        f"Yours {_times(mine)}. At most they are {words.number(gap, 2)} apart, at t = {words.number(when)}."
    )


def keep(handles: tuple[float, ...], start: tuple[float, float]) -> bool:
    """Save the learner's curve in the course's folder `work`, if there is one; True if that was done."""
    folder = _work(Path.cwd())
    if folder is None:
        return False
    drawn = {"times": [10**i for i in range(LAST + 1)], "performance": list(handles), "start": list(start)}
    try:
        with (folder / FILE).open("w", encoding="utf-8", newline="\n") as file:
            json.dump(drawn, file, indent=1)
    except OSError:  # a full disk or a folder that may not be written to is no reason to stop the page
        return False
    return True


def _work(here: Path) -> Path | None:
    """The folder `work` beside the folder `chapters`, seen from `here` or any folder above."""
    for folder in (here, *here.parents):
        for found in (folder, folder / "work"):
            if found.name == "work" and found.is_dir() and (found.parent / "chapters").is_dir():
                return found
    return None


class Draw(Card):
    """The widget that `draw` returns."""

    def __init__(self, start: tuple[float, float]):
        self.first, self.handles, self.shown = start, FIRST, False
        self._quiet = False
        self.stage = Stage(
            VIEW,
            backdrop(),
            labels=[f"{_at(i)}; up and down keys bend the curve, with Shift ten times as far" for i in range(LAST + 1)],
            box=[PLOT.left, PLOT.top, PLOT.right, PLOT.bottom],
            axes="y",
            step=PLOT.height / 100,
            moved=lambda i, _, y: self.move(i, PLOT.value(0, y)[1]),
        )
        self.boxes = [
            ui.BoundedFloatText(h, min=0, max=TOP, step=0.02, description=_at(i)) for i, h in enumerate(FIRST)
        ]
        for i, box in enumerate(self.boxes):
            box.observe(lambda change, i=i: self.move(i, change["new"]), "value")
        boxes, self.button = ui.HBox(self.boxes), ui.Button(description="Show what happened")
        boxes.add_class("ray-grid")
        self.button.on_click(self._reveal)
        self.dials = [
            Dial(f"J{'₁₂'[k]} start", start[k], LOW, HIGH, 0.0005, lambda _: self._draw(), by_ratio=True)
            for k in (0, 1)
        ]
        presets = [ui.Button(description=name) for name in PRESETS]
        for preset in presets:
            preset.on_click(lambda b: self.begin(*(PRESETS[b.description] * J for J in self.first)))
        self.more = ui.VBox([*self.dials, ui.HBox(presets)])
        self.more.layout.display = "none"
        super().__init__(self.stage, boxes, self.button, self.more)
        self._draw()

    def move(self, i: int, height: float) -> None:
        """Bend the curve at handle i to J1 + J2 = height, to two decimals.

        Raises TypeError or ValueError if there is no such handle or the height is no finite number.
        """
        i, height = arguments.count(i, "i", 0), arguments.number(height, "height")
        if i >= len(self.handles):
            raise ValueError(f"i: expected a handle from 0 to {len(self.handles) - 1}, found {i}; choose one of these.")
        if self._quiet:
            return
        height = float(np.clip(round(height, 2), 0.0, TOP))
        self.handles = (*self.handles[:i], height, *self.handles[i + 1 :])
        self._draw()
        self._quiet = True
        try:
            self.boxes[i].value = height
        finally:
            self._quiet = False

    def begin(self, j1: float, j2: float) -> None:
        """Let what happens begin at (j1, j2); TypeError or ValueError if one of them is no finite number."""
        start = (arguments.number(j1, "j1"), arguments.number(j2, "j2"))
        for dial, J in zip(self.dials, start, strict=True):
            dial.put(float(np.clip(round(J, 4), LOW, HIGH)))
        self._draw()

    def _reveal(self, _: ui.Button) -> None:
        if not self.shown:  # the first curve is the one that is kept
            self.shown = True
            keep(self.handles, self.first)
            self.more.layout.display = ""
        self._draw()

    def _draw(self) -> None:
        start = (self.dials[0].value, self.dials[1].value)
        front, said = render(bend(self.handles), compute(start) if self.shown else None, start)
        self.sentence = words.plain(said)
        places = [[PLOT.x(i), PLOT.y(h)] for i, h in enumerate(self.handles)]
        self.stage.show(front, said, places, [f"J₁ + J₂ = {h:g}" for h in self.handles])


def _at(i: int) -> str:
    return f"J₁ + J₂ at t = {words.number(10**i)}"
