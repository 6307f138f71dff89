"""The cause switchboard: take away one ingredient at a time, and see how long both components then need."""

from collections.abc import Mapping
from functools import lru_cache, partial

import ipywidgets as ui
import numpy as np

from raylab import arguments, palette
from raylab.widgets import svg, words
from raylab.widgets.board import BOARD, DATA, FEATURES, TAUGHT, Combination, Run, Start, compute, drift, quiet
from raylab.widgets.card import Card
from raylab.widgets.dial import Dial
from raylab.widgets.laws import Law
from raylab.widgets.square import HIGH, LOW, allowed, by_speed, nearest, regions
from raylab.widgets.stage import Stage

VIEW = "0 0 640 452"
SQUARE = svg.Panel(44, 34, 216, 216)
CLOCK = svg.Panel(330, 34, 286, 372, (0, 8), (0, 12))
ROW = CLOCK.height / 12
THUMB = 24

SHARING = {  # what a switch does, in words
    "shared bias: one for both, cosine −1/2": "shared bias",
    "separate biases: cosine 0, features of equal norm": "separate biases",
    "tabular: no bias, cosine 0, half the squared norm": "tabular",
}
SOURCES = {
    "own data: who never succeeds has nothing to learn from": "own data",
    "10 % mix: one sample in ten from uniform behaviour": "10 % mix",
    "uniform data: every action is tried alike": "uniform data",
}
LESSONS = {
    "rewards: only a right action teaches": "rewards",
    "labels: every sample teaches, whoever chose it": "labels",
}
RATES = {  # J1' by features; f_k and a_k are told beside it
    "shared bias": "a₁ (2 f₁ − f₂)",
    "separate biases": "2 a₁ f₁",
    "tabular": "a₁ f₁",
}
COUPLINGS = {"own data": "J (1 − J)", "10 % mix": "(0.9 J + 0.05) (1 − J)", "uniform data": "(1 − J) / 2"}
PRESETS = {
    "all three causes": ("shared bias", "own data", "rewards"),
    "nothing shared": ("tabular", "own data", "rewards"),
    "uniform data": ("shared bias", "uniform data", "rewards"),
    "labels": ("shared bias", "own data", "labels"),
}


def causes(start: Start = (0.10, 0.001)) -> "Causes":
    """Three switches and a start: shared bias or not, whose data, rewards or labels; and the wait for each.

    Every combination that was tried keeps its bar on one clock, all from the same start. Flow in reduced
    parameters; the wait is the time at which both J_k >= 0.9. `start`: J1 and J2, each in [0.001, 0.97].
    Raises TypeError or ValueError for a malformed start.
    """
    return Causes(allowed(start))


def backdrop() -> str:
    """Axes of the portrait and of the clock."""
    s, c, out = SQUARE, CLOCK, [svg.square(SQUARE)]
    for decade in range(0, 9, 2):
        out.append(f'<path d="M{c.x(decade):g},{c.top:g}V{c.bottom:g}" stroke="{palette.HAIR}"/>')
    out.append(svg.decades(c, range(0, 9, 2)))
    out.append(svg.text(c.left + c.width / 2, c.bottom + 40, "time until both are learned, log scale"))
    out.append(svg.text(s.left, s.top - 14, "the portrait of this combination", anchor="start"))
    out.append(svg.text(c.left - 34, c.top - 14, "the clock: all that were tried", anchor="start"))
    return "".join(out)


@lru_cache(maxsize=16)
def portrait(features: str, lesson: str) -> str:
    """What does not depend on the start: regions in which one takes all, quiet flow and null clines."""
    tints, losers, s = (palette.TWO_WINS, palette.ONE_WINS), (palette.ONE, palette.TWO), SQUARE
    x_rate = drift(features, lesson)
    made = regions(Law(lambda J: J * (1 - J) * x_rate(J), f"{features}, {lesson}"))
    out = [svg.filled(s.x(p[:, 0]), s.y(p[:, 1]), tints[k]) for k in (0, 1) for p in made[k][1]]
    out += [s.line(J[:, 0], J[:, 1], palette.HAIR) for J in quiet(features, lesson)]
    out += [s.line(z[:, 0], z[:, 1], losers[k], 1.4, "5 3.5") for k in (0, 1) for z in made[k][0]]
    return "".join(out)


def render(now: Combination, before: Combination | None, tried: Mapping[tuple[str, str], Run]) -> tuple[str, str]:
    """(front of the picture, sentence in HTML): portrait and law of this combination, and the clock."""
    run = tried[now.seen]
    x, y = SQUARE.x(run.J[:, 0]), SQUARE.y(run.J[:, 1])
    out = portrait(*now.seen) + SQUARE.axes()
    out += svg.line(x, y, palette.PAPER, 7) + by_speed(x, y, run.speed, 3.6) + _law(now)
    out += "".join(_row(i, row, now, tried.get(row.seen)) for i, row in enumerate(BOARD))
    return out, _sentence(now, before, tried)


def _law(now: Combination) -> str:
    """The law in three lines under the portrait."""
    features, lesson = now.seen
    J1, told = svg.J(0, prime=True), "1 − J" if lesson == "labels" else COUPLINGS[lesson]
    lines = (f"{J1} = {RATES[features]}", f"f = {told}", "a = J (1 − J)")
    places = (SQUARE.bottom + 66 + 24 * i for i in range(len(lines)))
    return "".join(
        svg.text(SQUARE.left, y, said, palette.INK, "start", 15) for y, said in zip(places, lines, strict=True)
    )


def _row(i: int, row: Combination, now: Combination, run: Run | None) -> str:
    """One combination: small portrait, name, bar and number; only its name while it was not tried."""
    top, here = CLOCK.top + ROW * i, row.seen == now.seen
    out, left = "", CLOCK.left - 34
    if here:
        out += svg.rect(left - 6, top, CLOCK.right - left + 12, ROW, palette.BAND)
    colour = palette.PLATEAU if here else palette.INK if run else palette.QUIET
    name = svg.text(CLOCK.left + 2, top + 14, ", ".join(row.seen), colour, "start", 13)
    if run is None:
        return out + name
    small = svg.Panel(left, top + 3, THUMB, THUMB)
    out += svg.rect(small.left, small.top, THUMB, THUMB, palette.PAPER, palette.HAIR)
    out += small.line(run.J[:, 0], run.J[:, 1], colour, 2)
    wait = min(run.learned, 10.0 ** CLOCK.x_range[1])
    wide = CLOCK.x(np.log10(max(wait, 1.02))) - CLOCK.left
    out += svg.rect(CLOCK.left, top + 19, wide, 8, colour)
    return out + name + svg.text(CLOCK.right, top + 14, f"t = {words.number(run.learned, 4)}", colour, "end", 13)


def _sentence(now: Combination, before: Combination | None, tried: Mapping[tuple[str, str], Run]) -> str:
    run, one, two = tried[now.seen], words.component(0), words.component(1)
    said = (
        f"{_capital(str(now))}: from {one} = {run.J[0, 0]:.3f} and {two} = {run.J[0, 1]:.3f} both are learned at "
        f"<b>t = {words.number(run.learned, 4)}</b>."
    )
    if now.taught == "labels":
        said += " Labels teach alike on anybody's data."
    if before is None or before.seen == now.seen:
        return said
    was = tried[before.seen].learned
    other = f"the combination before ({before}: t = {words.number(was, 4)})"
    return f"{said} That is {_ratio(run.learned, was)} with {other}."


def _ratio(wait: float, was: float) -> str:
    ratio = max(wait, was) / max(min(wait, was), 1e-9)
    if ratio < 1.005:  # "1 times as long" would be no news; two waits of 0 are alike, too
        return "as long as"
    return f"{words.number(ratio)} times as {'long' if wait > was else 'soon'} as"


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


class Causes(Card):
    """The widget that `causes` returns; `tried` are the combinations on its clock."""

    def __init__(self, start: Start):
        self.start, self.now, self.before = start, Combination(*PRESETS["all three causes"]), None
        self.tried, self._quiet = {self.now.seen}, False
        self.stage = Stage(
            VIEW,
            backdrop(),
            labels=["start of the learner; arrow keys move it, with Shift ten times as far"],
            box=[SQUARE.x(LOW), SQUARE.y(HIGH), SQUARE.x(HIGH), SQUARE.y(LOW)],
            step=SQUARE.width / 100,
            moved=lambda _, x, y: self.move(*SQUARE.value(x, y)),
        )
        self.switches = [
            ui.RadioButtons(options=list(said.items()), value=value, description=name)
            for name, said, value in (
                ("Shared bias?", SHARING, self.now.features),
                ("Whose data?", SOURCES, self.now.data),
                ("Rewards or labels?", LESSONS, self.now.taught),
            )
        ]
        for switch in self.switches:
            switch.observe(self._switched, "value")
        self.dials = [
            Dial(f"J{'₁₂'[k]} start", start[k], LOW, HIGH, 0.001, partial(self._turn, k), by_ratio=True) for k in (0, 1)
        ]
        buttons = [ui.Button(description=name) for name in (*PRESETS, "clear the clock")]
        for button in buttons[:-1]:
            button.on_click(lambda b: self.choose(*PRESETS[b.description]))
        buttons[-1].on_click(lambda _: self._clear())
        presets, switches = ui.HBox(buttons), ui.HBox(self.switches)
        switches.add_class("ray-columns")
        super().__init__(self.stage, switches, presets, *self.dials)
        self._draw()

    def choose(self, features: str, data: str, taught: str) -> None:
        """Set the three switches, in the words of the board: "shared bias", "own data", "rewards" and so on.

        Raises TypeError for anything but text, ValueError for words that are on no switch.
        """
        for value, name, known in ((features, "features", FEATURES), (data, "data", DATA), (taught, "taught", TAUGHT)):
            if arguments.text(value, name) not in known:
                these = ", ".join(known)
                raise ValueError(f"{name}: expected one of {these}, found {value!r:.40}; choose one of these.")
        chosen = Combination(features, data, taught)
        if chosen.seen != self.now.seen:
            self.before = self.now
        self.now = chosen
        self.tried.add(chosen.seen)
        self._quiet = True
        try:
            for switch, value in zip(self.switches, (features, data, taught), strict=True):
                switch.value = value
        finally:
            self._quiet = False
        self._draw()

    def _switched(self, _: dict) -> None:
        if not self._quiet:
            features, data, taught = (str(switch.value) for switch in self.switches)
            self.choose(features, data, taught)

    def _clear(self) -> None:
        self.before, self.tried = None, {self.now.seen}
        self._draw()

    def _turn(self, k: int, value: float) -> None:
        one, two = (value if i == k else self.start[i] for i in (0, 1))
        self.move(one, two)

    def move(self, j1: float, j2: float) -> None:
        """Start from (j1, j2), the nearest allowed place to three decimals; so do all that are on the clock.

        Raises TypeError or ValueError if one of them is no finite number.
        """
        self.start = nearest(j1, j2)
        self._draw()

    def _draw(self) -> None:
        runs = {seen: compute(*seen, self.start) for seen in self.tried}
        front, said = render(self.now, self.before, runs)
        self.sentence = words.plain(said)
        place = [SQUARE.x(self.start[0]), SQUARE.y(self.start[1])]
        reading = f"J₁ = {self.start[0]:.3f}, J₂ = {self.start[1]:.3f}"
        self.stage.show(front, said, [place], [reading])
        for dial, value in zip(self.dials, self.start, strict=True):
            dial.put(value)
