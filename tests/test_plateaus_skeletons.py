"""The skeleton of a staircase against the flow itself, at starts so low that nothing else is left."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raylab import dynamics, ensembles, plateaus
from raylab.systems.bandit import SoftmaxBandit


def equal_cosines(K, r):
    return (1 + r) * np.eye(K) - r * np.ones((K, K))


def random_gram(rng, K):
    """Features of any lengths and cosines; every other time of length 1 and mostly against each other."""
    V = rng.normal(size=(K, K + 1))
    if rng.random() < 0.5:
        V -= 0.6 * V.mean(axis=0)
        V /= np.linalg.norm(V, axis=1, keepdims=True)
    return V @ V.T


def log_waits(start, gram):
    found = ensembles.flow(start, (gram + gram.T) / 2, level=0.5, horizon=1e230).waiting
    return np.log(np.maximum(found, 1e-300))


def within_reach(skeleton, start, rng, reach=4.0, tries=25):
    """The least and the largest log waits of skeletons whose start is moved by up to `reach` logits."""
    found = []
    for _ in range(tries):
        try:
            found.append(skeleton(start + rng.uniform(-reach, reach, start.shape)).waits)
        except ValueError:  # two unlearned ones equally near: between two orders
            continue
    assert len(found) > tries / 2
    return np.min(found, axis=0) - reach, np.max(found, axis=0) + reach


def lies_between(found, low, high, limit):
    """Waits beyond the limit are all the same, as the flow ends there."""
    found, low, high = (np.minimum(np.asarray(values), limit) for values in (found, low, high))
    return bool(((low <= found) & (found <= np.maximum(high, 0))).all())


@pytest.mark.parametrize("seed", range(12))
def test_the_flow_waits_as_long_as_a_skeleton_whose_start_is_moved_by_a_few_logits(seed):
    rng = np.random.default_rng(seed)
    K = int(rng.integers(2, 7))
    G, start = random_gram(rng, K), -40.0 * rng.uniform(0.6, 1.4, K)
    low, high = within_reach(lambda x: plateaus.skeleton(x, G), start, rng)
    assert lies_between(log_waits(start[None], G)[0], low, high, limit=500.0)


@pytest.mark.parametrize("K", [2, 3, 4, 5])
def test_log_waits_differ_from_the_flow_by_a_constant_while_both_grow(K):
    G, shape = equal_cosines(K, 0.7 / (2 * K - 3)), -np.linspace(1, 1.5, K)
    scales = np.array([20.0, 40.0, 60.0])
    flow = log_waits(scales[:, None] * shape, G)
    path = np.array([plateaus.skeleton(L * shape, G).waits for L in scales])
    difference = np.abs(flow - path)
    assert path[-1, -1] > 150 and difference[-1].max() < 6
    np.testing.assert_allclose(difference[2], difference[1], atol=0.02)


def test_every_wait_of_equal_cosines_has_the_exponent_of_the_law():
    for K, share in itertools.product(range(2, 9), (0.2, 0.7, 0.95)):
        r = share / (2 * K - 3)
        path = plateaus.skeleton(-1 - 1e-7 * np.arange(K), equal_cosines(K, r))
        law = [plateaus.wait_exponent(-r, m) for m in range(K)]
        np.testing.assert_allclose(path.waits, law, rtol=1e-5)  # the start differs by up to 7e-7 from equal
        np.testing.assert_allclose(path.gaps, law, rtol=1e-5)
        assert path.order == tuple(range(K))


def test_beyond_the_last_finite_exponent_nobody_arrives_and_the_path_says_who_waits():
    for K, m in ((3, 2), (4, 3), (5, 3), (8, 5)):
        r = 1.02 / (2 * m - 1)
        path = plateaus.skeleton(-1 - 1e-3 * np.arange(K), equal_cosines(K, r))
        assert path.order == tuple(range(m)) and np.isinf(path.waits[m:]).all() and np.isinf(path.gaps[m:]).all()
        assert len(path.logits) == len(path.log_times)


@given(st.permutations(range(5)), st.floats(0.1, 50.0), st.floats(1e-3, 1e3))
def test_the_path_does_not_depend_on_names_and_grows_with_its_start(order, scale, length):
    rng = np.random.default_rng(5)
    G, start = random_gram(rng, 5), -10 * rng.uniform(0.6, 1.4, 5)
    here, order = plateaus.skeleton(start, G), np.array(order)
    there = plateaus.skeleton(scale * start[order], length * G[np.ix_(order, order)])
    np.testing.assert_allclose(there.waits, scale * here.waits[order], rtol=1e-6)
    np.testing.assert_allclose(there.gaps, scale * here.gaps[order], rtol=1e-6)
    assert tuple(order[list(there.order)]) == here.order


def test_along_the_path_time_does_not_run_back_and_each_one_crosses_its_border_once():
    G = equal_cosines(5, 0.1)
    path = plateaus.skeleton(-np.linspace(10, 14, 5), G)
    assert (np.diff(path.log_times) >= 0).all() and (np.diff(path.waits[list(path.order)]) >= 0).all()
    np.testing.assert_array_equal((np.diff(path.logits > -1e-9, axis=0) != 0).sum(axis=0), 1)


def test_those_that_are_learned_already_come_first_and_have_waited_for_nothing():
    path = plateaus.skeleton([5.0, -8.0, 3.0], equal_cosines(3, 0.1))
    assert path.order == (0, 2, 1) and path.waits[0] == path.waits[2] == path.gaps[0] == 0.0
    assert (plateaus.skeleton([5.0, 3.0], equal_cosines(2, 0.1)).log_times == [3.0]).all()


def test_a_positive_cosine_lifts_the_one_that_waits():
    """From -10, -14 at cosine 1/2: the second is at -9 when the first is there, and they meet at 6."""
    path = plateaus.skeleton([-10.0, -14.0], [[1, 0.5], [0.5, 1]])
    np.testing.assert_allclose(path.waits, [10.0, 10.0])
    np.testing.assert_allclose(path.gaps, [10.0, 6.0])
    assert plateaus.traps([[1, 0.5], [0.5, 1]]) == []


def test_a_longer_feature_is_pushed_back_to_its_border_with_the_one_that_rises():
    """The first one's push moves the second faster than itself; both go down together, and then up."""
    path = plateaus.skeleton([-10.0, 4.0], [[1, -1.5], [-1.5, 4]])
    assert path.order == (1, 0) and np.isfinite(path.waits).all()
    assert np.abs(path.logits[-1]).max() < 1e-9


def test_a_path_without_end_is_stopped(monkeypatch):
    monkeypatch.setattr("raylab.plateaus.walks._MOST_CORNERS", 4)
    with pytest.raises(ValueError, match="expected a path of few corners"):
        plateaus.skeleton([-10.0, -11.0, -12.0], equal_cosines(3, 0.1))


def test_starts_on_the_border_have_no_wait():
    path = plateaus.skeleton([0.0, -5.0], equal_cosines(2, 0.5))
    assert path.order == (0, 1) and path.waits[0] == 0.0


# traps


@pytest.mark.parametrize("seed", range(8))
def test_a_trap_keeps_what_begins_deep_inside_and_nothing_else_does(seed):
    """Learned sets at height 30, the rest at -60, for every set: the flow stays where `traps` says so."""
    rng = np.random.default_rng(seed)
    G = random_gram(rng, 3)
    trapped = plateaus.traps(G)
    for size in (1, 2):
        for chosen in itertools.combinations(range(3), size):
            start = np.where(np.isin(np.arange(3), chosen), 30.0, -60.0) + np.array([0, 0.5, 1])
            waits = log_waits(start[None], G)[0]
            stays = np.isinf(np.delete(waits, chosen))
            assert bool(stays.all()) == (chosen in trapped)


def test_equal_cosines_have_traps_between_two_bounds():
    for K in range(3, 7):
        for r in np.linspace(0.01, 0.99, 25) / (K - 1):
            sizes = sorted({len(found) for found in plateaus.traps(equal_cosines(K, r))})
            assert sizes == [m for m in range(1, K) if (2 * m - 1) * r > 1]


def test_what_is_far_ahead_of_the_others_does_not_count_in_the_margin():
    """The third feature is the sum of the first two: it is served by their margin, and pushes nobody."""
    v = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [2.0, 2.0, 0.0], [-1.2, -1.2, 0.5]])
    assert (0, 1, 2) in plateaus.traps(v @ v.T) and (0, 1) not in plateaus.traps(
        np.delete(v, 3, 0) @ np.delete(v, 3, 0).T
    )


# the softmax bandit


def low(K, n, p, ratios=None):
    """Logits (n, K) with J_k = p x ratio and equal wrong actions."""
    J = p * (np.linspace(1, 0.5, K) if ratios is None else ratios)
    z = np.zeros((n, K))
    z[np.arange(K), np.arange(K)] = np.log(J) - np.log1p(-J) + np.log(n - 1)
    return z


def climbed(z, level=0.5, rtol=1e-9):
    """First times (K,) at which the bandit's components are at the level."""
    learner = SoftmaxBandit(z.shape[1], z.shape[0])
    run = dynamics.climb(learner, learner.parameters(z, np.zeros(len(z))), level=level, rtol=rtol)
    ends = np.argmax(run.components >= level, axis=0)
    return np.array(
        [np.interp(level, J[: i + 1], run.times[: i + 1]) for J, i in zip(run.components.T, ends, strict=True)]
    )


def test_two_contexts_and_two_actions_are_two_components_of_cosine_minus_one_half():
    for start in ([-10.0, -12.0], [-10.0, 3.0], [-3.0, -20.0]):
        z = np.array([[start[0], 0.0], [0.0, start[1]]])
        one, other = plateaus.bandit_skeleton(z), plateaus.skeleton(start, [[4, -2], [-2, 4]])
        np.testing.assert_allclose(one.waits, other.waits)
        np.testing.assert_allclose(one.logits, other.logits)


def test_wrong_actions_that_have_become_equal_are_pushed_down_together():
    """Right 0, wrong 10 and 8: where the strongest leads by 6 it has lost its lead over the other, and both go on."""
    path = plateaus.bandit_skeleton([[0.0], [10.0], [8.0]])
    np.testing.assert_allclose(path.logits[:, 0], [-10.0, -6.0, 0.0])
    assert path.waits == [10.0]


@pytest.mark.parametrize("seed", range(6))
def test_the_bandit_waits_as_long_as_a_skeleton_whose_start_is_moved_by_a_few_logits(seed):
    rng = np.random.default_rng(seed)
    K = int(rng.integers(2, 5))
    z = 30 * rng.uniform(0, 1, (int(rng.integers(K, 6)), K))
    bounds = within_reach(plateaus.bandit_skeleton, z, rng)
    found = np.log(np.maximum(climbed(z), 1.0))  # 1 for those that are learned already
    assert lies_between(found, *bounds, limit=500.0)


@pytest.mark.parametrize("K", [3, 4])
def test_from_low_starts_the_gaps_of_the_bandit_have_the_exponents_of_its_skeleton(K):
    chances = np.array([1e-8, 1e-10, 1e-12])
    waits = np.array([climbed(low(K, K + 1, p), rtol=1e-11) for p in chances])
    powers = np.diff(np.log(np.diff(waits, axis=1, prepend=0.0)), axis=0) / np.log(100)
    paths = [plateaus.bandit_skeleton(low(K, K + 1, p)).gaps for p in chances[:2]]
    law = (paths[1] - paths[0]) / np.log(100)
    errors = np.abs(powers - law)
    assert errors[1].max() < 0.02 and (errors[1] <= np.maximum(errors[0], 1e-4)).all()  # and falling


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: plateaus.skeleton([-3.0, -3.0], np.eye(2)), ValueError, r"unequal starts, found components \[0, 1\]"),
        (lambda: plateaus.skeleton([-3.0, -4.0], np.eye(3)), ValueError, "for 2 logits"),
        (lambda: plateaus.skeleton([-3.0, -4.0], [[1, 0.5], [0.4, 1]]), ValueError, "symmetric"),
        (lambda: plateaus.skeleton([-3.0, -4, -5], equal_cosines(3, 0.6)), ValueError, "at least -1 / "),
        (lambda: plateaus.skeleton([-3.0, -4.0], [[1, 0], [0, 0.0]]), ValueError, "norms squared within"),
        (
            lambda: plateaus.skeleton([3.0, 3, -5], [[1, -1, 0], [-1, 1, 0], [0, 0, 1.0]]),
            ValueError,
            r"serves all at once, found none for the learned components \[0, 1\]",
        ),
        (lambda: plateaus.bandit_skeleton(np.zeros((2, 3))), ValueError, "at least as many actions as contexts"),
        (lambda: plateaus.bandit_skeleton(low(3, 3, 1e-6, np.ones(3))), ValueError, "equally near"),
        (lambda: plateaus.traps([[1.0, 2], [2, 1]]), ValueError, "smallest eigenvalue"),
    ],
)
def test_bad_input_is_told_what_was_expected(call, error, words):
    with pytest.raises(error, match=words):
        call()
