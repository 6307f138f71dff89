"""The compiled flow: against scipy, against closed forms, and against itself."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq, minimize_scalar

from raylab import plateaus
from raylab.ensembles import crew, flow, stepper
from raylab.ensembles.chances import chance
from raylab.systems.bandit import Mixed, on_policy, supervised

RNG = np.random.default_rng(5)


def logit(J):
    return np.log(J) - np.log1p(-np.asarray(J))


def performance(x):
    return 1 / (1 + np.exp(-x))


def on_the_line(total, runs, seed=0):
    p = np.random.default_rng(seed).uniform(0, total, runs)
    return np.stack([p, total - p], -1)


def random_gram(K, seed):
    """Of features that mostly point their own way, so that every context is learned."""
    v = np.eye(K, K + 1) + 0.1 * np.random.default_rng(seed).normal(size=(K, K + 1))
    return v @ v.T


# ------------------------------------------------------------------------------ scipy, another method and variable


class Oracle:
    """One run by solve_ivp in plain time, its waiting times and flatness from its dense output."""

    def __init__(self, start, gram, coupling, end, method="DOP853"):
        self.gram, self.coupling, self.end = gram, coupling, end
        self.x = solve_ivp(self.velocity, (0, end), start, method, dense_output=True, rtol=1e-12, atol=1e-12).sol

    def velocity(self, _, x):
        return self.gram @ self.coupling(performance(x))

    def total(self, t):
        return performance(self.x(t)).sum()

    def speed(self, t):
        J = performance(self.x(t))
        return abs(J * (1 - J) @ self.gram @ self.coupling(J))

    def first(self, value, grid):
        above = np.array([value(t) for t in grid]) >= 0
        if not above.any():
            return np.inf
        i = above.argmax()
        return 0.0 if i == 0 else brentq(value, grid[i - 1], grid[i], xtol=1e-12, rtol=1e-13)

    def waiting(self, level, grid):
        return [self.first(lambda t, k=k: self.x(t)[k] - logit(level), grid) for k in range(len(self.gram))]

    def flatness(self, grid):
        K, J0 = len(self.gram), self.total(0.0)
        begin = self.first(lambda t: self.total(t) - J0 - 0.05, grid)
        end = self.first(lambda t: self.total(t) - K + 0.2, grid)
        inside = np.concatenate([[begin], grid[(grid > begin) & (grid < end)], [end]])
        i = np.argmin([self.speed(t) for t in inside])
        around = inside[max(i - 1, 0)], inside[min(i + 1, len(inside) - 1)]
        found = minimize_scalar(self.speed, bounds=around, method="bounded", options={"xatol": 1e-9 * around[1]})
        return min(found.fun, self.speed(inside[i]))


@pytest.mark.parametrize("method", ["DOP853", "Radau"])
@pytest.mark.parametrize("coupling", [on_policy, supervised, Mixed(0.1, 3)], ids=["on_policy", "supervised", "mixed"])
def test_it_agrees_with_scipy_for_three_contexts_and_any_features(coupling, method):
    gram, start = random_gram(3, 1), logit(RNG.uniform(0.05, 0.6, 3))
    ours = flow(start[None], gram, coupling, level=0.8)
    assert ours.arrived[0] and ours.waiting.max() < 1e9
    end = ours.waiting.max() * 20
    grid = np.append(0.0, np.geomspace(1e-3, end, 400))
    oracle = Oracle(start, gram, coupling, end, method)
    np.testing.assert_allclose(ours.waiting[0], oracle.waiting(0.8, grid), rtol=1e-7)
    np.testing.assert_allclose(ours.flatness[0], oracle.flatness(grid), rtol=1e-6)


@pytest.mark.parametrize("K", [1, 2, 4, 8])
def test_it_agrees_with_scipy_for_any_number_of_contexts(K):
    gram, start = random_gram(K, K), logit(RNG.uniform(0.1, 0.5, K))
    ours = flow(start[None], gram)
    assert ours.arrived[0] and ours.waiting.max() < 1e9
    end = ours.waiting.max() * 1.01
    oracle = Oracle(start, gram, on_policy, end)
    grid = np.append(0.0, np.geomspace(1e-3, end, 400))
    np.testing.assert_allclose(ours.waiting[0], oracle.waiting(0.9, grid), rtol=1e-8)


def test_a_component_that_comes_to_the_level_and_falls_back_counts():
    start = logit([[0.3, 0.05]])
    bare = flow(start, level=0.5)
    oracle = Oracle(start[0], np.array([[2.0, -1], [-1, 2]]), on_policy, bare.waiting.max())
    t = np.linspace(0, bare.waiting[0, 1], 4001)
    J1 = performance(oracle.x(t)[0])
    assert J1.argmax() < len(t) - 1, "the first component falls again, which the test needs"
    below_the_top = J1.max() - 1e-6
    found = flow(start, level=below_the_top).waiting[0, 0]
    assert found == pytest.approx(
        brentq(lambda u: performance(oracle.x(u)[0]) - below_the_top, 0, t[J1.argmax()]), rel=1e-7
    )
    assert flow(start, level=J1.max() + 1e-6).waiting[0, 0] > t[J1.argmax()] * 1.5


@pytest.mark.parametrize(
    ("gram", "performances", "turns"),
    [
        ([[2.0, -1.9], [-1.9, 2.0]], [0.02, 0.9], False),  # J falls at first, before flatness begins to count
        ([[1.1, -1.1, 2.3], [-1.1, 1.2, -2.6], [2.3, -2.6, 10.0]], [0.7, 0.1, 0.1], True),
    ],
)
def test_where_progress_changes_sign_on_the_way_the_run_has_stood_still(gram, performances, turns):
    gram, start, coupling = np.array(gram), logit([performances]), Mixed(0.5)
    ours = flow(start, gram, coupling)
    oracle = Oracle(start[0], gram, coupling, 200.0)
    J = performance(oracle.x(np.linspace(0.01, 150, 6000))).T
    slope = np.einsum("tk,kj,tj->t", J * (1 - J), gram, coupling(J))
    total = J.sum(axis=-1)
    counts = np.logical_or.accumulate(oracle.total(0.0) + 0.05 <= total) & (total < len(gram) - 0.2)
    assert (np.diff(np.sign(slope)) != 0).any(), "it changes sign somewhere, which the test needs"
    assert (np.diff(np.sign(slope[counts])) != 0).any() == turns
    assert (ours.flatness[0] == 0) == turns and ours.arrived[0]


# ------------------------------------------------------------------------------ closed forms


@pytest.mark.parametrize("total", [0.05, 0.2, 0.5])
@pytest.mark.parametrize("rtol", [1e-7, 1e-9, 1e-11])
def test_flatness_is_the_closed_form_to_the_tolerance_asked_for(total, rtol):
    J = on_the_line(total, 3000)
    exact, found = plateaus.flatness(J), flow(logit(J), rtol=rtol)
    # a plateau inside the window: lower than J' at both of its ends, which are .05 above the start and at 1.8
    inside = exact < 1e-3
    assert inside.mean() > 0.2
    np.testing.assert_allclose(found.flatness[inside], exact[inside], rtol=20 * rtol)
    assert (found.flatness <= exact * (1 + 20 * rtol)).all(), "the smallest is never above the crossing"


@pytest.mark.parametrize("cosine", [-0.8, -0.5, -0.2])
def test_flatness_is_the_closed_form_for_other_features_too(cosine):
    J = on_the_line(0.1, 500, seed=1)
    exact = plateaus.flatness(J, cosine)
    found = flow(logit(J), 2 * np.array([[1, cosine], [cosine, 1]])).flatness
    inside = (exact < 1e-4) & (exact > 1e-250)
    np.testing.assert_allclose(found[inside], exact[inside], rtol=1e-7)


def test_plateaus_of_any_flatness_have_their_digits():
    weak = -np.geomspace(10, 150, 8)
    start = np.stack([np.full(8, -2.0), weak], -1)
    found = flow(start)
    J = performance(start)
    np.testing.assert_allclose(np.log(found.flatness), plateaus.flatness(J, log=True), rtol=1e-9)
    assert found.flatness[-1] < 1e-258 and found.waiting[-1, 1] > 1e128 and found.arrived.all()


@pytest.mark.parametrize("x0", [-300.0, -30.0, -2.0, 1.0])
@pytest.mark.parametrize("c", [1.0, 2.0, 5.0])
def test_one_context_keeps_the_clocks_of_n7(x0, c):
    L = logit(0.9)
    on, taught = (flow([[x0]], [[c]], coupling).waiting[0, 0] for coupling in (on_policy, supervised))
    assert on == pytest.approx(2 / c * (L - x0 + np.sinh(L) - np.sinh(x0)), rel=1e-8)
    assert taught == pytest.approx((L - x0 + np.exp(L) - np.exp(x0)) / c, rel=1e-8)


def test_the_first_integral_is_the_same_at_the_end():
    J = on_the_line(0.3, 200)
    ends = flow(logit(J)).components
    before, after = (plateaus.first_integral(x, log=True) for x in (J, ends))
    near = plateaus.flatness(J) > 1e-8  # later ends lie so near the edge that J in float64 says too little
    np.testing.assert_allclose(after[near], before[near], atol=1e-6)


def test_the_slowest_moment_is_the_crossing_and_orbits_are_their_own_mirror_images():
    """From (p, q) through J1 + J2 = 1 at t* to (1 - q, 1 - p) at 2 t*.  [ledger N2]"""
    p, q = 0.1, 0.02
    found = flow(logit([[p, q]]), level=1 - p)
    assert found.waiting[0, 1] == pytest.approx(2 * found.time_of_slowest[0], rel=1e-9)


def test_three_contexts_with_cosines_beyond_a_third_trap_an_open_set_of_starts():
    """[ledger N11]"""
    start = logit(0.01 * np.array([[10, 5, 1], [10.3, 5, 1], [10, 5.2, 1.1]]))
    for r, solved in ((0.34, False), (0.32, True)):
        gram = 2 * ((1 + r) * np.eye(3) - r)
        assert (flow(start, gram).arrived == solved).all()
        assert flow(start, gram, supervised).arrived.all()


# ------------------------------------------------------------------------------ the integrator


def test_the_order_is_eight():
    law, start = (np.array([[2.0, -1], [-1, 2]]), 0.05, 0.9), np.array([-3.0, -1.0, 0.0])

    def end(steps):
        f, stages, y, new, h, *_ = stepper.scratch(2, 1)
        y[:, 0], h[0] = start, 4.0 / steps
        stepper.rates(y, law, f, stages[0])
        for _ in range(steps):
            stepper.advance(y, h, law, f, stages, new)
            y[:], stages[0] = new, stages[stepper.STAGES]
        return y[:, 0].copy()

    exact = end(512)
    errors = [np.abs(end(n) - exact).max() for n in (4, 8, 16)]
    assert np.log2(errors[0] / errors[1]) == pytest.approx(8, abs=0.8)
    assert np.log2(errors[1] / errors[2]) == pytest.approx(8, abs=0.8)


def test_a_smaller_tolerance_gives_a_smaller_error():
    start = logit(on_the_line(0.2, 200))
    exact = flow(start, rtol=1e-13).waiting
    errors = [np.abs(flow(start, rtol=rtol).waiting / exact - 1).max() for rtol in (1e-5, 1e-7, 1e-9, 1e-11)]
    assert all(now < before / 20 for before, now in pairwise(errors))
    assert errors[2] < 1e-8


def test_a_run_depends_neither_on_threads_nor_on_its_company():
    start = logit(RNG.uniform(0.02, 0.5, (300, 3)))
    gram = random_gram(3, 2)
    ones = [flow(start, gram, threads=n) for n in (1, 2, 5)]
    alone = flow(start[137:138], gram)
    for name in ("flatness", "time_of_slowest", "waiting", "arrived", "components"):
        first = getattr(ones[0], name)
        assert all(np.array_equal(first, getattr(other, name)) for other in ones[1:])
        assert np.array_equal(first[137:138], getattr(alone, name))


def test_what_is_learned_at_the_start_needs_no_time_and_what_stands_still_never_arrives():
    found = flow([[5.0, 6.0], [-700.0, -700.0]])
    assert (found.waiting[0] == 0).all() and found.arrived[0]
    assert np.isinf(found.waiting[1]).all() and not found.arrived[1] and np.isinf(found.flatness[1])


def test_a_run_ends_at_the_horizon():
    start = logit([[0.1, 1e-4]])
    late = flow(start).waiting.max()
    assert not flow(start, horizon=late / 10).arrived[0] and flow(start, horizon=late * 10).arrived[0]


def test_an_interrupt_returns_what_is_done(monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(crew, "_watch", stop)
    with pytest.warns(UserWarning, match="stopped by hand"):
        found = flow(np.tile(logit([0.1, 1e-4]), (100_000, 1)))
    assert not found.finished.all()
    assert np.isinf(found.flatness[~found.finished]).all() and not found.arrived[~found.finished].any()
    assert found.arrived[found.finished].all()


# ------------------------------------------------------------------------------ couplings


def test_a_coupling_becomes_two_numbers():
    assert chance(on_policy, 2) == (0.0, 1.0) and chance(supervised, 3) == (1.0, 0.0)
    assert chance(Mixed(0.1), 2) == pytest.approx((0.05, 0.9)) and chance(Mixed(1.0, 4), 1) == pytest.approx((0.25, 0))
    assert chance(lambda J: (0.2 + 0.3 * J) * (1 - J), 2) == pytest.approx((0.2, 0.3))


@pytest.mark.parametrize(
    ("coupling", "said"),
    [
        (lambda J: J**2 * (1 - J), "straight line"),
        (lambda J: np.sqrt(J) * (1 - J), "straight line"),
        (lambda J: J * (1 - J) * (np.arange(J.shape[-1]) == 0), "same for every context"),
        (lambda J: 1.5 * (1 - J), "within"),
        (lambda J: (0.5 - J) * (1 - J), "within"),
        (lambda J: J[0], "shape"),
    ],
)
def test_a_coupling_of_another_form_is_refused(coupling, said):
    with pytest.raises(ValueError, match=said):
        flow(np.zeros((1, 2)), coupling=coupling)
