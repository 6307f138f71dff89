"""The picture of the modes widget: each mode over time, theory dashed, and the wait over the size of the start."""

from collections.abc import Iterable

import numpy as np

from raylab import palette
from raylab.systems import deep_linear
from raylab.widgets import svg, words
from raylab.widgets.growth import Growth, Setting

VIEW = "0 0 640 462"
BOX = (48.0, 30.0, 564.0, 188.0)  # of the curves: left, top, width, height
LOWEST, HIGHEST = 1e-6, 0.1  # start
DEPTHS = (1, 2, 3, 4, 5)
WAITS = svg.Panel(48, 316, 470, 102, (np.log10(LOWEST), np.log10(HIGHEST)), (-1, 4))
_GRID = np.geomspace(LOWEST, HIGHEST, 61)


def backdrop() -> str:
    """Names of the two panels."""
    left, top, _, height = BOX
    out = [
        svg.text(
            left, top - 10, "strength of each mode as a share of its target; dashed: exact theory", anchor="start"
        ),
        svg.text(left, WAITS.top - 10, "half-time of the weakest mode over the start, both log", anchor="start"),
        *(svg.text(left - 9, top + height * (1 - v) + 5, f"{v:g}", anchor="end") for v in (0, 0.5, 1)),
        svg.text(WAITS.left + WAITS.width / 2, WAITS.bottom + 38, "strength of every mode at the start"),
    ]
    for d in range(-6, 0):
        out.append(svg.text(WAITS.x(d), WAITS.bottom + 19, words.number(10.0**d)))
    for d, said in ((0, "1"), (2, "100"), (4, "10⁴")):
        out.append(svg.text(WAITS.left - 7, WAITS.y(d) + 5, said, anchor="end", size=13))
    return "".join(out)


def render(setting: Setting, growth: Growth, logarithmic: bool) -> tuple[str, str]:
    """(front of the picture, sentence in HTML)."""
    return _curves(setting, growth, logarithmic) + _waits(setting), _sentence(setting, growth)


def ramp(modes: int) -> list[str]:
    """A colour for each mode, from the dark end; the curve carries its number as well."""
    table = palette.ORDERED
    return [table[i] for i in ((0,), (0, 2), (0, 1, 2), (0, 1, 2, 3))[modes - 1]]


def _curves(setting: Setting, growth: Growth, logarithmic: bool) -> str:
    s, end = np.array(setting.strengths), growth.last
    first = float(growth.halves.min()) / 10 if logarithmic else 0.0  # where the axis begins
    span = (np.log10(first), np.log10(end)) if logarithmic else (0.0, end)
    panel = svg.Panel(*BOX, span, (0.0, 1.0))
    x, net = _cut(growth.times, growth.net / s, first, end)
    way, exact = _cut(growth.grid, growth.exact / s, first, end)
    if logarithmic:
        x, way = np.log10(x), np.log10(way)
    out, colours = [panel.axes(), panel.line(np.array(span), np.array([0.5, 0.5]), palette.HAIR)], ramp(len(s))
    out += [panel.line(x, net[:, a].clip(-0.06, 1.06), colour, 3.4) for a, colour in enumerate(colours)]
    out += [panel.line(way, exact[:, a], palette.INK, 1.4, "6 5") for a in range(len(s))]

    def place(time: float) -> float:
        return float(panel.x(np.log10(max(time, first)) if logarithmic else time))

    for a, colour in enumerate(colours):
        out.append(svg.dot(place(growth.halves[a]), panel.y(0.5), 5, palette.PAPER, palette.INK, 1.8))
        if growth.measured[a] <= growth.end:
            at = place(growth.measured[a])
            out.append(svg.dot(at, panel.y(0.5), 3, colour, colour))
            name = f'<tspan font-weight="700">{a + 1}</tspan>'
            out.append(svg.text(max(at - 10, panel.left + 12), panel.y(0.68), name, colour, "end"))
        else:
            out.append(svg.text(panel.right, panel.y(0.04 + 0.09 * a), f"{a + 1}: not yet", colour, "end", 13))
    return "".join(out) + _ticks(panel, end, logarithmic)


def _cut(t: np.ndarray, curves: np.ndarray, first: float, end: float) -> tuple[np.ndarray, np.ndarray]:
    """(times, curves) from `first` to `end`, both of which are added by straight lines."""
    inside = t[(t > first) & (t < end)]
    x = np.concatenate([[first], inside, [end]])
    return x, np.stack([np.interp(x, t, curve) for curve in curves.T], axis=-1)


def _ticks(panel: svg.Panel, end: float, logarithmic: bool) -> str:
    out = svg.text(panel.left + panel.width / 2, panel.bottom + 40, f"time{', log scale' if logarithmic else ''}")
    if logarithmic:
        low, high = panel.x_range
        digits = (1,) if high - low > 2 else (1, 2, 5)
        marks = [m * 10.0**d for d in range(int(np.floor(low)), int(np.floor(high)) + 1) for m in digits]
        shown = [v for v in marks if low <= np.log10(v) <= high]
        return out + "".join(svg.text(panel.x(np.log10(v)), panel.bottom + 19, words.number(v)) for v in shown)
    step = next(m * 10.0**e for e in range(-2, 6) for m in (1, 2, 5) if end / (m * 10.0**e) <= 6)
    return out + "".join(svg.text(panel.x(v), panel.bottom + 19, words.number(v)) for v in np.arange(0, end, step))


def _waits(setting: Setting) -> str:
    """The half-time of the weakest mode over the start, one line for each depth."""
    p, s = WAITS, min(setting.strengths)
    out = [p.axes()]
    for L in DEPTHS:
        time = np.log10(deep_linear.half_time(s, _GRID, L))
        now = setting.depth == L
        shown = (time >= p.y_range[0]) & (time <= p.y_range[1])
        colour = palette.PLATEAU if now else palette.QUIET
        out.append(p.line(np.log10(_GRID[shown]), time[shown], colour, 3.2 if now else 1.2))
    out += _names(s, setting.depth)
    at, time = np.log10(setting.start), np.log10(float(deep_linear.half_time(s, setting.start, setting.depth)))
    out.append(svg.line([p.x(at), p.x(at)], [p.top, p.bottom], palette.INK, 1.2, "3 3"))
    out.append(svg.dot(p.x(at), p.y(float(np.clip(time, *p.y_range))), 4, palette.PAPER, palette.INK, 1.6))
    return "".join(out)


def _names(s: float, depth: int) -> list[str]:
    """The number of layers at the left end of each line, far enough from one another."""
    p, out = WAITS, []
    ends = sorted(((float(np.log10(deep_linear.half_time(s, LOWEST, L))), L) for L in DEPTHS), reverse=True)
    below = p.top - 11.0
    for time, L in ends:
        below = max(float(p.y(min(time, p.y_range[1]))), below + 15)
        colour = palette.PLATEAU if depth == L else palette.QUIET
        said = f"{L} layer{'s' if L > 1 else ''}"
        out.append(svg.text(p.right + 8, below + 5, said, colour, "start", 13))
    return out


def _sentence(setting: Setting, growth: Growth) -> str:
    r, layers = len(setting.strengths), f"{setting.depth} layer{'s' if setting.depth > 1 else ''}"
    modes = f"{r} modes of strengths" if r > 1 else "One mode of strength"
    said = (
        f"{modes} {listed(words.number(s) for s in setting.strengths)} in {layers}, from {words.number(setting.start)}"
    )
    theory = listed(words.number(t) for t in growth.halves)
    if setting.tilt == 0:
        said += f": {_measured(growth)}; exact theory {theory}. "
    else:
        said += f", tilted by {words.per_cent(setting.tilt)}: {_measured(growth)}; "
        said += f"theory for aligned layers {theory}. "
    return said + _growth(setting, growth)


def _measured(growth: Growth) -> str:
    late = words.number(growth.end)
    if (growth.measured > growth.end).all():
        return f"<b>not half learned by t = {late}</b>"
    times = listed(words.number(t) if t <= growth.end else f"not by {late}" for t in growth.measured)
    return f"half learned at <b>t = {times}</b>"


def _growth(setting: Setting, growth: Growth) -> str:
    """What a lower start costs the weakest mode, by the theory."""
    weakest = int(np.argmin(setting.strengths))
    factor = words.number(float(growth.slower[weakest]))
    law = {1: "never more than log 2, from any start", 2: "the logarithm of 1/start"}.get(setting.depth)
    law = law or f"for low starts, 1/start to the power {words.number(1 - 2 / setting.depth)}"
    when = "By theory, from a start ten times lower" if setting.tilt else "From a start ten times lower"
    who = "the weakest" if len(setting.strengths) > 1 else "it"
    return f"{when} {who} takes {factor} times as long: {law}."


def listed(parts: Iterable[str]) -> str:
    """1, 2 and 3."""
    parts = list(parts)
    return ", ".join(parts[:-1]) + (" and " if len(parts) > 1 else "") + parts[-1]
