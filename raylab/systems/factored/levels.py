"""J as a function of the potential: S' = f(S), S(0) = top / 2, for any f, inverted once and kept as a table.

Both halves are measured by their distance m = (top / 2) e^-w from the end that they lead to. There
|phi| = Integral_0^w m / f dw, which is w itself for a pure exponential approach, so that w(|phi|) is smooth
however small m is. Gauss-Legendre gives the integral, polynomials through w and its first two derivatives
the inverse, on cells that are halved until the middle of each is right.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PPoly

Real = NDArray[np.float64]
FARTHEST = 1e30  # |phi| of the last entry: nobody's parameters are that large
_DEEPEST = 700.0  # e^-700 = 1e-304: below, float64 loses digits
_ROUGH = 30.0  # where f near top is known as f(top - m) only, rounding leaves nothing below e^-30
_RIGHT = 1e-11  # of a cell's width, at its middle
_HALVINGS, _FEW = 24, 7  # the latter where rounding would ask for more and more of them
_MOST = 100_000  # cells of one half: the most restless f ends here
_NODES, _WEIGHTS = (x / 2 for x in np.polynomial.legendre.leggauss(8))
_NODES = _NODES + 0.5


class Half(NamedTuple):
    """The table of one half: w and |phi| at its nodes, dw/d|phi| and its derivative, and |phi| where m = 0."""

    w: Real
    phi: Real
    first: Real
    second: Real
    end: float


class Levels:
    """S and its inverse for one f."""

    def __init__(self, f: Callable[[Any], Any], slope: Callable[[Any], Any], top: float, rests: bool) -> None:
        self._f, self._slope, self._top, self._rests = f, slope, top, rests
        with np.errstate(all="ignore"):
            at_top = float(np.asarray(slope(np.array([top])), dtype=float)[0])
            self._simple = -np.inf < at_top < 0
            upper = (_DEEPEST, _HALVINGS) if self._simple else (_ROUGH, _FEW)
            halves = [
                _half(f, slope, top / 2, _DEEPEST, _HALVINGS),
                _half(self._left, lambda m: -slope(top - m), top / 2, *upper),
            ]
        self._halves = halves
        low, high = halves
        self.ends = (-low.end, high.end)
        cells = [
            _cells(-low.phi, -low.w, low.first, -low.second, True),
            _cells(high.phi, high.w, high.first, high.second, False),
        ]
        joined = np.concatenate([-low.phi[::-1], high.phi[1:]])
        self._curve = PPoly(np.concatenate(cells, axis=1), joined)

    def at(self, phi: Real, name: str = "phi") -> tuple[Real, Real]:
        """(S, f(S)) at phi (...), the second with its digits where S is close to top; `name`: whose fault it is."""
        known = self._curve.x
        if phi.min() < known[0] or phi.max() > known[-1]:
            self._look(phi, name)
        y = self._curve(np.minimum(np.maximum(phi, known[0]), known[-1]))
        m = self._top / 2 * np.exp(-np.abs(y))
        below = y < 0
        J, f = np.where(below, m, self._top - m), np.where(below, self._f(m), self._left(m))
        for beyond, end in ((phi < known[0], 0.0), (phi > known[-1], self._top)):
            if beyond.any():
                J, f = np.where(beyond, end, J), np.where(beyond, self._at_end(end), f)
        return J, f

    def of(self, J: Real) -> Real:
        """phi at J (...)."""
        upper = self._top / 2 < J
        m = np.where(upper, self._top - J, J)
        with np.errstate(divide="ignore"):
            w = -np.log(m / (self._top / 2))
        parts = [
            _reach(half, f, self._top / 2, w, where)
            for half, f, where in zip(self._halves, (self._f, self._left), (~upper, upper), strict=True)
        ]
        return np.where(upper, parts[1], -parts[0])

    def _at_end(self, end: float) -> float:
        return float(self._f(np.zeros(1))[0]) if end == 0 else 0.0

    def _look(self, phi: Real, name: str) -> None:
        """Beyond the table there is nothing where f(0) > 0, nor where only the size of phi ended it."""
        if not self._rests and phi.min() < self.ends[0] - 1e-12 * (1 - self.ends[0]):
            raise ValueError(
                f"{name}: expected phi of at least {self.ends[0]:.6g}, where J = 0, found {phi.min():.6g}; f(0) > 0: "
                "a component that is pushed down there leaves its range. Start higher, or take f(0) = 0."
            )
        if np.abs(phi).max() > FARTHEST:
            raise ValueError(
                f"{name}: expected phi of at most {FARTHEST:g} in size, found {np.abs(phi).max():.4g}; scale it down."
            )

    def _left(self, m: Real) -> Real:
        """f(top - m); where f has a simple zero, from the slope, which keeps the digits that top - m loses."""
        if not self._simple:
            return self._f(self._top - m)
        near = np.minimum(m, 0.01 * self._top)
        mean = self._slope(self._top - near[..., None] * _NODES) @ _WEIGHTS
        return np.where(m <= near, -near * mean, self._f(self._top - m))


def _half(f: Callable[[Any], Any], slope: Callable[[Any], Any], scale: float, deepest: float, halvings: int) -> Half:
    """The table from m = scale down to scale e^-deepest, to |phi| > FARTHEST, or to where |phi| stands still."""

    def at(w: Real) -> tuple[Real, Real]:
        m = scale * np.exp(-w)
        q = f(m) / m
        return q, q * (q - slope(m))

    def measured(a: Real, b: Real) -> tuple[Real, Real, Real]:
        c = (a + b) / 2
        left, right = _integral(f, scale, a, c), _integral(f, scale, c, b)
        poly = _quintic(b - a, left + right, at(a), at(b))
        middle = np.polynomial.polynomial.polyval(left / (left + right), poly, tensor=False)
        return left, right, np.abs(middle - (c - a)) / (b - a)

    start = np.linspace(0.0, deepest, int(deepest) + 1)
    a, b = start[:-1], start[1:]
    left, right, error = measured(a, b)
    for _ in range(halvings):
        before = np.concatenate([[0.0], np.cumsum(left + right)[:-1]])
        wanted = before < 10 * FARTHEST  # infinite where f is no number of float64 any more
        wanted &= left + right > 1e-17 * before
        a, b, left, right, error = (x[wanted] for x in (a, b, left, right, error))
        bad = ~(error <= _RIGHT)
        if not bad.any() or len(a) > _MOST:
            break
        c = (a[bad] + b[bad]) / 2
        new = [np.concatenate([a[bad], c]), np.concatenate([c, b[bad]])]
        new += measured(*new)
        kept = [np.concatenate([x[~bad], y]) for x, y in zip((a, b, left, right, error), new, strict=True)]
        order = np.argsort(kept[0])
        a, b, left, right, error = (x[order] for x in kept)
    phi = np.concatenate([[0.0], np.cumsum(left + right)])
    w = np.append(a, b[-1])
    stop = min(int(np.argmax(np.append(phi, np.inf) > FARTHEST)), len(phi) - 1) + 1
    stands = np.flatnonzero(np.diff(phi[:stop]) <= 1e-15 * phi[1:stop])
    stop = int(stands[0]) + 1 if len(stands) else stop
    w, phi = w[:stop], phi[:stop]
    q, second = at(w)
    m = scale * np.exp(-w[-1])
    power = float(m * slope(m) / f(m))  # f ~ m^power there
    reached = phi[-1] <= FARTHEST and power < 1 - 1e-9
    end = float(phi[-1] + 1 / q[-1] / (1 - power)) if reached else np.inf
    return Half(w, phi, q, second, end)


def _integral(f: Callable[[Any], Any], scale: float, a: Real, b: Real) -> Real:
    """Integral of m / f over w from a to b."""
    m = scale * np.exp(-(a[..., None] + (b - a)[..., None] * _NODES))
    return (b - a) * ((m / f(m)) @ _WEIGHTS)


def _quintic(rise: Real, width: Real, at_start: tuple[Real, Real], at_end: tuple[Real, Real]) -> Real:
    """Coefficients (6, ...), lowest first, of the polynomial on [0, 1] from 0 to `rise` with these derivatives."""
    p0, p1 = at_start[0] * width, at_end[0] * width
    q0, q1 = at_start[1] * width**2, at_end[1] * width**2
    r0, r1, r2 = rise - p0 - q0 / 2, p1 - p0 - q0, q1 - q0
    cubic = [10 * r0 - 4 * r1 + r2 / 2, -15 * r0 + 7 * r1 - r2, 6 * r0 - 3 * r1 + r2 / 2]
    return np.stack([np.zeros_like(p0), p0, q0 / 2, *cubic])


def _cells(x: Real, y: Real, first: Real, second: Real, mirrored: bool) -> Real:
    """Coefficients (6, cells), highest first, of the pieces between the nodes, in the distance from the left one."""
    if mirrored:
        x, y, first, second = (v[::-1] for v in (x, y, first, second))
    width = np.diff(x)
    poly = _quintic(np.diff(y), width, (first[:-1], second[:-1]), (first[1:], second[1:]))
    poly[0] = y[:-1]
    return (poly / width ** np.arange(6)[:, None])[::-1]


def _reach(half: Half, f: Callable[[Any], Any], scale: float, w: Real, where: NDArray[np.bool_]) -> Real:
    """|phi| at depth w, where that is asked for."""
    known = np.minimum(np.where(where, w, 0.0), half.w[-1])
    i = np.clip(np.searchsorted(half.w, known, side="right") - 1, 0, len(half.w) - 1)
    found = half.phi[i] + _integral(f, scale, half.w[i], known)
    beyond = where & (w > half.w[-1])
    if (beyond & np.isfinite(w)).any() and half.phi[-1] >= FARTHEST:
        raise ValueError(
            f"J: expected one with |phi| <= {FARTHEST:g}, found one {scale * np.exp(-w[beyond].min()):.3g} off an end, "
            "where f is smaller still; start further inside."
        )
    return np.where(beyond, half.end, found)
