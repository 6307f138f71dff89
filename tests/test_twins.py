"""Twins: what stands once in symbols and once in numbers says the same, and neither leans on the other."""

import ast
import inspect
from pathlib import Path

import numpy as np
import pytest
import sympy as sp

from raylab import dynamics, interference, plateaus, projection
from raylab.symbolic import bandit as exact
from raylab.systems import bandit as numeric

ROOT = Path(__file__).resolve().parent.parent / "raylab"
THETA = np.random.default_rng(0).normal(scale=2, size=(200, 3))
LEARNER = numeric.Bandit()
J = LEARNER.components(THETA)
G = LEARNER.gradients(THETA)
RATES = interference.rates(G, projection.total(LEARNER.updates(THETA)))


def at(expression, *values):
    """A sympy expression or matrix at numbers: the last axes are those of the matrix."""
    f = sp.lambdify((exact.J1, exact.J2), expression, "numpy")
    return np.array([np.asarray(f(*point), dtype=float) for point in (values[0] if values else J)])


def close(found, wanted):
    np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-15)


def twin_slope():
    close(at(exact.slope(exact.J1)), numeric.on_policy(J)[:, 0])


def twin_components():
    found = sp.lambdify(exact.THETA, exact.components(), "numpy")
    close(np.array([found(*theta).ravel() for theta in THETA]), J)


def twin_gradients():
    close(at(exact.gradients()), G)


def twin_cosine():
    close(np.full(200, float(exact.cosine())), interference.cosine(G)[:, 0, 1])


def twin_velocity():
    close(at(exact.velocity())[:, :, 0], RATES)


def twin_performance_rate():
    close(at(exact.performance_rate()), RATES.sum(axis=-1))


def twin_jacobian():
    """Central differences of the learner's rates, along its own logits."""
    x = np.log(J) - np.log1p(-J)
    h = 1e-5
    for k in range(2):
        moved = []
        for sign in (1, -1):
            y = x.copy()
            y[:, k] += sign * h
            theta = np.stack([y[:, 0], y[:, 1], np.zeros(200)], axis=1)
            rows = LEARNER.gradients(theta)
            moved.append(interference.rates(rows, projection.total(rows)))
        by_logit = (moved[0] - moved[1]) / (2 * h)
        a = (J * (1 - J))[:, k, None]
        np.testing.assert_allclose(at(exact.jacobian())[:, :, k] * a, by_logit, atol=1e-9)


def twin_null_clines():
    signs = np.sign(np.stack([at(cline) for cline in exact.null_clines()], axis=-1))
    np.testing.assert_array_equal(signs, np.sign(RATES))


def twin_clock():
    x = THETA[:, 0] + THETA[:, 2], THETA[:, 1] - THETA[:, 2]
    found = sp.lambdify((exact.S, exact.D), exact.clock(), "numpy")((x[0] + x[1]) / 2, (x[0] - x[1]) / 2)
    close(found, (RATES / (J * (1 - J))).mean(axis=-1))


def after(theta, time):
    """theta a short time later, to first order: differences over +time and -time are right to second order."""
    return theta + time * projection.total(LEARNER.updates(theta))


def slowly(quantity, h=1e-4):
    """d/dt along the flow of a function of theta, by central differences; error of order h^2."""
    return (quantity(after(THETA, h)) - quantity(after(THETA, -h))) / (2 * h)


def twin_acceleration():
    def speed(theta):
        rows = LEARNER.gradients(theta)
        return interference.rates(rows, projection.total(rows)).sum(axis=-1)

    np.testing.assert_allclose(at(exact.acceleration()), slowly(speed), atol=1e-8)


def twin_jerk():
    bent = slowly(lambda theta: at(exact.acceleration(), LEARNER.components(theta)))
    np.testing.assert_allclose(at(exact.jerk()), bent, atol=1e-8)


def twin_inflection_factor():
    found = at(exact.inflection_factor()) * (1 - J.sum(axis=-1))
    np.testing.assert_allclose(found, at(exact.acceleration()), atol=1e-11)  # terms of order 1 cancel


def on_the_crossing(number=200):
    """Parameters with J1 + J2 = 1, and their J1."""
    x = np.random.default_rng(1).normal(scale=2, size=number)
    theta = np.stack([x, -x, np.zeros(number)], axis=1)
    return theta, LEARNER.components(theta)


def twin_crossing_slope():
    theta, found = on_the_crossing()
    rows = LEARNER.gradients(theta)
    close(at(exact.crossing_slope(), found), interference.rates(rows, projection.total(rows)).sum(axis=-1))
    close(at(exact.crossing_slope(), found), plateaus.flatness(found))


def twin_crossing_jerk():
    _, found = on_the_crossing()
    np.testing.assert_allclose(at(exact.crossing_jerk(), found), at(exact.jerk(), found), atol=1e-11)


def twin_flattest():
    assert float(exact.flattest()) == pytest.approx(plateaus.flattest(), rel=1e-14)


def twin_blow_up():
    """Close to a corner the learner's rates are the leading order, up to a share of the distance."""
    distance, slope = 1e-6, 0.7
    for corner in ((0, 0), (0, 1), (1, 0), (1, 1)):
        inwards = 1 - 2 * np.array(corner)
        near = corner + inwards * distance * np.array([1, slope])
        x = np.log(near) - np.log1p(-near)
        rows = LEARNER.gradients(np.append(x, 0.0))
        dp, dq = inwards * interference.rates(rows, projection.total(rows))
        found = np.array([dp / distance, (dq - slope * dp) / distance**2])
        wanted = exact.blow_up(corner).subs({exact.P: distance, exact.M: slope})
        np.testing.assert_allclose(found, np.array(wanted, dtype=float).ravel(), rtol=100 * distance)


def twin_winner_takes_all_area():
    """A grid of midpoints: its error is at most the share of cells that a null cline passes."""
    n = 500
    points = np.stack(np.meshgrid(*2 * [(np.arange(n) + 0.5) / n]), axis=-1).reshape(-1, 2)
    x = np.log(points) - np.log1p(-points)
    rows = LEARNER.gradients(np.append(x, np.zeros((n * n, 1)), axis=1))
    found = interference.winner_takes_all(interference.rates(rows, projection.total(rows))).mean()
    # each of the four branches is at most 3 long from side to side, so it passes at most 3 n cells
    assert abs(found - float(exact.winner_takes_all_area())) < 12 / n


TWINS = {name.removeprefix("twin_"): twin for name, twin in list(globals().items()) if name.startswith("twin_")}
STATEMENTS = [
    name
    for name, value in vars(exact).items()
    if inspect.isfunction(value) and value.__module__ == exact.__name__ and not name.startswith("_")
]


@pytest.mark.parametrize("name", STATEMENTS)
def test_an_exact_statement_agrees_with_the_learner(name):
    assert name in TWINS, f"raylab.symbolic.bandit.{name} has no twin: write twin_{name} in this file"
    TWINS[name]()


def test_the_flow_follows_the_exact_velocity():
    run = dynamics.flow(LEARNER, np.array([-1.5, -3.0, 0.0]), np.linspace(0, 60, 2001))
    middle = (run.components[2:] - run.components[:-2]) / (run.times[2:] - run.times[:-2])[:, None]
    # second differences: the error is h^2 / 6 times a third derivative below 1
    np.testing.assert_allclose(middle, at(exact.velocity(), run.components[1:-1])[:, :, 0], atol=0.03**2 / 6)


@pytest.mark.parametrize("left", ["symbolic", "systems"])
def test_twins_never_import_each_other(left):
    right = {"symbolic": "systems", "systems": "symbolic"}[left]
    files = sorted((ROOT / left).rglob("*.py"))
    assert files
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in getattr(node, "names", [])] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            assert not any(name.startswith(f"raylab.{right}") for name in names), path.name


def test_every_symbolic_room_with_a_numeric_twin_is_compared_here():
    rooms = {path.stem for path in (ROOT / "symbolic").glob("*.py")} & {
        path.stem for path in (ROOT / "systems").glob("*.py")
    }
    assert rooms - {"__init__"} == {"bandit"}
