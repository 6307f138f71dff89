"""S6, S7, S8, A.1: the four corners, the printed argument about them, and three that hold. Chapter 03."""

import itertools

import numpy as np
import pytest
import sympy as sp
from oracles import J1, J2, RATES, a1, a2, logistic, rates, slopes
from scipy.integrate import quad, solve_ivp
from trial import trial

from raylab.symbolic import bandit

CORNERS = tuple(itertools.product((0, 1), repeat=2))
HALF = sp.Rational(1, 2)
PRINTED = sp.Matrix([[1 - 2 * J1, J2 - HALF], [J1 - HALF, 1 - 2 * J2]])


# S6: the matrix


@pytest.mark.ledger("S6")
@trial(correct=RATES.jacobian([J1, J2]), printed=PRINTED)
def test_central_differences_of_the_velocities_give_this_jacobian(claim):
    promised = sp.lambdify((J1, J2), claim, "numpy")
    for J in np.random.default_rng(1).uniform(size=(50, 2)):
        np.testing.assert_allclose(slopes(rates, J), promised(*J), atol=1e-9)


@pytest.mark.ledger("S6")
@trial(
    correct=lambda corner: sp.zeros(2), printed=lambda corner: PRINTED.subs(dict(zip((J1, J2), corner, strict=True)))
)
def test_at_every_corner_the_flow_has_this_linear_part(claim):
    for corner in CORNERS:
        assert bandit.jacobian().subs(dict(zip((J1, J2), corner, strict=True))) == claim(corner)
        inwards = 1 - 2 * np.array(corner)
        for h in (1e-3, 1e-4):  # one-sided, because the flow lives in the square: the error is of order h
            columns = [(rates(corner + h * inwards * e)) / (h * inwards @ e) for e in np.eye(2)]
            np.testing.assert_allclose(np.stack(columns, axis=1), np.array(claim(corner), dtype=float), atol=4 * h)


@pytest.mark.ledger("S6")
@trial(
    correct=lambda a: 2 * a,
    printed=lambda a: sp.Integer(1),
    slips={"the logits' velocities": lambda a: a},
)
def test_the_printed_matrix_is_the_jacobian_of_the_velocities_divided_by_this(claim):
    divided = sp.Matrix([sp.cancel(RATES[0] / claim(a1)), sp.cancel(RATES[1] / claim(a2))])
    assert sp.simplify(divided.jacobian([J1, J2]) - PRINTED) == sp.zeros(2)


@pytest.mark.ledger("S6")
@trial(correct=False, printed=True)
def test_dividing_each_velocity_by_its_own_factor_keeps_the_curves_as_a_change_of_clock_would(claim):
    # One clock for both would leave the direction dJ2 / dJ1 alone.
    kept = sp.simplify(RATES[1] / RATES[0] - (RATES[1] / a2) / (RATES[0] / a1)) == 0
    assert kept == claim


# S7: its determinant


@pytest.mark.ledger("S7")
@trial(correct=sp.Rational(3, 4), printed=sp.Rational(5, 4))
def test_the_determinant_of_the_printed_matrix_is_this_multiple_of_both_diagonal_entries(claim):
    assert sp.expand(PRINTED.det() - claim * (1 - 2 * J1) * (1 - 2 * J2)) == 0


@pytest.mark.ledger("S7")
@trial(
    correct={(0, 0): (2, 1), (0, 1): (0, -1), (1, 0): (0, -1), (1, 1): (-2, 1)},
    slips={"saddles on the diagonal": {(0, 0): (0, -1), (0, 1): (2, 1), (1, 0): (-2, 1), (1, 1): (0, -1)}},
)
def test_trace_and_sign_of_the_determinant_are_as_the_table_says(claim):
    for corner in CORNERS:
        at_corner = PRINTED.subs(dict(zip((J1, J2), corner, strict=True)))
        assert (at_corner.trace(), sp.sign(at_corner.det())) == claim[corner]


# S8: the types, and how slow


@pytest.mark.ledger("S8")
@trial(
    correct={(0, 0): "unstable", (0, 1): "saddle", (1, 0): "saddle", (1, 1): "stable"},
    slips={
        "origin and optimum exchanged": {(0, 0): "stable", (0, 1): "saddle", (1, 0): "saddle", (1, 1): "unstable"},
        "corners of one winner stable": {(0, 0): "unstable", (0, 1): "stable", (1, 0): "stable", (1, 1): "saddle"},
    },
)
def test_orbits_from_all_around_a_corner_come_close_or_go_away_as_its_type_says(claim):
    angles = np.linspace(0, np.pi / 2, 33)
    for corner in CORNERS:
        inwards = 1 - 2 * np.array(corner)
        fate = set()
        for angle in angles:  # both edges, and 31 directions between
            offset = 1e-2 * np.array([np.cos(angle), np.sin(angle)])
            # velocities are of the order of the distance squared, 1e-4, so 2000 units of time decide
            path = solve_ivp(lambda _, J: rates(J), (0, 2000), corner + inwards * offset, rtol=1e-9, atol=1e-14).y.T
            fate.add(np.linalg.norm(path[-1] - corner) < 1e-2)
        found = {(True,): "stable", (False,): "unstable", (False, True): "saddle"}[tuple(sorted(fate))]
        assert found == claim[corner]


@pytest.mark.ledger("S8")
@trial(correct=0.5, printed=0.0, slips={"as the square root": 0.5**0.5})
def test_in_twice_the_time_the_distance_to_a_saddle_shrinks_to_this_share(claim):
    # On the edge J1 = 0. An exponential approach, which a nonzero linear part would give, shrinks to 0 here.
    T = 1e5  # corrections are of relative order log(T) / T, about 1e-4
    run = solve_ivp(
        lambda _, r: -2 * r**2 * (1 - r) ** 2, (0, 2 * T), [0.5], "DOP853", [T, 2 * T], rtol=1e-11, atol=1e-16
    )
    assert np.isclose(run.y[0, 1] / run.y[0, 0], claim, atol=1e-3)


@pytest.mark.ledger("S8")
@trial(correct=2.0, printed=1.0, slips={"as the square": 4.0})
def test_half_the_start_takes_this_many_times_as_long_to_leave_a_saddle(claim):
    # On the edge J2 = 1. An exponential escape waits log(1/p), whose ratio for p and p/2 tends to 1.
    def wait(p):
        # in the logit x, where dx/dt = 2a; e^-x grows towards the start, so the substitution keeps quad accurate
        return quad(lambda x: 1 / (2 * logistic(x) * logistic(-x)), np.log(p / (1 - p)), 0, epsrel=1e-11, limit=200)[0]

    p = 1e-5  # corrections are of relative order p log(1/p), about 1e-4
    assert np.isclose(wait(p / 2) / wait(p), claim, atol=1e-3)


# A.1, first proof: the height


@pytest.mark.ledger("A.1")
@trial(
    correct=2 * (a1 - a2 / 2) ** 2 + sp.Rational(3, 2) * a2**2,
    slips={
        "both squares whole": 2 * (a1 - a2) ** 2 + 2 * a2**2,
        "positive transfer": 2 * (a1 + a2 / 2) ** 2 + 3 * a2**2 / 2,
    },
)
def test_performance_grows_at_this_sum_of_squares_and_so_off_the_corners_only(claim):
    assert sp.expand(bandit.performance_rate() - claim) == 0
    assert sp.expand(sum(RATES) - claim) == 0
    still = sp.solve([a1 - a2 / 2, a2], [J1, J2], dict=True)  # both squares vanish
    assert {(point[J1], point[J2]) for point in still} == set(CORNERS)


@pytest.mark.ledger("A.1")
@trial(correct=("to", "from"), slips={"exchanged": ("from", "to"), "towards it on both": ("to", "to")})
def test_the_edges_run_to_and_from_the_saddle(claim):
    on_left = RATES[1].subs(J1, 0)  # J2' on the edge J1 = 0, which ends in (0, 1)
    on_top = RATES[0].subs(J2, 1)  # J1' on the edge J2 = 1, which begins in (0, 1)
    assert sp.expand(on_left - 2 * a2**2) == 0 == sp.expand(on_top - 2 * a1**2)
    assert ("to" if on_left.subs(J2, HALF) > 0 else "from", "from" if on_top.subs(J1, HALF) > 0 else "to") == claim


# A.1, second proof: blow-up

p, m = sp.symbols("p m", positive=True)


def leading_order(place, signs, base=0):
    """(p', m') / p in the limit p -> 0, by limits of the exact velocities and not by their expansion.

    p is the distance of component `base` from the corner, m p that of the other; signs turn J' into distances.
    """
    velocity = RATES.subs(dict(zip((J1, J2), place, strict=True)), simultaneous=True)
    inwards = [sign * rate for sign, rate in zip(signs, velocity, strict=True)]
    dp, dq = inwards[base], inwards[1 - base]
    dm = (dq - m * dp) / p
    return sp.limit(sp.expand(dp / p**2), p, 0) * p, sp.limit(sp.expand(dm / p), p, 0)


@pytest.mark.ledger("A.1")
@trial(
    correct=(p * (2 - m), -m * (1 + m)),
    slips={"m grows": (p * (2 - m), m * (1 + m)), "with a ray between": (p * (2 - m), -m * (1 - m))},
)
def test_blown_up_at_the_saddle_the_flow_reads(claim):
    found = leading_order((p, 1 - m * p), (1, -1))  # r = 1 - J2 = m p
    assert all(sp.expand(f - c) == 0 for f, c in zip(found, claim, strict=True))
    by_package = bandit.blow_up((0, 1)).subs({bandit.P: p, bandit.M: m})
    assert all(sp.expand(f - c) == 0 for f, c in zip(by_package, claim, strict=True))


@pytest.mark.ledger("A.1")
@trial(correct=1, slips={"two": 2, "none": 0})
def test_the_saddle_has_this_many_hyperbolic_sectors(claim):
    # The directions into the square, m = r / p from 0 to infinity, form an arc. Orbits can enter or leave the corner
    # only along its fixed rays: the two ends, and zeros of m' between. Between two neighbouring rays lies one sector;
    # it is hyperbolic if both are saddles of the blown-up flow, one with its way in and one with its way out.
    dp, dm = leading_order((p, 1 - m * p), (1, -1))
    between = [zero for zero in sp.solve(dm, m) if zero.is_positive]
    along_top = (dp / p).subs(m, 0), sp.diff(dm, m).subs(m, 0)  # away from the corner, attracting neighbours
    dr, dw = leading_order((m * p, 1 - p), (1, -1), base=1)  # the other end: the same with p = w r
    along_left = sp.simplify(dr / p).subs(m, 0), sp.diff(dw, m).subs(m, 0)  # into the corner, repelling them
    saddles = along_top[0] > 0 > along_top[1] and along_left[0] < 0 < along_left[1]
    assert (len(between) + 1 if saddles else 0) == claim


@pytest.mark.ledger("A.1")
@trial(
    correct=(p * (2 - m), 3 * m * (m - 1)),
    slips={
        "towards the diagonal": (p * (2 - m), -3 * m * (m - 1)),
        "along the null cline": (p * (2 - m), 3 * m * (m - 2)),
    },
)
def test_blown_up_at_the_origin_the_flow_reads(claim):
    found = leading_order((p, m * p), (1, 1))
    assert all(sp.expand(f - c) == 0 for f, c in zip(found, claim, strict=True))
    by_package = bandit.blow_up((0, 0)).subs({bandit.P: p, bandit.M: m})
    assert all(sp.expand(f - c) == 0 for f, c in zip(by_package, claim, strict=True))


@pytest.mark.ledger("A.1")
@trial(correct=1.0, slips={"along a null cline": 2.0, "along an edge": 0.0})
def test_every_interior_orbit_left_the_origin_in_this_direction(claim):
    # Backwards in time, in logits, against the clock a1 + a2: the distance to the origin falls like e^-t.
    for J in np.random.default_rng(2).uniform(0.02, 0.98, size=(30, 2)):
        x = np.log(J / (1 - J))

        def backwards(_, x):
            a = logistic(x) * logistic(-x)
            return -(2 * a - a[::-1]) / a.sum()

        end = logistic(solve_ivp(backwards, (0, 60), x, "DOP853", rtol=1e-10, atol=1e-10).y[:, -1])
        assert end.max() < 1e-6
        assert np.isclose(end[1] / end[0], claim, atol=1e-5)


# A.1, third proof: the clock

s, d = sp.symbols("s d", real=True)
CLOCK = (1 + sp.cosh(s) * sp.cosh(d)) / (2 * (sp.cosh(s) + sp.cosh(d)) ** 2)


@pytest.mark.ledger("A.1")
@trial(
    correct=CLOCK,
    slips={
        "twice as fast": 2 * CLOCK,
        "with a minus": (1 - sp.cosh(s) * sp.cosh(d)) / (2 * (sp.cosh(s) + sp.cosh(d)) ** 2),
        "without the square": (1 + sp.cosh(s) * sp.cosh(d)) / (2 * (sp.cosh(s) + sp.cosh(d))),
    },
)
def test_half_the_sum_of_the_logits_grows_at_this_rate(claim):
    J = [1 / (1 + sp.exp(-(s + d))), 1 / (1 + sp.exp(-(s - d)))]
    by_chain_rule = (
        sum((rate / a).subs({J1: J[0], J2: J[1]}, simultaneous=True) for rate, a in zip(RATES, (a1, a2), strict=True))
        / 2
    )
    for u, v in itertools.product((-3, sp.Rational(-1, 2), 0, 2), repeat=2):
        at_point = {s: u, d: v}
        assert abs(sp.N((by_chain_rule - claim).subs(at_point), 30)) < sp.Float("1e-25")
    assert sp.simplify((bandit.clock().subs({bandit.S: s, bandit.D: d}) - claim).rewrite(sp.exp)) == 0


@pytest.mark.ledger("A.1")
@trial(correct=1, slips={"it can stand still": 0, "it can run back": -1})
def test_this_is_the_sign_of_the_clock_everywhere(claim):
    # With C = cosh s >= 1 and c = cosh d >= 1 numerator and denominator are sums of positive terms.
    C, c = 1 + sp.Symbol("u", nonnegative=True), 1 + sp.Symbol("v", nonnegative=True)
    by_cosh = CLOCK.subs({sp.cosh(s): C, sp.cosh(d): c})
    assert sp.expand(sp.fraction(by_cosh)[0]).is_positive and sp.expand(sp.fraction(by_cosh)[1]).is_positive
    J = np.random.default_rng(3).uniform(size=(1000, 2))
    assert set(np.sign((rates(J) / (J * (1 - J))).sum(axis=-1))) == {claim}
