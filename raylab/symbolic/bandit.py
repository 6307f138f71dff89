"""Exact statements about the 2 x 2 bandit with a shared bias, in reduced parameters (feature norm squared 2)."""

from typing import Any

import sympy as sp

J1, J2 = sp.symbols("J1 J2", real=True)
THETA = sp.symbols("theta1 theta2 theta3", real=True)


def slope(J: Any) -> Any:
    """a = J (1 - J), the slope of the logistic function at height J."""
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
