"""A picture with handles, a sentence under it and a voice that waits until the hand rests."""

from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets as ui
import traitlets as tr

from raylab.widgets import words
from raylab.widgets.card import HERE, anywidget

_Base: Any = anywidget.AnyWidget if anywidget else ui.HTML


class Stage(_Base):
    """Shows `back` (sent once) and `front` (sent with every move) as one SVG, and moves handles on it.

    Where anywidget is missing this is a plain HTML picture without handles, so every handle needs a twin: a number
    box. A stage without a `view` has no picture and only speaks.
    """

    if anywidget:
        _esm = (HERE / "drag.js").read_text(encoding="utf-8")
    view, back, front, sentence, mark, axes = (tr.Unicode().tag(sync=bool(anywidget)) for _ in range(6))
    labels, handles, readings, box = (tr.List().tag(sync=bool(anywidget)) for _ in range(4))
    step = tr.Float(1.0).tag(sync=bool(anywidget))
    answered, frame = (tr.Int(0).tag(sync=bool(anywidget)) for _ in range(2))

    def __init__(
        self,
        view: str = "",
        back: str = "",
        labels: Sequence[str] = (),
        box: Sequence[float] = (),
        axes: str = "xy",
        step: float = 1.0,
        moved: Callable[[int, float, float], None] | None = None,
    ):
        """`view`: the SVG's viewBox. `labels`: one per handle. `box`: x0, y0, x1, y1 that the handles stay in, or these
        four for each handle, one after the other; x0 = x1 is a handle that only rises and falls.

        `axes`: "xy", or "y" for handles that only rise and fall, "x" for those that do not. `step`: one arrow key,
        in units of the view. `moved(handle, x, y)` is called with each move and must end in `show`.
        """
        super().__init__(view=view, back=back, labels=list(labels), box=list(box), axes=axes, step=step)
        self._moved, self._asked = moved, 0
        if anywidget:
            self.on_msg(self._hear)

    def _hear(self, _: Any, message: dict, __: Any) -> None:
        if self._moved and "handle" in message:  # others only carry an acknowledgement: see drag.js
            self._asked = int(message["id"])
            self._moved(int(message["handle"]), float(message["x"]), float(message["y"]))

    def show(
        self,
        front: str,
        sentence: str,
        handles: Sequence[Sequence[float]] = (),
        readings: Sequence[str] = (),
        mark: str = "",
    ) -> None:
        """Put a new picture and its sentence on the stage, in one message.

        `handles` are places in the view, `readings` what a screen reader says of each; `mark` is a colour for a bar
        beside the sentence.
        """
        if not anywidget:
            self.value = self._still(front, sentence, mark)
        with self.hold_sync():
            self.front, self.sentence, self.mark = front, sentence, mark
            self.handles, self.readings = [list(place) for place in handles], list(readings)
            self.answered = self._asked
            self.frame += 1

    def _still(self, front: str, sentence: str, mark: str) -> str:
        label = words.safe(words.plain(sentence))
        picture = f'<svg role="img" aria-label="{label}" viewBox="{self.view}">{self.back}{front}</svg>'
        bar = f'class="ray-mark" style="border-color:{mark}"' if mark else 'class="ray-sentence"' if self.view else ""
        shown = f'<div class="ray-stage">{picture}</div>' if self.view else ""
        return f'{shown}<p {bar} role="status">{sentence}</p>' if sentence else shown
