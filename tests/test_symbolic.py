"""Equivalence: what says the same is the same, whatever its form; what differs is not."""

import pytest
import sympy as sp

from raylab.symbolic import bandit, equivalent

x, y, n = sp.symbols("x y n")
SAME = [
    (x * (1 - x), x - x**2),
    (sp.Symbol("x", positive=True) ** 2, x**2),
    (sp.Rational(-1, 2), -0.5),
    (-1 / (2 * (n - 1)), 1 / (2 - 2 * n)),
    (1 / (1 + sp.exp(-x)), sp.exp(x) / (1 + sp.exp(x))),
    (sp.tanh(x / 2), (sp.exp(x) - 1) / (sp.exp(x) + 1)),
    (sp.Matrix([x, y - 1]), sp.Matrix([x + 0, -(1 - y)])),
    (sp.Eq(2 * x, 4 * y), sp.Eq(x - 2 * y, 0)),
    ({sp.Integer(1), x}, {x, 1}),
    ((x, y), (x, y)),
    (sp.asinh(1), sp.log(1 + sp.sqrt(2))),
]
SOLVED = [  # as solve and nonlinsolve return points, and what they say
    ({y: 1, x: 0}, (0, 1)),
    (sp.Tuple(0, 1), (0, 1)),
    ([{x: 0, y: 1}, {x: 1, y: 0}], {(0, 1), (1, 0)}),
    (sp.FiniteSet((0, 1), (1, 0)), {(0, 1), (1, 0)}),
]
DIFFERENT = [
    (x * (1 - x), x + x**2),
    (sp.Rational(1, 2), -0.5),
    (-1 / (n - 1), -1 / (2 * (n - 1))),
    (x, y),
    (sp.Matrix([x, y]), sp.Matrix([y, x])),
    (sp.Matrix([x, y]), sp.Matrix([[x, y]])),
    (sp.Eq(x, y), sp.Eq(x, -y)),
    ({x}, {x, 1}),
    ({x, x + 1}, {x, 1}),
    ((x, y), (y, x)),
    (x, sp.Matrix([x])),
    (sp.Eq(x, y), x),
]


@pytest.mark.parametrize(("a", "b"), SAME)
def test_equal_statements_are_equivalent_both_ways(a, b):
    assert equivalent(a, b) and equivalent(b, a)


@pytest.mark.parametrize(("a", "b"), DIFFERENT)
def test_different_statements_are_not(a, b):
    assert not equivalent(a, b) and not equivalent(b, a)


@pytest.mark.parametrize(("solved", "points"), SOLVED)
def test_points_in_the_forms_of_solve_are_read(solved, points):
    assert equivalent(solved, points)
    assert not equivalent(solved, (1, 1)) and not equivalent(solved, {(0, 1), (1, 1)})


def test_what_is_no_expression_is_refused_kindly():
    with pytest.raises(TypeError, match="expected a sympy expression"):
        equivalent(object(), x)


def test_gradients_are_derived_and_agree_with_numbers():
    point = dict(zip(bandit.THETA, (0.3, -1.1, 0.7), strict=True))
    J = [float(v) for v in bandit.components().subs(point)]
    by_hand = bandit.components().jacobian(sp.Matrix(bandit.THETA)).subs(point)
    in_J = bandit.gradients().subs({bandit.J1: J[0], bandit.J2: J[1]})
    assert max(abs(v) for v in (by_hand - in_J)) < 1e-15


def test_the_cosine_is_a_number_and_not_a_function():
    assert bandit.cosine() == sp.Rational(-1, 2)


def test_infinity_is_itself_and_nothing_else():
    assert equivalent(sp.oo, sp.oo) and equivalent([sp.oo, 1], [sp.oo, 1])
    assert not equivalent(sp.oo, -sp.oo) and not equivalent(sp.oo, sp.Integer(1))
    assert not equivalent(sp.nan, sp.nan)


@pytest.mark.parametrize("J", [float("inf"), -float("inf"), float("nan"), sp.oo, sp.nan])
def test_the_slope_is_asked_at_finite_heights(J):
    with pytest.raises(ValueError, match="expected a finite number"):
        bandit.slope(J)
