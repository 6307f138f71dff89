import numpy as np
import pytest

from raylab import palette, plots

RNG = np.random.default_rng(1)


@pytest.mark.parametrize("cosine", [-0.9, -0.5, 0.0, 0.3, 0.8])
def test_the_arrows_stand_at_the_angle_of_the_gradients(cosine):
    first, other = np.array([0.3, 0, 0.4]), np.array([0.4, 0, -0.3])
    second = 0.2 * (cosine * first + np.sqrt(1 - cosine**2) * other)
    ax = plots.two_gradients(np.array([first, second]), ["x", "y", "z"], "finding").axes[1]
    assert f"{np.degrees(np.arccos(cosine)):.0f}°" in {t.get_text() for t in ax.texts}
    tips = [t.xy for t in ax.texts if getattr(t, "arrow_patch", None)]
    lengths = sorted(np.hypot(*tip) for tip in tips)
    assert np.allclose(lengths, sorted(map(np.linalg.norm, (first, second, first + second))))


def test_every_entry_of_both_gradients_has_its_bar():
    G = RNG.normal(0, 1, (2, 4))
    bars = plots.two_gradients(G, list("abcd"), "finding").axes[0].patches
    assert np.allclose([bar.get_width() for bar in bars], G.ravel())


def test_a_gradient_of_zeros_has_no_direction_to_draw():
    with pytest.raises(ValueError, match="take another point"):
        plots.two_gradients(np.array([[1.0, 0.0], [0.0, 0.0]]), ["x", "y"], "finding")


def test_a_length_of_zero_has_no_place_on_a_log_axis():
    with pytest.raises(ValueError, match="positive"):
        plots.same_angle(np.array([0.1, 0.0]), np.zeros(2), np.zeros(2), -0.5)


def test_every_random_point_is_one_dot_at_its_cosine():
    size, shared, apart = RNG.uniform(0.1, 1, 30), RNG.uniform(-1, 1, 30), RNG.uniform(-1, 1, 30)
    ax = plots.same_angle(size, shared, apart, -0.5).axes[0]
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    assert [len(d.get_ydata()) for d in dots] == [30, 30]
    assert np.array_equal(dots[0].get_ydata(), shared) and np.array_equal(dots[1].get_ydata(), apart)


def test_each_number_of_actions_has_its_cloud_and_its_open_circle():
    actions, clouds, uniform = np.array([2, 3, 5]), RNG.uniform(-0.5, 0.25, (3, 40)), np.array([-0.5, -0.25, -0.1])
    ax = plots.cosine_by_actions(actions, clouds, uniform, (-0.5, 0.25)).axes[0]
    heights = [line.get_ydata() for line in ax.lines if line.get_marker() == "o" and len(line.get_ydata()) == 40]
    assert np.array_equal(heights, clouds)
    (circles,) = [line for line in ax.lines if line.get_markerfacecolor() == palette.PAPER]
    assert np.array_equal(circles.get_ydata(), uniform)


def test_theory_lies_over_the_dots_black_and_dashed():
    bias, found, theory = np.linspace(-3, 3, 9), RNG.uniform(-0.5, 0.2, (2, 9)), RNG.uniform(-0.5, 0.2, (2, 9))
    ax = plots.spurious_actions(bias, [1, 3], found, theory, np.array([0.25, 0.125])).axes[0]
    lines = [line for line in ax.lines if line.is_dashed()]
    assert np.array_equal([line.get_ydata() for line in lines], theory)
    assert {line.get_color() for line in lines} == {palette.INK}
    assert {"1 spurious", "3 spurious"} <= {t.get_text() for t in ax.texts}


def test_a_fifth_curve_has_no_colour():
    with pytest.raises(ValueError, match="at most 4"):
        plots.spurious_actions(np.arange(3.0), [1, 2, 3, 4, 5], np.zeros((5, 3)), np.zeros((5, 3)), np.zeros(5))
