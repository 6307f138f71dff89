"""Deep linear networks in numbers: the loss and its parts, flows against exact laws, starts."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from raylab import dynamics, interference
from raylab.systems.bandit import Bandit
from raylab.systems.deep_linear import (
    DeepLinear,
    balanced,
    balanced_random,
    half_time,
    lazy,
    mode,
    orthogonal,
    small,
    solution,
)

WIDTHS = [(), (6,), (6, 5), (5, 7, 4)]


def rng(seed=0):
    return np.random.default_rng(seed)


def turned(n, seed):
    return np.linalg.qr(rng(seed).normal(size=(n, n)))[0]


def with_strengths(s, outs=4, ins=5):
    """A target with these singular values in directions of its own."""
    return turned(outs, 1)[:, : len(s)] @ np.diag(s) @ turned(ins, 2)[:, : len(s)].T


def data(number=50, ins=5, outs=4):
    """Inputs that are not white, and targets that no linear map meets: (number, in), (number, out)."""
    X = rng(3).normal(size=(number, ins)) @ rng(4).normal(size=(ins, ins))
    return X, X @ rng(5).normal(size=(ins, outs)) + rng(6).normal(size=(number, outs))


def moments(X, Y):
    return Y.T @ X / len(X), X.T @ X / len(X)


LEARNERS = [
    DeepLinear(target, widths, covariance, split)
    for widths in WIDTHS
    for target, covariance in ((with_strengths([3.0, 2.0, 1.0]), None), moments(*data()))
    for split in ("modes", "outputs")
]


@pytest.mark.parametrize("learner", LEARNERS)
def test_the_components_add_up_to_the_loss_and_none_exceeds_its_top(learner):
    theta = rng().normal(size=(6, 2, learner.size))
    J = learner.components(theta)
    np.testing.assert_allclose(J.sum(axis=-1), learner.tops.sum() - learner.loss(theta), rtol=1e-10)
    assert (learner.tops * (1 + 1e-12) >= J).all()
    assert not learner.components(np.zeros(learner.size)).any()


@pytest.mark.parametrize("widths", WIDTHS)
def test_the_loss_is_half_the_mean_squared_error_above_that_of_least_squares(widths):
    X, Y = data()
    learner = DeepLinear(moments(X, Y)[0], widths, moments(X, Y)[1])
    best = Y - X @ np.linalg.lstsq(X, Y, rcond=None)[0]
    for theta in rng().normal(size=(5, learner.size)):
        errors = Y - X @ learner.product(theta).T
        above = ((errors**2).sum() - (best**2).sum()) / (2 * len(X))
        assert learner.loss(theta) == pytest.approx(above, rel=1e-9)


@pytest.mark.parametrize("learner", LEARNERS)
def test_the_updates_add_up_to_descent_on_the_loss(learner):
    theta, h = rng().normal(size=learner.size), 1e-5
    moves = np.eye(learner.size) * h
    downhill = -(learner.loss(theta + moves) - learner.loss(theta - moves)) / (2 * h)
    found = learner.updates(theta).sum(axis=0)
    np.testing.assert_allclose(found, downhill, atol=1e-8 * np.abs(found).max())


@pytest.mark.parametrize("learner", LEARNERS)
def test_layers_and_parameters_are_inverse_and_slices_say_where_they_stand(learner):
    theta = rng().normal(size=(2, 3, learner.size))
    layers = learner.layers(theta)
    assert [W.shape[-2:] for W in layers] == list(learner.shapes) and len(layers) == learner.depth
    np.testing.assert_array_equal(learner.parameters(layers), theta)
    for W, block in zip(layers, learner.slices.values(), strict=True):
        np.testing.assert_array_equal(W.reshape(2, 3, -1), theta[..., block])


@pytest.mark.parametrize("learner", LEARNERS)
def test_the_differences_of_neighbouring_layers_stay_along_the_flow(learner):
    start = small(learner, 0.5, rng())
    run = dynamics.flow(learner, start, np.linspace(0, 2, 5), rtol=1e-11)
    for kept in learner.invariants(run.parameters):
        np.testing.assert_allclose(kept, np.broadcast_to(kept[0], kept.shape), atol=1e-8)
        assert np.abs(kept[0]).max() > 0.1


def along(learner):
    """A time in which every mode arrives, and balanced starts of unequal strengths."""
    starts = np.geomspace(0.03, 0.01, len(learner.singular))
    root = np.sqrt(learner.variances)
    last = max(half_time(learner.singular / root, starts / root, learner.depth) / learner.variances)
    return np.linspace(0, 2.5 * last, 40), starts


@pytest.mark.parametrize("widths", WIDTHS)
def test_from_a_balanced_start_the_flow_is_the_exact_law(widths):
    learner = DeepLinear(with_strengths([3.0, 2.0, 1.0]), widths)
    times, starts = along(learner)
    run = dynamics.flow(learner, balanced(learner, starts), times, rtol=1e-13, atol=1e-16)
    np.testing.assert_allclose(learner.strengths(run.parameters), solution(learner, times, starts), atol=1e-8)
    assert np.abs(run.components[:, -1]).max() < 1e-16  # J_cross
    assert (run.components[-1, :-1] > 0.9 * learner.tops[:-1]).all()


def coloured(widths, variances=(0.3, 2.0, 1.0)):
    """Inputs of other variances along the very modes of the target: white modes s = (3, 2, 1)."""
    V = turned(5, 2)
    covariance = V @ np.diag([*variances, 0.7, 1.5]) @ V.T
    return DeepLinear(with_strengths([3.0, 2.0, 1.0] * np.sqrt(variances)), widths, covariance)


@pytest.mark.parametrize("widths", WIDTHS)
def test_inputs_that_are_not_white_but_share_the_axes_change_the_clock_of_each_mode(widths):
    learner = coloured(widths)
    np.testing.assert_allclose(learner.singular, [3, 2, 1], rtol=1e-12)
    np.testing.assert_allclose(learner.variances, [0.3, 2, 1], rtol=1e-12)
    assert learner.decoupled
    times, starts = along(learner)
    run = dynamics.flow(learner, balanced(learner, starts), times, rtol=1e-13, atol=1e-16)
    np.testing.assert_allclose(learner.strengths(run.parameters), solution(learner, times, starts), atol=1e-8)


def test_the_order_is_that_of_the_singular_values_of_the_correlation():
    """Neither that of the gains s^2 / 2 nor that of the best map's: here 3, 2, 1 and 5.48, 1.41, 1."""
    learner = coloured((5,))
    root = np.sqrt(learner.variances)
    assert np.argmax(learner.singular) == 0 == np.argmax(learner.singular / root)
    halves = half_time(learner.singular / root, 1e-6) / learner.variances
    np.testing.assert_array_equal(np.argsort(halves), np.argsort(-learner.singular * root))
    assert np.argmin(halves) == 1


def test_inputs_with_other_axes_couple_the_modes_whatever_the_depth():
    X, Y = data()
    for widths in ((), (6,), (6, 5)):
        learner = DeepLinear(*(moments(X, Y)[0], widths, moments(X, Y)[1]))
        assert not learner.decoupled
        start = balanced(learner, 0.01)
        np.testing.assert_allclose(learner.strengths(start), 0.01, rtol=1e-12)
        for invariant in learner.invariants(start):
            assert np.abs(invariant).max() < 1e-15
        cross = dynamics.flow(learner, start, np.linspace(0, 1, 20)).components[:, -1]
        assert cross.min() < -1e-2 * learner.tops.sum()
        with pytest.raises(ValueError, match="learner: expected inputs that leave the modes decoupled"):
            solution(learner, np.linspace(0, 1, 3), 0.01)


def test_sorted_singular_values_swap_labels_where_strengths_cross_and_projections_do_not():
    learner = DeepLinear(with_strengths([3.0, 1.0]), (5,))
    times, starts = np.linspace(0, 6, 61), np.array([1e-4, 0.1])  # the weaker is ahead, and is overtaken
    path = dynamics.flow(learner, balanced(learner, starts), times).parameters
    exactly = solution(learner, times, starts)
    np.testing.assert_allclose(learner.strengths(path), exactly, atol=1e-6)
    ranked = np.linalg.svd(learner.product(path), compute_uv=False)[:, :2]
    np.testing.assert_allclose(ranked, -np.sort(-exactly, axis=-1), atol=1e-6)
    assert np.abs(ranked - exactly).max() > 0.09


# The exact law


def test_the_reference_of_the_ledger():
    np.testing.assert_allclose(mode([1.0, 2.0], 3.0, 1e-3), [0.35571248, 2.9457207], rtol=1e-8)
    np.testing.assert_allclose(mode([7.0, 14.0], 3.0, 1e-3, tau=7.0), [0.35571248, 2.9457207], rtol=1e-8)


@pytest.mark.parametrize("depth", [1, 2, 3, 4, 5, 10, 50])
@pytest.mark.parametrize("start", [1e-3, 0.5, 2.9, 3.0, 7.0])
def test_a_mode_solves_its_equation_at_any_depth(depth, start):
    def rate(_, u):
        return depth * u ** (2 - 2 / depth) * (3 - u) / 1.5

    steps = solve_ivp(rate, (0, 9), [start], "DOP853", rtol=1e-13, atol=1e-15)
    np.testing.assert_allclose(mode(steps.t, 3.0, start, depth, 1.5), steps.y[0], atol=1e-9)


@pytest.mark.parametrize("depth", [1, 2, 3, 4, 10, 200])
def test_the_half_time_is_when_the_mode_is_half_way(depth):
    s, u0 = np.array([0.5, 1.0, 3.0]), np.array([[1e-12], [1e-3], [0.2]])
    halves = half_time(s, u0, depth, tau=2.0)
    # a time that is right to its last digit is off by eps T, and u by u' times that
    speed = depth * (s / 2) ** (2 - 2 / depth) * (s / 2) / 2.0
    off = np.abs(mode(halves, s, u0, depth, 2.0) - s / 2)
    assert (off <= 1e-13 + 8 * np.finfo(float).eps * halves * speed).all()


@pytest.mark.parametrize("depth", [1, 2, 3, 30])
def test_no_time_and_no_start_is_too_far(depth):
    assert mode(1e300, 3.0, 1e-3, depth) == pytest.approx(3.0)
    assert mode(0.0, 3.0, 1e-40, depth) == pytest.approx(1e-40, rel=1e-12)
    assert mode(1e300, 3.0, 1e40, depth) == pytest.approx(3.0)
    assert mode(1e300, 3.0, 0.0, depth) == (3.0 if depth == 1 else 0.0)
    assert mode(np.zeros((4, 1)), [1.0, 2.0, 3.0], 0.1, depth).shape == (4, 3)


@pytest.mark.parametrize("depth", [3, 4, 6, 10])
def test_above_two_layers_the_wait_is_a_power_of_the_start(depth):
    T = half_time(3.0, [1e-15, 1e-18], depth)
    np.testing.assert_allclose(T, np.array([1e-15, 1e-18]) ** (2 / depth - 1) / (3 * (depth - 2)), rtol=1e-4)


def test_with_one_layer_no_start_is_low_enough_to_make_it_wait_and_with_two_it_takes_a_logarithm():
    assert half_time(3.0, 0.0, 1) == pytest.approx(np.log(2))
    assert half_time(3.0, 1e-200) - half_time(3.0, 1e-100) == pytest.approx(100 * np.log(10) / 6)


# Starts


@pytest.mark.parametrize("widths", WIDTHS)
def test_balanced_starts_are_balanced(widths):
    learner = DeepLinear(with_strengths([3.0, 2.0, 1.0]), widths)
    starts = np.array([0.1, 0.2, 0.3])
    aligned, random = balanced(learner, starts), balanced_random(learner, 0.5, rng())
    np.testing.assert_allclose(learner.strengths(aligned), starts, rtol=1e-12)
    np.testing.assert_allclose(learner.product(random), learner.product(small(learner, 0.5, rng())), atol=1e-12)
    for kept in (*learner.invariants(aligned), *learner.invariants(random)):
        assert np.abs(kept).max() < 1e-14
    assert learner.components(random)[-1] < -1e-4  # not aligned


@pytest.mark.parametrize("widths", [(5,), (5, 5)])
def test_balance_keeps_the_sign_of_the_determinant_so_that_half_the_random_starts_miss_the_weakest_mode(widths):
    learner = DeepLinear(np.diag([3.0, 1.0]), widths)
    missed = []
    for seed in range(12):
        start = balanced_random(learner, 0.6, rng(seed))
        run = dynamics.flow(learner, start, np.linspace(0, 12, 7), rtol=1e-11, atol=1e-15)
        mirrored = np.linalg.det(learner.product(start)) < 0
        missed.append(mirrored)
        assert learner.loss(run.parameters[-1]) == pytest.approx(0.5 if mirrored else 0.0, abs=0.05)
    assert 0 < sum(missed) < 12


def test_an_orthogonal_start_has_orthonormal_rows_or_columns_and_no_preferred_direction():
    learner = DeepLinear(with_strengths([3.0, 2.0, 1.0]), (6, 3))
    for W in learner.layers(orthogonal(learner, 0.5, rng())):
        short = W @ W.T if W.shape[0] < W.shape[1] else W.T @ W
        np.testing.assert_allclose(short, 0.25 * np.eye(len(short)), atol=1e-14)
    firsts = np.array([learner.layers(orthogonal(learner, 1.0, rng(seed)))[0] for seed in range(2000)])
    # entries of an orthonormal column of 6: mean 0, variance 1/6; five standard errors
    assert (np.abs(firsts.mean(axis=0)) < 5 / np.sqrt(6 * 2000)).all()


def test_a_lazy_start_has_learned_nothing_and_waits_for_nothing():
    low = DeepLinear(with_strengths([3.0, 2.0, 1.0]), (40,))
    start = lazy(low, 2.0, rng())
    assert not low.components(start).any()
    times = np.linspace(0, 30, 3001)
    halves = []
    for theta in (start, small(low, 1e-4, rng())):
        arrived = low.strengths(dynamics.flow(low, theta, times).parameters) > low.singular / 2
        assert arrived[-1].all()
        halves.append(times[np.argmax(arrived, axis=0)])
    assert (halves[0] < np.log(2)).all()  # of one layer, which has no plateau at all
    assert (np.diff(halves[1]) > 0.5).all()  # one after the other


def test_small_starts_scale_and_repeat():
    learner = DeepLinear(with_strengths([3.0, 2.0, 1.0]), (40,))
    np.testing.assert_allclose(small(learner, 2.0, rng(1)), 2 * small(learner, 1.0, rng(1)))
    assert small(learner, 2.0, rng(1)).std() == pytest.approx(2, rel=4 / np.sqrt(2 * learner.size))


def test_discrete_steps_come_to_the_flow_as_they_shrink_and_to_the_target_in_the_end():
    learner = DeepLinear(with_strengths([3.0, 2.0, 1.0]), (6,))
    start = balanced(learner, 0.05)
    wanted = solution(learner, [0.0, 1.0], 0.05)[-1]
    errors = [
        np.abs(learner.strengths(dynamics.ascend(learner, start, n, 1 / n).parameters[-1]) - wanted).max()
        for n in (500, 1000, 2000)
    ]
    assert errors[0] / errors[1] == pytest.approx(2, rel=0.05) and errors[1] / errors[2] == pytest.approx(2, rel=0.05)
    full = DeepLinear(with_strengths([3.0, 2.0, 1.0, 0.5]), (6,))
    end = dynamics.ascend(full, small(full, 0.05, rng()), 4000, 0.01).parameters[-1]
    assert full.loss(end) < 1e-12


def test_what_a_start_has_beyond_the_targets_rank_fades_only_as_one_over_time():
    learner = DeepLinear(np.diag([3.0, 0.0]), (2,))
    start = learner.parameters([np.diag([0.1, 0.3]), np.diag([0.1, 0.3])])
    times = np.linspace(0, 500, 6)
    left = learner.product(dynamics.flow(learner, start, times).parameters)[:, 1, 1]
    np.testing.assert_allclose(left, 0.09 / (1 + 2 * 0.09 * times), rtol=1e-6)  # u' = -2 u^2


# Interference


@pytest.mark.parametrize(("widths", "pulls"), [((), False), ((6,), False), ((6, 5), True), ((5, 7, 4), True)])
def test_modes_of_white_inputs_pull_on_each_other_from_three_layers_on(widths, pulls):
    learner = DeepLinear(with_strengths([3.0, 2.0, 1.0]), widths)
    between = np.triu_indices(3, 1)
    for theta, misaligned in ((small(learner, 0.3, rng()), True), (balanced(learner, 0.1), False)):
        found = interference.cosine(learner.gradients(theta))[between]
        assert (np.abs(found).max() > 1e-3) == (pulls and misaligned)
        assert (np.abs(found).max() < 1e-14) != (pulls and misaligned)


def test_modes_of_other_inputs_pull_on_each_other_in_two_layers_and_outputs_do_always():
    X, Y = data()
    between = np.triu_indices(4, 1)
    for split, widths, pulls in (("modes", (), False), ("modes", (6,), True), ("outputs", (6,), True)):
        learner = DeepLinear(moments(X, Y)[0], widths, moments(X, Y)[1], split)
        found = interference.cosine(learner.gradients(small(learner, 0.3, rng())))[between]
        assert (np.abs(found).max() > 1e-3) == pulls and (np.abs(found).max() < 1e-14) != pulls


# The door


def test_inputs_that_never_vary_are_welcome_where_the_target_does_not_ask_for_them():
    X, Y = data()
    X[:, 2] = 0
    learner = DeepLinear(moments(X, Y)[0], (6,), moments(X, Y)[1])
    assert len(learner.singular) == 4
    run = dynamics.flow(learner, small(learner, 0.3, rng()), np.linspace(0, 1, 3))
    np.testing.assert_array_equal(
        learner.layers(run.parameters[-1])[0][:, 2], learner.layers(run.parameters[0])[0][:, 2]
    )
    with pytest.raises(ValueError, match="covariance: expected inputs that vary wherever the target asks"):
        DeepLinear(moments(*data())[0], (6,), moments(X, Y)[1])


@pytest.mark.parametrize(
    ("wrong", "error", "said"),
    [
        ({"target": np.zeros((2, 3))}, ValueError, "target: expected a largest entry"),
        ({"widths": (3, 0)}, ValueError, r"widths\[1\]: expected at least 1"),
        ({"widths": 3}, TypeError, "widths: expected a list"),
        ({"widths": (10**9,)}, ValueError, "widths: expected at most"),
        ({"covariance": np.eye(2)}, ValueError, r"covariance: expected shape \(3, 3\)"),
        ({"covariance": -np.eye(3)}, ValueError, "covariance: expected no eigenvalue below 0"),
        ({"covariance": np.triu(np.ones((3, 3)))}, ValueError, "covariance: expected a symmetric matrix"),
        ({"split": "components"}, ValueError, 'split: expected "modes" or "outputs"'),
    ],
)
def test_what_is_no_network_is_refused(wrong, error, said):
    with pytest.raises(error, match=said):
        DeepLinear(**({"target": np.ones((2, 3)), "widths": (3,)} | wrong))


def test_what_no_start_and_no_law_can_be_is_refused():
    learner = DeepLinear(with_strengths([3.0, 2.0, 1.0]), (2,))
    with pytest.raises(ValueError, match="learner: expected hidden layers of at least 3 units"):
        balanced(learner, 0.1)
    with pytest.raises(TypeError, match="learner: expected a DeepLinear, found a value of type Bandit"):
        small(Bandit(), 0.1, rng())
    with pytest.raises(ValueError, match="start: expected more than 0 and at most half"):
        half_time(3.0, 2.0)
    with pytest.raises(ValueError, match="start: expected more than 0 and at most half"):
        half_time(3.0, 0.0)
    with pytest.raises(ValueError, match="strength: expected shapes that broadcast"):
        mode(np.ones(3), np.ones(2), 0.1)
    with pytest.raises(ValueError, match="parameters: expected 18 on the last axis"):
        learner.product(np.ones(17))
    with pytest.raises(ValueError, match="parameters: expected products within float64"):
        learner.components(np.full(18, 1e160))
