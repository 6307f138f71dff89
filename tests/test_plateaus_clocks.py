"""Times in closed form, against integrators that know nothing of them."""

import numpy as np
import pytest
from scipy.integrate import quad, solve_ivp

from raylab import plateaus
from raylab.plateaus import clocks

SPEEDS = {
    "on-policy": lambda x: 1 / (2 + 2 * np.cosh(x)),
    "supervised": lambda x: 1 / (1 + np.exp(x)),
    "natural": lambda x: np.ones_like(x),
}


def logit(p):
    return np.log(p) - np.log1p(-p)


@pytest.mark.parametrize("cosine", [-0.7, -0.5, 0.0, 0.4])
@pytest.mark.parametrize("performance", [0.05, 0.2, 0.6])
def test_the_way_from_J_to_2_minus_J_takes_the_time_that_an_integrator_needs(cosine, performance):
    def velocity(_, x):
        a = 1 / (2 + 2 * np.cosh(x))
        return 2 * (a + cosine * a[::-1])

    def arrived(_, x):
        return (1 / (1 + np.exp(-x))).sum() - (2 - performance)

    arrived.terminal = True
    for share in (0.02, 0.3, 0.9, 1.0):
        J = performance * np.array([share / 2, 1 - share / 2])
        flatness = plateaus.flatness(J, cosine)
        path = solve_ivp(velocity, (0, 1e15), logit(J), "DOP853", rtol=1e-12, atol=1e-12, events=arrived)
        assert plateaus.travel_time(flatness, performance, cosine) == pytest.approx(path.t[-1], rel=1e-9)


@pytest.mark.parametrize("b", [100, 1e3, 1e6])
def test_the_law_of_the_plateau_tends_to_the_root_of_pi_as_the_cosine_tends_to_minus_one(b):
    stirling = np.sqrt(np.pi) * (1 + 1 / (8 * b) + 1 / (128 * b**2))
    assert plateaus.plateau_time(1.0, 1 / b - 1) == pytest.approx(stirling, rel=1e-8)


def test_travel_times_keep_their_shape_and_grow_as_the_plateau_gets_flatter():
    flatness = np.geomspace(1e-200, 1 / 8, 60).reshape(3, 20)
    found = plateaus.travel_time(flatness, 0.2)
    assert found.shape == (3, 20) and (np.diff(found.ravel()) < 0).all()
    assert plateaus.travel_time(flatness[1, 2], 0.2) == pytest.approx(found[1, 2], rel=1e-12)
    for bad in (0.0, 0.126, -1.0):
        with pytest.raises(ValueError, match="flatness: expected slopes"):
            plateaus.travel_time(bad)
    with pytest.raises(ValueError, match="performance: expected a number below"):
        plateaus.travel_time(0.01, 1.0)


@pytest.mark.parametrize("cosine", [-0.95, -0.5, 0.0, 0.5, 0.9])
def test_the_law_of_the_plateau_is_what_travel_time_tends_to(cosine):
    far, further = (plateaus.travel_time(e, 0.3, cosine) / plateaus.plateau_time(e, cosine) - 1 for e in (1e-12, 1e-16))
    assert abs(further) < 1e-5 and abs(further) < abs(far) / 9


@pytest.mark.parametrize("law", clocks.LAWS)
@pytest.mark.parametrize("square", [0.5, 1.0, 2.0])
def test_one_component_moves_as_an_integrator_has_it(law, square):
    starts, times = np.array([[1e-3, 0.2], [0.5, 0.97]]), np.linspace(0, 30, 7)
    found = plateaus.clock(times, starts, law, square)
    assert found.shape == (2, 2, 7)
    factor = 1.0 if law == "natural" else square
    for i in np.ndindex(2, 2):
        path = solve_ivp(
            lambda _, x: factor * SPEEDS[law](x), (0, 30), [logit(starts[i])], "DOP853", times, rtol=1e-12, atol=1e-13
        )
        np.testing.assert_allclose(found[i], 1 / (1 + np.exp(-path.y[0])), rtol=1e-10)


@pytest.mark.parametrize("law", clocks.LAWS)
def test_arrival_is_the_integral_of_one_over_the_speed_and_the_inverse_of_the_clock(law):
    for start, level in ((1e-6, 0.9), (0.3, 0.31), (0.4, 0.9999)):
        wanted = quad(lambda x: 1 / SPEEDS[law](x), logit(start), logit(level), epsrel=1e-12)[0]
        assert plateaus.arrival(start, level, law) == pytest.approx(wanted, rel=1e-10)
        assert plateaus.clock([wanted], start, law)[0] == pytest.approx(level, rel=1e-9)
    assert plateaus.arrival(0.95, 0.9, law) == 0


@pytest.mark.parametrize("law", clocks.LAWS)
def test_clocks_run_from_1e_290_and_for_1e300(law):
    J = plateaus.clock([0.0, 1.0, 1e3, 1e300], [1e-290, 1e-9, 0.5, 1 - 1e-9], law)
    assert np.isfinite(J).all() and (np.diff(J, axis=1) >= 0).all()
    np.testing.assert_allclose(J[:, 0], [1e-290, 1e-9, 0.5, 1 - 1e-9], rtol=1e-12)


def test_what_no_component_can_do_is_refused():
    with pytest.raises(ValueError, match="start: expected performances in"):
        plateaus.clock([0.0], 0.0)
    with pytest.raises(ValueError, match="level: expected performances in"):
        plateaus.arrival(0.1, 1.0)
    with pytest.raises(ValueError, match="law: expected one of"):
        plateaus.arrival(0.1, law="tabular")
    with pytest.raises(ValueError, match="square: expected a finite number"):
        plateaus.arrival(0.1, square=0.0)
