"""Exact statements about the 2 x 2 bandit with a shared bias, in reduced parameters (feature norm squared 2)."""

from typing import Any

import numpy as np
import sympy as sp

from raylab import arguments

J1, J2 = sp.symbols("J1 J2", real=True)
THETA = sp.symbols("theta1 theta2 theta3", real=True)
S, D = sp.symbols("s d", real=True)  # mean and half difference of the two logits
P, M = sp.symbols("p m", positive=True)  # distance from a corner, and slope of the direction


def slope(J: Any) -> Any:
    """a = J (1 - J), the slope of the logistic function at height J.

    Raises TypeError if J is neither a sympy expression nor a number, ValueError for NaN and infinity.
    """
    if isinstance(J, bool) or not isinstance(J, sp.Expr | int | float):
        raise TypeError(f"J: expected a sympy expression, found a value of type {type(J).__name__}; use sp.Symbol.")
    if J != J or J in (sp.nan, sp.oo, -sp.oo):
        raise ValueError(f"J: expected a finite number or an expression, found {J}; look at the step that made it.")
    return J * (1 - J)


def components() -> sp.Matrix:
    """(J1, J2) as functions of theta.  [Schaul19 Sec. 2.1]"""
    theta1, theta2, theta3 = THETA
    return sp.Matrix([1 / (1 + sp.exp(-(theta1 + theta3))), 1 / (1 + sp.exp(-(theta2 - theta3)))])


def gradients() -> sp.Matrix:
    """Rows grad J1, grad J2 by theta, written in J: a1 (1, 0, 1) and a2 (0, 1, -1).  [Schaul19 Sec. 2.1]

    Found by differentiating `components`, not transcribed: d sigmoid / dx = sigmoid (1 - sigmoid).
    """
    J = components()
    by_theta = J.jacobian(sp.Matrix(THETA))
    # The ratio of each entry to the slope at its J is a number; it is what is left of the feature.
    features = sp.Matrix(2, 3, lambda k, i: sp.simplify(by_theta[k, i] / slope(J[k])))
    return sp.Matrix(2, 3, lambda k, i: slope((J1, J2)[k]) * features[k, i])


def cosine() -> sp.Expr:
    """The cosine between grad J1 and grad J2: -1/2, everywhere.  [Schaul19 Sec. 2.1]"""
    G = gradients().subs({J1: sp.Symbol("J1", positive=True), J2: sp.Symbol("J2", positive=True)})
    pairing = G * G.T
    # a1 a2 > 0 inside the square, so the root of their squares is their product
    a1, a2 = (slope(sp.Symbol(name, positive=True)) for name in ("J1", "J2"))
    lengths = sp.sqrt(sp.simplify(pairing[0, 0] / a1**2) * sp.simplify(pairing[1, 1] / a2**2))
    return sp.simplify(pairing[0, 1] / (a1 * a2) / lengths)


def velocity() -> sp.Matrix:
    """(dJ1/dt, dJ2/dt) along grad J1 + grad J2.  [Schaul19 Eq. 1-2]"""
    G = gradients()
    step = G.row(0) + G.row(1)
    return (G * step.T).applyfunc(sp.expand)


def jacobian() -> sp.Matrix:
    """d(dJ/dt)/dJ of the flow itself; it is the zero matrix at all four corners.  [corrects Schaul19 App. B.1]"""
    return velocity().jacobian([J1, J2])


def null_clines() -> tuple[Any, ...]:
    """What vanishes where J1, and where J2, stands still inside the square.  [Schaul19 Sec. 2.4]"""
    a = (slope(J1), slope(J2))
    return tuple(sp.cancel(velocity()[k] / a[k]) for k in range(2))


def performance_rate() -> sp.Expr:
    """dJ/dt = 2 (a1^2 - a1 a2 + a2^2), positive off the corners: J only grows.  [after Schaul19 App. B.1]"""
    return sp.expand(velocity()[0] + velocity()[1])


def acceleration() -> sp.Expr:
    """d2J/dt2, the change of `performance_rate` along the flow.  [Schaul19 Eq. 3]"""
    return _along_flow(performance_rate())


def jerk() -> sp.Expr:
    """d3J/dt3 along the flow, whose sign tells plateaus from the other inflections.  [Schaul19 Def. 2]"""
    return _along_flow(acceleration())


def inflection_factor() -> sp.Expr:
    """P6, `acceleration` divided by 1 - J1 - J2: a polynomial of degree 6.  [Schaul19 App. B.2]"""
    factor, remainder = sp.div(acceleration(), 1 - J1 - J2, J1, J2)
    if remainder != 0:
        raise ArithmeticError(f"the acceleration is not divisible by 1 - J1 - J2: {remainder} remains.")
    return sp.expand(factor)


def crossing_slope() -> Any:
    """dJ/dt on J1 + J2 = 1 as a function of J1: 2 J1^2 (1 - J1)^2.  [Schaul19 Sec. 2.3]"""
    return sp.factor(performance_rate().subs(J2, 1 - J1))


def crossing_jerk() -> Any:
    """d3J/dt3 on J1 + J2 = 1 as a function of J1: 4 a^4 (30 J1^2 - 30 J1 + 7).  [corrects Schaul19 App. B.2]"""
    return sp.factor(jerk().subs(J2, 1 - J1))


def flattest() -> sp.Expr:
    """a = J1 (1 - J1) below which a crossing of J1 + J2 = 1 is a plateau: 7/30.  [after Schaul19 App. B.2]"""
    ends = {sp.factor(slope(end)) for end in sp.solve(crossing_jerk(), J1) if end not in (0, 1)}
    (a,) = {sp.expand(end) for end in ends}  # one for both ends, by symmetry
    return a


def _along_flow(quantity: sp.Expr) -> sp.Expr:
    rates = velocity()
    return sp.expand(sp.diff(quantity, J1) * rates[0] + sp.diff(quantity, J2) * rates[1])


def clock() -> Any:
    """ds/dt in S = (x + y)/2, D = (x - y)/2, half sum and half difference of the logits.  [after Schaul19 App. B.1]

    It is positive at every finite point, so no orbit turns back or comes round again.
    """
    a1, a2 = (1 / (2 + 2 * sp.cosh(x)) for x in (S + D, S - D))  # J (1 - J) at logit x
    # x and y move at 2 a1 - a2 and 2 a2 - a1, so their half sum at (a1 + a2) / 2
    over, under = sp.fraction(sp.together(sp.expand_trig((a1 + a2) / 2)))
    squares = {sp.sinh(u) ** 2: sp.cosh(u) ** 2 - 1 for u in (S, D)}
    return sp.factor(sp.expand(over) / sp.expand(under).subs(squares))


def blow_up(corner: tuple[int, int]) -> sp.Matrix:
    """(dP/dt, dM/dt) near a corner, to leading order and divided by P.  [after Schaul19 App. B.1]

    P is the distance of J1 from its value at the corner, M P that of J2; M is the direction in which one looks.
    Both velocities begin with squares there, so P divides both rates: dividing by it changes the clock only, and
    what remains no longer vanishes at P = 0.
    corner: two numbers, each 0 or 1; TypeError or ValueError for anything else.
    """
    found = arguments.array(corner, "corner", "2")
    if not np.isin(found, (0, 1)).all():
        raise ValueError(
            f"corner: expected two numbers that are 0 or 1, found {corner}; choose a corner of the square."
        )
    at = [int(c) for c in found]
    inwards = [1 - 2 * c for c in at]
    place = {J1: at[0] + inwards[0] * P, J2: at[1] + inwards[1] * M * P}
    rates = velocity().subs(place, simultaneous=True)
    dp, dq = (inwards[k] * sp.expand(rates[k]).coeff(P, 2) * P**2 for k in range(2))
    return sp.Matrix([sp.factor(dp / P), sp.factor((dq - M * dp) / P**2)])


def winner_takes_all_area() -> sp.Expr:
    """Share of the unit square in which one component improves and the other does not.  [Schaul19 Def. 3]

    In u = J1 - 1/2, v = J2 - 1/2 component 1 declines where u^2 > (v^2 + 1/4) / 2: four equal pieces, and as many
    again with the roles exchanged.
    """
    v = sp.Symbol("v", nonnegative=True)
    piece = sp.integrate(sp.Rational(1, 2) - sp.sqrt(v**2 + sp.Rational(1, 4)) / sp.sqrt(2), (v, 0, sp.Rational(1, 2)))
    return sp.expand(8 * piece)
