"""The figure of chapter 00 shows the runs that it is given, and says their waits."""

import numpy as np
import pytest

from raylab import plots
from raylab.palette import INK
from raylab.records import Trajectory


def run(T, seed):
    rng = np.random.default_rng(seed)
    return Trajectory(np.append(0, np.geomspace(1, 10, T)), rng.normal(size=(T + 1, 3)), rng.random((T + 1, 2)))


def figure(waits=(16.07, 1027.4, 1_475_000.0)):
    theory, steps = [run(30, k) for k in range(3)], [run(20, 10 + k) for k in range(3)]
    return plots.three_learners(("one", "two", "three"), theory, steps, np.array(waits)), theory, steps


def test_each_learner_has_its_sum_dashed_in_black_over_its_updates_in_colour():
    made, theory, steps = figure()
    lines = made.axes[0].lines
    black = [line for line in lines if line.get_color() == INK]
    assert len(black) == 3 and all(line.is_dashed() for line in black)
    for line, flow in zip(black, theory, strict=True):
        assert np.array_equal(line.get_ydata(), flow.performance[1:])
    thick = [line for line in lines if line.get_linewidth() == 4]
    for line, updates in zip(thick, steps, strict=True):
        assert np.array_equal(line.get_ydata(), updates.performance[1:]) and line.get_color() != INK


def test_below_are_the_two_tasks_of_the_last_learner_on_a_log_scale():
    made, theory, steps = figure()
    ax = made.axes[1]
    assert ax.get_yscale() == "log" and ax.get_xscale() == "log"
    for k in (0, 1):
        assert np.array_equal(ax.lines[2 * k].get_ydata(), steps[2].components[1:, k])
        assert np.array_equal(ax.lines[2 * k + 1].get_ydata(), theory[2].components[1:, k])


def test_the_waits_are_written_where_they_are():
    made, *_ = figure()
    said = {text.get_text(): text.get_position()[0] for text in made.axes[0].texts}
    assert said["two, t = 1\u2009030"] == 1027.4 and said["three, t = 1\u2009480\u2009000"] == 1_475_000.0


def test_a_batch_of_runs_is_refused():
    many = Trajectory(np.arange(1.0, 4.0), np.zeros((2, 3, 1)), np.zeros((2, 3, 2)))
    with pytest.raises(ValueError, match="one run of two components"):
        plots.three_learners(("a", "b", "c"), [many] * 3, [run(3, 0)] * 3, np.ones(3))
