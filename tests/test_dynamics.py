"""Flow, steps and orbits, each against an oracle of another kind."""

import _thread
import threading

import numpy as np
import pytest
from scipy.integrate import LSODA, solve_ivp
from scipy.optimize import brentq

from raylab import dynamics, ensembles
from raylab.optimisers import Momentum
from raylab.plateaus import waiting_time
from raylab.records import Trajectory
from raylab.systems.bandit import TABULAR, Bandit, SoftmaxBandit, supervised
from raylab.systems.natural import Natural
from raylab.systems.separate import Separate


def logit(J):
    return np.log(J) - np.log1p(-np.asarray(J))


def clock(x0, t, c):
    """One on-policy component of feature norm squared c: x + sinh x grows by c t / 2.  [ledger N7]"""
    goal = x0 + np.sinh(x0) + c * t / 2
    return brentq(lambda x: x + np.sinh(x) - goal, -700, 700, xtol=1e-14, rtol=1e-15)


@pytest.mark.parametrize("x0", [-6.0, -1.0, 0.5])
def test_flow_keeps_the_clock_of_a_single_component(x0):
    feature = np.array([[0.6, -1.3]])
    times = np.array([0.0, 0.3, 7.0, 100.0, 1e4, 1e6])
    run = dynamics.flow(Bandit(features=feature), x0 * feature[0] / (feature**2).sum(), times)
    exact = [clock(x0, t, (feature**2).sum()) for t in times]
    np.testing.assert_allclose(run.parameters @ feature[0], exact, rtol=1e-8)


def test_a_tighter_tolerance_gives_a_smaller_error():
    feature, times = np.array([[1.0, 1.0]]), np.array([0.0, 50.0])
    exact = clock(-4.0, 50.0, 2.0)

    def error(rtol):
        run = dynamics.flow(Bandit(features=feature), [-2.0, -2.0], times, rtol=rtol, atol=rtol * 1e-3)
        return abs(run.parameters[-1].sum() - exact)

    errors = [error(rtol) for rtol in (1e-3, 1e-6, 1e-10)]
    assert errors[0] > 10 * errors[1] > 100 * errors[2]


def test_flow_agrees_with_an_integration_in_performance():
    start = np.array([0.1, 0.02])

    def rates(_, J):  # equations (1) and (2), in J; flow never sees them
        a = J * (1 - J)
        return 2 * a**2 - a[0] * a[1]

    times = np.array([0.0, 5.0, 50.0, 2000.0, 2700.0])
    other = solve_ivp(rates, (0, times[-1]), start, "DOP853", times, rtol=1e-12, atol=1e-17).y.T
    run = dynamics.flow(Bandit(), [*logit(start), 0.0], times)
    np.testing.assert_allclose(run.components, other, rtol=1e-5)


def test_a_run_does_not_depend_on_its_company():
    starts = np.random.default_rng(0).normal(size=(2, 3, 3))
    times = np.linspace(2.0, 40.0, 9)
    together = dynamics.flow(Bandit(), starts, times)
    assert together.parameters.shape == (2, 3, 9, 3) and together.components.shape == (2, 3, 9, 2)
    alone = dynamics.flow(Bandit(), starts[1, 2], times)
    assert np.array_equal(together.parameters[1, 2], alone.parameters)
    assert np.array_equal(together.parameters[..., 0, :], starts)  # the start holds at times[0]


def test_only_time_differences_count():
    one = dynamics.flow(Bandit(), [-1.0, -2.0, 0.3], [0.0, 4.0, 9.0])
    two = dynamics.flow(Bandit(), [-1.0, -2.0, 0.3], [100.0, 104.0, 109.0])
    np.testing.assert_allclose(one.parameters, two.parameters, rtol=1e-8)


def test_steps_converge_to_the_flow_at_first_order():
    start, end = [-1.0, -2.0, 0.0], 8.0
    exact = dynamics.flow(Bandit(), start, [0.0, end]).parameters[-1]
    steps = np.array([40, 80, 160, 320])
    errors = [np.linalg.norm(dynamics.ascend(Bandit(), start, n, end / n).parameters[-1] - exact) for n in steps]
    order = -np.polyfit(np.log(steps), np.log(errors), 1)[0]
    assert 0.9 < order < 1.1, order


def test_one_step_by_hand():
    start = np.array([0.3, -0.2, 0.1])
    run = dynamics.ascend(Bandit(coupling=supervised), start, 1, 0.25)
    J = 1 / (1 + np.exp(-np.array([0.4, -0.3])))
    by_hand = start + 0.25 * np.array([1 - J[0], 1 - J[1], J[1] - J[0]])
    np.testing.assert_allclose(run.parameters[1], by_hand, rtol=1e-14)
    np.testing.assert_allclose(run.times, [0, 0.25])


def test_the_mean_of_sampled_steps_is_the_expected_step():
    N, start = 20_000, np.array([-0.5, 0.4, 0.2])
    rng = np.random.default_rng(4)
    run = dynamics.ascend(Bandit(), np.broadcast_to(start, (N, 3)), 1, 0.1, sampled=True, rng=rng)
    move = run.parameters[:, 1] - start
    expected = dynamics.ascend(Bandit(), start, 1, 0.1).parameters[1] - start
    assert (np.abs(move.mean(0) - expected) < 5.5 * move.std(0) / np.sqrt(N)).all()
    assert move.std(0).min() > 1e-3


def test_momentum_is_a_decaying_sum_of_directions():
    directions = np.random.default_rng(1).normal(size=(6, 4))
    rule, state, moves = Momentum(0.8), None, []
    for g in directions:
        move, state = rule(g, state)
        moves.append(move)
    for t in range(6):
        np.testing.assert_allclose(moves[t], sum(0.8 ** (t - s) * directions[s] for s in range(t + 1)), rtol=1e-13)


def test_momentum_without_memory_is_plain():
    learner, start = SoftmaxBandit(2, 3), np.zeros(9)
    one = dynamics.ascend(learner, start, 20, 0.3)
    two = dynamics.ascend(learner, start, 20, 0.3, rule=Momentum(0.0))
    assert np.array_equal(one.parameters, two.parameters)
    three = dynamics.ascend(learner, start, 20, 0.3, rule=Momentum(0.5))
    assert three.performance[-1] > one.performance[-1] + 0.1


def test_a_remedy_is_any_function_of_the_updates():
    run = dynamics.flow(Bandit(), [0.0, 0.0, 0.0], [0.0, 3.0], combine=lambda U: U[..., 0, :])
    assert run.components[-1, 0] > 0.7 and run.components[-1, 1] < 0.5  # only the first component is followed


def test_an_interrupted_ascent_returns_what_is_done():
    class Slow(Bandit):
        calls = 0

        def updates(self, parameters):
            Slow.calls += 1
            if Slow.calls == 7:
                _thread.interrupt_main()
                threading.Event().wait(0.05)  # give the interrupt its turn
            return super().updates(parameters)

    with pytest.warns(UserWarning, match=r"after \d+ of 50 steps"):
        run = dynamics.ascend(Slow(), np.zeros(3), 50, 0.1)
    assert 5 <= len(run.times) - 1 <= 8
    whole = dynamics.ascend(Bandit(), np.zeros(3), 50, 0.1)
    assert np.array_equal(run.parameters, whole.parameters[: len(run.times)])


def law(J):
    a = J * (1 - J)
    return 2 * a**2 - a * a[..., ::-1]


@pytest.mark.parametrize("start", [(0.1, 0.02), (0.3, 0.3), (1e-3, 2e-3), (0.9, 0.05)])
def test_an_orbit_and_the_flow_of_theta_wait_equally_long(start):
    in_logits = waiting_time(dynamics.orbit(law, start))
    T = float(in_logits)
    in_theta = waiting_time(dynamics.flow(Bandit(), [*logit(start), 0.0], np.linspace(0, 1.2 * T, 4000)))
    assert abs(in_logits / in_theta - 1) < 2e-4


def test_an_orbit_obeys_any_law_in_any_dimension():
    run = dynamics.orbit(lambda J: J * (1 - J), [0.1, 0.2, 0.4])  # logits move at speed 1
    np.testing.assert_allclose(
        run.parameters - run.times[:, None], [logit([0.1, 0.2, 0.4])] * len(run.times), atol=1e-6
    )
    assert run.components.shape[-1] == 3 and run.components[-1].min() >= 0.985 - 1e-6


def test_an_orbit_that_does_not_arrive_ends_at_the_horizon():
    run = dynamics.orbit(lambda J: -law(J), [0.5, 0.4], horizon=1e3)
    assert run.times[-1] == 1e3 and np.isinf(waiting_time(run))


def test_a_law_may_compute_in_place():
    def halved(J):
        J *= 0.5
        return J

    kept, fresh = dynamics.orbit(halved, [0.1, 0.02]), dynamics.orbit(lambda J: 0.5 * J, [0.1, 0.02])
    assert np.array_equal(kept.components, fresh.components)


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_a_law_that_loses_its_numbers_on_the_way_is_told_where(wrong):
    with pytest.raises(ValueError, match=r"finite rates inside the cube, found \[(nan|inf), .* at J = \[0\.[56]"):
        dynamics.orbit(lambda J: np.where(J > 0.5, wrong, J * (1 - J)), [0.1, 0.02])


def test_an_orbit_that_goes_round_without_end_is_stopped(monkeypatch):
    monkeypatch.setattr("raylab.dynamics.stepping._MOST_STEPS", 300)
    with pytest.raises(RuntimeError, match="does it go round"):
        dynamics.orbit(lambda J: np.array([J[1] - 0.5, 0.5 - J[0]]), [0.5, 0.3])


def test_an_attractor_inside_the_square_is_reached_and_kept():
    run = dynamics.orbit(lambda J: 0.5 - J, [0.1, 0.02])
    assert run.times[-1] == 1e8 and np.isinf(waiting_time(run))
    np.testing.assert_allclose(run.components[-1], 0.5, rtol=1e-6)


class Logistic:
    """A learner whose exponential overflows far out, on its way to the right zero."""

    def components(self, parameters):
        return 1 / (1 + np.exp(-parameters))

    def gradients(self, parameters):
        J = self.components(parameters)
        return (J * (1 - J))[..., None] * np.eye(parameters.shape[-1])

    updates = gradients


@pytest.mark.filterwarnings("ignore:overflow:RuntimeWarning")
def test_an_overflow_inside_a_learner_does_no_harm():
    run = dynamics.flow(Logistic(), [-800.0, 0.3], [0.0, 1.0])
    alone = dynamics.flow(Logistic(), [0.3], [0.0, 1.0])
    assert run.components[-1, 0] == 0
    np.testing.assert_allclose(run.components[-1, 1], alone.components[-1, 0], rtol=1e-9)


def test_a_combine_that_loses_its_numbers_on_the_way_is_told():
    with pytest.raises(ValueError, match=r"combine\(learner.updates\(theta\)\): expected finite"):
        dynamics.flow(
            Bandit(), np.zeros(3), [0.0, 5.0], combine=lambda U: np.where(U.sum(-2) < 0.2, np.nan, U.sum(-2) + 1)
        )


def test_an_interrupt_before_the_first_step_returns_the_start():
    class Impatient(Bandit):
        def updates(self, parameters):
            raise KeyboardInterrupt

    with pytest.warns(UserWarning, match="after 0 of 5 steps"):
        run = dynamics.ascend(Impatient(), np.ones(3), 5, 0.1)
    assert np.array_equal(run.parameters, np.ones((1, 3)))


def test_tabular_and_supervised_are_the_other_columns_of_figure_1():
    """Waits until both are learned, from one start: shared bias > tabular > labels.  [ledger N9 for the numbers]"""
    start, times = [*logit([0.1, 0.001]), 0.0], np.append(0, np.geomspace(1, 3e6, 30_000))
    shared = waiting_time(dynamics.flow(Bandit(), start, times))
    tabular = waiting_time(dynamics.flow(Bandit(features=TABULAR), start[:2], times))
    labels = waiting_time(dynamics.flow(Bandit(coupling=supervised), start, times))
    assert abs(tabular / 1026 - 1) < 1e-3 and abs(shared / 1.475e6 - 1) < 1e-3 and abs(labels / 16 - 1) < 0.02


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: dynamics.flow(Bandit(), [0, 0, 0.0], [0, 1, 1.0]), ValueError, "strictly increasing"),
        (lambda: dynamics.flow(Bandit(), [0, 0.0], [0, 1.0]), ValueError, "expected 3 on the last axis"),
        (lambda: dynamics.flow("bandit", [0, 0.0], [0, 1.0]), TypeError, "expected an object with components"),
        (lambda: dynamics.flow(Bandit, [0, 0.0], [0, 1.0]), TypeError, "found the class Bandit"),
        (lambda: dynamics.flow(Bandit(), [0, 0, 0.0], [0, 1.0], combine=lambda U: 1.0), ValueError, "combine"),
        (lambda: dynamics.ascend(Bandit(), [0, 0, 0.0], 3, 0.0), ValueError, "positive step size"),
        (lambda: dynamics.ascend(Bandit(), [0, 0, 0.0], 3, 0.1, sampled=True), TypeError, "np.random.default_rng"),
        (lambda: dynamics.ascend(Bandit(), [0, 0, 0.0], 3, 0.1, sampled=True, rng=7), TypeError, "Generator"),
        (lambda: dynamics.climb(Bandit(), [0.0, 0.0]), ValueError, "expected 3 on the last axis"),
        (lambda: dynamics.climb(Bandit(), np.zeros((2, 3))), ValueError, r"start: expected shape \(d\)"),
        (lambda: dynamics.climb(Bandit(), np.zeros(3), level=1.5), ValueError, "level"),
        (lambda: dynamics.climb(Bandit(), np.zeros(3), horizon=1e290), ValueError, "horizon"),
        (lambda: dynamics.climb(Bandit(), np.zeros(3), rtol=0.0), ValueError, "rtol"),
        (lambda: dynamics.climb(Bandit(), np.zeros(3), combine=lambda U: 1.0), ValueError, "combine"),
        (lambda: dynamics.climb(Bandit, np.zeros(3)), TypeError, "found the class Bandit"),
        (lambda: dynamics.orbit(law, [0.0, 0.5]), ValueError, r"inside \(0, 1\)"),
        (lambda: dynamics.orbit(lambda J: J.sum(), [0.1, 0.5]), ValueError, r"velocity\(J\): expected shape \(2,\)"),
        (lambda: dynamics.orbit(lambda J: J * np.nan, [0.1, 0.5]), ValueError, "finite"),
    ],
)
def test_bad_input_is_told_what_was_expected(call, error, words):
    with pytest.raises(error, match=words):
        call()


# climbs


LEARNERS = [
    (Bandit(), [-2.0, -3.0, 0.2]),
    (Bandit(coupling=supervised), [-2.0, -3.0, 0.2]),
    (Bandit(features=TABULAR), [-2.0, -3.0]),
    (SoftmaxBandit(2, 3), np.linspace(-1, 1, 9)),
    (Separate(Bandit(), 2), np.linspace(-2, 1, 6)),
    (Natural(Bandit()), [-2.0, -3.0, 0.2]),
]


@pytest.mark.parametrize(("learner", "start"), LEARNERS, ids=lambda value: type(value).__name__)
def test_a_climb_is_the_flow_in_another_clock(learner, start):
    run = dynamics.climb(learner, start, level=0.8, rtol=1e-10)
    times, kept = np.unique(run.times, return_index=True)
    other = dynamics.flow(learner, start, times)
    np.testing.assert_allclose(run.parameters[kept], other.parameters, atol=1e-6)
    np.testing.assert_allclose(run.components[kept], other.components, atol=1e-6)
    assert run.times[0] == 0.0 and np.array_equal(run.parameters[0], start)


def test_a_remedy_climbs_as_it_flows():
    """Updates that do not push each other back: each one keeps the clock of a single component."""
    features = np.array([[1.0, 0.0], [-0.6, 0.8]])

    def apart(updates):  # each update without its part along the other's feature
        return sum(updates[..., k, :] @ (np.eye(2) - np.outer(features[1 - k], features[1 - k])) for k in (0, 1))

    run = dynamics.climb(Bandit(features), np.linalg.solve(features, [-20.0, -30.0]), combine=apart)
    for x in (run.parameters @ features.T).T:
        np.testing.assert_allclose(run.times, lone_time(x, 0.64), rtol=1e-4)


def lone_time(x, c):
    """The exact time (T,) from x[0] to x (T,) of a single component of feature norm squared c.  [ledger N7]"""
    return 2 / c * (x - x[0] + np.sinh(x) - np.sinh(x[0]))


@pytest.mark.parametrize("distance", [5.0, 40.0, 120.0, 400.0])
def test_a_climb_waits_as_long_as_the_exact_clock_says_whatever_that_is(distance):
    run = dynamics.climb(Bandit(features=np.ones((1, 1))), [-distance])
    exact = lone_time(run.parameters[:, 0], 1.0)
    assert exact[-1] > np.exp(distance) / 2
    np.testing.assert_allclose(run.times, exact, rtol=1e-4)


def test_a_longer_wait_takes_no_more_steps_per_logit_that_is_climbed():
    steps = [len(dynamics.climb(Bandit(), [-L, -1.2 * L, 0.0]).times) / L for L in (10.0, 40.0, 160.0)]
    assert max(steps) < 1.5 * steps[0]


def test_a_climb_and_an_ensemble_wait_equally_long():
    gram = np.array([[1.0, -0.3, 0.2], [-0.3, 1.5, -0.4], [0.2, -0.4, 0.8]])
    features = np.linalg.cholesky(gram)
    for start in ([-3.0, -5.0, -4.0], [-30.0, -36.0, -50.0], [-90.0, -95.0, -70.0]):
        run = dynamics.climb(Bandit(features), np.linalg.solve(features, start), rtol=1e-10)
        crossings = [np.interp(0.0, *cut(run, k)) for k in range(3)]
        other = ensembles.flow([start], features @ features.T, horizon=1e280).waiting[0]
        np.testing.assert_allclose(crossings, other, rtol=1e-3)  # a straight line between records up to .2 apart


def cut(run, k):
    """x = logit J_k less that of .9, and t, up to the first record at the level."""
    x = logit(np.clip(run.components[:, k], 1e-300, 1 - 1e-16)) - logit(0.9)
    end = int(np.argmax(x >= 0)) + 1
    return x[:end], run.times[:end]


def test_a_climb_with_a_tighter_tolerance_has_a_smaller_error():
    def error(rtol):
        run = dynamics.climb(Bandit(features=np.ones((1, 1))), [-30.0], rtol=rtol)
        return np.abs(run.times[-1] / lone_time(run.parameters[:, 0], 1.0)[-1] - 1)

    errors = [error(rtol) for rtol in (1e-3, 1e-6, 1e-10)]
    assert errors[0] > 10 * errors[1] > 100 * errors[2]


def test_a_climb_ends_with_the_first_record_at_the_level():
    run = dynamics.climb(Bandit(), [-5.0, -6.0, 0.0], level=0.7)
    assert run.components[-1].min() >= 0.7 > run.components[-2].min()
    assert len(dynamics.climb(Bandit(), [3.0, 3.0, 0.0]).times) == 1  # it is there


def test_a_climb_in_a_trap_ends_at_its_horizon():
    """Three components of cosine -.4: the third falls behind for ever.  [ledger N11]"""
    features = np.linalg.cholesky(1.4 * np.eye(3) - 0.4)
    start = np.linalg.solve(features, [-5.0, -6.0, -7.0])
    for horizon in (1e10, 1e100):
        run = dynamics.climb(Bandit(features), start, horizon=horizon)
        assert run.times[-1] > horizon >= run.times[-2] and run.components[-1, 2] < 1e-6 < run.components[-1, :2].min()


@pytest.mark.filterwarnings("ignore:overflow:RuntimeWarning")
def test_a_learner_that_stands_still_ends_its_climb_at_once():
    run = dynamics.climb(Logistic(), [-800.0, -800.0])
    assert run.times[-1] > 1e250 and len(run.times) < 10
    np.testing.assert_array_equal(run.parameters[-1], [-800.0, -800.0])


def test_an_interrupted_climb_returns_what_is_done_and_leaves_no_trace():
    class Slow(Bandit):
        calls = 0

        def updates(self, parameters):
            Slow.calls += 1
            if Slow.calls == 40:
                raise KeyboardInterrupt
            return super().updates(parameters)

    whole = dynamics.climb(Bandit(), [-8.0, -9.0, 0.0])
    with pytest.warns(UserWarning, match="stopped by hand at t = "):
        run = dynamics.climb(Slow(), [-8.0, -9.0, 0.0])
    assert 1 < len(run.times) < len(whole.times)
    assert np.array_equal(run.parameters, whole.parameters[: len(run.times)])
    again = dynamics.climb(Bandit(), [-8.0, -9.0, 0.0])
    assert np.array_equal(again.times, whole.times) and np.array_equal(again.parameters, whole.parameters)


def test_a_climb_that_goes_round_is_stopped(monkeypatch):
    monkeypatch.setattr("raylab.dynamics.stepping._MOST_STEPS", 300)

    def turned(updates):
        step = updates.sum(axis=-2)
        return np.array([-step[1], step[0]])

    with pytest.raises(RuntimeError, match="does it go round"):
        dynamics.climb(Bandit(features=TABULAR), [-2.0, 1.0], combine=turned, level=0.999, horizon=1e280)


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_updates_that_lose_their_numbers_on_the_way_are_told():
    with pytest.raises(ValueError, match=r"combine\(learner.updates\(theta\)\): expected finite"):
        dynamics.climb(Bandit(), [-2.0, -2.0, 0.0], combine=lambda U: np.where(U.sum() < 0.3, U.sum(-2), np.nan))


def test_updates_that_are_no_numbers_are_told_even_if_combine_leaves_them_out():
    class Half(Bandit):
        def updates(self, parameters):
            return super().updates(parameters) * np.array([[1.0], [np.inf]])

    with pytest.raises(ValueError, match=r"learner.updates\(theta\): expected finite numbers, found .* (inf|nan)"):
        dynamics.climb(Half(), [-2.0, -3.0, 0.2], combine=lambda U: U[..., 0, :])


# From these LSODA alone takes six components of cosine -.1 for stiff on the way, and gives up.
LOST = (
    [-31.7, -31.8, -31.9, -32.0, -32.1, -32.2],
    [-29.5, -29.8, -30.7, -31.0, -31.5, -32.1],
    [-26.6, -26.7, -26.8, -27.1, -27.4, -28.8],
)


@pytest.mark.parametrize("start", LOST)
def test_a_climb_arrives_where_its_solver_loses_its_way(start, recwarn):
    features = np.linalg.cholesky(1.1 * np.eye(6) - 0.1)
    run = dynamics.climb(Bandit(features), np.linalg.solve(features, start), rtol=1e-12)
    other = ensembles.flow([start], features @ features.T, horizon=1e280, rtol=1e-13).waiting[0]
    crossings = [np.interp(0.0, *cut(run, k)) for k in range(6)]
    np.testing.assert_allclose(crossings, other, rtol=1e-3)  # as above
    assert not [str(w.message) for w in recwarn]


class Stumbling(LSODA):
    """A solver that fails at every n-th step, on its way to a state that nobody should see."""

    every, taken = 1, 0

    def _step_impl(self):
        Stumbling.taken += 1
        if Stumbling.taken % self.every:
            return super()._step_impl()
        self._lsoda_solver._y = np.full_like(self.y, np.nan)
        return False, "stumbled."


@pytest.mark.parametrize("every", [40, 90])
def test_a_solver_that_fails_now_and_then_begins_anew_where_it_was(monkeypatch, every):
    start = np.array([-12.0, -13.0, 0.2])
    calm, quiet = dynamics.climb(Bandit(), start), waiting_time(dynamics.orbit(law, [0.1, 0.02]))
    monkeypatch.setattr("raylab.dynamics.climbs.LSODA", Stumbling)
    monkeypatch.setattr(Stumbling, "every", every)
    monkeypatch.setattr(Stumbling, "taken", 0)
    run = dynamics.climb(Bandit(), start)
    assert Stumbling.taken > 2 * every and np.isfinite(run.parameters).all()
    for k in (0, 1):
        np.testing.assert_allclose(np.interp(0.0, *cut(run, k)), np.interp(0.0, *cut(calm, k)), rtol=1e-3)  # as above
    monkeypatch.setattr(Stumbling, "taken", 0)
    assert abs(waiting_time(dynamics.orbit(law, [0.1, 0.02])) / quiet - 1) < 1e-5
    assert Stumbling.taken > 2 * every


def test_a_solver_that_fails_where_it_begins_is_told(monkeypatch):
    monkeypatch.setattr("raylab.dynamics.climbs.LSODA", Stumbling)
    monkeypatch.setattr(Stumbling, "every", 1)
    with pytest.raises(RuntimeError, match=r"integrator of the climb stopped at t = 0 of its clock: stumbled\."):
        dynamics.climb(Bandit(), [-2.0, -3.0, 0.2])


def test_what_comes_back_is_a_record():
    assert isinstance(dynamics.orbit(law, [0.2, 0.3]), Trajectory)
