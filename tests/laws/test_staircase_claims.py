"""S34, S40, S53, S54, N10, N11: many components, one at a time. Chapter 07."""

import itertools
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
import sympy as sp
from trial import trial
from walks import bandit_pairs, equal_cosines, log_arrivals, walk

from raylab import plateaus, tables
from raylab.symbolic import staircase
from raylab.systems.bandit import SoftmaxBandit

R, M, H = sp.symbols("r m h", positive=True)
LOG10 = np.log(10)


def slopes(J, gram):
    """dJ/dt (..., K) of K binary contexts."""
    f = J * (1 - J)
    return f * (f @ np.asarray(gram, dtype=float))


# N10: the law of the staircase


def predicted(r, m):
    return (1 + r) / (1 - (2 * m - 1) * r)


NOT_THE_LAW = {
    "every wait has the exponent of the first": lambda r, m: (1 + r) / (1 - r),
    "each wait is longer by the same factor": lambda r, m: ((1 + r) / (1 - r)) ** m,
    "each learned one takes one r of the room": lambda r, m: (1 + r) / (1 - m * r),
    "those that wait do not sink while others rise": lambda r, m: 1 / (1 - (2 * m - 1) * r),
}


@pytest.mark.ledger("N10")
@trial(correct=predicted, slips=NOT_THE_LAW)
def test_the_exponents_of_the_waits_in_the_limit_of_low_starts_are_exactly(claim):
    for K in range(2, 9):
        for r in (Fraction(1, 4 * K), Fraction(2, 5 * (2 * K - 3) + 1), Fraction(9, 10 * (2 * K - 3))):
            assert walk(equal_cosines(K, r)) == [1, *(claim(r, m) for m in range(1, K))]


@pytest.mark.ledger("N10")
@trial(correct=predicted, slips=NOT_THE_LAW)
def test_for_every_number_of_components_the_three_stretches_of_a_stage_lead_from_one_exponent_to_the_next(claim):
    """The newest rises alone to its border and on to the others, then all m + 1 rise until they meet the next one."""
    t, u = sp.symbols("t u")
    learned, waiting = (1 - R) * H, (1 + R) * H
    t = sp.solve(t - (learned - R * t), t)[0]  # the newest is at t, and so are the others
    learned, waiting = t, waiting + R * t
    u = sp.solve((learned + (1 - M * R) * u) - (waiting + (M + 1) * R * u), u)[0]
    height = learned + (1 - M * R) * u
    assert sp.simplify(height.subs(H, claim(R, M)) - claim(R, M + 1)) == 0
    assert sp.simplify(claim(R, 1) - (1 + R) / (1 - R)) == 0
    assert sp.simplify(claim(R, M) - staircase.wait_exponent().subs({staircase.R: R, staircase.M: M})) == 0


@cache
def measured(K, r):
    """Local exponents of the arrivals of the flow (steps, K), between 1/p = 1e4, 1e8, 1e16, 1e28 and 1e30."""
    decades = np.array([4, 8, 16, 28, 30])
    ratios = np.log(np.linspace(1, 0.5, K))
    logs = np.array([log_arrivals(-e * LOG10 + ratios, equal_cosines(K, r)) for e in decades])
    return np.diff(logs, axis=0) / (LOG10 * np.diff(decades)[:, None])


@pytest.mark.ledger("N10")
@trial(correct=predicted, slips=NOT_THE_LAW)
def test_the_exponents_of_the_flow_tend_to_these_as_the_starts_get_lower(claim):
    for K, r in ((3, 0.3), (4, 1 / 6), (5, 1 / 8), (6, 1 / 10)):
        law = np.array([1.0, *(claim(r, m) for m in range(1, K))])
        errors = np.abs(measured(K, r) / law - 1)
        assert errors[-1].max() < 1e-3
        assert (errors[1:] <= np.maximum(errors[:-1], 1e-5)).all()  # nearer with every decade, down to the integrator


@pytest.mark.ledger("N10")
def test_unequal_starts_are_learned_one_by_one_and_equal_ones_at_once():
    apart = log_arrivals([-20.0, -21.0, -22.0], equal_cosines(3, 0.2))
    together = log_arrivals([-20.0, -20.0, -20.0], equal_cosines(3, 0.2))
    assert (np.diff(apart) > 5).all() and np.ptp(together) < 1e-6


# N11: the infinite plateau


def near_the_corner(r, q, ratio, K=3):
    """Logits with J1 = J2 = 1 - q and J3 = ratio x q."""
    return np.array([*[-np.log(q) + np.log1p(-q)] * (K - 1), np.log(ratio * q) - np.log1p(-ratio * q)])


@pytest.mark.ledger("N11")
@trial(
    correct=(3 * R - 1) / (1 - R),
    slips={"where J3 begins to rise": 2 * R, "without the pull on J1": 3 * R - 1, "one against one": R / (1 - R)},
)
def test_three_components_stay_at_the_corner_below_this_ratio_of_J3_to_1_minus_J1(claim):
    q, n = sp.symbols("q n", positive=True)
    J = [1 - q, 1 - q, n * q]
    f = [j * (1 - j) for j in J]
    rates = [f[k] * (f[k] - R * (sum(f) - f[k])) for k in range(3)]
    drift = sp.limit(sp.cancel((rates[2] / J[2] + rates[0] / q) / q), q, 0)  # d log(J3 / q) / dt over q
    assert sp.simplify(drift.subs(n, claim)) == 0
    assert sp.simplify(claim - staircase.trap_boundary().subs(staircase.R, R)) == 0
    for r in (0.36, 0.4, 0.47):
        ratio = float(claim.subs(R, r))
        below, above = (
            log_arrivals(near_the_corner(r, 1e-5, share * ratio), equal_cosines(3, r))[2] for share in (0.99, 1.01)
        )
        assert np.isinf(below) and np.isfinite(above)


@pytest.mark.ledger("N11")
@trial(
    correct=lambda K: Fraction(1, 2 * K - 3),
    slips={"where no features have such cosines": lambda K: Fraction(1, K - 1), "always": lambda K: Fraction(1, 50)},
)
def test_low_starts_are_trapped_from_this_r_on_and_learn_all_below_it(claim):
    for K in (3, 4, 5):
        r = float(claim(K))
        start = -5.0 - 0.7 * np.arange(K)
        assert np.isfinite(log_arrivals(start, equal_cosines(K, 0.97 * r), limit=1e4)).all()
        if r < 1 / (K - 1):
            assert np.isinf(log_arrivals(start, equal_cosines(K, min(1.03 * r, 0.999 / (K - 1)))))[-1]
            assert plateaus.traps(equal_cosines(K, min(1.03 * r, 0.999 / (K - 1))))
        else:
            assert not plateaus.traps(equal_cosines(K, 0.97 * r))


@pytest.mark.ledger("N11")
@trial(correct=1.0, slips={"it stays for ever": np.inf, "the wait is a power of the ratio": 0.0})
def test_at_r_exactly_one_third_the_log_of_the_wait_grows_like_this_over_the_ratio(claim):
    """n' = (2/3) n^2 q and q = 3 / (2 t): 1/n falls as log t grows, and J3 arrives when 1/n is used up."""
    q, ratios = 1e-4, np.array([0.1, 0.05, 0.025, 0.0125])
    waits = np.array([log_arrivals(near_the_corner(1 / 3, q, n), equal_cosines(3, 1 / 3))[2] for n in ratios])
    growth = np.diff(waits) / np.diff(1 / ratios)
    assert abs(growth[-1] - claim) < 0.03 and (np.abs(growth - claim)[1:] < np.abs(growth - claim)[:-1]).all()


@pytest.mark.ledger("N11")
@trial(correct="labels", slips={"rewards": "rewards"})
def test_from_inside_the_trap_learning_by_these_learns_all(claim):
    chance = None if claim == "rewards" else (lambda x: -np.logaddexp(0, x))  # 1 - J
    found = log_arrivals([12.0, 12.0, -14.0], equal_cosines(3, 0.45), chance)
    assert np.isfinite(found).all() and found[2] < np.log(200)


@pytest.mark.ledger("N11")
@trial(
    correct=lambda cosine, long: -cosine * long > 1,
    slips={
        "two components never trap": lambda cosine, long: False,
        "any that push back": lambda cosine, long: cosine < 0,
    },
)
def test_of_two_components_the_first_traps_the_second_if_and_only_if(claim):
    """Features of length 1 and `long`, the second one unlearned."""
    for cosine, long in itertools.product((-0.95, -0.8, -0.5, -0.2, 0.3), (0.5, 1.0, 1.15, 1.6, 3.0)):
        gram = np.array([[1, cosine * long], [cosine * long, long**2]])
        stays = bool(np.isinf(log_arrivals([20.0, -60.0], gram)[1]))
        assert stays == claim(cosine, long) == ((0,) in plateaus.traps(gram))


@pytest.mark.ledger("N11")
@trial(correct=0.35, slips={"a thin set": 0.01, "a quarter": 0.25, "half": 0.5, "nearly all": 0.95})
def test_of_all_starts_in_the_cube_this_share_is_trapped_at_r_04(claim):
    runs = 600
    assert abs(trapped_at_04(runs) - claim) < 4 * np.sqrt(0.35 * 0.65 / runs)


@cache
def trapped_at_04(runs):
    J = np.random.default_rng(0).uniform(size=(runs, 3))
    found = [log_arrivals(np.log(j) - np.log1p(-j), equal_cosines(3, 0.4), limit=300.0) for j in J]
    return np.mean([np.isinf(waits).any() for waits in found])


# S34: counting saddles


def logits_of(choice, n, share=None):
    """Logits (n, K) of the policy that takes action choice[k] in context k; share moves one context by 1e-8."""
    z = np.full((n, len(choice)), -60.0)
    z[list(choice), np.arange(len(choice))] = 60.0
    if share is not None:
        k, other = share
        z[other, k] = 60.0 + np.log(1e-8)
    return z


def speeds(learner, z):
    """grad J and dJ_k/dt (K,) at these logits."""
    rows = learner.gradients(learner.parameters(z, np.zeros(len(z))))
    return rows, rows @ rows.sum(axis=0)


def is_saddle(learner, choice, n):
    """Critical, with an orbit that arrives along an edge of the policies, and one that leaves along another.

    On an edge a single context moves, between two actions. J never falls and is 0 only where no context is right: where
    it is 0 no orbit arrives, as J would have to fall, and where all are right none leaves.
    """
    rows, _ = speeds(learner, logits_of(choice, n))
    arrives = leaves = False
    for k, other in itertools.product(range(len(choice)), range(n)):
        if other != choice[k]:
            _, rates = speeds(learner, logits_of(choice, n, (k, other)))
            arrives |= choice[k] == k and rates[k] > 0
            leaves |= other == k and rates[k] > 0
    return np.abs(rows).max() < 1e-40 and arrives and leaves


@pytest.mark.ledger("S34")
@trial(
    correct=lambda K, n: n**K - (n - 1) ** K - 1,
    slips={
        "all but the best": lambda K, n: n**K - 1,
        "corners of the cube": lambda K, n: 2**K - 2,
        "one for each wrong action": lambda K, n: K * (n - 1),
    },
)
def test_the_bandit_has_this_many_saddles_among_its_deterministic_policies(claim):
    for K, n in ((1, 2), (2, 2), (2, 3), (3, 3), (2, 4), (3, 4)):
        learner = SoftmaxBandit(K, n)
        assert sum(is_saddle(learner, choice, n) for choice in itertools.product(range(n), repeat=K)) == claim(K, n)


@pytest.mark.ledger("S34")
@trial(correct=lambda K: 2**K - 2, slips={"all corners": lambda K: 2**K, "a line of them": lambda K: 2 * K - 2})
def test_binary_contexts_with_any_features_have_this_many_saddles_at_their_corners(claim):
    """At 1e-6 from a corner along an edge, J_k moves away from 0 and towards 1, whatever the features."""
    rng = np.random.default_rng(3)
    for K in range(2, 7):
        V = rng.normal(size=(K, K))
        found = 0
        for corner in itertools.product((0.0, 1.0), repeat=K):
            J = np.array(corner) + 1e-6 * np.diag(1 - 2 * np.array(corner))
            outwards = np.diag(slopes(J, V @ V.T)) * (1 - 2 * np.array(corner))
            found += bool((outwards > 0).any() and (outwards < 0).any())
        assert found == claim(K)


@pytest.mark.ledger("S34")
def test_with_more_than_two_actions_whole_faces_of_policies_are_critical():
    learner, rng = SoftmaxBandit(2, 4), np.random.default_rng(0)
    for _ in range(20):
        z = rng.normal(size=(4, 2))
        z[0, 0], z[1, 1] = 80.0, -80.0  # context 0 is right, context 1 anything but right
        assert np.abs(learner.gradients(learner.parameters(z, np.zeros(4)))).max() < 1e-30


# S53: winner-take-all regions


def negative_gram(rng, K):
    """Features of any lengths, every two of which have a negative inner product."""
    G = -rng.uniform(0.1, 0.9, (K, K)) / (K - 1)
    G = np.triu(G, 1) + np.triu(G, 1).T + np.eye(K)
    lengths = rng.uniform(0.5, 2.0, K)
    return G * np.outer(lengths, lengths)


def winner_takes_all(rates):
    return (rates > 0).sum(axis=-1) == 1


@pytest.mark.ledger("S53")
@trial(
    correct=lambda K: 1,
    printed=lambda K: K - 1,  # near the boundaries: one component at its end
    slips={"two are on their way": lambda K: 2},
)
def test_where_this_many_components_are_on_their_way_and_all_others_near_an_end_the_winner_takes_all(claim):
    rng = np.random.default_rng(0)
    for K in range(4, 8):
        for _ in range(50):
            J = rng.choice([1e-5, 1 - 1e-5], K)
            J[rng.permutation(K)[: claim(K)]] = rng.uniform(0.2, 0.8, claim(K))
            assert winner_takes_all(slopes(J, negative_gram(rng, K)))


@pytest.mark.ledger("S53")
@trial(
    correct=lambda G, k: (np.delete(G[k], k) < 0).all(),
    slips={"only if those of all pairs are": lambda G, k: (G - np.diag(np.diag(G)) <= 0).all()},
)
def test_an_edge_is_lined_by_a_region_of_its_winner_if_and_only_if_these_cosines_are_negative(claim):
    rng = np.random.default_rng(1)
    for _ in range(150):
        K = int(rng.integers(3, 6))
        V = rng.normal(size=(K, K)) - 0.6 * rng.normal(size=K)
        G, k = V @ V.T, int(rng.integers(K))
        J = np.full(K, 1e-9)
        J[k] = 0.5
        assert winner_takes_all(slopes(J, G)) == claim(G, k)


@pytest.mark.ledger("S53")
def test_the_regions_shrink_fast_as_components_are_added():
    """Shares of the cube at cosines of .8 of the least that there can be."""
    J = np.random.default_rng(2).uniform(size=(100_000, 6))
    shares = [winner_takes_all(slopes(J[:, :K], equal_cosines(K, 0.8 / (K - 1)))).mean() for K in range(2, 6)]
    assert (np.array(shares[1:]) * 4 < shares[:-1]).all() and shares[-1] > 0


# S54: two reasons for longer waits


def after_stage(m, r):
    """Logits over log 1/p when the m-th is learned: the others before it, itself on its border, and who waits."""
    before = predicted(r, m - 1) if m > 1 else Fraction(1)
    return [(1 - r) * before] * (m - 1) + [Fraction(0)], -(1 + r) * before


def next_wait(m, K, r, without):
    """Exponent of the wait for the next after m are learned, with one of the two reasons taken away."""
    learned, depth = after_stage(m, r)
    if without == "low starts and heights":  # all are set back: those that wait, and the learned ones to just learned
        return walk(equal_cosines(K, r), None, [Fraction(0)] * m + [Fraction(-1)] * (K - m), tuple(range(m)))[0]
    if without == "low starts":  # only those that wait are set back to where they began
        return walk(equal_cosines(K, r), None, learned + [Fraction(-1)] * (K - m), tuple(range(m)))[0]
    return walk(equal_cosines(K - m, r), None, [depth] * (K - m))[0]  # "learned ones": nobody is in the way


@pytest.mark.ledger("S54")
@trial(correct="low starts", slips={"less room": "learned ones"})
def test_waits_stop_growing_when_this_reason_is_taken_away(claim):
    for K, r in ((4, Fraction(1, 6)), (5, Fraction(1, 8)), (6, Fraction(1, 10))):
        whole = [predicted(r, m) for m in range(1, K)]
        waits = [next_wait(m, K, r, claim) for m in range(1, K)]
        assert whole[-1] >= 5 * whole[0] and max(waits) < 1.1 * min(waits)
        assert waits[-1] == 1 / (1 - r) == waits[0]


@pytest.mark.ledger("S54")
@trial(correct=lambda r, m: (1 + r) * (predicted(r, m - 1) if m > 1 else 1), slips={"all of the law": predicted})
def test_low_starts_alone_make_waits_of_these_exponents(claim):
    K, r = 5, Fraction(1, 8)
    assert [next_wait(m, K, r, "learned ones") for m in range(1, K)] == [claim(r, m) for m in range(1, K)]


@pytest.mark.ledger("S54")
@trial(
    correct=lambda r, m: (1 - (m - 1) * r) / (1 - (2 * m - 1) * r),
    slips={
        "as if the learned ones had stayed as high as they are": lambda r, m: 1 / (1 - r),
        "all of the law": predicted,
        "none pushes another learned one back": lambda r, m: 1 / (1 - m * r),
    },
)
def test_with_all_learned_ones_put_back_to_just_learned_company_alone_makes_waits_of_these_exponents(claim):
    for K, r in ((4, Fraction(1, 6)), (5, Fraction(1, 8)), (6, Fraction(1, 10))):
        assert [next_wait(m, K, r, "low starts and heights") for m in range(1, K)] == [claim(r, m) for m in range(1, K)]


@pytest.mark.ledger("S54")
def test_the_flow_says_the_same_of_all_three_trials():
    K, r = 5, Fraction(1, 8)
    for m, without in itertools.product((1, 2, 3, 4), ("low starts", "low starts and heights", "learned ones")):
        learned, depth = after_stage(m, r)
        learned = {"low starts": learned, "low starts and heights": [Fraction(0)] * m, "learned ones": []}[without]
        waiting = depth if without == "learned ones" else Fraction(-1)
        size = K - m if without == "learned ones" else K
        logs = []
        for L in (40.0, 80.0):
            start = [float(x) * L for x in learned] + [float(waiting) * L - 0.3 * i for i in range(size - len(learned))]
            start = np.array(start) + np.array([2.0] * len(learned) + [0.0] * (size - len(learned)))
            logs.append(log_arrivals(start, equal_cosines(size, float(r)))[len(learned)])
        assert abs((logs[1] - logs[0]) / 40 - float(next_wait(m, K, r, without))) < 0.01


@pytest.mark.ledger("S54")
@trial(
    correct=(1 - (M - 1) * R) / ((1 + R) * (1 - M * R)),
    slips={"one r for each": 1 / (1 - M * R), "squares of the cosines": 1 / (1 - M * R**2)},
)
def test_moving_in_the_null_space_of_the_learned_ones_makes_every_wait_longer_by_this_factor_and_no_more(claim):
    """What is left of a feature of length 1 after its part along m others: its speed is the square of that length."""
    for m in range(1, 6):
        G = sp.Matrix(equal_cosines(m + 1, R))
        across, among = G[m, :m], G[:m, :m]
        left = G[m, m] - (across * among.LUsolve(across.T))[0]
        assert sp.simplify(1 / left - claim.subs(M, m)) == 0


# S40: the real bandit


@cache
def bandit_exponents(K, n):
    return tuple(walk(*bandit_pairs(K, n)))


@pytest.mark.ledger("S40", "N19")
@trial(correct=lambda waits: np.diff(waits) < 0, printed=lambda waits: np.diff(waits) > 0)
def test_from_low_starts_every_wait_after_the_second_is_in_the_limit_longer_or_shorter_than_the_one_before(claim):
    for K, n in ((3, 3), (4, 4), (4, 6), (6, 6), (8, 8)):
        found = bandit_exponents(K, n)
        assert found[:4] == (1, 3, Fraction(7, 3), Fraction(27, 13))[:K] and found == bandit_exponents(8, 8)[:K]
        assert claim([float(power) for power in found[1:]]).all()
        z = np.zeros((n, K))
        z[np.arange(K), np.arange(K)] = -1 - 1e-7 * np.arange(K)
        np.testing.assert_allclose(plateaus.bandit_skeleton(z).gaps, [float(power) for power in found], rtol=1e-5)


@pytest.mark.ledger("S40", "N19")
@trial(
    correct=lambda m, n: 1 / (m + 1),
    slips={
        "as with equal cosines": lambda m, n: m / (2 * (n - 1)) / (1 - (m - 1) / (2 * (n - 1))),
        "less and less with every action": lambda m, n: 1 / n,
    },
)
def test_with_m_learned_contexts_a_waiting_one_sinks_by_this_share_of_their_margin(claim):
    """The learned ones move on along the shortest parameters with margin 1; a waiting one feels their bias alone."""
    for m, n in ((1, 2), (1, 4), (2, 3), (2, 5), (3, 4)):
        G, _ = bandit_pairs(m, n)
        u = _shortest(np.array(G, dtype=float))  # weights of the pairs at margin 1
        bias = np.zeros(n)
        for (k, a), w in zip(((k, a) for k in range(m) for a in range(n) if a != k), u, strict=True):
            bias[k] += w
            bias[a] -= w
        np.testing.assert_allclose(bias[:m].max() - bias[m], claim(m, n), rtol=1e-6)


def _shortest(G):
    """Weights w >= 0 with G w >= 1 and w (G w - 1) = 0, by sweeping over them one at a time."""
    w = np.zeros(len(G))
    for _ in range(3000):
        for i in range(len(G)):
            w[i] = max(w[i] + (1 - G[i] @ w) / G[i, i], 0.0)
    return w


def figure4(**at):
    """Rows of the committed table of Figure 4, as dicts."""
    table = tables.load("figure4")
    rows = [dict(zip(table, values, strict=True)) for values in zip(*table.values(), strict=True)]
    return [row for row in rows if all(row[name] == value for name, value in at.items())]


@pytest.mark.ledger("S40")
@trial(correct={0.5: 2, 0.1: 3, 0.03: 4}, slips={"the same by every criterion": {0.5: 3, 0.1: 3, 0.03: 3}})
def test_in_figure_4_the_first_plateau_comes_at_this_performance_if_it_is_a_dip_to_that_share_of_the_slope(claim):
    for share, level in claim.items():
        (row,) = figure4(model="bandit", contexts=8, law="simplex", performance=0.2, quantity="first", index=share)
        assert round(row["q50"]) == level


@pytest.mark.ledger("S40")
@trial(
    correct=lambda runs: min(runs) > 0.5 and max(runs) < 0.95,
    printed=lambda runs: min(runs) > 0.95,
    slips={"a matter of chance": lambda runs: max(runs) < 0.5},
)
def test_in_figure_4_the_share_of_runs_whose_next_wait_is_longer_is_from_the_second_on(claim):
    rows = figure4(model="bandit", contexts=8, law="simplex", performance=0.2, quantity="ratio")
    assert claim([row["share"] for row in rows if row["index"] >= 2])
    medians = [
        row["q50"] for row in figure4(model="bandit", contexts=8, law="simplex", performance=0.2, quantity="wait")
    ]
    assert (np.diff(medians[1:]) > 0).all()  # the typical wait does grow
