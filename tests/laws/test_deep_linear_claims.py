"""S42-S44, S58, N13: deep linear networks, and whether they suffer from ray interference. Chapter 08."""

from functools import cache

import numpy as np
import pytest
import sympy as sp
from scipy.integrate import solve_ivp
from scipy.optimize import brentq
from trial import trial

from raylab import dynamics, interference
from raylab.symbolic import deep_linear as exact
from raylab.systems.deep_linear import DeepLinear, balanced, half_time, lazy, small, solution

S, U, U0, T, TAU, J, L = exact.S, exact.U, exact.U0, exact.T, exact.TAU, exact.J, exact.L


def turned(n, seed):
    return np.linalg.qr(np.random.default_rng(seed).normal(size=(n, n)))[0]


TARGET = turned(4, 1) @ np.diag([4.0, 2.0, 1.0, 0.5]) @ turned(4, 2).T


# S42: the update rules


def sampled_descent():
    """Samples X (in, N), Y (out, N), layers, and minus the gradient of half their mean squared error."""
    X, Y = sp.Matrix([[1, -2, 0], [3, 1, 1]]), sp.Matrix([[2, 0, 1], [-1, 1, 4]])
    W1, W2 = exact.layers((2, 2, 2))
    loss = sum(e**2 for e in Y - W2 * W1 * X) / (2 * X.cols)
    return X, Y, W1, W2, [W.applyfunc(lambda w: -sp.diff(loss, w)) for W in (W1, W2)]


@pytest.mark.ledger("S42")
@trial(
    correct=lambda X, Y: Y * X.T / X.cols,
    slips={
        "E[x y^T]": lambda X, Y: X * Y.T / X.cols,
        "the sum over samples": lambda X, Y: Y * X.T,
        "both orders": lambda X, Y: (Y * X.T + X * Y.T) / (2 * X.cols),
    },
)
def test_the_rules_are_gradient_descent_where_sigma_xy_is(claim):
    X, Y, W1, W2, descent = sampled_descent()
    error = claim(X, Y) - W2 * W1 * (X * X.T / X.cols)
    for found, wanted in zip((W2.T * error, error * W1.T), descent, strict=True):
        assert (found - wanted).applyfunc(sp.expand).is_zero_matrix


@pytest.mark.ledger("S42")
@trial(
    correct=lambda W1, W2, error: (W2.T * error, error * W1.T),
    slips={
        "the layers exchanged": lambda W1, W2, error: (error * W1.T, W2.T * error),
        "not transposed": lambda W1, W2, error: (W2 * error, error * W1),
        "the error's other sign": lambda W1, W2, error: (-W2.T * error, -error * W1.T),
    },
)
def test_the_two_layers_move_like_this(claim):
    X, Y, W1, W2, descent = sampled_descent()
    moves = claim(W1, W2, (Y - W2 * W1 * X) * X.T / X.cols)
    for found, wanted in zip(moves, descent, strict=True):
        assert (found - wanted).applyfunc(sp.expand).is_zero_matrix


# N13: one mode


@pytest.mark.ledger("N13")
@trial(
    correct=S * sp.exp(2 * S * T / TAU) / (sp.exp(2 * S * T / TAU) - 1 + S / U0),
    slips={
        "half as fast": S * sp.exp(S * T / TAU) / (sp.exp(S * T / TAU) - 1 + S / U0),
        "without the -1": S * sp.exp(2 * S * T / TAU) / (sp.exp(2 * S * T / TAU) + S / U0),
        "one layer": S + (U0 - S) * sp.exp(-T / TAU),
    },
)
def test_one_mode_of_two_balanced_layers_grows_like_this(claim):
    c1, c2 = (W[0] for W in exact.layers((1, 1, 1)))
    # the chain rule on the flow of the two weights, equal at the start and so for ever
    rate = exact.along_flow(c1 * c2, (1, 1, 1)).subs({exact.correlation((1, 1))[0]: S, exact.covariance((1, 1))[0]: 1})
    rate = sp.simplify(rate.subs({c1: sp.sqrt(U), c2: sp.sqrt(U)}))
    assert sp.simplify(claim.subs(T, 0) - U0) == 0
    assert sp.simplify(TAU * sp.diff(claim, T) - rate.subs(U, claim)) == 0
    values = {S: 3, U0: sp.Rational(1, 1000), TAU: 1}
    run = solve_ivp(lambda t, c: c[::-1] * (3 - c[0] * c[1]), (0, 2), [1e-3**0.5] * 2, rtol=1e-12, atol=1e-15)
    assert float(claim.subs(values).subs(T, 2)) == pytest.approx(run.y[:, -1].prod(), rel=1e-8)


def chain_wait(s, u0, depth):
    """The time from u0 to s/2 of a chain of `depth` equal weights, from the learner's own updates.

    Against log u as the clock, so that no start is too low: dt = d log u / (depth c' / c).
    """
    learner = DeepLinear(np.array([[s]]), (1,) * (depth - 1))

    def pace(x, _):
        c = np.exp(x / depth)
        return [c / (depth * learner.updates(np.full(depth, c)).sum(axis=0)[0])]

    return solve_ivp(pace, (np.log(u0), np.log(s / 2)), [0.0], "DOP853", rtol=1e-11).y[0, -1]


@pytest.mark.ledger("N13")
@trial(
    correct=TAU * U0 ** (2 / L - 1) / ((L - 2) * S),
    slips={
        "a logarithm": TAU * sp.log(S / U0) / (L * S),
        "the bandit's 1/u0 at every depth": TAU / ((L - 2) * S * U0),
        "divided by L": TAU * U0 ** (2 / L - 1) / (L * S),
        "the power 1 - 1/L": TAU * U0 ** (1 / L - 1) / ((L - 2) * S),
    },
)
def test_above_two_layers_the_wait_of_one_mode_at_low_starts_is(claim):
    for depth in (3, 4, 6):
        for s in (0.5, 3.0):
            here = claim.subs({L: depth, S: s, TAU: 1})
            for u0 in (1e-20, 1e-24):
                wait = chain_wait(s, u0, depth)
                assert abs(float(here.subs(U0, u0)) / wait - 1) < 1e-5
                assert half_time(s, u0, depth) == pytest.approx(wait, rel=1e-9)


# S43: does low performance slow learning down?


@pytest.mark.ledger("S43")
@trial(
    correct=lambda depth: 1 - sp.Rational(1, depth),
    printed=lambda depth: sp.Integer(0),
    slips={"as in the bandit": lambda depth: sp.Integer(1), "half at every depth": lambda depth: sp.Rational(1, 2)},
)
def test_of_an_aligned_mode_with_balanced_layers_the_gradient_vanishes_with_performance_like_the_power(claim):
    for depth in (2, 3, 4, 7):
        weights = [W[0] for W in exact.layers((1,) * (depth + 1))]
        value = (S**2 - (S - sp.prod(weights)) ** 2) / 2
        equal = dict.fromkeys(weights, U ** sp.Rational(1, depth))
        length = sp.sqrt(sum(sp.diff(value, w) ** 2 for w in weights)).subs(equal)
        at = value.subs(equal).subs(S, 3)
        limit = sp.limit((length.subs(S, 3) / at ** claim(depth)).rewrite(sp.Pow), U, 0, "+")
        assert limit.is_finite and limit != 0


@pytest.mark.ledger("S43")
@trial(
    correct=lambda u0: np.log(1 / u0),
    printed=lambda u0: np.ones_like(u0),
    slips={"as long as in the bandit": lambda u0: 1 / u0, "a root": lambda u0: u0**-0.5},
)
def test_low_starts_make_two_layers_wait_in_proportion_to(claim):
    low = np.array([1e-10, 1e-20, 1e-40])
    steps = np.diff([chain_wait(3.0, u0, 2) for u0 in low])
    wanted = np.diff(claim(low))
    assert wanted[0] > 0 and np.isclose(steps[1] / steps[0], wanted[1] / wanted[0], rtol=1e-6, atol=0)


@pytest.mark.ledger("S43")
def test_it_is_small_weights_that_slow_it_down_and_not_low_performance_by_itself():
    """Two starts whose performance is exactly zero: one at rest for ever, one that moves at once."""
    learner = DeepLinear(TARGET, (16,))
    rest, ready = np.zeros(learner.size), lazy(learner, 1.0, np.random.default_rng(0))
    assert not learner.components(rest).any() and not learner.components(ready).any()
    assert not learner.gradients(rest).any()
    assert (np.linalg.norm(learner.gradients(ready), axis=-1)[:4] > learner.singular / 4).all()


# S44: do the modes interfere?


def cosines(learner, scale, draws=4000, seed=0):
    """Of components 1 and 2 at Gaussian starts of this scale, (draws,)."""
    theta = scale * np.random.default_rng(seed).normal(size=(draws, learner.size))
    return interference.cosine(learner.gradients(theta)[:, :2])[:, 0, 1]


@pytest.mark.ledger("S44")
@trial(correct=0, slips={"negative": -1, "positive": 1})
def test_mode_with_mode_the_cosine_in_two_layers_has_this_sign_whatever_the_weights(claim):
    assert exact.mode_products((2, 2, 2))[0, 1] == claim
    for scale in (1e-3, 0.1, 1.0):
        found = cosines(DeepLinear(TARGET, (8,)), scale)
        assert (np.where(np.abs(found) < 1e-13, 0, np.sign(found)) == claim).all()


@pytest.mark.ledger("S44")
@trial(correct="a half", slips={"none": "none", "all": "all"})
def test_of_the_cosines_of_whole_outputs_at_small_starts_of_two_layers_this_part_is_negative(claim):
    share = {"none": 0.0, "a half": 0.5, "all": 1.0}[claim]
    # the leading term turns its sign with W_1, so that a half is exact; five standard errors of 4000 draws
    found = (cosines(DeepLinear(TARGET, (8,), split="outputs"), 1e-2) < 0).mean()
    assert abs(found - share) < 5 * 0.5 / np.sqrt(4000)


@pytest.mark.ledger("S44")
@trial(correct="a half", slips={"none, as in two layers": "none", "all": "all"})
def test_of_the_cosines_of_modes_at_small_starts_of_three_layers_this_part_is_negative(claim):
    share = {"none": 0.0, "a half": 0.5, "all": 1.0}[claim]
    found = cosines(DeepLinear(TARGET, (8, 8)), 1e-2)
    assert np.abs(found).max() > 0.1
    assert abs((found < -1e-13).mean() - share) < 5 * 0.5 / np.sqrt(4000)


@cache
def falls(depth):
    """Runs from small random starts: by how much modes fall, and what the rest of the loss adds to their rates then.

    For each run and mode, in shares of the mode's top: its deepest fall below its best so far; and, summed over the
    time in which it falls, the pull of the other modes and that of J_cross. All (runs, 3).
    """
    learner = DeepLinear(turned(3, 1) @ np.diag([4.0, 2.0, 1.0]) @ turned(3, 2).T, (6,) * (depth - 1))
    scale, until = {2: (0.01, 30), 3: (0.15, 80)}[depth]
    found = []
    for seed in range(4):
        start = small(learner, scale, np.random.default_rng(seed))
        run = dynamics.flow(learner, start, np.linspace(0, until, 2000), rtol=1e-8)
        J, pulls = run.components[:, :3], interference.inner(learner.gradients(run.parameters))[:, :3] * run.times[1]
        assert (J[-1] > 0.99 * learner.tops[:3]).all()
        falling = (pulls.sum(axis=-1) < 0)[..., None]
        sums = (pulls * falling).sum(axis=0)
        others = sums[:, :3].sum(axis=1) - np.diagonal(sums)
        found.append(np.stack([(np.maximum.accumulate(J) - J).max(axis=0), others, sums[:, 3]]) / learner.tops[:3])
    return np.moveaxis(np.array(found), 1, 0)


@pytest.mark.ledger("S44")
@trial(correct=[False, True], slips={"nowhere": [False, False], "in both": [True, True], "in two": [True, False]})
def test_in_two_and_in_three_layers_from_small_random_starts_most_runs_see_a_mode_fall_by_a_hundredth(claim):
    found = [bool((falls(depth)[0] > 0.01).any(axis=1).mean() > 0.5) for depth in (2, 3)]
    assert found == claim


@cache
def deepest_falls(scale, runs=4):
    """The deepest fall of any of three modes below its best so far, in shares of its top, (runs,); three layers."""
    learner, found = DeepLinear(turned(3, 1) @ np.diag([4.0, 2.0, 1.0]) @ turned(3, 2).T, (6, 6)), []
    for seed in range(runs):
        start = small(learner, scale, np.random.default_rng(seed))
        until, exactly = 8 / min(scale, 0.1), {"rtol": 1e-8, "atol": 1e-9 * scale}
        run = solve_ivp(lambda _, y: learner.updates(y).sum(axis=-2), (0, until), start, "LSODA", **exactly)
        J = learner.components(run.y.T)[:, :3] / learner.tops[:3]
        assert (J[-1] > 0.99).all()
        found.append((np.maximum.accumulate(J) - J).max())
    return np.array(found)


@pytest.mark.ledger("S44")
@trial(
    correct=[False, True, False],
    slips={"the lower the start, the more": [False, True, True], "everywhere": [True] * 3, "nowhere": [False] * 3},
)
def test_in_most_runs_of_three_layers_a_mode_falls_by_a_hundredth_from_scales_0_3_and_0_1_and_0_001(claim):
    assert [bool((deepest_falls(scale) > 0.01).mean() > 0.5) for scale in (0.3, 0.1, 0.001)] == claim


@pytest.mark.ledger("S44")
@trial(correct=1, slips={"no less": 0, "like the square": 2})
def test_from_low_starts_of_three_layers_modes_fall_like_this_power_of_the_scale(claim):
    high, low = (np.median(deepest_falls(scale)) for scale in (0.002, 0.001))
    assert np.log2(high / low) == pytest.approx(claim, abs=0.05)


@pytest.mark.ledger("S44")
@trial(correct="the cross-talk", slips={"the other modes": "the other modes"})
def test_where_a_mode_falls_in_three_layers_what_undoes_it_is(claim):
    fall, others, cross = falls(3)
    seen = fall > 0.01
    pull = {"the cross-talk": cross, "the other modes": others}[claim]
    assert seen.any() and (pull[seen] < -fall[seen]).all()


@pytest.mark.ledger("S44")
def test_without_any_interference_between_modes_learning_is_stepwise_all_the_same():
    learner = DeepLinear(TARGET, (4,))
    times = np.linspace(0, 30, 3001)
    J = dynamics.flow(learner, balanced(learner, 1e-6), times).components[:, :4]
    begins, ends = (times[np.argmax(share * learner.tops[:4] < J, axis=0)] for share in (0.1, 0.9))
    assert (begins[1:] > ends[:-1]).all()


# S58: one mode after another, the largest first


@pytest.mark.ledger("S58")
@trial(
    correct=brentq(lambda r: np.log(r - 1) - r / (r - 1), 3, 9),
    printed=2.0,
    slips={"only far lower starts": 10.0, "e": np.e},
)
def test_from_equal_starts_in_two_layers_the_larger_of_two_near_strengths_is_first_if_it_exceeds_the_start(claim):
    u0 = 0.01
    for over, first in ((1.01, True), (0.99, False)):
        s = claim * over * u0 * np.array([1.0, 1.0001])
        start = np.full(2, u0)
        if (start > s / 2).any():
            raise AssertionError("nothing is left to wait for")
        learner = DeepLinear(np.diag(s[::-1]), (2,))
        w = learner.strengths(dynamics.flow(learner, balanced(learner, start), np.linspace(0, 1, 3)).parameters)
        np.testing.assert_allclose(w, solution(learner, np.linspace(0, 1, 3), start), rtol=1e-8)
        halves = half_time(s, start)
        assert (halves[1] < halves[0]) == first


@pytest.mark.ledger("S58")
@trial(
    correct=lambda s, variance: s * np.sqrt(variance),
    slips={"by the gain": lambda s, variance: s, "by the best map": lambda s, variance: s / np.sqrt(variance)},
)
def test_where_inputs_are_not_white_the_modes_come_in_the_order_of(claim):
    """s_a and variances with three orders: of s, of s times, and of s over the root of the variance."""
    s, variance = np.array([3.0, 2.0, 2.5]), np.array([0.3, 2.0, 0.5])
    learner = DeepLinear(np.diag(s * np.sqrt(variance)), (3,), np.diag(variance))
    which = np.argmax(np.abs(learner.right), axis=0)  # the learner has its modes by falling s
    times = np.linspace(0, 20, 2001)
    w = learner.strengths(dynamics.flow(learner, balanced(learner, 1e-8), times).parameters)
    arrivals = times[np.argmax(w > learner.singular / 2, axis=0)]
    assert which[np.argsort(arrivals)].tolist() == np.argsort(-claim(s, variance)).tolist()


@pytest.mark.ledger("S58")
@trial(correct=(True, False), slips={"any covariance": (True, True), "none": (False, False)})
def test_modes_come_by_falling_singular_value_if_the_covariance_leaves_them_apart_and_if_it_does_not(claim):
    """Twelve covariances with the modes as their axes, and twelve turned, all from the same aligned start."""
    s, found = np.array([4.0, 2.0, 1.0]), []
    for axes in (lambda draw: np.eye(3), lambda draw: turned(3, draw)):
        in_order = []
        for draw in range(12):
            Q, variances = axes(draw), np.exp(np.random.default_rng(draw).uniform(-2, 2, 3))
            learner = DeepLinear(np.diag(s), (3,), (Q * variances) @ Q.T)
            start = learner.parameters([1e-4 * np.eye(3)] * 2)
            updates = lambda _, y, learner=learner: learner.updates(y).sum(axis=-2)
            run = solve_ivp(updates, (0, 60), start, "LSODA", rtol=1e-9, atol=1e-12)
            w = np.diagonal(learner.product(run.y.T), axis1=1, axis2=2)
            half = s * np.diagonal(np.linalg.inv(learner.covariance)) / 2
            assert (w[-1] > half).all()
            in_order.append((np.diff(np.argmax(w > half, axis=0)) > 0).all())
        found.append(bool(np.all(in_order)))
    assert tuple(found) == claim


@pytest.mark.ledger("S58")
@trial(correct=[True, False, False], printed=[True, True, True], slips={"nowhere": [False, False, False]})
def test_with_two_three_and_four_layers_low_enough_starts_in_a_fixed_ratio_leave_the_largest_first(claim):
    """A mode half as strong that starts twenty times higher."""
    found = []
    for depth in (2, 3, 4):
        strong, weak = half_time(
            np.array([2.0, 1.0]), np.array([[1.0, 20.0]]) * np.array([[1e-3], [1e-30], [1e-60]]), depth
        ).T
        ahead = strong < weak
        assert ahead[1] == ahead[2]  # it is settled there
        found.append(bool(ahead[-1]))
    assert found == claim


@pytest.mark.ledger("S58")
@trial(correct=[False, True, True], printed=[True, True, True], slips={"from three on": [False, False, True]})
def test_of_nets_with_one_two_and_three_layers_these_learn_a_larger_singular_value_earlier(claim):
    learner = [half_time(np.array([4.0, 2.0, 1.0]), 1e-6, depth) for depth in (1, 2, 3)]
    assert [bool((np.diff(halves) > 0.1).all()) for halves in learner] == claim


@pytest.mark.ledger("S58")
@trial(correct=0, printed=-sp.Rational(1, 2), slips={"positive": sp.Rational(1, 2)})
def test_in_the_equations_of_two_aligned_modes_the_other_mode_enters_with_the_cosine(claim):
    """Eqs. (1) and (2) of the paper have the same form with -1/2: J_1' = |grad J_1|^2 + c |grad J_1||grad J_2|."""
    off = {W[i, j]: 0 for W in exact.layers((2, 2, 2)) for i in range(2) for j in range(2) if i != j}
    products = exact.mode_products((2, 2, 2)).subs(off)
    assert sp.simplify(products[0, 1] - claim * sp.sqrt(products[0, 0] * products[1, 1])) == 0
