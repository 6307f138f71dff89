"""The paint of the basin widget: flatness as a colour, the exact edge of a basin, and a square of starts, magnified."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from raylab import palette, plateaus
from raylab.widgets import svg, words

PALE = 0.62  # how far the paint outside the basin fades
LEVELS = (1e-6, 1e-5, 1e-4, 1e-3, 1e-2)  # where one colour of the paint gives way to the next
VIEW = "0 0 640 402"
SQUARE = svg.Panel(44, 30, 262, 262)
GLASS = svg.Panel(364, 30, 262, 262)
KEY = svg.Panel(44, 356, 262, 12)
CELLS = 15  # along each side of the square, for a learner's own flatness

Place = tuple[float, float]


@dataclass(frozen=True)
class Counted:
    """Shares in [0, 1] of starts in the basin: in the square, and on the line J1 + J2 = const through its middle."""

    square: float
    line: float


@lru_cache(maxsize=64)
def edge(epsilon: float) -> tuple[np.ndarray, np.ndarray]:
    """(J1 + J2, the smaller of the two) along the boundary of the basin of epsilon, from the origin to the crossing."""
    total = np.concatenate([np.geomspace(1e-6, 0.1, 250, endpoint=False), np.linspace(0.1, 1 - 1e-9, 250)])
    return np.append(0.0, total), np.append(0.0, total / 2 * plateaus.basin_share(total, epsilon))


def smaller(total: np.ndarray, epsilon: float) -> np.ndarray:
    """The smaller of J1, J2 where the flatness is epsilon and J1 + J2 = total in [0, 2].

    Beyond 1 by reversibility: (p, q) has the flatness of (1 - q, 1 - p).  [ledger N2]
    """
    low = np.interp(np.minimum(total, 2 - total), *edge(epsilon))
    return np.where(total <= 1, low, total - 1 + low)


@lru_cache(maxsize=64)
def compute(middle: Place, side: float, epsilon: float) -> Counted:
    """The shares: on each line J1 + J2 = const the basin is two end pieces, and they are added up over the square."""
    low, high = np.array(middle) - side / 2, np.array(middle) + side / 2
    first, last = low.sum(), min(high.sum(), 1.0)
    total = first + (np.arange(4000) + 0.5) / 4000 * (last - first)
    m = smaller(total, epsilon)
    left, right = np.maximum(low[0], total - high[1]), np.minimum(high[0], total - low[1])  # of J1 on the line
    inside = np.maximum(np.minimum(right, m) - left, 0) + np.maximum(right - np.maximum(left, total - m), 0)
    area = inside.mean() * (last - first) if last > first else 0.0
    whole = sum(middle)
    line = float(plateaus.basin_share(whole, epsilon)) if whole < 1 else 0.0
    return Counted(float(np.clip(area / side**2, 0, 1)), line)


def furniture() -> str:
    """Axes of both panels and their names."""
    s, g, out = SQUARE, GLASS, [svg.square(SQUARE), svg.square(GLASS, ends=False)]
    out.append(svg.text(s.left, s.top - 10, "all starts", anchor="start"))
    out.append(svg.text(g.left, g.top - 10, "the square of starts, magnified", anchor="start"))
    return "".join(out)


def _key(said: str) -> str:
    """Which colour is which flatness; the powers of ten stand where one colour gives way to the next."""
    wide, out = KEY.width / len(palette.FLATNESS), []
    for i, colour in enumerate(palette.FLATNESS):
        x = KEY.left + wide * i
        out.append(svg.rect(x, KEY.top, wide, KEY.height, colour))
    for i, level in enumerate(reversed(LEVELS)):
        out.append(svg.text(KEY.left + wide * (i + 1), KEY.bottom + 17, f"10{words.raised(round(np.log10(level)))}"))
    name = f"paint:\u2002{svg.J(prime=True)} where the start crosses\u2002{svg.J(0)} + {svg.J(1)} = 1"
    out.append(svg.text(KEY.left, KEY.top - 9, name, anchor="start", size=13))
    out.append(svg.text(KEY.right + 24, KEY.bottom, said, anchor="start"))
    return "".join(out)


def _window(panel: svg.Panel, middle: Place, side: float) -> svg.Panel:
    """The panel, on the square of starts."""
    ranges = [(J - side / 2, J + side / 2) for J in middle]
    return svg.Panel(panel.left, panel.top, panel.width, panel.height, ranges[0], ranges[1])


def _totals(panel: svg.Panel, most: float) -> np.ndarray:
    low, high = (panel.x_range[i] + panel.y_range[i] for i in (0, 1))
    return np.linspace(max(low, 0.0), min(high, most), 161)


def clipped(panel: svg.Panel, drawing: str) -> str:
    """The drawing, cut at the edges of the panel."""
    box = f"{panel.left:g} {panel.top:g} {panel.width:g} {panel.height:g}"
    place = f'x="{panel.left:g}" y="{panel.top:g}" width="{panel.width:g}" height="{panel.height:g}"'
    style = f"width:{panel.width:g}px;height:{panel.height:g}px;overflow:hidden"
    return f'<svg {place} viewBox="{box}" style="{style}">{drawing}</svg>'


def paint(panel: svg.Panel) -> str:
    """The flatness map on a panel, from the exact lines of equal flatness."""
    out = [_block(panel, palette.FLATNESS[-1])]
    total = _totals(panel, 2.0)
    for level, colour in zip(LEVELS, palette.FLATNESS[-2::-1], strict=True):
        p = smaller(total, level)
        x, y = np.append(p, (total - p)[::-1]), np.append(total - p, p[::-1])
        out.append(svg.filled(panel.x(x), panel.y(y), colour))
    return "".join(out)


def mosaic(panel: svg.Panel, flatness: np.ndarray) -> str:
    """A learner's own flatness, cell by cell."""
    shade = len(LEVELS) - np.searchsorted(LEVELS, flatness, "right")
    wide, out = panel.width / CELLS, []
    for (row, column), n in np.ndenumerate(shade):
        x, y = panel.left + wide * column, panel.bottom - wide * (row + 1)
        out.append(svg.rect(x, y, wide + 0.3, wide + 0.3, palette.FLATNESS[n]))
    return "".join(out)


def _block(panel: svg.Panel, colour: str) -> str:
    return svg.rect(panel.left, panel.top, panel.width, panel.height, colour)


def outline(panel: svg.Panel, epsilon: float, fade: float) -> str:
    """What lies outside the basin, as pale as `fade`, and the line around the basin."""
    total = _totals(panel, 1.0)
    low, high = panel.x_range[0] + panel.y_range[0], panel.x_range[1] + panel.y_range[1]
    if low >= 1:
        return f'<g opacity="{fade:g}">{_block(panel, palette.PAPER)}</g>'
    p, reaches = smaller(total, epsilon), high > 1
    beyond = [[0.0, 1.0, 1.0], [1.0, 1.0, 0.0]] if reaches else [[], []]
    x, y = np.concatenate([p, beyond[0], (total - p)[::-1]]), np.concatenate([total - p, beyond[1], p[::-1]])
    out = f'<g opacity="{fade:g}">{svg.filled(panel.x(x), panel.y(y), palette.PAPER)}</g>'
    for one, two in ((p, total - p), (total - p, p)):
        end = float(one[0] > two[0]) if one[-1] == two[-1] else float(one[-1] > two[-1])
        line = np.append(one, end) if reaches else one, np.append(two, 1 - end) if reaches else two
        for colour, width in ((palette.PAPER, 5), (palette.BASIN_EDGE, 2.4)):
            out += panel.line(*line, colour, width)
    return out


def render(middle: Place, side: float, epsilon: float, own: np.ndarray | None) -> str:
    """The front of the picture once the bet is placed: paint on both panels, edge, square of starts and line."""
    glass = _window(GLASS, middle, side)
    meant = "full colour: in the basin of ε; pale: outside" if own is None else "the line: the exact basin of ε"
    if own is None:
        out = clipped(SQUARE, outline(SQUARE, epsilon, PALE))
    else:
        out = clipped(SQUARE, mosaic(SQUARE, own) + outline(SQUARE, epsilon, 0))
        out += svg.text(SQUARE.right, SQUARE.top - 10, "your flatness", anchor="end")
    out += clipped(glass, paint(glass) + outline(glass, epsilon, PALE))
    at = 0.055 if epsilon > 1e-6 else 0.11
    out += svg.text(SQUARE.x(at), SQUARE.y(0.86), "basin", palette.INK, "start")
    return out + starts(middle, side) + _key(meant)


def starts(middle: Place, side: float) -> str:
    """The square of starts, the line through its middle, and where the magnifier looks."""
    s, total = SQUARE, sum(middle)
    ends = [max(total - 1, 0.0), min(total, 1.0)]
    out = s.line(np.array(ends), total - np.array(ends), palette.PAPER, 4)
    out += s.line(np.array(ends), total - np.array(ends), palette.INK, 1.4, "3 3")
    half = max(side / 2 * s.width, 4)
    x, y = s.x(middle[0]), s.y(middle[1])
    for colour, width in ((palette.PAPER, 5), (palette.INK, 2)):
        out += svg.rect(x - half, y - half, 2 * half, 2 * half, "none", colour, width)
    g = GLASS
    for end, sign in ((0, -1), (1, 1)):
        one, two = (words.number(max(J + sign * side / 2, 0.0)) for J in middle)
        out += svg.text(g.x(end), g.bottom + 19, one, anchor=("start", "end")[end], size=13)
        out += svg.text(g.left - 6, g.y(end) + (10 if end else 0), two, anchor="end", size=13)
    return out
