"""Orbits in symbols against orbits in numbers, and the proof by differentiation against quantities that do change."""

import numpy as np
import pytest
import sympy as sp

from raylab import plateaus
from raylab.symbolic import bandit, orbits

LAWS = orbits.LAWS
NUMBERS = [(-1.2, 0.7, -0.5), (0.4, 2.0, -0.4), (-2.0, 0.1, 0.0), (1.0, 1.0, 0.5)]  # s, d, c


def logistic(x):
    return 1 / (1 + np.exp(-x))


@pytest.mark.parametrize(("s", "d", "c"), NUMBERS)
def test_the_integral_in_symbols_has_the_value_of_the_one_in_numbers(s, d, c):
    k = sp.nsimplify((1 + sp.nsimplify(c)) / (1 - sp.nsimplify(c)))
    exact = sp.lambdify((orbits.S, orbits.D, orbits.K), orbits.first_integral(), "mpmath")
    J = logistic(np.array([s + d, s - d]))
    assert plateaus.first_integral(J, c) == pytest.approx(float(exact(s, d, sp.N(k, 20))), rel=1e-6)


@pytest.mark.parametrize("law", LAWS)
def test_what_is_conserved_does_not_change(law):
    assert orbits.change(orbits.first_integral(law), law) == 0


@pytest.mark.parametrize(
    ("quantity", "law"),
    [
        (orbits.S, "on-policy"),
        (orbits.D, "on-policy"),
        (orbits.D, "supervised"),
        (orbits.S, "natural"),
        (sp.cosh(orbits.S) * sp.sinh(orbits.D) ** orbits.K, "on-policy"),
    ],
)
def test_what_is_not_conserved_changes_at_the_rate_that_numbers_give(quantity, law):
    found = orbits.change(quantity, law)
    assert found != 0
    at = {orbits.S: sp.Rational(-3, 5), orbits.D: sp.Rational(4, 5), orbits.C: sp.Rational(-1, 2)}
    k = {orbits.K: sp.Rational(1, 3)}
    h = sp.Rational(1, 10**6)
    ds, dd = (sp.N(rate.subs(at), 30) for rate in orbits.motion(law))

    def value(sign):
        moved = {orbits.S: at[orbits.S] + sign * h * ds, orbits.D: at[orbits.D] + sign * h * dd}
        return sp.N(quantity.subs(k).subs(moved), 30)

    by_difference = (value(1) - value(-1)) / (2 * h)
    assert abs(sp.N(found.subs(k).subs(at), 30) - by_difference) < 1e-9


@pytest.mark.parametrize(("own", "other"), [("on-policy", "supervised"), ("supervised", "on-policy")])
def test_what_one_law_conserves_the_other_does_not(own, other):
    difference = orbits.first_integral(own) - orbits.first_integral(other)  # the integral term cancels
    assert sp.simplify(orbits.change(orbits.first_integral(own), other) - orbits.change(difference, other)) == 0
    assert orbits.change(difference, other) != 0


@pytest.mark.parametrize(("s", "d", "c"), NUMBERS)
def test_motion_is_that_of_the_logits(s, d, c):
    x = np.array([s + d, s - d])
    for law, speed in (("on-policy", logistic(x) * logistic(-x)), ("supervised", logistic(-x))):
        moved = 2 * (speed + c * speed[::-1])
        wanted = moved.sum() / 2, (moved[0] - moved[1]) / 2
        found = orbits.motion(law).subs({orbits.S: s, orbits.D: d, orbits.C: c})
        np.testing.assert_allclose(np.array(found, dtype=float).ravel(), wanted, rtol=1e-12)
    rate = orbits.motion()[0].subs({orbits.S: s, orbits.D: d, orbits.C: sp.Rational(-1, 2)})
    assert float(rate) == pytest.approx(float(bandit.clock().subs({bandit.S: s, bandit.D: d})))


def test_thresholds_laws_and_times_agree_with_the_numbers():
    for c in (-0.8, -0.5, 0.3):
        assert float(orbits.flattest().subs(orbits.C, c)) == pytest.approx(plateaus.flattest(c))
        slope = orbits.crossing_slope().subs({orbits.C: c, orbits.D: 1.3})
        assert plateaus.flatness(logistic(np.array([1.3, -1.3])), c) == pytest.approx(float(slope))
    assert orbits.flattest().subs(orbits.C, sp.Rational(-1, 2)) == bandit.flattest()
    time = orbits.plateau_time().subs(orbits.EPSILON, sp.Rational(1, 10**6))
    assert plateaus.plateau_time(1e-6) == pytest.approx(float(time))


@pytest.mark.parametrize("law", LAWS)
def test_the_clock_in_symbols_is_the_one_in_numbers(law):
    exact = orbits.lone_clock(law).subs(orbits.N, 2)
    x = np.log([0.01 / 0.99, 0.9 / 0.1])
    wanted = float(exact.subs(orbits.X, x[1]) - exact.subs(orbits.X, x[0]))
    assert plateaus.arrival(0.01, 0.9, law, 2.0) == pytest.approx(wanted, rel=1e-12)


def test_other_laws_and_no_expressions_are_refused():
    with pytest.raises(ValueError, match="law: expected one of"):
        orbits.motion("tabular")
    with pytest.raises(TypeError, match="quantity: expected a sympy expression"):
        orbits.change("s")
