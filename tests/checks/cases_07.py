"""What people write for the exercises of chapter 07: right ones, wrong ones, nearly right ones."""

import itertools
import math
from fractions import Fraction

import numpy as np
import sympy as sp

from raylab import plateaus

# ----------------------------------------------------------------------------------------- 07.1 count_saddles


def one_by_one(K, n):
    """All policies, each looked at."""
    count = 0
    for policy in itertools.product(range(n), repeat=K):
        right = [action == k for k, action in enumerate(policy)]
        count += any(right) and not all(right)
    return count


def by_number_right(K, n):
    """How many contexts are right: from one to K - 1 of them."""
    return sum(math.comb(K, m) * (n - 1) ** (K - m) for m in range(1, K))


def as_floats(K, n):
    return float(n) ** K - float(n - 1) ** K - 1.0


def recursive(K, n):
    """Right in at least one context: the last is right, or it is wrong and another one is right."""
    some = lambda j: 0 if j == 0 else n ** (j - 1) + (n - 1) * some(j - 1)
    return some(K) - 1


def counted_with_the_top(K, n):
    return sum(any(a == k for k, a in enumerate(policy)) for policy in itertools.product(range(n), repeat=K))


# ---------------------------------------------------------------------------------------- 07.2 stage_exponent


def by_recursion(r, m):
    """Depth after depth, from wait to wait."""
    depth = (1 + r) / (1 - r) if r < 1 else math.inf
    for j in range(1, m):
        below = 1 - (2 * j + 1) * r
        if below <= 1e-12:
            return math.inf
        depth *= (1 - (2 * j - 1) * r) / below
    return depth


def by_phases(r, m):
    """Rise alone, rise on until it meets the learned ones, rise together: as the chapter derives it."""
    height = (1 + r) / (1 - r)
    for j in range(1, m):
        learned, waiting = (1 - r) * height, (1 + r) * height
        alone = learned / (1 + r)
        waiting += r * alone
        sink = (j + 1) * r / (1 - j * r) if j * r < 1 else math.inf
        if sink >= 1 - 1e-12:
            return math.inf
        height = alone + (waiting - alone) / (1 - sink)
    return height


def with_numpy(r, m):
    with np.errstate(divide="ignore"):
        denominator = np.float64(1) - (2 * m - 1) * r
        return np.where(denominator > 0, (1 + r) / denominator, np.inf)[()]


def expanded(r, m):
    """The brackets multiplied out: in floats not zero at r = 1/3, m = 2."""
    below = 1 - 2 * m * r + r
    return (1 + r) / below if below > 0 else np.inf


def with_fractions(r, m):
    edge = 1 - (2 * m - 1) * Fraction(r)
    return float((1 + Fraction(r)) / edge) if edge > 0 else math.inf


def at_the_edge_too_late(r, m):
    """Asks r > 1/(2m - 1), and divides by zero at the edge."""
    edge = 1 / (2 * m - 1)
    return np.inf if r > edge else (1 + r) / (1 - r / edge)


# ------------------------------------------------------------------------------------------------ 07.3 stages


def crossing(times, curve, i, level):
    """Straight line between records i and i + 1."""
    return times[i] + (level - curve[i]) / (curve[i + 1] - curve[i]) * (times[i + 1] - times[i])


def last_up(times, curve, end, level):
    below = [i for i in range(end) if curve[i] < level]
    return crossing(times, curve, below[-1], level) if below else times[0]


def with_lines(times, J):
    found = []
    for k in range(J.shape[1]):
        curve = J[:, k]
        if curve.max() < 0.9:
            continue
        end = int(np.argmax(curve >= 0.9))
        t10, half, t90 = (last_up(times, curve, end, level) for level in (0.1, 0.5, 0.9))
        found.append((half, k, t10, t90))
    return [(k, t10, t90) for _, k, t10, t90 in sorted(found)]


def by_records(times, J):
    """The first record at or above the level: no line in between."""
    found = {}
    for k, curve in enumerate(J.T):
        reached = np.flatnonzero(curve >= 0.9)
        if len(reached):
            back = curve[: reached[0] + 1][::-1]
            at = lambda level, back=back, end=reached[0]: (
                times[end - np.argmax(back < level) + 1] if (back < level).any() else times[0]
            )
            found[k] = (at(0.1), at(0.5), times[reached[0]])
    return [(k, found[k][0], found[k][2]) for k in sorted(found, key=lambda k: found[k][1])]


def smoothed(times, J):
    """A running mean of five records first."""
    wide = np.pad(J, ((2, 2), (0, 0)), mode="edge")
    smooth = np.mean([wide[i : i + len(J)] for i in range(5)], axis=0)
    return with_lines(times, smooth)


def as_an_array(times, J):
    return np.array(with_lines(times, J))


def of(change):
    """The right list, changed."""

    def stages(times, J):
        return change(with_lines(times, J), times, J)

    return stages


def first_crossings(times, J):
    """What one writes first: the first record above each level."""
    found = []
    for k, curve in enumerate(J.T):
        if curve.max() >= 0.9:
            t10, half, t90 = (times[np.argmax(curve >= level)] for level in (0.1, 0.5, 0.9))
            found.append((half, k, t10, t90))
    return [(k, a, b) for _, k, a, b in sorted(found)]


def everybody(times, J):
    """Levels of each one's own range, so all of them count."""
    found = []
    for k, curve in enumerate(J.T):
        share = (curve - curve.min()) / (curve.max() - curve.min())
        t10, half, t90 = (times[np.argmax(share >= level)] for level in (0.1, 0.5, 0.9))
        found.append((half, k, t10, t90))
    return [(k, a, b) for _, k, a, b in sorted(found)]


def interp(times, J):
    """np.interp of time over J, which wants J to rise."""
    found = []
    for k, curve in enumerate(J.T):
        if curve.max() >= 0.9:
            t10, half, t90 = np.interp([0.1, 0.5, 0.9], curve, times)
            found.append((half, k, t10, t90))
    return [(k, a, b) for _, k, a, b in sorted(found)]


def records(times, J):
    number = {float(t): i for i, t in enumerate(times)}
    return [(k, number[float(a)], number[float(b)]) for k, a, b in by_records(times, J)]


def last_ninety(times, J):
    found = []
    for k, a, _ in with_lines(times, J):
        low = np.flatnonzero(J[:, k] < 0.9)
        found.append((k, a, times[min(low[-1] + 1, len(times) - 1)]))
    return found


def all_from_the_last_ninety(times, J):
    """Half and t10, too, before the last time that it comes up through .9."""
    found = []
    for k, curve in enumerate(J.T):
        ups = np.flatnonzero((curve[:-1] < 0.9) & (curve[1:] >= 0.9))
        if len(ups):
            t10, half = (last_up(times, curve, ups[-1] + 1, level) for level in (0.1, 0.5))
            found.append((half, k, t10, times[ups[-1] + 1]))
    return [(k, a, b) for _, k, a, b in sorted(found)]


def nearest(times, J):
    """The record nearest to the level, of all before t90."""
    found = []
    for k, curve in enumerate(J.T):
        if curve.max() >= 0.9:
            end = int(np.argmax(curve >= 0.9))
            t10, half = (times[np.argmin(np.abs(curve[: end + 1] - level))] for level in (0.1, 0.5))
            found.append((half, k, t10, times[end]))
    return [(k, a, b) for _, k, a, b in sorted(found)]


def at_the_end(least):
    """Only those that are above `least` in the last record."""
    return of(lambda rows, times, J: [row for row in rows if J[-1, row[0]] >= least])


def last_below(times, J):
    """The last record below .1 of all, also of those after t90."""
    return [
        (k, times[np.flatnonzero(J[:, k] < 0.1)[-1]] if (J[:, k] < 0.1).any() else a, b)
        for k, a, b in with_lines(times, J)
    ]


def in_the_order_of_t10(times, J):
    return sorted(with_lines(times, J), key=lambda stage: stage[1])


def nothing_before_the_start(times, J):
    above = {k for k in range(J.shape[1]) if (J[:, k] >= 0.1).all()}
    return [(k, np.nan if k in above else a, b) for k, a, b in with_lines(times, J)]


def one_crossing_only(times, J):
    """Fails where a level is crossed more than once upwards before it is learned."""
    found = []
    for k, a, b in with_lines(times, J):
        curve, end = J[:, k], int(np.argmax(J[:, k] >= 0.9))
        ups = np.flatnonzero((curve[:end] < 0.1) & (curve[1 : end + 1] >= 0.1))
        noisy = np.abs(np.diff(curve, 2)).max() > 0.02
        found.append((k, times[ups[0]] if noisy and len(ups) and ups[0] < end // 3 else a, b))
    return found if not any(np.abs(np.diff(J, 2, axis=0)).max(axis=0) > 0.02) else found[::-1]


# ---------------------------------------------------------------------------------------------- 07.5 a loser

K, n = sp.symbols("K n")
RATE = (2 * n - K - 1) / n**3
ODDS = np.zeros((3, 3))
ODDS[0, 0], ODDS[0, 1:], ODDS[2, 1], ODDS[1, 2] = -0.9, 0.1, -0.4, -0.4
NOBODY = np.zeros((3, 3))
CHANCES = np.array([[0.1, 0.6, 0.6], [0.45, 0.3, 0.1], [0.45, 0.1, 0.3]])
OWN_BIAS = np.array([1.3, -0.4, 0.7])  # with it the policy comes out beyond the limits, by rounding
SUMS_OF_ONE = np.array([[0.0005, 0.317, 0.683], [0.839, 0.045, 0.116], [0.881, 0.093, 0.026]])
SUMS_OF_ONE = SUMS_OF_ONE / SUMS_OF_ONE.sum(axis=1, keepdims=True)  # logits that look like probabilities
FAR = np.array([[-3.0, 0.0, 0.0], [0.0, 0.0, -2.0], [0.0, -2.0, 0.0]])


def own_and_others():
    """Squared length and products at the uniform policy, added up."""
    own = 2 * (1 / n) ** 2 * (1 - 1 / n)
    return own + (K - 1) * (1 / n) ** 2 * (-1 / n)


# -------------------------------------------------------------------------------------- 07.7 meeting_height


def by_steps(r, m, height, depth):
    """A thousand small rises would do; two speeds do it at once."""
    rise, sink = 1 - (m - 1) * r, m * r
    if sink >= rise:
        return math.inf
    pushes = (depth - height) / (rise - sink)
    return height + rise * pushes


def by_solving(r, m, height, depth):
    """Weights from the Gram matrix of those that are learned."""
    w = np.linalg.solve((1 + r) * np.eye(m) - r, np.ones(m))
    sink = r * w.sum()
    return height + (depth - height) / (1 - sink) if sink < 1 else np.inf


def rounded_down(r, m, height, depth):
    sink = m * r / (1 - (m - 1) * r)
    return (depth - sink * height) / (1 - sink) if sink < 1 else np.inf


CASES = {
    "07.1": {
        "right": {
            "one by one": one_by_one,
            "binomial": by_number_right,
            "floats": as_floats,
            "recursion": recursive,
        },
        "wrong": {
            "corners": (lambda K, n: sum(math.comb(K, m) for m in range(1, K)), "corners of the cube"),
            "all": (lambda K, n: len(list(itertools.product(range(n), repeat=K))), "all deterministic policies"),
            "all but the top": (lambda K, n: n**K - 1, "is no saddle: from there"),
            "one bottom": (lambda K, n: n**K - 2, "more than one policy"),
            "bottoms of one context": (lambda K, n: n**K - n, "on its own"),
            "exchanged": (lambda K, n: K**n - (K - 1) ** n - 1, "changed places"),
            "exactly one": (lambda K, n: sum((n - 1) ** (K - 1) for _ in range(K)), "exactly one context"),
            "chosen": (lambda K, n: math.factorial(n) // math.factorial(K) // math.factorial(n - K), "chosen K of"),
            "permutations": (lambda K, n: math.factorial(n) // math.factorial(n - K) - 1, "may play the same"),
            "bottoms": (lambda K, n: (n - 1) ** K, "the bottoms"),
            "two to the n": (lambda K, n: 2**n, "instances differ"),
        },
        "almost": {"with the top": (counted_with_the_top, "right in all: the optimum")},
    },
    "07.2": {
        "right": {
            "recursion": by_recursion,
            "phases": by_phases,
            "numpy": with_numpy,
            "multiplied out": expanded,
            "fractions": with_fractions,
            "raylab": lambda r, m: plateaus.wait_exponent(-r, m),
        },
        "wrong": {
            "one late": (lambda r, m: (1 + r) / (1 - (2 * m + 1) * r) if (2 * m + 1) * r < 1 else np.inf, "too late"),
            "one early": (lambda r, m: (1 + r) / (1 - (2 * m - 3) * r) if (2 * m - 3) * r < 1 else np.inf, "too early"),
            "m r": (lambda r, m: (1 + r) / (1 - m * r) if m * r < 1 else np.inf, "loses 2r"),
            "no rise": (
                lambda r, m: 1 / (1 - (2 * m - 1) * r) if (2 * m - 1) * r < 1 else np.inf,
                "first riser is forgotten",
            ),
            "one minus": (
                lambda r, m: (1 - r) / (1 - (2 * m - 1) * r) if (2 * m - 1) * r < 1 else np.inf,
                "numerator is 1 + r",
            ),
            "the other sign": (lambda r, m: (1 - r) / (1 + (2 * m - 1) * r), "r = +cosine"),
            "first wait": (lambda r, m: (1 + r) / (1 - r), "first wait, m = 1"),
            "powers": (lambda r, m: ((1 + r) / (1 - r)) ** m, "one and the same factor"),
            "of p": (lambda r, m: -by_recursion(r, m), "power of p is"),
            "three": (lambda r, m: 3.0, "two by two bandit"),
            "factor": (
                lambda r, m: (1 - (2 * m - 3) * r) / (1 - (2 * m - 1) * r) if (2 * m - 1) * r < 1 else np.inf,
                "from the wait before",
            ),
            "together": (
                lambda r, m: (1 - (m - 1) * r) / (1 - (2 * m - 1) * r) if (2 * m - 1) * r < 1 else np.inf,
                "learned together, at",
            ),
            "all on top": (
                lambda r, m: (1 + m * r) / (1 - (2 * m - 1) * r) if (2 * m - 1) * r < 1 else np.inf,
                "On top only the first",
            ),
            "2 m r": (lambda r, m: (1 + r) / (1 - 2 * m * r) if 2 * m * r < 1 else np.inf, "does not push itself"),
            "multiplied": (lambda r, m: math.prod(by_recursion(r, j) for j in range(1, m + 1)), "multiplied over"),
        },
        "almost": {
            "formula": (lambda r, m: (1 + r) / (1 - (2 * m - 1) * r), "gets shorter"),
            "formula, numpy": (
                lambda r, m: (1 + r) / (1 - (2 * m - 1) * r) if (2 * m - 1) * r != 1 else np.inf,
                "gets shorter",
            ),
            "edge": (
                lambda r, m: np.inf if r * (2 * m - 1) > 1 else (1 + r) / (1 - (2 * m - 1) * r),
                "division by zero",
            ),
            "absolute": (
                lambda r, m: abs((1 + r) / (1 - (2 * m - 1) * r)) if (2 * m - 1) * r != 1 else np.inf,
                "without its sign",
            ),
            "no number": (
                lambda r, m: (1 + r) / (1 - (2 * m - 1) * r) if (2 * m - 1) * r < 1 else float("nan"),
                "not NaN",
            ),
        },
    },
    "07.3": {
        "right": {
            "lines": with_lines,
            "records": by_records,
            "smoothed": smoothed,
            "an array": as_an_array,
        },
        "wrong": {
            "pairs": (of(lambda rows, t, J: [(k, b) for k, _, b in rows]), "is a triple"),
            "everybody": (everybody, "never reaches 0.9 is not"),
            "last missing": (of(lambda rows, t, J: rows[:-1]), "however late"),
            "by number": (of(lambda rows, t, J: sorted(rows)), "follows the numbers"),
            "by t10": (in_the_order_of_t10, "neither that of t10"),
            "by t90": (of(lambda rows, t, J: sorted(rows, key=lambda stage: stage[2])), "neither that of t10"),
            "by middles": (of(lambda rows, t, J: sorted(rows, key=lambda stage: stage[1] + stage[2])), "or t90"),
            "last below .1": (last_below, "*last* time before"),
            "first crossings": (first_crossings, "neither that of t10"),
            "numbers of records": (records, "numbers of records"),
            "last at .9": (last_ninety, "given back"),
            "NaN": (nothing_before_the_start, "Its t10 is"),
            "first at .1": (
                of(lambda rows, t, J: [(k, t[np.argmax(J[:, k] >= 0.1)], b) for k, _, b in rows]),
                "*last* time before",
            ),
            "np.interp": (interp, "*first* time at"),
            "all from the last .9": (all_from_the_last_ninety, "*first* time at"),
            "nearest record": (nearest, "neither that of t10"),
            "there at the end": (at_the_end(0.9), "has its entry, also"),
            "half there at the end": (at_the_end(0.5), "has its entry, also"),
            "middle": (of(lambda rows, t, J: [(k, (a + b) / 2, b) for k, a, b in rows]), "*last* time before"),
            "durations": (of(lambda rows, t, J: [(k, a, b - a) for k, a, b in rows]), "*first* time at"),
            "top": (of(lambda rows, t, J: [(k, a, t[np.argmax(J[:, k])]) for k, a, _ in rows]), "*first* time at"),
            "logarithms": (
                of(lambda rows, t, J: [(k, np.log10(a), np.log10(b)) for k, a, b in rows]),
                "*first* time at",
            ),
        },
        "almost": {
            "turned": (of(lambda rows, t, J: [(k, b, a) for k, a, b in rows]), "t10 and t90 have changed"),
            "component last": (of(lambda rows, t, J: [(a, b, k) for k, a, b in rows]), "comes first in each"),
            "last one first": (of(lambda rows, t, J: rows[::-1]), "Turn it round"),
            "from one": (of(lambda rows, t, J: [(k + 1, a, b) for k, a, b in rows]), "counted from 0"),
            "noise": (one_crossing_only, "Right on smooth curves"),
        },
    },
    "07.4": {
        "right": {
            "three": (3, 0.4, [0.1, 0.08, 0.05]),
            "nearly at the edge": (3, 0.35, np.array([0.05, 0.02, 0.01])),
            "four": (4, 0.3, [0.1, 0.05, 0.02, 0.01]),
        },
        "wrong": {
            "two things": ((3, 0.4), "Three things in this order: how many"),
            "too many starts": ((3, 0.4, [0.1, 0.1, 0.05, 0.02]), "Three things in this order: how many"),
            "corner": ((3, 0.4, [0.99, 0.99, 0.01]), "Three things in this order: how many"),
            "the cosine": ((3, -0.4, [0.1, 0.08, 0.05]), "Three things in this order: how many"),
            "unsolvable": ((3, 0.6, [0.1, 0.08, 0.05]), "nobody could solve"),
            "two": ((2, 0.9, [0.1, 0.01]), "never trap each other"),
            "long": ((3, 0.3, [0.01, 0.005, 0.001]), "However long it takes"),
            "exactly the edge": ((3, 1 / 3, [0.1, 0.08, 0.05]), "exactly the edge"),
            "exactly the edge, six": ((6, 1 / 9, [0.1, 0.05, 0.03, 0.02, 0.01, 0.005]), "exactly the edge"),
            "the edge in decimals": ((4, 0.2, [0.05, 0.03, 0.02, 0.01]), "exactly the edge"),
            **{
                f"the edge in decimals, {K}": ((K, round(1 / (2 * K - 3), 9), 0.5 ** np.arange(1, K + 1)), "exactly")
                for K in (3, 5, 6, 7, 8)
            },
            "the edge, the last first": ((3, 1 / 3, [0.01, 0.1, 0.5]), "exactly the edge"),
            "nearly the edge": ((3, 0.3333, [0.1, 0.08, 0.05]), "However long it takes"),
            "below the edge": ((4, 0.19, [0.05, 0.03, 0.02, 0.01]), "However long it takes"),
        },
        "almost": {
            "equal": ((3, 0.4, [0.2, 0.2, 0.2]), "this start misses it"),
            "high": ((3, 0.34, [0.4, 0.38, 0.36]), "this start misses it"),
        },
    },
    "07.5": {
        "right": {
            "by hand": (RATE, ODDS, np.zeros(3)),
            "at the limits": (RATE, np.log(CHANCES), np.zeros(3)),
            "at the limits, with a bias": (RATE, np.log(CHANCES) - OWN_BIAS[:, None], OWN_BIAS),
            "an equation": (sp.Eq(sp.Symbol("rate"), RATE), ODDS, np.zeros(3)),
            "parts": (own_and_others(), ODDS.tolist(), [0, 0, 0]),
            "rows that add up to one": (RATE, SUMS_OF_ONE, np.array([-0.673, -0.342, 0.105])),
            "with a bias": (
                sp.expand(RATE),
                [[-0.75, 0, 0], [0, -0.1, -0.6], [0, -0.6, -0.1]],
                np.array([-0.1, 0.2, 0.2]),
            ),
        },
        "wrong": {
            "no tuple": (RATE, "Three things in this order: an"),
            "shape": ((RATE, np.zeros((3, 2)), np.zeros(3)), "Three things in this order: an"),
            "own": ((2 * (n - 1) / n**3, ODDS, np.zeros(3)), "what a goal does for itself. The"),
            "K opponents": ((RATE - 1 / n**3, ODDS, np.zeros(3)), "not K; it"),
            "helped": ((2 * (n - 1) / n**3 + (K - 1) / n**3, ODDS, np.zeros(3)), "the others take away"),
            "half": ((RATE / 2, ODDS, np.zeros(3)), "half of it"),
            "bias only": (((n - 1) / n**3 - (K - 1) / n**3, ODDS, np.zeros(3)), "carries none"),
            "b twice": ((2 * (n - 1) / n**3 - 2 * (K - 1) / n**3, ODDS, np.zeros(3)), "count the shared b once"),
            "one J": ((n * RATE, ODDS, np.zeros(3)), "own J_k = 1/n"),
            "no J": ((n**2 * RATE, ODDS, np.zeros(3)), "not e_k − π"),
            "a function": ((lambda K, n: (2 * n - K - 1) / n**3, ODDS, np.zeros(3)), "Three things in this order: an"),
            "share": ((1 - (K - 1) / (2 * (n - 1)), ODDS, np.zeros(3)), "share that is left"),
            "other": ((K / n, ODDS, np.zeros(3)), "not yet. At the"),
            "of the sum": ((K * RATE, ODDS, np.zeros(3)), "slope of the sum"),
            "far": ((RATE, FAR, np.zeros(3)), "too far from"),
        },
        "almost": {
            "K = n": (((n - 1) / n**3, ODDS, np.zeros(3)), "K = n only"),
            "K = 3": (((2 * n - 4) / n**3, ODDS, np.zeros(3)), "right for K = 3."),
            "probabilities": ((RATE, CHANCES, np.zeros(3)), "W holds logits"),
            "probabilities, turned and rounded": ((RATE, CHANCES.T.round(2), np.zeros(3)), "W holds logits"),
            "turned": ((RATE, np.log(CHANCES).T, np.zeros(3)), "a column for each context"),
            "three": ((sp.Rational(2, 27), ODDS, np.zeros(3)), "K = n = 3"),
            "nobody": ((RATE, NOBODY, np.zeros(3)), "nobody declines"),
            "a bias alone": ((RATE, NOBODY, np.array([-0.4, 0, 0])), "nobody declines"),
        },
    },
    "07.6": {
        "right": {
            "numbers": (11, 7),
            "law": [1.1 / (1 - 0.9), 7],
            "fraction": (sp.Rational(11, 1), 7),
            "measured": (10.99, 7.0),
        },
        "wrong": {
            "one early": ((1.1 / 0.3, 8), "m = 4"),
            "one early, then right": ((1.1 / 0.3, 7), "m = 4"),
            "one late": ((1.1 / (1 - 11 / 10), 6), "m = 6"),
            "no rise": ((1 / (1 - 0.9), 7), "sank: 1 + r on top."),
            "minus": ((0.9 / (1 - 0.9), 7), "not 1 − r"),
            "first": ((1.1 / 0.9, 7), "first wait, m = 1"),
            "riser": ((1.0, 7), "first riser"),
            "m = 3": ((2.2, 7), "2.2 is m = 3"),
            "m = 2": ((1.1 / 0.7, 7), "11/7 is m = 2"),
            "m r": ((1.1 / (1 - 0.6), 10), "loses 2r"),
            "three": ((3, 6), "two by two"),
            "sum": ((1 + 11 / 9 + 11 / 7 + 2.2 + 11 / 3 + 11, 7), "added up"),
            "product": ((11 / 9 * 11 / 7 * 2.2 * 11 / 3 * 11, 7), "multiplied the exponents"),
            "factor": ((10**11, 7), "the power alone"),
            "another number of goals": ((11, 9), "The first is right. Look at the second"),
            "another power": ((8, 7), "The second is right. Look at the first"),
            "other": ((100, 9), "0 of 2"),
            "the power alone": (11, "2 values"),
        },
        "almost": {
            "how many learned": ((11, 6), "must be *learned*"),
            "between": ((11, 6.5), "lies between"),
            "unsolvable": ((11, 11), "no solution any more"),
            "1 / r": ((11, 10), "10 is 1/r"),
            "not the smallest": ((11, 8), "a smaller number"),
            "other order": ((7, 11), "in the other order"),
        },
    },
    "07.7": {
        "right": {"speeds": by_steps, "solved": by_solving, "one fraction": rounded_down},
        "wrong": {
            "no push back": (
                lambda r, m, h, d: h + (d - h) / (1 - m * r) if m * r < 1 else np.inf,
                "push each other back",
            ),
            "one pushes": (lambda r, m, h, d: h + (d - h) / (1 - r) if r < 1 else np.inf, "Only one of the m"),
            "sign": (
                lambda r, m, h, d: h + (d - h) / (1 - m * r / (1 + (m - 1) * r)),
                "conflict among themselves",
            ),
            "by m": (
                lambda r, m, h, d: h + (d - h) / (1 - m * r / (1 - m * r)) if 2 * m * r < 1 else np.inf,
                "not by m",
            ),
            "no sinking": (lambda r, m, h, d: d, "do not stand still"),
            "from zero": (lambda r, m, h, d: by_steps(r, m, 0.0, d), "begin at `height`, not"),
            "towards each other": (
                lambda r, m, h, d: h + (d - h) / (1 + m * r / (1 - (m - 1) * r)),
                "come towards",
            ),
            "no rise per push": (
                lambda r, m, h, d: h + (d - h) / (1 - (2 * m - 1) * r) if (2 * m - 1) * r < 1 else np.inf,
                "with every push; by",
            ),
            "one step": (lambda r, m, h, d: d + m * r / (1 - (m - 1) * r) * (d - h), "sink on meanwhile"),
            "wrong": (lambda r, m, h, d: h + d, "instances differ"),
        },
        "almost": {
            "rise": (lambda r, m, h, d: by_steps(r, m, h, d) - h, "how far they rise"),
            "for ever": (
                lambda r, m, h, d: h + (d - h) / (1 - m * r / (1 - (m - 1) * r)),
                "nobody ever catches up",
            ),
            "no number": (
                lambda r, m, h, d: by_steps(r, m, h, d) if (2 * m - 1) * r < 1 else np.nan,
                "not NaN",
            ),
            "negative": (lambda r, m, h, d: -by_steps(r, m, h, d), "positive distances"),
        },
    },
    "07.8": {
        "right": {
            "by hand": (1 / (2 * K - 3), 1 / (K - 1)),
            "unsimplified": (1 / (2 * (K - 1) - 1), K / (K * (K - 1))),
            "positive symbol": tuple(
                expression.subs(K, sp.Symbol("K", positive=True)) for expression in (1 / (2 * K - 3), 1 / (K - 1))
            ),
        },
        "wrong": {
            "one": ((1 / (2 * K - 3), sp.Integer(1)), "bound for two goals"),
            "pairs once": ((1 / (2 * K - 3), 2 / (K - 1)), "every pair stands twice"),
            "one square": ((1 / (2 * K - 3), 1 / (K * (K - 1))), "K squares, each"),
            "first wait": ((sp.Integer(1), 1 / (K - 1)), "diverges at the smallest"),
            "both late": ((1 / (2 * K - 1), 1 / K), "Both are one too late"),
            "K - 2": ((1 / (2 * K - 3), 1 / (K - 2)), "add up to zero"),
            "K - 2 learned": ((1 / (2 * K - 5), 1 / (K - 1)), "diverges at 1/(2m"),
            "one expression": (1 / (2 * K - 3), "2 expressions"),
        },
        "almost": {
            "m = K": ((1 / (2 * K - 1), 1 / (K - 1)), "not K."),
            "2 m": ((1 / (2 * (K - 1)), 1 / (K - 1)), "not 2m; m"),
            "still in m": ((1 / (2 * sp.Symbol("m") - 1), 1 / (K - 1)), "say which m"),
            "K against": ((1 / (2 * K - 3), 1 / K), "first is right. Each goal"),
            "order": ((1 / (K - 1), 1 / (2 * K - 3)), "other order"),
            "three": ((sp.Rational(1, 3), sp.Rational(1, 2)), "right for K = 3"),
            "cosines": ((-1 / (2 * K - 3), -1 / (K - 1)), "are the cosines"),
            "denominators": ((2 * K - 3, K - 1), "the two denominators"),
        },
    },
    "07.9": {
        "right": {
            "bias": "The waiting contexts all make the same mistake, namely the action learned first. When the next "
            "context is learned it takes the bias away from that action, which lifts all the others that wait.",
            "cosine": "Because the wrong actions of the waiting contexts gather on one learned arm, two of them have "
            "a positive cosine: both want its bias down. So one that rises pulls the rest up with it.",
            "not noise": "There is no noise. The bias of the learned action is the common competitor of everyone who "
            "waits, and each new learner lowers it, so that the others have less to climb than before.",
        },
        "wrong": {
            "noise": (
                "The sampled updates of the bandit make random jumps, so that it escapes from the later saddles much "
                "sooner than the flow would.",
                "without a single sample",
            ),
            "fewer": (
                "After each stage there are fewer tasks to learn, therefore there is less competition among those that "
                "are left and they go faster.",
                "Fewer are left",
            ),
            "steps": (
                "The step size of the bandit is larger because its gradients are exact, so that the later waits take "
                "fewer updates than in the model.",
                "have no steps",
            ),
            "always up": (
                "In the bandit the performance of the waiting contexts cannot fall, since J never falls on exact "
                "gradients, so they start the next stage as high as before.",
                "The sum never falls",
            ),
            "easier": (
                "Every context that has been learned makes the following ones easier and easier to learn, since the "
                "knowledge is transferred to them.",
                "By what",
            ),
            "negative": (
                "The waiting contexts have a negative cosine with one another, so that whoever rises pushes the "
                "others down and the later waits become shorter.",
                "longer, as in the model",
            ),
            "own weights": (
                "In the bandit each goal has its own weights, which nobody else moves, so that interference becomes "
                "weaker with every stage.",
                "own column of W",
            ),
            "saturated": (
                "The softmax saturates for the learned contexts, so their gradients vanish and no longer disturb "
                "those that are waiting for their turn.",
                "saturate in the model",
            ),
            "higher": (
                "The later contexts start higher than the earlier ones did, as they have been climbing a little "
                "during all of the waits before theirs.",
                "Look at the depths",
            ),
            "room": (
                "The full bandit has many more parameters than the model with equal cosines, so there is more room "
                "left for each of the later goals.",
                "second reason",
            ),
        },
        "almost": {"short": ("The bias helps them.", "Say a little more")},
    },
}
