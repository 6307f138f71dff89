"""A record holds what it was given, and cannot be changed afterwards."""

import dataclasses

import numpy as np
import pytest

from raylab.records import Trajectory


def make(times=3, runs=(), K=2, d=4, rng=None):
    rng = rng or np.random.default_rng(0)
    return Trajectory(np.arange(float(times)), rng.normal(size=(*runs, times, d)), rng.random((*runs, times, K)))


@pytest.mark.parametrize("runs", [(), (5,), (2, 3)])
def test_performance_is_the_sum_of_the_components(runs):
    run = make(runs=runs)
    assert run.performance.shape == (*runs, 3)
    np.testing.assert_allclose(run.performance, run.components[..., 0] + run.components[..., 1], rtol=1e-15)


def test_a_record_is_a_copy_and_cannot_be_written_to():
    times = np.arange(3.0)
    run = Trajectory(times, np.zeros((3, 1)), np.zeros((3, 2)))
    times[0] = 99
    assert run.times[0] == 0
    with pytest.raises(ValueError, match="read-only"):
        run.components[0, 0] = 1
    with pytest.raises(dataclasses.FrozenInstanceError):
        run.times = times


def test_a_missing_row_is_named():
    with pytest.raises(ValueError, match=r"parameters has 2 rows but times has 3; every record needs one row"):
        Trajectory(np.arange(3.0), np.zeros((2, 1)), np.zeros((3, 2)))
    with pytest.raises(ValueError, match=r"components has 4 rows but times has 3"):
        Trajectory(np.arange(3.0), np.zeros((3, 1)), np.zeros((4, 2)))


def test_runs_must_agree():
    with pytest.raises(ValueError, match=r"expected runs of shape \(2,\).*found \(3,\)"):
        Trajectory(np.arange(3.0), np.zeros((2, 3, 1)), np.zeros((3, 3, 2)))


def test_records_can_be_compared_and_kept_in_a_set():
    one, two = make(), make()
    assert one == one and one != two and len({one, two, one}) == 2


def test_time_does_not_run_back():
    with pytest.raises(ValueError, match="do not decrease"):
        Trajectory([1.0, 0.0], np.zeros((2, 1)), np.zeros((2, 1)))
