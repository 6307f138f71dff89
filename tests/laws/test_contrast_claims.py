"""S20 to S25, S37, N9: what is left of a plateau where one of its two causes is taken away. Chapter 05."""

import itertools
from functools import cache

import numpy as np
import pytest
import sympy as sp
from oracles import J1, J2, a1, a2, logistic, logit, policy, slopes
from scipy.integrate import solve_ivp
from scipy.optimize import brentq
from trial import trial

from raylab import ensembles
from raylab.plateaus import basin_share
from raylab.systems.bandit import Bandit, Mixed, SoftmaxBandit, on_policy, supervised
from raylab.systems.natural import Natural

half = sp.Rational(1, 2)
V1, V2 = sp.Matrix([[1, 0, 1]]), sp.Matrix([[0, 1, -1]])
G1, G2 = a1 * V1, a2 * V2  # grad J_1, grad J_2
L1, L2 = (1 - J1) * V1, (1 - J2) * V2  # grad log J_1, grad log J_2
SUP = L1 + L2  # grad J_sup


def along(quantity, step):
    """The derivative of a function of J1 and J2 where theta moves along `step`."""
    return sum(sp.diff(quantity, J) * G.dot(step) for J, G in ((J1, G1), (J2, G2)))


def same(found, claimed):
    return sp.expand(found - claimed) == 0


# S20: the lines of B.5, one after the other

VELOCITY = sp.Matrix([a1 * (1 - 2 * J1 + J2), a2 * (1 - 2 * J2 + J1)])
SPEED = along(sp.log(J1) + sp.log(J2), SUP)  # J_sup'
SQUARES = -2 * a1 * (1 - 2 * J1 + J2) ** 2 - 2 * a2 * (1 - 2 * J2 + J1) ** 2


@pytest.mark.ledger("S20")
@trial(
    correct=2 * J1 * (1 - J1) ** 2 - a1 * (1 - J2),
    slips={"positive transfer": 2 * J1 * (1 - J1) ** 2 + a1 * (1 - J2), "with J_2 as a factor": 2 * a1**2 - a1 * a2},
)
def test_the_first_component_of_a_supervised_learner_moves_at_this_rate(claim):
    assert same(along(J1, SUP), claim)
    assert same(VELOCITY[0], claim)


@pytest.mark.ledger("S20")
@trial(
    correct=2 * (1 - J1) ** 2 - (1 - J1) * (1 - J2),
    slips={"not divided by J_1": 2 * J1 * (1 - J1) ** 2 - a1 * (1 - J2)},
)
def test_its_logarithm_moves_at_this_rate(claim):
    assert sp.simplify(along(sp.log(J1), SUP) - claim) == 0


FIRST_FORM = 2 * (1 - J1) ** 2 - 2 * (1 - J1) * (1 - J2) + 2 * (1 - J2) ** 2
SECOND_FORM = 2 * (J1 - J2) ** 2 + 2 * (1 - J1) * (1 - J2)


@pytest.mark.ledger("S20")
@trial(
    correct=(FIRST_FORM, SECOND_FORM),
    slips={
        "half the last product": (FIRST_FORM, 2 * (J1 - J2) ** 2 + (1 - J1) * (1 - J2)),
        "without the product": (FIRST_FORM + 2 * (1 - J1) * (1 - J2), SECOND_FORM),
    },
)
def test_the_supervised_objective_rises_at_this_rate_in_both_printed_forms(claim):
    assert all(same(sp.simplify(SPEED), form) for form in claim)
    # the second form is a sum of terms that are >= 0 in the square, 0 at (1, 1) only
    u, v = sp.symbols("u v", nonnegative=True)
    assert same(claim[1].subs({J1: 1 - u, J2: 1 - v}), 2 * (u - v) ** 2 + 2 * u * v)


FACTORS = (4 * J1 - 2 * J2 - 2, 4 * J2 - 2 * J1 - 2)


@pytest.mark.ledger("S20")
@trial(correct=FACTORS, slips={"signs turned": (-FACTORS[0], -FACTORS[1]), "exchanged": FACTORS[::-1]})
def test_its_gradient_weighs_the_two_gradients_by_these(claim):
    found = sp.diff(SPEED, J1) * G1 + sp.diff(SPEED, J2) * G2
    assert all(same(f, c) for f, c in zip(found, claim[0] * G1 + claim[1] * G2, strict=True))
    assert same(along(SPEED, SUP), claim[0] * VELOCITY[0] + claim[1] * VELOCITY[1])


@pytest.mark.ledger("S20")
@trial(
    correct=SQUARES,
    slips={
        "without the squares": -2 * a1 * (1 - 2 * J1 + J2) - 2 * a2 * (1 - 2 * J2 + J1),
        "half of it": SQUARES / 2,
        "the other way up": -SQUARES,
    },
)
def test_the_supervised_objective_bends_by_this_which_is_nowhere_positive(claim):
    assert same(along(SPEED, SUP), claim)
    J = np.random.default_rng(0).uniform(size=(1000, 2))
    assert (sp.lambdify((J1, J2), claim, "numpy")(*J.T) <= 0).all()


@pytest.mark.ledger("S20")
@trial(correct=lambda J: np.log(J).sum(-1), slips={"the sum of the J_k": lambda J: J.sum(-1)})
def test_simulated_supervised_learning_never_speeds_up_in_this_objective(claim):
    for start in ([1e-3, 0.3], [0.4, 0.01], [0.2, 0.2]):
        _, J = teach(start, np.linspace(0, 12, 4001))
        assert np.diff(claim(J), n=2).max() < 1e-9


def teach(start, times):
    """(times, J (T, 2)) of the supervised 2 x 2 learner in reduced parameters, by scipy in theta."""
    features = np.array([[1.0, 0.0, 1.0], [0.0, 1.0, -1.0]])
    theta = np.linalg.lstsq(features, logit(np.array(start)), rcond=None)[0]
    found = solve_ivp(
        lambda _, theta: features.T @ logistic(-features @ theta), (0, times[-1]), theta, "DOP853", times,
        rtol=1e-12, atol=1e-13,
    )  # fmt: skip
    return found.t, logistic(found.y.T @ features.T)


# S21: two symbols in B.5


@pytest.mark.ledger("S21")
@trial(correct=(L1, L2), printed=(G1, G2), slips={"mixed": (L1, G2)})
def test_divided_by_the_lengths_of_these_the_product_of_the_log_gradients_is_minus_one_half(claim):
    squared = L1.dot(L2) ** 2 / (claim[0].dot(claim[0]) * claim[1].dot(claim[1]))
    assert sp.simplify(squared - sp.Rational(1, 4)) == 0
    assert L1.dot(L2).subs({J1: half, J2: half}) < 0


@pytest.mark.ledger("S21")
@trial(correct=SUP, printed=G1 + G2, slips={"its own part only": L1})
def test_along_this_step_the_first_component_moves_as_b5_says(claim):
    assert same(along(J1, claim), a1 * (1 - 2 * J1 + J2))


# S22: fixed points, types, inflections, waits

CORNERS = frozenset(itertools.product((0, 1), repeat=2))


@pytest.mark.ledger("S22")
@trial(
    correct=CORNERS | {(0, half), (half, 0)},
    printed={(1, 1)},
    slips={"the corners alone": CORNERS, "with the wrong middles": CORNERS | {(1, half), (half, 1)}},
)
def test_the_supervised_flow_stands_still_at_these_points_of_the_square(claim):
    found = {(point[J1], point[J2]) for point in sp.solve(list(VELOCITY), [J1, J2], dict=True)}
    assert {p for p in found if all(0 <= x <= 1 for x in p)} == {tuple(map(sp.sympify, point)) for point in claim}


@pytest.mark.ledger("S22")
@trial(
    correct={
        (0, 0): (1, 1), (0, 1): (1, 2), (1, 0): (1, 2), (0, half): (-half, 3 * half), (half, 0): (-half, 3 * half),
        (1, 1): (0, 0),
    },
    slips={
        "saddles in the corners": {(0, 1): (-1, 2)},
        "faster by half": {(0, half): (-half, 1)},
        "a hyperbolic goal": {(1, 1): (-1, -1)},
    },
)  # fmt: skip
def test_linearised_at_these_points_it_has_these_eigenvalues(claim):
    for (p, q), values in claim.items():
        matrix = VELOCITY.jacobian([J1, J2]).subs({J1: p, J2: q})
        found = sorted(itertools.chain.from_iterable([value] * times for value, times in matrix.eigenvals().items()))
        assert found == sorted(map(sp.sympify, values))


@pytest.mark.ledger("S22")
def test_no_finite_theta_of_a_supervised_learner_stands_still():
    u, v = sp.symbols("u v", positive=True)  # what is missing, 1 - J_k: positive at every finite theta
    form = sp.expand(SUP.dot(SUP).subs({J1: 1 - u, J2: 1 - v}))
    assert (sp.hessian(form, (u, v)) / 2).is_positive_definite


def slow_places(J):
    """How often the speed of `J` (T,) has a minimum inside."""
    speed = np.diff(J)
    return int(((speed[1:-1] < speed[:-2]) & (speed[1:-1] < speed[2:])).sum())


@pytest.mark.ledger("S22")
@trial(correct=1, printed=0)
def test_a_supervised_learning_curve_may_slow_down_and_speed_up_this_often(claim):
    _, J = teach([1e-3, 0.3], np.linspace(0, 14, 2001))
    assert slow_places(J.sum(axis=-1)) == claim
    assert slow_places(np.log(J).sum(axis=-1)) == 0  # in the objective of the paper it does not


@cache
def taught(log_p, log_q):
    """Time from J = (10^log_p, 10^log_q) until both are >= .9, in logits."""

    def arrived(_, x):
        return np.min(x) - np.log(9.0)

    arrived.terminal = True
    start = logit(np.array([10.0**log_p, 10.0**log_q]))
    gram = np.array([[2.0, -1.0], [-1.0, 2.0]])
    found = solve_ivp(
        lambda _, x: gram @ logistic(-x), (0, 1e4), start, "DOP853", rtol=1e-11, atol=1e-12, events=arrived
    )
    return found.t_events[0][0]


WAITS = {
    "beside one of order one": (lambda n: (-n, np.log10(0.3)), lambda n: 2 / 3 * n),
    "far below a low one": (lambda n: (-3 * n, -n), lambda n: n + 2 / 3 * 2 * n),
    "both alike": (lambda n: (-n, -n), lambda n: n),
}


@pytest.mark.ledger("S22")
@trial(
    correct={name: law for name, (_, law) in WAITS.items()},
    slips={
        "the first at rate one": {"beside one of order one": lambda n: n},
        "one rate only": {"far below a low one": lambda n: 2 / 3 * 3 * n},
        "as if alone": {"both alike": lambda n: n / 2},
        "a power": {"both alike": lambda n: 1.5**n},
    },
)
def test_a_supervised_wait_grows_like_this_logarithm(claim):
    """From 8 decades to 16: the constants cancel, and what they leave out is below 1e-4 of the rest."""
    for name, law in claim.items():
        place, _ = WAITS[name]
        grown = taught(*place(16)) - taught(*place(8))
        assert grown == pytest.approx((law(16) - law(8)) * np.log(10), rel=1e-4)


# S23: nothing shared

OWN = sp.Matrix([a1**2, a2**2])  # a weight each: feature norm squared 1


def over_time(quantity):
    return sum(sp.diff(quantity, J) * rate for J, rate in zip((J1, J2), OWN, strict=True))


@pytest.mark.ledger("S23")
@trial(correct=OWN, slips={"the shared bias": sp.Matrix([2 * a1**2 - a1 * a2, 2 * a2**2 - a1 * a2])})
def test_a_tabular_learner_moves_like_this_and_has_no_winner(claim):
    theta = np.random.default_rng(1).normal(size=(40, 2))
    for point in theta:
        step = slopes(logistic, point).sum(axis=0)
        moved = (logistic(point + 1e-5 * step) - logistic(point - 1e-5 * step)) / 2e-5
        promised = sp.lambdify((J1, J2), claim, "numpy")(*logistic(point)).ravel()
        np.testing.assert_allclose(moved, promised, atol=1e-9)
        assert (promised > 0).all()


@pytest.mark.ledger("S23")
@trial(
    correct=(sp.Rational(3, 14), sp.Rational(9, 98)),
    slips={"as with the shared bias": (sp.Rational(7, 30), sp.Rational(49, 450)), "no plateau at all": (0, 0)},
)
def test_its_curve_re_accelerates_on_the_antidiagonal_below_this_slope_of_each_and_of_the_sum(claim):
    a = sp.Symbol("a", positive=True)
    second, third = (over_time(sum(OWN)), over_time(over_time(sum(OWN))))
    assert sp.expand(second.subs(J2, 1 - J1)) == 0  # an inflection, wherever it crosses
    root = (1 - sp.sqrt(1 - 4 * a)) / 2
    jerk = sp.simplify(third.subs(J2, 1 - J1).subs(J1, root))
    assert claim[0] in sp.solve(jerk, a)
    assert jerk.subs(a, claim[0] / 2) > 0 > jerk.subs(a, (claim[0] + sp.Rational(1, 4)) / 2)
    assert sum(OWN).subs(J2, 1 - J1).subs(J1, root).subs(a, claim[0]).expand() == claim[1]


def tabular_share(J0, epsilon):
    """Share of the starts on J1 + J2 = J0 whose crossing is as slow as epsilon, by the clock x + sinh x = C + t / 2."""
    a = np.sqrt(epsilon / 2)  # J' = 2 a^2 where J1 + J2 = 1
    clock = lambda x: x + np.sinh(x)
    ahead = -2 * clock(logit((1 - np.sqrt(1 - 4 * a)) / 2))  # the two are as far apart at the crossing as at the start
    apart = lambda p: clock(logit(J0 - p)) - clock(logit(p)) - ahead
    return 2 * brentq(apart, J0 * 1e-15, J0 / 2 * (1 - 1e-12), xtol=1e-25) / J0


TWICE = {0.2: 0.024, 0.02: 0.213, 0.002: 0.800}  # at feature norm squared 2


@pytest.mark.ledger("S23")
@trial(
    correct={0.2: 0.034, 0.02: 0.283, 0.002: 0.854},
    slips={"of the shared bias": {0.2: 0.483, 0.02: 0.999, 0.002: 1.0}, "twice as fast": TWICE},
)
def test_this_share_of_tabular_starts_meets_a_slope_of_at_most_1e_4(claim):
    for J0, share in claim.items():
        found = tabular_share(J0, 1e-4)
        assert abs(found - share) < 6e-4
        assert basin_share(J0, 2e-4, 0.0) == pytest.approx(found, abs=1e-9)  # there the feature norm squared is 2
        assert abs(tabular_share(J0, 5e-5) - TWICE[J0]) < 6e-4


@pytest.mark.ledger("S23")
@trial(correct=1.0, printed=0.0)
def test_towards_the_origin_this_share_of_tabular_starts_is_in_the_basin(claim):
    for epsilon in (1e-2, 1e-4, 1e-6):
        shares = [tabular_share(J0, epsilon) for J0 in (1e-4, 1e-5, 1e-6, 1e-7, 1e-8)]
        assert abs(shares[-1] - claim) < 1e-3
        assert (np.diff(np.abs(np.array(shares) - claim)) < 0).all()


@pytest.mark.ledger("S23")
@trial(
    correct=lambda tabular, shared: tabular < shared,
    slips={"as large": lambda tabular, shared: tabular == shared, "larger": lambda tabular, shared: tabular > shared},
)
def test_tabular_basins_compare_to_shared_ones_like_this_at_either_norm(claim):
    for J0, epsilon in itertools.product((0.5, 0.2, 0.02, 1e-4), (1e-2, 1e-3, 1e-5)):
        shared = basin_share(J0, epsilon)
        assert all(claim(tabular_share(J0, norm * epsilon), shared) for norm in (1.0, 0.5))


# S24: whose data

ALPHA, N, U = sp.Symbol("alpha", positive=True), sp.Symbol("n", positive=True), sp.Symbol("u", positive=True)
MIX = ((1 - ALPHA) * U + ALPHA / N) * (1 - U)


def mixed_couplings(share, n, weighted, seed):
    """(J_k, f_k) of a random softmax policy in two contexts, by summing over the actions of the mixed behaviour.

    The update of context k is sum_a mu(a) w(a) r(a) grad log pi(a|k), w = pi / mu or 1; f_k is its part along
    v_k = grad J_k / (J_k (1 - J_k)).
    """
    rng = np.random.default_rng(seed)
    theta = rng.normal(size=3 * n)
    chances = lambda t: policy(t[: 2 * n].reshape(n, 2), t[2 * n :])
    pi, found = chances(theta), []
    for k in range(2):
        scores = slopes(lambda t, k=k: np.log(chances(t)[:, k]), theta)  # (n, d)
        behaviour = (1 - share) * pi[:, k] + share / n
        weight = pi[:, k] / behaviour if weighted else np.ones(n)
        update = (behaviour * weight * (np.arange(n) == k)) @ scores
        v = scores[k] / (1 - pi[k, k])
        found.append((pi[k, k], update @ v / (v @ v)))
    return found


@pytest.mark.ledger("S24")
@trial(
    correct=(MIX, U * (1 - U)),
    slips={
        "weighted like unweighted": (MIX, MIX),
        "the mix of the two couplings": (((1 - ALPHA) * U + ALPHA) * (1 - U), U * (1 - U)),
        "only its own samples": ((1 - ALPHA) * U * (1 - U), U * (1 - U)),
    },
)
def test_without_and_with_importance_weights_a_mixed_behaviour_has_these_couplings(claim):
    for share, n in ((0.1, 2), (0.1, 5), (0.5, 3), (1.0, 4)):
        for form, weighted in zip(claim, (False, True), strict=True):
            f = sp.lambdify(U, sp.sympify(form).subs({ALPHA: share, N: n}), "numpy")
            for u, found in mixed_couplings(share, n, weighted, seed=n):
                assert abs(found - f(u)) < 1e-9


@pytest.mark.ledger("S24")
@trial(correct=sp.Rational(1, 20), slips={"still coupled": 0, "a tenth": sp.Rational(1, 10)})
def test_a_tenth_of_uniform_data_between_two_actions_leaves_this_at_no_success(claim):
    assert MIX.subs({ALPHA: sp.Rational(1, 10), N: 2, U: 0}) == claim
    assert Mixed(0.1)(0.0) == pytest.approx(float(claim))
    assert SoftmaxBandit(2, 2, coupling=Mixed(0.1)).coupling(np.zeros(2)) == pytest.approx(float(claim))


@pytest.mark.ledger("S24")
@trial(
    correct=(1 - ALPHA) * U + ALPHA / N * sp.log(U),
    slips={
        "performance alone": U,
        "not divided by n": (1 - ALPHA) * U + ALPHA * sp.log(U),
        "the log of the mix": sp.log((1 - ALPHA) * U + ALPHA / N),
    },
)
def test_the_mix_climbs_this_objective(claim):
    # d u / d x = u (1 - u) for the log odds x that v moves
    assert sp.simplify(sp.diff(claim, U) * U * (1 - U) - MIX) == 0


@pytest.mark.ledger("S24")
@trial(correct=lambda n: 1 / n, slips={"as fast": lambda n: 1.0, "half as fast": lambda n: 0.5})
def test_uniform_behaviour_is_supervised_learning_at_this_multiple_of_its_speed(claim):
    for n in (2, 3, 7):
        theta = np.random.default_rng(n).normal(size=(20, 3 * n))
        uniform, taught_ = (SoftmaxBandit(2, n, coupling=f) for f in (Mixed(1.0, n), supervised))
        np.testing.assert_allclose(uniform.updates(theta), claim(n) * taught_.updates(theta), rtol=1e-12, atol=1e-15)


# S25: the letter


@pytest.mark.ledger("S25")
@trial(correct=-1, printed=1)
def test_the_on_policy_coupling_bends_with_this_sign_between_its_two_zeros(claim):
    f = U * (1 - U)  # an upright U has sign 1
    assert f.subs(U, 0) == f.subs(U, 1) == 0
    assert sp.sign(sp.diff(f, U, 2)) == claim
    u = np.linspace(0.01, 0.99, 99)
    assert set(np.sign(np.diff(on_policy(u), n=2).round(12))) == {claim}


# S37: how often a flat plateau is met

NINE = {"simplex": ("simplex", 1.0), "angle": ("angle", 1.0)}
NINE |= {f"reject {s:g}": ("reject", s) for s in (1, 1.5, 2, 2.5, 3, 4, 5)}
CONTROLS = {
    "tabular": {"features": "tabular"},
    "separate": {"features": "separate"},
    "uniform": {"coupling": Mixed(1.0)},
    "supervised": {"coupling": supervised},
}
RUNS = 800


@cache
def flat(law, control=None, sampled=True):
    """Share of RUNS full-parameter runs, step size .1, whose slowest expected progress is at most 1e-5."""
    name, scale = NINE[law]
    start = ensembles.starts(name, RUNS, scale=scale, seed=37)
    return ensembles.run(start, sampled=sampled, seed=5, **CONTROLS.get(control, {})).share(1e-5)[0]


@pytest.mark.ledger("S37")
@trial(
    correct={"sampled": (0.22, 0.82), "exact": (0.14, 0.80)},
    printed={"sampled": (0.20, 0.20)},
    slips={"exact gradients alike": {"exact": (0.20, 0.20)}},
)
def test_over_nine_laws_of_equal_performance_the_share_of_flat_on_policy_runs_spans_this(claim):
    """Within five standard errors, at most .015 each at the ends."""
    for gradients, ends in claim.items():
        shares = [flat(law, sampled=gradients == "sampled") for law in NINE]
        np.testing.assert_allclose((min(shares), max(shares)), ends, atol=0.075)


@pytest.mark.ledger("S37")
@trial(correct=9, slips={"all but one": 8, "one": 1})
def test_on_policy_learning_meets_flat_plateaus_most_often_of_all_in_this_many_of_nine_laws(claim):
    worst = 0
    for law in NINE:
        gap = flat(law) - max(flat(law, control) for control in CONTROLS)
        worst += gap > 5 * np.sqrt(2 * 0.25 / RUNS)
    assert worst == claim


@pytest.mark.ledger("S37")
@trial(
    correct=("uniform", "supervised"), slips={"all four": tuple(CONTROLS), "without a bias": ("tabular", "separate")}
)
def test_under_these_controls_hardly_a_run_is_flat_whatever_the_law(claim):
    for law in NINE:
        assert all(flat(law, control) < 0.01 for control in claim)
    assert abs(flat("reject 5", "tabular") - 0.47) < 5 * np.sqrt(0.25 / RUNS)  # nothing is shared there, and yet


# N9: the natural gradient


def natural(V, theta):
    """F^+ sum_k grad J_k with F = sum_k J_k (1 - J_k) v_k v_k^T, from these words."""
    J = logistic(V @ theta)
    a = J * (1 - J)
    return J, np.linalg.pinv(V.T @ (a[:, None] * V), rcond=1e-10) @ (V.T @ a)


@pytest.mark.ledger("N9")
@trial(
    correct=lambda J, V: J * (1 - J),
    slips={
        "the squared slope": lambda J, V: (J * (1 - J)) ** 2,
        "times the feature norm": lambda J, V: J * (1 - J) * (V**2).sum(-1),
        "supervised": lambda J, V: 1 - J,
    },
)
def test_under_the_natural_gradient_each_component_moves_at_this_rate_for_any_independent_features(claim):
    rng = np.random.default_rng(9)
    for K, d in ((2, 2), (2, 3), (4, 6), (5, 5)):
        V, theta = rng.normal(size=(K, d)), rng.normal(size=d)
        J, step = natural(V, theta)
        moved = (logistic(V @ (theta + 1e-5 * step)) - logistic(V @ (theta - 1e-5 * step))) / 2e-5
        np.testing.assert_allclose(moved, claim(J, V), atol=1e-8)
        np.testing.assert_allclose(Natural(Bandit(features=V)).updates(theta).sum(axis=0), step, atol=1e-8)


@pytest.mark.ledger("N9")
@trial(correct="independent", slips={"any": "dependent"})
def test_features_have_to_be_this_for_components_to_move_on_their_own(claim):
    rng = np.random.default_rng(10)
    misses = []
    for _ in range(50):
        V = rng.normal(size=(5, 5 if claim == "independent" else 4))
        J, step = natural(V, rng.normal(size=V.shape[1]))
        misses.append(np.abs(J * (1 - J) * (V @ step) - J * (1 - J)).max())
    assert np.median(misses) < 1e-6


@pytest.mark.ledger("N9")
@trial(
    correct=lambda J: J * (1 - J),
    slips={"with K": lambda J: J * (1 - J) / J.shape[-1], "full parametrisation": lambda J: 2 * J * (1 - J)},
)
def test_so_it_does_in_a_softmax_bandit_of_any_size(claim):
    for K, n in ((2, 2), (2, 5), (4, 4)):
        learner = Natural(SoftmaxBandit(K, n))
        theta = np.random.default_rng(n).normal(size=n * K + n)
        step = learner.updates(theta).sum(axis=0)
        moved = (learner.components(theta + 1e-5 * step) - learner.components(theta - 1e-5 * step)) / 2e-5
        np.testing.assert_allclose(moved, claim(learner.components(theta)), atol=1e-9)


@pytest.mark.ledger("N9")
@trial(correct=(-1, 1), slips={"flat, as on-policy": (0, 0), "as supervised": (1, 2)})
def test_the_corners_where_one_is_learned_are_saddles_with_these_eigenvalues(claim):
    jacobian = sp.Matrix([a1, a2]).jacobian([J1, J2])
    for point in ((0, 1), (1, 0)):
        assert sorted(jacobian.subs({J1: point[0], J2: point[1]}).eigenvals()) == list(claim)


@pytest.mark.ledger("N9")
@trial(
    correct=lambda q: np.log(9) - logit(q),
    slips={"like 1 / q": lambda q: 1 / q, "from the better one": lambda q: np.log(9) - logit(0.1)},
)
def test_from_one_tenth_and_this_both_are_learned_after_this_time(claim):
    V = np.array([[1.0, 0.0, 1.0], [0.0, 1.0, -1.0]])
    for q in (1e-2, 1e-3, 1e-6):
        theta, t, rate = np.linalg.pinv(V) @ logit(np.array([0.1, q])), 0.0, 1e-2
        while logistic(V @ theta).min() < 0.9:
            theta, t = theta + rate * natural(V, theta)[1], t + rate
        assert t == pytest.approx(claim(q), abs=2 * rate)


@pytest.mark.ledger("N9")
@trial(correct=lambda J: 1 / J, slips={"as often as exact": lambda J: np.ones_like(J), "its root": lambda J: J**-0.5})
def test_with_one_sample_a_step_the_first_move_of_a_component_takes_this_many_steps_on_average(claim):
    theta = np.linalg.pinv(Bandit().features) @ logit(np.array([0.1, 0.02]))
    learner, rng, runs = Natural(Bandit()), np.random.default_rng(4), 500
    first = np.zeros((runs, 2))
    for step in range(1, 1200):
        moved = learner.sample(np.tile(theta, (runs, 1)), rng).any(axis=-1)  # theta stays: the wait for the first one
        first = np.where((first == 0) & moved, step, first)
    assert (first > 0).all()
    wanted = claim(np.array([0.1, 0.02]))
    np.testing.assert_allclose(first.mean(axis=0), wanted, rtol=5 / np.sqrt(runs))
