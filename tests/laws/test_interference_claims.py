"""S4, S35, S46, N8: when two components pull against each other, and through which parameters. Chapter 02."""

import itertools

import numpy as np
import pytest
import sympy as sp
from oracles import performances, policy, reduced, slopes
from trial import trial

from raylab import interference
from raylab.systems.bandit import Bandit, SoftmaxBandit

SIZES = [(K, n) for K in range(2, 6) for n in range(K, 8)]


def cosine_of_rows(G):
    return G[0] @ G[1] / np.sqrt((G[0] @ G[0]) * (G[1] @ G[1]))


# S46: definition 1


@pytest.mark.ledger("S46")
@trial(
    correct=cosine_of_rows,
    slips={
        "without the lengths": lambda G: G[0] @ G[1],
        "with one length only": lambda G: G[0] @ G[1] / (G[0] @ G[0]),
    },
)
def test_interference_is_this_function_of_two_gradients_and_stays_between_minus_one_and_one(claim):
    rng = np.random.default_rng(1)
    for _ in range(100):
        G = rng.normal(size=(2, 5)) * np.exp(rng.normal(scale=3, size=(2, 1)))
        for rows in (G, G[[0, 0]] * [[1.0], [-7.0]]):
            assert abs(claim(rows)) <= 1 + 1e-12
            assert np.isclose(interference.cosine(rows)[0, 1], claim(rows), atol=1e-12)


@pytest.mark.ledger("S46")
@trial(correct=1, slips={"the other way round": -1})
def test_a_small_step_on_one_component_moves_the_other_by_this_sign_times_the_cosine(claim):
    rng = np.random.default_rng(2)
    signs = []
    for theta in rng.normal(scale=2, size=(200, 9)):
        G = slopes(lambda t: performances(t, 2, 3), theta)
        cosine = cosine_of_rows(G)
        if abs(cosine) < 1e-3:  # too close to zero for the sign of a finite step
            continue
        moved = performances(theta + 1e-6 * G[0] / np.linalg.norm(G[0]), 2, 3)[1] - performances(theta, 2, 3)[1]
        assert np.sign(moved) == claim * np.sign(cosine)
        signs.append(np.sign(cosine))
    assert set(signs) == {-1.0, 1.0}  # both kinds were met


# S4: the 2 x 2 bandit


@pytest.mark.ledger("S4")
@trial(
    correct=((1, 0, 1), (0, 1, -1)),
    slips={"one sign of the bias for both": ((1, 0, 1), (0, 1, 1)), "no bias": ((1, 0, 0), (0, 1, 0))},
)
def test_the_gradients_are_the_slopes_times_these_vectors(claim):
    theta = sp.Matrix(sp.symbols("t1:4", real=True))
    for k, x in enumerate((theta[0] + theta[2], theta[1] - theta[2])):
        J = 1 / (1 + sp.exp(-x))
        gradient = sp.Matrix([J]).jacobian(theta)
        assert all(sp.simplify(g - J * (1 - J) * v) == 0 for g, v in zip(gradient, claim[k], strict=True))


@pytest.mark.ledger("S4")
@trial(correct=-0.5, slips={"positive transfer": 0.5, "orthogonal": 0.0, "one shared number of two": -(0.5**0.5)})
def test_the_cosine_is_this_number_at_every_point(claim):
    theta = np.random.default_rng(3).normal(scale=3, size=(300, 3))
    by_differences = [cosine_of_rows(slopes(reduced, t)) for t in theta]
    # central differences of values near 1 lose digits where a gradient is small: 1e-4 covers slopes down to 1e-6
    np.testing.assert_allclose(by_differences, claim, atol=1e-4)
    np.testing.assert_allclose(interference.cosine(Bandit().gradients(theta))[:, 0, 1], claim, atol=1e-12)


@pytest.mark.ledger("S4")
@trial(correct=(0.0, 1.0), slips={"half each": (0.5, 0.5), "all in the weights": (1.0, 0.0)})
def test_weights_and_bias_carry_these_shares_of_the_inner_product(claim):
    learner = SoftmaxBandit(2, 2)
    for theta in np.random.default_rng(4).normal(size=(20, 6)):
        G = slopes(lambda t: performances(t, 2, 2), theta)
        whole = G[0] @ G[1]
        np.testing.assert_allclose([G[0, :4] @ G[1, :4] / whole, G[0, 4:] @ G[1, 4:] / whole], claim, atol=1e-6)
        blocks = interference.inner_by_block(learner.gradients(theta), learner.slices)
        np.testing.assert_allclose([blocks[name][0, 1] / whole for name in ("W", "b")], claim, atol=1e-6)


# S35: spurious actions


@pytest.mark.ledger("S35")
@trial(
    correct=lambda pi_k, pi_l: pi_k @ pi_l,
    slips={
        "they compete": lambda pi_k, pi_l: -(pi_k @ pi_l),
        "their shares add": lambda pi_k, pi_l: pi_k.sum() + pi_l.sum(),
    },
)
def test_spurious_biases_add_this_much_per_unit_of_both_performances(claim):
    rng = np.random.default_rng(5)
    for K, n in ((2, 3), (2, 6), (3, 5), (4, 8)):
        for theta in rng.normal(size=(20, n * K + n)):
            G = slopes(lambda t, K=K, n=n: performances(t, K, n), theta)
            pi = policy(theta[: n * K].reshape(n, K), theta[n * K :])
            for k, j in itertools.combinations(range(K), 2):
                spurious = G[k, n * K + K :] @ G[j, n * K + K :]  # biases of the actions after the K-th
                assert spurious > 0
                assert np.isclose(spurious, pi[k, k] * pi[j, j] * claim(pi[K:, k], pi[K:, j]), rtol=1e-6)


@pytest.mark.ledger("S35")
@trial(correct=3, slips={"already with two actions": 2, "only from four on": 4})
def test_the_cosine_depends_on_the_policy_from_this_many_actions_on(claim):
    rng = np.random.default_rng(6)
    for n in range(2, claim + 1):
        learner = SoftmaxBandit(2, n)
        met = interference.cosine(learner.gradients(rng.normal(size=(200, 3 * n))))[:, 0, 1]
        assert (np.ptp(met) > 0.1) == (n >= claim)


# N8: K contexts, n actions, symbolically and by brute force


def symbolic_parts():
    """Inner product and norms squared by the logits, J_k J_l and J_k^2 left out, for any n.

    p, q: right probabilities in contexts k and l, whose wrong actions are equally likely. Of the n actions
    one is right in k, one in l, and n - 2 in neither.
    """
    n, p, q = sp.symbols("n p q", positive=True)
    u, v = (1 - p) / (n - 1), (1 - q) / (n - 1)
    inner = (1 - p) * (-v) + (-u) * (1 - q) + (n - 2) * u * v
    own = [(1 - p) ** 2 + (n - 1) * u**2, (1 - q) ** 2 + (n - 1) * v**2]
    return n, p, q, inner, own


@pytest.mark.ledger("N8")
@trial(
    correct=lambda n: -1 / (2 * (n - 1)),
    slips={"by all actions": lambda n: -1 / (2 * n), "without the weights' share": lambda n: -1 / (n - 1)},
)
def test_with_equally_likely_wrong_actions_the_cosine_is_this_function_of_n_alone(claim):
    n, p, q, inner, own = symbolic_parts()
    # The weights double the norms and add nothing to the inner product: contexts share none of them.
    squared = sp.simplify(inner**2 / (4 * own[0] * own[1]) - claim(n) ** 2)
    assert squared == 0
    # inner < 0: its only factors are (1 - p)(1 - q) > 0 and a function of n
    sign = sp.simplify(inner / ((1 - p) * (1 - q)))
    assert all(sp.sign(sign.subs(n, m)) == sp.sign(claim(sp.Integer(m))) for m in range(2, 9))


@pytest.mark.ledger("N8")
@trial(
    correct=lambda K, n: -1 / (2 * (n - 1)),
    slips={"by all actions": lambda K, n: -1 / (2 * n), "by contexts": lambda K, n: -1 / (2 * (K - 1) + 1)},
)
def test_at_the_uniform_policy_every_pair_has_this_cosine(claim):
    for K, n in SIZES:
        G = slopes(lambda t, K=K, n=n: performances(t, K, n), np.zeros(n * K + n))
        by_package = interference.cosine(SoftmaxBandit(K, n).gradients(np.zeros(n * K + n)))
        for k, j in itertools.combinations(range(K), 2):
            assert np.isclose(cosine_of_rows(G[[k, j]]), claim(K, n), atol=1e-6)
            assert np.isclose(by_package[k, j], claim(K, n), atol=1e-12)


@pytest.mark.ledger("N8")
@trial(
    correct=lambda n: -1 / (2 * (n - 1)),
    slips={"by all actions": lambda n: -1 / (2 * n)},
)
def test_two_unequally_good_contexts_have_the_cosine_of_the_uniform_policy(claim):
    rng = np.random.default_rng(7)
    for n in (2, 3, 5, 9):
        learner = SoftmaxBandit(2, n)
        W = np.zeros((n, 2))
        W[0, 0], W[1, 1] = rng.normal(scale=3, size=2)
        by_package = interference.cosine(learner.gradients(learner.parameters(W, np.zeros(n))))
        assert np.isclose(by_package[0, 1], claim(n), atol=1e-12)


@pytest.mark.ledger("N8")
@trial(
    correct=lambda K, n: (2 * n - K - 1) / n**3,
    slips={
        "half the clock": lambda K, n: (2 * n - K - 1) / (2 * n**3),
        "one competitor too many": lambda K, n: (2 * n - K - 2) / n**3,
    },
)
def test_at_the_uniform_policy_every_component_rises_at_this_rate(claim):
    n, p, q, inner, own = symbolic_parts()
    K, uniform = sp.Symbol("K", positive=True), {p: 1 / n, q: 1 / n}
    rate = (2 * own[0] + (K - 1) * inner).subs(uniform) / n**2  # J_k J_l = 1 / n^2
    assert sp.simplify(rate - claim(K, n)) == 0
    for contexts, actions in SIZES:
        assert claim(contexts, actions) > 0
        theta = np.zeros(actions * contexts + actions)
        G = SoftmaxBandit(contexts, actions).gradients(theta)
        rates = interference.rates(G, G.sum(axis=0))
        np.testing.assert_allclose(rates, claim(contexts, actions), rtol=1e-12)


@pytest.mark.ledger("N8")
@trial(
    correct=lambda c: c / (2 * (1 + c)),
    slips={"no transfer": lambda c: 0 * c, "without the weights' share": lambda c: c / (1 + c)},
)
def test_dominant_spurious_actions_turn_the_cosine_into_this_function_of_their_squared_shares(claim):
    # The right actions fade: inner product and norms keep c and 1 + c, the weights double the norms.
    faded, c = sp.symbols("faded c", positive=True)
    shares_left = (1 - 2 * faded) ** 2 * c  # two right actions of probability `faded` in either context
    inner = -2 * faded * (1 - faded) + shares_left
    own = (1 - faded) ** 2 + faded**2 + shares_left
    assert sp.simplify(sp.limit(inner / (2 * own), faded, 0) - claim(c)) == 0
    for shares in ([1.0], [0.5, 0.5], [0.6, 0.3, 0.1], [0.25] * 4):
        n = 2 + len(shares)
        b = np.append([-20.0, -20.0], np.log(shares))  # right actions of probability about 2e-9
        learner = SoftmaxBandit(2, n)
        met = interference.cosine(learner.gradients(learner.parameters(np.zeros((n, 2)), b)))[0, 1]
        assert np.isclose(met, claim(np.square(shares).sum()), atol=1e-7)


@pytest.mark.ledger("N8")
@trial(correct=lambda S: 1 / (2 * (S + 1)), slips={"one fewer": lambda S: 1 / (2 * S)})
def test_equally_likely_spurious_actions_leave_this_much_transfer(claim):
    for S in range(1, 9):
        learner = SoftmaxBandit(2, 2 + S)
        b = np.append([-20.0, -20.0], np.zeros(S))
        met = interference.cosine(learner.gradients(learner.parameters(np.zeros((2 + S, 2)), b)))[0, 1]
        assert np.isclose(met, claim(S), atol=1e-7)
