"""Deep linear networks at the edges: far starts, many layers, modes of equal strength, moments with rounding."""

import numpy as np
import pytest

from raylab import dynamics
from raylab.systems.deep_linear import DeepLinear, balanced, balanced_random, half_time, mode, small, solution

THREE = np.diag([3.0, 2.0, 1.0])


def rng(seed=0):
    return np.random.default_rng(seed)


def turned(n, seed):
    return np.linalg.qr(rng(seed).normal(size=(n, n)))[0]


# The laws


def test_two_layers_far_above_their_strength_fall_by_the_law_of_the_square():
    """u' = 2 u (s - u) is -2 u^2 there, so that u = u0 / (1 + 2 u0 t)."""
    times = np.array([0.0, 1e-21, 1e-20, 1e-18])
    for s in (1.0, 1e-50):
        np.testing.assert_allclose(mode(times, s, 1e20), 1e20 / (1 + 2e20 * times), rtol=1e-14)


@pytest.mark.parametrize("depth", [1, 2, 3, 30])
@pytest.mark.parametrize(("s", "u0"), [(1e50, 1e-200), (1e-50, 1e50), (1e5, 1e-200), (1e5, 1e-3), (1e-50, 1e-51)])
def test_a_mode_goes_from_any_start_to_any_strength_without_a_step_back(depth, s, u0):
    times = np.append(0.0, np.geomspace(1e-250, 1e300, 400))
    with np.errstate(all="raise", under="ignore"):
        path = mode(times, s, u0, depth)
    towards = np.sign(s - u0)
    np.testing.assert_allclose(path[[0, -1]], [u0, s], rtol=1e-12)
    assert (towards * np.diff(path) >= -1e-14 * np.abs(path[1:])).all()


def test_a_time_beyond_float64_is_refused_by_name():
    assert half_time(1e5, 1e-200, 30) == pytest.approx(1e200 ** (1 - 2 / 30) / (28 * 1e5), rel=1e-10)
    with pytest.raises(ValueError, match="start: expected a time within float64, found an overflow"):
        half_time(1e-50, 1e-200, 30, 1e100)


@pytest.mark.parametrize("w", [1e-300, -0.1, [0.1, 0.1, 1e51]])
def test_strengths_that_no_law_takes_are_refused_by_their_own_name(w):
    with pytest.raises(ValueError, match="strengths: expected 0 or numbers within"):
        solution(DeepLinear(THREE, (3,)), [0.0, 1.0], w)


def test_thirty_layers_and_a_target_of_a_hundred_thousand():
    learner = DeepLinear(1e5 * np.eye(2), (2,) * 29)
    theta = balanced(learner, [1e-3, 7e4])
    assert len(theta) == 120
    np.testing.assert_allclose(learner.strengths(theta), [1e-3, 7e4], rtol=1e-12)
    downhill = learner.updates(theta).sum(axis=0) @ learner.updates(theta)[0]  # u' of the first, times (s - u)
    w = 1e-3
    assert downhill == pytest.approx(30 * w ** (2 - 2 / 30) * (1e5 - w) ** 2, rel=1e-9)
    found, exact = learner.loss(theta), (1e5 - 1e-3) ** 2 / 2 + (3e4) ** 2 / 2
    assert found == pytest.approx(exact, rel=1e-12)


# Starts


@pytest.mark.parametrize("scale", [1e-100, 1e-8, 1.0, 1e100])
def test_a_balanced_start_of_thirty_layers_is_no_zero_and_no_overflow_at_any_scale(scale):
    learner = DeepLinear(THREE, (3,) * 29)
    start = balanced_random(learner, scale, rng())
    np.testing.assert_allclose(start, scale * balanced_random(learner, 1.0, rng()), rtol=1e-12)
    assert np.abs(start).max() > 0.1 * scale
    for kept in learner.invariants(start / scale):
        assert np.abs(kept).max() < 1e-13


def test_the_ends_of_the_range_that_a_refusal_names_are_welcome():
    learner = DeepLinear(THREE, (3,))
    for w in (1e-200, 1e100):
        np.testing.assert_allclose(learner.strengths(balanced(learner, w)), w, rtol=1e-12)
    with pytest.raises(ValueError, match=r"within \[1e-200, 1e100\]"):
        balanced(learner, 1e-201)


# Moments


@pytest.mark.parametrize("strengths", [(2.0, 2.0, 1.0), (2.0, 2.0, 2.0), (2.0, 1.0, 1.0)])
def test_of_modes_of_equal_strength_the_covariance_chooses_the_axes(strengths):
    variances, V, U = np.array([0.3, 2.0, 1.0]), turned(5, 2), turned(4, 1)[:, :3]
    covariance = V @ np.diag([*variances, 0.7, 1.5]) @ V.T
    for split in ("modes", "outputs"):
        learner = DeepLinear(U @ np.diag(strengths * np.sqrt(variances)) @ V[:, :3].T, (6,), covariance, split)
        assert learner.decoupled
        np.testing.assert_allclose(np.sort(learner.variances), np.sort(variances), rtol=1e-12)
        np.testing.assert_allclose(learner.singular, strengths, rtol=1e-12)
        alike = np.diff(learner.singular) > -1e-9
        assert (np.diff(learner.variances)[alike] < 0).all()
        theta = small(learner, 0.5, rng())
        left = learner.tops.sum() - learner.loss(theta)
        assert learner.components(theta).sum() == pytest.approx(left, rel=1e-12)
    times = np.linspace(0, 5, 20)
    path = dynamics.flow(learner, balanced(learner, 0.01), times, rtol=1e-12, atol=1e-15).parameters
    np.testing.assert_allclose(learner.strengths(path), solution(learner, times, 0.01), atol=1e-8)


def test_inputs_that_never_vary_in_a_direction_of_no_axis_have_the_law_of_the_others():
    """Two inputs that are always equal: of rank one, with eigenvalues 2 and 0."""
    learner = DeepLinear([[1.0, 1.0], [0.0, 0.0]], (3,), [[1.0, 1.0], [1.0, 1.0]])
    np.testing.assert_allclose((*learner.singular, *learner.variances), (1.0, 2.0), rtol=1e-12)
    times = np.linspace(0, 8, 9)
    path = dynamics.flow(learner, balanced(learner, 0.01), times, rtol=1e-12, atol=1e-15).parameters
    np.testing.assert_allclose(learner.strengths(path), solution(learner, times, 0.01), atol=1e-9)


@pytest.mark.parametrize(
    ("covariance", "said"),
    [
        (np.zeros((3, 3)), "expected a largest entry within .*, found 0; scale the inputs"),
        (
            np.eye(3) + np.diag([1e-7, 0.0], 1),
            "expected a symmetric matrix, found entries that differ by 1e-07 from those across .* float64",
        ),
        (
            np.diag([1.0, 1.0, -1e-7]),
            "expected no eigenvalue below 0, found the smallest eigenvalue -1e-07; .* float64",
        ),
    ],
)
def test_a_covariance_that_is_none_is_refused_with_what_is_wrong_with_it(covariance, said):
    with pytest.raises(ValueError, match=f"covariance: {said}"):
        DeepLinear(THREE, (3,), covariance)


def test_lists_and_single_precision_give_what_arrays_of_doubles_give():
    exact = DeepLinear(THREE, (2,), np.diag([1.0, 0.5, 2.0]))
    theta = np.linspace(-1, 1, exact.size).astype(np.float32)
    for one in (
        DeepLinear(THREE.tolist(), [2], np.diag([1.0, 0.5, 2.0]).tolist()),
        DeepLinear(THREE.astype(np.float32), np.array([2]), np.diag([1.0, 0.5, 2.0]).astype(np.float32)),
    ):
        for found, wanted in (
            (one.components(theta.tolist()), exact.components(theta.astype(float))),
            (one.gradients(theta), exact.gradients(theta.astype(float))),
            (solution(one, [0, 1], np.float32(0.5)), solution(exact, np.array([0.0, 1.0]), 0.5)),
        ):
            assert found.dtype == np.float64
            np.testing.assert_array_equal(found, wanted)


def test_rounding_adds_modes_to_a_target_in_single_precision_and_none_in_double():
    one = np.outer(rng(1).normal(size=4), rng(2).normal(size=5))
    assert len(DeepLinear(one).singular) == 1 < len(DeepLinear(one.astype(np.float32)).singular)


def test_a_product_that_leaves_float64_only_when_it_is_turned_is_refused():
    learner = DeepLinear(np.ones((4, 4)))
    theta = np.full(16, 1.7e308)
    assert np.isfinite(learner.product(theta)).all()
    for method in (learner.strengths, learner.loss, learner.components, learner.gradients):
        with pytest.raises(ValueError, match="parameters: expected products within float64"):
            method(theta)
