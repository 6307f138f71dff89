"""The statements of Sec. 3.1 with their conditions: what makes a saddle, a plateau near it, a winner-take-all strip."""

from collections.abc import Sequence
from itertools import combinations
from typing import Annotated, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from raylab import arguments
from raylab.records import Components, Performance
from raylab.systems.factored.gram import features, valid_gram
from raylab.systems.factored.laws import acceleration, factors
from raylab.systems.factored.margins import margin
from raylab.systems.factored.shapes import Shape, each

_MOST = 16  # components whose corners are listed: 65536 of them
_TIE = 1e-9  # two that fall equally fast, but for rounding


class Corner(NamedTuple):
    """A corner of the cube: `learned` components at their top, all others at 0.

    critical: nothing moves there, f_k(0) = 0 for every other k. arriving, leaving: it is critical, and orbits on its
    edges come to it, go away from it.
    """

    learned: tuple[int, ...]
    critical: bool
    arriving: bool
    leaving: bool

    @property
    def saddle(self) -> bool:
        """Critical, with orbits that arrive and orbits that leave."""
        return self.arriving and self.leaving


class Edges(NamedTuple):
    """J'' near a saddle, (...) each: `arriving` before it on one edge, `leaving` beyond it on the other."""

    arriving: Performance
    leaving: Performance

    @property
    def plateau(self) -> Annotated[NDArray[np.bool_], "..."]:
        """J'' < 0, then > 0: it crosses zero upwards between the two.  [Schaul19 Sec. 3.1]"""
        return (np.asarray(self.arriving) < 0) & (np.asarray(self.leaving) > 0)


def corners(shapes: Sequence[Shape]) -> list[Corner]:
    """All 2^K corners of the cube, fewest learned first.  [Schaul19 Sec. 3.1]

    What is learned stands still, f_k(top) = 0; so a corner is critical iff f_k(0) = 0 for every k at 0 [ledger S28].
    On an edge of a critical corner one component alone rises, J_k' = |v_k|^2 f_k^2 whatever the cosines: learned ones
    have come along theirs, others leave along theirs. Nothing arrives where none is learned, nothing leaves where all
    are. All this in J: v_k must be independent for the corners to be approached at all, and they lie at finite
    parameters only where `Shape.ends` says so, for no smooth f.
    Raises TypeError or ValueError unless there are 1 to 16 shapes.
    """
    of = _listed(shapes)
    rest = [shape.starts_at_rest for shape in of]
    K, found = len(of), []
    for size in range(K + 1):
        for learned in combinations(range(K), size):
            critical = all(rest[k] for k in range(K) if k not in learned)
            found.append(Corner(learned, critical, critical and size > 0, critical and size < K))
    return found


def saddles(shapes: Sequence[Shape]) -> list[tuple[int, ...]]:
    """The learned sets of all corners that are saddles: 2^m - 1 of them, one less for m = K, m the f_k with f_k(0) = 0.

    So one f_k(0) = 0 suffices for K > 1, and the number grows exponentially with m.  [Schaul19 Sec. 3.1, 3.2]
    Raises TypeError or ValueError unless there are 1 to 16 shapes.
    """
    return [corner.learned for corner in corners(shapes) if corner.saddle]


def edges(gap: ArrayLike, gram: ArrayLike, shapes: Shape | Sequence[Shape], learned: Sequence[int] = (1,)) -> Edges:
    """J'' on both sides of the corner with `learned` at top and the others at 0, (...) -> (...).  [Schaul19 App. C.1]

    arriving: others at 0, learned ones `gap` below top; for K = 2 that is 2 |v_2|^4 f_2' f_2^3. leaving: learned ones
    at top, others at `gap`. v_k constant. Where f_k(0) > 0 the first point is on no edge that orbits follow.
    Raises TypeError or ValueError unless gram and shapes fit, 0 < gap < every top, and some components are learned and
    some are not.
    """
    G, xi = valid_gram(gram), arguments.array(gap, "gap", "...")
    of = each(shapes, len(G))
    top = np.array([shape.top for shape in of])
    there = _learned(learned, len(G))
    if (xi <= 0).any() or (xi >= top.min()).any():
        raise ValueError(
            f"gap: expected distances within (0, {top.min():g}), found {xi.min():.4g} to {xi.max():.4g}; "
            "stay between bottom and top."
        )
    below = np.where(there, top - xi[..., None], 0.0)
    beyond = np.where(there, top, xi[..., None])
    return Edges(acceleration(below, G, of), acceleration(beyond, G, of))


def traps(gram: ArrayLike, shapes: Shape | Sequence[Shape]) -> list[tuple[int, ...]]:
    """The learned sets of the saddles that keep an open set of starts for ever.  [ledger N11]

    Near such a corner f_k = a_k J_k and f_j = b_j (top_j - J_j). What is learned moves on along u, the shortest vector
    with b_j u . v_j >= 1 for all of it, while log J_k falls at -a_k u . v_k; if that is above 1 for every k that is not
    learned, nobody ever catches up. For two components: a_1 |cosine| |v_1| > b_2 |v_2|, which
    equal lengths and equal slopes rule out. For f = u (1 - u), `plateaus.traps`.
    Raises TypeError or ValueError unless gram and shapes fit, for more than 16 components, and unless every f falls to
    its top with a slope that is neither 0 nor infinite.
    """
    G = valid_gram(gram)
    if len(G) > _MOST:
        raise ValueError(f"gram: expected at most {_MOST} components, found {len(G)}; there are 2^K sets of them.")
    of = each(shapes, len(G))
    a, falls = np.array([shape.slopes for shape in of]).T
    if not (np.isfinite(falls) & (falls < 0)).all():
        raise ValueError(
            f"shapes: expected f'(top) < 0 and finite, found {falls.tolist()}; near top f is a multiple of it."
        )
    V, found = features(G), []
    for learned in saddles(of):
        M, rest = np.array(learned), np.setdiff1d(np.arange(len(G)), learned)
        rows = -falls[M, None] * V[M]
        weights = margin(rows)
        if weights is None:
            continue  # not all of these can be learned
        sinks = -V[rest] @ (weights @ rows)
        if (sinks > 0).all() and (a[rest] * sinks > 1 + _TIE).all():
            found.append(learned)
    return found


def winner_margin(J: ArrayLike, gram: ArrayLike, shapes: Shape | Sequence[Shape]) -> Components:
    """f_k |v_k| + sum over the others of cosine_kj f_j |v_j|, (..., K) -> (..., K): the sign of J_k'.  [ledger S30]

    Where f_k > 0, J_k does not rise iff this is not positive; where f_k = 0 it stands still whatever this is.
    Raises TypeError or ValueError as `velocity`.
    """
    f, G, _, _ = factors(J, gram, shapes)
    return f @ G / np.sqrt(np.diag(G))


def strip(J2: ArrayLike, gram: ArrayLike, shapes: Shape | Sequence[Shape]) -> Performance:
    """Width of the winner-take-all strip along J_1 = 0: J_1 does not rise for 0 < J_1 <= width, (...) -> (...).

    The first J_1 at which f_1(J_1) exceeds -cosine f_2(J_2) |v_2| / |v_1|; 0 if none, top_1 if it never does. It exists
    for a negative cosine wherever f_1(0) is below that, so always for f_1(0) = 0, and narrows to nothing as
    J_2 -> top_2.  [ledger S60] Found on a grid of 4000 places: an f that rises and falls between two of them is taken
    at its places.
    Raises TypeError or ValueError unless gram and shapes are those of two components and J2 within [0, top_2].
    """
    G = valid_gram(gram)
    if len(G) != 2:
        raise ValueError(f"gram: expected one of two components, found {len(G)}; the strip is one of the square.")
    one, two = each(shapes, 2)
    found = arguments.array(J2, "J2", "...")
    if (found < 0).any() or (found > two.top).any():
        raise ValueError(
            f"J2: expected performances in [0, {two.top:g}], found {found.min():.4g} to {found.max():.4g}; "
            "f is not defined outside."
        )
    with np.errstate(all="ignore"):
        return _first_above(one, np.asarray(-G[0, 1] / G[0, 0] * two.f(found)))


def _first_above(shape: Shape, level: NDArray[np.float64]) -> NDArray[np.float64]:
    """The first u in [0, top] at which f(u) > level: 0 if it begins above, top if it never is."""
    u = np.concatenate([[0.0], np.geomspace(1e-300, 0.1, 2000), np.linspace(0.1, 1.0, 2001)[1:]]) * shape.top
    highest = np.maximum.accumulate(shape.f(u))
    at = np.searchsorted(highest, level, side="right")
    high = u[np.minimum(at, len(u) - 1)]
    low = np.where(at == 0, 0.0, u[np.maximum(at - 1, 0)])
    for _ in range(60):  # halves the logarithm near 0, where widths are
        middle = np.where(low > 0, np.sqrt(low) * np.sqrt(high), high / 2)
        above = shape.f(middle) > level
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    found = np.where(at == 0, 0.0, high)
    return np.where(level <= 0, 0.0, np.where(at == len(u), shape.top, found))


def _listed(shapes: Any) -> tuple[Shape, ...]:
    if isinstance(shapes, Shape):
        raise TypeError("shapes: expected a list with one Shape for each component, found a Shape; write [shape] * K.")
    found = arguments.sequence(shapes, "shapes")
    if not 1 <= len(found) <= _MOST:
        raise ValueError(f"shapes: expected 1 to {_MOST} of them, found {len(found)}; there are 2^K corners.")
    return each(found, len(found))


def _learned(learned: Any, K: int) -> NDArray[np.bool_]:
    """Truth values (K,); some components are, some are not."""
    which = [arguments.count(k, f"learned[{n}]", 0) for n, k in enumerate(arguments.sequence(learned, "learned"))]
    there = np.isin(np.arange(K), which)
    if not there.any() or there.all() or max(which) >= K:
        raise ValueError(
            f"learned: expected some of the components 0 to {K - 1}, not all, found {which!r:.60}; choose from these."
        )
    return there
