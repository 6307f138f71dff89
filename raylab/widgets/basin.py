"""Basin paint: the flatness of every start as a colour, the exact basin of epsilon, and a small square of starts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any

import ipywidgets as ui
import numpy as np

from raylab import arguments, plateaus
from raylab.widgets import words
from raylab.widgets.ask import nearest
from raylab.widgets.card import Card
from raylab.widgets.dial import Dial
from raylab.widgets.laws import AGAIN, Trouble, attempt
from raylab.widgets.paint import CELLS, SQUARE, VIEW, Counted, Place, clipped, compute, furniture, paint, render, starts
from raylab.widgets.stage import Stage

LEAST, MOST = 1e-8, 0.1  # epsilon
NARROW, WIDE = 0.001, 0.5  # the side of the square of starts
LOW, HIGH = 0.0005, 0.9995  # its middle
BETS = {"5 %": 5.0, "20 %": 20.0, "40 %": 40.0, "70 %": 70.0, "95 %": 95.0}
PATIENCE = 10.0  # seconds for the learner's own map
PRESETS = {"half as far": 0.5, "twice as far": 2.0}


def basin(
    flatness: Any = None, middle: Place = (0.10, 0.10), side: float = 0.20, epsilon: float = 1e-4, bet: bool = True
) -> "Basin":
    """A bet first: how much of a small square of starts ends on a plateau with J′ <= epsilon? Then paint.

    The paint is the flatness of each start, the line around the basin is exact. With `flatness`, (p, q) -> J' where
    the orbit through (p, q) crosses J1 + J2 = 1, the learner's own map is painted and compared; while it is None,
    `...` or a stub that returns either, the page's own. `middle` (J1, J2) and `side` of the square of starts, which
    lies within the unit square, side in [0.001, 0.5]; `epsilon` in [1e-8, 0.1]; bet=False paints without a bet.
    Raises TypeError or ValueError for a flatness that is no function and for malformed or outlying numbers. What
    goes wrong inside the learner's flatness is shown in place of the paint.
    """
    side = arguments.number(side, "side", NARROW, WIDE)
    J = arguments.array(middle, "middle", "2")
    for k in (0, 1):
        arguments.number(float(J[k]), f"middle[{k}]", max(LOW, side / 2), min(HIGH, 1 - side / 2))
    epsilon = arguments.number(epsilon, "epsilon", LEAST, MOST)
    return Basin(_owned(flatness), (float(J[0]), float(J[1])), side, epsilon, arguments.flag(bet, "bet"))


@dataclass(frozen=True)
class Map:
    """Whose flatness is painted."""

    flatness: Callable[[float, float], Any] | None
    whose: str = "your flatness"
    kept: dict[Place, float] = field(default_factory=dict, compare=False)

    @property
    def learners(self) -> bool:
        """Is it the learner's function, which may do anything?"""
        return self.flatness is not None

    def __call__(self, p: float, q: float) -> float:
        """The flatness of one start, asked for once; Trouble if the learner's function does not tell it."""
        if (p, q) not in self.kept:
            self.kept[p, q] = self._asked(p, q)
        return self.kept[p, q]

    def _asked(self, p: float, q: float) -> float:
        if self.flatness is None:
            return float(plateaus.flatness(np.array([p, q])))
        try:
            found = np.asarray(self.flatness(p, q), dtype=float)
        except Exception as error:
            raise Trouble(f"Your flatness stopped with {type(error).__name__}: {error}{AGAIN}") from error
        if found.size != 1 or not np.isfinite(found).all() or (found < 0).any():
            said = f"shape {found.shape}" if found.size != 1 else f"{found.item():g}"
            raise Trouble(f"Your flatness returned {said} at ({p:g}, {q:g}); expected one number >= 0{AGAIN}")
        return found.item()


def _owned(flatness: Any) -> Map:
    if flatness is None or flatness is ...:
        return Map(None)
    arguments.function(flatness, "flatness")
    found, _ = attempt(Map(flatness), lambda: _first_answer(flatness))
    return Map(None) if found == "a stub" else Map(flatness)


def _first_answer(flatness: Callable[[float, float], Any]) -> str:
    try:
        first = flatness(0.2, 0.1)
    except NotImplementedError:
        return "a stub"
    except Exception:  # the learner's own: it is asked again with the picture, and answers there
        return "trouble"
    return "a stub" if first is None or first is ... else "a number"


def cells(map_: Map) -> np.ndarray:
    """The learner's flatness at the middles of CELLS x CELLS cells."""
    u = (np.arange(CELLS) + 0.5) / CELLS
    return np.array([[map_(float(p), float(q)) for p in u] for q in u])


@lru_cache(maxsize=8)
def farthest(map_: Map) -> tuple[float, Place]:
    """(largest ratio between the learner's flatness and the closed form, and where)."""
    u = (np.arange(CELLS) + 0.5) / CELLS
    exact, found = plateaus.flatness(np.stack(np.meshgrid(u, u), -1)), cells(map_)
    ratio = np.where(found > 0, np.maximum(found, 1e-300) / exact, np.inf)
    ratio = np.maximum(ratio, 1 / ratio)
    q, p = np.unravel_index(np.argmax(ratio), ratio.shape)
    return float(ratio[q, p]), (float(u[p]), float(u[q]))


def question(middle: Place, side: float, epsilon: float) -> str:
    """What is bet on."""
    return (
        f"Your bet, please: of the starts spread evenly over {_square_in_words(middle, side)}, what share crosses "
        f"J₁ + J₂ = 1 on a plateau with J′ ≤ {words.number(epsilon)}?"
    )


def _square_in_words(middle: Place, side: float) -> str:
    one, two = (f"from {words.number(max(J - side / 2, 0.0))} to {words.number(J + side / 2)}" for J in middle)
    return f"the square {words.component(0)} {one}, {words.component(1)} {two}"


def answer(middle: Place, side: float, epsilon: float, counted: Counted) -> str:
    """The shares of the square and of the line."""
    total = sum(middle)
    line = f"of those on the line J₁ + J₂ = {words.number(total)} through its middle, {words.per_cent(counted.line)}"
    if total >= 1:
        line = f"its middle lies at J₁ + J₂ = {words.number(total)}, where no plateau is ahead any more"
    return (
        f"Of the starts spread evenly over {_square_in_words(middle, side)}, "
        f"<b>{words.per_cent(counted.square)}</b> are in the basin of ε = {words.number(epsilon)}; {line}."
    )


def compared(map_: Map, middle: Place) -> str:
    """What a learner's own flatness says, beside the closed form."""
    mine, exact = map_(*middle), float(plateaus.flatness(np.array(middle)))
    ratio, (p, q) = farthest(map_)
    if ratio < 1.01:
        far = f"by less than {'0.01' if ratio < 1.0001 else '1'} %"
    else:
        far = f"by a factor of up to {words.number(ratio)}, at ({words.number(p)}, {words.number(q)})"
    return (
        f" Your flatness at its middle is {words.number(mine)}, the closed form {words.number(exact)}; "
        f"at the {CELLS**2} starts painted the two differ {far}."
    )


class Basin(Card):
    """The widget that `basin` returns; `bet` is the words that were chosen, or None."""

    def __init__(self, map_: Map, middle: Place, side: float, epsilon: float, bet: bool):
        self.map, self.middle, self.side, self.epsilon = map_, middle, side, epsilon
        self.painted, self.bet, self.first = not bet, None, Counted(0.0, 0.0)
        self.stage = Stage(
            VIEW,
            furniture(),
            labels=["middle of the square of starts; arrow keys move it, with Shift ten times as far"],
            box=[SQUARE.x(LOW), SQUARE.y(HIGH), SQUARE.x(HIGH), SQUARE.y(LOW)],
            step=SQUARE.width / 100,
            moved=lambda _, x, y: self.move(*SQUARE.value(x, y)),
        )
        self.dials = [
            Dial(f"J{'₁₂'[k]} middle", middle[k], LOW, HIGH, 0.0005, partial(self._turn, k), by_ratio=True)
            for k in (0, 1)
        ]
        self.width = Dial("side", side, NARROW, WIDE, 0.001, self.resize, by_ratio=True)
        self.dial = Dial("epsilon", epsilon, LEAST, MOST, LEAST, self.measure, by_ratio=True)
        presets = [ui.Button(description=name) for name in PRESETS]
        for button in presets:
            button.on_click(lambda b: self.scale(PRESETS[b.description]))
        self.choice = ui.RadioButtons(options=list(BETS), value=None, description="Share of the starts in the square")
        self.button = ui.Button(description="This is my bet")
        self.button.on_click(self._commit)
        asked = [self.choice, self.button] if bet else []
        super().__init__(self.stage, *asked, *self.dials, self.width, self.dial, ui.HBox(presets))
        self._draw()

    def _commit(self, _: ui.Button) -> None:
        if self.bet is None and self.choice.value is None:
            self._draw("Choose a line first. ")
            return
        if self.bet is None:
            self.bet, self.painted = self.choice.value, True
            self.first = compute(self.middle, self.side, self.epsilon)
        self._draw()

    def _turn(self, k: int, value: float) -> None:
        one, two = (value if i == k else self.middle[i] for i in (0, 1))
        self.move(one, two)

    def move(self, j1: float, j2: float) -> None:
        """Put the middle of the square at (j1, j2), the nearest place where all of it lies in the unit square.

        Raises TypeError or ValueError if one of them is no finite number.
        """
        place = (arguments.number(j1, "j1"), arguments.number(j2, "j2"))
        self._put(place, self.side)

    def resize(self, side: float) -> None:
        """Give the square this side, the nearest in [0.001, 0.5]; TypeError or ValueError if it is no finite number."""
        self._put(self.middle, arguments.number(side, "side"))

    def scale(self, factor: float) -> None:
        """Bring middle and side this much nearer to the origin; TypeError or ValueError unless it is positive."""
        factor = arguments.number(factor, "factor", 1e-6, 1e6)
        self._put((factor * self.middle[0], factor * self.middle[1]), factor * self.side)

    def measure(self, epsilon: float) -> None:
        """Ask for the basin of this epsilon, the nearest allowed one to three digits.

        Raises TypeError or ValueError unless it is a positive finite number.
        """
        found = words.digits(arguments.number(epsilon, "epsilon", 0.0))
        self.epsilon = float(np.clip(found, LEAST, MOST))
        self._draw()

    def _put(self, middle: Place, side: float) -> None:
        self.side = float(np.clip(words.digits(side), NARROW, WIDE))
        low, high = max(LOW, self.side / 2), min(HIGH, 1 - self.side / 2)
        one, two = (float(np.clip(float(f"{J:.4g}"), low, high)) for J in middle)
        self.middle = (one, two)
        self._draw()

    def _draw(self, before: str = "") -> None:
        middle, side, epsilon = self.middle, self.side, self.epsilon
        if not self.painted:
            self._show(starts(middle, side), before + question(middle, side, epsilon))
            return
        found, trouble = attempt(self.map, self._own, PATIENCE)
        if trouble:
            self._show(starts(middle, side), words.safe(trouble))
            return
        own, about = found
        if not self.map.learners and not self.stage.back.startswith("<svg"):
            self.stage.back = clipped(SQUARE, paint(SQUARE)) + furniture()
        said = answer(middle, side, epsilon, compute(middle, side, epsilon))
        self._show(render(middle, side, epsilon, own), said + self._of_the_bet() + about)

    def _own(self) -> tuple[np.ndarray | None, str]:
        if not self.map.learners:
            return None, ""
        return cells(self.map), compared(self.map, self.middle)

    def _of_the_bet(self) -> str:
        if self.bet is None:
            return ""
        best = nearest(BETS, 100 * self.first.square)
        verdict = "that was your bet" if best == self.bet else f"you bet {self.bet}"
        return f" In the first square it was {words.per_cent(self.first.square)}, nearest to {best}: {verdict}."

    def _show(self, front: str, said: str) -> None:
        self.sentence = words.plain(said)
        place = [SQUARE.x(self.middle[0]), SQUARE.y(self.middle[1])]
        reading = f"J₁ = {self.middle[0]:g}, J₂ = {self.middle[1]:g}, side {self.side:g}"
        self.stage.show(front, said, [place], [reading])
        values = (*self.middle, self.side, self.epsilon)
        for dial, value in zip((*self.dials, self.width, self.dial), values, strict=True):
            dial.put(value)
