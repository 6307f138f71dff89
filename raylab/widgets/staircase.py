"""The staircase: how many components, how much they pull against each other, how low they start; and the waits."""

import ipywidgets as ui
import numpy as np

from raylab import arguments
from raylab.widgets import stairs, words
from raylab.widgets.card import Card
from raylab.widgets.climbs import Climb, Place, compute
from raylab.widgets.dial import Dial
from raylab.widgets.stage import Stage
from raylab.widgets.stairs import POWERS, bound

MOST = 6  # components
LOWEST, HIGHEST = 1e-6, 0.1  # start
NEAR, FAR = 1.1, 10.0  # ratio
TAUGHT = {
    "rewards: only a right action teaches": False,
    "labels: every sample teaches, whoever chose it": True,
}
PRESETS = {"two waits": (3, 0.2, 1e-3), "five waits": (6, 0.06, 1e-3), "the last is a trap": (3, 0.4, 1e-3)}
TENTH = "a tenth of the start"


def staircase(
    components: int = 3, cosine: float = -0.3, start: float = 1e-3, ratio: float = 2.0, supervised: bool = False
) -> "Staircase":
    """K components, all pairs at the same cosine: J over log time, the predicted times and the powers of the waits.

    x_k' = sum_j gram[k, j] c(J_j), J_k = sigmoid(x_k), features of length 1; c(J) = J (1 - J), or 1 - J if
    `supervised`. components K in 2 .. 6, cosine = -r in (-1 / (K - 1), 0] to three decimals, start = J_1 in
    [1e-6, 0.1], each next component `ratio` in [1.1, 10] times lower.
    Raises TypeError or ValueError for anything else.
    """
    K = int(arguments.number(arguments.count(components, "components", 2), "components", 2, MOST))
    r = -arguments.number(cosine, "cosine", -bound(K), 0.0)
    start = arguments.number(start, "start", LOWEST, HIGHEST)
    ratio = arguments.number(ratio, "ratio", NEAR, FAR)
    return Staircase(Place(K, r, start, ratio, arguments.flag(supervised, "supervised")))


class Staircase(Card):
    """The widget that `staircase` returns."""

    def __init__(self, place: Place):
        self.place, self._quiet = place, False
        self._before: tuple[Place, Climb] | None = None
        self.stage = Stage(
            stairs.VIEW,
            stairs.backdrop(),
            labels=["r, how much they pull against each other; left and right keys, with Shift ten times as far"],
            box=[POWERS.left, POWERS.top, POWERS.right, POWERS.bottom],
            axes="x",
            step=POWERS.width / 100,
            moved=lambda _, x, __: self.put(r=POWERS.value(x, 0)[0] / (self.place.K - 1)),
        )
        self.dials = {
            "components": Dial("components K", place.K, 2, MOST, 1, lambda v: self.put(components=int(v))),
            "r": Dial("r", place.r, 0.0, bound(place.K), 0.001, lambda v: self.put(r=v)),
            "start": Dial("start p", place.start, LOWEST, HIGHEST, LOWEST, lambda v: self.put(start=v), by_ratio=True),
            "ratio": Dial("ratio", place.ratio, NEAR, FAR, 0.1, lambda v: self.put(ratio=v), by_ratio=True),
        }
        self.switch = ui.RadioButtons(options=list(TAUGHT.items()), value=place.labels, description="Taught by")
        self.switch.observe(self._switched, "value")
        buttons = [ui.Button(description=name) for name in (*PRESETS, TENTH)]
        for button in buttons[:-1]:
            button.on_click(lambda b: self._preset(*PRESETS[b.description]))
        buttons[-1].on_click(lambda _: self.put(start=self.place.start / 10))
        presets = ui.HBox(buttons)
        presets.add_class("ray-grid")
        super().__init__(self.stage, *self.dials.values(), self.switch, presets)
        self.put()

    def put(
        self,
        components: int | None = None,
        r: float | None = None,
        start: float | None = None,
        ratio: float | None = None,
        supervised: bool | None = None,
    ) -> None:
        """Change what is given, to the nearest that is allowed; r follows where it would exceed its bound for K.

        Raises TypeError or ValueError unless these are numbers, a whole one for components, a bool for supervised.
        """
        now = self.place
        K = now.K if components is None else min(arguments.count(components, "components", 2), MOST)
        r = round(now.r if r is None else arguments.number(r, "r"), 3)
        start = now.start if start is None else words.digits(arguments.number(start, "start", 0.0))
        ratio = now.ratio if ratio is None else words.digits(arguments.number(ratio, "ratio", 0.0))
        labels = now.labels if supervised is None else arguments.flag(supervised, "supervised")
        r, start, ratio = (
            float(np.clip(value, low, high))
            for value, low, high in ((r, 0.0, bound(K)), (start, LOWEST, HIGHEST), (ratio, NEAR, FAR))
        )
        place = Place(K, r, start, ratio, labels)
        if place != now:
            self._before, self.place = (now, compute(now)), place
        self._draw()

    def _preset(self, components: int, r: float, start: float) -> None:
        self.put(components, r, start, 2.0, supervised=False)

    def _switched(self, change: dict) -> None:
        if not self._quiet:
            self.put(supervised=change["new"])

    def _draw(self) -> None:
        place = self.place
        front, said = stairs.render(place, compute(place), self._before)
        self.sentence = words.plain(said)
        x = POWERS.x(place.r * (place.K - 1))
        self.stage.show(front, said, [[x, POWERS.bottom]], [f"r = {words.number(place.r)}"])
        self.dials["r"].limit(0.0, bound(place.K))
        for name, value in (("components", place.K), ("r", place.r), ("start", place.start), ("ratio", place.ratio)):
            self.dials[name].put(value)
        self._quiet = True
        try:
            self.switch.value = place.labels
        finally:
            self._quiet = False
