"""What judges a first integral and the flatness made of it: exercises 04.4 and 04.5.

A first integral has no unique form, so it is tried on orbits that are known exactly: on the orbit that crosses
J1 + J2 = 1 at half difference d*, cosh s = (I - K(v)) / v with v = sinh^(1/3) d and K(v) the integral of
1 / sqrt(1 + u^6) from 0 to v.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from scipy.special import expit, hyp2f1, logit

from raylab import plateaus
from raylab.checks.engine import Further, Implement, Law, Mistake, numbers

Function = Callable[[np.ndarray], np.ndarray]


def _s_d(J: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    x = logit(J)
    return (x[..., 0] + x[..., 1]) / 2, (x[..., 0] - x[..., 1]) / 2


def _v(d: Any) -> Any:
    return np.cbrt(np.sinh(np.abs(d)))


def _K(v: Any) -> Any:
    """Integral of 1 / sqrt(1 + u^6) from 0 to v."""
    return v * hyp2f1(0.5, 1 / 6, 7 / 6, -(v**6))


def _of(form: Callable[[Any, Any, Any], Any]) -> Function:
    """A function of J from one of (s, |d|, v)."""

    def value(J: np.ndarray) -> np.ndarray:
        s, d = _s_d(J)
        return form(s, np.abs(d), _v(d))

    return value


def _form(s: Any, d: Any) -> Any:
    """(I) of any s and d >= 0."""
    return _v(d) * np.cosh(s) + _K(_v(d))


_I = _of(lambda s, d, v: _form(s, d))

# ------------------------------------------------------------------------------------------------ orbits known exactly


def _orbit(J: np.ndarray) -> np.ndarray:
    """Points (6, 2) of the orbit through J: J itself, the crossing, and two more pairs on both sides of it."""
    s, d = _s_d(J)
    level = _I(J)
    highest = np.cbrt(np.sinh(_at_crossing(level)))
    v = highest * np.array([0.9, 0.5])
    half = np.arccosh(np.maximum((level - _K(v)) / v, 1.0))  # |s| there
    d_there = np.sign(d) * np.arcsinh(np.append(highest, v) ** 3)
    points = [(s, d), (0.0, d_there[0])]
    points += [(sign * c, x) for c, x in zip(half, d_there[1:], strict=True) for sign in (-1, 1)]
    return expit(np.array([(a + b, a - b) for a, b in points]))


def _at_crossing(level: Any) -> Any:
    """d* of the orbit with this value of I, by halving: I lies between v and 2 v at the crossing."""
    low, high = level / 2, level
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if middle + _K(middle) < level else (low, middle)
    return np.arcsinh(high**3)


def _neighbours(J: np.ndarray) -> np.ndarray:
    """Points (2, 2) beside J in the same half of the square, on other orbits."""
    s, d = _s_d(J)
    return expit(np.array([(s + 0.7 * d, s - 0.7 * d), (s + 1.4 * d, s - 1.4 * d)]))


def _spread(answer: Function, J: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """Points of one orbit, the values there, and how much the function changes between this and other orbits."""
    points = _orbit(J)
    here = np.array([float(answer(point)) for point in points])
    beside = np.array([float(answer(point)) for point in _neighbours(J)])
    return points, here, float(np.abs(beside - here[0]).max())


# ------------------------------------------------------------------------------------------------ laws
PRECISION = 1e-5  # of the change between orbits: quadrature is a right answer, a coarse sum is not


def _finite(answer: Function, J: np.ndarray) -> bool | str:
    points = _orbit(J) if J.ndim == 1 else J.reshape(-1, 2)
    values = np.array([float(answer(point)) for point in points])
    return bool(np.isfinite(values).all()) or f"at J = {numbers(points[~np.isfinite(values)][0])}: no finite number"


def _differs(answer: Function, J: np.ndarray) -> bool:
    if J.ndim > 1:
        return True
    _, here, change = _spread(answer, J)
    s, d = _s_d(J)
    close = float(answer(expit(np.array([s + 1.003 * d, s - 1.003 * d]))))  # tells what is constant in steps
    least = 1e-12 * np.abs(here).max()
    return change > least and abs(close - here[0]) > least


def _precise(answer: Function, J: np.ndarray) -> bool | str:
    """False for what is constant but for a small error of a sum or an integrator."""
    if J.ndim > 1:
        return True
    _, here, change = _spread(answer, J)
    told = f"on one orbit between {numbers(here.min(), 6)} and {numbers(here.max(), 6)}"
    return not (PRECISION * change < np.ptp(here) < 0.1 * change) or told


def _more_than_symmetric(answer: Function, J: np.ndarray) -> bool | str:
    """False for what has the symmetry of the flow and is not constant between two points that mirror each other."""
    if J.ndim > 1:
        return True
    _, here, change = _spread(answer, J)
    mirrored = abs(float(answer(1 - J[::-1])) - here[0])
    return not (mirrored <= PRECISION * change < np.ptp(here)) or _told(J, here, change)


def _constant(answer: Function, J: np.ndarray) -> bool | str:
    if J.ndim > 1:
        return True
    _, here, change = _spread(answer, J)
    return bool(np.ptp(here) <= PRECISION * change) or _told(J, here, change)


def _told(J: np.ndarray, here: np.ndarray, change: float) -> str:
    """Two values on one orbit, and how much lies between orbits."""
    far = int(np.abs(here - here[0]).argmax())
    return (
        f"on one orbit, {numbers(here[0], 6)} at J = {numbers(J)} and {numbers(here[far], 6)} at "
        f"J = {numbers(_orbit(J)[far])}; between orbits it changes by about {numbers(change, 2)}"
    )


def _constant_before(answer: Function, J: np.ndarray) -> bool:
    """False for what is constant up to the crossing and not beyond: a simulation that runs forwards."""
    if J.ndim > 1 or J.sum() > 1:
        return True
    points, here, change = _spread(answer, J)
    before = points.sum(axis=1) < 1 + 1e-9
    return not (np.ptp(here[before]) <= PRECISION * change < np.ptp(here))


def _batched(answer: Function, J: np.ndarray) -> bool:
    if J.ndim == 1:
        return True
    alone = np.array([float(answer(point)) for point in J.reshape(-1, 2)]).reshape(J.shape[:-1])
    return bool(np.allclose(answer(J), alone, rtol=1e-9, atol=1e-12))


def _starts(rng: np.random.Generator) -> Iterator[Any]:
    yield (np.array([0.1, 0.3]),)
    yield (np.array([0.4, 0.15]),)
    for s, side in ((-2.5, 1), (1.5, -1)):
        d = side * rng.uniform(0.3, 2.5)
        yield (expit(np.array([s + d, s - d])),)
    yield (np.array([0.012, 0.02]),)  # low, and near a tie
    yield (np.array([0.31, 0.3]),)
    many = "Right at single points. For an array of points, two numbers on the last axis, return one value for each."
    for shape in ((5, 2), (2, 2), (3, 4, 2)):
        yield Further((rng.uniform(0.05, 0.95, shape),), many)


_MOVES = "Along an orbit it changes: "

INTEGRAL = Implement(
    signature="first_integral(J)",
    instances=_starts,
    shape=lambda J: J.shape[:-1],
    describe=lambda J: f"J = {numbers(J)}",
    mistakes=(
        Mistake(lambda J: J.sum(axis=-1), "J₁ + J₂ is what is learned: along every orbit it grows, all the way."),
        Mistake(
            lambda J: J[..., 0] - J[..., 1],
            _MOVES + "the lead grows until the crossing and melts after it. Only its sign is kept.",
        ),
        Mistake(_of(lambda s, d, v: s), "The mean logit s is a clock: it never stands still."),
        Mistake(
            lambda J: _s_d(J)[1], _MOVES + "the half difference d has its top at the crossing. Only its sign is kept."
        ),
        Mistake(
            lambda J: 2 * (J * (1 - J) * (2 * J * (1 - J) - (J * (1 - J))[..., ::-1])).sum(axis=-1) / 2,
            "This is J', the speed where the learner *is*. Asked for is something that does not change as it moves.",
        ),
        Mistake(
            _of(lambda s, d, v: v * np.cosh(s)),
            "The first term only. On its own it falls on the way to the crossing; the integral makes up for that.",
        ),
        Mistake(
            _of(lambda s, d, v: v * np.cosh(s) - _K(v)),
            "The sign between the two terms: the derivative of "
            "C sinh^(1/3) d is *minus* the other one, so on one side they add up.",
        ),
        Mistake(
            _of(lambda s, d, v: v * np.exp(s) + _K(v)),
            "With eˢ for cosh s this is the integral of a learner that is taught. On-policy the law is the same "
            "backwards, and so must the function be: even in s.",
        ),
        Mistake(
            _of(lambda s, d, v: np.sinh(d) ** 3 * np.cosh(s) + 3 * _third(d)),
            "The exponent upside down: the integrating factor is the third *root* of sinh d.",
        ),
        Mistake(
            _of(lambda s, d, v: np.sinh(d) * np.cosh(s) + d),
            "This is kept when nothing is shared, with the exponent 1. With the cosine −1/2 it is 1/3.",
        ),
        Mistake(
            _of(lambda s, d, v: v * np.cosh(s) + _K(d)),
            "The integral of 1/√(1 + u⁶) goes up to v, not to d: the substitution u = sinh^(1/3) moves the limit.",
        ),
        Mistake(
            _of(lambda s, d, v: v * np.cosh(s) + _K(v) / v),
            "A factor v is missing in the integral: with u = v·z it goes over z from 0 to 1, and du is v dz.",
        ),
        Mistake(
            _of(lambda s, d, v: np.sinh(d) / 3 * np.cosh(s) + _K(np.sinh(d) / 3)),
            "v is a third of sinh d here, asked for is the third root: in Python `x ** 1 / 3` is (x ** 1) / 3; write "
            "`x ** (1 / 3)` or `np.cbrt(x)`.",
        ),
        Mistake(
            _of(lambda s, d, v: np.sinh(d / 3) * np.cosh(s) + _K(np.sinh(d / 3))),
            "v is the third root of sinh d, not the sinh of d/3.",
        ),
        Mistake(
            lambda J: _form(J.sum(axis=-1) / 2, np.abs(J[..., 0] - J[..., 1]) / 2),
            "You make s and d of J₁ and J₂. They are made of the logits, log(J / (1 − J)).",
        ),
        Mistake(
            _of(lambda s, d, v: _form(d, np.abs(s))),
            "s and d have changed places: s is half the sum of the logits, d half the difference.",
        ),
        Mistake(
            _of(lambda s, d, v: _v(2 * d) * np.cosh(2 * s) + _K(_v(2 * d))),
            "s is the mean of the two logits and d *half* their difference; you take sum and difference.",
        ),
        Mistake(
            _of(lambda s, d, v: v * np.cosh(s) + 3 * _K(v)),
            "The integral of sinh^(−2/3) has a factor 1/3. In the second form, in u, it is gone.",
        ),
    ),
    laws=(
        Law(_finite, "There is NaN or infinity inside the square. For J₁ < J₂ the root needs the absolute value of d."),
        Law(
            _differs,
            "It is the same for neighbouring orbits. Who is ahead stays ahead, and a constant stays constant; but that "
            "tells no orbit from its neighbour.",
        ),
        Law(
            _constant_before,
            "Constant until half-way, and not beyond it. The orbit through (p, q) also passes (1 − q, 1 − p).",
            "almost",
        ),
        Law(
            _precise,
            "Nearly constant along an orbit, but not to five digits. Is the integrand right, and the integral summed "
            "finely enough? In the form with 1/√(1 + u⁶) nothing is singular.",
            "almost",
        ),
        Law(
            _more_than_symmetric,
            "It has the symmetry of the flow, the same value at (p, q) and (1 − q, 1 − p). Between the two it changes.",
        ),
        Law(_constant, "It is not constant along an orbit."),
        Law(_batched, "For an array of points it gives other values than point by point.", "almost"),
    ),
)


def _third(d: Any) -> Any:
    """Integral of sinh^2 from 0 to d."""
    return np.sinh(2 * d) / 4 - d / 2


# ------------------------------------------------------------------------------------------------ 04.5


def _flatness(p: float, q: float) -> float:
    return float(plateaus.flatness((p, q)))


def _slope(d: Any) -> float:
    return float(2 / (2 + 2 * np.cosh(d)) ** 2)


def _at(p: float, q: float) -> tuple[float, float, float]:
    s, d = _s_d(np.array([p, q]))
    return float(s), float(np.abs(d)), float(_v(d))


def _from(form: Callable[[float, float, float], float]) -> Callable[[float, float], float]:
    return lambda p, q: form(*_at(p, q))


def _own_speed(p: float, q: float) -> float:
    a, b = p * (1 - p), q * (1 - q)
    return 2 * (a * a - a * b + b * b)


def _root_of(s: float, v: float) -> float:
    """v where the orbit crosses."""
    return float(np.cbrt(np.sinh(_at_crossing(v * np.cosh(s) + _K(v)))))


_STEEPEST = float(plateaus.steepest_slope())


def _none_found() -> float:
    raise IndexError("no plateau")


def _without_absolute_value(p: float, q: float) -> float:
    return _flatness(p, q) if p >= q else float("nan")


def _not_only_close(answer: Callable[[float, float], float], p: float, q: float) -> bool:
    """False if the answer is within one percent at three starts, and not to six digits; tried once."""
    if (p, q) != (0.1, 0.2):
        return True
    starts = ((0.1, 0.2), (0.3, 0.1), (0.07, 0.12))
    off = np.abs([float(answer(*start)) / _flatness(*start) - 1 for start in starts])
    return not 1e-6 < off.max() < 1e-2


def _pairs(rng: np.random.Generator) -> Iterator[Any]:
    yield 0.1, 0.2
    yield 0.3, 0.1
    for _ in range(5):
        p, q = rng.uniform(0.04, 0.45, 2)
        yield (float(p), float(q)) if abs(p - q) > 0.02 else (float(p), float(p / 2))
    late = "Right before the crossing. Who starts beyond it came through it: the value belongs to the whole orbit."
    for p, q in ((0.9, 0.7), (0.55, 0.93)):
        yield Further((p, q), late)
    yield Further((0.2, 0.2), "Right off the diagonal. On it d = 0 all along, and the crossing is in the middle.")
    flat = "Right for mild plateaus. For flat ones digits get lost: six are asked for as long as the flatness is 1e-10."
    for p, q in ((0.03, 0.055), (0.06, 0.006), (0.97, 0.985)):
        yield Further((p, q), flat)


FLATNESS = Implement(
    signature="flatness(p, q)",
    reference=_flatness,
    instances=_pairs,
    describe=lambda p, q: f"p = {numbers(p)}, q = {numbers(q)}",
    rtol=1e-6,
    atol=0.0,
    laws=(
        Law(
            _not_only_close,
            "Close, but to few digits. Does a search stop too early, or do you read between the records of a run? The "
            "value of I gives all digits.",
            "almost",
        ),
    ),
    mistakes=(
        Mistake(
            lambda p, q: 128 * p**4 * q**4 / (p - q) ** 2,
            "This is the law for very small starts. At these starts it is far off: solve the equation itself.",
        ),
        Mistake(
            lambda p, q: 2 * (p * (1 - p)) ** 2,
            "This keeps J₁ = p up to the crossing. But J₁ moves on the way; what is kept is I.",
        ),
        Mistake(
            lambda p, q: 2 * (q * (1 - q)) ** 2,
            "This keeps J₂ = q up to the crossing. But J₂ moves on the way; what is kept is I.",
        ),
        Mistake(_own_speed, "This is J' at the start. Asked for is J' at the crossing."),
        Mistake(
            _from(lambda s, d, v: _slope(d)),
            "You take d from the start. On the way to the crossing d grows; I is what stays.",
        ),
        Mistake(
            _from(lambda s, d, v: _slope(np.arcsinh((v * np.cosh(s)) ** 3))),
            "The integral is left out on both sides. That is allowed for very small starts only.",
        ),
        Mistake(
            lambda p, q: _flatness(p, q) / 2,
            "Half of it: this is the rate of one task at the crossing. J₁ and J₂ grow at the same rate there.",
        ),
        Mistake(
            lambda p, q: 2 * _flatness(p, q),
            "Twice: these are the slopes of the full parameters (W, b). Here the parameters are the reduced ones.",
            "almost",
        ),
        Mistake(
            _from(lambda s, d, v: _slope(2 * _at_crossing(v * np.cosh(s) + _K(v)))),
            "At the crossing the two logits are d and −d, so a = 1/(2 + 2 cosh d). You have doubled d.",
        ),
        Mistake(
            _from(lambda s, d, v: _slope(np.arcsinh(v * np.cosh(s) + _K(v)) if v else 0.0)),
            "At the crossing I is v plus the integral up to v, so I itself is not yet sinh d: solve for v, then "
            "sinh d = v³.",
        ),
        *(
            Mistake(
                _from(lambda s, d, v, power=power: _slope(np.arcsinh(_root_of(s, v) ** power))),
                "You take v for sinh d. It is the third root of it: sinh d = v³, d = arcsinh(v³).",
            )
            for power in (1, 1 / 3)
        ),
        Mistake(
            _from(lambda s, d, v: _slope(np.arcsinh((v * np.cosh(s) + _K(v)) ** 3))),
            "You take I itself for v. At the crossing I is v plus the integral up to v: solve that for v.",
        ),
        Mistake(
            lambda p, q: _flatness(p, q) if p + q < 1 and _flatness(p, q) < _STEEPEST else _none_found(),
            "Right where the crossing is a plateau that lies ahead. Elsewhere `plateaus.find` finds none; the slope at "
            "the crossing is asked for there, too.",
            "almost",
        ),
        Mistake(
            lambda p, q: float(np.sqrt(_flatness(p, q) / 2)),
            "This is a at the crossing. The slope there is 2a².",
        ),
        Mistake(
            _without_absolute_value,
            "Right for p > q. For p < q the root of a negative number gives NaN: take the absolute value of d.",
        ),
    ),
)
