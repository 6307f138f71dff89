"""Small pieces of SVG. One viewBox is 640 units wide; text has at least 13 units."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from raylab import palette
from raylab.widgets.words import SUBSCRIPTS

Values = NDArray[np.float64]
Place = TypeVar("Place", float, Values)  # one number or an array, and the same kind back
Places = Values | Sequence[float]
WIDTH = 640
_ITALIC = '<tspan font-family="Georgia,DejaVu Serif,serif" font-style="italic" font-size="17">'


@dataclass(frozen=True)
class Panel:
    """A rectangle of the picture in which data live: x runs to the right, y upwards."""

    left: float
    top: float
    width: float
    height: float
    x_range: tuple[float, float] = (0.0, 1.0)
    y_range: tuple[float, float] = (0.0, 1.0)

    @property
    def right(self) -> float:
        """The right edge in units of the picture."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The lower edge in units of the picture."""
        return self.top + self.height

    def x(self, value: Place) -> Place:
        """From data to the picture."""
        low, high = self.x_range
        return self.left + self.width * (value - low) / (high - low)

    def y(self, value: Place) -> Place:
        """From data to the picture."""
        low, high = self.y_range
        return self.bottom - self.height * (value - low) / (high - low)

    def value(self, x: float, y: float) -> tuple[float, float]:
        """From the picture back to data."""
        (x0, x1), (y0, y1) = self.x_range, self.y_range
        return (
            x0 + (x1 - x0) * (x - self.left) / self.width,
            y0 + (y1 - y0) * (self.bottom - y) / self.height,
        )

    def line(self, x: Values, y: Values, colour: str, width: float = 1.0, dash: str = "") -> str:
        """A line through data points."""
        return line(self.x(x), self.y(y), colour, width, dash)

    def axes(self) -> str:
        """The left and lower edge."""
        way = f"M{self.left:g},{self.top:g}V{self.bottom:g}H{self.right:g}"
        return f'<path d="{way}" fill="none" stroke="{palette.QUIET}"/>'


def text(x: float, y: float, words: str, colour: str = palette.TEXT, anchor: str = "middle", size: float = 14) -> str:
    """Words with a white halo; `words` may hold tspans."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" text-anchor="{anchor}" font-size="{size:g}" '
        f'paint-order="stroke" stroke="{palette.PAPER}" stroke-width="4" stroke-linejoin="round">{words}</text>'
    )


def J(k: int | None = None, prime: bool = False) -> str:
    """The symbol J, J₁, J₂ or J′ as a tspan; `k` counts from 0."""
    return f"{_ITALIC}J</tspan>{'′' if prime else ''}{'' if k is None else SUBSCRIPTS[k + 1]}"


def square(panel: Panel, ends: bool = True) -> str:
    """A square of performances: its axes, J₁ to the right, J₂ upwards, and 0 and 1 at their `ends`."""
    out = [panel.axes()]
    if ends:
        out += [
            text(panel.x(v), panel.bottom + 19, f"{v}") + text(panel.left - 9, panel.y(v) + 5, f"{v}", anchor="end")
            for v in (0, 1)
        ]
    middle = panel.left + panel.width / 2, panel.top + panel.height / 2
    out.append(text(middle[0], panel.bottom + 24, J(0), palette.ONE_TEXT))
    out.append(text(panel.left - 12, middle[1] + 5, J(1), palette.TWO_TEXT, "end"))
    return "".join(out)


def rect(x: float, y: float, width: float, height: float, fill: str, edge: str = "", line_width: float = 1) -> str:
    """A rectangle of the picture, x and y its upper left corner; no width is below 0."""
    at = f'x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{max(height, 0):.1f}"'
    around = f' stroke="{edge}" stroke-width="{line_width:g}"' if edge else ""
    return f'<rect {at} fill="{fill}"{around}/>'


def points(x: Places, y: Places) -> str:
    """Places for a polyline, in half units, repeated ones left out."""
    halves = np.rint(2 * np.stack([x, y], axis=-1)).astype(int)
    kept = np.append(True, (halves[1:] != halves[:-1]).any(axis=-1))
    return " ".join(f"{a / 2:g},{b / 2:g}" for a, b in halves[kept].tolist())


def line(x: Places, y: Places, colour: str, width: float = 1.0, dash: str = "") -> str:
    """A polyline through places of the picture."""
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<polyline points="{points(x, y)}" fill="none" stroke="{colour}" '
        f'stroke-width="{width:g}" stroke-linejoin="round" stroke-linecap="round"{dashes}/>'
    )


def dot(
    x: float, y: float, radius: float = 5, fill: str = palette.INK, edge: str = palette.INK, width: float = 1.4
) -> str:
    """A circle; open with fill=palette.PAPER."""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" fill="{fill}" stroke="{edge}" stroke-width="{width:g}"/>'


def filled(x: Places, y: Places, colour: str) -> str:
    """A filled polygon."""
    return f'<polygon points="{points(x, y)}" fill="{colour}"/>'


def decades(panel: Panel, exponents: Sequence[int]) -> str:
    """Tick labels 1, 100, 10 000, 10⁶ under a panel whose x is log10 of time."""
    named = {0: "1", 1: "10", 2: "100", 3: "1000", 4: "10⁴", 5: "10⁵", 6: "10⁶", 7: "10⁷", 8: "10⁸"}
    return "".join(text(panel.x(d), panel.bottom + 19, named[d]) for d in exponents)
