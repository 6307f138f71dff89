"""Exact statements about factored objectives, grad J_k = f_k(J_k) v_k, under theta' = grad J.  [Schaul19 Sec. 3.1]

Everything follows from J' = |g|^2 and J'' = 2 g^T H g, where g = grad J = sum_k f_k v_k and H is the Hessian of J,

    H = sum_k f_k' f_k v_k v_k^T + f_k grad v_k,    so    J'' = 2 sum_k f_k' f_k u_k^2 + 2 sum_k f_k g^T (grad v_k) g,

with u_k = v_k . g = J_k' / f_k. Here the v_k are constant: only their inner products g_kj count, and the second sum is
zero. `raylab.symbolic.turning` keeps it.
"""

from typing import Any

import sympy as sp

from raylab import arguments

# Returns are Any where sympy's own types would say of an entry of a matrix that it may be a list.

COSINE = sp.Symbol("c", real=True)
LENGTHS = sp.symbols("n1 n2", positive=True)  # |v_1|, |v_2|
SHAPE = sp.Function("f")
U, X = sp.symbols("u x", positive=True)
RISE, FALL = sp.symbols("a b", positive=True)  # f_1'(0), and minus f_2' at the top


def heights(components: int) -> tuple[sp.Symbol, ...]:
    """The symbols J1 ... JK; TypeError or ValueError unless components is a whole number from 1 on."""
    return tuple(sp.Symbol(f"J{k + 1}", real=True) for k in range(arguments.count(components, "components")))


def couplings(components: int) -> Any:
    """f1(J1) ... fK(JK), unknown functions, (K, 1).  [Schaul19 Eq. 5]

    Raises TypeError or ValueError unless components is a whole number from 1 on.
    """
    return sp.Matrix([sp.Function(f"f{k + 1}")(J) for k, J in enumerate(heights(components))])


def gram(components: int) -> Any:
    """The inner products g_kj = v_k . v_j, symmetric, (K, K).

    Raises TypeError or ValueError unless components is a whole number from 1 on.
    """
    K = arguments.count(components, "components")
    return sp.Matrix(K, K, lambda k, j: sp.Symbol(f"g{min(k, j) + 1}{max(k, j) + 1}", real=True))


def rates(components: int) -> Any:
    """J_k' = f_k sum_j g_kj f_j, (K, 1).  [Schaul19 App. C.1]

    Raises TypeError or ValueError unless components is a whole number from 1 on.
    """
    f = couplings(components)
    return f.multiply_elementwise(gram(components) * f).applyfunc(sp.expand)


def performance_rate(components: int) -> Any:
    """J' = f^T G f, a quadratic form in the couplings.  [Schaul19 App. C.1]

    Raises TypeError or ValueError unless components is a whole number from 1 on.
    """
    return sp.expand(sum(rates(components)))


def acceleration(components: int) -> Any:
    """J'', the change of `performance_rate` along the flow.  [Schaul19 App. C.2]

    Raises TypeError or ValueError unless components is a whole number from 1 on.
    """
    return _along_flow(performance_rate(components), components)


def acceleration_by_rates(components: int) -> Any:
    """2 sum_k (f_k' / f_k) J_k'^2, equal to `acceleration` for every K.  [Schaul19 App. C.2]

    The reason: J' = f^T G f with G symmetric, so dJ'/dJ_k = 2 f_k' (G f)_k = 2 f_k' J_k' / f_k, whatever K is.
    Raises TypeError or ValueError unless components is a whole number from 1 on.
    """
    parts = zip(heights(components), couplings(components), rates(components), strict=True)
    return sp.Add(*(2 * sp.diff(f, J) / f * rate**2 for J, f, rate in parts))


def jerk(components: int) -> Any:
    """J''' = 2 sum_k (f_k f_k'' + f_k'^2) f_k u_k^3 + 4 z^T G z, with u = G f and z_k = f_k' f_k u_k.  [beyond C.2]

    Raises TypeError or ValueError unless components is a whole number from 1 on.
    """
    return _along_flow(acceleration(components), components)


def null_clines() -> tuple[Any, ...]:
    """What vanishes where J1, and where J2, stands still inside the square: g11 f1 + g12 f2.  [Schaul19 Sec. 3.1]"""
    return tuple(gram(2) * couplings(2))


def winner_margin() -> Any:
    """|v_1| f_1 + c |v_2| f_2: the second component wins where it is not positive, if f_1 > 0.  [Schaul19 Sec. 3.1]

    J_1' over |v_1| f_1; where f_1 = 0, J_1 stands still whatever the sign.
    """
    f = couplings(2)
    inner = {
        sp.Symbol("g11", real=True): LENGTHS[0] ** 2,
        sp.Symbol("g12", real=True): COSINE * LENGTHS[0] * LENGTHS[1],
    }
    return sp.expand(rates(2)[0].subs(inner) / (f[0] * LENGTHS[0]))


def strip() -> Any:
    """Width in J1 of the strip in which J2 wins, as a function of J2, for f = u (1 - u), equal lengths, c < 0.  [S60]

    The smaller root of a1 = -c a2: (1 - sqrt(1 + 4 c a2)) / 2, which tends to 0 as J2 tends to 1.
    """
    J1, J2 = heights(2)
    roots = sp.solve(J1 * (1 - J1) + COSINE * J2 * (1 - J2), J1)
    return min(roots, key=lambda root: root.subs({COSINE: -sp.Rational(1, 2), J2: sp.Rational(1, 2)}))


def corner_drift() -> Any:
    """(log x)' over b (1 - J2) beside the saddle (0, 1), x = f_1 / f_2, f_1 ~ a J1, f_2 ~ b (1 - J2).

    a (g11 x + g12) + b (g12 x + g22). Where it is negative at x = 0, that is a |g12| > b g22 with g12 < 0, x falls
    to 0 from all small x: J1 is driven out faster than J2 arrives, and never learned.  [beyond Schaul19 Sec. 3.1]
    """
    first, second = gram(2) * sp.Matrix([X, 1])  # u_1 and u_2 over f_2
    # p = J1 grows at f_1 u_1 and q = 1 - J2 falls at f_2 u_2, so (log p)' = a u_1 and (log q)' = -b u_2
    return sp.expand(RISE * first + FALL * second)


def crossing_jerk() -> Any:
    """J''' on J1 + J2 = 1 for one symmetric f, f(u) = f(1 - u), lengths 1 and cosine c.  [after ledger N6]

    4 (1 + c)^2 f^4 ((3 - c) f'^2 + (1 + c) f f''): a crossing is a plateau where the last factor is positive.
    """
    g11, g12, g22 = gram(2)[0], gram(2)[1], gram(2)[3]
    J1, J2 = heights(2)
    f1, f2 = couplings(2)
    here, there = SHAPE(J1), {2: sp.diff(SHAPE(J1), J1, 2), 1: -sp.diff(SHAPE(J1), J1)}
    found = jerk(2).subs({g11: 1, g12: COSINE, g22: 1})
    found = found.subs({sp.diff(f2, J2, order): value for order, value in there.items()}).subs(f2, here)
    return sp.factor(found.replace(f1.func, SHAPE))


def restless() -> sp.Expr:
    """e^(-1/u) (2 + sin(1/u^2)): smooth, 0 at 0, positive after, and falling again and again near 0.  [S27]"""
    return sp.exp(-1 / U) * (2 + sp.sin(1 / U**2))


def way_to_zero(coupling: Any) -> Any:
    """How far phi has to go from J = 1/2 down to J = 0: the integral of du / f(u), f as an expression in U.  [S28]

    As dJ = f dphi, infinity says that no finite theta has J = 0. It is infinite for every smooth f with f(0) = 0, since
    there f(u) is at most a multiple of u.
    Raises TypeError for anything but a sympy expression, ValueError for one in other symbols.
    """
    if not isinstance(coupling, sp.Expr):
        raise TypeError(
            f"coupling: expected a sympy expression in U, found {type(coupling).__name__}; write U * (1 - U)."
        )
    if coupling.free_symbols != {U}:
        raise ValueError(f"coupling: expected an expression in U alone, found symbols {coupling.free_symbols}; use U.")
    found = sp.integrate(1 / coupling, (U, 0, sp.Rational(1, 2)))
    return sp.oo if found.has(sp.oo) else found  # sympy may leave a branch of the logarithm at infinity


def _along_flow(quantity: sp.Expr, components: int) -> sp.Expr:
    moves = zip(heights(components), rates(components), strict=True)
    return sp.expand(sp.Add(*(sp.diff(quantity, J) * rate for J, rate in moves)))
