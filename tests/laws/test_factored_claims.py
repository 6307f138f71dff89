"""Section 3.1 and appendix C on trial: objectives whose gradients are f_k(J_k) v_k."""

import itertools

import numpy as np
import pytest
import sympy as sp
from oracles import J1, J2, RATES, logistic, orbit, policy, rates, second_wins
from scipy.integrate import solve_ivp
from scipy.optimize import brentq
from trial import trial

from raylab.symbolic import factored, turning

U = factored.U
C = factored.COSINE
SEVENTH = (1 - np.sqrt(3 / 7)) / 2  # of two wrong arms, x (1 - x) = 1/7: where the neglected term weighs most


def couplings(*expressions):
    """(f_1, f_2) and their slopes in numbers, from expressions in U."""
    return tuple(tuple(sp.lambdify(U, e) for e in row) for row in (expressions, [sp.diff(e, U) for e in expressions]))


def pushes(J, f, G):
    """u = G f(J), and f: J_k' = f_k u_k."""
    heights = np.stack([np.broadcast_to(f[k](J[k]), np.shape(J[k])) for k in range(len(f))])
    return np.tensordot(G, heights, axes=1), heights


def bend(J, f, slopes, G):
    """J'' by differentiating J' = f^T G f along the flow: grad J' = 2 f' (G f)."""
    u, heights = pushes(J, f, G)
    by_height = np.stack([2 * np.broadcast_to(slopes[k](J[k]), u[k].shape) * u[k] for k in range(len(f))])
    return (by_height * heights * u).sum(axis=0)


def unit(c):
    return np.array([[1.0, c], [c, 1.0]])


ON_POLICY = U * (1 - U)
LABELS = 1 - U
MIX = ((1 - sp.Rational(1, 10)) * U + sp.Rational(1, 20)) * (1 - U)


# S26: Eq. (5)


@pytest.mark.ledger("S26")
@trial(correct=np.greater_equal, printed=np.greater, slips={"at most zero": np.less_equal})
def test_the_factor_between_a_gradient_and_its_feature_compares_with_zero_like_this(claim):
    for f in (ON_POLICY, LABELS, MIX):
        along = np.array([float(f.subs(U, u)) for u in (0, 0.1, 0.5, 0.9, 1)])
        assert claim(along, 0).all() and along[1:-1].min() > 0


@pytest.mark.ledger("S26")
@trial(correct=sp.Integer(0), printed=sp.Rational(1, 10), slips={"a hundredth": sp.Rational(1, 100)})
def test_performance_stays_below_one_for_ever_only_if_the_coupling_there_is_this(claim):
    # J' = f along a unit v: the time from one half up to 1 is the integral of du / f
    f = ON_POLICY + claim * U
    assert sp.integrate(1 / f, (U, sp.Rational(1, 2), 1)).has(sp.oo)


# S27: smooth, zero at zero, and falling

RESTLESS = sp.exp(-1 / U) * (2 + sp.sin(1 / U**2))


@pytest.mark.ledger("S27")
@trial(correct=-1, printed=1)
def test_closer_and_closer_to_zero_there_are_points_where_the_slope_has_this_sign(claim):
    slope = sp.diff(RESTLESS, U)
    for n in (1, 2, 3, 10, 1000):
        u = 1 / sp.sqrt(2 * sp.pi * n)
        assert sp.simplify(slope.subs(U, u) - 2 * (u - 1) * sp.exp(-1 / u) / u**3) == 0
        assert sp.sign(sp.N(slope.subs(U, u), 30)) == claim
    assert sp.simplify(factored.restless() - RESTLESS) == 0


@pytest.mark.ledger("S27")
@trial(
    correct={"restless": False, "on-policy": True, "square": True},
    printed={"restless": True, "on-policy": True, "square": True},
)
def test_a_coupling_grows_all_the_way_from_zero_to_a_hundredth_for_these(claim):
    made = {"restless": RESTLESS, "on-policy": ON_POLICY, "square": U**2 * (1 - U)}  # the last two are analytic
    for name, f in made.items():
        assert sp.limit(f, U, 0, "+") == 0
        # the sign without e^(-1/u), which underflows; where 1/u^2 = 2 pi n, and half way between
        ratio = sp.lambdify(U, sp.simplify(sp.diff(f, U) / f))
        u = np.sort(1 / np.sqrt(np.pi * np.arange(3200, 9600, dtype=float)))
        assert (u < 0.01).all() and (ratio(u) > 0).all() == claim[name]


@pytest.mark.ledger("S27")
def test_that_function_is_smooth_at_zero():
    # Every derivative is e^(-1/u) times a polynomial in 1/u, sin and cos: so is the derivative of such a product,
    # and e^(-1/u) is less than any power of u.
    x, s, c = sp.symbols("x s c")
    f = RESTLESS
    for _ in range(5):
        core = sp.expand(sp.expand(f) * sp.exp(1 / U))
        core = core.subs({sp.sin(1 / U**2): s, sp.cos(1 / U**2): c}).subs(U, 1 / x)
        assert sp.expand(core).is_polynomial(x, s, c)
        f = sp.diff(f, U)


# S28: where saddles are

PHI = sp.Symbol("phi", real=True)
CURVES = {  # f, and S(phi) with S' = f(S)
    ON_POLICY: 1 / (1 + sp.exp(-PHI)),
    2 * sp.sqrt(U * (1 - U)): sp.sin(PHI) ** 2,
    sp.sqrt(U) * (1 - U): sp.tanh(PHI / 2) ** 2,
    LABELS: 1 - sp.exp(-PHI),
}


def vanishes(f):
    return f.subs(U, 0) == 0


@pytest.mark.ledger("S28")
@trial(
    correct=lambda f: vanishes(f) and factored.way_to_zero(f) != sp.oo,
    printed=vanishes,
    slips={"if the way is finite": lambda f: factored.way_to_zero(f) != sp.oo},
)
def test_a_finite_theta_has_J_zero_and_no_gradient_if(claim):
    for f, S in CURVES.items():
        rising = {PHI: sp.Rational(7, 10)}  # on a rising stretch, S' = f(S)
        assert abs(sp.N((sp.diff(S, PHI) - f.subs(U, S)).subs(rising), 30)) < 1e-25
        found = [phi for phi in sp.solveset(S, PHI, sp.Interval(-1, 1)) if sp.diff(S, PHI).subs(PHI, phi) == 0]
        assert bool(found) == claim(f)


@pytest.mark.ledger("S28")
@trial(
    correct={"the same": np.sqrt(0.5), "opposite": 0.0, "independent": 0.0},
    printed=dict.fromkeys(("the same", "opposite", "independent"), 0.0),
)
def test_with_these_features_parameters_come_as_close_to_the_corner_as(claim):
    theta = np.stack(np.meshgrid(*2 * [np.linspace(-60, 60, 241)]), axis=-1).reshape(-1, 2)
    features = {"the same": [[1, 0], [1, 0]], "opposite": [[1, 0], [-1, 0]], "independent": [[1, 0.5], [0.5, 1]]}
    for name, V in features.items():
        with np.errstate(over="ignore"):
            J = logistic(theta @ np.array(V).T)  # f_1(0) = 0 in all three
        assert abs(np.hypot(J[:, 0], 1 - J[:, 1]).min() - claim[name]) < 1e-10


@pytest.mark.ledger("S28")
@trial(correct=(1, -1), slips={"a maximum": (-1, -1), "a minimum": (1, 1)})
def test_beside_that_corner_J_is_higher_on_one_edge_and_lower_on_the_other(claim):
    corner = np.array([0.0, 1.0])
    assert rates(corner).tolist() == [0, 0]
    steps = np.array([[1e-3, 0.0], [0.0, -1e-3]])
    assert tuple(np.sign((corner + steps).sum(axis=1) - 1)) == claim


# S29, S31: nothing neglected


def softmax(theta):
    """J (2,) and its gradients (2, 9) for K = 2, n = 3 in full parameters, from the definition."""
    pi = policy(theta[:6].reshape(3, 2), theta[6:])
    rows = []
    for k in range(2):
        score = (np.arange(3) == k) - pi[:, k]
        W = np.zeros((3, 2))
        W[:, k] = score
        rows.append(pi[k, k] * np.concatenate([W.ravel(), score]))
    return np.diag(pi), np.array(rows)


def beside(J, w, hopeless=-60.0):
    """theta with J1 = 0 to all digits, J2 = J and the wrong arms of context 2 in the shares w, 1 - w."""
    W = np.zeros((3, 2))
    W[0, 0] = hopeless
    W[:, 1] = np.log([(1 - J) * w, J, (1 - J) * (1 - w)])
    return np.append(W.ravel(), np.zeros(3))


def turned(theta, h=1e-4):
    """J'' along theta' = grad J, by central differences of |grad J|^2."""
    g = softmax(theta)[1].sum(axis=0)
    ends = [softmax(theta + sign * h * g)[1].sum(axis=0) for sign in (1, -1)]
    return (ends[0] @ ends[0] - ends[1] @ ends[1]) / (2 * h)


def share(w):
    """R for three actions."""
    Q, cubes = w**2 + (1 - w) ** 2, w**3 + (1 - w) ** 3
    return (cubes - Q**2) / (1 + Q) ** 2


def edge(left_out):
    def value(J, w):
        f, square = J * (1 - J), 2 * (1 + w**2 + (1 - w) ** 2)
        return 2 * square**2 * f**3 * (1 - 2 * J - left_out(w))

    return value


@pytest.mark.ledger("S29")
@trial(
    correct=edge(share),
    printed=edge(lambda w: 0.0),
    slips={"of the other sign": edge(lambda w: -share(w)), "half of it": edge(lambda w: share(w) / 2)},
)
def test_in_the_softmax_bandit_of_three_actions_J_bends_on_the_edge_by(claim):
    for J in (0.05, 0.3, 0.49, 0.7, 0.97):
        for w in (SEVENTH, 0.35, 0.02):
            theta = beside(J, w)
            assert softmax(theta)[0][0] < 1e-20
            assert np.isclose(turned(theta), claim(J, w), rtol=1e-5)


@pytest.mark.ledger("S29")
@trial(correct=lambda slope, R: slope - R, printed=lambda slope, R: slope, slips={"sum": lambda slope, R: slope + R})
def test_the_sign_on_the_edge_is_that_of(claim):
    for J in (0.1, 0.4, 0.47, 0.485, 0.495, 0.505, 0.6, 0.99):
        for w in (SEVENTH, 0.5):
            assert np.sign(turned(beside(J, w))) == np.sign(claim(1 - 2 * J, share(w)))


@pytest.mark.ledger("S29")
@trial(
    correct=(sp.Rational(1, 48), (7 * sp.sqrt(7) - 17) / 32),
    slips={"a third more": (sp.Rational(1, 36), sp.Rational(1, 16)), "the same": (sp.Rational(1, 48),) * 2},
)
def test_the_neglected_over_the_kept_part_is_at_most_this_at_a_corner_for_three_and_for_any_number_of_actions(claim):
    w1, w2 = turning.wrong(3)
    x = sp.Symbol("x", positive=True)
    R = turning.neglect(3).subs({w1: x, w2: 1 - x})
    peaks = [sp.simplify(R.subs(x, root)) for root in sp.solve(sp.numer(sp.together(sp.diff(R, x))), x) if 0 < root < 1]
    assert max(peaks) == claim[0]
    assert sp.simplify(turning.neglect_bound()[1] - claim[1]) == 0
    rng, limit = np.random.default_rng(0), float(claim[1])
    w = rng.dirichlet(np.full(6, 0.3), 200_000)
    Q, cubes = (w**2).sum(axis=1), (w**3).sum(axis=1)
    assert ((cubes - Q**2) / (1 + Q) ** 2).max() < limit
    one, rest = np.sqrt(7) - 2, (3 - np.sqrt(7)) / 1e6 * np.ones(10**6)
    w = np.append(rest, one)
    Q, cubes = (w**2).sum(), (w**3).sum()
    assert abs((cubes - Q**2) / (1 + Q) ** 2 - limit) < 1e-6


@pytest.mark.ledger("S29")
@trial(correct=(-1, 1), slips={"the other way": (1, -1), "none": (-1, -1)})
def test_past_the_saddle_J_bends_first_by_this_sign_and_then_by_that(claim):
    def ascent(_, theta):
        g = softmax(theta)[1].sum(axis=0)
        return g / (g @ g) ** 0.75  # a clock in which no wait is long

    start = beside(0.7, SEVENTH, hopeless=-6.0)
    path = solve_ivp(ascent, (0, 60), start, rtol=1e-8, atol=1e-10, dense_output=True,
                     events=_at_half)  # fmt: skip
    signs = np.array([np.sign(turned(theta)) for theta in path.sol(np.linspace(0, path.t[-1], 60)).T])
    changes = signs[np.insert(np.diff(signs) != 0, 0, True)]
    assert tuple(changes) == claim
    J = softmax(path.y[:, 0])[0], softmax(path.y[:, -1])[0]
    assert J[0][0] < 0.01 < J[1][0]


def _at_half(_, theta):
    return softmax(theta)[0][0] - 0.3


_at_half.terminal = True


THETA = sp.symbols("t1 t2", real=True)
POTENTIALS = (THETA[0] + THETA[0] * THETA[1] / 3 - THETA[1] ** 3 / 5, THETA[1] - THETA[0] ** 2 / 2 + sp.sin(THETA[0]))


@pytest.mark.ledger("S31")
@trial(
    correct=(2,) * 8,
    slips={f"without term {i + 1}": tuple(0 if j == i else 2 for j in range(8)) for i in range(8)}
    | {"all halved": (1,) * 8},
)
def test_the_gradient_of_the_rate_has_these_eight_coefficients(claim):
    here = dict(zip(THETA, (sp.Rational(1, 3), -sp.Rational(2, 5)), strict=True))
    J = [1 / (1 + sp.exp(-phi)) for phi in POTENTIALS]
    slope = sum((sp.Matrix([j]).jacobian(THETA) for j in J), sp.zeros(1, 2))
    rate = (slope * slope.T)[0]
    v = [sp.Matrix([phi]).jacobian(THETA).T for phi in POTENTIALS]
    D = [w.jacobian(THETA) for w in v]
    f, s, up = [j * (1 - j) for j in J], [1 - 2 * j for j in J], [sp.Matrix([j]).jacobian(THETA).T for j in J]
    terms = [
        v[0].dot(v[0]) * s[0] * f[0] * up[0], v[1].dot(v[1]) * s[1] * f[1] * up[1],
        v[0].dot(v[1]) * s[0] * f[1] * up[0], v[0].dot(v[1]) * s[1] * f[0] * up[1],
        f[0] ** 2 * (v[0].T * D[0]).T, f[1] ** 2 * (v[1].T * D[1]).T,
        f[0] * f[1] * (v[1].T * D[0]).T, f[0] * f[1] * (v[0].T * D[1]).T,
    ]  # fmt: skip
    found = sum((coefficient * term for coefficient, term in zip(claim, terms, strict=True)), sp.zeros(2, 1))
    difference = (found - sp.Matrix([rate]).jacobian(THETA).T).subs(here)
    assert max(abs(sp.N(entry, 30)) for entry in difference) < 1e-25


# S30: who wins


@pytest.mark.ledger("S30")
@trial(
    correct=lambda f, n, c: f[0] * n[0] + c * f[1] * n[1] <= 0,
    slips={
        "without the cosine": lambda f, n, c: f[0] * n[0] <= f[1] * n[1],
        "lengths exchanged": lambda f, n, c: f[0] * n[1] + c * f[1] * n[0] <= 0,
        "the second clines": lambda f, n, c: c * f[0] * n[0] + f[1] * n[1] <= 0,
    },
)
def test_the_first_component_does_not_rise_just_where(claim):
    rng = np.random.default_rng(0)
    for V in rng.normal(size=(40, 2, 5)):
        n = np.linalg.norm(V, axis=1)
        c = V[0] @ V[1] / n.prod()
        for f in rng.uniform(size=(40, 2)):
            gradients = f[:, None] * V
            assert (gradients[0] @ gradients.sum(axis=0) <= 0) == claim(f, n, c)
    margin = sp.lambdify([*factored.couplings(2), *factored.LENGTHS, C], factored.winner_margin())
    assert (margin(0.1, 0.4, 2.0, 1.0, -0.5) <= 0) == claim((0.1, 0.4), (2.0, 1.0), -0.5)


# S32: C.2


def by_rates(components, half=1, power=1):
    """2 sum_k (f_k' / f_k) J_k'^2, and what one could write instead."""
    parts = zip(factored.heights(components), factored.couplings(components), factored.rates(components), strict=True)
    return sum(2 * half * sp.diff(f, J) / f**power * rate**2 for J, f, rate in parts)


@pytest.mark.ledger("S32")
@trial(
    correct=by_rates,
    slips={
        "without the 2": lambda K: by_rates(K, sp.Rational(1, 2)),
        "over f squared": lambda K: by_rates(K, power=2),
        "the first two only": lambda K: by_rates(min(K, 2)),
    },
)
def test_for_two_three_and_four_components_with_any_couplings_J_bends_by(claim):
    for K in (2, 3, 4):
        J, f, G = factored.heights(K), factored.couplings(K), factored.gram(K)
        moves = [f[k] * sum(G[k, j] * f[j] for j in range(K)) for k in range(K)]
        rate = sum(moves)
        change = sum(sp.diff(rate, J[k]) * moves[k] for k in range(K))
        assert sp.expand(change - claim(K)) == 0
        assert sp.expand(factored.acceleration(K) - change) == 0


# S33: between the null clines


@pytest.mark.ledger("S33")
@trial(correct=(1, 0), slips={"its own": (0, 1)})
def test_where_one_component_stands_still_J_bends_with_the_coupling_of(claim):
    J, f, (g11, g12, _, g22) = factored.heights(2), factored.couplings(2), factored.gram(2)
    bends = factored.acceleration(2)
    slopes = [sp.Dummy(positive=True) for _ in range(2)]
    bends = bends.subs({sp.diff(f[k], J[k]): slopes[k] for k in range(2)})
    for still, g in ((0, g11), (1, g22)):
        other = 1 - still
        at_rest = sp.factor(sp.cancel(bends.subs(f[still], -g12 * f[other] / g)))
        # J_k' = f_k u_k: what is left is the square of the other's rate
        rate = f[other] * (g22 if still == 0 else g11) * f[other] - f[other] * g12**2 / g * f[other]
        assert sp.cancel(at_rest - 2 * slopes[claim[still]] / f[other] * rate**2) == 0


BENDS = sp.lambdify((J1, J2), sp.diff(sum(RATES), J1) * RATES[0] + sp.diff(sum(RATES), J2) * RATES[1], "numpy")


@pytest.mark.ledger("S33")
@trial(correct={(-1, 1)}, printed={(-1, 1), (1, -1)}, slips={"only the other": {(1, -1)}})
def test_of_all_changes_of_sign_these_always_lie_where_both_components_rise(claim):
    seen, outside = set(), set()
    for start in ((0.02, 0.45), (0.02, 0.5), (0.1, 0.3), (0.15, 0.02), (1e-3, 0.4), (0.4, 0.05), (0.3, 0.2)):
        path, _ = orbit(np.asarray(start), lambda J: J.sum() - 1.9)
        signs = np.sign(BENDS(*path.T))
        for i in np.flatnonzero(signs[:-1] * signs[1:] < 0):
            kind = int(signs[i]), int(signs[i + 1])
            seen.add(kind)
            if (rates(path[i : i + 2]) < 0).any(axis=0).all():
                outside.add(kind)
            if (rates(path[i : i + 2]) < 0).all(axis=0).any():
                outside.add(kind)
    assert seen == {(-1, 1), (1, -1)}
    assert seen - outside == claim


@pytest.mark.ledger("S33")
@trial(correct=0.5072, slips={"at the peak": 0.5, "on the null cline": (1 + np.sqrt(1 - 8 * 0.02 * 0.98)) / 2})
def test_at_J1_002_the_acceleration_changes_sign_inside_the_region_where_J2_wins_at(claim):
    found = brentq(lambda y: BENDS(0.02, y), 0.4, 0.6)
    assert BENDS(0.02, found - 1e-3) > 0 > BENDS(0.02, found + 1e-3)
    assert second_wins(np.array([0.02, found])) < 0 and rates(np.array([0.02, found]))[1] > 0
    assert abs(found - claim) < 5e-5


@pytest.mark.ledger("S33")
@trial(correct=-1, slips={"a plateau": 1})
def test_in_the_bandit_of_any_cosine_every_zero_of_the_acceleration_where_J1_falls_has_a_third_derivative_of_sign(
    claim,
):
    f1, f2 = (U * (1 - U)).subs(U, factored.heights(2)[0]), (U * (1 - U)).subs(U, factored.heights(2)[1])
    J, known = factored.heights(2), dict(zip(factored.gram(2), (1, C, C, 1), strict=True))

    def in_numbers(expression):
        for name, f, j in zip(("f1", "f2"), (f1, f2), J, strict=True):
            expression = expression.replace(sp.Function(name), lambda u, f=f, j=j: f.subs(j, u))
        return sp.lambdify((*J, C), expression.doit().subs(known), "numpy")

    bends, third, width = (
        in_numbers(factored.acceleration(2)),
        in_numbers(factored.jerk(2)),
        sp.lambdify((J[1], C), factored.strip()),
    )
    met = 0
    for c in (-0.99, -0.9, -0.7, -0.5, -0.3, -0.1, -0.02):
        for y in np.linspace(0.5005, 0.9995, 400):
            x = np.linspace(0, width(y, c), 400)[1:-1]
            signs = np.sign(bends(x, y, c))
            for i in np.flatnonzero(signs[:-1] * signs[1:] < 0):
                root = brentq(lambda x, y=y, c=c: bends(x, y, c), x[i], x[i + 1], xtol=1e-15)
                assert np.sign(third(root, y, c)) == claim
                met += 1
    assert met > 100


SHOULDER_SLOPE = (U - sp.Rational(3, 4)) ** 2 + sp.Rational(1, 1000)
PEAK = sp.integrate(U * SHOULDER_SLOPE, (U, 0, 1)) / sp.integrate(SHOULDER_SLOPE, (U, 0, 1))
SHOULDER = 5 * sp.integrate((PEAK - U) * SHOULDER_SLOPE, (U, 0, U))  # one peak, zero at 0 and 1, nearly flat at 3/4


@pytest.mark.ledger("S33")
@trial(correct={"bandit": False, "shoulder": True}, printed={"bandit": False, "shoulder": False})
def test_a_change_from_minus_to_plus_where_J1_falls_is_met_with_this_coupling(claim):
    assert SHOULDER.subs(U, 1) == 0 == SHOULDER.subs(U, 0) and 0 < PEAK < 1
    for name, f in {"bandit": ON_POLICY, "shoulder": SHOULDER}.items():
        values, slopes = couplings(ON_POLICY, f)
        G = unit(-0.5)

        def velocity(_, J, values=values, G=G):
            u, heights = pushes(J, values, G)
            return u * heights / (heights**2).sum()  # a clock in which no wait is long

        def stop(_, J):
            return max(J) - 0.9

        stop.terminal = True
        met = False
        for start in itertools.product((0.005, 0.009, 0.01, 0.02, 0.1), (0.3, 0.6)):
            path = solve_ivp(velocity, (0, 9), start, rtol=1e-10, atol=1e-14, max_step=0.01, events=stop).y
            signs = np.sign(bend(path, values, slopes, G))
            falls = pushes(path, values, G)[0][0] < 0
            met |= bool(np.any((signs[:-1] < 0) & (signs[1:] > 0) & falls[:-1] & falls[1:]))
        assert met == claim[name]


# S60: the strip


def fades(theta):
    """Gradients (2, 2) of J1 = sigmoid(t1), J2 = sigmoid(t2 - 2 log(1 + e^t1)): cosine negative, towards 0 with J1."""
    J = logistic(np.array([theta[0], theta[1] - 2 * np.log1p(np.exp(theta[0]))]))
    V = np.array([[1.0, 0.0], [-2 * logistic(theta[0]), 1.0]])
    return (J * (1 - J))[:, None] * V


@pytest.mark.ledger("S60")
@trial(
    correct=lambda at_zero, cosine, fading: at_zero == 0 and cosine < 0 and not fading,
    printed=lambda at_zero, cosine, fading: cosine < 0,
    slips={
        "any cosine": lambda at_zero, cosine, fading: at_zero == 0,
        "a cosine that may fade": lambda at_zero, cosine, fading: at_zero == 0 and cosine < 0,
    },
)
def test_all_along_J1_zero_there_is_a_strip_in_which_J2_wins_just_if(claim):
    heights = np.linspace(0.001, 0.999, 400)
    near = 1e-9
    for f in (ON_POLICY, LABELS, MIX, U**2 * (1 - U)):
        for c in (-0.95, -0.5, 0.5):
            first, second = sp.lambdify(U, f)(near), sp.lambdify(U, ON_POLICY)(heights)
            strip = bool((first + c * second < 0).all())
            assert strip == claim(f.subs(U, 0), c, False)
    for theta in np.stack(np.meshgrid(np.linspace(-30, -1, 30), np.linspace(-20, 20, 41)), axis=-1).reshape(-1, 2):
        G = fades(theta)
        assert G[0] @ G[1] < 0
        assert (G[0] @ G.sum(axis=0) < 0) == claim(0, -1, True)


@pytest.mark.ledger("S60")
@trial(
    correct=lambda a, c: (1 - np.sqrt(1 + 4 * c * a)) / 2,
    slips={
        "the slope for the height": lambda a, c: -c * a,
        "without the cosine": lambda a, c: (1 - np.sqrt(1 - a)) / 2,
    },
)
def test_in_the_bandit_that_strip_is_this_wide(claim):
    exact = sp.lambdify((factored.heights(2)[1], C), factored.strip())
    for c in (-0.9, -0.5, -0.1):
        for y in (0.05, 0.5, 0.9, 0.999):
            a = y * (1 - y)
            edge_ = brentq(lambda x, a=a, c=c: x * (1 - x) + c * a, 0, 0.5, xtol=1e-15)
            assert np.isclose(edge_, claim(a, c), rtol=1e-9) and np.isclose(edge_, exact(y, c), rtol=1e-9)


@pytest.mark.ledger("S60")
@trial(correct=lambda c, n, rise, fall: -c * n[1] / n[0] * fall / rise, slips={
    "lengths exchanged": lambda c, n, rise, fall: -c * n[0] / n[1] * fall / rise,
    "slopes exchanged": lambda c, n, rise, fall: -c * n[1] / n[0] * rise / fall,
})  # fmt: skip
def test_towards_the_saddle_its_width_over_the_distance_to_it_tends_to(claim):
    first, second = 3 * U * (1 - U), U * (1 - U) * (2 - U) / 2  # f_1'(0) = 3, f_2'(1) = -1/2
    one, two = (sp.lambdify(U, f) for f in (first, second))
    gap = 1e-6
    for c, n in ((-0.5, (1.0, 1.0)), (-0.8, (2.0, 0.5))):
        width = brentq(lambda x, c=c, n=n: one(x) * n[0] + c * two(1 - gap) * n[1], 0, 0.1, xtol=1e-18)
        assert np.isclose(width / gap, claim(c, n, 3, 0.5), rtol=1e-4)


# Beyond S60: two components that wait for ever


@trial(
    correct=lambda c, n: -c * n[0] > n[1],
    slips={"never": lambda c, n: False, "exchanged": lambda c, n: -c * n[1] > n[0]},
)
def test_with_features_of_different_lengths_starts_beside_the_saddle_stay_for_ever_if(claim):
    for c, n in ((-0.5, (1, 1)), (-0.5, (1, 0.55)), (-0.5, (1, 0.45)), (-0.5, (0.45, 1)), (-0.9, (1, 0.8))):
        G = np.array([[n[0] ** 2, c * n[0] * n[1]], [c * n[0] * n[1], n[1] ** 2]])

        def velocity(_, x, G=G):
            e = np.exp(np.abs(x).min() - np.abs(x)) / (1 + np.exp(-np.abs(x))) ** 2
            return G @ e

        end = solve_ivp(velocity, (0, 1000), np.array([-10.0, 5.0]), rtol=1e-8, atol=1e-8).y[:, -1]
        assert (end[0] < -100 and end[1] > 50) == claim(c, n)
        names = {s.name: s for s in factored.corner_drift().free_symbols}
        values = {"a": 1, "b": 1, "g11": G[0, 0], "g12": G[0, 1], "g22": G[1, 1], "x": 0}
        drift = factored.corner_drift().subs({names[k]: v for k, v in values.items()})
        assert (drift < 0) == claim(c, n)
