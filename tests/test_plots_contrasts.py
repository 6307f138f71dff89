"""The figures of chapter 05 show the arrays that they are given, and no others."""

import numpy as np
import pytest
from example_figures import FIGURES, path, run, velocity
from on_axes import coloured, dashed, words

from raylab import plots
from raylab.plateaus import waiting_time
from raylab.plots.contrasts import LOOKS
from raylab.plots.square import flatness


def drawn(lines, curve):
    return any(len(line.get_ydata()) == len(curve) and np.allclose(line.get_ydata(), curve) for line in lines)


SCALE = np.geomspace(1, 1e-3, 5)


# ----------------------------------------------------------------------------------------------------- four learners
def four(slopes):
    given = FIGURES["four_learners"]()
    given["orbits"] = [[run(20 + 5 * k), run(40 + k)] for k in range(4)]
    given["runs"] = [run(25 + k) for k in range(4)]
    given["theory"] = [run(33 + k) for k in range(4)]
    given["slopes"] = slopes
    return given, plots.four_learners(**given)


def test_each_learner_has_a_portrait_above_its_curves_from_the_same_runs():
    slopes = np.geomspace(1e-8, 1e-1, 8).reshape(4, 2)
    given, figure = four(slopes)
    for k in range(4):
        portrait, below = figure.axes[2 * k], figure.axes[2 * k + 1]
        assert portrait.get_position().y0 > below.get_position().y1
        for orbit, slope in zip(given["orbits"][k], slopes[k], strict=True):
            assert drawn(coloured(portrait, flatness(slope)), orbit.components[:, 1])
            assert drawn(coloured(below, flatness(slope)), orbit.performance[1:])
        assert drawn(dashed(portrait), given["theory"][k].components[:, 1])
        assert drawn(dashed(below), given["theory"][k].performance[1:])


def test_the_four_share_one_clock_and_say_when_their_last_run_has_learned():
    given, figure = four(np.full((4, 2), 0.01))
    below = figure.axes[1:8:2]
    assert len({ax.get_xlim() for ax in below}) == 1 and len({ax.get_ylim() for ax in below}) == 1
    for ax, some in zip(below, given["orbits"], strict=True):
        last = max(float(waiting_time(orbit)) for orbit in some)
        assert any(f"{float(f'{last:.3g}'):,.0f}".replace(",", "\u2009") in text for text in words(ax))


def test_the_updates_have_the_colour_of_the_orbit_that_starts_where_they_do():
    given = FIGURES["four_learners"]()
    far = run(40)
    shifted = type(far)(far.times, far.parameters, far.components * 0.5)
    given["orbits"], given["slopes"] = [[shifted, run(30)]] * 4, np.array([[1e-8, 1e-2]] * 4)
    figure = plots.four_learners(**given)
    assert drawn(coloured(figure.axes[0], flatness(1e-2)), given["runs"][0].components[:, 1])
    assert not drawn(coloured(figure.axes[0], flatness(1e-8)), given["runs"][0].components[:, 1])


def test_other_kinds_of_fixed_points_are_refused():
    given = FIGURES["four_learners"]()
    given["fixed"] = [{"centres": [(0.5, 0.5)]}] * 4
    with pytest.raises(ValueError, match=r"fixed: expected the keys attracts.*centres"):
        plots.four_learners(**given)


# ------------------------------------------------------------------------------------------------------------- waits
def test_a_wait_is_a_mark_and_its_theory_a_dashed_line():
    waits, theory = {"one": 1 / SCALE**3, "two": 3 + SCALE}, {"one": 2 / SCALE**3}
    (ax,) = plots.waits_by_scale(SCALE, waits, theory).axes
    for name, look in zip(waits, LOOKS, strict=False):
        assert drawn(coloured(ax, look["color"]), waits[name])
    assert len(dashed(ax)) == 1 and drawn(dashed(ax), theory["one"])
    assert ax.get_xscale() == ax.get_yscale() == "log" and set(waits) <= set(words(ax))


def test_names_of_two_lines_of_one_height_are_moved_apart():
    for gap, apart in ((1.5, True), (1e6, False)):
        (ax,) = plots.waits_by_scale(SCALE, {"one": 1 / SCALE, "two": gap / SCALE}, {"one": 1 / SCALE}).axes
        shifts = [text.xyann[1] for text in ax.texts]
        assert (shifts[0] < shifts[1]) if apart else shifts == [0, 0]


def test_more_than_four_learners_are_refused():
    with pytest.raises(ValueError, match="waits: expected at most 4 entries, found 5"):
        plots.waits_by_scale(SCALE, {str(k): 1 / SCALE for k in range(5)}, {"0": SCALE})


# ------------------------------------------------------------------------------------------------------------ basins
def test_shares_counted_are_marks_on_the_exact_curve_and_edges_start_at_the_origin():
    given = FIGURES["towards_the_origin"]()
    left, right = plots.towards_the_origin(**given).axes
    for name, look in zip(given["shares"], LOOKS, strict=False):
        assert drawn(dashed(left), given["shares"][name])
        assert drawn(coloured(left, look["color"]), given["counted"][name][:, 1])
        (edge,) = coloured(right, look["color"])
        assert np.allclose(edge.get_xydata()[1:], given["edges"][name])
        x, y = edge.get_xydata()[0]
        assert x == y < given["edges"][name].min()  # on the diagonal, nearer to the origin than anything given


# -------------------------------------------------------------------------------------------------------- known task
def test_each_run_has_its_own_panel_in_time_beside_the_square():
    runs, theory = [run(40), run(30)], [run(41), run(31)]
    square, *panels = plots.known_task(velocity, runs, theory, {"attracts": [(1.0, 1.0)]}).axes
    assert len(panels) == 2
    for one, flow, ax in zip(runs, theory, panels, strict=True):
        assert drawn(square.lines, one.components[:, 1]) and drawn(dashed(square), flow.components[:, 1])
        for k in (0, 1):
            assert drawn(ax.lines, one.components[1:, k]) and drawn(dashed(ax), flow.components[1:, k])


# --------------------------------------------------------------------------------------------------------- couplings
def test_couplings_are_dashed_and_their_samples_lie_on_top_open_where_they_have_no_curve():
    given = FIGURES["couplings"]()
    left, _ = plots.couplings(**given).axes
    for name, look in zip(given["curves"], LOOKS, strict=False):
        assert drawn(coloured(left, look["color"]), given["curves"][name])
    marks = [line for line in left.lines if line.get_linestyle() == "None"]
    assert [np.allclose(m.get_xydata(), p) for m, p in zip(marks, given["samples"].values(), strict=True)] == [True] * 2
    assert [m.get_markerfacecolor() == "white" for m in marks] == [False, True]


def test_the_first_behaviour_alone_has_a_theory():
    given = FIGURES["couplings"]()
    given["theory"] = 7.0 * given["waits"]["own"]
    _, right = plots.couplings(**given).axes
    assert len(dashed(right)) == 1 and drawn(dashed(right), given["theory"])
    assert all(drawn(right.lines, found) for found in given["waits"].values())


def test_a_clock_is_drawn_thick_with_its_theory_over_it():
    given = FIGURES["clocks"]()
    given["theory"] = {name: J**2 for name, J in given["runs"].items()}
    (ax,) = plots.clocks(**given).axes
    for name, look in zip(given["runs"], LOOKS, strict=False):
        assert drawn(coloured(ax, look["color"]), given["runs"][name]) and drawn(dashed(ax), given["theory"][name])
    with pytest.raises(ValueError, match="theory: expected the names of runs"):
        plots.clocks(given["times"], given["runs"], {"one": given["theory"]["one"]})


# -------------------------------------------------------------------------------------------------------- likelihood
def laws(count):
    e = np.geomspace(1e-6, 0.1, 6)
    return {
        f"law {k}": {"one": np.stack([e, (k + e**0.2) / 12], -1), "two": np.stack([e, 0 * e], -1)} for k in range(count)
    }


@pytest.mark.parametrize("count", [1, 4, 5, 9])
def test_every_law_has_a_panel_and_the_names_stand_in_a_free_place(count):
    panels = laws(count)
    figure = plots.likelihoods(panels, {"law 0": {"two": np.array([[1e-3, 0.1, 0.01]])}}, 1e-5)
    assert [ax.get_title(loc="left") or ax.get_title() for ax in figure.axes] == list(panels)
    for ax, curves in zip(figure.axes, panels.values(), strict=True):
        for pairs, look in zip(curves.values(), LOOKS, strict=False):
            assert drawn(coloured(ax, look["color"]), pairs[:, 1])
    figure.canvas.draw()
    for text in (t for t in figure.texts if t.get_text() in ("one", "two")):
        box = text.get_window_extent()
        assert box.x1 < figure.bbox.x1 and not any(ax.get_window_extent().overlaps(box) for ax in figure.axes)


def test_the_title_names_the_smallest_and_the_largest_share_at_the_mark():
    panels = laws(3)
    figure = plots.likelihoods(panels, {"law 0": {"one": np.array([[1e-3, 0.1, 0.01]])}}, 1e-5)
    at = [np.interp(np.log(1e-5), np.log(c["one"][:, 0]), c["one"][:, 1]) for c in panels.values()]
    assert f"From {min(at):.0%} to {max(at):.0%}" in figure.texts[0].get_text()
    assert [words(ax)[0] for ax in figure.axes] == [f"{share:.0%}" for share in at]


def test_a_live_run_of_a_law_without_a_panel_is_refused():
    with pytest.raises(ValueError, match="live: expected laws of panels"):
        plots.likelihoods(laws(2), {"law 7": {"one": np.array([[1e-3, 0.1, 0.01]])}}, 1e-5)


# ---------------------------------------------------------------------------------------------- optimisers, remedies
def test_an_optimiser_has_one_colour_in_all_three_views_and_leaves_out_what_never_arrives():
    given = FIGURES["optimisers"]()
    given["exact"]["other"][2] = np.inf
    left, middle, right = plots.optimisers(**given).axes
    for name, look in zip(given["exact"], LOOKS, strict=False):
        steps = given["exact"][name]
        assert drawn(coloured(left, look["color"]), steps[np.isfinite(steps)])
        assert drawn(coloured(middle, look["color"]), given["stuck"][name][:, 0])
    assert drawn(coloured(right, LOOKS[0]["color"]), given["logits"]["plain"])
    assert drawn(dashed(right), given["theory"]["plain"])


def test_a_bar_of_the_league_ends_at_the_wait_and_its_words_say_which_causes_are_left():
    given = FIGURES["league"]()
    (ax,) = plots.league(**given).axes
    assert np.allclose([bar.get_x() + bar.get_width() for bar in ax.patches[:2]], given["waits"])
    said = words(ax)
    assert [said.count("yes"), said.count("no")] == [2, 2] and {"1\u2009000\u2009000", "10"} <= set(said)
    diamonds = [line.get_xdata()[0] for line in ax.lines if line.get_marker() == "D"]
    assert np.allclose(diamonds, given["sampled"])


def test_a_share_that_is_no_number_is_refused_by_name():
    given = FIGURES["towards_the_origin"]()
    given["shares"]["two"] = np.array([0.1, np.nan, 0.2, 0.3])
    with pytest.raises(ValueError, match=r"shares\['two'\]"):
        plots.towards_the_origin(**given)


def test_a_run_that_is_no_record_is_refused():
    with pytest.raises(TypeError, match="runs: expected a Trajectory, found ndarray"):
        plots.known_task(velocity, [path()], [run(30)], {"attracts": [(1.0, 1.0)]})
