"""Numbers in place of symbols: where two expressions are compared, and what stands there for an unknown function."""

import random
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef

from raylab import arguments

Domain = tuple[float, float] | range
Domains = Mapping[str, Domain]
_BELOW = (97, 101, 103, 107, 109, 113)  # six denominators: no factor like cos(2 pi 97 x) is 1 at all of them


def domains(value: Domains | None) -> Domains:
    """`value` itself, or {} for None: what each name runs through, (low, high) without its ends or a range.

    Raises TypeError or ValueError for anything else, or where a pair leaves no room and a range nothing to choose.
    """
    if value is None:
        return {}
    for name, domain in arguments.mapping(value, "domains").items():
        here = f"domains[{arguments.text(name, 'domains: each name')!r}]"
        if isinstance(domain, range):
            if len(domain) < 2:
                raise ValueError(f"{here}: expected a range of two or more, found {domain}; widen it.")
            continue
        low, high = (arguments.number(end, here) for end in arguments.sequence(domain, here, 2))
        if not low < high:
            raise ValueError(f"{here}: expected low < high, found ({low}, {high}); exchange or widen them.")
    return value


def place(domain: Domain, share: float) -> Any:
    """The point of a domain at this share of the way through it."""
    if isinstance(domain, range):
        return domain[int(share * len(domain))]
    return domain[0] + (domain[1] - domain[0]) * share


def points(symbols: Iterable[Any], within: Domains) -> list[dict[Any, Any]]:
    """Six points, the same for everybody, different for every symbol: rationals, in (0, 1) unless `within` differs."""
    names = sorted(symbols, key=lambda s: s.name)
    columns = [_column(i, within.get(symbol.name, (0, 1))) for i, symbol in enumerate(names)]
    return [{name: column[j] for name, column in zip(names, columns, strict=True)} for j in range(len(_BELOW))]


def _column(i: int, domain: Domain) -> Sequence[Any]:
    """Six values for the symbol at place i."""
    if isinstance(domain, range):
        # In an order of its own for each symbol, so that no relation between two holds at all points by accident.
        chosen = random.Random(i).sample(domain, min(len(domain), len(_BELOW)))
        return [sp.Integer(chosen[j % len(chosen)]) for j in range(len(_BELOW))]
    low, high = (sp.nsimplify(end, rational=True) for end in domain)
    return [low + (high - low) * sp.Rational((29 * i + 31 * j) % 89 + 5, n) for j, n in enumerate(_BELOW)]


def known(expression: Any, within: Domains) -> Any:
    """The expression with a definite function in the place of each unknown one, and its derivatives carried out.

    Matched by name. Values lie in (0, 1), or in the pair that `within` has for the name. Each obeys no equation that
    one could write by accident, so that what holds of it holds of all.
    """
    if not expression.has(AppliedUndef):
        return expression
    by_symbols = expression.replace(_is_by_a_function, _by_a_symbol)
    return by_symbols.replace(lambda e: isinstance(e, AppliedUndef), lambda e: _stand_in(e, within)).doit()


def _is_by_a_function(e: Any) -> bool:
    return isinstance(e, sp.Derivative) and not all(v.is_Symbol for v in e.variables)


def _by_a_symbol(e: Any) -> Any:
    """d f(J(t)) / dJ(t), as the chain rule leaves it, with a symbol for J(t), and J(t) put in after."""
    names = {v: sp.Dummy() for v in e.variables if not v.is_Symbol}
    inside = sp.Derivative(e.expr.xreplace(names), *(names.get(v, v) for v in e.variables))
    return sp.Subs(inside, tuple(names.values()), tuple(names))


def _stand_in(e: Any, within: Domains) -> Any:
    """The sine of a quadratic in the arguments, with coefficients drawn by the name of the function."""
    name = e.func.__name__
    draw = random.Random(name)
    low, high = (sp.nsimplify(end, rational=True) for end in _pair(within.get(name, (0, 1))))
    terms = [sp.Integer(1), *e.args, *(u * v for i, u in enumerate(e.args) for v in e.args[i:])]
    phase = sum(sp.Rational(draw.randint(60, 180), 97) * term for term in terms)
    return low + (high - low) * (2 + sp.sin(phase)) / 4


def _pair(domain: Domain) -> tuple[float, float]:
    return (domain[0], domain[-1]) if isinstance(domain, range) else domain
