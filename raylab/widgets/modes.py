"""Modes: how strong they are, how small the start is, how deep the net; and when each of them is learned."""

from collections.abc import Sequence
from functools import partial

import ipywidgets as ui
import numpy as np

from raylab import arguments
from raylab.widgets import curves, words
from raylab.widgets.card import Card
from raylab.widgets.curves import DEPTHS, HIGHEST, LOWEST, WAITS
from raylab.widgets.dial import Dial
from raylab.widgets.growth import Setting, compute
from raylab.widgets.stage import Stage

WEAKEST, STRONGEST, MOST = 0.3, 5.0, 4  # strengths, and how many of them
AXES = {"linear": False, "log": True}
PRESETS = {"two layers": (1e-3, 2, 0.0), "four layers": (1e-3, 4, 0.0), "two layers, tilted": (1e-3, 2, 0.7)}
TENTH, AGAIN = "a tenth of the start", "another draw"


def modes(
    strengths: Sequence[float] = (3.0, 2.0, 1.0),
    start: float = 1e-3,
    depth: int = 2,
    tilt: float = 0.0,
    logarithmic: bool = False,
) -> "Modes":
    """A deep linear net on white inputs: each mode of the target over time, simulated and by the exact theory.

    strengths: one to four singular values of E[y x^T], each in [0.3, 5]. start: the strength of every mode at first,
    in [1e-6, 0.1]. depth: layers, 1 to 5. tilt: how much of each layer is a random matrix of the same size, in [0, 1];
    0 for layers that are balanced and aligned, of which the theory is exact. logarithmic: the axis of time.
    Raises TypeError or ValueError for anything else.
    """
    listed = arguments.array(strengths, "strengths", "r")
    if len(listed) > MOST:
        raise ValueError(f"strengths: expected one to four modes, found {len(listed)}; leave the weakest out.")
    s = tuple(arguments.number(v, f"strengths[{i}]", WEAKEST, STRONGEST) for i, v in enumerate(listed))
    L = int(arguments.number(arguments.count(depth, "depth"), "depth", DEPTHS[0], DEPTHS[-1]))
    start = arguments.number(start, "start", LOWEST, HIGHEST)
    setting = Setting(s, start, L, arguments.number(tilt, "tilt", 0.0, 1.0))
    return Modes(setting, arguments.flag(logarithmic, "logarithmic"))


class Modes(Card):
    """The widget that `modes` returns."""

    def __init__(self, setting: Setting, logarithmic: bool):
        self.setting, self.logarithmic, self._quiet = setting, logarithmic, False
        self.stage = Stage(
            curves.VIEW,
            curves.backdrop(),
            labels=["strength of every mode at the start; left and right keys, with Shift ten times as far"],
            box=[WAITS.left, WAITS.top, WAITS.right, WAITS.bottom],
            axes="x",
            step=WAITS.width / 100,
            moved=lambda _, x, __: self.put(start=10 ** np.clip(WAITS.value(x, 0)[0], *WAITS.x_range)),
        )
        self.strengths = [
            Dial(f"strength {a + 1}", s, WEAKEST, STRONGEST, 0.01, partial(self._strength, a))
            for a, s in enumerate(setting.strengths)
        ]
        self.dials = {
            "start": Dial("start", setting.start, LOWEST, HIGHEST, LOWEST, lambda v: self.put(start=v), by_ratio=True),
            "depth": Dial("layers", setting.depth, DEPTHS[0], DEPTHS[-1], 1, lambda v: self.put(depth=int(v))),
            "tilt": Dial("tilt", setting.tilt, 0.0, 1.0, 0.01, lambda v: self.put(tilt=v)),
        }
        self.switch = ui.RadioButtons(options=list(AXES.items()), value=logarithmic, description="Time axis")
        self.switch.observe(self._switched, "value")
        buttons = [ui.Button(description=name) for name in (*PRESETS, TENTH, AGAIN)]
        for button in buttons:
            button.on_click(lambda b: self.choose(b.description))
        presets = ui.HBox(buttons)
        presets.add_class("ray-grid")
        super().__init__(self.stage, *self.strengths, *self.dials.values(), self.switch, presets)
        self._draw()

    def put(
        self,
        strengths: Sequence[float] | None = None,
        start: float | None = None,
        depth: int | None = None,
        tilt: float | None = None,
        logarithmic: bool | None = None,
    ) -> None:
        """Change what is given, to the nearest that is allowed; as many strengths as there were.

        Raises TypeError or ValueError unless these are numbers, a whole one for depth, a bool for logarithmic.
        """
        now = self.setting
        if strengths is None:
            s = now.strengths
        else:
            wanted = arguments.array(strengths, "strengths", str(len(now.strengths)))
            s = tuple(float(np.clip(words.digits(v), WEAKEST, STRONGEST)) for v in wanted)
        start = now.start if start is None else words.digits(arguments.number(start, "start", 0.0))
        L = now.depth if depth is None else min(arguments.count(depth, "depth"), DEPTHS[-1])
        tilt = now.tilt if tilt is None else round(float(np.clip(arguments.number(tilt, "tilt"), 0, 1)), 3)
        axis = self.logarithmic if logarithmic is None else arguments.flag(logarithmic, "logarithmic")
        self.setting = Setting(s, float(np.clip(start, LOWEST, HIGHEST)), L, tilt, now.seed)
        self.logarithmic = axis
        self._draw()

    def choose(self, name: str) -> None:
        """Do what that button does; TypeError for anything but text, ValueError for a name that is on none."""
        if arguments.text(name, "name") in PRESETS:
            start, depth, tilt = PRESETS[name]
            self.put(start=start, depth=depth, tilt=tilt)
        elif name == TENTH:
            self.put(start=self.setting.start / 10)
        elif name == AGAIN:
            s = self.setting
            self.setting = Setting(s.strengths, s.start, s.depth, s.tilt, s.seed + 1)
            self._draw()
        else:
            known = ", ".join((*PRESETS, TENTH, AGAIN))
            raise ValueError(f"name: expected one of {known}, found {name!r:.40}; choose one of these.")

    def _strength(self, a: int, value: float) -> None:
        s = self.setting.strengths
        self.put(strengths=(*s[:a], value, *s[a + 1 :]))

    def _switched(self, change: dict) -> None:
        if not self._quiet:
            self.put(logarithmic=change["new"])

    def _draw(self) -> None:
        now = self.setting
        front, said = curves.render(now, compute(now), self.logarithmic)
        self.sentence = words.plain(said)
        reading = f"start = {words.number(now.start)}"
        self.stage.show(front, said, [[float(WAITS.x(np.log10(now.start))), WAITS.bottom]], [reading])
        for dial, value in zip(self.strengths, now.strengths, strict=True):
            dial.put(value)
        for name in ("start", "depth", "tilt"):
            self.dials[name].put(getattr(now, name))
        self._quiet = True
        try:
            self.switch.value = self.logarithmic
        finally:
            self._quiet = False
