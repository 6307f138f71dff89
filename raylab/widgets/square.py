"""The square: drag a start, and see where any law takes it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import ipywidgets as ui
import numpy as np
from contourpy import contour_generator  # comes with matplotlib and needs no figure

from raylab import arguments, dynamics, interference, palette, plateaus
from raylab.records import Trajectory
from raylab.widgets import svg, words
from raylab.widgets.card import Card
from raylab.widgets.dial import Dial
from raylab.widgets.laws import Law, Trouble, attempt, obeyed
from raylab.widgets.stage import Stage

LOW, HIGH = 0.001, 0.97  # where a start may lie
SPEEDS = (-6.0, -1.0)  # log10 J′ from frozen to moving, the ends of the flatness colours
VIEW = "0 0 640 352"
SQUARE = svg.Panel(44, 30, 262, 262)
CURVES = svg.Panel(382, 30, 230, 158, (0, 6))
STRIP = svg.Panel(382, 222, 230, 70, (0, 6), (-8, 0))
PRESETS = {"one ahead": (0.10, 0.02), "side by side": (0.06, 0.06), "far behind": (0.10, 0.005)}

Start = tuple[float, float]


def square(velocity: Any = None, start: Start = (0.10, 0.02)) -> "Square":
    """A square to drag a start in; orbit, regions and curves obey `velocity`, J (..., 2) -> dJ/dt (..., 2).

    While `velocity` is None, `...` or a stub that returns either, the page's own law is drawn, and the sentence
    says so. `start`: J1 and J2, each in [0.001, 0.97].
    Raises TypeError or ValueError for a velocity that is no function and for a malformed start. What goes wrong
    inside the velocity is shown in place of the picture.
    """
    return Square(obeyed(velocity), allowed(start))


def allowed(start: Any) -> Start:
    """`start` as two floats; TypeError or ValueError unless it is two numbers, each in [0.001, 0.97]."""
    one, two = (float(J) for J in arguments.array(start, "start", "2"))
    return arguments.number(one, "start[0]", LOW, HIGH), arguments.number(two, "start[1]", LOW, HIGH)


def nearest(j1: Any, j2: Any) -> Start:
    """The allowed start next to (j1, j2), to three decimals; TypeError or ValueError unless both are finite numbers."""
    place = (arguments.number(j1, "j1"), arguments.number(j2, "j2"))
    one, two = (float(np.clip(round(j, 3), LOW, HIGH)) for j in place)
    return one, two


@dataclass(frozen=True)
class Race:
    """One orbit: times (T,), J (T, 2), speed J′ (T,); when both are learned; the slowest progress and its place."""

    times: np.ndarray
    J: np.ndarray
    speed: np.ndarray
    learned: float
    slowest: float
    where: int


@lru_cache(maxsize=64)
def compute(law: Law, start: Start) -> Race:
    """The orbit of `law` from `start` until both are learned, or to t = 1e8."""
    run = _followed(law, law, start, rtol=1e-5)  # three digits are told, and a hand does not wait for more
    speed = law(run.components).sum(axis=-1)
    slowest = float(plateaus.slowest_progress(run.performance, speed, 2))
    slowest = min([slowest, *_at_the_ends(law, run)]) if np.isfinite(slowest) else slowest
    where = int(np.argmin(np.abs(np.abs(speed) - slowest))) if np.isfinite(slowest) else -1
    return Race(run.times, run.components, speed, float(plateaus.waiting_time(run)), slowest, where)


def _at_the_ends(law: Law, run: Trajectory) -> list[float]:
    """|J'| where J has first gained 0.05, and where it last passes 1.8: the flow may be slowest between two records."""
    J, found = run.performance, []
    begun = J[0] + 0.05
    for i, level in ((np.argmax(begun <= J), begun), (np.flatnonzero(J < 1.8)[-1] + 1, 1.8)):
        if 0 < i < len(J):
            share = (level - J[i - 1]) / (J[i] - J[i - 1])
            x = (1 - share) * run.parameters[i - 1] + share * run.parameters[i]
            found.append(float(abs(law(1 / (1 + np.exp(-x))).sum())))
    return found


@lru_cache(maxsize=8)
def landscape(law: Law) -> tuple[tuple[list, list, list], ...]:
    """What does not depend on the start, for component 1 and 2 as the loser.

    For each: lines on which its rate is zero, outlines of the region in which the other takes all, quiet orbits.
    """
    quiet = [[_quiet(law, c, forward=forward) for c in np.linspace(0.1, 0.9, 9)] for forward in (False, True)]
    return tuple((lines, region, quiet[k]) for k, (lines, region) in enumerate(regions(law)))


def regions(law: Law) -> tuple[tuple[list, list], ...]:
    """For component 1 and 2 as the loser: where its rate is zero, and where the other takes all."""
    u = np.concatenate([[1e-4], np.linspace(0, 1, 121 if law.batched else 41)[1:-1], [1 - 1e-4]])
    rates = law(np.stack(np.meshgrid(u, u), axis=-1))
    alone = interference.winner_takes_all(rates)
    made = []
    for k in (0, 1):
        lines = contour_generator(u, u, rates[..., k]).lines(0.0)
        losing = np.minimum(rates[..., 1 - k], -rates[..., k])  # > 0 where the other wins and k does not
        region = contour_generator(u, u, losing).filled(0.0, np.inf)[0] if (alone & (losing > 0)).any() else []
        made.append((lines, region))
    return tuple(made)


def _quiet(law: Law, c: float, forward: bool) -> np.ndarray:
    velocity = law if forward else (lambda J: -law(J))
    return _followed(law, velocity, (c, 1 - c), horizon=1e5).components


def _followed(law: Law, velocity: Callable, start: Start, horizon: float = 1e8, rtol: float = 1e-8) -> Trajectory:
    """The orbit of `velocity`; what a learner's law does to the integrator is the learner's to hear, as Trouble."""
    try:
        return dynamics.orbit(velocity, start, 0.99, horizon, rtol)
    except (ValueError, RuntimeError) as error:
        if not law.learners:
            raise
        raise Trouble(f"Your velocity cannot be followed: {error}") from error


def backdrop(law: Law) -> str:
    """Regions, null clines, quiet flow and axes: all that does not move."""
    made = landscape(law)
    tints, losers = (palette.TWO_WINS, palette.ONE_WINS), (palette.ONE, palette.TWO)
    out = [svg.filled(SQUARE.x(p[:, 0]), SQUARE.y(p[:, 1]), tints[k]) for k in (0, 1) for p in made[k][1]]
    out += [SQUARE.line(J[:, 0], J[:, 1], palette.HAIR) for _, _, quiet in made for J in quiet]
    out += [SQUARE.line(z[:, 0], z[:, 1], losers[k], 1.4, "5 3.5") for k in (0, 1) for z in made[k][0]]
    return "".join(out) + _furniture()


def _furniture() -> str:
    s, c, f = SQUARE, CURVES, STRIP
    out = [svg.square(s), c.axes(), f.axes()]
    out += [
        svg.dot(s.x(0), s.y(0), fill=palette.PAPER),
        svg.dot(s.x(1), s.y(1)),
        *(svg.text(c.left - 9, c.y(v) + 5, f"{v}", anchor="end") for v in (0, 1)),
        *(
            svg.text(f.left - 9, f.y(v) + 5, name, anchor="end", size=13)
            for v, name in ((0, "1"), (-4, "10⁻⁴"), (-8, "10⁻⁸"))
        ),
        svg.text(f.left + 8, f.top - 5, f"speed {svg.J(prime=True)}", anchor="start"),
        svg.decades(f, (0, 2, 4, 6)),
        svg.text(f.left + f.width / 2, f.bottom + 41, "time, log scale"),
    ]
    return "".join(out)


def render(race: Race, whose: str) -> tuple[str, str]:
    """(front of the picture, sentence in HTML): the orbit, its curves and its speed, and what happened."""
    return _orbit(race) + _curves(race) + _strip(race), _sentence(race, whose)


def _orbit(race: Race) -> str:
    x, y = SQUARE.x(race.J[:, 0]), SQUARE.y(race.J[:, 1])
    out = svg.line(x, y, palette.PAPER, 7) + by_speed(x, y, race.speed, 3.6)
    return out + (svg.dot(x[race.where], y[race.where], 5, palette.PAPER, palette.INK, 2) if race.where >= 0 else "")


def by_speed(x: np.ndarray, y: np.ndarray, speed: np.ndarray, width: float) -> str:
    """A line through places of the picture, in pieces, each in the colour of its speed: gold moves, ink is frozen."""
    frozen, moving = SPEEDS
    share = (moving - np.log10(np.maximum(np.abs(speed), 1e-300))) / (moving - frozen)
    shade = np.clip(share * len(palette.FLATNESS), 0, len(palette.FLATNESS) - 1).astype(int)
    cuts = np.flatnonzero(np.diff(shade)) + 1
    ends = zip(np.append(0, cuts), np.append(cuts, len(x)), strict=True)
    return "".join(svg.line(x[a : b + 1], y[a : b + 1], palette.FLATNESS[shade[a]], width) for a, b in ends)


def _curves(race: Race) -> str:
    out, late, last = "", race.times >= 1, CURVES.x_range[1]
    if race.learned <= 10**last:
        at = CURVES.x(np.log10(max(race.learned, 1)))
        out += svg.line([at] * 2, [CURVES.top - 6, STRIP.bottom], palette.QUIET, 1, "2 3")
        label = f"t = {words.number(race.learned)}"
        out += svg.text(np.clip(at, CURVES.left + 24, CURVES.right - 34), CURVES.top - 11, label, palette.INK)
    t = np.log10(np.append(race.times[late], 10**last)).clip(0, last)  # the last value holds to the end of the axis
    for k, colour in enumerate((palette.ONE, palette.TWO)):
        out += CURVES.line(t, np.append(race.J[late, k], race.J[-1, k]), colour, 2.8)
    return out + _names(race)


def _names(race: Race) -> str:
    """Each curve is named where it passes a height of its own, or over its start."""
    ahead, out = int(race.J[0, 0] < race.J[0, 1]), ""
    for k, colour in enumerate((palette.ONE_TEXT, palette.TWO_TEXT)):
        curve, height = race.J[:, k], 0.68 if k == ahead else 0.40
        x, y = CURVES.left + 24, CURVES.y(curve[0]) - 9
        if curve[0] < height <= curve.max():
            when = max(race.times[np.flatnonzero(curve >= height)[0]], 1)
            x, y = max(CURVES.x(float(np.log10(when))) - 10, CURVES.left + 22), CURVES.y(height)
        out += svg.text(x, y, svg.J(k), colour, "end")
    return out


def _strip(race: Race) -> str:
    shown = (race.times >= 1) & (race.times <= 10 ** STRIP.x_range[1])
    if not shown.any():
        return ""
    x = STRIP.x(np.log10(race.times[shown]))
    height = np.log10(np.maximum(np.abs(race.speed[shown]), 1e-300)).clip(*STRIP.y_range)
    out = by_speed(x, STRIP.y(height), race.speed[shown], 2.4)
    if race.where >= 0 and shown[race.where]:
        at = np.count_nonzero(shown[: race.where])
        out += svg.dot(x[at], STRIP.y(height[at]), 5, palette.PAPER, palette.INK, 2)
        side, way = (12, "start") if x[at] < STRIP.right - 80 else (-12, "end")
        out += svg.text(x[at] + side, STRIP.y(height[at]) - 4, "slowest", anchor=way, size=13)
    return out


def _sentence(race: Race, whose: str) -> str:
    one, two = words.component(0), words.component(1)
    start = f"Under {whose}, from {one} = {race.J[0, 0]:.3f} and {two} = {race.J[0, 1]:.3f}"
    drop = (race.J[0] - race.J.min(axis=0)) / race.J[0]
    k = int(np.argmax(drop))
    fate = "neither loses ground"
    if drop[k] > 1e-3:
        fate = f"{words.component(k)} falls to {words.number(race.J[:, k].min(), 2)} on the way"
    slow = f", the slowest progress is J′ = {words.number(race.slowest, 2)}" if np.isfinite(race.slowest) else ""
    if np.isfinite(race.learned):
        end = f"both are learned at <b>t = {words.number(race.learned)}</b>"
    else:
        end = f"at t = {words.number(race.times[-1])} they are not both learned"
    return f"{start}: {fate}{slow}, and {end}."


class Square(Card):
    """The widget that `square` returns."""

    def __init__(self, law: Law, start: Start):
        self.law, self.start = law, start
        back, _ = attempt(law, lambda: backdrop(law))
        self.stage = Stage(
            VIEW,
            back or _furniture(),
            labels=["start of the learner; arrow keys move it, with Shift ten times as far"],
            box=[SQUARE.x(LOW), SQUARE.y(HIGH), SQUARE.x(HIGH), SQUARE.y(LOW)],
            step=SQUARE.width / 100,
            moved=lambda _, x, y: self.move(*SQUARE.value(x, y)),
        )
        self.dials = [
            Dial(f"J{'₁₂'[k]} start", start[k], LOW, HIGH, 0.001, partial(self._turn, k), by_ratio=True) for k in (0, 1)
        ]
        presets = [ui.Button(description=name) for name in PRESETS]
        for button in presets:
            button.on_click(lambda b: self.move(*PRESETS[b.description]))
        super().__init__(self.stage, *self.dials, ui.HBox(presets))
        self.move(*start)

    def _turn(self, k: int, value: float) -> None:
        self.move(*(value if i == k else self.start[i] for i in (0, 1)))

    def move(self, j1: float, j2: float) -> None:
        """Start from (j1, j2), the nearest allowed place to three decimals.

        Raises TypeError or ValueError if one of them is no finite number.
        """
        self.start = nearest(j1, j2)
        race, trouble = attempt(self.law, lambda: compute(self.law, self.start))
        front, said = render(race, self.law.whose) if race else ("", words.safe(trouble))
        self.sentence = words.plain(said)
        place = [SQUARE.x(self.start[0]), SQUARE.y(self.start[1])]
        reading = f"J₁ = {self.start[0]:.3f}, J₂ = {self.start[1]:.3f}"
        self.stage.show(front, said, [place], [reading])
        for dial, value in zip(self.dials, self.start, strict=True):
            dial.put(value)
