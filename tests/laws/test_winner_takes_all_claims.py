"""S18, S19, S47, N12: where one component wins, how much of the square that is, and what comes after. Chapter 03."""

import numpy as np
import pytest
import sympy as sp
from oracles import J1, J2, RATES, below_antidiagonal, orbit, rates, second_wins
from scipy.integrate import quad
from trial import trial

from raylab import interference
from raylab.symbolic import bandit

TIP = 0.5 - 1 / np.sqrt(8)  # the point (TIP, 1/2) of the null cline 2 a1 = a2, furthest from the edge J1 = 0
DRAWS = 400_000


def starts_where_the_second_wins(number, seed):
    """Uniform in the region J1' < 0 < J2', both sheets: (number, 2)."""
    J = np.random.default_rng(seed).uniform(size=(20 * number, 2))
    inside = np.array([second_wins(point) < 0 for point in J])
    return J[inside][:number]


def near_the_tip():
    """Starts of the sheet J1 < 1/2 that are about to leave it."""
    return np.stack([TIP - np.geomspace(1e-8, 1e-2, 7), np.full(7, 0.5)], axis=1)


LEFT = np.concatenate([J[J[:, 0] < 0.5] for J in (starts_where_the_second_wins(150, 1), near_the_tip())])
RIGHT = np.array([J for J in starts_where_the_second_wins(150, 2) if J[0] > 0.5] + [[0.95, 0.6]])


# S47: definition 3


@pytest.mark.ledger("S47")
@trial(
    correct=lambda rates: (rates > 0).sum(axis=-1) == 1,
    slips={
        "one declines": lambda rates: (rates < 0).sum(axis=-1) >= 1,
        "one is ahead": lambda rates: rates.max(axis=-1) > rates.min(axis=-1),
    },
)
def test_winner_takes_all_means_that_exactly_this_holds_of_the_rates(claim):
    by_definition = []
    drawn = np.random.default_rng(3).integers(-1, 2, size=(500, 3)).astype(float)  # zeros included
    for row in drawn:
        by_definition.append(any(row[k] > 0 and all(row[j] <= 0 for j in range(3) if j != k) for k in range(3)))
    np.testing.assert_array_equal(claim(drawn), by_definition)
    np.testing.assert_array_equal(interference.winner_takes_all(drawn), by_definition)


@pytest.mark.ledger("S47")
@trial(correct=(-1, 1), slips={"the loser gains": (1, 1), "the winner loses": (-1, -1)})
def test_on_leaving_the_region_loser_and_winner_have_moved_in_these_directions(claim):
    for start in np.concatenate([LEFT[::4], RIGHT[::4]]):
        _, left_at = orbit(start, second_wins, direction=1)
        assert tuple(np.sign(left_at - start)) == claim


# S18: leaving a winner-take-all region, and the plateau after it


@pytest.mark.ledger("S18")
@trial(correct=0.5, printed=0.9, slips={"before half": 0.4})
def test_the_sheet_below_is_left_at_any_level_of_the_winner_above_this_one(claim):
    left_at = np.array([orbit(start, second_wins, direction=1)[1][1] for start in LEFT])
    assert np.all(left_at > claim)
    assert left_at.min() < claim + 0.01  # and no higher level would do


@pytest.mark.ledger("S18")
@trial(correct=0.526, printed=1.0, slips={"at the crossing": 0.811})
def test_from_146_50_the_region_is_left_with_the_winner_at_this_level(claim):
    start = np.array([0.146, 0.5])
    assert second_wins(start) < 0
    _, left_at = orbit(start, second_wins, direction=1)
    assert abs(left_at[1] - claim) < 5e-4


@pytest.mark.ledger("S18")
def test_the_sheet_below_lies_before_the_antidiagonal_and_the_other_behind_it():
    # 2 a1 < a2 makes a1 < a2, so J2 is nearer to 1/2 than J1: J1 < J2 < 1 - J1, or 1 - J1 < J2 < J1.
    J = np.random.default_rng(4).uniform(size=(100_000, 2))
    J = J[2 * J[:, 0] * (1 - J[:, 0]) < J[:, 1] * (1 - J[:, 1])]
    below = J[:, 0] < 0.5
    assert 0.4 < below.mean() < 0.6
    np.testing.assert_array_equal(J.sum(axis=1) < 1, below)


def accelerations(J):
    """J'' along a path, by the chain rule from (1) and (2)."""
    growth = sum(RATES)
    second = sp.diff(growth, J1) * RATES[0] + sp.diff(growth, J2) * RATES[1]
    return sp.lambdify((J1, J2), second, "numpy")(*J.T)


def to_the_end(start):
    """The orbit until both components are learned to 0.999."""
    path, end = orbit(start, lambda J: J.min() - 0.999, direction=1)
    assert end is not None
    return path


def has_plateau_ahead(path):
    """Does learning re-accelerate: does J'' change from minus to plus?"""
    signs = np.sign(accelerations(path))
    return bool(np.any((signs[:-1] < 0) & (signs[1:] > 0)))


@pytest.mark.ledger("S18")
@trial(
    correct=lambda start: start[0] < 0.5,
    printed=lambda start: True,
    slips={"only behind the antidiagonal": lambda start: start.sum() > 1},
)
def test_these_starts_in_a_winner_take_all_region_have_a_plateau_ahead(claim):
    for start in np.concatenate([LEFT[::3], RIGHT]):
        assert has_plateau_ahead(to_the_end(start)) == claim(start)


@pytest.mark.ledger("S18")
@trial(correct=False, printed=True)
def test_from_95_60_a_plateau_lies_ahead(claim):
    start = np.array([0.95, 0.6])
    assert second_wins(start) < 0
    assert has_plateau_ahead(to_the_end(start)) == claim


def flatness(start):
    """J' where the orbit crosses J1 + J2 = 1."""
    _, crossing = orbit(start, below_antidiagonal)
    return rates(crossing).sum()


@pytest.mark.ledger("S18")
@trial(
    correct=0.0473,
    slips={"as flat as plateaus can be at all": 49 / 450, "a little flatter": 0.0470, "a tenth of it": 0.00473},
)
def test_the_plateau_ahead_is_flatter_than_this_and_no_smaller_bound_with_four_decimals_holds(claim):
    # Orbits do not cross, and each one through the sheet passes J2 = 1/2 with J1 < TIP: it may be left above one half
    # only. So the orbit through the tip, which touches the sheet from outside, has the largest flatness.
    at_the_tip = flatness(np.array([TIP, 0.5]))
    assert claim - 1e-4 < at_the_tip < claim
    assert at_the_tip < 49 / 450  # so that its crossing is a plateau
    found = np.array([flatness(start) for start in LEFT])
    assert np.all(found < at_the_tip)
    assert found.max() > at_the_tip - 1e-4


# S19: near the origin


@pytest.mark.ledger("S19")
@trial(
    correct=4 / sp.pi * sp.atan(sp.Rational(1, 2)),
    slips={
        "one half": sp.Rational(1, 2),
        "one region only": 2 / sp.pi * sp.atan(sp.Rational(1, 2)),
        "two thirds": sp.Rational(2, 3),
    },
)
def test_of_uniform_angles_at_the_origin_this_share_lies_beneath_a_null_cline(claim):
    # The slope of each null cline at the origin, by implicit differentiation.
    beneath = []
    for cline in bandit.null_clines():
        slope = -(sp.diff(cline, J1) / sp.diff(cline, J2)).subs({J1: 0, J2: 0})
        beneath.append(min(sp.atan(slope), sp.pi / 2 - sp.atan(slope)))
    assert abs(sp.N(sum(beneath) / (sp.pi / 2) - claim, 30)) < sp.Float("1e-25")


SMALL = 1e-4  # how near the origin: the null clines bend by less than this relative to their slopes


@pytest.mark.ledger("S19")
@trial(correct=4 / np.pi * np.arctan(0.5), slips={"one half": 0.5, "two thirds": 2 / 3})
def test_of_drawn_angles_this_share_wins_all_within_five_standard_errors(claim):
    # Power: one standard error is below 0.0008, and the slips are more than 0.07 away.
    angle = np.random.default_rng(5).uniform(0, np.pi / 2, size=DRAWS)
    check_share(SMALL * np.stack([np.cos(angle), np.sin(angle)], axis=1), claim)


@pytest.mark.ledger("S19")
@trial(correct=1 / 2, slips={"as for angles": 4 / np.pi * np.arctan(0.5)})
def test_of_a_small_square_this_share_wins_all(claim):
    check_share(SMALL * np.random.default_rng(6).uniform(size=(DRAWS, 2)), claim)


@pytest.mark.ledger("S19")
@trial(correct=2 / 3, slips={"as for angles": 4 / np.pi * np.arctan(0.5)})
def test_of_a_line_of_equal_performance_this_share_wins_all(claim):
    first = SMALL * np.random.default_rng(7).uniform(size=DRAWS)
    check_share(np.stack([first, SMALL - first], axis=1), claim)


def check_share(J, claim):
    won = interference.winner_takes_all(rates(J))
    assert abs(won.mean() - claim) < 5 * np.sqrt(claim * (1 - claim) / DRAWS) + SMALL


# N12: the whole square


@pytest.mark.ledger("N12")
@trial(
    correct=1 - sp.asinh(1) / sp.sqrt(2),
    slips={"one half as near the origin": sp.Rational(1, 2), "one region only": (1 - sp.asinh(1) / sp.sqrt(2)) / 2},
)
def test_winner_take_all_regions_cover_exactly_this_much_of_the_square(claim):
    assert sp.simplify((bandit.winner_takes_all_area() - claim).rewrite(sp.log)) == 0

    def width(second):  # where J1 declines at this height: both ends of the row, by the roots of 2 a1 = a2
        root = np.sqrt(1 - 2 * second * (1 - second))
        return 1 - root

    assert np.isclose(2 * quad(width, 0, 1, epsabs=1e-12)[0], float(claim), atol=1e-10)


@pytest.mark.ledger("N12")
@trial(correct=1 - np.arcsinh(1) / np.sqrt(2), slips={"one half": 0.5, "one third": 1 / 3})
def test_of_uniform_draws_in_the_square_this_share_wins_all_within_five_standard_errors(claim):
    # Power: one standard error is 0.0008, and the slips are more than 0.04 away.
    won = interference.winner_takes_all(rates(np.random.default_rng(8).uniform(size=(DRAWS, 2))))
    assert abs(won.mean() - claim) < 5 * np.sqrt(claim * (1 - claim) / DRAWS)
