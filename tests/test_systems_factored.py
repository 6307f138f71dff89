"""Factored objectives: S' = f(S) inverted for any f, the laws that follow, and Sec. 3.1 with its conditions."""

import itertools

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import expit

from raylab.dynamics import climb, flow, orbit
from raylab.interference import inner, rates
from raylab.plateaus import traps as traps_of_rewards
from raylab.systems import bandit
from raylab.systems.bandit import Bandit, SoftmaxBandit
from raylab.systems.factored import (
    Factored,
    Potentials,
    Shape,
    acceleration,
    corners,
    edges,
    equal_cosines,
    features,
    labels,
    log_odds,
    mixed,
    on_policy,
    power,
    restless,
    saddles,
    softmax_neglect,
    strip,
    through,
    traps,
    turning,
    velocity,
    winner_margin,
)

HANDLES = through([0.0, 0.2, 0.5, 0.8], [0.0, 0.1, 0.3, 0.2])
WIDE = Shape(lambda u: u * (2 - u), lambda u: 2 - 2 * u, top=2.0)
FLAT_TOP = Shape(lambda u: u * (1 - u) ** 2, lambda u: (1 - u) * (1 - 3 * u))
SHAPES = {
    "rewards": on_policy,
    "labels": labels,
    "mixed": mixed(0.1),
    "square": power(2.0),
    "root": power(0.5),
    "almost": power(0.99),
    "fifth": power(5.0),
    "restless": restless,
    "handles": HANDLES,
    "top 2": WIDE,
    "flat top": FLAT_TOP,
}
# phi(u) - phi(1/2), by hand
INTEGRALS = {
    "rewards": (on_policy, lambda u: np.log(u) - np.log1p(-u)),
    "labels": (labels, lambda u: -np.log1p(-u)),
    "mixed": (mixed(0.1), lambda u: (np.log(0.9 * u + 0.05) - np.log1p(-u)) / 0.95),
    "square": (power(2.0), lambda u: np.log(u) - np.log1p(-u) - 1 / u),
    "root": (power(0.5), lambda u: 2 * np.arctanh(np.sqrt(u))),
    "flat top": (FLAT_TOP, lambda u: np.log(u) - np.log1p(-u) + 1 / (1 - u)),
}
RNG = np.random.default_rng


@pytest.fixture(params=SHAPES)
def shape(request):
    return SHAPES[request.param]


@pytest.mark.parametrize("name", INTEGRALS)
def test_the_table_is_the_closed_form(name):
    shape, phi = INTEGRALS[name]
    u = np.concatenate([np.geomspace(1e-4, 0.5, 500), 1 - np.geomspace(1e-4, 0.5, 500)])
    at = phi(u) - phi(0.5)
    np.testing.assert_allclose(shape.performance(at), u, rtol=0, atol=1e-10)
    np.testing.assert_allclose(shape.potential(u), at, rtol=1e-10, atol=1e-10)


def test_what_is_nearly_nothing_keeps_its_digits_at_both_ends():
    x = np.linspace(-690, 690, 2001)
    J, f = on_policy.levels.at(x)
    np.testing.assert_allclose(J, expit(x), rtol=1e-10)
    np.testing.assert_allclose(f, expit(x) * expit(-x), rtol=1e-10)
    x = np.linspace(0, 690, 2001)
    np.testing.assert_allclose(labels.levels.at(x)[1], np.exp(-x) / 2, rtol=1e-10)


def test_performance_and_potential_are_inverse(shape):
    u = shape.top * np.linspace(0.03, 0.97, 401)
    np.testing.assert_allclose(shape.performance(shape.potential(u)), u, rtol=1e-10)
    assert shape.performance(0.0) == pytest.approx(shape.top / 2)


def test_the_performance_grows_as_f_says(shape):
    u = shape.top * np.linspace(0.05, 0.95, 201)
    phi, h = shape.potential(u), 1e-3 * np.minimum(u, shape.top - u) ** 3 / shape.f(u)
    slope = (shape.performance(phi + h) - shape.performance(phi - h)) / ((phi + h) - (phi - h))
    np.testing.assert_allclose(slope, shape(u), rtol=1e-3)


def test_the_table_of_a_restless_shape_is_the_integral():
    for low, high in ((0.08, 0.1), (0.3, 0.7), (0.9, 0.99)):
        expected = quad(lambda u: 1 / restless(np.array(u)), low, high, epsabs=0, epsrel=1e-11, limit=1000)[0]
        assert np.diff(restless.potential([low, high]))[0] == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize(
    ("shape", "low"),
    [
        (labels, -np.log(2)),
        (mixed(0.1), np.log(0.05) / 0.95),
        (power(0.5), -2 * np.arctanh(np.sqrt(0.5))),
        (on_policy, -np.inf),
        (power(1.01), -np.inf),
        (power(2.0), -np.inf),
        (restless, -np.inf),
    ],
)
def test_zero_lies_at_a_finite_potential_iff_the_integral_of_one_over_f_is_finite(shape, low):
    assert shape.ends[0] == pytest.approx(low, rel=1e-10) and shape.ends[1] == np.inf


def test_a_top_with_an_infinite_slope_is_reached():
    sudden = Shape(lambda u: u * np.sqrt(1 - u), lambda u: np.sqrt(1 - u) - u / 2 / np.sqrt(1 - u))
    assert sudden.ends[1] == pytest.approx(2 * np.arctanh(np.sqrt(0.5)), rel=1e-6)
    assert sudden.performance(3.0) == 1.0 and Factored([[1.0]], sudden).gradients([3.0]) == 0


def test_where_f_vanishes_at_a_reachable_zero_the_component_stays_there():
    learner, low = Factored([[2.0]], power(0.5)), power(0.5).ends[0]
    theta = np.array([[low / 2 - 1.0], [low - 100.0]])
    assert (learner.components(theta) == 0).all() and (learner.gradients(theta) == 0).all()
    above = power(0.5).performance(low + np.array([1e-2, 1e-3]))
    np.testing.assert_allclose(above, [0.25e-4, 0.25e-6], rtol=1e-4)


@pytest.mark.parametrize("shape", [labels, mixed(0.1)])
def test_where_f_does_not_vanish_at_zero_nothing_lies_below(shape):
    with pytest.raises(ValueError, match=r"expected phi of at least .* J = 0, found -5.*leaves its range"):
        Factored([[1.0]], shape).components([-5.0])
    assert shape.performance(shape.ends[0]) == 0
    assert Factored([[1.0]], shape).gradients([shape.ends[0]])[0, 0] == pytest.approx(shape(np.array(0.0)))


def test_negative_interference_pushes_a_component_through_its_minimum_where_it_learns_there():
    learner = Factored(features(equal_cosines(2, -0.5)), mixed(0.1))
    start = learner.parameters([0.05, 0.02])
    with pytest.raises(ValueError, match="leaves its range"):
        flow(learner, start, [0.0, 30.0])
    vanishing = Factored(features(equal_cosines(2, -0.5)), on_policy)
    run = climb(vanishing, vanishing.parameters([0.05, 0.02]))
    assert run.components.min() > 0 and run.components[-1].min() >= 0.9


@pytest.mark.parametrize("c", [1.5, 2.0, 3.0])
def test_powers_above_one_have_algebraic_tails(c):
    phi = -1e14
    assert power(c).performance(phi) == pytest.approx(((c - 1) * -phi) ** (-1 / (c - 1)), rel=1e-5)


def test_beyond_the_table_it_says_so():
    with pytest.raises(ValueError, match=r"phi: expected phi of at most 1e\+30"):
        on_policy.performance(-1e31)
    with pytest.raises(ValueError, match=r"J: expected one with \|phi\| <= 1e\+30, found one 1e-09 off an end"):
        power(5.0).potential([0.5, 1e-9])
    assert on_policy.potential([0.0, 1.0]).tolist() == [-np.inf, np.inf]


# ------------------------------------------------------------------------------ the door


@pytest.mark.parametrize(
    ("f", "slope", "words"),
    [
        (lambda u: u * (1 - u), lambda u: 1 - 3 * u, r"slope: expected .*, -0.96 at J = 0.98 .* found -1.94"),
        (lambda u: u * (1 - u), lambda u: 2 * u - 1, r"slope: expected"),
        (lambda u: np.where(u < 0.5, u, 1 - u + 0.1 * (u < 1)), lambda u: np.where(u < 0.5, 1.0, -1.0), r"jumps of f"),
        (lambda u: u, lambda u: np.ones_like(u), r"f\(top\) = 0, found f\(1\) = 1"),
        (lambda u: (u - 0.5) ** 2 * (1 - u) - 0.1, lambda u: u, r"f > 0 inside .* found f\("),
        (lambda u: u - 0.1, lambda u: u, r"f\(0\) >= 0 .* found f\(0\) = -0.1"),
        (lambda u: 0.5, lambda u: u, r"f\(J\): expected shape"),
        (lambda u: u * (1 - u), lambda u: 1.0, r"slope\(J\): expected shape"),
    ],
)
def test_the_door_refuses_what_is_no_coupling(f, slope, words):
    with pytest.raises(ValueError, match=words):
        Shape(f, slope)


def test_the_door_says_where_a_function_knows_no_arrays():
    import math

    with pytest.raises(TypeError, match=r"f: expected a function of arrays.*use numpy"):
        Shape(lambda u: math.sin(u), lambda u: u)


def test_every_slope_is_the_derivative(shape):
    u = shape.top * RNG(0).uniform(0.1, 0.9, 300)
    h = 1e-6
    wanted = (shape(u + h) - shape(u - h)) / (2 * h)
    np.testing.assert_allclose(shape.slope(u), wanted, rtol=1e-4, atol=1e-4)


def test_a_performance_out_of_range_is_refused():
    for J in (-0.1, 1.1):
        with pytest.raises(ValueError, match=r"J: expected performances in \[0, 1\]"):
            on_policy(J)
    assert WIDE(1.5) == 0.75


def test_the_shapes_of_figure_6_are_the_couplings_of_the_bandits():
    u = np.linspace(0, 1, 11)
    for share in (0.0, 0.1, 1.0):
        np.testing.assert_allclose(mixed(share)(u), bandit.Mixed(share)(u), rtol=1e-15)
    np.testing.assert_allclose(on_policy(u), bandit.on_policy(u), rtol=1e-15)
    np.testing.assert_allclose(labels(u), bandit.supervised(u), rtol=1e-15)


def test_a_curve_through_handles_goes_through_them_and_turns_at_them_only():
    places, heights = np.array([0.0, 0.2, 0.5, 0.8, 1.0]), np.array([0.0, 0.1, 0.3, 0.2, 0.0])
    np.testing.assert_allclose(HANDLES(places), heights, atol=1e-15)
    assert (np.diff(HANDLES(np.linspace(0, 0.5, 999))) > 0).all()
    assert (np.diff(HANDLES(np.linspace(0.5, 1, 999))) < 0).all()
    with pytest.raises(ValueError, match="heights: expected f >= 0 at 0, f > 0"):
        through(places, -heights)
    with pytest.raises(ValueError, match="places: expected increasing places from 0 to top = 1"):
        through(places[::-1], heights)


# ------------------------------------------------------------------------------ Gram matrices


@pytest.mark.parametrize("K", [1, 2, 3, 6])
def test_features_have_the_inner_products_asked_for(K):
    A = RNG(K).normal(size=(K, K))
    np.testing.assert_allclose(inner(features(A @ A.T)), A @ A.T, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("K", [2, 3, 7])
def test_cosines_down_to_the_bound_and_no_further(K):
    least = -1 / (K - 1)
    rows = features(equal_cosines(K, least, 2.0))
    np.testing.assert_allclose(rows.sum(axis=0), 0, atol=1e-7)  # exactly opposed: they cancel
    if K > 2:
        with pytest.raises(ValueError, match=rf"cosine: expected at least -1 / \(K - 1\) = {least:.6g}"):
            equal_cosines(K, least - 1e-3)
    gram = np.full((K, K), least - 0.01) + (1.01 - least) * np.eye(K)
    smallest = 1 + (K - 1) * (least - 0.01)
    with pytest.raises(ValueError, match=rf"smallest eigenvalue {smallest:.6g}; .* -1 / \(K - 1\) = {least:.6g}"):
        features(gram)


def test_a_gram_matrix_of_unequal_cosines_is_refused_without_the_bound_of_equal_ones():
    gram = np.array([[1, 0.9, 0.1], [0.9, 1, 0.6], [0.1, 0.6, 1]])
    least = np.linalg.eigvalsh(gram)[0]
    with pytest.raises(ValueError, match=rf"smallest eigenvalue {least:.6g}; lessen") as said:
        velocity([0.1, 0.2, 0.3], gram, on_policy)
    assert "K - 1" not in str(said.value)
    with pytest.raises(ValueError, match="symmetric"):
        velocity([0.1, 0.2], [[1, 0.5], [0.4, 1]], on_policy)


# ------------------------------------------------------------------------------ the learner and its laws

LEARNERS = {
    "two": (Factored(features(equal_cosines(2, -0.5))), equal_cosines(2, -0.5), on_policy),
    "three": (Factored(features(equal_cosines(3, -0.3)), power(1.5)), equal_cosines(3, -0.3), power(1.5)),
    "mixed": (
        Factored(features(equal_cosines(4, 0.3, 2.0)), [on_policy, power(2.0), HANDLES, WIDE]),
        equal_cosines(4, 0.3, 2.0),
        [on_policy, power(2.0), HANDLES, WIDE],
    ),
}


@pytest.fixture(params=LEARNERS)
def case(request):
    learner, gram, shapes = LEARNERS[request.param]
    return learner, gram, shapes, RNG(5).normal(size=(20, len(gram)))


def test_factored_rewards_are_the_bandit():
    V, theta = RNG(1).normal(size=(3, 4)), RNG(2).normal(size=(10, 4))
    one, two = Factored(V), Bandit(V)
    np.testing.assert_allclose(one.components(theta), two.components(theta), rtol=1e-10)
    np.testing.assert_allclose(one.updates(theta), two.updates(theta), rtol=1e-10)


@pytest.mark.parametrize(("K", "n", "bias"), [(2, 2, True), (3, 5, True), (3, 4, False)])
def test_the_softmax_bandit_is_factored_with_features_that_turn(K, n, bias):
    one, two = Factored(log_odds(K, n, bias)), SoftmaxBandit(K, n, bias)
    theta = 2 * RNG(3).normal(size=(2, 6, n * K + n * bias))
    np.testing.assert_allclose(one.components(theta), two.components(theta), rtol=1e-10)
    np.testing.assert_allclose(one.gradients(theta), two.gradients(theta), rtol=1e-9, atol=1e-14)
    v = log_odds(K, n, bias).gradient(theta)
    assert (np.ptp(v, axis=(0, 1)).max() > 0.1) == (n > 2)


def test_potentials_must_have_their_gradient():
    with pytest.raises(ValueError, match=r"gradient: expected the gradient of phi, .* component 0, .* found"):
        Potentials(lambda t: t[..., :1] ** 2, lambda t: t[..., None, :], 1)
    with pytest.raises(ValueError, match=r"gradient\(theta\): expected shape \(3, 1, 2\)"):
        Potentials(lambda t: t[..., :1], lambda t: np.ones((*t.shape[:-1], 2, 2)), 2)
    with pytest.raises(TypeError, match="constant features"):
        Factored(log_odds(2, 2)).parameters([0.1, 0.2])


def test_parameters_have_the_performances_asked_for(case):
    learner, _, _, theta = case
    J = learner.components(theta)
    np.testing.assert_allclose(learner.components(learner.parameters(J)), J, rtol=1e-9)
    with pytest.raises(ValueError, match="inside their ends"):
        learner.parameters(0 * J)


def test_dependent_features_cannot_have_every_performance():
    with pytest.raises(ValueError, match="depend on each other"):
        Factored(features(equal_cosines(3, -0.5))).parameters([0.1, 0.2, 0.3])


def test_velocity_is_what_gradient_ascent_does_to_the_performances(case):
    learner, gram, shapes, theta = case
    G = learner.gradients(theta)
    np.testing.assert_allclose(velocity(learner.components(theta), gram, shapes), rates(G, G.sum(axis=-2)), rtol=1e-9)


def test_a_flow_in_parameters_is_the_orbit_in_performances():
    learner, gram, shapes = LEARNERS["two"]
    run = orbit(lambda J: velocity(J, gram, shapes), [0.2, 0.1], stop=0.95)
    there = flow(learner, learner.parameters([0.2, 0.1]), run.times)
    np.testing.assert_allclose(there.components, run.components, atol=1e-6)


def test_acceleration_is_the_derivative_of_the_speed_along_the_orbit(case):
    learner, gram, shapes, theta = case
    J, h = learner.components(theta), 1e-3

    def speed(step):
        return velocity(J + step * velocity(J, gram, shapes), gram, shapes).sum(axis=-1)

    wanted = (8 * (speed(h) - speed(-h)) - (speed(2 * h) - speed(-2 * h))) / (12 * h)
    found = acceleration(J, gram, shapes)
    np.testing.assert_allclose(found, wanted, rtol=1e-6, atol=1e-9 * np.abs(wanted).max())


def test_acceleration_on_an_edge_is_a_limit_from_inside():
    gram = equal_cosines(2, -0.5)
    for c in (0.5, 0.75, 1.0, 2.0):
        near = acceleration([1e-250, 0.3], gram, [power(c), on_policy])
        assert acceleration([0.0, 0.3], gram, [power(c), on_policy]) == pytest.approx(near, rel=1e-12)
    alone = acceleration([0.0, 0.3], gram, on_policy)
    assert acceleration([0.0, 0.3], gram, [power(0.501), on_policy]) == pytest.approx(alone, rel=1e-12)
    for c in (0.4, 0.499):
        with pytest.raises(ValueError, match=r"f f' is finite"):
            acceleration([0.0, 0.3], gram, [power(c), on_policy])


def test_a_wrong_number_of_shapes_or_performances_is_refused():
    gram = equal_cosines(3, -0.3)
    with pytest.raises(ValueError, match="shapes: expected one, or 3 of them, found 2"):
        velocity([0.1, 0.2, 0.3], gram, [on_policy, labels])
    with pytest.raises(ValueError, match=r"J: expected shape \(..., 3\)"):
        velocity([0.1, 0.2], gram, on_policy)
    with pytest.raises(TypeError, match=r"shapes\[1\]: expected a Shape"):
        velocity([0.1, 0.2], equal_cosines(2, 0.1), [on_policy, bandit.on_policy])


# ------------------------------------------------------------------------------ what C.1 neglects


def test_nothing_is_neglected_where_features_are_constant(case):
    learner, gram, shapes, theta = case
    found = turning(learner, theta)
    np.testing.assert_allclose(found.kept, acceleration(learner.components(theta), gram, shapes), rtol=1e-9)
    np.testing.assert_allclose(found.neglected, 0, atol=1e-10 * np.abs(found.kept).max())


@pytest.mark.parametrize(("K", "n", "bias"), [(2, 2, True), (2, 5, True), (3, 4, False)])
def test_a_softmax_neglects_the_variance_of_what_its_wrong_logits_do(K, n, bias):
    """phi_k is the right logit minus log-sum-exp of the wrong ones: concave, so the term is never positive."""
    learner = SoftmaxBandit(K, n, bias)
    theta = RNG(4).normal(size=(30, n * K + n * bias))
    u = learner.updates(theta).sum(axis=-2)
    pi = learner.policy(theta)
    moves = u[..., : n * K].reshape(-1, n, K) + (u[..., n * K :, None] if bias else 0)
    w = np.where(np.eye(n, K, dtype=bool), 0.0, pi)
    w /= w.sum(axis=-2, keepdims=True)
    variance = (w * moves**2).sum(axis=-2) - (w * moves).sum(axis=-2) ** 2
    wanted = -2 * (on_policy(learner.components(theta)) * variance).sum(axis=-1)
    found = turning(learner, theta)
    np.testing.assert_allclose(found.neglected, wanted, atol=1e-10)
    np.testing.assert_allclose(found.acceleration, found.kept + found.neglected, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(turning(Factored(log_odds(K, n, bias)), theta).neglected, wanted, atol=1e-10)
    assert n == 2 or wanted.min() < -1e-3


def test_turning_does_not_depend_on_the_unit_of_the_parameters():
    def scaled(a):
        one = log_odds(2, 4)
        return Factored(Potentials(lambda t: one.phi(a * t), lambda t: a * one.gradient(a * t), 12))

    theta = RNG(6).normal(size=(5, 12))
    found, wanted = turning(scaled(100.0), theta / 100), turning(scaled(1.0), theta)
    for one, other in zip(found, wanted, strict=True):
        np.testing.assert_allclose(one, 1e4**2 * other, rtol=1e-7, atol=1e-10 * 1e8)


def test_at_the_edge_of_a_softmax_bandit_the_neglected_share_is_one_of_its_wrong_arms():
    learner, rng = SoftmaxBandit(2, 5), RNG(8)
    W = rng.normal(size=(20, 5, 2))
    W[:, 0, 0] = -60.0  # J_1 = 0 to rounding
    theta = learner.parameters(W, rng.normal(size=(20, 5)))
    pi, J2 = learner.policy(theta), learner.components(theta)[:, 1]
    found = turning(learner, theta)
    wanted = softmax_neglect(np.delete(pi[:, :, 1], 1, axis=-1)) / (1 - 2 * J2)
    np.testing.assert_allclose(found.neglected / found.kept, wanted, rtol=1e-6)


def test_a_softmax_neglects_less_than_a_twentieth_and_nothing_between_equal_arms():
    w = RNG(9).dirichlet(np.full(6, 0.3), size=20000)
    found, q = softmax_neglect(w), np.sqrt(7) - 2
    worst = -(q**3) * (1 - q) / (1 + q**2) ** 2
    assert (found <= 0).all() and (found > worst).all() and worst > -0.05
    many = np.append(q, np.full(10**6, (1 - q) / 10**6))
    assert softmax_neglect(many) == pytest.approx(worst, rel=1e-4)
    np.testing.assert_allclose(softmax_neglect(np.full((3, 4), 0.2)), 0, atol=1e-16)
    np.testing.assert_allclose(softmax_neglect([1.0]), 0, atol=1e-16)


# ------------------------------------------------------------------------------ Sec. 3.1


@pytest.mark.parametrize(("K", "m"), [(K, m) for K in (2, 3, 4) for m in range(K + 1)])
def test_the_number_of_saddles_is_exponential_in_the_number_of_shapes_that_vanish_at_zero(K, m):
    assert len(saddles([on_policy] * m + [labels] * (K - m))) == 2**m - 1 - (m == K)


def test_corners_are_what_the_flow_on_the_edges_says():
    shapes = [on_policy, power(2.0), mixed(0.1), WIDE]
    tops, gram = np.array([shape.top for shape in shapes]), equal_cosines(4, -0.2)
    for corner in corners(shapes):
        there = np.isin(np.arange(4), corner.learned)
        at = np.where(there, tops, 0.0)
        assert corner.critical == (velocity(at, gram, shapes) == 0).all()
        beyond = [np.where(np.arange(4) == k, 0.1, at) for k in range(4) if not there[k]]
        before = [np.where(np.arange(4) == k, at - 0.1, at) for k in corner.learned]
        assert corner.leaving == (corner.critical and any(velocity(J, gram, shapes).sum() > 0 for J in beyond))
        assert corner.arriving == (corner.critical and any(velocity(J, gram, shapes).sum() > 0 for J in before))
        assert corner.saddle == (corner.learned in saddles(shapes))


def test_a_zero_that_rounding_misses_is_a_zero():
    wave = Shape(lambda u: 1 - np.cos(2 * np.pi * u) + 2e-16, lambda u: 2 * np.pi * np.sin(2 * np.pi * u))
    assert wave(np.zeros(1)) > 0 and wave.starts_at_rest and not mixed(1e-6).starts_at_rest
    assert saddles([wave, wave]) == [(0,), (1,)]


def test_only_rewards_have_saddles():
    assert saddles([on_policy, on_policy]) == [(0,), (1,)] and saddles([labels, labels]) == []
    assert saddles([on_policy, labels]) == [(1,)]  # one f_k(0) = 0 suffices
    assert saddles([on_policy]) == []  # nothing else to have been learned


def test_both_sides_of_a_saddle_have_the_printed_accelerations():
    xi, gram, two = np.array([0.1, 0.01]), np.array([[2.0, -1.0], [-1.0, 3.0]]), [power(2.0), on_policy]
    found = edges(xi, gram, two)
    np.testing.assert_allclose(found.arriving, 2 * two[1](1 - xi) ** 3 * two[1].slope(1 - xi) * 9, rtol=1e-12)
    np.testing.assert_allclose(found.leaving, 2 * two[0](xi) ** 3 * two[0].slope(xi) * 4, rtol=1e-12)
    assert found.plateau.all()
    other = edges(xi, gram, two, learned=[0])
    np.testing.assert_allclose(other.leaving, 2 * two[1](xi) ** 3 * two[1].slope(xi) * 9, rtol=1e-12)


def test_a_smooth_shape_that_vanishes_at_zero_need_not_make_a_plateau_there():
    """S27: f_1(0) = 0 and f_1 > 0 after do not give f_1' > 0, however near to 0."""
    n = np.arange(3, 20)
    xi, gram = (2 * np.pi * n) ** -0.5, equal_cosines(2, -0.5)
    assert (restless.slope(xi) < 0).all() and not edges(xi, gram, [restless, on_policy]).plateau.any()
    between = (2 * np.pi * n + np.pi) ** -0.5
    assert edges(between, gram, [restless, on_policy]).plateau.all()
    assert edges(between, gram, [power(1.0), on_policy]).plateau.all()


def test_supervision_brakes_on_both_sides():
    beside = edges([0.1, 1e-3], equal_cosines(2, -0.5), labels)
    assert (beside.arriving < 0).all() and (beside.leaving < 0).all() and not beside.plateau.any()


def test_three_goals_are_slowed_at_every_saddle():
    shapes, gram = [on_policy, power(2.0), on_policy], equal_cosines(3, -0.3)
    for learned in saddles(shapes):
        assert edges(1e-3, gram, shapes, learned).plateau


def shortest(rows):
    """The shortest u with rows @ u >= 1 by trying every set of rows that are at 1; None if none will do."""
    found = []
    for size in range(1, len(rows) + 1):
        for some in itertools.combinations(range(len(rows)), size):
            u = np.linalg.pinv(rows[list(some)]) @ np.ones(size)
            if (rows @ u >= 1 - 1e-9).all():
                found.append(u)
    return min(found, key=np.linalg.norm, default=None)


def kept_for_ever(V, a, b):
    """The learned sets beside which all others sink faster than these rise, f_k'(0) = a_k and f_k'(1) = -b_k."""
    found = []
    for size in range(1, len(V)):
        for learned in itertools.combinations(range(len(V)), size):
            u = shortest(b[list(learned), None] * V[list(learned)])
            rest = [k for k in range(len(V)) if k not in learned]
            if u is not None and (a[rest] * (V[rest] @ u) < -1).all():
                found.append(learned)
    return found


def test_traps_are_the_sets_beside_which_all_others_sink_faster_than_these_rise():
    rng, found = RNG(3), 0
    for r in (0.3, 0.32, 0.34, 0.49):
        assert bool(traps(equal_cosines(3, -r), on_policy)) == (r > 1 / 3)
    for _ in range(100):
        A, steep = rng.normal(size=(4, 4)), rng.uniform(0.5, 2.0, 4)
        assert traps(A @ A.T, on_policy) == traps_of_rewards(A @ A.T) == kept_for_ever(A, np.ones(4), np.ones(4))
        of = [Shape(lambda u, c=c: c * u * (1 - u), lambda u, c=c: c * (1 - 2 * u)) for c in steep]
        assert traps(A @ A.T, of) == kept_for_ever(A, steep, steep)
        found += len(traps(A @ A.T, of))
    assert found > 10


def test_traps_of_goals_that_exclude_each_other_are_those_that_some_of_them_keep():
    assert (
        traps(equal_cosines(3, -0.5), on_policy) == traps_of_rewards(equal_cosines(3, -0.5)) == [(0, 1), (0, 2), (1, 2)]
    )
    opposite = np.array([[1.0, 0], [-1, 0], [-0.5, -3]])  # no step serves the first two
    assert kept_for_ever(opposite, np.ones(3), np.ones(3)) == traps(opposite @ opposite.T, on_policy)
    with pytest.raises(ValueError, match="gram: expected at most 16 components, found 17"):
        traps_of_rewards(np.eye(17))


@pytest.mark.parametrize(("length", "slope", "kept"), [(0.45, 1.0, True), (0.55, 1.0, False), (0.55, 1.3, True)])
def test_two_components_are_trapped_iff_the_first_is_steep_enough_at_zero(length, slope, kept):
    """a_1 |cosine| |v_1| > b_2 |v_2|: with cosine -1/2, slope / 2 > length."""
    gram = np.array([[1.0, -0.5 * length], [-0.5 * length, length**2]])
    steep = Shape(lambda u: slope * u * (1 - u), lambda u: slope * (1 - 2 * u))
    shapes = [steep, on_policy]
    assert traps(gram, shapes) == ([(1,)] if kept else [])
    learner = Factored(features(gram), shapes)
    run = climb(learner, learner.parameters([1e-4, 0.99]), horizon=1e100)
    assert (run.components[-1, 0] < 1e-4) == kept and (run.times[-1] >= 1e100) == kept


def test_equal_lengths_and_slopes_never_trap_two():
    for c in np.linspace(-0.99, 0.99, 23):
        assert traps(equal_cosines(2, c), power(1.0)) == []


def test_the_margin_has_the_sign_of_the_velocity():
    J, A = RNG(0).uniform(size=(2000, 3)), RNG(1).normal(size=(3, 3))
    shapes = [on_policy, labels, power(0.5)]
    assert (np.sign(winner_margin(J, A @ A.T, shapes)) == np.sign(velocity(J, A @ A.T, shapes))).all()
    assert winner_margin([0.0, 0.5, 0.5], equal_cosines(3, -0.3), shapes)[0] < 0  # stands still all the same
    assert velocity([0.0, 0.5, 0.5], equal_cosines(3, -0.3), shapes)[0] == 0


def test_the_strip_of_the_bandit_in_closed_form():
    J2 = np.linspace(0, 1, 101)
    found = strip(J2, equal_cosines(2, -0.5, 2.0), on_policy)
    np.testing.assert_allclose(found, (1 - np.sqrt(1 - 2 * J2 * (1 - J2))) / 2, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("one", [on_policy, power(2.0), power(0.5), HANDLES, WIDE, mixed(0.1)])
def test_the_first_component_sinks_inside_the_strip_and_rises_beyond(one):
    gram = np.array([[1.0, -0.4], [-0.4, 1.0]])
    J2 = np.linspace(0.1, 0.95, 9)
    width = strip(J2, gram, [one, on_policy])
    wide = width > 0
    assert wide.any()
    for share, sinks in ((1e-6, True), (0.5, True), (1 - 1e-9, True), (1 + 1e-6, False)):
        J = np.stack([share * width, J2], axis=-1)[wide]
        assert ((velocity(J, gram, [one, on_policy])[:, 0] < 0) == sinks).all()
    for J in np.stack([np.full_like(J2, 1e-9), J2], axis=-1)[~wide]:
        assert velocity(J, gram, [one, on_policy])[0] > 0


def test_the_strip_narrows_to_nothing_at_the_saddle_and_needs_a_negative_cosine():
    gap = 10.0 ** -np.arange(2, 9)
    gram = np.array([[1.0, -0.9], [-0.9, 4.0]])
    width = strip(1 - gap, gram, [Shape(lambda u: 3 * u * (1 - u), lambda u: 3 - 6 * u), on_policy])
    np.testing.assert_allclose(width / gap, 0.9 / 3, rtol=0.02)  # |cosine| |v_2| / |v_1| times f_2'(1) / f_1'(0)
    assert (np.diff(width) < 0).all() and strip(1.0, gram, on_policy) == 0
    assert (strip(1 - gap, np.abs(gram), on_policy) == 0).all() and (strip(1 - gap, np.eye(2), on_policy) == 0).all()


def test_without_a_zero_at_zero_the_strip_keeps_off_the_saddle():
    J2 = np.linspace(0, 1, 401)
    width = strip(J2, equal_cosines(2, -0.5), [mixed(0.1), on_policy])
    reaches = 0.5 * on_policy(J2) > mixed(0.1)(np.zeros(1))
    np.testing.assert_array_equal(width > 0, reaches)
    assert reaches.any() and not reaches[-20:].any()
    assert (strip(J2, equal_cosines(2, -0.9), labels) == 0).all()  # labels: none anywhere


def test_a_much_stronger_second_component_takes_the_whole_edge():
    gram = np.array([[1.0, -4.0], [-4.0, 25.0]])
    assert strip(0.5, gram, on_policy) == 1.0


def test_only_two_components_have_a_strip():
    with pytest.raises(ValueError, match="gram: expected one of two components, found 3"):
        strip(0.5, equal_cosines(3, -0.3), on_policy)


@pytest.mark.parametrize(("c", "bounded"), [(0.3, True), (0.45, True), (0.5, False), (1.0, False)])
def test_alone_a_component_leaves_zero_in_bounded_time_only_for_powers_below_one_half(c, bounded):
    """J' = f^2, so the wait from p is the integral of 1 / f^2, bounded iff 2 c < 1."""

    def wait(p):
        x = np.linspace(np.log(p), np.log(0.9), 200001)
        y = np.exp(x) / power(c)(np.exp(x)) ** 2
        return np.trapezoid(y, x)

    growth = wait(1e-120) - wait(1e-60)
    assert (growth < 1e-3) == bounded
