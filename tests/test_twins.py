"""Twins: what stands once in symbols and once in numbers says the same, and neither leans on the other."""

import ast
import inspect
from pathlib import Path

import numpy as np
import pytest
import sympy as sp

from raylab import dynamics, interference, plateaus, projection
from raylab.symbolic import bandit as exact
from raylab.symbolic import deep_linear as linear
from raylab.symbolic import factored, turning
from raylab.systems import bandit as numeric
from raylab.systems import deep_linear as networks
from raylab.systems import factored as shapes

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
    rooms = [
        {path.stem for path in (ROOT / side).glob("*") if path.suffix in ("", ".py") and not path.stem.startswith("_")}
        for side in ("symbolic", "systems")
    ]
    assert rooms[0] & rooms[1] == {"bandit", "deep_linear", "factored"}


# Factored objectives: three couplings of different kinds, and any Gram matrix

COUPLINGS = {
    "f1": (lambda u: u * (1 - u), shapes.on_policy),
    "f2": (lambda u: u**2 * (1 - u), shapes.power(2.0)),
    "f3": (lambda u: (sp.Rational(1, 20) + sp.Rational(9, 10) * u) * (1 - u), shapes.mixed(0.1)),
}
SHAPES = [shape for _, shape in COUPLINGS.values()]


def definite(expression, gram):
    """An expression of `factored` in J1 ... JK with these couplings and inner products, as a function of (..., K)."""
    K = len(gram)
    for name, (f, _) in COUPLINGS.items():
        expression = expression.replace(sp.Function(name), f)
    products = {factored.gram(K)[k, j]: gram[k, j] for k in range(K) for j in range(K)}
    f = sp.lambdify(factored.heights(K), expression.subs(products).doit(), "numpy")
    return lambda J: np.array([np.asarray(f(*point), dtype=float) for point in J])


def gram_and_heights(K):
    rng = np.random.default_rng(K)
    V = rng.normal(size=(K, K + 1))
    return V @ V.T, rng.uniform(0.01, 0.99, size=(50, K))


@pytest.mark.parametrize("K", [1, 2, 3])
def test_rates_and_accelerations_of_factored_objectives_agree(K):
    gram, heights = gram_and_heights(K)
    velocity = shapes.velocity(heights, gram, SHAPES[:K])
    close(definite(factored.rates(K), gram)(heights)[..., 0], velocity)
    close(definite(factored.performance_rate(K), gram)(heights), velocity.sum(axis=-1))
    for form in (factored.acceleration, factored.acceleration_by_rates):
        found = definite(form(K), gram)(heights)
        np.testing.assert_allclose(found, shapes.acceleration(heights, gram, SHAPES[:K]), rtol=1e-8, atol=1e-12)


@pytest.mark.parametrize("K", [1, 2, 3])
def test_the_third_derivative_is_the_change_of_the_second_along_the_flow(K):
    gram, heights = gram_and_heights(K)
    velocity, h = shapes.velocity(heights, gram, SHAPES[:K]), 1e-4
    ends = [shapes.acceleration(heights + sign * h * velocity, gram, SHAPES[:K]) for sign in (1, -1)]
    found = definite(factored.jerk(K), gram)(heights)
    np.testing.assert_allclose(found, (ends[0] - ends[1]) / (2 * h), rtol=1e-5, atol=1e-7)


def test_null_clines_and_the_margin_of_the_winner_agree():
    gram, heights = gram_and_heights(2)
    signs = np.stack([definite(cline, gram)(heights) for cline in factored.null_clines()], axis=-1)
    np.testing.assert_array_equal(np.sign(signs), np.sign(shapes.velocity(heights, gram, SHAPES[:2])))
    lengths = np.sqrt(np.diag(gram))
    values = dict(zip(factored.LENGTHS, lengths, strict=True)) | {factored.COSINE: gram[0, 1] / lengths.prod()}
    found = definite(factored.winner_margin().subs(values), gram)(heights)
    close(found, shapes.winner_margin(heights, gram, SHAPES[:2])[..., 0])


def test_the_third_derivative_on_the_crossing_is_that_of_a_symmetric_coupling():
    square = shapes.Shape(lambda u: (u * (1 - u)) ** 2, lambda u: 2 * u * (1 - u) * (1 - 2 * u))
    x, h, c = np.linspace(0.05, 0.45, 9), 1e-3, -0.4
    gram = shapes.equal_cosines(2, c)
    heights = np.stack([x, 1 - x], axis=-1)
    velocity = shapes.velocity(heights, gram, square)
    ends = [shapes.acceleration(heights + sign * h * velocity, gram, square) for sign in (1, -1)]
    exactly = factored.crossing_jerk().replace(factored.SHAPE, lambda u: (u * (1 - u)) ** 2).doit()
    found = sp.lambdify(factored.heights(1)[0], exactly.subs(factored.COSINE, c), "numpy")(x)
    np.testing.assert_allclose(found, (ends[0] - ends[1]) / (2 * h), rtol=1e-4, atol=1e-13)


@pytest.mark.parametrize("cosine", [-0.9, -0.5, -0.1])
def test_the_strip_is_as_wide(cosine):
    J2 = np.linspace(0.01, 0.999, 60)
    found = sp.lambdify(factored.heights(2)[1], factored.strip().subs(factored.COSINE, cosine), "numpy")(J2)
    wanted = shapes.strip(J2, shapes.equal_cosines(2, cosine), shapes.on_policy)
    np.testing.assert_allclose(found, wanted, rtol=1e-8)


def test_the_restless_coupling_is_the_same():
    u = np.linspace(0.05, 0.95, 200)
    close(sp.lambdify(factored.U, factored.restless(), "numpy")(u) * (1 - u), shapes.restless(u))


@pytest.mark.parametrize(
    ("expression", "shape"),
    [
        (factored.U * (1 - factored.U), shapes.on_policy),
        (factored.U**2 * (1 - factored.U), shapes.power(2.0)),
        (sp.sqrt(factored.U) * (1 - factored.U), shapes.power(0.5)),
        (1 - factored.U, shapes.labels),
    ],
)
def test_the_bottom_is_as_far_away(expression, shape):
    assert float(factored.way_to_zero(expression)) == pytest.approx(-shape.ends[0], rel=1e-9)


def test_beside_the_saddle_the_drift_agrees_with_the_learner():
    distance = 1e-7
    gram = np.array([[1.0, -0.6], [-0.6, 0.8]])
    values = dict(zip(("a", "b", "g11", "g12", "g22"), (1, 1, 1.0, -0.6, 0.8), strict=True))
    for x in (0.1, 0.5, 2.0):
        J1_rate, J2_rate = shapes.velocity(np.array([x * distance, 1 - distance]), gram, shapes.on_policy)
        found = J1_rate / (x * distance) + J2_rate / distance  # (log p)' - (log q)', q' = -J2'
        wanted = factored.corner_drift().subs({s: (values | {"x": x})[s.name] for s in DRIFT_SYMBOLS})
        assert found / distance == pytest.approx(float(wanted), rel=1e-5)


DRIFT_SYMBOLS = factored.corner_drift().free_symbols


@pytest.mark.parametrize("actions", [2, 3, 4])
def test_what_a_softmax_feature_makes_one_neglect_agrees(actions):
    w = np.random.default_rng(actions).dirichlet(np.ones(actions - 1), size=50)
    expression = sp.sympify(turning.neglect(actions))
    found = np.array([float(expression.subs(dict(zip(turning.wrong(actions), row, strict=True)))) for row in w])
    np.testing.assert_allclose(found, -shapes.softmax_neglect(w), rtol=1e-9, atol=1e-12)


THETA_2 = turning.place(2)
WINDING = [THETA_2[0] + sp.sin(THETA_2[1]) / 3, THETA_2[1] - THETA_2[0] ** 2 / 5 + THETA_2[0] * THETA_2[1] / 4]


def test_what_turning_features_add_agrees_with_the_learner():
    phi = sp.lambdify(THETA_2, WINDING, "numpy")
    rows = sp.lambdify(THETA_2, sp.Matrix(WINDING).jacobian(THETA_2).tolist(), "numpy")
    potentials = shapes.Potentials(
        lambda theta: np.stack(phi(theta[..., 0], theta[..., 1]), axis=-1),
        lambda theta: np.stack([np.stack(np.broadcast_arrays(*row, theta[..., 0])[:2], axis=-1)
                                for row in rows(theta[..., 0], theta[..., 1])], axis=-2),
        2,
    )  # fmt: skip
    learner = shapes.Factored(potentials, shapes.on_policy)
    theta = np.random.default_rng(0).normal(size=(20, 2))
    measured = shapes.turning(learner, theta)
    J = factored.heights(2)
    for name, form in (("acceleration", turning.acceleration(2, 2)), ("neglected", turning.neglected(2, 2))):
        for k, path in enumerate(WINDING):
            form = form.replace(sp.Function(f"f{k + 1}"), lambda u: u * (1 - u))
            form = form.replace(
                sp.Function(f"phi{k + 1}"), lambda *at, path=path: path.subs(dict(zip(THETA_2, at, strict=True)))
            )
        exactly = sp.lambdify([*THETA_2, *J], form.doit(), "numpy")
        found = exactly(theta[:, 0], theta[:, 1], *learner.components(theta).T)
        np.testing.assert_allclose(getattr(measured, name), found, rtol=1e-6, atol=1e-9)


# Deep linear networks: any depth, inputs white or not

NETS = [(2, 2), (3, 2, 2), (2, 1, 2), (2, 2, 3, 2)]


def network(sizes, white=True, split="modes"):
    """A learner of these sizes, and the symbols of its moments with their numbers."""
    rng = np.random.default_rng(sum(sizes))
    target, X = rng.normal(size=(sizes[-1], sizes[0])), rng.normal(size=(9, sizes[0]))
    within = np.eye(sizes[0]) if white else X.T @ X / 9
    learner = networks.DeepLinear(target, sizes[1:-1], None if white else within, split)
    values = dict(zip(linear.correlation(sizes), target.ravel(), strict=True))
    return learner, values | dict(zip(linear.covariance(sizes), within.ravel(), strict=True))


def numbers(matrices, sizes, values, theta):
    """Expressions in the entries of the layers at each row of theta: (..., rows, columns) for each matrix."""
    weights = [w for W in linear.layers(sizes) for w in W]
    for matrix in matrices:
        f = sp.lambdify([weights], sp.Matrix(matrix).subs(values), "numpy")
        yield np.array([f(row) for row in theta])


@pytest.mark.parametrize("white", [True, False])
@pytest.mark.parametrize("sizes", NETS)
def test_networks_move_and_keep_what_they_keep_as_the_exact_rules_say(sizes, white):
    learner, values = network(sizes, white)
    theta = np.random.default_rng(0).normal(size=(20, learner.size))
    moves = learner.layers(learner.updates(theta).sum(axis=-2))
    for found, wanted in zip(numbers(linear.flow(sizes), sizes, values, theta), moves, strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-12)
    kept = numbers(linear.invariants(sizes), sizes, values, theta)
    for found, wanted in zip(kept, learner.invariants(theta), strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-12)
    (loss,) = numbers([[linear.loss(sizes)]], sizes, values, theta)
    np.testing.assert_allclose(loss[:, 0, 0] + learner.tops.sum(), learner.loss(theta), rtol=1e-9)


@pytest.mark.parametrize("white", [True, False])
@pytest.mark.parametrize("sizes", [(2, 2), (2, 2, 2), (2, 1, 2), (2, 1, 2, 2)])
def test_the_components_of_networks_pull_on_each_other_as_the_exact_products_say(sizes, white):
    """In the target's own axes, where the exact statements are written: T = diag(s1, s2)."""
    root = np.eye(2) if white else np.array([[1.2, 0.4], [0.4, 0.9]])
    s = np.array([3.0, 1.5])
    values = {"s1": 3.0, "s2": 1.5, "R11": root[0, 0], "R12": root[0, 1], "R22": root[1, 1]}
    for split, products in (("modes", linear.mode_products), ("outputs", linear.output_products)):
        learner = networks.DeepLinear(np.diag(s) @ root, sizes[1:-1], None if white else root @ root, split)
        np.testing.assert_allclose(np.abs(learner.left), np.eye(2), atol=1e-12)
        theta = np.random.default_rng(0).normal(size=(20, learner.size))
        form = products(sizes, white)
        known = {x: values[x.name] for x in form.free_symbols if x.name in values}
        (found,) = numbers([form], sizes, known, theta)
        wanted = interference.inner(learner.gradients(theta)[:, :2])
        np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-10)
        (errors,) = numbers([linear.errors(sizes, white)], sizes, known, theta)
        np.testing.assert_allclose((errors**2).sum(axis=(1, 2)) / 2, learner.loss(theta), rtol=1e-9)


CHAIN = {linear.S: 3, linear.U0: sp.Rational(1, 1000), linear.TAU: sp.Rational(3, 2)}


def test_the_exact_modes_agree_over_time():
    times = np.linspace(0, 6, 25)
    for depth, form in ((1, linear.single_layer()), (2, linear.mode())):
        found = sp.lambdify(linear.T, form.subs(CHAIN), "numpy")(times)
        close(networks.mode(times, 3.0, 1e-3, depth, 1.5), found)
    assert float(linear.half_time().subs(CHAIN)) == pytest.approx(float(networks.half_time(3.0, 1e-3, tau=1.5)))


@pytest.mark.parametrize("depth", [3, 4, 7, 40])
def test_the_exact_clock_agrees_above_two_layers(depth):
    form = linear.clock().subs(CHAIN).subs(linear.L, depth)
    at = [sp.N(form.subs(linear.U, u), 30) for u in (CHAIN[linear.U0], sp.Rational(3, 2), sp.Rational(14, 5))]
    assert float(networks.half_time(3.0, 1e-3, depth, 1.5)) == pytest.approx(float(at[1] - at[0]), rel=1e-12)
    assert float(networks.mode(float(at[2] - at[0]), 3.0, 1e-3, depth, 1.5)) == pytest.approx(2.8, rel=1e-10)
    wait = float(linear.hyperbolic_wait().subs(CHAIN | {linear.L: depth, linear.U0: sp.Rational(1, 10**40)}))
    assert float(networks.half_time(3.0, 1e-40, depth, 1.5)) == pytest.approx(wait, rel=1e-6)


@pytest.mark.parametrize("depth", [1, 2, 3, 5])
def test_a_network_with_balanced_aligned_modes_is_a_factored_objective_with_orthogonal_features(depth):
    """The coupling of the exact statement, given to the learner of Eq. (5), gives the path of the network."""
    s = np.array([3.0, 1.5])
    net = networks.DeepLinear(np.diag(s), (2,) * (depth - 1))
    u = np.linspace(0.05, 0.95, 7)[:, None] * s
    theta = np.array([networks.balanced(net, row) for row in u])
    J, rows = net.components(theta)[:, :2], net.gradients(theta)[:, :2]
    np.testing.assert_allclose(interference.cosine(rows), np.broadcast_to(np.eye(2), (7, 2, 2)), atol=1e-12)
    for k in range(2):
        form = linear.coupling().subs({linear.L: depth, linear.S: s[k]})
        height = sp.lambdify(linear.J, form, "numpy")
        slope = sp.lambdify(linear.J, sp.diff(form, linear.J), "numpy")
        close(np.linalg.norm(rows[:, k], axis=-1), height(J[:, k]))
        unit = rows[:, k] / np.linalg.norm(rows[:, k], axis=-1)[:, None]
        np.testing.assert_allclose(unit, np.broadcast_to(unit[0], unit.shape), atol=1e-12)  # v_k does not turn
        h = 1e-6 * s[k] ** 2
        middle = (height(J[:, k] + h) - height(J[:, k] - h)) / (2 * h)
        np.testing.assert_allclose(slope(J[:, k]), middle, rtol=1e-5)
    f = [sp.lambdify(linear.J, linear.coupling().subs({linear.L: depth, linear.S: value}), "numpy") for value in s]
    times = np.linspace(0, 0.2 / depth, 5)  # beyond the last digit of s no coupling is left
    run = dynamics.flow(net, theta[1], times, rtol=1e-12)
    path = dynamics.flow(_Orthogonal(f), J[1], times, rtol=1e-12)
    np.testing.assert_allclose(run.components[:, :2], path.parameters, rtol=1e-8)


class _Orthogonal:
    """J_k' = f_k(J_k)^2, in the J_k themselves."""

    def __init__(self, f):
        self.f = f

    def components(self, J):
        return J

    gradients = components

    def updates(self, J):
        return np.diag([f(x) ** 2 for f, x in zip(self.f, J, strict=True)])
