"""What the widgets should say, computed in another way: explicit Runge-Kutta in J, finite differences, no raylab."""

import re
from functools import lru_cache

import numpy as np
from scipy.integrate import quad, solve_ivp
from scipy.interpolate import PchipInterpolator

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


def listed(sentence, before):
    """The numbers, one after the other, that follow `before`; ∞ is infinity."""
    one = f"(?:∞|{_NUMBER})"
    found = re.search(rf"{re.escape(before)} ({one}(?:(?:, | and ){one})*)", sentence)
    assert found, f"{sentence!r} says no numbers after {before!r}"
    return [np.inf if part == "∞" else number(part) for part in re.split(", | and ", found[1])]


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
    t = _between(run.t)
    return t, run.sol(t)


def _between(t):
    """The times t and twelfths of the steps between them."""
    parts = np.linspace(0, 1, 13)[:-1]
    return np.append((t[:-1, None] + np.diff(t)[:, None] * parts).ravel(), t[-1])


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


def slow_share(start, epsilon, law=shared_bias):
    """The share of the time until both are >= 0.9 at which |J′| <= epsilon."""
    t, J = path(start, law)
    end, speed = waiting(start, law), np.abs(law(J).sum(axis=0))
    fine = np.linspace(0, 1, 41)[:-1]
    when = (t[:-1, None] + np.diff(t)[:, None] * fine).ravel()
    slow = np.exp(np.interp(when, t, np.log(speed))) <= epsilon
    length = np.repeat(np.diff(t) / 40, 40)
    return (length * slow * (when < end)).sum() / end


def crossing(start, law=shared_bias):
    """J′ where the path from a start below it passes J1 + J2 = 1."""
    _, J = path(start, law)
    return np.exp(np.interp(1.0, J.sum(axis=0), np.log(np.abs(law(J).sum(axis=0)))))


@lru_cache(maxsize=64)
def edge(epsilon):
    """(J1 + J2, the smaller of the two) on the orbit that crosses J1 + J2 = 1 with J′ = epsilon, followed backwards."""
    low = (1 - np.sqrt(1 - 4 * np.sqrt(epsilon / 2))) / 2

    def near(_, J):
        return J.sum() - 2e-3

    near.terminal = True
    start = np.array([1 - low, low])
    run = solve_ivp(
        lambda _, J: -shared_bias(J),
        (0, 1e9),
        start,
        "DOP853",
        rtol=1e-10,
        atol=1e-16,
        events=near,
        dense_output=True,
    )
    J = run.sol(_between(run.t))[:, ::-1]
    return J.sum(axis=0), J[1]


def smaller(total, epsilon):
    """The smaller of J1 and J2 on the edge of the basin, at J1 + J2 = total; below 0.002 the diagonal, to 0.1 %."""
    return np.interp(total, np.append(0, edge(epsilon)[0]), np.append(0, edge(epsilon)[1]))


def share_of_line(total, epsilon):
    """The share of the starts on J1 + J2 = total that lie beyond the edge of the basin."""
    return 2 * smaller(total, epsilon) / total if total < 1 else 0.0


def share_of_square(one, two, epsilon, n=1500):
    """The share of n x n starts, evenly over the square one = (low, high) by two = (low, high), in the basin."""
    parts = (np.arange(n) + 0.5) / n
    J1, J2 = np.meshgrid(*(low + (high - low) * parts for low, high in (one, two)))
    return ((J1 + J2 < 1) & (np.minimum(J1, J2) < smaller(J1 + J2, epsilon))).mean()


@lru_cache(maxsize=32)
def combined(features, lesson):
    """dJ/dt of one combination of the switchboard, written out."""
    f = {
        "own data": lambda J: J * (1 - J),
        "10 % mix": lambda J: (0.9 * J + 0.1 / 2) * (1 - J),
        "uniform data": lambda J: (1 - J) / 2,
        "labels": lambda J: 1 - J,
    }[lesson]

    def law(J):
        f1, f2 = f(J[0]), f(J[1])
        pull = {
            "shared bias": (2 * f1 - f2, 2 * f2 - f1),
            "separate biases": (2 * f1, 2 * f2),
            "tabular": (f1, f2),
        }[features]
        return np.array([J[0] * (1 - J[0]) * pull[0], J[1] * (1 - J[1]) * pull[1]])

    return law


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


NAMED = {
    "rewards u (1 − u)": lambda u: u * (1 - u),
    "labels 1 − u": lambda u: 1 - u,
    "a 10 % mix": lambda u: (0.9 * u + 0.05) * (1 - u),
    "u² (1 − u)": lambda u: u**2 * (1 - u),
    "√u (1 − u)": lambda u: np.sqrt(np.maximum(u, 0)) * (1 - u),
}


def through(heights):
    """The f that runs through five handles at 0, 0.2, ... 0.8 and ends at (1, 0)."""
    return PchipInterpolator(np.arange(6) / 5, [*heights, 0.0])


def coupled(f, cosine):
    """dJ/dt = |v|^2 f_k (f_k + cosine f_other), |v|^2 = 2, for J (2, ...)."""

    def law(J):
        a = np.stack([f(J[0]), f(J[1])])
        return 2 * a * (a + cosine * a[::-1])

    return law


def chased(f, cosine, start):
    """(learned, comes, leaves): J_k that comes to 0 is held there until its rate is positive; inf for never."""
    law, t, J, held, comes, leaves = coupled(f, cosine), 0.0, np.array(start), None, np.inf, np.inf
    while t < 1e7:
        others = np.ones(2) if held is None else np.eye(2)[1 - held]
        events = [lambda _, J: J.min() - 0.9, lambda _, J: J.min() - 1e-12]
        if held is not None:
            events = [lambda _, J: J.max() - 1 + 1e-9, lambda _, J, k=held: law(np.maximum(J, 0))[k] - 1e-15]
        for event in events:
            event.terminal, event.direction = True, 1 if held is not None else 0
        run = solve_ivp(
            lambda _, J, others=others: others * law(np.clip(J, 0, 1)),
            (t, 1e7), J, "DOP853", rtol=1e-10, atol=1e-14, events=events,
        )  # fmt: skip
        t, J = run.t[-1], run.y[:, -1]
        if held is None and len(run.t_events[1]):
            held, comes = int(np.argmin(J)), t
            J[held] = 0.0
        elif held is not None and len(run.t_events[1]):
            held, leaves = None, t
            J = np.maximum(J, 1e-9)
        else:
            break
    return (t if held is None and J.min() > 0.89 else np.inf), comes, leaves


def sinks(f, cosine):
    """Beside the corner (0, 1), does what J1 has sink faster than what J2 lacks? Then it sinks for ever."""
    has, lacks = 1e-15, 1e-5
    rates = coupled(f, cosine)(np.array([has, 1 - lacks]))
    return bool(rates[0] / has < -rates[1] / lacks * (1 + 1e-3))


def strip(f, cosine, at=0.5):
    """The smallest J1 at which J1′ is not negative beside J2 = at."""
    u = np.linspace(0, 1, 200_001)
    return u[np.argmax(f(u) + cosine * f(at) >= 0)]


@lru_cache(maxsize=64)
def climbed(K, r, start, ratio, labels=False, decades=160.0):
    """log10 of the times at which K components of cosine -r are first at .9, in order, as far as the decades reach.

    Runge-Kutta in a clock of its own: dt = d tau / max c, state (x, log(1 + t)).
    """
    G = np.where(np.eye(K), 1.0, -r)

    def c(x):
        e = np.exp(-np.abs(x))
        return np.where(x > 0, e, 1) / (1 + e) if labels else e / (1 + e) ** 2

    def motion(_, state):
        lesson = np.maximum(c(state[:-1]), 1e-280)
        return np.append(G @ lesson, np.exp(-max(state[-1], 0.0))) / lesson.max()

    ends = [lambda _, state: state[:-1].min() - np.log(19), lambda _, state: state[-1] - decades * np.log(10)]
    for end in ends:
        end.terminal = True
    J = start / ratio ** np.arange(K)
    crossed = [lambda _, state, k=k: state[k] - np.log(9) for k in range(K)]
    run = solve_ivp(
        motion, (0, 1e5), np.append(np.log(J / (1 - J)), 0.0), "DOP853", rtol=1e-9, atol=1e-11, events=[*ends, *crossed]
    )
    return sorted(np.log10(np.expm1(states[0, -1])) for states in run.y_events[2:] if len(states))


@lru_cache(maxsize=64)
def grown(strengths, start, depth, tilt=0.0, seed=0, wait=4.0):
    """When each mode of a deep linear net on white inputs is half learned, by Runge-Kutta on its weights; inf if late.

    The gradient is taken entry by entry from the loss |S - W_L ... W_1|^2 / 2, which is a square in every one of them.
    wait: as a multiple of the time after which theory has all at 95 %.
    """
    r, S = len(strengths), np.diag(strengths)
    drawn = np.random.default_rng(seed).normal(size=(depth, r, r)) / np.sqrt(r)
    W = start ** (1 / depth) * (np.sqrt(1 - tilt**2) * np.eye(r) + tilt * drawn)

    def product(layers):
        return np.linalg.multi_dot([np.eye(r), *layers[::-1], np.eye(r)]) if len(layers) else np.eye(r)

    def motion(_, flat):
        W = flat.reshape(depth, r, r)
        off = S - product(W)
        return np.concatenate(
            [np.einsum("ia,ij,bj->ab", product(W[k + 1 :]), off, product(W[:k])).ravel() for k in range(depth)]
        )

    last = wait * max(grows(s, start, depth, 0.95) for s in strengths)

    def half(a):
        def event(_, flat):
            return product(flat.reshape(depth, r, r))[a, a] - strengths[a] / 2

        return event

    run = solve_ivp(motion, (0, last), W.ravel(), "LSODA", rtol=1e-8, atol=1e-11, events=[half(a) for a in range(r)])
    return [times[0] if len(times) else np.inf for times in run.t_events]


def grows(strength, start, depth, share=0.5):
    """The time from `start` to a share of the strength: u' = depth u^(2 - 2/depth) (strength - u), by quadrature."""
    return quad(
        lambda x: np.exp(x * (2 / depth - 1)) / (depth * (strength - np.exp(x))),
        np.log(start),
        np.log(share * strength),
        epsabs=0,
        epsrel=1e-10,
        limit=200,
    )[0]


@lru_cache(maxsize=32)
def law_of(name, cosine):
    """dJ/dt of one named f, the same function for the same words."""
    return coupled(NAMED[name], cosine)


def left_behind(r, logits):
    """Of three components of cosine -r, two are learned: does the third fall for as long as one cares to look?"""
    G = np.where(np.eye(3), 1.0, -r)

    def motion(_, x):
        e = np.exp(-np.abs(x))
        c = e / (1 + e) ** 2
        return G @ c / c.max()

    run = solve_ivp(motion, (0, 400), logits, "DOP853", rtol=1e-10, atol=1e-12)
    return run.y[2, -1] < -100
