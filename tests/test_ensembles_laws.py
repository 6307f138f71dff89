"""Where runs begin: each law against what its name says."""

import numpy as np
import pytest
from scipy import stats

from raylab import ensembles


def components(logits):
    weights = np.exp(logits - logits.max(axis=1, keepdims=True))
    pi = weights / weights.sum(axis=1, keepdims=True)
    return np.diagonal(pi, axis1=1, axis2=2), pi


@pytest.mark.parametrize("law", ["simplex", "angle", "equal"])
@pytest.mark.parametrize(("K", "n", "J0"), [(2, 2, None), (3, 5, 0.4), (4, 4, 2.6), (8, 8, None)])
def test_the_components_sum_to_the_performance_and_wrong_actions_are_equal(law, K, n, J0):
    J, pi = components(ensembles.starts(law, 200, K, n, performance=J0, seed=1))
    np.testing.assert_allclose(J.sum(axis=1), K / 10 if J0 is None else J0, rtol=1e-12)
    assert (J > 0).all() and (J < 1).all()
    for k in range(K):
        wrong = np.delete(pi[:, :, k], k, axis=1)
        np.testing.assert_allclose(wrong, np.repeat((1 - J[:, [k]]) / (n - 1), n - 1, axis=1), rtol=1e-12)


def test_on_the_simplex_each_component_has_the_law_of_a_uniform_point():
    J, _ = components(ensembles.starts("simplex", 5000, 2, seed=2))
    assert stats.kstest(J[:, 0] / 0.2, "uniform").pvalue > 1e-3
    J, _ = components(ensembles.starts("simplex", 5000, 3, 3, performance=0.9, seed=2))
    assert stats.kstest(J[:, 1] / 0.9, lambda x: 1 - (1 - x) ** 2).pvalue > 1e-3
    for J0, low in ((1.5, 0.5), (0.7, 0.0)):  # of the line J_1 + J_2 = J0, what lies inside the square
        J, _ = components(ensembles.starts("simplex", 5000, 2, performance=J0, seed=3))
        assert stats.kstest((J[:, 0] - low) / (J0 - 2 * low), "uniform").pvalue > 1e-3


def test_a_corner_cut_off_by_the_cube_is_cut_off_and_nothing_else():
    J, _ = components(ensembles.starts("simplex", 20_000, 3, 3, performance=1.4, seed=4))
    grid = np.random.default_rng(0).dirichlet(np.ones(3), 200_000) * 1.4  # whole triangle, then its part in the cube
    inside = grid[(grid < 1).all(axis=1)]
    assert stats.ks_2samp(J[:, 0], inside[:, 0]).pvalue > 1e-3
    assert stats.ks_2samp(J.max(axis=1), inside.max(axis=1)).pvalue > 1e-3
    assert stats.ks_2samp(J[:, 0], grid[:, 0]).pvalue < 1e-3


def test_the_angle_is_uniform_and_the_simplex_is_another_law():
    J, _ = components(ensembles.starts("angle", 5000, seed=5))
    angle = np.arctan2(J[:, 1], J[:, 0]) / (np.pi / 2)
    assert stats.kstest(angle, "uniform").pvalue > 1e-3
    J, _ = components(ensembles.starts("simplex", 5000, seed=5))
    assert stats.kstest(np.arctan2(J[:, 1], J[:, 0]) / (np.pi / 2), "uniform").pvalue < 1e-6


def test_gaussian_logits_are_sums_of_a_weight_and_a_common_bias():
    logits = ensembles.starts("gauss", 50_000, 2, 3, scale=0.7, seed=6)
    assert logits.shape == (50_000, 3, 2)
    assert abs(logits.std() / (0.7 * np.sqrt(2)) - 1) < 0.01
    flat = logits.reshape(-1, 6)
    together = np.corrcoef(flat.T)
    expected = np.eye(6) + 0.5 * (np.kron(np.eye(3), np.ones((2, 2))) - np.eye(6))  # the bias of an action is shared
    np.testing.assert_allclose(together, expected, atol=0.02)


@pytest.mark.parametrize(("K", "n", "J0"), [(2, 2, None), (3, 3, 1.0), (8, 8, None)])
def test_rejection_keeps_gaussian_starts_within_five_percent(K, n, J0):
    kept = ensembles.starts("reject", 500, K, n, performance=J0, seed=7)
    J0 = K / 10 if J0 is None else J0
    J, _ = components(kept)
    assert (np.abs(J.sum(axis=1) - J0) < 0.05 * J0).all() and np.ptp(J.sum(axis=1)) > 0.08 * J0
    drawn = ensembles.starts("gauss", 200_000 if K < 8 else 20_000, K, n, seed=8)
    J, _ = components(drawn)
    same = drawn[np.abs(J.sum(axis=1) - J0) < 0.05 * J0]
    assert len(same) > 200 and stats.ks_2samp(kept[:, 0, 0], same[:, 0, 0]).pvalue > 1e-3


@pytest.mark.parametrize("law", ensembles.LAWS)
def test_a_seed_gives_the_same_starts_and_a_longer_list_begins_like_a_shorter_one(law):
    one, two = (ensembles.starts(law, runs, 3, 4, seed=9) for runs in (30, 3000))
    assert one.shape == (30, 4, 3) and np.array_equal(one, two[:30])
    if law != "equal":
        assert not np.array_equal(one, ensembles.starts(law, 30, 3, 4, seed=10))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"law": "cube"}, "law: expected one of simplex, angle, gauss, reject, equal"),
        ({"law": "gauss", "performance": 0.2}, "performance: expected None for the law 'gauss'"),
        ({"performance": 2.0}, "performance: expected J between 0 and K"),
        ({"law": "equal", "performance": 5e-324}, "performance: expected J between 0 and K"),  # half of it is 0
        ({"contexts": 3}, "contexts: expected at most as many contexts as actions"),
        ({"law": "reject", "scale": 0.0}, "expected one that the law can meet, found 0 of"),
        ({"runs": 10**7, "contexts": 40, "actions": 40, "performance": 20.0}, "expected one that the law can meet"),
    ],
)
def test_bad_input_is_told_what_was_expected(arguments, words):
    with pytest.raises(ValueError, match=words):
        ensembles.starts(**({"law": "simplex", "runs": 5} | arguments))
