"""The figures of chapter 04: what they draw is where the arrays say, and what they shade is what the formula says."""

import numpy as np
import pytest
from matplotlib.colors import to_hex
from on_axes import colour_at, drawn, holds

from raylab import dynamics, palette, plateaus, plots
from raylab.plots.square import flatness


def velocity(J):
    a = J * (1 - J)
    return a * (2 * a - a[..., ::-1])


def acceleration(J):
    a = J * (1 - J)
    return (2 * (1 - 2 * J) * a * (2 * a - a[..., ::-1]) ** 2).sum(axis=-1)


RUN = dynamics.orbit(velocity, (0.1, 0.2))
SPEED = velocity(RUN.components).sum(axis=-1)


@pytest.fixture(autouse=True)
def in_the_style_of_the_course():
    plots.use_style()


def theory(ax):
    """What is drawn in black and dashed."""
    return [line for line in ax.lines if line.get_color() == palette.INK and line.is_dashed()]


# ------------------------------------------------------------------------------------------- raylab.plots.plateaus


def test_the_slowest_place_is_marked_in_time_and_in_the_speed():
    places = np.array([[5.0, 1.0, 0.05]])
    curves, slopes = plots.slowest_places([RUN], [SPEED], places).axes
    assert holds(curves, [[5.0, 1.0]]) and holds(slopes, [[1.0, 0.05]])
    assert holds(slopes, np.stack([RUN.performance, SPEED], axis=-1))
    assert any(line.get_color() == flatness(0.05) for line in slopes.lines)


def test_each_run_needs_its_speed_and_its_place():
    with pytest.raises(ValueError, match="speeds"):
        plots.slowest_places([RUN, RUN], [SPEED], np.ones((2, 3)))
    with pytest.raises(ValueError, match="positive"):
        plots.slowest_places([RUN], [SPEED], np.zeros((1, 3)))


def test_the_turned_run_is_dashed_over_the_run():
    t, J = np.linspace(-1, 1, 9), np.linspace([0.1, 0.2], [0.8, 0.9], 9)
    (ax,) = plots.turned(t, J, 1 - J[::-1]).axes
    for k, line in enumerate(theory(ax)):
        np.testing.assert_array_equal(line.get_ydata(), 1 - J[::-1, k])
    assert len(theory(ax)) == 2 and holds(ax, np.stack([t, J[:, 0]], axis=-1))


def test_every_group_of_runs_is_drawn_at_its_pairs_over_the_line_of_equality():
    groups = {"one": np.array([[1e-3, 2e-3], [1e-2, 1e-2]]), "two": np.array([[1e-4, 5e-3]])}
    figure = plots.formula_and_runs(groups)
    (ax,) = figure.axes
    assert all(holds(ax, pairs) for pairs in groups.values())
    (line,) = theory(ax)
    np.testing.assert_array_equal(*line.get_data())
    assert {t.get_text() for t in figure.texts} >= {"one", "two"}


def test_shares_are_dots_and_exact_curves_are_dashed_and_the_marked_one_is_read_off():
    epsilon, at = np.geomspace(1e-6, 1e-2, 9), np.array([1e-5, 1e-3])
    exact = np.array([np.linspace(0.1, 0.9, 9), np.linspace(0.0, 0.8, 9)])
    found = np.array([[0.3, 0.7], [0.2, 0.6]])
    (ax,) = plots.shares(epsilon, exact, at, found, np.array([0.1, 0.2]), (1e-4, 0.2)).axes
    assert all(holds(ax, np.stack([at, row], axis=-1)) for row in found)
    assert [line.get_ydata().tolist() for line in theory(ax)] == exact.tolist()
    corner = [points for points in drawn(ax) if len(points) == 3]
    np.testing.assert_allclose(corner[0], [[1e-4, 0], [1e-4, 0.4], [1e-6, 0.4]])
    assert {t.get_text() for t in ax.texts} == {"$J_0=0.1$", "$J_0=0.2$"}


def test_a_level_without_a_curve_cannot_be_marked():
    with pytest.raises(ValueError, match="marked one"):
        plots.shares(np.ones(2), np.ones((1, 2)), np.ones(1), np.ones((1, 1)), np.array([0.1]), (1.0, 0.3))


def test_laws_are_dashed_over_flatness_and_waits():
    c = np.geomspace(0.1, 1, 5)
    slopes, waits = np.stack([c**6, 2 * c**6]), np.stack([c**-3, 2 * c**-3])
    left, right = plots.scaled_starts(c, slopes, 3 * slopes, waits, 4 * waits, ["one", "two"]).axes
    for ax, curves, factor in ((left, slopes, 3), (right, waits, 4)):
        assert all(holds(ax, np.stack([c, row], axis=-1)) for row in curves)
        assert all(np.array_equal(line.get_ydata(), factor * row) for line, row in zip(theory(ax), curves, strict=True))


def test_the_cost_shows_every_profile_under_its_limit_and_the_times_under_their_law():
    u = np.linspace(-3, 3, 7)
    profiles = {1e-4: np.stack([u, 1 + u**2], axis=-1), 2.5e-6: np.stack([u, 1 + 2 * u**2], axis=-1)}
    limit, e = np.stack([u, 1 + 3 * u**2], axis=-1), np.geomspace(1e-6, 1e-2, 5)
    near, far = plots.cost(profiles, limit, e, 3 * e**-0.5, 2 * e**-0.5, 20.0, "from here to there").axes
    assert all(holds(near, profile) for profile in profiles.values())
    assert holds(near, limit) and holds(far, np.stack([e, 3 * e**-0.5], axis=-1))
    (law,) = theory(far)
    np.testing.assert_array_equal(law.get_ydata(), 2 * e**-0.5)
    assert {t.get_text() for t in near.texts} == {"$\\epsilon=10^{-4}$", "$\\epsilon=2.5e-06$"}


def test_a_bound_of_one_over_epsilon_falls_by_one_decade_in_each():
    e = np.geomspace(1e-6, 1e-2, 5)
    figure = plots.cost({1e-4: np.ones((3, 2))}, np.ones((3, 2)), e, e**-0.5, e**-0.5, 20.0, "from here to there")
    (bound,) = [line for line in figure.axes[1].lines if line.get_color() == palette.EARTH]
    np.testing.assert_allclose(np.diff(np.log10(bound.get_ydata())), -1)


# --------------------------------------------------------------------------------------------- raylab.plots.basins


@pytest.mark.parametrize("J", [(0.3, 0.3), (0.7, 0.7), (0.06, 0.65), (0.9, 0.3), (0.3, 0.9), (0.55, 0.05)])
def test_the_tint_is_where_learning_slows_down(J):
    ax = plots.inflections(acceleration, [], np.array([[0.5, 0.99]])).axes[0]
    expected = palette.BAND if acceleration(np.array(J)) < 0 else palette.PAPER
    assert colour_at(ax, *J) == expected


def test_another_acceleration_gives_another_tint():
    ax = plots.inflections(lambda J: -acceleration(J), [], np.array([[0.5, 0.99]])).axes[0]
    assert colour_at(ax, 0.3, 0.3) == palette.BAND and colour_at(ax, 0.7, 0.7) == palette.PAPER


def test_orbits_and_circles_of_inflections_stand_where_they_are():
    path, marks = np.linspace([0.1, 0.2], [0.8, 0.9], 7), np.array([[0.2, 0.8], [0.5, 0.4]])
    ax = plots.inflections(acceleration, [path], marks).axes[0]
    assert holds(ax, path) and holds(ax, marks)


def test_the_antidiagonal_is_solid_exactly_where_a_crossing_is_a_plateau():
    ax = plots.inflections(acceleration, [], np.array([[0.5, 0.99]])).axes[0]
    pieces = [line for line in ax.lines if line.get_color() == palette.PLATEAU]
    for line in pieces:
        middle = line.get_xdata().mean()
        assert line.is_dashed() == (middle * (1 - middle) > plateaus.flattest())
    ends = sorted({x for line in pieces for x in line.get_xdata()})
    np.testing.assert_allclose(ends, [0, (15 - 15**0.5) / 30, (15 + 15**0.5) / 30, 1])


def test_updates_lie_on_a_level_line_through_their_start():
    run = dynamics.orbit(velocity, (0.1, 0.2))
    ax = plots.level_lines({"the flow": [run.components]}).axes[0]
    assert holds(ax, run.components)
    edged = [c for c in ax.collections if len(c.get_edgecolor())]
    lines = [c for c in edged if to_hex(c.get_edgecolor()[0]).upper() == palette.INK]
    points = np.concatenate([path.vertices for c in lines for path in c.get_paths()])
    inside = points[(points > 0.08).all(axis=1) & (points < 0.92).all(axis=1)]
    level = plateaus.first_integral(run.components[0], log=True)
    assert len(inside) > 50 and np.abs(plateaus.first_integral(inside, log=True) - level).max() < 0.02


def test_the_basin_is_shaded_where_the_formula_says_and_nowhere_else():
    probes = np.array([(0.06, 0.4), (0.5, 0.13), (0.3, 0.32), (0.2, 0.45), (0.55, 0.2), (0.6, 0.6), (0.9, 0.3)])
    starts = np.array([[0.02, 0.03], [0.03, 0.02]])
    ax = plots.basins(velocity, starts, {0.1: np.array([True, False])}).axes[0]
    for J in probes:
        expected = palette.BASIN if plateaus.in_basin(J, 0.1) else palette.PAPER
        assert colour_at(ax, *J) == expected, J


def test_followed_starts_are_filled_where_they_met_a_plateau_in_every_panel():
    starts = np.array([[0.1, 0.3], [0.4, 0.2], [0.2, 0.2]])
    met = {0.1: np.array([True, True, False]), 0.01: np.array([False, True, False])}
    for ax, found in zip(plots.basins(velocity, starts, met).axes, met.values(), strict=True):
        looks = {line.get_markerfacecolor(): line.get_xydata() for line in ax.lines if line.get_markersize() == 2.9}
        np.testing.assert_array_equal(looks[palette.INK], starts[found])
        np.testing.assert_array_equal(looks[palette.PAPER], starts[~found])


def test_the_polygon_lies_inside_the_shade():
    for epsilon in (0.1, 0.03, 1e-3):
        ax = plots.basins(velocity, np.array([[0.1, 0.1]]), {epsilon: np.array([False])}).axes[0]
        outlines = [p.get_xy() for p in ax.patches if not p.get_fill()]
        assert len(outlines) == 2
        middles = np.concatenate([(o[:-1] + o[1:]) / 2 for o in outlines])
        inner = middles[(middles > 1e-6).all(axis=1) & (middles.sum(axis=1) < 1 - 1e-6)]
        assert len(inner) >= 2 and plateaus.in_basin(inner, epsilon).all()


def test_three_panels_would_not_fit():
    with pytest.raises(ValueError, match="one or two"):
        plots.basins(velocity, np.array([[0.1, 0.1]]), dict.fromkeys((0.1, 0.01, 1e-3), np.array([True])))
    with pytest.raises(ValueError, match="one or two"):
        plots.level_lines({name: [RUN.components] for name in "abc"})
