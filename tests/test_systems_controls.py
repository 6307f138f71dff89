"""Entropy bonus and baseline against the textbook, and what they leave as it was."""

import numpy as np
import pytest
from scipy.special import entr

from raylab import dynamics
from raylab.systems.bandit import Bandit, SoftmaxBandit, supervised
from raylab.systems.controls import Baseline, EntropyBonus
from raylab.systems.separate import Separate

CASES = {
    "bandit": (Bandit(), 3),
    "four contexts": (Bandit(features=np.random.default_rng(2).normal(size=(4, 3))), 3),
    "softmax": (SoftmaxBandit(3, 4), 16),
    "softmax without bias": (SoftmaxBandit(2, 3, shared_bias=False), 6),
}


@pytest.fixture(params=CASES)
def case(request):
    learner, d = CASES[request.param]
    return learner, np.random.default_rng(3).normal(size=(5, d))


def entropies(learner, theta):
    """H_k in nats, (..., K)."""
    if isinstance(learner, Bandit):
        J = learner.components(theta)
        return entr(J) + entr(1 - J)
    return entr(learner.policy(theta)).sum(axis=-2)


@pytest.mark.parametrize("weight", [0.0, 0.1, 2.0])
def test_the_bonus_is_the_gradient_of_the_entropy(case, weight):
    learner, points = case
    h = 1e-5
    slopes = np.stack(
        [(entropies(learner, points + h * e) - entropies(learner, points - h * e)) / (2 * h) for e in
         np.eye(points.shape[-1])], axis=-1,
    )  # fmt: skip
    wanted = learner.gradients(points) + weight * slopes
    np.testing.assert_allclose(EntropyBonus(learner, weight).updates(points), wanted, atol=1e-9)


def test_the_bonus_of_the_bandit_is_a_coupling():
    """f(J) = J (1 - J) (1 - weight logit J): 0 at J = 0 as before, and 0 again at logit J = 1 / weight."""
    x = np.linspace(-30, 30, 61)
    learner = EntropyBonus(Bandit(features=[[1.0]]), 0.1)
    J = 1 / (1 + np.exp(-x))
    slope = np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x))) ** 2
    np.testing.assert_allclose(learner.updates(x[:, None])[:, 0, 0], slope * (1 - 0.1 * x), rtol=1e-13, atol=1e-19)
    assert learner.updates(np.array([10.0]))[0, 0] == pytest.approx(0, abs=1e-19)
    assert J[0] < 1e-12  # far down the bonus still fades with J


def test_the_entropy_of_a_nearly_certain_policy_keeps_its_digits():
    """pi log pi of a probability of e^-60 would vanish beside 1; mpmath is the oracle."""
    import mpmath

    learner = EntropyBonus(SoftmaxBandit(1, 2), 1.0)
    theta = learner.learner.parameters(np.array([[60.0], [0.0]]), np.zeros(2))
    with mpmath.workdps(80):
        slope = float(mpmath.exp(-60) / (1 + mpmath.exp(-60)) ** 2)
    np.testing.assert_allclose(learner.updates(theta)[0], np.array([1, -1, 1, -1]) * slope * (1 - 60.0), rtol=1e-13)


def test_above_0_455_the_bonus_keeps_the_goal_out_of_reach():
    times = np.geomspace(1e-2, 1e4, 50)
    at = {w: dynamics.flow(EntropyBonus(Bandit(), w), np.zeros(3), times).components[-1] for w in (0.45, 0.46)}
    assert (at[0.45] > 0.9).all() and (at[0.46] < 0.9).all()
    assert at[0.46] == pytest.approx(1 / (1 + np.exp(-1 / 0.46)), rel=1e-9)


def test_a_baseline_leaves_the_exact_update_alone(case):
    learner, points = case
    assert np.array_equal(Baseline(learner).updates(points), learner.updates(points))


def test_with_a_baseline_every_draw_moves_along_reward_minus_chance_times_score(case):
    """Enumerate the actions: each draw is one of n rows, with the textbook's value."""
    learner, points = case
    theta = points[0]
    n = 2 if isinstance(learner, Bandit) else learner.actions
    draws = Baseline(learner).sample(np.tile(theta, (3000, 1)), np.random.default_rng(1))
    plain = learner.sample(np.tile(theta, (3000, 1)), np.random.default_rng(1))
    J, scores = learner.components(theta), learner.gradients(theta) / learner.components(theta)[:, None]
    for k in range(len(J)):
        rewarded = plain[:, k].any(axis=-1)
        np.testing.assert_allclose(draws[rewarded, k], np.tile((1 - J[k]) * scores[k], (rewarded.sum(), 1)), atol=1e-14)
        others = np.unique(draws[~rewarded, k].round(12), axis=0)
        assert len(others) == n - 1 and np.abs(others).max(axis=-1).min() > 0  # who fails moves too
        if n == 2:  # away from the wrong action is towards the right one
            np.testing.assert_allclose(others[0], J[k] ** 2 / (1 - J[k]) * scores[k], atol=1e-11)


def test_the_baseline_makes_draws_less_noisy_and_rewards_no_more_often():
    """Two actions: the variance of a draw's length falls from a (1-J)^2 to a (1-2J)^2 for a slope a = J (1-J)."""
    one = Bandit(features=[[1.0]])
    for x in (-3.0, 0.0, 2.0):
        theta = np.full((100_000, 1), x)
        J = one.components(theta[0])[0]
        for learner, factor in ((one, 1 - J), (Baseline(one), 1 - 2 * J)):
            drawn = learner.sample(theta, np.random.default_rng(2))[:, 0, 0]
            assert drawn.var() == pytest.approx(J * (1 - J) * factor**2, rel=0.05, abs=1e-12)


@pytest.mark.parametrize("make", [EntropyBonus, Baseline])
def test_what_has_no_policy_of_its_own_is_refused(make):
    with pytest.raises(TypeError, match="expected a Bandit or a SoftmaxBandit"):
        make(Separate(Bandit(), 2))
    with pytest.raises(ValueError, match="draws its own samples"):
        make(SoftmaxBandit(2, 2, coupling=supervised))


def test_they_can_be_compared_and_be_keys():
    one = SoftmaxBandit(2, 3)
    assert EntropyBonus(one, 0.2) == EntropyBonus(SoftmaxBandit(2, 3), 0.2) != EntropyBonus(one, 0.3)
    assert {Baseline(one): 1}[Baseline(one)] == 1
