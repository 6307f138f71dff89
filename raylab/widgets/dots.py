"""Curves become dots: 25 pairs of learning curves shrink into points of the square, and the points move on."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import ipywidgets as ui
import numpy as np

from raylab import dynamics, palette
from raylab.widgets import svg, words
from raylab.widgets.card import Card
from raylab.widgets.dial import Dial
from raylab.widgets.laws import Law, Trouble, obeyed, patience
from raylab.widgets.stage import Stage

STARTS = (0.04, 0.08, 0.16, 0.32, 0.64)  # of J1 from left to right and of J2 from bottom to top: 25 learners
LEVEL = 0.9  # learned
LAST = 6  # decades of time
VIEW = "0 0 640 372"
SQUARE = svg.Panel(150, 18, 304, 304)
FRAME = 52  # the side of a small picture before it shrinks
BEFORE = (0.0, 1.0)  # as curves, at t = 1
PRESETS = {"25 pictures": (0.0, 1.0), "25 points": (1.0, 1.0), "t = 30": (1.0, 30.0), "t = 1000": (1.0, 1000.0)}


def dots(velocity: Any = None) -> "Dots":
    """25 small pictures of learning curves that shrink into 25 points of the square, and then move with time.

    They obey `velocity`, J (..., 2) -> dJ/dt (..., 2); while it is None, `...` or a stub that returns either, the
    page's own law is drawn, and the sentence says so. The starts are all pairs of 0.04, 0.08, 0.16, 0.32, 0.64.
    Raises TypeError for a velocity that is no function. What goes wrong inside it is shown in place of the picture.
    """
    return Dots(obeyed(velocity))


@dataclass(frozen=True)
class Crowd:
    """25 orbits: for each its start (2,), log10 times (T,) and logits (T, 2); the thumbnail of its curves as SVG."""

    starts: np.ndarray
    times: tuple[np.ndarray, ...]
    logits: tuple[np.ndarray, ...]
    thumbnails: tuple[str, ...]

    def at(self, t: float) -> np.ndarray:
        """J of all learners at time t, (25, 2); who has arrived stays."""
        when = np.log10(t)
        x = [[np.interp(when, s, x[:, k]) for k in (0, 1)] for s, x in zip(self.times, self.logits, strict=True)]
        return 1 / (1 + np.exp(-np.array(x)))

    def trail(self, i: int, t: float) -> np.ndarray:
        """The way of learner i until time t, (T, 2)."""
        gone = self.times[i] <= np.log10(t)
        return 1 / (1 + np.exp(-self.logits[i][gone]))


@lru_cache(maxsize=8)
def compute(law: Law) -> Crowd:
    """The orbits of `law` from the 25 starts."""
    starts = np.array([(one, two) for two in STARTS for one in STARTS])
    runs = [dynamics.orbit(law, start, stop=0.985, horizon=1e7) for start in starts]
    times = tuple(np.log10(np.maximum(run.times, 1e-3)) for run in runs)
    logits = tuple(run.parameters for run in runs)
    return Crowd(starts, times, logits, tuple(_thumbnail(run.times, run.components) for run in runs))


def _thumbnail(times: np.ndarray, J: np.ndarray) -> str:
    """The two curves over log time in a frame of side FRAME whose centre is the origin."""
    panel = svg.Panel(-FRAME / 2, -FRAME / 2, FRAME, FRAME, (0, LAST))
    late = times >= 1
    t = np.append(np.log10(times[late]), LAST).clip(0, LAST)
    frame = f'<rect x="{panel.left}" y="{panel.top}" width="{FRAME}" height="{FRAME}" fill="#fff" stroke="{palette.HAIR}"/>'
    curves = [np.append(J[late, k], J[-1, k]) for k in (0, 1)]
    dashed = panel.line(t, curves[1], palette.TWO, 2)
    return frame + panel.line(t, curves[0], palette.ONE, 2) + dashed


def backdrop() -> str:
    """The square and its corners."""
    s = SQUARE
    out = [s.axes(), svg.text(s.x(0.5), s.bottom + 24, svg.J(0), palette.ONE_TEXT)]
    out += [svg.text(s.left - 12, s.y(0.5) + 5, svg.J(1), palette.TWO_TEXT, "end")]
    for v in (0, 1):
        out += [svg.text(s.x(v), s.bottom + 19, f"{v}"), svg.text(s.left - 9, s.y(v) + 5, f"{v}", anchor="end")]
    learned = f'<rect x="{s.x(LEVEL):.1f}" y="{s.y(1):.1f}" width="{s.width * (1 - LEVEL):.1f}" height="{s.height * (1 - LEVEL):.1f}" fill="{palette.BAND}"/>'
    return learned + "".join(out)
