"""Factored objectives whose v_k turn: v_k = grad phi_k(theta), with nothing neglected.  [Schaul19 App. C.1]

J_k = S_k(phi_k) with S_k' = f_k(S_k): where theta moves by dtheta, J_k moves by f_k v_k . dtheta.
"""

from typing import Any

import sympy as sp

from raylab import arguments
from raylab.symbolic.factored import couplings, heights

SHARE = sp.Symbol("s", positive=True)  # of one wrong action among all the wrong ones


def place(parameters: int) -> tuple[sp.Symbol, ...]:
    """The symbols theta1 ... thetad; TypeError or ValueError unless parameters is a whole number from 1 on."""
    return tuple(sp.Symbol(f"theta{i + 1}", real=True) for i in range(arguments.count(parameters, "parameters")))


def features(components: int, parameters: int) -> Any:
    """Rows v_k = grad phi_k(theta), phi_k unknown, (K, d). A v_k with f_k > 0 is always of this form.  [Schaul19 Eq. 5]

    phi_k is the integral of dJ_k / f_k; so v_k has no curl, and grad v_k is symmetric.
    Raises TypeError or ValueError unless both are whole numbers from 1 on.
    """
    theta, K = place(parameters), arguments.count(components, "components")
    return sp.Matrix([sp.Function(f"phi{k + 1}")(*theta) for k in range(K)]).jacobian(theta)


def performance_rate(components: int, parameters: int) -> Any:
    """J' = sum_kj f_k f_j v_k . v_j.  [Schaul19 App. C.1]

    Raises TypeError or ValueError unless both are whole numbers from 1 on.
    """
    g = _ascent(components, parameters)
    return sp.expand(g.dot(g))


def slope_of_the_rate(components: int, parameters: int) -> Any:
    """grad J' by theta, by differentiation alone, (d, 1).  [Schaul19 App. C.1]

    Raises TypeError or ValueError unless both are whole numbers from 1 on.
    """
    rate, f, V = performance_rate(components, parameters), couplings(components), features(components, parameters)

    def total(i: int) -> Any:
        """d/dtheta_i, of theta itself and of every J_k, which moves at f_k v_ki."""
        by_heights = (sp.diff(rate, J) * f[k] * V[k, i] for k, J in enumerate(heights(components)))
        return sp.expand(sp.diff(rate, place(parameters)[i]) + sp.Add(*by_heights))

    return sp.Matrix([total(i) for i in range(parameters)])


def eight_terms(parameters: int) -> list[Any]:
    """The terms of grad J' for two components in the order of the print, each (d, 1).  [Schaul19 App. C.1]

    c |v_1| |v_2| is written v_1 . v_2. Raises TypeError or ValueError unless parameters is a whole number from 1 on.
    """
    J, theta, f, V = heights(2), place(parameters), couplings(2), features(2, parameters)
    v = [V.row(k).T for k in range(2)]
    turn = [v[k].jacobian(theta).T for k in range(2)]  # turn[k] w: the slope of v_k . w for a fixed w
    slope = [sp.diff(f[k], J[k]) for k in range(2)]
    rise = [f[k] * v[k] for k in range(2)]  # grad J_k
    return [
        2 * v[0].dot(v[0]) * slope[0] * f[0] * rise[0],
        2 * v[1].dot(v[1]) * slope[1] * f[1] * rise[1],
        2 * v[0].dot(v[1]) * slope[0] * f[1] * rise[0],
        2 * v[0].dot(v[1]) * slope[1] * f[0] * rise[1],
        2 * f[0] ** 2 * turn[0] * v[0],
        2 * f[1] ** 2 * turn[1] * v[1],
        2 * f[0] * f[1] * turn[0] * v[1],
        2 * f[0] * f[1] * turn[1] * v[0],
    ]


def acceleration(components: int, parameters: int) -> Any:
    """J'' = grad J' . grad J, nothing neglected.  [after Schaul19 App. C.1]

    Raises TypeError or ValueError unless both are whole numbers from 1 on.
    """
    return sp.expand(slope_of_the_rate(components, parameters).dot(_ascent(components, parameters)))


def neglected(components: int, parameters: int) -> Any:
    """2 sum_k f_k g^T (grad v_k) g, g = grad J: what `acceleration` has beside C.2.  [after Schaul19 App. C.1]

    Raises TypeError or ValueError unless both are whole numbers from 1 on.
    """
    theta, V, g = place(parameters), features(components, parameters), _ascent(components, parameters)
    turns = (f * g.dot(V.row(k).T.jacobian(theta) * g) for k, f in enumerate(couplings(components)))
    return sp.expand(2 * sp.Add(*turns))


def edge_acceleration(parameters: int) -> Any:
    """J'' of two components where J1 = 0 and f_1(0) = 0, exact.  [Schaul19 App. C.1]

    2 |v_2|^4 f_2' f_2^3 + 2 f_2^3 v_2^T (grad v_2) v_2. By symmetry this is J'' at J2 = top with 1 in the place of 2.
    Raises TypeError or ValueError unless parameters is a whole number from 1 on.
    """
    f1, J1 = couplings(2)[0], heights(2)[0]
    kept = sp.Dummy()  # f_1' at 0, which need not vanish
    return sp.expand(acceleration(2, parameters).subs(sp.diff(f1, J1), kept).subs(f1, 0))


def softmax_feature(actions: int) -> tuple[Any, Any]:
    """(|v|^2, v^T (grad v) v) of one context of the softmax bandit, in full parameters.  [beyond Schaul19 App. C.1]

    From the policy by differentiation: 2 (1 + Q) and 4 (Q^2 - C), where Q and C are the sums of squares and of cubes of
    the chances of the wrong actions, divided by their sum: w1, w2, ... here, positive.
    Raises TypeError or ValueError unless actions is a whole number from 2 on.
    """
    n = arguments.count(actions, "actions", 2)
    weights, bias = sp.symbols(f"W1:{n + 1}", real=True), sp.symbols(f"b1:{n + 1}", real=True)
    theta = [*weights, *bias]
    w = wrong(n)
    here = dict.fromkeys(theta, 0) | {weights[a + 1]: sp.log(w[a]) for a in range(n - 1)}
    e = [sp.exp(x + y) for x, y in zip(weights, bias, strict=True)]
    J = e[0] / sp.Add(*e)
    v: Any = sp.Matrix([sp.cancel(sp.diff(J, t) / (J * (1 - J))) for t in theta])
    turned = v.jacobian(theta).subs(here)
    v = v.subs(here)
    return sp.factor(sp.cancel(v.dot(v))), sp.factor(sp.cancel(v.dot(turned * v)))


def wrong(actions: int) -> tuple[sp.Symbol, ...]:
    """The symbols w1 ... w(n-1), chances of the wrong actions up to a common factor.

    Raises TypeError or ValueError unless actions is a whole number from 2 on.
    """
    return sp.symbols(f"w1:{arguments.count(actions, 'actions', 2)}", positive=True)


def neglect(actions: int) -> Any:
    """R = -v^T (grad v) v / |v|^4 = (C - Q^2) / (1 + Q)^2: at J1 = 0, J'' has the sign of f_2' - R.  [ledger S29]

    Raises TypeError or ValueError unless actions is a whole number from 2 on.
    """
    square, turn = softmax_feature(actions)
    return sp.factor(-turn / square**2)


def neglect_bound() -> tuple[Any, Any]:
    """The share s of one wrong action, and the supremum of `neglect` over all policies and n: sqrt7 - 2, .0475.  [S29]

    (7 sqrt7 - 17) / 32, not attained: one wrong action with share s and the rest spread over ever more. With s the
    largest share, C <= s Q and Q >= s^2, so R <= Q (s - Q) / (1 + Q)^2. That falls with Q from Q = s / (2 + s) on: for
    s >= sqrt2 - 1 it is at most its value at Q = s^2, s^3 (1 - s) / (1 + s^2)^2; for smaller s at most
    s^2 / (4 (1 + s)), which is less.
    """
    s = SHARE
    spread: Any = s**3 * (1 - s) / (1 + s**2) ** 2
    (best,) = [root for root in sp.solve(sp.numer(sp.together(sp.diff(spread, s))), s) if 0 < root < 1]
    return sp.radsimp(best), sp.radsimp(sp.simplify(spread.subs(s, best)))


def _ascent(components: int, parameters: int) -> Any:
    """g = grad J = sum_k f_k v_k, (d, 1)."""
    return features(components, parameters).T * couplings(components)
