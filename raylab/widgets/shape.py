"""Shape f: bend what couples learning to performance, and see the portrait of the square and the curves follow."""

from functools import partial
from typing import Any

import ipywidgets as ui
import numpy as np

from raylab import arguments, palette
from raylab.widgets import bends, svg, words
from raylab.widgets.bends import LEVELS, NAMED, PLACES, Bend, bent, heights, owned, preset, table
from raylab.widgets.card import Card
from raylab.widgets.chase import HALF, HORIZON, SQUARE, Chase, compute, dead, portrait, sinking, strip, trap
from raylab.widgets.dial import Dial
from raylab.widgets.laws import attempt
from raylab.widgets.square import HIGH, LOW, Start, allowed, by_speed, nearest
from raylab.widgets.stage import Stage

MOST_AGAINST, MOST_ALONG = -0.95, 0.5  # cosine
VIEW = "0 0 640 374"
PLANE = svg.Panel(330, 30, 286, 286)
COUPLING = svg.Panel(48, 30, 220, 130)
FIRST, LAST = -1, 8  # decades of time
CURVES = svg.Panel(48, 226, 220, 90, (FIRST, LAST))


def shape(shape: Any = None, cosine: float = -0.5, start: Start = (0.10, 0.02)) -> "Shape":
    """f to bend by five handles; beside it the square of two components with grad J_k = f(J_k) v_k, and their curves.

    J_k' = |v|^2 f_k (f_k + cosine f_other) with |v|^2 = 2, so that f = u (1 - u) and cosine -1/2 are the square of the
    bandit; a J_k that would fall below 0 waits there. `shape`: the f to begin with, u in [0, 1] -> f(u), f(1) = 0, or
    a Shape with top = 1; rewards, u (1 - u), while it is None, `...` or a stub that returns either. cosine of the two
    v_k in [-0.95, 0.5]. `start`: J1 and J2, each in [0.001, 0.97].
    Raises TypeError or ValueError for a shape that is no function and for malformed numbers. What goes wrong inside
    the learner's f is shown in place of the picture.
    """
    bend = owned(shape)
    return Shape(bend, arguments.number(cosine, "cosine", MOST_AGAINST, MOST_ALONG), allowed(start))


def backdrop() -> str:
    """Axes of the three parts and their names."""
    f, c = COUPLING, CURVES
    out = [svg.square(PLANE), f.axes(), c.axes()]
    out += [svg.text(p.left - 9, p.y(v) + 5, f"{v}", anchor="end") for p in (f, c) for v in (0, 1)]
    out += [svg.text(f.x(v), f.bottom + 19, f"{v}") for v in (0, 1)]
    out.append(svg.text(f.left + f.width / 2, f.bottom + 19, "u"))
    out.append(svg.text(f.left + 8, f.top - 8, "f(u), to be bent", anchor="start"))
    out.append(svg.decades(c, range(0, LAST + 1, 2)))
    out.append(svg.text(c.left + c.width / 2, c.bottom + 41, "time, log scale"))
    return "".join(out)


def render(bend: Bend, cosine: float, chase: Chase) -> tuple[str, str]:
    """(front of the picture, sentence in HTML): f, its portrait with one orbit, its curves, and what they say."""
    known = table(bend)
    front = _plane(bend, cosine, chase) + _coupling(known.drawn) + _curves(chase)
    return front, _sentence(bend, cosine, chase)


def _coupling(drawn: np.ndarray) -> str:
    f = COUPLING
    return f.line(LEVELS, np.minimum(drawn, 1.12), palette.EARTH, 3) + svg.dot(
        f.x(1), f.y(0), 4, palette.PAPER, palette.EARTH, 2
    )


def _plane(bend: Bend, cosine: float, chase: Chase) -> str:
    s, tints, losers = PLANE, (palette.TWO_WINS, palette.ONE_WINS), (palette.ONE, palette.TWO)
    made, quiet = portrait(bend, cosine)
    out = [svg.filled(s.x(p[:, 0]), s.y(p[:, 1]), tints[k]) for k in (0, 1) for p in made[k][1]]
    out += [s.line(J[:, 0], J[:, 1], palette.HAIR) for J in quiet]
    out += [s.line(z[:, 0], z[:, 1], losers[k], 1.4, "5 3.5") for k in (0, 1) for z in made[k][0]]
    x, y = s.x(chase.J[:, 0]), s.y(chase.J[:, 1])
    out += [svg.line(x, y, palette.PAPER, 7), by_speed(x, y, chase.speed, 3.6), svg.dot(s.x(1), s.y(1))]
    if table(bend).bottom == 0:
        corner = svg.dot if trap(table(bend), cosine) else _saddle
        out += [svg.dot(s.x(0), s.y(0), fill=palette.PAPER), corner(s.x(0), s.y(1)), corner(s.x(1), s.y(0))]
    return "".join(out) + _width(strip(table(bend), cosine))


def _width(wide: float) -> str:
    """The strip as it is measured, beside the edge."""
    if not wide:
        return ""
    x, y = PLANE.x(wide), PLANE.y(HALF)
    out = svg.line([PLANE.left, x], [y, y], palette.INK, 1.6)
    out += "".join(svg.line([end, end], [y - 5, y + 5], palette.INK, 1.6) for end in (PLANE.left, x))
    return out + svg.text(x + 7, y + 5, words.number(wide), palette.INK, "start", 13)


def _saddle(x: float, y: float) -> str:
    """Half filled: it attracts along one edge and repels along the other."""
    half = f'<path d="M{x - 5:.1f},{y:.1f}a5,5 0 0 0 10,0z" fill="{palette.INK}"/>'
    return svg.dot(x, y, 5, palette.PAPER) + half


def _curves(chase: Chase) -> str:
    c, first = CURVES, 10.0**FIRST
    shown = slice(int(np.argmax(chase.times > first)) - 1, None)  # its first record is before the axis begins
    t = np.log10(np.append(np.maximum(chase.times[shown], first), 10.0**LAST))
    J = np.concatenate([chase.J[shown], chase.J[-1:]])  # the last value holds to the end of the axis
    out = "".join(c.line(t, J[:, k], colour, 2.8) for k, colour in enumerate((palette.ONE, palette.TWO)))
    if chase.learned <= 10**LAST:
        at = c.x(np.log10(max(chase.learned, first)))
        out += svg.line([at, at], [c.top - 6, c.bottom], palette.QUIET, 1, "2 3")
        said = f"learned, t = {words.number(chase.learned)}"
        out += svg.text(np.clip(at, c.left + 64, c.right - 60), c.top - 11, said, palette.INK, size=13)
    return out + _names(chase)


def _names(chase: Chase) -> str:
    """Each curve is named where it passes a height of its own; one that never does, over its start."""
    c, ahead, out = CURVES, int(chase.J[0, 0] < chase.J[0, 1]), ""
    for k, colour in enumerate((palette.ONE_TEXT, palette.TWO_TEXT)):
        curve, height = chase.J[:, k], 0.72 if k == ahead else 0.36
        x, y, anchor = c.right - 4, c.y(0) - 9, "end"
        if curve[0] < height <= curve.max():
            when = max(chase.times[np.argmax(curve >= height)], 10.0**FIRST)
            x, y = c.x(float(np.log10(when))), c.y(height) + 5
            x, anchor = (max(x - 9, c.left + 24), "end") if k == ahead else (min(x + 9, c.right - 20), "start")
        out += svg.text(x, y, svg.J(k), colour, anchor)
    return out


def _sentence(bend: Bend, cosine: float, chase: Chase) -> str:
    known, one, two = table(bend), words.component(0), words.component(1)
    bottom = words.number(known.bottom)
    if trap(known, cosine):
        reason = "f′(0) = ∞" if dead(known) else f"{words.number(-cosine)} f′(0) is above |f′(1)|"
        corner = f"f(0) = 0 and {reason}, so the corner (0, 1) is a <b>trap</b>"
    elif known.bottom == 0:
        corner = "f(0) = 0, so the corner (0, 1) is a <b>saddle</b>"
    else:
        rate = words.number(SQUARE * known.bottom**2)
        corner = f"f(0) = {bottom}, so the corner (0, 1) is <b>no saddle</b>: there {one}′ = {rate}"
    wide = strip(known, cosine)
    beside = f"{two} takes all in a strip {words.number(wide)} wide" if wide else f"there is no strip that {two} takes"
    said = f"With {words.safe(bend.whose)} and cosine {words.number(cosine)}, {corner}"
    begin = f"From {one} = {chase.J[0, 0]:.3f} and {two} = {chase.J[0, 1]:.3f}"
    return f"{said}; half-way up its edge, at {two} = {HALF:g}, {beside}. {begin}, {_fate(bend, cosine, chase)}."


def _fate(bend: Bend, cosine: float, chase: Chase) -> str:
    """What happens on the way, and how long it takes; who sinks too deep to be followed is lost in a trap only."""
    known = table(bend)
    end = f"both are learned at <b>t = {words.number(chase.learned)}</b>"
    if chase.floor is not None:
        k, comes, leaves = chase.floor
        told = f"{words.component(k)} is down to 0 at t = {words.number(comes)}"
        deep = f"{words.component(k)} is below 10⁻¹³ at t = {words.number(comes)}"
        if leaves < np.inf:
            told = f"{told}, leaves it at t = {words.number(leaves)}"
        elif dead(known):
            return f"{told} and stays there: the wait <b>never</b> ends"
        else:
            told = deep
    else:
        drop = (chase.J[0] - chase.J.min(axis=0)) / chase.J[0]
        k = int(np.argmax(drop))
        told = "neither loses ground"
        if drop[k] > 1e-3:
            told = f"{words.component(k)} falls to {words.number(chase.J[:, k].min(), 2)} on the way"
    if chase.learned == np.inf:
        end = f"at t = {words.number(HORIZON if chase.floor else chase.times[-1])} they are not both learned"
    if chase.learned == np.inf and trap(known, cosine) and sinking(bend, cosine, chase):
        told = told.removesuffix(" on the way")
        end = "sinks for ever: the wait <b>never</b> ends"
    return f"{told}, and {end}"


class Shape(Card):
    """The widget that `shape` returns."""

    def __init__(self, bend: Bend, cosine: float, start: Start):
        self.bend, self.first, self.cosine, self.start, self._quiet = bend, bend, cosine, start, False
        self.handles = attempt(bend, lambda: heights(bend))[0] or heights(preset(bends.STUB))
        places = [(COUPLING.x(u), COUPLING.y(bends.MOST), COUPLING.x(u), COUPLING.y(0)) for u in PLACES]
        self.stage = Stage(
            VIEW,
            backdrop(),
            labels=[
                *(f"f at u = {u:g}; up and down keys bend it, with Shift ten times as far" for u in PLACES),
                "start of the learner; arrow keys move it, with Shift ten times as far",
            ],
            box=[*np.ravel(places).tolist(), PLANE.x(LOW), PLANE.y(HIGH), PLANE.x(HIGH), PLANE.y(LOW)],
            step=COUPLING.height / 100,
            moved=self._dragged,
        )
        self.boxes = [
            ui.BoundedFloatText(
                h, min=0.0 if u == 0 else bends.LEAST, max=bends.MOST, step=0.01, description=f"f({u:g})"
            )
            for u, h in zip(PLACES, self.handles, strict=True)
        ]
        for i, box in enumerate(self.boxes):
            box.observe(partial(self._typed, i), "value")
        grid = ui.HBox(self.boxes)
        grid.add_class("ray-boxes")
        self.dial = Dial("cosine", cosine, MOST_AGAINST, MOST_ALONG, 0.01, self.turn)
        self.dials = [
            Dial(f"J{'₁₂'[k]} start", start[k], LOW, HIGH, 0.001, partial(self._start, k), by_ratio=True)
            for k in (0, 1)
        ]
        names = [*(["your f"] if bend.learners else []), *NAMED]
        buttons = [ui.Button(description=name) for name in names]
        for button in buttons:
            button.on_click(lambda b: self.choose(b.description))
        presets = ui.HBox(buttons)
        presets.add_class("ray-grid")
        super().__init__(self.stage, presets, grid, self.dial, *self.dials)
        self._draw()

    def _dragged(self, handle: int, x: float, y: float) -> None:
        if handle < len(PLACES):
            self.lift(handle, COUPLING.value(x, y)[1])
        else:
            self.move(*PLANE.value(x, y))

    def _typed(self, i: int, change: dict) -> None:
        if not self._quiet:
            self.lift(i, change["new"])

    def _start(self, k: int, value: float) -> None:
        one, two = (value if i == k else self.start[i] for i in (0, 1))
        self.move(one, two)

    def choose(self, name: str) -> None:
        """Take the f of that button; TypeError for anything but text, ValueError for a name that is on none."""
        if arguments.text(name, "name") == "your f" and self.first.learners:
            self.bend = self.first
        elif name in NAMED:
            self.bend = preset(name)
        else:
            raise ValueError(f"name: expected one of {', '.join(NAMED)}, found {name!r:.40}; choose one of these.")
        self.handles = attempt(self.bend, lambda: heights(self.bend))[0] or self.handles
        self._draw()

    def lift(self, i: int, height: float) -> None:
        """Bend f at handle i to that height, the nearest allowed one to two decimals; f then runs through all handles.

        Raises TypeError or ValueError if there is no such handle or the height is no finite number.
        """
        i, height = arguments.count(i, "i", 0), arguments.number(height, "height")
        if i >= len(PLACES):
            raise ValueError(f"i: expected a handle from 0 to {len(PLACES) - 1}, found {i}; choose one of these.")
        height = bends.allowed(i, height)
        if height != self.handles[i]:
            self.handles = (*self.handles[:i], height, *self.handles[i + 1 :])
            self.bend = bent(self.handles)
        self._draw()

    def turn(self, cosine: float) -> None:
        """Let the two v_k have this cosine, the nearest allowed one to three digits.

        Raises TypeError or ValueError unless it is a finite number.
        """
        found = words.digits(arguments.number(cosine, "cosine"))
        self.cosine = float(np.clip(found, MOST_AGAINST, MOST_ALONG))
        self._draw()

    def move(self, j1: float, j2: float) -> None:
        """Start from (j1, j2), the nearest allowed place to three decimals.

        Raises TypeError or ValueError if one of them is no finite number.
        """
        self.start = nearest(j1, j2)
        self._draw()

    def _draw(self) -> None:
        bend, cosine, start = self.bend, self.cosine, self.start
        found, trouble = attempt(bend, lambda: render(bend, cosine, compute(bend, cosine, start)))
        front, said = found or ("", words.safe(trouble))
        self.sentence = words.plain(said)
        places = [[COUPLING.x(u), COUPLING.y(h)] for u, h in zip(PLACES, self.handles, strict=True)]
        readings = [f"f({u:g}) = {h:g}" for u, h in zip(PLACES, self.handles, strict=True)]
        place, reading = [PLANE.x(start[0]), PLANE.y(start[1])], f"J₁ = {start[0]:.3f}, J₂ = {start[1]:.3f}"
        self.stage.show(front, said, [*places, place], [*readings, reading])
        self._quiet = True
        try:
            for box, height in zip(self.boxes, self.handles, strict=True):
                box.value = height
        finally:
            self._quiet = False
        for dial, value in zip((self.dial, *self.dials), (cosine, *start), strict=True):
            dial.put(value)
