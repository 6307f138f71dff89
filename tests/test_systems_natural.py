"""The natural gradient against its definition, and far away from where the definition can be computed."""

import mpmath
import numpy as np
import pytest
from scipy.special import log_softmax

from raylab import dynamics, interference, plateaus
from raylab.systems.bandit import SEPARATE, SHARED_BIAS, TABULAR, Bandit, SoftmaxBandit, supervised
from raylab.systems.natural import Natural, fisher
from raylab.systems.separate import Separate

DEPENDENT = np.random.default_rng(1).normal(size=(5, 4))
CASES = {
    "shared bias": (Bandit(), 3),
    "tabular": (Bandit(features=TABULAR), 2),
    "separate": (Bandit(features=SEPARATE), 4),
    "three independent": (Bandit(features=np.random.default_rng(2).normal(size=(3, 3))), 3),
    "softmax 2 x 2": (SoftmaxBandit(2, 2), 6),
    "softmax 3 x 5": (SoftmaxBandit(3, 5), 20),
    "softmax without bias": (SoftmaxBandit(3, 4, shared_bias=False), 12),
}
ALL = CASES | {"five contexts, four parameters": (Bandit(features=DEPENDENT), 4)}


def textbook_fisher(learner, theta, h=1e-5):
    """sum_k sum_a pi(a|k) grad log pi(a|k) grad log pi(a|k)^T, with gradients by central differences."""

    def logs(theta):
        if isinstance(learner, Bandit):
            x = learner.features @ theta
            return np.stack([-np.logaddexp(0, -x), -np.logaddexp(0, x)])
        n, K = learner.actions, learner.contexts
        return log_softmax(theta[: n * K].reshape(n, K) + (theta[n * K :, None] if learner.shared_bias else 0), axis=0)

    scores = np.stack([(logs(theta + h * e) - logs(theta - h * e)) / (2 * h) for e in np.eye(len(theta))], axis=-1)
    return np.einsum("ak,aki,akj->ij", np.exp(logs(theta)), scores, scores)


@pytest.fixture(params=ALL)
def case(request):
    learner, d = ALL[request.param]
    return learner, np.random.default_rng(3).normal(size=(5, d))


def test_the_fisher_matrix_is_the_mean_of_score_times_score(case):
    learner, points = case
    np.testing.assert_allclose(fisher(learner, points), [textbook_fisher(learner, p) for p in points], atol=1e-9)


def test_updates_are_the_pseudo_inverse_of_the_fisher_matrix_times_the_gradients(case):
    learner, points = case
    inverse = np.linalg.pinv(fisher(learner, points), rcond=1e-12, hermitian=True)
    by_definition = np.einsum("nij,nkj->nki", inverse, learner.gradients(points))
    np.testing.assert_allclose(Natural(learner).updates(points), by_definition, atol=1e-12)


@pytest.mark.parametrize("name", CASES)
def test_a_step_for_one_component_leaves_the_others_where_they_are(name):
    learner, d = CASES[name]
    points = np.random.default_rng(4).normal(size=(6, d)) * 2
    G, U, J = learner.gradients(points), Natural(learner).updates(points), learner.components(points)
    np.testing.assert_allclose(G @ np.swapaxes(U, -1, -2), (J * (1 - J))[..., None] * np.eye(J.shape[-1]), atol=1e-14)


def test_updates_do_not_depend_on_how_the_policy_is_parametrised():
    """Any invertible change of coordinates of theta gives the same motion of the policy."""
    rng = np.random.default_rng(5)
    M = rng.normal(size=(4, 4))
    plain, turned = Bandit(features=DEPENDENT), Bandit(features=DEPENDENT @ M)
    theta = rng.normal(size=(7, 4))
    moved = [
        np.einsum("ij,nkj->nki", x.features, Natural(x).updates(p))
        for x, p in ((plain, theta), (turned, theta @ np.linalg.inv(M).T))
    ]
    np.testing.assert_allclose(moved[0], moved[1], atol=1e-11)
    ordinary = [
        np.einsum("ij,nkj->nki", x.features, x.updates(p))
        for x, p in ((plain, theta), (turned, theta @ np.linalg.inv(M).T))
    ]
    assert np.abs(ordinary[0] - ordinary[1]).max() > 0.1  # the plain gradient does depend on it


@pytest.mark.parametrize("small", [1e-3, 1e-12, 1e-200])
def test_the_smallest_probabilities_do_no_harm(small):
    """From J2 = `small` both logits rise at rate one: the wait is the distance in logits, and no digit is lost."""
    x = np.array([np.log(0.1 / 0.9), np.log(small) - np.log1p(-small)])
    start = np.linalg.pinv(SHARED_BIAS) @ x
    wait = np.log(9) - x[1]
    run = dynamics.flow(Natural(Bandit()), start, np.linspace(0, wait, 50))
    np.testing.assert_allclose(run.parameters[-1] @ SHARED_BIAS.T, x + wait, rtol=1e-12)
    assert plateaus.waiting_time(run, 0.9 - 1e-12) == pytest.approx(wait, rel=1e-10)


@pytest.mark.parametrize("scale", [1.0, 30.0, 300.0])
def test_dependent_features_keep_their_digits_where_weights_differ_by_hundreds_of_orders(scale):
    """The weighted least squares problem in 600 digits; a pseudo-inverse of F in floats loses the light rows."""
    theta = scale * np.random.default_rng(6).normal(size=4)
    with mpmath.workdps(600):
        V = mpmath.matrix(DEPENDENT.tolist())
        x = V * mpmath.matrix(theta.tolist())
        a = [1 / ((1 + mpmath.exp(-t)) * (1 + mpmath.exp(t))) for t in x]
        F = V.T * mpmath.diag(a) * V
        exact = np.array([[float(u) for u in mpmath.lu_solve(F, a[k] * V[k, :].T)] for k in range(5)])
    np.testing.assert_allclose(Natural(Bandit(features=DEPENDENT)).updates(theta), exact, atol=1e-13)
    if scale > 1:
        F = fisher(Bandit(features=DEPENDENT), theta)
        plain = (np.linalg.pinv(F) @ Bandit(features=DEPENDENT).gradients(theta).T).T
        assert np.abs(plain - exact).max() > 0.1


def test_a_sample_pays_for_the_short_wait_with_its_size():
    """Rewarded with probability J_k, and then 1 / J_k times as far as the exact update."""
    theta = np.tile([-3.0, -1.0, 0.5], (20_000, 1))
    learner = Natural(Bandit())
    rows, exact = learner.sample(theta, np.random.default_rng(0)), learner.updates(theta[0])
    J = learner.components(theta[0])
    for k in range(2):
        drawn = rows[:, k].any(axis=-1)
        assert abs(drawn.mean() - J[k]) < 5 * np.sqrt(J[k] / len(theta))
        np.testing.assert_allclose(rows[drawn, k], np.tile(exact[k] / J[k], (drawn.sum(), 1)), rtol=1e-12)


def test_gradients_still_interfere_and_updates_do_not():
    theta = np.array([-1.0, -2.0, 0.5])
    learner = Natural(Bandit())
    assert interference.cosine(learner.gradients(theta))[0, 1] == pytest.approx(-0.5)
    assert abs(learner.gradients(theta)[0] @ learner.updates(theta)[1]) < 1e-15


@pytest.mark.parametrize(
    ("learner", "error", "words"),
    [
        (Separate(Bandit(), 2), TypeError, "expected a Bandit or a SoftmaxBandit"),
        (Bandit(coupling=supervised), ValueError, "draws its own samples"),
        (None, TypeError, "found a value of type NoneType"),
    ],
)
def test_what_has_no_policy_of_its_own_is_refused(learner, error, words):
    with pytest.raises(error, match=words):
        Natural(learner)


def test_it_can_be_compared_and_be_a_key():
    one = SoftmaxBandit(2, 3)
    assert Natural(one) == Natural(SoftmaxBandit(2, 3)) and {Natural(one): 1}[Natural(one)] == 1
    assert Natural(Bandit()) != Natural(Bandit())
    assert repr(Natural(one)).startswith("Natural(learner=SoftmaxBandit(contexts=2, actions=3")
