"""The learner derives an expression."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from raylab.checks.values import library, numbers, untouched
from raylab.checks.verdict import Mistake, Verdict

DECIMALS = "The numbers agree, but a derivation gives exact ones: `Rational(1, 3)`, not 0.3333."
POINTS = (0.3, 0.45, 0.2, 0.7, 0.15)  # values of the symbols, by name; turned by one place for each further point


@dataclass(frozen=True)
class Derive:
    """A sympy answer, accepted in any equivalent form; symbols are matched by name.

    truth: returns an expression, a Matrix, an Eq (equal up to a constant factor), a list or tuple (order
    matters), a set (it does not) or a dict of expressions by symbol or name. A list will do for a Matrix, `[x]`
    for x, and `Eq(symbol, x)` for x.
    also: other right answers, where algebra alone does not see that they say the same (an equation divided by
    something that vanishes elsewhere).
    domains: what the symbols run through, by name, where that is not (0, 1); see `raylab.symbolic.equivalent`.
    """

    truth: Callable[[], Any]
    mistakes: tuple[Mistake, ...] = ()
    also: tuple[Callable[[], Any], ...] = ()
    domains: Mapping[str, tuple[float, float] | range] | None = None

    def value(self) -> Any:
        """The right expression."""
        return self.truth()

    def judge(self, answer: Any, seed: int) -> str:
        """The detail of a right answer, which is empty; anything else is raised as a Verdict."""
        if untouched(answer):
            raise Verdict("not attempted", "Put your result in first, then run this cell again.")
        _is_an_expression(answer)
        truth, exact = self.truth(), _exact(answer)
        right = [truth, *(other() for other in self.also)]
        if any(_equivalent(answer, form, self.domains) for form in right):
            return ""
        if any(_equivalent(exact, form, self.domains) for form in right):
            raise Verdict("almost", DECIMALS)
        for mistake in self.mistakes:
            if _equivalent(exact, mistake.like(), self.domains):
                raise Verdict(mistake.state, mistake.message)
        if isinstance(truth, list | tuple | set | frozenset):
            _compare_collections(exact, truth, self.domains)
        elif not isinstance(truth, dict):
            _compare(answer, truth, self.domains)
        raise Verdict("wrong", "Not yet, in any equivalent form.")


def _is_an_expression(answer: Any) -> None:
    if isinstance(answer, str | bytes):
        raise Verdict("wrong", "Asked for: a sympy expression. This is text: leave out the quotes.")
    if isinstance(answer, bool | np.bool_):
        text = (
            "Asked for: a sympy expression. This is True or False: for an equation write `Eq(left, right)`, not `==`."
        )
        raise Verdict("wrong", text)
    if callable(answer) and (library(answer) != "sympy" or hasattr(answer, "signature")):  # a Lambda has one
        raise Verdict("wrong", "Asked for: the expression itself. This is a function: call it first.")
    if library(answer) == "torch":
        raise Verdict("wrong", "Asked for: a sympy expression. This is a torch tensor, which holds numbers only.")


def _equivalent(answer: Any, truth: Any, domains: Any = None) -> bool:
    """Equivalence, with the small liberties that the text of `Derive` lists."""
    from raylab.symbolic import equivalent

    if isinstance(truth, dict):
        wanted, found = _by_name(truth), _by_name(answer)
        return wanted.keys() == found.keys() and all(_equivalent(found[n], wanted[n], domains) for n in wanted)
    if isinstance(truth, list | tuple):
        given = None if isinstance(answer, set | frozenset) else _items(answer)
        if given is None or len(given) != len(truth):
            return False
        return all(_equivalent(g, t, domains) for g, t in zip(given, truth, strict=True))
    try:
        return any(equivalent(form, truth, domains) for form in _forms(answer, truth))
    except TypeError as error:
        what = type(answer).__name__ + (f" of {len(answer)}" if isinstance(answer, list | tuple | set) else "")
        text = f"Asked for: a sympy expression. What came ({what}) cannot be read as one."
        raise Verdict("wrong", text) from error


def _by_name(value: Any) -> dict[str, Any]:
    if isinstance(value, list) and len(value) == 1:  # solve(..., dict=True)
        value = value[0]
    return {str(key): entry for key, entry in value.items()} if isinstance(value, dict) else {}


def _forms(given: Any, truth: Any) -> Iterator[Any]:
    """The answer, and what else it may mean beside this truth."""
    answer: Any = given.tolist() if isinstance(given, np.ndarray) else given
    if getattr(truth, "is_Matrix", False):
        answer = _as_matrix(answer, truth) if isinstance(answer, list | tuple) else answer
        answer = answer.as_explicit() if getattr(answer, "is_MatrixExpr", False) else answer  # ZeroMatrix(2, 2)
        turned = 1 in truth.shape and getattr(answer, "shape", None) == truth.shape[::-1]
        yield answer.T if turned else answer
        return
    if isinstance(truth, set | frozenset | dict):
        yield answer
        return
    parts = list(answer) if _is_collection(answer) or getattr(answer, "is_Matrix", False) else []
    answer = parts[0] if len(parts) == 1 else answer
    yield answer
    if getattr(answer, "is_Equality", False) and not getattr(truth, "is_Equality", False):
        names = _names(truth)
        for side, other in ((answer.lhs, answer.rhs), (answer.rhs, answer.lhs)):
            if side.is_Symbol and side.name not in names:
                yield other


def _is_collection(answer: Any) -> bool:
    from raylab.symbolic import sp

    return isinstance(answer, list | tuple | set | frozenset | sp.Tuple) or getattr(answer, "is_FiniteSet", False)


def _items(answer: Any) -> list[Any] | None:
    """The parts of a collection, of an array or of a vector; None for anything else."""
    if isinstance(answer, np.ndarray) and answer.ndim:
        return answer.tolist()
    vector = getattr(answer, "is_Matrix", False) and 1 in answer.shape
    return list(answer) if vector or _is_collection(answer) else None


def _exact(answer: Any) -> Any:
    """The answer with every decimal as the fraction that it is meant to be."""
    from raylab.symbolic import sp

    if isinstance(answer, list | tuple):
        return [_exact(part) for part in answer]
    if not isinstance(answer, sp.Basic | sp.MatrixBase):
        return answer
    return answer.xreplace({number: sp.nsimplify(number, rational=True) for number in answer.atoms(sp.Float)})


def _as_matrix(answer: Any, truth: Any) -> Any:
    try:
        return type(truth)(answer)
    except Exception as error:  # rows of different length, entries of any kind
        text = f"Asked for: a Matrix of shape {truth.shape}. This {type(answer).__name__} cannot be read as one."
        raise Verdict("wrong", text) from error


def _names(expression: Any) -> set[str]:
    return {symbol.name for symbol in getattr(expression, "free_symbols", ())}


# -------------------------------------------------------------------------------------------- saying how it differs
def _compare_collections(answer: Any, truth: Any, domains: Any) -> None:
    given = _items(answer)
    if given is None:
        raise Verdict("wrong", f"Asked for: {len(truth)} expressions, as a {type(truth).__name__}; this is one.")
    found = sum(any(_equivalent(g, t, domains) for g in given) for t in truth)
    ordered = isinstance(truth, list | tuple)
    if ordered and found == len(truth) == len(given):
        raise Verdict("almost", "All expressions are right, but their order counts here.")
    in_place = ordered and not isinstance(answer, set | frozenset) and len(given) == len(truth)
    missed = [str(i + 1) for i, pair in enumerate(zip(given, truth, strict=False)) if not _equivalent(*pair, domains)]
    hits = len(truth) - len(missed) if in_place else found
    if hits == len(truth):
        raise Verdict("almost", f"All {hits} are there, and {len(given) - hits} too many.")
    state = "almost" if hits == len(given) and hits else "wrong"
    if not hits:
        _has_its_symbols(given, list(truth))
    which = f" Not yet right: number {' and '.join(missed)}." if in_place and hits else ""
    raise Verdict(state, f"{hits} of {len(truth)} are right; you gave {len(given)}.{which}")


def _has_its_symbols(given: list[Any], truth: list[Any]) -> None:
    """Raise it if the answers are written in symbols that the right ones do not have."""
    known: set[str] = set().union(*map(_names, truth))
    found: set[str] = set().union(*(_names(list(_forms(part, truth[0]))[-1]) for part in given))
    if found - known:
        wanted, strange = (", ".join(sorted(names)) for names in (known, found - known))
        text = f"Asked for: an answer in {wanted or 'numbers'}. Yours has {strange} in it: put in what that stands for."
        raise Verdict("wrong", text)


def _compare(answer: Any, truth: Any, domains: Any) -> None:
    """Raise what numbers at a few points say about two expressions (or matrices) that are not equivalent."""
    from raylab.symbolic import known, place, sp

    domains = domains or {}
    answer = next(_forms(answer, truth))
    shape, wanted = getattr(answer, "shape", ()), getattr(truth, "shape", ())
    if shape != wanted:
        raise Verdict("wrong", f"Asked for: {_form(wanted)}; this is {_form(shape)}.")
    if getattr(truth, "is_Equality", False):
        if not getattr(answer, "is_Equality", False):
            raise Verdict("wrong", "Asked for: an equation, `Eq(left, right)`.")
        return
    _is_one_expression(answer, wanted)
    unknown = sorted(_names(answer) - _names(truth))
    if unknown:
        raise Verdict("wrong", f"The result does not depend on {', '.join(unknown)}; yours does.")
    symbols = sorted(_names(answer) | _names(truth))
    points = [dict(zip(symbols, np.roll(np.resize(POINTS, len(symbols)), i), strict=True)) for i in range(3)]
    if len(symbols) < 2:
        points = [dict.fromkeys(symbols, p) for p in POINTS]
    points = [{name: place(domains[name], p) if name in domains else p for name, p in each.items()} for each in points]
    mine, right = ([_at(known(sp.sympify(x), domains), p) for p in points] for x in (answer, truth))
    pairs = [(p, m, r) for p, m, r in zip(points, mine, right, strict=True) if m is not None and r is not None]
    if not pairs:
        return
    m, r = (np.array([pair[i] for pair in pairs]) for i in (1, 2))
    if np.allclose(m, r, rtol=1e-9, atol=1e-12):
        raise Verdict("almost", DECIMALS)
    point, x, y = next(pair for pair in pairs if not np.allclose(pair[1], pair[2], rtol=1e-9, atol=1e-12))
    where = ", ".join(f"{name} = {value:g}" for name, value in point.items())
    detail = (f"at {where}: " if where else "") + f"yours {numbers(x)}, expected {numbers(y)}"
    ratios = (m / r)[np.isfinite(m / r)]
    if symbols and len(ratios) > 1 and ratios[0] != 0 and np.allclose(ratios, ratios[0], rtol=1e-9, atol=0):
        how = "has the opposite sign" if np.isclose(ratios[0], -1) else f"is {ratios[0]:.4g} times the right one"
        raise Verdict("wrong", f"Your expression {how}.", detail)
    raise Verdict("wrong", "Not yet: it is another expression.", detail)


def _is_one_expression(answer: Any, shape: tuple[int, ...]) -> None:
    from raylab.symbolic import sp

    read = sp.sympify(answer)
    if not shape and not isinstance(read, sp.Expr):
        raise Verdict("wrong", f"Asked for: one expression. This is of type {type(answer).__name__}.")


def _form(shape: tuple[int, ...]) -> str:
    return f"a Matrix of shape {shape}" if shape else "one expression"


def _at(expression: Any, point: dict[str, float]) -> Any:
    """The value at a point as floats; None where it has none."""
    try:
        if hasattr(expression, "subs"):
            expression = expression.subs({s: point[s.name] for s in expression.free_symbols})
        value = np.array(getattr(expression, "tolist", lambda: expression)(), dtype=float)
        return value if np.isfinite(value).all() else None
    except (TypeError, ValueError, AttributeError, OverflowError):  # complex, infinite, huge or symbolic values
        return None
