"""The league of remedies: each column against an oracle of its own, and against learners made to move it."""

import dataclasses
import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from raylab import dynamics, plateaus, remedies
from raylab.projection import total
from raylab.remedies import Remedy, league, ready, start_at, table
from raylab.systems.bandit import TABULAR, Bandit, Mixed, SoftmaxBandit, on_policy, supervised
from raylab.systems.controls import EntropyBonus
from raylab.systems.natural import Natural

START = (0.1, 0.001)


@pytest.fixture(scope="module")
def rows():
    return {row.name: row for row in league(ready(START))}


def logit(p):
    return np.log(p) - np.log1p(-np.asarray(p))


def by_scipy(f, square, cosine, start, level=0.9, horizon=1e8):
    """The wait by an implicit solver in logits, x_k' = sum_j gram_kj f(J_j); nothing of raylab in it."""
    gram = square * np.array([[1.0, cosine], [cosine, 1.0]])

    def arrived(_, x):
        return x.min() - logit(level)

    arrived.terminal = True
    found = solve_ivp(
        lambda _, x: gram @ f(1 / (1 + np.exp(-x))), (0, horizon), logit(np.array(start)), "Radau",
        rtol=1e-9, atol=1e-10, events=arrived,
    )  # fmt: skip
    return found.t_events[0][0]


LAWS = {
    "on-policy": (lambda J: J * (1 - J), 2, -0.5),
    "tabular": (lambda J: J * (1 - J), 1, 0),
    "separate networks": (lambda J: J * (1 - J), 2, 0),
    "supervised": (lambda J: 1 - J, 2, -0.5),
    "uniform behaviour": (lambda J: (1 - J) / 2, 2, -0.5),
    "10 % mix": (lambda J: (0.9 * J + 0.05) * (1 - J), 2, -0.5),
    "entropy bonus 0.1": (lambda J: J * (1 - J) * (1 - 0.1 * logit(J)), 2, -0.5),
    "baseline": (lambda J: J * (1 - J), 2, -0.5),
    "natural gradient": (np.ones_like, 1, 0),
}


@pytest.mark.parametrize("name", LAWS)
def test_waits_are_those_of_another_solver_on_the_law_in_logits(rows, name):
    f, square, cosine = LAWS[name]
    wait = by_scipy(f, square, cosine, START)
    assert rows[name].wait == pytest.approx(wait, rel=1e-6)
    assert rows[name].excess == pytest.approx(wait / by_scipy(f, square, cosine, (0.1, 0.1)), rel=1e-6)


def test_every_remedy_that_is_ready_is_measured_once(rows):
    assert set(rows) == set(LAWS) == {remedy.name for remedy in ready()}


def test_the_league_finds_which_ingredient_each_remedy_leaves(rows):
    left = {name: (row.interferes, row.coupled) for name, row in rows.items()}
    assert left == {
        "on-policy": (True, True),
        "tabular": (False, True),
        "separate networks": (False, True),
        "supervised": (True, False),
        "uniform behaviour": (True, False),
        "10 % mix": (True, False),
        "entropy bonus 0.1": (True, True),
        "baseline": (True, True),
        "natural gradient": (False, False),
    }


def test_every_remedy_starts_at_the_same_performance():
    for remedy in ready((0.3, 0.02)):
        np.testing.assert_allclose(remedy.learner.components(remedy.start), [0.3, 0.02], rtol=1e-9)


def test_excess_does_not_know_the_clock_and_norm_does(rows):
    tabular, apart = rows["tabular"], rows["separate networks"]
    assert tabular.norm == pytest.approx(1) and apart.norm == pytest.approx(2)
    assert tabular.wait == pytest.approx(2 * apart.wait, rel=1e-7)
    assert tabular.excess == pytest.approx(apart.excess, rel=1e-7)
    slower = league([Remedy("half speed", Bandit(), ready()[0].start, combine=lambda U: total(U) / 2)])[0]
    assert slower.wait == pytest.approx(2 * rows["on-policy"].wait, rel=1e-6)
    assert slower.excess == pytest.approx(rows["on-policy"].excess, rel=1e-6)


@pytest.mark.parametrize("cosine", [-0.8, -0.3, 0.0, 0.6])
def test_the_pull_is_the_cosine_where_updates_are_added(cosine):
    learner = Bandit(features=[[1.0, 0.0], [3 * cosine, 3 * math.sqrt(1 - cosine**2)]])
    found = league([Remedy("turned", learner, start_at(learner, np.zeros(2), (0.3, 0.2)))], longest=10.0)[0]
    assert found.pull == pytest.approx(cosine, abs=1e-5)
    assert found.interferes == (cosine < 0)
    assert found.norm == pytest.approx(9)


def deconflicted(U):
    """Two rows, each without its part against the other. A stand-in for the projection of a later chapter."""
    g, h = U[..., 0, :], U[..., 1, :]
    along = np.minimum((g * h).sum(-1, keepdims=True), 0)
    size = [(v * v).sum(-1, keepdims=True) for v in (g, h)]
    part = [np.divide(along, s, out=np.zeros_like(s), where=s > 0) for s in size]
    return g - part[1] * h + h - part[0] * g


def test_a_combination_that_cures_interference_is_seen_through_the_step_and_not_through_the_rows():
    """Projection makes each component tabular at 3/2 of its speed: the cosine of the updates is still -1/2."""
    found = league([Remedy("projected", Bandit(), ready()[0].start, combine=deconflicted)])[0]
    assert not found.interferes and found.coupled and found.won == 0 and found.lowest == 1
    assert found.wait == pytest.approx(2 / 3 * league(ready()[1:2])[0].wait, rel=1e-6)


@dataclasses.dataclass(frozen=True)
class Power:
    """f(J) = J^power (1 - J): the coupling fades with a power that is known."""

    power: float

    def __call__(self, J):
        return np.asarray(J) ** self.power * (1 - np.asarray(J))


@pytest.mark.parametrize("power", [0.25, 0.75, 1.0, 2.0])
def test_the_order_is_the_power_of_the_coupling(power):
    learner = Bandit(features=TABULAR, coupling=Power(power))
    found = league([Remedy("power", learner, logit(np.array([0.3, 0.2])))], longest=10.0)[0]
    assert found.order == pytest.approx(power, abs=1e-3)
    assert found.coupled == (power > 0.5)
    assert found.drive == pytest.approx(1e-6**power, rel=1e-2)


def test_what_pushes_the_last_one_down_has_no_finite_order():
    """Strong features beside weak ones: at the corner the solved component still outweighs the other."""
    learner = Bandit(features=[[1.0, 0.0], [-3.0, 0.1]])
    found = league([Remedy("outweighed", learner, start_at(learner, np.zeros(2), (0.3, 0.2)))], longest=10.0)[0]
    assert found.drive < 0 and found.order == math.inf and found.coupled


def test_lowest_and_won_are_those_of_the_path(rows):
    """Against the path in small steps of time: what the weak one loses, and for how long only one of the two grows."""
    remedy = next(r for r in ready(START) if r.name == "10 % mix")
    run = dynamics.flow(remedy.learner, remedy.start, np.linspace(0, rows["10 % mix"].wait, 20_001))
    alone = (np.diff(run.components, axis=0) > 0).sum(axis=-1) == 1
    assert rows["10 % mix"].won == pytest.approx(alone.mean(), abs=0.005)
    assert rows["10 % mix"].lowest == pytest.approx(run.components[:, 1].min() / 0.001, rel=1e-3)


def test_a_goal_out_of_reach_is_an_infinite_wait_and_no_endless_one():
    found = league([Remedy("too much entropy", EntropyBonus(Bandit(), 0.5), ready()[0].start)])[0]
    assert found.wait == math.inf and found.excess == math.inf


@pytest.mark.parametrize("J", [1e-7, 1e-12])
def test_a_start_that_hardly_moves_at_first_waits_long_and_not_for_ever(J):
    tabular, natural = (one for one in ready((J, J)) if one.name in ("tabular", "natural gradient"))
    slow, fast = league([tabular, natural], longest=1e14)
    assert slow.wait == pytest.approx(float(plateaus.arrival(J)), rel=1e-6)
    assert fast.wait == pytest.approx(float(plateaus.arrival(J, law="natural")), rel=1e-6)


def test_longest_ends_a_wait_and_changes_no_shorter_one(rows):
    cut = {row.name: row for row in league(ready(START), longest=200.0)}
    for name, row in rows.items():
        assert cut[name].wait == (pytest.approx(row.wait, rel=1e-9) if row.wait < 200 else math.inf)


def test_sampled_waits_are_those_of_a_loop_that_knows_no_league():
    """Same generator, one step after the other; the median of 41 runs and the censored share."""
    remedy = Remedy("half and half", Bandit(coupling=Mixed(0.5)), ready()[0].start)
    found = league([remedy], runs=41, rate=0.2, steps=400, seed=3)[0]
    rng, theta = np.random.default_rng(3), np.tile(remedy.start, (41, 1))
    waits = np.full(41, np.inf)
    for step in range(1, 401):  # below 500 steps the generator serves all runs alike
        theta = theta + 0.2 * remedy.learner.sample(theta, rng).sum(axis=1)
        arrived = (remedy.learner.components(theta) >= 0.9).all(axis=1)
        waits = np.where(arrived & np.isinf(waits), 0.2 * step, waits)
    assert abs(found.median - np.median(waits)) <= 0.2  # the league interpolates within a step
    assert found.censored == np.isinf(waits).mean()


def test_runs_that_do_not_arrive_are_counted_and_make_the_median_infinite():
    found = league(ready()[:1], runs=10, steps=5)[0]
    assert found.median == math.inf and found.censored == 1


def test_the_same_seed_gives_the_same_row():
    one, two, other = (league(ready()[4:5], runs=20, steps=600, seed=seed)[0] for seed in (1, 1, 2))
    assert one == two and one.median != other.median


@pytest.mark.parametrize(
    ("learner", "near", "performance"),
    [
        (Bandit(), np.zeros(3), (0.1, 0.001)),
        (Bandit(), np.array([3.0, 1.0, -5.0]), (1e-9, 1 - 1e-9)),
        (SoftmaxBandit(3, 4), np.random.default_rng(0).normal(size=16), (0.2, 0.01, 0.9)),
        (Natural(SoftmaxBandit(2, 2)), np.zeros(6), (1e-6, 0.5)),
    ],
)
def test_start_at_finds_the_performance(learner, near, performance):
    theta = start_at(learner, near, performance)
    np.testing.assert_allclose(learner.components(theta), performance, rtol=1e-7)


def test_start_at_moves_no_further_than_it_must():
    near = np.array([0.3, -1.0, 2.0])
    theta = start_at(Bandit(), near, (0.4, 0.2))
    null = np.array([1.0, -1.0, -1.0])  # changes no log odds
    assert (theta - near) @ null == pytest.approx(0, abs=1e-12)


def test_start_at_says_what_cannot_be_reached():
    opposed = Bandit(features=[[1.0], [-1.0]])
    with pytest.raises(ValueError, match="found no such place"):
        start_at(opposed, np.zeros(1), (0.9, 0.9))


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: league([Bandit()]), TypeError, r"remedies\[0\]: expected a Remedy, found Bandit"),
        (lambda: league(ready((0.95, 0.5))), ValueError, "expected starts with every J_k below level"),
        (lambda: Remedy("x", Bandit(), np.zeros(2)), ValueError, "parameters: expected 3"),
        (lambda: Remedy("x", Bandit(), np.zeros(3), combine=lambda U: U), ValueError, "combine"),
        (lambda: start_at(Bandit(), np.zeros(3), (0.1, 0.2, 0.3)), ValueError, "performance: expected 2 values"),
        (lambda: start_at(Bandit(), np.zeros(3), (0.0, 0.2)), ValueError, "inside"),
        (lambda: table([1]), TypeError, r"rows\[0\]: expected a Row"),
    ],
)
def test_bad_input_is_told_what_was_expected(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_the_table_has_a_line_for_each_row_and_says_its_numbers(rows):
    lines = table(list(rows.values())).splitlines()
    assert len(lines) == len(rows) + 1 and len({len(line) for line in lines}) == 1
    assert all(line.startswith(name) for line, name in zip(lines[1:], rows, strict=True))
    assert f"{rows['natural gradient'].wait:.4g}" in lines[-1] and "-0.00" not in table(list(rows.values()))
    sampled = league(ready()[3:4], runs=5, steps=300)[0]
    assert lines[0].split()[-2:] == ["sampled", "censored"] and "-" in lines[1].split()
    assert f"{sampled.median:.3g}" in table([sampled])


def test_the_league_and_the_plateaus_measure_the_same_wait(rows):
    remedy = ready()[3]
    run = dynamics.flow(remedy.learner, remedy.start, np.linspace(0, 20, 4001))
    assert plateaus.waiting_time(run) == pytest.approx(rows["supervised"].wait, rel=1e-5)
    assert remedy.learner.coupling is supervised and ready()[0].learner.coupling is on_policy
    assert remedies.league is league
