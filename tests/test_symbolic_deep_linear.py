"""Deep linear networks in symbols."""

import itertools

import numpy as np
import pytest
import sympy as sp

from raylab.symbolic import deep_linear as exact
from raylab.symbolic import equivalent

SIZES = [(2, 2), (1, 1, 1), (2, 2, 2), (3, 1, 2), (2, 1, 2, 2), (1, 2, 2, 1, 1)]
S, U, U0, L, J = exact.S, exact.U, exact.U0, exact.L, exact.J


def zero(matrix):
    return matrix.applyfunc(sp.expand).is_zero_matrix


@pytest.mark.parametrize("sizes", SIZES)
def test_the_flow_is_what_the_rules_say(sizes):
    for flow, rule in zip(exact.flow(sizes), exact.update_rules(sizes), strict=True):
        assert zero(flow - rule) and not zero(flow)


@pytest.mark.parametrize("sizes", [(2, 1, 2), (1, 2, 2)])
def test_the_loss_is_half_the_mean_squared_error_of_samples(sizes):
    X, Y = sp.Matrix(sizes[0], 3, lambda i, j: 2 * i - j**2 + 1), sp.Matrix(sizes[-1], 3, lambda i, j: i * j + 3 - j)
    W1, W2 = exact.layers(sizes)
    errors = Y - W2 * W1 * X
    squared = sum(e**2 for e in errors) / 6 - sum(y**2 for y in Y) / 6
    values = dict(zip(exact.correlation(sizes), Y * X.T / 3, strict=True))
    values |= dict(zip(exact.covariance(sizes), X * X.T / 3, strict=True))
    assert sp.expand(exact.loss(sizes).subs(values) - squared) == 0


@pytest.mark.parametrize("sizes", [sizes for sizes in SIZES if len(sizes) > 2])
def test_the_differences_of_neighbouring_layers_are_conserved_and_their_sums_are_not(sizes):
    W = exact.layers(sizes)
    for conserved, (before, after) in zip(exact.invariants(sizes), itertools.pairwise(W), strict=True):
        assert zero(exact.along_flow(conserved, sizes))
        assert not zero(exact.along_flow(after.T * after + before * before.T, sizes))


@pytest.mark.parametrize("depth", [1, 2, 3, 4])
def test_a_balanced_chain_has_the_rate_of_a_mode(depth):
    """One unit in each layer, all weights c: u' is the sum of c' times what stands around it."""
    sizes = (1,) * (depth + 1)
    c = U ** sp.Rational(1, depth)
    equal = {w: c for W in exact.layers(sizes) for w in W}
    product = sp.prod([W[0] for W in exact.layers(sizes)])
    rate = exact.along_flow(product, sizes).subs(equal)
    variance, correlation = exact.covariance(sizes)[0], exact.correlation(sizes)[0]
    coloured = rate.subs({variance: exact.VARIANCE, correlation: exact.VARIANCE * S})
    assert sp.simplify(coloured - exact.coloured_mode_rate().subs(L, depth)) == 0
    assert sp.simplify(coloured.subs(exact.VARIANCE, 1) - exact.mode_rate().subs(L, depth)) == 0
    others = [exact.along_flow(W[0], sizes).subs(equal) for W in exact.layers(sizes)]
    assert all(sp.simplify(other - others[0]) == 0 for other in others)  # balanced it stays


@pytest.mark.parametrize(("solution", "depth"), [(exact.mode(), 2), (exact.single_layer(), 1)])
def test_the_closed_forms_solve_the_equation_of_a_mode_from_their_start(solution, depth):
    rate = exact.mode_rate().subs(L, depth).subs(U, solution)
    assert sp.simplify(exact.TAU * sp.diff(solution, exact.T) - rate) == 0
    assert sp.simplify(solution.subs(exact.T, 0) - U0) == 0
    assert sp.limit(solution.subs({S: 3, exact.TAU: 1, U0: sp.Rational(1, 10)}), exact.T, sp.oo) == 3


def test_the_half_time_is_a_logarithm_of_the_start():
    assert equivalent(exact.half_time(), exact.TAU * sp.log(S / U0 - 1) / (2 * S), {"s": (2, 3)})
    assert sp.limit(exact.half_time() / sp.log(1 / U0), U0, 0, "+") == exact.TAU / (2 * S)


@pytest.mark.parametrize("depth", [3, 4, 5, 7, 20])
def test_the_clock_runs_at_one_over_the_rate(depth):
    values = {S: sp.Rational(7, 3), exact.TAU: sp.Rational(5, 4), L: depth}
    slope = sp.diff(exact.clock().subs(values), U)
    for u in (sp.Rational(1, 1000), sp.Rational(1, 2), sp.Rational(9, 4)):
        wanted = (exact.TAU / exact.mode_rate()).subs(values).subs(U, u)
        assert abs(sp.N(slope.subs(U, u) / wanted, 30) - 1) < 1e-25


def test_with_four_layers_the_clock_has_no_series():
    m = sp.sqrt(U / S)
    plain = exact.TAU * S ** sp.Rational(-3, 2) * (sp.atanh(m) - 1 / m) / 2
    difference = (exact.clock().subs(L, 4) - plain).subs({S: 3, exact.TAU: 1})
    for u in (sp.Rational(1, 100), 1, sp.Rational(5, 2)):
        assert abs(sp.N(difference.subs(U, u), 30)) < 1e-25


def test_the_hyperbolic_wait_is_all_of_the_clock_that_does_not_stay_bounded():
    m, b = U0 / S, 2 / L
    rest = exact.TAU * S ** (b - 2) * m**b / 2 * sp.hyper((1, b), (1 + b,), m)
    assert equivalent(-exact.clock().subs(U, U0), exact.hyperbolic_wait() - rest, {"L": (3, 9), "s": (2, 3)})
    for depth in (3, 4, 9):
        assert sp.limit(rest.subs({L: depth, S: 3, exact.TAU: 1}), U0, 0, "+") == 0


def test_depth_takes_the_power_of_the_wait_from_nothing_to_that_of_the_bandit():
    power = sp.simplify(-U0 * sp.diff(sp.log(exact.hyperbolic_wait()), U0))
    assert sp.simplify(power - (1 - 2 / L)) == 0
    assert power.subs(L, 2) == 0 and sp.limit(power, L, sp.oo) == 1


def test_an_unbalanced_mode_has_the_rate_of_the_chain_it_comes_from():
    w1, w2 = (W[0] for W in exact.layers((1, 1, 1)))
    white = {exact.correlation((1, 1))[0]: S, exact.covariance((1, 1))[0]: 1}
    rate = exact.along_flow(w1 * w2, (1, 1, 1)).subs(white)
    told = exact.unbalanced_rate().subs({exact.IMBALANCE: w1**2 - w2**2, U: w1 * w2})
    assert sp.factor(told**2 - rate**2) == 0 and rate.subs({w1: 2, w2: 1, S: 3}) == told.subs({w1: 2, w2: 1, S: 3})
    assert sp.simplify(exact.unbalanced_rate().subs(exact.IMBALANCE, 0) - exact.mode_rate().subs(L, 2)) == 0


def test_the_turns_are_where_the_slope_of_the_learning_curve_is_stationary():
    slope = sp.diff(exact.mode_performance(), U) * exact.unbalanced_rate()
    values = {S: 3, exact.IMBALANCE: 1}
    least, largest = (turn.subs(values) for turn in exact.turns())
    assert 0 < least < largest < 3
    bends = [sp.diff(slope.subs(values), U, 2).subs(U, turn) for turn in (least, largest)]
    assert all(sp.simplify(sp.diff(slope.subs(values), U).subs(U, turn)) == 0 for turn in (least, largest))
    assert bends[0] > 0 > bends[1]


@pytest.mark.parametrize("q", [sp.Rational(1, 100), 1, 20])
def test_the_half_time_of_an_unbalanced_mode_is_the_integral_of_one_over_its_rate(q):
    values = {S: 3, exact.IMBALANCE: q, exact.TAU: 1}
    wanted = sp.Integral(1 / exact.unbalanced_rate().subs(values), (U, 0, sp.Rational(3, 2))).evalf(20)
    assert abs(sp.N(exact.unbalanced_half_time().subs(values), 25) / wanted - 1) < 1e-15


@pytest.mark.parametrize("modes", [1, 2])
def test_mirrored_layers_stay_so_and_their_inner_products_obey_one_equation(modes):
    sizes = (modes, modes, modes)
    W1, W2 = exact.layers(sizes)
    strengths = sp.diag(*(sp.Symbol(f"s{a + 1}", positive=True) for a in range(modes)))
    values = dict(zip(exact.correlation(sizes), strengths, strict=True)) | dict(zip(W2, W1.T, strict=True))
    values |= dict(zip(exact.covariance(sizes), sp.eye(modes), strict=True))
    first, second = (rates.subs(values, simultaneous=True) for rates in exact.flow(sizes))
    Q = W1.T * W1
    assert zero(first - second.T)
    assert zero(exact.along_flow(Q, sizes).subs(values, simultaneous=True) - (strengths * Q + Q * strengths - 2 * Q**2))


@pytest.mark.parametrize("modes", [1, 2, 3])
def test_the_mirrored_solution_solves_that_equation_from_its_start(modes):
    Q0 = exact.seed_products(modes)
    given = {Q0[i, j]: sp.Rational(1 + (i == j) * (i + 2), 10 + i + j) for i in range(modes) for j in range(i + 1)}
    strengths = {sp.Symbol(f"s{a + 1}", positive=True): sp.Integer(modes + 1 - a) for a in range(modes)}
    found = exact.mirrored(modes).subs(given).subs(strengths).subs(exact.TAU, 1)
    matrix, moved = sp.diag(*strengths.values()), sp.diff(found, exact.T)
    assert (found.subs(exact.T, 0) - Q0.subs(given)).is_zero_matrix
    at = {exact.T: sp.Rational(2, 3)}
    found, moved = found.subs(at).evalf(30), moved.subs(at).evalf(30)
    assert max(map(abs, moved - (matrix * found + found * matrix - 2 * found**2))) < 1e-25


def test_one_mirrored_mode_is_the_balanced_one():
    alone = exact.mirrored(1)[0].subs({sp.Symbol("s1", positive=True): S, exact.seed_products(1)[0]: U0})
    assert sp.simplify(alone - exact.mode()) == 0


def test_what_is_left_of_a_seed_is_the_square_of_its_part_across_those_before():
    seeds = np.random.default_rng(3).normal(size=(5, 3))
    products = dict(zip(exact.seed_products(3), (seeds.T @ seeds).ravel(), strict=True))
    wanted = np.linalg.qr(seeds)[1][2, 2] ** 2
    assert float(exact.left_over(3).subs(products)) == pytest.approx(wanted, rel=1e-12)
    assert exact.left_over(1) == exact.seed_products(1)[0]


@pytest.mark.parametrize("depth", [1, 2, 3, 5])
def test_an_aligned_mode_is_a_factored_objective_with_this_coupling(depth):
    """grad J of the chain with equal weights: along (1, ..., 1) / sqrt(L), and J' = f(J)^2."""
    W = [W[0] for W in exact.layers((1,) * (depth + 1))]
    value = exact.mode_performance().subs(U, sp.prod(W))
    equal = dict.fromkeys(W, U ** sp.Rational(1, depth))
    gradient = [sp.diff(value, w).subs(equal) for w in W]
    assert all(sp.simplify(entry - gradient[0]) == 0 for entry in gradient)
    f = exact.coupling().subs(L, depth).subs(J, exact.mode_performance())
    by_rate = sp.diff(exact.mode_performance(), U) * exact.mode_rate().subs(L, depth)
    for u in (sp.Rational(1, 10), 1, sp.Rational(5, 2)):
        at = {S: 3, U: u}
        assert abs(sp.N((f - sp.sqrt(depth) * gradient[0]).subs(at), 30)) < 1e-25
        assert abs(sp.N((f**2 - by_rate).subs(at), 30)) < 1e-25


@pytest.mark.parametrize("depth", [1, 2, 3, 5])
def test_near_zero_the_coupling_is_its_leading_power(depth):
    ratio = (exact.coupling() / exact.coupling_near_zero()).subs({L: depth, S: 3})
    assert sp.limit(ratio, J, 0, "+") == 1


def parts(sizes):
    """(P P^T, Q^T Q) for each layer: P is what stands after it, Q what stands before."""
    W = exact.layers(sizes)
    for n in range(len(W)):
        P, Q = sp.eye(sizes[-1]), sp.eye(sizes[0])
        for after in reversed(W[n + 1 :]):
            P = P * after
        for before in W[:n]:
            Q = before * Q
        yield P * P.T, Q.T * Q


@pytest.mark.parametrize("white", [True, False])
@pytest.mark.parametrize("sizes", [(2, 2), (2, 2, 2), (3, 1, 2), (2, 1, 2, 2), (2, 1, 1, 2)])
def test_modes_pull_on_each_other_only_through_inner_layers_and_through_inputs_that_are_not_white(sizes, white):
    E = exact.errors(sizes, white)
    R = sp.eye(sizes[0]) if white else exact._root(sizes[0])
    wanted = sum(E[0, 0] * E[1, 1] * PP[0, 1] * (R * QQ * R)[0, 1] for PP, QQ in parts(sizes))
    found = exact.mode_products(sizes, white)[0, 1]
    assert sp.expand(found - wanted) == 0
    assert (found == 0) == (len(sizes) == 2 or (white and len(sizes) == 3))


def test_aligned_modes_never_pull_on_each_other():
    for sizes in ((2, 2, 2), (2, 2, 2, 2)):
        off = {W[i, j]: 0 for W in exact.layers(sizes) for i in range(2) for j in range(2) if i != j}
        products = exact.mode_products(sizes).subs(off)
        assert products[0, 1] == 0 and products[0, 0] != 0


@pytest.mark.parametrize("white", [True, False])
def test_outputs_pull_on_each_other_by_the_overlap_of_their_weights_and_of_their_errors(white):
    sizes = (2, 2, 2)
    E, (_, W2) = exact.errors(sizes, white), exact.layers(sizes)
    R = sp.eye(2) if white else exact._root(2)
    wanted = (W2 * W2.T)[0, 1] * (E * R * R * E.T)[0, 1]
    assert sp.expand(exact.output_products(sizes, white)[0, 1] - wanted) == 0


def test_the_sign_of_what_outputs_do_to_each_other_turns_with_the_first_layer_where_weights_are_small():
    W1, W2 = exact.layers((2, 2, 2))
    scale = sp.Symbol("scale")
    small = {w: scale * w for w in (*W1, *W2)}
    leading = sp.Poly(exact.output_products((2, 2, 2))[0, 1].subs(small, simultaneous=True), scale).coeff_monomial(
        scale**4
    )
    assert leading != 0
    assert sp.expand(leading.subs({w: -w for w in W1}, simultaneous=True) + leading) == 0


def test_other_kinds_of_arguments_are_refused():
    with pytest.raises(ValueError, match="sizes: expected two to nine numbers"):
        exact.flow([2])
    with pytest.raises(TypeError, match="sizes: expected a list"):
        exact.flow(2)
    with pytest.raises(TypeError, match="quantity: expected a sympy expression"):
        exact.along_flow("w1_11", (1, 1))
    for law, most in ((exact.seed_products, 9), (exact.left_over, 5), (exact.mirrored, 3)):
        with pytest.raises(ValueError, match=f"modes: expected at most {most}, found {most + 1}"):
            law(most + 1)
    with pytest.raises(TypeError, match="white: expected True or False"):
        exact.errors((1, 1), 1)


def test_numbers_agree_with_the_reference():
    values = {S: 3, U0: sp.Rational(1, 1000), exact.TAU: 1}
    found = [float(exact.mode().subs(values).subs(exact.T, t)) for t in (1, 2)]
    np.testing.assert_allclose(found, [0.35571248, 2.9457207], rtol=1e-8)
