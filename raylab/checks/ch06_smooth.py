"""06.3: is this sympy expression a smooth coupling, zero at zero, positive after, that falls arbitrarily near 0?

Numbers alone cannot decide that. What they do decide, at exact points with thirty digits, is said in the messages.
"""

from itertools import pairwise
from typing import Any

from raylab.checks.engine import Explore, Law

SCALES = (-1, -2, -3)  # u from 10^n down to 10^(n - 1)
POINTS = 16  # in each of these
FAR = -8
DEEP = -16  # there log f / log u is larger once more, unless f is like a power
ORDERS = 4  # derivatives that are tried
HALVINGS = 64  # of a stretch with a lowest point
TOUCHES = 1e-12  # f there, in units of f further down, if it is 0
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
        value = _sp().N(expression.subs(u, point), 30)
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


def _positive(answer: Any) -> bool | str:
    f, u = _read(answer)
    for point in (point for scale in SCALES for point in _points(scale)):
        value = _value(f, u, point)
        if value is None or value <= 0:
            told = "it has no finite real value" if value is None else f"it is {float(value):.4g}"
            return f"at u = {float(point):.4g} {told}"
    for scale in SCALES:
        lowest = _lowest(f, u, scale)
        if lowest is not None and _value(f, u, lowest) <= TOUCHES * _value(f, u, _sp().Rational(10) ** (scale - 1)):
            return f"it touches 0 near u = {float(lowest):.6g}"
    return True


def _lowest(f: Any, u: Any, scale: int) -> Any:
    """A place within one power of ten at which f stops falling and begins to rise, None if none is seen."""
    slope = _sp().diff(f, u)
    points = sorted(_points(scale))
    signs = [_value(slope, u, point) for point in points]
    for n, (left, right) in enumerate(pairwise(signs)):
        if left is not None and right is not None and left < 0 < right:
            low, high = points[n : n + 2]
            for _ in range(HALVINGS):
                middle = (low + high) / 2
                found = _value(slope, u, middle)
                if found is None:
                    return None
                low, high = (middle, high) if found < 0 else (low, middle)
            return low
    return None


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
        Law(_positive, "For 0 < u < 0.1 it should be positive, everywhere: learning is possible there."),
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
