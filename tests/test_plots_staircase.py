"""The figures of chapter 07: what they draw is where the arrays say."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from example_figures import FIGURES
from matplotlib.colors import to_hex
from on_axes import holds, words

from raylab import palette, plots
from raylab.plots.staircase import log_times, names_beside
from raylab.records import Trajectory

TIMES = np.array([0.0, 1.0, 10.0, 1e3, 1e6])
RISES = np.array([[0.1, 0.05], [0.2, 0.04], [0.9, 0.01], [1.0, 1e-4], [1.0, 0.95]])
RUN = Trajectory(TIMES, RISES, RISES)


@pytest.fixture(autouse=True)
def in_the_style_of_the_course():
    plots.use_style()


def circles(ax):
    """What is drawn as open circles of theory."""
    found = [line for line in ax.lines if line.get_marker() == "o" and line.get_markeredgecolor() == palette.INK]
    return [line.get_xydata().tolist() for line in found]


# ------------------------------------------------------------------------------------------ raylab.plots.staircase


@pytest.mark.parametrize("components", [1, 2, 4, 7])
def test_a_ramp_goes_from_dark_to_light(components):
    colours = plots.ramp(components)
    light = [sum(int(colour[i : i + 2], 16) for i in (1, 3, 5)) for colour in colours]
    assert len(colours) == components and light == sorted(light) and len(set(light)) == components


def test_four_components_have_the_four_colours_of_the_palette():
    assert [colour.upper() for colour in plots.ramp(4)] == list(palette.ORDERED)


def test_a_log_axis_begins_at_one_and_the_last_state_is_held():
    t, J = log_times(RUN, "run", 1.5)
    np.testing.assert_allclose(t, [0, 1, 3, 6, 9])
    np.testing.assert_array_equal(J, [*RISES[1:], RISES[-1]])


def test_the_steps_add_up_and_the_circles_stand_half_way_up():
    above, below = plots.staircase(RUN, np.array([0.5, 5.0]), "A finding", "Made so.").axes
    t, J = log_times(RUN, "run", 1.05)
    assert holds(above, np.stack([t, J.sum(axis=-1)], axis=-1))
    assert [[0.5, 0.5], [5.0, 1.5]] in circles(above)
    for k in range(2):
        assert holds(below, np.stack([t, np.log10(J[:, k])], axis=-1))
    assert words(above) == ["$J_{1}$", "$J_{2}$"] and words(below) == ["$J_{2}$"]


def test_those_that_never_come_have_no_circle_and_more_than_all_cannot_come():
    above = plots.staircase(RUN, np.array([0.5]), "A finding", "Made so.").axes[0]
    assert [[0.5, 0.5]] in circles(above)
    with pytest.raises(ValueError, match="at most 2"):
        plots.staircase(RUN, np.arange(3.0), "A finding", "Made so.")


def test_straight_lines_are_dashed_over_the_logits_and_phases_are_named():
    given = FIGURES["skeletons"]()
    (ax,) = plots.skeletons(**given).axes
    for k in range(given["logits"].shape[1]):
        assert holds(ax, np.stack([given["length"], given["logits"][:, k]], axis=-1))
        assert holds(ax, np.stack([given["corner_length"], given["corners"][:, k]], axis=-1))
    assert set(words(ax)) >= {letter for _, _, letter in given["phases"]}


def test_waits_and_their_law_are_drawn_against_how_low_the_start_is():
    given = FIGURES["growing_waits"]()
    left, right = plots.growing_waits(**given).axes
    for k in range(given["waits"].shape[1]):
        assert holds(left, np.stack([-given["scale"], given["waits"][:, k]], axis=-1))
        assert holds(left, np.stack([-given["scale"], given["lines"][:, k]], axis=-1))
    for name, ratios in given["ratios"].items():
        assert name in words(right)
        for column in ratios.T:
            assert holds(right, np.stack([-given["middles"], column], axis=-1))


def test_predicted_powers_are_circles_and_may_reach_further():
    found, told = {"one": np.array([1.0, 3.0]), "two": np.array([1.0, 2.0])}, {"two": np.array([1.0, 2.0, 4.0])}
    (ax,) = plots.powers_by_wait(found, told, "A finding", "Made so.").axes
    assert holds(ax, [[1, 1], [2, 3]]) and holds(ax, [[1, 1], [2, 2]])
    assert [[1, 1], [2, 2], [3, 4]] in circles(ax) and ax.get_xlim()[1] > 3
    assert set(words(ax)) == {"one", "two"}
    with pytest.raises(ValueError, match="told"):
        plots.powers_by_wait(found, {"three": np.ones(2)}, "A finding", "Made so.")


def test_the_trap_is_shaded_below_its_edge_and_caught_runs_are_filled():
    edge = np.array([[0.1, 0.1], [0.5, 0.3], [1.0, 0.0]])
    figure = plots.trap_map(edge, [], np.array([[0.5, 0.1], [0.95, 0.02]]), np.array([[0.5, 0.7]]))
    figure.canvas.draw()
    picture = np.asarray(figure.canvas.buffer_rgba())
    for J, shade in (((0.4, 0.15), palette.BASIN), ((0.4, 0.5), palette.PAPER), ((0.7, 0.3), palette.PAPER)):
        x, y = figure.axes[0].transData.transform(J)
        assert to_hex(picture[picture.shape[0] - 1 - round(y), round(x)] / 255).upper() == shade
    looks = {line.get_markerfacecolor(): line.get_xydata().tolist() for line in figure.axes[0].lines[-2:]}
    assert looks == {palette.INK: [[0.5, 0.1]], palette.PAPER: [[0.5, 0.7]]}
    near = {line.get_markerfacecolor(): line.get_xydata().tolist() for line in figure.axes[1].lines[-2:]}
    assert [0.95, 0.02] in near[palette.INK]


def test_learners_from_one_start_stand_side_by_side():
    axes = plots.same_start({"rewards": RUN, "labels": RUN}, "A finding", "Made so.").axes
    assert [ax.get_title(loc="left") for ax in axes] == ["rewards", "labels"]
    t, J = log_times(RUN, "run")
    assert all(holds(ax, np.stack([t, J[:, k]], axis=-1)) for ax in axes for k in range(2))


def test_names_that_would_cover_each_other_make_room_and_keep_their_order():
    ax = plt.subplots()[1]
    ax.set_ylim(0, 1)
    names_beside(ax, 0.5, np.array([0.51, 0.5, 0.9]), ["second", "first", "third"], None)
    heights = {text.get_text(): text.xy[1] for text in ax.texts}
    assert heights["third"] == pytest.approx(0.9)
    assert heights["second"] - heights["first"] == pytest.approx(0.075)
    assert heights["second"] + heights["first"] == pytest.approx(1.01)


# -------------------------------------------------------------------------------------- raylab.plots.many_contexts


def test_every_run_of_a_law_is_drawn_and_held_to_the_end_of_the_longest():
    short = Trajectory(TIMES[:3], RISES[:3], RISES[:3])
    one, two = plots.staircases_by_law({"low": [RUN, short], "high": [short]}, "A finding", "Made so.").axes
    assert len(one.lines) == 2 and len(two.lines) == 1
    assert two.lines[0].get_xdata()[-1] == one.lines[0].get_xdata()[-1] == pytest.approx(6 * 1.06)
    assert two.lines[0].get_ydata()[-1] == pytest.approx(0.91)


def test_medians_are_marked_and_the_bars_reach_from_quantile_to_quantile():
    rows = np.array([[1.0, 10.0, 100.0], [10.0, 1e3, 1e4]])
    (ax,) = plots.median_waits({"bandit": rows}, "A finding", "Made so.").axes
    assert holds(ax, [[1, 1], [2, 3]]) and words(ax) == ["bandit"]
    bars = [segment for c in ax.collections for segment in c.get_segments()]
    np.testing.assert_allclose([bar[:, 1] for bar in bars], [[0, 2], [1, 4]])


def test_shares_over_epsilon_are_solid_for_the_first_law_and_dashed_for_the_second():
    given = FIGURES["more_actions"]()
    left, right = plots.more_actions(**given).axes
    assert all(holds(left, np.stack([given["epsilon"], share], axis=-1)) for share in given["actions"]["low"].values())
    for (law, some), dashed in zip(given["jointly"].items(), (False, True), strict=True):
        assert law in [text.get_text() for text in right.get_legend().get_texts()]
        for share in some.values():
            lines = [line for line in right.lines if np.array_equal(line.get_ydata(), share)]
            assert [line.is_dashed() for line in lines] == [dashed]
