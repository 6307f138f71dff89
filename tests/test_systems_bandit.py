"""The bandit against other ways to say the same thing."""

import numpy as np
import pytest
from scipy.special import log_softmax

from raylab.interference import cosine
from raylab.systems.bandit import SEPARATE, SHARED_BIAS, Bandit, Mixed, SoftmaxBandit, on_policy, supervised
from raylab.systems.separate import Separate


def textbook_gradient(W, b):
    """grad J_k by the sum over actions: sum_a r(k, a) pi(a|k) grad log pi(a|k), entry by entry."""
    n, K = W.shape
    pi = np.exp(log_softmax(W + b[:, None], axis=0))
    rows = np.zeros((K, n * K + n))
    for k in range(K):
        for a in range(n):
            by_logit = np.array([float(c == a) - pi[c, k] for c in range(n)])
            reward = 1.0 if a == k else 0.0
            for c in range(n):
                rows[k, c * K + k] += reward * pi[a, k] * by_logit[c]
                rows[k, n * K + c] += reward * pi[a, k] * by_logit[c]
    return rows


@pytest.mark.parametrize(("K", "n"), [(1, 2), (2, 2), (2, 5), (4, 6)])
def test_gradients_are_the_textbook_sum_over_actions(K, n):
    rng = np.random.default_rng(K * 10 + n)
    W, b = rng.normal(size=(n, K)) * 2, rng.normal(size=n)
    bandit = SoftmaxBandit(K, n)
    np.testing.assert_allclose(bandit.gradients(bandit.parameters(W, b)), textbook_gradient(W, b), atol=1e-15)


def test_the_policy_of_a_context_is_a_column_and_sums_to_one():
    bandit = SoftmaxBandit(3, 5)
    p = np.random.default_rng(0).normal(size=(7, 20)) * 100
    assert bandit.policy(p).shape == (7, 5, 3)
    np.testing.assert_allclose(bandit.policy(p).sum(axis=-2), 1, rtol=1e-14)


def test_logits_of_a_thousand_do_no_harm():
    bandit = SoftmaxBandit(2, 3)
    W = np.array([[1000.0, -1000.0], [-1000.0, 1000.0], [0.0, 999.0]])
    J = bandit.components(bandit.parameters(W, np.zeros(3)))
    np.testing.assert_allclose(J, [1.0, 1 / (1 + np.exp(-1.0))], rtol=1e-14)


def test_two_actions_reduce_to_the_sigmoid_of_the_reduced_parameters():
    rng = np.random.default_rng(2)
    W, b = rng.normal(size=(50, 2, 2)), rng.normal(size=(50, 2))
    theta = np.stack([W[:, 0, 0] - W[:, 1, 0], W[:, 1, 1] - W[:, 0, 1], b[:, 0] - b[:, 1]], axis=-1)
    full = SoftmaxBandit(2, 2)
    np.testing.assert_allclose(full.components(full.parameters(W, b)), Bandit().components(theta), rtol=1e-13)


def test_digits_survive_where_a_component_rounds_to_one():
    """At logit 40, J rounds to 1, but its slope is e^-40 and not 0; mpmath is the oracle."""
    import mpmath

    theta = np.array([20.0, -20.0, 20.0])  # logits 40 and -40
    with mpmath.workdps(60):
        slope = float(mpmath.e**-40 / (1 + mpmath.e**-40) ** 2)
    lengths = np.linalg.norm(Bandit().gradients(theta), axis=-1)
    np.testing.assert_allclose(lengths, [slope * 2**0.5] * 2, rtol=1e-14)
    wide = SoftmaxBandit(2, 2)
    p = wide.parameters(np.array([[40.0, 0.0], [0.0, -40.0]]), np.zeros(2))
    np.testing.assert_allclose(np.linalg.norm(wide.gradients(p), axis=-1), [slope * 2] * 2, rtol=1e-13)


def test_only_the_shared_bias_interferes():
    rng = np.random.default_rng(5)
    p = rng.normal(size=(30, 12))
    np.testing.assert_allclose(
        cosine(SoftmaxBandit(3, 4, shared_bias=False).gradients(p)), [np.eye(3)] * 30, atol=1e-15
    )
    apart = Separate(SoftmaxBandit(3, 4), 3)
    np.testing.assert_allclose(cosine(apart.gradients(rng.normal(size=(30, 48)))), [np.eye(3)] * 30, atol=1e-15)
    np.testing.assert_allclose(cosine(Bandit(features=SEPARATE).gradients(p[:, :4]))[:, 0, 1], 0, atol=1e-15)
    np.testing.assert_allclose(cosine(Bandit(features=SHARED_BIAS).gradients(p[:, :3]))[:, 0, 1], -0.5, rtol=1e-13)


def test_separate_copies_of_equal_parameters_score_like_the_shared_learner():
    shared = SoftmaxBandit(2, 3)
    p = np.random.default_rng(1).normal(size=(6, 9))
    apart = Separate(shared, 2)
    np.testing.assert_allclose(apart.components(np.concatenate([p, p], axis=-1)), shared.components(p), rtol=1e-15)


@pytest.mark.parametrize(("share", "n"), [(0.0, 3), (0.1, 2), (0.1, 5), (0.6, 3), (1.0, 4)])
def test_a_mix_is_the_textbook_update_for_samples_of_a_mixed_behaviour(share, n):
    """sum_a mu(a|k) r(k, a) grad log pi(a|k) with mu = (1 - share) pi + share / n and no importance weights."""
    K, rng = 2, np.random.default_rng(n)
    W, b = rng.normal(size=(n, K)), rng.normal(size=n)
    bandit = SoftmaxBandit(K, n, coupling=Mixed(share, n))
    pi = bandit.policy(bandit.parameters(W, b))
    behaviour = (1 - share) * pi + share / n
    wanted = textbook_gradient(W, b) / np.diag(pi)[:, None] * np.diag(behaviour)[:, None]
    np.testing.assert_allclose(bandit.updates(bandit.parameters(W, b)), wanted, atol=1e-15)


def test_the_ends_of_a_mix_are_the_two_couplings():
    u = np.linspace(0, 1, 21)
    np.testing.assert_allclose(Mixed(0.0)(u), on_policy(u), atol=1e-16)
    np.testing.assert_allclose(4 * Mixed(1.0, 4)(u), supervised(u), atol=1e-15)
    assert Mixed(0.1)(0.0) == pytest.approx(0.05) and Mixed(0.1, 10)(0.0) == pytest.approx(0.01)


def test_a_mix_is_a_record_that_can_be_sent_and_compared():
    import pickle

    one = Mixed(0.1, 3)
    assert pickle.loads(pickle.dumps(one)) == one != Mixed(0.1) and repr(one) == "Mixed(share=0.1, actions=3)"
    for wrong in ({"share": 1.1}, {"share": -0.1}, {"share": 0.5, "actions": 1}):
        with pytest.raises(ValueError, match=r"share|actions"):
            Mixed(**wrong)


def test_slices_tile_the_parameters():
    assert SoftmaxBandit(2, 3).slices == {"W": slice(0, 6), "b": slice(6, 9)}
    assert SoftmaxBandit(2, 3, shared_bias=False).slices == {"W": slice(0, 6)}


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: SoftmaxBandit(4, 3), "at most as many contexts as actions"),
        (lambda: SoftmaxBandit(0, 3), "contexts: expected at least 1, found 0"),
        (lambda: SoftmaxBandit(2, 2).components(np.zeros(5)), "expected 6 on the last axis"),
        (lambda: SoftmaxBandit(2, 2).parameters(np.zeros((2, 2))), "expected a bias"),
        (lambda: Bandit(features=np.zeros((2, 3))), "row of zeros"),
        (lambda: Separate(Bandit(), 2).components(np.zeros(7)), "multiple of 2"),
    ],
)
def test_bad_input_is_told_what_was_expected(make, words):
    with pytest.raises(ValueError, match=words):
        make()
