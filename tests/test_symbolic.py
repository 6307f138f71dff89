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


f, g, J = sp.Function("f"), sp.Function("g"), sp.Function("J")
t, c = sp.symbols("t c")
ALIKE = [  # unknown functions and their derivatives
    (2 * f(x) * f(x).diff(x), sp.Derivative(f(x) ** 2, x)),
    (f(J(t)).diff(t), sp.Subs(f(x).diff(x), x, J(t)) * J(t).diff(t)),
    (f((x - 1) * (x + 1)), f(x**2 - 1)),
    (sp.Function("f", positive=True)(sp.Symbol("x", real=True)), f(x)),
    (sp.sqrt(f(x) ** 2), f(x)),
    (g(x, y).diff(x, y), g(x, y).diff(y, x)),
    (f(x).diff(x, 2) * f(x), (f(x) * f(x).diff(x)).diff(x) - f(x).diff(x) ** 2),
    (sp.Eq(f(x) + c * g(x, y), 0), sp.Eq(-2 * f(x), 2 * c * g(x, y))),
    (sp.Matrix([f(x) ** 2]).diff(x), sp.Matrix([2 * f(x) * f(x).diff(x)])),
    ({f(x), f(y)}, {f(y), f(x)}),
]
UNLIKE = [
    (f(x), sp.Function("h")(x)),
    (f(x), f(y)),
    (f(x) * f(x).diff(x), sp.Derivative(f(x) ** 2, x)),
    (f(x).diff(x), f(y).diff(y)),
    (g(x, y).diff(x), g(x, y).diff(y)),
    (g(x, y), g(y, x)),
    (f(x).diff(x), sp.Symbol("f1")),
    (f(x).diff(x, 2), -f(x)),
    (f(x).diff(x), f(x)),
    (sp.Eq(f(x) + c * g(x, y), 0), sp.Eq(f(x), c * g(x, y))),
]


@pytest.mark.parametrize(("a", "b"), ALIKE)
def test_what_holds_of_every_function_holds_of_an_unknown_one(a, b):
    assert equivalent(a, b) and equivalent(b, a)


@pytest.mark.parametrize(("a", "b"), UNLIKE)
def test_what_holds_of_some_functions_only_does_not(a, b):
    assert not equivalent(a, b) and not equivalent(b, a)


@pytest.mark.parametrize(
    ("a", "b", "domains"),
    [
        (sp.Abs(c), -c, {"c": (-1, 0)}),
        (sp.Max(0, 1 - c), 0, {"c": (1, 4)}),
        ((-1) ** n, sp.cos(sp.pi * n), {"n": range(2, 30)}),
        (sp.floor(n), n, {"n": range(2, 30)}),
        (sp.Abs(f(x)), -f(x), {"f": (-1, 0)}),
        ((sp.Abs(c), sp.floor(n)), (-c, n), {"c": (-1, 0), "n": range(2, 30)}),
        ({sp.Abs(c), x}, {x, -c}, {"c": (-1, 0)}),
        (sp.Eq(sp.Abs(c) * x, 1), sp.Eq(-c * x, 1), {"c": (-1, 0)}),
    ],
)
def test_what_holds_within_a_domain_holds_there_and_not_in_the_unit_interval(a, b, domains):
    assert equivalent(a, b, domains) and equivalent(b, a, domains)
    assert not equivalent(a, b)


@pytest.mark.parametrize(
    ("a", "b", "domains"),
    [
        (sp.Abs(c), c, {"c": (-1, 0)}),
        (2**n, n**2, {"n": range(2, 30)}),
        (n, x, {"n": range(2, 30), "x": range(2, 30)}),
        (n, x + 1, {"n": range(2, 30), "x": range(2, 30)}),
        ((n - 2) * (n - 3), 0, {"n": range(2, 8)}),
        (sp.sqrt(f(x) ** 2), f(x), {"f": (-1, 0)}),
    ],
)
def test_what_does_not_hold_within_a_domain_is_refused(a, b, domains):
    assert not equivalent(a, b, domains) and not equivalent(b, a, domains)


@pytest.mark.parametrize(
    ("domains", "error", "said"),
    [
        ({"x": (1, 0)}, ValueError, "low < high"),
        ({"x": (0, 0)}, ValueError, "low < high"),
        ({"x": (0, 1, 2)}, ValueError, "expected 2 entries"),
        ({"x": (0, float("inf"))}, ValueError, "finite number"),
        ({"x": "positive"}, TypeError, "list or tuple"),
        ({"x": range(2, 3)}, ValueError, "two or more"),
        ({x: (0, 1)}, TypeError, "expected text"),
        ({}, ValueError, "at least one entry"),
        ([("x", (0, 1))], TypeError, "expected a dict"),
    ],
)
def test_a_domain_without_room_or_of_another_kind_is_refused(domains, error, said):
    with pytest.raises(error, match=said):
        equivalent(x, x, domains)
