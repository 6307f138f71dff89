"""One number, twice: a box with a name, for the keyboard and for screen readers, and a slider beside it."""

from collections.abc import Callable

import ipywidgets as ui
import numpy as np


class Dial(ui.HBox):
    """A number in [low, high]; `by_ratio` slides on a log scale. A user's change calls `turned(value)`."""

    def __init__(
        self,
        name: str,
        value: float,
        low: float,
        high: float,
        step: float,
        turned: Callable[[float], None],
        by_ratio: bool = False,
        digits: int = 3,
    ):
        self.low, self.high, self.by_ratio, self.digits, self._turned = low, high, by_ratio, digits, turned
        whole = isinstance(step, int)
        box, slider = (ui.BoundedIntText, ui.IntSlider) if whole else (ui.BoundedFloatText, ui.FloatSlider)
        self.box = box(value, min=low, max=high, step=step, description=name)
        if by_ratio:
            self.slider = ui.FloatLogSlider(value, min=np.log10(low), max=np.log10(high), step=0.005, readout=False)
        else:
            self.slider = slider(value, min=low, max=high, step=step, readout=False)
        for twin in (self.box, self.slider):
            twin.observe(self._changed, "value")
        super().__init__([self.box, self.slider])
        self.add_class("ray-dial")
        self._quiet = False

    @property
    def value(self) -> float:
        """The number."""
        return self.box.value

    def put(self, value: float, but: ui.Widget | None = None) -> None:
        """Set both twins, or all `but` one, without calling `turned`."""
        self._quiet = True
        try:
            for twin in (self.box, self.slider):
                if twin is not but:
                    twin.value = value
        finally:
            self._quiet = False

    def _changed(self, change: dict) -> None:
        if self._quiet:
            return
        value = change["new"]
        if self.by_ratio and change["owner"] is self.slider:
            value = min(self.high, max(self.low, float(f"{value:.{self.digits}g}")))  # as the box shows it
        self.put(value, but=change["owner"])  # a slider under the hand is not pushed back
        self._turned(value)
