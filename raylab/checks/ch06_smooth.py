"""06.3: is this sympy expression a smooth coupling, zero at zero, positive after, that falls arbitrarily near 0?

Numbers alone cannot decide that. What they do decide, at exact points with thirty digits, is said in the messages.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from raylab.checks.engine import Explore, Law

SCALES = (-1, -2, -3)  # u from 10^n down to 10^(n - 1)
POINTS = 16  # in each of these
BORDER = "0.0999"  # nearly the end of the stretch that is asked about: the POINTS leave a gap there
FAR, DEEP, DEEPEST = -8, -16, -32  # between the last two f is steeper than between the first, unless like a power
ORDERS = 4  # derivatives that are tried
VALLEYS = 3  # lowest points that are looked at, in each of SCALES
HALVINGS = 100  # of the stretch around one, and as many again: enough to see a floor of e^(-1/u) above u = 0.01
TOUCHES = 1e-20  # what the second hundred leave of f, if it touches 0: 2^-200, and 2^-100 at a kink
DIGITS = 600  # may be lost where 1 + sin is nearly 0
FASTEST = 60  # power of 1/u up to which the argument of a ripple can still be computed at the deepest place
GROWS = 1.2  # times the power of u there; e^(-log^2 u) has 2 times, e^(-1/u) has 10^15 times


def _sp() -> Any:
    from raylab.symbolic import sp  # late: sympy is slow to load, and its door is there

    return sp


def _read(answer: Any) -> Any:
    """(expression, its symbol, positive), or a text that says what is wrong with the form."""
    sp = _sp()
    if callable(answer) and not isinstance(answer, sp.Basic):
        return "This is a function. Write the expression itself, in the symbol u."
    try:
        found: Any = sp.sympify(answer)
    except (sp.SympifyError, TypeError, AttributeError):
        found = None
    if not isinstance(found, sp.Expr):
        return f"This is of type {type(answer).__name__}."
    names = sorted(s.name for s in found.free_symbols)
    if names != ["u"]:
        return f"It has the symbols {', '.join(names) or 'none'}; it should have u alone."
    u = sp.Symbol("u", positive=True)
    return found.subs(found.free_symbols.pop(), u), u


def _points(scale: int) -> list[Any]:
    """Exact points within one power of ten, at places that no period is likely to share."""
    golden = 0.6180339887498949
    return [_sp().Rational(f"{10.0 ** (scale - (n * golden) % 1):.12g}") for n in range(1, POINTS + 1)]


def _value(expression: Any, u: Any, point: Any) -> Any:
    """A real number of thirty digits, or None where there is none."""
    try:
        value = expression.evalf(30, subs={u: point}, maxn=DIGITS)
    except (ArithmeticError, ValueError, TypeError):
        return None
    return value if value.is_number and value.is_finite and value.is_real else None


def _is_an_expression(answer: Any) -> bool | str:
    found = _read(answer)
    if isinstance(found, str):
        return found
    sp = _sp()
    kinks = sorted({str(part.func) for part in found[0].atoms(sp.Abs, sp.sign, sp.Max, sp.Min, sp.floor, sp.ceiling)})
    return f"{kinks[0]} has kinks or jumps, and no derivatives there." if kinks else True


def _ripples_can_be_computed(answer: Any) -> bool | str:
    return _runs_no_faster_than_powers(answer, _ripples())


def _decay_can_be_computed(answer: Any) -> bool | str:
    return _runs_no_faster_than_powers(answer, (_sp().exp,))


def _runs_no_faster_than_powers(answer: Any, kinds: tuple[type, ...]) -> bool | str:
    """No argument of these functions outgrows every power of 1/u: halves show it before numbers get too long."""
    sp = _sp()
    f, u = _read(answer)
    for inside in {part.args[0] for part in f.atoms(sp.Function) if isinstance(part, kinds)}:
        for n in range(1, int(-DEEPEST * np.log2(10)) + 1):
            value = _value(inside, u, sp.Rational(1, 2**n))
            if value is None:
                break
            if abs(value) > sp.Integer(2) ** (FASTEST * (n + 4)):  # with room for a constant factor
                return f"the argument {inside} is larger than any power of 1/u that can be computed"
    return True


def _ripples() -> tuple[type, ...]:
    sp = _sp()
    return sp.sin, sp.cos, sp.tan, sp.cot, sp.sec, sp.csc, sp.sinc


def _places() -> list[Any]:
    """The points of all SCALES and the BORDER, from the right to the left."""
    return sorted([_sp().Rational(BORDER), *(point for scale in SCALES for point in _points(scale))], reverse=True)


def _positive(answer: Any) -> bool | str:
    f, u = _read(answer)
    return next((_told(point, value) for point in _places() if not _above_zero(value := _value(f, u, point))), True)


def _above_zero(value: Any) -> bool:
    return value is not None and bool(value > 0)


def _told(point: Any, value: Any) -> str:
    return f"at u = {float(point):.4g} " + (
        "it has no finite real value" if value is None else f"it is {_sp().Float(value, 4)}".lower()  # of 1E-9 the E
    )


def _never_negative(answer: Any) -> bool | str:
    """Nor is f negative at a lowest point between those that were tried."""
    f, u = _read(answer)
    for part in _factors(f, u):
        for valley in _valleys(part, u):
            place = _lower(part, u, valley)[0]
            value = _value(f, u, place)
            if value is not None and value < 0:
                return _told(place, value)
    return True


def _never_zero(answer: Any) -> bool | str:
    """No factor of f is 0 at a lowest point.

    Ripples come back at every scale, and nearer 0 a right one may have a floor that is too low to be seen: of those
    the first scale is tried alone.
    """
    f, u = _read(answer)
    for part in _factors(f, u):
        valleys = _valleys(part, u, SCALES[:1] if part.has(*_ripples()) else SCALES)
        place = next((place for valley in valleys if (place := _bottom(part, u, valley)) is not None), None)
        if place is not None:
            return f"near u = {float(place):.6g}"
    return True


def _factors(f: Any, u: Any) -> Iterator[Any]:
    """Those that have u in them, each positive at the first point: two of them may be negative, as cos - 1 and -1."""
    for factor in _sp().factor(f).as_ordered_factors():
        if factor.has(u):
            value = _value(factor, u, _places()[0])
            yield -factor if value is not None and value < 0 else factor


def _valleys(f: Any, u: Any, scales: tuple[int, ...] = SCALES) -> list[tuple[Any, Any]]:
    """Stretches at the ends of which f falls and rises, at most VALLEYS in each scale, the highest first."""
    slope = _sp().diff(f, u)
    points = _places()
    signs = [_value(slope, u, point) for point in points]
    pairs = zip(pairwise(points), pairwise(signs), strict=True)
    found = [(low, high) for (high, low), (right, left) in pairs if None not in (left, right) and left < 0 < right]
    return [
        valley
        for scale in scales
        for valley in [(low, high) for low, high in found if 10.0 ** (scale - 1) < low <= 10.0**scale][:VALLEYS]
    ]


def _lower(f: Any, u: Any, valley: tuple[Any, Any]) -> tuple[Any, Any]:
    """The stretch of a valley after so many HALVINGS; it closes where the slope has no value."""
    (low, high), slope = valley, _sp().diff(f, u)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        found = _value(slope, u, middle)
        if found is None:
            return middle, middle
        low, high = (middle, high) if found < 0 else (low, middle)
    return low, high


def _bottom(f: Any, u: Any, valley: tuple[Any, Any]) -> Any:
    """The lowest point of a valley, if f is 0 there: near a zero f goes on falling, however near one looks."""
    once = _lower(f, u, valley)
    twice = _lower(f, u, once)
    seen = [_value(f, u, low) for low, _ in (once, twice)]
    return twice[0] if None not in seen and abs(seen[1]) < TOUCHES * abs(seen[0]) else None


def _vanishes(answer: Any) -> bool | str:
    f, u = _read(answer)
    near = _value(f, u, _sp().Rational(10) ** FAR)
    return bool(near is not None and near < 1e-3) or f"at u = 1e{FAR} it is {near if near is None else float(near):.4g}"


def _falls(answer: Any) -> bool | str:
    f, u = _read(answer)
    slope = _sp().diff(f, u)
    for scale in SCALES:
        slopes = [_value(slope, u, point) for point in _points(scale)]
        if not any(found is not None and found < 0 for found in slopes):
            return f"between u = 1e{scale - 1} and 1e{scale} it rises at all {POINTS} points that were tried"
    return True


def _settles(answer: Any) -> bool | str:
    """The derivatives go to 0 with u. They have to: the first that did not would give f' a sign near 0.

    Those of a function below all powers do, if its ripples are no faster than a power of 1/u. At a place that can be
    computed they may still be large, and only of the others the numbers are asked.
    """
    if _below_all_powers(answer) is True:
        return True
    f, u = _read(answer)
    for order in range(1, ORDERS + 1):
        f = _sp().diff(f, u)
        found = [_value(f, u, point) for point in _points(FAR)]
        largest = max((abs(value) for value in found if value is not None), default=None)
        if largest is None or largest > 1e-6:
            size = "no number" if largest is None else f"{float(largest):.3g}"
            return f"derivative {order}, between u = 1e{FAR - 1} and 1e{FAR}: up to {size}"
    return True


def _below_all_powers(answer: Any) -> bool | str:
    """The slope of log f over log u, which is n for u^n times any constant, goes on growing towards 0."""
    sp = _sp()
    f, u = _read(answer)
    places = (FAR, DEEP, DEEPEST)
    values = [_value(f, u, sp.Rational(10) ** place) for place in places]
    if not all(map(_above_zero, values)):
        return f"at u = 1e{FAR}, 1e{DEEP} or 1e{DEEPEST} it has no positive value that can be computed"
    logs = [sp.log(value) / sp.log(10) for value in values]
    powers = [
        float((deep - near) / (lower - place))
        for (near, deep), (place, lower) in zip(pairwise(logs), pairwise(places), strict=True)
    ]
    return powers[1] > GROWS * powers[0] or f"near u = 1e{FAR} it is like u to the power {powers[0]:.3g}"


_POSITIVE = "For 0 < u < 0.1 it should be positive, everywhere: learning is possible there."

RESTLESS = Explore(
    names="restless",
    laws=(
        Law(_is_an_expression, "Asked for: a sympy expression in u, such as `u * (1 - u)`, of smooth functions."),
        Law(
            _ripples_can_be_computed,
            "The ripple runs too fast to be checked; a power of 1/u will do.",
            "almost",
        ),
        Law(
            _decay_can_be_computed,
            "Near 0 this is smaller than anything that can be computed. e to minus a power of 1/u is small enough.",
            "almost",
        ),
        Law(_positive, _POSITIVE),
        Law(_never_negative, _POSITIVE),
        Law(
            _never_zero,
            "It touches 0. For 0 < u < 0.1 it should be positive, everywhere: keep every factor away from 0, the "
            "ripple first of all.",
        ),
        Law(_vanishes, "f(0) = 0 is asked for: the values have to go to 0 with u."),
        Law(
            _falls,
            "It should fall somewhere in every neighbourhood of 0, however small. Near 0 this one rises: is the "
            "ripple too slow, or too weak against the growth of what it multiplies?",
        ),
        Law(
            _settles,
            "It falls again and again, but it is not smooth: of its derivatives, the first four are tried, one does "
            "not go to 0. What multiplies the ripple has to vanish faster.",
        ),
        Law(
            _below_all_powers,
            "Four derivatives behave, but a power of u times a ripple runs out of derivatives in the end. Take "
            "something that is smaller than every power of u.",
            "almost",
        ),
    ),
)
