"""One number, twice: a box with a name, for the keyboard and for screen readers, and a slider beside it."""

from collections.abc import Callable

import ipywidgets as ui
import numpy as np

DIGITS = 3  # of what a slider on a log scale puts into its box
NOTCH = 0.005  # decades from one place of such a slider to the next


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
    ):
        self.value, self.by_ratio, self._turned, self._quiet = value, by_ratio, turned, False
        whole = isinstance(step, int)
        box, slider = (ui.BoundedIntText, ui.IntSlider) if whole else (ui.BoundedFloatText, ui.FloatSlider)
        self.box = box(value, min=low, max=high, step=step, description=name)
        if by_ratio:
            low, high = np.log10(low), np.log10(high)
            self.slider = ui.FloatLogSlider(value, min=low, max=high, step=NOTCH, readout=False)
        else:
            self.slider = slider(value, min=low, max=high, step=step, readout=False)
        self.box.observe(self._typed, "value")
        self.slider.observe(self._slid, "value")
        super().__init__([self.box, self.slider])
        self.add_class("ray-dial")

    def put(self, value: float) -> None:
        """Set both twins without calling `turned`."""
        if value != self.value:
            self._set(value, self.box, self.slider)

    def _set(self, value: float, *twins: ui.Widget) -> None:
        self.value, self._quiet = value, True
        try:
            for twin in twins:
                twin.value = value
        finally:
            self._quiet = False

    def _typed(self, change: dict) -> None:
        if not self._quiet:
            self._set(change["new"], self.slider)
            self._turned(self.value)

    def _slid(self, change: dict) -> None:
        if self._quiet or self._is_echo(change["new"]):
            return
        value = float(f"{change['new']:.{DIGITS}g}") if self.by_ratio else change["new"]
        value = min(self.box.max, max(self.box.min, value))
        self._set(value, self.box)  # the slider stays under the hand
        self._turned(value)

    def _is_echo(self, value: float) -> bool:
        """A slider that was set answers with its own nearest notch, which nobody chose."""
        if self.by_ratio:
            return bool(abs(np.log10(value / self.value)) <= 0.51 * NOTCH)
        return abs(value - self.value) <= 0.51 * self.slider.step
