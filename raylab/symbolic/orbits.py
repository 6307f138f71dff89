"""Exact statements about two binary contexts whose features have any cosine c and squared norm 2: orbits and times.

S and D are half sum and half difference of the logits, D > 0; k = (1 + c) / (1 - c). At c = -1/2 it is the 2 x 2 bandit
of `bandit`, in reduced parameters.
"""

from typing import Any

import sympy as sp

from raylab import arguments
from raylab.symbolic import bandit

C, S = sp.symbols("c s", real=True)
D, K, U = sp.symbols("d k u", positive=True)
A, EPSILON, N = sp.symbols("a epsilon n", positive=True)  # J1 (1 - J1), flatness, squared norm of a feature
P, Q = sp.symbols("p q", positive=True)  # a start near the origin, p > q
X = sp.Symbol("x", real=True)
POWER = (1 + C) / (1 - C)  # what k stands for

LAWS = ("on-policy", "supervised", "natural")


def motion(law: str = "on-policy") -> sp.Matrix:
    """(ds/dt, dd/dt) for features of squared norm 2 and cosine c: x' = 2 (g1 + c g2), y' = 2 (g2 + c g1).

    g is the coupling f(J) written as a speed of the logit: J (1 - J) on-policy, 1 - J supervised, and for the natural
    gradient both logits move at 1. Raises TypeError or ValueError for a law that is none of LAWS.
    """
    if _law(law) == "natural":
        return sp.Matrix([1, 0])
    first, second = (_speed(law, x) for x in (S + D, S - D))
    x, y = 2 * (first + C * second), 2 * (second + C * first)
    return sp.Matrix([(x + y) / 2, (x - y) / 2])


def first_integral(law: str = "on-policy") -> sp.Expr:
    """What every orbit conserves: cosh s sinh^k d + k Integral_0^d sinh^(k-1); supervised has e^s for cosh s.

    With k as a symbol and the integral as it stands; d alone for the natural gradient.  [ledger N1]
    Raises TypeError or ValueError for a law that is none of LAWS.
    """
    if _law(law) == "natural":
        return D
    height = sp.cosh(S) if law == "on-policy" else sp.exp(S)
    return height * sp.sinh(D) ** K + K * sp.Integral(sp.sinh(U) ** (K - 1), (U, 0, D))


def change(quantity: Any, law: str = "on-policy") -> Any:
    """d/dt of a quantity in S, D, K and C along `motion`, simplified: 0 for what is conserved.

    The fundamental theorem differentiates the integral term; nothing is evaluated in numbers.
    Raises TypeError if the quantity is no sympy expression, TypeError or ValueError for a law that is none of LAWS.
    """
    if not isinstance(quantity, sp.Expr):
        raise TypeError(
            f"quantity: expected a sympy expression, found {type(quantity).__name__}; build it from S, D, K."
        )
    rates = motion(law)
    found = sp.expand(sp.diff(quantity, S) * rates[0] + sp.diff(quantity, D) * rates[1])
    # sinh^k and sinh^(k-1) are one unknown power times rational functions of e^s and e^d
    power = sp.Symbol("power", positive=True)
    z = sp.sinh(D)
    found = sp.powsimp(found).replace(
        lambda e: e.is_Pow and e.base == z and e.exp.has(K), lambda e: power * z ** (e.exp - K)
    )
    found = sp.factor(sp.together(sp.expand(found).subs(K, POWER).rewrite(sp.exp)))
    return sp.factor(sp.simplify(found)).subs(power, z**POWER)


def conserved_parameters() -> Any:
    """The combination of theta that no coupling moves: theta1 - theta2 - theta3, orthogonal to both features."""
    (direction,) = bandit.gradients().nullspace()
    direction = direction.applyfunc(sp.cancel)
    return sp.expand((direction.T * sp.Matrix(bandit.THETA))[0] / direction[0])


def crossing_slope() -> sp.Expr:
    """J' where an orbit crosses J1 + J2 = 1, in D: (1 + c) / 4 sech^4(d / 2).  [ledger N3]"""
    return (1 + C) / 4 * sp.sech(D / 2) ** 4


def flattest() -> Any:
    """a below which such a crossing is a plateau, for any cosine: (3 - c) / (2 (7 - c)).  [ledger N6]

    From J''' on the crossing, by differentiating J' along the flow twice.
    """
    J = bandit.J1, bandit.J2
    a = [bandit.slope(j) for j in J]
    rates = [2 * a[0] * (a[0] + C * a[1]), 2 * a[1] * (a[1] + C * a[0])]
    found = rates[0] + rates[1]
    for _ in range(2):
        found = sp.expand(sp.diff(found, J[0]) * rates[0] + sp.diff(found, J[1]) * rates[1])
    at_crossing = found.subs(J[1], 1 - J[0]).subs(J[0], (1 - sp.sqrt(1 - 4 * A)) / 2)
    (threshold,) = sp.solve(sp.cancel(sp.expand(at_crossing) / A**4), A)
    return sp.factor(threshold)


def flatness_law() -> sp.Expr:
    """epsilon of a start (p, q) near the origin, to leading order, p > q: 128 p^4 q^4 / (p - q)^2 at c = -1/2.  [N4]

    There e^s = sqrt(p q), sinh d = (p - q) / (2 sqrt(p q)), and the first term of the first integral is all of it;
    at the crossing it is (e^d / 2)^k.
    """
    start = 1 / (2 * sp.sqrt(P * Q)) * ((P - Q) / (2 * sp.sqrt(P * Q))) ** POWER
    grown = 2 * start ** (1 / POWER)  # e^d at the crossing
    return 4 * (1 + C) / grown**2  # sech^4(d / 2) = 16 e^(-2 d)


def plateau_time() -> Any:
    """T of a plateau of flatness epsilon, to leading order: 4 sqrt2 / (3 sqrt epsilon).  [ledger N5]

    From the flow blown up at the saddle (0, 1), p = J1 and 1 - J2 = m p: dlog p / dm gives p along the orbit that
    passes m = 1 at p = a, and T is the integral of dm / (dm/dt) over all m; there epsilon = 2 a^2.
    """
    m = bandit.M
    rates: Any = bandit.blow_up((0, 1))
    p_rate, m_rate = rates  # over p, so that the clock still has to be divided by p
    growth = sp.integrate(sp.apart(sp.cancel(p_rate / bandit.P / m_rate), m), m)
    p = A * sp.simplify(sp.exp(growth - growth.subs(m, 1)))
    time = sp.integrate(sp.cancel(1 / (-m_rate * p)), (m, 0, sp.oo))
    return sp.simplify(time.subs(A, sp.sqrt(EPSILON / 2)))


def lone_clock(law: str = "on-policy") -> Any:
    """t as a function of the logit x, up to a constant, for a component alone with squared norm n.

    The integral of 1/x': on-policy 2 (x + sinh x) / n, supervised (x + e^x) / n, natural gradient x.  [ledger N7]
    Raises TypeError or ValueError for a law that is none of LAWS.
    """
    speed = sp.Integer(1) if _law(law) == "natural" else N * _speed(law, X)
    return sp.integrate(sp.expand(1 / speed), X)


def natural_speeds() -> sp.Matrix:
    """(dx/dt, dy/dt) of the natural gradient of `bandit`: (1, 1). The Fisher matrix is summed over both contexts.

    With V the features and A the slopes it is V^T A V, of rank 2; its pseudo-inverse stands for the inverse.  [N9]
    """
    G = bandit.gradients()
    slopes = sp.diag(*(bandit.slope(j) for j in (bandit.J1, bandit.J2)))
    V = (slopes.inv() * G).applyfunc(sp.cancel)
    right_inverse = V.T * (V * V.T).inv()
    fisher_inverse = right_inverse * slopes.inv() * right_inverse.T
    return (V * fisher_inverse * (G.row(0) + G.row(1)).T).applyfunc(sp.cancel)


def _speed(law: str, x: sp.Expr) -> sp.Expr:
    return 1 / (2 + 2 * sp.cosh(x)) if law == "on-policy" else 1 / (1 + sp.exp(x))


def _law(law: str) -> str:
    if arguments.text(law, "law") not in LAWS:
        raise ValueError(f"law: expected one of {', '.join(LAWS)}, found {law!r}; write it as there.")
    return law
