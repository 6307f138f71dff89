"""The figures of chapter 03: what they draw is where the arrays say, and what they tint is what a law does."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex
from on_axes import colour_at, drawn

from raylab import dynamics, palette, plots
from raylab.plots.square import flatness


def velocity(J):
    a = J * (1 - J)
    return a * (2 * a - a[..., ::-1])


def nothing_shared(J):
    return (J * (1 - J)) ** 2


@pytest.fixture(autouse=True)
def in_the_style_of_the_course():
    plots.use_style()


def portrait(law, **more):
    return plots.phase_portrait(law, plt.figure().add_axes((0, 0, 1, 1)), **more)


@pytest.mark.parametrize(
    ("point", "tint"),
    [
        ((0.06, 0.5), palette.TWO_WINS),
        ((0.5, 0.06), palette.ONE_WINS),
        ((0.95, 0.62), palette.TWO_WINS),
        ((0.62, 0.95), palette.ONE_WINS),
        ((0.42, 0.58), palette.PAPER),
        ((0.2, 0.3), palette.PAPER),
    ],
)
def test_the_tint_is_that_of_the_component_that_takes_all(point, tint):
    first, second = velocity(np.array(point))
    wins = palette.ONE_WINS if second <= 0 < first else palette.TWO_WINS if first <= 0 < second else palette.PAPER
    assert tint == wins and colour_at(portrait(velocity), *point) == tint


def test_a_law_under_which_nobody_declines_leaves_the_square_white():
    ax = portrait(nothing_shared)
    assert not ax.collections and colour_at(ax, 0.06, 0.5) == palette.PAPER


def clines(ax):
    """{colour: points} of the lines on which a rate is zero; filled regions have no edge."""
    lines = [c for c in ax.collections if len(c.get_edgecolor())]
    return {
        to_hex(c.get_edgecolor()[0]).upper(): np.concatenate([path.vertices for path in c.get_paths()]) for c in lines
    }


def test_the_null_clines_lie_where_a_rate_is_zero_and_have_the_colour_of_that_component():
    found = clines(portrait(velocity))
    assert set(found) == {palette.ONE, palette.TWO}
    for k, colour in enumerate((palette.ONE, palette.TWO)):
        points = found[colour]
        inside = points[(points > 0.02).all(axis=1) & (points < 0.98).all(axis=1)]
        assert len(inside) > 100 and np.abs(velocity(inside)[:, k]).max() < 1e-5


def test_orbits_are_drawn_where_they_are_and_in_the_colour_of_their_slope():
    paths = [np.linspace([0.1, 0.2], [0.8, 0.9], 7), np.linspace([0.2, 0.1], [0.9, 0.4], 5)]
    ax = portrait(velocity, orbits=paths, slopes=[1e-2, 1e-7])
    for path, found, slope in zip(paths, drawn(ax), (1e-2, 1e-7), strict=True):
        np.testing.assert_array_equal(path, found)
        assert any(line.get_color() == flatness(slope) for line in ax.lines)
    quiet = portrait(velocity, orbits=paths)
    assert {line.get_color() for line in quiet.lines} == {palette.HAIR}


def test_a_flatter_crossing_is_a_darker_colour():
    lightness = [sum(flatness(slope)[:3]) for slope in (1e-1, 1e-3, 1e-5, 1e-7, 1e-9)]
    assert lightness == sorted(lightness, reverse=True) and len(set(lightness)) == 5
    assert flatness(1e-12) == flatness(1e-9)


def test_fixed_points_are_filled_open_or_half():
    ax = plots.fixed_points(plt.subplots()[1], attracts=[(1, 1)], repels=[(0, 0)], saddles=[(0, 1), (1, 0)])
    looks = {tuple(line.get_xydata()[0]): (line.get_markerfacecolor(), line.get_fillstyle()) for line in ax.lines}
    assert looks[1, 1] == (palette.INK, "full") and looks[0, 0] == (palette.PAPER, "full")
    assert looks[0, 1][1] == looks[1, 0][1] == "bottom"


def test_the_share_in_the_title_counts_every_start_and_not_only_the_drawn_ones():
    J = np.tile([[0.01, 0.05], [0.03, 0.03]], (1000, 1))
    J = np.concatenate([J, np.tile([0.05, 0.01], (1000, 1))])
    figure = plots.laws_of_starts(velocity, {"mine": J}, 0.1)
    assert "67% in a tint" in figure.axes[0].get_title(loc="left")


def test_each_sheet_shows_its_own_orbits_and_exits():
    early, late = [np.linspace([0.1, 0.3], [0.08, 0.8], 9)], [np.linspace([0.95, 0.6], [0.94, 0.8], 9)]
    exits = [np.array([[0.08, 0.8]]), np.array([[0.94, 0.8]])]
    for ax, paths, points in zip(plots.sheets(velocity, early, late, exits).axes, (early, late), exits, strict=True):
        found = drawn(ax)
        assert any(np.array_equal(path, paths[0]) for path in found)
        assert any(np.array_equal(path, points) for path in found)


def test_points_of_a_portrait_are_open_circles_at_their_place():
    points = np.array([[0.2, 0.3], [0.7, 0.1]])
    (line,) = plots.portrait(velocity, points).axes[0].lines
    np.testing.assert_array_equal(line.get_xydata(), points)
    assert line.get_markerfacecolor() == palette.PAPER


# ------------------------------------------------------------------------------------------------ raylab.plots.race

ORBIT = dynamics.orbit(velocity, (0.05, 0.09))


def test_the_four_moments_stand_on_the_orbit_in_the_square_and_in_both_curves():
    figure = plots.flow_and_curves(velocity, ORBIT, ORBIT, [ORBIT], [1e-4])
    square, curves, total = figure.axes
    for ax in (square, curves, total):
        assert [t.get_text() for t in ax.texts if t.get_text() in "1234"] == list("1234")
    places = np.array([t.xy for t in square.texts if t.get_text() in "1234"])
    np.testing.assert_array_equal(places[0], ORBIT.components[0])
    assert abs(places[1][1] - 0.5) < 0.05  # the winner at one half
    assert abs(places[2].sum() - 1) < 0.02  # half-way
    assert 0.5 < places[3][0] < 0.7  # the loser comes back
    in_time = np.array([t.xy for t in curves.texts if t.get_text() in "1234"])
    np.testing.assert_array_equal(in_time[:, 1], places[:, 0])


def test_theory_is_dashed_and_black_over_updates_in_colour():
    curves = plots.flow_and_curves(velocity, ORBIT, ORBIT, [ORBIT], [1e-4]).axes[1]
    dashed = [line for line in curves.lines if line.get_color() == palette.INK and line.is_dashed()]
    thick = [line for line in curves.lines if line.get_color() in (palette.ONE, palette.TWO)]
    assert len(dashed) == len(thick) == 2
    assert min(d.get_zorder() for d in dashed) > max(t.get_zorder() for t in thick)


def test_every_run_of_a_step_size_ends_where_it_was_learned_and_says_its_step():
    runs = [dynamics.orbit(velocity, (0.1, 0.2)), dynamics.orbit(velocity, (0.2, 0.1))]
    figure = plots.step_sizes(ORBIT, runs)
    ax = figure.axes[0]
    assert {t.get_text() for t in ax.texts} == {f"{run.times[1]:g}" for run in runs}
    ends = {line.get_xdata()[-1] for line in ax.lines}
    assert {run.times[-1] for run in [ORBIT, *runs]} <= ends


def test_a_fifth_step_size_would_have_no_colour_of_its_own():
    with pytest.raises(ValueError, match="1 to 4"):
        plots.step_sizes(ORBIT, [ORBIT] * 5)


def test_both_curves_of_a_race_bear_their_names():
    ax = plots.two_curves(ORBIT, "a title").axes[0]
    assert {t.get_text() for t in ax.texts} == {"$J_1$", "$J_2$"}
    assert ax.figure.texts[0].get_text() == "a title"


# ---------------------------------------------------------------------------------------------- raylab.plots.corner


def test_each_corner_shows_its_own_orbits():
    flow, printed = [np.linspace([0.01, 0.92], [0.08, 0.99], 9)], [np.linspace([0.02, 0.91], [-0.01, 0.98], 9)]
    for ax, paths in zip(plots.corner_flows(flow, printed, 0.1).axes, (flow, printed), strict=True):
        assert any(np.array_equal(path, paths[0]) for path in drawn(ax))


def test_the_flow_is_thick_its_theory_dashed_and_the_printed_matrix_dotted():
    t, p = np.geomspace(1, 1e4, 9), np.geomspace(1e-4, 1e-2, 5)
    missing = {"a": 1 / t, "b": 2 / t, "c": 3 / t}
    figure = plots.creep(t, missing, p, {"d": 1 / p, "e": 2 / p, "f": 3 / p})
    first, second, third = figure.axes[0].lines
    assert [line.get_label() for line in figure.axes[1].lines] == ["d", "e", "f"]
    assert not first.is_dashed() and second.is_dashed() and third.is_dashed()
    assert first.get_linewidth() > 2 * second.get_linewidth() and second.get_color() == palette.INK
    np.testing.assert_array_equal(third.get_ydata(), 3 / t)


def test_two_curves_are_not_enough_where_three_are_compared():
    with pytest.raises(TypeError, match="three curves"):
        plots.creep([1.0], {"a": [1.0], "b": [1.0]}, [1.0], {})
