"""Factored objectives in symbols: for more components than the paper writes out, and against numbers."""

import numpy as np
import pytest
import sympy as sp

from raylab.symbolic import bandit, equivalent, factored, orbits, turning

U = factored.U


def kept(components, parameters):
    """C.2 with the inner products of v_k that turn."""
    V = turning.features(components, parameters)
    products, K = V * V.T, range(components)
    return factored.acceleration_by_rates(components).subs(
        {factored.gram(components)[k, j]: products[k, j] for k in K for j in K}
    )


@pytest.mark.parametrize("K", [1, 2, 3, 4])
def test_the_acceleration_is_a_sum_over_the_components_for_any_number_of_them(K):
    assert sp.expand(factored.acceleration(K) - factored.acceleration_by_rates(K)) == 0


@pytest.mark.parametrize("K", [2, 3, 4])
def test_the_slope_of_the_quadratic_form_is_what_makes_it_so(K):
    f, rates = factored.couplings(K), factored.rates(K)
    for k, J in enumerate(factored.heights(K)):
        slope = sp.diff(factored.performance_rate(K), J)
        assert sp.expand(slope - 2 * sp.diff(f[k], J) * sp.expand(rates[k] / f[k])) == 0


@pytest.mark.parametrize(("K", "d"), [(1, 2), (2, 2), (2, 3), (3, 2)])
def test_what_the_second_order_form_leaves_out_is_the_turning_of_the_features(K, d):
    assert sp.expand(turning.acceleration(K, d) - kept(K, d) - turning.neglected(K, d)) == 0
    assert turning.neglected(K, d) != 0


@pytest.mark.parametrize("d", [1, 2, 3])
def test_the_eight_terms_add_up_to_the_slope_of_the_rate(d):
    difference = turning.slope_of_the_rate(2, d) - sum(turning.eight_terms(d), sp.zeros(d, 1))
    assert difference.applyfunc(sp.expand) == sp.zeros(d, 1)
    assert all(term != sp.zeros(d, 1) for term in turning.eight_terms(d))


@pytest.mark.parametrize("K", [1, 2, 3])
def test_the_third_derivative_has_the_form_that_its_text_gives(K):
    J, f = factored.heights(K), factored.couplings(K)
    u = factored.gram(K) * f
    slopes = [sp.diff(f[k], J[k]) for k in range(K)]
    z = sp.Matrix([slopes[k] * f[k] * u[k] for k in range(K)])
    alone = [2 * (f[k] * sp.diff(f[k], J[k], 2) + slopes[k] ** 2) * f[k] * u[k] ** 3 for k in range(K)]
    together = 4 * (z.T * factored.gram(K) * z)[0]
    assert sp.expand(factored.jerk(K) - sum(alone) - together) == 0


def as_bandit(expression):
    """f = u (1 - u), squared norm 2, cosine -1/2."""
    g = dict(zip(factored.gram(2), (2, -1, -1, 2), strict=True))
    for name in ("f1", "f2"):
        expression = expression.replace(sp.Function(name), lambda u: u * (1 - u)).subs(g).doit()
    return sp.expand(expression.subs(dict(zip(factored.heights(2), (bandit.J1, bandit.J2), strict=True))))


def test_with_the_coupling_of_the_bandit_all_is_as_in_the_bandit():
    assert as_bandit(factored.acceleration(2)) == sp.expand(bandit.acceleration())
    assert as_bandit(factored.jerk(2)) == sp.expand(bandit.jerk())
    assert [as_bandit(rate) for rate in factored.rates(2)] == list(bandit.velocity())
    clines = [as_bandit(cline) for cline in factored.null_clines()]
    assert clines == [sp.expand(cline) for cline in bandit.null_clines()]


def test_the_threshold_of_plateaus_for_any_symmetric_coupling_gives_that_of_the_bandit():
    (J1,) = factored.heights(1)
    f = factored.SHAPE(J1)
    here = factored.crossing_jerk()
    wanted = (3 - factored.COSINE) * f.diff(J1) ** 2 + (1 + factored.COSINE) * f * f.diff(J1, 2)
    assert equivalent(here, 4 * (1 + factored.COSINE) ** 2 * f**4 * wanted)
    a = orbits.A
    in_a = here.subs({f.diff(J1, 2): -2, f.diff(J1): sp.sqrt(1 - 4 * a)}).subs(f, a)
    (threshold,) = sp.solve(sp.cancel(in_a / a**4), a)
    assert sp.cancel(threshold - orbits.flattest().subs(orbits.C, factored.COSINE)) == 0


def test_the_edge_has_the_turning_of_the_winner_alone():
    v = turning.features(2, 2).row(1).T
    (_, f2), (_, J2) = factored.couplings(2), factored.heights(2)
    turn = v.dot(v.jacobian(turning.place(2)) * v)
    wanted = 2 * v.dot(v) ** 2 * sp.diff(f2, J2) * f2**3 + 2 * f2**3 * turn
    assert sp.expand(turning.edge_acceleration(2) - wanted) == 0


@pytest.mark.parametrize("n", [2, 3, 4, 5])
def test_the_softmax_feature_has_these_two_numbers(n):
    w = turning.wrong(n)
    Q, C = (sum(x**m for x in w) / sum(w) ** m for m in (2, 3))
    square, turn = turning.softmax_feature(n)
    assert sp.simplify(square - 2 * (1 + Q)) == 0
    assert sp.simplify(turn - 4 * (Q**2 - C)) == 0
    equal = dict.fromkeys(w, 1)
    assert turn.subs(equal) == 0 == turning.neglect(n).subs(equal)


def shares(rng, number, arms):
    """Shares of the wrong actions, (number, arms): from nearly equal to one that has nearly all."""
    return np.concatenate([rng.dirichlet(np.full(arms, alpha), number) for alpha in (0.1, 0.5, 2.0)])


def neglect(w):
    Q, C = (w**2).sum(axis=-1), (w**3).sum(axis=-1)
    return (C - Q**2) / (1 + Q) ** 2


def test_no_policy_neglects_more_than_the_bound_and_some_come_close():
    rng = np.random.default_rng(0)
    share, bound = (float(value) for value in turning.neglect_bound())
    for arms in (1, 2, 3, 5, 20, 100):
        assert neglect(shares(rng, 20_000, arms)).max() <= bound
    arms = 10**5
    close = np.full(arms, (1 - share) / (arms - 1))
    close[0] = share
    assert bound * (1 - 1e-4) < neglect(close) < bound
    assert neglect(np.append(close[1:].mean() * np.ones(2), 1 - 2 * close[1:].mean())) < bound / 100


def test_the_two_halves_of_the_proof_of_the_bound():
    """C <= s Q and s^2 <= Q, so R <= Q (s - Q) / (1 + Q)^2; its largest value over Q in [s^2, s] for each s."""
    s, Q = turning.SHARE, sp.Symbol("Q", positive=True)
    over = Q * (s - Q) / (1 + Q) ** 2
    (peak,) = sp.solve(sp.numer(sp.together(sp.diff(over, Q))), Q)
    assert sp.cancel(peak - s / (2 + s)) == 0
    assert sp.cancel(over.subs(Q, peak) - s**2 / (4 * (1 + s))) == 0
    meet = sp.sqrt(2) - 1  # peak = s^2
    assert sp.simplify(peak.subs(s, meet) - meet**2) == 0
    _, bound = turning.neglect_bound()
    assert sp.N((s**2 / (4 * (1 + s))).subs(s, meet)) < sp.N(bound)  # and it grows with s
    assert sp.cancel(over.subs(Q, s**2) - s**3 * (1 - s) / (1 + s**2) ** 2) == 0


@pytest.mark.parametrize(
    ("coupling", "distance"),
    [
        (U * (1 - U), sp.oo),
        (U**2 * (1 - U), sp.oo),
        (2 * sp.sqrt(U * (1 - U)), sp.pi / 4),
        (1 - U, sp.log(2)),
    ],
)
def test_the_way_down_to_zero_is_infinite_for_a_smooth_coupling_that_vanishes_there(coupling, distance):
    assert sp.simplify(factored.way_to_zero(coupling) - distance) == 0 or factored.way_to_zero(coupling) == distance


def test_the_strip_of_the_bandit_is_where_the_rate_of_the_loser_is_negative():
    J2 = factored.heights(2)[1]
    width = sp.lambdify((J2, factored.COSINE), factored.strip())
    for c in (-0.9, -0.5, -0.1):
        for top in (0.2, 0.5, 0.9, 0.999):
            for share, sign in ((0.99, -1), (1.01, 1)):
                x = share * width(top, c)
                assert np.sign(x * (1 - x) + c * top * (1 - top)) == sign


@pytest.mark.parametrize("cosine", [-sp.Rational(i, 20) for i in range(1, 20)])
def test_in_the_bandit_no_plateau_lies_where_one_component_falls(cosine):
    """With r = -cosine and lengths 1, where J1 falls and J'' = 0: J''' < 0.  [ledger S33]

    There f_1' > 0 > f_2'. Write alpha, beta for their sizes, q = f_1 / f_2 < r, A = r - q and B = 1 - r q, so that
    |u_1| = f_2 A and u_2 = f_2 B with A < B. J'' = 0 says that R = (alpha / beta) q A^2 / B^2 is 1, and J''' has the
    sign of (log R)'. As alpha' = 2 f_1 |u_1|, beta' = 2 f_2 u_2 and (log q)' = beta u_2 - alpha |u_1| < 0, that is

        2 q A / alpha - 2 B / beta + (beta B - alpha A) (1 - 2 q (1 - r^2) / (A B)),    beta = alpha q A^2 / B^2,

    times f_2 > 0 twice. With alpha < 1 it is negative where a polynomial in q is positive: exact, by counting roots.
    """
    q, r = factored.X, -cosine
    A, B = r - q, 1 - r * q
    kept = 2 * B**3 / (q * A**2) - 2 * q * A  # what makes log R fall, times alpha
    against = (A - q * A**2 / B) * (2 * q * (1 - r**2) / (A * B) - 1)  # what may make it rise, over alpha
    polynomial = sp.Poly(sp.cancel((kept - against) * q * A**2 * B**2), q)
    assert polynomial.eval(0) > 0 and polynomial.count_roots(0, r) == 0


def test_beside_the_saddle_the_ratio_of_the_couplings_moves_as_its_drift_says():
    values = {"a": 3.0, "b": 0.5, "g11": 1.0, "g12": -0.6, "g22": 0.8}
    drift = sp.lambdify(factored.X, factored.corner_drift().subs({s: values[s.name] for s in DRIFT}))
    a, b = values["a"], values["b"]
    q, h = 1e-6, 1e-7
    for x in (0.05, 0.3, 2.0):
        f = np.array([b * q * x, b * q])
        u = np.array([[1.0, -0.6], [-0.6, 0.8]]) @ f
        p = f[0] / a
        later = a * (p + h * f[0] * u[0]) / (b * (q - h * f[1] * u[1]))
        assert np.isclose((np.log(later) - np.log(x)) / h, drift(x) * b * q, rtol=1e-3)


DRIFT = [s for s in factored.corner_drift().free_symbols if s != factored.X]


def test_other_kinds_of_arguments_are_refused():
    with pytest.raises(ValueError, match="components: expected at least 1"):
        factored.acceleration(0)
    with pytest.raises(ValueError, match="actions: expected at least 2"):
        turning.neglect(1)
    with pytest.raises(ValueError, match="coupling: expected an expression in U alone"):
        factored.way_to_zero(sp.Symbol("x"))
    with pytest.raises(TypeError, match="coupling: expected a sympy expression"):
        factored.way_to_zero("u")
