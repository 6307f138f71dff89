"""What every learner of the package keeps, whoever it is."""

import numpy as np
import pytest

from raylab.systems.bandit import SEPARATE, SHARED_BIAS, TABULAR, Bandit, Mixed, SoftmaxBandit, on_policy, supervised
from raylab.systems.controls import Baseline, EntropyBonus
from raylab.systems.deep_linear import DeepLinear
from raylab.systems.factored import Factored, equal_cosines, log_odds, power, through
from raylab.systems.factored import features as with_products
from raylab.systems.factored import on_policy as rewards
from raylab.systems.natural import Natural
from raylab.systems.separate import Separate


def half_and_half(J):
    """A coupling that is neither of the two named ones."""
    return (1 - J) * (0.5 * J + 0.25)


TARGET = np.array([[2.0, 0.5, -1.0], [0.0, 1.5, 1.0]])
WITHIN = np.array([[1.0, 0.3, 0.0], [0.3, 0.5, 0.2], [0.0, 0.2, 2.0]])  # E[x x^T] of inputs that are not white

LEARNERS = {
    "shared bias": (Bandit(), 3),
    "tabular": (Bandit(features=TABULAR), 2),
    "separate, reduced": (Bandit(features=SEPARATE), 4),
    "supervised": (Bandit(coupling=supervised), 3),
    "mixed": (Bandit(coupling=half_and_half), 3),
    "five contexts": (Bandit(features=np.random.default_rng(1).normal(size=(5, 4))), 4),
    "softmax 2 x 2": (SoftmaxBandit(2, 2), 6),
    "softmax 3 x 5": (SoftmaxBandit(3, 5), 20),
    "softmax without bias": (SoftmaxBandit(3, 4, shared_bias=False), 12),
    "softmax supervised": (SoftmaxBandit(2, 4, coupling=supervised), 12),
    "softmax mixed": (SoftmaxBandit(2, 3, coupling=half_and_half), 9),
    "one context": (SoftmaxBandit(1, 3), 6),
    "separate networks": (Separate(SoftmaxBandit(2, 3), 2), 18),
    "separate, supervised": (Separate(Bandit(coupling=supervised), 2), 6),
    "a tenth uniform": (SoftmaxBandit(2, 3, coupling=Mixed(0.1, 3)), 9),
    "natural": (Natural(Bandit()), 3),
    "natural, dependent features": (Natural(Bandit(features=np.random.default_rng(1).normal(size=(5, 4)))), 4),
    "natural, softmax": (Natural(SoftmaxBandit(3, 5)), 20),
    "entropy bonus": (EntropyBonus(Bandit()), 3),
    "entropy bonus, softmax": (EntropyBonus(SoftmaxBandit(3, 4), 0.3), 16),
    "baseline": (Baseline(Bandit()), 3),
    "baseline, softmax": (Baseline(SoftmaxBandit(2, 4)), 12),
    "factored": (Factored(with_products(equal_cosines(2, -0.5))), 2),
    "factored, three goals": (Factored(with_products(equal_cosines(3, -0.3)), power(2.0)), 3),
    "factored, a shape each": (
        Factored(
            np.random.default_rng(2).normal(size=(3, 4)),
            [rewards, power(1.5), through([0.0, 0.3, 0.8], [0.0, 0.1, 0.2])],
        ),
        4,
    ),
    "factored, features that turn": (Factored(log_odds(2, 4), [rewards, power(2.0)]), 12),
    "separate, factored": (Separate(Factored(log_odds(2, 3)), 2), 18),
    "separate, natural": (Separate(Natural(SoftmaxBandit(2, 3)), 2), 18),
    "deep linear": (DeepLinear(TARGET, (3,)), 15),
    "deep linear, one layer": (DeepLinear(TARGET, (), WITHIN), 6),
    "deep linear, three layers, outputs": (DeepLinear(TARGET, (3, 2), split="outputs"), 19),
    "deep linear, inputs not white": (DeepLinear(TARGET, (2,), WITHIN), 10),
    "separate, deep linear": (Separate(DeepLinear(TARGET, (3,)), 3), 45),
}
# Learners that are laws of motion only: nothing is drawn, so nothing can be sampled.
EXACT = {name for name in LEARNERS if "factored" in name or "deep linear" in name}
# Learners whose updates are no f(J_k) grad J_k: they turn the direction as well.
TURNING = {name for name in LEARNERS if "natural" in name} | {"entropy bonus, softmax"}


@pytest.fixture(params=LEARNERS)
def case(request):
    learner, d = LEARNERS[request.param]
    return learner, np.random.default_rng(7).normal(scale=1.5, size=(4, d))


def test_shapes_and_a_batch_equals_its_loop(case):
    learner, points = case
    K = learner.components(points[0]).shape[0]
    for method, shape in (("components", (K,)), ("gradients", (K, points.shape[1])), ("updates", (K, points.shape[1]))):
        f = getattr(learner, method)
        assert f(points).shape == (4, *shape) and f(points.reshape(2, 2, -1)).shape == (2, 2, *shape)
        np.testing.assert_allclose(f(points), [f(p) for p in points], rtol=1e-13, atol=1e-300)


def tops_of(learner):
    """The largest value of each component where a learner names it; None where these are chances."""
    return getattr(learner.learner if isinstance(learner, Separate) else learner, "tops", None)


def test_components_keep_their_bounds_however_far_out(case):
    learner, points = case
    for scale in (1.0, 30.0, 1000.0, 1e6):
        J = learner.components(scale * points)
        if (tops := tops_of(learner)) is None:
            assert (J >= 0).all() and (J <= 1).all()
        else:  # in units of a loss, which has no upper bound: J_k has its top, and no lower bound
            assert (tops * (1 + 1e-12) >= J).all()
        assert np.isfinite(learner.gradients(scale * points)).all()
        assert np.isfinite(learner.updates(scale * points)).all()


def test_gradients_are_the_finite_differences_of_the_components(case):
    learner, points = case
    h = 1e-5

    def central(step):
        pushed = [
            learner.components(points + step * e) - learner.components(points - step * e)
            for e in np.eye(points.shape[1])
        ]
        return np.stack(pushed, axis=-1) / (2 * step)

    # Richardson: the error falls from h^2 to h^4, so that rounding is all that remains.
    differences = (4 * central(h) - central(2 * h)) / 3
    np.testing.assert_allclose(learner.gradients(points), differences, atol=1e-10)
    assert np.abs(differences).max() > 1e-3  # there was something to compare


@pytest.mark.parametrize("case", sorted(LEARNERS.keys() - TURNING), indirect=True)
def test_updates_point_where_the_gradients_point(case):
    learner, points = case
    G, U = learner.gradients(points), learner.updates(points)
    along = (G * U).sum(-1)
    np.testing.assert_allclose(along, np.linalg.norm(G, axis=-1) * np.linalg.norm(U, axis=-1), rtol=1e-12)
    assert (along > 0).all()


@pytest.mark.parametrize("case", sorted(LEARNERS.keys() - EXACT), indirect=True)
def test_sample_is_unbiased(case):
    """Every entry of the mean lies within 5.5 standard errors: by chance alone this fails once in 10^5 cases."""
    learner, points = case
    N, rng = 40_000, np.random.default_rng(11)
    draws = learner.sample(np.broadcast_to(points[0], (N, points.shape[1])), rng)
    error = np.abs(draws.mean(axis=0) - learner.updates(points[0]))
    assert (error <= 5.5 * draws.std(axis=0) / np.sqrt(N) + 1e-12).all()


@pytest.mark.parametrize("case", sorted(LEARNERS.keys() - EXACT), indirect=True)
def test_a_sample_depends_on_the_generator_alone(case):
    learner, points = case
    one, two = (learner.sample(points, np.random.default_rng(3)) for _ in range(2))
    assert np.array_equal(one, two)


@pytest.mark.parametrize("learner", [Bandit(), SoftmaxBandit(3, 4)])
def test_on_policy_updates_are_the_gradients(learner):
    d = 3 if isinstance(learner, Bandit) else 16
    points = np.random.default_rng(0).normal(size=(10, d)) * 5
    np.testing.assert_allclose(learner.updates(points), learner.gradients(points), rtol=1e-12)


def test_a_coupling_that_rewards_more_than_always_is_refused():
    with pytest.raises(ValueError, match=r"0 <= f\(J\) <= 1 - J"):
        Bandit(coupling=lambda J: 2 * (1 - J)).updates(np.zeros(3))
    with pytest.raises(ValueError, match=r"0 <= f\(J\)"):
        SoftmaxBandit(2, 2, coupling=lambda J: -J).updates(np.zeros(6))


@pytest.mark.parametrize("copies", [1, 3])
def test_separate_wants_a_copy_for_each_component(copies):
    learner, theta = Separate(Bandit(), copies), np.zeros(3 * copies)
    for method in (learner.components, learner.gradients, learner.updates):
        with pytest.raises(ValueError, match=r"the learner's 2 components, found \d; write Separate\(learner, 2\)"):
            method(theta)
    with pytest.raises(ValueError, match="2 components"):
        learner.sample(theta, np.random.default_rng(0))


def test_a_learner_can_be_compared_and_be_a_key():
    one = Bandit()
    assert one == one and one != Bandit() and {one: 1}[one] == 1 and hash(Separate(one, 2)) == hash(Separate(one, 2))


def test_the_named_features_cannot_be_overwritten():
    for features in (SHARED_BIAS, TABULAR, SEPARATE, Bandit().features):
        with pytest.raises(ValueError, match="read-only"):
            features[0, 0] = 5


def test_the_two_couplings_are_the_two_columns_of_figure_6():
    u = np.linspace(0, 1, 11)
    np.testing.assert_allclose(supervised(u) * u, on_policy(u), rtol=1e-15)
    assert on_policy(0.0) == 0 and supervised(0.0) == 1
