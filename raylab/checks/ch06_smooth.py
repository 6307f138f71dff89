"""06.3: is this sympy expression a smooth coupling, zero at zero, positive after, that falls arbitrarily near 0?

Numbers alone cannot decide that. What they do decide, at exact points with thirty digits, is said in the messages.
"""

from itertools import pairwise
from typing import Any

import numpy as np

from raylab.checks.engine import Explore, Law

SCALES = (-1, -2, -3)  # u from 10^n down to 10^(n - 1)
POINTS = 16  # in each of these
FAR = -8
DEEP = -16  # there log f / log u is larger once more, unless f is like a power
ORDERS = 4  # derivatives that are tried
VALLEYS = 3  # lowest points that are looked at, between the first two places of SCALES
HALVINGS = 100  # of the stretch around one, and as many again: enough to see a floor of e^(-1/u) there
TOUCHES = 1e-20  # what the second hundred leave of f, if it touches 0: 2^-200, and 2^-100 at a kink
DIGITS = 600  # may be lost where 1 + sin is nearly 0
FASTEST = 60  # power of 1/u up to which the argument of a ripple can still be computed at the deepest place
GROWS = 1.2  # log f / log u between the two places; e^(-1/u) has 10^8, e^(-log^2 u) has 2


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
        value = _sp().N(expression.subs(u, point), 30, maxn=DIGITS)
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


def _can_be_computed(answer: Any) -> bool | str:
    """No sine of anything that grows faster than a power of 1/u. Halves show it long before numbers get too long."""
    sp = _sp()
    f, u = _read(answer)
    for inside in {part.args[0] for part in f.atoms(sp.Function) if isinstance(part, _ripples())}:
        for n in range(1, int(-DEEP * np.log2(10)) + 1):
            value = _value(inside, u, sp.Rational(1, 2**n))
            if value is None:
                break
            if abs(value) > sp.Integer(2) ** (FASTEST * (n + 4)):  # with room for a constant factor
                return f"the argument {inside} is larger than any power of 1/u that can be computed"
    return True


def _ripples() -> tuple[type, ...]:
    sp = _sp()
    return sp.sin, sp.cos, sp.tan, sp.cot, sp.sec, sp.csc, sp.sinc


def _positive(answer: Any) -> bool | str:
    f, u = _read(answer)
    for point in (point for scale in SCALES for point in _points(scale)):
        value = _value(f, u, point)
        if value is None or value <= 0:
            told = "it has no finite real value" if value is None else f"it is {float(value):.4g}"
            return f"at u = {float(point):.4g} {told}"
    return True


def _never_zero(answer: Any) -> bool | str:
    """No factor of f has a lowest point at which it is 0."""
    f, u = _read(answer)
    for factor in (part for part in _sp().factor(f).as_ordered_factors() if part.has(u)):
        value = _value(factor, u, _points(SCALES[0])[0])
        part = -factor if value is not None and value < 0 else factor  # two of them may be negative, as cos - 1 and -1
        for low, high in _valleys(part, u):
            place = _bottom(part, u, low, high)
            if place is not None:
                return f"near u = {float(place):.6g}"
    return True


def _valleys(f: Any, u: Any) -> list[tuple[Any, Any]]:
    """Stretches at the ends of which f falls and rises, the highest first."""
    slope = _sp().diff(f, u)
    points = sorted(_points(SCALES[0]), reverse=True)
    signs = [_value(slope, u, point) for point in points]
    pairs = zip(pairwise(points), pairwise(signs), strict=True)
    return [(low, high) for (high, low), (right, left) in pairs if None not in (left, right) and left < 0 < right][
        :VALLEYS
    ]


def _bottom(f: Any, u: Any, low: Any, high: Any) -> Any:
    """The lowest point between, if f is 0 there: near a zero f goes on falling, however near one looks."""
    slope, seen = _sp().diff(f, u), []
    for _ in range(2):
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            found = _value(slope, u, middle)
            if found is None:
                return None
            low, high = (middle, high) if found < 0 else (low, middle)
        seen.append(_value(f, u, low))
    return low if None not in seen and abs(seen[1]) < TOUCHES * abs(seen[0]) else None


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
    """The derivatives go to 0 with u. They have to: the first that did not would give f' a sign near 0."""
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
    """log f / log u, which settles at n for u^n, goes on growing."""
    sp = _sp()
    f, u = _read(answer)
    near, nearer = (_value(f, u, sp.Rational(10) ** place) for place in (FAR, DEEP))
    if near is None or nearer is None:
        return f"at u = 1e{FAR} or 1e{DEEP} it has no finite real value"
    powers = [float(sp.log(value) / (place * sp.log(10))) for value, place in ((near, FAR), (nearer, DEEP))]
    return powers[1] > GROWS * powers[0] or f"near u = 1e{FAR} it is like u to the power {powers[0]:.3g}"


RESTLESS = Explore(
    names="restless",
    laws=(
        Law(_is_an_expression, "Asked for: a sympy expression in u, such as `u * (1 - u)`, of smooth functions."),
        Law(
            _can_be_computed,
            "The ripple runs too fast to be checked; a power of 1/u will do.",
            "almost",
        ),
        Law(_positive, "For 0 < u < 0.1 it should be positive, everywhere: learning is possible there."),
        Law(
            _never_zero,
            "It touches 0. For 0 < u < 0.1 it should be positive, everywhere: keep the ripple away from 0.",
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
