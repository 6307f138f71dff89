"""What the learner sees: plain text, and HTML in which every text is escaped."""

import re
from dataclasses import dataclass
from html import escape

from raylab.palette import BAND, EARTH, HAIR, INK, PAPER, PLATEAU, QUIET, SAND

# mark, colour, tint: the mark and the word say it too, never the hue alone
LOOK = {
    "not attempted": ("○", QUIET, PAPER),
    "wrong": ("✕", EARTH, SAND),
    "almost": ("◐", PLATEAU, BAND),
    "correct": ("●", INK, PAPER),
    "hint": ("?", INK, PAPER),
}


def _html(look: str, head: str, message: str, detail: str = "") -> str:
    mark, colour, tint = LOOK[look]
    body = re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(message))
    below = detail and (
        f'<pre style="margin:8px 0 0;padding:0;background:none;color:{INK};white-space:pre-wrap;'
        f'overflow-wrap:anywhere;font-size:13px;line-height:1.45">{escape(detail)}</pre>'
    )
    return (
        f'<div role="status" style="max-width:720px;box-sizing:border-box;border:1px solid {HAIR};'
        f"border-left:4px solid {colour};background:{tint};color:{INK};padding:10px 16px;"
        f'font:15px/1.5 system-ui,sans-serif"><span style="color:{colour};font-weight:700">'
        f'<span aria-hidden="true">{mark}</span> {escape(head)}</span><br>{body}{below}</div>'
    )


@dataclass(frozen=True, repr=False)
class Result:
    """The outcome of one check; shows itself at the end of a cell.

    state: "not attempted", "wrong", "almost" or "correct". message: why. detail: the smallest failing
    instance, the learner's own traceback, what was printed, or a model answer; often empty.
    """

    exercise: str
    state: str
    message: str
    detail: str = ""

    def __repr__(self) -> str:
        return f"{self.exercise} {self.state}: {self.message}" + (f"\n{self.detail}" if self.detail else "")

    def _repr_html_(self) -> str:
        return _html(self.state, f"{self.exercise} {self.state}", self.message, self.detail)


@dataclass(frozen=True, repr=False)
class Hint:
    """One hint of several; `level` counts from 1, `of` is how many there are."""

    exercise: str
    level: int
    of: int
    text: str

    def __repr__(self) -> str:
        return f"{self._head()}: {self.text}"

    def _repr_html_(self) -> str:
        return _html("hint", self._head(), self.text)

    def _head(self) -> str:
        return f"{self.exercise} hint {min(self.level, self.of)} of {self.of}" + (
            " (there is no further one)" if self.level > self.of else ""
        )
