"""S5, S17: the velocity in the square, its fixed points and its null clines. Chapter 03."""

import itertools

import numpy as np
import pytest
import sympy as sp
from oracles import J1, J2, RATES, a1, a2, reduced, slopes
from trial import trial

from raylab import interference
from raylab.symbolic import bandit
from raylab.systems.bandit import Bandit

CORNERS = frozenset(itertools.product((0, 1), repeat=2))
ALTERED = {
    "the other sign of interference": sp.Matrix([2 * a1**2 + a1 * a2, 2 * a2**2 + a1 * a2]),
    "no interference": sp.Matrix([2 * a1**2, 2 * a2**2]),
    "unit features": sp.Matrix([a1**2 - a1 * a2, a2**2 - a1 * a2]),
}


@pytest.mark.ledger("S5")
@trial(correct=RATES, slips=ALTERED)
def test_the_chain_rule_in_theta_gives_these_velocities(claim):
    theta = sp.Matrix(sp.symbols("t1:4", real=True))
    J = sp.Matrix([1 / (1 + sp.exp(-theta[0] - theta[2])), 1 / (1 + sp.exp(-theta[1] + theta[2]))])
    G = J.jacobian(theta)
    velocity = G * (G.row(0) + G.row(1)).T
    promised = claim.subs({J1: J[0], J2: J[1]}, simultaneous=True)
    assert all(sp.simplify(v - p) == 0 for v, p in zip(velocity, promised, strict=True))


@pytest.mark.ledger("S5")
@trial(correct=RATES, slips=ALTERED)
def test_a_small_step_along_the_full_gradient_moves_the_components_at_these_velocities(claim):
    promised = sp.lambdify((J1, J2), claim, "numpy")
    learner = Bandit()
    for theta in np.random.default_rng(1).normal(scale=1.5, size=(50, 3)):
        step = slopes(reduced, theta).sum(axis=0)
        moved = (reduced(theta + 1e-5 * step) - reduced(theta - 1e-5 * step)) / 2e-5
        G = learner.gradients(theta)
        by_package = interference.rates(G, G.sum(axis=0))
        np.testing.assert_allclose(moved, promised(*reduced(theta)).ravel(), atol=1e-9)
        np.testing.assert_allclose(by_package, promised(*reduced(theta)).ravel(), atol=1e-15)


@pytest.mark.ledger("S5")
@trial(
    correct=CORNERS,
    slips={"with the middle": CORNERS | {(sp.Rational(1, 2),) * 2}, "without the saddles": {(0, 0), (1, 1)}},
)
def test_these_points_of_the_square_and_no_others_stand_still(claim):
    found = sp.solve(list(bandit.velocity()), [J1, J2], dict=True)
    assert {(point[J1], point[J2]) for point in found} == {tuple(map(sp.sympify, point)) for point in claim}


@pytest.mark.ledger("S5")
@trial(correct=1, slips={"it can stand still": 0, "twice that": 2})
def test_no_finite_theta_stands_still_because_the_height_grows_at_least_this_many_times_a_squared(claim):
    # J' is a quadratic form in (a1, a2), and both are positive at every finite theta.
    u, v = sp.symbols("u v", positive=True)
    form = 2 * u**2 - 2 * u * v + 2 * v**2
    assert sp.expand(form.subs({u: a1, v: a2}) - sum(RATES)) == 0
    assert min((sp.hessian(form, (u, v)) / 2).eigenvals()) == claim > 0


HYPERBOLA = 2 * (J1 - sp.Rational(1, 2)) ** 2 - (J2 - sp.Rational(1, 2)) ** 2


@pytest.mark.ledger("S17")
@trial(
    correct=(2 * a1 - a2, 2 * a2 - a1),
    slips={"exchanged": (2 * a2 - a1, 2 * a1 - a2), "without the two": (a1 - a2, a2 - a1)},
)
def test_inside_the_square_a_component_grows_exactly_where_this_is_positive(claim):
    for k, own in enumerate((a1, a2)):
        assert sp.expand(RATES[k] - own * claim[k]) == 0  # own > 0 inside
        assert sp.expand(bandit.null_clines()[k] - claim[k]) == 0


@pytest.mark.ledger("S17")
@trial(correct=sp.Rational(1, 4), slips={"the wider pair": sp.Rational(1, 2), "crossing lines": sp.Integer(0)})
def test_the_null_clines_are_hyperbolae_about_the_middle_at_this_level(claim):
    assert sp.expand((claim - HYPERBOLA) - (2 * a1 - a2)) == 0
    mirror = HYPERBOLA.subs({J1: J2, J2: J1}, simultaneous=True)
    assert sp.expand((claim - mirror) - (2 * a2 - a1)) == 0


@pytest.mark.ledger("S17")
@trial(correct=0, slips={"on J2": 1})
def test_on_two_edges_this_component_stands_still_too(claim):
    for edge in (0, 1):
        assert sp.expand(RATES[claim].subs(J1, edge)) == 0
        assert sp.expand(RATES[1 - claim].subs(J1, edge)) != 0


@pytest.mark.ledger("S17")
@trial(correct=(2, 1), slips={"exchanged": (1, 2)})
def test_simulated_orbits_turn_where_these_multiples_of_the_slopes_are_equal(claim):
    # J1 along a finely stepped orbit falls first, then rises: at its lowest point 2 a1 = a2.
    J = np.array([0.10, 0.30])
    path = [J]
    for _ in range(200_000):
        a = J * (1 - J)
        G = a[:, None] * np.array([[1.0, 0.0, 1.0], [0.0, 1.0, -1.0]])
        J = J + 1e-3 * interference.rates(G, G.sum(axis=0))
        path.append(J)
        if path[-1][0] > path[-2][0]:
            break
    low = path[-1] * (1 - path[-1])
    assert path[-1][0] > path[-2][0] and len(path) > 100
    assert np.isclose(claim[0] * low[0], claim[1] * low[1], rtol=1e-3)
