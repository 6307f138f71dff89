"""What the widgets should say, computed in another way: explicit Runge-Kutta in J, finite differences, no raylab."""

import re
from functools import lru_cache

import numpy as np
from scipy.integrate import solve_ivp

_RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
_NUMBER = r"[−+]?(?:\d[\d\u202f]*(?:\.\d+)?(?: × 10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?)|10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+"


def number(words: str) -> float:
    """The number that a sentence writes as 0.02, 26 130 or 5.3 × 10⁻⁷."""
    words = words.replace("\u202f", "").replace("−", "-")
    mantissa, _, power = words.rpartition("10") if re.search("[⁻⁰-⁹¹²³]", words) else (words, "", "")
    if not power:
        return float(words)
    return float(mantissa.replace(" × ", "") or 1) * 10.0 ** int(power.translate(_RAISED))


def said(sentence: str, before: str) -> float:
    """The number that follows `before` in a sentence."""
    power = "10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+"
    found = re.search(rf"{re.escape(before)}\s*({power}|[−+]?\d[\d\u202f]*(?:\.\d+)?(?: × {power})?)", sentence)
    assert found, f"{sentence!r} says no number after {before!r}"
    return number(found[1])


def shared_bias(J):
    """dJ/dt of two contexts that share a bias, written out."""
    one, two = J[0] * (1 - J[0]), J[1] * (1 - J[1])
    return np.array([2 * one**2 - one * two, 2 * two**2 - one * two])


@lru_cache(maxsize=256)
def path(start, law=shared_bias):
    """(times, J (2, T)) until both are beyond 0.95, densely between the solver's steps."""

    def arrived(_, J):
        return J.min() - 0.95

    arrived.terminal = True
    run = solve_ivp(
        lambda _, J: law(J),
        (0, 3e7),
        np.array(start),
        "DOP853",
        rtol=1e-10,
        atol=1e-15,
        events=arrived,
        dense_output=True,
    )
    parts = np.linspace(0, 1, 13)[:-1]
    t = np.append((run.t[:-1, None] + np.diff(run.t)[:, None] * parts).ravel(), run.t[-1])
    return t, run.sol(t)


def waiting(start, law=shared_bias):
    """The time at which both are >= 0.9."""
    t, J = path(start, law)
    return _first(t, J.min(axis=0), 0.9)


def lowest(start, k, law=shared_bias):
    """The smallest J_k on the way."""
    return path(start, law)[1][k].min()


def slowest(start, law=shared_bias):
    """The smallest J′ between J >= J_0 + 0.05 and J < 1.8."""
    _, J = path(start, law)
    total, speed = J.sum(axis=0), np.abs(law(J).sum(axis=0))
    begun = np.flatnonzero(total >= total[0] + 0.05)[0]
    return speed[begun:][total[begun:] < 1.8].min()


def passes(start, level, law=shared_bias):
    """The time at which J1 + J2 first reaches `level`."""
    t, J = path(start, law)
    return _first(t, J.sum(axis=0), level)


def learned(start, k, law=shared_bias):
    """The time at which J_k is first >= 0.9, and all later times if it stays there."""
    t, J = path(start, law)
    return _first(t, J[k], 0.9)


def _first(t, y, level):
    i = np.flatnonzero(y >= level)[0]
    return t[0] if i == 0 else np.interp(level, y[i - 1 : i + 1], t[i - 1 : i + 1])


def cosine(contexts, actions, share):
    """(cosine of two components, J_k, J_k′) by finite differences of the softmax policy."""
    spurious = actions - contexts
    probabilities = np.full(actions, (1 - share) / contexts)
    if spurious:
        probabilities[contexts:] = share / spurious
    theta = np.concatenate([np.zeros(actions * contexts), np.log(probabilities)])

    def J(theta):
        logits = theta[: actions * contexts].reshape(actions, contexts) + theta[actions * contexts :, None]
        weights = np.exp(logits - logits.max(axis=0))
        return np.diagonal(weights / weights.sum(axis=0))

    step = 1e-5
    G = np.array([(J(theta + step * e) - J(theta - step * e)) / (2 * step) for e in np.eye(len(theta))]).T
    rates = G @ G.sum(axis=0)
    return G[0] @ G[1] / np.linalg.norm(G[0]) / np.linalg.norm(G[1]), J(theta)[0], rates[0]
