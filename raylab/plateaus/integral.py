"""The first integral in numbers: I = z^k (cosh s + R), z = sinh d, in logarithms and to the last digits.

s and d >= 0 are half sum and half difference of the two logits, w = log z, k = (1 + c) / (1 - c) for the cosine c, and
R = k Integral_0^d sinh^(k-1) / z^k, which lies between 1 / cosh d and 1.  [ledger N1]
Nothing here is a public name, and nothing here raises.
"""

import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Real = NDArray[np.float64]


def in_blocks(f: Callable[..., Real], *arrays: Real) -> Real:
    """f of arrays of one shape, block by block: a block and all that is made of it stay in the processor's cache."""
    flat = [array.ravel() for array in arrays]
    size = 8192
    found = [f(*(array[i : i + size] for array in flat)) for i in range(0, flat[0].size, size)]
    return np.concatenate(found).reshape(arrays[0].shape)


def log_sinh(d: Real) -> Real:
    """log sinh d for d >= 0, at all sizes; -inf at 0."""
    with np.errstate(divide="ignore"):
        return d + np.log(-np.expm1(-2 * d)) - math.log(2)


def log_integral(s: Real, w: Real, k: float) -> Real:
    """log I; -inf on the diagonal, where w is."""
    R, _ = remainder(w, k)
    t = np.exp(-np.abs(s))  # cosh s + R = e^|s| (1 + t (t + 2 R)) / 2
    return k * w + np.abs(s) + np.log1p(t * (t + 2 * R)) - math.log(2)


def on_orbit(goal: Real, cosh: Real, k: float) -> Real:
    """w with k w + log(cosh + R(w)) = goal: where the orbit with log I = goal meets that cosh s. Newton's method.

    The slope by w is k (cosh + sech d) / (cosh + R). As 1/cosh d <= R <= 1 <= cosh it lies in (k/2, k], so that the
    error after a step is (1 - ratio) x error with a ratio of two slopes, in (1/2, 2): from wherever one starts the
    error shrinks, and near the end it is squared. goal and cosh have one shape; where goal is infinite, so is w.
    """
    w = goal.copy()
    wrong = np.flatnonzero(np.isfinite(goal))
    goal, cosh = goal.ravel()[wrong], cosh.ravel()[wrong]
    growth = np.exp(np.minimum(goal / max(k, 1.0), 600.0))
    at = (goal - np.log(cosh + 1 / (1 + growth))) / k  # R is 1 at small z and falls like z^-min(k, 1): a first guess
    for rough in (True, True, *98 * (False,)):  # two steps with R to 1e-3 bring it closer for a third of the price
        R, sech = remainder(at, k, rough)
        step = (k * at + np.log(cosh + R) - goal) * (cosh + R) / (k * (cosh + sech))
        at -= step
        if rough:
            continue
        w.flat[wrong] = at
        # a step of 1e-7 leaves an error of 1e-15, its square; rounding leaves 1e-16 |w|
        left = np.abs(step) > 1e-7 + 1e-14 * np.abs(at)
        if not left.any():
            break
        wrong, at, goal, cosh = wrong[left], at[left], goal[left], cosh[left]
    return w


def asinh_exp(w: Real) -> Real:
    """d = asinh(e^w), also where e^w leaves float64."""
    e = np.exp(-np.abs(w))
    root = np.sqrt(1 + e * e)
    return np.where(w > 0, np.maximum(w, 0.0) + np.log1p(root), np.log1p(e + e * e / (1 + root)))


def remainder(w: Real, k: float, rough: bool = False) -> tuple[Real, Real]:
    """(R, 1 / cosh d) at w = log sinh d, both to a few units of the last place, for every k > 0; or R to 1e-3.

    R = (1 - x) 2F1(1, 1 - k/2; 1 + k/2; x) with x = tanh^2(d / 2), a series whose terms shrink like powers of x for
    every k. For large x: by powers of e^-2d, or, for large k where these alternate, 2F1(1/2, 1; 1 + k/2; tanh^2 d)
    / cosh d.
    """
    near = w <= _SPLIT_W
    parts = [np.flatnonzero(near), np.flatnonzero(~near)]  # numpy follows indices more quickly than truth values
    R, sech = np.empty(w.shape), np.empty(w.shape)
    for where, series in zip(parts, (_near, _beyond), strict=True):
        if where.size:
            found = series(np.take(w, where), k, rough)
            np.put(R, where, found[0])
            np.put(sech, where, found[1])
    return R, sech


def _near(w: Real, k: float, rough: bool) -> tuple[Real, Real]:
    z = np.exp(w)
    cosh = np.sqrt(1 + z * z)
    x = (z / (1 + cosh)) ** 2
    return (1 - x) * _horner(_near_terms(k)[: 6 if rough else None], x), 1 / cosh


def _beyond(w: Real, k: float, _: bool) -> tuple[Real, Real]:
    e = np.exp(-w)
    root = np.sqrt(1 + e * e)  # cosh d / sinh d
    sech = e / root
    return _far(w, e, root, k) if k < _LARGE_K else _horner(_large_terms(k), root**-2) * sech, sech


_SPLIT_X = 1 / 3  # both series take some 20 to 40 terms here
_SPLIT_D = 2 * math.atanh(math.sqrt(_SPLIT_X))
_SPLIT_W = math.log(math.sinh(_SPLIT_D))
_LARGE_K = 30.0


def _horner(terms: tuple[float, ...], x: Real) -> Real:
    found = np.full(x.shape, terms[-1])
    for term in terms[-2::-1]:
        found *= x
        found += term
    return found


def _far(w: Real, e: Real, root: Real, k: float) -> Real:
    """R beyond the split, e = e^-w, root = coth d: what the integral gathers up to there, and the rest in powers of q.

    sinh^(k-1) = (e^d / 2)^(k-1) (1 - q)^(k-1), q = e^-2d, is integrated term by term. A term whose exponent is
    nearly 0, as there is one at k = 1, would be divided by it: that one is kept apart and grows with d instead.
    """
    constant, terms, slow, weight = _far_terms(k)
    small = e / (1 + root)  # e^-d
    q = small * small
    found = constant * np.exp(-k * w) + 2 * small * np.exp(-k * np.log(1 - q)) * _horner(terms, q)
    if weight:
        d = w + np.log(1 + root)
        grown = d - _SPLIT_D if slow == 0 else -np.expm1(-abs(slow) * (d - _SPLIT_D)) / abs(slow)
        found += weight * np.exp(max(slow, 0.0) * d + min(slow, 0.0) * _SPLIT_D - k * w) * grown
    return found


@lru_cache(maxsize=64)
def _near_terms(k: float) -> tuple[float, ...]:
    """Coefficients of 2F1(1, 1 - k/2; 1 + k/2; x), as many as count for x <= 1/3; none is larger than 1."""
    return _terms(lambda j: (1 - k / 2 + j) / (1 + k / 2 + j), _SPLIT_X)


@lru_cache(maxsize=64)
def _large_terms(k: float) -> tuple[float, ...]:
    """Coefficients of 2F1(1/2, 1; 1 + k/2; x) for k >= 30 and x <= 1."""
    return _terms(lambda j: (j + 0.5) / (j + 1 + k / 2), 1.0)


@lru_cache(maxsize=64)
def _far_terms(k: float) -> tuple[float, tuple[float, ...], float, float]:
    """(constant, coefficients of the powers of q, exponent of the term kept apart, its weight or 0) for `_far`."""
    q = math.exp(-2 * _SPLIT_D)
    slowest = max(round((k - 1) / 2), 0)
    binomials = _terms(lambda j: -(k - 1 - j) / (j + 1), q, least=slowest + 1)
    slow = k - 1 - 2 * slowest
    apart = abs(slow) < 0.05
    terms = tuple(0.0 if apart and j == slowest else k * b / (k - 1 - 2 * j) for j, b in enumerate(binomials))
    before = (1 - _SPLIT_X) * _horner(_near_terms(k), np.array([_SPLIT_X]))[0] * math.exp(k * _SPLIT_W)
    sofar = 2 ** (1 - k) * math.exp((k - 1) * _SPLIT_D) * _horner(terms, np.array([q]))[0]
    return float(before - sofar), terms, slow, 2 ** (1 - k) * k * binomials[slowest] if apart else 0.0


def _terms(ratio: Callable[[int], float], x: float, least: int = 1) -> tuple[float, ...]:
    """1, ratio(0), ratio(0) ratio(1), ... until the terms of the series at x no longer count."""
    terms = [1.0]
    while len(terms) < least or (abs(terms[-1]) * x ** len(terms) > 1e-18 and len(terms) < 200):
        terms.append(terms[-1] * ratio(len(terms) - 1))
    return tuple(terms)
