"""S9 to S16, S36, S38, S39: where plateaus are, how flat, what they cost and who meets them. Chapter 04."""

from functools import cache

import numpy as np
import pytest
import sympy as sp
from oracles import J1, J2, RATES, a1, a2, below_antidiagonal, logistic, orbit, rates
from scipy.integrate import solve_ivp
from scipy.optimize import brentq
from trial import trial

from raylab import plateaus
from raylab.symbolic import bandit

HALF = sp.Rational(1, 2)
ROOT15 = sp.sqrt(15)
STARTS = [(0.02, 0.18), (0.05, 0.15), (0.3, 0.1), (0.01, 0.4), (0.2, 0.32)]


def along_flow(quantity):
    return sp.expand(sp.diff(quantity, J1) * RATES[0] + sp.diff(quantity, J2) * RATES[1])


SPEED = sum(RATES)
ACCELERATION = along_flow(SPEED)
JERK = along_flow(ACCELERATION)


def on_antidiagonal(quantity):
    return sp.expand(quantity.subs(J2, 1 - J1))


def crossing(start):
    """(J1, J2) where the integrated orbit from `start` meets J1 + J2 = 1."""
    _, found = orbit(np.asarray(start), below_antidiagonal)
    return found


@cache
def passage(slope, performance, rate=1.0):
    """(time, start) of the orbit that crosses at this slope, between J1 + J2 = performance and 2 - performance.

    Integrated in real time, `rate` times as fast as in reduced parameters, from the crossing in both directions; the
    diagonal crosses at 1/8.
    """
    a = np.sqrt(slope / 2)
    m = 2 * a / (1 + np.sqrt(1 - 4 * a))  # m (1 - m) = a
    total, ends = 0.0, []
    for direction in (-1, 1):
        level = 1 + direction * (1 - performance)

        def velocity(_, x, sign=direction * rate):
            g = np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x))) ** 2
            return sign * (2 * g - g[::-1])

        def arrived(_, x, level=level):
            return logistic(x).sum() - level

        arrived.terminal = True
        x = np.log(m) - np.log1p(-m)
        path = solve_ivp(velocity, (0, 1e13), np.array([x, -x]), "DOP853", rtol=1e-10, atol=1e-11, events=arrived)
        total += path.t[-1]
        ends.append(logistic(path.y[:, -1]))
    return total, ends[0]


def slowness(slope, performance, rate=1.0):
    """Time along that orbit over the time along the diagonal."""
    return passage(slope, performance, rate)[0] / passage(1 / 8, performance, rate)[0]


# S9: definition 2


@pytest.mark.ledger("S9")
@trial(
    correct=lambda at: rates(at).sum(),
    printed=lambda at: 0.1,  # Def. 2 accepts it at every one of these plateaus: J' <= 0.1, J'' = 0, J''' > 0
    slips={"twice the slope": lambda at: 2 * rates(at).sum()},
)
def test_how_slow_learning_is_at_its_slowest_on_the_way_is_this(claim):
    third = sp.lambdify((J1, J2), JERK, "numpy")
    for start in STARTS:
        path, _ = orbit(np.asarray(start), lambda J: J.sum() - 1.8)
        on_the_way = path[np.abs(path.sum(axis=1) - 1) < 0.15]
        at = crossing(start)
        assert 0 <= rates(at).sum() <= 0.1 and third(*at) > 0
        assert np.isclose(rates(on_the_way).sum(axis=1).min(), claim(at), rtol=2e-2)


@pytest.mark.ledger("S9")
@trial(correct=0, slips={"it can be negative": -1})
def test_the_lower_bound_of_the_definition_is_never_at_work_because_the_slope_has_this_sign_or_is_positive(claim):
    u, v = sp.symbols("u v", real=True)
    form = SPEED.subs({J1: u, J2: v})
    squares = sum(entry**2 for entry in u * (1 - u) * sp.Matrix([1, 0, 1]) + v * (1 - v) * sp.Matrix([0, 1, -1]))
    assert sp.expand(form - squares) == 0  # J' is the squared norm of grad J
    smallest = rates(np.random.default_rng(0).uniform(size=(100_000, 2))).sum(axis=1).min()
    assert np.floor(smallest) == claim


# S10 to S12: the acceleration

P6 = 2 * (
    -8 * J1**6 + 8 * J1**5 * J2 + 20 * J1**5 - 20 * J1**4 * J2 - 16 * J1**4 - 2 * J1**3 * J2**3 + 3 * J1**3 * J2**2
    + 15 * J1**3 * J2 + 4 * J1**3 + 3 * J1**2 * J2**3 - 4 * J1**2 * J2**2 - 3 * J1**2 * J2 + 8 * J1 * J2**5
    - 20 * J1 * J2**4 + 15 * J1 * J2**3 - 3 * J1 * J2**2 - 8 * J2**6 + 20 * J2**5 - 16 * J2**4 + 4 * J2**3
)  # fmt: skip


@pytest.mark.ledger("S10")
@trial(correct=P6, slips={"without the factor 2": P6 / 2, "one sign changed": P6 - 8 * J1**2 * J2**3})
def test_the_acceleration_is_1_minus_J1_minus_J2_times_this(claim):
    assert sp.expand(ACCELERATION - (1 - J1 - J2) * claim) == 0
    assert sp.expand(bandit.inflection_factor() - claim) == 0
    assert sp.expand(bandit.acceleration() - ACCELERATION) == 0


@pytest.mark.ledger("S10")
@trial(correct=6, slips={"with the first factor": 7, "in each component": 5})
def test_that_factor_has_this_total_degree(claim):
    assert sp.Poly(bandit.inflection_factor(), J1, J2).total_degree() == claim


@pytest.mark.ledger("S10")
@trial(correct=1.0, slips={"half of it": 0.5, "of the other sign": -1.0})
def test_integrated_curves_bend_by_this_multiple_of_it(claim):
    promised = sp.lambdify((J1, J2), (1 - J1 - J2) * bandit.inflection_factor(), "numpy")
    h = 1e-3
    for J in np.random.default_rng(1).uniform(0.05, 0.95, (20, 2)):
        ends = [solve_ivp(lambda _, y: rates(y), (0, t), J, "DOP853", rtol=1e-13, atol=1e-15).y[:, -1] for t in (-h, h)]
        bent = (rates(ends[1]).sum() - rates(ends[0]).sum()) / (2 * h)
        assert np.isclose(bent, claim * promised(*J), atol=1e-6)


@pytest.mark.ledger("S11")
@trial(
    correct=(a1, a2, a1**2, a2**2),
    printed=(J1, J2, J1**2, J1**2),
    slips={"only a for J": (a1, a2, a1**2, a1**2), "only the second square": (J1, J2, J1**2, J2**2)},
)
def test_the_line_before_P6_holds_with_these_in_its_four_places(claim):
    u, v, first, second = claim
    inner = (1 - 2 * J1) * (2 * u - v), (1 - 2 * J2) * (2 * v - u)
    line = 4 * inner[0] * first + 4 * inner[1] * second - 2 * u * v * (inner[0] + inner[1])
    assert sp.expand(line - ACCELERATION) == 0


@pytest.mark.ledger("S12")
@trial(correct=1 - J2, printed=1 - (J1 + J2) - 2, slips={"with J read as J1": 1 - J1 - 2})
def test_the_last_factor_of_the_line_with_norms_is_this(claim):
    squares, product = (2 * a1**2, 2 * a2**2), -a1 * a2  # squared norms of the gradients, and their inner product
    line = 2 * (1 - 2 * J1) * (2 * a1 - a2) * squares[0] + 2 * (1 - 2 * J2) * (-a1 + 2 * a2) * squares[1]
    line += 2 * ((1 - 2 * J1) * (2 * a1 - a2) + (1 - 2 * J2) * (-a1 + 2 * J2 * claim)) * product
    assert sp.expand(line - ACCELERATION) == 0


# S13, S14: the antidiagonal


@pytest.mark.ledger("S13")
@trial(correct=2, printed=1, slips={"four": 4})
def test_on_the_antidiagonal_the_factor_is_this_multiple_of_the_printed_product(claim):
    printed = -((J1 - 1) ** 2) * J1**2 * (30 * J1**2 - 30 * J1 + 7)
    assert sp.expand(on_antidiagonal(bandit.inflection_factor()) - claim * printed) == 0


@pytest.mark.ledger("S13")
@trial(correct=4, printed=2, slips={"eight": 8})
def test_the_third_derivative_there_is_this_multiple_of_a_to_the_fourth_times_the_quadratic(claim):
    promised = claim * a1**4 * (30 * J1**2 - 30 * J1 + 7)
    assert sp.expand(on_antidiagonal(JERK) - promised) == 0
    assert sp.expand(bandit.crossing_jerk() - promised) == 0
    # minus the slope times P6: the derivative of 1 - J1 - J2 along the flow is minus the slope
    assert sp.expand(-bandit.crossing_slope() * on_antidiagonal(bandit.inflection_factor()) - promised) == 0


LOWER, UPPER = (15 - ROOT15) / 30, (15 + ROOT15) / 30


@pytest.mark.ledger("S14")
@trial(
    correct=sp.Union(sp.Interval.open(0, LOWER), sp.Interval.open(UPPER, 1)),
    printed=sp.Union(sp.Interval(0, LOWER), sp.Interval(UPPER, 1)),
    slips={"up to the middle": sp.Union(sp.Interval.open(0, HALF), sp.Interval.open(HALF, 1))},
)
def test_inside_the_square_the_antidiagonal_holds_plateaus_for_J1_in_this_set(claim):
    third = on_antidiagonal(JERK)
    for J in (LOWER, UPPER, HALF, *(sp.Rational(n, 50) for n in range(1, 50))):
        assert (sp.simplify(third.subs(J1, J)) > 0) == (J in claim)


@pytest.mark.ledger("S14")
@trial(correct=-1, printed=1)
def test_at_the_two_inner_ends_the_acceleration_passes_zero_with_the_sign_of_this(claim):
    # there J''' = J'''' = 0, and the fifth derivative decides: from plus to minus, the opposite of a plateau
    fourth = along_flow(JERK)
    fifth = along_flow(fourth)
    for end in (LOWER, UPPER):
        here = {J1: end, J2: 1 - end}
        assert sp.expand(JERK.subs(here)) == 0 == sp.expand(on_antidiagonal(fourth))
        assert sp.sign(sp.N(on_antidiagonal(fifth).subs(J1, end), 30)) == claim


@pytest.mark.ledger("S14")
@trial(
    correct=(sp.Rational(7, 30), sp.Rational(49, 450)),
    slips={"the middle": (sp.Rational(1, 4), sp.Rational(1, 8)), "a for its square": (sp.Rational(7, 30),) * 2},
)
def test_so_a_and_the_slope_of_a_plateau_lie_below_these(claim):
    assert sp.simplify(LOWER * (1 - LOWER)) == bandit.flattest() == claim[0]
    assert sp.simplify(bandit.crossing_slope().subs(J1, LOWER)) == claim[1]
    assert np.isclose(plateaus.flattest(), float(claim[0])) and np.isclose(plateaus.steepest_slope(), float(claim[1]))


@pytest.mark.ledger("S14")
@trial(correct=49 / 450, slips={"an eighth": 1 / 8, "a little flatter": 0.104})
def test_of_simulated_orbits_just_those_that_cross_more_slowly_than_this_re_accelerate(claim):
    bend = sp.lambdify((J1, J2), ACCELERATION, "numpy")
    for slope in (0.05, 0.1, 0.103, 0.106, 0.108, 0.11, 0.115, 0.12):
        path, _ = orbit(passage(slope, 0.2)[1], lambda J: J.sum() - 1.9)
        signs = np.sign(bend(*path[np.abs(path.sum(axis=1) - 1) > 1e-9].T))
        assert np.any((signs[:-1] < 0) & (signs[1:] > 0)) == (slope < claim)


@pytest.mark.ledger("S14")
@trial(correct=-1, slips={"they are plateaus": 1})
def test_where_the_acceleration_vanishes_off_the_antidiagonal_the_third_derivative_has_this_sign(claim):
    factor, third = (sp.lambdify((J1, J2), e, "numpy") for e in (bandit.inflection_factor(), JERK))
    grid = np.linspace(0, 1, 4001)[1:-1]
    for J in np.concatenate([np.geomspace(1e-3, 0.1, 20), np.linspace(0.1, 0.9, 81)]):
        signs = np.sign(factor(J, grid))
        for i in np.flatnonzero(signs[:-1] != signs[1:]):
            root = brentq(lambda y, J=J: factor(J, y), grid[i], grid[i + 1], xtol=1e-15)
            if abs(J + root - 1) > 1e-4:
                assert np.sign(third(J, root)) == claim


# S15: flatness


@pytest.mark.ledger("S15")
@trial(
    correct=lambda J: 2 * J**2 * (1 - J) ** 2,
    slips={"one component's": lambda J: J**2 * (1 - J) ** 2, "near the corner": lambda J: 2 * J**2},
)
def test_an_orbit_crosses_at_this_slope(claim):
    for start in STARTS:
        at = crossing(start)
        assert np.isclose(rates(at).sum(), claim(at[0]), rtol=1e-6)
        assert np.isclose(rates(at)[0], rates(at)[1], rtol=1e-6)
        assert np.isclose(plateaus.flatness(start), claim(at[0]), rtol=1e-6)


# S16: what a plateau costs


@pytest.mark.ledger("S16")
@trial(correct=-0.5, printed=-1.0, slips={"logarithmic": 0.0})
def test_the_time_grows_with_this_power_of_flatness(claim):
    flatness = np.array([1e-8, 1e-9, 1e-10])
    times = [passage(e, 0.2)[0] for e in flatness]
    assert abs(np.polyfit(np.log(flatness), np.log(times), 1)[0] - claim) < 5e-3


@pytest.mark.ledger("S16")
@trial(
    correct=4 * np.sqrt(2) / 3, slips={"as if all of it were at the crossing": np.sqrt(2), "twice": 8 * np.sqrt(2) / 3}
)
def test_time_times_the_root_of_flatness_tends_to_this(claim):
    e = 1e-11
    time = passage(e, 0.2)[0] * np.sqrt(e)
    assert abs(time / claim - 1) < 1e-4  # the rest of the way takes some ten, of 6e5
    assert np.isclose(plateaus.travel_time(e) * np.sqrt(e), time, rtol=1e-6)
    assert np.isclose(float(plateaus.plateau_time(1.0)), claim)


# S36: figure 5


@pytest.mark.ledger("S36")
@trial(correct=0.4834, slips={"a half": 0.5, "a third": 1 / 3, "in full parameters": 0.4233})
def test_on_the_line_J_02_this_share_of_the_starts_meets_a_plateau_of_1e_4(claim):
    share = 2 * passage(1e-4, 0.2)[1].min() / 0.2  # starts nearer to an edge are flatter, on both sides
    assert abs(share - claim) < 5e-5
    assert abs(plateaus.basin_share(0.2, 1e-4) - claim) < 5e-5
    assert round(share, 1) == 0.5  # "about half"


@pytest.mark.ledger("S36")
@trial(correct=0.4233, slips={"in reduced parameters": 0.4834})
def test_in_full_parameters_where_all_slopes_double_it_is_this_share(claim):
    share = 2 * passage(1e-4 / 2, 0.2)[1].min() / 0.2
    assert abs(share - claim) < 5e-5


# S38: figure 8


@pytest.mark.ledger("S38")
@trial(correct={0.1: 4.57, 0.2: 7.83, 0.3: 11.33}, printed=dict.fromkeys((0.1, 0.2, 0.3), 10.0))
def test_from_J_to_2_minus_J_a_plateau_of_1e_4_is_this_many_times_as_slow_as_the_diagonal(claim):
    for performance, ratio in claim.items():
        assert abs(slowness(1e-4, performance) - ratio) < 0.01
        by_formula = plateaus.travel_time([1e-4, 1 / 8], performance)
        assert np.isclose(by_formula[0] / by_formula[1], slowness(1e-4, performance), rtol=1e-6)


@pytest.mark.ledger("S38")
@trial(correct=(7.21, 9.89), slips={"the same in both": (7.21, 7.21), "exchanged": (9.89, 7.21)})
def test_at_12e_5_from_J_02_it_is_these_in_reduced_and_in_full_parameters(claim):
    for ratio, rate in zip(claim, (1, 2), strict=True):  # in full parameters all is twice as fast, the slope too
        assert abs(slowness(1.2e-4 / rate, 0.2, rate) - ratio) < 0.01


# S39: the polygon


def printed_corners(epsilon):
    """The list of App. B.3 with its coordinates exchanged, so that the first component wins."""
    m = (1 - np.sqrt(1 - 4 * np.sqrt(epsilon / 2))) / 2
    low = (3 - 4 * m - np.sqrt(9 - 32 * m + 32 * m**2)) / 2
    return m, low, 1 - 2 * m + low


LEVELS = (1e-6, 1e-4, 1e-2, 0.05, 0.09)


@pytest.mark.ledger("S39")
@trial(
    correct=printed_corners,
    slips={
        "the other root": lambda e: (lambda m, low, h: (m, 1.5 - 2 * m, 2.5 - 4 * m))(*printed_corners(e)),
        "m from 2 m^2": lambda e: (np.sqrt(e / 2), *printed_corners(e)[1:]),
        "slope two": lambda e: (lambda m, low, h: (m, low, 1 - 3 * m + 2 * low))(*printed_corners(e)),
    },
)
def test_the_corners_are_a_crossing_at_epsilon_and_a_point_of_the_null_cline_on_a_line_of_slope_one(claim):
    for epsilon in LEVELS:
        m, low, high = claim(epsilon)
        assert np.isclose(rates(np.array([1 - m, m])).sum(), epsilon, rtol=1e-9)
        assert np.isclose(2 * low * (1 - low), high * (1 - high), rtol=1e-9) and low < 0.5 < high
        assert np.isclose(1 - m - high, m - low, rtol=1e-9)
        np.testing.assert_allclose(plateaus.polygon(epsilon)[2:], [(1 - m, m), (high, low), (1 - high, low)], rtol=1e-9)


@pytest.mark.ledger("S39")
@trial(
    correct=lambda corners: corners,
    slips={
        "to the middle of the line": lambda corners: np.array([*corners[:2], [0.5, 0.5], *corners[3:]]),
        "up to the antidiagonal": lambda corners: np.array(
            [*corners[:3], [corners[3, 0], 1 - corners[3, 0]], corners[4]]
        ),
    },
)
def test_every_integrated_orbit_from_inside_this_polygon_crosses_at_epsilon_or_below(claim):
    rng = np.random.default_rng(2)
    for epsilon in (1e-4, 1e-2, 0.09):
        corners = claim(plateaus.polygon(epsilon))
        fan = [corners[[1, i, (i + 1) % 5]] for i in (2, 3, 4)]
        points = np.concatenate([rng.dirichlet(np.full(3, 0.5), 12) @ triangle for triangle in fan])
        points = np.concatenate([points, 0.999 * corners[2:] + 0.001 * corners[1]])  # and close to its corners
        for point in points[(points.sum(axis=1) < 1) & (points > 1e-9).all(axis=1)]:
            assert rates(crossing(point)).sum() <= epsilon * (1 + 1e-9)


@pytest.mark.ledger("S39")
@trial(correct=49 / 512, slips={"where plateaus end": 49 / 450, "never": 1 / 8})
def test_the_upper_of_its_two_points_on_the_null_cline_is_above_one_half_just_below_this_epsilon(claim):
    for epsilon in np.linspace(0.08, 0.1088, 25):
        assert (printed_corners(epsilon)[2] > 0.5) == (epsilon < claim)
        assert len(plateaus.polygon(epsilon)) == (5 if epsilon < 49 / 512 else 4)
