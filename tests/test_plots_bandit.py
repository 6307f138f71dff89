"""The figures of chapter 01 show the arrays that they are given, and no others."""

import numpy as np
import pytest
from matplotlib.container import BarContainer

from raylab import plots
from raylab.palette import INK
from raylab.systems.bandit import SoftmaxBandit


def story(T=6, n=4, K=3, seed=0):
    rng = np.random.default_rng(seed)
    learner = SoftmaxBandit(K, n)
    policies = learner.policy(rng.normal(size=(T, n * K + n)))
    return policies, rng.integers(0, 2, (T, K)) * 1.0, rng.uniform(size=(T, K)), rng.normal(size=(2, n, K + 1))


def heights(ax):
    return np.concatenate([[bar.get_height() for bar in c] for c in ax.containers if isinstance(c, BarContainer)])


def widths(ax):
    return np.array([patch.get_width() for patch in ax.patches])


def dashed(ax):
    return [line for line in ax.lines if line.get_color() == INK]


def test_each_context_has_a_row_with_its_theory_and_a_tick_for_each_reward():
    policies, rewarded, theory, samples = story()
    figure = plots.policy_story(policies, rewarded, theory, samples, context=1)
    for k, ax in enumerate(figure.axes[:3]):
        assert np.array_equal(dashed(ax)[0].get_ydata(), theory[:, k])
        ticks = next(line for line in ax.lines if line.get_marker() == "|")
        assert np.array_equal(ticks.get_xdata(), np.flatnonzero(rewarded[:, k]))


def test_the_coloured_band_is_as_high_as_the_right_action_is_likely():
    policies, rewarded, theory, samples = story()
    figure = plots.policy_story(policies, rewarded, theory, samples, context=1)
    for k, ax in enumerate(figure.axes[:3]):
        lowest = ax.collections[0].get_paths()[0].vertices
        assert np.isclose(lowest[:, 1].max(), policies[:, k, k].max())


def test_bars_of_a_sample_are_proportional_to_its_entries():
    policies, rewarded, theory, samples = story()
    figure = plots.policy_story(policies, rewarded, theory, samples, context=1)
    for ax, sample in zip(figure.axes[3:], samples, strict=True):
        assert np.allclose(widths(ax) / 0.46 * np.abs(samples).max(), sample.T.ravel())


def test_a_sample_of_zeros_says_that_nothing_moves():
    policies, rewarded, theory, samples = story()
    samples[1] = 0
    figure = plots.policy_story(policies, rewarded, theory, samples, context=0)
    said = [[text.get_text() for text in ax.texts] for ax in figure.axes[3:]]
    assert "nothing moves" not in said[0] and "nothing moves" in said[1]


def test_the_gradient_is_the_bars_and_the_means_are_the_marks():
    rng = np.random.default_rng(1)
    gradient, means = rng.normal(size=5), {10: rng.normal(size=5), 1000: rng.normal(size=5)}
    sizes, errors = np.array([1.0, 10, 100]), rng.uniform(0.1, 1, (4, 3))
    predicted = 1 / np.sqrt(sizes)
    figure = plots.sampling(gradient, list("abcde"), means, sizes, errors, predicted)
    bars, lines = figure.axes
    assert np.allclose(heights(bars), gradient)
    marks = [line.get_ydata() for line in bars.lines if line.get_marker() in "xo"]
    assert np.allclose(marks, list(means.values()))
    assert np.allclose([line.get_ydata() for line in lines.lines[:-1]], errors)
    assert np.allclose(dashed(lines)[0].get_ydata(), predicted)


def test_filled_circles_are_the_learners_that_saw_a_reward():
    J = np.geomspace(1e-3, 0.5, 9)
    counts = np.array([0.0, 1, 0, 2, 0])
    figure = plots.rare_rewards(J, np.ones(9), J, counts, "five learners")
    circles = figure.axes[1].lines
    filled = [line.get_markerfacecolor() != "#FFFFFF" for line in circles]
    assert filled == [False, True, False, True, False]
    assert [text.get_text() for text in figure.axes[1].texts] == ["1", "2"]


def test_bars_of_a_policy_sum_to_one_and_start_with_the_right_action():
    policy = story()[0]
    figure = plots.one_reward(policy[0], {"first": policy[1], "second": policy[2]})
    for ax, after in zip(figure.axes, (policy[1], policy[2]), strict=True):
        drawn = widths(ax).reshape(3, 2, 4)
        assert np.allclose(drawn.sum(axis=-1), 1)
        assert np.allclose(drawn[:, 0, 0], np.diag(policy[0])) and np.allclose(drawn[:, 1, 0], np.diag(after))


def test_the_two_clocks_are_drawn_in_the_components_colours_and_the_comparison_in_black():
    t = np.geomspace(0.1, 10, 7)
    curves = np.random.default_rng(2).uniform(size=(3, 7, 2))
    (ax,) = plots.one_path(t, *curves).axes
    assert np.allclose([line.get_ydata() for line in dashed(ax)], curves[2].T)
    others = [line.get_ydata() for line in ax.lines if line.get_color() != INK]
    assert np.allclose(others, [curves[i][:, k] for k in (0, 1) for i in (0, 1)])


def test_a_moment_has_the_same_number_on_the_curves_and_in_the_square():
    t, J = np.geomspace(1, 100, 5), np.random.default_rng(3).uniform(size=(5, 2))
    curves, square = plots.as_a_point(t, J, [0, 3]).axes
    placed = {(*text.get_position(), text.get_text()) for text in square.texts}
    assert placed == {(J[0, 0], J[0, 1], "1"), (J[3, 0], J[3, 1], "2")}
    for k in (0, 1):
        assert {(t[0], J[0, k], "1"), (t[3], J[3, k], "2")} <= {
            (*text.get_position(), text.get_text()) for text in curves.texts
        }
    assert np.allclose(square.lines[0].get_xydata(), J)
    with pytest.raises(ValueError, match="moments"):
        plots.as_a_point(t, J, [5])


def test_a_distance_of_zero_is_drawn_at_rounding_and_all_others_as_they_are():
    steps, values = np.array([0.1, 1.0]), {"exact": np.zeros(2), "flow": np.array([0.01, 0.1])}
    (ax,) = plots.stray(steps, values).axes
    exact, flow = (line.get_ydata() for line in ax.lines)
    assert (exact == np.finfo(float).eps).all() and np.array_equal(flow, values["flow"])
    assert [text.get_text() for text in ax.texts] == ["exact", "flow"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda p, r, t, s: (p[0], r, t, s),
        lambda p, r, t, s: (p, r[:-1], t, s),
        lambda p, r, t, s: (p, r, t * np.nan, s),
        lambda p, r, t, s: (p, r, t, s[:, :, :-1]),
        lambda p, r, t, s: (np.concatenate([p, p], axis=2), r, t, s),
    ],
)
def test_a_story_of_other_shapes_is_refused(spoil):
    with pytest.raises(ValueError, match="expected"):
        plots.policy_story(*spoil(*story()), context=1)


def test_figures_refuse_arrays_that_do_not_fit_each_other():
    t, two = np.array([1.0, 2.0]), np.ones((2, 2))
    with pytest.raises(ValueError, match="expected"):
        plots.one_path(t, two, two, np.ones((3, 2)))
    with pytest.raises(ValueError, match="expected"):
        plots.stray(t, {"flow": np.ones(3)})
    with pytest.raises(TypeError, match="expected"):
        plots.stray("steps", {"flow": t})


def test_more_than_a_figure_can_hold_is_refused():
    t, policy = np.array([1.0, 2.0]), story()[0][0]
    with pytest.raises(ValueError, match="at most 3"):
        plots.stray(t, dict.fromkeys("abcd", t))
    with pytest.raises(ValueError, match="at most 2"):
        plots.one_reward(policy, dict.fromkeys("abc", policy))
    with pytest.raises(ValueError, match="context"):
        plots.policy_story(*story(), context=3)
