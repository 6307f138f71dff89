"""Exact statements about K binary contexts whose features have length 1 and equal cosines -r.

x_k' = f(J_k) - r sum_(j != k) f(J_j), J_k = 1 / (1 + e^-x_k), f(J) = J (1 - J). Heights are distances |x_k| of the
logits from their border, in the limit of low starts; m counts the learned components.
"""

from typing import Any

import sympy as sp

R = sp.Symbol("r", positive=True)  # less the cosine
M, N = sp.symbols("m n", positive=True)  # learned components; ratio of J3 to 1 - J1
HEIGHT, Q = sp.symbols("h q", positive=True)  # of the learned ones before a stage; 1 - J1 = 1 - J2


def next_height() -> Any:
    """The height at which m + 1 learned components meet the next one, if m had met theirs at h.  [ledger N10]

    Three stretches, with everything per unit of what the mover rises: the newest alone up to its border, then on until
    it meets the learned ones, then all m + 1 together, each at 1 - m r, until they meet the next, which sinks at
    (m + 1) r.
    """
    learned, waiting = (1 - R) * HEIGHT, (1 + R) * HEIGHT  # when the newest is at its border
    met = sp.Symbol("met")
    (first,) = sp.solve(sp.Eq(learned - R * met, met), met)
    waiting = waiting + R * first
    (second,) = sp.solve(sp.Eq(waiting + (M + 1) * R * (met - first) / (1 - M * R), met), met)
    return sp.factor(second)


def first_height() -> Any:
    """The height at which the first learned component meets the second, over that of the start: (1 + r) / (1 - r)."""
    met = sp.Symbol("met")
    (found,) = sp.solve(sp.Eq(1 + R + R * met, met), met)
    return found


def kept() -> Any:
    """What `next_height` keeps while m becomes m + 1: h (1 - (2 m - 1) r).  [ledger N10]"""
    return HEIGHT * (1 - (2 * M - 1) * R)


def wait_exponent() -> Any:
    """The power of 1/p in the wait after m: (1 + r) / (1 - (2 m - 1) r), `first_height` carried on by `kept`.  [N10]"""
    at_first = kept().subs({M: 1, HEIGHT: first_height()}, simultaneous=True)
    (found,) = sp.solve(sp.Eq(kept(), at_first), HEIGHT)
    return sp.factor(found)


def blow_up() -> sp.Matrix:
    """(q', n') near the corner (1, 1, 0), over q^2 and q: J1 = J2 = 1 - q, J3 = n q, to leading order in q.

    (r n - (1 - r), n ((1 - r) n - (3 r - 1))).  [ledger N11]
    """
    J = sp.Matrix([1 - Q, 1 - Q, N * Q])
    f = J.applyfunc(lambda j: j * (1 - j))
    rates = [f[k] * (f[k] - R * (sum(f) - f[k])) for k in range(3)]
    q_rate = sp.cancel(-rates[0] / Q**2)
    n_rate = sp.cancel((rates[2] + N * rates[0]) / Q**2)  # n = J3 / q
    return sp.Matrix([q_rate, n_rate]).applyfunc(lambda rate: sp.factor(rate.subs(Q, 0)))


def trap_boundary() -> Any:
    """J3 / (1 - J1) below which three components stay at (1, 1, 0) for ever: (3 r - 1) / (1 - r).  [ledger N11]"""
    drift: Any = blow_up()[1]
    (found,) = sp.solve(sp.cancel(drift / N), N)
    return sp.factor(found)


def drag() -> Any:
    """How far a waiting context of the softmax bandit sinks while the margin of m learned ones rises by 1: 1 / (m + 1).

    The shortest parameters with margin 1: d is by how much the biases of learned actions exceed the other n - m. A
    learned context has to make up 1 against its m - 1 learned rivals and 1 - d against the others, least by a vector of
    mean 0. The answer has no n in it.  [ledger S40]
    """
    d, n = sp.symbols("d n", positive=True)
    sums = (M - 1) + (n - M) * (1 - d)
    own = (M - 1) + (n - M) * (1 - d) ** 2 - sums**2 / n
    bias = d**2 * M * (n - M) / n
    (found,) = sp.solve(sp.diff(M * own + bias, d), d)
    return sp.factor(found)
