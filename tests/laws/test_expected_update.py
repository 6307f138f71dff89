"""S1, S2, S3: what one rewarded sample teaches, and which numbers the policy has. Chapter 01."""

import numpy as np
import pytest
import sympy as sp
from oracles import logistic, performances, policy, reduced, slopes
from trial import trial

from raylab.systems.bandit import Bandit, SoftmaxBandit

DRAWS = 200_000


@pytest.mark.ledger("S1")
@trial(
    correct=lambda pi, x: sp.diff(pi, x),
    slips={"the score alone": lambda pi, x: sp.diff(sp.log(pi), x)},
)
def test_reward_times_score_averages_to_the_gradient_of_the_right_actions_probability(claim):
    for n in (2, 3, 4):
        logits = sp.symbols(f"l1:{n + 1}", real=True)
        pi = [sp.exp(x) / sum(map(sp.exp, logits)) for x in logits]
        right = n - 1
        for x in logits:
            expected = sum(pi[a] * int(a == right) * sp.diff(sp.log(pi[a]), x) for a in range(n))
            assert sp.simplify(expected - claim(pi[right], x)) == 0


@pytest.mark.ledger("S1")
@trial(
    correct=lambda theta: slopes(lambda t: performances(t, 2, 3), theta),
    slips={
        "the supervised direction": lambda theta: slopes(lambda t: np.log(performances(t, 2, 3)), theta),
        "half of it": lambda theta: slopes(lambda t: performances(t, 2, 3), theta) / 2,
    },
)
def test_the_mean_of_sampled_updates_is_the_gradient_within_five_standard_errors(claim):
    # Power: at this seed each slip is more than 50 standard errors away in its largest entry.
    rng = np.random.default_rng(1)
    theta = rng.normal(size=9)
    pi = policy(theta[:6].reshape(3, 2), theta[6:])
    for k in range(2):
        drawn = rng.choice(3, size=DRAWS, p=pi[:, k])
        score = slopes(lambda t, k=k: np.log(performances(t, 2, 3)[[k]]), theta)[0]
        updates = (drawn == k)[:, None] * score
        error = updates.std(axis=0) / np.sqrt(DRAWS)
        assert np.all(np.abs(updates.mean(axis=0) - claim(theta)[k]) <= 5 * error + 1e-9)


@pytest.mark.ledger("S1")
def test_the_package_samples_the_same_update_and_its_mean_is_the_same_gradient():
    rng = np.random.default_rng(2)
    learner, theta = SoftmaxBandit(2, 3), rng.normal(size=9)
    updates = learner.sample(np.broadcast_to(theta, (DRAWS, 9)), rng)
    error = updates.std(axis=0) / np.sqrt(DRAWS)
    gradient = slopes(lambda t: performances(t, 2, 3), theta)
    assert np.all(np.abs(updates.mean(axis=0) - gradient) <= 5 * error + 1e-9)
    np.testing.assert_allclose(learner.gradients(theta), gradient, atol=1e-9)


@pytest.mark.ledger("S1")
@trial(correct=1.0, slips={"the mean over contexts": 1 / 3})
def test_performance_is_this_multiple_of_the_sum_of_the_right_actions_probabilities(claim):
    rng = np.random.default_rng(3)
    W, b = rng.normal(size=(4, 3)), rng.normal(size=4)
    pi = policy(W, b)
    expected_reward = sum(pi[a, k] * int(a == k) for a in range(4) for k in range(3))
    theta = np.append(W.ravel(), b)
    assert np.isclose(expected_reward, claim * SoftmaxBandit(3, 4).components(theta).sum(), rtol=1e-12)


@pytest.mark.ledger("S2")
@trial(
    correct=lambda n, K, k: {(a, k) for a in range(n)},
    printed=lambda n, K, k: {(k, j) for j in range(K)},
)
def test_a_context_reads_these_entries_of_W_and_no_others(claim):
    for n, K in ((3, 2), (2, 2), (5, 3)):
        W = sp.Matrix(n, K, lambda a, k: sp.Symbol(f"W_{a}_{k}"))
        for k in range(K):
            logits = W * sp.Matrix([int(j == k) for j in range(K)])
            read = {(a, j) for a in range(n) for j in range(K) if logits.has(W[a, j])}
            assert read == claim(n, K, k)


@pytest.mark.ledger("S2")
@trial(
    correct=lambda n, K, k: {(a, k) for a in range(n)},
    printed=lambda n, K, k: {(k, j) for j in range(K)},
)
def test_a_component_has_its_gradient_in_these_entries_of_W(claim):
    n, K = 4, 3
    rows = SoftmaxBandit(K, n).gradients(np.random.default_rng(4).normal(size=n * K + n))
    for k in range(K):
        moved = np.argwhere(rows[k, : n * K].reshape(n, K) != 0)
        assert {tuple(entry) for entry in moved.tolist()} == claim(n, K, k)


def correct_coordinates(W, b):
    return np.array([W[0, 0] - W[1, 0], W[1, 1] - W[0, 1], b[0] - b[1]])


def printed_coordinates(W, b):
    return np.array([W[0, 0] - W[0, 1], W[1, 0] - W[1, 1], b[0] - b[1]])


@pytest.mark.ledger("S3")
@trial(correct=correct_coordinates, printed=printed_coordinates)
def test_three_numbers_give_the_policy_of_W_and_b(claim):
    rng = np.random.default_rng(5)
    for _ in range(50):
        W, b = rng.normal(size=(2, 2)), rng.normal(size=2)
        np.testing.assert_allclose(reduced(claim(W, b)), np.diag(policy(W, b)), rtol=1e-12)


@pytest.mark.ledger("S3")
@trial(
    correct=lambda W, b: np.array([W[0, 0] - W[0, 1], W[1, 1] - W[1, 0], b[0] - b[1]]),
    printed=printed_coordinates,
)
def test_even_with_contexts_as_rows_of_W_the_second_number_needs_the_other_sign(claim):
    rng = np.random.default_rng(6)
    for _ in range(50):
        W, b = rng.normal(size=(2, 2)), rng.normal(size=2)
        J = [logistic(W[k, k] - W[k, 1 - k] + b[k] - b[1 - k]) for k in range(2)]
        np.testing.assert_allclose(reduced(claim(W, b)), J, rtol=1e-12)


@pytest.mark.ledger("S3")
@trial(correct=2, slips={"the same clock": 1, "four times": 4})
def test_full_parameters_follow_the_reduced_curve_this_many_times_as_fast(claim):
    # theta = A (W, b), so theta' = A A^T grad J in reduced parameters: one curve if A A^T is a multiple of 1.
    entries = sp.symbols("W11 W12 W21 W22 b1 b2", real=True)
    W, b = sp.Matrix(2, 2, entries[:4]), sp.Matrix(entries[4:])
    theta = sp.Matrix([W[0, 0] - W[1, 0], W[1, 1] - W[0, 1], b[0] - b[1]])
    A = theta.jacobian(sp.Matrix(entries))
    assert claim * sp.eye(3) == A * A.T


@pytest.mark.ledger("S3")
@trial(correct=2.0, slips={"the same clock": 1.0, "four times": 4.0})
def test_both_parametrisations_of_the_package_differ_by_this_clock_at_every_policy(claim):
    rng = np.random.default_rng(7)
    W, b = rng.normal(size=(100, 2, 2)), rng.normal(size=(100, 2))
    theta = np.stack([correct_coordinates(*pair) for pair in zip(W, b, strict=True)])

    def speeds(rows):
        return np.einsum("...kd,...d->...k", rows, rows.sum(axis=-2))

    full = SoftmaxBandit(2, 2)
    np.testing.assert_allclose(
        speeds(full.gradients(full.parameters(W, b))), claim * speeds(Bandit().gradients(theta)), rtol=1e-10
    )
