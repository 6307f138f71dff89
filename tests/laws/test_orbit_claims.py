"""N1 to N7: what orbits keep, where they cross, who meets which plateau, and how long it takes. Chapters 04 and 05."""

import mpmath as mp
import numpy as np
import pytest
import sympy as sp
from oracles import J1, J2, RATES, below_antidiagonal, logistic, logit, orbit, rates
from scipy.integrate import quad, solve_ivp
from trial import trial

from raylab import plateaus
from raylab.symbolic import bandit, orbits

COSINES = (-0.8, -0.5, 0.0, 0.5)


def path(start, cosine=-0.5, speed=lambda x: logistic(x) * logistic(-x), until=12.0):
    """Logits (T, 2) along an integrated orbit for features of squared norm 2."""

    def velocity(_, x):
        g = speed(x)
        return 2 * (g + cosine * g[::-1]) / g.sum()  # a clock of its own, so that no wait is long

    found = solve_ivp(velocity, (0, until), logit(np.asarray(start)), "DOP853", rtol=1e-12, atol=1e-13, max_step=0.1)
    return found.y.T[found.y.sum(axis=0) < 0]  # beyond, a saddle would have magnified the integrator's errors


def halves(x):
    return x.sum(axis=-1) / 2, np.abs(x[..., 0] - x[..., 1]) / 2


def integral(d, k):
    return np.array([quad(lambda v: np.sinh(v ** (1 / k)) ** (k - 1) * v ** (1 / k - 1), 0, u**k)[0] for u in d])


# N1: the first integral


@pytest.mark.ledger("N1")
@trial(
    correct=lambda s, d, k: np.cosh(s) * np.sinh(d) ** k + integral(d, k),
    slips={
        "without the integral": lambda s, d, k: np.cosh(s) * np.sinh(d) ** k,
        "its k forgotten": lambda s, d, k: np.cosh(s) * np.sinh(d) ** k + integral(d, k) / k,
        "sinh s": lambda s, d, k: np.sinh(-s) * np.sinh(d) ** k + integral(d, k),
        "the other exponent": lambda s, d, k: np.cosh(s) * np.sinh(d) ** (1 / k) + integral(d, 1 / k),
    },
)
def test_on_policy_orbits_keep_this(claim):
    # the integral in v = u^k: k sinh^(k-1) u du = sinh^(k-1)(v^(1/k)) v^(1/k - 1) dv
    for cosine in (-0.8, -0.5, 0.5):
        k = (1 + cosine) / (1 - cosine)
        for start in ((0.02, 0.1), (0.2, 0.15)):
            values = claim(*halves(path(start, cosine)), k)
            np.testing.assert_allclose(values, values[0], rtol=1e-6)
            by_package = plateaus.first_integral(logistic(path(start, cosine)), cosine)
            np.testing.assert_allclose(by_package, values, rtol=1e-6)


@pytest.mark.ledger("N1")
@trial(correct=orbits.S, slips={"e^-s": -orbits.S, "e^2s": 2 * orbits.S})
def test_supervised_orbits_keep_the_same_with_e_to_this_for_cosh_s(claim):
    claimed = sp.lambdify(orbits.S, claim)
    for cosine in (-0.8, -0.5, 0.5):
        k = (1 + cosine) / (1 - cosine)
        s, d = halves(path((0.02, 0.1), cosine, lambda x: logistic(-x)))
        values = np.exp(claimed(s)) * np.sinh(d) ** k + integral(d, k)
        np.testing.assert_allclose(values, values[0], rtol=1e-6)


@pytest.mark.ledger("N1")
@trial(
    correct=(sp.cosh(orbits.S), sp.exp(orbits.S)),
    slips={"exchanged": (sp.exp(orbits.S), sp.cosh(orbits.S)), "one for both": (sp.cosh(orbits.S),) * 2},
)
def test_the_total_derivative_of_both_vanishes_for_every_cosine(claim):
    tail = orbits.K * sp.Integral(sp.sinh(orbits.U) ** (orbits.K - 1), (orbits.U, 0, orbits.D))
    for law, height in zip(("on-policy", "supervised"), claim, strict=True):
        quantity = height * sp.sinh(orbits.D) ** orbits.K + tail
        assert orbits.change(quantity, law) == 0
        assert orbits.first_integral(law) == quantity
        # the same by thirty digits, differentiated by hand: dI/ds ds/dt + dI/dd dd/dt
        at = {orbits.C: sp.Rational(-1, 2), orbits.S: sp.Rational(-7, 5), orbits.D: sp.Rational(4, 7)}
        k = sp.Rational(1, 3)
        by_s = sp.diff(height, orbits.S) * sp.sinh(orbits.D) ** k
        by_d = k * sp.sinh(orbits.D) ** (k - 1) * (height * sp.cosh(orbits.D) + 1)
        rate = by_s * orbits.motion(law)[0] + by_d * orbits.motion(law)[1]
        assert abs(sp.N(rate.subs(at), 30)) < 1e-25


@pytest.mark.ledger("N1")
@trial(
    correct=(1, -1, -1),
    slips={"the sum": (1, 1, 1), "without the bias": (1, -1, 0), "a component's own logit": (1, 0, 1)},
)
def test_in_theta_this_combination_is_kept_whatever_the_coupling(claim):
    features = np.array([[1.0, 0.0, 1.0], [0.0, 1.0, -1.0]])
    for f in (lambda J: J * (1 - J), lambda J: 1 - J, lambda J: 0.05 + J**2):
        run = solve_ivp(lambda _, t, f=f: f(logistic(features @ t)) @ features, (0, 20), [-1.0, -2.5, 0.4], rtol=1e-10)
        kept = np.array(claim) @ run.y
        np.testing.assert_allclose(kept, kept[0], atol=1e-7)
    assert sp.expand(orbits.conserved_parameters() - sum(c * t for c, t in zip(claim, bandit.THETA, strict=True))) == 0


# N2: reversibility


@pytest.mark.ledger("N2")
@trial(correct=(1, 0), slips={"without the swap": (0, 1)})
def test_around_the_crossing_one_component_is_one_minus_this_other_with_time_reversed(claim):
    for start in ((0.05, 0.15), (0.3, 0.1)):
        _, at = orbit(np.array(start), below_antidiagonal)
        before, after = (
            solve_ivp(
                lambda _, J: rates(J),
                (0, sign * 40),
                at,
                "DOP853",
                np.linspace(0, sign * 40, 9),
                rtol=1e-12,
                atol=1e-13,
            ).y
            for sign in (-1, 1)
        )
        np.testing.assert_allclose(after, 1 - before[list(claim)], atol=1e-8)


@pytest.mark.ledger("N2")
@trial(
    correct=lambda p, q: (1 - q, 1 - p),
    slips={"each its own": lambda p, q: (1 - p, 1 - q), "swapped": lambda p, q: (q, p)},
)
def test_a_start_p_q_passes_through_this_point(claim):
    for start in ((0.05, 0.15), (0.3, 0.1), (0.02, 0.4)):
        goal = np.array(claim(*start))
        J, _ = orbit(np.array(start), lambda J: J.min() - 0.99, direction=1)
        x = logit(J)
        nearest = np.linalg.norm(x - logit(goal), axis=1).min()
        assert nearest < 0.3  # steps are 0.25 of the clock at most, and each logit moves by less than 2 in one of it


@pytest.mark.ledger("N2")
@trial(correct=(1 - J2, 1 - J1), slips={"no swap": (J1, J2), "rotation": (1 - J2, J1)})
def test_the_velocities_are_those_of_the_time_reversed_flow_under_this_map(claim):
    # K(t) = map(J(-t)) has the velocity -Dmap V(J); the flow is reversed by the map if that is V(K)
    change = sp.Matrix(claim).jacobian([J1, J2]) * RATES
    there = RATES.subs({J1: claim[0], J2: claim[1]}, simultaneous=True)
    assert (change + there).applyfunc(sp.expand) == sp.zeros(2, 1)


@pytest.mark.ledger("N2")
@trial(correct=2, slips={"one": 1})
def test_so_the_heights_at_equal_times_before_and_after_add_up_to_this(claim):
    _, at = orbit(np.array([0.05, 0.15]), below_antidiagonal)
    heights = [
        solve_ivp(lambda _, J: rates(J), (0, t), at, "DOP853", rtol=1e-12, atol=1e-13).y[:, -1].sum() for t in (-30, 30)
    ]
    assert np.isclose(sum(heights), claim, atol=1e-8)


# N3: exact basins


@pytest.mark.ledger("N3")
@trial(
    correct=lambda c, d: (1 + c) / 4 / np.cosh(d / 2) ** 4,
    slips={
        "for the bandit only": lambda c, d: 1 / 8 / np.cosh(d / 2) ** 4,
        "squared": lambda c, d: (1 + c) / 4 / np.cosh(d / 2) ** 2,
        "of d": lambda c, d: (1 + c) / 4 / np.cosh(d) ** 4,
    },
)
def test_an_orbit_crosses_at_half_difference_d_with_this_slope(claim):
    for cosine in COSINES:
        for d in (0.1, 1.0, 5.0):
            a = logistic(np.array([d, -d])) * logistic(np.array([-d, d]))
            slope = 2 * (a @ a + 2 * cosine * a.prod())
            assert np.isclose(slope, claim(cosine, d), rtol=1e-12)
            by_symbols = float(orbits.crossing_slope().subs({orbits.C: cosine, orbits.D: d}))
            assert np.isclose(slope, by_symbols, rtol=1e-12)
            J = logistic(np.array([d, -d]))
            assert np.isclose(plateaus.flatness(J, cosine), slope, rtol=1e-9)


@pytest.mark.ledger("N3")
@trial(
    correct=lambda J, epsilon: (J.sum() < 1) and first(J) >= first_at(epsilon),
    slips={
        "also behind the crossing": lambda J, epsilon: first(J) >= first_at(epsilon),
        "the other side of the level": lambda J, epsilon: (J.sum() < 1) and first(J) <= first_at(epsilon),
        "twice as flat": lambda J, epsilon: (J.sum() < 1) and first(J) >= first_at(epsilon / 2),
    },
)
def test_these_starts_have_a_plateau_of_epsilon_or_flatter_ahead(claim):
    for epsilon in (1e-3, 0.02, 0.1):
        for J in np.random.default_rng(7).uniform(0.02, 0.9, (25, 2)):
            ahead = J.sum() < 1 and rates(orbit(J, below_antidiagonal)[1]).sum() <= epsilon
            assert claim(J, epsilon) == ahead
            assert plateaus.in_basin(J, epsilon) == ahead


def first(J):
    s, d = halves(logit(J))
    return np.cosh(s) * np.sinh(d) ** (1 / 3) + integral(np.array([d]), 1 / 3)[0]


def first_at(epsilon):
    d = 2 * np.arccosh((8 * epsilon) ** -0.25)
    return np.sinh(d) ** (1 / 3) + integral(np.array([d]), 1 / 3)[0]


# N4: the law of flatness


@pytest.mark.ledger("N4")
@trial(
    correct=lambda p, q: 128 * p**4 * q**4 / (p - q) ** 2,
    slips={
        "128 halved": lambda p, q: 64 * p**4 * q**4 / (p - q) ** 2,
        "without the difference": lambda p, q: 128 * p**3 * q**3,
        "with the sum": lambda p, q: 128 * p**4 * q**4 / (p + q) ** 2,
    },
)
def test_towards_the_origin_flatness_is_this(claim):
    for p, q in ((1.0, 0.3), (0.1, 1.0)):
        h = 5e-3
        _, at = orbit(h * np.array([p, q]), below_antidiagonal)
        found = 2 * (at.min() * (1 - at.min())) ** 2  # J' from the smaller of the two, which keeps its digits
        assert np.isclose(found, claim(h * p, h * q), rtol=0.1)
        assert np.isclose(
            plateaus.flatness([1e-9 * p, 1e-9 * q], log=True), np.log(claim(1e-9 * p, 1e-9 * q)), atol=1e-6
        )
        by_symbols = orbits.flatness_law().subs(
            {orbits.C: sp.Rational(-1, 2), orbits.P: max(p, q), orbits.Q: min(p, q)}
        )
        assert np.isclose(float(by_symbols), claim(p, q), rtol=1e-12)


@pytest.mark.ledger("N4")
@trial(
    correct=lambda c: 2 * (1 - c) / (1 + c),
    slips={"of the bandit, for all": lambda c: 6.0, "turned over": lambda c: 2 * (1 + c) / (1 - c)},
)
def test_with_the_scale_of_the_start_flatness_falls_like_this_power(claim):
    for cosine in COSINES:
        scales = np.array([1e-40, 1e-41])[:, None]
        found = plateaus.flatness(scales * [0.3, 0.1], cosine, log=True)
        assert np.isclose((found[0] - found[1]) / np.log(10), claim(cosine), rtol=1e-9)
        law = sp.log(orbits.flatness_law().subs(orbits.C, sp.nsimplify(cosine)))
        at = [
            float(sp.N(law.subs({orbits.P: h * sp.Rational(3, 10), orbits.Q: h / sp.Integer(10)})))
            for h in (1, sp.Rational(1, 10))
        ]
        assert np.isclose((at[0] - at[1]) / np.log(10), claim(cosine), rtol=1e-9)


# N5: the law of time


@pytest.mark.ledger("N5")
@trial(correct=4 * sp.sqrt(2) / 3, slips={"the half of it": 2 * sp.sqrt(2) / 3, "an eighth's root": 1 / sp.sqrt(8)})
def test_the_way_past_the_saddle_takes_this_over_the_root_of_epsilon(claim):
    assert sp.simplify(orbits.plateau_time() * sp.sqrt(orbits.EPSILON) - claim) == 0
    # by an integrator on p' = p (2 p - r), r' = r (p - 2 r) from r = 1 to p = 1, through p = r = a
    a = 1e-4
    leaving = lambda _, y: max(y)
    leaving.terminal = True  # logarithms of p and r
    half = solve_ivp(
        lambda _, y: np.array([2 * np.exp(y[0]) - np.exp(y[1]), np.exp(y[0]) - 2 * np.exp(y[1])]),
        (0, 1e9), [np.log(a)] * 2, "DOP853", rtol=1e-11, atol=1e-12, events=leaving,
    ).t[-1]  # fmt: skip
    assert np.isclose(2 * half * np.sqrt(2 * a**2), float(claim), rtol=1e-3)


@pytest.mark.ledger("N5")
@trial(
    correct=lambda p, q: abs(p - q) / (6 * p**2 * q**2),
    slips={"three": lambda p, q: abs(p - q) / (3 * p**2 * q**2), "the sum": lambda p, q: (p + q) / (6 * p**2 * q**2)},
)
def test_in_terms_of_the_start_that_is_this(claim):
    for p, q in ((1e-3, 3e-4), (2e-4, 2e-3)):
        wait = plateaus.travel_time(plateaus.flatness([p, q]), p + q)
        assert np.isclose(wait, claim(p, q), rtol=0.01)
        assert np.isclose(plateaus.plateau_time(plateaus.flatness([p, q])), claim(p, q), rtol=0.01)


@pytest.mark.ledger("N5")
@trial(
    correct=lambda b: 2 ** (2 * b - 1) * mp.sqrt(b) * mp.beta(b, b),
    slips={"as at -1/2": lambda b: 4 * mp.sqrt(2) / 3, "without the root": lambda b: 2 ** (2 * b - 1) * mp.beta(b, b)},
)
def test_for_another_cosine_the_constant_is_this_with_b_1_over_1_plus_c(claim):
    for cosine in (-0.8, -0.5, 0.0, 0.5):
        found = plateaus.travel_time(1e-20, 0.2, cosine) * 1e-10
        assert np.isclose(found, float(claim(1 / (1 + mp.mpf(cosine)))), rtol=1e-7)
        assert np.isclose(plateaus.plateau_time(1.0, cosine), found, rtol=1e-7)


# N6: the threshold


@pytest.mark.ledger("N6")
@trial(
    correct=lambda c: (3 - c) / (2 * (7 - c)),
    slips={"of the bandit, for all": lambda c: 7 / 30, "the other sign": lambda c: (3 + c) / (2 * (7 + c))},
)
def test_a_crossing_is_a_plateau_just_below_this_a(claim):
    for cosine in (-0.9, *COSINES, 0.9):
        for relative, plateau in ((0.992, True), (1.008, False)):
            a = claim(cosine) * relative
            x = 2 * np.arccosh(1 / np.sqrt(4 * a))  # a = 1 / (4 cosh^2(x / 2))
            steps = 1e-3 * np.array([-1, 0, 1])

            def speed(t, x=x, c=cosine):
                g = lambda y: 1 / (2 + 2 * np.cosh(y))
                flow = lambda _, y: 2 * (g(y) + c * g(y[::-1]))
                y = (
                    solve_ivp(flow, (0, t), [x, -x], "DOP853", rtol=1e-13, atol=1e-14).y[:, -1]
                    if t
                    else np.array([x, -x])
                )
                return 2 * (g(y) @ g(y) + 2 * c * g(y).prod())

            wide = [speed(t * 100) for t in steps]  # J' before, at and after the crossing
            assert (wide[0] + wide[2] > 2 * wide[1]) == plateau
        assert np.isclose(plateaus.flattest(cosine), claim(cosine), rtol=1e-12)
        assert np.isclose(float(orbits.flattest().subs(orbits.C, cosine)), claim(cosine), rtol=1e-12)


@pytest.mark.ledger("N6")
@trial(correct=-1, slips={"from minus to plus": 1})
def test_at_the_threshold_the_fifth_derivative_of_J_has_this_sign_so_no_plateau_branches_off_sideways(claim):
    c = sp.Symbol("c")
    a = [J1 * (1 - J1), J2 * (1 - J2)]
    flow = [2 * a[0] * (a[0] + c * a[1]), 2 * a[1] * (a[1] + c * a[0])]
    found = sum(flow)
    for _ in range(4):
        found = sp.expand(sp.diff(found, J1) * flow[0] + sp.diff(found, J2) * flow[1])
    found = sp.cancel(found.subs(J2, 1 - J1) / (J1 * (1 - J1)) ** 6)  # a polynomial in a = J1 (1 - J1)
    a = sp.Symbol("a")
    in_a = sp.expand(found.subs(J1, (1 - sp.sqrt(1 - 4 * a)) / 2))
    at_threshold = sp.factor(in_a.subs(a, (3 - c) / (2 * (7 - c))))
    assert sp.sign(at_threshold.subs(c, 0)) == claim
    assert [root for root in sp.real_roots(sp.numer(at_threshold)) if -1 < root < 1] == []  # so for every cosine


# N7: one component on its own


@pytest.mark.ledger("N7")
@trial(
    correct={
        "on-policy": lambda x, c: 2 * (x + sp.sinh(x)) / c,
        "supervised": lambda x, c: (x + sp.exp(x)) / c,
        "natural": lambda x, c: x,
    },
    slips={
        "ct for ct/2": {
            "on-policy": lambda x, c: (x + sp.sinh(x)) / c,
            "supervised": lambda x, c: (x + sp.exp(x)) / c,
            "natural": lambda x, c: x,
        },
        "the norm in the natural one": {
            "on-policy": lambda x, c: 2 * (x + sp.sinh(x)) / c,
            "supervised": lambda x, c: (x + sp.exp(x)) / c,
            "natural": lambda x, c: x / c,
        },
    },
)
def test_time_is_this_function_of_the_logit(claim):
    x = sp.Symbol("x", real=True)
    for c in (1, 2, 5):
        feature = v = np.sqrt(c) * np.array([0.6, 0.8])
        # the update itself, in parameters; the natural gradient divides by the Fisher matrix a v v^T
        updates = {
            "on-policy": lambda J, v=v: J * (1 - J) * v,
            "supervised": lambda J, v=v: (1 - J) * v,
            "natural": lambda J, v=v: np.linalg.pinv(J * (1 - J) * np.outer(v, v)) @ (J * (1 - J) * v),
        }
        for law, update in updates.items():
            time = sp.lambdify(x, claim[law](x, c))
            run = solve_ivp(
                lambda _, t, u=update, v=v: u(logistic(v @ t)), (0, 4), feature * -1.5 / c, "DOP853", [0, 1, 4],
                rtol=1e-10, atol=1e-12,
            )  # fmt: skip
            logits = feature @ run.y
            np.testing.assert_allclose(time(logits) - time(logits[0]), [0, 1, 4], atol=1e-7)
            np.testing.assert_allclose(plateaus.clock([0, 1, 4], logistic(-1.5), law, c), logistic(logits), rtol=1e-7)
            exact = orbits.lone_clock(law).subs({orbits.X: x, orbits.N: c})
            assert sp.simplify(exact - claim[law](x, c)) == 0


@pytest.mark.ledger("N7")
@trial(correct=1, slips={"of norm 2": 2})
def test_the_natural_gradient_of_the_bandit_moves_both_logits_at_this_speed(claim):
    features = np.array([[1.0, 0.0, 1.0], [0.0, 1.0, -1.0]])
    for theta in np.random.default_rng(5).normal(size=(10, 3)):
        a = logistic(features @ theta) * logistic(-features @ theta)
        fisher = features.T @ np.diag(a) @ features
        np.testing.assert_allclose(features @ np.linalg.pinv(fisher, rcond=1e-12) @ (a @ features), claim, rtol=1e-9)
    assert list(orbits.natural_speeds()) == [claim, claim]


@pytest.mark.ledger("N7")
@trial(
    correct=lambda m: mp.lambertw(mp.exp(m)) / (1 + mp.lambertw(mp.exp(m))),
    slips={"W alone": lambda m: mp.lambertw(mp.exp(m)), "of m": lambda m: mp.lambertw(m) / (1 + mp.lambertw(m))},
)
def test_supervised_performance_is_this_of_C_plus_ct_beyond_where_e_to_the_x_overflows(claim):
    with mp.workdps(40):
        start = mp.mpf("0.001")
        x = mp.log(start / (1 - start))
        for t in (0.5, 5, 50, 5000):
            J = claim(x + mp.exp(x) + 2 * t)
            found = plateaus.clock([t], 0.001, "supervised", 2.0)[0]
            assert abs(found - J) < 1e-14 * abs(J)
