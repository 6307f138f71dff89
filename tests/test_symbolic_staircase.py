"""The staircase in symbols against the skeleton, the flow and the margins in numbers."""

import numpy as np
import pytest
import sympy as sp

from raylab import plateaus
from raylab.interference import rates
from raylab.projection import total
from raylab.symbolic import staircase as exact
from raylab.systems.bandit import Bandit


def value(expression, **at):
    return float(expression.subs({symbol: at[symbol.name] for symbol in expression.free_symbols}))


def test_the_exponents_are_those_of_the_package():
    for r in (0.01, 0.08, 0.13):
        for m in range(1, 5):
            assert value(exact.wait_exponent(), r=r, m=m) == pytest.approx(plateaus.wait_exponent(-r, m), rel=1e-12)


def test_from_height_to_height_it_is_the_same_law():
    found = exact.wait_exponent()
    assert sp.simplify(exact.next_height().subs(exact.HEIGHT, found) - found.subs(exact.M, exact.M + 1)) == 0
    assert sp.simplify(found.subs(exact.M, 1) - exact.first_height()) == 0
    after = exact.kept().subs({exact.HEIGHT: exact.next_height(), exact.M: exact.M + 1}, simultaneous=True)
    assert sp.simplify(after - exact.kept()) == 0


@pytest.mark.parametrize(("r", "ratio"), [(0.4, 0.2), (0.4, 0.9), (0.1, 3.0)])
def test_close_to_the_corner_the_flow_is_the_leading_order(r, ratio):
    """Rates of q = 1 - J1 and of J3 / q from the learner itself."""
    learner, q = Bandit(np.linalg.cholesky((1 + r) * np.eye(3) - r)), 1e-6
    x = np.array([-np.log(q / (1 - q))] * 2 + [np.log(ratio * q / (1 - ratio * q))])
    rows = learner.gradients(np.linalg.solve(learner.features, x))
    first, _, third = rates(rows, total(rows))
    found = np.array([-first / q**2, (third + ratio * first) / q**2])
    wanted = [value(entry, r=r, n=ratio) for entry in exact.blow_up()]
    np.testing.assert_allclose(found, wanted, rtol=20 * q * (1 + ratio) / abs(wanted[1]))


def test_the_boundary_of_the_trap_is_where_the_ratio_stands_still_and_is_pushed_away():
    drift = exact.blow_up()[1]
    assert sp.simplify(drift.subs(exact.N, exact.trap_boundary())) == 0
    slope = sp.diff(drift, exact.N).subs(exact.N, exact.trap_boundary())
    for r in (0.34, 0.4, 0.49):
        assert value(slope, r=r) > 0
        assert value(exact.blow_up()[0].subs(exact.N, exact.trap_boundary()), r=r) < 0  # towards the corner
    assert exact.trap_boundary().subs(exact.R, sp.Rational(1, 3)) == 0


@pytest.mark.parametrize(("m", "n"), [(1, 2), (1, 5), (2, 3), (3, 4), (3, 6)])
def test_the_drag_is_that_of_the_shortest_parameters_with_margin_one(m, n):
    """Found by Hildreth's row actions, over all pairs (learned context, wrong action)."""
    rows = np.zeros((m * (n - 1), m + 1, n))
    pairs = [(k, a) for k in range(m) for a in range(n) if a != k]
    for row, (k, a) in zip(rows, pairs, strict=True):
        row[k, [k, a]] = row[m, [k, a]] = 1.0, -1.0
    V, u, weights = rows.reshape(len(pairs), -1), np.zeros((m + 1) * n), np.zeros(len(pairs))
    for _ in range(1500):
        for i, v in enumerate(V):
            change = max((1 - v @ u) / (v @ v), -weights[i])
            weights[i] += change
            u += change * v
    bias = u.reshape(m + 1, n)[m]
    np.testing.assert_allclose(bias[:m] - bias[m:].mean(), value(exact.drag(), m=m), atol=1e-6)
