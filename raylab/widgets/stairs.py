"""The picture of the staircase widget: J in log time, its speed below, and the powers of the waits over r."""

from dataclasses import replace

import numpy as np

from raylab import palette, plateaus
from raylab.widgets import svg, words
from raylab.widgets.climbs import Climb, Place, compute

VIEW = "0 0 640 494"
BOX = (56.0, 30.0, 560.0, 206.0)  # of the stairs: left, top, width, height
STRIP = (56.0, 262.0, 560.0, 54.0)
POWERS = svg.Panel(56, 392, 560, 76, (0, 1), (0, 2))  # r as a share of its bound; log10 of the power
LEAST = 2.0  # decades of the time axis
NAMES = ("first", "second", "third", "fourth", "fifth", "sixth")


def bound(K: int) -> float:
    """The largest r of the dial: just below 1 / (K - 1), where K equal cosines -r still have features."""
    return np.floor(1000 / (K - 1) - 1e-9) / 1000


def ramp(K: int) -> list[str]:
    """K colours from the dark to the light end of the ordered ramp; each stair also carries its number."""
    table = np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in palette.ORDERED])
    at = np.linspace(0, len(table) - 1, K)
    mixed = np.stack([np.interp(at, np.arange(len(table)), channel) for channel in table.T], axis=-1)
    return [f"#{r:02X}{g:02X}{b:02X}" for r, g, b in np.rint(mixed).astype(int).tolist()]


def backdrop() -> str:
    """Names of the three panels."""
    left, top, width, _ = BOX
    strip = STRIP[1] + STRIP[3]
    out = [
        svg.text(left, top - 10, f"{svg.J()}, thin for each component, thick for their sum", anchor="start"),
        svg.text(left, STRIP[1] - 8, f"speed {svg.J(prime=True)}", anchor="start"),
        svg.text(left + width / 2, strip + 40, "time, log scale"),
        svg.text(left, POWERS.top - 10, "power of 1/p in each wait, over r", anchor="start"),
    ]
    return "".join(out)


def render(place: Place, climb: Climb, before: tuple[Place, Climb] | None) -> tuple[str, str]:
    """(front of the picture, sentence in HTML): the staircase, its theory and what it says."""
    last = axis(place, climb)
    front = _stairs(place, climb, last) + _strip(climb, last) + _powers(place)
    return front, _sentence(place, climb) + _growth(place, climb, before)


def axis(place: Place, climb: Climb) -> float:
    """The last decade of the time axis; it stays when labels take the place of rewards."""
    if place.labels:
        place = replace(place, labels=False)
        climb = compute(place)
    ends = [t for _, t in climb.learned]
    if len(ends) < place.K:
        return float(np.ceil(max(climb.decades[-1], LEAST)))
    ends += [t for t in climb.predicted if t < 1.5 * ends[-1] + 1]
    return float(np.ceil(max(1.04 * max(ends) + 0.3, LEAST)))


def _stairs(place: Place, climb: Climb, last: float) -> str:
    panel, colours = svg.Panel(*BOX, (0, last), (0, place.K)), ramp(place.K)
    out = [panel.axes()]
    out += [svg.text(panel.left - 9, panel.y(k) + 5, f"{k}", anchor="end") for k in (0, place.K)]
    first = int(np.argmax(climb.decades > 0)) - 1
    t = np.append(climb.decades[first:], last).clip(0, last)  # the last value holds to the end of the axis
    J = np.concatenate([climb.J[first:], climb.J[-1:]])
    out += [_line(panel, t, J[:, k], colours[k], 1.3) for k in range(place.K)]
    ends = [int(np.searchsorted(t, end)) for _, end in climb.learned]
    order = [colours[k] for k, _ in climb.learned]
    if len(order) < place.K:
        order, ends = [*order, palette.QUIET], [*ends, len(t)]
    ends[-1] = len(t)
    for m, (begin, end) in enumerate(zip([0, *ends[:-1]], ends, strict=True)):
        flat = "7 6" if m == len(climb.learned) else ""
        out.append(
            _line(panel, t[max(begin - 1, 0) : end], J.sum(axis=-1)[max(begin - 1, 0) : end], order[m], 3.6, flat)
        )
    return "".join(out) + _marks(place, climb, panel, colours)


def _line(panel: svg.Panel, x: np.ndarray, y: np.ndarray, colour: str, width: float, dash: str = "") -> str:
    """A line through data of which only the bends are sent: a staircase is flat nearly everywhere."""
    level = np.rint(2 * panel.y(y))
    bends = np.append(True, np.diff(level) != 0)
    kept = bends | np.append(bends[1:], True)
    return panel.line(x[kept], y[kept], colour, width, dash)


def _marks(place: Place, climb: Climb, panel: svg.Panel, colours: list[str]) -> str:
    """The number of each riser, its predicted time, and what never comes."""
    out, m = "", len(climb.learned)
    if place.labels:
        x = panel.x(climb.learned[-1][1]) + 14
        return svg.text(x, panel.y(place.K / 2), "with labels: all of them", palette.INK, "start")
    for i, (k, when) in enumerate(climb.learned):
        x, name = max(panel.x(when) - 10, panel.left + 14), f'<tspan font-weight="700">{k + 1}</tspan>'
        out += svg.text(x, panel.y(i + 0.5) + 5, name, colours[k], "end")
    for i, when in enumerate(np.sort(climb.predicted)):
        if when <= panel.x_range[1]:
            out += svg.dot(panel.x(max(when, 0)), panel.y(i + 0.5), 5, palette.PAPER, palette.INK, 2)
    if m < place.K:
        said = "never" if climb.never else f"not by 10{words.raised(round(climb.decades[-1]))}"
        missing = ", ".join(f"{k + 1}" for k in range(place.K) if k not in dict(climb.learned))
        out += svg.text(panel.right - 4, panel.y(m) - 12, f"{missing}: {said}", palette.INK, "end", 15)
    out += svg.dot(panel.right - 84, panel.top - 15, 5, palette.PAPER, palette.INK, 2)
    return out + svg.text(panel.right, panel.top - 10, "predicted", anchor="end")


def _strip(climb: Climb, last: float) -> str:
    first = int(np.argmax(climb.decades > 0)) - 1
    shown = slice(first, int(np.searchsorted(climb.decades, last, "right")))
    t, speed = climb.decades[shown].clip(0, last), climb.speed[shown]
    low = float(min(np.floor(speed.min()), -2))
    panel = svg.Panel(*STRIP, (0, last), (low, 0))
    step = next(s for s in (1, 2, 5, 10, 20, 50) if last / s <= 6.5)
    out = [panel.axes(), panel.line(t, speed.clip(low, 0), palette.PLATEAU, 2)]
    for d in range(0, int(last) + 1, step):
        out.append(svg.text(panel.x(d), panel.bottom + 19, _power(d)))
    for level in (0, low):
        out.append(svg.text(panel.left - 7, panel.y(level) + 5, _power(level), anchor="end", size=13))
    return "".join(out)


def _power(decade: float) -> str:
    return "1" if decade == 0 else "10" if decade == 1 else f"10{words.raised(round(decade))}"


def _powers(place: Place) -> str:
    """(1 + r) / (1 - (2m - 1) r) for each number m of learned components, up to where it is infinite."""
    p, top, wall = POWERS, 1 / (place.K - 1), 1 / (2 * place.K - 3)
    out = [svg.rect(p.x(wall / top), p.top, p.right - p.x(wall / top), p.height, palette.BAND)] if wall < top else []
    out.append(p.axes())
    out += [_branch(m, top, colour) for m, colour in enumerate(ramp(place.K)[1:], 1)]
    at = p.x(place.r / top)
    out.append(svg.line([at, at], [p.top, p.bottom], palette.INK, 1.2, "3 3"))
    for m in range(1, place.K):
        power = plateaus.wait_exponent(-place.r, m)
        if power <= 10 ** p.y_range[1]:
            out.append(svg.dot(at, p.y(np.log10(power)), 4, palette.PAPER, palette.INK, 1.6))
    if wall < top:
        out.append(svg.text((p.x(wall / top) + p.right) / 2, p.bottom + 19, "a trap", palette.PLATEAU))
        out.append(svg.text(p.x(wall / top), p.bottom + 19, f"1/{2 * place.K - 3}"))
    out += [svg.text(p.left - 9, p.y(v) + 5, f"{10**v}", anchor="end", size=13) for v in (0, 1, 2)]
    ends = ((p.left, "0"), (p.right, "1" if place.K == 2 else f"1/{place.K - 1}"))
    return "".join(out) + "".join(svg.text(x, p.bottom + 19, said) for x, said in ends)


def _branch(m: int, top: float, colour: str) -> str:
    """The power with m learned, over r in [0, top), with the number of the component that waits."""
    p, r = POWERS, np.linspace(0, top, 600)[:-1]
    power = (1 + r) / np.maximum(1 - (2 * m - 1) * r, 1e-9)
    shown = power <= 10 ** p.y_range[1]
    x, y = p.x(r[shown] / top), p.y(np.log10(power[shown]))
    leaves = y[-1] < p.top + 20  # through the upper edge
    label = (x[-1] - 7, p.top + 13, "end") if leaves else (p.right + 6, y[-1] + 5, "start")
    return svg.line(x, y, colour, 2.4) + svg.text(label[0], label[1], f"{m + 1}", colour, label[2], 13)


def _sentence(place: Place, climb: Climb) -> str:
    taught = "labels" if place.labels else "rewards"
    said = (
        f"{place.K} components of cosine {words.number(-place.r)}, taught by {taught}, from "
        f"J₁ = {words.number(place.start)}, each next one lower by a factor {words.number(place.ratio)}: "
    )
    times = [f"{time(t)}" for _, t in climb.learned]
    said += f"learned at t = <b>{_listed(times)}</b>" if times else "none is learned"
    return said + _rest(place, climb) + _theory(place, climb)


def _rest(place: Place, climb: Climb) -> str:
    """What is said of those that are not learned."""
    m, missing = len(climb.learned), place.K - len(climb.learned)
    if not missing:
        return ". "
    who = f"the {NAMES[m]}" if missing == 1 else f"the other {missing}"
    if climb.never:
        return f"; {who} <b>never</b>: with {m} learned, r above 1/{2 * m - 1} is a trap. "
    late = climb.predicted[np.isfinite(climb.predicted)]
    soon = f", but near 10{words.raised(round(late.max()))}" if len(late) == place.K else ""
    return f"; {who} not by t = 10{words.raised(round(climb.decades[-1]))}{soon}. "


def _theory(place: Place, climb: Climb) -> str:
    if place.labels:
        return "With labels no wait is a power of 1/p."
    powers = [words.number(x) for x in climb.powers]
    return f"Theory for low p: the waits grow as 1/p to the powers {_listed(powers)}."


def _growth(place: Place, climb: Climb, before: tuple[Place, Climb] | None) -> str:
    """The powers as measured: by how much the times grew since the last start, if nothing else was changed."""
    if before is None:
        return ""
    was, found = before
    same = (was.K, was.r, was.ratio, was.labels) == (place.K, place.r, place.ratio, place.labels)
    if not same or abs(np.log(was.start / place.start)) < 0.3 or place.labels:
        return ""
    pairs = zip(climb.learned, found.learned, strict=False)
    grown = [(new - old) / np.log10(was.start / place.start) for (_, new), (_, old) in pairs]
    if not grown:
        return ""
    return f" Measured from p = {words.number(was.start)} to here: {_listed([words.number(x) for x in grown])}."


def time(decade: float) -> str:
    """10 ** decade to three digits."""
    return words.number(10.0**decade)


def _listed(parts: list[str]) -> str:
    return ", ".join(parts[:-1]) + (" and " if len(parts) > 1 else "") + parts[-1]
