"""The figures of chapter 06 show the arrays that they are given, and no others."""

import numpy as np
import pytest
from example_figures import FIGURES, path, run, velocity
from on_axes import coloured, dashed, words

from raylab import plots
from raylab.palette import PLATEAU
from raylab.plots.factored import HUES
from raylab.plots.shapes import MARKS
from raylab.records import Trajectory


def drawn(lines, points):
    """Whether one of the lines goes through these points (M, 2)."""
    return any(
        len(line.get_xdata()) == len(points) and np.allclose(np.column_stack(line.get_data()), points, equal_nan=True)
        for line in lines
    )


# ------------------------------------------------------------------------------------------------------------ shapes
def test_each_shape_has_its_slope_above_its_goal_and_differences_as_open_circles():
    given = FIGURES["goal_shapes"]()
    axes = plots.goal_shapes(**given).axes
    for n, name in enumerate(given["couplings"]):
        above, below = axes[2 * n], axes[2 * n + 1]
        assert above.get_position().y0 > below.get_position().y1 and above.get_title() == name
        assert drawn(coloured(above, PLATEAU), given["couplings"][name])
        assert drawn(coloured(below, PLATEAU), given["goals"][name])
        assert drawn(above.lines, given["slopes"][name]) if name in given["slopes"] else len(above.lines) == 1


def test_a_goal_without_its_shape_is_refused():
    given = FIGURES["goal_shapes"]()
    given["goals"] = {"one": path(), "three": path()}
    with pytest.raises(ValueError, match=r"goals: expected the names of couplings.*three"):
        plots.goal_shapes(**given)


# ------------------------------------------------------------------------------------------------------------- bends
@pytest.mark.parametrize("K", [1, 2, 3])
def test_each_task_bends_in_its_own_hue_and_the_whole_is_dashed(K):
    t = np.arange(9.0)
    J = np.linspace(0.1, 0.9, 9)[:, None] ** np.arange(1, K + 1)
    one = Trajectory(t, np.zeros((9, 2)), J)
    parts, whole = np.sin(t[:, None] + np.arange(K)), np.cos(t)
    (ax,) = plots.bends({"some": (one, parts, whole)}).axes
    for k in range(K):
        assert drawn(coloured(ax, HUES[k]), np.stack([J.sum(-1), parts[:, k]], -1)) and f"task {k + 1}" in words(ax)
    assert len(dashed(ax)) == 1 and drawn(dashed(ax), np.stack([J.sum(-1), whole], -1))


def test_four_tasks_are_more_than_there_are_hues():
    four = Trajectory(np.arange(3.0), np.zeros((3, 1)), np.full((3, 4), 0.5))
    with pytest.raises(ValueError, match="expected at most 3 components, found 4"):
        plots.bends({"many": (four, np.zeros((3, 4)), np.zeros(3))})


# --------------------------------------------------------------------------------------------------------- neglected
def test_what_is_dropped_is_dashed_by_formula_and_circled_where_it_was_measured():
    given = FIGURES["neglected"]()
    left, right = plots.neglected(**given).axes
    assert drawn(dashed(left), np.stack([given["weights"], given["exact"]["one"]], -1)) and "one" in words(left)
    assert drawn(left.lines, given["measured"]) and drawn(right.lines, given["drawn"])
    assert drawn(dashed(right), np.stack([given["actions"], given["bound"]], -1))
    assert left.get_ylim()[1] > 0.02 and right.get_ylim()[1] > 0.05


# ---------------------------------------------------------------------------------------------------- shapes at work
def test_a_column_shows_the_shape_the_square_and_the_same_run_in_time():
    given = FIGURES["shapes_at_work"]()
    axes = plots.shapes_at_work(**given).axes
    assert len(axes) == 6
    for n in range(2):
        above, square, below = axes[3 * n : 3 * n + 3]
        assert above.get_position().y0 > square.get_position().y1 > below.get_position().y1
        assert drawn(above.lines, given["couplings"][n])
        assert drawn(coloured(square, PLATEAU), given["runs"][n].components)
        flow = given["theory"][n]
        assert drawn(dashed(square), flow.components)
        for k in range(2):
            assert drawn(dashed(below), np.stack([flow.times[1:], flow.components[1:, k]], -1))
            (thick,) = coloured(below, HUES[k])
            assert np.isin(thick.get_ydata(), given["runs"][n].components[:, k]).all()
    assert len({axes[n].get_xlim() for n in (2, 5)}) == 1


def test_all_columns_must_be_there():
    given = FIGURES["shapes_at_work"]()
    given["velocities"] = [velocity]
    with pytest.raises(ValueError, match="velocities"):
        plots.shapes_at_work(**given)
    given = {key: [value[0]] * 5 for key, value in FIGURES["shapes_at_work"]().items()}
    with pytest.raises(ValueError, match="expected 1 to 4, found 5"):
        plots.shapes_at_work(**given)


# ----------------------------------------------------------------------------------------------------------- cosines
def test_both_panels_share_the_cosine_and_have_formula_and_marks():
    given = FIGURES["cosines"]()
    left, right = plots.cosines(**given).axes
    assert left.get_xlim() == right.get_xlim() == (-1, 1) and left.get_yscale() == "log"
    assert drawn(dashed(left), np.stack([given["cosine"], given["power"]], -1)) and drawn(left.lines, given["fitted"])
    assert drawn(dashed(right), np.stack([given["cosine"], given["threshold"]], -1))
    assert drawn(right.lines, given["found"])


def test_a_power_that_no_logarithmic_axis_shows_is_refused():
    given = FIGURES["cosines"]()
    given["fitted"] = np.array([[0.5, -1.0]])
    with pytest.raises(ValueError, match=r"fitted.*logarithmic"):
        plots.cosines(**given)


# ------------------------------------------------------------------------------------------------------------- waits
def test_waits_are_marks_laws_are_dashed_and_never_is_a_word():
    given = FIGURES["waits_by_power"]()
    alone, against = plots.waits_by_power(**given).axes
    for ax, waits, laws in ((alone, given["alone"], given["laws"][0]), (against, given["against"], given["laws"][1])):
        assert ax.get_xscale() == ax.get_yscale() == "log" and len(dashed(ax)) == len(laws)
        for law in laws.values():
            assert drawn(dashed(ax), np.stack([given["p"], law], -1))
        for (name, found), look in zip(waits.items(), MARKS, strict=False):
            if np.isfinite(found).all():
                assert drawn(coloured(ax, look["color"]), np.stack([given["p"], found], -1)) and name in words(ax)
            else:
                assert not coloured(ax, look["color"]) and f"{name}: never" in words(ax)
    assert alone.get_ylim() == against.get_ylim()


def test_a_wait_that_ends_for_some_starts_only_is_shown_for_these():
    given = FIGURES["waits_by_power"]()
    given["against"] = {"one": np.array([1.0, np.inf, 10.0, np.inf]), "two": given["against"]["two"]}
    ax = plots.waits_by_power(**given).axes[1]
    assert drawn(coloured(ax, MARKS[0]["color"]), np.stack([given["p"][[0, 2]], [1.0, 10.0]], -1))


def test_other_names_and_waits_that_are_no_times_are_refused():
    given = FIGURES["waits_by_power"]()
    with pytest.raises(ValueError, match="against: expected the names of alone"):
        plots.waits_by_power(**(given | {"against": {"one": given["p"]}}))
    for bad in (-np.inf, np.nan, 0.0):
        with pytest.raises(ValueError, match="alone"):
            plots.waits_by_power(**(given | {"alone": {"one": np.array([1.0, 2.0, 3.0, bad]), "two": given["p"]}}))


# ----------------------------------------------------------------------------------------------------------- ripples
def test_falling_stretches_are_thick():
    u, f, slope = np.linspace(0.1, 0.2, 6), np.arange(6.0), np.array([1.0, -1, -1, 1, 1, -1])
    (ax,) = plots.rippled({"near": (u, f, slope)}).axes
    assert drawn(ax.lines, np.stack([u, f], -1))
    assert drawn(coloured(ax, PLATEAU), np.stack([u, np.where(slope < 0, f, np.nan)], -1))
    assert ax.get_xlim() == (0.1, 0.2)


def test_runs_of_another_number_of_tasks_are_refused():
    given = FIGURES["shapes_at_work"]()
    three = Trajectory(np.arange(3.0), np.zeros((3, 1)), np.full((3, 3), 0.5))
    with pytest.raises(ValueError, match=r"runs.components"):
        plots.shapes_at_work(**(given | {"runs": [run(), three]}))
