"""One number, twice: a box with a name, for the keyboard and for screen readers, and a slider beside it."""

from collections.abc import Callable

import ipywidgets as ui
import numpy as np

from raylab.widgets import words

NOTCHES = 400  # places of a slider that is not counted in whole numbers


class Dial(ui.HBox):
    """A number in [low, high]; `by_ratio` slides on a log scale. A user's change calls `turned(value)`.

    The slider counts notches in whole numbers: one that is set to a value between two places answers with the
    nearest, and such an answer, if late, would undo the next move.
    """

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
        self.value, self._turned, self._quiet, self._whole = value, turned, False, isinstance(step, int)
        self._low, self._high, self._by_ratio = low, high, by_ratio
        box = ui.BoundedIntText if self._whole else ui.BoundedFloatText
        self.box = box(value, min=low, max=high, step=step, description=name)
        last = high - low if self._whole else NOTCHES
        self.slider = ui.IntSlider(self._notch(value), min=0, max=last, readout=False)
        self.box.observe(self._typed, "value")
        self.slider.observe(self._slid, "value")
        super().__init__([self.box, self.slider])
        self.add_class("ray-dial")

    def put(self, value: float) -> None:
        """Set both twins without calling `turned`."""
        if value != self.value:
            self._set(value)

    def limit(self, low: float, high: float) -> None:
        """Let the number lie in [low, high] from now on, without calling `turned`; one outside moves to the edge."""
        if (low, high) != (self._low, self._high):
            self._low, self._high, self._quiet = low, high, True
            try:
                if high < self.box.min:  # a box never has its lower limit above the upper one
                    self.box.min, self.box.max = low, high
                else:
                    self.box.max, self.box.min = high, low
            finally:
                self._quiet = False
            self._set(min(high, max(low, self.value)))

    def _set(self, value: float, but: ui.Widget | None = None) -> None:
        self.value, self._quiet = value, True
        try:
            if but is not self.box:
                self.box.value = value
            if but is not self.slider:  # the slider stays under the hand
                self.slider.value = self._notch(value)
        finally:
            self._quiet = False

    def _typed(self, change: dict) -> None:
        if not self._quiet:
            self._set(change["new"], but=self.box)
            self._turned(self.value)

    def _slid(self, change: dict) -> None:
        if not self._quiet:
            self._set(self._at(change["new"]), but=self.slider)
            self._turned(self.value)

    def _notch(self, value: float) -> int:
        if self._whole:
            return int(value) - int(self._low)
        low, high, value = self._scaled(self._low), self._scaled(self._high), self._scaled(value)
        return round(NOTCHES * (value - low) / (high - low))

    def _at(self, notch: int) -> float:
        if self._whole:
            return int(self._low) + notch
        low, high = self._scaled(self._low), self._scaled(self._high)
        value = low + (high - low) * notch / NOTCHES
        value = words.digits(10**value if self._by_ratio else value)
        return min(self._high, max(self._low, value))

    def _scaled(self, value: float) -> float:
        return float(np.log10(value)) if self._by_ratio else value
