"""The plateau ruler: how much of the time is spent where J′ stays below epsilon, on the curve and in the square."""

from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import ipywidgets as ui
import numpy as np

from raylab import arguments, palette, plateaus
from raylab.widgets import svg, words
from raylab.widgets.card import Card
from raylab.widgets.dial import Dial
from raylab.widgets.laws import Law, attempt, obeyed
from raylab.widgets.square import HIGH, LOW, Race, Start, allowed, by_speed, landscape, nearest
from raylab.widgets.square import compute as race_of
from raylab.widgets.stage import Stage

LEAST, MOST = 1e-9, 0.1  # epsilon
VIEW = "0 0 640 426"
SQUARE = svg.Panel(44, 30, 262, 262)
CURVE = svg.Panel(382, 30, 230, 112, (0, 8), (0, 2))
STRIP = svg.Panel(382, 176, 230, 116, (0, 8), (-16, 0))
RULER = svg.Panel(44, 370, 568, 20)
PRESETS = {"one ahead": (0.10, 0.02), "far behind": (0.10, 0.005), "side by side": (0.06, 0.06)}
LEVELS = 1 / (1 + np.exp(-np.linspace(-17, 17, 681)))  # of J1 on the antidiagonal


def ruler(velocity: Any = None, start: Start = (0.10, 0.005), epsilon: float = 1e-4) -> "Ruler":
    """The learning curve and the square, with the same bands on both: where J′ <= epsilon.

    They obey `velocity`, J (..., 2) -> dJ/dt (..., 2); while it is None, `...` or a stub that returns either, the
    page's own law is drawn, and the sentence says so. `start`: J1 and J2, each in [0.001, 0.97]. `epsilon` in
    [1e-9, 0.1], in performance per time.
    Raises TypeError or ValueError for a velocity that is no function, a malformed start and an epsilon out of range.
    What goes wrong inside the velocity is shown in place of the picture.
    """
    return Ruler(obeyed(velocity), allowed(start), arguments.number(epsilon, "epsilon", LEAST, MOST))


@dataclass(frozen=True)
class Measure:
    """One orbit under the ruler.

    slow (T,): is |J'| <= epsilon at its records. spent: time at such rates until both are learned, or until the
    record ends, which is `end`. crossing: J' where J1 + J2 = 1, nan where the orbit never comes there; exact: by
    the closed form, and not read off the record.
    """

    race: Race
    epsilon: float
    slow: np.ndarray
    spent: float
    end: float
    crossing: float
    exact: bool


@lru_cache(maxsize=64)
def compute(law: Law, start: Start, epsilon: float) -> Measure:
    """The orbit of `law` from `start`, and where it is slower than epsilon."""
    race = race_of(law, start)
    end = float(min(race.learned, race.times[-1]))
    slope = _crossing(law, race) if law.learners else float(plateaus.flatness(np.array(start)))
    spent = time_below(race.times, np.abs(race.speed), epsilon, end)
    return Measure(race, epsilon, np.abs(race.speed) <= epsilon, spent, end, slope, not law.learners)


def time_below(times: np.ndarray, speed: np.ndarray, epsilon: float, end: float) -> float:
    """Time until `end` at which speed <= epsilon; between two records log speed is taken for a straight line."""
    excess = np.log(np.maximum(speed, 1e-300)) - np.log(epsilon)
    low, high = np.minimum(excess[:-1], excess[1:]), np.maximum(excess[:-1], excess[1:])
    share = np.where(high <= 0, 1.0, np.clip(-low / np.maximum(high - low, 1e-300), 0.0, 1.0))
    return float(share @ np.diff(np.minimum(times, end)))


def _crossing(law: Law, race: Race) -> float:
    """J' of a learner's law where its orbit first passes J1 + J2 = 1."""
    over = race.J.sum(axis=-1) - 1
    passes = np.flatnonzero((over[:-1] < 0) & (over[1:] >= 0))
    if not len(passes):
        return float("nan")
    i = passes[0]
    share = over[i] / (over[i] - over[i + 1])
    x = np.log(race.J[i : i + 2]) - np.log1p(-race.J[i : i + 2])
    return float(law(1 / (1 + np.exp(-(1 - share) * x[0] - share * x[1]))).sum())


@lru_cache(maxsize=8)
def antidiagonal(law: Law) -> np.ndarray:
    """|J'| at the points (J1, 1 - J1), J1 in LEVELS."""
    return np.abs(law(np.stack([LEVELS, LEVELS[::-1]], axis=-1)).sum(axis=-1))


def backdrop(law: Law) -> str:
    """Quiet flow and axes: all that does not move."""
    return "".join(SQUARE.line(J[:, 0], J[:, 1], palette.HAIR) for _, _, quiet in landscape(law) for J in quiet)


def furniture() -> str:
    """The axes of the four parts and their names."""
    s, c, f, r = SQUARE, CURVE, STRIP, RULER
    out = [
        svg.square(s),
        *(svg.text(c.left - 9, c.y(v) + 5, f"{v}", anchor="end") for v in (0, 1, 2)),
        svg.text(c.left + 8, c.top - 8, f"{svg.J(0)} + {svg.J(1)}", anchor="start"),
        *(
            svg.text(f.left - 9, f.y(v) + 5, name, anchor="end", size=13)
            for v, name in ((0, "1"), (-5, "10⁻⁵"), (-10, "10⁻¹⁰"), (-15, "10⁻¹⁵"))
        ),
        svg.text(f.left + 8, f.top - 8, f"speed {svg.J(prime=True)}", anchor="start"),
        svg.decades(f, (0, 2, 4, 6, 8)),
        svg.text(f.left + f.width / 2, f.bottom + 40, "time, log scale"),
        svg.text(r.left, r.top - 10, "time, even scale", anchor="start"),
        svg.text(r.left, r.bottom + 18, "0", anchor="start"),
    ]
    return "".join(out)


def render(measure: Measure, across: np.ndarray, whose: str) -> tuple[str, str]:
    """(front of the picture, sentence in HTML): bands on curve, square and ruler, and what they measure."""
    pieces = _pieces(measure.slow)
    front = _square(measure, pieces, across) + _curve(measure, pieces) + _strip(measure) + _rule(measure, pieces)
    return front, _sentence(measure, whose)


def _pieces(slow: np.ndarray) -> list[slice]:
    """Runs of consecutive records at which the orbit is slow."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], slow, [False]]).astype(int)))
    return [slice(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _square(measure: Measure, pieces: list[slice], across: np.ndarray) -> str:
    s, J = SQUARE, measure.race.J
    x, y = s.x(J[:, 0]), s.y(J[:, 1])
    out = [svg.line(x[i], y[i], palette.BAND, 17) for i in pieces]
    out += [s.line(LEVELS, LEVELS[::-1], palette.PLATEAU, 1.4, "1 4")]
    out += [s.line(LEVELS[i], LEVELS[::-1][i], palette.PLATEAU, 1.4) for i in _pieces(across < _steepest())]
    out += [s.line(LEVELS[i], LEVELS[::-1][i], palette.PLATEAU, 6) for i in _pieces(across <= measure.epsilon)]
    return "".join(out) + svg.line(x, y, palette.PAPER, 6) + by_speed(x, y, measure.race.speed, 3.4)


def _steepest() -> float:
    return plateaus.steepest_slope()


def _curve(measure: Measure, pieces: list[slice]) -> str:
    race, c = measure.race, CURVE
    late, last = race.times >= 1, c.x_range[1]
    out = "".join(_band(race.times[i], panel) for i in pieces for panel in (c, STRIP)) + c.axes() + STRIP.axes()
    t = np.log10(np.append(race.times[late], 10**last)).clip(0, last)
    total, speed = race.J.sum(axis=-1), race.speed
    height = c.y(np.append(total[late], total[-1]))
    out += by_speed(c.x(t), height, np.append(speed[late], 1e-300 if race.learned < np.inf else speed[-1]), 3)
    if race.learned <= 10**last:
        at = c.x(np.log10(max(race.learned, 1)))
        out += svg.line([at, at], [c.top - 6, STRIP.bottom], palette.QUIET, 1, "2 3")
        label = f"learned, t = {words.number(race.learned)}"
        out += svg.text(np.clip(at, c.left + 130, c.right - 50), c.top - 10, label, palette.INK, size=13)
    return out


def _band(times: np.ndarray, panel: svg.Panel) -> str:
    """What belongs to slow times, over the log axis of the panel."""
    left, right = panel.x(np.log10(np.maximum([times[0], times[-1]], 1)).clip(*panel.x_range))
    return svg.rect(left, panel.top, right - left, panel.height, palette.BAND)


def _strip(measure: Measure) -> str:
    race, f = measure.race, STRIP
    level = f.y(np.log10(measure.epsilon))
    out = svg.line([f.left, f.right], [level, level], palette.PLATEAU, 1.6, "6 4")
    shown = (race.times >= 1) & (race.times <= 10 ** f.x_range[1])
    if shown.any():
        height = np.log10(np.maximum(np.abs(race.speed[shown]), 1e-300)).clip(*f.y_range)
        out += by_speed(f.x(np.log10(race.times[shown])), f.y(height), race.speed[shown], 2.4)
    beside = level - 8 if level > f.top + 26 else level + 19
    return out + svg.text(f.right - 16, beside, "ε", palette.PLATEAU, "end", 17)


def _rule(measure: Measure, pieces: list[slice]) -> str:
    """The time until both are learned on an even scale, with its slow part marked."""
    r, end = RULER, measure.end
    if end == 0:
        return ""
    out = [svg.rect(r.left, r.top, r.width, r.height, palette.PAPER)]
    for i in pieces:
        left, right = r.x(np.minimum([measure.race.times[i][0], measure.race.times[i][-1]], end) / end)
        out.append(svg.rect(left, r.top, right - left, r.height, palette.BAND, palette.PLATEAU))
    out.append(svg.rect(r.left, r.top, r.width, r.height, "none", palette.QUIET))
    said = f"{svg.J(prime=True)} ≤ ε: {words.per_cent(measure.spent / end)} of the time"
    out.append(svg.text(r.right, r.top - 10, said, palette.PLATEAU, "end"))
    out.append(svg.text(r.right, r.bottom + 18, f"t = {words.number(end)}", palette.INK, "end"))
    return "".join(out)


def _sentence(measure: Measure, whose: str) -> str:
    race, one, two = measure.race, words.component(0), words.component(1)
    start = f"Under {whose}, from {one} = {race.J[0, 0]:.3f} and {two} = {race.J[0, 1]:.3f}"
    if measure.end == 0:
        return f"{start}: both are learned already."
    if np.isfinite(race.learned):
        learned = f"both are learned at t = {words.number(race.learned)}"
    else:
        learned = f"both are not learned by t = {words.number(measure.end)}"
    share = f"<b>{words.per_cent(measure.spent / measure.end)}</b> of that time J′ ≤ {words.number(measure.epsilon)}"
    return f"{start}, {learned}; for {share}. {_about_crossing(measure)}"


def _about_crossing(measure: Measure) -> str:
    """The flatness of the crossing, and the wait that the law makes of it."""
    slope, source = measure.crossing, "closed form" if measure.exact else "read off the orbit"
    if np.isnan(slope):
        return "It never passes J₁ + J₂ = 1."
    said = f"J₁ + J₂ = 1 with J′ = <b>{words.number(slope)}</b> ({source})"
    if measure.race.J[0].sum() >= 1:
        return f"Its orbit came through {said}, before this start."
    if not 0 < slope < _steepest():
        return f"It crosses {said}, which is no plateau: that takes a slope between 0 and {words.number(_steepest())}."
    wait = 4 * np.sqrt(2) / 3 / np.sqrt(slope)
    told = f"the law (4√2/3)/√J′ makes of it a wait of {words.number(wait)}"
    return f"It crosses {said}; {told}, {words.number(100 * wait / measure.end)} % of that time."


class Ruler(Card):
    """The widget that `ruler` returns."""

    def __init__(self, law: Law, start: Start, epsilon: float):
        self.law, self.start, self.epsilon = law, start, epsilon
        back, _ = attempt(law, lambda: backdrop(law))
        side = STRIP.right - 6
        self.stage = Stage(
            VIEW,
            (back or "") + furniture(),
            labels=[
                "start of the learner; arrow keys move it, with Shift ten times as far",
                "epsilon; up and down keys move it, with Shift ten times as far",
            ],
            box=[
                *(SQUARE.x(LOW), SQUARE.y(HIGH), SQUARE.x(HIGH), SQUARE.y(LOW)),
                *(side, STRIP.y(np.log10(MOST)), side, STRIP.y(np.log10(LEAST))),
            ],
            step=SQUARE.width / 100,
            moved=self._dragged,
        )
        self.dials = [
            Dial(f"J{'₁₂'[k]} start", start[k], LOW, HIGH, 0.001, partial(self._turn, k), by_ratio=True) for k in (0, 1)
        ]
        self.dial = Dial("epsilon", epsilon, LEAST, MOST, LEAST, self.measure, by_ratio=True)
        presets = [ui.Button(description=name) for name in PRESETS]
        for button in presets:
            button.on_click(lambda b: self.move(*PRESETS[b.description]))
        super().__init__(self.stage, self.dial, *self.dials, ui.HBox(presets))
        self._draw()

    def _dragged(self, handle: int, x: float, y: float) -> None:
        if handle == 0:
            self.move(*SQUARE.value(x, y))
        else:
            self.measure(10.0 ** STRIP.value(x, y)[1])

    def _turn(self, k: int, value: float) -> None:
        one, two = (value if i == k else self.start[i] for i in (0, 1))
        self.move(one, two)

    def move(self, j1: float, j2: float) -> None:
        """Start from (j1, j2), the nearest allowed place to three decimals.

        Raises TypeError or ValueError if one of them is no finite number.
        """
        self.start = nearest(j1, j2)
        self._draw()

    def measure(self, epsilon: float) -> None:
        """Measure with this epsilon, the nearest allowed one to three digits.

        Raises TypeError or ValueError unless it is a positive finite number.
        """
        found = words.digits(arguments.number(epsilon, "epsilon", 0.0))
        self.epsilon = float(np.clip(found, LEAST, MOST))
        self._draw()

    def _draw(self) -> None:
        law, start, epsilon = self.law, self.start, self.epsilon
        found, trouble = attempt(law, lambda: (compute(law, start, epsilon), antidiagonal(law)))
        front, said = render(found[0], found[1], law.whose) if found else ("", words.safe(trouble))
        self.sentence = words.plain(said)
        places = [[SQUARE.x(start[0]), SQUARE.y(start[1])], [STRIP.right - 6, STRIP.y(np.log10(epsilon))]]
        readings = [f"J₁ = {start[0]:.3f}, J₂ = {start[1]:.3f}", f"epsilon = {words.number(epsilon)}"]
        self.stage.show(front, said, places, readings)
        self.dial.put(epsilon)
        for dial, value in zip(self.dials, start, strict=True):
            dial.put(value)
