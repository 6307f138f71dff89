"""Plateaus found on recorded curves, against the closed form and where the answer is known by construction."""

import numpy as np
import pytest

from raylab import dynamics, plateaus
from raylab.records import Trajectory
from raylab.systems.bandit import Bandit


def logits(J):
    return np.log(J) - np.log1p(-np.asarray(J))


def run(J, records, learner=None, grid=np.linspace):
    J = np.asarray(J, dtype=float)
    theta = np.concatenate([logits(J), np.zeros((*J.shape[:-1], 1))], axis=-1)
    longest = plateaus.travel_time(np.minimum(plateaus.flatness(J), 0.12), 0.1).max()
    return dynamics.flow(learner or Bandit(), theta, grid(0, 1.5 * longest, records))


def record(times, J):
    J = np.asarray(J)
    return Trajectory(times, np.zeros((*J.shape[:-1], 1)), J)


@pytest.mark.parametrize(("J", "records", "error"), [
    ((0.1, 0.02), 100, 1e-4), ((0.1, 0.02), 1000, 1e-7), ((0.05, 0.15), 200, 1e-5), ((0.19, 0.01), 200, 1e-5),
    ((0.2, 0.3), 1000, 1e-5),
])  # fmt: skip
def test_the_one_plateau_of_an_orbit_is_found_where_the_closed_form_has_it(J, records, error):
    (found,) = plateaus.find(run(J, records))
    assert found.run == ()
    assert found.flatness == pytest.approx(plateaus.flatness(J), rel=error)
    a = found.components * (1 - found.components)
    assert found.components.sum() == pytest.approx(1, abs=0.01)
    assert 2 * (a @ a - a.prod()) == pytest.approx(found.flatness, rel=0.02)


def test_irregular_and_repeated_times_are_read_as_they_are():
    even = run((0.1, 0.02), 900)
    (wanted,) = plateaus.find(even)
    kept = np.sort(np.random.default_rng(0).choice(900, 500))  # with repeats
    (found,) = plateaus.find(Trajectory(even.times[kept], even.parameters[kept], even.components[kept]))
    assert found.flatness == pytest.approx(wanted.flatness, rel=1e-5)
    assert found.time == pytest.approx(wanted.time, rel=1e-3)


def test_what_orbit_returns_at_the_integrators_own_steps_will_do():
    def velocity(J):
        a = J * (1 - J)
        return 2 * a * a - a.prod()

    (found,) = plateaus.find(dynamics.orbit(velocity, np.array([0.02, 0.1])))
    assert found.flatness == pytest.approx(plateaus.flatness([0.02, 0.1]), rel=1e-4)


@pytest.mark.parametrize("J", [(0.1, 0.1), (0.101, 0.099), (0.26, 0.2), (0.6, 0.7), (0.9, 0.3)])
def test_steep_crossings_and_starts_behind_them_have_no_plateau(J):
    assert plateaus.flatness(J) > 49 / 450 or sum(J) > 1
    for records in (60, 1000):
        assert plateaus.find(run(J, records)) == []


def test_runs_are_told_apart():
    starts = np.array([[(0.1, 0.02), (0.1, 0.1)], [(0.02, 0.1), (0.15, 0.05)]])
    found = plateaus.find(run(starts, 4000))
    assert [plateau.run for plateau in found] == [(0, 0), (1, 0), (1, 1)]
    wanted = plateaus.flatness([(0.1, 0.02), (0.02, 0.1), (0.15, 0.05)])
    np.testing.assert_allclose([plateau.flatness for plateau in found], wanted, rtol=1e-3)


def test_three_contexts_that_interfere_learn_in_steps():
    r = 0.25
    features = np.linalg.cholesky(np.full((3, 3), -r) + (1 + r) * np.eye(3))
    start = np.linalg.solve(features, logits([0.05, 0.02, 0.01]))
    found = plateaus.find(dynamics.flow(Bandit(features), start, np.geomspace(1, 1e9, 3000)))
    assert len(found) == 2 and found[0].time < found[1].time and found[0].flatness > found[1].flatness
    assert [int((plateau.components > 0.5).sum()) for plateau in found] == [1, 2]
    assert found[1].components.sum() > found[0].components.sum() + 0.5


def test_two_dips_of_a_made_up_curve_are_both_found_and_the_ends_are_not():
    t = np.linspace(0, 10, 401)
    speed = (1 + 0.9 * np.cos(2 * np.pi * t / 4)) / 10  # lowest at 2 and 6; still falling at 10
    J = (t + 0.9 * 4 / (2 * np.pi) * np.sin(2 * np.pi * t / 4)) / 10
    found = plateaus.find(record(t, np.stack([J, np.zeros_like(J)], axis=-1)))
    assert [plateau.time for plateau in found] == pytest.approx([2, 6], abs=1e-3)
    assert [plateau.flatness for plateau in found] == pytest.approx([speed.min()] * 2, rel=1e-4)


def test_depth_says_which_dips_count():
    t = np.linspace(0, 10, 401)
    J = t + 0.02 * np.sin(t)  # J' dips by two per cent on either side of 1
    curve = record(t, J[:, None])
    assert len(plateaus.find(curve)) == 2 and plateaus.find(curve, depth=0.05) == []


def test_rounding_alone_is_no_plateau():
    t = np.linspace(0, 1, 5001)
    assert plateaus.find(record(t, (0.3 + 1e-14 * t)[:, None])) == []


@pytest.mark.parametrize("records", [1, 2, 4])
def test_a_record_too_short_to_bend_has_none(records):
    assert plateaus.find(record(np.arange(float(records)), np.full((records, 2), 0.5))) == []


def test_sampled_curves_jitter_and_the_list_says_so():
    noisy = dynamics.ascend(Bandit(), np.array([-2.0, -3.0, 0.0]), 500, 0.1, sampled=True, rng=np.random.default_rng(0))
    assert len(plateaus.find(noisy)) > 3
