"""Waiting times and flatness, on curves whose answer is known."""

import numpy as np
import pytest

from raylab.plateaus import slowest_progress, waiting_time
from raylab.records import Trajectory


def record(times, components):
    components = np.asarray(components, float)
    return Trajectory(times, np.zeros((*components.shape[:-1], 1)), components)


def test_the_slower_component_decides_and_the_time_is_interpolated():
    times = np.array([0.0, 10.0, 20.0])
    run = record(times, [[0.5, 0.2], [1.0, 0.4], [1.0, 1.0]])
    assert waiting_time(run, 0.7) == pytest.approx(15.0)
    assert waiting_time(run, 0.3) == pytest.approx(5.0)


def test_never_is_infinite_and_at_once_is_the_first_time():
    times = np.array([3.0, 4.0])
    runs = record(times, [[[0.1, 0.1], [0.2, 0.9]], [[0.95, 0.9], [0.1, 0.1]], [[0.0, 0.9], [0.9, 0.9]]])
    np.testing.assert_allclose(waiting_time(runs), [np.inf, 3.0, 4.0])


def test_a_component_that_falls_back_counts_at_its_first_crossing():
    assert waiting_time(record(np.arange(4.0), [[0.0], [1.0], [0.0], [1.0]]), 0.5) == pytest.approx(0.5)


def test_the_slowest_progress_ignores_start_and_optimum():
    J = np.array([0.2, 0.21, 0.3, 1.0, 1.5, 1.85, 1.95])
    speed = np.array([1e-9, 1e-8, 0.3, -0.004, 0.2, 1e-7, 1e-9])
    assert slowest_progress(J, speed, 2) == 0.004
    assert np.isinf(slowest_progress(J[:2], speed[:2], 2))
    # once it has left the neighbourhood of the start, falling back to it does count
    assert slowest_progress([0.2, 0.4, 0.2], [1.0, 0.5, 0.1], 2) == 0.1


def test_runs_are_leading_axes():
    J = np.linspace(0.1, 1.9, 50) * np.ones((3, 1))
    speed = np.array([[0.1], [0.2], [0.3]]) * np.ones(50)
    np.testing.assert_allclose(slowest_progress(J, speed, 2), [0.1, 0.2, 0.3])
