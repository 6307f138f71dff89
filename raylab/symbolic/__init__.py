"""Exact statements, and the door to sympy."""

import contextlib
from typing import Any

import sympy as sp

from raylab.symbolic._sampling import Domains as Domains
from raylab.symbolic._sampling import domains as _checked
from raylab.symbolic._sampling import known as known
from raylab.symbolic._sampling import place as place
from raylab.symbolic._sampling import points as _points


def equivalent(answer: Any, truth: Any, domains: Domains | None = None) -> bool:
    """True if two sympy expressions, matrices, equations or collections of these say the same thing.

    Symbols are matched by name and their assumptions ignored, so that x and Symbol("x", positive=True) are one.
    Numbers count as expressions. Tuples and lists compare in order, sets in any order, equations up to a factor
    that does not vanish identically. Unknown functions, Function("f")(x), and their derivatives are matched by name.
    domains: what a symbol runs through where that is not (0, 1): (low, high), or a range for whole numbers, as in
    {"cosine": (-1, 0), "n": range(2, 30)}; for the name of a function, the pair between which its values lie.
    Raises TypeError if one of the two cannot be read by sympy, TypeError or ValueError for malformed domains.
    """
    return _same(answer, truth, _checked(domains))


def _same(answer: Any, truth: Any, within: Domains) -> bool:
    if isinstance(truth, set | frozenset | sp.FiniteSet):
        return _same_set(answer, truth, within)
    if isinstance(truth, list | tuple):
        answer = _point(answer)
        return (
            isinstance(answer, list | tuple)
            and len(answer) == len(truth)
            and all(_same(a, t, within) for a, t in zip(answer, truth, strict=True))
        )
    a, t = _read(answer, "answer"), _read(truth, "truth")
    if isinstance(a, sp.MatrixBase) or isinstance(t, sp.MatrixBase):
        same_kind = isinstance(a, sp.MatrixBase) and isinstance(t, sp.MatrixBase)
        return bool(same_kind and a.shape == t.shape and all(_zero(x, within) for x in a - t))
    if isinstance(a, sp.Equality) and isinstance(t, sp.Equality):
        left, right = (known(_difference(e), within) for e in (a, t))
        factor = _ratio(left, right, within)
        return factor is not None and _zero(left - factor * right, within)
    if not (isinstance(a, sp.Expr) and isinstance(t, sp.Expr)):
        return bool(a == t)
    if a == t and not a.has(sp.nan):
        return True  # infinity less itself is not zero
    return _zero(a - t, within)


def _point(answer: Any) -> Any:
    """A solution as sympy gives it, {J1: 0, J2: 1} or Tuple(0, 1), as the tuple of its values in the order of names."""
    if isinstance(answer, dict):
        return tuple(answer[symbol] for symbol in sorted(answer, key=str))
    return tuple(answer) if isinstance(answer, sp.Tuple) else answer


def _difference(equation: Any) -> Any:
    return equation.lhs - equation.rhs


def _read(value: Any, name: str) -> Any:
    found: Any = None
    with contextlib.suppress(sp.SympifyError, SyntaxError, AttributeError, TypeError):
        found = sp.sympify(value)
    if not hasattr(found, "free_symbols"):
        raise TypeError(
            f"{name}: expected a sympy expression, found a value of type {type(value).__name__}; "
            "build it from sp.symbols."
        )
    return found.subs({s: sp.Symbol(s.name) for s in found.free_symbols}, simultaneous=True)


def _same_set(answer: Any, truth: Any, within: Domains) -> bool:
    if not isinstance(answer, set | frozenset | sp.FiniteSet | list | tuple):
        return False
    left = list(answer)
    for wanted in truth:
        match = next((i for i, found in enumerate(left) if _same(found, wanted, within)), None)
        if match is None:
            return False
        left.pop(match)
    return not left


def _zero(difference: Any, within: Domains) -> bool:
    """Is this expression identically zero? Thirty digits at six points decide; algebra where numbers cannot.

    Numbers first, because simplification may miss an identity that holds, or take minutes over it.
    """
    if difference == 0:
        return True
    definite = known(difference, within)
    at = _points(definite.free_symbols, within)
    values = [abs(value) for point in at if (value := _at(definite, point)) is not None]
    if not values:
        return bool(sp.simplify(difference) == 0)
    return all(value < sp.Float("1e-20") for value in values)


def _at(expression: Any, point: dict[Any, Any]) -> Any:
    """Thirty digits of the value at a point, or None where it has none."""
    value = sp.N(expression.subs(point), 30)
    return value if value.is_number and value.is_finite else None


def _ratio(left: Any, right: Any, within: Domains) -> Any:
    """left / right at the first point where both have a value and neither is zero; None without such a point.

    A number from one point, where simplifying the quotient may take seconds.
    """
    for point in _points(left.free_symbols | right.free_symbols, within):
        above, below = _at(left, point), _at(right, point)
        if above is not None and below is not None and not above.is_zero and not below.is_zero:
            return above / below
    return None
